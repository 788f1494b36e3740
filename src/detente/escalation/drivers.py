"""Which numbers make the spread of the headline frequency: what is worth knowing better.

Exact where numbers are independent (`moments`). Where some are correlated there is no such index
for one number alone, and where the paths are too many to list none is exact: the variance is then
shared out by Shapley effects, by sampling (`correlated`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detente.escalation.correlated.copula import Copula
from detente.escalation.correlated.resampling import Inputs
from detente.escalation.correlated.shapley_effects import shapley_effects
from detente.escalation.effects import headline, total
from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.diagram import TooManyPairsError
from detente.escalation.moments.frequency import frequency_indices
from detente.escalation.moments.polynomial import TooManyPathsError, parameters_of
from detente.escalation.results import Driver
from detente.escalation.uncertainty import Belief
from detente.ground.chance import Floats, stream

LEAST = 0.01  # a smaller share is left out
MOST = 10
POINTS, REPLICATES = 2**9, 8  # of Shapley effects, for each belief


def drivers(
    belief: Belief, ladders: Sequence[CompiledLadder], together: Copula, *, seed: int
) -> tuple[Driver, ...]:
    """The numbers with the largest shares in the variance of the headline frequency.

    Parameters
    ----------
    belief
        A belief that refuses no number.
    ladders
        Its ladders, with the headline or worse as their only end.
    together
        The correlations of the numbers.
    seed
        The case's seed, for what must be sampled.

    Returns
    -------
    tuple of Driver
        By falling share; those of at least `LEAST`, and at most `MOST`.

    """
    names = parameters_of(ladders)
    if not names:
        return ()
    correlated = len({*together.block} & {*names}) > 1
    found = None if correlated else _exact(belief, ladders)
    if found is None:
        found = _sampled(belief, ladders, names, together, seed)
    found.sort(key=lambda one: -_share(one))
    return tuple(one for one in found if _share(one) >= LEAST)[:MOST]


def _share(driver: Driver) -> float:
    return (driver.shapley if driver.total is None else driver.total) or 0.0


def _exact(belief: Belief, ladders: Sequence[CompiledLadder]) -> list[Driver] | None:
    spreads = {name: one.spread for name, one in belief.parameters.items()}
    try:
        found = frequency_indices(ladders, spreads)
    except (TooManyPathsError, TooManyPairsError):
        return None
    shares = zip(found.indices.first.tolist(), found.indices.total.tolist(), strict=True)
    return [
        Driver(belief.id, name, first, total_, None)
        for name, (first, total_) in zip(found.parameters, shares, strict=True)
    ]


def _sampled(
    belief: Belief,
    ladders: Iterable[CompiledLadder],
    names: tuple[str, ...],
    together: Copula,
    seed: int,
) -> list[Driver]:
    spreads = {name: belief.parameters[name].spread for name in names}
    held = tuple(ladders)

    def frequency(values: Mapping[str, Floats]) -> Floats:
        return total({ladder.id: headline(ladder, values) for ladder in held})

    inputs = Inputs(names, together.among(names), spreads)
    rng = stream(seed, "shapley", belief.id)
    found = shapley_effects(frequency, inputs, rng=rng, points=POINTS, replicates=REPLICATES)
    shares = zip(found.players, found.effects.tolist(), found.errors.tolist(), strict=True)
    return [
        Driver(belief.id, player[0], None, None, effect, error)
        for player, effect, error in shares
        if len(player) == 1
    ]
