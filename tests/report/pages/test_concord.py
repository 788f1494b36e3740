"""How far people agree on each measure: words that follow from numbers, and nothing withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.assessment.assess import assess
from detente.assessment.concord import agreement
from detente.assessment.results import (
    Concord,
    GainSplit,
    RatingAgreement,
    RedLineShare,
    Together,
)
from detente.case.read import read_case
from detente.elicitation.results import Spread
from detente.report.charts import picture
from detente.report.document import Chart, Link, Listing, Table
from detente.report.language import phrases
from detente.report.names import Names
from detente.report.pages.concord import concord_page


def split(low, high, groups=("highland", "lowland"), kind="side"):
    share = Spread(low, (low + high) / 2, high)
    return GainSplit(kind=kind, groups=groups, people=23, eta_squared=share, between=share)


def rating(a, side="lowland", kind="cost", about=""):
    return RatingAgreement(kind, side, about, a, 12)


def red_line(low, mid, high, party="COR"):
    return RedLineShare(party, low, mid, high, 40)


def together(probability, unrelated, measure="M01"):
    return Together(measure, ("ALD", "COR"), probability, probability, unrelated)


@pytest.fixture
def page(assessed, names):
    def made(*concord):
        return concord_page(replace(assessed, concord=concord), names)

    return made


@pytest.fixture
def findings():
    def said(blocks):
        (listed,) = [block for block in blocks if isinstance(block, Listing)]
        return "\n".join(str(item[0]) for item in listed.items)

    return said


def test_without_figures_there_is_no_page(page):
    assert page() == []


def test_a_case_without_answers_has_no_page(root):
    case = read_case(root / "cases" / "euro-atlantic")
    assert concord_page(assess(case, points=2**4), Names(case, phrases("en"))) == []


def test_where_the_spread_lies_follows_from_the_interval(page, findings):
    said = findings(
        page(
            Concord("M01", splits=(split(0.0, 0.3),)),
            Concord("M02", splits=(split(0.1, 0.49),)),
            Concord("M03", splits=(split(0.66, 0.9),)),
            Concord("M04", splits=(split(0.4, 0.6),)),
        )
    )
    within = "lies within Highland and Lowland, not between them, on M01 and M02 (at most 49%"
    assert within in said
    assert "Most of it lies between Highland and Lowland on M03 (at least 66%)" in said
    assert "Whether it lies within or between Highland and Lowland, we cannot tell on M04" in said


def test_sides_and_parties_are_told_apart(page, findings, frames_of):
    parties = split(0.6, 0.8, ("COR", "DAL"), "party")
    blocks = page(Concord("M01", splits=(split(0.0, 0.3), parties)))
    assert "between Corvane and Dalisk on M01" in findings(blocks)
    assert [row[1] for row in frames_of(blocks)["concord-spread"].rows] == ["sides", "parties"]


@pytest.mark.parametrize(
    ("a", "told"),
    [
        (1.0, "close 1.00"),
        (0.7, "close 0.70"),
        (0.696, "close 0.70"),
        (0.69, "loose 0.69"),
        (0.4, "loose 0.40"),
        (0.39, "scattered 0.39"),
        (0.0, "scattered 0.00"),
        (-0.001, "scattered 0.00"),
        (-0.2, "two camps −0.20"),
    ],
)
def test_the_word_of_an_agreement_never_contradicts_its_number(page, frames_of, a, told):
    frame = frames_of(page(Concord("M01", agreement=(rating(a),))))["concord-ratings"]
    assert frame.rows[0][1] == told


@pytest.mark.parametrize(("points", "word"), [(4, "close"), (5, "loose"), (7, "loose"), (8, "s")])
def test_the_printed_rule_holds_for_people_on_neighbouring_points(page, frames_of, points, word):
    a = agreement([3] * points + [0] * (11 - points))
    frame = frames_of(page(Concord("M01", agreement=(rating(a),))))["concord-ratings"]
    assert str(frame.rows[0][1]).startswith(word)


def test_ratings_that_are_not_close_are_named(page, findings):
    loose = Concord("M02", agreement=(rating(0.8), rating(0.5, kind="reassurance-received")))
    assert "but for: Lowland on M02" in findings(
        page(Concord("M01", agreement=(rating(0.9),)), loose)
    )
    assert "all ratings of all measures lie close" in findings(
        page(Concord("M01", agreement=(rating(0.9),)))
    )


def test_each_question_has_a_column_of_its_own(assessed, names, frames_of):
    frame = frames_of(concord_page(assessed, names))["concord-ratings"]
    titles = [column.title for column in frame.columns]
    assert len(set(titles)) == len(titles) == 7
    assert {"Highland: cost", "Lowland: reassured by Highland"} < set(titles)


def test_red_lines_that_tell_nothing_apart_are_a_sentence_only(page, findings, frames_of):
    same = red_line(0.0, None, 0.66)
    blocks = page(Concord("M01", red_lines=(same,)), Concord("M02", red_lines=(same,)))
    assert "between 0% and 66% for each party" in findings(blocks)
    assert frames_of(blocks) == {}


def test_red_lines_are_drawn_where_they_differ(page, findings):
    blocks = page(
        Concord("M01", red_lines=(red_line(0.2, 0.3, 0.5), red_line(0.0, 0.01, 0.06, "DAL"))),
        Concord("M02", red_lines=(red_line(0.05, None, 0.5),)),
    )
    said = findings(blocks)
    assert "Surely more than one in ten call unacceptable: Corvane on M01." in said
    assert "Surely fewer than one in ten call unacceptable: Dalisk on M01." in said
    (chart,) = [block for block in blocks if isinstance(block, Chart)]
    assert [row[3] for row in chart.frame.rows] == [0.3, 0.01, None]
    assert "NaN" not in picture(chart)


def test_red_lines_around_one_in_ten_cannot_be_told(page, findings):
    some = Concord("M01", red_lines=(red_line(0.05, 0.1, 0.2), red_line(0.06, 0.12, 0.3, "DAL")))
    assert "Of no measure can we tell" in findings(page(some))


def test_gains_at_the_same_time(page, findings, frames_of):
    blocks = page(
        Concord("M01", together=together(0.8, 0.6)),
        Concord("M02", together=together(0.3, 0.29, "M02")),
    )
    said = findings(blocks)
    assert "at least as likely as not with M01." in said
    assert "less likely than not with M02." in said
    assert "changes most with M01: 0.80 instead of 0.60." in said
    row = frames_of(blocks)["concord-together"].rows[0]
    assert row[1:] == ("Aldren and Corvane", 0.8, 0.8, 0.6)


def test_facts_that_change_no_printed_number_are_said_to_change_hardly_any(page, findings):
    assert "hardly changes" in findings(page(Concord("M01", together=together(0.8, 0.795))))


def test_every_finding_leads_to_what_it_was_read_from(assessed, names):
    blocks = concord_page(assessed, names)
    anchors = {block.anchor for block in blocks if isinstance(block, Table | Chart)}
    (listed,) = [block for block in blocks if isinstance(block, Listing)]
    links = {part.target for item in listed.items for part in item if isinstance(part, Link)}
    assert links == {f"#{anchor}" for anchor in anchors}


def test_a_party_that_released_nothing_is_nowhere(assessed, names):
    said = str(concord_page(assessed, names))
    assert "BRE" not in said
    assert names.party("BRE") not in said


def test_the_page_names_no_symbol(assessed, names, words_of):
    said = words_of(concord_page(assessed, names))
    assert not {"η", "eta", "squared", "ICC"} & set(said.split())
