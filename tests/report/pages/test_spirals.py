"""Loops of policies on the page: the strongest first, both views, neutral words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from detente.assessment.results import AssessmentResults
from detente.report.charts import picture
from detente.report.document import Chart, Columns, Listing
from detente.report.pages.spirals import spirals_page


@pytest.fixture
def results(assessed) -> AssessmentResults:
    return assessed


def test_each_loop_is_told_with_its_weakest_turn_and_what_cuts_it(results, names):
    (listed,) = [one for one in spirals_page(results, names) if isinstance(one, Listing)]
    assert len(listed.items) == len(results.spirals) == 2
    for (said,), spiral in zip(listed.items, results.spirals, strict=True):
        assert f"rated {round(spiral.strength.mid)} of 10" in said
        for edge in spiral.edges:
            assert names.policy(edge.policy) in said
        for measure in spiral.cut_by:
            assert names.measure(measure) in said


def test_the_chart_has_both_views_of_every_turn(results, names):
    (chart,) = [one for one in spirals_page(results, names) if isinstance(one, Chart)]
    turns = sum(len(spiral.edges) for spiral in results.spirals)
    assert len(chart.frame.rows) == 2 * turns


def test_a_turn_that_one_side_alone_states_is_said_so(results, names):
    first = results.spirals[0]
    one = replace(first, confirmed=False, cut_by=())
    (listed,) = [
        block
        for block in spirals_page(replace(results, spirals=(one,)), names)
        if isinstance(block, Listing)
    ]
    assert "One side alone states a turn; at most" in listed.items[0][0]
    assert "No measure cuts it." in listed.items[0][0]


def test_without_loops_there_is_no_page(results, names):
    assert spirals_page(replace(results, spirals=()), names) == []


def drawings(blocks) -> list[Chart]:
    return [
        part
        for block in blocks
        if isinstance(block, Columns)
        for parts in block.parts
        for part in parts
    ]


def written(chart) -> list[str]:
    texts = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "text"]
    return [value["text"] for layer in texts for value in layer["data"]["values"]]


def test_each_loop_is_drawn_in_the_order_of_its_weakest_turn(results, names):
    drawn = drawings(spirals_page(results, names))
    assert [chart.caption for chart in drawn] == ["Loop 1", "Loop 2"]
    strengths = [spiral.strength.mid for spiral in results.spirals]
    assert strengths == sorted(strengths, reverse=True)


def test_a_drawing_names_each_perception_policy_and_cut_and_the_weakest_turn_once(results, names):
    for chart, spiral in zip(drawings(spirals_page(results, names)), results.spirals, strict=True):
        said = " ".join(written(chart))
        assert said.count("the weakest turn") == 1
        for edge in spiral.edges:
            assert f"{names.party(edge.party)} perceives:" in said
            assert all(cut.measure in said for cut in edge.cut_by)
            assert f"confirm {round(edge.strength.mid)} of 10" in said
        assert all(names.policy(edge.policy) in said for edge in spiral.edges)


def test_arrows_are_as_thick_as_turns_are_strong_and_lead_back(results, names):
    for chart, spiral in zip(drawings(spirals_page(results, names)), results.spirals, strict=True):
        lines = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "rule"]
        widths = [line["mark"]["strokeWidth"] for line in lines]
        strengths = [edge.strength.mid for edge in spiral.edges]
        assert sorted(set(widths)) == sorted({1 + 0.6 * one for one in strengths})
        assert len(lines) == len(spiral.edges) + 2
        ends = [line["data"]["values"][0] for line in lines]
        assert all((a["x2"], a["y2"]) == (b["x"], b["y"]) for a, b in pairwise(ends[-3:]))
        assert ends[-1]["y2"] < min(one["y"] for one in ends[:-1])
        assert names.party(spiral.edges[0].party) in picture(chart)


def test_a_turn_that_one_side_alone_states_is_broken_and_at_most(results, names):
    first = results.spirals[0]
    one, *rest = first.edges
    alone = replace(first, confirmed=False, edges=(replace(one, confirmed=False), *rest))
    (chart,) = drawings(spirals_page(replace(results, spirals=(alone,)), names))
    lines = [layer["mark"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "rule"]
    assert [line["strokeDash"] == [1, 0] for line in lines] == [False, True, True, True]
    assert "one side alone states it: at most" in " ".join(written(chart))
    assert chart.frame.rows[0][2] is None


def test_why_a_measure_cuts_a_turn_stands_in_the_numbers_of_its_drawing(results, names):
    frame = drawings(spirals_page(results, names))[0].frame
    for row, edge in zip(frame.rows, results.spirals[0].edges, strict=True):
        assert all(names.text(cut.why) in row[-1] for cut in edge.cut_by)


def test_a_loop_of_four_policies_of_many_words_stays_on_its_sheet(results, names):
    edges = (*results.spirals[0].edges, *results.spirals[1].edges)
    long = replace(results.spirals[0], edges=edges, weakest=3)
    (chart,) = drawings(spirals_page(replace(results, spirals=(long,)), names))
    heights = [value["y"] for layer in chart.spec["layer"] for value in layer["data"]["values"]]
    assert 0 < min(heights) < max(heights) <= chart.spec["height"] < 900


def test_of_many_loops_the_strongest_are_told(results, names):
    many = replace(results, spirals=results.spirals * 10)
    blocks = spirals_page(many, names)
    (listed,) = [block for block in blocks if isinstance(block, Listing)]
    assert len(listed.items) == 12
    assert len(drawings(blocks)) == 4
    assert "8 more loops are weaker." in str(blocks)
