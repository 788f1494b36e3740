"""How each group's likelihoods moved between its first round and its last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.case import Case
from detente.elicitation.answers import Judgement, earliest, latest
from detente.elicitation.disclosure import RoundCell, cells_by_round
from detente.elicitation.pooling import trimmed_geometric_mean_of_odds
from detente.elicitation.results import Group, Movement, Spread
from detente.elicitation.rounds import change
from detente.ground.chance import to_scale

MOST = 700.0  # exp of it is still a double: log odds ratios beyond are told as this


def movements(case: Case, groups: Sequence[Group]) -> tuple[Movement, ...]:
    """The movement of every group of ``groups`` on every risk, where it may be shown.

    Both rounds are told of the same people only; the markers are trimmed geometric means of odds.
    """
    first, last = earliest(case, "likelihood"), latest(case, "likelihood")
    return tuple(
        _movement(risk.id, cell)
        for risk in case.risks
        for cell in cells_by_round(case, groups, _on(first, risk.id), _on(last, risk.id))
    )


def _on(judgements: Sequence[Judgement], risk: str) -> tuple[Judgement, ...]:
    return tuple(one for one in judgements if one.item == risk)


def _movement(risk: str, cell: RoundCell) -> Movement:
    group, first, last = cell
    before, after = ([one.value for one in own] for own in (first, last))
    moved = change(to_scale(before, "logit"), to_scale(after, "logit"))
    ends = (moved.shift.low, moved.shift.mid, moved.shift.high)
    low, mid, high = (float(x) for x in np.exp(np.clip(ends, -MOST, MOST)))
    return Movement(
        group=group.id,
        risk=risk,
        before=trimmed_geometric_mean_of_odds(before),
        after=trimmed_geometric_mean_of_odds(after),
        shift=Spread(low, mid, high),
        spread_ratio=moved.spread_ratio,
        settled=moved.settled,
        people=group.people,
    )
