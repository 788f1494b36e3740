"""What `detente screen` reads: tracks, and what is said of craft, zones and rules."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from detente.cli.words import _
from detente.ground.errors import CaseError, Finding, UsageError
from detente.ground.text import Marked, read_text

if TYPE_CHECKING:
    from detente.encounters.fixes import Fixes
    from detente.encounters.identity import Register, Sides
    from detente.encounters.readers.gather import Options, Window
    from detente.encounters.readers.zones import Zone
    from detente.encounters.results import Identity, Reading
    from detente.encounters.rules.model import RuleTable
    from detente.encounters.tracks import Craft, Domain
    from detente.encounters.what_if.model import Proposal

Read = TypeVar("Read")
MOST_REGISTER = 256 * 2**20


@dataclass(frozen=True)
class Words:
    """What is said of craft besides their tracks."""

    registers: tuple[Register, ...] = ()
    sides: Sides | None = None

    def identities(self, craft: Sequence[Craft]) -> dict[str, Identity]:
        """What is said of each craft, by its id."""
        from detente.encounters.identity import identify

        return {one.id: identify(one, self.registers, self.sides) for one in craft}


class Collect:
    """Calls readers one after another, and keeps the findings of all of them."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def read(self, reader: Callable[[], Read]) -> Read | None:
        """What a reader gives, or None where it has findings."""
        try:
            return reader()
        except CaseError as error:
            self._findings += error.findings
            return None

    def done(self) -> None:
        """Raise all findings at once, where there are any."""
        if self._findings:
            raise CaseError(tuple(self._findings))


def each(readers: Sequence[Callable[[], Read]]) -> list[Read]:
    """What all of the readers give, or the findings of all of them at once."""
    collect = Collect()
    found = [collect.read(reader) for reader in readers]
    collect.done()
    return [one for one in found if one is not None]


def plain(domain: Domain | None) -> Options:
    """How files are read that tell themselves what they hold."""
    from detente.encounters.readers.gather import Options

    return Options(domain=domain)


def options(domain: Domain | None, mapping: Path | None, window: Window) -> Options:
    """How files are read."""
    from detente.encounters.readers.gather import Options
    from detente.encounters.readers.mapping import read_mapping

    layout = None if mapping is None else read_mapping(mapping.name, _text(mapping))
    return Options(domain=domain, layout=layout, window=window)


def window(ends: tuple[str, str] | None) -> Window:
    """The time that is asked for."""
    from detente.encounters.readers.gather import Window

    if ends is None:
        return Window()
    start, end = (_instant(one) for one in ends)
    if not start < end:
        raise UsageError(_("A window begins before it ends."))
    return Window(start, end)


def _instant(text: str) -> float:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            _("{given} is no instant; write 2026-01-31T12:00Z.", given=text)
        ) from error
    return found.replace(tzinfo=found.tzinfo or dt.UTC).timestamp()


def read_all(files: Sequence[Path], how: Options) -> tuple[Fixes, tuple[Reading, ...]]:
    """The fixes of all files, and what became of their rows."""
    from detente.encounters.fixes import joined
    from detente.encounters.readers.read import read_tracks

    parts = each([partial(read_tracks, path, how) for path in files])
    return joined([part for part, _reading in parts]), tuple(reading for _part, reading in parts)


def words(sides: Path | None, registers: Sequence[Path]) -> Words:
    """The table of sides and the registers."""
    from detente.encounters.identity import read_sides

    collect = Collect()
    table = sides and collect.read(lambda: read_sides(sides.name, _text(sides)))
    found = [collect.read(partial(_register, path)) for path in registers]
    collect.done()
    return Words(tuple(one for one in found if one is not None), table or None)


def _register(path: Path) -> Register:
    from detente.encounters.identity import read_register

    return read_register(path.name, _text(path, most=MOST_REGISTER))


def zones(given: Sequence[tuple[str, Path]]) -> tuple[tuple[str, Zone], ...]:
    """Zones with their kinds."""
    from detente.encounters.readers.source import Source
    from detente.encounters.readers.zones import read_zones

    read = each([partial(read_zones, Source(path)) for _kind, path in given])
    return tuple(
        (kind, zone) for (kind, _path), own in zip(given, read, strict=True) for zone in own
    )


def table(rules: Path | None) -> RuleTable:
    """A user's table of rules, or the one that detente comes with."""
    from detente.encounters.rules.read import read_table, starting_table

    return starting_table() if rules is None else read_table(rules)


def proposals(file: Path | None) -> tuple[Proposal, ...]:
    """Proposed rules."""
    from detente.encounters.what_if.model import proposals_of

    return () if file is None else proposals_of(_text(file), file.name)


def _text(path: Path, *, most: int = 20 * 2**20) -> str:
    marked = Marked(path.name)
    text = read_text(path.parent, path.name, marked, most=most)
    if text is None or marked.findings:
        raise CaseError(tuple(sorted(marked.findings)))
    return text


def ends(how: Options) -> tuple[float | None, float | None]:
    """Begin and end of the time that was asked for, None where it is open."""
    start, end = how.window.start, how.window.end
    return (start if math.isfinite(start) else None), (end if math.isfinite(end) else None)
