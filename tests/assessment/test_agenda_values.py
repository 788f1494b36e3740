"""What turns on values and on trust: packages by enumeration, weights by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.agenda.trust import doubted, kept_turns
from detente.assessment.agenda.values import (
    LEAST_BETTER,
    gaining,
    package_turns,
    weighed,
    with_weights_of,
)
from detente.assessment.bargain.enumeration import acceptable_packages
from detente.assessment.bargain.pivot import value_of_agreement
from detente.assessment.bargain.problem import Problem, Rules, Synergy, gains_of, named
from detente.assessment.results import LedgerEntry, Turn
from detente.assessment.value import PartyGains
from detente.elicitation.results import Spread

from .test_path import case

SIDES = ("left", "right")


def problem(gains: list[list[float]], **more: object) -> Problem:
    names = tuple(f"m{place}" for place in range(len(gains[0])))
    return Problem(names, SIDES, np.array(gains), sides=SIDES, **more)


def best(one: Problem) -> tuple[tuple[str, ...], float]:
    """The Nash package and its objective, by all packages."""
    packages = acceptable_packages(one)
    gains = np.maximum(gains_of(one, packages), 1e-300)
    values = np.log(gains) @ one.weights
    return named(one, packages[int(values.argmax())]), float(values.max())


def objective(one: Problem, package: tuple[str, ...]) -> float:
    holds = np.array([[name in package for name in one.measures]])
    gains = gains_of(one, holds)[0]
    return float(np.log(gains) @ one.weights) if gains.min() > 0 else -np.inf


@pytest.mark.parametrize("seed", range(12))
def test_pivots_on_one_gain_are_those_of_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = problem(rng.normal(0.5, 2, (2, 6)).tolist())
    stated, _ = best(one)
    if objective(one, stated) == -np.inf:
        pytest.skip("nobody gains")
    found = package_turns(one, ())
    shares = one.gains / one.scales[:, None]
    for column, measure in enumerate(one.measures):
        for row, side in enumerate(SIDES):
            swapped = one.gains.copy()
            swapped[row, column] = shares[1 - row, column] * one.scales[row]
            changed = replace(one, gains=swapped)
            package, value = best(changed)
            turns = [t for t in found.get(measure, ()) if t.holder == side]
            if value - objective(changed, stated) < LEAST_BETTER:
                assert turns == []
            else:
                joins = tuple(m for m in package if m not in stated)
                leaves = tuple(m for m in stated if m not in package)
                assert turns == [Turn("package", "pivot", side, joins, leaves)]


def test_agreement_that_changes_the_package_is_told() -> None:
    """Of m1 and m2 one: 15 x 11 against 11 x 14.9, and 13 x 13 where they agree on m2 midway."""
    rules = Rules(excludes=(("m1", "m2"),))
    one = problem([[10, 5, 1], [10, 1, 4.9]], rules=rules)
    settlements = value_of_agreement(one)
    assert [s.measure for s in settlements if s.changes] == ["m2"]
    turn = Turn("package", "agreement", "", ("m2",), ("m1",))
    assert package_turns(one, settlements)["m2"][0] == turn


def test_what_does_the_same_work_is_not_had_twice_with_another_gain() -> None:
    same = Synergy((("m0",), ("m1",)), (-3.0, -2.0))
    one = problem([[5, 3, 1], [2, 4, 1]], synergies=(same,))
    changed = gaining(one, "left", "m1", 7.0)
    assert changed.gains[0].tolist() == [5, 7, 1]
    assert changed.synergies[0].bonus == (-5.0, -2.0)
    assert gaining(one, "left", "m1", -7.0).synergies[0].bonus == (0.0, -2.0)
    assert gaining(one, "left", "m2", 9.0).synergies == one.synergies
    joint = Synergy((("m0",), ("m1",)), (0.0, 4.0))  # a gain that both bring together stays
    both = problem([[-5, 3, 1], [2, 4, 1]], synergies=(joint,))
    assert gaining(both, "left", "m0", 7.0).synergies == (joint,)


# --- weights --------------------------------------------------------------------------------------


def gains(party: str, weights: list[float], differences: list[list[float]]) -> PartyGains:
    """One point; measures a, b, c; criteria by the places of the weights."""
    criteria = tuple("xyz"[: len(weights)])
    return PartyGains(
        party=party, form="exact", inconsistency=0.0, criteria=criteria,
        weights=np.array([weights]), measures=("a", "b"), differences=np.array([differences]),
        beyond=np.zeros((2, len(weights))), missing={}, reassurance=None, shown=True,
    )  # fmt: skip


LEFT = gains("L", [0.8, 0.2], [[1.0, -1.0], [-0.5, 1.0]])  # a: 0.6, b: -0.2
RIGHT = gains("R", [0.25, 0.75], [[0.2, 0.2], [0.1, 0.1]])  # a: 0.2, b: 0.1


def test_anothers_weights_meet_ones_own_scores() -> None:
    swapped = with_weights_of(LEFT, RIGHT)
    assert swapped == pytest.approx(np.array([[0.25 - 0.75, -0.125 + 0.75]]))
    shorter = gains("R", [1.0], [[0.2], [0.1]])
    assert with_weights_of(LEFT, shorter) == pytest.approx(np.array([[1.0, -0.5]]))
    strange = replace(shorter, criteria=("z",))
    assert with_weights_of(LEFT, strange) is None


def test_weights_that_turn_a_preference_and_a_gain() -> None:
    (found,) = weighed(case(), (LEFT, RIGHT))
    assert (found.kind, found.criterion, found.a, found.b) == ("value", "x", "L", "R")
    assert (found.in_a, found.in_b) == pytest.approx((0.8, 0.25))
    assert found.turns == (
        Turn("preferred", "pivot", "L", ("b",), ("a",)),
        Turn("gains", "pivot", "L", ("b",), ("a",)),
    )


def test_weights_that_may_not_be_shown_stand_in_no_pair() -> None:
    for hidden in (replace(LEFT, shown=False), RIGHT), (LEFT, replace(RIGHT, shown=False)):
        assert list(weighed(case(), hidden)) == []


# --- trust ----------------------------------------------------------------------------------------


def test_doubt_turns_the_package_where_the_gain_rests_on_being_kept() -> None:
    """m1 costs the left 4 and brings the right 9: worth it if kept, and not at one in five."""
    one = problem([[10, -4], [10, 9]])
    assert best(one)[0] == ("m0", "m1")
    turn = Turn("package", "pivot", "right", ("m1",), ())
    assert kept_turns(one, "m1", "right", (0.9, 0.2)) == (turn,)
    assert kept_turns(one, "m1", "right", (0.9, 0.8)) == ()
    assert kept_turns(one, "m1", "left", (0.9, 0.2)) == ()  # a loss counts whole
    assert kept_turns(one, "m9", "right", (0.9, 0.2)) == ()


def test_only_valued_measures_in_doubt_are_told() -> None:
    def entry(name: str, own: float, other: float, said: float = 8) -> LedgerEntry:
        kept = (Spread(own, own, own), Spread(other, other, other))
        return LedgerEntry(
            name, "left", "right", None, Spread(said, said, said), None, None, *kept, 6, 6,
            "cannot-tell",
        )  # fmt: skip

    entries = (entry("m0", 0.9, 0.85), entry("m1", 0.9, 0.2), entry("m2", 0.9, 0.2, said=2))
    (found,) = doubted(entries, problem([[10, -4], [10, 9]]))
    assert (found.kind, found.measure, found.a, found.b) == ("trust", "m1", "left", "right")
    assert len(found.turns) == 1
    assert [one.turns for one in doubted(entries, None)] == [()]
