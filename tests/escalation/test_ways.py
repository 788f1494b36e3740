"""The ways to the headline: all subsets of events by brute force, and their frequencies."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import model
from detente.escalation.effects import headline, total
from detente.escalation.engine.ranked import ranked
from detente.escalation.ladder import compile_ladder, frequencies
from detente.escalation.prepare import prepared
from detente.escalation.ways import Ways, event_importance, ladder_cut_sets, medians

PARAMETERS = ("p0", "p1", "p2", "p3")
HEAD = {"id": "l", "title": "l", "branch": "accident", "starts": "rate"}


@st.composite
def files(draw, gates=("any_of", "all_of", "of")) -> model.LadderFile:
    """Ladders with gates that share events, and paths aside that end at a milder level."""
    names = [*PARAMETERS]
    events: list[dict[str, Any]] = []
    for i in range(draw(st.integers(0, 3))):
        event: dict[str, Any] = {"id": f"e{i}"}
        gate = draw(st.sampled_from(gates))
        operands = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        event[gate] = operands
        if gate == "of":
            event["at_least"] = draw(st.integers(1, len(operands)))
        events.append(event)
        names.append(event["id"])

    def path(depth: int, end: str) -> dict[str, Any]:
        rungs = []
        for _ in range(draw(st.integers(0, 3 - depth))):
            deeper = depth < 2 and draw(st.booleans())
            aside: Any = path(depth + 1, draw(st.sampled_from(["calm", "war"])))
            p = draw(st.sampled_from(names))
            rungs.append({"event": "x", "p": p, "otherwise": aside if deeper else "calm"})
        return {"path": rungs, "ends": end}

    return model.LadderFile.model_validate(
        {
            "format": "detente/ladder/1",
            "levels": ["calm", "war"],
            "events": events,
            "ladders": [{**HEAD, **path(0, "war")}],
        }
    )


def compiled(file) -> Any:
    return compile_ladder(file, file.ladders[0], {"war": 0})


def reaches(ladder, happening) -> bool:
    """Whether the diagram ends at the headline where these events happen and no others do."""
    place = ladder.root
    nodes = dict(ladder.nodes)
    while place >= 0:
        node = nodes[place]
        place = node.happens if node.event in happening else node.otherwise
    return place != -1


def subsets(ladder):
    events = range(len(ladder.events))
    return [frozenset(s) for n in range(len(events) + 1) for s in itertools.combinations(events, n)]


def brute_force(ladder) -> set[frozenset[int]]:
    """The smallest sets of events that suffice while no other happens."""
    sufficient = [one for one in subsets(ladder) if reaches(ladder, one)]
    return {one for one in sufficient if not any(other < one for other in sufficient)}


def rising(ladder) -> bool:
    found = {one: reaches(ladder, one) for one in subsets(ladder)}
    return all(
        found[one | {event}] for one in found if found[one] for event in range(len(ladder.events))
    )


@given(files(), st.lists(st.floats(0.01, 0.99), min_size=4, max_size=4))
def test_ways_are_the_smallest_sufficient_sets_of_events(file, drawn):
    ladder = compiled(file)
    if len(ladder.events) > 9:
        return
    found = ladder_cut_sets(ladder)
    sets = brute_force(ladder)
    values = {str(i): drawn[PARAMETERS.index(name)] for i, name in enumerate(ladder.events)}
    listed = ranked(found, values, most=10_000)
    assert {frozenset(int(event) for event in way.events) for way in listed} == sets
    assert len(listed) == len(sets) == found.number
    for order, count in enumerate(found.by_order):
        assert count == sum(len(one) == order for one in sets)
    assert found.coherent == rising(ladder)
    for way in listed:
        assert way.probability == pytest.approx(
            np.prod([values[event] for event in way.events]), rel=1e-12
        )
    assert [way.probability for way in listed] == sorted(
        (way.probability for way in listed), reverse=True
    )


@given(files(gates=("any_of", "none_of")))
def test_a_ladder_that_an_event_can_keep_from_the_headline_is_told_to_be_so(file):
    ladder = compiled(file)
    if len(ladder.events) > 9:
        return
    found = ladder_cut_sets(ladder)
    assert found.coherent == rising(ladder)
    # of the coherent hull, the smallest sets that suffice while no other event happens
    values = {str(i): 0.5 for i in range(len(ladder.events))}
    listed = ranked(found, values, most=10_000)
    assert {frozenset(map(int, way.events)) for way in listed} == brute_force(ladder)


# --- frequencies, shares, states -------------------------------------------------------------

LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, low: 1, high: 9}
  - {id: s, kind: rate, low: 0.1, high: 0.4}
  - {id: p, kind: probability, low: 0.1, high: 0.3, title: {en: Fire}}
  - {id: q, kind: probability, low: 0.01, high: 0.05}
  - {id: t, kind: probability, low: 0.2, high: 0.5}
events: [{id: gate, any_of: [p, q]}]
ladders:
  - {id: air, title: x, branch: accident, starts: r, ends: war, path: [
      {event: Shots, p: t, otherwise: calm}, {event: Taken, p: gate, otherwise: calm}]}
  - {id: sea, title: x, branch: deliberate, starts: s, ends: war}
"""
CRISIS = """
  - {id: p-crisis, kind: probability, low: 0.4, high: 0.8}
  - {id: c, kind: probability, low: 0.02, high: 0.1}
"""
TWO_STATES = LADDER.replace("events:", CRISIS.lstrip("\n") + "events:") + (
    "crisis: {share: c, instead: {p: p-crisis}}\n"
)


def ways_of(case, points=2**7, **more) -> Any:
    made = prepared(case, points=points)
    structure = made.at_headline["base"]
    v = made.sample.parameters(made.base)
    return Ways().ranked(made.base, structure, v, **more), v, structure, made


def quantiles(values) -> Any:
    return np.quantile(values, [0.05, 0.5, 0.95], method="hazen")


def test_a_way_is_as_frequent_as_its_rate_and_events_together(make_case):
    found, v, structure, _ = ways_of(make_case(LADDER))
    whole = v["r"] * v["t"] * (v["p"] + v["q"] - v["p"] * v["q"]) + v["s"]
    by_hand = {
        ("sea", ""): v["s"],
        ("air", "p"): v["r"] * v["t"] * v["p"],
        ("air", "q"): v["r"] * v["t"] * v["q"],
    }
    assert len(found) == 3
    for way, ((ladder, _), per_year) in zip(found, by_hand.items(), strict=True):
        assert (way.belief, way.ladder, way.in_crisis) == ("base", ladder, False)
        spread = [way.per_year.low, way.per_year.mid, way.per_year.high]
        assert spread == pytest.approx(quantiles(per_year).tolist(), rel=1e-9)
        assert way.share == pytest.approx(float(np.mean(per_year / whole)), rel=1e-9)
    assert [way.events for way in found] == [
        (),
        ({"": "Shots"}, {"en": "Fire"}),
        ({"": "Shots"}, {"": "q"}),
    ]
    assert 1 <= sum(way.share for way in found) < 1.2  # ways overlap
    assert total({one.id: headline(one, v) for one in structure}) == pytest.approx(whole)


def test_ways_are_counted_by_the_number_of_their_events(make_case):
    _, _, structure, _ = ways_of(make_case(LADDER))
    found = Ways().count("base", structure)
    assert (found.by_order, found.coherent) == ((1, 0, 2), True)
    assert Ways().count("base", ()).by_order == ()


def test_a_crisis_is_given_and_no_event_of_a_way(make_case):
    found, v, structure, _ = ways_of(make_case(TWO_STATES))
    assert [one.id for one in structure] == ["air", "air@crisis", "sea"]
    assert {(way.ladder, way.in_crisis) for way in found} == {
        ("air", False), ("air", True), ("sea", False),
    }  # fmt: skip
    assert Ways().count("base", structure).by_order == (1, 0, 4)
    for way in found:
        at, p = (v["c"], v["p-crisis"]) if way.in_crisis else (1 - v["c"], v["p"])
        last = {"Fire": p, "q": v["q"]}  # in a crisis another number, the same words
        words = next(iter(way.events[1].values())) if way.events else ""
        per_year = at * v["r"] * v["t"] * last[words] if words else v["s"]
        assert [way.per_year.low, way.per_year.mid] == pytest.approx(
            quantiles(per_year)[:2].tolist(), rel=1e-9
        )


def test_no_more_are_told_than_asked_for_and_the_largest_stand_first(make_case):
    found, *_ = ways_of(make_case(TWO_STATES), most=2)
    whole, *_ = ways_of(make_case(TWO_STATES))
    assert found == whole[:2]
    assert len(whole) == 5


def test_a_share_is_0_where_the_headline_cannot_happen(make_case):
    text = LADDER.replace("low: 1, high: 9", "value: 0").replace("low: 0.1, high: 0.4", "value: 0")
    found, *_ = ways_of(make_case(text))
    assert all(way.share == 0 and way.per_year.high == 0 for way in found)


def test_ways_of_a_belief_that_shares_a_ladder_are_found_once(make_case):
    text = LADDER + (
        "beliefs: [{id: other, title: x, numbers: [{id: q, kind: probability, value: 0.5}]}]\n"
    )
    made = prepared(make_case(text), points=2**4)
    ranking = Ways()
    for belief in made.held:
        v = made.sample.parameters(belief)
        ranking.ranked(belief, made.at_headline[belief.id], v)
    assert len(ranking._known) == 2


# --- importance ------------------------------------------------------------------------------


@given(files(), st.lists(st.floats(0.05, 0.95), min_size=4, max_size=4))
def test_importance_is_by_the_definitions_of_scram_and_finite_differences(file, drawn):
    ladder = compiled(file)
    values = {name: drawn[i] for i, name in enumerate(PARAMETERS)}
    found = event_importance(ladder, values)
    # every event as a parameter of its own: one can be moved without the others
    own = {f"event {i}": np.array([values[name]]) for i, name in enumerate(ladder.events)}
    apart = type(ladder)(ladder.id, "rate", tuple(own), ladder.root, ladder.nodes, 1, ladder.named)

    def at(name="", value=0.0) -> float:
        moved = own | ({name: np.array([value])} if name else {})
        return float(frequencies(apart, {"rate": np.ones(1), **moved})[0, 0])

    top = at()
    assert found.probability == pytest.approx(top, rel=1e-12, abs=1e-15)
    for place, name in enumerate(own):
        sure, never, p = at(name, 1.0), at(name, 0.0), float(own[name][0])
        birnbaum = found.factors.birnbaum[place]
        assert birnbaum == pytest.approx(sure - never, rel=1e-9, abs=1e-12)
        step = 1e-4
        slope = (at(name, p + step) - at(name, p - step)) / (2 * step)
        assert birnbaum == pytest.approx(slope, rel=1e-6, abs=1e-9)
        if top == 0:
            continue
        # SCRAM: CIF = p MIF / P, DIF = p RAW, RAW = P(given) / P, RRW = P / P(given not)
        assert found.factors.critical[place] == pytest.approx(p * birnbaum / top, abs=1e-12)
        assert found.factors.achievement[place] == pytest.approx(sure / top, rel=1e-9)
        assert found.factors.diagnostic[place] == pytest.approx(p * sure / top, rel=1e-9)
        if never > 1e-9 * top:
            assert found.factors.reduction[place] == pytest.approx(top / never, rel=1e-6)


def test_importance_of_a_state_stands_given_the_state(make_case):
    made = prepared(make_case(TWO_STATES), points=2**3)
    calm, crisis, sea = made.at_headline["base"]
    v = medians(made.base)
    for ladder, p in ((calm, v["p"]), (crisis, v["p-crisis"])):
        found = event_importance(ladder, v)
        gate = p + v["q"] - p * v["q"]
        assert found.probability == pytest.approx(v["t"] * gate, rel=1e-12)
        assert found.parameters[0] == "t"
        assert "c" not in found.parameters
        assert found.factors.birnbaum[0] == pytest.approx(gate, rel=1e-12)
        assert found.factors.critical[0] == pytest.approx(1.0, rel=1e-12)
    assert event_importance(sea, v).probability == 1.0
