"""Proposed rules on past traffic: the same as searching each distance, in order, and fair."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom, poisson

from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import search
from detente.encounters.tracks import Craft, tracks
from detente.encounters.what_if.count import what_if
from detente.encounters.what_if.model import proposals_of
from detente.ground.errors import CaseError, UsageError

DEGREE = 111_319.49

TEXT = """
format: detente/proposals/1
proposals:
- id: thousand-yards
  title: Ships of two sides keep apart
  domains: sea-sea
  horizontal: {least: 200, most: 2000, steps: 7, unit: yd}
  source: made up for a test
- id: a-thousand-feet
  title: Aircraft keep apart
  domains: air-air
  horizontal: {least: 1, most: 5, steps: 5, unit: nm}
  vertical: {value: 1000, unit: ft}
  closing_only: yes
  between: [A, B]
  notice: 24 hours
  source: made up for a test
"""


@pytest.fixture(scope="module")
def proposals():
    return {one.id: one for one in proposals_of(TEXT, "p.yaml")}


def traffic(seed, *, count=24, hours=12.0, domain="sea", spread=9000.0, speed=6.0):
    """Craft that wander about in a square on the equator."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(0.0, hours * 3600, 60.0)
    columns = {"track": [], "seconds": [], "lat": [], "lon": [], "height": []}
    for place in range(count):
        course = rng.uniform(0, 2 * math.pi) + np.cumsum(rng.normal(0, 0.15, len(seconds)))
        steps = speed * 60 * np.stack([np.sin(course), np.cos(course)])
        where = rng.uniform(-spread, spread, (2, 1)) + steps.cumsum(axis=1)
        east, north = np.abs((where + spread) % (4 * spread) - 2 * spread) - spread  # reflected
        columns["track"] += [place] * len(seconds)
        columns["seconds"] += list(seconds)
        columns["lat"] += list(north / 110_574)
        columns["lon"] += list(20 + east / DEGREE)
        columns["height"] += list(np.full(len(seconds), 3000.0 + 200 * (place % 5)))
    craft = [Craft(f"craft-{k}", domain) for k in range(count)]
    return tracks(craft, **columns)


SIDES = ["A" if k % 3 else "B" for k in range(24)]
OF = traffic(4)


def asked(proposal, of=OF, sides=SIDES, seed=1, **how):
    return what_if(of, sides, proposal, rng=np.random.default_rng(seed), **how)


def test_counts_and_hours_grow_with_the_distance(proposals):
    found = asked(proposals["thousand-yards"])
    assert found.points[-1].encounters.value > 30
    for near, far in pairwise(found.points):
        assert near.metres < far.metres
        assert near.encounters.value <= far.encounters.value
        assert near.hours <= far.hours
        for one, other in zip(near.sides, far.sides, strict=True):
            assert one.encounters <= other.encounters
            assert one.tracks <= other.tracks
            assert one.hours <= other.hours


def grouped(of, sides, pair, limit):
    """Hits of a search at one distance, by pair."""
    numbers = np.array([0 if one == "A" else 1 for one in sides])
    hits = search(of, Limits({pair: limit}), sides=numbers)
    return [
        (int(a), int(b), float(s), float(e))
        for a, b, s, e in zip(hits.a, hits.b, hits.start, hits.end, strict=True)
    ]


def test_it_is_what_a_search_at_each_distance_finds(proposals):
    found = asked(proposals["thousand-yards"])
    metres = [one.metres for one in found.points]
    assert metres == pytest.approx([200 * 0.9144, *(0.9144 * x for x in range(500, 2001, 300))])
    largest = grouped(OF, SIDES, "sea-sea", Limit(metres[-1]))
    runs = []  # encounters at the largest distance: passes within 600 s of each other
    for a, b, start, end in largest:
        if runs and runs[-1][:2] == (a, b) and start <= runs[-1][3] + 600:
            runs[-1] = (a, b, runs[-1][2], end)
        else:
            runs.append((a, b, start, end))
    for one in found.points:
        direct = grouped(OF, SIDES, "sea-sea", Limit(one.metres))
        hours = sum(end - start for _, _, start, end in direct) / 3600
        assert one.hours == pytest.approx(hours, rel=1e-3, abs=1e-4)
        touched = {
            run for run in runs
            for a, b, start, end in direct
            if run[:2] == (a, b) and run[2] - 1 <= start and end <= run[3] + 1
        }  # fmt: skip
        assert one.encounters.value == len(touched)
        craft = {k for a, b, *_ in direct for k in (a, b)}
        for side in one.sides:
            own = {k for k in craft if SIDES[k] == side.side}
            assert side.tracks == len(own)
            assert side.tracks_seen == SIDES.count(side.side)
            assert side.seen_hours == pytest.approx(SIDES.count(side.side) * (12 - 1 / 60))


def test_closing_alone_is_half_of_a_straight_pass(proposals):
    """Two ships pass each other at 1,000 m: they close in until abreast."""
    seconds = np.arange(-3600.0, 3601.0, 60.0)
    of = tracks(
        [Craft("x", "sea"), Craft("y", "sea")], [0] * len(seconds) + [1] * len(seconds),
        seconds=[*seconds, *seconds], lat=[0.0] * len(seconds) + [1000 / 110_574] * len(seconds),
        lon=[*(5 * seconds / DEGREE), *(-5 * seconds / DEGREE)],
    )  # fmt: skip
    rule = proposals["thousand-yards"]
    whole = asked(rule, of, ["A", "B"])
    half = asked(rule.model_copy(update={"closing_only": "yes"}), of, ["A", "B"])
    for one, other in zip(whole.points, half.points, strict=True):
        assert one.encounters.value == other.encounters.value == (one.metres > 1000)
        within = math.sqrt(max(one.metres**2 - 1000**2, 0)) / 10 * 2 / 3600
        assert one.hours == pytest.approx(within, rel=1e-3, abs=1e-4)
        assert other.hours == pytest.approx(within / 2, rel=1e-3, abs=1e-4)


def test_a_ship_that_only_leaves_is_not_touched_by_a_rule_on_closing(proposals):
    seconds = np.arange(0.0, 3601.0, 60.0)
    of = tracks(
        [Craft("x", "sea"), Craft("y", "sea")], [0] * len(seconds) + [1] * len(seconds),
        seconds=[*seconds, *seconds], lat=[0.0] * (2 * len(seconds)),
        lon=[*np.zeros(len(seconds)), *((100 + 5 * seconds) / DEGREE)],
    )  # fmt: skip
    rule = proposals["thousand-yards"]
    assert asked(rule, of, ["A", "B"]).points[0].encounters.value == 1
    leaving = asked(rule.model_copy(update={"closing_only": "yes"}), of, ["A", "B"])
    assert [one.encounters.value for one in leaving.points] == [0] * 7


def test_heights_and_sides_count(proposals):
    air = traffic(6, domain="air", spread=40_000.0, speed=150.0, hours=2.0)
    rule = proposals["a-thousand-feet"]
    found = asked(rule, air)
    direct = grouped(air, SIDES, "air-air", Limit(5 * 1852.0, 304.8))
    craft = {k for a, b, *_ in direct for k in (a, b)}
    assert sum(one.tracks for one in found.points[-1].sides) == len(craft) > 5
    assert (found.vertical, found.closing_only, found.notice) == (304.8, True, "24 hours")
    assert found.sides == ("A", "B")


def test_sides_are_treated_alike(proposals):
    rule = proposals["thousand-yards"]
    usual = asked(rule)
    swapped = asked(rule, sides=["B" if one == "A" else "A" for one in SIDES])
    for one, other in zip(usual.points, swapped.points, strict=True):
        assert one.encounters == other.encounters
        assert one.hours == other.hours
        for side, twin in zip(one.sides, reversed(other.sides), strict=True):
            assert replace(side, side=twin.side) == twin
    for one in usual.points:  # each encounter has one craft of each side
        assert {side.encounters for side in one.sides} == {int(one.encounters.value)}
        assert all(side.hours == pytest.approx(one.hours) for side in one.sides)


def test_tracks_without_side_are_told_and_not_counted(proposals):
    unknown = [None if k % 4 == 0 else one for k, one in enumerate(SIDES)]
    found = asked(proposals["thousand-yards"], sides=unknown)
    assert found.tracks_without_side == 6
    assert sum(one.tracks_seen for one in found.points[0].sides) == 18
    everything = asked(proposals["thousand-yards"])
    assert found.points[-1].encounters.value < everything.points[-1].encounters.value


def test_few_encounters_have_exact_intervals(proposals):
    found = asked(proposals["thousand-yards"], traffic(4, hours=2.0))
    assert {one.method for one in found.points} == {"exact-poisson"}
    one = next(x for x in found.points if 0 < x.sides[0].tracks < x.sides[0].tracks_seen)
    count = one.encounters.value
    assert one.hours_low is None
    # The ends are where so few, or so many, would come up 5 times in 100.
    assert poisson.sf(count - 1, one.encounters.low) == pytest.approx(0.05)
    assert poisson.cdf(count, one.encounters.high) == pytest.approx(0.05)
    side = one.sides[0]
    assert binom.cdf(side.tracks, side.tracks_seen, side.share.high) == pytest.approx(0.05)
    assert binom.sf(side.tracks - 1, side.tracks_seen, side.share.low) == pytest.approx(0.05)


def test_many_encounters_are_resampled_by_blocks(proposals):
    found = asked(proposals["thousand-yards"])
    assert (found.blocks, found.block_seconds) == (12, 3600)
    one = found.points[-1]
    assert one.method == "block-bootstrap"
    assert one.encounters.low < one.encounters.value < one.encounters.high
    assert one.hours_low < one.hours < one.hours_high
    assert asked(proposals["thousand-yards"]) == found  # the same chance, the same numbers
    assert asked(proposals["thousand-yards"], seed=2).points[-1] != one


def test_the_interval_of_resampling_covers():
    """Ten blocks of independent Poisson counts: 90 % intervals hold the mean about so often."""
    from detente.encounters.what_if import count

    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        blocks = rng.poisson(4.0, 24).astype(float)
        weights = rng.multinomial(24, np.full(24, 1 / 24), size=400)
        low, high = count._resampled(weights, blocks)
        held += low <= 24 * 4.0 <= high
    assert 0.83 < held / 400 < 0.94


def test_faults_of_a_file_are_told_at_once():
    text = TEXT.replace("least: 200", "least: 9000").replace("[A, B]", "[A, A]")
    text = text.replace("domains: sea-sea", "domains: sea-moon")
    with pytest.raises(CaseError) as caught:
        proposals_of(text, "p.yaml")
    assert len(caught.value.findings) >= 3
    with pytest.raises(CaseError, match="repeats"):
        proposals_of(TEXT.replace("a-thousand-feet", "thousand-yards"), "p.yaml")


def test_a_side_that_nobody_has(proposals):
    rule = proposals["a-thousand-feet"].model_copy(update={"between": ("A", "C")})
    with pytest.raises(UsageError, match="'C'"):
        asked(rule, traffic(6, domain="air", hours=0.1))
    with pytest.raises(UsageError, match="3 sides"):
        asked(proposals["thousand-yards"], sides=["A", "B", "A"])
