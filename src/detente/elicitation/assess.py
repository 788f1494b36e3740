"""What the panels said about risks: the room's one door."""

from __future__ import annotations

from detente.case.case import Case
from detente.elicitation.answers import people
from detente.elicitation.disclosure import showable
from detente.elicitation.perceptions import differences, perceptions
from detente.elicitation.priorities import priorities
from detente.elicitation.results import ElicitationResults


def assess_elicitation(case: Case) -> ElicitationResults:
    """Perceptions, priorities and differences of all groups of ``case`` that may be shown.

    A case without answers has no people, and nothing else. ``people`` counts all who answered,
    shown or not.
    """
    groups, withheld = showable(case)
    return ElicitationResults(
        people=len(people(case)),
        groups=groups,
        perceptions=perceptions(case, groups),
        priorities=priorities(case, groups),
        differences=differences(case, groups),
        withheld=withheld,
    )
