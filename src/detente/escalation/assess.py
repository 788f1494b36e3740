"""Everything that the ladders of a case say, under every belief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import QuantityBelief
from detente.escalation.areas import FEW_POINTS, AreaPackages, area_interactions, areas_of
from detente.escalation.beside import beside, level_frequency, observation
from detente.escalation.best_packages import best_packages
from detente.escalation.bounds import bounds_of
from detente.escalation.drivers import drivers
from detente.escalation.effects import effects, total, weighted_verdict
from detente.escalation.evidence.zero import no_event
from detente.escalation.flips import flips
from detente.escalation.frequencies import belief_frequencies
from detente.escalation.learning import NOTHING, learning
from detente.escalation.numbers import numbers_used, published_estimates
from detente.escalation.packages.orders import preferences, survival
from detente.escalation.prepare import POINTS, Prepared, prepared
from detente.escalation.results import (
    AreaEffect,
    AreaInteraction,
    BeliefSet,
    Beside,
    BestPackage,
    Bounds,
    Driver,
    Effect,
    EscalationResults,
    Frequency,
    Learning,
    Observation,
    OrderedPair,
    Preferred,
    Way,
    WayCount,
)
from detente.escalation.uncertainty import BASE, Belief
from detente.escalation.ways import Ways
from detente.ground.chance import Floats


def assess_escalation(
    case: Case, *, points: int = POINTS, answers: Iterable[QuantityBelief] = ()
) -> EscalationResults:
    """The frequencies, the effects of all measures, the ways to the headline, and what turns.

    Parameters
    ----------
    case
        A case that was checked; its seed fixes every draw.
    points
        The number of Sobol points, a power of two.
    answers
        What groups believe of quantities, where numbers of the ladders are taken from answers.

    Returns
    -------
    EscalationResults
        Frequencies of the headline level and worse; of a ladder that a belief holds not to
        exist, none; under a belief that refuses numbers, bounds alone. Where the case has no
        ladder, only what others published.

    Raises
    ------
    CaseError
        As `prepare.prepared`, and where a belief refuses too many numbers.
    UsageError
        Where ``points`` is no power of two, or the case has ladders and no headline level.

    """
    made = prepared(case, points=points, answers=answers)
    if not any(made.at_headline.values()):
        return EscalationResults(
            points=points, headline=case.ladder.headline or "", beliefs=(), frequencies=(),
            effects=(), numbers=(), flips=(), published=published_estimates(made.case),
        )  # fmt: skip
    bounds, told = _effects(made)
    ways, counts = ways_told(made)
    areas, interactions = areas_told(made)
    orders, preferred = orders_told(made)
    headline_only = made.at_headline[BASE]
    return EscalationResults(
        points=points,
        headline=case.ladder.headline or "",
        beliefs=tuple(_belief_sets(made)),
        frequencies=frequencies_told(made),
        effects=told,
        numbers=numbers_used(made.case, made.held, made.named),
        flips=flips(made.base, made.measures, headline_only, made.sample)
        if made.base in made.telling
        else (),
        published=published_estimates(made.case),
        bounds=bounds,
        ways=ways,
        way_counts=counts,
        areas=areas,
        interactions=interactions,
        orders=orders,
        preferred=preferred,
        packages=packages_told(made),
        drivers=drivers_told(made),
        learning=learning_told(made),
        observations=observations_told(made),
        beside=_beside(made),
    )


def frequencies_told(made: Prepared) -> tuple[Frequency, ...]:
    """How often each level or worse is reached, under each belief that refuses no number."""
    found: list[Frequency] = []
    for belief in made.telling:
        found += belief_frequencies(
            belief.id,
            made.levels,
            made.by_level[belief.id],
            made.sample.parameters(belief),
            years=made.case.about.horizon_years,
        )
    return tuple(found)


def _effects(made: Prepared) -> tuple[tuple[Bounds, ...], tuple[Effect, ...]]:
    """The effect of every measure under every belief, and the bounds of those that refuse."""
    bounds: list[Bounds] = []
    told: list[Effect] = []
    for belief in made.held:
        structure = made.at_headline[belief.id]
        if belief in made.telling:
            before = made.worlds[belief.id]
            told += effects(belief, made.measures, before, sample=made.sample, named=made.named)
            continue
        found, own = bounds_of(
            belief, made.measures, structure, sample=made.sample, named=made.named
        )
        bounds += found
        told += own
    return tuple(bounds), tuple(told)


def ways_told(made: Prepared) -> tuple[tuple[Way, ...], tuple[WayCount, ...]]:
    """The ways to the headline under each belief that refuses no number, ranked and counted."""
    ranking = Ways()
    found: list[Way] = []
    counts: list[WayCount] = []
    for belief in made.telling:
        structure = made.at_headline[belief.id]
        counts.append(ranking.count(belief.id, structure))
        found += ranking.ranked(belief, structure, made.sample.parameters(belief))
    return tuple(found), tuple(counts)


def areas_told(made: Prepared) -> tuple[tuple[AreaEffect, ...], tuple[AreaInteraction, ...]]:
    """What the areas do under each belief, and how they work together in the case's numbers."""
    measures = made.case.measures
    found: list[AreaEffect] = []
    for belief in made.telling:
        packages = AreaPackages(belief, measures, made.at_headline[belief.id], made.sample)
        found += packages.effects(areas_of(belief, measures, made.named))
    if made.base not in made.telling:
        return tuple(found), ()
    few = AreaPackages(made.base, measures, made.at_headline[BASE], made.sample.first(FEW_POINTS))
    return tuple(found), area_interactions(few, areas_of(made.base, measures, made.named))


def orders_told(made: Prepared) -> tuple[tuple[OrderedPair, ...], tuple[Preferred, ...]]:
    """Which measure does more than which under every belief, and which each belief prefers."""
    by_belief: dict[str, dict[str, Floats]] = {}
    without: dict[str, Floats] = {}
    for belief in made.telling:
        without[belief.id] = total(made.worlds[belief.id].before)
        if not without[belief.id].any():  # what cannot happen ranks no measure
            continue
        found = made.ratios[belief.id]
        by_belief[belief.id] = {name: row for name, row in found.items() if np.isfinite(row).all()}
    names = [name for name in made.measures if all(name in found for found in by_belief.values())]
    if len(names) < 2 or not by_belief:
        return (), ()
    held = {
        belief: np.stack([found[name] for name in names]) for belief, found in by_belief.items()
    }
    order = survival(names, held)
    pairs = [
        OrderedPair(
            names[i], names[j], min(float(better[i, j]) for better in order.better.values())
        )
        for i, j in np.argwhere(order.covers)
    ]
    frequencies = {
        belief: np.vstack([np.ones(made.points), rows]) * without[belief]
        for belief, rows in held.items()
    }
    chosen = preferences([NOTHING, *names], frequencies)
    told = (Preferred(one.belief, one.preferred, one.flips) for one in chosen)
    return tuple(pairs), tuple(told)


def packages_told(made: Prepared) -> tuple[BestPackage, ...]:
    """The best packages of two and of three measures, for each belief alone."""
    return tuple(
        one
        for belief in made.telling
        for one in best_packages(
            belief,
            made.case.measures,
            made.at_headline[belief.id],
            made.sample,
            named=made.named,
        )
    )


def drivers_told(made: Prepared) -> tuple[Driver, ...]:
    """Which numbers make the spread of the headline frequency, in the case's own numbers."""
    if made.base not in made.telling:
        return ()
    seed = made.case.about.seed
    return drivers(made.base, made.at_headline[BASE], made.together, seed=seed)


def learning_told(made: Prepared) -> tuple[Learning, ...]:
    """Which number, once known, would change the preferred measure, for each belief alone."""
    return tuple(
        one
        for belief in made.telling
        for one in learning(
            belief,
            made.at_headline[belief.id],
            made.together,
            measures=made.measures,
            sample=made.sample,
        )
    )


def observations_told(made: Prepared) -> tuple[Observation, ...]:
    """What years without an event change under each belief."""
    places = {level: place for place, level in enumerate(made.levels)}
    return tuple(
        _observed(made, belief, quiet, places[quiet.level])
        for belief in made.telling
        for quiet in made.case.ladder.quiet
        if quiet.level in places
    )


def _observed(made: Prepared, belief: Belief, quiet: model.Quiet, place: int) -> Observation:
    values = made.sample.parameters(belief)
    per_year = np.broadcast_to(
        level_frequency(made.by_level[belief.id], values, place), made.points
    )
    found = no_event(per_year, quiet.years)
    even = np.full(made.points, 1 / made.points)
    changed = tuple(
        name
        for name, row in made.ratios[belief.id].items()
        if weighted_verdict(row, even) != weighted_verdict(row, found.weighted.weights)
    )
    return observation(belief.id, quiet, found, changed)


def _beside(made: Prepared) -> tuple[Beside, ...]:
    if made.base not in made.telling:
        return ()
    places = {level: place for place, level in enumerate(made.levels)}
    return beside(made.case, made.by_level[BASE], made.sample.parameters(made.base), places)


def _belief_sets(made: Prepared) -> Iterator[BeliefSet]:
    telling = {one.id for one in made.telling}
    yield BeliefSet(BASE, BASE, None, None, bounds_only=BASE not in telling)
    for belief in made.case.ladder.beliefs:
        yield BeliefSet(
            id=belief.id,
            title=made.case.words(belief.title),
            held_by=belief.held_by,
            source=belief.source,
            structure=bool(belief.without or belief.events or belief.ladders),
            bounds_only=belief.id not in telling,
        )
