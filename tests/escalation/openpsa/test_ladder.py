"""Ladders that are exported have the frequencies that they have at home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from detente.case import model as case_model
from detente.case.read import read_case
from detente.escalation.ladder import compile_ladder, compile_states, frequencies
from detente.escalation.openpsa import two_piece
from detente.escalation.openpsa.evaluate import Numbers, deviates, sample, sampled, values
from detente.escalation.openpsa.ladder import ladder_to_openpsa, taken_from_elsewhere
from detente.escalation.openpsa.model import MefModel, Parameter
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.read import read_openpsa
from detente.escalation.openpsa.trees import probabilities, sequences
from detente.escalation.openpsa.write import write_openpsa
from detente.escalation.uncertainty import beliefs
from detente.ground.chance import Floats, TwoPiece, sobol
from detente.ground.errors import UsageError

LADDER = """
levels: [calm, clash, war]
headline: clash
parameters:
  - {id: starts.1, kind: rate, low: 1, high: 9}
  - {id: rate2, kind: rate, low: 1, mid: 2, high: 9, note: skewed}
  - {id: p1, kind: probability, low: 0.1, high: 0.4, title: {en: One, ru: Один}}
  - {id: p2, kind: probability, low: 0.1, mid: 0.3, high: 0.4}
  - {id: p3, kind: probability, value: 0.25}
events:
  - {id: e1, p: p1}
  - {id: any, any_of: [e1, p2]}
  - {id: all, all_of: [any, p3]}
  - {id: none, none_of: [e1, p3]}
ladders:
  - id: one
    title: A ladder
    branch: accident
    starts: starts.1
    path:
      - event: first
        p: any
        otherwise:
          path: [{event: aside, p: none, otherwise: calm}]
          ends: clash
      - {event: second, p: p3, otherwise: calm}
      - {event: third, p: p3, otherwise: clash}
      - {event: fourth, p: all, otherwise: clash}
    ends: war
  - {id: two, title: T, branch: deliberate, starts: rate2, path: [], ends: war}
beliefs:
  - {id: rival, title: Another, numbers: [{id: p1, kind: probability, value: 0.5}]}
"""


def _exported_frequencies(
    model: MefModel,
    numbers: Numbers,
    events: Mapping[str, Any],
    name: str,
    probability: Callable[..., Any],
) -> dict[str, Any]:
    """Frequencies of a ladder's levels by the model alone."""
    shares = probabilities(
        sequences(model, name),
        numbers,
        lambda circuit, gate: probability(circuit, gate, events),
    )
    (start,) = (one for one in model.initiating_events if one.name == name)
    rate = numbers.of(start.frequency)
    return {key.removeprefix(f"{name}_"): share * rate for key, share in shares.items()}


def _own_frequencies(
    file: case_model.LadderFile, ladder: case_model.Ladder, numbers: Mapping[str, Floats]
) -> dict[str, Floats]:
    ends = {level: place for place, level in enumerate(file.levels)}
    found = frequencies(compile_ladder(file, ladder, ends), numbers)
    return {level: found[place] for level, place in ends.items()}


def test_the_frequencies_at_the_point_are_the_ladders_own(make_case, probability):
    case = make_case(LADDER)
    model = ladder_to_openpsa(case.ladder).model
    (base, _) = beliefs(case)
    own = {name: np.asarray(one.spread.mid) for name, one in base.parameters.items()}
    numbers, events = Numbers(names_of(model), 1.0), values(model)
    for ladder in case.ladder.ladders:
        expected = _own_frequencies(case.ladder, ladder, own)
        found = _exported_frequencies(model, numbers, events, ladder.id, probability)
        assert found == pytest.approx({level: expected[level] for level in found}, rel=1e-12)
        assert sum(found.values()) == pytest.approx(sum(expected.values()))


def test_the_sampled_frequencies_are_the_ladders_own(make_case, probability):
    case = make_case(LADDER)
    exported = read_openpsa({"m": write_openpsa(ladder_to_openpsa(case.ladder).model)})
    uncertain = [name.removeprefix("parameter ").removesuffix("_z") for name in deviates(exported)]
    assert uncertain == ["starts_1", "rate2", "p1", "p2"]
    units = sobol(128, 4, seed=5)
    (base, _) = beliefs(case)
    columns = dict(zip(["starts.1", "rate2", "p1", "p2"], units.T, strict=True))
    own = {
        name: one.spread.quantile(columns.get(name, units[:, 0]))
        for name, one in base.parameters.items()
    }
    found = _exported_frequencies(
        exported, sampled(exported, units), sample(exported, units), "one", probability
    )
    expected = _own_frequencies(case.ladder, case.ladder.ladders[0], own)
    for level, frequency in found.items():
        np.testing.assert_allclose(frequency, expected[level], rtol=1e-10)


def _total_frequencies(model, numbers, events, file, ladder, probability):
    """Frequencies of the levels of a ladder, of both states together where it has two."""
    found = dict.fromkeys(file.levels, 0.0)
    names = [one.name for one in model.initiating_events]
    for name in (ladder.id, f"{ladder.id}_crisis"):
        if name in names:
            own = _exported_frequencies(model, numbers, events, name, probability)
            found = {level: value + own.get(level, 0.0) for level, value in found.items()}
    return found


def _own_total(file, ladder, numbers):
    ends = {level: place for place, level in enumerate(file.levels)}
    states = compile_states(file, ladder, ends)
    return {
        level: sum(frequencies(one, numbers)[place] for one in states)
        for level, place in ends.items()
    }


def test_the_real_ladders_are_the_same_in_the_format(root, probability):
    case = read_case(root / "cases" / "euro-atlantic")
    exported = ladder_to_openpsa(case.ladder, measures=case.measures)
    data = write_openpsa(exported.model)
    model = read_openpsa({"ladder.xml": data})
    assert model == exported.model
    assert not model.notes
    base = beliefs(case)[0]
    own = {name: np.asarray(one.spread.mid) for name, one in base.parameters.items()}
    numbers, events = Numbers(names_of(model), 1.0), values(model)
    for ladder in case.ladder.ladders:
        expected = _own_total(case.ladder, ladder, own)
        found = _total_frequencies(model, numbers, events, case.ladder, ladder, probability)
        assert found == pytest.approx(expected, rel=1e-12)


GATES = """
levels: [calm, clash, war]
headline: clash
parameters:
  - {id: starts, kind: rate, low: 1, high: 9}
  - {id: starts-often, kind: rate, low: 5, high: 20}
  - {id: share, kind: probability, low: 0.01, high: 0.1}
  - {id: p1, kind: probability, low: 0.1, high: 0.4}
  - {id: p1.x, kind: probability, low: 0.3, high: 0.8}
  - {id: p2, kind: probability, low: 0.1, mid: 0.3, high: 0.4}
  - {id: p3, kind: probability, value: 0.25}
  - {id: p4, kind: probability, value: 0.35}
  - {id: p9, kind: rate, value: 3}
events:
  - {id: one_1, p: p4}
  - {id: e1, p: p1}
  - {id: xor, either_of: [e1, p2]}
  - {id: most, at_least: 2, of: [xor, p3, one_1]}
  - {id: any, any_of: [e1, p3]}
ladders:
  - id: one
    title: A ladder
    branch: accident
    starts: starts
    path:
      - {event: first, p: most, otherwise: {path: [{event: aside, p: p1, otherwise: calm}],
         ends: clash}}
      - {event: second, p: one_1, otherwise: calm}
      - {event: third, p: any, otherwise: clash}
    ends: war
  - {id: two, title: T, branch: deliberate, starts: starts, path: [{event: E, p: p3,
     otherwise: calm}], ends: war}
  - {id: three, title: T, branch: deliberate, starts: p9, path: [{event: E, p: p3,
     otherwise: calm}], ends: war}
"""
CRISIS = """
crisis: {share: share, instead: {p1: p1.x, starts: starts-often}}
"""


@pytest.mark.parametrize(
    "crisis",
    [
        "",
        CRISIS,
        "crisis: {share: share, instead: {p1: p1.x}}",
        "crisis: {share: share, instead: {p4: p1.x}}",
    ],
)
def test_new_gates_and_crises_keep_the_frequencies(make_case, probability, crisis):
    file = make_case(GATES + crisis).ladder
    exported = ladder_to_openpsa(file)
    model = read_openpsa({"m": write_openpsa(exported.model)})
    assert model == exported.model
    own = {one.id: fit_of(one) for one in file.parameters}
    numbers, events = Numbers(names_of(model), 1.0), values(model)
    for ladder in file.ladders:
        expected = _own_total(file, ladder, own)
        found = _total_frequencies(model, numbers, events, file, ladder, probability)
        assert found == pytest.approx(expected, rel=1e-12)


def fit_of(number):
    scale = {"rate": "log", "probability": "logit"}[number.kind]
    return np.asarray(number.estimate(scale, None).mid)


def test_each_state_is_a_tree_with_its_own_rate(make_case):
    file = make_case(GATES + CRISIS).ladder
    model = ladder_to_openpsa(file).model
    starts = {one.name: one.frequency.name for one in model.initiating_events}
    assert starts == {
        "one": "starts",
        "one_crisis": "starts-often",
        "two": "starts",
        "two_crisis": "starts-often",
        "three": "p9",
    }
    states = {one.name: dict(a[:2] for a in one.attributes) for one in model.initiating_events}
    assert [state.get("state") for state in states.values()] == [
        "calm", "crisis", "calm", "crisis", None,
    ]  # fmt: skip
    first = {tree.name: tree.initial.instructions[:1] for tree in model.event_trees}
    assert first["one"][0].formula.op == "not"
    assert first["one_crisis"][0].formula.name == "share_now"
    assert first["three"] == ()


def test_new_gates_are_those_of_the_format(make_case):
    model = ladder_to_openpsa(make_case(GATES).ladder).model
    (events,) = model.fault_trees
    formulas = {one.name: one.formula for one in events.definitions if hasattr(one, "formula")}
    assert formulas["xor"].op == "xor"
    assert (formulas["most"].op, formulas["most"].least) == ("atleast", 2)


def test_an_event_may_be_called_like_a_rung(make_case):
    exported = ladder_to_openpsa(make_case(GATES).ladder)
    (events,) = exported.model.fault_trees
    names = [one.name for one in events.definitions]
    assert {"one_1_", "one_2"} <= set(names)
    assert "`one_1` is called `one_1_`, as the format needs it." in exported.lost


def test_what_comes_from_elsewhere_must_be_put_in_place_before(make_case):
    text = LADDER.replace("kind: rate, low: 1, high: 9}", "kind: rate, counted: {counts: [c1]}}")
    file = make_case(text).ladder
    assert "starts.1" in taken_from_elsewhere(file)[0]
    with pytest.raises(UsageError, match=r"counts or answers: starts\.1"):
        ladder_to_openpsa(file)
    assert taken_from_elsewhere(make_case(LADDER).ladder) == ()


def test_all_that_has_no_place_is_told(make_case):
    more = """
correlations: [{between: [p1, p2], r: 0.5}]
quiet: [{id: q, level: war, years: 30, title: No war}]
"""
    text = LADDER.replace(
        "numbers: [{id: p1, kind: probability, value: 0.5}]",
        "numbers: [{id: p1, kind: probability, value: 0.5}], events: [{id: e1, p: own}]",
    ).replace(
        "  - {id: p3, kind: probability, value: 0.25}",
        "  - {id: p3, kind: probability, low: 0.1, high: 0.2, bounds_only: true}\n"
        "  - {id: own, kind: probability, value: 0.1}",
    )
    exported = ladder_to_openpsa(make_case(text + more).ladder)
    told = "\n".join(exported.lost)
    for words in ("Correlations", "Years in which", "of their own (rival)", "Of p3 bounds alone"):
        assert words in told
    assert "own" not in {one.name for one in exported.model.data}


def test_what_the_format_cannot_hold_is_told(make_case, measure):
    acts = "{on: p1, how: odds-ratio, value: {low: 0.3, high: 0.9}}"
    case = make_case(LADDER, "measures:\n" + measure("m.1", acts))
    exported = ladder_to_openpsa(case.ladder, measures=case.measures)
    told = "\n".join(exported.lost)
    for words in ("Beliefs (rival)", "Acts of measures", "`starts.1` is called `starts_1`"):
        assert words in told
    attributes = {
        (one.name, name): value for one in exported.model.data for name, value, _ in one.attributes
    }
    assert attributes["p1", "belief_rival"] == "0.5"
    assert attributes["p1", "measure_m_1"] == "odds-ratio low 0.3 high 0.9 ci 90"
    assert attributes["p1", "label_ru"] == "Один"
    assert attributes["p1", "source"] == "a test"
    assert attributes["rate2", "note"] == "skewed"
    assert not ladder_to_openpsa(make_case("levels: [calm]").ladder).lost


def test_rates_may_stand_in_attributes(make_case):
    model = ladder_to_openpsa(make_case(LADDER).ladder, rates="attributes").model
    (first, _) = model.initiating_events
    assert first.frequency is None
    assert ("frequency", "starts_1", "") in first.attributes


def test_ids_that_become_alike_stay_apart(make_case):
    text = "parameters:\n" + "".join(
        f"  - {{id: {name}, kind: probability, value: 0.5}}\n"
        for name in ("a.b", "a_b", "1a", "a--b")
    )
    model = ladder_to_openpsa(make_case(text).ladder).model
    names = [one.name for one in model.data]
    assert len(set(names)) == 4
    assert read_openpsa({"m": write_openpsa(model)}) == model
    assert all(name[0].isalpha() and "." not in name and "--" not in name for name in names)


def test_single_deviates_are_lognormal_or_histograms(make_case):
    exported = ladder_to_openpsa(make_case(LADDER).ladder, form="deviates")
    kinds = {one.name: one.expression.op for one in exported.model.data}
    expected = ["lognormal-deviate", "histogram", "histogram", "histogram", "float"]
    assert list(kinds.values()) == expected
    assert sum("histogram of its quantiles" in one for one in exported.lost) == 3
    assert read_openpsa({"m": write_openpsa(exported.model)}) == exported.model


@pytest.mark.parametrize(
    ("spread", "tolerance"),
    [
        (TwoPiece("log", 3.0, 0.7, 0.7), 1e-12),  # lognormal
        (TwoPiece("log", 3.0, 0.7, 0.2), 5e-3),
        (TwoPiece("logit", 0.01, 1.2, 1.2), 5e-3),
        (TwoPiece("logit", 0.3, 0.4, 1.5), 5e-3),
    ],
)
@pytest.mark.parametrize("form", ["exact", "deviates"])
def test_an_uncertain_number_keeps_its_quantiles(read, spread, tolerance, form):
    besides, expression = two_piece.uncertain("p", spread, form)
    whole = Parameter(name="p", expression=expression)
    model = MefModel(data=(*besides, whole))
    units = np.array([[0.001], [0.05], [0.3], [0.5], [0.7], [0.95], [0.999]])
    found = sampled(model, units).of(expression)
    limit = 1e-12 if form == "exact" else tolerance
    np.testing.assert_allclose(found, spread.quantile(units[:, 0]), rtol=limit)
    if form == "exact":
        point = Numbers(names_of(model), 1.0).of(expression)
        assert point == pytest.approx(spread.mid, rel=1e-12)
