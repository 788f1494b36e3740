"""Counts of categories, told so that no small cell and no unanimity can be worked out.

A table of counts is a row of cells that add up to the people. A cell of fewer than ``least`` people
tells of them, and so does one that leaves fewer than that for all others; a full cell tells of
everybody. Such cells are told as ranges, wide enough that who knows this rule and the number of
people learns no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Tally:
    """How many of ``people`` stand in one cell: from ``low`` to ``high``, often the same."""

    low: int
    high: int
    people: int


def tallies(counts: Sequence[int], *, least: int) -> tuple[Tally, ...]:
    """The cells of one row as they may be told; ``counts`` (two or more) sum to the people.

    A cell under ``least`` becomes 0 to ``least`` - 1. Since the sum would give it away, the last of
    the others is then told as a range as well, wide enough for whatever the small cells hold. Of so
    few people that all cells may be under ``least``, or that any split in two has such a cell,
    nothing is told: 0 to n.

    Raises
    ------
    UsageError
        Where there are fewer than two cells, a count is negative, or ``least`` is below 2.

    """
    if len(counts) < 2 or min(counts) < 0 or least < 2:
        raise UsageError(f"{list(counts)} with a least cell of {least} is no row of counts.")
    people = sum(counts)
    if people < max(2 * least, len(counts) * (least - 1) + 1):
        return tuple(Tally(0, people, people) for _ in counts)
    small = [place for place, count in enumerate(counts) if count < least]
    told = {place: (count, count) for place, count in enumerate(counts)}
    told |= dict.fromkeys(small, (0, least - 1))
    if small:
        beside = max(set(told) - set(small))
        together = counts[beside] + sum(counts[place] for place in small)
        told[beside] = (together - len(small) * (least - 1), together)
    return tuple(Tally(*told[place], people) for place in range(len(counts)))


def share(yes: int, people: int, *, least: int) -> Tally:
    """How many said yes, where the others said no: the first of two `tallies`."""
    return tallies((yes, people - yes), least=least)[0]
