"""The quantities of a case as a study of the classical model, without a word on any one person.

Weights by performance may fall on one person alone, and then the decision maker is that person's
answer under another name. Hence three rules. An item is told where the people who answered it may
be shown. A decision maker is told where the people with a weight may be shown, and where their
weights are worth at least ``min_cell`` equal ones on every item, by 1 / sum of squares. Scores of
experts are never told, nor the cut, which is the score of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.case.case import Case
from detente.elicitation.answers import COVERAGE, Judgement, latest
from detente.elicitation.cooke import DecisionMaker, Study
from detente.elicitation.disclosure import cells, sets_showable, showable
from detente.elicitation.fits import PROBABILITIES, fit_answer
from detente.elicitation.perceptions import SCALES
from detente.ground.chance import Scale
from detente.ground.errors import UsageError


def panel_study(case: Case) -> Study:
    """The quantities that may be told, as a study: those with ``known`` are its seeds.

    An answer whose three numbers do not rise counts as none.

    Raises
    ------
    UsageError
        Where no quantity may be told, or none of those is known.

    """
    groups, _withheld = showable(case)
    said = latest(case, "quantity")
    answers: dict[str, dict[str, Sequence[float]]] = {}
    for quantity in case.quantities:
        every = [one for one in said if one.item == quantity.id]
        rising = {one.participant: _three(one, SCALES[quantity.scale]) for one in every}
        own = {person: numbers for person, numbers in rising.items() if _rises(numbers)}
        before = [
            frozenset(one.participant for one in members)
            for _group, members in cells(case, groups, every)
        ]
        if own and sets_showable(case, {quantity.id: frozenset(own)}, before=before):
            answers[quantity.id] = own
    people = sorted({person for own in answers.values() for person in own})
    told = [quantity for quantity in case.quantities if quantity.id in answers]
    if not any(quantity.known is not None for quantity in told):
        raise UsageError("No quantity with `known` was answered by people who may be shown.")
    table = np.full((len(people), len(told), len(PROBABILITIES)), np.nan)
    for column, quantity in enumerate(told):
        for person, numbers in answers[quantity.id].items():
            table[people.index(person), column] = numbers
    return Study(
        experts=tuple(people),
        items=tuple(quantity.id for quantity in told),
        scales=tuple("log" if quantity.scale == "positive" else "uni" for quantity in told),
        probabilities=np.array(PROBABILITIES),
        answers=table,
        realisations=np.array([np.nan if q.known is None else q.known for q in told]),
    )


def _three(answer: Judgement, scale: Scale) -> Sequence[float]:
    """What a person said at 5, 50 and 95 %; fitted where the person meant another coverage."""
    if answer.low is None or answer.high is None:
        return ()
    if answer.coverage == COVERAGE:
        return answer.low, answer.value, answer.high
    return tuple(float(x) for x in fit_answer(answer, scale).quantile(PROBABILITIES))


def _rises(numbers: Sequence[float]) -> bool:
    return len(numbers) > 1 and all(a < b for a, b in pairwise(numbers))


def may_be_told(case: Case, study: Study, maker: DecisionMaker) -> bool:
    """Whether enough people stand behind every item of a decision maker."""
    people = np.array(study.experts)
    return all(
        _effective(weights) >= case.about.min_cell - 1e-9
        and bool(sets_showable(case, {"weighted": frozenset(people[weights > 0].tolist())}))
        for weights in maker.weights.T
    )


def _effective(weights: NDArray[np.float64]) -> float:
    """How many equal weights these are worth: 1 / sum of the squared shares (Kish 1965)."""
    total = float(weights.sum())
    return total**2 / float(weights @ weights) if total > 0 else 0.0
