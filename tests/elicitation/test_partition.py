"""Who prioritises differently, against psychotree, brute force and simulated truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from detente.elicitation.comparisons import Comparisons, counted, pairwise, rankings
from detente.elicitation.foreign.pairs import read_comparisons
from detente.elicitation.partition import (
    Floats,
    contrast,
    instability,
    permutation,
    sup_lm_tail,
    tree,
    whitened,
)
from detente.elicitation.worths import maximum, scores, worths
from detente.ground.errors import UsageError


@pytest.fixture(scope="module")
def parties(shared_data):
    file = shared_data / "elicitation/paired-comparisons/germanparties2009.csv"
    return read_comparisons(file.name, file.read_bytes())


def orders(rng: np.random.Generator, truth: Floats, *, apart: float = 0.0) -> Floats:
    """A ranking of each row of log-worths (P, m), by Luce's model of choice."""
    u = truth + apart * rng.standard_normal(truth.shape)
    return np.argsort(np.argsort(-u - rng.gumbel(size=u.shape), axis=1), axis=1).astype(np.float64)


def ranked(ranks: Floats) -> Comparisons:
    return rankings("abcde"[: ranks.shape[1]], [str(p) for p in range(len(ranks))], ranks=ranks)


def stated(rng: np.random.Generator, truth: Floats, *, said: int = 20) -> Comparisons:
    """Statements of people with log-worths (P, m), each pair drawn on its own."""
    people, m = truth.shape
    first = rng.integers(m, size=(people, said))
    second = (first + rng.integers(1, m, size=(people, said))) % m
    who = np.arange(people)[:, None]
    won = rng.random((people, said)) < special.expit(truth[who, first] - truth[who, second])
    return pairwise(
        "abcde"[:m],
        [str(p) for p in range(people)],
        person=np.repeat(np.arange(people), said),
        first=first.ravel(),
        second=second.ravel(),
        result=np.where(won, 1, -1).ravel(),
    )


# --- declared groups ----------------------------------------------------------------------------


@pytest.mark.conformance
def test_women_and_men_on_german_parties(parties):
    """Log-likelihoods of psychotools: -878.6148, -833.4661, and -1716.8073 for all."""
    got = contrast(parties.comparisons, parties.covariates["gender"])
    ratio = got.likelihood_ratio
    assert ratio.statistic == pytest.approx(2 * (1716.8073 - 878.6148 - 833.4661), abs=1e-3)
    assert ratio.freedom == 5
    assert ratio.p == pytest.approx(special.chdtrc(5, ratio.statistic))
    assert got.used == "likelihood ratio"
    # Green log-worth among all six: sum-zero from the published ones against FDP.
    men = np.array([-0.2526548, -0.6343443, 1.0296334, 0.7880643, 0.2106150, 0])
    women = np.array([-0.5060685, -0.5996196, 1.3608266, 0.8426129, 0.1400730, 0])
    found = {one.item: one for one in got.differences}
    want = women[2] - women.mean() - men[2] + men.mean()
    assert found["Gruene"].mid == pytest.approx(want, abs=1e-6)
    assert (found["Gruene"].a, found["Gruene"].b) == ("female", "male")
    # Each person made 15 comparisons: the test that knows this is less sure.
    assert got.wald.p > 0.3
    assert ratio.p < 0.1
    assert contrast(parties.comparisons, parties.covariates["gender"], errors="person").used == (
        "Wald by person"
    )


def test_two_items_and_two_groups_in_closed_form():
    """A two by two table: the likelihood ratio is G^2, the difference half a log odds ratio."""
    said = [1] * 30 + [-1] * 10 + [1] * 12 + [-1] * 18
    n = len(said)
    comparisons = pairwise(
        "ab",
        [str(p) for p in range(n)],
        person=range(n),
        first=[0] * n,
        second=[1] * n,
        result=said,
    )
    got = contrast(comparisons, ["x"] * 40 + ["y"] * 30)
    table = np.array([[30, 10], [12, 18]])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    ratio = 2 * np.sum(table * np.log(table / expected))
    assert got.likelihood_ratio.statistic == pytest.approx(ratio)
    assert got.likelihood_ratio.freedom == 1
    odds = np.log(30 / 10 / (12 / 18))
    error = np.sqrt(np.sum(1 / table)) / 2
    assert got.differences[0].mid == pytest.approx(odds / 2)
    assert got.differences[0].low == pytest.approx(odds / 2 - special.ndtri(0.95) * error)
    assert got.differences[0].p == pytest.approx(2 * special.ndtr(-odds / 2 / error))
    # Wald by person is the square of the same, each variance times n / (n - 1).
    robust = np.sum(1 / table[0]) * 40 / 39 + np.sum(1 / table[1]) * 30 / 29
    assert got.wald.statistic == pytest.approx(odds**2 / robust)


@settings(max_examples=20)
@given(st.integers(0, 300))
def test_groups_that_said_the_same_do_not_differ(seed):
    rng = np.random.default_rng(seed)
    one = stated(rng, np.zeros((8, 4)))
    twice = type(one)(
        one.items,
        tuple(str(p) for p in range(16)),
        np.concatenate([one.wins] * 2),
        np.concatenate([one.ties] * 2),
    )
    got = contrast(twice, ["x"] * 8 + ["y"] * 8)
    assert got.likelihood_ratio.statistic == pytest.approx(0, abs=1e-7)
    assert got.wald.statistic == pytest.approx(0, abs=1e-7)
    assert not any(one.tells for one in got.differences)


def test_size_on_rankings_of_people_who_differ():
    """Where the camps do not differ: Wald and permutation reject a tenth, the ratio far more."""
    rng = np.random.default_rng(4)
    truth = np.tile([0.8, 0.4, 0.0, -0.4, -0.8], (20, 1))
    groups = ["x"] * 10 + ["y"] * 10
    told: dict[str, list[Any]] = {"ratio": [], "wald": [], "permutation": [], "items": []}
    for _ in range(100):
        said = ranked(orders(rng, truth, apart=1.0))
        got = contrast(said, groups, alpha=0.01)
        told["ratio"].append(got.likelihood_ratio.p < 0.1)
        told["wald"].append(got.wald.p < 0.1)
        told["permutation"].append(permutation(said, groups, rng=rng, count=99).p <= 0.1)
        told["items"].append(np.mean([one.tells for one in got.differences]))
    rate = {name: np.mean(found) for name, found in told.items()}
    assert rate["ratio"] > 0.3
    assert all(0.03 < rate[name] < 0.17 for name in ("wald", "permutation", "items")), rate


def test_camps_that_differ_are_told_apart():
    rng = np.random.default_rng(5)
    truth = np.array([[1, 0, 0, -1]] * 15 + [[-1, 0, 0, 1]] * 15)
    groups = ["x"] * 15 + ["y"] * 15
    said = ranked(orders(rng, truth))
    got = contrast(said, groups, alpha=0.1)
    assert got.used == "Wald by person"
    assert got.wald.p < 0.01
    assert permutation(said, groups, rng=rng).p <= 0.003
    assert {one.item for one in got.differences if one.tells} >= {"a", "d"}


def test_panels_too_small_for_wald_use_the_permutation():
    rng = np.random.default_rng(6)
    said = ranked(orders(rng, np.zeros((8, 5))))
    got = contrast(said, list("xxxxyyyy"), alpha=0.5)
    assert got.wald is None
    assert got.used == permutation(said, list("xxxxyyyy"), rng=rng, alpha=0.5).name


def test_errors_of_a_contrast():
    said = ranked(np.array([[1, 2, 3], [3, 2, 1], [1, 2, 3], [2, 3, 1]]))
    with pytest.raises(UsageError, match="3 groups"):
        contrast(said, ["x", "x", "y"])
    with pytest.raises(UsageError, match="two groups"):
        contrast(said, ["x"] * 4)
    with pytest.raises(UsageError, match="Group `y`: No finite worths"):
        contrast(said, ["x", "x", "y", "x"])


# --- groups found -------------------------------------------------------------------------------


@pytest.mark.conformance
def test_instability_of_german_parties_is_that_of_psychotree(parties):
    """sctest of bttree, psychotree in R; p adjusted there by 1 - (1 - p)^4 over the covariates.

    R's process runs through people of the same age in the order of the file: here their place in
    that order stands for the age.
    """
    fitted = maximum(parties.comparisons)
    process = whitened(scores(parties.comparisons, fitted))
    own = parties.covariates
    got = [
        instability(process, "gender", np.array(own["gender"])),
        instability(process, "crisis", np.array(own["crisis"])),
        instability(process, "education", np.array([f"{one:g}" for one in own["education"]])),
    ]
    assert [one.statistic for one in got] == pytest.approx([5.8928567, 3.7621885, 32.7232312])
    assert [1 - (1 - one.p) ** 4 for one in got] == pytest.approx(
        [0.7821132, 0.9700911, 0.1370386], abs=1e-6
    )
    place = np.argsort(np.argsort(own["age"], kind="stable"), kind="stable").astype(float)
    by_place = instability(process, "age", place, least=5)
    assert by_place.statistic == pytest.approx(18.2099185)
    assert 1 - (1 - by_place.p) ** 4 == pytest.approx(0.2109473, abs=0.05)


@pytest.mark.conformance
def test_german_parties_are_not_split(parties):
    """Nor does psychotree at the 5 % level."""
    own = {name: parties.covariates[name] for name in ("gender", "age", "crisis")}
    got = tree(parties.comparisons, own, least=5)
    assert got.split is None
    assert len(got.tests) == 3
    assert got.worths.log_likelihood == pytest.approx(-1716.807, abs=1e-3)


@pytest.mark.conformance
def test_split_with_a_looser_level_is_the_best_of_all(parties):
    got = tree(parties.comparisons, {"age": parties.covariates["age"]}, significance=0.3, depth=1)
    age = np.array(parties.covariates["age"])
    totals = {}
    for at in np.unique(age)[:-1]:
        sides = [parties.comparisons.of(age <= at), parties.comparisons.of(age > at)]
        if min(len(side.persons) for side in sides) >= 10:
            totals[at] = sum(worths(side).log_likelihood for side in sides)
    assert got.split.at == max(totals, key=totals.get)
    assert got.split.log_likelihood == pytest.approx(max(totals.values()))


def test_tail_against_simulated_bridges():
    """The formula is the continuous limit: a little above the steps of the simulation."""
    rng = np.random.default_rng(2)
    steps, runs, k = 400, 1500, 4
    t = np.arange(1, steps) / steps
    inside = (t >= 0.1) & (t <= 0.9)
    walk = np.cumsum(rng.standard_normal((runs, steps, k)) / np.sqrt(steps), axis=1)
    bridge = walk[:, :-1] - t[:, None] * walk[:, -1:]
    top = (np.sum(bridge**2, axis=2) / (t * (1 - t)))[:, inside].max(axis=1)
    for share, room in ((0.2, 0.05), (0.1, 0.035), (0.05, 0.025)):
        p = sup_lm_tail(float(np.quantile(top, 1 - share)), k, trim=0.1)
        assert share - 0.01 < p < share + room


def test_tail_agrees_with_the_table_of_andrews():
    """Critical values at trim .15: 8.85 and 18.35 at 5 % for 1 and 5 parameters (Andrews 1993)."""
    assert sup_lm_tail(8.85, 1, trim=0.15) == pytest.approx(0.05, abs=0.004)
    assert sup_lm_tail(18.35, 5, trim=0.15) == pytest.approx(0.05, abs=0.004)


@given(st.integers(1, 12), st.floats(0.02, 0.49), st.floats(0, 60), st.floats(0, 10))
def test_tail_is_a_probability_that_falls(k, trim, x, more):
    p = sup_lm_tail(x, k, trim=trim)
    assert 0 <= sup_lm_tail(x + more, k, trim=trim) <= p
    assert p <= 1


def test_a_planted_division_is_found():
    rng = np.random.default_rng(7)
    age = rng.integers(20, 70, size=120).astype(float)
    camp = rng.choice(["north", "south", "west"], size=120)
    one, other = np.array([1.2, 0.4, -0.4, -1.2]), np.array([-1.2, -0.4, 0.4, 1.2])
    truth = np.where((camp == "south")[:, None], other, one)
    truth = np.where(((camp != "south") & (age > 45))[:, None], np.roll(one, 2), truth)
    got = tree(
        ranked(orders(rng, truth)),
        {"age": age.tolist(), "camp": camp.tolist(), "noise": rng.random(120).tolist()},
        significance=0.01,
        alpha=0.01,
    )
    assert got.split.words() == ("camp in north, west", "camp not in north, west")
    left, right = got.branches
    assert left.split.covariate == "age"
    assert left.split.at == pytest.approx(45, abs=2)
    assert right.split is None
    assert sorted(p for leaf in got.leaves() for p in leaf.people) == list(range(120))
    lines = list(got.lines())
    assert lines[0] == "camp in north, west"
    assert lines[1].startswith("|   age <= 4")
    assert len(lines) == 3 * len(list(got.leaves())) - 2  # a line a leaf, two a split


def test_noise_is_seldom_split():
    rng = np.random.default_rng(9)
    split = 0
    for _ in range(40):
        own = {"age": rng.random(60).tolist(), "camp": rng.choice(["x", "y"], size=60).tolist()}
        truth = np.tile([0.5, 0.0, 0.0, -0.5], (60, 1))
        split += tree(ranked(orders(rng, truth, apart=1.0)), own, alpha=0.01).split is not None
    assert split <= 6


def test_order_of_people_changes_nothing():
    rng = np.random.default_rng(10)
    truth = np.where(np.arange(60)[:, None] < 30, [1.0, 0, -1], [-1.0, 0, 1])
    ranks, age = orders(rng, truth), np.arange(60) // 6
    turned = rng.permutation(60)
    one = tree(ranked(ranks), {"age": age.tolist()}, alpha=0.01)
    two = tree(ranked(ranks[turned]), {"age": age[turned].tolist()}, alpha=0.01)
    assert one.split.at == two.split.at == 4
    assert one.tests[0].statistic == pytest.approx(two.tests[0].statistic)


def test_branches_without_finite_worths_are_no_candidates():
    ranks = np.array([[1, 2, 3]] * 12 + [[3, 2, 1]] * 12)
    got = tree(ranked(ranks), {"camp": ["x"] * 12 + ["y"] * 12}, least=2)
    assert got.tests[0].adjusted < 0.05
    assert got.split is None
    assert tree(ranked(ranks), {"camp": ["x"] * 12 + ["y"] * 12}, alpha=0.1).split is not None


def test_a_covariate_of_one_value_is_no_test():
    ranks = np.array([[1, 2, 3], [3, 2, 1], [2, 1, 3], [3, 1, 2]])
    got = tree(ranked(ranks), {"camp": ["x"] * 4, "age": [1, 2, 3, 4]}, least=2)
    assert [one.covariate for one in got.tests] == ["age"]


@pytest.mark.parametrize(
    ("covariates", "words"),
    [
        ({}, "needs covariates"),
        ({"a": [1.0, 2.0]}, "2 values"),
        ({"a": [1.0, 2.0, np.nan, 4.0]}, "finite"),
        ({"a": ["x", 1.0, "y", 2.0]}, "mixes"),
    ],
)
def test_errors_of_a_tree(covariates, words):
    ranks = np.array([[1, 2, 3], [3, 2, 1], [2, 1, 3], [3, 1, 2]])
    with pytest.raises(UsageError, match=words):
        tree(ranked(ranks), covariates)


def test_too_many_names():
    wins = np.repeat(counted("ab", [[0, 1], [1, 0]]).wins, 12, axis=0)
    said = type(counted("ab", [[0, 1], [1, 0]]))(
        ("a", "b"), tuple(str(p) for p in range(12)), wins, 0 * wins
    )
    with pytest.raises(UsageError, match="over 10 names"):
        tree(said, {"a": [str(p) for p in range(12)]})
