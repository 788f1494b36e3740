"""Common cause groups: the published formulas, and what must sum up."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from detente.escalation.openpsa.evaluate import deviates, sample, values
from detente.escalation.openpsa.gates import circuit_of
from detente.escalation.openpsa.model import MefModel
from detente.ground.chance import sobol

WHOLE = '<float value="0.1"/>'


@pytest.fixture
def grouped(read):
    """A group of members over which ``all`` is an and-gate."""

    def made(model, factors, members="abc", whole=WHOLE):
        first = {"beta-factor": len(members), "MGL": 2}.get(model, 1)
        listed = "".join(f'<basic-event name="{one}"/>' for one in members)
        levels = "".join(
            f'<factor level="{level}"><float value="{one}"/></factor>'
            for level, one in enumerate(factors, start=first)
        )
        return read(
            f'<define-CCF-group name="G" model="{model}"><members>{listed}</members>'
            f"<distribution>{whole}</distribution><factors>{levels}</factors></define-CCF-group>"
            f'<define-fault-tree name="T"><define-gate name="all"><and>{listed}</and></define-gate>'
            "</define-fault-tree>"
        )

    return made


def by_level(model: MefModel) -> dict[int, float]:
    found: dict[int, set[float]] = {}
    for name, p in values(model).items():
        found.setdefault(name.count(" ") + 1, set()).add(round(p, 15))
    assert all(len(one) == 1 for one in found.values())
    return {level: one.pop() for level, one in found.items()}


@pytest.mark.parametrize(
    ("model", "factors", "expected", "together"),
    [
        # the third column by the formulas, the last printed by SCRAM 0.16.2
        ("beta-factor", [0.2], {1: 0.08, 3: 0.02}, None),
        ("MGL", [0.1, 0.3], {1: 0.09, 2: 0.1 * 0.1 * 0.7 / 2, 3: 0.1 * 0.1 * 0.3}, 0.00469134),
        ("MGL", [0.1], {1: 0.09, 2: 0.1 * 0.1 / 2}, None),
        (
            "alpha-factor",
            [0.7, 0.2, 0.1],
            {1: 0.05, 2: 2 / 2 * 0.2 / 1.4 * 0.1, 3: 3 * 0.1 / 1.4 * 0.1},
            0.0241766,
        ),
        ("phi-factor", [0.7, 0.2, 0.1], {1: 0.07, 2: 0.02, 3: 0.01}, 0.0154851),
    ],
)
def test_models_share_the_probability_as_published(
    grouped, probability, model, factors, expected, together
):
    found = grouped(model, factors)
    assert by_level(found) == pytest.approx(expected, rel=1e-12)
    top = probability(circuit_of(found), "all", values(found))
    if together:
        assert top == pytest.approx(together, rel=2e-6)


@pytest.mark.parametrize(
    ("model", "factors"),
    [
        ("beta-factor", [0.2]),
        ("MGL", [0.1, 0.3, 0.5]),
        ("MGL", [0.1, 0.3]),
        ("alpha-factor", [0.8, 0.1, 0.06, 0.04]),
    ],
)
def test_the_sets_of_one_member_sum_to_its_probability(grouped, model, factors):
    levels = by_level(grouped(model, factors, members="abcd"))
    whole = sum(comb(3, level - 1) * p for level, p in levels.items())
    assert whole == pytest.approx(0.1, rel=1e-12)


def test_members_are_gates_over_all_sets_that_hold_them(grouped):
    circuit = circuit_of(grouped("phi-factor", [0.5, 0.3, 0.2]))
    assert circuit.gates["b"].inputs == ("[b]", "[a b]", "[b c]", "[a b c]")
    assert circuit.gates["all"].inputs == ("a", "b", "c")
    assert len(circuit.events) == 7


def test_all_sets_of_a_group_share_its_random_probability(grouped):
    whole = '<uniform-deviate><float value="0"/><float value="0.2"/></uniform-deviate>'
    model = grouped("beta-factor", [0.25], whole=whole)
    assert list(deviates(model)) == ["CCF-group G"]
    found = sample(model, sobol(16, 1, seed=3))
    np.testing.assert_allclose(found["[a]"], 3 * found["[a b c]"])
    assert np.ptp(found["[a]"]) > 0.1
