"""The choice of a package in a case: which side gains what by which measure, as its people said.

The sides bargain, one half of the weight each, however many parties stand on them. A side's gain is
the mean over its people of the gain that each states against its party's own trend. Only measures
that can still be taken, and of which the cells of every side may be shown, are in the choice. Of
two measures that do the same work the smaller gain is not had twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import ndtri

from detente.assessment.bargain.problem import Problem, Rules, Scenarios, Synergy
from detente.assessment.results import Ground, MeasureState
from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.disclosure import cells
from detente.elicitation.fits import fit_answer
from detente.elicitation.results import Group
from detente.ground.chance import Floats, sobol, stream

SAMPLES = 2**6  # of the gains, in which no side may lose too often
ALPHA = 0.10

Cells = Mapping[tuple[str, str], Sequence[Judgement]]


def problem_of(
    case: Case,
    groups: Sequence[Group],
    states: Sequence[MeasureState],
    ground: Sequence[Ground],
) -> Problem | None:
    """The choice of a package among the measures of a case; None where there is none to make.

    Parameters
    ----------
    case
        The case, whose seed fixes the samples.
    groups
        Those whose tables may be shown; of these the sides.
    states
        The state of every measure: those in force or no longer possible are not in the choice.
    ground
        The class of each measure; what is a red line of a party is one of its side.

    """
    found = _cells(case, groups)
    sides = tuple(side.id for side in case.about.sides)
    measures = tuple(
        state.measure
        for state in states
        if state.possible
        and state.state != "in-force"
        and all((state.measure, side) in found for side in sides)
    )
    if len(sides) < 2 or not measures:
        return None
    gains = np.array([[_gain(found[name, side]) for name in measures] for side in sides])
    return Problem(
        measures=measures,
        parties=sides,
        gains=gains,
        sides=sides,
        synergies=_same_work(case, measures, gains),
        rules=_rules(case, measures, ground),
        scenarios=_scenarios(case, measures, sides, found),
    )


def _cells(case: Case, groups: Sequence[Group]) -> Cells:
    """The judgements on gains by measure and side, as far as they may be shown."""
    by_measure: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in latest(case, "gain"):
        by_measure[judgement.item].append(judgement)
    return {
        (measure, group.id): own
        for measure, judgements in by_measure.items()
        for group, own in cells(case, groups, judgements)
        if group.kind == "side"
    }


def _gain(judgements: Sequence[Judgement]) -> float:
    """The mean of the stated distributions.

    That of a two-piece normal is m + (above - below) / sqrt(2 pi).
    """
    fits = [fit_answer(one, "linear") for one in judgements]
    return float(np.mean([one.mid + (one.above - one.below) / np.sqrt(2 * np.pi) for one in fits]))


def _rules(case: Case, measures: Sequence[str], ground: Sequence[Ground]) -> Rules:
    known = {measure.id: measure for measure in case.measures if measure.id in measures}
    forbidden = [one for one in ground if one.kind == "red-line" and one.measure in known]
    return Rules(
        needs=tuple((m.id, need) for m in known.values() for need in m.needs if need in known),
        excludes=tuple((m.id, o) for m in known.values() for o in m.excludes if o in known),
        red_lines=tuple(
            dict.fromkeys(
                (case.side_of[party], one.measure)
                for one in forbidden
                for party in one.limiting
                if party in case.side_of
            )
        ),
    )


def _same_work(case: Case, measures: Sequence[str], gains: Floats) -> tuple[Synergy, ...]:
    place = {name: index for index, name in enumerate(measures)}
    pairs = {
        tuple(sorted((measure.id, other), key=measures.index))
        for measure in case.measures
        for other in measure.saturates_with
        if measure.id in place and other in place
    }
    return tuple(
        Synergy(((a,), (b,)), _not_twice(gains[:, place[a]], gains[:, place[b]]))
        for a, b in sorted(pairs)
    )


def _not_twice(one: Floats, other: Floats) -> tuple[float, ...]:
    """What is taken off where both are gains: the smaller of them."""
    return tuple((-np.maximum(np.minimum(one, other), 0.0)).tolist())


def _scenarios(
    case: Case, measures: Sequence[str], sides: Sequence[str], found: Cells
) -> Scenarios:
    """Samples of the gains: each person's stated distribution at a point of its own, averaged."""
    people = sum(len(found[name, side]) for name in measures for side in sides)
    points = sobol(SAMPLES, people, seed=stream(case.about.seed, "gains"))
    columns = iter(ndtri(points).T)
    drawn = np.empty((SAMPLES, len(sides), len(measures)))
    for row, side in enumerate(sides):
        for column, name in enumerate(measures):
            own = [fit_answer(one, "linear").at_normal(next(columns)) for one in found[name, side]]
            drawn[:, row, column] = np.mean(own, axis=0)
    return Scenarios(drawn, ALPHA)
