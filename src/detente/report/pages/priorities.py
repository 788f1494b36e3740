"""How each side ranks the risks."""

from __future__ import annotations

from typing import Any

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.elicitation.results import Priority
from detente.report.charts import wrapped
from detente.report.document import Block, Chart, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.marks import BLACK, GREY, point

LETTERS = 55  # of a label in one line
ROW, ROWS = 17, 25  # CSS pixels of a risk whose label takes one line, or two


def priorities_frame(results: AssessmentResults, names: Names, kind: str, name: str) -> Frame:
    """Mean ranks of the groups of one kind (side or party), a row per group and risk."""
    _ = names.phrases
    groups = {group.id for group in results.elicitation.groups if group.kind == kind}
    rows = [one for one in results.elicitation.priorities if one.group in groups]
    order = sorted({one.risk for one in rows}, key=lambda risk: _overall(rows, risk))
    rows.sort(key=lambda one: order.index(one.risk))
    return Frame(
        name,
        (
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.5),
            Column("rank", _("mean rank"), "right", 1),
            Column("low", _("90 % from"), "right", 1),
            Column("high", _("to"), "right", 1),
            Column("first_three", _("people with it in their first 3"), width=1.4),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(one.risk),
                names.group(one.group),
                one.mean_rank.mid,
                one.mean_rank.low,
                one.mean_rank.high,
                names.tally(one.first_three_low, one.first_three_high, one.people),
                one.people,
            )
            for one in rows
        ),
    )


def _overall(rows: list[Priority], risk: str) -> float:
    ranks = [one.mean_rank.mid for one in rows if one.risk == risk]
    return sum(ranks) / len(ranks)


def priorities_chart(results: AssessmentResults, names: Names) -> Chart | None:
    """A slope chart: each side's order of the risks, joined; None where no side ranked risks."""
    _ = names.phrases
    frame = priorities_frame(results, names, "side", "priorities")
    if not frame.rows:
        return None
    sides = list(dict.fromkeys(str(row[1]) for row in frame.rows))
    risks = list(dict.fromkeys(str(row[0]) for row in frame.rows))
    return Chart(
        frame,
        _slopes(frame, sides, _("mean rank (1 is first)")),
        _(
            "Which risks come first, by side: mean rank with its 90 % interval. Dark: in the "
            "first three of every side."
        ),
        _("Mean ranks of {n} risks by {sides}, joined.", n=len(risks), sides=_.list(sides)),
        "priorities-chart",
    )


def _slopes(frame: Frame, sides: list[str], title: str) -> dict[str, Any]:
    """Lines between the sides, intervals at each, and labels that keep clear of each other."""
    ranks = {(str(row[0]), str(row[1])): float(str(row[2])) for row in frame.rows}
    risks = list(dict.fromkeys(risk for risk, _side in ranks))
    shared = [risk for risk in risks if all(_in_first(ranks, risk, side) for side in sides)]
    dark = {
        "condition": {"test": {"field": "risk", "oneOf": shared}, "value": BLACK},
        "value": GREY,
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0.5, len(risks) + 0.6], "reverse": True, "nice": False},
        "axis": None,
    }
    x = {
        "field": "group",
        "type": "nominal",
        "sort": sides,
        "scale": {"paddingOuter": 0.02, "type": "point"},
        "axis": {
            "title": title,
            "orient": "top",
            "domain": False,
            "ticks": False,
            "labelPadding": 2,
        },
    }
    return {
        "width": 230 * (len(sides) - 1),
        "height": (ROW if all(len(risk) <= LETTERS for risk in risks) else ROWS) * len(risks),
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.35},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "low"},
                    "y2": {"field": "high"},
                    "stroke": dark,
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 1.6},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "rank"},
                    "detail": {"field": "risk"},
                    "stroke": dark,
                },
            },
            {"mark": point(40), "encoding": {"x": x, "y": {**y, "field": "rank"}, "fill": dark}},
            *(_labels(ranks, side, x, y, right=right) for side, right in _ends(sides)),
        ],
    }


def _ends(sides: list[str]) -> list[tuple[str, bool]]:
    return [(sides[0], False), (sides[-1], True)] if len(sides) > 1 else [(sides[0], False)]


def _in_first(ranks: dict[tuple[str, str], float], risk: str, side: str) -> bool:
    own = ranks.get((risk, side), float("inf"))
    return sum(rank <= own for (_risk, of), rank in ranks.items() if of == side) <= 3


def _labels(
    ranks: dict[tuple[str, str], float],
    side: str,
    x: dict[str, Any],
    y: dict[str, Any],
    *,
    right: bool,
) -> dict[str, Any]:
    own = sorted((rank, risk) for (risk, of), rank in ranks.items() if of == side)
    places = _apart([rank for rank, _risk in own], least=1.0)
    values = [
        {"group": side, "risk": risk, "place": place}
        for (_rank, risk), place in zip(own, places, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": "left" if right else "right",
            "dx": 12 if right else -12,
            "baseline": "middle",
            "fontSize": 11,
            "lineHeight": 12,
            "limit": 0,
        },
        "transform": [{"calculate": wrapped("datum.risk", LETTERS), "as": "lines"}],
        "encoding": {
            "x": x,
            "y": {**y, "field": "place"},
            "text": {"field": "lines", "type": "nominal"},
        },
    }


def _apart(places: list[float], least: float) -> list[float]:
    """Ascending ``places`` moved as little as needed to stand ``least`` apart.

    Neighbours that are too near become a block around their mean, as in isotonic regression.
    """
    blocks: list[tuple[float, int]] = []  # mean of (place - order * least), and how many
    for order, place in enumerate(places):
        mean, size = place - order * least, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean = (before * many + mean * size) / (many + size)
            size += many
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    return [mean + order * least for order, mean in enumerate(flat)]


def priorities_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The details behind the first figure: worths, who differs, and parties where released."""
    blocks = [*_worths(results, names), *_by_party(case, results, names)]
    return [Heading(names.phrases("Priorities"), 2, "priorities"), *blocks] if blocks else []


def _by_party(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    frame = priorities_frame(results, names, "party", "priorities-by-party")
    if not frame.rows:
        return []
    text = _(
        "Each person ranked the risks from 1. A party's own row is printed only where its group "
        "released it and at least {k} people answered.",
        k=case.about.min_cell,
    )
    table = Table(frame, _("Mean rank of each risk by party"), "priorities-by-party")
    return [Paragraph((text,)), table]


def _worths(results: AssessmentResults, names: Names) -> list[Block]:
    _ = names.phrases
    found = results.elicitation
    if not found.worths:
        return []
    text = _(
        "Rankings, pairs and best–worst choices together (Bradley–Terry log-worths, mean 0, 90 % "
        "intervals with people as clusters). Ranks: those that cannot be ruled out, all risks at "
        "once. In first 3: the chance of it."
    )
    return [
        Paragraph((text,)),
        Table(_worths_frame(results, names), _("How strongly each risk is put first"), "worths"),
        *(Paragraph((sentence,)) for sentence in _sentences(results, names)),
        *_tree(results, names),
    ]


def _worths_frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "worths",
        (
            Column("risk", _("risk"), width=3),
            Column("group", _("group"), width=1.5),
            Column("worth", _("worth"), "right", 2),
            Column("low", _("90 % from"), "right", 2),
            Column("high", _("to"), "right", 2),
            Column("rank_low", _("rank from"), "right", 0),
            Column("rank_high", _("rank to"), "right", 0),
            Column("in_first", _("in first 3"), "right", 2),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.risk(one.risk),
                names.group(one.group),
                one.worth.mid,
                one.worth.low,
                one.worth.high,
                one.rank_low,
                one.rank_high,
                one.in_first,
                one.people,
            )
            for one in results.elicitation.worths
        ),
    )


def _sentences(results: AssessmentResults, names: Names) -> list[str]:
    """What is shared, how far people rank alike, and whether groups differ."""
    _ = names.phrases
    found = results.elicitation
    sentences = []
    likely = [one for one in found.shared_first if one.chance >= 0.05]
    if likely:
        parts = [
            f"{names.risk(one.risk)} ({_.percent(one.chance)})"
            for one in sorted(likely, key=lambda one: -one.chance)
        ]
        sentences.append(
            _("Chance of standing in the first three of every side: {risks}.", risks=_.list(parts))
        )
    if found.concordances:
        parts = [f"{names.group(one.group)} {_.number(one.w, 2)}" for one in found.concordances]
        sentences.append(
            _("How far people rank alike (Kendall's W, 0 to 1): {groups}.", groups=_.list(parts))
        )
    for one in found.contrasts:
        groups = _.list([names.group(group) for group in one.groups])
        text = (
            _("{groups} put the risks in different orders", groups=groups)
            if one.tells
            else _(
                "Whether {groups} put the risks in different orders, we cannot tell", groups=groups
            )
        )
        figure = _("p = {p}", p=_.number(one.p, 3)) if one.p >= 0.001 else _("p < 0.001")
        sentences.append(f"{text} ({figure}).")
    return sentences


def _tree(results: AssessmentResults, names: Names) -> list[Block]:
    """The tree, where people part at all."""
    _ = names.phrases
    nodes = results.elicitation.tree
    if len(nodes) < 2:
        return []
    frame = Frame(
        "priority-tree",
        (
            Column("who", _("who"), width=2.5),
            Column("people", _("people"), "right", 0),
            Column("parted", _("parted by"), width=1.2),
            Column("p", _("p"), "right", 3),
            Column("first", _("first three"), width=4),
        ),
        tuple(
            (
                _.list([names.group(value) for value in node.values]) or _("everybody"),
                node.people,
                {None: "", "side": _("side"), "track": _("track"), "party": _("party")}[node.by],
                node.p,
                _.list([names.risk(risk) for risk in node.first]),
            )
            for node in nodes
        ),
    )
    return [Table(frame, _("Who prioritises differently: a Bradley–Terry tree"), "priority-tree")]
