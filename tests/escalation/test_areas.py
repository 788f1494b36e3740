"""Areas of recommendations as packages of their measures, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.escalation.areas import AreaPackages, area_interactions, areas_of
from detente.escalation.assess import areas_told
from detente.escalation.prepare import prepared

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, low: 1, high: 4}
  - {id: s, kind: rate, low: 0.2, high: 0.9}
  - {id: p, kind: probability, low: 0.1, high: 0.4}
  - {id: idle, kind: probability, low: 0.1, high: 0.4}
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war}
beliefs:
  - {id: sea-alone, title: x, without: [air]}
"""


def measure(name, area, act="", **more) -> str:
    links = "".join(f", {key}: [{', '.join(names)}]" for key, names in more.items())
    acts = f", acts: [{act}]" if act else ""
    return (
        f"  - {{id: {name}, area: {area}, title: x, seen: unverified, unilateral: false, "
        f"verifiability: none{acts}{links}}}\n"
    )


def rate(on, low, high) -> str:
    return f"{{on: {on}, how: rate-ratio, value: {{low: {low}, high: {high}}}}}"


MEASURES = "measures:\n" + "".join(
    (
        measure("A", 1, rate("r", 0.3, 0.9)),
        measure("B", 1, rate("r", 0.5, 0.8)),
        measure("C", 2, rate("s", 0.4, 0.7)),
        measure("D", 2, "{on: p, how: odds-ratio, value: {low: 0.2, high: 0.9}}"),
        measure("E", 3),
        measure("F", 4, "{on: idle, how: odds-ratio, value: {low: 0.2, high: 0.9}}"),
        measure("G", 5, rate("s", 1.1, 2)),
    )
)


def ends(values) -> list[float]:
    return np.quantile(values, [0.05, 0.5, 0.95], method="hazen").tolist()


def numbers(made) -> Any:
    v = made.sample.parameters(made.base)
    sizes = {name: made.sample.values(acts[0].size) for name, acts in made.base.changes.items()}
    odds = v["p"] * sizes["D"]
    return v["r"], v["s"], v["p"], odds / (1 - v["p"] + odds), sizes


def test_an_area_is_all_its_measures_together(make_case):
    made = prepared(make_case(LADDER, MEASURES), points=2**7)
    r, s, p, after, k = numbers(made)
    before = r * p + s
    by_hand = {
        1: (k["A"] * k["B"] * r * p + s) / before,
        2: (r * after + k["C"] * s) / before,
        5: (r * p + k["G"] * s) / before,
    }
    found, _ = areas_told(made)
    effects = {one.area: one for one in found if one.belief == "base"}
    assert list(effects) == [1, 2, 3, 4, 5]
    for area, ratios in by_hand.items():
        one = effects[area]
        assert [one.ratio.low, one.ratio.mid, one.ratio.high] == pytest.approx(ends(ratios))
        assert one.lower == pytest.approx(np.mean(ratios < 1))
    assert [effects[area].verdict for area in (1, 2, 5)] == ["better", "better", "worse"]
    assert effects[1].measures == ("A", "B")
    for area in (3, 4):  # none stated, and none on what a ladder names
        one = effects[area]
        assert (one.measures, one.ratio, one.verdict) == ((), None, "unknown")


def test_measures_of_an_area_that_do_the_same_work_do_not_add_up(make_case):
    text = MEASURES.replace(measure("A", 1, rate("r", 0.3, 0.9)),
                            measure("A", 1, rate("r", 0.3, 0.9), saturates_with=["B"]))  # fmt: skip
    made = prepared(make_case(LADDER, text), points=2**7)
    r, s, p, _, k = numbers(made)
    # the stronger of each direction: a few sizes are above 1
    strongest = np.minimum.reduce([k["A"], k["B"], np.ones(2**7)]) * np.maximum.reduce(
        [k["A"], k["B"], np.ones(2**7)]
    )
    ratios = (strongest * r * p + s) / (r * p + s)
    one = areas_told(made)[0][0]
    assert [one.ratio.low, one.ratio.mid, one.ratio.high] == pytest.approx(ends(ratios))


def test_an_area_under_a_belief_without_a_ladder_changes_nothing_there(make_case):
    found, _ = areas_told(prepared(make_case(LADDER, MEASURES), points=2**6))
    own = {one.area: one for one in found if one.belief == "sea-alone"}
    assert (own[1].verdict, own[1].ratio.mid) == ("no-difference", 1.0)
    assert own[2].verdict == "better"


def test_an_area_stands_where_its_measures_can_be_taken_together(make_case):
    for more, stands in (({}, True), ({"excludes": ["B"]}, False), ({"needs": ["C"]}, False),
                         ({"needs": ["B"]}, True)):  # fmt: skip
        text = MEASURES.replace(measure("A", 1, rate("r", 0.3, 0.9)),
                                measure("A", 1, rate("r", 0.3, 0.9), **more))  # fmt: skip
        found, _ = areas_told(prepared(make_case(LADDER, text), points=2**4))
        assert found[0].stands is stands


def test_areas_interact_as_shapley_says_over_all_their_packages(make_case):
    made = prepared(make_case(LADDER, MEASURES), points=2**7)
    r, s, p, after, k = numbers(made)

    def worth(one: bool, two: bool, five: bool) -> Any:
        air = (k["A"] * k["B"] if one else 1) * r * (after if two else p)
        sea = s * (k["C"] if two else 1) * (k["G"] if five else 1)
        return -np.log((air + sea) / (r * p + s))

    # I(T) of a pair of three: the mean of what they add together without and with the third
    pairs = {
        (1, 2): [worth(True, True, x) - worth(True, False, x) - worth(False, True, x)
                 + worth(False, False, x) for x in (False, True)],
        (1, 5): [worth(True, x, True) - worth(True, x, False) - worth(False, x, True)
                 + worth(False, x, False) for x in (False, True)],
        (2, 5): [worth(x, True, True) - worth(x, True, False) - worth(x, False, True)
                 + worth(x, False, False) for x in (False, True)],
    }  # fmt: skip
    found = areas_told(made)[1]
    assert [one.areas for one in found] == list(pairs)
    for one in found:
        expected = np.mean(pairs[one.areas], axis=0)
        assert one.mean == pytest.approx(float(expected.mean()), abs=1e-12)
        spread = [one.spread.low, one.spread.mid, one.spread.high]
        assert spread == pytest.approx(ends(expected), abs=1e-12)


def test_acts_on_one_path_do_not_interact_in_logarithms(make_case):
    text = LADDER.replace("low: 0.2, high: 0.9", "value: 0")
    text = text.replace("beliefs:\n  - {id: sea-alone, title: x, without: [air]}\n", "")
    measures = (
        "measures:\n" + measure("A", 1, rate("r", 0.3, 0.9)) + measure("B", 2, rate("r", 0.4, 0.9))
    )
    made = prepared(make_case(text, measures), points=2**5)
    [one] = areas_told(made)[1]
    assert one.mean == pytest.approx(0, abs=1e-12)


def test_nothing_is_told_of_interactions_where_logarithms_fail(make_case):
    text = LADDER.replace("low: 0.2, high: 0.9", "value: 0").replace("low: 1, high: 4", "value: 0")
    made = prepared(make_case(text, MEASURES), points=2**4)
    found, interactions = areas_told(made)
    assert interactions == ()
    assert all(one.verdict in ("no-difference", "unknown") for one in found)
    packages = AreaPackages(made.base, made.case.measures, made.at_headline["base"], made.sample)
    assert area_interactions(packages, {1: frozenset({"A"})}) == ()


def test_measures_stand_in_their_area_in_order_of_areas(make_case):
    made = prepared(make_case(LADDER, MEASURES), points=2**2)
    found = areas_of(made.base, made.case.measures[::-1], made.named)
    assert list(found) == [1, 2, 3, 4, 5]
    assert found[2] == {"C", "D"}
    assert found[4] == frozenset()
