"""The rows of a bow tie: left what leads to the headline level, right what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from detente.case import model
from detente.case.case import Case
from detente.report.drawings.figures import branch, figures
from detente.report.drawings.passage import Passage, passages
from detente.report.drawings.pulls import Pull
from detente.report.drawings.reading import Reader, Step
from detente.report.names import Names

_Same = tuple[str, tuple[Pull, ...]]  # of rungs that are told as one: their words and measures


@dataclass(frozen=True)
class Start:
    """What starts a ladder: its letter, its words, how often, and the measures that act there.

    ``bars`` counts the rungs of its main path that stand before the headline level; ``passes``
    says whether the ladder leads there at all.
    """

    letter: str
    title: str
    rate: str
    pulls: tuple[Pull, ...]
    bars: int
    passes: bool


@dataclass(frozen=True)
class Item:
    """A rung behind its number, or the letters of its ladders, and the measures that act there.

    ``side`` says that it stands on a path that leaves the main one.
    """

    label: str
    event: str
    pulls: tuple[Pull, ...]
    side: bool


@dataclass(frozen=True)
class Cause:
    """A row on the left: one ladder, or those that begin alike, and the rungs before the middle."""

    branch: str
    starts: tuple[Start, ...]
    barriers: tuple[Item, ...]


@dataclass(frozen=True)
class Consequence:
    """A row on the right: a worse level, the rungs that lead there, and ladders that jump there."""

    level: str
    steps: tuple[Item, ...]
    at_once: tuple[str, ...]


@dataclass(frozen=True)
class Tie:
    """Both sides, and the headline level between them, in words."""

    headline: str
    causes: tuple[Cause, ...]
    consequences: tuple[Consequence, ...]

    def pulls(self) -> Iterator[Pull]:
        """Every pull of a measure that the rows name."""
        for cause in self.causes:
            for start in cause.starts:
                yield from start.pulls
        items = [item for cause in self.causes for item in cause.barriers]
        for item in (*items, *(item for one in self.consequences for item in one.steps)):
            yield from item.pulls


def tie(case: Case, names: Names, *, by_branch: bool = False) -> Tie:
    """The rows of a case that names a headline level.

    With ``by_branch`` ladders that begin alike share a row, where a rung of several stands once.
    """
    file = case.ladder
    assert file.headline is not None
    maker = _Maker(Reader(file, case.measures, names), names)
    found = [
        _Lettered(letter, one)
        for letter, one in zip(
            _letters(len(file.ladders)), passages(file, maker.reader), strict=True
        )
    ]
    rows = [[one] for one in found]
    if by_branch:
        kinds = dict.fromkeys(one.passage.ladder.branch for one in found)
        rows = [[one for one in found if one.passage.ladder.branch == kind] for kind in kinds]
    worse = file.levels[file.levels.index(file.headline) + 1 :]
    return Tie(
        names.level(file.headline),
        tuple(maker.cause(row) for row in rows),
        tuple(maker.consequence(level, found) for level in worse),
    )


@dataclass(frozen=True)
class _Lettered:
    letter: str
    passage: Passage


class _Maker:
    """Makes rows in the words of a reader."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.reader = reader
        self._names = names

    def cause(self, row: Sequence[_Lettered]) -> Cause:
        if len(row) == 1:
            barriers = [
                Item(step.label, step.event, self.reader.step_pulls(step), step.depth > 0)
                for step in row[0].passage.before
            ]
        else:
            barriers = self._merged((one.letter, one.passage.before) for one in row)
        kind = branch(row[0].passage.ladder.branch, self._names)
        return Cause(kind, tuple(self._start(one) for one in row), tuple(barriers))

    def consequence(self, level: str, found: Sequence[_Lettered]) -> Consequence:
        steps = self._merged(
            (one.letter, [two.step for two in one.passage.beyond if two.level == level])
            for one in found
        )
        jumps = tuple(one.letter for one in found if level in one.passage.at_once)
        return Consequence(self._names.level(level), tuple(steps), jumps)

    def _start(self, one: _Lettered) -> Start:
        ladder: model.Ladder = one.passage.ladder
        leg = self.reader.number(ladder.starts)
        return Start(
            one.letter,
            self._names.text(ladder.title),
            "; ".join(figures(leg.number, leg.in_crisis, self._names)),
            self.reader.pulls(leg),
            sum(step.depth == 0 for step in one.passage.before),
            one.passage.passes,
        )

    def _merged(self, ladders: Iterable[tuple[str, Sequence[Step]]]) -> list[Item]:
        """Rungs of several ladders, each once behind the letters of its ladders.

        The order of each ladder is kept: what it has of its own stands before what it shares next.
        """
        order: list[_Same] = []
        of: dict[_Same, list[tuple[str, Step]]] = {}
        for letter, steps in ladders:
            own: list[_Same] = []
            for step in steps:
                same = (step.event, self.reader.step_pulls(step))
                of.setdefault(same, []).append((letter, step))
                if same in order:
                    place = order.index(same)
                    order[place:place] = own
                    own = []
                elif same not in own:
                    own.append(same)
            order += own
        return [
            Item(
                " ".join(dict.fromkeys(letter for letter, _step in of[same])),
                *same,
                all(step.depth > 0 for _letter, step in of[same]),
            )
            for same in order
        ]


def _letters(count: int) -> list[str]:
    """A letter for each ladder; numbers where letters are too few."""
    if count <= len(ascii_uppercase):
        return list(ascii_uppercase[:count])
    return [str(place) for place in range(1, count + 1)]
