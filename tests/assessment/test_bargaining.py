"""The choice of a package in a case: what enters it, and what comes out, against brute force."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import yaml

from detente.assessment.bargaining import bargaining
from detente.assessment.choice_problem import problem_of
from detente.assessment.common_ground import ground_from_answers, releasable, stakes
from detente.assessment.ledger import ledger
from detente.assessment.results import Ground
from detente.assessment.states import measure_states
from detente.case.case import Case
from detente.case.model import Number
from detente.case.read import read_case
from detente.elicitation.assess import assess_elicitation


@pytest.fixture(scope="module")
def case(root) -> Case:
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def groups(case):
    return assess_elicitation(case).groups


@pytest.fixture(scope="module")
def ground(case, groups):
    every = stakes(case, groups)
    return releasable(ground_from_answers(every), every)


@pytest.fixture(scope="module")
def problem(case, groups, ground):
    return problem_of(case, groups, measure_states(case), ground)


@pytest.fixture(scope="module")
def found(case, groups, problem):
    return bargaining(case, problem, ledger(case, groups))


def test_the_sides_bargain_and_weigh_one_half_each(problem):
    assert problem.parties == ("highland", "lowland")
    assert problem.weights.tolist() == [0.5, 0.5]


def test_a_gain_is_the_mean_of_what_the_people_of_a_side_state(case, problem):
    # an independent mean: the exact mean of each two-piece normal, by its quantiles
    from detente.elicitation.answers import latest
    from detente.elicitation.fits import fit_answer

    u = (np.arange(20_000) + 0.5) / 20_000
    own = [
        fit_answer(one, "linear").quantile(u).mean()
        for one in latest(case, "gain")
        if one.item == "M02" and case.side_of[one.party] == "highland"
    ]
    place = problem.measures.index("M02")
    assert problem.gains[0, place] == pytest.approx(np.mean(own), abs=0.02)


def test_what_is_in_force_or_gone_is_not_in_the_choice(case, problem):
    states = {one.measure: one for one in measure_states(case)}
    assert problem.measures
    for measure in problem.measures:
        assert states[measure].possible
        assert states[measure].state != "in-force"


def test_a_red_line_of_a_party_is_one_of_its_side(case, groups, problem):
    line = Ground("M05", "red-line", "answers", None, None, ("COR",))
    again = problem_of(case, groups, measure_states(case), (line,))
    assert again.rules.red_lines == (("lowland", "M05"),)
    assert again.measures == problem.measures


SAME_WORK = (("M01", "M07"), ("M02", "M03"), ("M05", "M06"))  # measures.yaml
SIDES = ("highland", "lowland")


@pytest.fixture(scope="module")
def stated(root):
    """packages.yaml as a plain reader reads it."""
    return yaml.safe_load((root / "cases" / "training" / "packages.yaml").read_text("utf-8"))


def _worth(problem, stated, chosen: tuple[str, ...]) -> np.ndarray:
    """The gains of a package by hand: what does the same work counts once, at its larger gain."""
    place = {name: index for index, name in enumerate(problem.measures)}
    total = sum((problem.gains[:, place[name]] for name in chosen), np.zeros(2))
    for a, b in SAME_WORK:
        if a in chosen and b in chosen:
            smaller = np.minimum(problem.gains[:, place[a]], problem.gains[:, place[b]])
            total = total - np.maximum(smaller, 0)
    for one in stated["synergies"]:
        clauses = [[part] if isinstance(part, str) else part for part in one["measures"]]
        if all(set(clause) & set(chosen) for clause in clauses):
            ends = [one["gains"].get(side, {"low": 0, "high": 0}) for side in SIDES]
            total = total + [(end["low"] + end["high"]) / 2 for end in ends]
    return total


def _keeps(stated, chosen: tuple[str, ...]) -> bool:
    """Whether a package keeps within the lower end of the budget and has one of the group."""
    (budget,), (group,) = stated["budgets"], stated["groups"]
    spent = sum(budget["costs"].get(name, 0) for name in chosen)
    return spent <= budget["limit"]["low"] and bool(set(group["measures"]) & set(chosen))


def test_the_recommended_package_has_the_largest_product_of_gains(problem, stated, found):
    best, at = -math.inf, ()
    needs = dict(problem.rules.needs)
    for size in range(len(problem.measures) + 1):
        for chosen in itertools.combinations(problem.measures, size):
            if any(needs.get(name, name) not in chosen for name in chosen):
                continue
            if not _keeps(stated, chosen):
                continue
            gains = _worth(problem, stated, chosen)
            if (gains > 0).all() and np.log(gains).sum() > best + 1e-9:
                best, at = float(np.log(gains).sum()), chosen
    assert found.packages[0].solution == "nash"
    assert found.packages[0].status == "optimal"
    assert found.packages[0].package == at
    worth = _worth(problem, stated, at)
    assert dict(found.packages[0].gains)["highland"] == pytest.approx(worth[0])


def test_no_side_loses_in_nine_samples_of_ten(problem, found):
    package = [problem.measures.index(name) for name in found.packages[0].package]
    drawn = problem.scenarios.gains[:, :, package].sum(axis=2)
    # without what counts twice, which is the same in every sample, both would gain by far more
    assert ((drawn > 0).mean(axis=0) >= 0.9).all()


def test_a_side_s_best_is_no_worse_for_it_than_the_recommended(found):
    recommended = dict(found.packages[0].gains)
    for one in found.packages:
        if one.solution == "best-for-one":
            side = max(dict(one.gains), key=lambda p: dict(one.gains)[p] - recommended[p])
            assert dict(one.gains)[side] >= recommended[side] - 1e-6
        assert all(gain >= -1e-6 for _, gain in one.gains)


def test_the_path_holds_the_package_and_nobody_stands_below_the_trend(found):
    begun = [name for step in found.path.steps for name in step.begins]
    assert sorted(begun) == sorted(found.packages[0].package)
    for step in found.path.steps:
        assert all(gain >= -1e-6 for _, gain in step.off_ramp.gains)
        assert abs(step.off_ramp.balance) <= 10 + 1e-9


def test_a_core_measure_stands_in_every_package_that_was_counted(found):
    for one in found.core.indices:
        inside = sum(one.measure in package for package in found.core.packages)
        assert one.share == pytest.approx(inside / len(found.core.packages))


def test_the_order_of_the_parties_of_a_side_changes_no_package(case, groups, ground, found):
    sides = tuple(
        side.model_copy(update={"parties": side.parties[::-1]}) for side in case.about.sides
    )
    turned = replace(case, about=case.about.model_copy(update={"sides": sides}))
    again = problem_of(turned, groups, measure_states(turned), ground)
    other = bargaining(turned, again, ledger(turned, groups))
    assert [one.package for one in other.packages] == [one.package for one in found.packages]


def test_what_is_spent_is_told_and_what_the_budget_keeps_out(stated, found):
    (use,) = found.budgets
    package, costs = found.packages[0].package, stated["budgets"][0]["costs"]
    assert (use.budget, use.limit) == ("officers", 110)
    assert dict(use.costs) == {name: costs[name] for name in package if name in costs}
    assert use.spent == sum(costs.get(name, 0) for name in package)
    assert use.binds
    assert set(use.without) > set(package)


def test_a_conditional_offer_brings_what_would_not_come_without(found):
    first, second = found.joint_gains
    assert (first.measures, first.held, first.matters) == ((("M06",), ("M09",)), True, True)
    assert first.gains == (("lowland", pytest.approx(16)),)
    assert "M06" not in first.without
    assert (second.held, second.matters, second.without) == (True, False, found.packages[0].package)


def test_a_group_is_held(found):
    (one,) = found.groups
    assert (one.least, one.most) == (1, 3)
    assert one.held == ("M09", "M10")


def _with(case: Case, **parts) -> Case:
    return replace(case, packages_file=case.packages_file.model_copy(update=parts))


def test_what_cannot_hold_together_is_named(case, groups, ground):
    (budget,), (group,) = case.packages_file.budgets, case.packages_file.groups
    poor = budget.model_copy(update={"limit": Number(value=11)})
    both = group.model_copy(update={"at_least": 2})
    tight = _with(case, budgets=(poor,), groups=(both,))
    problem = problem_of(tight, groups, measure_states(tight), ground)
    found = bargaining(tight, problem, ledger(tight, groups))
    assert found.packages[0].status == "infeasible"
    assert found.packages[0].conflict == ("budget officers", "count seen-from-outside")
    assert found.path is None
    assert not found.core.indices


def test_without_the_file_nothing_is_spent_and_nothing_gained_together(case, groups, ground):
    plain = _with(case, budgets=(), synergies=(), groups=())
    problem = problem_of(plain, groups, measure_states(plain), ground)
    assert len(problem.synergies) == len(SAME_WORK)
    found = bargaining(plain, problem, ledger(plain, groups))
    assert found.budgets == found.joint_gains == found.groups == ()
    assert "M06" not in found.packages[0].package


def test_where_nobody_was_asked_there_is_no_choice(root):
    case = read_case(root / "cases" / "euro-atlantic")
    assert problem_of(case, (), measure_states(case), ()) is None
    assert bargaining(case, None, ()) is None
