"""Both shipped cases use the whole room, and claim no more than was verified."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from detente.assessment.assess import assess
from detente.case.case import Case
from detente.case.read import read_case
from detente.escalation.results import EscalationResults
from detente.ground.basis import Basis, Status

CASES = ("training", "euro-atlantic")


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, root: Path) -> Case:
    return read_case(root / "cases" / request.param)


@pytest.fixture(scope="module")
def told(case: Case) -> EscalationResults:
    return assess(case).escalation


def test_the_ways_to_the_headline_are_ranked_under_every_belief(case, told):
    for belief in told.beliefs:
        ways = [one for one in told.ways if one.belief == belief.id]
        assert bool(ways) != belief.bounds_only
        shares = [one.share for one in ways]
        assert shares == sorted(shares, reverse=True)
    branches = {ladder.id: ladder.branch for ladder in case.ladder.ladders}
    base = {branches[one.ladder] for one in told.ways if one.belief == "base"}
    assert {"accident", "misread-signal", "false-alarm", "deliberate"} <= base


def test_the_shares_of_all_ways_cover_the_headline(told):
    # every way is told in the shipped cases, and ways overlap: their shares add up to 1 or more
    (count,) = [one for one in told.way_counts if one.belief == "base"]
    ways = [one for one in told.ways if one.belief == "base"]
    assert count.coherent
    assert len(ways) == min(sum(count.by_order), 12)
    if len(ways) == sum(count.by_order):
        assert 1 <= sum(one.share for one in ways) < 1.3


def test_every_area_is_judged_under_every_belief_that_can_be_told(case, told):
    areas = {measure.area for measure in case.measures}
    assert areas == set(range(1, 8))
    for belief in told.beliefs:
        found = {one.area for one in told.areas if one.belief == belief.id}
        assert found == (set() if belief.bounds_only else areas)


def test_what_to_find_out_next_is_told_for_each_belief_alone(case, told):
    measures = {measure.id for measure in case.measures} | {""}
    numbers = {one.id.rpartition(":")[2] for one in told.numbers}
    assert told.learning
    for one in told.learning:
        assert one.preferred in measures
        assert one.instead in measures
        assert one.preferred != one.instead
        assert one.number in numbers
        assert 0 < one.changes <= 1
        assert 0 < one.worth < 1


def test_published_estimates_stand_beside_an_order_of_magnitude_with_their_status(case, told):
    beside = {one.published: one for one in told.beside}
    for published in case.ladder.published:
        assert (published.id in beside) == (published.beside is not None)
    for one in beside.values():
        assert 0 < one.own.low <= one.own.mid <= one.own.high < 1
        assert math.isfinite(one.orders)


def test_the_band_of_barrett_and_the_others_are_there_and_none_is_called_ours(root):
    told = assess(read_case(root / "cases" / "euro-atlantic")).escalation
    published = {one.id: one for one in told.published}
    barrett = published["barrett-inadvertent"]
    assert (barrett.low, barrett.high) == (0.0002, 0.07)
    assert barrett.provenance.status is Status.SECOND_HAND
    assert published["rodriguez-us-russia"].mid == 0.0038
    assert published["metaculus-2022"].mid == 0.0035
    assert (published["xpt-experts"].mid, published["xpt-superforecasters"].mid) == (0.08, 0.04)
    agreement = {one.published: one.agreement for one in told.beside}
    # outcomes that differ are set side by side, and nothing is said of agreement
    assert agreement["xpt-experts"] == agreement["metaculus-2022"] == "not-comparable"
    assert agreement["barrett-inadvertent"] in ("agrees", "strained", "conflicts")
    # no number of the case's own claims a source that it was not read in
    own = [one for one in told.numbers if ":" not in one.id]
    assert {one.provenance.basis for one in own} == {Basis.ASSUMED}


def test_a_staff_that_names_no_number_gets_bounds_and_no_distribution(root):
    told = assess(read_case(root / "cases" / "training")).escalation
    (belief,) = [one for one in told.beliefs if one.bounds_only]
    assert {one.belief for one in told.bounds} == {belief.id}
    assert not [one for one in told.frequencies if one.belief == belief.id]
    (headline,) = [one for one in told.bounds if not one.measure]
    base = next(
        one
        for one in told.frequencies
        if (one.belief, one.ladder, one.level) == ("base", "", told.headline)
    )
    # bounds rest on the first of the points, so that two per cent are left for chance
    assert headline.low <= base.per_year.low * 1.02
    assert headline.high >= base.per_year.high * 0.98


def test_a_counted_rate_and_an_elicited_number_say_where_they_come_from(root):
    told = assess(read_case(root / "cases" / "training")).escalation
    numbers = {one.id: one for one in told.numbers}
    counted = numbers["snap-exercises"]
    assert counted.provenance.basis is Basis.COMPUTED
    assert "14 events of counts N3" in counted.provenance.source
    # 14 in 3.67 years is 3.8 a year, and up to 40 % of them were not reported
    assert counted.low < 3.8 < counted.high
    assert 3.8 < counted.mid < 3.8 / 0.6
    elicited = numbers["lowland-panel:units-meet"]
    assert elicited.provenance.basis is Basis.ELICITED
    assert "people of lowland" in elicited.provenance.source
