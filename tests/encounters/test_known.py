"""What rules make of what is known of an encounter."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.encounters.ways import (
    encounter,
    fleet,
    low_pass,
    straight,
)

from detente.encounters.approach.limits import Limit
from detente.encounters.geometry import known
from detente.encounters.geometry.settings import NM
from detente.encounters.results import Identity
from detente.encounters.rules.metrics import METRICS
from detente.encounters.rules.read import starting_table


def identity(name, side, state="state", domain="sea", kind="frigate", *, single=False):
    return Identity(name, domain, side, state, kind, single, (), ())


def test_only_names_of_rules_are_told():
    of = low_pass()
    held = {"craft-0": identity("craft-0", "A"), "craft-1": identity("craft-1", "B", domain="air")}
    own = known.known(encounter(-15.0, 0.0, 15.0, "sea-air"), of, held, near=Limit(NM))
    assert set(own.metrics) <= set(METRICS)
    assert own.metrics["sides-differ"] is True
    assert own.metrics["warship-involved"] is True
    assert own.metrics["civil-craft-involved"] is False
    assert not own.single_source


def outcomes(of, found, held, **how):
    near = how.pop("near", Limit(2 * NM))
    all_ = known.findings(starting_table(), found, of, held, near=near, **how)
    return {one.rule: one.outcome for one in all_}


def test_a_low_pass_is_consistent_with_the_rule_on_low_flight():
    of = low_pass()
    held = {"craft-0": identity("craft-0", "A"), "craft-1": identity("craft-1", "B", domain="air")}
    found = encounter(-15.0, 0.0, 15.0, "sea-air")
    told = outcomes(of, found, held)
    assert told["AIR-OVERFLY"] == "true"
    assert told["AIR-SIMATT"] == "true"
    assert told["SEA-SIMATT"] == "needs-report"
    high = low_pass(height=2000.0)
    assert outcomes(high, found, held)["AIR-OVERFLY"] == "false"
    blurred = replace(of, height_error=np.full(len(of), 200.0))
    assert outcomes(blurred, found, held)["AIR-OVERFLY"] == "undetermined"


def test_a_state_ship_of_one_source_decides_nothing():
    of = low_pass()
    held = {
        "craft-0": identity("craft-0", "A", single=True),
        "craft-1": identity("craft-1", "B", domain="air"),
    }
    told = outcomes(of, encounter(-15.0, 0.0, 15.0, "sea-air"), held)
    assert told["AIR-OVERFLY"] == told["AIR-SIMATT"] == "undetermined"
    assert "true" not in told.values()


def test_unknown_identities_leave_it_open():
    told = outcomes(low_pass(), encounter(-15.0, 0.0, 15.0, "sea-air"), {})
    assert told["AIR-OVERFLY"] == "undetermined"


def test_how_long_is_measured_within_the_radius_of_the_rule():
    """An aircraft that stays 3 km off another for two minutes is not within a mile for one."""
    seconds = np.arange(-300.0, 301.0, 1.0)
    one = straight("air", 0, 250, (0, 0), seconds, 3000.0)
    for offset, joined in ((3000.0, "false"), (1000.0, "true")):
        # comes up from 2 km astern, and stays abreast from -60 s on
        lag = np.where(seconds < -60, (seconds + 60) * 20.0, 0.0)
        other = ("air", seconds, np.full(len(seconds), offset), one[3] + lag, 3000.0)
        of = fleet(one, other)
        held = {
            name: identity(name, side, domain="air") for name, side in
            (("craft-0", "A"), ("craft-1", "B"))
        }  # fmt: skip
        told = outcomes(of, encounter(-250.0, 0.0, 300.0, "air-air"), held, near=Limit(5 * NM))
        assert told["AIR-ICPT"] in {joined, "undetermined" if joined == "true" else joined}
        own = known.view(encounter(-250.0, 0.0, 300.0, "air-air"), of, near=Limit(NM))
        assert own is not None
        assert known.metrics(own)["dwell"].value == pytest.approx(
            0.0 if offset == 3000.0 else 60 + math.sqrt(NM**2 - 1000**2) / 20 + 300, abs=0.5
        )
