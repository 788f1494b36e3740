"""Results that SCRAM's own tests assert, and identity through export, on published models."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.openpsa.evaluate import MISSION_HOURS, Numbers, deviates, sample, values
from detente.escalation.openpsa.gates import circuit_of
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.read import read_openpsa
from detente.escalation.openpsa.trees import probabilities, sequences
from detente.escalation.openpsa.write import write_openpsa
from detente.ground.chance import sobol

pytestmark = pytest.mark.conformance


@pytest.fixture
def load(shared_data):
    def loaded(*names):
        root = shared_data / "risk" / "scram-inputs"
        return read_openpsa({name: (root / name).read_bytes() for name in names})

    return loaded


@pytest.mark.parametrize(
    ("files", "top", "expected"),
    [
        (["Theatre/theatre.xml"], "Theatre", 0.00207),
        (["Lift/lift.xml"], "LiftDoor", 1.19999e-5),
        (["ThreeMotor/three_motor.xml"], "E1", 0.0211538),
        (["SmallTree/SmallTree.xml"], "top", 0.02678),
        (["BSCU/BSCU.xml"], "LossOfBrakingCommands", 0.1124087),
        (["Chinese/chinese.xml", "Chinese/chinese-basic-events.xml"], "r1", 0.0045691),
    ],
)
def test_fault_trees_have_the_probabilities_that_scram_asserts(
    load, probability, files, top, expected
):
    model = load(*files)
    found = probability(circuit_of(model), top, values(model))
    assert found == pytest.approx(expected, rel=2e-4)
    printed = len(f"{expected:e}".split("e")[0].rstrip("0").replace(".", ""))
    assert f"{float(found):.{printed - 2}e}" == f"{expected:.{printed - 2}e}"


REACTIVE = {
    "S1": 0.81044,
    "S2": 0.04479,
    "S3": 0.04265,
    "S4": 2.36e-3,
    "S5": 0.04265,
    "S6": 2.36e-3,
    "S7": 4.5e-3,
    "S8": 0.05025,
}
LEAK = "EventTrees/gas_leak/gas_leak.xml"
LEAK_REACTIVE = "EventTrees/gas_leak/gas_leak_reactive.xml"


@pytest.mark.parametrize(
    ("files", "tree", "expected"),
    [
        (["EventTrees/attack.xml"], "Attack", {"AttackSucceeds": 0.772, "AttackFails": 0.228}),
        ([LEAK_REACTIVE], "Gas-Leak-Detection", REACTIVE),
        (
            [LEAK, LEAK_REACTIVE],  # SCRAM 0.16.2, printed
            "Gas-Leak",
            {
                "S1": 0.764335,
                "S2": 0.0422446,
                "S3": 0.0402282,
                "S4": 0.0022234,
                "S5": 0.0402282,
                "S6": 0.0022234,
                "S7": 0.00423985,
                "S8": 0.04739,
                "S9": 0.0568875,
            },
        ),
        (
            ["ThreeMotor/event_tree.xml", "ThreeMotor/three_motor.xml"],
            "ExternalEvent",
            {"S1": 0.02115, "S3": 0.00309, **dict.fromkeys(["S2", *"45678"], 0.00272)},
        ),
    ],
)
def test_event_trees_have_the_probabilities_that_scram_asserts(
    load, probability, files, tree, expected
):
    model = load(*files)
    events = values(model)
    found = probabilities(
        sequences(model, tree),
        Numbers(names_of(model), MISSION_HOURS),
        lambda circuit, gate: probability(circuit, gate, events),
    )
    expected = {name if name[0] in "SA" else f"S{name}": p for name, p in expected.items()}
    assert {name: float(p) for name, p in found.items()} == pytest.approx(expected, abs=6e-6)


@pytest.mark.parametrize(
    ("file", "top", "mean", "sigma"),
    [
        # by SCRAM with 1e6 trials; its error is sigma / 1000 for the mean, and for sigma, with
        # these long tails, about 1 per cent
        ("SmallTree/SmallTree.xml", "top", 0.02500, 0.02130),
        ("BSCU/BSCU.xml", "LossOfBrakingCommands", 0.1149, 0.1807),
    ],
)
def test_sampled_probabilities_have_the_moments_that_scram_finds(
    load, probability, file, top, mean, sigma
):
    model = load(file)
    units = sobol(2**16, len(deviates(model)), seed=7)
    found = probability(circuit_of(model), top, sample(model, units))
    assert found.shape == (2**16,)
    assert found.mean() == pytest.approx(mean, abs=4 * sigma / 1000)
    assert found.std() == pytest.approx(sigma, rel=0.02)


PARTS = [
    "BSCU/BSCU.xml",
    "Chinese/chinese.xml",
    "Chinese/chinese-basic-events.xml",
    "EventTrees/attack.xml",
    LEAK,
    LEAK_REACTIVE,
    "Lift/lift.xml",
    "SmallTree/SmallTree.xml",
    "Theatre/theatre.xml",
    "ThreeMotor/event_tree.xml",
    "ThreeMotor/three_motor.xml",
]


@pytest.mark.parametrize("part", PARTS)
def test_export_and_import_are_the_identity(shared_data, part):
    data = (shared_data / "risk" / "scram-inputs" / part).read_bytes()
    model = read_openpsa({part: data}, undefined="note")
    again = write_openpsa(model)
    assert read_openpsa({part: again}, undefined="note") == model
    assert again.count(b"<define-") == data.count(b"<define-")


def test_export_and_import_are_the_identity_on_every_aralia_tree(shared_data):
    files = sorted((shared_data / "risk" / "aralia").glob("*.xml"))
    assert len(files) == 22
    for file in files:
        model = read_openpsa({file.name: file.read_bytes()})
        assert read_openpsa({file.name: write_openpsa(model)}) == model


def test_sobol_and_normal_points_give_one_distribution(load):
    model = load("SmallTree/SmallTree.xml")
    names = list(deviates(model))
    assert names == [f"parameter lambda{n}" for n in (1, 2, 3)]
    units = sobol(2**10, 3, seed=1)
    found = sample(model, units)
    # lambda4 is lambda2: one random number
    np.testing.assert_array_equal(found["e2"], found["e4"])
    rate = -np.log1p(-found["e1"]) / MISSION_HOURS
    assert np.quantile(rate, 0.95) / np.median(rate) == pytest.approx(3, rel=0.02)
