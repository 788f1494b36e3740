"""Ladders made ready: calm and crisis, structures of beliefs, common points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.escalation.test_ladder import entangled

from detente.case import model
from detente.escalation.effects import headline, total
from detente.escalation.ladder import compile_ladder, frequencies
from detente.escalation.prepare import levels_that_count, prepared, refuses
from detente.escalation.uncertainty import Sample, dimensions, draw
from detente.ground.chance import sobol, stream
from detente.ground.errors import CaseError, UsageError

# --- calm and crisis -------------------------------------------------------------------------

# Rates and probabilities switch; they stand on rungs, in gates and on a path aside.
CRISIS = """
levels: [calm, shots, war]
headline: shots
parameters:
  - {id: c, kind: probability, low: 0.02, high: 0.2}
  - {id: flights, kind: rate, low: 2, high: 9}
  - {id: flights-crisis, kind: rate, low: 10, high: 50}
  - {id: voyages, kind: rate, low: 1, high: 3}
  - {id: fire, kind: probability, low: 0.01, high: 0.1}
  - {id: fire-crisis, kind: probability, low: 0.1, high: 0.4}
  - {id: misread, kind: probability, low: 0.05, high: 0.3}
  - {id: misread-crisis, kind: probability, low: 0.2, high: 0.6}
  - {id: late, kind: probability, low: 0.1, high: 0.5}
events:
  - {id: taken, any_of: [misread, late]}
  - {id: unclear, all_of: [taken, fire]}
ladders:
  - id: air
    title: x
    branch: accident
    starts: flights
    ends: war
    path:
      - {event: x, p: fire, otherwise: {ends: shots, path: [
          {event: x, p: misread, otherwise: calm}, {event: x, p: taken, otherwise: calm}]}}
      - {event: x, p: unclear, otherwise: shots}
  - {id: sea, title: x, branch: deliberate, starts: voyages, ends: war, path: [
      {event: x, p: late, otherwise: calm}]}
crisis:
  share: c
  instead: {flights: flights-crisis, fire: fire-crisis, misread: misread-crisis}
"""


def air(flights, fire, misread, late) -> Any:
    """The frequency of shots or worse, and of war, by hand; the rung `misread` is a branch."""
    taken = 1 - (1 - misread) * (1 - late)
    war = flights * fire * fire * taken  # the event `fire` of the gate is not the rung's
    aside = flights * (1 - fire) * misread * taken
    return flights * fire + aside, war


def test_a_crisis_mixes_the_two_states_by_their_time(make_case):
    made = prepared(make_case(CRISIS), points=2**8)
    v = made.sample.parameters(made.base)
    calm = air(v["flights"], v["fire"], v["misread"], v["late"])
    crisis = air(v["flights-crisis"], v["fire-crisis"], v["misread-crisis"], v["late"])
    structure = made.by_level["base"]
    assert [one.id for one in structure] == ["air", "air@crisis", "sea"]
    found = sum(frequencies(one, v) for one in structure if one.ladder == "air")
    shots, war = ((1 - v["c"]) * a + v["c"] * b for a, b in zip(calm, crisis, strict=True))
    assert np.allclose(found.sum(axis=0), shots, rtol=1e-12)
    assert np.allclose(found[1], war, rtol=1e-12)


def test_each_state_holds_its_own_share_alone(make_case):
    made = prepared(make_case(CRISIS), points=2**6)
    v = made.sample.parameters(made.base)
    calm, crisis, _ = made.at_headline["base"]
    by_hand = air(v["flights-crisis"], v["fire-crisis"], v["misread-crisis"], v["late"])[0]
    assert np.allclose(headline(crisis, v), v["c"] * by_hand, rtol=1e-12)
    by_hand = air(v["flights"], v["fire"], v["misread"], v["late"])[0]
    assert np.allclose(headline(calm, v), (1 - v["c"]) * by_hand, rtol=1e-12)
    assert "flights-crisis" not in calm.named
    assert {"flights", "fire", "misread"}.isdisjoint(crisis.named)
    assert {"flights", "flights-crisis", "c"} <= made.named


def test_a_ladder_that_rests_on_nothing_that_switches_has_one_state(make_case):
    made = prepared(make_case(CRISIS), points=2**4)
    sea = made.at_headline["base"][-1]
    assert (sea.id, sea.state) == ("sea", "at all times")
    assert sea.rests_on == {"voyages", "late"}


@pytest.mark.parametrize(("share", "state"), [(0, "calm"), (1, "crisis")])
def test_with_no_crisis_or_nothing_but_crisis_one_state_is_all(make_case, share, state):
    text = CRISIS.replace("low: 0.02, high: 0.2}", f"value: {share}}}")
    made = prepared(make_case(text), points=2**6)
    v = made.sample.parameters(made.base)
    ends = "-crisis" if state == "crisis" else ""
    by_hand = air(v["flights" + ends], v["fire" + ends], v["misread" + ends], v["late"])[0]
    found = [headline(one, v) for one in made.at_headline["base"][:2]]
    assert np.allclose(sum(found), by_hand, rtol=1e-12)


def test_without_a_crisis_of_the_case_nothing_has_two_states(make_case):
    made = prepared(make_case(CRISIS.partition("crisis:\n  share")[0]), points=2**4)
    assert [one.state for one in made.at_headline["base"]] == ["at all times"] * 2


# --- gates, against every assignment of events -----------------------------------------------


@given(
    st.sampled_from(["either_of", "at_least"]),
    st.integers(1, 5),
    st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_counting_gates_have_their_closed_forms(kind, least, drawn):
    names = [f"p{i}" for i in range(2 if kind == "either_of" else 5)]
    gate = {"either_of": names} if kind == "either_of" else {"at_least": least, "of": names}
    file = model.LadderFile.model_validate(
        {
            "format": "detente/ladder/1",
            "events": [{"id": "gate", **gate}],
            "ladders": [
                {
                    "id": "l",
                    "title": "l",
                    "branch": "accident",
                    "starts": "rate",
                    "path": [{"event": "x", "p": "gate", "otherwise": "calm"}],
                    "ends": "war",
                }
            ],
        }
    )
    p = dict(zip(names, drawn, strict=False))
    values = {name: np.array([one]) for name, one in p.items()} | {"rate": np.ones(1)}
    found = frequencies(compile_ladder(file, file.ladders[0], {"war": 0}), values)[0, 0]
    # how many happen: the product of the generating functions 1 - p + p x
    counts = np.array([1.0])
    for one in p.values():
        counts = np.convolve(counts, [1 - one, one])
    expected = counts[1] if kind == "either_of" else counts[least:].sum()
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-14)


# --- beliefs with structures of their own ----------------------------------------------------

RIVALS = """
levels: [calm, war]
headline: war
parameters:
  - {id: r, kind: rate, low: 1, high: 4}
  - {id: s, kind: rate, low: 0.1, high: 0.4}
  - {id: p, kind: probability, low: 0.1, high: 0.3}
  - {id: q, kind: probability, low: 0.2, high: 0.5}
events: [{id: gate, any_of: [p, q]}]
ladders:
  - {id: one, title: x, branch: accident, starts: r, ends: war, path: [
      {event: x, p: gate, otherwise: calm}]}
  - {id: two, title: x, branch: deliberate, starts: s, ends: war, path: [
      {event: x, p: p, otherwise: calm}]}
beliefs:
  - {id: strict, title: x, events: [{id: gate, all_of: [p, q]}]}
  - {id: new-gate, title: x, events: [{id: gate, any_of: [own, q]}, {id: own, all_of: [p, q]}]}
  - {id: replacing, title: x, ladders: [
      {id: two, title: x, branch: deliberate, starts: r, ends: war, path: [
        {event: x, p: q, otherwise: calm}]}]}
  - {id: adding, title: x, without: [one], ladders: [
      {id: three, title: x, branch: misread-signal, starts: s, ends: war, path: [
        {event: x, p: gate, otherwise: calm}]}]}
  - {id: numbers, title: x, numbers: [{id: p, kind: probability, low: 0.6, high: 0.9}]}
  - {id: nothing, title: x, without: [one, two]}
"""


def test_beliefs_have_the_structures_that_they_state(make_case):
    made = prepared(make_case(RIVALS), points=2**6)
    v = made.sample.parameters(made.base)
    r, s, p, q = (v[name] for name in "rspq")
    any_, all_ = p + q - p * q, p * q
    expected = {
        "base": [("one", r * any_), ("two", s * p)],
        "strict": [("one", r * all_), ("two", s * p)],
        "new-gate": [("one", r * q), ("two", s * p)],  # (p and q) or q is q
        "replacing": [("one", r * any_), ("two", r * q)],
        "adding": [("two", s * p), ("three", s * any_)],
        "nothing": [],
    }
    for belief, ladders in expected.items():
        structure = made.at_headline[belief]
        assert [one.id for one in structure] == [name for name, _ in ladders]
        for one, (_, by_hand) in zip(structure, ladders, strict=True):
            assert np.allclose(headline(one, v), by_hand, rtol=1e-12)
        assert next(one for one in made.held if one.id == belief).ladders == tuple(
            name for name, _ in ladders
        )


def test_a_belief_of_numbers_alone_shares_the_ladders_themselves(make_case):
    made = prepared(make_case(RIVALS), points=2**4)
    for own, base in zip(made.at_headline["numbers"], made.at_headline["base"], strict=True):
        assert own is base


def test_a_belief_that_holds_no_ladder_to_exist_expects_nothing(make_case):
    made = prepared(make_case(RIVALS), points=2**4)
    assert total({one.id: np.ones(4) for one in made.at_headline["nothing"]}).tolist() == [0.0]


# --- refusals --------------------------------------------------------------------------------


def refusing(number: str, ladder: str = RIVALS) -> str:
    own = f"  - {{id: refusing, title: x, numbers: [{number}]}}\n"
    return ladder + own


def test_a_refused_number_matters_only_where_a_ladder_rests_on_it(make_case):
    idle = RIVALS.replace("parameters:\n", "parameters:\n  - {id: idle, kind: rate, value: 3}\n")
    for ladder, number, tells in (
        (RIVALS, "{id: p, kind: probability, low: 0.1, high: 0.2, bounds_only: true}", False),
        (idle, "{id: idle, kind: rate, low: 0.1, high: 0.2, bounds_only: true}", True),
    ):
        made = prepared(make_case(refusing(number, ladder)), points=2**4)
        belief = made.held[-1]
        assert (belief in made.telling) == tells
        assert refuses(belief, made.at_headline[belief.id]) == (not tells)
        assert len(belief.refused) == 1


def test_a_number_that_matters_to_a_worse_level_alone_is_refused_all_the_same(make_case):
    # the headline does not rest on q, the frequency of war does
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
    made = prepared(make_case(text), points=2**4)
    assert made.telling == ()


def test_a_refused_act_counts_where_its_parameter_does(make_case, measure):
    act = "{on: %s, how: odds-ratio, value: {low: 0.1, high: 0.9, bounds_only: true}}"
    idle = RIVALS.replace(
        "parameters:\n", "parameters:\n  - {id: i, kind: probability, value: 0.5}\n"
    )
    for on, tells in (("p", False), ("i", True)):
        measures = "measures:\n" + measure("M1", act % on)
        made = prepared(make_case(idle, measures), points=2**4)
        assert (made.base in made.telling) == tells


# --- common points ---------------------------------------------------------------------------

TOGETHER = """correlations:
  - {between: [p, q], r: 0.8}
  - {between: [r, q], r: -0.5}
"""


def test_correlations_reach_the_sample_and_leave_every_distribution_alone(make_case):
    apart = prepared(make_case(RIVALS), points=2**12)
    made = prepared(make_case(RIVALS + TOGETHER), points=2**12)
    before, v = (one.sample.parameters(one.base) for one in (apart, made))
    for one, other, r in (("p", "q", 0.8), ("r", "q", -0.5), ("p", "r", 0.0), ("s", "q", 0.0)):
        # of a Gaussian copula: Spearman's rho = 6 / pi arcsin(r / 2)
        found = stats.spearmanr(v[one], v[other]).statistic
        assert found == pytest.approx(6 / np.pi * np.arcsin(r / 2), abs=0.02)
    for name in "rspq":
        ends = (5, 50, 95)
        assert np.percentile(v[name], ends) == pytest.approx(
            np.percentile(before[name], ends), rel=0.02
        )
    assert (v["s"] == before["s"]).all()


def test_correlations_hold_under_every_belief(make_case):
    made = prepared(make_case(RIVALS + TOGETHER), points=2**11)
    own = next(one for one in made.held if one.id == "numbers")
    v = made.sample.parameters(own)
    assert stats.spearmanr(v["p"], v["q"]).statistic == pytest.approx(
        6 / np.pi * np.arcsin(0.4), abs=0.02
    )


def test_without_correlations_the_points_are_those_of_sobol_and_nothing_else(make_case):
    made = prepared(make_case(RIVALS, seed=5), points=2**7)
    names = dimensions(made.held)
    unit = sobol(2**7, len(names), seed=stream(5, "escalation"))
    plain = Sample({name: stats.norm.ppf(row) for name, row in zip(names, unit.T, strict=True)})
    for number in made.base.parameters.values():
        assert np.allclose(made.sample.values(number), plain.values(number), rtol=1e-9)
        drawn = draw(names, 2**7, seed=5).values(number)
        assert drawn.tobytes() == made.sample.values(number).tobytes()


def test_same_seed_same_bytes_and_another_seed_others(make_case):
    case = RIVALS + TOGETHER
    one, again, other = (prepared(make_case(case, seed=s), points=2**6) for s in (3, 3, 4))
    for name, number in one.base.parameters.items():
        first = one.sample.values(number).tobytes()
        assert first == again.sample.values(again.base.parameters[name]).tobytes()
        assert first != other.sample.values(other.base.parameters[name]).tobytes()


# --- levels and limits -----------------------------------------------------------------------


def test_levels_from_the_headline_on(ladder_file):
    file = ladder_file("levels: [a, b, c]\nheadline: b\n")
    assert levels_that_count(file) == ("b", "c")
    assert levels_that_count(ladder_file("levels: [a, b]\n")) == ()


def test_ladders_without_a_headline_are_refused(make_case):
    with pytest.raises(UsageError, match="headline"):
        prepared(make_case(RIVALS.replace("headline: war\n", "")))


def test_a_belief_too_entangled_is_the_authors_to_mend(make_case):
    text = entangled(16).replace("p: gate", "p: a0")
    gates = entangled(16).split("events: ")[1].split("\nladders")[0]
    pairs = ", ".join(f"pair{i}" for i in range(16))
    parameters = "\n".join(
        f"  - {{id: {s}{i}, kind: probability, value: 0.5}}" for s in "ab" for i in range(16)
    )
    own = f"beliefs: [{{id: knotted, title: x, events: [{{id: last, any_of: [{pairs}]}}]}}]\n"
    text = text.replace("p: a0", "p: last").replace(gates, gates[:-1] + ", {id: last, p: a0}]")
    head = f"parameters:\n  - {{id: rate, kind: rate, value: 1}}\n{parameters}\n"
    with pytest.raises(CaseError, match=r"knot.*decision nodes.*split"):
        prepared(make_case(text + head + own), points=2**4)
