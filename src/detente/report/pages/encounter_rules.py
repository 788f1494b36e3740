"""What rules say of one encounter, and how it is graded: by what is known, and not by side.

Findings are never counted for a side: who is seen depends on who transmits.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.encounters.dossier.results import Dossier, GradeAxis
from detente.encounters.results import RuleFinding
from detente.report.document import Block, Column, Frame, Heading, Inline, Listing, Paragraph, Table
from detente.report.language import Phrases
from detente.report.pages.encounter_words import measured, metric, outcome, threshold

_ORDER = ("true", "undetermined", "needs-report", "false")


def section(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """The findings, and the grades beside what each side calls it."""
    _ = phrases
    if found.findings:
        yield Heading(_("Held against rules"), 1, "rules")
        yield Paragraph(
            (
                _(
                    "Each rule names its article and the number that it was held against. Articles "
                    "mostly say “safe distance” and name none; then the number is of practice, or "
                    "the analyst's. A finding says whether what is known is consistent with the "
                    "condition of the rule, and does not say that somebody broke it."
                ),
            )
        )
        yield Table(
            _frame(found, phrases), _("Findings, with what would change them"), "rules-table"
        )
    yield from _grades(found, phrases)


def _frame(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("rule", _("rule and article"), width=3),
        Column("known", _("what is known"), width=3),
        Column("thresholds", _("held against"), width=2.4),
        Column("outcome", _("outcome"), width=1.8),
        Column("change", _("what would change it"), width=2.4),
    )
    findings = sorted(found.findings, key=lambda one: _ORDER.index(one.outcome))
    return Frame("rules", columns, tuple(_row(one, phrases) for one in findings))


def _row(one: RuleFinding, phrases: Phrases) -> tuple[str, ...]:
    _ = phrases
    text = _("text read") if one.text_verified else _("text not read")
    known = "; ".join(
        f"{metric(each.metric, phrases)}: {measured(each, phrases)}" for each in one.metrics
    )
    against = "; ".join(f"{used.name}: {threshold(used, phrases)}" for used in one.thresholds)
    change = "; ".join(metric(name, phrases) for name in one.would_change)
    rule = f"{one.rule}: {one.title}. {one.instrument}, {one.article} ({text}; {one.version})"
    return rule, known, against, outcome(one.outcome, phrases), change


def _grades(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    labels = found.accounts.labels if found.accounts is not None else ()
    if not found.grades and not labels:
        return
    yield Heading(_("Grades, and what each side calls it"), 2 if found.findings else 1, "grades")
    if found.grades:
        columns = (
            Column("axis", _("axis"), width=1.6),
            Column("grade", _("grade"), width=1.6),
            Column("scheme", _("by"), width=2.2),
            Column("reasons", _("because"), width=4),
        )
        rows = tuple(_grade(one, phrases) for one in found.grades)
        yield Table(
            Frame("grades", columns, rows), _("Two axes that are never added"), "grades-table"
        )
    items: tuple[Inline, ...] = tuple(
        (_("{side}: “{words}” ({by})", side=one.side, words=one.words, by=one.by),)
        for one in labels
    )
    if items:
        yield Listing(items)


def _grade(one: GradeAxis, phrases: Phrases) -> tuple[str, ...]:
    _ = phrases
    axis = {"geometry": _("geometry"), "escalation": _("escalation")}[one.axis]
    return axis, one.grade or _("not determined"), one.scheme, "; ".join(one.reasons)
