"""Columns that stand for beliefs: numbered in narrow tables, with the numbers' meaning below."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.escalation.results import AreaEffect, Effect
from detente.report.document import Cell, Column
from detente.report.names import Names


def belief_columns(results: AssessmentResults, *, width: float) -> tuple[Column, ...]:
    """A column for each belief, titled by its place."""
    return tuple(
        Column(f"belief_{belief.id}", str(place), "center", width=width)
        for place, belief in enumerate(results.escalation.beliefs, start=1)
    )


def legend(results: AssessmentResults, names: Names) -> str:
    """What the signs and the numbers of the columns stand for."""
    _ = names.phrases
    beliefs = "; ".join(
        f"{place} {names.belief(belief.id)}"
        for place, belief in enumerate(results.escalation.beliefs, start=1)
    )
    return _(
        "+ better, = no difference, − worse, ? cannot tell. Numbers of: {beliefs}.", beliefs=beliefs
    )


def told_first(results: AssessmentResults) -> str:
    """The belief that pictures show: the case's own numbers, else the first that gives numbers."""
    beliefs = results.escalation.beliefs
    telling = [belief.id for belief in beliefs if not belief.bounds_only]
    return next(iter(telling), beliefs[0].id)


def option(measure: str, names: Names) -> str:
    """The id and the title of a measure that a belief prefers, if it prefers any."""
    return names.measure(measure) if measure else names.phrases("no measure")


def told_effect(effect: Effect | AreaEffect, names: Names) -> tuple[Cell, ...]:
    """The interval of a ratio, where one is told, the share below 1, and the verdict."""
    ratio = effect.ratio
    ends = (ratio.low, ratio.mid, ratio.high) if ratio else (None, None, None)
    return (*ends, effect.lower, names.verdict(effect.verdict))
