"""What each panel expected another to say, fear and do, beside what that one said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.compare import t_interval
from detente.elicitation.disclosure import cells
from detente.elicitation.movements import MOST
from detente.elicitation.results import Forecast, Group, MirrorCell, MirrorPair, Spread
from detente.elicitation.truth_and_bias import FEWEST_RISKS, Mirror, mirrors
from detente.ground.chance import from_scale, stream, to_scale

Cells = dict[tuple[str, str], tuple[Judgement, ...]]
"""The judgements of a shown group on an item, by group and item."""


@dataclass(frozen=True)
class _Pair:
    """An ordered pair of groups, and the risks on which both may be shown."""

    holder: str
    about: str
    risks: tuple[str, ...]
    expected: Cells
    feared: Cells
    own: Cells


def mirror_results(
    case: Case, groups: Sequence[Group]
) -> tuple[tuple[MirrorPair, ...], tuple[MirrorCell, ...]]:
    """The mirror model of every ordered pair of groups of one kind that was asked for.

    A pair needs three risks on which the holder's expectation and the other's own answer may both
    be shown; the skill of an expectation gates what is listed, as `truth_and_bias` tells.
    """
    own = _cells(case, groups, latest(case, "likelihood"))
    pairs = list(_pairs(case, groups, own))
    if not pairs:
        return (), ()
    found = mirrors([_tables(pair) for pair in pairs], rng=stream(case.about.seed, "mirror"))
    told = list(zip(pairs, found, strict=True))
    return (
        tuple(_told(pair, mirror) for pair, mirror in told),
        tuple(cell for pair, mirror in told for cell in _told_cells(pair, mirror)),
    )


def forecasts(case: Case, groups: Sequence[Group]) -> tuple[Forecast, ...]:
    """What every group expected every other to do, scored once it is known.

    The Brier score is the mean over people of (chance - outcome)^2: Brier (1950), Monthly Weather
    Review 78(1):1-3.
    """
    judgements = latest(case, "expected-do")
    found = []
    for quantity in case.quantities:
        on = [one for one in judgements if one.item == quantity.id]
        for about in sorted({one.about or "" for one in on}):
            own = [one for one in on if one.about == about]
            for group, said in cells(case, groups, own):
                chances = np.array([one.value for one in said])
                known = quantity.known
                found.append(
                    Forecast(
                        quantity=quantity.id,
                        holder=group.id,
                        about=about,
                        chance=_chance(said),
                        people=group.people,
                        known=known,
                        brier=None if known is None else float(np.mean((chances - known) ** 2)),
                    )
                )
    return tuple(found)


def _cells(case: Case, groups: Sequence[Group], judgements: Sequence[Judgement]) -> Cells:
    found: Cells = {}
    for risk in case.risks:
        on = [one for one in judgements if one.item == risk.id]
        found |= {(group.id, risk.id): own for group, own in cells(case, groups, on)}
    return found


def _pairs(case: Case, groups: Sequence[Group], own: Cells) -> Iterator[_Pair]:
    say, fear = latest(case, "expected-say"), latest(case, "expected-fear")
    for about in groups:
        expected = _cells(case, groups, [one for one in say if one.about == about.id])
        feared = _cells(case, groups, [one for one in fear if one.about == about.id])
        for holder in groups:
            risks = tuple(
                risk.id
                for risk in case.risks
                if {(holder.id, risk.id), (about.id, risk.id)} <= own.keys()
                and (holder.id, risk.id) in expected
            )
            alike = holder.kind == about.kind and holder.id != about.id
            if alike and len(risks) >= FEWEST_RISKS:
                yield _Pair(holder.id, about.id, risks, expected, feared, own)


def _tables(pair: _Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The holder's own views, what it expected, and what the other said: people by risks."""
    holders = sorted(
        _people(pair, pair.own, pair.holder) | _people(pair, pair.expected, pair.holder)
    )
    others = sorted(_people(pair, pair.own, pair.about))
    return (
        _table(pair, pair.own, pair.holder, holders),
        _table(pair, pair.expected, pair.holder, holders),
        _table(pair, pair.own, pair.about, others),
    )


def _people(pair: _Pair, answers: Cells, group: str) -> set[str]:
    return {one.participant for risk in pair.risks for one in answers[group, risk]}


def _table(pair: _Pair, answers: Cells, group: str, people: Sequence[str]) -> np.ndarray:
    """Log-odds (people, risks), nan where there is no answer."""
    row = {person: place for place, person in enumerate(people)}
    table = np.full((len(people), len(pair.risks)), np.nan)
    for column, risk in enumerate(pair.risks):
        for one in answers[group, risk]:
            table[row[one.participant], column] = to_scale(one.value, "logit")
    return table


def _told(pair: _Pair, mirror: Mirror) -> MirrorPair:
    return MirrorPair(
        holder=pair.holder,
        about=pair.about,
        bias=_ratio(mirror.bias),
        accuracy=mirror.accuracy,
        projection=mirror.projection,
        skill=mirror.against_own.score,
        skilled=mirror.against_own.positive,
        risks=len(pair.risks),
        people_holder=len(_people(pair, pair.expected, pair.holder)),
        people_about=len(_people(pair, pair.own, pair.about)),
    )


def _told_cells(pair: _Pair, mirror: Mirror) -> Iterator[MirrorCell]:
    for place, (risk, cell) in enumerate(zip(pair.risks, mirror.cells, strict=True)):
        own = pair.own.get((pair.holder, risk))
        feared = pair.feared.get((pair.holder, risk))
        yield MirrorCell(
            holder=pair.holder,
            about=pair.about,
            risk=risk,
            expected=_from_log_odds(cell.expected),
            said=_from_log_odds(cell.said),
            own=_chance(own) if own else None,
            feared=_chance(feared) if feared else None,
            gap=_ratio(cell.gap),
            same_sign=cell.same_sign,
            listed=place in mirror.findings,
        )


def _chance(said: Sequence[Judgement]) -> Spread:
    """The mean of the log-odds with its t interval, as chances."""
    return _from_log_odds(t_interval(to_scale([one.value for one in said], "logit")))


def _from_log_odds(spread: Spread) -> Spread:
    low, mid, high = from_scale([spread.low, spread.mid, spread.high], "logit")
    return Spread(float(low), float(mid), float(high))


def _ratio(spread: Spread) -> Spread:
    low, mid, high = np.exp(np.clip([spread.low, spread.mid, spread.high], -MOST, MOST))
    return Spread(float(low), float(mid), float(high))
