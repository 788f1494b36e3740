"""All packages at once against packages one by one, and against the effects of single measures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.read import read_case
from detente.escalation.effects import (
    change_all,
    effects,
    headline,
    spread,
    total,
    verdict,
    world,
)
from detente.escalation.packages import blocks as parts
from detente.escalation.packages import payoff as module
from detente.escalation.packages.allowed import members, number
from detente.escalation.packages.blocks import draw_blocks
from detente.escalation.packages.payoff import Evaluator, count_below, payoff, plan, tensor
from detente.escalation.uncertainty import dimensions, draw
from detente.ground.errors import UsageError


@pytest.mark.parametrize("seed", range(8))
def test_every_package_is_what_its_acts_make_of_the_parameters(seed, random_case, setting, plainly):
    made = setting(random_case(seed), points=2**5)
    plan_of = made.plan(made.held[0])
    found = tensor(plan_of, made.sample)
    evaluator = Evaluator(plan_of, made.sample)
    assert found.shape == (32, 32)
    for package in range(32):
        held = members(made.measures, package)
        assert found[package] == pytest.approx(plainly(made, made.held[0], held), rel=1e-10)
        assert np.array_equal(found[package], evaluator.evaluate(held))
        assert np.array_equal(found[package], evaluator.evaluate(held))


@pytest.mark.parametrize("seed", range(4))
def test_a_package_of_one_measure_has_the_effect_of_the_measure_bit_by_bit(
    seed, random_case, setting
):
    made = setting(random_case(seed))
    (belief,) = made.held
    before = world(made.of(belief), made.sample.parameters(belief))
    found = tensor(made.plan(belief), made.sample)
    told = payoff(made.plan(belief), [made.sample], named=made.named)
    singles = effects(belief, made.measures, before, sample=made.sample, named=made.named)
    assert np.array_equal(found[0], total(before.before))
    for place, effect in enumerate(singles):
        values = change_all(before.values, belief.changes[effect.measure], made.sample.values)
        after = total({one.id: headline(one, values) for one in made.of(belief)})
        assert np.array_equal(found[1 << place], after)
        assert told.spreads[1 << place] == effect.ratio
        assert told.lower[1 << place] == effect.lower
        assert told.verdicts[1 << place] == effect.verdict


@pytest.mark.parametrize("seed", range(3))
def test_the_summary_is_that_of_the_tensor(seed, random_case, setting):
    made = setting(random_case(seed, measures=4))
    plan_of = made.plan(made.held[0])
    ratios = tensor(plan_of, made.sample)
    ratios = ratios / ratios[0]
    told = payoff(plan_of, [made.sample], named=made.named)
    assert told.mean == pytest.approx(ratios.mean(axis=1), rel=1e-13)
    assert np.array_equal(told.lower, (ratios < 1).mean(axis=1))
    assert told.spreads[5] == spread(np.sort(ratios[5]))
    assert (told.points, told.measures) == (256, made.measures)


def test_blocks_threads_and_the_compiled_twin_change_no_bit(monkeypatch, random_case, setting):
    made = setting(random_case(3))
    names = dimensions(made.held)
    monkeypatch.setattr(parts, "BLOCK_POINTS", 2**8)
    monkeypatch.setattr(module, "FIRST_POINTS", 2**8)
    blocks = draw_blocks(names, 2**12, seed=3)
    assert len(blocks) == 16
    plan_of = made.plan(made.held[0])
    plain = payoff(plan_of, blocks, named=made.named)
    monkeypatch.setattr(module, "_MUCH", 0)
    other = payoff(plan_of, blocks, named=made.named, workers=2)
    assert np.array_equal(plain.mean, other.mean)
    assert np.array_equal(plain.lower, other.lower)
    assert (plain.spreads, plain.verdicts) == (other.spreads, other.verdicts)
    whole = payoff(plan_of, [draw(names, 2**12, seed=3)], named=made.named)
    assert np.array_equal(plain.lower, whole.lower)
    assert plain.mean == pytest.approx(whole.mean, rel=1e-13)
    assert plain.spreads == whole.spreads


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_measures_does_not_matter(seed, random_case, setting):
    made = setting(random_case(seed))
    back = made.measures[::-1]
    one = tensor(made.plan(made.held[0]), made.sample)
    other = tensor(made.plan(made.held[0], back), made.sample)
    for package in range(32):
        same = number(back, members(made.measures, package))
        assert one[package] == pytest.approx(other[same], rel=1e-12)


FLAT = """
levels: [calm, war]
headline: war
parameters:
  - {id: flights, kind: rate, value: 4}
  - {id: fire, kind: probability, value: 0.2}
  - {id: never, kind: rate, value: 0}
  - {id: idle, kind: rate, value: 1}
ladders:
  - {id: air, title: x, branch: accident, starts: flights, ends: war, path: [
      {event: x, p: fire, otherwise: calm}]}
  - {id: odd, title: x, branch: accident, starts: never, ends: war}
"""


def named_measures(**measures: tuple[list[str], list[str]]) -> str:
    return "measures:\n" + "".join(
        f"  - {{id: {name}, area: 1, title: x, seen: unverified, unilateral: false, "
        f"verifiability: none, saturates_with: [{', '.join(same)}], acts: [{', '.join(acts)}]}}\n"
        for name, (acts, same) in measures.items()
    )


def act(on: str, how: str, value: float) -> str:
    return f"{{on: {on}, how: {how}, value: {{value: {value}}}}}"


def frequency(made, *package: str) -> float:
    return float(Evaluator(made.plan(made.held[0]), made.sample).evaluate(frozenset(package))[0])


RATES = {
    "A": ([act("flights", "rate-ratio", 0.5)], ["B"]),
    "B": ([act("flights", "rate-ratio", 0.8)], []),
    "C": ([act("flights", "rate-ratio", 2)], ["B"]),
    "D": ([act("flights", "rate-ratio", 0.1)], []),
    "E": ([act("flights", "rate-ratio", 3)], ["A"]),
}


@pytest.mark.parametrize(
    ("package", "rate"),
    [
        ("A", 2),
        ("AB", 2),  # the stronger of two that lower
        ("BD", 0.32),  # another set: both count
        ("AC", 4),  # linked through B: opposite directions both count, 4 x 0.5 x 2
        ("ABCE", 6),  # 4 x 0.5 x 3
        ("BCDE", 0.96),  # 4 x 0.8 x 3 x 0.1
    ],
)
def test_saturation_by_hand(package, rate, make_case, setting):
    made = setting(make_case(FLAT, named_measures(**RATES)))
    assert frequency(made, *package) == pytest.approx(rate * 0.2, rel=1e-14)


CHANCES = {
    "A": ([act("fire", "odds-ratio", 0.5)], ["B"]),
    "B": ([act("fire", "odds-ratio", 3)], []),
    "C": ([act("fire", "replacement", 0.1)], []),
    "D": ([act("fire", "replacement", 0.05)], []),
    "E": ([act("fire", "replacement", 0.5)], []),
    "F": ([act("never", "replacement", 0.3)], []),
    "G": ([act("never", "replacement", 0.7)], []),
    "H": ([act("fire", "replacement", 0)], []),
    "I": ([act("fire", "replacement", 1)], []),
}


@pytest.mark.parametrize(
    ("package", "odds"),
    [
        ("AB", 1.5 / 4),  # odds 1 : 4
        ("CD", 1 / 19),  # the one that lowers most
        ("CE", 4 / 9),  # opposite: odds 1/9 and 1 of odds 1/4
        ("AD", 0.5 / 19),  # a ratio acts on what was put in place
        ("H", 0),
    ],
)
def test_probabilities_and_replacements_by_hand(package, odds, make_case, setting):
    made = setting(make_case(FLAT, named_measures(**CHANCES)))
    assert frequency(made, *package) == pytest.approx(4 * odds / (1 + odds), rel=1e-13)


def test_from_nothing_a_replacement_counts_and_certainties_stay_numbers(make_case, setting):
    made = setting(make_case(FLAT, named_measures(**CHANCES)))
    assert frequency(made, "F", "G") == pytest.approx(0.8 + 0.7, rel=1e-14)
    assert np.isfinite(frequency(made, "H", "I"))


def test_what_cannot_happen_without_a_measure_has_no_mean_and_is_worse(make_case, setting):
    only = FLAT.replace(
        "{id: air, title: x, branch: accident, starts: flights",
        "{id: air, title: x, branch: accident, starts: never",
    )
    measures = {"F": CHANCES["F"], "A": CHANCES["A"]}
    made = setting(make_case(only, named_measures(**measures)))
    told = payoff(made.plan(made.held[0]), [made.sample], named=made.named)
    assert told.mean.tolist() == [1, np.inf, 1, np.inf]
    assert told.verdicts == ("unknown", "worse", "no-difference", "worse")
    assert told.spreads[1] is None


def test_lowering_measures_lower_in_any_company(random_case, setting, make_case):
    lowering = {
        f"M{i}": ([act("flights", "rate-ratio", r), act("fire", "odds-ratio", r)], [f"M{i // 2}"])
        for i, r in enumerate((0.9, 0.5, 0.99, 0.3))
    }
    made = setting(make_case(FLAT, named_measures(**lowering)))
    found = tensor(made.plan(made.held[0]), made.sample)[:, 0]
    for package in range(16):
        for place in range(4):
            assert found[package | 1 << place] <= found[package]


def test_an_act_on_what_no_ladder_names_is_unknown(make_case, setting):
    measures = {"A": RATES["A"], "Z": ([act("idle", "rate-ratio", 0.5)], []), "B": RATES["B"]}
    made = setting(make_case(FLAT, named_measures(**measures)))
    told = payoff(made.plan(made.held[0]), [made.sample], named=made.named)
    assert told.verdicts[:4] == ("unknown", "better", "unknown", "better")


def test_a_belief_without_ladders_sees_no_difference(make_case, setting):
    text = FLAT + "beliefs: [{id: other, title: x, without: [air, odd]}]"
    made = setting(make_case(text, named_measures(A=RATES["A"], B=RATES["B"])))
    told = payoff(made.plan(made.held[1]), [made.sample], named=made.named)
    assert told.mean.tolist() == [1, 1, 1, 1]
    assert set(told.verdicts[1:]) == {"no-difference"}


@pytest.mark.parametrize("points", [1, 7, 8, 2039, 2040, 2041, 5000])
def test_counting_by_bytes_is_counting(points):
    values = np.random.default_rng(points).random((3, points)) - 0.9
    assert count_below(values, np.zeros(points)).tolist() == (values < 0).sum(axis=1).tolist()
    assert count_below(values - 1, np.zeros(points)).tolist() == [points] * 3


def test_what_cannot_be_asked(random_case, setting):
    made = setting(random_case(1))
    belief = made.held[0]
    with pytest.raises(UsageError, match="at most 12"):
        tensor(made.plan(belief, [f"M{i}" for i in range(13)]), made.sample)
    with pytest.raises(UsageError, match="named twice"):
        plan(belief, ["M0", "M0"], made.of(belief), saturates={})
    with pytest.raises(UsageError, match="no measure Q"):
        Evaluator(made.plan(belief), made.sample).evaluate(frozenset("Q"))
    with pytest.raises(UsageError, match="no points"):
        payoff(made.plan(belief), [], named=made.named)


def test_the_training_case(root, setting):
    made = setting(read_case(root / "cases" / "training"))
    chosen = [m for m in made.measures if m in made.held[0].changes][:6]
    for belief in made.held:
        found = tensor(made.plan(belief, chosen), made.sample)
        evaluator = Evaluator(made.plan(belief), made.sample)
        for package in (0, 21, 63):
            held = members(chosen, package)
            assert np.array_equal(found[package], evaluator.evaluate(held))


@given(st.lists(st.sampled_from([0.5, 0.7, 0.99, 1.0, 1.005, 1.2, np.inf]), min_size=1))
def test_half_ordered_ratios_tell_what_ordered_ones_do(ratios):
    ordered = np.sort(ratios)
    found = module._ordered(np.array(ratios))
    assert found[-1] == ordered[-1]
    assert repr(spread(found)) == repr(spread(ordered))
    assert verdict(found) == verdict(ordered)
