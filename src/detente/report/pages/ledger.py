"""The reassurance ledger as a picture and as a table."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.elicitation.results import Spread
from detente.report.document import Block, Chart, Column, Frame, Heading, Note, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import BLACK, WHITE, looks, point

LOOKS = {
    "valued-and-cheap": ("circle", BLACK),
    "unnoticed-opening": ("triangle-up", BLACK),
    "valued-and-dear": ("square", WHITE),
    "gift-nobody-wants": ("cross", WHITE),
    "cannot-tell": ("circle", WHITE),
}
MIDDLE, TOP = 5, 10  # of the scale
WIDTH, HEIGHT = 285, 112  # CSS pixels of one direction
LETTER, LINE, RADIUS = 6.5, 11, 5  # of labels and marks


def ledger_frame(results: AssessmentResults, names: Names) -> Frame:
    """A row for each measure and direction."""
    _ = names.phrases
    return Frame(
        "ledger",
        (
            Column("measure", _("measure"), width=0.8),
            Column("title", _("title"), width=3.4),
            Column("direction", _("direction"), width=2.6),
            Column("expected", _("giver expects"), "right", 1),
            Column("expected_low", _("from"), "right", 1),
            Column("expected_high", _("to"), "right", 1),
            Column("said", _("receiver says"), "right", 1),
            Column("said_low", _("from"), "right", 1),
            Column("said_high", _("to"), "right", 1),
            Column("cost", _("giver's cost"), "right", 1),
            Column("kept_own", _("kept: giver"), "right", 2),
            Column("kept_other", _("kept: receiver"), "right", 2),
            Column("class", _("class"), width=1.6),
        ),
        tuple(
            (
                entry.measure,
                names.measure_title(entry.measure),
                direction(names, entry.giver, entry.receiver),
                *_three(entry.expected),
                *_three(entry.said),
                entry.cost.mid if entry.cost else None,
                entry.kept_by_own_view.mid if entry.kept_by_own_view else None,
                entry.kept_by_other_view.mid if entry.kept_by_other_view else None,
                names.ledger(entry.kind),
            )
            for entry in results.ledger
        ),
    )


def _three(spread: Spread | None) -> tuple[float | None, float | None, float | None]:
    return (spread.mid, spread.low, spread.high) if spread else (None, None, None)


def direction(names: Names, giver: str, receiver: str) -> str:
    """Who gives and who receives."""
    return names.phrases(
        "{giver} gives, {receiver} receives",
        giver=names.group(giver),
        receiver=names.group(receiver),
    )


def ledger_chart(results: AssessmentResults, names: Names) -> Chart | Note:
    """Both directions side by side: what the giver expects against what the receiver says."""
    _ = names.phrases
    frame = ledger_frame(results, names)
    if not frame.rows:
        return Note(
            _("No reassurance ledger"),
            ((_("Nobody answered the questions on reassurance in this edition."),),),
        )
    directions = list(dict.fromkeys(str(row[2]) for row in frame.rows))
    panels = [_panel(frame, title, names, first=title == directions[0]) for title in directions]
    spec = {
        "hconcat": panels,
        "spacing": 30,
        "resolve": {"legend": {"shape": "shared", "fill": "shared"}},
    }
    return Chart(
        frame,
        spec,
        _(
            "The reassurance ledger. Above the diagonal: worth more to the receiver than the "
            "giver expects."
        ),
        _(
            "Scatter of {n} measures by expected and stated reassurance, in both directions.",
            n=len({row[0] for row in frame.rows}),
        ),
        "ledger-chart",
    )


def _panel(frame: Frame, title: str, names: Names, *, first: bool) -> dict[str, Any]:
    """One direction: the diagonal, the middle of both scales, and the measures by class."""
    _ = names.phrases
    x = _scale("expected", _("giver expects"))
    y = _scale("said", _("receiver says") if first else "")
    classes = {names.ledger(kind): look for kind, look in LOOKS.items()}
    labels = name_places(frame, title, names.ledger("cannot-tell"))
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 11},
        "width": WIDTH,
        "height": HEIGHT,
        "transform": [
            {"filter": {"field": "direction", "equal": title}},
            {"filter": "isValid(datum.expected) && isValid(datum.said)"},
        ],
        "layer": [
            {
                "data": {
                    "values": [{"expected": 0, "said": 0}, {"expected": TOP, "said": TOP}],
                },
                "mark": {"type": "line", "stroke": "#999999", "strokeWidth": 1},
                "encoding": {"x": x, "y": y},
            },
            _middle("x"),
            _middle("y"),
            {
                "mark": point(),
                "encoding": {"x": x, "y": y, **looks("class", classes, orient="bottom")},
            },
            *(
                {
                    "data": {"values": [one for one in labels if one["align"] == align]},
                    "mark": {"type": "text", "align": align, "fontSize": 10},
                    "encoding": {"x": x, "y": y, "text": {"field": "measure", "type": "nominal"}},
                }
                for align in ("left", "right")
            ),
        ],
    }


def name_places(frame: Frame, title: str, unlabelled: str) -> list[dict[str, Any]]:
    """Where the name of each measure stands, beside its mark and clear of all others if it can."""
    keys = [column.key for column in frame.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in frame.rows]
    found = []
    for row in rows:
        if row["direction"] == title and None not in (row["expected"], row["said"]):
            across, up = float(str(row["expected"])), float(str(row["said"]))
            found.append((row, across * WIDTH / TOP, (TOP - up) * HEIGHT / TOP))
    taken = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for _row, x, y in found]
    labels = []
    for row, x, y in sorted(found, key=lambda one: one[2]):
        if row["class"] == unlabelled:
            continue
        name = str(row["measure"])
        places = _places(x, y, LETTER * len(name))
        box = min(places, key=lambda place: sum(_overlap(place, one) for one in taken))
        taken.append(box)
        left = box[0] > x
        labels.append(
            {
                "measure": name,
                "align": "left" if left else "right",
                "expected": (box[0] if left else box[2]) * TOP / WIDTH,
                "said": TOP - (box[1] + box[3]) / 2 * TOP / HEIGHT,
            }
        )
    return labels


Box = tuple[float, float, float, float]  # left, top, right and bottom, in pixels


def _places(x: float, y: float, wide: float) -> list[Box]:
    """Right and left of a mark, then a little above and below, the best first; none outside."""
    return [
        (left, y + dy - LINE / 2, left + wide, y + dy + LINE / 2)
        for dy in (0, -LINE / 2, LINE / 2, -LINE, LINE)
        for left in (x + RADIUS + 3, x - RADIUS - 3 - wide)
        if left >= 0 and left + wide <= WIDTH
    ]


def _overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0)


def _scale(field: str, title: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, TOP]},
        "axis": {"values": [0, MIDDLE, TOP], "grid": False},
        "title": title or None,
    }


def _middle(axis: str) -> dict[str, Any]:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "strokeDash": [2, 3], "stroke": "#777777", "strokeWidth": 1},
        "encoding": {axis: {"datum": MIDDLE}},
    }


def ledger_page(results: AssessmentResults, names: Names) -> list[Block]:
    """The ledger in full, and how its classes are read."""
    _ = names.phrases
    frame = ledger_frame(results, names)
    if not frame.rows:
        return []
    return [
        Heading(_("The reassurance ledger in full"), 2, "ledger"),
        Paragraph(
            (
                _(
                    "Ratings run from 0 to 10; intervals are 90 % t intervals of a group's mean. "
                    "Valued: the whole interval of what the receiver says lies above 5. Unnoticed "
                    "opening: valued, while all that the giver expects lies below 5. Gift nobody "
                    "wants: the receiver's interval lies below 5, the giver's above. Valued and "
                    "cheap, valued and dear: the giver expects it too, all above 5, and its cost "
                    "lies below or above 5. "
                    "Otherwise we cannot tell. A gap can be error, posture, or a panel that "
                    "differs from its government."
                ),
            )
        ),
        Table(
            frame,
            _(
                "What the giver expects and what the receiver says, 0 (not at all) to 10 (very "
                "much)"
            ),
            "ledger-table",
            (
                "measure",
                "title",
                "direction",
                "expected",
                "said",
                "cost",
                "kept_own",
                "kept_other",
                "class",
            ),
        ),
    ]
