"""Which way each measure pulls a number of the ladders: down, up, or either."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.case import model
from detente.report.drawings.figures import ends

Way = Literal["lowers", "raises", "either", "leaves"]

WAYS: tuple[Way, ...] = ("lowers", "raises", "either", "leaves")
TURNED: Mapping[Way, Way] = {
    "lowers": "raises",
    "raises": "lowers",
    "either": "either",
    "leaves": "leaves",
}


@dataclass(frozen=True)
class Pull:
    """One measure that acts on a number, and which way."""

    measure: str
    way: Way


def way(act: model.Act, number: model.Parameter) -> Way:
    """Which way an act moves a number, by the stated interval alone.

    A ratio of at most 1 lowers and one of at least 1 raises, even where it may leave the number as
    it is; a number put in place lowers where neither of its ends is above that of the old one.
    """
    low, high = ends(act.value)
    before = ends(number) if act.how == "replacement" else (1.0, 1.0)
    if any(math.isnan(one) for one in (low, high, *before)):
        return "either"
    if (low, high) == before:
        return "leaves"
    if low <= before[0] and high <= before[1]:
        return "lowers"
    if low >= before[0] and high >= before[1]:
        return "raises"
    return "either"


def pulls(number: model.Parameter, measures: Sequence[model.Measure]) -> tuple[Pull, ...]:
    """The measures that act on a number, in their own order."""
    return tuple(
        Pull(measure.id, way(act, number))
        for measure in measures
        for act in measure.acts
        if act.on == number.id
    )


def together(found: Iterable[Pull]) -> tuple[Pull, ...]:
    """Each measure once: which way it pulls what all these numbers make up."""
    ways: dict[str, set[Way]] = {}
    for pull in found:
        ways.setdefault(pull.measure, set()).add(pull.way)
    return tuple(Pull(measure, _joined(several)) for measure, several in ways.items())


def _joined(several: set[Way]) -> Way:
    acting = several - {"leaves"}
    if not acting:
        return "leaves"
    return acting.pop() if len(acting) == 1 else "either"


def by_way(found: Iterable[Pull]) -> dict[Way, tuple[str, ...]]:
    """The measures that lower, raise, do either, and leave as it is; ways of none left out."""
    several = tuple(found)
    ways = {one: tuple(pull.measure for pull in several if pull.way == one) for one in WAYS}
    return {one: measures for one, measures in ways.items() if measures}
