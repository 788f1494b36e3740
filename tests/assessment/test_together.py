"""Budgets, joint gains and groups of a case, as a problem of packages takes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.assessment.bargain.problem import Rules, acceptable
from detente.assessment.choice_problem import SAMPLES, problem_of
from detente.assessment.results import MeasureState
from detente.assessment.states import measure_states
from detente.assessment.together import budgets, counts, joints, limit_of
from detente.case.case import Case
from detente.case.model import MeasureGroup, Number, Synergy
from detente.case.read import read_case
from detente.elicitation.assess import assess_elicitation

CHOICE = ("M02", "M05", "M06", "M09", "M10")


@pytest.fixture(scope="module")
def case(root) -> Case:
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def groups(case):
    return assess_elicitation(case).groups


def in_force(*measures: str) -> tuple[MeasureState, ...]:
    return tuple(MeasureState(name, "in-force", "2026", True, "", "") for name in measures)


def with_synergy(case: Case, **keys) -> Case:
    one = Synergy(why={"": "So it is."}, **keys)
    return replace(case, packages_file=case.packages_file.model_copy(update={"synergies": (one,)}))


def test_a_budget_has_the_costs_of_the_choice_and_the_lower_end_of_its_limit(case):
    (one,) = budgets(case, ("M02", "M03", "M09"))
    assert (one.name, one.costs, one.limit) == ("officers", (10, 0, 40), 110)
    exact = case.packages_file.budgets[0].model_copy(update={"limit": Number(value=7)})
    assert limit_of(exact) == 7


def test_what_is_in_force_counts_as_held(case):
    group = MeasureGroup(
        id="g",
        title={"": "G"},
        measures=("M01", "M02", "M05"),
        at_least=2,
        at_most=2,
        why={"": "."},
    )
    one = replace(case, packages_file=case.packages_file.model_copy(update={"groups": (group,)}))
    assert [(c.measures, c.least, c.most) for c in counts(one, CHOICE, ())] == [
        (("M02", "M05"), 2, 2)
    ]
    (held,) = counts(one, CHOICE, in_force("M01"))
    assert (held.least, held.most) == (1, 1)
    (full,) = counts(one, ("M05",), in_force("M01", "M02"))
    assert (full.measures, full.least, full.most) == (("M05",), 0, 0)


def test_a_condition_that_is_in_force_is_met_and_one_that_is_gone_is_never(case):
    said = {"measures": ("M01", ("M02", "M12"), "M10"), "gains": {"highland": Number(value=5)}}
    one = with_synergy(case, **said)
    (met,) = joints(one, CHOICE, in_force("M01"))
    assert met.clauses == (("M02",), ("M10",))  # M12 is not in the choice
    assert joints(one, CHOICE, ()) == ()  # M01 neither stands nor can be chosen
    assert joints(one, CHOICE, in_force("M01", "M12", "M10")) == ()  # had already, without choosing


def test_a_joint_gain_has_the_mean_of_what_is_stated(case):
    said = {"highland": Number(low=0, mid=2, high=10), "lowland": Number(value=-3)}
    (one,) = joints(with_synergy(case, measures=("M02", "M05"), gains=said), CHOICE, ())
    normal = np.random.default_rng(1).normal(size=(2, 400_000))
    drawn = one.drawn(normal)
    assert one.means() == pytest.approx(drawn.mean(axis=1), abs=0.02)
    assert np.quantile(drawn[0], [0.05, 0.5, 0.95]) == pytest.approx([0, 2, 10], abs=0.05)
    assert (drawn[1] == -3).all()


def test_samples_see_what_is_not_had_twice_and_what_is_had_together(case, groups):
    problem = problem_of(case, groups, measure_states(case), ())
    drawn = problem.scenarios
    names = [tuple(clause[0] for clause in one.clauses) for one in problem.synergies]
    twice = names.index(("M02", "M03"))
    a, b = (drawn.gains[:, :, problem.place[name]] for name in ("M02", "M03"))
    assert np.allclose(drawn.bonuses[:, :, twice], -np.maximum(np.minimum(a, b), 0))
    offer = drawn.bonuses[:, 1, names.index(("M06", "M09"))]
    assert len(offer) == SAMPLES
    assert offer.mean() == pytest.approx(16, abs=0.3)
    assert ((offer >= 10) & (offer <= 22)).mean() == pytest.approx(0.9, abs=0.02)
    assert (drawn.bonuses[:, 0, names.index(("M06", "M09"))] == 0).all()


@pytest.mark.parametrize(
    ("gain", "enough"), [(Number(value=90), True), (Number(low=-80, mid=90, high=100), False)]
)
def test_an_offer_must_carry_a_package_in_the_samples_too(case, groups, gain, enough):
    one = with_synergy(case, measures=("M06", "M09"), gains={"lowland": gain})
    problem = problem_of(one, groups, measure_states(one), ())
    both = np.array([name in ("M06", "M09") for name in problem.measures])
    worse = np.array([0.0, 40.0])[:, None] * both  # of each measure, for lowland
    drawn = replace(problem.scenarios, gains=problem.scenarios.gains - worse)
    made = replace(problem, gains=problem.gains - worse, scenarios=drawn, rules=Rules())
    certain = replace(made, scenarios=None)
    assert acceptable(certain, both[None])[0]
    assert not acceptable(replace(certain, synergies=()), both[None])[0]
    assert acceptable(made, both[None])[0] == enough
