"""What the panels said about risks: the room's one door."""

from __future__ import annotations

from detente.case.case import Case
from detente.elicitation.answers import people
from detente.elicitation.chains import chain_checks
from detente.elicitation.disclosure import showable
from detente.elicitation.mirrors import forecasts, mirror_results
from detente.elicitation.movements import movements
from detente.elicitation.opinions import opinions
from detente.elicitation.orders import orders
from detente.elicitation.perceptions import (
    consequences,
    differences,
    perceptions,
    quantity_beliefs,
)
from detente.elicitation.priorities import priorities
from detente.elicitation.reasons import coding, reason_lines, theme_shares
from detente.elicitation.results import ElicitationResults
from detente.elicitation.statements import statements


def assess_elicitation(case: Case) -> ElicitationResults:
    """Everything that the groups of ``case`` that may be shown said about risks.

    A case without answers has no people, and nothing else. ``people`` counts all who answered,
    shown or not.
    """
    groups, withheld = showable(case)
    quantities = quantity_beliefs(case, groups)
    pairs, cells = mirror_results(case, groups)
    order = orders(case, groups)
    return ElicitationResults(
        people=len(people(case)),
        groups=groups,
        withheld=withheld,
        perceptions=perceptions(case, groups),
        consequences=consequences(case, groups),
        differences=differences(case, groups),
        movements=movements(case, groups),
        quantities=quantities,
        chains=chain_checks(case, quantities),
        mirror_pairs=pairs,
        mirror_cells=cells,
        forecasts=forecasts(case, groups),
        priorities=priorities(case, groups),
        worths=order.worths,
        shared_first=order.shared_first,
        concordances=order.concordances,
        contrasts=order.contrasts,
        tree=order.tree,
        themes=theme_shares(case, groups),
        reasons=reason_lines(case, groups),
        coding=coding(case),
        statements=statements(case, groups),
        opinions=opinions(case, groups),
    )
