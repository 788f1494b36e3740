"""Paths against trying every one, and each rule of a path by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.changed import only
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem, Rules, Scenarios, allowed, gains_of
from detente.assessment.bargain.program import Limits
from detente.assessment.bargain.sequence import Course, objective, off_ramp, sequence, worth
from detente.ground.errors import UsageError


def course(problem: Problem, seed: int) -> Course:
    """A random course with everything that can be in one."""
    rng = np.random.default_rng(seed)
    m, steps = len(problem.measures), int(rng.integers(2, 4))
    name = str(rng.choice(problem.measures))
    return Course(
        steps=steps,
        most_a_step=int(rng.integers(1, 4)),
        discount=float(rng.choice([0.7, 1.0])),
        prerequisites=str(rng.choice(["earlier", "same"])),
        received=rng.integers(0, 4, (2, m)).astype(float),
        balance=(float(rng.integers(1, 6)),) if rng.random() < 0.6 else (np.inf,),
        slack=problem.scales * rng.choice([0.0, 0.5]),
        windows=((name, int(rng.integers(1, 3)), 2),) if rng.random() < 0.5 else (),
        verifiable=rng.random(m),
        unilateral=problem.measures[::2],
        revocable=problem.measures[1::2],
    )


def keeps(problem: Problem, rules: Course, begins) -> bool:
    """Whether a path, as the step in which each measure begins, keeps every rule, by definition."""
    running = np.array([begins <= step for step in range(rules.steps)])
    if not allowed(problem, running[-1:])[0]:
        return False
    gains = gains_of(problem, running)
    fine = (gains >= -rules.slack - 1e-9 * problem.scales).all()
    fine &= (gains[-1] >= -1e-9 * problem.scales).all()
    fine &= all((begins == step).sum() <= rules.most_a_step for step in range(rules.steps))
    difference = running @ (rules.received[1] - rules.received[0])
    fine &= all(abs(d) <= rules.allowance(t) + 1e-9 for t, d in enumerate(difference))
    place = problem.place
    for measure, needed in problem.rules.needs:
        a, b = begins[place[measure]], begins[place[needed]]
        if measure != needed and a < rules.steps:
            fine &= b < a or (b == a and rules.prerequisites == "same")
    for name, earliest, latest in rules.windows:
        a = begins[place[name]]
        fine &= a == rules.steps or earliest <= a + 1 <= latest
    return bool(fine)


def tried(problem: Problem, rules: Course) -> float | None:
    """The largest objective of all paths, None where there is none."""
    best = None
    for begins in itertools.product(range(rules.steps + 1), repeat=len(problem.measures)):
        array = np.array(begins)
        if keeps(problem, rules, array):
            running = np.array([array <= step for step in range(rules.steps)])
            value = objective(problem, rules, running)
            best = value if best is None else max(best, value)
    return best


@pytest.mark.parametrize("start", range(0, 30, 10))
def test_a_path_is_the_best_of_all(random_problem, start):
    found = []
    for seed in range(start, start + 10):
        problem = random_problem(seed, 5, scenarios=False)
        rules = course(problem, seed)
        best = tried(problem, rules)
        mine = sequence(problem, rules)
        found.append(mine.status)
        if best is None:
            assert mine.status == "infeasible"
            assert mine.conflict
            continue
        assert mine.status == "optimal"
        assert mine.objective == pytest.approx(best, abs=1e-6)
        begins = np.full(len(problem.measures), rules.steps)
        for step in mine.steps:
            begins[[problem.place[name] for name in step.begins]] = step.number - 1
        assert keeps(problem, rules, begins)
    assert "optimal" in found


def pair(**changes) -> tuple[Problem, Course]:
    """Two measures, each a gift of one side to the other, and a course of two steps."""
    gains = np.array([[-1.0, 3.0], [3.0, -1.0]])
    problem = Problem(("of a", "of b"), ("a", "b"), gains)
    received = np.array([[0.0, 3.0], [3.0, 0.0]])
    rules = Course(steps=2, most_a_step=2, received=received, balance=(1.0,))
    return problem, replace(rules, **changes)


def test_gifts_go_together_where_balance_asks_it():
    problem, rules = pair()
    assert [step.begins for step in sequence(problem, rules).steps] == [("of a", "of b"), ()]
    blocked = sequence(replace(problem, rules=Rules(required=("of a",))), pair(most_a_step=1)[1])
    assert blocked.status == "infeasible"
    assert blocked.conflict == ("required", "balance", "measures a step")


def test_nobody_falls_below_walking_away_on_the_way():
    problem, rules = pair(most_a_step=1, balance=(np.inf,))
    assert sequence(problem, rules).steps[-1].off_ramp.in_force == ()
    slack = replace(rules, slack=np.array([1.0, 1.0]))
    found = sequence(problem, slack)
    assert found.steps[1].off_ramp.in_force == ("of a", "of b")
    assert dict(found.steps[1].off_ramp.gains) == {"a": 2.0, "b": 2.0}
    assert min(dict(found.steps[0].off_ramp.gains).values()) == -1


def test_quick_wins_and_verified_steps_come_first():
    problem = Problem(("small", "large"), ("a",), np.array([[1.0, 2.0]]))
    rules = Course(steps=2, most_a_step=1)
    assert [one.begins for one in sequence(problem, rules).steps] == [("large",), ("small",)]
    even = replace(problem, gains=np.array([[1.0, 1.0]]))
    for favour in ({"verifiable": np.array([0.0, 1.0])}, {"unilateral": ("large",)}):
        found = sequence(even, replace(rules, **favour))
        assert [one.begins for one in found.steps] == [("large",), ("small",)]


def test_windows_and_prerequisites():
    problem = Problem(
        ("first", "then"), ("a",), np.array([[0.0, 2.0]]), rules=Rules(needs=(("then", "first"),))
    )
    rules = Course(steps=3, most_a_step=2)
    assert [one.begins for one in sequence(problem, rules).steps] == [("first",), ("then",), ()]
    same = replace(rules, prerequisites="same")
    assert sequence(problem, same).steps[0].begins == ("first", "then")
    late = replace(rules, windows=(("first", 2, 3),))
    assert [one.begins for one in sequence(problem, late).steps] == [(), ("first",), ("then",)]
    never = replace(rules, windows=(("then", 1, 1),))
    assert sequence(problem, never).steps[-1].off_ramp.in_force == ()


def test_off_ramps_tell_what_holds_and_what_may_go():
    problem = Problem(("a", "b"), ("p",), np.array([[1.0, 2.0]]), rules=Rules(needs=(("b", "a"),)))
    rules = Course(steps=2, most_a_step=1, revocable=("a", "b"))
    found = sequence(problem, rules)
    assert found.steps[0].off_ramp.withdrawable == ("a",)
    assert found.steps[1].off_ramp.withdrawable == ("b",)
    assert off_ramp(problem, rules, np.array([True, False])) == found.steps[0].off_ramp


def test_a_package_chosen_before_is_put_in_order(plain):
    package = nash(plain).package
    found = sequence(only(plain, package), Course(steps=3, most_a_step=1))
    assert found.status == "optimal"
    assert sorted(name for step in found.steps for name in step.begins) == sorted(package)
    assert worth(plain).shape == (4,)


def test_the_same_path_twice(random_problem):
    problem = random_problem(11, 6, scenarios=False)
    rules = course(problem, 4)
    assert sequence(problem, rules) == sequence(problem, rules)
    loose = sequence(problem, rules, Limits(gap=0.1))
    assert loose.status in ("optimal", "infeasible")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"received": np.ones((2, 3))}, "received"),
        ({"slack": np.ones(5)}, "slack"),
        ({"verifiable": np.ones(5)}, "verifiable"),
        ({"balance": (1.0, 1.0, 1.0)}, "balance"),
        ({"steps": 0}, "steps"),
        ({"discount": 0.0}, "discount"),
        ({"unilateral": ("nothing",)}, "nothing"),
    ],
)
def test_a_course_that_does_not_fit_is_refused(change, told):
    problem, rules = pair(**change)
    with pytest.raises(UsageError, match=told):
        sequence(problem, rules)


def test_a_path_has_no_scenarios():
    problem, rules = pair()
    with pytest.raises(UsageError, match="scenarios"):
        sequence(replace(problem, scenarios=Scenarios(problem.gains[None], 0.1)), rules)
