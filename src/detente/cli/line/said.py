"""Read-back: an officer types numbers, instants and positions again; what differs is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.line.heading import wrapped
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding, UsageError

if TYPE_CHECKING:
    from detente.ground.forms.model import Message
    from detente.ground.forms.read_back import Difference

SAID = click.option(
    "--said", "said_file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("For scripts: the read-back as lines of FIELD: value; asked for without it."),
)  # fmt: skip


def say_again(message: Message, file: Path | None, language: str) -> tuple[tuple[str, str], ...]:
    """What an officer says again, as rows of field and value.

    Raises
    ------
    CaseError
        With each value that does not repeat what the message has.
    """
    from detente.ground.forms.read_back import critical, differences

    typed = _asked(message, language) if file is None else _from_file(file)
    found = differences(message, typed)
    if found:
        raise CaseError(_findings(found, file.name if file else _("read-back"), language))
    return tuple((one.id, typed[one.id]) for one in critical(message))


def _asked(message: Message, language: str) -> dict[str, str]:
    from detente.ground.forms.read_back import critical

    said = {}
    words = _("Read-back: type each value again, from the paper or the voice and not by copying.")
    click.echo("\n".join(wrapped(words)), err=True)
    for one in critical(message):
        said[one.id] = _tidy(
            click.prompt(one.label(language), err=True, default="", show_default=False)
        )
    return said


def _from_file(file: Path) -> dict[str, str]:
    from detente.cli.files import contents

    said, bad = {}, []
    for number, row in enumerate(contents(file).decode(errors="replace").splitlines(), start=1):
        field, colon, value = row.partition(":")
        if not row.strip() or row.startswith("#"):
            continue
        if not colon:
            bad.append(str(number))
        said[field.strip()] = _tidy(value)
    if bad:
        raise UsageError(
            _("{path}: no FIELD: value in line {lines}.", path=file, lines=", ".join(bad))
        )
    return said


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _findings(found: Sequence[Difference], file: str, language: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(file, 0, one.critical.id, _problem(one, language), _mend(one)) for one in found
    )


def _problem(one: Difference, language: str) -> str:
    stands = one.critical.written(language)
    label = one.critical.label(language)
    return {
        "not-said": _("{label} was not said again.", label=label),
        "unreadable": _("{label}: {said} cannot be read as a value.", label=label, said=one.said),
        "differs": _("{label}: the message has {stands}, and {said} was said.", label=label,
                     stands=stands, said=one.said),
    }[one.reason]  # fmt: skip


def _mend(one: Difference) -> str:
    if one.reason == "differs":
        return _("find out by voice which is right; correct the form, or say it again.")
    return _("say it again.")


def rows(said: Mapping[str, str]) -> str:
    """A read-back as the text of a file that `--said` reads."""
    return "".join(f"{field}: {value}\n" for field, value in said.items())
