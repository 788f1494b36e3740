"""What each measure is worth to each party: gains by own criteria, and what these weigh."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from detente.assessment.assess import assess
from detente.assessment.results import PartyValue, PartyWeight
from detente.elicitation.results import Spread
from detente.report.charts import picture
from detente.report.document import Chart
from detente.report.pages.values import values_page


def value(party="ALD", measure="M01", wins=0.99, without=0.2, **changes):
    one = PartyValue(
        party=party, measure=measure, mean=0.1, gain=Spread(0.05, 0.1, 0.2), wins=wins,
        wins_without_reassurance=without, carried_by="clash", against="", beyond=(), missing=(),
    )  # fmt: skip
    return replace(one, **changes)


NOTHING = {
    "mean": None,
    "gain": None,
    "wins": None,
    "without": None,
    "carried_by": "",
    "missing": ("clash", "price"),
}


@pytest.fixture
def page(assessed, names):
    def made(*values, weights=()):
        return values_page(replace(assessed, values=values, weights=weights), names)

    return made


def test_where_no_party_weighs_criteria_there_is_no_page(page):
    assert page() == []


def test_a_row_for_each_gain_that_is_told(assessed, names, frames_of):
    rows = frames_of(values_page(assessed, names))["values"].rows
    assert len(rows) == sum(one.gain is not None for one in assessed.values)


def test_rows_stand_as_parties_and_measures_in_the_case(page, frames_of):
    rows = frames_of(page(value("COR", "M02"), value("ALD", "M03"), value("ALD", "M01")))["values"]
    assert [(row[0], str(row[1])[:3]) for row in rows.rows] == [
        ("Aldren", "M01"),
        ("Aldren", "M03"),
        ("Corvane", "M02"),
    ]


def test_no_cell_is_a_number_that_is_none(assessed, names, frames_of):
    frames = frames_of(values_page(assessed, names))
    numbers = [
        cell
        for frame in frames.values()
        for row in frame.rows
        for cell in row
        if isinstance(cell, float)
    ]
    assert numbers
    assert all(math.isfinite(number) for number in numbers)


@pytest.mark.parametrize(
    ("wins", "kind"), [(0.95, "sure gain"), (0.5, "cannot tell"), (0.04, "sure loss")]
)
def test_the_class_of_a_gain(page, frames_of, wins, kind):
    assert frames_of(page(value(wins=wins)))["values"].rows[0][-1] == kind


def test_a_party_is_told_in_one_sentence(page, words_of):
    said = words_of(
        page(
            value("DAL", "M01", 0.99, 0.2),
            value("DAL", "M02", 0.99, 0.8),
            value("DAL", "M06", 0.01, 0.01),
            value("DAL", "M07", 0.6, 0.6),
        )
    )
    assert (
        "Dalisk – sure gain: M01 and M02; sure loss: M06; only with the reassurance counted: M01."
    ) in said


def test_where_nothing_is_sure_it_is_said(page, words_of):
    assert "Aldren – cannot tell." in words_of(page(value(wins=0.6)))


def test_where_reassurance_does_not_enter_nothing_rests_on_it(page, words_of, frames_of):
    blocks = page(value(without=None))
    assert "only with" not in words_of(blocks)
    assert frames_of(blocks)["values"].rows[0][6] is None


def test_a_missing_score_is_told_and_no_number_is(page, words_of, frames_of):
    blank = replace(value(measure="M08"), **{k: v for k, v in NOTHING.items() if k != "without"})
    blocks = page(value(), blank)
    assert len(frames_of(blocks)["values"].rows) == 1
    assert "Aldren – M08 (Risk of an armed clash and Cost)" in words_of(blocks)


def test_without_any_gain_there_is_no_picture(page):
    blank = replace(value(), **{k: v for k, v in NOTHING.items() if k != "without"})
    assert not [block for block in page(blank) if isinstance(block, Chart)]


def test_the_picture_has_a_panel_for_each_party(assessed, names):
    (chart,) = [one for one in values_page(assessed, names) if isinstance(one, Chart)]
    assert len(chart.spec["concat"]) == len({one.party for one in assessed.values})
    assert chart.folded
    drawn = picture(chart)
    assert all(names.party(one.party) in drawn for one in assessed.values)


def test_a_party_that_released_nothing_is_nowhere(assessed, names):
    said = str(values_page(assessed, names))
    assert "BRE" not in said
    assert names.party("BRE") not in said


def test_a_party_leaves_the_page_when_its_release_is_withdrawn(training, names):
    tracks = tuple(one.model_copy(update={"released": ()}) for one in training.about.tracks)
    closed = replace(training, about=training.about.model_copy(update={"tracks": tracks}))
    results = assess(closed, points=2**4)
    assert results.values == results.weights == ()
    assert values_page(results, names) == []


def test_weights_are_told_in_per_cent_with_their_form(page, frames_of):
    weight = PartyWeight("DAL", "clash", "best-worst", 0.4, 0.38, 0.43, 0.0)
    (row,) = frames_of(page(value("DAL"), weights=(weight,)))["criteria-weights"].rows
    assert row[:2] == ("Dalisk", "Risk of an armed clash")
    assert row[2:5] == pytest.approx((38, 40, 43))
    assert row[5] == "best and worst against the others"


def test_statements_that_do_not_fit_together_are_told(page, words_of):
    fits = PartyWeight("ALD", "clash", "swing", 0.4, 0.4, 0.4, 0.0)
    apart = PartyWeight("DAL", "clash", "pairs", 0.4, 0.38, 0.43, 0.145)
    said = words_of(page(value(), weights=(fits, apart)))
    assert "Dalisk: the statements do not fit together; some ratio is missed by 14%." in said
    assert "Aldren: the statements" not in said


@pytest.mark.parametrize("form", ["swing", "order", "ratios", "pairs", "best-worst", "exact"])
def test_every_form_of_weights_has_words(names, form):
    assert names.weight_form(form) not in ("", "best-worst")


def test_a_share_of_weightings_is_never_called_acceptability(assessed, names):
    assert "acceptab" not in str(values_page(assessed, names)).lower()
