"""Page 2: what survives, what could be done next, what to talk about, what rests on assumption."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.assessment.results import AssessmentResults, Gift, PathStep
from detente.case.case import Case
from detente.case.model import Measure
from detente.report.document import (
    Block,
    Cell,
    Column,
    Frame,
    Heading,
    Inline,
    Link,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.agenda import agenda_lines
from detente.report.pages.calendar import done_by
from detente.report.pages.flips import flip_sentences, flipped_above
from detente.report.pages.packages import package_lines
from detente.report.pages.summary import ledger_sentences

MOST_CHOICES = 5
MOST_NAMED = 5  # beliefs whose titles have room below a table


def page_two(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The second page: four short parts, each a picture of one decision."""
    _ = names.phrases
    shown = [choice.measure for choice in results.choices[:MOST_CHOICES]]
    blocks: list[Block] = [
        PageBreak(),
        Heading(_("Measures that survive every belief tried"), 2, "survivors"),
        *_survivors(case, results, names),
        Heading(_("Reciprocal steps"), 2, "steps"),
        *_steps(case, results, names),
        *package_lines(results, names, shown),
        Heading(_("Disagreements worth an hour"), 2, "agenda"),
        *agenda_lines(results, names),
        Heading(_("What rests on assumption"), 2, "assumption"),
        *_assumption(results, names),
    ]
    return [*blocks, *_names_of(case, results, blocks, names)]


def _names_of(
    case: Case, results: AssessmentResults, blocks: list[Block], names: Names
) -> list[Block]:
    """The measures that these two pages call by their ids alone, with their names."""
    said = " ".join((*_words(blocks), *ledger_sentences(results, names)))
    in_chart = {one.measure for one in results.ledger if one.kind != "cannot-tell"}
    left = [
        names.measure(one.id)
        for one in case.measures
        if one.id in in_chart or re.search(rf"(?<![\w.]){re.escape(one.id)}(?!\w|\.\d)", said)
        if names.measure(one.id) not in said
    ]
    if not left:
        return []
    return [
        Paragraph((names.phrases("Also named: {measures}.", measures="; ".join(left)),), "small")
    ]


def _words(blocks: list[Block]) -> Iterator[str]:
    """What stands in paragraphs, lists and tables."""
    for block in blocks:
        if isinstance(block, Table):
            yield from (str(cell) for row in block.frame.rows for cell in row)
        elif isinstance(block, Paragraph | Listing):
            lines = (block.content,) if isinstance(block, Paragraph) else block.items
            yield from (part for line in lines for part in line if isinstance(part, str))


def _survivors(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.choices:
        return [_nothing_survives(results, names)]
    beliefs = results.escalation.beliefs
    shown = results.choices[:MOST_CHOICES]
    states = {state.measure: state for state in results.states}
    deciders = {measure.id: _deciders(measure, names) for measure in case.measures}
    columns = (
        Column("measure", _("measure"), width=3.8),
        *(
            Column(f"belief_{b.id}", str(place), "center", width=0.28)
            for place, b in enumerate(beliefs, start=1)
        ),
        Column("ground", _("common ground"), width=1.2),
        Column("red_lines", _("red lines"), width=0.8),
        Column("today", _("today"), width=2.3),
        Column("decides", _("who decides"), width=5.5),
    )
    rows: list[tuple[Cell, ...]] = []
    for choice in shown:
        verdicts = dict(choice.verdicts)
        rows.append(
            (
                names.measure(choice.measure),
                *(names.sign(verdicts[belief.id]) for belief in beliefs),
                names.ground(choice.ground),
                _.list([names.party(party) for party in choice.red_lines])
                or _red_line_unknown(results, names),
                names.state(states[choice.measure].state),
                deciders[choice.measure] or _("not found"),
            )
        )
    fewer = _(
        "Only {n} survive; the others harm, or cannot be told, under some belief.", n=len(shown)
    )
    more = _("{n} more survive.", n=len(results.choices) - len(shown))
    tail = fewer if len(shown) < MOST_CHOICES else more if len(results.choices) > len(shown) else ""
    today = _("Today: {date}.", date=_.date(case.about.as_of))
    frame = Frame("survivors", columns, tuple(rows))
    caption = _(
        "“Lowers the risk”: with a chance of at least 90 %, “{headline}” or worse becomes rarer.",
        headline=names.level(results.escalation.headline),
    )
    return [
        Table(frame, caption, "survivors-table"),
        Paragraph(
            (*_legend(results, names), *(f" {one}" for one in (today, tail) if one)), "small"
        ),
    ]


def _deciders(measure: Measure, names: Names) -> str:
    """Who decides on a measure, by party in the order of ids; an office of one name once."""
    by_office: dict[str, list[str]] = {}
    for one in sorted(measure.decided_by, key=lambda one: one.party):
        by_office.setdefault(one.who, []).append(names.group(one.party))
    return "; ".join(f"{', '.join(who)}: {office}" for office, who in by_office.items())


def _legend(results: AssessmentResults, names: Names) -> Inline:
    """What the signs mean, and the beliefs by their numbers; many are named in the annex alone."""
    _ = names.phrases
    beliefs = results.escalation.beliefs
    if len(beliefs) <= MOST_NAMED:
        named = ", ".join(f"{i} {names.belief(b.id)}" for i, b in enumerate(beliefs, start=1))
        text = _(
            "+ lowers the risk, = no difference, under the numbers of: {beliefs}.", beliefs=named
        )
        return (text,)
    text = _(
        "+ lowers the risk, = no difference; 1 to {n}: each set of numbers",
        n=len(beliefs),
    )
    return (text, _(" ("), Link(_("all of them"), "#verdicts"), _(")."))


def _red_line_unknown(results: AssessmentResults, names: Names) -> str:
    _ = names.phrases
    return _("none") if results.stakes else _("not asked")


def _nothing_survives(results: AssessmentResults, names: Names) -> Note:
    _ = names.phrases
    if not results.escalation.beliefs:
        text = _(
            "The case has no ladder, so no measure's effect on risk can be told. The case's "
            "authors could add ladder.yaml."
        )
    else:
        text = _(
            "No measure is found to help under some belief and to harm under none. The annex "
            "shows under which belief each one fails."
        )
    return Note(_("No measure survives every belief"), ((text,),))


def _steps(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.path:
        text = _(
            "No reciprocal step can be drawn from what is known: it needs a measure with a "
            "described step that is still possible and that no side refused."
        )
        return [Note(_("No step found"), ((text,),))]
    columns = (
        Column("step", "", "right", 0, width=0.3),
        *(Column(f"side_{side.id}", names.text(side.name), width=3) for side in case.about.sides),
        Column("verified", _("verified how"), width=2.2),
        Column("by", _("done by"), width=1.2),
        Column("stopped", _("if they stop"), width=2.2),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            step.number,
            *(_does(gift, names) for gift in step.gifts),
            _each(names, [gift.verified for gift in step.gifts]),
            _by_when(step, results, names),
            _each(names, [gift.if_stopped for gift in step.gifts]),
        )
        for step in results.path
    )
    from_ledger = any(step.by == "ledger" for step in results.path)
    note = (
        _("Valued by the receiver, not called dear by the giver; unilateral and verifiable first.")
        if from_ledger
        else _("What no side refused and is still possible; unilateral and verifiable first.")
    )
    return [
        Table(
            Frame("steps", columns, rows),
            _("What each side could do: for discussion, no party's proposal"),
            "steps-table",
        ),
        Paragraph((note, *_calendar_link(results, names)), "small"),
    ]


def _calendar_link(results: AssessmentResults, names: Names) -> Inline:
    """The way to the steps on dates, where there are any."""
    if results.calendar is None or not results.calendar.entries:
        return ()
    _ = names.phrases
    said = _("Earliest dates; who decides:")
    return (f" {said} ", Link(_("Calendar"), "#calendar"))


def _does(gift: Gift, names: Names) -> str:
    return f"{gift.measure}: {names.text(gift.does)}"


def _each(names: Names, texts: list[dict[str, str]]) -> str:
    return " / ".join(dict.fromkeys(names.text(text) for text in texts))


def _by_when(step: PathStep, results: AssessmentResults, names: Names) -> str:
    """How long the step takes, and the first day by which it can be done."""
    _ = names.phrases
    months = _.n("{n} month", "{n} months", round(max(gift.months for gift in step.gifts)))
    day = done_by(results, step.number)
    return f"{_.short_date(day)} ({months})" if day else months


def _assumption(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    shown = [choice.measure for choice in results.choices[:MOST_CHOICES]]
    sentences = flip_sentences(shown, results, names)
    above = (flipped_above(shown, results, names),) if shown else ()
    told: Inline = (
        _("With one assumed number at a time at its low or high end, "),
        _.n("{n} verdict changes", "{n} verdicts change", len(results.escalation.flips)),
        _(" ("),
        Link(_("all of them"), "#flips"),
        _(")."),
    )
    if not sentences:
        return [Paragraph((*told[:2], "."))]
    return [Paragraph((*told, *(f" {one}" for one in (*above, *sentences))))]
