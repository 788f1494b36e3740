"""Problems of the drugis tool: what is read, and what is found wrong."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from detente.assessment.foreign.drugis import read_drugis
from detente.assessment.smaa.laws import beta, gamma, normal, point, uniform
from detente.ground.errors import CaseError

PVF = {"range": [0, 10], "type": "linear", "direction": "increasing"}
BENT = {
    "range": [45, 65],
    "type": "piecewise-linear",
    "cutoffs": [50, 60],
    "values": [0.75, 0.25],
    "direction": "decreasing",
}


def cell(option, criterion, performance):
    return {"alternative": option, "criterion": criterion, "performance": performance}


WHOLE = {
    "criteria": {"up": {"dataSources": [{"id": "s", "pvf": PVF}]}, "down": {"pvf": BENT}},
    "alternatives": {"x": {"title": "X"}, "y": {}},
    "performanceTable": [
        cell("x", "up", {"effect": {"type": "exact", "value": 3}}),
        cell(
            "y",
            "up",
            {
                "effect": {"type": "exact", "value": 4},
                "distribution": {"type": "dnorm", "parameters": {"mu": 4, "sigma": 2}},
            },
        ),
        cell("x", "down", {"type": "dbeta", "parameters": {"alpha": 2, "beta": 3}}),
        cell("y", "down", {"distribution": {"type": "range", "lowerBound": 46, "upperBound": 50}}),
    ],
    "preferences": [{"type": "ratio bound", "criteria": ["down", "up"], "bounds": [1, 3]}],
}


def read(whole):
    return read_drugis("p.json", json.dumps(whole).encode())


def broken(*path, to):
    whole = copy.deepcopy(WHOLE)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return whole


def test_a_problem_is_read():
    found = read(WHOLE)
    assert found.problem.options == ("x", "y")
    assert found.problem.criteria == found.weights.criteria == ("up", "down")
    assert found.problem.scores == (
        (point(3.0), beta(2.0, 3.0)),
        (normal(4.0, 2.0), uniform(46.0, 50.0)),
    )
    up, down = found.problem.values
    assert np.allclose(up.of([0, 5, 12]), [0, 0.5, 1.2])  # goes on beyond its range, as there
    assert np.allclose(down.of([45, 50, 55, 60, 65]), [1, 0.75, 0.5, 0.25, 0])
    assert np.allclose(found.weights.ranges(), [[0.25, 0.5], [0.5, 0.75]])


def test_no_preferences_are_all_weights():
    for empty in (None, {}, []):
        assert np.allclose(read(broken("preferences", to=empty)).weights.ranges(), [[0, 1]] * 2)


def test_other_distributions():
    law = {"distribution": {"type": "dgamma", "parameters": {"alpha": 2, "beta": 4}}}
    assert read(broken("performanceTable", 0, "performance", to=law)).problem.scores[0][0] == gamma(
        2.0, 4.0
    )


@pytest.mark.parametrize(
    ("path", "to", "key", "words"),
    [
        (("criteria",), None, "criteria", "missing"),
        (("alternatives",), {}, "alternatives", "missing"),
        (("criteria", "down", "pvf", "range"), None, "criteria.down.pvf", "no range"),
        (("criteria", "down", "pvf", "range"), [1], "criteria.down.pvf.range", "2 numbers"),
        (("criteria", "down", "pvf", "range"), [65, 45], "criteria.down.pvf", "rise"),
        (("criteria", "down", "pvf", "direction"), "up", "criteria.down.pvf.direction", "`up`"),
        (("criteria", "down", "pvf", "type"), "log", "criteria.down.pvf.type", "`log`"),
        (("criteria", "down", "pvf", "values"), [1], "criteria.down.pvf", "as many values"),
        (("criteria", "up", "dataSources"), [], "criteria.up.dataSources", "one source"),
        (("performanceTable",), None, "performanceTable", "no list"),
        (("performanceTable", 1), {}, "performanceTable[1].criterion", "no criterion"),
        (("performanceTable", 1, "alternative"), "z", "performanceTable[1].alternative", "`z`"),
        (("performanceTable", 1, "alternative"), "x", "performanceTable[1]", "once more"),
        (
            ("performanceTable", 2, "performance", "type"),
            "dt",
            "performanceTable[2].performance",
            "`dt`",
        ),
        (
            ("performanceTable", 2, "performance", "parameters", "alpha"),
            "2",
            "performanceTable[2].performance",
            "lacks numbers",
        ),
        (
            ("performanceTable", 2, "performance", "parameters", "alpha"),
            -2,
            "performanceTable[2].performance",
            "above 0",
        ),
        (("preferences", 0, "type"), "swing", "preferences[0].type", "`swing`"),
        (("preferences", 0, "criteria"), ["up"], "preferences[0].criteria", "two known"),
        (("preferences", 0, "bounds"), [3, 1], "preferences", "rise"),
        (("preferences",), 3, "preferences", "no list"),
    ],
)
def test_every_finding_says_where_it_is(path, to, key, words):
    with pytest.raises(CaseError) as raised:
        read(broken(*path, to=to))
    assert any(one.key == key and words in one.problem for one in raised.value.findings)
    assert all(one.mend and one.file == "p.json" for one in raised.value.findings)


def test_all_findings_come_at_once():
    whole = broken("criteria", "down", "pvf", "range", to=None)
    whole["preferences"][0]["type"] = "?"
    del whole["performanceTable"][3]
    with pytest.raises(CaseError) as raised:
        read(whole)
    assert len(raised.value.findings) == 3


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b'{\n"criteria": ', 2, "no JSON"),
        (b'{\n\n"\xff"', 3, "UTF-8"),
        (b"[1]", 0, "no object"),
        (b"[" * 100_000, 0, "nested"),
    ],
)
def test_what_is_no_export_at_all(data, line, words):
    with pytest.raises(CaseError) as raised:
        read_drugis("p.json", data)
    (found,) = raised.value.findings
    assert found.line == line
    assert words in found.problem


@pytest.mark.conformance
def test_thrombolytics_are_read(shared_data):
    path = shared_data / "options" / "smaa-drugis" / "thrombolytics.json"
    found = read_drugis(path.name, path.read_bytes()).problem
    assert found.scores[0][0] == beta(20.0, 116.0)
    assert found.values[2].range == (0, 0.1)
    assert not found.values[2].ascending
