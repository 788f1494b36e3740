"""Distributions of all options at once: moments in closed form, and what is found wrong."""

from __future__ import annotations

import copy
import gzip
import json
import re

import numpy as np
import pytest
from scipy import stats

from detente.assessment.foreign.drugis import read_drugis
from detente.assessment.smaa.indices import indices
from detente.assessment.smaa.intervals import Stop
from detente.assessment.smaa.joint import covariance_root
from detente.ground.errors import CaseError, UsageError

NAMES = ["a", "b", "c"]
EFFECT = [0.0, 0.4, -0.3]
COV = [[0.0, 0.0, 0.0], [0.0, 0.09, 0.03], [0.0, 0.03, 0.04]]
BASE = {"type": "dnorm", "name": "a", "mu": -0.2, "sigma": 0.5}


def covariance(data):
    return {"rownames": NAMES, "colnames": NAMES, "data": data}


def whole(kind="relative-normal", baseline=BASE, mu=EFFECT, cov=COV):
    """A problem with one criterion on which all options are scored at once."""
    effects = {"type": "dmnorm", "mu": dict(zip(NAMES, mu, strict=True)), "cov": covariance(cov)}
    parameters = {"baseline": baseline, "relative": effects}
    pvf = {"range": [0, 1], "type": "linear", "direction": "increasing"}
    return {
        "criteria": {"one": {"pvf": pvf}},
        "alternatives": {name: {} for name in NAMES},
        "performanceTable": [
            {
                "criterion": "one",
                "performance": {"distribution": {"type": kind, "parameters": parameters}},
            }
        ],
    }


def read(problem):
    return read_drugis("p.json", json.dumps(problem).encode()).problem


def drawn(problem, samples=400_000):
    """Scores (m, N) of the one criterion."""
    ((place, joint),) = read(problem).joint
    assert place == 0
    words = np.random.default_rng(7).integers(0, 2**32, (joint.numbers, samples), dtype=np.uint64)
    return joint.scores(words)


POINTS = [0.0, 0.0, 0.0]
FIXED = [[0.0] * 3] * 3
RATE = {"type": "dsurv", "alpha": 6, "beta": 30}


def test_effects_and_the_common_baseline_make_one_normal_distribution():
    found = drawn(whole())
    wanted = np.array(COV) + 0.25  # the variance of the baseline is common to all
    assert found.mean(axis=1) == pytest.approx(np.array(EFFECT) - 0.2, abs=0.005)
    assert np.cov(found) == pytest.approx(wanted, abs=0.005)


def test_the_order_of_names_in_a_covariance_is_its_own():
    turned = [2, 0, 1]
    problem = whole()
    effects = problem["performanceTable"][0]["performance"]["distribution"]["parameters"][
        "relative"
    ]
    names = [NAMES[i] for i in turned]
    data = np.array(COV)[np.ix_(turned, turned)].tolist()
    effects["cov"] = {"rownames": names, "colnames": names, "data": data}
    assert np.cov(drawn(problem)) == pytest.approx(np.array(COV) + 0.25, abs=0.005)


def test_the_logarithm_gives_lognormal_means():
    found = drawn(whole("relative-log-normal"))
    variance = np.diag(COV) + 0.25
    wanted = np.exp(np.array(EFFECT) - 0.2 + variance / 2)
    assert found.mean(axis=1) == pytest.approx(wanted, rel=0.01)


def test_the_log_odds_give_logit_normal_quantiles():
    found = drawn(whole("relative-logit-normal"))
    for option, effect in enumerate(EFFECT):
        spread = np.sqrt(COV[option][option] + 0.25)
        at = effect - 0.2 + spread * stats.norm.ppf([0.05, 0.5, 0.95])
        assert np.quantile(found[option], [0.05, 0.5, 0.95]) == pytest.approx(
            1 / (1 + np.exp(-at)), abs=0.003
        )


@pytest.mark.parametrize(
    ("kind", "base"),
    [("relative-logit-normal", "dbeta-logit"), ("relative-cloglog-normal", "dbeta-cloglog")],
)
def test_without_effects_a_share_has_the_beta_distribution_of_its_baseline(kind, base):
    baseline = {"type": base, "alpha": 3, "beta": 7}
    found = drawn(whole(kind, baseline, POINTS, FIXED))
    assert (found == found[0]).all()
    assert found[0].mean() == pytest.approx(0.3, abs=0.002)
    assert found[0].var() == pytest.approx(3 * 7 / 100 / 11, rel=0.02)


def test_a_t_baseline_has_its_heavy_tails():
    found = drawn(whole(baseline={"type": "dt", "mu": 1, "stdErr": 2, "dof": 5}, cov=FIXED))
    assert found.mean(axis=1) == pytest.approx(np.array(EFFECT) + 1, abs=0.02)
    assert found.var(axis=1) == pytest.approx(4 * 5 / 3, rel=0.05)


@pytest.mark.parametrize(
    ("summary", "wanted"),
    [
        # The rate is gamma(6, 30) exp(effect): E 1/rate = 30/5, E exp(-rate t) = (30/(30 + t))^6.
        ({"summaryMeasure": "mean"}, lambda d: 6 / np.exp(d)),
        ({"summaryMeasure": "median"}, lambda d: np.log(2) * 6 / np.exp(d)),
        (
            {"summaryMeasure": "survivalAtTime", "time": 4},
            lambda d: (30 / (30 + 4 * np.exp(d))) ** 6,
        ),
    ],
)
def test_survival_has_the_moments_of_its_rate(summary, wanted):
    problem = whole("relative-survival", {**RATE, **summary}, EFFECT, FIXED)
    found = drawn(problem)
    assert found.mean(axis=1) == pytest.approx(wanted(np.array(EFFECT)), rel=0.01)


def test_effects_on_the_rate_multiply_it():
    """E exp(-effect) = exp(-d + v / 2), independent of the rate."""
    found = drawn(whole("relative-survival", {**RATE, "summaryMeasure": "mean"}))
    wanted = 6 * np.exp(-np.array(EFFECT) + np.diag(COV) / 2)
    assert found.mean(axis=1) == pytest.approx(wanted, rel=0.01)


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        ("relative-normal", BASE),
        ("relative-log-normal", BASE),
        ("relative-cloglog-normal", {"type": "dbeta-cloglog", "alpha": 3, "beta": 7}),
        ("relative-survival", {**RATE, "summaryMeasure": "median"}),
        ("relative-survival", {**RATE, "summaryMeasure": "survivalAtTime", "time": 4}),
    ],
)
def test_intervals_of_one_option_are_those_of_its_draws(kind, base):
    problem = whole(kind, base)
    ((_, joint),) = read(problem).joint
    found = drawn(problem, 1_000_000)
    shares = [0.05, 0.25, 0.5, 0.75, 0.95]
    for option, own in enumerate(found):
        wanted = np.quantile(own, shares)
        spread = wanted[-1] - wanted[0]
        assert joint.quantiles(option, shares) == pytest.approx(wanted, abs=0.004 * spread)
    low, high = read(problem).bounds(0.9)
    assert low[:, 0] == pytest.approx(np.quantile(found, 0.05, axis=1), abs=0.01 * found.std())
    assert high[:, 0] == pytest.approx(np.quantile(found, 0.95, axis=1), abs=0.01 * found.std())


def test_what_is_common_to_options_cancels_between_them():
    """P(b before a) on one criterion is that of the difference, whatever the baseline."""
    problem = read_drugis("p.json", json.dumps(whole()).encode())
    found = indices(
        problem.problem, problem.weights, seed=np.random.SeedSequence(1), stop=Stop(0, 100_000)
    )
    assert found.pairwise.share[1, 0] == pytest.approx(stats.norm.cdf(0.4 / 0.3), abs=0.005)
    apart = 0.7 / np.sqrt(0.09 + 0.04 - 2 * 0.03)
    assert found.pairwise.share[1, 2] == pytest.approx(stats.norm.cdf(apart), abs=0.005)


def test_points_beside_a_joint_criterion_are_counted_once():
    problem = whole("relative-normal", {"type": "dnorm", "mu": 0.5, "sigma": 0}, POINTS, FIXED)
    pvf = {"range": [0, 1], "type": "linear", "direction": "increasing"}
    problem["criteria"]["two"] = {"pvf": pvf}
    problem["performanceTable"] += [
        {"criterion": "two", "alternative": name, "performance": {"type": "exact", "value": value}}
        for name, value in zip(NAMES, [0.2, 0.3, 0.9], strict=True)
    ]
    made = read_drugis("p.json", json.dumps(problem).encode())
    found = indices(made.problem, made.weights, seed=np.random.SeedSequence(1), stop=Stop(0, 1_000))
    assert found.acceptability.share[2].tolist() == [1, 0, 0]
    assert found.confidence.share[2] == 1


def broken(*path, to):
    problem = copy.deepcopy(whole())
    inner = problem["performanceTable"][0]["performance"]["distribution"]["parameters"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return problem


PLACE = "performanceTable[0].performance.distribution"


@pytest.mark.parametrize(
    ("path", "to", "key", "words"),
    [
        (("baseline",), {}, "baseline", "missing"),
        (("baseline", "type"), "dsurv", "baseline.type", "`dsurv`"),
        (("baseline", "mu"), "0", "baseline", "lacks numbers of dnorm"),
        (("baseline", "sigma"), -1, "baseline.sigma", "is -1"),
        (("relative", "type"), "dmt", "relative.type", "`dmt`"),
        (("relative", "mu"), {"a": 0, "b": 1}, "relative.mu", "lacks numbers"),
        (("relative", "cov"), None, "relative.cov", "missing"),
        (("relative", "cov", "colnames"), ["a", "c", "b"], "relative.cov", "other than"),
        (("relative", "cov", "rownames"), "abc", "relative.cov", "other than"),
        (("relative", "cov", "data"), COV[:2], "relative.cov.data[0]", "no list of 3"),
        (
            ("relative", "cov", "data"),
            [[0, 0, 0], [0, 1, 0.5], [0, 0.4, 1]],
            "relative.cov",
            "same above and below",
        ),
        (("relative", "cov", "data"), [[0, 0, 0], [0, 1, 2], [0, 2, 1]], "relative.cov", "below 0"),
    ],
)
def test_every_finding_says_where_it_is(path, to, key, words):
    with pytest.raises(CaseError) as raised:
        read(broken(*path, to=to))
    told = raised.value.findings
    assert any(one.key == f"{PLACE}.parameters.{key}" and words in one.problem for one in told)
    assert {one.key.startswith(PLACE) for one in told} == {True}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"summaryMeasure": "hazard"}, "`hazard`"),
        ({}, "`None`"),
        ({"summaryMeasure": "survivalAtTime"}, "`None`"),
        ({"summaryMeasure": "mean", "alpha": 0}, "is 0"),
    ],
)
def test_of_a_survival_it_must_be_said_what_is_told(change, words):
    with pytest.raises(CaseError) as raised:
        read(whole("relative-survival", {**RATE, **change}))
    (found,) = raised.value.findings
    assert words in found.problem


def test_an_unknown_distribution_of_all_options_is_one_finding():
    with pytest.raises(CaseError) as raised:
        read(whole("relative-gamma"))
    (found,) = raised.value.findings
    assert found.key == PLACE
    assert "`relative-gamma`" in found.problem
    assert "relative-survival" in found.mend


def test_a_distribution_of_all_options_in_the_cell_of_one_is_a_finding():
    problem = whole()
    problem["performanceTable"][0]["alternative"] = "a"
    with pytest.raises(CaseError) as raised:
        read(problem)
    assert any("of one alternative" in one.problem for one in raised.value.findings)


def test_a_criterion_is_scored_once():
    problem = whole()
    problem["performanceTable"].append(problem["performanceTable"][0])
    with pytest.raises(CaseError) as raised:
        read(problem)
    (found,) = raised.value.findings
    assert found.problem == "gives one once more."


def test_a_covariance_has_a_root():
    made = np.random.default_rng(3).normal(size=(5, 3))
    root = covariance_root(made @ made.T)
    assert root.shape == (5, 3)
    assert root @ root.T == pytest.approx(made @ made.T)
    assert covariance_root(np.zeros((2, 2))).shape == (2, 0)
    with pytest.raises(UsageError):
        covariance_root(np.array([[1.0, 2.0], [2.0, 1.0]]))


def published(text: str, name: str) -> dict[str, list[float]]:
    """Rows of a matrix in R's own words, by the names of its rows."""
    numbers = [float(x) for x in re.findall(r"[0-9]+[.]?[0-9]*", text[: text.index("Dim")])]
    options = ["Fluox", "Parox", "Placebo", "Sertra", "Venla"]
    columns = np.array(numbers).reshape(-1, 5)
    return {f"{name} {option}": columns[:, i].tolist() for i, option in enumerate(options)}


@pytest.mark.conformance
def test_hansen_from_its_distributions_ranks_as_published(shared_data):
    """R smaa ranked ten thousand draws of the posterior itself, without preferences."""
    folder = shared_data / "options"
    path = folder / "smaa-drugis" / "hansen.json"
    made = read_drugis(path.name, path.read_bytes())
    assert len(made.problem.joint) == 6
    found = indices(
        made.problem, made.weights, seed=np.random.SeedSequence(1), stop=Stop(0, 100_000)
    )
    text = (folder / "smaa-rsmaa" / "hansen-ra-ord.txt").read_text("utf-8")
    wanted = published(text, "rank")
    for place, option in enumerate(found.options):
        assert found.acceptability.share[place] == pytest.approx(wanted[f"rank {option}"], abs=0.03)


@pytest.mark.conformance
def test_hansen_s_effects_are_those_of_the_published_samples(shared_data):
    """Log odds against placebo, from which the baseline drops out: their means and spreads.

    The published samples are draws of the posterior itself, to which the file's distribution is
    close; their baselines are others than the file's.
    """
    folder = shared_data / "options"
    text = gzip.decompress((folder / "smaa-rsmaa" / "hansen-meas.txt.gz").read_bytes()).decode()
    inner = text[text.index("c(") + 2 : text.index(")")]
    values = np.array([float(x) for x in inner.split(",")]).reshape(6, 5, 10_000)
    order = ["Placebo", "Fluox", "Parox", "Sertra", "Venla"]
    placed = values[:, [2, 0, 1, 3, 4]]
    path = folder / "smaa-drugis" / "hansen.json"
    problem = read_drugis(path.name, path.read_bytes()).problem
    rng = np.random.default_rng(5)
    for place, joint in problem.joint:
        words = rng.integers(0, 2**32, (joint.numbers, 200_000), dtype=np.uint64)
        own = joint.scores(words)[[problem.options.index(name) for name in order]]
        worth = placed[place]
        shares = worth if problem.values[place].ascending else 1 - worth
        mine, theirs = (stats.logistic.ppf(x)[1:] - stats.logistic.ppf(x)[0] for x in (own, shares))
        assert mine.mean(axis=1) == pytest.approx(theirs.mean(axis=1), abs=0.05)
        assert np.cov(mine) == pytest.approx(np.cov(theirs), abs=0.3 * np.var(mine, axis=1).max())
