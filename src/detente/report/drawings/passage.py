"""Where ladders pass the headline level: which rungs stand before it, and which beyond."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detente.case import model
from detente.report.drawings.reading import End, Reader, Step


@dataclass(frozen=True)
class Beyond:
    """A rung that leads from the headline level, or a worse one, to a still worse level."""

    step: Step
    level: str


@dataclass(frozen=True)
class Passage:
    """One ladder at the headline level.

    ``before`` are the rungs that must happen for the headline level to be reached, those of side
    paths after the rung where they leave; ``beyond`` those that lead on from there; ``at_once``
    the levels worse than the headline that a last rung before it leads to directly. ``passes``
    says whether the headline level can be reached at all.
    """

    ladder: model.Ladder
    before: tuple[Step, ...]
    beyond: tuple[Beyond, ...]
    at_once: tuple[str, ...]
    passes: bool


def passages(file: model.LadderFile, reader: Reader) -> tuple[Passage, ...]:
    """Every ladder of a file at its headline level; none where it names no headline."""
    if file.headline is None:
        return ()
    return tuple(_passage(ladder, file, reader) for ladder in file.ladders)


def _passage(ladder: model.Ladder, file: model.LadderFile, reader: Reader) -> Passage:
    walk = _Walk(file, reader)
    walk.path(ladder)
    worst = max(_levels(ladder, 0, file.levels))
    at_once = tuple(file.levels[level] for level in sorted(walk.at_once))
    passes = worst >= walk.headline
    return Passage(ladder, tuple(walk.before), tuple(walk.beyond), at_once, passes)


class _Walk:
    """Follows the paths of one ladder, and sorts its rungs by what they can still lead to."""

    def __init__(self, file: model.LadderFile, reader: Reader) -> None:
        assert file.headline is not None
        self.headline = file.levels.index(file.headline)
        self.before: list[Step] = []
        self.beyond: list[Beyond] = []
        self.at_once: set[int] = set()
        self._order = file.levels
        self._reader = reader

    def path(self, ladder: model.Ladder) -> None:
        """Sort every rung of the ladder."""
        steps = (one for one in self._reader.steps(ladder) if not isinstance(one, End))
        if min(_levels(ladder, 0, self._order)) > self.headline:
            self.at_once.add(min(_levels(ladder, 0, self._order)))
        self._follow(ladder, steps)

    def _follow(self, branches: model.Branches, steps: Iterator[Step]) -> None:
        for place, rung in enumerate(branches.path):
            step = next(steps)
            here = set(_levels(branches, place, self._order))
            onward = set(_levels(branches, place + 1, self._order))
            aside = set(_leaving(rung, self._order))
            if min(here) >= self.headline:
                self.beyond.append(Beyond(step, self._order[self._reached(here, onward)]))
            elif max(here) >= self.headline:
                self.before.append(step)
                crossings = (min(onward), min(aside))
                self.at_once.update(level for level in crossings if level > self.headline)
            if isinstance(rung.otherwise, model.Branches):
                self._follow(rung.otherwise, steps)

    @staticmethod
    def _reached(here: set[int], onward: set[int]) -> int:
        """The level that a rung beyond the headline leads to: at least so bad, else at most."""
        return min(onward) if min(onward) > min(here) else max(onward)


def _levels(branches: model.Branches, place: int, order: tuple[str, ...]) -> Iterable[int]:
    """The levels where a path can still end at its rung ``place``, as places in their order."""
    yield order.index(branches.ends)
    for rung in branches.path[place:]:
        yield from _leaving(rung, order)


def _leaving(rung: model.Rung, order: tuple[str, ...]) -> Iterable[int]:
    if isinstance(rung.otherwise, str):
        return [order.index(rung.otherwise)]
    return _levels(rung.otherwise, 0, order)
