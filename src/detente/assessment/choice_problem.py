"""The choice of a package in a case: which side gains what by which measure, as its people said.

The sides bargain, one half of the weight each, however many parties stand on them. A side's gain is
the mean over its people of the gain that each states against its party's own trend. Only measures
that can still be taken, and of which the cells of every side may be shown, are in the choice. Of
two measures that do the same work the smaller gain is not had twice. What the case says of measures
taken together, budgets, joint gains and groups, is `together`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from detente.assessment.bargain.problem import Problem, Rules, Scenarios, Synergy
from detente.assessment.results import Ground, MeasureState
from detente.assessment.together import Joint, budgets, counts, joints
from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.disclosure import cells
from detente.elicitation.fits import fit_answer
from detente.elicitation.results import Group
from detente.ground.chance import Floats, sobol, stream

SAMPLES = 2**6  # of the gains, in which no side may lose too often
ALPHA = 0.10

Cells = Mapping[tuple[str, str], Sequence[Judgement]]
Pairs = tuple[tuple[int, int], ...]


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
    pairs, joint = _pairs(case, measures), joints(case, measures, states)
    return Problem(
        measures=measures,
        parties=sides,
        gains=gains,
        sides=sides,
        synergies=_synergies(measures, gains, pairs, joint),
        rules=replace(
            _rules(case, measures, ground),
            budgets=budgets(case, measures),
            counts=counts(case, measures, states),
        ),
        scenarios=_scenarios(case, measures, found, (pairs, joint)),
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


def _pairs(case: Case, measures: Sequence[str]) -> Pairs:
    """The measures that do the same work, by their places."""
    place = {name: index for index, name in enumerate(measures)}
    pairs = {
        tuple(sorted((measure.id, other), key=measures.index))
        for measure in case.measures
        for other in measure.saturates_with
        if measure.id in place and other in place
    }
    return tuple((place[a], place[b]) for a, b in sorted(pairs))


def _synergies(
    measures: Sequence[str], gains: Floats, pairs: Pairs, joint: Sequence[Joint]
) -> tuple[Synergy, ...]:
    """What is not had twice, then what is had only together."""
    same = (
        Synergy(((measures[a],), (measures[b],)), tuple(_not_twice(gains, a, b).tolist()))
        for a, b in pairs
    )
    return (*same, *(Synergy(one.clauses, one.means()) for one in joint))


def _not_twice(gains: Floats, one: int, other: int) -> Floats:
    """What is taken off where both are gains: the smaller of them; shape of ``gains`` less one."""
    taken: Floats = -np.maximum(np.minimum(gains[..., one], gains[..., other]), 0.0)
    return taken


def _scenarios(
    case: Case,
    measures: Sequence[str],
    found: Cells,
    synergies: tuple[Pairs, Sequence[Joint]],
) -> Scenarios:
    """Samples of gains and bonuses: each person's stated distribution at a point of its own.

    In each sample, as on average, the smaller gain of two measures that do the same work is not had
    twice; a joint gain of each side is drawn at a point of its own too.
    """
    sides = [side.id for side in case.about.sides]
    people = sum(len(found[name, side]) for name in measures for side in sides)
    points = sobol(SAMPLES, people, seed=stream(case.about.seed, "gains"))
    columns = iter(ndtri(points).T)
    drawn = np.empty((SAMPLES, len(sides), len(measures)))
    for row, side in enumerate(sides):
        for column, name in enumerate(measures):
            own = [fit_answer(one, "linear").at_normal(next(columns)) for one in found[name, side]]
            drawn[:, row, column] = np.mean(own, axis=0)
    return Scenarios(drawn, ALPHA, _bonuses(case, drawn, *synergies))


def _bonuses(case: Case, drawn: Floats, pairs: Pairs, joint: Sequence[Joint]) -> Floats:
    """The bonus of every synergy in each sample, shape (samples, sides, synergies)."""
    sides = drawn.shape[1]
    columns = [_not_twice(drawn, a, b) for a, b in pairs]
    if joint:
        points = sobol(SAMPLES, len(joint) * sides, seed=stream(case.about.seed, "joint gains"))
        normal = ndtri(points).T.reshape(len(joint), sides, SAMPLES)
        columns += [one.drawn(own).T for one, own in zip(joint, normal, strict=True)]
    return np.stack(columns, axis=2) if columns else np.zeros((SAMPLES, sides, 0))
