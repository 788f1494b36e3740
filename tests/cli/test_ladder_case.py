"""`detente ladder` on a case, on its ladder.yaml, and on a ladder.yaml alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.case.read import read_case
from detente.cli.main import cli
from detente.escalation.assess import assess_escalation
from detente.ground.errors import UsageError

POINTS = 256

ALONE = """format: detente/ladder/1
defaults: {basis: illustrative, source: a test, date: 2026-11}
levels: [calm, clash, war]
headline: clash
parameters:
  - {id: starts, kind: rate, value: 4}
  - {id: p1, kind: probability, low: 0.1, high: 0.4}
  - {id: p2, kind: probability, value: 0.25}
events:
  - {id: both, any_of: [p1, p2], title: One of two}
ladders:
  - id: one
    title: A ladder
    branch: accident
    starts: starts
    path:
      - {event: First, p: both, otherwise: calm}
      - {event: Second, p: p2, otherwise: clash}
    ends: war
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["ladder", *(str(one) for one in arguments)])


def told(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output or result.exception
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


@pytest.fixture
def training(root: Path) -> Path:
    return root / "cases" / "training"


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    path = tmp_path / "ladder.yaml"
    path.write_text(ALONE)
    return path


@pytest.fixture(scope="module")
def results(root: Path):
    case = read_case(root / "cases" / "training")
    from detente.cli.ladder.of_case import answers_of

    return assess_escalation(case, points=POINTS, answers=answers_of(case))


def test_a_case_is_checked_as_by_the_check(training: Path) -> None:
    result = run("check", training)
    assert (result.exit_code, result.output) == (0, "Nothing to mend.\n")
    assert run("check", training / "ladder.yaml").output == "Nothing to mend.\n"


def test_frequencies_and_effects_are_those_of_the_report(training: Path, results) -> None:
    found = told("solve", training, "--belief", "all", "--samples", POINTS)
    assert found["points"] == POINTS
    assert len(found["frequencies"]) == len(results.frequencies)
    for one, theirs in zip(found["frequencies"], results.frequencies, strict=True):
        assert (one["belief"], one["ladder"], one["level"]) == (
            theirs.belief, theirs.ladder, theirs.level,
        )  # fmt: skip
        assert one["per_year"]["mid"] == pytest.approx(theirs.per_year.mid, rel=1e-8)
    ours = [(one["belief"], one["measure"], one["verdict"]) for one in found["effects"]]
    assert set(ours) == {(one.belief, one.measure, one.verdict) for one in results.effects}
    assert {one["belief"] for one in found["bounds"]} == {"no-number-for-launch"}
    assert len(found["bounds"]) == len(results.bounds)


def test_a_belief_that_refuses_a_number_is_told_by_its_bounds(training: Path) -> None:
    text = " ".join(run("solve", training, "--belief", "no-number-for-launch").output.split())
    assert "nothing in between is held likelier" in text
    assert "M01 Commanders meet four times a year" in text
    refused = run("cutsets", training, "--belief", "no-number-for-launch")
    assert refused.exit_code != 0


def test_the_ladder_of_a_case_is_that_of_the_case(training: Path, results) -> None:
    found = told("solve", training / "ladder.yaml", "--samples", POINTS)
    assert {one["belief"] for one in found["frequencies"]} == {"base"}
    assert {one["measure"] for one in found["effects"]} == {one.measure for one in results.effects}


def test_frequencies_and_effects_are_printed(training: Path) -> None:
    text = run("solve", training, "--samples", "64").output
    for words in ("The case's own numbers", "all together", "per year", "M01 ", "better"):
        assert words in text


def test_ways_are_counted_and_ranked(training: Path, results) -> None:
    found = told("cutsets", training, "--most", "3")
    (count,) = found["counts"]
    own = next(one for one in results.way_counts if one.belief == "base")
    assert count["by_order"] == list(own.by_order)
    assert len(found["ways"]) == 3


def test_drivers_and_learning(training: Path, results) -> None:
    found = told("sobol", training)["drivers"]
    own = [one for one in results.drivers if one.belief == "base"]
    assert [one["number"] for one in found] == [one.number for one in own]
    text = run("evppi", training).output
    assert "What learning one number would change" in text
    assert "M11 " in text


def test_importance_of_the_events_of_ladders(alone: Path) -> None:
    (found,) = told("importance", alone)["outcomes"]
    events = {one["event"]: one for one in found["events"]}
    # the clash or worse is reached where the first rung is: p1 or p2
    assert found["probability"] == pytest.approx(1 - (1 - 0.2143) * 0.75, abs=1e-3)
    assert len(events) == 2
    assert events["p2"]["MIF"] == pytest.approx(1 - 0.2143, abs=1e-3)
    assert "one: probability" in run("importance", alone).output


def test_a_lone_ladder_is_solved(alone: Path) -> None:
    found = told("solve", alone, "--samples", POINTS)["frequencies"]
    both = 1 - (1 - 0.2143) * 0.75
    of_level = {one["level"]: one for one in found if one["ladder"] == "one"}
    assert of_level["clash"]["per_year"]["mid"] == pytest.approx(4 * both, rel=0.01)
    assert "within a year" in run("solve", alone).output
    (driver,) = told("sobol", alone)["drivers"]
    assert (driver["number"], driver["first"]) == ("p1", pytest.approx(1))
    assert "No number would change the choice." in run("evppi", alone).output
    (count,) = told("cutsets", alone)["counts"]
    assert count["by_order"] == [0, 2]
    text = run("cutsets", alone).output
    assert "2 ways to clash or worse" in text
    assert "Shares of the variance" in run("sobol", alone).output


def test_findings_of_a_lone_ladder(alone: Path) -> None:
    alone.write_text(ALONE.replace("p: both", "p: bothh"))
    for verb in ("check", "solve", "cutsets", "export"):
        result = run(verb, alone)
        assert result.exit_code == 1
        assert "bothh" in result.output


def test_a_lone_ladder_without_its_counts_is_refused(alone: Path) -> None:
    alone.write_text(ALONE.replace("kind: rate, value: 4", "kind: rate, counted: {counts: [c1]}"))
    assert "takes starts from counts or answers" in refused("solve", alone)
    assert "takes starts from counts or answers" in refused("export", alone)


def test_options_of_files_are_refused(training: Path) -> None:
    assert refused("solve", training, "--gate", "g") == "--gate: for Open-PSA files only."
    assert "--above" in refused("cutsets", training, "--above", "0.1")
    assert "--samples, --seed" in refused("sobol", training, "--samples", "64", "--seed", "1")
    assert "there are: base" in refused("solve", training, "--belief", "nobody")
    assert "Name one case" in refused("solve", training, training)


def test_a_ladder_goes_to_the_format_and_back(alone: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.xml"
    result = run("export", alone, "--out", out)
    assert result.exit_code == 0, result.output
    ends = {one["sequence"]: one["frequency"] for one in told("solve", out)["sequences"]}
    both = told("importance", alone)["outcomes"][0]["probability"]
    assert ends["one_clash"] + ends["one_war"] == pytest.approx(4 * both)
    assert sum(ends.values()) == pytest.approx(4)


def test_what_an_export_loses_is_told(training: Path, tmp_path: Path) -> None:
    result = run("export", training, "--out", tmp_path / "t.xml")
    assert "Beliefs (" in result.stderr
    assert "Correlations are left out" in result.stderr
    assert "Counts and answers behind numbers" in result.stderr
    assert "is ready" in result.stdout
    assert run("check", tmp_path / "t.xml").exit_code == 0


def test_an_export_for_scram_has_its_rates_in_attributes(alone: Path, tmp_path: Path) -> None:
    out = tmp_path / "u.xml"
    assert told("export", alone, "--out", out, "--rates", "attributes")["lost"] == []
    assert 'name="frequency" value="starts"' in out.read_text()


def test_pictures(alone: Path, tmp_path: Path) -> None:
    for name, options in (("tie.svg", ()), ("one.svg", ("--ladder", "one"))):
        assert run("draw", alone, *options, "--out", tmp_path / name).exit_code == 0
        assert (tmp_path / name).read_text().startswith("<svg")
    assert "there are: one" in refused("draw", alone, "--ladder", "x", "--out", tmp_path / "x.svg")
    assert "must end in .svg" in refused("draw", alone, "--out", tmp_path / "x.png")
