"""Which conclusions would turn if an assumed number were wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detente.assessment.results import AssessmentResults
from detente.escalation.results import Flip
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.agenda import number_unit, number_words

MOST_SENTENCES = 1


def flip_sentences(shown: Sequence[str], results: AssessmentResults, names: Names) -> list[str]:
    """The flips that weigh most: those of measures shown above first, then the busiest numbers."""
    busy = Counter(flip.number for flip in results.escalation.flips)
    ordered = sorted(
        results.escalation.flips,
        key=lambda flip: (flip.measure not in shown, -busy[flip.number], flip.number, flip.end),
    )
    return [flip_sentence(flip, names) for flip in ordered[:MOST_SENTENCES]]


def flipped_above(shown: Sequence[str], results: AssessmentResults, names: Names) -> str:
    """Which of the measures that page 2 shows are among those that flip."""
    _ = names.phrases
    flipped = {flip.measure for flip in results.escalation.flips}
    told = [measure for measure in shown if measure in flipped]
    if not told:
        return _("They touch no measure of the table above.")
    return _("They touch {measures} of the table above.", measures=_.list(told))


def flip_sentence(flip: Flip, names: Names) -> str:
    """One flip in words."""
    _ = names.phrases
    text = (
        _(
            "If “{number}” were at its low end ({at}), {measure} would turn from “{before}” "
            "to “{after}”."
        )
        if flip.end == "low"
        else _(
            "If “{number}” were at its high end ({at}), {measure} would turn from “{before}” "
            "to “{after}”."
        )
    )
    return text.format(
        number=names.number(flip.number),
        at=number_words(flip.at, number_unit(flip.number, "base", names), names),
        measure=names.measure(flip.measure),
        before=names.verdict(flip.before),
        after=names.verdict(flip.after),
    )


def flips_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Every assumed number and every flip."""
    _ = names.phrases
    if not results.escalation.numbers:
        return []
    return [
        Heading(_("What rests on which number"), 1, "numbers"),
        Paragraph(
            (
                _(
                    "Each number that the ladders use, with its 90 % interval, its basis and its "
                    "source. An assumed number is detente's or the case's authors' own; it is no "
                    "measurement and no party's opinion."
                ),
            )
        ),
        Table(_numbers(results, names), _("Numbers of the ladders"), "numbers-table"),
        Heading(_("Conclusions that would flip"), 2, "flips"),
        Paragraph(
            (
                _(
                    "One assumed number at a time is fixed at the low and at the high end of its "
                    "interval, under the case's own numbers; the verdicts that change are listed."
                ),
            )
        ),
        Table(_flips(results, names), _("Flips"), "flips-table"),
    ]


def _numbers(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "numbers",
        (
            Column("number", _("number"), width=2),
            Column("what", _("what it is"), width=3),
            Column("low", _("low"), "right", 4),
            Column("mid", _("middle"), "right", 4),
            Column("high", _("high"), "right", 4),
            Column("basis", _("basis")),
            Column("source", _("source"), width=2.5),
            Column("date", _("date")),
            Column("status", _("checked")),
        ),
        tuple(
            (
                number.id,
                number.what,
                number.low,
                number.mid,
                number.high,
                names.basis(number.provenance.basis),
                number.provenance.source,
                number.provenance.date,
                names.status(number.provenance.status),
            )
            for number in results.escalation.numbers
        ),
    )


def _flips(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "flips",
        (
            Column("number", _("number"), width=2.5),
            Column("end", _("fixed at its")),
            Column("at", _("value"), "right", 4),
            Column("measure", _("measure"), width=4),
            Column("before", _("from")),
            Column("after", _("to")),
        ),
        tuple(
            (
                flip.number,
                _("low end") if flip.end == "low" else _("high end"),
                flip.at,
                names.measure(flip.measure),
                names.verdict(flip.before),
                names.verdict(flip.after),
            )
            for flip in results.escalation.flips
        ),
    )
