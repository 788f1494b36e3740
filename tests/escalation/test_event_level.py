"""Simulated histories: events that begin, climb rung by rung, and are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from detente.case import model
from detente.escalation.assess import assess_escalation
from detente.escalation.ladder import compile_states, frequencies

# Gates within gates, an event on rungs and in gates, paths aside, a crisis that switches a rate,
# an event and a rung.
LADDER = """
levels: [calm, shots, clash, war]
headline: shots
parameters:
  - {id: c, kind: probability, low: 0.1, high: 0.3}
  - {id: flights, kind: rate, low: 2, high: 6}
  - {id: flights-crisis, kind: rate, low: 8, high: 30}
  - {id: voyages, kind: rate, low: 1, high: 5}
  - {id: fire, kind: probability, low: 0.2, high: 0.5}
  - {id: misread, kind: probability, low: 0.1, high: 0.4}
  - {id: misread-crisis, kind: probability, low: 0.3, high: 0.8}
  - {id: late, kind: probability, low: 0.2, high: 0.6}
  - {id: deaf, kind: probability, low: 0.1, high: 0.5}
  - {id: stubborn, kind: probability, low: 0.2, high: 0.7}
events:
  - {id: taken, p: misread}
  - {id: cut-off, at_least: 2, of: [late, deaf, taken]}
  - {id: one-sided, either_of: [late, stubborn]}
  - {id: unchecked, none_of: [deaf, one-sided]}
  - {id: gone, any_of: [cut-off, unchecked]}
ladders:
  - id: air
    title: x
    branch: accident
    starts: flights
    ends: war
    path:
      - {event: x, p: fire, otherwise: {ends: clash, path: [
          {event: x, p: taken, otherwise: calm}, {event: x, p: misread, otherwise: shots}]}}
      - {event: x, p: gone, otherwise: {ends: shots, path: [
          {event: x, p: one-sided, otherwise: calm}]}}
      - {event: x, p: taken, otherwise: clash}
  - {id: sea, title: x, branch: deliberate, starts: voyages, ends: war, path: [
      {event: x, p: cut-off, otherwise: calm}, {event: x, p: fire, otherwise: shots}]}
crisis:
  share: c
  instead: {flights: flights-crisis, misread: misread-crisis}
"""
POINTS = {
    "c": 0.2, "flights": 4.0, "flights-crisis": 15.0, "voyages": 2.0, "fire": 0.3,
    "misread": 0.2, "misread-crisis": 0.6, "late": 0.4, "deaf": 0.3, "stubborn": 0.5,
}  # fmt: skip


class Walk:
    """Many walks up one ladder at once; an event is drawn when it is first asked for."""

    def __init__(self, file, values, *, crisis, walks, rng) -> None:
        self.events = {event.id: event for event in file.events}
        self.instead = file.crisis.instead if crisis else {}
        self.values, self.walks, self.rng = values, walks, rng
        self.happened: dict[str, Any] = {}

    def draw(self, parameter) -> Any:
        return self.rng.random(self.walks) < self.values[self.instead.get(parameter, parameter)]

    def happens(self, name) -> Any:
        if name not in self.happened:
            event = self.events.get(name)
            if event is None or event.p:
                self.happened[name] = self.draw(event.p if event else name)
            else:
                number = sum(self.happens(one).astype(int) for one in event.operands)
                self.happened[name] = {
                    "any_of": number >= 1,
                    "all_of": number == len(event.operands),
                    "none_of": number == 0,
                    "either_of": number == 1,
                    "of": number >= (event.at_least or 0),
                }[event.gate]
        return self.happened[name]

    def climb(self, branches, here, reached) -> None:
        for rung in branches.path:
            goes_on = self.happens(rung.p) if rung.p in self.events else self.draw(rung.p)
            aside = here & ~goes_on
            if isinstance(rung.otherwise, model.Branches):
                self.climb(rung.otherwise, aside, reached)
            else:
                reached[rung.otherwise] |= aside
            here = here & goes_on
        reached[branches.ends] |= here


def history(file, ladder, values, *, years, rng) -> dict[str, Any]:
    """How often each level is reached in each of many years, some of which are crises."""
    in_crisis = rng.random(years) < values[file.crisis.share]
    counts = {level: np.zeros(years) for level in file.levels}
    for crisis in (False, True):
        at = np.flatnonzero(in_crisis == crisis)
        starts = file.crisis.instead.get(ladder.starts, ladder.starts) if crisis else ladder.starts
        begun = np.repeat(at, rng.poisson(values[starts], len(at)))
        walk = Walk(file, values, crisis=crisis, walks=len(begun), rng=rng)
        reached = {level: np.zeros(len(begun), dtype=bool) for level in file.levels}
        walk.climb(ladder, np.ones(len(begun), dtype=bool), reached)
        assert sum(one.astype(int) for one in reached.values()).tolist() == [1] * len(begun)
        for level, ended in reached.items():
            counts[level] += np.bincount(begun[ended], minlength=years)
    return counts


def exact(file, ladder, values) -> dict[str, float]:
    ends = {level: place for place, level in enumerate(file.levels)}
    arrays = {name: np.array([value]) for name, value in values.items()}
    states = compile_states(file, ladder, ends)
    found = sum(frequencies(one, arrays)[:, 0] for one in states)
    return dict(zip(file.levels, found.tolist(), strict=True))


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_histories_agree_with_the_exact_engine(ladder_file, place, seed):
    file = ladder_file(LADDER)
    ladder = file.ladders[place]
    years = 200_000
    counts = history(file, ladder, POINTS, years=years, rng=np.random.default_rng(seed))
    for level, per_year in exact(file, ladder, POINTS).items():
        error = counts[level].std() / np.sqrt(years)
        assert abs(counts[level].mean() - per_year) <= 5 * error, level
        if counts[level].any():
            assert error < 0.01 * per_year  # the agreement says something


def test_ends_of_a_ladder_add_up_to_its_rate_over_all_time(ladder_file):
    file = ladder_file(LADDER)
    found = exact(file, file.ladders[0], POINTS)
    assert sum(found.values()) == pytest.approx(0.8 * 4 + 0.2 * 15, rel=1e-12)
    assert sum(exact(file, file.ladders[1], POINTS).values()) == pytest.approx(2, rel=1e-12)


@pytest.mark.long
def test_long_histories_at_random_numbers_agree_with_the_exact_engine(ladder_file):
    file = ladder_file(LADDER)
    rng = np.random.default_rng(9)
    worst = 0.0
    for _ in range(20):
        values = {n: v * rng.uniform(0.5, 1.5) if v >= 1 else rng.uniform(0.02, 0.98)
                  for n, v in POINTS.items()}  # fmt: skip
        for ladder in file.ladders:
            counts = history(file, ladder, values, years=200_000, rng=rng)
            for level, per_year in exact(file, ladder, values).items():
                error = counts[level].std() / np.sqrt(200_000)
                if error > 0:
                    worst = max(worst, abs(counts[level].mean() - per_year) / error)
    assert worst < 5


# --- intervals hold simulated truth ----------------------------------------------------------

ACTS = (
    "{on: misread-crisis, how: odds-ratio, value: {low: 0.1, high: 1.2}}",
    "{on: flights, how: rate-ratio, value: {low: 0.5, mid: 0.8, high: 1.1}}",
)


def drawn(number, kind, rng, size) -> Any:
    """Plain draws of a stated number: half of them below its median, half above."""
    to, back = (np.log, np.exp) if kind == "rate" else (logit, expit)
    low, high = to(number.low), to(number.high)
    mid = (low + high) / 2 if number.mid is None else to(number.mid)
    z = rng.standard_normal(size) / stats.norm.ppf(0.5 + number.ci / 200)
    return back(mid + z * np.where(z < 0, mid - low, high - mid))


def truths(case, rng, number) -> tuple[Any, Any]:
    """True frequencies of the headline, and true ratios with the measure, at drawn numbers."""
    file = case.ladder
    values = {one.id: drawn(one, one.kind, rng, number) for one in file.parameters}
    after = dict(values)
    size = [drawn(act.value, "rate", rng, number) for act in case.measures[0].acts]
    odds = values["misread-crisis"] / (1 - values["misread-crisis"]) * size[0]
    after["misread-crisis"] = odds / (1 + odds)
    after["flights"] = values["flights"] * size[1]
    ends = {"shots": 0, "clash": 0, "war": 0}
    states = [one for ladder in file.ladders for one in compile_states(file, ladder, ends)]
    before, with_it = (
        sum(frequencies(one, numbers)[0] for one in states) for numbers in (values, after)
    )
    return before, with_it / before


@pytest.mark.parametrize("seed", [3, 4])
def test_intervals_hold_nine_tenths_of_simulated_truths(make_case, measure, seed):
    case = make_case(LADDER, "measures:\n" + measure("M1", *ACTS), seed=seed)
    results = assess_escalation(case, points=2**12)
    frequency = next(one for one in results.frequencies if (one.ladder, one.level) == ("", "shots"))
    [effect] = results.effects
    number = 4_000
    low, high = stats.binom(number, 0.9).ppf([1e-4, 1 - 1e-4])
    for found, spread in zip(
        truths(case, np.random.default_rng(seed), number),
        (frequency.per_year, effect.ratio),
        strict=True,
    ):
        held = int(((found >= spread.low) & (found <= spread.high)).sum())
        assert low <= held <= high
        below = int((found < spread.mid).sum())
        assert abs(below - number / 2) < 4 * np.sqrt(number / 4)
