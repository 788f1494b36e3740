"""Common ground: the measures by which every party expects to gain and that none forbids itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scipy.special import betaincinv

from detente.assessment.results import Ground, GroundClass, Stake
from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.disclosure import cells
from detente.elicitation.fits import fit_answer
from detente.elicitation.results import Group

LOWER_BOUND = 0.75
RED_LINE = 0.10
EVEN = 0.5
COVERAGE = 0.90


def stakes(case: Case, groups: Sequence[Group]) -> tuple[Stake, ...]:
    """What every asked party stands to gain by each measure, and which of it may be shown.

    ``gain`` is the mean over a party's people of Pr(gain > 0 against the party's own trend), each
    from the distribution that the person stated. ``groups`` may be shown; of these a party is shown
    only where enough of its people answered.
    """
    gains, lines = latest(case, "gain"), latest(case, "red-line")
    by_party, forbidding = _by_cell(gains), _by_cell(lines)
    shown = _shown(case, groups, gains)
    if lines:
        shown &= _shown(case, groups, lines, categories=True)
    return tuple(
        _stake(measure.id, party.id, by_party[measure.id, party.id], forbidding, shown)
        for measure in case.measures
        for party in case.about.parties
        if by_party[measure.id, party.id]
    )


def _shown(
    case: Case,
    groups: Sequence[Group],
    judgements: tuple[Judgement, ...],
    *,
    categories: bool = False,
) -> frozenset[tuple[str, str]]:
    """The measures and parties whose cells may be shown."""
    by_measure: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_measure[judgement.item].append(judgement)
    return frozenset(
        (measure, group.id)
        for measure, own in by_measure.items()
        for group, _ in cells(case, groups, own, categories=categories)
        if group.kind == "party"
    )


def _by_cell(judgements: tuple[Judgement, ...]) -> dict[tuple[str, str], list[Judgement]]:
    cells: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        cells[judgement.item, judgement.party].append(judgement)
    return cells


def _stake(
    measure: str,
    party: str,
    gains: list[Judgement],
    lines: dict[tuple[str, str], list[Judgement]],
    shown: frozenset[tuple[str, str]],
) -> Stake:
    winning = [1 - float(fit_answer(answer, "linear").cdf(0.0)) for answer in gains]
    forbidding = [answer.value for answer in lines[measure, party]]
    return Stake(
        measure=measure,
        party=party,
        gain=sum(winning) / len(winning),
        lower=lower_bound(sum(winning), len(winning)),
        red_line=sum(forbidding) > RED_LINE * len(forbidding),
        people=len(winning),
        shown=(measure, party) in shown,
    )


def lower_bound(wins: float, people: int) -> float:
    """The one-sided lower 90 % bound of a share from ``wins`` (may be fractional) of ``people``.

    The 10 % quantile of Beta(wins + 1/2, people - wins + 1/2), Jeffreys' prior (Brown, Cai and
    DasGupta 2001, Statistical Science 16:101).
    """
    return float(betaincinv(wins + 0.5, people - wins + 0.5, 1 - COVERAGE))


def ground_from_answers(all_stakes: tuple[Stake, ...]) -> tuple[Ground, ...]:
    """The class of each measure that was rated, by `answer_class`."""
    by_measure: dict[str, list[Stake]] = defaultdict(list)
    for stake in all_stakes:
        by_measure[stake.measure].append(stake)
    return tuple(_ground(measure, cells) for measure, cells in by_measure.items())


def _ground(measure: str, cells: list[Stake]) -> Ground:
    kind = answer_class([(cell.gain, cell.lower, cell.red_line) for cell in cells])
    if kind == "red-line":
        limiting = tuple(cell.party for cell in cells if cell.red_line)
    elif kind == "shared-ground":
        limiting = ()
    else:
        border = LOWER_BOUND if kind == "acceptable" else EVEN
        values = {cell.party: cell.lower if kind == "acceptable" else cell.gain for cell in cells}
        limiting = tuple(party for party, value in values.items() if value < border)
    least = min(cell.gain for cell in cells)
    lower = min(cell.lower for cell in cells)
    return Ground(measure, kind, "answers", least, lower, limiting)


def answer_class(cells: list[tuple[float, float, bool]]) -> GroundClass:
    """The class of a measure from (Pr gain, its lower bound, whether a red line) of every party.

    *Red line*: over one in ten of some party's people draw one. *Shared ground*: every lower bound
    at least 0.75. *Acceptable*: every Pr(gain) at least one half. *Tradeable*: some lower bound at
    least 0.75 while others expect to lose. *Contested*: the rest. Only the extremes over parties
    enter, so that a party cloned, or split into parts with the same answers, changes nothing.
    """
    if any(red for _, _, red in cells):
        return "red-line"
    if all(lower >= LOWER_BOUND for _, lower, _ in cells):
        return "shared-ground"
    if all(gain >= EVEN for gain, _, _ in cells):
        return "acceptable"
    if any(lower >= LOWER_BOUND for _, lower, _ in cells):
        return "tradeable"
    return "contested"


def releasable(ground: tuple[Ground, ...], all_stakes: tuple[Stake, ...]) -> tuple[Ground, ...]:
    """The classes without what would speak of a party that may not be shown.

    The class itself stays, since it speaks of no party; the parties that decided it and the
    smallest values stay only where they belong to parties that may be shown.
    """
    by_measure: dict[str, list[Stake]] = defaultdict(list)
    for stake in all_stakes:
        by_measure[stake.measure].append(stake)
    return tuple(_releasable(one, by_measure[one.measure]) for one in ground)


def _releasable(ground: Ground, own: list[Stake]) -> Ground:
    shown = {stake.party for stake in own if stake.shown}
    return replace(
        ground,
        least=ground.least if min(own, key=lambda s: s.gain).shown else None,
        least_lower=ground.least_lower if min(own, key=lambda s: s.lower).shown else None,
        limiting=tuple(party for party in ground.limiting if party in shown),
    )
