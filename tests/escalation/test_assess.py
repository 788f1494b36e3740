"""The whole room: order, emptiness, invariance and sameness."""

from __future__ import annotations

import pickle

import pytest

from detente.escalation.assess import assess_escalation
from detente.ground.errors import UsageError

LADDER = """
levels: [calm, shots, war]
headline: shots
parameters:
  - {{id: flights, kind: rate, low: {low}, high: {high}}}
  - {{id: fire, kind: probability, low: 0.01, high: 0.5}}
  - {{id: misread, kind: probability, low: 0.02, high: 0.9}}
events: [{{id: both, all_of: [fire, misread]}}]
ladders:
  - {{id: air, title: x, branch: accident, starts: flights, ends: war, path: [
      {{event: x, p: fire, otherwise: calm}}, {{event: x, p: both, otherwise: shots}}]}}
beliefs:
  - {{id: other, title: {{en: Others}}, held_by: A, source: s1, numbers: [
      {{id: flights, kind: rate, low: {low}, high: {high}}}]}}
"""
ACTS = (
    "{{on: flights, how: replacement, value: {{low: {low}, high: {mid}}}}}",
    "{{on: misread, how: odds-ratio, value: {{low: 0.2, high: 1.1}}}}",
)


@pytest.fixture
def case(make_case, measure):
    def per(unit: float, seed: int = 1):
        numbers = {"low": 0.1 * unit, "mid": 0.3 * unit, "high": 0.4 * unit}
        acts = [act.format(**numbers) for act in ACTS]
        measures = "measures:\n" + measure("M1", acts[0]) + measure("M2", acts[1]) + measure("M3")
        return make_case(LADDER.format(**numbers), measures, seed=seed)

    return per


def test_results_are_told_in_the_order_of_the_case(case):
    results = assess_escalation(case(1), points=2**8)
    assert (results.points, results.headline) == (256, "shots")
    assert [one.id for one in results.beliefs] == ["base", "other"]
    assert (results.beliefs[1].title, results.beliefs[1].held_by) == ("Others", "A")
    assert [(one.belief, one.measure) for one in results.effects] == [
        (belief, measure) for belief in ("base", "other") for measure in ("M1", "M2", "M3")
    ]
    assert [one.verdict for one in results.effects if one.measure == "M3"] == ["unknown"] * 2


def test_without_a_ladder_there_is_nothing_to_say(make_case, measure):
    results = assess_escalation(make_case("", "measures:\n" + measure("M")))
    assert results.headline == ""
    assert not any(
        (
            results.beliefs,
            results.frequencies,
            results.effects,
            results.numbers,
            results.flips,
            results.published,
        )
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_nearly_the_same(case):
    first, again = (pickle.dumps(assess_escalation(case(1))) for _ in range(2))
    assert first == again
    one, other = (assess_escalation(case(1, seed=seed)) for seed in (1, 2))
    assert one != other
    for a, b in zip(one.frequencies, other.frequencies, strict=True):
        assert a.per_year.mid == pytest.approx(b.per_year.mid, rel=0.01)
        assert a.per_year.high == pytest.approx(b.per_year.high, rel=0.02)


def test_rates_in_another_unit_change_frequencies_by_it_and_effects_not_at_all(case):
    yearly, monthly = (assess_escalation(case(unit), points=2**10) for unit in (1, 1 / 12))
    for a, b in zip(yearly.frequencies, monthly.frequencies, strict=True):
        assert a.per_year.mid == pytest.approx(12 * b.per_year.mid, rel=1e-12)
    for c, d in zip(yearly.effects, monthly.effects, strict=True):
        assert c.verdict == d.verdict
        if c.ratio and d.ratio:
            assert c.ratio.mid == pytest.approx(d.ratio.mid, rel=1e-12)


def test_beliefs_with_the_same_numbers_agree_to_the_last_bit(case):
    results = assess_escalation(case(1), points=2**10)
    base, other = (
        [(one.measure, one.ratio, one.verdict) for one in results.effects if one.belief == belief]
        for belief in ("base", "other")
    )
    assert base == other


def test_a_ladder_without_a_headline_level_is_refused(make_case):
    ladder = LADDER.format(low=0.1, high=0.2).replace("headline: shots", "")
    with pytest.raises(UsageError, match="headline"):
        assess_escalation(make_case(ladder))


def test_points_are_a_power_of_two(case):
    with pytest.raises(UsageError, match="power of two"):
        assess_escalation(case(1), points=1000)
