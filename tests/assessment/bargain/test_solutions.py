"""Packages by every rule against counting all packages, and what must not change them."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.bargain.enumeration import acceptable_packages, count, packages
from detente.assessment.bargain.ideals import ideals
from detente.assessment.bargain.model import conflict
from detente.assessment.bargain.nash import FLOOR, nash
from detente.assessment.bargain.problem import (
    Budget,
    Problem,
    Rules,
    Scenarios,
    Synergy,
    acceptable,
    allowed,
    at_side_weight,
    chosen,
    gains_of,
)
from detente.assessment.bargain.program import LIMITS, Limits
from detente.assessment.bargain.solutions import (
    at_side_weights,
    best_for,
    kalai_smorodinsky,
    leximin,
    utilitarian,
)
from detente.ground.errors import UsageError

# --- the programs against counting ----------------------------------------------------------------


def counted_nash(problem: Problem, gains):
    """The objective, as `nash` defines it, and the gains of all packages that reach it."""
    shares = gains / np.where(gains.max(axis=0) > 0, gains.max(axis=0), 1)
    able = gains.max(axis=0) / problem.scales > FLOOR
    gaining = (shares > FLOOR) & able
    heaviest = gaining @ problem.weights
    most = heaviest >= heaviest.max() - 1e-7
    logs = np.where(gaining, np.log(np.where(gaining, shares, 1)), 0) @ problem.weights
    logs[~most] = -np.inf
    best = logs >= logs.max() - 1e-7
    own = np.log(np.where(gaining, gains, 1)) @ problem.weights
    return own[best], gains[best]


def same(found, gains) -> bool:
    """Whether the gains found are those of one of the packages counted as best."""
    got = np.array([gain for _, gain in found.gains])
    size = np.abs(gains).max() + 1e-12
    return bool((np.abs(gains - got).max(axis=1) < 1e-6 * size).any())


def check(problem: Problem) -> bool:
    """All rules against counting; whether any package was acceptable."""
    made = acceptable_packages(problem)
    first = problem.parties[0]
    found = [nash(problem), utilitarian(problem), kalai_smorodinsky(problem)]
    found += [leximin(problem), best_for(problem, first)]
    if not len(made):
        assert {one.status for one in found} == {"infeasible"}
        assert all(one.conflict and not one.gains for one in found)
        return False
    assert {one.status for one in found} == {"optimal"}
    assert all(acceptable(problem, chosen(problem, one.package)[None])[0] for one in found)
    gains = gains_of(problem, made)
    values, best = counted_nash(problem, gains)
    assert same(found[0], best)
    assert np.abs(values - found[0].objective).min() < 1e-6
    sums = gains @ problem.weights
    assert found[1].objective == pytest.approx(sums.max(), abs=1e-6 * problem.scales.max())
    check_shares(problem, gains, found[2])
    check_least(problem, gains, found[3])
    top = gains[:, 0].max()
    assert found[4].objective == pytest.approx(top, abs=1e-6 * problem.scales[0])
    return True


def check_shares(problem: Problem, gains, found) -> None:
    top = gains.max(axis=0)
    able = top / problem.scales > FLOOR
    if able.any():
        least = (gains[:, able] / top[able]).min(axis=1)
        assert found.objective == pytest.approx(least.max(), abs=1e-6)
    assert len(found.left_out) == (~able).sum()


def check_least(problem: Problem, gains, found) -> None:
    """No package has the sorted gains of another rule's better in the first place they differ."""
    size = problem.scales.max()
    mine = np.sort([gain for _, gain in found.gains]) / size
    left = np.sort(gains, axis=1) / size
    for place, value in enumerate(mine):
        assert left[:, place].max() <= value + 1e-6
        left = left[left[:, place] >= value - 1e-6]


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_every_rule_is_counting_on_60_random_problems(random_problem, start):
    some = [check(random_problem(seed)) for seed in range(start, start + 10)]
    assert any(some)


@pytest.mark.long
@pytest.mark.parametrize("start", range(60, 1060, 50))
def test_every_rule_is_counting_on_1000_random_problems(random_problem, start):
    sizes = itertools.cycle([8, 12, 16, 12, 20])
    some = [check(random_problem(seed, next(sizes))) for seed in range(start, start + 50)]
    assert any(some)
    assert not all(some)


def test_the_random_problems_hold_every_case(random_problem):
    made = [random_problem(seed) for seed in range(60)]
    found = [nash(one) for one in made]
    assert {one.status for one in found} == {"optimal", "infeasible"}
    assert any(one.status == "optimal" and not one.package for one in found)
    assert any(one.status == "optimal" and one.left_out for one in found)
    assert any(one.scenarios is not None and not len(acceptable_packages(one)) for one in made)
    assert any((one.gains == 0).all(axis=1).any() for one in made)


# --- what the results are by hand -----------------------------------------------------------------


def test_a_product_by_hand(plain):
    found = nash(plain)
    assert found.package == ("calls", "visits", "limits")
    assert dict(found.gains) == {"north": 6.0, "south": 4.0, "east": 6.0}
    assert found.objective == pytest.approx(np.log(6) / 2 + np.log(4) / 4 + np.log(6) / 4)
    assert found.gap < LIMITS.gap
    assert found.left_out == ()


def test_a_party_that_only_loses_is_kept_from_losing_and_told(plain):
    gains = plain.gains.copy()
    gains[2] = [-1, -1, 0, -1]
    found = nash(replace(plain, gains=gains, sides=()))
    # Limits harm the south, and the east lets nothing else pass.
    assert found.package == ()
    assert found.status == "optimal"
    assert found.left_out == ("north", "south", "east")
    gains[1, 2] = 0.5
    found = nash(replace(plain, gains=gains, sides=()))
    assert found.package == ("limits",)
    assert found.left_out == ("east",)


def test_parties_that_cannot_gain_together():
    problem = Problem(
        measures=("for a", "for b", "for b and c"),
        parties=("a", "b", "c"),
        gains=np.array([[9.0, 0, 0], [0.0, 1, 2], [0.0, 0, 1]]),
        rules=Rules(choices=(("for a", "for b", "for b and c"),)),
    )
    found = nash(problem)
    assert found.package == ("for b and c",)
    assert found.left_out == ("a",)
    assert found.status == "optimal"
    for one in (kalai_smorodinsky(problem), leximin(problem, units="ideals")):
        assert one.status == "optimal"
        assert one.objective == 0


def test_nothing_to_choose_from():
    problem = Problem((), ("a",), np.zeros((1, 0)))
    for found in (nash(problem), leximin(problem), utilitarian(problem), best_for(problem, "a")):
        assert found.status == "optimal"
        assert found.package == ()
        assert found.gains == (("a", 0.0),)


def test_units_are_told(plain):
    assert utilitarian(plain).comparable
    assert leximin(plain).comparable
    assert not leximin(plain, units="ideals").comparable
    assert not nash(plain).comparable
    assert not kalai_smorodinsky(plain).comparable


def test_leximin_in_shares_of_ideals_begins_as_kalai_smorodinsky(random_problem):
    for seed in range(12):
        problem = random_problem(seed, scenarios=False)
        found, beside = leximin(problem, units="ideals"), kalai_smorodinsky(problem)
        if beside.status == "optimal" and not beside.left_out:
            assert found.objective == pytest.approx(beside.objective, abs=1e-6)


def test_a_best_package_is_not_dominated(plain):
    for party in plain.parties:
        found = best_for(plain, party)
        gains = gains_of(plain, acceptable_packages(plain))
        mine = np.array([gain for _, gain in found.gains])
        assert not ((gains >= mine).all(axis=1) & (gains > mine + 1e-9).any(axis=1)).any()


def test_the_weights_of_sides(plain):
    assert plain.weights.tolist() == [0.5, 0.25, 0.25]
    third = at_side_weight(plain, "one", 1 / 3)
    assert third.weights == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    alone = replace(plain, sides=("one", "two", ""))
    assert alone.weights == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    found = at_side_weights(plain, "one")
    assert [round(weight, 3) for weight, _ in found] == [0.333, 0.5, 0.667]
    assert all(one.status == "optimal" for _, one in found)
    expected = nash(third)
    assert found[0][1].objective == pytest.approx(expected.objective)


def test_more_weight_never_brings_a_side_less():
    rng = np.random.default_rng(3)
    for _ in range(8):
        gains = rng.normal(0.5, 2, (2, 9))
        problem = Problem(tuple("123456789"), ("a", "b"), gains)
        found = [one for _, one in at_side_weights(problem, "a alone", (0.2, 1 / 3, 1 / 2, 2 / 3))]
        mine = [dict(one.gains)["a"] for one in found if not one.left_out]
        assert all(b >= a - 1e-9 for a, b in itertools.pairwise(mine))


# --- what must not change a package ---------------------------------------------------------------


@settings(max_examples=20)
@given(st.integers(0, 40), st.floats(0.001, 1000))
def test_units_change_no_product(random_problem, seed, factor):
    problem = random_problem(seed, 7)
    scale = np.ones(len(problem.parties))
    scale[0] = factor
    drawn = problem.scenarios
    other = replace(
        problem,
        gains=problem.gains * scale[:, None],
        constants=problem.constants * scale,
        synergies=tuple(
            Synergy(one.clauses, tuple((np.array(one.bonus) * scale).tolist()))
            for one in problem.synergies
        ),
        scenarios=drawn and Scenarios(drawn.gains * scale[:, None], drawn.alpha),
    )
    a, b = nash(problem), nash(other)
    assert (a.status, a.left_out) == (b.status, b.left_out)
    if a.gains:
        mine = np.array([gain for _, gain in a.gains]) * scale / other.scales
        theirs = np.array([gain for _, gain in b.gains]) / other.scales
        assert mine == pytest.approx(theirs, abs=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 40), st.floats(0.05, 0.95))
def test_clones_that_share_a_weight_change_nothing(random_problem, seed, part):
    problem = random_problem(seed, 7)
    last = len(problem.parties) - 1
    names = (*problem.parties, "clone")
    shares = np.append(problem.shares, problem.shares[last] * (1 - part))
    shares[last] *= part
    sides = [problem.own_sides[p] for p in (*range(last + 1), last)]
    repeat = [*range(last + 1), last]
    drawn = problem.scenarios
    cloned = replace(
        problem,
        parties=names,
        gains=problem.gains[repeat],
        constants=problem.constants[repeat],
        shares=shares,
        sides=tuple(sides),
        synergies=tuple(
            Synergy(one.clauses, (*one.bonus, one.bonus[last])) for one in problem.synergies
        ),
        scenarios=drawn and Scenarios(drawn.gains[:, repeat], drawn.alpha),
    )
    for rule in (nash, utilitarian, kalai_smorodinsky):
        a, b = rule(problem), rule(cloned)
        assert a.status == b.status
        if a.gains:
            mine = np.array([gain for _, gain in a.gains])
            theirs = np.array([gain for _, gain in b.gains[:-1]])
            assert mine / problem.scales == pytest.approx(theirs / problem.scales, abs=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 40), st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(random_problem, seed, shuffler):
    problem = random_problem(seed, 7, scenarios=False)
    order = list(range(len(problem.parties)))
    shuffler.shuffle(order)
    other = replace(
        problem,
        parties=tuple(problem.parties[p] for p in order),
        gains=problem.gains[order],
        constants=problem.constants[order],
        shares=problem.shares[order],
        sides=tuple(problem.sides[p] and problem.sides[p] for p in order),
        synergies=tuple(
            Synergy(one.clauses, tuple(one.bonus[p] for p in order)) for one in problem.synergies
        ),
    )
    a, b = nash(problem), nash(other)
    assert a.status == b.status
    if a.gains:
        mine = [dict(a.gains)[name] for name in problem.parties] / problem.scales
        theirs = [dict(b.gains)[name] for name in problem.parties] / problem.scales
        assert mine == pytest.approx(theirs, abs=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 40), st.integers(0, 6), st.floats(0, 2))
def test_a_better_chosen_measure_lets_nobodys_product_fall(random_problem, seed, column, more):
    problem = random_problem(seed, 7, scenarios=False)
    before = nash(problem)
    gains = problem.gains.copy()
    gains[:, column % gains.shape[1]] += more * problem.scales
    after = nash(replace(problem, gains=gains))
    if before.status == "optimal":
        assert after.status == "optimal"
        if not before.left_out:
            assert after.objective >= before.objective - 1e-6


@settings(max_examples=20)
@given(st.integers(0, 40))
def test_fewer_rules_never_bring_less(random_problem, seed):
    problem = random_problem(seed, 7)
    free = replace(problem, rules=Rules(choices=problem.rules.choices))
    before, after = nash(problem), nash(free)
    if before.status == "optimal" and not before.left_out:
        assert after.objective >= before.objective - 1e-6


def test_the_same_bytes_twice(random_problem):
    for seed in range(6):
        problem = random_problem(seed)
        assert nash(problem) == nash(problem)
        assert leximin(problem) == leximin(problem)


# --- rules, scenarios, conflicts ------------------------------------------------------------------


def test_scenarios_by_hand():
    drawn = np.array([[[1.0]], [[1.0]], [[1.0]], [[-1.0]]])
    made = Problem(("m",), ("a",), np.array([[2.0]]), rules=Rules(required=("m",)))
    fine = replace(made, scenarios=Scenarios(drawn, 0.25))
    assert nash(fine).package == ("m",)
    strict = replace(made, scenarios=Scenarios(drawn, 0.2))
    found = nash(strict)
    assert found.status == "infeasible"
    assert found.conflict == ("required", "scenarios of a")


def test_a_synergy_over_any_measures_by_hand():
    rules = Rules(budgets=(Budget("b", (1.0, 1.0, 1.0), 2.0),))
    pair = Synergy((("x", "y"), ("z",)), (5.0,))
    harm = Synergy((("x", "y"),), (-3.0,))
    problem = Problem(
        ("x", "y", "z"), ("a",), np.array([[1.0, 1.5, -1.0]]), synergies=(pair, harm), rules=rules
    )
    found = best_for(problem, "a")
    assert found.package == ("y", "z")
    assert found.objective == pytest.approx(2.5)


def test_a_conflict_is_told_and_smallest(plain):
    rules = Rules(
        budgets=(Budget("money", (5.0, 1.0, 1.0, 0.0), 3.0),),
        needs=(("visits", "calls"),),
        excludes=(("limits", "idle"),),
        red_lines=(("south", "limits"),),
        required=("visits",),
    )
    found = nash(replace(plain, rules=rules))
    assert found.status == "infeasible"
    assert found.conflict == ("budget money", "needs", "required")
    assert found.package == ()
    assert found.objective is None
    without = replace(plain, rules=replace(rules, needs=()))
    told = ("budget money", "red lines of south", "required", "gain of north")
    assert conflict(without, LIMITS) == told


@settings(max_examples=40)
@given(st.integers(0, 400))
def test_any_group_left_out_of_a_conflict_lets_the_rest_hold(random_problem, seed):
    problem = random_problem(seed, 6, scenarios=False)
    told = conflict(problem, LIMITS)
    some = packages(problem)
    assert bool(told) == (not acceptable(problem, some).any())
    for name in told:
        rest = [held(problem, some, other) for other in told if other != name]
        assert np.logical_and.reduce([np.ones(len(some), dtype=bool), *rest]).any()
    if told:
        assert not np.logical_and.reduce([held(problem, some, name) for name in told]).any()


def held(problem: Problem, some, name: str):
    """Which packages keep one group of constraints."""
    kind, _, whom = name.rpartition(" ")
    rules = problem.rules
    if kind == "gain of":
        place = problem.parties.index(whom)
        return gains_of(problem, some)[:, place] >= -1e-9 * problem.scales[place]
    alone = {
        "budget": Rules(budgets=tuple(one for one in rules.budgets if one.name == whom)),
        "count": Rules(counts=rules.counts),
        "red lines of": Rules(red_lines=rules.red_lines),
    }
    if name == "exclusions":
        alone[""] = Rules(excludes=rules.excludes)
    elif not kind:
        alone[""] = Rules(**{whom: getattr(rules, whom)})
    return allowed(replace(problem, rules=replace(alone[kind], choices=rules.choices)), some)


def test_too_few_nodes_leave_a_gap_and_say_so():
    rng = np.random.default_rng(1)
    costs = rng.integers(20, 60, 40).astype(float)
    problem = Problem(
        tuple(f"m{i}" for i in range(40)),
        tuple("abcd"),
        rng.normal(0.5, 2, (4, 40)),
        rules=Rules(budgets=(Budget("b", tuple(costs.tolist()), float(costs.sum() * 0.3)),)),
    )
    found = kalai_smorodinsky(problem, Limits(nodes=1))
    whole = kalai_smorodinsky(problem)
    assert found.status == "gap-left"
    assert found.gap > 0
    assert found.objective <= whole.objective + 1e-9 <= found.objective + found.gap + 2e-9
    short = nash(problem, Limits(rounds=1))
    assert nash(problem).objective <= short.objective + short.gap + 1e-9


def test_no_node_and_no_package_is_no_answer():
    problem = Problem(
        ("m", "n", "o"),
        ("a",),
        np.array([[1.0, 1.0, 1.0]]),
        rules=Rules(budgets=(Budget("b", (2.0, 3.0, 7.0), 11.0), Budget("c", (-2, -3, -7), -10.5))),
    )
    assert nash(problem).status == "infeasible"
    assert nash(problem).conflict == ("budget b", "budget c")


def test_presolving_cuts_no_package_off():
    """By dominated columns, HiGHS 1.16 finds 16.25 here."""
    gains = np.array(
        [
            [5, 13, 10, 10, -19, 16, 8, -18, -9],
            [-5, 25, 20, -1, -9, -14, -13, -9, -8],
            [7, -3, -15, 7, 3, -12, -6, 14, 3],
            [1, -7, -16, -4, 12, 11, 16, 30, 9],
        ]
    )
    names = tuple(f"m{i}" for i in range(9))
    clauses = (("m6", "m8", "m2"), ("m5",), ("m4", "m5", "m3"))
    problem = Problem(
        names,
        tuple("abcd"),
        gains,
        synergies=(Synergy(clauses, (4.0, 7.0, -4.0, -11.0)),),
        rules=Rules(needs=(("m2", "m6"), ("m0", "m7"))),
    )
    made = acceptable_packages(problem)
    assert (gains_of(problem, made) @ problem.weights).max() == 17.25
    assert utilitarian(problem).objective == pytest.approx(17.25)


def test_idle_measures_stay_out(plain):
    assert "idle" not in nash(plain).package
    needed = replace(plain, rules=Rules(needs=(("calls", "idle"),)))
    assert "idle" in nash(needed).package


def test_ideals_are_best_packages(plain):
    assert ideals(plain) * plain.scales == pytest.approx([6, 6, 6])


def test_counting():
    problem = Problem(
        ("a", "b", "c", "d"), ("p",), np.ones((1, 4)), rules=Rules(choices=(("b", "c", "d"),))
    )
    made = packages(problem)
    assert count(problem) == len(made) == len(np.unique(made, axis=0)) == 6
    assert (made[:, 1:].sum(axis=1) == 1).all()
    many = Problem(tuple(map(str, range(30))), ("p",), np.ones((1, 30)))
    with pytest.raises(UsageError, match="packages"):
        packages(many)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gains": np.ones((2, 4))}, "do not fit"),
        ({"gains": np.full((3, 4), np.nan)}, "finite"),
        ({"constants": np.ones(2)}, "constants"),
        ({"measures": ("a", "a", "b", "c")}, "id of their own"),
        ({"rules": Rules(needs=(("calls", "nothing"),))}, "nothing"),
        ({"rules": Rules(red_lines=(("nobody", "calls"),))}, "nobody"),
        ({"rules": Rules(choices=(("calls",), ("calls", "idle")))}, "one choice"),
        ({"rules": Rules(budgets=(Budget("b", (1.0,), 1.0),))}, "budgets"),
        ({"synergies": (Synergy(((),), (1.0, 1.0, 1.0)),)}, "clause"),
        ({"synergies": (Synergy((("calls",),), (1.0,)),)}, "synergies"),
        ({"side_weights": (("one", 1.0),)}, "No weight is given for two"),
        ({"side_weights": (("three", 1.0),)}, "three"),
        ({"shares": np.array([1.0, 0, 1])}, "larger than 0"),
        ({"scenarios": Scenarios(np.ones((2, 3, 3)), 0.1)}, "scenarios"),
        ({"scenarios": Scenarios(np.ones((2, 3, 4)), 1.0)}, "alpha"),
    ],
)
def test_a_problem_that_does_not_fit_is_refused(plain, change, told):
    with pytest.raises(UsageError, match=told):
        replace(plain, **change)


def test_a_problem_needs_a_party_and_names_are_known(plain):
    with pytest.raises(UsageError, match="needs a party"):
        Problem((), (), np.zeros((0, 0)))
    with pytest.raises(UsageError, match="nobody"):
        best_for(plain, "nobody")
    with pytest.raises(UsageError, match="nothing"):
        chosen(plain, ["nothing"])
    with pytest.raises(UsageError, match="No weight"):
        at_side_weight(plain, "three", 0.5)


def test_the_solver_prints_nothing():
    script = (
        "import numpy as np\n"
        "from detente.assessment.bargain.nash import nash\n"
        "from detente.assessment.bargain.problem import Problem\n"
        "nash(Problem(('m', 'n'), ('a', 'b'), np.ones((2, 2))))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
