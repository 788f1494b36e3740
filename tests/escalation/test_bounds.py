"""Bounds where numbers are refused: brute-force corners, exact searches, and what verdicts need."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation import credal
from detente.escalation.assess import assess_escalation
from detente.escalation.bounds import FEW_POINTS, INSIDE, MOST_CORNERS, bounds_of
from detente.escalation.effects import headline, total
from detente.escalation.prepare import prepared
from detente.ground.errors import CaseError

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, %(r)s}
  - {id: s, kind: rate, %(s)s}
  - {id: p, kind: probability, %(p)s}
  - {id: q, kind: probability, %(q)s}
  - {id: t, kind: probability, %(t)s}
events: [{id: gate, any_of: [p, q]}]
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: gate, otherwise: calm}, {event: x, p: t, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war, path: [
      {event: x, p: q, otherwise: calm}]}
"""
REFUSED = "low: %r, high: %r, bounds_only: true"
POINTS = {"r": 2.0, "s": 0.5, "p": 0.2, "q": 0.1, "t": 0.3}


def ladder(refused: dict[str, tuple[float, float]], **others: str) -> str:
    plain = {name: f"value: {value}" for name, value in POINTS.items()}
    return LADDER % {**plain, **others, **{name: REFUSED % ends for name, ends in refused.items()}}


def told(case, points: int = 2**6) -> Any:
    """The bounds by measure and the effects by measure, under the case's own numbers."""
    made = prepared(case, points=points)
    assert made.base not in made.telling
    bounds, effects = bounds_of(
        made.base, made.measures, made.at_headline["base"], sample=made.sample, named=made.named
    )
    return {one.measure: one for one in bounds}, {one.measure: one for one in effects}


def refusals(names) -> st.SearchStrategy:
    ends = st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)).filter(
        lambda pair: abs(pair[0] - pair[1]) > 0.01
    )
    return st.dictionaries(st.sampled_from(names), ends.map(sorted).map(tuple), min_size=1)


# --- frequencies -----------------------------------------------------------------------------


@settings(max_examples=15)
@given(refusals(["r", "s", "p", "q", "t"]))
def test_a_frequency_has_the_bounds_of_all_corners_and_of_the_exact_search(make_case, refused):
    found = told(make_case(ladder(refused)))[0][""]
    by_hand = []
    for corner in itertools.product(*refused.values()):
        v = {**POINTS, **dict(zip(refused, corner, strict=True))}
        gate = v["p"] + v["q"] - v["p"] * v["q"]
        by_hand.append(v["r"] * gate * v["t"] + v["s"] * v["q"])
    assert (found.low, found.high) == pytest.approx((min(by_hand), max(by_hand)), rel=1e-9)
    made = prepared(make_case(ladder(refused)), points=2**2)
    exact = credal.frequency_bounds(made.at_headline["base"], POINTS, refused)
    assert found.low == pytest.approx(exact.lower.value, rel=1e-9)
    assert found.high == pytest.approx(exact.upper.value, rel=1e-9)


def test_numbers_that_are_not_refused_leave_90_per_cent_of_themselves_open(make_case):
    # f = r (p + q - p q) t + s q, with r lognormal: quantiles of r at the ends of t
    text = ladder({"t": (0.1, 0.6)}, r="low: 1, high: 4", s="value: 0")
    found = told(make_case(text), points=2**12)[0][""]
    gate = 0.2 + 0.1 - 0.02
    assert found.low == pytest.approx(1 * gate * 0.1, rel=0.01)
    assert found.high == pytest.approx(4 * gate * 0.6, rel=0.01)


def test_a_number_of_several_events_on_one_path_is_tried_inside(make_case):
    # f = p (1 - p), which is largest in the middle and not at a corner
    text = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, value: 1}
  - {id: p, kind: probability, low: 0.1, high: 0.9, bounds_only: true}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: calm, path: [
      {event: x, p: p, otherwise: {ends: war, path: [{event: x, p: p, otherwise: calm}]}}]}
"""
    found = told(make_case(text))[0][""]
    assert found.low == pytest.approx(0.09, rel=1e-9)
    assert found.high == pytest.approx(0.25, rel=1e-9)


def test_the_share_of_a_crisis_may_be_refused(make_case):
    text = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, value: 2}
  - {id: p, kind: probability, value: 0.1}
  - {id: p-crisis, kind: probability, low: 0.3, high: 0.5, bounds_only: true}
  - {id: c, kind: probability, low: 0.05, high: 0.2, bounds_only: true}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
crisis: {share: c, instead: {p: p-crisis}}
"""
    found = told(make_case(text))[0][""]
    low, high = (2 * ((1 - c) * 0.1 + c * p) for c, p in ((0.05, 0.3), (0.2, 0.5)))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)


# --- ratios ----------------------------------------------------------------------------------

ACTS = (
    ("r", "rate-ratio", 0.5),
    ("q", "odds-ratio", 0.4),
    ("t", "replacement", 0.05),
    ("p", "odds-ratio", 3.0),
)


@settings(max_examples=12)
@given(
    refusals(["r", "s", "p", "q", "t"]), st.lists(st.sampled_from(ACTS), min_size=1, unique=True)
)
def test_ratios_have_the_bounds_of_the_exact_search(make_case, measure, refused, acts):
    written = [f"{{on: {on}, how: {how}, value: {{value: {size}}}}}" for on, how, size in acts]
    case = make_case(ladder(refused), "measures:\n" + measure("M1", *written))
    found = told(case, points=2)[0]["M1"]
    made = prepared(case, points=2)
    exact = credal.ratio_bounds(
        made.at_headline["base"],
        POINTS,
        refused,
        acts=[credal.IntervalAct(on, how, (size, size)) for on, how, size in acts],
        most=2**9,
    )
    least, greatest = exact.lower.value, exact.upper.value
    bent = {on for on, how, _ in acts if how == "odds-ratio"} & set(refused)
    if not bent:
        assert (found.low, found.high) == pytest.approx((least, greatest), rel=1e-9)
        return
    # points inside miss some of the way from the corners to an extreme between them
    room = 0.05 * (greatest - least) + 1e-9
    assert least * (1 - 1e-9) <= found.low <= least + room
    assert greatest - room <= found.high <= greatest * (1 + 1e-9)


def one_bent(a, b, low, high, size) -> Any:
    """A ratio that an odds ratio bends: (a + b p') / (a + b p), and its corners."""
    p = np.array([low, high])
    after = size * p / (1 - p + size * p)
    return (a + b * after) / (a + b * p)


def test_an_extreme_inside_is_come_near_with_few_points(make_case, measure):
    # (s + r p') / (s + r p) is 1 at p = 0 and at p = 1, and not between
    text = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, value: 1}
  - {id: s, kind: rate, value: 0.1}
  - {id: p, kind: probability, low: %g, high: %g, bounds_only: true}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war}
"""
    worst = 0.0
    for low, high in ((0.01, 0.9), (0.001, 0.999), (0.1, 0.5), (0.02, 0.3)):
        for size in (0.1, 0.4, 3.0):
            act = f"{{on: p, how: odds-ratio, value: {{value: {size}}}}}"
            case = make_case(text % (low, high), "measures:\n" + measure("M1", act))
            found = told(case, points=2)[0]["M1"]
            made = prepared(case, points=2)
            exact = credal.ratio_bounds(
                made.at_headline["base"],
                {"r": 1.0, "s": 0.1},
                {"p": (low, high)},
                acts=[credal.IntervalAct("p", "odds-ratio", (size, size))],
            )
            corners = one_bent(0.1, 1.0, low, high, size)
            assert exact.lower.value - 1e-9 <= found.low <= corners.min() + 1e-9
            assert corners.max() - 1e-9 <= found.high <= exact.upper.value + 1e-9
            missed = max(found.low / exact.lower.value, exact.upper.value / found.high) - 1
            worst = max(worst, missed)
    assert INSIDE == 7
    assert 0.01 < worst < 0.05  # a few per cent at most; nothing is missed at corners


def test_refused_sizes_of_acts_stand_at_their_ends(make_case, measure):
    act = "{on: r, how: rate-ratio, value: {low: 0.25, high: 2, bounds_only: true}}"
    text = ladder({"s": (0.5, 1.0)})
    bounds, effects = told(make_case(text, "measures:\n" + measure("M1", act)))
    air, sea = 2 * 0.28 * 0.3, np.array([0.5, 1.0]) * 0.1
    ratios = [(k * air + sea) / (air + sea) for k in (0.25, 2)]
    assert bounds["M1"].low == pytest.approx(np.min(ratios), rel=1e-9)
    assert bounds["M1"].high == pytest.approx(np.max(ratios), rel=1e-9)
    assert effects["M1"].verdict == "unknown"


def test_two_refused_sizes_are_taken_in_all_pairs(make_case, measure):
    acts = [
        "{on: r, how: rate-ratio, value: {low: 0.25, high: 2, bounds_only: true}}",
        "{on: q, how: replacement, value: {low: 0.01, high: 0.9, bounds_only: true}}",
    ]
    bounds, _ = told(make_case(ladder({}), "measures:\n" + measure("M1", *acts)))
    before = 2 * 0.28 * 0.3 + 0.5 * 0.1
    ratios = [
        (k * 2 * (0.2 + 0.8 * q) * 0.3 + 0.5 * q) / before for k in (0.25, 2) for q in (0.01, 0.9)
    ]
    assert bounds["M1"].low == pytest.approx(min(ratios), rel=1e-9)
    assert bounds["M1"].high == pytest.approx(max(ratios), rel=1e-9)
    assert bounds[""].low == pytest.approx(before)


# --- verdicts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "verdict", "lower"),
    [
        (0.2, 0.9, "better", 1.0),
        (1.1, 3, "worse", 0.0),
        (0.9, 1.1, "unknown", 0.0),
        (0.999, 1.001, "no-difference", 0.0),
        (0.995, 0.999, "no-difference", 1.0),
        (0.5, 1.0, "unknown", 0.0),
    ],
)
def test_a_verdict_stands_only_where_it_does_at_both_ends(
    make_case, measure, low, high, verdict, lower
):
    size = f"{{low: {low}, high: {high}, bounds_only: true}}"
    act = f"{{on: r, how: rate-ratio, value: {size}}}"
    text = ladder({}, s="value: 0")
    _, effects = told(make_case(text, "measures:\n" + measure("M1", act)))
    one = effects["M1"]
    assert (one.verdict, one.ratio) == (verdict, None)
    assert one.lower == lower


def test_the_share_of_the_points_that_agree_is_asked_of_the_worst_corner(make_case, measure):
    # with : without is k below 1 at 95 % of the points; half-way to 1 on the sea where s is high
    act = "{on: r, how: rate-ratio, value: {low: 0.25, mid: 0.5, high: 1}}"
    _, effects = told(make_case(ladder({"s": (0.5, 5)}), "measures:\n" + measure("M1", act)), 2**11)
    assert effects["M1"].verdict == "better"
    assert effects["M1"].lower == pytest.approx(0.95, abs=0.002)
    act = "{on: r, how: rate-ratio, value: {low: 0.25, mid: 0.5, high: 1, ci: 70}}"
    _, effects = told(make_case(ladder({"s": (0.5, 5)}), "measures:\n" + measure("M1", act)), 2**11)
    assert effects["M1"].verdict == "unknown"


def test_a_measure_without_a_stated_effect_stays_unknown_and_one_elsewhere_changes_nothing(
    make_case, measure
):
    text = ladder({"s": (0.5, 5)}) + "beliefs: [{id: other, title: x, without: [air]}]\n"
    act = "{on: r, how: rate-ratio, value: {value: 0.5}}"
    case = make_case(text, "measures:\n" + measure("M1") + measure("M2", act))
    results = assess_escalation(case, points=2**4)
    found = {(one.belief, one.measure): one for one in results.effects}
    assert found["base", "M1"].verdict == found["other", "M1"].verdict == "unknown"
    assert found["base", "M2"].verdict == "better"
    assert found["other", "M2"].verdict == "no-difference"
    assert {one.belief for one in results.bounds} == {"base", "other"}
    assert results.frequencies == ()


def test_what_was_impossible_and_becomes_possible_has_no_bounds_of_a_ratio(make_case, measure):
    act = "{on: t, how: replacement, value: {value: 0.5}}"
    text = ladder({"r": (1.0, 2.0)}, t="value: 0", s="value: 0")
    bounds, effects = told(make_case(text, "measures:\n" + measure("M1", act)))
    assert set(bounds) == {""}
    assert (bounds[""].low, bounds[""].high) == (0, 0)
    assert effects["M1"].verdict == "worse"


# --- limits ----------------------------------------------------------------------------------


def many(number: int) -> str:
    names = [f"p{i}" for i in range(number)]
    parameters = "".join(
        f"  - {{id: {name}, kind: probability, low: 0.1, high: 0.5, bounds_only: true}}\n"
        for name in names
    )
    rungs = ", ".join(f"{{event: x, p: {name}, otherwise: calm}}" for name in names)
    return f"""
levels: [calm, war]
headline: war
parameters:
  - {{id: r, kind: rate, value: 1}}
{parameters}ladders:
  - {{id: air, title: x, branch: accident, starts: r, ends: war, path: [{rungs}]}}
"""


def test_too_many_corners_give_one_clear_error(make_case):
    assert MOST_CORNERS == 2**10
    found = told(make_case(many(10)), points=2)[0][""]
    assert (found.low, found.high) == pytest.approx((0.1**10, 0.5**10))
    with pytest.raises(CaseError) as raised:
        assess_escalation(make_case(many(11)), points=2)
    [finding] = raised.value.findings
    assert (finding.file, finding.key) == ("ladder.yaml", "base")
    assert finding.problem == "refuses 11 numbers: too many to try all their corners."


def test_refused_sizes_count_among_the_corners(make_case, measure):
    acts = [f"{{on: p{i}, how: replacement, value: {{low: 0.1, high: 0.2, bounds_only: true}}}}"
            for i in range(3)]  # fmt: skip
    case = make_case(many(10), "measures:\n" + measure("M1", *acts))
    with pytest.raises(CaseError, match="too many"):
        assess_escalation(case, points=2)


def test_a_number_refused_of_a_worse_level_alone_leaves_the_headline_its_quantiles(
    make_case, measure
):
    text = """
levels: [calm, shots, war]
headline: shots
parameters:
  - {id: r, kind: rate, low: 1, high: 4}
  - {id: q, kind: probability, low: 0.2, high: 0.5, bounds_only: true}
ladders:
  - {id: one, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: q, otherwise: shots}]}
"""
    act = "{on: r, how: rate-ratio, value: {low: 0.2, high: 0.5}}"
    case = make_case(text, "measures:\n" + measure("M1", act))
    results = assess_escalation(case, points=2**11)
    headline_alone, ratio = results.bounds
    assert (headline_alone.low, headline_alone.high) == pytest.approx((1, 4), rel=0.01)
    assert (ratio.low, ratio.high) == pytest.approx((0.2, 0.5), rel=0.01)
    assert results.effects[0].verdict == "better"
    assert results.frequencies == ()  # of war none can be told


def test_few_of_the_common_points_are_used(make_case):
    text = ladder({"t": (0.1, 0.6)}, r="low: 1, high: 4")
    few, more = (told(make_case(text), points=points)[0][""] for points in (FEW_POINTS, 2**13))
    assert few == more


def test_bounds_hold_every_frequency_that_the_refused_intervals_allow(make_case):
    text = ladder({"t": (0.1, 0.6), "q": (0.05, 0.4)}, r="low: 1, high: 4")
    case = make_case(text)
    found = told(case, points=2**9)[0][""]
    made = prepared(case, points=2**9)
    rng = np.random.default_rng(3)
    for _ in range(20):
        v = made.sample.parameters(made.base)
        v = {
            **v,
            "t": np.full(2**9, rng.uniform(0.1, 0.6)),
            "q": np.full(2**9, rng.uniform(0.05, 0.4)),
        }
        f = total({one.id: headline(one, v) for one in made.at_headline["base"]})
        low, high = np.quantile(f, [0.05, 0.95], method="hazen")
        assert found.low <= low <= high <= found.high
