"""Exact frequencies of ladders: reference models, brute force over all events, closed forms."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.case import model
from detente.escalation.ladder import MOST_EVENTS, compile_ladder, frequencies
from detente.ground.errors import CaseError

# --- reference models of SCRAM ---------------------------------------------------------------

EVENT_TREES = Path("risk") / "scram-inputs" / "EventTrees"


def number(node: ET.Element, parameters: dict[str, ET.Element]) -> float:
    """The value of an Open-PSA expression of the kinds that the two models use."""
    if node.tag == "float":
        return float(node.attrib["value"])
    if node.tag == "parameter":
        return number(parameters[node.attrib["name"]], parameters)
    assert node.tag == "sub"
    first, second = (number(part, parameters) for part in node)
    return first - second


def probabilities(path: Path) -> dict[str, Any]:
    """Every parameter and every basic event of an Open-PSA file, as arrays of one."""
    tree = ET.parse(path)  # noqa: S314 - a reference file that stands beside the checkout
    parameters = {one.attrib["name"]: one[-1] for one in tree.iter("define-parameter")}
    events = {one.attrib["name"]: one[-1] for one in tree.iter("define-basic-event")}
    stated = {**parameters, **events}
    return {name: np.array([number(node, parameters)]) for name, node in stated.items()}


def solved(file: model.LadderFile, values: dict[str, Any]) -> dict[str, float]:
    ladder = file.ladders[0]
    compiled = compile_ladder(file, ladder, {level: i for i, level in enumerate(file.levels)})
    found = frequencies(compiled, {ladder.starts: np.ones(1), **values})
    return dict(zip(file.levels, found[:, 0].tolist(), strict=True))


@pytest.mark.conformance
def test_attack_has_the_published_probabilities(shared_data, here, ladder_file):
    file = ladder_file((here / "attack.yaml").read_text(encoding="utf-8"))
    found = solved(file, probabilities(shared_data / EVENT_TREES / "attack.xml"))
    assert found == pytest.approx({"through": 0.772, "stopped": 0.228}, abs=1e-12)


@pytest.mark.conformance
def test_gas_leak_has_the_published_probabilities(shared_data, here, ladder_file):
    file = ladder_file((here / "gas_leak.yaml").read_text(encoding="utf-8"))
    model_file = shared_data / EVENT_TREES / "gas_leak" / "gas_leak_reactive.xml"
    found = solved(file, probabilities(model_file))
    printed = {"S1": "0.81044", "S2": "0.04479", "S3": "0.04265", "S5": "0.04265", "S8": "0.05025"}
    assert {name: f"{found[name]:.5f}" for name in printed} == printed
    assert [f"{found[name]:.2e}" for name in ("S4", "S6", "S7")] == ["2.36e-03"] * 2 + ["4.50e-03"]
    assert sum(found.values()) == pytest.approx(1, rel=1e-14)


# --- brute force -----------------------------------------------------------------------------

PARAMETERS = ("p0", "p1", "p2", "p3")
LEVELS = ("calm", "shots", "war")
GATES = st.sampled_from(["any_of", "all_of", "none_of", "either_of", "of"])


@st.composite
def files(draw) -> model.LadderFile:
    """Small ladders whose rungs and gates share events."""
    names = [*PARAMETERS]
    events: list[dict[str, Any]] = []
    for i in range(draw(st.integers(0, 5))):
        event = {"id": f"e{i}"}
        if draw(st.booleans()):
            event["p"] = draw(st.sampled_from(PARAMETERS))
        else:
            gate = draw(GATES)
            most = 2 if gate == "either_of" else 4 if gate == "of" else 3
            least = 2 if gate == "either_of" else 1
            operands = draw(st.lists(st.sampled_from(names), min_size=least, max_size=most))
            event[gate] = operands
            if gate == "of":
                event["at_least"] = draw(st.integers(1, len(operands)))
        events.append(event)
        names.append(event["id"])

    def path(depth: int) -> dict[str, Any]:
        rungs = []
        for _ in range(draw(st.integers(0, 3 - depth))):
            aside = draw(st.sampled_from(LEVELS))
            deeper = depth < 2 and draw(st.booleans())
            rungs.append(
                {
                    "event": "x",
                    "p": draw(st.sampled_from(names)),
                    "otherwise": path(depth + 1) if deeper else aside,
                }
            )
        return {"path": rungs, "ends": draw(st.sampled_from(LEVELS))}

    head = {"id": "l", "title": "l", "branch": "accident", "starts": "rate"}
    return model.LadderFile.model_validate(
        {
            "format": "detente/ladder/1",
            "levels": LEVELS,
            "events": events,
            "ladders": [{**head, **path(0)}],
        }
    )


def chances(file: model.LadderFile) -> dict[str, str]:
    """Every independent event of a ladder and its parameter: named ones, and rungs by place."""
    stated = {event.id: event for event in file.events}
    found: dict[str, str] = {}

    def from_event(name: str) -> None:
        event = stated.get(name)
        if event is None or event.p:
            found[name] = name if event is None else event.p
        else:
            for operand in event.operands:
                from_event(operand)

    def from_path(branches: model.Branches, place: str) -> None:
        for i, rung in enumerate(branches.path):
            if rung.p in stated:
                from_event(rung.p)
            else:
                found[f"{place}/{i}"] = rung.p
            if isinstance(rung.otherwise, model.Branches):
                from_path(rung.otherwise, f"{place}/{i}")

    from_path(file.ladders[0], "")
    return found


def holds(file: model.LadderFile, name: str, world: dict[str, bool]) -> bool:
    event = next((event for event in file.events if event.id == name), None)
    if event is None or event.p:
        return world[name]
    happening = sum(holds(file, operand, world) for operand in event.operands)
    if event.all_of:
        return happening == len(event.all_of)
    if event.either_of:
        return happening == 1
    if event.of:
        return happening >= event.at_least
    return (happening > 0) == bool(event.any_of)


def arrives(file: model.LadderFile, branches: model.Branches, place: str, world) -> str:
    for i, rung in enumerate(branches.path):
        known = any(event.id == rung.p for event in file.events)
        here = f"{place}/{i}"
        if not (holds(file, rung.p, world) if known else world[here]):
            if isinstance(rung.otherwise, str):
                return rung.otherwise
            return arrives(file, rung.otherwise, here, world)
    return branches.ends


def brute_force(file: model.LadderFile, values: dict[str, Any]) -> dict[str, Any]:
    events = chances(file)
    found = {level: np.zeros(2) for level in LEVELS}
    for outcome in itertools.product([True, False], repeat=len(events)):
        world = dict(zip(events, outcome, strict=True))
        weight = values["rate"].copy()
        for name, happens in world.items():
            p = values[events[name]]
            weight *= p if happens else 1 - p
        found[arrives(file, file.ladders[0], "", world)] += weight
    return found


@given(files(), st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_frequencies_are_those_of_all_assignments_of_events(file, drawn):
    assume(len(chances(file)) <= 11)  # 2,048 assignments
    values = {"rate": np.array([0.5, 2.0])}
    values |= {name: np.array(drawn[2 * i : 2 * i + 2]) for i, name in enumerate(PARAMETERS)}
    compiled = compile_ladder(file, file.ladders[0], {name: i for i, name in enumerate(LEVELS)})
    found = frequencies(compiled, values)
    for level, row in zip(LEVELS, found, strict=True):
        assert np.allclose(row, brute_force(file, values)[level], rtol=1e-12, atol=1e-15)


@given(files())
def test_levels_told_apart_and_together_agree(file):
    values = {name: np.array([0.1 * (i + 1)]) for i, name in enumerate(("rate", *PARAMETERS))}
    apart = compile_ladder(file, file.ladders[0], {"shots": 0, "war": 1})
    together = compile_ladder(file, file.ladders[0], {"shots": 0, "war": 0})
    assert together.rests_on <= apart.rests_on <= apart.named == together.named
    assert len(together.nodes) <= len(apart.nodes)
    summed = frequencies(apart, values).sum(axis=0)
    assert np.allclose(frequencies(together, values)[0], summed, rtol=1e-12, atol=1e-15)


# --- closed forms ----------------------------------------------------------------------------

CHAIN = """
levels: [none, crisis, use]
headline: use
ladders:
  - id: chain
    title: A crisis that gets out of hand
    branch: deliberate
    starts: crises
    path:
      - {event: It becomes a crisis of the gravest kind, p: grave, otherwise: none}
      - {event: A weapon is used, p: used, otherwise: crisis}
      - {event: It does not stop there, p: full, otherwise: crisis}
    ends: use
"""


def test_a_chain_spans_the_interval_that_hellman_computed(ladder_file):
    # Hellman (2008): 0.06 a year x 1/3 x [0.1, 0.5] x [0.1, 0.5] = 2e-4 ... 5e-3.
    file = ladder_file(CHAIN)
    corners = np.array([[0.1, 0.1, 0.5, 0.5], [0.1, 0.5, 0.1, 0.5]])
    values = {"crises": np.full(1, 0.06), "grave": np.full(1, 1 / 3)}
    values |= {"used": corners[0], "full": corners[1]}
    compiled = compile_ladder(file, file.ladders[0], {"use": 0})
    assert frequencies(compiled, values)[0] == pytest.approx([2e-4, 1e-3, 1e-3, 5e-3], rel=1e-14)


def test_rare_ends_lose_no_digits(ladder_file):
    file = ladder_file(CHAIN)
    values = {name: np.array([1e-9]) for name in ("crises", "grave", "used", "full")}
    compiled = compile_ladder(file, file.ladders[0], {"use": 0})
    assert frequencies(compiled, values)[0, 0] == pytest.approx(1e-36, rel=1e-14)


def test_the_same_parameter_on_two_rungs_is_two_branches_and_an_event_is_one(ladder_file):
    text = """
levels: [calm, war]
headline: war
events: [{{id: misread, p: p}}]
ladders:
  - {{id: l, title: l, branch: accident, starts: rate, ends: war, path: [
      {{event: x, p: {name}, otherwise: calm}}, {{event: x, p: {name}, otherwise: calm}}]}}
"""
    values = {"rate": np.ones(1), "p": np.array([0.3])}
    found = {}
    for name in ("p", "misread"):
        file = ladder_file(text.format(name=name))
        found[name] = frequencies(compile_ladder(file, file.ladders[0], {"war": 0}), values)[0, 0]
    assert found == pytest.approx({"p": 0.09, "misread": 0.3})


def test_a_parameter_in_two_gates_is_one_event_apart_from_a_rung_that_names_it(ladder_file):
    file = ladder_file("""
levels: [calm, war]
headline: war
events: [{id: either, any_of: [p, q]}, {id: both, all_of: [p, q]}]
ladders:
  - {id: l, title: l, branch: accident, starts: rate, ends: war, path: [
      {event: x, p: either, otherwise: calm}, {event: x, p: both, otherwise: calm},
      {event: x, p: p, otherwise: calm}]}
""")
    values = {"rate": np.ones(1), "p": np.array([0.3]), "q": np.array([0.2])}
    found = frequencies(compile_ladder(file, file.ladders[0], {"war": 0}), values)
    assert found[0, 0] == pytest.approx(0.3 * 0.2 * 0.3)


def test_a_ladder_that_never_reaches_the_headline(ladder_file):
    file = ladder_file(CHAIN)
    compiled = compile_ladder(file, file.ladders[0], {})
    values = {name: np.full(3, 0.5) for name in ("crises", "grave", "used", "full")}
    assert frequencies(compiled, values).shape == (0, 3)
    assert compiled.nodes == ()


@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.integers(0, 3),
    st.floats(0, 1),
)
def test_more_of_anything_on_a_chain_is_never_fewer_wars(drawn, place, more):
    file = model.LadderFile.model_validate(
        {
            "format": "detente/ladder/1",
            "events": [{"id": "any", "any_of": ["b", "c"]}],
            "ladders": [
                {
                    "id": "l",
                    "title": "l",
                    "branch": "accident",
                    "starts": "rate",
                    "path": [
                        {"event": "x", "p": "a", "otherwise": "calm"},
                        {"event": "x", "p": "any", "otherwise": "calm"},
                    ],
                    "ends": "war",
                }
            ],
        }
    )
    names = ("rate", "a", "b", "c")
    values = {name: np.array([p]) for name, p in zip(names, drawn, strict=True)}
    raised = values | {names[place]: np.maximum(values[names[place]], more)}
    compiled = compile_ladder(file, file.ladders[0], {"war": 0})
    assert frequencies(compiled, raised)[0] >= frequencies(compiled, values)[0] * (1 - 1e-12)


# --- limits ----------------------------------------------------------------------------------


def entangled(width: int) -> str:
    """One gate of pairs whose order of text is the worst for a decision diagram."""
    firsts = [f"a{i}" for i in range(width)]
    pairs = [f"{{id: pair{i}, all_of: [a{i}, b{i}]}}" for i in range(width)]
    names = ", ".join(f"pair{i}" for i in range(width))
    return f"""
levels: [calm, war]
headline: war
events: [{", ".join(pairs)}, {{id: first, any_of: [{", ".join(firsts)}]}},
  {{id: gate, any_of: [{names}]}}]
ladders:
  - {{id: knot, title: l, branch: accident, starts: rate, ends: war, path: [
      {{event: x, p: first, otherwise: calm}}, {{event: x, p: gate, otherwise: calm}}]}}
"""


def test_a_ladder_too_entangled_is_the_authors_to_mend(ladder_file):
    file = ladder_file(entangled(16))
    with pytest.raises(CaseError, match=r"ladders\[0\].*knot.*decision nodes.*split"):
        compile_ladder(file, file.ladders[0], {"war": 0})


def test_many_repeated_events_are_no_hindrance_where_gates_are_simple(ladder_file):
    file = ladder_file(entangled(8))
    values = {"rate": np.ones(1)} | {f"{s}{i}": np.full(1, 0.5) for s in "ab" for i in range(8)}
    found = frequencies(compile_ladder(file, file.ladders[0], {"war": 0}), values)
    assert found[0, 0] == pytest.approx(1 - 0.75**8)


def test_a_ladder_with_too_many_events(ladder_file):
    rung = "{event: x, p: p, otherwise: calm}"
    rungs = ", ".join([rung] * (MOST_EVENTS + 1))
    file = ladder_file(f"""
levels: [calm, war]
ladders: [{{id: l, title: l, branch: accident, starts: rate, ends: war, path: [{rungs}]}}]
""")
    with pytest.raises(CaseError, match="more than 256 events"):
        compile_ladder(file, file.ladders[0], {"war": 0})
