"""The main job: from a case to everything that the assessment finds."""

from __future__ import annotations

from collections.abc import Callable

import detente
from detente.assessment.agenda.agenda import Found, agenda
from detente.assessment.bargaining import bargaining
from detente.assessment.calendar import calendar
from detente.assessment.choice_problem import problem_of
from detente.assessment.choices import choices
from detente.assessment.common_ground import ground_from_answers, releasable, stakes
from detente.assessment.concord import concord
from detente.assessment.ledger import ledger
from detente.assessment.path import path
from detente.assessment.positions import ground_from_positions, stands
from detente.assessment.results import AssessmentResults
from detente.assessment.spirals import spirals
from detente.assessment.states import measure_states
from detente.assessment.value import POINTS as VALUE_POINTS
from detente.assessment.value import party_gains, values, weights_told
from detente.assessment.weightings import weightings
from detente.case.case import Case
from detente.elicitation.assess import assess_elicitation
from detente.escalation.assess import assess_escalation

POINTS = 2**14
STAGES = ("answers", "ladders", "common ground", "path")


def _nobody(_stage: str) -> None:
    """Nobody watches."""


def assess(
    case: Case, *, points: int = POINTS, progress: Callable[[str], None] = _nobody
) -> AssessmentResults:
    """Assess ``case`` with ``points`` (a power of two) samples of every uncertain number.

    Same case, same seed, same points: the same results. ``progress`` is told as a stage begins.
    """
    progress(STAGES[0])
    elicitation = assess_elicitation(case)
    progress(STAGES[1])
    escalation = assess_escalation(case, points=points, answers=elicitation.quantities)
    progress(STAGES[2])
    states = measure_states(case)
    entries = ledger(case, elicitation.groups)
    all_stakes = stakes(case, elicitation.groups)
    shown_stakes = tuple(stake for stake in all_stakes if stake.shown)
    all_stands = stands(case)
    ground = releasable(ground_from_answers(all_stakes), all_stakes)
    ground = ground or ground_from_positions(case, all_stands)
    told = elicitation.quantities
    gains = party_gains(case, entries, points=min(points, VALUE_POINTS), answers=told)
    progress(STAGES[3])
    steps = path(case, entries, ground, states)
    problem = problem_of(case, elicitation.groups, states, ground)
    bargain = bargaining(case, problem, entries)
    found = Found(
        case=case,
        elicitation=elicitation,
        escalation=escalation,
        ledger=entries,
        stakes=all_stakes,
        ground=ground,
        stands=all_stands,
        gains=gains,
        points=points,
        problem=problem,
        bargaining=bargain,
    )
    return AssessmentResults(
        title=case.about.title,
        edition=case.about.edition,
        date=case.about.date,
        digest=case.digest,
        version=detente.__version__,
        seed=case.about.seed,
        points=points,
        elicitation=elicitation,
        escalation=escalation,
        states=states,
        ledger=entries,
        stakes=shown_stakes,
        stands=all_stands,
        ground=ground,
        choices=choices(escalation, ground, shown_stakes, states),
        path=steps,
        agenda=agenda(found),
        weights=weights_told(gains),
        values=values(gains),
        bargaining=bargain,
        concord=concord(case, elicitation.groups, ground, gains),
        spirals=spirals(case),
        calendar=calendar(case, steps, bargain.path if bargain else None),
        weightings=weightings(case, gains),
    )
