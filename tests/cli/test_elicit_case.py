"""`detente elicit` on a case: what may be shown of its people, and nothing of any one of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente.case.read
import detente.elicitation.assess
from detente.cli.elicit import cooke_case
from detente.cli.main import cli
from detente.elicitation.answers import latest
from detente.elicitation.cooke import DecisionMaker, analyse
from detente.elicitation.panel_study import may_be_told, panel_study
from detente.ground.errors import UsageError


@pytest.fixture(scope="module")
def training(root: Path):
    """The training case and its results, read and assessed once."""
    case = detente.case.read.read_case(root / "cases" / "training")
    return case, detente.elicitation.assess.assess_elicitation(case)


@pytest.fixture
def invoke(training, root: Path, monkeypatch: pytest.MonkeyPatch):
    """A verb on the training case, without reading and assessing it anew."""
    case, results = training
    monkeypatch.setattr("detente.case.read.read_case", lambda _folder: case)
    monkeypatch.setattr(cooke_case, "read_case", lambda _folder: case)
    monkeypatch.setattr("detente.elicitation.assess.assess_elicitation", lambda _case: results)

    def run(verb: str, *options: str):
        arguments = ["elicit", verb, str(root / "cases" / "training"), *options]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, (result.output, result.exception)
        return result

    return run


VERBS = {
    "pool": {"perceptions", "consequences", "quantities", "differences", "movements"},
    "rank": {"worths", "shared_first", "concordances", "contrasts", "tree"},
    "groups": {"opinions"},
    "statements": {"statements", "threshold"},
}


@pytest.mark.parametrize("verb", VERBS)
def test_json_holds_the_results_that_the_report_holds(verb: str, invoke, training) -> None:
    _case, results = training
    found = json.loads(invoke(verb, "--json").stdout)
    assert found["format"] == f"detente/elicit-{verb}/1"
    assert found.keys() == VERBS[verb] | {"format", "people", "groups", "withheld"}
    for key in VERBS[verb] - {"opinions", "threshold", "tree"}:
        assert len(found[key]) == len(getattr(results, key)) > 0
    assert found["people"] == results.people
    assert [one["group"] for one in found["withheld"]] == [one.group for one in results.withheld]


def test_the_tree_is_told_where_it_is_asked_for(invoke, training) -> None:
    assert json.loads(invoke("rank", "--json").stdout)["tree"] is None
    found = json.loads(invoke("rank", "--json", "--tree").stdout)["tree"]
    assert len(found) == len(training[1].tree) > 1
    assert "Who prioritises alike" in invoke("rank", "--tree").output


@pytest.mark.parametrize("verb", [*VERBS, "cooke"])
def test_nobody_is_named(verb: str, invoke, training) -> None:
    case, results = training
    hidden = {one.group for one in results.withheld}
    for output in (invoke(verb).output, invoke(verb, "--json").output):
        words = set(re.findall(r"\w+", output))
        assert not words & {row.participant for row in case.answers}
    told = json.loads(invoke(verb, "--json").stdout)
    told.pop("withheld")
    assert not hidden & set(re.findall(r"\w+", json.dumps(told)))


def test_words_stand_where_ids_would(invoke, training) -> None:
    case, _results = training
    output = " ".join(invoke("pool").output.split())
    assert "Highland" in output
    assert "withheld: Aldren" in output
    assert case.words(case.about.title) in output
    statements = " ".join(invoke("statements").output.split())
    assert "consensus (" in statements


def test_a_case_may_be_asked_with_another_threshold(invoke, training) -> None:
    own = json.loads(invoke("statements", "--json").stdout)
    assert own["threshold"] == training[0].statements_file.threshold
    strict = json.loads(invoke("statements", "--threshold", "0.95", "--json").stdout)
    assert strict["threshold"] == 0.95
    pairs = zip(own["statements"], strict["statements"], strict=True)
    chances = [(a["chance"], b["chance"]) for a, b in pairs if a["chance"] and b["chance"]]
    assert chances
    assert all(high > low for high, low in chances)


# --- the classical model on a case ---------------------------------------------------------------


def test_decision_makers_of_a_case_are_told_and_no_expert(invoke, training) -> None:
    case, _results = training
    found = json.loads(invoke("cooke", "--json").stdout)
    assert "experts" not in found
    asked = {one.item for one in latest(case, "quantity")}
    known = {one.id for one in case.quantities if one.known is not None and one.id in asked}
    assert found["seeds"] == len(known)
    equal = next(one for one in found["decision_makers"] if one["name"] == "equal")
    assert {one["item"] for one in equal["items"]} <= {one.id for one in case.quantities}
    assert all(one["alpha"] is None for one in found["decision_makers"])
    names = {one["name"] for one in (*found["decision_makers"], *found["withheld"])}
    assert names == {"equal", "global", "item", "global_best", "item_best"}


def test_no_decision_maker_is_one_person(invoke, training) -> None:
    """Weights by performance may all fall on the one who did best."""
    case, _results = training
    found = json.loads(invoke("cooke", "--json").stdout)
    said = {
        (one.item, *(float(f"{x:.6g}") for x in (one.low, one.value, one.high)))
        for one in latest(case, "quantity")
        if one.low is not None and one.high is not None
    }
    for maker in found["decision_makers"]:
        for item in maker["items"]:
            ends = tuple(float(f"{x:.6g}") for x in item["quantiles"])
            assert (item["item"], *ends) not in said


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1, 1, 1, 1, 1, 1], True),
        ([1, 0, 0, 0, 0, 0], False),
        ([1, 1, 0, 0, 0, 0], False),
        ([9, 1, 1, 1, 1, 1], False),  # worth 14² / 86 = 2.3 equal weights
        ([3, 2, 2, 2, 2, 2], True),
    ],
)
def test_enough_people_stand_behind_every_item(training, weights: list[int], told: bool) -> None:
    case, _results = training
    assert case.about.min_cell == 3
    study = panel_study(case)
    by_side: dict[str, list[int]] = {}
    party = {row.participant: row.party for row in case.answers}
    for place, person in enumerate(study.experts):
        by_side.setdefault(case.side_of.get(party[person], ""), []).append(place)
    chosen = [place for pair in zip(*list(by_side.values())[:2], strict=False) for place in pair]
    table = np.zeros((len(study.experts), len(study.items)))
    table[chosen[: len(weights)]] = np.array(weights, dtype=float)[:, None]
    one = next(iter(analyse(study).decision_makers.values()))
    made = replace(one, weights=table / table.sum(axis=0))
    assert isinstance(made, DecisionMaker)
    assert may_be_told(case, study, made) is told


def test_an_item_whose_table_beside_the_others_would_tell_of_one_is_left_out(training) -> None:
    """Somebody whose numbers do not rise is in the tables of the sides and not in the study."""
    case, _results = training
    seed = next(one.id for one in case.quantities if one.known is not None)
    person = next(one.participant for one in latest(case, "quantity") if one.item == seed)
    level = tuple(
        row.model_copy(update={"low": row.value})
        if (row.participant, row.item) == (person, seed)
        else row
        for row in case.answers
    )
    assert seed in panel_study(case).items
    assert seed not in panel_study(replace(case, answers=level)).items


def test_a_case_without_seeds_has_no_performance(training) -> None:
    case, _results = training
    rows = tuple(row for row in case.answers if not row.item.startswith("seed-"))
    with pytest.raises(UsageError, match="known"):
        panel_study(replace(case, answers=rows))
