"""Names mean what stands nearest; private ones are known by their path alone."""

from __future__ import annotations

import itertools

import pytest

from detente.escalation.openpsa.evaluate import values
from detente.escalation.openpsa.gates import circuit_of
from detente.escalation.openpsa.names import names_of
from detente.ground.errors import CaseError

NESTED = """
<define-fault-tree name="T">
  <define-gate name="top"><or>
    <event name="x"/><event name="In.x"/><event name="In.Deep.y"/></or></define-gate>
  <define-basic-event name="x"><float value="0.1"/></define-basic-event>
  <define-component name="In" role="private">
    <define-gate name="g"><or><event name="x"/><event name="y"/></or></define-gate>
    <define-basic-event name="x"><float value="0.2"/></define-basic-event>
    <define-component name="Deep">
      <define-gate name="h"><and>
        <event name="x"/><event name="y"/><event name="z"/></and></define-gate>
      <define-basic-event name="y"><parameter name="p"/></define-basic-event>
      <define-parameter name="p"><float value="0.25"/></define-parameter>
      <define-basic-event name="z" role="public"><parameter name="p"/></define-basic-event>
    </define-component>
  </define-component>
  <define-parameter name="p"><float value="0.5"/></define-parameter>
</define-fault-tree>
<define-fault-tree name="U">
  <define-gate name="u"><and>
    <event name="T.In.x"/><event name="x"/><event name="z"/></and></define-gate>
</define-fault-tree>
"""


def test_names_are_looked_up_outwards_and_then_everywhere(read):
    inside = NESTED.replace('<event name="y"/></or></define-gate>\n', "</or></define-gate>\n")
    circuit = circuit_of(read(inside))
    assert circuit.gates["top"].inputs == ("x", "T.In.x", "T.In.Deep.y")
    assert circuit.gates["T.In.g"].inputs == ("T.In.x",)
    assert circuit.gates["T.In.Deep.h"].inputs == ("T.In.x", "T.In.Deep.y", "z")
    assert circuit.gates["u"].inputs == ("T.In.x", "x", "z")
    expected = {"x": 0.1, "T.In.x": 0.2, "T.In.Deep.y": 0.25, "z": 0.25}
    assert values(read(inside)) == expected


def test_a_name_inside_a_component_is_not_known_outside_of_it(read):
    with pytest.raises(CaseError) as caught:
        read(NESTED)
    (error,) = (one for one in caught.value.findings if one.level == "error")
    assert (error.line, error.key) == (8, "y")
    assert "T.In.Deep.y" in error.mend


def test_roles_come_from_the_nearest_container_that_has_one(read):
    inside = NESTED.replace('<event name="y"/></or></define-gate>\n', "</or></define-gate>\n")
    events = names_of(read(inside)).events
    roles = {name: one.role for name, one in events.items()}
    assert [name for name, role in roles.items() if role == "public"] == ["top", "x", "z", "u"]
    assert events["z"].path == "T.In.Deep.z"


CONNECTIVES = {
    "<and>{}{}{}</and>": all,
    "<or>{}{}{}</or>": any,
    "<nand>{}{}{}</nand>": lambda v: not all(v),
    "<nor>{}{}{}</nor>": lambda v: not any(v),
    "<xor>{}{}{}</xor>": lambda v: v[0] ^ v[1] ^ v[2],
    "<xor>{}{}</xor>": lambda v: v[0] ^ v[1],
    "<iff>{}{}</iff>": lambda v: v[0] == v[1],
    "<iff>{}{}{}</iff>": lambda v: (v[0] == v[1]) == v[2],
    "<imply>{}{}</imply>": lambda v: not v[0] or v[1],
    "<imply>{}<not>{}</not></imply>": lambda v: not v[0] or not v[1],
    '<atleast min="2">{}{}{}</atleast>': lambda v: sum(v) >= 2,
    '<atleast min="0">{}{}{}</atleast>': lambda _: True,
    '<cardinality min="1" max="2">{}{}{}</cardinality>': lambda v: 1 <= sum(v) <= 2,
    '<cardinality min="0" max="3">{}{}{}</cardinality>': lambda _: True,
    '<cardinality min="0" max="0">{}{}{}</cardinality>': lambda v: not any(v),
    '<or>{}<and>{}<constant value="false"/></and><not><or>{}</or></not></or>': lambda v: (
        v[0] or not v[2]
    ),
    '<and>{}<house-event name="h"/><not><house-event name="k"/></not></and>': lambda v: v[0],
}


@pytest.mark.parametrize("formula", CONNECTIVES)
def test_connectives_mean_what_the_standard_says(read, probability, formula):
    inputs = [f'<basic-event name="{name}"/>' for name in "abc"]
    model = read(
        '<define-fault-tree name="T"><define-house-event name="h"><constant value="true"/>'
        '</define-house-event><define-house-event name="k"/>'
        + "".join(f'<define-basic-event name="{name}"/>' for name in "abc")
        + f'<define-gate name="g">{formula.format(*inputs)}</define-gate></define-fault-tree>'
    )
    circuit = circuit_of(model)
    for states in itertools.product([0, 1], repeat=3):
        given = dict(zip("abc", map(float, states), strict=True))
        assert probability(circuit, "g", given) == bool(CONNECTIVES[formula](states))
