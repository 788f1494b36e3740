"""Which disagreements are worth an hour: what each would change, first of all.

The kind follows a rule, not a reading of motives. Parties that differ on how likely something is,
on a number, or on what a measure does, differ on facts (joint fact-finding). Where one gains and
another loses, or criteria weigh otherwise, they differ in value (trade). Where they differ on
whether the other would keep it, in trust (verification). Where only public positions are known, the
stand itself is the disagreement. What each would change is tested, not guessed: what would be
recommended if one held what the other holds, if all agreed, or if a number were known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.assessment.agenda.facts import factual
from detente.assessment.agenda.order import BUDGET, in_order
from detente.assessment.agenda.stands import refusals
from detente.assessment.agenda.trust import doubted
from detente.assessment.agenda.values import package_turns, stated, weighed, without_samples
from detente.assessment.bargain.problem import Problem
from detente.assessment.results import (
    Bargaining,
    Disagreement,
    Ground,
    LedgerEntry,
    Stake,
    Stand,
)
from detente.assessment.value import PartyGains
from detente.case.case import Case
from detente.elicitation.results import ElicitationResults
from detente.escalation.prepare import POINTS, prepared
from detente.escalation.results import EscalationResults


@dataclass(frozen=True, eq=False)
class Found:
    """What was found so far, from which an agenda is made.

    ``stakes`` are all of them, ``ground`` what may be told of it, ``gains`` those of all parties.
    ``problem`` and ``bargaining`` are there where people said what they gain; ``points`` is the
    number of samples (a power of two) that the ladders were run with.
    """

    case: Case
    elicitation: ElicitationResults
    escalation: EscalationResults
    ledger: Sequence[LedgerEntry] = ()
    stakes: Sequence[Stake] = ()
    ground: Sequence[Ground] = ()
    stands: Sequence[Stand] = ()
    gains: Sequence[PartyGains] = ()
    points: int = POINTS
    problem: Problem | None = None
    bargaining: Bargaining | None = None


def agenda(found: Found, *, budget: int = BUDGET) -> tuple[Disagreement, ...]:
    """All disagreements that may be told, in order, with ``budget`` minutes given to the first.

    See `order` for the rule.
    """
    case, groups, made = found.case, found.elicitation.groups, None
    if found.escalation.beliefs:
        made = prepared(case, points=found.points, answers=found.elicitation.quantities)
    problem, turns = None, {}
    chosen = found.bargaining is not None and bool(found.bargaining.packages[0].package)
    if found.problem is not None and found.bargaining is not None and chosen:
        problem = without_samples(found.problem)
        turns = package_turns(problem, found.bargaining.settlements)
    return in_order(
        (
            *factual(case, found.elicitation, found.escalation, made),
            *weighed(case, found.gains),
            *stated(case, groups, found.stakes, found.ground, turns),
            *doubted(found.ledger, problem),
            *refusals(case, found.ground, found.stands),
        ),
        budget=budget,
    )
