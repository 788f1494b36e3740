"""Common cause groups as events of their own, one for each set of members that fails together.

References
----------
Mosleh et al. (1998), "Guidelines on Modeling Common-Cause Failures in Probabilistic Risk
Assessment", NUREG/CR-5485, for the alpha factors (tests not staggered); the others from Epstein,
Rauzy and Reinhart, "Open-PSA Model Exchange Format", version 2.0, "Common Cause Groups".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

from detente.escalation.openpsa.model import CommonCause, Expression
from detente.escalation.openpsa.names import Names, Placed, Scope
from detente.ground.errors import UsageError

MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Expanded:
    """A group whose members are gates: each happens where one of the events of its sets does.

    ``events`` holds, by the set's name, the members and the probability.
    """

    scope: Scope
    events: dict[str, tuple[tuple[str, ...], Expression]]

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The events that each member happens with."""
        found: dict[str, list[str]] = {}
        for name, (members, _) in self.events.items():
            for member in members:
                found.setdefault(member, []).append(name)
        return {member: tuple(events) for member, events in found.items()}


def expand(group: Placed, names: Names) -> Expanded:
    """The events of one group; the name of an event is that of its members in brackets."""
    stated = group.definition
    assert isinstance(stated, CommonCause)
    members = []
    for one in stated.members:
        found = names.find("event", one.name, group.scope)
        assert found is not None
        members.append(found)
    levels = dict(factors(stated))
    size = len(members)
    if sum(comb(size, level) for level in levels) > MOST_EVENTS:
        raise UsageError(f"Group {stated.name} would have more than {MOST_EVENTS} events.")
    events = {}
    for level, factor in levels.items():
        probability = Expression("mul", (factor, stated.distribution))
        for chosen in combinations(members, level):
            events[f"[{' '.join(chosen)}]"] = (chosen, probability)
    return Expanded(group.scope, events)


def factors(group: CommonCause) -> list[tuple[int, Expression]]:
    """By the number k of members, the share of the members' probability that one set of k has.

    With n members and C = binomial(n - 1, k - 1): beta-factor 1 - beta for k = 1 and beta for
    k = n; MGL rho_2 ... rho_k (1 - rho_k+1) / C; alpha-factor k alpha_k / (C sum_i i alpha_i);
    phi-factor phi_k.
    """
    size, stated = len(group.members), [factor for _, factor in group.factors]
    if group.model == "beta-factor":
        return [(1, _complement(stated[0])), (size, stated[0])]
    if group.model == "phi-factor":
        return list(enumerate(stated, start=1))
    if group.model == "MGL":
        return [(level, _mgl(stated, level, size)) for level in range(1, len(stated) + 2)]
    weighed = [_times(level, factor) for level, factor in enumerate(stated, start=1)]
    whole = Expression("add", tuple(weighed))
    return [
        (level, Expression("div", (one, whole, _number(comb(size - 1, level - 1)))))
        for level, one in enumerate(weighed, start=1)
    ]


def _mgl(stated: Sequence[Expression], level: int, size: int) -> Expression:
    parts = [*stated[: level - 1]]
    if level <= len(stated):
        parts.append(_complement(stated[level - 1]))
    product = Expression("mul", tuple(parts))
    return Expression("div", (product, _number(comb(size - 1, level - 1))))


def _complement(one: Expression) -> Expression:
    return Expression("sub", (_number(1), one))


def _times(number: int, one: Expression) -> Expression:
    return Expression("mul", (_number(number), one))


def _number(number: float) -> Expression:
    return Expression("float", value=float(number))
