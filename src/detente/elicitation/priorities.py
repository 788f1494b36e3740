"""Which risks each group puts first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import variance

from detente.case.case import Case
from detente.elicitation.answers import latest
from detente.elicitation.compare import t_interval
from detente.elicitation.disclosure import cells, unanimous
from detente.elicitation.results import Group, Priority, Spread
from detente.elicitation.tallies import share

FIRST = 3


def priorities(case: Case, groups: Sequence[Group]) -> tuple[Priority, ...]:
    """How every group of ``groups`` ranks every risk: mean rank with its t interval, first three.

    The people of a group are those who ranked any risk. A person's numbers are read as an order;
    the risks that the person left out share the mean of the ranks that are left, and count in
    nobody's first three. Interval ends beyond the first and the last rank are drawn in to them.
    Risks to which all of a group gave one rank are withheld, as `_unanimous` tells.
    """
    judgements = latest(case, "priority")
    stated: dict[str, dict[str, float]] = defaultdict(dict)
    for judgement in judgements:
        stated[judgement.participant][judgement.item] = judgement.value
    risks = [risk.id for risk in case.risks]
    ranks = {person: complete(own, risks) for person, own in stated.items()}
    found = []
    for group, own in cells(case, groups, judgements, categories=True):
        people = sorted({judgement.participant for judgement in own})
        told = {risk: [ranks[person][risk] for person in people] for risk in risks}
        for risk in _unanimous(told):
            del told[risk]
        first = {risk: sum(_in_first(stated[person], risk) for person in people) for risk in risks}
        for risk, placed in told.items():
            tally = share(first[risk], len(people), least=case.about.min_cell)
            mean = _mean_rank(placed, len(risks))
            found.append(Priority(group.id, risk, mean, tally.low, tally.high, tally.people))
    order = {risk: place for place, risk in enumerate(risks)}
    return tuple(sorted(found, key=lambda one: order[one.risk]))


def _unanimous(ranks: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Risks to which all gave one rank, and with a single one another beside it.

    Ranks sum to a constant, so that a single row left out would follow from the others; the one
    beside is that on which people differ least.
    """
    same = [risk for risk, placed in ranks.items() if unanimous(placed)]
    if len(same) != 1:
        return tuple(same)
    others = [risk for risk in ranks if risk not in same]
    return (*same, *sorted(others, key=lambda risk: variance(ranks[risk]))[:1])


def complete(stated: Mapping[str, float], risks: Sequence[str]) -> dict[str, float]:
    """A rank from 1 to m for every one of m ``risks``, from the numbers of those that were ranked.

    The k ranked take 1 to k in the order of their numbers, equal numbers the mean of their places;
    the others (m + k + 1) / 2, the mean of k + 1 to m. The ranks always sum to m (m + 1) / 2.
    """
    numbers = list(stated.values())
    unranked = (len(risks) + len(numbers) + 1) / 2
    return {risk: _place(stated[risk], numbers) if risk in stated else unranked for risk in risks}


def _place(number: float, numbers: Sequence[float]) -> float:
    before = sum(other < number for other in numbers)
    equal = sum(other == number for other in numbers)
    return before + (equal + 1) / 2


def _mean_rank(ranks: Sequence[float], last: int) -> Spread:
    mean = t_interval(ranks)
    return Spread(max(mean.low, 1.0), mean.mid, min(mean.high, float(last)))


def _in_first(stated: Mapping[str, float], risk: str) -> bool:
    return risk in stated and _place(stated[risk], list(stated.values())) <= FIRST
