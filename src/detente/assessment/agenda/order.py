"""In which order disagreements come, and how long each is given.

1. What would change a recommendation to all comes first (the package, the measures that survive
   every belief, those that no side refuses), then what would change what one belief or one party
   prefers, and last, however wide, what would change nothing.
2. Then: how many recommendations would turn for certain, else with what probability one would; the
   kind; and how far apart the two are, within one kind.
3. Of what turns something the first of each kind comes before all others; so too of the rest.

No worth of information enters: what two rivals save is not compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from typing import get_args

from detente.assessment.results import Disagreement, DisagreementKind

FOR_ALL = ("package", "survivors", "ground")
MINUTES = (60, 40, 20)  # for each of the three ranks of the first rule
BUDGET = 180
KINDS = get_args(DisagreementKind)


def rank(one: Disagreement) -> int:
    """0: would change a recommendation to all; 1: what one party prefers; 2: nothing."""
    if any(turn.of in FOR_ALL for turn in one.turns):
        return 0
    return 1 if one.turns else 2


def in_order(found: Iterable[Disagreement], *, budget: int = BUDGET) -> tuple[Disagreement, ...]:
    """The disagreements by the rule of the module, each with its minutes.

    Each is given `MINUTES` by its rank until the next would go beyond ``budget`` (minutes in all);
    from there on 0.
    """
    ordered = sorted(found, key=_key)
    first = {(one.kind, rank(one) < 2): one for one in reversed(ordered)}
    leading = {id(one) for one in first.values()}
    ordered.sort(key=lambda one: (rank(one) == 2, id(one) not in leading))
    spent = accumulate(MINUTES[rank(one)] for one in ordered)
    return tuple(
        replace(one, minutes=MINUTES[rank(one)] if total <= budget else 0)
        for one, total in zip(ordered, spent, strict=True)
    )


def _key(one: Disagreement) -> tuple[int, int, float, int, float]:
    certain = sum(turn.by != "learning" for turn in one.turns)
    chance = max((turn.chance for turn in one.turns), default=0.0)
    return (rank(one), -certain, -chance, KINDS.index(one.kind), -apart(one))


def apart(one: Disagreement) -> float:
    """How far apart the two are, on the scale of the kind; to be compared within a kind alone.

    Likelihoods of risks by the logarithm of the ratio of odds, numbers and effects by that of the
    ratio, chances and weights by the difference, stands not at all.
    """
    if isinstance(one.in_a, str) or isinstance(one.in_b, str):
        return 0.0
    if one.kind != "factual":
        return abs(one.in_a - one.in_b)
    low, high = sorted((one.in_a, one.in_b))
    if one.risk:
        low, high = (value / (1 - value) if value < 1 else math.inf for value in (low, high))
    if low == high:
        return 0.0
    return math.log(high / low) if low > 0 else math.inf
