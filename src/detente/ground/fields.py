"""Read a mapping key by key, from a person or from a peer: every finding at once, nothing trusted.

A `Field` says how one value is read and what belongs there. A module that has a form of its own
writes it down as a mapping from keys to fields.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from detente.ground.errors import UsageError
from detente.ground.text import Marked, Path_

MOST_SHOWN = 60


class FaultError(UsageError):
    """A value that is refused: what is wrong with it, and the mend."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(problem)


@dataclass(frozen=True)
class Field:
    """How the value of a key is read, and what belongs there.

    With ``most`` above 0 it is a list of ``least`` to ``most`` values, made ``whole`` at the end.
    """

    says: str
    read: Callable[[Any], Any]
    least: int = 1
    most: int = 0
    whole: Callable[[list[Any]], Any] = tuple
    is_needed: bool = True


def read_mapping(marked: Marked, path: Path_, value: Any, keys: dict[str, Field]) -> dict[str, Any]:
    """The sound values of a mapping.

    Parameters
    ----------
    marked
        Where findings about the others, and about missing and unknown keys, are recorded.
    path
        Where the mapping stands.
    value
        What stands there, of any kind.
    keys
        The keys that belong there.
    """
    if not isinstance(value, dict):
        marked.find(path, "is no mapping of keys to values.", "write keys with values.")
        return {}
    for key in value:
        if key not in keys:
            near = difflib.get_close_matches(str(key), keys, 1)
            mend = f"did you mean `{near[0]}`?" if near else f"choose of {', '.join(keys)}."
            marked.find((*path, str(key)), "is no key here.", mend)
    found = {}
    for key, how in keys.items():
        if key in value:
            known = len(marked.findings)
            one = _listed if how.most else _single
            result = one(marked, (*path, key), value[key], how)
            if len(marked.findings) == known:
                found[key] = result
        elif how.is_needed:
            marked.find(path, f"has no `{key}`.", f"add `{key}`: {how.says}.")
    return found


def _single(marked: Marked, path: Path_, value: Any, how: Field) -> Any:
    try:
        return how.read(value)
    except FaultError as fault:
        marked.find(path, fault.problem, fault.mend)
        return None


def _listed(marked: Marked, path: Path_, value: Any, how: Field) -> Any:
    """The whole of a list; one value alone counts as a list of one."""
    values = value if isinstance(value, list) else [value]
    if not how.least <= len(values) <= how.most:
        problem = f"has {len(values)} items, not {how.least} to {how.most}."
        marked.find(path, problem, f"write {how.says}.")
        return None
    known = len(marked.findings)
    items = [
        _single(marked, (*path, place) if values is value else path, one, how)
        for place, one in enumerate(values)
    ]
    if len(marked.findings) > known:
        return None
    return _single(marked, path, items, Field(how.says, how.whole))


# --- kinds of values -------------------------------------------------------------------------


def shown(value: Any) -> str:
    """A value in a message, cut short."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def line_of(value: Any, most: int, says: str) -> str:
    """A text of one line in NFC with single blanks, of ``most`` characters; else `FaultError`."""
    if not isinstance(value, str):
        raise FaultError("is no text.", f"put it in quotes: {says}.")
    text = unicodedata.normalize("NFC", re.sub(" +", " ", value).strip())
    if not text:
        raise FaultError("is empty.", f"write {says}.")
    if not text.isprintable():
        raise FaultError("holds a line end or an invisible character.", "write it in one line.")
    if len(text) > most:
        raise FaultError(f"has more than {most} characters.", "shorten it.")
    return text


def words(most: int, says: str) -> Field:
    """Any text of one line and at most ``most`` characters."""
    return Field(says, lambda value: line_of(value, most, says))


def pattern(form: str, says: str) -> Field:
    """A text that a regular expression matches as a whole."""

    def read(value: Any) -> str:
        text = line_of(value, 60, says)
        if not re.fullmatch(form, text):
            raise FaultError(f"is {shown(text)}.", f"write {says}.")
        return text

    return Field(says, read)


def choice(among: Sequence[str]) -> Field:
    """One of a few texts."""
    says = f"one of {', '.join(among)}"

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in among:
            raise FaultError(f"is {shown(value)}.", f"write {says}.")
        return value

    return Field(says, read)


def number(low: int, high: int, says: str) -> Field:
    """A whole number from ``low`` to ``high``."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise FaultError("is no such number.", f"write {says}.")
        return value

    return Field(says, read)


def reading(read: Callable[[str], Any], says: str) -> Field:
    """A text that ``read`` reads, or refuses with a `UsageError` of ``problem; mend.``."""

    def checked(value: Any) -> Any:
        try:
            return read(line_of(value, 100, says))
        except UsageError as error:
            problem, _, mend = str(error).partition("; ")
            raise FaultError(f"{problem.rstrip('.')}.", mend or f"write {says}.") from None

    return Field(says, checked)
