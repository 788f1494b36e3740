"""The worth of learning a number: closed forms, nested sampling, and bounds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.special import ndtr

from detente.escalation.effects import change_all, headline
from detente.escalation.moments import options as of_options
from detente.escalation.moments.evppi import Learning, frequency_saved, learning, saved_by_two
from detente.escalation.moments.marginals import of_spreads
from detente.escalation.moments.options import choice, given_two, option_curves
from detente.escalation.moments.polynomial import path_polynomial
from detente.ground.chance import Floats, TwoPiece
from detente.ground.errors import UsageError

NORMAL = of_spreads([TwoPiece("linear", 0.0, 1.0, 1.0)])


def density(z: ArrayLike) -> Floats:
    found: Floats = np.exp(-(np.asarray(z) ** 2) / 2) / np.sqrt(2 * np.pi)
    return found


def learnt(*curves: Callable[[Floats], Floats]) -> Learning:
    """What learning z, standard normal, is worth for options with these benefits."""
    values = NORMAL.values[0]
    benefit = np.stack([np.broadcast_to(curve(values), values.shape) for curve in curves])
    return learning(benefit[None], NORMAL.weights, nodes=NORMAL.nodes)


def envelope(intercepts: ArrayLike, slopes: ArrayLike) -> tuple[float, Floats]:
    """EVPPI and chances to be best of lines in a standard normal, piece by piece."""
    a, b = np.asarray(intercepts), np.asarray(slopes)
    apart = b[:, None] - b
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = -(a[:, None] - a) / apart
    edges = np.unique(crossings[np.isfinite(crossings)])
    edges = np.concatenate([[-40.0], edges[np.abs(edges) < 40], [40.0]])
    worth, best = -a.max(), np.zeros(len(a))
    for low, high in pairwise(edges):
        one = int(np.argmax(a + b * (low + high) / 2))
        mass = ndtr(high) - ndtr(low) if low < 0 else ndtr(-low) - ndtr(-high)
        worth += a[one] * mass + b[one] * (density(low) - density(high))
        best[one] += mass
    return worth, best


@pytest.mark.parametrize(
    ("mean", "sd"), [(0.3, 1.0), (-0.5, 2.0), (3.0, 1.0), (0.0, 1.0), (1.7, 0.4)]
)
def test_two_options_have_the_unit_normal_loss_integral(mean, sd):
    """With k = |mean| / sd: sd (phi(k) - k Phi(-k)), and the choice changes with Phi(-k)."""
    found = learnt(lambda z: 0 * z, lambda z: mean + sd * z)
    k = abs(mean) / sd
    assert found.worth[0] == pytest.approx(sd * (density(k) - k * ndtr(-k)), rel=1e-10, abs=0)
    assert found.changes[0] == pytest.approx(ndtr(-k), rel=1e-10, abs=0)
    assert found.preferred == int(mean > 0)


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=2, max_size=7, unique=True))
def test_lines_have_the_integral_of_their_envelope(lines):
    lines = [(round(a, 3), round(b, 3)) for a, b in lines]
    found = learnt(*(lambda z, a=a, b=b: a + b * z for a, b in lines))
    worth, best = envelope(*zip(*lines, strict=True))
    assert found.worth[0] == pytest.approx(worth, rel=1e-9, abs=1e-12)
    chances: dict[tuple[float, float], list[float]] = {}
    for line, got, wanted in zip(lines, found.best[0], best, strict=True):
        one = chances.setdefault(line, [0.0, 0.0])
        one[0], one[1] = one[0] + got, one[1] + wanted
    for got, wanted in chances.values():
        assert got == pytest.approx(wanted, abs=1e-9)


def test_an_option_that_is_best_between_two_points_is_found():
    """It beats the others by 1e-5 at most, on a stretch of 0.002."""
    lines = ((0.0, -1.0), (0.0, 1.0), (1e-5, 0.01))
    found = learnt(*(lambda z, a=a, b=b: a + b * (z - 0.7001) for a, b in lines))
    worth, best = envelope([a - b * 0.7001 for a, b in lines], [b for _, b in lines])
    assert found.best[0] == pytest.approx(best, rel=1e-8, abs=0)
    assert best[2] > 0
    assert found.worth[0] == pytest.approx(worth, rel=1e-12, abs=0)


def test_curves_that_bend_are_integrated_to_their_crossings():
    """max(0, z^2 - 1) has the mean 2 phi(1), and z^2 beats 1 with 2 Phi(-1)."""
    found = learnt(lambda z: 0 * z + 0.1, lambda z: z**2 - 1 + 0.1)
    assert found.worth[0] == pytest.approx(2 * density(1.0), rel=1e-12, abs=0)
    assert found.best[0] == pytest.approx([1 - 2 * ndtr(-1), 2 * ndtr(-1)], rel=1e-12, abs=0)


def test_equal_options_and_fixed_numbers_are_worth_nothing(chain, act):
    same = learnt(np.cos, np.cos)
    assert (same.preferred, same.worth[0], same.changes[0]) == (0, 0.0, 0.0)
    point = TwoPiece("log", 0.5, 0.0, 0.0)
    held = {"l-rate": TwoPiece("log", 2.0, 1.0, 1.0), "p": point}
    options = [(), (act("p", "rate-ratio", "m#1", point),), (act("p", "rate-ratio", "n#1", point),)]
    found = frequency_saved(
        option_curves(choice(path_polynomial([chain("l", "p")]), held, options))
    )
    assert found.preferred == 1
    assert found.worth.tolist() == [0.0] * 4
    assert found.changes == pytest.approx(np.zeros(4), abs=1e-15)


@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=5
    )
)
def test_learning_is_never_worth_less_than_nothing(options):
    found = learnt(*(lambda z, o=o: o[0] + o[1] * z + o[2] * np.tanh(z) for o in options))
    assert found.worth[0] >= 0
    assert 0 <= found.changes[0] <= 1
    assert found.best[0].sum() == pytest.approx(1, abs=1e-12)


@pytest.fixture(scope="module")
def measures(chain, spreads, act):
    """Two ladders with a parameter in common, and three measures on different parameters."""
    ladders = [chain("one", "a", "b", "a"), chain("two", "a", "c")]
    held = spreads({"one-rate", "two-rate", "a", "b", "c"}, 4)
    sizes = {
        name: TwoPiece("log", mid, s, 0.5)
        for name, mid, s in (("m#1", 0.75, 0.5), ("n#1", 0.6, 0.6), ("o#1", 0.55, 0.7))
    }
    options = [
        (),
        (act("a", "odds-ratio", "m#1", sizes["m#1"]),),
        (act("b", "odds-ratio", "n#1", sizes["n#1"]), act("c", "odds-ratio", "n#2", sizes["n#1"])),
        (act("one-rate", "rate-ratio", "o#1", sizes["o#1"]),),
    ]
    return ladders, held, options


def benefits(ladders: Any, options: Any, known: Any, shape: Any) -> Floats:
    """Minus the frequency under each option at sampled values, shape (options, *shape)."""
    return np.stack(
        [
            -sum(
                np.broadcast_to(
                    headline(one, change_all(known, acts, lambda size: known[size.id])), shape
                )
                for one in ladders
            )
            for acts in options
        ]
    )


def test_nested_sampling_agrees_within_its_own_error(measures):
    ladders, held, options = measures
    curves = option_curves(choice(path_polynomial(ladders), held, options))
    found = frequency_saved(curves)
    rng = np.random.default_rng(5)
    spreads = dict(held) | {one.size.id: one.size.spread for acts in options for one in acts}
    shape = (300, 2000)
    draws = {name: one.at_normal(rng.standard_normal(shape)) for name, one in spreads.items()}
    tried = 0
    for place, name in enumerate(curves.numbers):
        if found.changes[place] < 0.02:
            continue
        tried += 1
        known = {**draws, name: spreads[name].at_normal(rng.standard_normal((300, 1)))}
        benefit = benefits(ladders, options, known, shape).mean(axis=2)
        gain = (benefit - benefit[found.preferred]).max(axis=0)
        error = gain.std() / np.sqrt(300)
        assert gain.mean() == pytest.approx(found.worth[place], abs=4 * error), name
        changed = (benefit.argmax(axis=0) != found.preferred).mean()
        assert changed == pytest.approx(found.changes[place], abs=0.12), name
    assert tried >= 3


def test_learning_one_number_is_worth_no_more_than_learning_all(measures):
    ladders, held, options = measures
    found = frequency_saved(option_curves(choice(path_polynomial(ladders), held, options)))
    rng = np.random.default_rng(6)
    spreads = dict(held) | {one.size.id: one.size.spread for acts in options for one in acts}
    known = {name: one.at_normal(rng.standard_normal(40_000)) for name, one in spreads.items()}
    benefit = benefits(ladders, options, known, 40_000)
    gain = (benefit - benefit[found.preferred]).max(axis=0)
    assert found.worth.max() > 0
    assert found.worth.max() <= gain.mean() + 4 * gain.std() / np.sqrt(len(gain))


def test_two_numbers_together_are_worth_at_least_each_alone(measures):
    ladders, held, options = measures
    whole = choice(path_polynomial(ladders), held, options)
    alone = dict(zip(whole.numbers, frequency_saved(option_curves(whole)).worth, strict=True))
    for first, second in (("a", "b"), ("b", "c"), ("one-rate", "n#1"), ("m#1", "o#1")):
        both = saved_by_two(whole, first, second)
        assert both >= max(alone[first], alone[second])
        assert both == saved_by_two(whole, second, first)
    assert saved_by_two(whole, "m#1", "o#1") > 1.05 * max(alone["m#1"], alone["o#1"])


def test_two_numbers_keep_their_worth_on_a_finer_grid(measures, monkeypatch):
    ladders, held, options = measures
    polynomial = path_polynomial(ladders)
    coarse = saved_by_two(choice(polynomial, held, options), "m#1", "o#1")
    monkeypatch.setattr(of_options, "PANELS", 4)
    fine = saved_by_two(choice(polynomial, held, options), "m#1", "o#1")
    assert coarse == pytest.approx(fine, rel=2e-3, abs=0)


def test_two_numbers_agree_with_nested_sampling(measures):
    ladders, held, options = measures
    whole = choice(path_polynomial(ladders), held, options)
    preferred = frequency_saved(option_curves(whole)).preferred
    rng, shape = np.random.default_rng(8), (400, 2000)
    spreads = dict(held) | {one.size.id: one.size.spread for acts in options for one in acts}
    known = {name: one.at_normal(rng.standard_normal(shape)) for name, one in spreads.items()}
    for name in ("m#1", "o#1"):
        known[name] = spreads[name].at_normal(rng.standard_normal((400, 1)))
    benefit = benefits(ladders, options, known, shape).mean(axis=2)
    gain = (benefit - benefit[preferred]).max(axis=0)
    error = gain.std() / np.sqrt(400)
    assert gain.mean() == pytest.approx(saved_by_two(whole, "m#1", "o#1"), abs=4 * error)


def test_pairs_average_to_curves_and_those_of_one_parameter_are_refused(measures):
    ladders, held, options = measures
    whole = choice(path_polynomial(ladders), held, options)
    curves = option_curves(whole)
    place, other = (curves.numbers.index(name) for name in ("m#1", "b"))
    table = given_two(whole, "m#1", "b")
    assert np.einsum("kol,l->ok", table, curves.marginals.weights[other]) == pytest.approx(
        curves.curves[place], rel=1e-10
    )
    with pytest.raises(UsageError, match="stand in one parameter"):
        given_two(whole, "m#1", "a")
    for pair in (("a", "a"), ("a", "nothing")):
        with pytest.raises(UsageError, match="are not two numbers"):
            given_two(whole, *pair)
