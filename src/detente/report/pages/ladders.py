"""The annex on escalation: what each measure does, and orders of magnitude."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Cell, Chart, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names

LONGEST_YEARS = 1e9  # beyond this, how rarely is no longer told


def ladders_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Effects by measure and belief, the ladders themselves, and published estimates."""
    _ = names.phrases
    if not results.escalation.beliefs:
        return []
    headline = names.level(results.escalation.headline)
    return [
        Heading(_("What each measure does to the risk"), 1, "effects"),
        Paragraph(
            (
                _(
                    "Each measure acts on named numbers of the ladders, never on the outcome, and "
                    "may lower one path and raise another. The ratio compares how often "
                    "“{headline}” or worse is reached with the measure and without. Better: below "
                    "1 in at least 90 % of the samples; worse: above 1 in at least 90 %; no "
                    "difference: within 1 %; else we cannot tell.",
                    headline=headline,
                ),
            )
        ),
        _effects_chart(results, names),
        Table(
            _verdicts(results, names), _("Verdict of every measure under every belief"), "verdicts"
        ),
        Paragraph((_legend(results, names),), "small"),
        Heading(_("The ladders"), 2, "ladders"),
        *_ladder_tables(case, names),
        Heading(_("Orders of magnitude"), 2, "magnitudes"),
        Paragraph(
            (
                _(
                    "These frequencies follow from assumed numbers that are wide on purpose. They "
                    "tell orders of magnitude, not forecasts; a ladder is not confirmed by "
                    "published estimates that it resembles, and none of these was fed into the "
                    "case's own numbers."
                ),
            )
        ),
        Table(
            _frequencies(results, names),
            _("How often a level or worse is reached"),
            "frequencies",
            ("belief", "ladder", "level", "words", "words_from", "words_to"),
        ),
        *_published(results, names),
    ]


def _effects_chart(results: AssessmentResults, names: Names) -> Chart:
    _ = names.phrases
    frame = _effects(results, names)
    base = names.belief(results.escalation.beliefs[0].id)
    spec = {
        "transform": [
            {"filter": {"field": "belief", "equal": base}},
            {"filter": "isValid(datum.ratio)"},
        ],
        "width": 330,
        "height": {"step": 17},
        "layer": _effect_layers(_("frequency with : without")),
    }
    return Chart(
        frame,
        spec,
        _(
            "Ratio of the frequency with each measure to that without, under the case's own "
            "numbers. Left of the dashed line: rarer."
        ),
        _("Ratios of {n} measures with 90 % intervals.", n=len({row[0] for row in frame.rows})),
        "effects-chart",
    )


def _effect_layers(title: str) -> list[dict[str, Any]]:
    """The line of no effect, the intervals and the medians, on a logarithmic scale."""
    x = {"type": "quantitative", "scale": {"type": "log", "nice": False}, "axis": {"tickCount": 6}}
    y = {"field": "measure", "type": "nominal", "sort": None}
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "stroke": "#777777", "strokeDash": [2, 3]},
            "encoding": {"x": {"datum": 1}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 1.5},
            "encoding": {
                "y": {**y, "axis": {"title": None, "labelLimit": 330}},
                "x": {**x, "field": "low", "title": title},
                "x2": {"field": "high"},
            },
        },
        {
            "mark": {"type": "point", "size": 45, "fill": "#222222", "stroke": "#222222"},
            "encoding": {"y": y, "x": {**x, "field": "ratio"}},
        },
    ]


def _effects(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "effects",
        (
            Column("measure", _("measure"), width=4),
            Column("belief", _("numbers of"), width=2),
            Column("low", _("5 %"), "right", 3),
            Column("ratio", _("median ratio"), "right", 3),
            Column("high", _("95 %"), "right", 3),
            Column("lower", _("share below 1"), "right", 2),
            Column("verdict", _("verdict")),
        ),
        tuple(
            (
                names.measure(effect.measure),
                names.belief(effect.belief),
                effect.ratio.low if effect.ratio else None,
                effect.ratio.mid if effect.ratio else None,
                effect.ratio.high if effect.ratio else None,
                effect.lower,
                names.verdict(effect.verdict),
            )
            for effect in results.escalation.effects
        ),
    )


def _verdicts(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    beliefs = results.escalation.beliefs
    table: dict[str, dict[str, str]] = {}
    for effect in results.escalation.effects:
        table.setdefault(effect.measure, {})[effect.belief] = names.sign(effect.verdict)
    columns = (
        Column("measure", _("measure"), width=6),
        *(Column(f"belief_{b.id}", str(i), "center", width=0.5) for i, b in enumerate(beliefs, 1)),
    )
    rows: list[tuple[Cell, ...]] = [
        (names.measure(measure), *(cells[belief.id] for belief in beliefs))
        for measure, cells in table.items()
    ]
    return Frame("verdicts", columns, tuple(rows))


def _legend(results: AssessmentResults, names: Names) -> str:
    _ = names.phrases
    beliefs = "; ".join(
        f"{place} {names.belief(belief.id)}"
        for place, belief in enumerate(results.escalation.beliefs, start=1)
    )
    return _(
        "+ better, = no difference, − worse, ? cannot tell. Numbers of: {beliefs}.", beliefs=beliefs
    )


def _ladder_tables(case: Case, names: Names) -> list[Block]:
    _ = names.phrases
    columns = (
        Column("rung", "", "right", 0, width=0.3),
        Column("event", _("what happens next"), width=5),
        Column("number", _("number"), width=2.2),
        Column("otherwise", _("otherwise it ends as"), width=2),
    )
    tables: list[Block] = []
    for ladder in case.ladder.ladders:
        rows: list[tuple[Cell, ...]] = [(None, names.text(ladder.title), ladder.starts, None)]
        for place, rung in enumerate(ladder.path, start=1):
            other = rung.otherwise
            end = names.level(other) if isinstance(other, str) else _("a further path")
            rows.append((place, names.text(rung.event), rung.p, end))
        rows.append((None, _("all of them happen"), None, names.level(ladder.ends)))
        frame = Frame(f"ladder-{ladder.id}", columns, tuple(rows))
        tables.append(Table(frame, names.text(ladder.title), f"ladder-{ladder.id}"))
    return tables


def _frequencies(results: AssessmentResults, names: Names) -> Frame:
    """All ladders together under every belief, and each alone under the case's own numbers."""
    _ = names.phrases
    base = results.escalation.beliefs[0].id
    return Frame(
        "frequencies",
        (
            Column("belief", _("numbers of"), width=3),
            Column("ladder", _("ladder"), width=2),
            Column("level", _("level or worse"), width=2),
            Column("low", _("5 %"), "right", 6),
            Column("mid", _("median"), "right", 6),
            Column("high", _("95 %"), "right", 6),
            Column("words", _("once in about … years"), "right", width=1.3),
            Column("words_from", _("from"), "right", width=1.3),
            Column("words_to", _("to"), "right", width=1.3),
        ),
        tuple(
            (
                names.belief(one.belief),
                one.ladder or _("all together"),
                names.level(one.level),
                one.per_year.low,
                one.per_year.mid,
                one.per_year.high,
                _years(one.per_year.mid, names),
                _years(one.per_year.high, names),
                _years(one.per_year.low, names),
            )
            for one in results.escalation.frequencies
            if not one.ladder or one.belief == base
        ),
    )


def _years(per_year: float, names: Names) -> str:
    """The years between two events to one significant digit; more would read as a forecast."""
    if per_year <= 0:
        return names.phrases("never")
    if per_year < 1 / LONGEST_YEARS:
        return f"> {names.phrases.number(LONGEST_YEARS, 0)}"
    return names.phrases.number(float(f"{1 / per_year:.0e}"), 0 if per_year < 1 else 1)


def _published(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    if not results.escalation.published:
        return []
    frame = Frame(
        "published",
        (
            Column("about", _("what was estimated"), width=4),
            Column("unit", _("unit"), width=1.6),
            Column("low", _("low"), "right", 5),
            Column("mid", _("middle"), "right", 5),
            Column("high", _("high"), "right", 5),
            Column("period", _("period"), width=1.4),
            Column("source", _("source"), width=1.8),
            Column("status", _("checked"), width=1.1),
        ),
        tuple(
            (
                names.text(one.about),
                one.unit.replace("-", " "),
                one.low,
                one.mid,
                one.high,
                one.period,
                one.provenance.source,
                names.status(one.provenance.status),
            )
            for one in results.escalation.published
        ),
    )
    return [Table(frame, _("Estimates published by others"), "published")]
