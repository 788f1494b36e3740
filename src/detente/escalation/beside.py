"""What stands beside the ladders and is fed to none: quiet years, and what others published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import Spread
from detente.escalation.effects import spread
from detente.escalation.evidence.conflict import compare, over
from detente.escalation.evidence.zero import NoEvent
from detente.escalation.frequencies import or_worse, within
from detente.escalation.ladder import CompiledLadder, Values
from detente.escalation.results import Beside, Observation
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import Floats

TINY = 1e-12  # a probability that is nearer to 0 or 1 is not told apart from it


def level_frequency(
    structure: tuple[CompiledLadder, ...], values: Values, place: int, ladder: str | None = None
) -> Floats:
    """The frequency per year of a level or worse, of one ladder or of all, shape (N,).

    ``place`` is that of the level among those that the ends of the ladders stand for.
    """
    found = [
        or_worse(one, values)[place] for one in structure if ladder is None or one.ladder == ladder
    ]
    return np.asarray(sum(found, np.zeros(1)))


def observation(
    belief: str, quiet: model.Quiet, found: NoEvent, changed: tuple[str, ...]
) -> Observation:
    """What quiet years change under one belief, as it is told."""
    return Observation(
        belief=belief,
        quiet=quiet.id,
        level=quiet.level,
        years=quiet.years,
        before=found.before,
        after=found.after,
        expected=found.expected,
        changed=changed,
    )


def beside(
    case: Case, structure: tuple[CompiledLadder, ...], values: Values, places: Mapping[str, int]
) -> tuple[Beside, ...]:
    """Each published estimate beside what the case's own numbers say of the same outcome.

    Parameters
    ----------
    case
        The case.
    structure
        Its own ladders, with an end for each level that counts.
    values
        The case's own numbers at common points.
    places
        The place of each level that counts. An estimate of another level stands alone.

    """
    found = []
    for published in case.ladder.published:
        told = published.beside
        if told is None or told.level not in places:
            continue
        per_year = level_frequency(structure, values, places[told.level], told.ladder)
        own = spread(np.sort(per_year))
        found.append(_beside(case, published, own, told))
    return tuple(found)


def _beside(
    case: Case, published: model.Published, own: Spread, told: model.PublishedBeside
) -> Beside:
    years = told.years or 1
    low, mid, high = (_inside(within(rate, years)) for rate in (own.low, own.mid, own.high))
    mine = Estimate(low, mid, high, 0.9, _COMPUTED)
    stated = case.estimate(published, "logit", case.ladder.defaults)
    ends = [_inside(p) for p in (stated.low, stated.mid, stated.high)]
    if published.unit == "probability-per-year" and years != 1:
        ends = [_inside(over(p, years=1, to_years=years)) for p in ends]
    theirs = Estimate(ends[0], ends[1], ends[2], stated.coverage, stated.provenance)
    found = compare(mine, theirs, scale="logit")
    agreement = found.verdict if told.comparable else "not-comparable"
    return Beside(published.id, Spread(low, mid, high), found.orders, found.gap, agreement)


def _inside(p: float) -> float:
    return min(max(p, TINY), 1 - TINY)


_COMPUTED = Provenance(Basis.COMPUTED, "the ladders", "", Status.UNVERIFIED)
