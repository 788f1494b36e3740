"""What to find out next: nested quadrature by hand, and the binned way against the exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, logit

from detente.escalation.learning import LEAST, _binned, _exact, learning
from detente.escalation.prepare import prepared

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, low: %g, high: %g}
  - {id: s, kind: rate, low: 0.5, high: 4}
  - {id: p, kind: probability, low: 0.02, high: 0.3}
  - {id: q, kind: probability, low: 0.05, high: 0.4}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war, path: [
      {event: x, p: q, otherwise: calm}]}
"""
MEASURES = (
    ("M1", "{on: r, how: rate-ratio, value: {low: 0.2, high: 1.1}}"),
    ("M2", "{on: q, how: odds-ratio, value: {low: 0.1, high: 1.2}}"),
)
Z = stats.norm.ppf((np.arange(2_001) + 0.5) / 2_001)


@pytest.fixture(scope="session")
def case(make_case, measure):
    measures = "measures:\n" + "".join(measure(*one) for one in MEASURES)

    def made(more: str = "", ends=(0.5, 5)):
        return make_case(LADDER % ends + more, measures)

    return made


def log_normal(low, high, z=Z) -> Any:
    return np.exp(np.log(low * high) / 2 + z * np.log(high / low) / 2 / stats.norm.ppf(0.95))


def logit_normal(low, high, z=Z) -> Any:
    ends = logit([low, high])
    return expit(ends.mean() + z * np.diff(ends)[0] / 2 / stats.norm.ppf(0.95))


def by_hand(ends=(0.5, 5)) -> dict[str, Any]:
    """E[frequency | number] under nothing, M1 and M2 at even probabilities of each number."""
    r, s, k = log_normal(*ends), log_normal(0.5, 4), log_normal(0.2, 1.1)
    p, q, o = logit_normal(0.02, 0.3), logit_normal(0.05, 0.4), log_normal(0.1, 1.2)
    odds = q[:, None] * o[None, :]
    after = odds / (1 - q[:, None] + odds)
    air, sea, less = r.mean() * p.mean(), s.mean() * q.mean(), s.mean() * after.mean()
    one = np.ones_like(Z)
    return {
        "r": np.array([r * p.mean() + sea, k.mean() * r * p.mean() + sea, r * p.mean() + less]),
        "p": np.array([r.mean() * p + sea, k.mean() * r.mean() * p + sea, r.mean() * p + less]),
        "s": np.array([air + s * q.mean(), k.mean() * air + s * q.mean(), air + s * after.mean()]),
        "q": np.array(
            [
                air + s.mean() * q,
                k.mean() * air + s.mean() * q,
                air + s.mean() * after.mean(axis=1),
            ]
        ),
        "M1#1": np.array([air + sea * one, k * air + sea, air + less * one]),
        "M2#1": np.array(
            [air + sea * one, k.mean() * air + sea * one, air + s.mean() * after.mean(axis=0)]
        ),
    }


def worth(curves) -> tuple[int, float, Any]:
    """The preferred option, the share of the frequency saved, and how often each is best."""
    preferred = int(curves.mean(axis=1).argmin())
    saved = curves[preferred].mean() - curves.min(axis=0).mean()
    best = np.bincount(curves.argmin(axis=0), minlength=3) / curves.shape[1]
    return preferred, saved / curves[preferred].mean(), best


def asked(made, *, exact=True) -> dict[str, Any]:
    belief, ladders = made.base, made.at_headline["base"]
    options = {"": (), **{one: belief.changes[one] for one in made.measures}}
    found = _exact(belief, ladders, options) if exact else _binned(
        belief, ladders, options, made.sample
    )  # fmt: skip
    return {one.number: one for one in found}


OPTIONS = ("", "M1", "M2")


@pytest.mark.parametrize("ends", [(0.5, 5), (2, 10)])
def test_the_worth_of_each_number_is_that_of_nested_quadrature(case, ends):
    found = asked(prepared(case(ends=ends), points=2**4))
    assert set(found) == set(by_hand(ends))
    for name, curves in by_hand(ends).items():
        preferred, expected, best = worth(curves)
        one = found[name]
        assert one.preferred == OPTIONS[preferred]
        assert one.worth == pytest.approx(expected, abs=3e-4)
        assert one.changes == pytest.approx(1 - best[preferred], abs=2e-3)
        if one.changes > 0.01:
            others = np.delete(best, preferred)
            assert one.instead == np.delete(OPTIONS, preferred)[others.argmax()]


def test_the_most_worth_stands_first_and_little_is_left_out(case):
    made = prepared(case(), points=2**4)
    found = learning(
        made.base, made.at_headline["base"], made.together,
        measures=made.measures, sample=made.sample,
    )  # fmt: skip
    expected = {name: worth(curves) for name, curves in by_hand().items()}
    kept = [n for n, (preferred, _, best) in expected.items() if 1 - best[preferred] > LEAST]
    assert [one.number for one in found] == sorted(kept, key=lambda name: -expected[name][1])
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    assert all(one.belief == "base" for one in found)


def test_the_binned_way_agrees_with_the_exact_way_within_its_error(case):
    made = prepared(case(), points=2**14)
    exact, binned = asked(made), asked(made, exact=False)
    assert set(exact) == set(binned)
    for name, one in exact.items():  # 256 points a bin
        assert binned[name].worth == pytest.approx(one.worth, abs=0.006)
        assert binned[name].changes == pytest.approx(one.changes, abs=0.06)
        assert binned[name].preferred == one.preferred


def test_correlated_numbers_tell_of_each_other(case):
    r = 0.5
    made = prepared(case(f"correlations: [{{between: [p, q], r: {r}}}]\n"), points=2**14)
    found = {
        one.number: one
        for one in learning(
            made.base, made.at_headline["base"], made.together,
            measures=made.measures, sample=made.sample,
        )
    }  # fmt: skip
    # given p: z_q is normal with mean r z_p and variance 1 - r^2
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    q = logit_normal(0.05, 0.4, r * Z[:, None] + np.sqrt(1 - r**2) * nodes)
    o = log_normal(0.1, 1.2)[::20]
    odds = q[..., None] * o
    after = (odds / (1 - q[..., None] + odds)).mean(axis=-1) @ weights
    q, p = q @ weights, logit_normal(0.02, 0.3)
    mean_r, mean_s = log_normal(0.5, 5).mean(), log_normal(0.5, 4).mean()
    air, k = mean_r * p, log_normal(0.2, 1.1).mean()
    curves = np.array([air + mean_s * q, k * air + mean_s * q, air + mean_s * after])
    preferred, expected, best = worth(curves)
    assert found["p"].preferred == OPTIONS[preferred]
    assert found["p"].worth == pytest.approx(expected, abs=0.004)
    assert found["p"].changes == pytest.approx(1 - best[preferred], abs=0.06)


@settings(max_examples=15)
@given(st.floats(0.1, 5), st.floats(1.5, 20), st.booleans())
def test_learning_is_never_worth_less_than_nothing(case, low, factor, correlated):
    more = "correlations: [{between: [p, r], r: 0.5}]\n" if correlated else ""
    made = prepared(case(more, ends=(low, low * factor)), points=2**8)
    for exact in (True, False):
        for one in asked(made, exact=exact).values():
            assert 0 <= one.worth <= 1 + 1e-12
            assert 0 <= one.changes <= 1
            assert one.preferred != one.instead


def test_there_is_nothing_to_learn_without_measures_or_without_a_choice(make_case, measure):
    for measures in ("", "measures:\n" + measure("M1")):
        made = prepared(make_case(LADDER % (0.5, 5), measures), points=2**4)
        assert asked_of(made) == ()
    act = "{on: r, how: rate-ratio, value: {value: 0.5}}"
    made = prepared(make_case(LADDER % (0.5, 5), "measures:\n" + measure("M1", act)), points=2**4)
    assert asked_of(made) == ()  # half as many is better whatever is learnt


def test_what_cannot_happen_leaves_nothing_to_learn(make_case, measure):
    text = (LADDER % (0.5, 5)).replace("low: 0.5, high: 5", "value: 0")
    text = text.replace("low: 0.5, high: 4", "value: 0")
    act = "{on: p, how: odds-ratio, value: {low: 0.5, high: 2}}"
    for more in ("", "correlations: [{between: [p, q], r: 0.5}]\n"):
        made = prepared(make_case(text + more, "measures:\n" + measure("M1", act)), points=2**4)
        assert asked_of(made) == ()


def asked_of(made) -> Any:
    return learning(
        made.base, made.at_headline["base"], made.together,
        measures=made.measures, sample=made.sample,
    )  # fmt: skip
