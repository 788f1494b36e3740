"""Worths against published fits, closed forms, brute force and simulated truth."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from detente.elicitation.comparisons import Comparisons, counted, pairwise, rankings
from detente.elicitation.foreign.pairs import read_comparisons
from detente.elicitation.worths import (
    Floats,
    chance_among_first,
    chance_first_in_all,
    draws,
    rank_intervals,
    worths,
)
from detente.ground.errors import UsageError

PARTIES = ("none", "Linke", "Gruene", "SPD", "CDU/CSU", "FDP")


@pytest.fixture(scope="module")
def parties(shared_data):
    file = shared_data / "elicitation/paired-comparisons/germanparties2009.csv"
    return read_comparisons(file.name, file.read_bytes())


def random(
    seed: int, m: int = 5, people: int = 12, *, tied: float = 0.2, said: int = 30
) -> Comparisons:
    """Statements of people without any pattern."""
    rng = np.random.default_rng(seed)
    first = rng.integers(m, size=(people, said))
    second = (first + rng.integers(1, m, size=(people, said))) % m
    result = rng.choice([-1, 0, 1], size=(people, said), p=[0.5 - tied / 2, tied, 0.5 - tied / 2])
    return pairwise(
        tuple("abcdefghij"[:m]),
        tuple(str(p) for p in range(people)),
        person=np.repeat(np.arange(people), said),
        first=first.ravel(),
        second=second.ravel(),
        result=result.ravel(),
    )


# --- published values ---------------------------------------------------------------------------


@pytest.mark.conformance
def test_german_parties_are_those_of_psychotools(parties):
    got = worths(parties.comparisons, reference="FDP")
    assert got.items == PARTIES
    assert got.log_worth == pytest.approx(
        [-0.37556, -0.61607, 1.18576, 0.81310, 0.17562, 0], abs=1e-5
    )
    assert got.se == pytest.approx([0.08902, 0.09102, 0.09507, 0.09067, 0.08750, 0], abs=1e-5)
    assert got.worth == pytest.approx(
        [0.07677, 0.06036, 0.36584, 0.25203, 0.13323, 0.11177], abs=1e-5
    )
    assert got.log_likelihood == pytest.approx(-1716.807, abs=1e-3)
    assert got.covariance[0, 1] == pytest.approx(0.003932736, abs=1e-8)
    assert (got.errors, got.freedom) == ("model", np.inf)


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("gender", "worth", "log_worth", "se", "log_likelihood"),
    [
        (
            "male",
            [0.09095, 0.06209, 0.32785, 0.25749, 0.14454, 0.11709],
            [-0.2526548, -0.6343443, 1.0296334, 0.7880643, 0.2106150],
            [0.1240936, 0.1282989, 0.1305068, 0.1269242, 0.1228852],
            -878.6148,
        ),
        (
            "female",
            [0.06330, 0.05765, 0.40943, 0.24385, 0.12078, 0.10500],
            [-0.5060685, -0.5996196, 1.3608266, 0.8426129, 0.1400730],
            [0.1282296, 0.1294098, 0.1396335, 0.1299157, 0.1248607],
            -833.4661,
        ),
    ],
)
def test_german_parties_by_gender(parties, gender, worth, log_worth, se, log_likelihood):
    of = [one == gender for one in parties.covariates["gender"]]
    got = worths(parties.comparisons.of(of), reference="FDP")
    assert got.worth == pytest.approx(worth, abs=1e-5)
    assert got.log_worth[:5] == pytest.approx(log_worth, abs=1e-6)
    assert got.se[:5] == pytest.approx(se, abs=1e-6)
    assert got.log_likelihood == pytest.approx(log_likelihood, abs=1e-3)


@pytest.mark.conformance
def test_errors_by_person_are_those_of_r_sandwich(parties):
    """vcov, estfun of psychotools 0.7-2 in R: V (n / (n - 1) sum u u') V."""
    got = worths(parties.comparisons, reference="FDP", errors="person")
    assert got.se[:5] == pytest.approx(
        [0.11616921793, 0.16935068781, 0.14606066052, 0.13970380030, 0.09759319277], abs=1e-7
    )
    assert got.freedom == 191


@pytest.mark.conformance
def test_citations_are_those_of_bradleyterry2(shared_data):
    file = shared_data / "elicitation/paired-comparisons/citations.csv"
    got = worths(read_comparisons(file.name, file.read_bytes()).comparisons, reference="Biometrika")
    assert got.log_worth == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=1e-5)
    assert got.se == pytest.approx([0, 0.10255, 0.06059, 0.07083], abs=1e-5)


def test_two_items_in_closed_form():
    got = worths(counted("ab", [[0, 30], [10, 0]]))
    assert got.log_worth == pytest.approx([np.log(3) / 2, -np.log(3) / 2])
    assert got.worth == pytest.approx([0.75, 0.25])
    against = worths(counted("ab", [[0, 30], [10, 0]]), reference="b")
    assert against.se == pytest.approx([np.sqrt(1 / 30 + 1 / 10), 0])
    assert against.log_likelihood == pytest.approx(30 * np.log(0.75) + 10 * np.log(0.25))


def test_davidson_of_two_items_in_closed_form():
    """nu = ties / sqrt(wins losses), and the log-worth is log(wins / losses)."""
    result = [1] * 40 + [0] * 12 + [-1] * 10
    n = len(result)
    got = worths(
        pairwise("ab", "x", person=[0] * n, first=[0] * n, second=[1] * n, result=result),
        reference="b",
    )
    assert got.log_worth[0] == pytest.approx(np.log(4))
    assert got.log_tie == pytest.approx(np.log(12 / 20))
    # Errors of a saturated multinomial: log w - log l, log t - (log w + log l) / 2.
    assert got.se[0] == pytest.approx(np.sqrt(1 / 40 + 1 / 10))
    assert got.log_tie_se == pytest.approx(np.sqrt(1 / 12 + 1 / 160 + 1 / 40))


# --- other ways to the same ---------------------------------------------------------------------


def by_search(comparisons: Comparisons, alpha: float) -> tuple[Floats, float]:
    """The maximum by a general optimiser, on the likelihood as the paper writes it."""
    m = len(comparisons.items)
    wins, ties = comparisons.wins.sum(axis=0), comparisons.ties.sum(axis=0)

    def lost(x):
        worth, nu = np.exp(x[:m] - x[:m].mean()), np.exp(x[m])
        even = nu * np.sqrt(np.outer(worth, worth))
        total = worth[:, None] + worth[None, :] + even
        log = (
            np.sum(wins * np.log(worth[:, None] / total)) + np.sum(ties * np.log(even / total)) / 2
        )
        return -log + alpha / 2 * np.sum(np.log(worth) ** 2)

    best = optimize.minimize(lost, np.zeros(m + 1), method="BFGS", options={"gtol": 1e-7}).x
    return best[:m] - best[:m].mean(), best[m]


@pytest.mark.parametrize(("seed", "alpha"), [(1, 0.0), (2, 0.7)])
def test_davidson_agrees_with_a_general_optimiser(seed, alpha):
    comparisons = random(seed, m=4, people=3)
    got = worths(comparisons, alpha=alpha)
    log_worth, tie = by_search(comparisons, alpha)
    assert got.log_worth == pytest.approx(log_worth, abs=1e-4)
    assert got.log_tie == pytest.approx(tie, abs=1e-4)


@settings(max_examples=25)
@given(st.integers(0, 500))
def test_items_by_another_name_and_order_change_nothing(seed):
    comparisons = random(seed, m=4)
    turned = [2, 0, 3, 1]
    other = type(comparisons)(
        tuple(comparisons.items[i] for i in turned),
        comparisons.persons,
        comparisons.wins[:, turned][:, :, turned],
        comparisons.ties[:, turned][:, :, turned],
    )
    one, two = worths(comparisons, errors="person"), worths(other, errors="person")
    assert two.log_worth == pytest.approx(one.log_worth[turned], abs=1e-8)
    assert two.se == pytest.approx(one.se[turned], abs=1e-8)
    assert one.log_worth.sum() == pytest.approx(0, abs=1e-9)
    assert one.worth.sum() == pytest.approx(1)


@settings(max_examples=25)
@given(st.integers(0, 500))
def test_fitted_wins_are_the_wins(seed):
    """The equations of maximum likelihood: expected wins equal those counted."""
    comparisons = random(seed, tied=0.0)
    got = worths(comparisons)
    wins = comparisons.wins.sum(axis=0)
    before = special.expit(got.log_worth[:, None] - got.log_worth[None, :])
    assert ((wins + wins.T) * before).sum(axis=1) == pytest.approx(wins.sum(axis=1))


def test_ties_as_half_wins():
    comparisons = random(3)
    half = comparisons.wins + comparisons.ties / 2
    plain = type(comparisons)(comparisons.items, comparisons.persons, half, 0 * half)
    got = worths(comparisons, ties="half")
    assert np.array_equal(got.log_worth, worths(plain).log_worth)
    assert np.isnan(got.log_tie)


def test_a_larger_prior_draws_worths_together():
    spans = [np.ptp(worths(random(4), alpha=alpha).log_worth) for alpha in (0, 1, 10, 1e4)]
    assert spans == sorted(spans, reverse=True)
    assert spans[-1] < 0.05


def test_hundreds_of_items_with_worths_far_apart():
    truth = np.linspace(-6, 6, 300)
    before = special.expit(truth[:, None] - truth[None, :]) * 1e4
    got = worths(counted([str(i) for i in range(300)], before))
    assert got.log_worth == pytest.approx(truth, abs=1e-6)


# --- where no finite worths exist ---------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=1, max_size=9))
def test_ford_condition_against_every_division(edges):
    """Finite where in every division into two sets each side won at least once: by brute force."""
    wins = np.zeros((4, 4))
    for i, step in edges:
        wins[i, (i + step) % 4] += 1
    finite = all(
        wins[np.ix_(side, [i for i in range(4) if i not in side])].any()
        for size in (1, 2, 3)
        for side in map(list, itertools.combinations(range(4), size))
    )
    if finite:
        assert np.isfinite(worths(counted("abcd", wins)).log_worth).all()
        return
    with pytest.raises(UsageError, match="nobody put any of"):
        worths(counted("abcd", wins))


@pytest.mark.parametrize(
    ("wins", "low", "high"),
    [
        ([[0, 2, 1], [1, 0, 1], [0, 0, 0]], "c", "a, b"),
        ([[0, 0, 1], [1, 0, 1], [2, 0, 0]], "a, c", "b"),
        ([[0, 3, 0], [1, 0, 0], [0, 0, 0]], "a, b", "c"),
    ],
)
def test_the_reason_names_the_items(wins, low, high):
    with pytest.raises(UsageError, match=f"any of {low} before or level with any of {high}. Give"):
        worths(counted("abc", wins))


def test_a_prior_makes_them_finite():
    got = worths(counted("abc", [[0, 3, 1], [0, 0, 0], [0, 0, 0]]), alpha=0.5)
    assert got.log_worth[0] > got.log_worth[2] > got.log_worth[1]
    assert np.isfinite(got.se).all()


def test_other_errors_of_the_caller():
    level = pairwise("ab", "x", person=[0], first=[0], second=[1], result=[0])
    with pytest.raises(UsageError, match="ties"):
        worths(level)
    with pytest.raises(UsageError, match="reference"):
        worths(random(1), reference="z")
    with pytest.raises(UsageError, match="precision"):
        worths(random(1), alpha=-1)
    with pytest.raises(UsageError, match="two people"):
        worths(random(1, people=1), errors="person")
    with pytest.raises(UsageError, match="coverage"):
        worths(random(1)).interval(1)


# --- errors -------------------------------------------------------------------------------------


def test_implied_pairs_take_errors_by_person():
    said = rankings("abc", "wxyz", ranks=[[1, 2, 3], [2, 1, 3], [3, 1, 2], [1, 3, 2]])
    got = worths(said)
    assert (got.errors, got.freedom) == ("person", 3)
    assert worths(said, errors="model").freedom == np.inf
    half = got.interval()[:, 1] - got.log_worth
    assert half == pytest.approx(got.se * stats.t(3).ppf(0.95))


def test_people_without_comparisons_do_not_count():
    said = rankings("abc", "wxy", ranks=[[1, 2, 3], [2, 3, 1], [np.nan] * 3])
    got, there = worths(said), worths(said.of([0, 1]))
    assert got.people == 2
    assert np.array_equal(got.covariance, there.covariance)


def test_saying_all_twice_narrows_the_errors_of_the_model_alone():
    """Twice the pairs of the same people are no more people."""
    one = random(5)
    twice = type(one)(one.items, one.persons, 2 * one.wins, 2 * one.ties)
    assert worths(twice, errors="person").se == pytest.approx(worths(one, errors="person").se)
    assert worths(twice).se == pytest.approx(worths(one).se / np.sqrt(2))


def orders(rng: np.random.Generator, people: int, *, apart: float, truth: Floats) -> Floats:
    """Rankings of people who differ among themselves."""
    u = truth + apart * rng.standard_normal((people, len(truth)))
    return np.argsort(np.argsort(-u - rng.gumbel(size=u.shape), axis=1), axis=1).astype(np.float64)


def test_intervals_by_person_hold_what_they_promise_and_those_of_the_model_do_not():
    rng = np.random.default_rng(8)
    truth = np.array([0.8, 0.4, 0.0, -0.4, -0.8])
    many = orders(rng, 20_000, apart=1.0, truth=truth)
    aim = worths(rankings("abcde", range(20_000), ranks=many), errors="model").log_worth
    held: dict[str, list[Any]] = {"person": [], "model": []}
    for _ in range(150):
        said = rankings("abcde", range(10), ranks=orders(rng, 10, apart=1.0, truth=truth))
        for errors, found in held.items():
            low, high = worths(said, alpha=0.1, errors=errors).interval().T
            found.append((low < aim) & (aim < high))
    assert 0.87 < np.mean(held["person"]) < 0.95
    assert np.mean(held["model"]) < 0.82


def test_intervals_of_worths_stay_within_their_bounds():
    got = worths(counted("abc", [[0, 3, 40], [1, 0, 9], [1, 1, 0]]))
    low, high = got.worth_interval().T
    assert np.all((low > 0) & (low < got.worth) & (got.worth < high) & (high < 1))


def test_interval_of_a_worth_of_two_is_that_of_a_binomial_log_odds():
    low, high = worths(counted("ab", [[0, 30], [10, 0]])).worth_interval()[0]
    half = stats.norm.ppf(0.95) * np.sqrt(1 / 30 + 1 / 10)
    assert special.logit([low, high]) == pytest.approx([np.log(3) - half, np.log(3) + half])


# --- ranks --------------------------------------------------------------------------------------


def test_draws_have_the_mean_and_covariance_of_the_fit():
    got = worths(random(6, said=200))
    drawn = draws(got, rng=np.random.default_rng(1), count=40_000)
    assert drawn.mean(axis=0) == pytest.approx(got.log_worth, abs=0.01)
    assert np.cov(drawn.T) == pytest.approx(got.covariance, abs=2e-4)


def test_ranks_of_clear_worths_are_known():
    truth = np.array([3.0, 2.0, 1.0, 0.0])
    wins = special.expit(truth[:, None] - truth) * 500
    got = worths(counted("abcd", wins))
    rng = np.random.default_rng(1)
    assert rank_intervals(got, rng=rng).tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]]
    assert chance_among_first(got, 2, rng=rng).tolist() == [1, 1, 0, 0]


def test_ranks_of_equal_worths_are_open():
    got = worths(counted("abcd", 5 * (1 - np.eye(4))))
    rng = np.random.default_rng(1)
    assert rank_intervals(got, rng=rng).tolist() == [[1, 4]] * 4
    assert chance_among_first(got, 3, rng=rng) == pytest.approx([0.75] * 4, abs=0.02)


def test_rank_intervals_use_tukeys_critical_value():
    """With equal variances and no prior knowledge it is the studentised range / sqrt(2)."""
    critical = stats.studentized_range.ppf(0.9, 4, 1e6) / np.sqrt(2)
    base = worths(counted("abcd", 50 * (1 - np.eye(4))))
    se = np.sqrt(2 * base.covariance[0, 0] - 2 * base.covariance[0, 1])
    for factor, told in ((0.97, False), (1.03, True)):
        gap = critical * se * factor
        log_worth = np.array([gap, gap * 0.6, gap * 0.4, 0.0])
        fit = type(base)(**(vars(base) | {"log_worth": log_worth}))
        ranks = rank_intervals(fit, rng=np.random.default_rng(2), count=40_000)
        assert (ranks[0, 1] == 3) == told
        assert (ranks[3, 0] == 2) == told


def test_rank_intervals_hold_all_ranks_together():
    rng = np.random.default_rng(3)
    truth = np.array([0.6, 0.3, 0.2, -0.3, -0.8])
    chance = special.expit(truth[:, None] - truth)
    held = 0
    for _ in range(200):
        upper = np.triu(rng.binomial(30, chance), 1)
        wins = upper + np.tril(30 - upper.T, -1)
        ranks = rank_intervals(worths(counted("abcde", wins), alpha=1e-3), rng=rng, count=500)
        held += bool(np.all((ranks[:, 0] <= [1, 2, 3, 4, 5]) & (ranks[:, 1] >= [1, 2, 3, 4, 5])))
    assert held / 200 >= 0.88


@settings(max_examples=25)
@given(st.integers(0, 200), st.integers(1, 5))
def test_chances_among_the_first_sum_to_their_number(seed, k):
    got = worths(random(seed), errors="person")
    chances = chance_among_first(got, k, rng=np.random.default_rng(0), count=200)
    assert chances.sum() == pytest.approx(k)
    assert np.all((chances >= 0) & (chances <= 1))


def test_first_in_all_groups_is_the_product():
    one, two = (worths(random(seed)) for seed in (1, 2))
    got = chance_first_in_all([one, two], 2, rng=np.random.default_rng(5))
    rng = np.random.default_rng(5)
    alone = [chance_among_first(fit, 2, rng=rng) for fit in (one, two)]
    assert np.array_equal(got, alone[0] * alone[1])


def test_few_people_leave_ranks_open():
    """Student's t with one degree of freedom is wide."""
    said = rankings("abc", "xy", ranks=[[1, 2, 3], [1, 3, 2]])
    got = worths(said, alpha=0.5)
    assert rank_intervals(got, rng=np.random.default_rng(0)).tolist()[1] != [2, 2]


def test_errors_of_ranks():
    got = worths(random(1))
    rng = np.random.default_rng(0)
    with pytest.raises(UsageError, match="first 6"):
        chance_among_first(got, 6, rng=rng)
    with pytest.raises(UsageError, match="draws"):
        rank_intervals(got, rng=rng, count=10)
    with pytest.raises(UsageError, match="same items"):
        chance_first_in_all([got, worths(random(1, m=4))], 2, rng=rng)
    with pytest.raises(UsageError, match="same items"):
        chance_first_in_all([], 2, rng=rng)
