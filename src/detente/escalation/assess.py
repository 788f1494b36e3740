"""Everything that the ladders of a case say, under every belief."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import model
from detente.case.case import Case
from detente.escalation.effects import effects, world
from detente.escalation.flips import flips
from detente.escalation.frequencies import belief_frequencies
from detente.escalation.ladder import CompiledLadder, compile_ladder
from detente.escalation.numbers import numbers_used, published_estimates
from detente.escalation.results import (
    BeliefSet,
    Effect,
    EscalationResults,
    Flip,
    Frequency,
    NumberUsed,
)
from detente.escalation.uncertainty import BASE, beliefs, dimensions, draw
from detente.ground.errors import UsageError


def assess_escalation(case: Case, *, points: int = 2**14) -> EscalationResults:
    """The frequencies, the effects of all measures, and what turns on an assumed number.

    Parameters
    ----------
    case
        A case that was checked; its seed fixes every draw.
    points
        The number of Sobol points, a power of two.

    Returns
    -------
    EscalationResults
        Frequencies of the headline level and worse; of a ladder that a belief holds not to
        exist, none. Where the case has no ladder, only what others published.

    Raises
    ------
    CaseError
        Where a ladder is too entangled, or a belief has the id ``base``.
    UsageError
        Where ``points`` is no power of two, or the case has ladders and no headline level.

    """
    levels = _levels_that_count(case.ladder)
    if not case.ladder.ladders:
        return _results(case, points)
    held = beliefs(case)
    sample = draw(dimensions(held), points, seed=case.about.seed)
    by_level = _compiled(case.ladder, {level: end for end, level in enumerate(levels)})
    at_headline = _compiled(case.ladder, dict.fromkeys(levels, 0))
    named = frozenset[str]().union(*(ladder.named for ladder in at_headline.values()))
    measures = [measure.id for measure in case.measures]
    frequencies: list[Frequency] = []
    found: list[Effect] = []
    for belief in held:
        values = sample.parameters(belief)
        years, ladders = case.about.horizon_years, [by_level[name] for name in belief.ladders]
        frequencies += belief_frequencies(belief.id, levels, ladders, values, years=years)
        before = world((at_headline[name] for name in belief.ladders), values)
        found += effects(belief, measures, before, sample=sample, named=named)
    return _results(
        case,
        points,
        frequencies=tuple(frequencies),
        effects=tuple(found),
        numbers=numbers_used(case, held, named),
        flips=flips(held[0], measures, at_headline.values(), sample),
    )


def _results(
    case: Case,
    points: int,
    *,
    frequencies: tuple[Frequency, ...] = (),
    effects: tuple[Effect, ...] = (),
    numbers: tuple[NumberUsed, ...] = (),
    flips: tuple[Flip, ...] = (),
) -> EscalationResults:
    return EscalationResults(
        points=points,
        headline=case.ladder.headline or "",
        beliefs=tuple(_belief_sets(case)) if case.ladder.ladders else (),
        frequencies=frequencies,
        effects=effects,
        numbers=numbers,
        flips=flips,
        published=published_estimates(case),
    )


def _levels_that_count(file: model.LadderFile) -> tuple[str, ...]:
    """The levels from the headline on, the mildest first."""
    if file.headline in file.levels:
        return file.levels[file.levels.index(file.headline) :]
    if file.ladders:
        raise UsageError("The case has ladders and no headline among its levels; check it first.")
    return ()


def _compiled(file: model.LadderFile, ends: dict[str, int]) -> dict[str, CompiledLadder]:
    return {ladder.id: compile_ladder(file, ladder, ends) for ladder in file.ladders}


def _belief_sets(case: Case) -> Iterator[BeliefSet]:
    yield BeliefSet(BASE, BASE, None, None)
    for belief in case.ladder.beliefs:
        yield BeliefSet(belief.id, case.words(belief.title), belief.held_by, belief.source)
