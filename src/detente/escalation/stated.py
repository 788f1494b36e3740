"""A case whose ladders hold plain numbers: what comes from counts and answers is put in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import QuantityBelief
from detente.escalation.evidence.counted import counted_rate
from detente.ground.basis import Basis, Estimate, Status
from detente.ground.errors import CaseError, Finding

Stated = TypeVar("Stated", bound=model.Uncertain)
AnyAct = TypeVar("AnyAct", bound=model.Act)
Beliefs = Iterable[QuantityBelief]


def stated(case: Case, answers: Beliefs = ()) -> Case:
    """The case with a number in the place of each that comes from elsewhere.

    Parameters
    ----------
    case
        A case that was checked.
    answers
        What the groups of people believe of quantities (`elicitation.results`), as far as it may
        be shown; the median and the central 90 % of a group become those of the number.

    Raises
    ------
    CaseError
        With all findings, where no answers that may be shown stand behind a number.

    """
    found: list[Finding] = []
    known = {(one.group, one.quantity): one for one in answers}

    def plain(number: Stated, file: str = "ladder.yaml") -> Stated:
        counted = number.counted if isinstance(number, model.Parameter) else None
        if counted is not None:
            return _put(number, counted_rate(case, counted))
        if number.elicited is None:
            return number
        belief = known.get((number.elicited.group, number.elicited.quantity))
        if belief is None:
            found.append(_nobody(file, number.elicited))
            return number
        return _answered(number, belief, case.about.date)

    ladder = case.ladder.model_copy(
        update={
            "parameters": tuple(plain(one) for one in case.ladder.parameters),
            "beliefs": tuple(_belief(one, plain) for one in case.ladder.beliefs),
        }
    )
    measures = case.measures_file.model_copy(
        update={
            "measures": tuple(
                _measure(one, partial(plain, file="measures.yaml")) for one in case.measures
            )
        }
    )
    if found:
        raise CaseError(tuple(sorted(set(found))))
    return replace(case, ladder=ladder, measures_file=measures)


def _belief(belief: model.Belief, plain: Callable[..., model.Uncertain]) -> model.Belief:
    numbers = tuple(plain(one) for one in belief.numbers)
    return belief.model_copy(update={"numbers": numbers, "acts": _acts(belief.acts, plain)})


def _measure(measure: model.Measure, plain: Callable[..., model.Uncertain]) -> model.Measure:
    return measure.model_copy(update={"acts": _acts(measure.acts, plain)})


def _acts(acts: Iterable[AnyAct], plain: Callable[..., model.Uncertain]) -> tuple[AnyAct, ...]:
    return tuple(act.model_copy(update={"value": plain(act.value)}) for act in acts)


def _answered(number: Stated, belief: QuantityBelief, date: str) -> Stated:
    spread = belief.spread
    update = {
        **_elsewhere(number),
        "low": spread.low,
        "mid": spread.mid,
        "high": spread.high,
        "ci": 90.0,
        "basis": Basis.ELICITED,
        "date": date,
        "status": Status.UNVERIFIED,
        "source": f"{belief.people} people of {belief.group}, question on {belief.quantity}",
    }
    return number.model_copy(update=update)


def _put(number: Stated, estimate: Estimate) -> Stated:
    origin = estimate.provenance
    update = {
        **_elsewhere(number),
        "low": estimate.low,
        "mid": estimate.mid,
        "high": estimate.high,
        "ci": 100 * estimate.coverage,
        "basis": origin.basis,
        "source": origin.source,
        "date": origin.date,
        "status": origin.status,
    }
    return number.model_copy(update=update)


def _elsewhere(number: model.Uncertain) -> dict[str, None]:
    return dict.fromkeys(number.from_elsewhere)


def _nobody(file: str, stated: model.Elicited) -> Finding:
    problem = f"takes `{stated.quantity}` from the answers of {stated.group}, of which none can be"
    mend = "state the number, or ask at least `min_cell` people whose table may be shown."
    return Finding(file, 0, stated.quantity, f"{problem} shown.", mend)
