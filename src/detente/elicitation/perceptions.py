"""What each group believes of each risk and each quantity, and how far rival groups part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.compare import welch
from detente.elicitation.disclosure import Cell, cells
from detente.elicitation.fits import PROBABILITIES, fit_answer
from detente.elicitation.pooling import mixture, trimmed_geometric_mean_of_odds
from detente.elicitation.results import (
    Consequence,
    Difference,
    Group,
    Perception,
    QuantityBelief,
    Spread,
)
from detente.ground.chance import Scale, from_scale, to_scale

_MOST = 700.0  # exp of it is still a double: log odds ratios beyond are told as this


def perceptions(case: Case, groups: Sequence[Group]) -> tuple[Perception, ...]:
    """What every group of ``groups`` believes of every risk, where enough of it answered.

    The spread is the 5, 50 and 95 % quantile of the equal-weight mixture of the members'
    distributions of the chance within the horizon; the marker the trimmed geometric mean of the
    odds of their medians. Risks in the order of the case.
    """
    return tuple(
        _perception(group, risk, own)
        for risk, shown in _by_risk(case, groups)
        for group, own in shown
    )


def consequences(case: Case, groups: Sequence[Group]) -> tuple[Consequence, ...]:
    """How grave every group of ``groups`` holds every risk to be, as a mixture like `perceptions`.

    The scale runs from 0 to 10; ends of the mixture beyond it are drawn in.
    """
    return tuple(
        Consequence(group.id, risk, _within(_spread(own, "linear"), 0.0, 10.0), group.people)
        for risk, shown in _by_risk(case, groups, "consequence")
        for group, own in shown
    )


SCALES: dict[str, Scale] = {"probability": "logit", "positive": "log", "real": "linear"}


def quantity_beliefs(case: Case, groups: Sequence[Group]) -> tuple[QuantityBelief, ...]:
    """What every group believes of every quantity; the marker is the mean on the fitting scale.

    Of a probability it is the trimmed geometric mean of odds.
    """
    judgements = latest(case, "quantity")
    found = []
    for quantity in case.quantities:
        own = [judgement for judgement in judgements if judgement.item == quantity.id]
        scale = SCALES[quantity.scale]
        found += [
            QuantityBelief(
                group=group.id,
                quantity=quantity.id,
                spread=_spread(members, scale),
                marker=marker([one.value for one in members], scale),
                people=group.people,
                known=quantity.known,
            )
            for group, members in cells(case, groups, own)
        ]
    return tuple(found)


def marker(values: Sequence[float], scale: Scale) -> float:
    """One point for many: the trimmed mean of odds, or the mean on another fitting scale."""
    if scale == "logit":
        return trimmed_geometric_mean_of_odds(values)
    return float(from_scale(to_scale(values, scale).mean(), scale))


def differences(case: Case, groups: Sequence[Group]) -> tuple[Difference, ...]:
    """How far each two sides, and each two parties on different sides, part on every risk.

    Welch's interval on the log-odds of the members' medians, told as a ratio of odds. No correction
    for the number of risks: with 20 risks and no true difference about two would tell.
    """
    return tuple(
        _difference(risk, a, b)
        for risk, shown in _by_risk(case, groups)
        for a, b in combinations(shown, 2)
        if _rivals(case, a[0], b[0])
    )


def _by_risk(
    case: Case, groups: Sequence[Group], kind: str = "likelihood"
) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    judgements = latest(case, kind)
    for risk in case.risks:
        own = [judgement for judgement in judgements if judgement.item == risk.id]
        yield risk.id, cells(case, groups, own)


def _perception(group: Group, risk: str, own: Sequence[Judgement]) -> Perception:
    point = marker([judgement.value for judgement in own], "logit")
    return Perception(group.id, risk, _spread(own, "logit"), point, group.people)


def _spread(own: Sequence[Judgement], scale: Scale) -> Spread:
    pool = mixture([fit_answer(judgement, scale) for judgement in own])
    low, mid, high = (float(value) for value in pool.quantile(PROBABILITIES))
    return Spread(low, mid, high)


def _within(spread: Spread, least: float, most: float) -> Spread:
    return Spread(max(spread.low, least), spread.mid, min(spread.high, most))


def _rivals(case: Case, a: Group, b: Group) -> bool:
    if a.kind != b.kind:
        return False
    side_a, side_b = (case.side_of.get(group.id) for group in (a, b))
    return a.kind == "side" or (side_a is not None and side_b is not None and side_a != side_b)


def _difference(risk: str, a: Cell, b: Cell) -> Difference:
    logits = [to_scale([judgement.value for judgement in own], "logit") for _, own in (a, b)]
    gap, tells = welch(*logits)
    low, mid, high = np.exp(np.clip([gap.low, gap.mid, gap.high], -_MOST, _MOST))
    ratio = Spread(float(low), float(mid), float(high))
    return Difference(a[0].id, b[0].id, risk, ratio, a[0].people, b[0].people, tells)
