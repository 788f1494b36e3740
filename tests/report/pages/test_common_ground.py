"""Common ground on the page: classes in order, and the chances of those that may be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.report.charts import picture
from detente.report.document import Chart
from detente.report.pages.common_ground import common_ground_page, in_columns, row_height
from detente.report.pages.marks import looks


@pytest.fixture
def page(training, assessed, names):
    def made(**changes):
        return common_ground_page(training, replace(assessed, **changes), names)

    return made


@pytest.fixture
def chart_of():
    def found(blocks):
        return next(iter([block for block in blocks if isinstance(block, Chart)]), None)

    return found


def test_without_stakes_there_is_no_page(page):
    assert page(stakes=()) == []


def test_the_picture_stands_in_the_order_of_the_classes(page, chart_of, assessed, names):
    order = ["shared ground", "acceptable", "tradeable", "contested", "red line"]
    chart = chart_of(page())
    drawn = list(dict.fromkeys(row[1] for row in chart.frame.rows))
    assert drawn == [kind for kind in order if kind in drawn]
    rows = chart.spec["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert [row for row in rows if row in order] == drawn
    assert len(rows) == len(drawn) + len(assessed.ground)
    for measure, kind, *_rest in chart.frame.rows:
        heads = [row for row in rows[: rows.index(measure)] if row in order]
        assert heads[-1] == kind


def test_the_picture_holds_what_may_be_shown_and_its_lower_bound(page, chart_of, assessed, names):
    rows = {(row[0], row[2]): row[3:] for row in chart_of(page()).frame.rows}
    assert rows == {
        (names.measure(one.measure), names.party(one.party)): (one.gain, one.lower, one.people)
        for one in assessed.stakes
        if one.shown
    }


def test_the_picture_is_drawn(page, chart_of):
    drawn = picture(chart_of(page()))
    assert "shared ground" in drawn
    assert "Corvane" in drawn


def test_what_may_not_be_shown_is_nowhere(page, assessed, names):
    shown = {one.party for one in assessed.stakes if one.shown}
    assert shown == {"COR", "DAL"}
    said = str(page())
    assert all(names.party(party) not in said for party in ("ALD", "BRE"))


def test_without_a_party_that_may_be_shown_there_is_no_picture(page, chart_of, assessed, frames_of):
    hidden = tuple(replace(one, shown=False) for one in assessed.stakes)
    blocks = page(stakes=hidden)
    assert chart_of(blocks) is None
    assert len(frames_of(blocks)["common-ground"].rows) == len(assessed.ground)


def test_a_class_can_rest_on_parties_that_are_not_shown(page, words_of):
    assert "also those that may not be shown here" in words_of(page())


def test_parties_are_named_in_words(page, frames_of):
    frame = frames_of(page())["common-ground"]
    assert [column.title for column in frame.columns[2:4]] == ["Corvane", "Dalisk"]
    assert {row[-1] for row in frame.rows} <= {"", "Corvane", "Dalisk", "Corvane, Dalisk"}


@pytest.mark.parametrize("marks", [1, 2, 9, 20])
def test_a_row_holds_its_marks(marks):
    assert row_height(marks) >= max(22, 9 * marks)


def test_a_legend_in_columns_keeps_its_marks():
    channels = looks("group", {"a": ("circle", "#000000"), "b": ("square", "#ffffff")})
    for name, channel in in_columns(channels, 2).items():
        assert channel["legend"]["columns"] == 2
        assert channel["scale"] == channels[name]["scale"]
