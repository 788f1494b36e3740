"""Orders of magnitude, and what stands beside them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from detente.elicitation.results import Spread
from detente.escalation.results import Beside, Bounds, Frequency, Observation
from detente.report.document import Heading, Table
from detente.report.pages.bounds import bounds_blocks
from detente.report.pages.magnitudes import magnitudes_page
from detente.report.pages.published import published_blocks
from detente.report.pages.quiet import quiet_blocks
from detente.report.pages.structures import structures_blocks


def anchors(blocks):
    return [block.anchor for block in blocks if isinstance(block, Heading)]


def test_the_page_has_all_its_parts(training, assessed, names):
    wanted = ["magnitudes", "bounds", "structures", "quiet", "published-estimates"]
    assert anchors(magnitudes_page(training, assessed, names)) == wanted


def test_frequencies_are_shown_in_words_alone(training, assessed, names):
    table = next(b for b in magnitudes_page(training, assessed, names) if isinstance(b, Table))
    assert table.frame.name == "frequencies"
    assert set(table.shown).isdisjoint({"low", "mid", "high"})


def test_without_a_ladder_only_what_others_published_stands(
    training, without_ladders, names, frames_of
):
    blocks = magnitudes_page(training, without_ladders, names)
    assert frames_of(blocks).keys() == {"published"}
    nothing = replace(without_ladders, escalation=replace(without_ladders.escalation, published=()))
    assert magnitudes_page(training, nothing, names) == []


def test_bounds_alone_are_told_without_a_middle(training, bounds_only, names, frames_of, words_of):
    blocks = magnitudes_page(training, bounds_only, names)
    assert anchors(blocks) == ["magnitudes", "bounds", "published-estimates"]
    assert "frequencies" not in frames_of(blocks)
    assert "no number in between is held likelier than another" in words_of(blocks)


def test_bounds_run_from_the_most_to_the_least_frequent(having, names, words_of, frames_of):
    bounds = (Bounds("base", "", 0.001, 0.1), Bounds("base", "M01", 0.5, math.inf))
    blocks = bounds_blocks(having(bounds=bounds), names)
    assert "between about once in 10 and once in 1,000 years" in words_of(blocks)
    assert frames_of(blocks)["bounds-base"].rows == ((names.measure("M01"), 0.5, None),)


def test_structures_are_told_by_their_distance_and_what_differs(
    training, having, names, words_of, frames_of
):
    def frequency(belief, mid):
        return Frequency(belief, "", "clash", Spread(mid, mid, mid), Spread(mid, mid, mid))

    told = (frequency("base", 0.01), frequency("build-up", 0.1), frequency("misreading", 1.0))
    blocks = structures_blocks(training, having(frequencies=told), names)
    ((belief, differs, far),) = frames_of(blocks)["structures"].rows
    assert belief == names.belief("build-up")
    assert far == pytest.approx(1)
    for word in ("without: A landing on Pell Island", "with: A blockade", "with other events"):
        assert word in differs
    assert "they span 1.0." in words_of(blocks)


def test_a_structure_that_cannot_lead_there_has_no_distance(training, having, names):
    nothing = Spread(0.0, 0.0, 0.0)
    told = tuple(Frequency(one, "", "clash", nothing, nothing) for one in ("base", "build-up"))
    assert structures_blocks(training, having(frequencies=told), names) == []


def test_quiet_years_are_told_before_and_after(training, having, names, frames_of):
    before, after = Spread(0.01, 0.04, 0.1), Spread(0.01, 0.02, 0.05)
    one = Observation("base", "no-war-since", "war", 30.0, before, after, 0.4, ("M06", "M09"))
    ((_, what, *told),) = frames_of(quiet_blocks(training, having(observations=(one,)), names))[
        "quiet"
    ].rows
    assert what == "No war around the Orvel Sea in thirty years"
    assert told == [30.0, "20", "50", 0.5, 0.4, "M06, M09"]


def test_quiet_years_of_what_cannot_happen_have_no_factor(training, having, names, frames_of):
    nothing = Spread(0.0, 0.0, 0.0)
    one = Observation("base", "no-war-since", "war", 30.0, nothing, nothing, 1.0, ())
    (row,) = frames_of(quiet_blocks(training, having(observations=(one,)), names))["quiet"].rows
    assert row[3:] == ("never", "never", None, 1.0, "none")


@pytest.mark.parametrize(
    ("agreement", "said"),
    [
        ("agrees", "in agreement"),
        ("strained", "strained"),
        ("conflicts", "conflict"),
        ("cannot-tell", "cannot tell"),
        ("not-comparable", "not comparable"),
    ],
)
def test_a_published_estimate_stands_beside_the_own(having, names, frames_of, agreement, said):
    one = Beside("everil-study", Spread(0.001, 0.01, 0.1), 1.0, 0.0, agreement)
    (row,) = frames_of(published_blocks(having(beside=(one,)), names))["beside"].rows
    one_in = [f"1\u00a0in\u00a0{n}" for n in ("100", "1,000", "10", "10")]
    assert list(row[1:]) == [*one_in, 1.0, said, "unverified"]


def test_the_rule_and_the_status_are_told(assessed, names, words_of, frames_of):
    blocks = published_blocks(assessed, names)
    assert "would not validate it" in words_of(blocks)
    assert all(frame.columns[-1].key == "status" for frame in frames_of(blocks).values())


def test_published_numbers_have_no_false_digits(having, assessed, names, frames_of):
    (one,) = assessed.escalation.published
    odd = replace(one, low=1e-8, mid=0.0808177, high=0.2)
    (row,) = frames_of(published_blocks(having(published=(odd,)), names))["published"].rows
    assert row[2:5] == (1e-8, 0.0808, 0.2)
