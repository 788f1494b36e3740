"""Orders that survive every belief: counts by hand, brute force, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.packages.orders import (
    agreed_verdicts,
    best,
    better_shares,
    closure,
    preferences,
    survival,
    verdicts,
)
from detente.ground.errors import UsageError


def ratios(n: int, seed: int = 1, points: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(rng.lognormal(size=(n, points)) + np.arange(n)[:, None], 1)


def test_shares_are_counts():
    own = ratios(4)
    wanted = [[np.mean([a < b for a, b in zip(x, y, strict=True)]) for y in own] for x in own]
    assert better_shares(own) == pytest.approx(np.array(wanted))


def test_a_tie_counts_for_neither():
    own = np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 1.0]])
    assert better_shares(own).tolist() == [[0, 1 / 3], [0, 0]]


def rows(*values: float, points: int = 10) -> np.ndarray:
    return np.tile(np.array(values)[:, None], points)


def test_only_what_every_belief_holds_survives():
    found = survival("abc", {"one": rows(0.5, 0.7, 0.9), "two": rows(0.5, 0.9, 0.7)})
    assert found.survives.tolist() == [
        [False, True, True],
        [False, False, False],
        [False, False, False],
    ]


def test_what_follows_is_left_out_of_the_covers():
    found = survival("abc", {"one": rows(0.5, 0.7, 0.9)})
    assert np.argwhere(found.survives).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert np.argwhere(found.covers).tolist() == [[0, 1], [1, 2]]
    assert np.array_equal(closure(found.covers), found.survives)


@pytest.mark.parametrize(("worse", "survives"), [(10, True), (11, False)])
def test_nine_tenths_of_the_points_suffice(worse, survives):
    own = rows(0.5, 0.6, points=100)
    own[0, :worse] = 0.7
    assert survival("ab", {"one": own}).survives[0, 1] == survives


def test_a_circle_of_ten_is_refused_and_one_of_nine_cannot_arise():
    def turning(n: int) -> np.ndarray:  # each point holds all links of a circle but one
        return np.array([[(i - point) % n for point in range(n)] for i in range(n)], dtype=float)

    with pytest.raises(UsageError, match="circle"):
        survival("abcdefghij", {"one": turning(10)})
    assert not survival("abcdefghi", {"one": turning(9)}).survives.any()


def test_a_further_belief_never_adds_to_the_order():
    one, two = {"one": ratios(5)}, {"one": ratios(5), "two": ratios(5, seed=2)}
    fewer = survival("abcde", two).survives
    assert not (fewer & ~survival("abcde", one).survives).any()


def test_options_by_another_order_give_the_same():
    own = ratios(5)
    turned = survival("edcba", {"one": own[::-1]}).survives[::-1, ::-1]
    assert np.array_equal(survival("abcde", {"one": own}).survives, turned)


def test_the_best_few_by_brute_force():
    held = {"one": ratios(5), "two": ratios(5, seed=4)}
    found = best("abcde", held, few=2)
    for belief, own in held.items():
        among = [
            np.mean([(own[:, p] < own[i, p]).sum() < 2 for p in range(own.shape[1])])
            for i in range(5)
        ]
        assert found.among[belief] == pytest.approx(among)
    sure = [all(found.among[b][i] >= 0.9 for b in held) for i in range(5)]
    assert found.always == tuple(name for name, held in zip("abcde", sure, strict=True) if held)
    assert found.by_chance == pytest.approx(0.4**2)


def test_the_best_few_that_all_share():
    found = best("abc", {"one": rows(0.5, 0.7, 0.9), "two": rows(0.6, 0.9, 0.5)}, few=2)
    assert found.always == ("a",)


def test_flips_and_regret_by_hand():
    own = np.array([[0.5, 0.5, 0.5, 0.5], [0.8, 0.8, 0.4, 0.5], [0.9, 0.9, 0.9, 0.5]])
    (told,) = preferences("abc", {"one": own})
    assert (told.belief, told.preferred, told.flips) == ("one", "a", 0.25)
    lowest = (0.5 + 0.5 + 0.4 + 0.5) / 4
    assert told.regret == pytest.approx([0.5 - lowest, 0.625 - lowest, 0.8 - lowest])


def test_regret_is_of_one_belief_alone():
    one, two = ratios(3), ratios(3, seed=7)
    (alone,), both = preferences("abc", {"x": one}), preferences("abc", {"x": one, "y": two})
    assert np.array_equal(both[0].regret, alone.regret)
    assert all((told.regret >= 0).all() for told in both)
    chosen = "abc".index(alone.preferred)
    assert alone.regret[chosen] == alone.regret.min()
    assert (alone.flips == 0) == (alone.regret[chosen] == 0)


def test_verdicts_by_belief_and_those_that_all_share():
    held = {"one": rows(0.5, 1.0, 1.5, 0.5), "two": rows(0.7, 1.0, 1.2, 1.5)}
    assert verdicts(held)["two"] == ("better", "no-difference", "worse", "worse")
    assert agreed_verdicts(held) == ("better", "no-difference", "worse", None)


def test_what_cannot_be_asked():
    with pytest.raises(UsageError, match="no belief"):
        survival("ab", {})
    with pytest.raises(UsageError, match="one row"):
        best("ab", {"one": ratios(3)}, few=1)
    with pytest.raises(UsageError, match="best 3 of 2"):
        best("ab", {"one": ratios(2)}, few=3)
    with pytest.raises(UsageError, match="makes possible"):
        preferences("ab", {"one": rows(1.0, np.inf)})
