"""Misreports, pivots and the value of agreement, against scans and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.changed import only, with_gains, with_views
from detente.assessment.bargain.manipulation import smallest_misreport, smallest_misreports
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.pivot import pivot, pivots, value_of_agreement
from detente.assessment.bargain.problem import Budget, Problem, Rules, Synergy
from detente.assessment.bargain.solutions import utilitarian
from detente.ground.errors import UsageError


def small(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    rules = Rules(budgets=(Budget("b", tuple(rng.uniform(1, 4, 6).tolist()), 8.0),))
    return Problem(tuple("uvwxyz"), ("a", "b"), rng.normal(0.5, 2, (2, 6)), rules=rules)


@pytest.mark.parametrize(("seed", "rule"), [(0, nash), (1, nash), (2, utilitarian)])
def test_a_misreport_is_the_first_change_of_a_scan(seed, rule):
    problem = small(seed)
    stated = rule(problem).package
    for measure, sign in (("u", 1), ("w", -1), ("x", -1)):
        found = smallest_misreport(problem, "a", measure, sign=sign, rule=rule, precision=0.01)
        gain = float(problem.gains[0, problem.place[measure]])
        scan = np.linspace(0, 2, 13)[1:] * problem.scales[0]
        changed = [
            rule(with_gains(problem, [("a", measure, gain + sign * size)])).package != stated
            for size in scan
        ]
        assert changed == sorted(changed)  # once changed, it stays so
        if found.changes_at is None:
            assert not any(changed)
            assert found.package == stated
            continue
        first = abs(found.changes_at)
        assert all(not c for size, c in zip(scan, changed, strict=True) if size < first - 0.1)
        assert all(c for size, c in zip(scan, changed, strict=True) if size > first)
        assert 0 <= first - abs(found.holds_to) <= 0.011 * problem.scales[0]
        assert found.package != stated


def test_a_misreport_by_hand():
    rules = Rules(choices=(("m", "n"),))
    problem = Problem(("m", "n"), ("a", "b"), np.array([[2.0, 1.0], [1.0, 1.5]]), rules=rules)
    # 2 * 1 against 1 * 1.5: n wins where its gain for a exceeds 4/3.
    found = smallest_misreport(problem, "a", "n", sign=1)
    assert found.holds_to <= 1 / 3 <= found.changes_at
    assert found.changes_at == pytest.approx(1 / 3, abs=3e-4)
    assert found.package == ("n",)
    all_of_a = smallest_misreports(problem, "a")
    assert (all_of_a.measure, all_of_a.package) == ("n", ("n",))
    assert all_of_a.changes_at == pytest.approx(1 / 3, abs=3e-4)
    of_b = smallest_misreports(problem, "b")
    assert of_b.changes_at == pytest.approx(-0.25, abs=3e-4)
    assert of_b.measure == "m"


def test_nothing_to_misreport():
    problem = Problem(("m",), ("a",), np.array([[5.0]]), rules=Rules(required=("m",)))
    found = smallest_misreport(problem, "a", "m", sign=1)
    assert found.changes_at is None
    assert found.holds_to == 10
    assert smallest_misreports(problem, "a", most=0.5) is None


def test_a_misreport_needs_a_package_and_names():
    problem = Problem(("m",), ("a",), np.array([[-5.0]]), rules=Rules(required=("m",)))
    with pytest.raises(UsageError, match="required, gain of a"):
        smallest_misreport(problem, "a", "m", sign=1)
    fine = replace(problem, rules=Rules())
    with pytest.raises(UsageError, match="Unknown"):
        smallest_misreport(fine, "b", "m", sign=1)
    with pytest.raises(UsageError, match="sign"):
        smallest_misreport(fine, "a", "m", sign=0)


def test_a_pivot_by_hand():
    rules = Rules(choices=(("m", "n"),))
    problem = Problem(("m", "n"), ("a", "b"), np.array([[2.0, 1.0], [1.0, 1.5]]), rules=rules)
    found = pivot(problem, "a", "b")
    assert (found.changes, found.joins, found.leaves) == (True, ("n",), ("m",))
    assert [one.changes for one in pivots(problem)] == [True, False]
    assert with_views(problem, "a", "b").gains.tolist() == [[1.0, 1.5], [1.0, 1.5]]
    with pytest.raises(UsageError, match="nobody"):
        pivot(problem, "a", "nobody")


def test_a_party_that_sees_it_as_another_does_is_no_pivot(plain):
    same = with_views(plain, "south", "east")
    assert not pivot(same, "south", "east").changes
    assert not pivot(same, "east", "south").changes


def test_views_take_bonuses_along(plain):
    pair = Synergy((("calls",), ("visits",)), (1.0, 2.0, 3.0))
    other = with_views(replace(plain, synergies=(pair,)), "north", "east")
    assert other.synergies[0].bonus == (3.0, 2.0, 3.0)


def test_the_value_of_agreement_by_hand():
    gains = np.array([[2.0, 1.0], [-0.5, 1.5]])
    problem = Problem(("apart", "agreed"), ("a", "b"), gains)
    found = value_of_agreement(problem, scales=np.ones(2))
    assert [one.measure for one in found] == ["apart", "agreed"]
    # Both take part: (3, 1). Agreed at 0.75: (1.75, 2.25).
    assert found[0].apart == 2.5
    assert not found[0].changes
    assert found[0].effect == pytest.approx(np.log(1.75 * 2.25 / 3) / 2)
    harm = replace(problem, gains=np.array([[0.5, 1.0], [-2.0, 1.5]]))
    turned = value_of_agreement(replace(harm, gains=-harm.gains), scales=np.ones(2))
    assert turned[0].changes == (turned[0].joins != () or turned[0].dominated != ())


def test_agreement_needs_no_common_unit(plain):
    a = value_of_agreement(plain)
    factor = np.array([1.0, 100.0, 0.1])
    b = value_of_agreement(replace(plain, gains=plain.gains * factor[:, None]))
    assert [one.measure for one in a] == [one.measure for one in b]
    for mine, theirs in zip(a, b, strict=True):
        assert mine.apart == pytest.approx(theirs.apart)
        assert mine.effect == pytest.approx(theirs.effect, abs=1e-6)
        assert (mine.joins, mine.dominated) == (theirs.joins, theirs.dominated)


def test_settling_what_all_agree_on_changes_nothing():
    gains = np.array([[1.0, 3.0], [1.0, -1.0]])
    found = {
        one.measure: one
        for one in value_of_agreement(
            Problem(("same", "apart"), ("a", "b"), gains), scales=np.ones(2)
        )
    }
    assert found["same"].effect == pytest.approx(0, abs=1e-9)
    assert not found["same"].changes
    assert found["apart"].joins == ("apart",)


def test_agreement_needs_known_parties_and_a_package(plain):
    with pytest.raises(UsageError, match="nobody"):
        value_of_agreement(plain, parties=("nobody",))
    below = Problem(("m",), ("a",), np.array([[1.0]]), np.array([-2.0]))
    with pytest.raises(UsageError, match="acceptable"):
        value_of_agreement(below)


def test_changes_know_their_names(plain):
    with pytest.raises(UsageError, match="nothing"):
        with_gains(plain, [("north", "nothing", 1.0)])
    with pytest.raises(UsageError, match="nothing"):
        only(plain, ["nothing"])
    pair = Synergy((("calls", "limits"), ("visits",)), (1.0, 2.0, 3.0))
    kept = only(replace(plain, synergies=(pair,)), ["calls", "visits"])
    assert kept.synergies[0].clauses == (("calls",), ("visits",))
    assert only(replace(plain, synergies=(pair,)), ["calls"]).synergies == ()
