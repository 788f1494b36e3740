"""`detente options` on a case: the same as its assessment, and nothing that may not be shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.case.mini import mini, write

from detente.assessment.bargain.nash import nash
from detente.assessment.ledger import ledger
from detente.assessment.value import PartyGains
from detente.case.read import read_case
from detente.cli.main import cli
from detente.cli.options.problems import Genius, read_choice
from detente.cli.options.shares import counted
from detente.elicitation.disclosure import showable
from detente.ground.errors import UsageError


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["options", *(str(one) for one in arguments)])


def told(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output or result.exception
    return json.loads(result.stdout)


def text(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output or result.exception
    return " ".join(result.output.split())


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


@pytest.fixture
def training(root: Path) -> Path:
    return root / "cases" / "training"


def test_packages_tell_what_is_spent_and_what_counts_only_together(training: Path) -> None:
    found = told("packages", training)
    (use,) = found["budgets"]
    assert (use["budget"], use["spent"], use["binds"]) == ("officers", 110, True)
    assert [one["held"] for one in found["joint_gains"]] == [True, True]
    assert found["groups"][0]["held"] == ["M09", "M10"]
    said = text("packages", training)
    assert "Officers whom both sides can" in said
    assert "M09 + M10/M12" in said


def test_the_ledger_is_that_of_the_assessment(training: Path) -> None:
    found = told("ledger", training)
    case = read_case(training)
    entries = ledger(case, showable(case)[0])
    assert [(one["measure"], one["giver"], one["kind"]) for one in found["entries"]] == [
        (one.measure, one.giver, one.kind) for one in entries
    ]
    assert {one["giver"] for one in found["entries"]} == {"highland", "lowland"}
    said = text("ledger", training)
    assert "Highland gives, Lowland receives" in said
    assert "Lowland gives, Highland receives" in said
    assert "unnoticed opening" in said


def test_packages_of_a_case(training: Path) -> None:
    choice = read_choice([training], Genius(None, None))
    found = told("packages", training)
    assert found["packages"][0]["package"] == list(nash(choice.problem).package)
    assert [one["party"] for one in found["parties"]] == ["highland", "lowland"]
    said = text("packages", training)
    assert "Highland (50.0%) and Lowland (50.0%)" in said
    assert "M02 One agreement on incidents at sea" in said


def test_a_path_of_a_case_has_its_package(training: Path) -> None:
    found = told("path", training)
    begun = [name for step in found["path"]["steps"] for name in step["begins"]]
    assert sorted(begun) == sorted(found["package"]["package"])
    assert begun.index("M02") < begun.index("M04")  # which needs it
    assert "Balance: what Lowland has received so far less what Highland has" in text(
        "path", training
    )


def test_front_and_agenda_of_a_case(training: Path) -> None:
    front = told("front", training)
    assert front["method"] == "programs"
    found = told("agenda", training, "--fast")
    assert found["package"]["package"] in [one["package"] for one in front["front"]]
    assert found["agenda"][0]["turns"]
    said = text("agenda", training, "--fast", "--most", 2)
    assert "If the parties agreed on a measure" in said
    assert f"{len(found['agenda']) - 2} more disagreements: --most." in said


def test_shares_of_the_parties_that_may_be_shown(training: Path) -> None:
    found = told("accept", training, "--samples", 256)
    assert [one["party"] for one in found["parties"]] == ["ALD", "COR", "DAL"]
    assert "BRE" in found["not_told"]
    assert {"party": "DAL", "measure": "M04", "criteria": ["freedom"]} in found["missing"]
    assert all(one["samples"] == 256 for one in found["parties"])
    said = text("accept", training, "--samples", 256)
    assert "Not told: Brelis" in said
    assert "Brelis: 256" not in said
    assert "for files only" in refused("accept", training, "--seed", 1)


def test_relations_agree_with_shares(training: Path) -> None:
    relations = told("relations", training)["parties"]
    shares = told("accept", training)["parties"]
    for related, counted_ in zip(relations, shares, strict=True):
        before = {(one["option"], one["before"]): one["share"] for one in counted_["pairs"]}
        necessary = {(o["option"], o["as"]) for o in related["pairs"] if o["necessary"]}
        assert necessary
        for (a, b), share in before.items():
            assert share > 0.75 or (a, b) not in necessary
            assert share < 0.25 or (b, a) not in necessary


def test_a_case_without_answers_or_criteria_is_told_what_it_lacks(tmp_path: Path) -> None:
    files = {name: inside for name, inside in mini().items() if not name.startswith("answers")}
    del files["criteria.yaml"], files["scores.csv"]
    folder = write(tmp_path, files)
    for verb in ("packages", "front", "path"):
        assert "answers to a question of the kind `gain`" in refused(verb, folder)
    assert set(told("agenda", folder)) == {"format", "agenda"}  # what beliefs part on, no package
    for verb in ("accept", "relations"):
        assert "criteria.yaml" in refused(verb, folder)
    assert told("ledger", folder)["entries"] == []
    assert "No side that may be shown" in text("ledger", folder)


# --- shares, counted ------------------------------------------------------------------------------


def test_shares_are_counted_as_they_are_defined() -> None:
    weights = np.array([[1.0, 0.0], [0.75, 0.25], [0.25, 0.75], [0.0, 1.0]])
    differences = np.broadcast_to(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), (4, 3, 2))
    found = counted(
        PartyGains(
            party="A", form="exact", inconsistency=0.0, criteria=("c", "d"), weights=weights,
            measures=("x", "y", "z"), differences=differences, beyond=np.zeros((3, 2)),
            missing={}, reassurance=None, shown=True,
        )
    )  # fmt: skip
    # z ties with y under the first weights and with x under the last, and takes their rank.
    assert found.acceptability.share.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0.5, 0.5]]
    assert found.pairwise.share.tolist() == [[0, 0.5, 0.75], [0.5, 0, 0.75], [0, 0, 0]]
    assert found.central_weights[:2].tolist() == [[0.875, 0.125], [0.125, 0.875]]
    assert np.isnan(found.central_weights[2]).all()
    assert found.confidence.share[:2].tolist() == [1, 1]
    assert np.isnan(found.confidence.share[2])
    assert found.undecided[0, 1]
