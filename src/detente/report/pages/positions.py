"""Public positions: who offered, accepted or refused what, and in which document."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Frame,
    Heading,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.marks import BLACK, LIGHT, WHITE, X, looks, point

LOOKS = {
    "offered": ("circle", BLACK),
    "accepted": ("circle", WHITE),
    "conditional": ("triangle-up", LIGHT),
    "refused": (X, BLACK),
}


def stands_frame(results: AssessmentResults, names: Names) -> Frame:
    """A row for each measure and party of a side with a position that counts."""
    _ = names.phrases
    return Frame(
        "stands",
        (
            Column("measure", _("measure"), width=3),
            Column("party", _("party")),
            Column("position", _("position")),
            Column("checked", _("checked")),
            Column("since", _("said since then")),
        ),
        tuple(
            (
                names.measure(stand.measure),
                stand.party,
                names.position(stand.position),
                _("second-hand") if stand.second_hand else _("verified"),
                names.position(stand.since),
            )
            for stand in results.stands
            if stand.row is not None
        ),
    )


def positions_chart(case: Case, results: AssessmentResults, names: Names) -> Chart:
    """Measures against parties: the position of each, by shape."""
    _ = names.phrases
    frame = stands_frame(results, names)
    parties = [party for side in case.about.sides for party in side.parties]
    kinds = {names.position(kind): look for kind, look in LOOKS.items()}
    spec = {
        "width": {"step": 44},
        "height": {"step": 14},
        "mark": point(),
        "encoding": {
            "x": {
                "field": "party",
                "type": "nominal",
                "sort": parties,
                "scale": {"domain": parties},
                "axis": {"title": None, "orient": "top", "labelAngle": 0},
            },
            "y": {
                "field": "measure",
                "type": "nominal",
                "scale": {"domain": [names.measure(measure.id) for measure in case.measures]},
                "axis": {"title": None, "labelLimit": 430, "grid": True, "gridColor": "#e5e5e5"},
            },
            **looks("position", kinds),
        },
    }
    until = _.date(case.about.positions_until or case.about.as_of)
    return Chart(
        frame,
        spec,
        _("Public positions found up to {until}. An empty cell means not found.", until=until),
        _(
            "{n} positions of {parties} on the measures.",
            n=len(frame.rows),
            parties=_.list(parties),
        ),
        "positions-chart",
    )


def positions_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Every position with its document, and the rule that reads a class from them."""
    _ = names.phrases
    if not case.positions:
        return []
    kinds = {one.measure: one for one in results.ground}
    by_positions = any(one.by == "positions" for one in results.ground)
    blocks: list[Block] = [
        Heading(_("Public positions"), 1, "positions"),
        Paragraph(
            (
                _(
                    "Of a party's dated positions up to the day named, the verified ones count; "
                    "second-hand ones count only where there is no verified one; what is quoted "
                    "from memory never counts. The latest counts; of the same day the least "
                    "forthcoming. Later positions are told as “said since then”. A declared "
                    "position is not an intention."
                ),
            )
        ),
    ]
    if by_positions:
        blocks += [
            Paragraph(
                (
                    _(
                        "Shared ground: a position was found on every side, and all found are "
                        "offers or acceptances. Acceptable: some are conditional, none refused. "
                        "Tradeable: refused on some sides, while another side has no refusal. "
                        "Contested: refused on every side. Not known: a side has no position that "
                        "could be found. A red line cannot be read from a position."
                    ),
                )
            ),
            Table(_class_frame(results, names, kinds), _("Classes read from positions"), "classes"),
        ]
    blocks.append(
        Table(
            _rows_frame(case, names),
            _("All positions found, with their documents"),
            "positions-table",
            ("measure", "party", "position", "date", "document", "words", "status"),
        )
    )
    return blocks


def _class_frame(results: AssessmentResults, names: Names, kinds: dict[str, Any]) -> Frame:
    _ = names.phrases

    def cell(measure: str) -> tuple[Cell, ...]:
        one = kinds[measure]
        limiting = ", ".join(dict.fromkeys(one.limiting))
        return (names.measure(measure), names.ground(one.kind), limiting)

    return Frame(
        "classes",
        (
            Column("measure", _("measure"), width=4),
            Column("class", _("class"), width=1.2),
            Column("limiting", _("decided by"), width=2),
        ),
        tuple(cell(one.measure) for one in results.ground),
    )


def _rows_frame(case: Case, names: Names) -> Frame:
    _ = names.phrases
    order = {measure.id: place for place, measure in enumerate(case.measures)}
    rows = sorted(case.positions, key=lambda row: (order[row.measure], row.party, row.date or ""))
    return Frame(
        "positions",
        (
            Column("measure", _("measure"), width=0.7),
            Column("party", _("party"), width=0.7),
            Column("position", _("position"), width=1.3),
            Column("date", _("date"), width=1.2),
            Column("document", _("document"), width=2.4),
            Column("place", _("place in it"), width=1),
            Column("url", _("address"), width=2),
            Column("words", _("what it says, in our own words"), width=4),
            Column("status", _("checked"), width=1),
            Column("note", _("note"), width=2),
        ),
        tuple(
            (
                row.measure,
                row.party,
                names.position(row.position),
                row.date or _("undated"),
                row.document,
                row.place,
                row.url,
                row.words,
                names.status(row.status),
                row.note,
            )
            for row in rows
        ),
    )
