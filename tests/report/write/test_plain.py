"""Blocks as plain values."""

from __future__ import annotations

from typing import Any

from tests.report.sample import bars, document

from detente.report.document import Chart, Columns, Link, PageBreak, Paragraph
from detente.report.language import phrases
from detente.report.write.plain import edition, plain

EN = phrases("en")


def test_a_chart_is_drawn_for_the_columns_in_which_it_stands():
    places: list[tuple[str, int]] = []
    blocks = (bars("a"), Columns(((bars("b"),), (bars("c"),))), bars("d"), PageBreak())

    def draw(chart: Chart, beside: int) -> dict[str, Any]:
        places.append((chart.frame.name, beside))
        return {}

    plain(blocks, EN, draw)
    assert places == [("a", 1), ("b", 2), ("c", 2), ("d", 1)]


def test_targets_are_told_apart():
    content = ("a", Link("b", "#x"), Link("c", "HTTPS://x.org"), Link("d", "ftp://x.org"))
    (block,) = plain((Paragraph(content),), EN, lambda _chart, _beside: {})
    assert [(piece["inner"], piece["outer"]) for piece in block["content"]] == [
        ("", ""),
        ("x", ""),
        ("", "HTTPS://x.org"),
        ("", ""),
    ]


def test_an_edition_is_told_in_short():
    assert edition(document(), EN) == ["Edition 2", "1 March 2026", "3f2a9c41d0e8"]
    assert edition(document(running=""), EN)[0] == "2"
    assert edition(document(edition="", running="", date="", digest=""), EN) == []
