"""The annex on escalation: what each measure does, under each belief."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.report.document import Block, Cell, Chart, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.areas import areas_blocks
from detente.report.pages.beliefs import belief_columns, legend, told_effect, told_first
from detente.report.pages.marks import effect_layers
from detente.report.pages.orders import orders_blocks


def effects_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Effects by measure and belief, what order of measures survives, and what the areas do."""
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
        *_charts(results, names),
        Table(
            _verdicts(results, names), _("Verdict of every measure under every belief"), "verdicts"
        ),
        Paragraph((legend(results, names),), "small"),
        *orders_blocks(results, names),
        *areas_blocks(results, names),
    ]


def _charts(results: AssessmentResults, names: Names) -> list[Chart]:
    """One picture, or none where no ratio is told."""
    _ = names.phrases
    if not any(effect.ratio for effect in results.escalation.effects):
        return []
    frame = _effects(results, names)
    base = names.belief(told_first(results))
    spec = {
        "transform": [
            {"filter": {"field": "belief", "equal": base}},
            {"filter": "isValid(datum.ratio)"},
        ],
        "width": 330,
        "height": {"step": 17},
        "layer": effect_layers("measure", _("frequency with : without")),
    }
    caption = _(
        "Ratio of the frequency with : without; numbers of: {belief}. Left of the dashed line: "
        "rarer.",
        belief=base,
    )
    measures = len({row[0] for row in frame.rows})
    alt = _("Ratios of {n} measures with 90 % intervals.", n=measures)
    return [Chart(frame, spec, caption, alt, "effects-chart")]


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
                *told_effect(effect, names),
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
        *belief_columns(results, width=0.5),
    )
    rows: list[tuple[Cell, ...]] = [
        (names.measure(measure), *(cells[belief.id] for belief in beliefs))
        for measure, cells in table.items()
    ]
    return Frame("verdicts", columns, tuple(rows))
