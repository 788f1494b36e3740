"""`detente ladder` on Open-PSA files: published results, and files with everything wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli
from detente.ground.errors import UsageError


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["ladder", *(str(one) for one in arguments)])


def told(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


@pytest.fixture
def scram(shared_data: Path) -> Path:
    return shared_data / "risk" / "scram-inputs"


@pytest.fixture
def write(tmp_path: Path):
    def written(name: str, inside: str) -> Path:
        path = tmp_path / name
        path.write_text(f"<opsa-mef>\n{inside}\n</opsa-mef>\n")
        return path

    return written


# --- published results ---


@pytest.mark.conformance
def test_theatre(scram: Path) -> None:
    file = scram / "Theatre" / "theatre.xml"
    assert run("check", file).output == "Nothing to mend.\n"
    solved = told("solve", file)
    assert solved["format"] == "detente/ladder-solve/1"
    (gate,) = solved["gates"]
    assert gate["probability"] == pytest.approx(0.00207)
    assert (gate["coherent"], gate["events"]) == (True, 3)
    (sets,) = told("cutsets", file)["outcomes"]
    assert sets["by_order"] == [0, 0, 2]
    assert sets["rare_event"] == pytest.approx(0.0021)
    assert [one["events"] for one in sets["sets"]] == [
        ["Mains_Fail", "Relay_Fail"],
        ["Mains_Fail", "Gen_Fail"],
    ]
    assert sets["sets"][0]["share"] == pytest.approx(0.0015 / 0.00207)
    (factors,) = told("importance", file)["outcomes"]
    first = factors["events"][0]
    assert first["event"] == "Mains_Fail"
    assert first["MIF"] == pytest.approx(0.069)
    assert first["CIF"] == pytest.approx(1)
    assert first["RRW"] is None  # without it the top cannot happen: infinite
    assert "∞" in run("importance", file).output


@pytest.mark.conformance
def test_lift(scram: Path) -> None:
    file = scram / "Lift" / "lift.xml"
    (gate,) = told("solve", file)["gates"]
    assert float(f"{gate['probability']:.6g}") == 1.19999e-5
    (sets,) = told("cutsets", file)["outcomes"]
    assert sets["number"] == 12
    assert sets["by_order"] == [0, 12]
    assert "1.19999 × 10⁻⁵" in run("solve", file).output


@pytest.mark.conformance
def test_attack(scram: Path) -> None:
    file = scram / "EventTrees" / "attack.xml"
    found = {one["sequence"]: one["probability"] for one in told("solve", file)["sequences"]}
    assert found == pytest.approx({"AttackSucceeds": 0.772, "AttackFails": 0.228})
    text = run("solve", file).output
    assert "After Attack" in text
    assert "factors that are no events" in refused("cutsets", file)


@pytest.mark.conformance
def test_gas_leak_of_two_files(scram: Path) -> None:
    folder = scram / "EventTrees" / "gas_leak"
    files = (folder / "gas_leak.xml", folder / "gas_leak_reactive.xml")
    every = told("solve", *files)["sequences"]
    found = {one["sequence"]: one["probability"] for one in every if one["starts"] == "Gas-Leak"}
    assert found["S1"] == pytest.approx(0.764335, abs=5e-7)
    assert found["S9"] == pytest.approx(0.0568875, abs=5e-8)
    assert sum(found.values()) == pytest.approx(1)
    reactive = {one["sequence"]: one["probability"] for one in every if one["starts"] != "Gas-Leak"}
    assert reactive["S8"] == pytest.approx(0.05025, abs=5e-6)
    only = told("cutsets", *files, "--sequence", "S9")
    assert [one["name"] for one in only["outcomes"]] == ["S9"]
    assert only["outcomes"][0]["by_order"] == [0, 1, 3]
    assert "Not coherent" in run("cutsets", *files, "--sequence", "S2").output
    assert "there are: S1" in refused("cutsets", *files, "--sequence", "S77")


@pytest.mark.conformance
def test_chinese_of_two_files(scram: Path) -> None:
    files = (scram / "Chinese" / "chinese.xml", scram / "Chinese" / "chinese-basic-events.xml")
    (gate,) = told("solve", *files)["gates"]
    assert float(f"{gate['probability']:.6g}") == 0.00456932
    (sets,) = told("cutsets", *files, "--most", "5", "--above", "1e-9")["outcomes"]
    assert sets["by_order"] == [0, 0, 12, 0, 24, 188, 168]
    assert len(sets["sets"]) == 5
    text = run("cutsets", *files).output
    assert "r1: 392 minimal cut sets" in text
    (factors,) = told("importance", *files, "--by", "raw", "--most", "3")["outcomes"]
    assert [one["event"] for one in factors["events"]] == ["e1", "e2", "e3"]


@pytest.mark.conformance
def test_importance_is_that_of_scram(shared_data: Path) -> None:
    folder = shared_data / "risk" / "aralia"
    printed = json.loads((folder / "importance_scram.json").read_text())["isp9605"]
    (found,) = told("importance", folder / "isp9605.xml")["outcomes"]
    by_name = {one["event"]: one for one in found["events"]}
    for event, factors in printed.items():
        for key in ("MIF", "CIF", "DIF", "RAW", "RRW"):
            assert by_name[event][key] == pytest.approx(factors[key], rel=2e-5), (event, key)
    sorted_by = [one["CIF"] for one in found["events"]]
    assert sorted_by == sorted(sorted_by, reverse=True)


def test_what_prevents_by_happening_has_a_factor_below_0(write) -> None:
    file = write("m.xml", UNCERTAIN.replace("and>", "xor>"))
    (gate,) = told("solve", file)["gates"]
    assert gate["coherent"] is False
    assert "below 0" in run("importance", file).output
    assert "Not coherent" in run("cutsets", file).output


@pytest.mark.conformance
def test_samples_have_the_moments_that_scram_finds(scram: Path) -> None:
    file = scram / "SmallTree" / "SmallTree.xml"
    (gate,) = told("solve", file, "--samples", 2**14, "--seed", 7)["gates"]
    assert gate["spread"]["mean"] == pytest.approx(0.02500, abs=3e-4)
    assert gate["spread"]["low"] < gate["spread"]["mid"] < gate["spread"]["high"]
    assert told("solve", file)["gates"][0]["spread"] is None
    assert "--samples tells the spread" in run("solve", file).output
    assert "95 %" in run("solve", file, "--samples", "64").output


@pytest.mark.conformance
def test_indices_of_shared_numbers_are_sampled_and_say_so(scram: Path) -> None:
    file = scram / "SmallTree" / "SmallTree.xml"
    (found,) = told("sobol", file, "--samples", "1024")["outcomes"]
    assert (found["method"], found["why"]) == ("sampled", "shared-numbers")
    assert found["numbers"][0]["number"] == "parameter lambda2"
    assert 0 < found["numbers"][0]["total_error"] < 0.2
    assert "Sampled, with standard errors" in run("sobol", file, "--samples", "64").output


@pytest.mark.conformance
def test_export_is_normal_and_the_same_model(scram: Path, tmp_path: Path) -> None:
    files = (scram / "Chinese" / "chinese.xml", scram / "Chinese" / "chinese-basic-events.xml")
    out = tmp_path / "one.xml"
    result = run("export", *files, "--out", out)
    assert result.exit_code == 0, result.output
    assert run("export", out).stdout == out.read_text()
    (gate,) = told("solve", out)["gates"]
    assert float(f"{gate['probability']:.6g}") == 0.00456932
    assert "exists" in refused("export", *files, "--out", out)
    assert "needs --out" in refused("export", out, "--json")


# --- files of our own ---

UNCERTAIN = """
<define-fault-tree name="T">
<define-gate name="top"><and><basic-event name="a"/><basic-event name="b"/></and></define-gate>
<define-basic-event name="a"><uniform-deviate><float value="0"/><float value="0.6"/>
</uniform-deviate></define-basic-event>
<define-basic-event name="b"><exponential><float value="1e-5"/><system-mission-time/>
</exponential></define-basic-event>
</define-fault-tree>
"""


def test_indices_of_own_numbers_are_exact_and_say_so(write) -> None:
    file = write("m.xml", UNCERTAIN)
    (found,) = told("sobol", file)["outcomes"]
    assert found["method"] == "exact"
    assert found["numbers"] == [
        {
            "number": "basic-event a",
            "first": pytest.approx(1),
            "total": pytest.approx(1),
            "first_error": 0,
            "total_error": 0,
        }
    ]
    assert "Exact: every event has a number of its own." in run("sobol", file).output
    assert "power of two" in refused("sobol", file, "--samples", "100")


def test_the_mission_time_is_an_option(write) -> None:
    file = write("m.xml", UNCERTAIN)
    (year,) = told("solve", file)["gates"]
    (longer,) = told("solve", file, "--mission-time", 2 * 8760)["gates"]
    assert longer["probability"] == pytest.approx(2 * year["probability"], rel=0.06)


def test_without_any_probability_sets_are_counted(write) -> None:
    inside = (
        '<define-fault-tree name="T"><define-gate name="top"><atleast min="2">'
        '<basic-event name="a"/><basic-event name="b"/><basic-event name="c"/></atleast>'
        '</define-gate><define-basic-event name="a"/><define-basic-event name="b"/>'
        '<define-basic-event name="c"/></define-fault-tree>'
    )
    file = write("m.xml", inside)
    (found,) = told("cutsets", file)["outcomes"]
    assert (found["by_order"], found["probability"]) == ([0, 0, 3], None)
    assert "none is ranked" in run("cutsets", file).output
    assert "Without a probability: a, b, c" in refused("solve", file)


def test_frequencies_of_sequences(write) -> None:
    inside = (
        '<define-initiating-event name="start" event-tree="E"><parameter name="rate"/>'
        '</define-initiating-event><define-event-tree name="E">'
        '<define-functional-event name="F"/><define-sequence name="bad"/>'
        '<define-sequence name="good"/><initial-state><fork functional-event="F">'
        '<path state="no"><collect-formula><basic-event name="a"/></collect-formula>'
        '<sequence name="bad"/></path><path state="yes"><collect-formula><not>'
        '<basic-event name="a"/></not></collect-formula><sequence name="good"/></path>'
        "</fork></initial-state></define-event-tree><model-data>"
        '<define-parameter name="rate"><uniform-deviate><float value="2"/><float value="6"/>'
        '</uniform-deviate></define-parameter><define-basic-event name="a"><float value="0.1"/>'
        "</define-basic-event></model-data>"
    )
    file = write("m.xml", inside)
    ends = {one["sequence"]: one for one in told("solve", file, "--samples", 256)["sequences"]}
    assert ends["bad"]["starts_frequency"] == 4
    assert ends["bad"]["frequency"] == pytest.approx(0.4)
    assert ends["bad"]["spread"]["high"] == pytest.approx(0.58, abs=0.01)
    assert "which has the frequency 4" in run("solve", file).output
    (found,) = told("sobol", file, "--sequence", "bad")["outcomes"]
    assert found["numbers"][0]["first"] == pytest.approx(1)
    assert found["standard_deviation"] == pytest.approx(0.4 / 12**0.5)


BROKEN = """<define-fault-tree name="T">
<define-gate name="top"><or><gate name="ring"/><basic-event name="nowhere"/></or></define-gate>
<define-gate name="ring"><and><gate name="ring2"/><basic-event name="a"/></and></define-gate>
<define-gate name="ring2"><not><gate name="ring"/></not></define-gate>
<define-basic-event name="a"><float value="0.1"/></define-basic-event>
<define-basic-event name="a"><float value="0.2"/></define-basic-event>
<define-basic-event name="b"><float value="1.2"/></define-basic-event>
</define-fault-tree>
<define-event-tree name="E"><define-sequence name="s"><event-tree name="gone"/></define-sequence>
<initial-state><sequence name="s"/></initial-state></define-event-tree>
"""


def test_every_finding_is_told_with_its_line(write) -> None:
    file = write("broken.xml", BROKEN)
    result = run("check", file)
    assert result.exit_code == 1
    for words in (
        f"{file}:3  nowhere",
        "rest on each other in a circle",
        "is defined again; the first definition is at",
        "gone",
        "mend: cut the circle.",
        "things to mend.",
    ):
        assert words in result.output
    listed = json.loads(run("check", file, "--json").stdout)
    assert listed["format"] == "detente/ladder-check/1"
    lines = {(one["key"], one["line"]) for one in listed["findings"]}
    assert {("nowhere", 3), ("ring", 4), ("a", 7)} <= lines


@pytest.mark.parametrize("verb", ["solve", "cutsets", "importance", "sobol", "export"])
def test_every_verb_tells_the_findings_and_leaves_with_1(write, verb: str) -> None:
    file = write("broken.xml", BROKEN)
    result = run(verb, file)
    assert result.exit_code == 1
    assert "rest on each other in a circle" in result.output
    if verb != "export":
        assert json.loads(run(verb, file, "--json").stdout)["findings"]


def test_a_part_of_a_model_needs_the_other_part(write) -> None:
    tree = write(
        "tree.xml",
        '<define-fault-tree name="T"><define-gate name="top"><or><basic-event name="a"/>'
        '<basic-event name="b"/></or></define-gate></define-fault-tree>',
    )
    events = write(
        "events.xml",
        '<model-data><define-basic-event name="a"><float value="0.1"/></define-basic-event>'
        '<define-basic-event name="b"><float value="0.2"/></define-basic-event></model-data>',
    )
    assert run("check", tree).exit_code == 1
    assert run("check", tree, events).exit_code == 0
    (gate,) = told("solve", tree, events)["gates"]
    assert gate["probability"] == pytest.approx(0.28)
    assert "no gate and no event tree" in refused("solve", events)


def test_options_of_cases_are_refused(write) -> None:
    file = write("m.xml", UNCERTAIN)
    for verb in ("solve", "cutsets", "importance", "sobol"):
        told_ = refused(verb, file, "--belief", "base")
        assert told_ == "--belief: for a case or a ladder.yaml only."
    assert "--form" in refused("export", file, "--form", "exact")
    assert "those on top are: top" in refused("solve", file, "--gate", "topp")
    assert "not drawn" in refused("draw", file, "--out", "x.svg")
    assert "no measures to choose from" in refused("evppi", file)
