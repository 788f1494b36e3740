"""A document with every kind of block, set with words that are hard to set."""

from __future__ import annotations

from detente.report.charts import wrapped
from detente.report.document import (
    Block,
    Chart,
    Column,
    Columns,
    Document,
    Frame,
    Heading,
    Link,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Table,
)

MARKING = "Illustrative: invented for training"

PRIORITIES = Frame(
    "priorities",
    (
        Column("risk", "Risk", width=4),
        Column("side", "Side", width=1.5),
        Column("rank", "Mean rank", "right", 1),
        Column("low", "90 % from", "right", 1),
        Column("high", "to", "right", 1),
    ),
    (
        ("Unplanned close approach of aircraft", "North", 1.4, 1.1, 1.9),
        ("Unplanned close approach of aircraft", "South", 3.2, 2.4, 4.1),
        ("Exercise mistaken for preparation", "North", 3.6, 2.8, 4.3),
        ("Exercise mistaken for preparation", "South", 1.5, 1.0, 2.2),
        ("Damage to a cable or pipeline at sea", "North", 2.3, 1.6, 3.2),
        ("Damage to a cable or pipeline at sea", "South", 2.6, 1.9, 3.6),
        ("Launch detected in error", "North", 4.1, 3.3, 4.7),
        ("Launch detected in error", "South", 4.2, 3.5, 4.8),
    ),
)

LEDGER = Frame(
    "ledger",
    (
        Column("measure", "Measure"),
        Column("giver", "Giver", width=0.8),
        Column("expected", "Expected by the giver", "right", 1),
        Column("said", "Said by the receiver", "right", 1),
    ),
    (
        ("M1", "North", 7.5, 3.1),
        ("M2", "North", 4.0, 7.9),
        ("M3", "North", 6.2, 6.6),
        ("M1", "South", 5.2, 5.9),
        ("M2", "South", 8.1, 2.7),
        ("M4", "South", 2.4, 6.8),
    ),
)

WIDE = Frame(
    "frequencies",
    (
        Column("measure", "Measure", width=3.2),
        Column("title", "Title in Russian", width=3.2),
        *(
            Column(f"y{year}", str(year), "right", 2 if year % 2 else None)
            for year in range(2017, 2026)
        ),
        Column("state", "State", width=1.6),
    ),
    tuple(
        (
            name,
            title,
            *((1000.0 / (row + 2)) / (year - 2015.5) for year in range(2017, 2025)),
            None if row % 3 else 7,
            "Wygasłe",
        )
        for row, (name, title) in enumerate(
            (
                ("Prior notification of exercises", "Предварительное уведомление об учениях"),
                ("Hotline between operators", "Прямая линия между дежурными"),
                (
                    "Zapobieganie-incydentom-na-otwartym-morzu-i-nad-nim",
                    "Предотвращение инцидентов в открытом море и в воздушном пространстве над ним",
                ),
                ("Transponders on", "Полёты с включёнными приёмоответчиками"),
                ("=1+2 looks like a formula", "Взаимные посещения авиабаз"),
            )
        )
    ),
)

SINGLE = Frame("single", (Column("key", "Key"), Column("count", "Count")), (("all", 12345),))

_PAIR = {"field": "side", "type": "nominal", "title": None}


def slope() -> Chart:
    """Mean ranks of two sides, joined for each risk, labelled at the line's end."""
    rank = {"field": "rank", "type": "quantitative", "title": "Mean rank (1 is first)"}
    ranked = {**rank, "scale": {"reverse": True, "domain": [1, 5]}}
    top = {"orient": "top", "domain": False, "ticks": False}
    dash = {"field": "risk", "type": "nominal", "legend": None}
    label = {"type": "text", "align": "left", "baseline": "middle", "dx": 8}
    return Chart(
        PRIORITIES,
        {
            "height": 230,
            "encoding": {"x": {**_PAIR, "axis": top, "scale": {"padding": 0.9}}, "y": ranked},
            "layer": [
                {"mark": "line", "encoding": {"strokeDash": dash}},
                {"mark": "point", "encoding": {"shape": dash}},
                {
                    "transform": [
                        {"filter": "datum.side == 'South'"},
                        {"calculate": wrapped("datum.risk", 18), "as": "lines"},
                    ],
                    "mark": label,
                    "encoding": {"text": {"field": "lines"}},
                },
            ],
        },
        "What each side puts first",
        "Slope chart of four risks. North puts close approaches of aircraft first (mean rank 1.4), "
        "South puts exercises mistaken for preparation first (1.5).",
        "chart-priorities",
    )


def scatter() -> Chart:
    """What givers expect against what receivers say, each point with its measure's name."""
    scale = {"domain": [0, 10]}
    return Chart(
        LEDGER,
        {
            "height": 230,
            "encoding": {
                "x": {
                    "field": "expected",
                    "type": "quantitative",
                    "title": "Expected by the giver",
                    "scale": scale,
                },
                "y": {
                    "field": "said",
                    "type": "quantitative",
                    "title": "Said by the receiver",
                    "scale": scale,
                },
            },
            "layer": [
                {
                    "mark": "point",
                    "encoding": {
                        "shape": {"field": "giver", "type": "nominal", "title": "Giver"},
                        "color": {"field": "giver", "type": "nominal", "title": "Giver"},
                    },
                },
                {
                    "mark": {"type": "text", "dx": 9, "align": "left"},
                    "encoding": {"text": {"field": "measure"}},
                },
            ],
        },
        "The reassurance ledger",
        "Scatter of six measures. M2 by North is valued more (7.9) than North expects (4.0); "
        "M2 by South is valued less (2.7) than South expects (8.1).",
        "chart-ledger",
    )


def bars(name: str = "bars", *, folded: bool = True) -> Chart:
    """Intervals of one number for each risk."""
    frame = Frame(
        name,
        (
            Column("risk", "Ризик / Risiko / Риск", width=3),
            Column("mid", "Events a year", "right", 2),
        ),
        (
            ("Опасное сближение воздушных судов над морем", 12.5),
            ("Zakłócenia sygnału nawigacji satelitarnej w rejonie", 8.25),
            ("Munitionsreste unter Wasser", 1234.5),
        ),
    )
    return Chart(
        frame,
        {
            "mark": "bar",
            "encoding": {
                "y": {"field": "risk", "type": "nominal", "title": None, "sort": None},
                "x": {"field": "mid", "type": "quantitative", "title": "Events a year"},
            },
        },
        f"How often, by the case's own numbers ({name})",
        "Bars of three risks; the third is a hundred times more frequent than the others.",
        f"chart-{name}",
        folded=folded,
    )


BLOCKS: tuple[Block, ...] = (
    Heading("What both sides put first, and what would reassure them", 1, "summary"),
    Paragraph(
        (
            (
                "Edition 2, 1 March 2026. Heard: 12 people from North and South. Basis: every "
                "number is illustrative, invented for training."
            ),
        ),
        "small",
    ),
    Paragraph(
        (
            (
                "All panels put “Damage to a cable or pipeline at sea” in their first three. They "
                "part most on close approaches: the panel of North holds its odds 2.1 to 9 times "
                "higher."
            ),
        ),
        "lead",
    ),
    Columns(((slope(),), (scatter(),))),
    Paragraph(
        (
            "North would offer M1, which South does not value. The full list stands in ",
            Link("the table of frequencies", "#frequencies"),
            "; the method is described in ",
            Link("Lempert et al. 2003", "https://www.rand.org/pubs/monograph_reports/MR1626.html"),
            ".",
        ),
    ),
    Heading("How often, and how sure", 1, "risks"),
    Heading("Частота событий и её неопределённость", 2, "frequency"),
    Paragraph(
        (
            "Długie słowa: Konstantynopolitańczykowianeczka; "
            "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen; "
            "достопримечательностипревысокомногорассмотрительствующий. " * 2,
        )
    ),
    bars(),
    Heading("Text that looks like markup", 3, "markup"),
    Paragraph(
        ("# = * _ ` $ < > & @ \\ [x] {y} // /* */ <script>alert(1)</script> \"q\" 'q' ~ -- ...",)
    ),
    Listing(
        (
            ("Notify exercises 42 days ahead, also below 9\u202f000 troops.",),
            ("Keep the line open: ", Link("see the note", "#missing"), "."),
            ("≥ 3 → 4, −5 × 10⁻³, ½, “quotes”, ‘single’, №, §.",),
        )
    ),
    Listing((("First, ask.",), ("Then, count.",)), numbered=True),
    Note(
        "What is missing here",
        (
            ("Priorities with intervals need people who answer: at least five on each side.",),
            ("No opinion is invented in their place. ", Link("Summary", "#summary")),
        ),
    ),
    Heading("Tables", 1, "tables"),
    Table(WIDE, "Incidents a year in each area, by measure", "frequencies"),
    Table(PRIORITIES, "Mean ranks without their intervals", "missing", ("risk", "side", "rank")),
    Table(SINGLE, "One row"),
    PageBreak(),
    Heading("On a page of its own", 2, "own"),
    bars("open", folded=False),
    Columns(
        (
            (Heading("Left", 3, "left"), Paragraph(("Words on the left. " * 12,))),
            (Heading("Right", 3, "right"), Note("Beside", (("Words on the right. " * 8,),))),
        )
    ),
)


def document(blocks: tuple[Block, ...] = BLOCKS, **changes: str) -> Document:
    """The sample, or another text with its head."""
    head = {
        "title": "Risks between North and South",
        "subtitle": "Which measures help, whom they reassure, and what all could agree on next",
        "language": "en",
        "edition": "2",
        "date": "2026-03-01",
        "digest": "3f2a9c41d0e87b65aa10" + "0" * 44,
        "marking": MARKING,
        "running": "Edition 2",
        "contents": "Contents",
    }
    return Document(**{**head, **changes}, blocks=blocks)
