"""What rules say of one encounter, and how it is graded: by what is known, and not by side.

Findings are never counted for a side: who is seen depends on who transmits.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.encounters.dossier.results import Dossier
from detente.encounters.results import EscalationGrade, GeometryGrade, Part, RuleFinding
from detente.report.document import (
    Block,
    Cell,
    Column,
    Frame,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Table,
)
from detente.report.language import Phrases
from detente.report.pages.encounter_words import (
    Measure,
    amount,
    grade_class,
    measured,
    metric,
    outcome,
    threshold,
)

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
        versions = dict.fromkeys(one.version for one in found.findings)
        yield Paragraph((_("Table of rules: {versions}.", versions=", ".join(versions)),), "small")
        yield Table(
            _frame(found, phrases), _("Findings, with what would change them"), "rules-table"
        )
    yield from _grades(found, phrases)


def _frame(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("rule", _("rule"), width=2.4),
        Column("article", _("instrument and article"), width=2.6),
        Column("known", _("what is known, and held against what"), width=3.4),
        Column("outcome", _("what is found"), width=1.6),
        Column("change", _("what would change it"), width=2.4),
    )
    findings = sorted(found.findings, key=lambda one: _ORDER.index(one.outcome))
    return Frame("rules", columns, tuple(_row(one, phrases) for one in findings))


def _row(one: RuleFinding, phrases: Phrases) -> tuple[str, ...]:
    _ = phrases
    text = _("text read") if one.text_verified else _("text not read")
    known = [f"{metric(each.metric, phrases)}: {measured(each, phrases)}" for each in one.metrics]
    known += [f"{used.name} = {threshold(used, phrases)}" for used in one.thresholds]
    return (
        f"{one.rule}: {one.title}",
        f"{one.instrument}, {one.article} ({text})",
        "; ".join(known),
        outcome(one.outcome, phrases),
        "; ".join(metric(name, phrases) for name in one.would_change),
    )


# --- grades ---------------------------------------------------------------------------------------


def _grades(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """Both axes, which are never added up, and what each side calls it."""
    _ = phrases
    told = found.accounts.labels if found.accounts is not None else ()
    labels = [(one.side, one.words, one.by) for one in told]
    graded = found.graded
    if graded is not None:
        labels += [(one.side, one.words, one.by) for one in graded.labels]
    if graded is None and not labels:
        return
    yield Heading(_("Grades, and what each side calls it"), 2 if found.findings else 1, "grades")
    items: tuple[Inline, ...] = tuple(
        (_("{side}: “{words}” ({by})", side=side, words=words, by=by),)
        for side, words, by in dict.fromkeys(labels)
    )
    if items:
        yield Listing(items)
    if graded is None:
        return
    yield Paragraph(
        (
            _("Two axes that are never added up: a close pass by agreement is no escalation."),
            " ",
            _("Table of grades: {version}.", version=graded.table),
        )
    )
    if graded.geometry is not None:
        yield from _geometry(graded.geometry, phrases)
    yield from _escalation(graded.escalation, phrases)


def _geometry(grade: GeometryGrade, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    columns = (
        Column("part", _("part"), width=3),
        Column("measured", _("what was measured"), width=2.4),
        Column("low", _("points, at least"), "right", 0),
        Column("value", _("points"), "right", 0),
        Column("high", _("points, at most"), "right", 0),
        Column("source", _("source"), width=2.6),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.title,
            amount(one.of, _PARTS[one.part], phrases) if one.of else _("not known"),
            one.low, one.value, one.high, one.source,
        )
        for one in grade.points
    ]  # fmt: skip
    most = _("of at most {most}", most=_.cell(grade.most))
    rows.append((_("sum"), most, grade.low, grade.value, grade.high, ""))
    caption = _("Geometry: the more points, the nearer and the less under control")
    yield Table(Frame("geometry", columns, tuple(rows)), caption, "geometry-table")


_PARTS: dict[Part, Measure] = {
    "separation": "share",
    "closure": "speed",
    "controllability": "angle",
}


def _escalation(grade: EscalationGrade, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    least, most = (grade_class(one, phrases) for one in (grade.at_least, grade.could_be))
    if least == most:
        yield Paragraph((_("Escalation, by what is known: {grade}.", grade=least),))
    else:
        said = _(
            "Escalation: at least {least}; {most} by what is left open.", least=least, most=most
        )
        yield Paragraph((said,))
    columns = (
        Column("reason", _("reason"), width=3.2),
        Column("grade", _("it would be"), width=1.6),
        Column("outcome", _("does it hold"), width=2),
        Column("because", _("rests on"), width=2),
        Column("source", _("whose reason"), width=2.6),
    )
    rows = tuple(
        (
            one.title,
            grade_class(one.grade, phrases),
            outcome(one.outcome, phrases),
            ", ".join(one.because),
            one.source,
        )
        for one in grade.reasons
    )
    if rows:
        caption = _("Escalation: reasons that hold or are open")
        yield Table(Frame("escalation", columns, rows), caption, "escalation-table")
