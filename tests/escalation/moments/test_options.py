"""The frequency under options, given one number: brute force over all numbers together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.escalation.effects import change_all, headline
from detente.escalation.moments import acts as of_acts
from detente.escalation.moments import options as module
from detente.escalation.moments.linear import LinearDiagrams
from detente.escalation.moments.marginals import of_spreads
from detente.escalation.moments.options import choice, option_curves
from detente.escalation.moments.polynomial import path_polynomial
from detente.ground.chance import Floats, TwoPiece
from detente.ground.errors import UsageError

LESS = TwoPiece("log", 0.6, 0.3, 0.5)
LEAST = TwoPiece("log", 0.3, 0.2, 0.4)
OWN = TwoPiece("logit", 0.1, 0.6, 0.3)


NODES = 12  # on one panel each side: few enough for all points of all numbers together


def by_brute_force(ladder: Any, spreads: Any, acts: Any, power: int) -> dict[str, Floats]:
    """E[frequency | number] at the points of each number, over all points of all others."""
    sizes = {one.size.id: one.size.spread for one in acts}
    names = [*sorted(ladder.rests_on), *sizes]
    both = {**spreads, **sizes}
    held = of_spreads([both[name] for name in names], power=power, panels=1, nodes=NODES)
    axes = dict(zip(names, np.meshgrid(*held.values, indexing="ij", sparse=True), strict=True))
    values = {name: axes[name] for name in ladder.rests_on}
    after = change_all(values, acts, lambda size: axes[size.id])
    table = np.broadcast_to(headline(ladder, after), (2 * NODES,) * len(names))
    weights = held.weights / held.weights.sum(axis=1, keepdims=True)
    found = {}
    for kept, name in enumerate(names):
        curve = table
        for axis in reversed(range(len(names))):
            if axis != kept:
                curve = np.tensordot(curve, weights[axis], axes=([axis], [0]))
        found[name] = curve
    return found


PACKAGES = {
    "odds and rate": (("p", "odds-ratio", LESS), ("l-rate", "rate-ratio", LEAST)),
    "odds twice": (("p", "odds-ratio", LESS), ("p", "odds-ratio", LEAST)),
    "replaced": (("p", "replacement", OWN), ("p", "odds-ratio", LESS)),
    "scaled branch": (("p", "rate-ratio", LEAST),),
}


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("seed", [7, 8])
def test_curves_are_averages_over_all_other_numbers(
    package, seed, entangled, spreads, act, monkeypatch
):
    monkeypatch.setattr(module, "PANELS", 1)
    monkeypatch.setattr(module, "NODES", NODES)
    ladder = entangled(seed, ("p", "p", "p"), "l")
    polynomial = path_polynomial([ladder])
    held = spreads({*ladder.rests_on, "p"}, 3)
    acts = tuple(act(on, how, f"m#{k}", s) for k, (on, how, s) in enumerate(PACKAGES[package]))
    found = option_curves(choice(polynomial, held, [(), acts]))
    for option, chosen in enumerate([(), acts]):
        wanted = by_brute_force(ladder, held, chosen, polynomial.degree)
        for number, curve in wanted.items():
            got = found.curves[found.numbers.index(number), option]
            assert got == pytest.approx(curve, rel=1e-4, abs=0), number


def test_every_curve_averages_to_the_expected_frequency(entangled, spreads, act):
    ladder = entangled(11, ("p", "q", "p", "r"), "l")
    held = spreads({*ladder.rests_on, "p", "q", "r"})
    options = [(), (act("p", "odds-ratio", "a#1", LESS), act("l-rate", "rate-ratio", "a#2", LEAST))]
    options.append((*options[1], act("q", "replacement", "b#1", OWN)))
    found = option_curves(choice(path_polynomial([ladder]), held, options))
    averages = np.einsum("vok,vk->vo", found.curves, found.marginals.weights)
    for row in averages:
        assert row == pytest.approx(found.expected, rel=1e-10, abs=0)


def test_an_odds_ratio_of_a_known_size_is_exact(chain, act):
    point = TwoPiece("log", 0.5, 0.0, 0.0)
    held = {"l-rate": TwoPiece("log", 2.0, 0.0, 0.0), "p": TwoPiece("logit", 0.2, 0.5, 0.5)}
    acts = (act("p", "odds-ratio", "m#1", point),)
    found = option_curves(choice(path_polynomial([chain("l", "p")]), held, [acts]))
    p = found.marginals.values[found.numbers.index("p")]
    wanted = 2 * 0.5 * p / (1 - p + 0.5 * p)
    assert found.curves[found.numbers.index("p"), 0] == pytest.approx(wanted, rel=1e-13, abs=0)


def test_a_rate_ratio_enters_by_its_mean_alone(chain, act):
    held = {"l-rate": TwoPiece("log", 2.0, 0.3, 0.3), "p": TwoPiece("logit", 0.2, 0.5, 0.5)}
    wide = TwoPiece("log", 0.5, 1.0, 1.0)
    point = TwoPiece("log", 0.5 * np.exp(0.5), 0.0, 0.0)
    polynomial = path_polynomial([chain("l", "p")])
    one, other = (
        option_curves(choice(polynomial, held, [(act("l-rate", "rate-ratio", "m#1", s),)]))
        for s in (wide, point)
    )
    assert one.expected == pytest.approx(other.expected, rel=1e-12, abs=0)
    assert one.curves[:2] == pytest.approx(other.curves[:2], rel=1e-12, abs=0)


def test_diagrams_give_the_curves_of_their_paths(entangled, spreads, act):
    ladder = entangled(5, ("p", "q", "r", "s"), "l")
    held = spreads({*ladder.rests_on, "p", "q", "r", "s"})
    options = [(), (act("p", "odds-ratio", "a#1", LESS), act("l-rate", "rate-ratio", "a#2", LEAST))]
    paths = option_curves(choice(path_polynomial([ladder]), held, options))
    lines = option_curves(choice(LinearDiagrams((ladder,)), held, options))
    assert lines.numbers == paths.numbers
    assert lines.curves == pytest.approx(paths.curves, rel=1e-9, abs=0)


def test_acts_on_what_the_frequency_does_not_rest_on_change_nothing(chain, spreads, act):
    held = spreads({"l-rate", "p"})
    options = [(), (act("elsewhere", "odds-ratio", "m#1", LESS),)]
    found = option_curves(choice(path_polynomial([chain("l", "p")]), held, options))
    assert found.numbers == ("l-rate", "p")
    assert found.curves[:, 0].tolist() == found.curves[:, 1].tolist()


def test_one_size_on_two_acts_and_too_many_acts_are_refused(chain, spreads, act, monkeypatch):
    held, polynomial = spreads({"l-rate", "p"}), path_polynomial([chain("l", "p")])
    twice = (act("p", "odds-ratio", "m#1", LESS), act("l-rate", "rate-ratio", "m#1", LESS))
    with pytest.raises(UsageError, match="two acts of one size"):
        option_curves(choice(polynomial, held, [twice]))
    monkeypatch.setattr(of_acts, "MOST_POINTS", 1000)
    with pytest.raises(UsageError, match="too many to combine"):
        option_curves(choice(polynomial, held, [(act("p", "odds-ratio", "m#1", LESS),)]))
