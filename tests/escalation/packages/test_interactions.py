"""Dividends, Shapley values and interaction indices: definitions, closed forms, identities."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest

from detente.escalation.packages.allowed import members, number
from detente.escalation.packages.interactions import (
    interaction_index,
    interactions,
    log_reduction,
    mobius,
    reduction,
    shapley,
    zeta,
)
from detente.escalation.packages.payoff import tensor
from detente.ground.errors import UsageError


def game(k: int, seed: int = 1, points: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(1 << k, points))


def subsets(package: int) -> list[int]:
    return [one for one in range(package + 1) if one & package == one]


def test_dividends_by_their_definition():
    worths = game(4)
    found = mobius(worths)
    for package in range(16):
        signed = [(-1) ** (package ^ one).bit_count() * worths[one] for one in subsets(package)]
        assert found[package] == pytest.approx(sum(signed))


@pytest.mark.parametrize("k", [0, 1, 5, 12])
def test_zeta_is_the_inverse(k):
    worths = game(k)
    assert zeta(mobius(worths)) == pytest.approx(worths, abs=1e-12 * 2**k)
    assert mobius(zeta(worths)) == pytest.approx(worths, abs=1e-12 * 2**k)


def test_shapley_values_are_averages_over_orders():
    worths, wanted = game(5), np.zeros((5, 3))
    for order in permutations(range(5)):
        held = 0
        for place in order:
            wanted[place] += worths[held | 1 << place] - worths[held]
            held |= 1 << place
    assert shapley(worths) == pytest.approx(wanted / factorial(5))


def test_pairs_are_averages_over_orders_with_the_pair_as_one():
    worths = game(5)
    for i, j in combinations(range(5), 2):
        a, b, wanted = 1 << i, 1 << j, 0.0
        for order in permutations([i, *({0, 1, 2, 3, 4} - {i, j})]):  # i stands for the pair
            held = sum(1 << place for place in order[: order.index(i)])
            both = worths[held | a | b] - worths[held | a] - worths[held | b] + worths[held]
            wanted = wanted + both / factorial(4)
        assert interaction_index(worths, [a | b])[0] == pytest.approx(wanted)


@pytest.mark.parametrize("together", [1, 6, 11, 31])
def test_indices_from_dividends(together):
    # Grabisch & Roubens (1999): I(T) = sum over S that hold T of m(S) / (|S| - |T| + 1).
    worths = game(5)
    dividends = mobius(worths)
    wanted = sum(
        dividends[one] / ((one & ~together).bit_count() + 1)
        for one in range(32)
        if one & together == together
    )
    assert interaction_index(worths, [together])[0] == pytest.approx(wanted)


@pytest.mark.parametrize("k", [1, 4, 10])
def test_shapley_values_add_up_to_all(k):
    worths = game(k)
    assert shapley(worths).sum(axis=0) == pytest.approx(worths[-1] - worths[0])


def test_an_additive_game_has_no_interaction():
    parts = np.array([0.5, -2.0, 3.0, 0.0])
    worths = np.array([[sum(parts[i] for i in range(4) if s >> i & 1)] for s in range(16)])
    assert shapley(worths)[:, 0] == pytest.approx(parts)
    pairs = [a | b for a, b in combinations((1, 2, 4, 8), 2)]
    assert interaction_index(worths, pairs) == pytest.approx(0, abs=1e-14)
    assert np.flatnonzero(np.abs(mobius(worths)) > 1e-14).tolist() == [1, 2, 8 - 4]


def test_a_product_game_has_products_for_dividends():
    # v(S) = product of (1 + x_i) over S, so that m(S) = product of x_i over S.
    x = np.array([0.5, -0.4, 2.0])
    worths = np.array([[np.prod([1 + x[i] for i in range(3) if s >> i & 1])] for s in range(8)])
    wanted = [np.prod([x[i] for i in range(3) if s >> i & 1]) for s in range(8)]
    assert mobius(worths)[:, 0] == pytest.approx(wanted)
    assert interaction_index(worths, [3])[0, 0] == pytest.approx(x[0] * x[1] * (1 + x[2] / 2))


def test_majority_is_shared_equally():
    worths = np.array([[float(s.bit_count() >= 2)] for s in range(8)])
    assert shapley(worths)[:, 0] == pytest.approx([1 / 3] * 3)


def test_relabelled_measures_keep_their_values(random_case, setting):
    made = setting(random_case(2))
    (belief,) = made.held
    one = log_reduction(tensor(made.plan(belief), made.sample))
    back = log_reduction(tensor(made.plan(belief, made.measures[::-1]), made.sample))
    assert shapley(one) == pytest.approx(shapley(back)[::-1], abs=1e-12)


def test_acts_on_one_path_add_up_in_logarithms_and_saturation_shows(make_case, setting):
    ladder = """
levels: [calm, war]
headline: war
parameters: [{id: flights, kind: rate, value: 4}, {id: voyages, kind: rate, value: 2}]
ladders: [{id: air, title: x, branch: accident, starts: flights, ends: war}]
"""
    measures = "measures:\n" + "".join(
        f"  - {{id: {name}, area: 1, title: x, seen: unverified, unilateral: false, verifiability: "
        f"none, saturates_with: [{same}], acts: [{{on: flights, how: rate-ratio, "
        f"value: {{value: {value}}}}}]}}\n"
        for name, value, same in (("A", 0.5, ""), ("B", 0.25, ""), ("C", 0.5, "A"))
    )
    made = setting(make_case(ladder, measures))
    worths = log_reduction(tensor(made.plan(made.held[0]), made.sample))
    told = {one.measures: one for one in interactions("ABC", worths)}
    ln2 = np.log(2)
    # A and C do the same work: each has half of it, and together they are worth ln 2 too little.
    wanted = {"A": ln2 / 2, "B": 2 * ln2, "C": ln2 / 2, "AB": 0, "AC": -ln2, "BC": 0}
    assert {"".join(key): one.mean for key, one in told.items()} == pytest.approx(wanted, abs=1e-12)
    assert (told["A",].positive, told["A", "C"].positive) == (1.0, 0.0)
    assert told["B",].spread.low == pytest.approx(2 * ln2)


def test_reductions_of_different_ladders_add_up():
    frequencies = np.array([[4.0, 8.0], [3.0, 4.0], [2.0, 8.0], [1.0, 4.0]])
    worths = reduction(frequencies)
    assert mobius(worths)[3] == pytest.approx([0, 0], abs=1e-15)
    assert shapley(worths).tolist() == [[0.25, 0.5], [0.5, 0.0]]


def test_larger_sets_may_be_asked_for():
    (told,) = interactions("ABC", game(3), sets=[{"C", "A", "B"}])
    assert told.measures == ("A", "B", "C")
    assert told.mean == pytest.approx(mobius(game(3))[7].mean())
    assert number("ABC", members("ABC", 7)) == 7


def test_what_cannot_be_asked():
    with pytest.raises(UsageError, match="3 packages"):
        mobius(np.ones(3))
    with pytest.raises(UsageError, match="no measure"):
        interaction_index(game(2), [0])
    with pytest.raises(UsageError, match="logarithm"):
        log_reduction(np.zeros((2, 1)))
    with pytest.raises(UsageError, match="cannot happen"):
        reduction(np.zeros((2, 1)))
    with pytest.raises(UsageError, match="not those of 3"):
        interactions("ABC", game(2))
