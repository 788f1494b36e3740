"""Frequencies and horizons against published conversions and lognormal closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.escalation.assess import assess_escalation
from detente.escalation.frequencies import or_worse, within
from detente.escalation.ladder import compile_ladder


def test_an_annual_probability_over_70_years():
    # Good Judgment's 0.7 % a year, over 70 years: 1 - 0.993^70 = 38.84 %.
    assert within(-math.log(0.993), 70) == pytest.approx(1 - 0.993**70, rel=1e-12)
    assert f"{within(-math.log(0.993), 70):.4f}" == "0.3884"


def test_rare_events_keep_their_digits():
    assert within(1e-12, 10) == pytest.approx(1e-11, rel=1e-10)
    assert within(0, 70) == 0


LADDER = """
levels: [calm, shots, war]
headline: shots
parameters:
  - {id: flights, kind: rate, low: 0.1, high: 0.4}
  - {id: voyages, kind: rate, value: 0.5}
  - {id: p, kind: probability, value: 0.25}
ladders:
  - {id: air, title: x, branch: accident, starts: flights, ends: war, path: [
      {event: x, p: p, otherwise: calm}, {event: x, p: p, otherwise: shots}]}
  - {id: sea, title: x, branch: deliberate, starts: voyages, ends: war, path: [
      {event: x, p: p, otherwise: shots}]}
beliefs: [{id: other, title: x, without: [air]}]
"""


def test_levels_or_worse_add_up_from_the_worst(ladder_file):
    file = ladder_file(LADDER)
    compiled = compile_ladder(file, file.ladders[0], {"shots": 0, "war": 1})
    found = or_worse(compiled, {"flights": np.ones(1), "p": np.array([0.25])})
    assert found[:, 0].tolist() == [0.25, 0.0625]


def test_frequencies_of_each_ladder_and_of_all(make_case):
    results = assess_escalation(make_case(LADDER, years=20.0), points=2**12)
    found = {(one.belief, one.ladder, one.level): one for one in results.frequencies}
    assert list(found)[:6] == [
        ("base", ladder, level) for ladder in ("air", "sea", "") for level in ("shots", "war")
    ]
    air = found["base", "air", "war"].per_year
    assert [air.low, air.mid, air.high] == pytest.approx([0.1 / 16, 0.2 / 16, 0.4 / 16], rel=1e-3)
    sea = found["base", "sea", "shots"].per_year
    assert sea.low == sea.high == pytest.approx(0.5, rel=1e-14)
    together = found["base", "", "shots"]
    assert together.per_year.high == pytest.approx(0.4 / 4 + 0.5, rel=1e-3)
    assert together.within_horizon.high == pytest.approx(
        1 - math.exp(-20 * together.per_year.high), rel=1e-12
    )
    assert ("other", "air", "war") not in found
    assert found["other", "", "war"].per_year == found["base", "sea", "war"].per_year


def test_a_product_of_lognormals_is_lognormal(make_case):
    # Probabilities near 0 are lognormal where they are logit-normal.
    ladder = LADDER.replace("value: 0.25", "low: 1.0e-9, high: 4.0e-8")
    results = assess_escalation(make_case(ladder), points=2**14)
    air = next(one for one in results.frequencies if (one.ladder, one.level) == ("air", "shots"))
    sigma = math.hypot(math.log(4), math.log(40)) / 2
    mid = 0.2 * math.sqrt(1e-9 * 4e-8)
    assert air.per_year.mid == pytest.approx(mid, rel=0.01)
    assert air.per_year.low == pytest.approx(mid * math.exp(-sigma), rel=0.01)
    assert air.per_year.high == pytest.approx(mid * math.exp(sigma), rel=0.01)
