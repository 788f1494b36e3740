"""Which risks each group puts first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from detente.case.case import Case
from detente.elicitation.answers import latest
from detente.elicitation.compare import t_interval
from detente.elicitation.disclosure import cells
from detente.elicitation.results import Group, Priority, Spread

FIRST = 3


def priorities(case: Case, groups: Sequence[Group]) -> tuple[Priority, ...]:
    """How every group of ``groups`` ranks every risk: mean rank with its t interval, first three.

    The people of a group are those who ranked any risk. A person's numbers are read as an order;
    the risks that the person left out share the mean of the ranks that are left, and count in
    nobody's first three. Interval ends beyond the first and the last rank are drawn in to them.
    """
    judgements = latest(case, "priority")
    stated: dict[str, dict[str, float]] = defaultdict(dict)
    for judgement in judgements:
        stated[judgement.participant][judgement.item] = judgement.value
    risks = [risk.id for risk in case.risks]
    ranks = {person: complete(own, risks) for person, own in stated.items()}
    members = [
        (group, sorted({judgement.participant for judgement in own}))
        for group, own in cells(case, groups, judgements)
    ]
    return tuple(
        Priority(
            group=group.id,
            risk=risk,
            mean_rank=_mean_rank([ranks[person][risk] for person in people], len(risks)),
            first_three=sum(_in_first(stated[person], risk) for person in people) / len(people),
            people=len(people),
        )
        for risk in risks
        for group, people in members
    )


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
