"""How often a level or worse is reached: per year, and within the horizon."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from detente.elicitation.results import Spread
from detente.escalation.effects import spread
from detente.escalation.ladder import CompiledLadder, Values, frequencies
from detente.escalation.results import Frequency
from detente.ground.chance import Floats


def or_worse(ladder: CompiledLadder, values: Values) -> Floats:
    """The frequency per year of each level or worse, shape (levels, N), the mildest first."""
    return np.cumsum(frequencies(ladder, values)[::-1], axis=0)[::-1]


def within(per_year: float, years: float) -> float:
    """The probability of at least one event: P = 1 - exp(-rate x years), of a Poisson process.

    >>> round(within(0.01, 70), 4)
    0.5034
    """
    return -math.expm1(-per_year * years)


def belief_frequencies(
    belief: str,
    levels: Sequence[str],
    ladders: Iterable[CompiledLadder],
    values: Values,
    *,
    years: float,
) -> tuple[Frequency, ...]:
    """The frequencies under one belief, of each of its ladders and then of all together.

    Parameters
    ----------
    belief
        The id of the belief.
    levels
        The levels that the ends of the ladders stand for, the mildest first.
    ladders
        The ladders that the belief holds to exist.
    values
        The parameters under the belief, each of shape (N,).
    years
        The exposure of the horizon.

    """
    by_ladder: dict[str, Floats] = {}
    for ladder in ladders:  # the states of one ladder add
        found = or_worse(ladder, values)
        before = by_ladder.get(ladder.ladder)
        by_ladder[ladder.ladder] = found if before is None else before + found
    by_ladder[""] = np.asarray(sum(by_ladder.values(), np.zeros((len(levels), 1))))
    return tuple(
        _frequency(belief, name, level, row, years)
        for name, reached in by_ladder.items()
        for level, row in zip(levels, reached, strict=True)
    )


def _frequency(belief: str, ladder: str, level: str, sample: Floats, years: float) -> Frequency:
    found = spread(np.sort(sample))
    horizon = Spread(*(within(end, years) for end in (found.low, found.mid, found.high)))
    return Frequency(belief, ladder, level, found, horizon)
