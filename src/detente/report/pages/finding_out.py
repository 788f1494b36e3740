"""What to find out next: numbers that, once known, would change a choice; and what spreads most."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.escalation.results import Driver, Learning
from detente.report.document import (
    Block,
    Chart,
    Column,
    Frame,
    Heading,
    Listing,
    Paragraph,
)
from detente.report.names import Names
from detente.report.pages.beliefs import told_first
from detente.report.pages.rarity import STEP, about

MOST_SENTENCES = 3


def finding_out_page(results: AssessmentResults, names: Names) -> list[Block]:
    """For each belief alone: what it would be worth to learn, and which numbers spread most."""
    _ = names.phrases
    found = results.escalation
    if not (found.learning or found.drivers):
        return []
    return [
        Heading(_("What to find out next"), 1, "finding-out"),
        *_learning(results, names),
        *_drivers(results, names),
    ]


def learning_sentences(results: AssessmentResults, belief: str, names: Names) -> list[str]:
    """The numbers most worth learning under one belief, in words; the most valuable first."""
    own = [one for one in results.escalation.learning if one.belief == belief]
    return [_sentence(one, names) for one in own if one.changes >= STEP][:MOST_SENTENCES]


def _sentence(one: Learning, names: Names) -> str:
    return names.phrases(
        "Learning the number “{number}” would change the preferred measure in about {share} of "
        "the cases (from {before} to {after}).",
        number=names.number(one.number, one.belief),
        share=about(one.changes, names),
        before=one.preferred or names.phrases("no measure"),
        after=one.instead or names.phrases("no measure"),
    )


def _learning(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    text = _(
        "Each belief prefers the measure with which “{headline}” or worse is rarest on average. "
        "For each number and each belief alone: how often would another measure be preferred once "
        "the number is known? This ranks questions, and answers none.",
        headline=names.level(results.escalation.headline),
    )
    if not results.escalation.learning:
        return [Paragraph((_("No number, once known, would change the preferred measure."),))]
    blocks: list[Block] = [Paragraph((text,))]
    by_words: dict[tuple[str, ...], list[str]] = {}
    for belief in results.escalation.beliefs:
        if not belief.bounds_only:
            sentences = tuple(learning_sentences(results, belief.id, names))
            by_words.setdefault(sentences, []).append(belief.id)
    for sentences, beliefs in by_words.items():
        title = "; ".join(names.belief(belief) for belief in beliefs)
        said = sentences or (_("No number, once known, would change the preferred measure."),)
        blocks += [
            Paragraph((f"{title}:",)),
            Listing(tuple((sentence,) for sentence in said)),
        ]
    return [*blocks, _learning_chart(results, names)]


def _learning_chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    frame = Frame(
        "learning",
        (
            Column("number", _("number"), width=4),
            Column("belief", _("numbers of"), width=3),
            Column("preferred", _("preferred"), width=1.2),
            Column("instead", _("instead"), width=1.2),
            Column("changes", _("share of the cases in which it changes"), "right", 2),
            Column("worth", _("share of the frequency saved by knowing"), "right", 3),
        ),
        tuple(
            (
                names.number(one.number, one.belief),
                names.belief(one.belief),
                one.preferred or _("no measure"),
                one.instead or _("no measure"),
                one.changes,
                one.worth,
            )
            for one in results.escalation.learning
        ),
    )
    belief = names.belief(told_first(results))
    return Chart(
        frame,
        _bars(belief, "worth", _("share of the frequency saved by knowing")),
        f"{_('What to find out next')}: {belief}",
        _("Bars of {n} numbers.", n=_of(frame, belief)),
        "learning-chart",
    )


def _drivers(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.escalation.drivers:
        return []
    frame = Frame(
        "drivers",
        (
            Column("number", _("number"), width=4),
            Column("belief", _("numbers of"), width=3),
            Column("share", _("share of the spread"), "right", 2),
            Column("alone", _("by itself"), "right", 2),
            Column("error", _("standard error"), "right", 2),
            Column("how", _("how computed"), width=1.5),
        ),
        tuple(
            (
                names.number(one.number, one.belief),
                names.belief(one.belief),
                _share(one),
                one.first,
                one.error,
                _("exactly") if one.shapley is None else _("by sampling"),
            )
            for one in results.escalation.drivers
        ),
    )
    text = _(
        "How much of the variance of the frequency each number makes, with its interplay with "
        "others; by itself: what would go if it alone were known. Where numbers are correlated, "
        "the variance is shared out among them (Shapley effects)."
    )
    belief = names.belief(told_first(results))
    return [
        Heading(_("Which numbers make the spread"), 2, "drivers"),
        Paragraph((text,)),
        Chart(
            frame,
            _bars(belief, "share", _("share of the spread")),
            f"{_('Which numbers make the spread')}: {belief}",
            _("Bars of {n} numbers.", n=_of(frame, belief)),
            "drivers-chart",
        ),
    ]


def _share(one: Driver) -> float | None:
    return one.total if one.shapley is None else one.shapley


def _of(frame: Frame, belief: str) -> int:
    return sum(row[1] == belief for row in frame.rows)


def _bars(belief: str, field: str, title: str) -> dict[str, Any]:
    """Bars of the numbers of one belief, in the order of the frame."""
    return {
        "transform": [{"filter": {"field": "belief", "equal": belief}}],
        "mark": "bar",
        "encoding": {
            "y": {"field": "number", "type": "nominal", "sort": None, "title": None},
            "x": {
                "field": field,
                "type": "quantitative",
                "title": title,
                "axis": {"format": "~%"},
            },
        },
    }
