"""Loops of policies on the page: the strongest first, both views, neutral words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.assessment.assess import assess
from detente.assessment.results import AssessmentResults
from detente.case.read import read_case
from detente.report.document import Chart, Listing
from detente.report.language import phrases
from detente.report.names import Names
from detente.report.pages.spirals import spirals_page


@pytest.fixture(scope="module")
def names(root) -> Names:
    return Names(read_case(root / "cases" / "training"), phrases("en"))


@pytest.fixture(scope="module")
def results(names) -> AssessmentResults:
    return assess(names.case)


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
