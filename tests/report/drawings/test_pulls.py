"""An arrow says which way a measure pulls a number, by the stated interval alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawings.parts import act, chance, file, ladder, measure, rung

from detente.case import model
from detente.report.drawings.pulls import Pull, by_way, pulls, together, way
from detente.report.drawings.reading import Reader, Step


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0.3, 0.7, "lowers"),
        (0.3, 1, "lowers"),
        (1, 1.5, "raises"),
        (1.1, 3, "raises"),
        (0.8, 1.3, "either"),
    ],
)
def test_a_ratio_below_one_lowers_and_one_above_raises(low, high, found):
    assert way(act("p", low, high), chance("p")) == found


def test_a_ratio_of_one_leaves_the_number():
    one = model.Act(on="p", how="odds-ratio", value=model.Uncertain(value=1))
    assert way(one, chance("p")) == "leaves"


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0.02, 0.12, "lowers"), (0.5, 0.9, "raises"), (0.01, 0.9, "either"), (0.1, 0.4, "leaves")],
)
def test_a_number_put_in_place_is_compared_with_the_old_one(low, high, found):
    assert way(act("p", low, high, "replacement"), chance("p", 0.1, 0.4)) == found


def test_what_is_taken_from_answers_may_go_either_way():
    elicited = model.Uncertain(elicited=model.Elicited(quantity="E1", group="AA"))
    assert way(model.Act(on="p", how="odds-ratio", value=elicited), chance("p")) == "either"


def test_measures_keep_their_order_and_only_those_that_act_count():
    several = [measure("B", act("p", 0.2, 0.5)), measure("C"), measure("A", act("p", 2, 3))]
    assert pulls(chance("p"), several) == (Pull("B", "lowers"), Pull("A", "raises"))


def test_ways_are_joined_by_measure():
    found = together((Pull("A", "lowers"), Pull("A", "raises"), Pull("B", "lowers")))
    assert by_way(found) == {"either": ("A",), "lowers": ("B",)}
    assert together((Pull("A", "leaves"), Pull("A", "raises"))) == (Pull("A", "raises"),)


@given(st.floats(0.01, 100), st.floats(0.01, 100))
def test_a_ratio_and_its_inverse_pull_opposite_ways(a, b):
    low, high = sorted((a, b))
    if low == high:
        return
    turned = {"lowers": "raises", "raises": "lowers", "either": "either"}
    inverse = way(act("p", 1 / high, 1 / low), chance("p"))
    assert inverse == turned[way(act("p", low, high), chance("p"))]


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ({"any_of": ("a", "b")}, "lowers"),
        ({"all_of": ("a", "b")}, "lowers"),
        ({"at_least": 1, "of": ("a", "b")}, "lowers"),
        ({"none_of": ("a", "b")}, "raises"),
        ({"either_of": ("a", "b")}, "either"),
    ],
)
def test_a_step_goes_the_way_that_its_gate_makes_of_its_numbers(names, gate, found):
    given_file = file(
        ladder(rung("It", "gate", "calm")),
        parameters=[chance("a"), chance("b")],
        events=[model.Event(id="gate", **gate)],
    )
    reader = Reader(given_file, [measure("M", act("a", 0.2, 0.5))], names)
    step = next(reader.steps(given_file.ladders[0]))
    assert isinstance(step, Step)
    assert reader.step_pulls(step) == (Pull("M", found),)


def test_two_nots_make_a_yes(names):
    given_file = file(
        ladder(rung("It", "outer", "calm")),
        parameters=[chance("a"), chance("b")],
        events=[
            model.Event(id="outer", none_of=("inner", "b")),
            model.Event(id="inner", none_of=("a", "b")),
        ],
    )
    reader = Reader(given_file, [measure("M", act("a", 2, 3)), measure("N", act("b", 2, 3))], names)
    step = next(reader.steps(given_file.ladders[0]))
    assert reader.step_pulls(step) == (Pull("M", "raises"), Pull("N", "either"))
