"""The ledger as a picture: every measure of a class is named, clear of other names."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report.charts import picture
from detente.report.document import Chart, Column, Frame, Note
from detente.report.pages.ledger import (
    HEIGHT,
    LETTER,
    LINE,
    TOP,
    WIDTH,
    ledger_chart,
    ledger_page,
    name_places,
)


def labels_of(chart: Chart, panel: int) -> list[dict]:
    layers = chart.spec["hconcat"][panel]["layer"]
    texts = [layer for layer in layers if layer["mark"].get("type") == "text"]
    return [value for layer in texts for value in layer["data"]["values"]]


def box_of(label: dict) -> tuple[float, float, float, float]:
    x, y = label["expected"] * WIDTH / TOP, (TOP - label["said"]) * HEIGHT / TOP
    wide = LETTER * len(label["measure"])
    left = x if label["align"] == "left" else x - wide
    return left, y - LINE / 2, left + wide, y + LINE / 2


def shared(a, b) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0)


def test_each_told_class_is_named_once_in_its_direction(assessed, names):
    chart = ledger_chart(assessed, names)
    for panel, giver in enumerate(("highland", "lowland")):
        told = [
            one.measure
            for one in assessed.ledger
            if one.giver == giver and one.kind != "cannot-tell"
        ]
        assert sorted(one["measure"] for one in labels_of(chart, panel)) == sorted(told)


@pytest.mark.parametrize("panel", [0, 1])
def test_no_name_stands_on_another(assessed, names, panel):
    boxes = [box_of(one) for one in labels_of(ledger_chart(assessed, names), panel)]
    assert len(boxes) > 3
    assert all(shared(a, b) < 1e-6 for a, b in combinations(boxes, 2))


points = st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=12)


@given(points)
def test_every_name_stands_inside_beside_its_mark(places):
    keys = ("measure", "direction", "expected", "said", "class")
    rows = [
        dict(zip(keys, (f"M{place}", "to them", x, y, "valued"), strict=True))
        for place, (x, y) in enumerate(places)
    ]
    columns = tuple(Column(key, key) for key in keys)
    frame = Frame("ledger", columns, tuple(tuple(row.values()) for row in rows))
    labels = name_places(frame, "to them", "cannot tell")
    assert {one["measure"] for one in labels} == {row["measure"] for row in rows}
    for row in rows:
        (label,) = [one for one in labels if one["measure"] == row["measure"]]
        left, top, right, bottom = box_of(label)
        assert -1e-6 <= left < right <= WIDTH + 1e-6
        x, y = row["expected"] * WIDTH / TOP, (TOP - row["said"]) * HEIGHT / TOP
        assert min(abs(left - x), abs(right - x)) == pytest.approx(8)
        assert abs((top + bottom) / 2 - y) <= LINE + 1e-6


def test_the_picture_names_classes_and_directions(assessed, names):
    drawn = picture(ledger_chart(assessed, names))
    for words in ("Highland gives", "unnoticed opening", "giver expects"):
        assert words in drawn


def test_without_ratings_it_is_said_and_there_is_no_page(assessed, names):
    nothing = replace(assessed, ledger=())
    assert isinstance(ledger_chart(nothing, names), Note)
    assert ledger_page(nothing, names) == []
