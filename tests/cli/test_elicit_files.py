"""`detente elicit` on files of other programs: pool, cooke, rank, groups, statements."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from detente.cli.main import cli
from detente.ground.errors import UsageError


def invoke(*arguments: str | Path):
    return CliRunner().invoke(cli, ["elicit", *(str(argument) for argument in arguments)])


def told(*arguments: str | Path):
    """What a verb gives as JSON."""
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    found = json.loads(result.stdout)
    assert found["format"] == f"detente/elicit-{arguments[0]}/1"
    return found


def refusal(*arguments: str | Path) -> str:
    result = invoke(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


def broken(*arguments: str | Path) -> set[tuple[str, int]]:
    """File and line of every finding, which are printed and given as JSON alike; exit code 1."""
    plain, result = invoke(*arguments), invoke(*arguments, "--json")
    assert (plain.exit_code, result.exit_code) == (1, 1)
    findings = json.loads(result.stdout)["findings"]
    assert all(one["problem"] in plain.stdout and one["mend"] in plain.stdout for one in findings)
    return {(Path(one["file"]).name, one["line"]) for one in findings}


@pytest.fixture
def write(tmp_path: Path):
    def made(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return made


# --- pool ----------------------------------------------------------------------------------------

ANSWERS = """person,question,round,low,value,high
a,Q1,1,0.1,0.2,0.4
b,Q1,1,0.3,0.5,0.6
a,Q1,2,0.2,0.3,0.4
b,Q1,2,0.3,0.4,0.6
a,Q2,1,0.0,0.0,0.1
"""


def test_pool_tells_each_question_of_the_last_round(write) -> None:
    found = told("pool", write("a.csv", ANSWERS))
    first, second = found["questions"]
    assert (found["rounds"], found["people"]) == (["1", "2"], 2)
    assert (first["mean"], first["median"]) == (0.35, 0.35)
    odds = np.sqrt(0.3 / 0.7 * 0.4 / 0.6)
    assert first["marker"] == pytest.approx(odds / (1 + odds), rel=1e-8)
    assert 0.2 < first["low"] < first["mid"] < first["high"] < 0.6
    assert second["people"] == 0  # of its last round nobody answered
    assert second["mid"] is None
    moved = found["movements"][0]
    shift = (np.log((0.3 / 0.7) / (0.2 / 0.8)) + np.log((0.4 / 0.6) / (0.5 / 0.5))) / 2
    assert moved["shift"]["mid"] == pytest.approx(np.exp(shift), rel=1e-8)
    assert [one["question"] for one in found["movements"]] == ["Q1"]


def test_files_of_two_rounds_are_one_table(write) -> None:
    rows = ANSWERS.splitlines()
    whole = told("pool", write("whole.csv", ANSWERS))
    first = write("first.csv", "\n".join([rows[0], *rows[1:3], rows[5]]))
    second = write("second.csv", "\n".join([rows[0], *rows[3:5]]))
    assert told("pool", second, first) == whole
    again = broken("pool", first, first)
    assert again == {("first.csv", 0)}


def test_a_family_that_misses_says_where(write) -> None:
    table = "person,question,low,value,high\na,Q1,0.1,0.3,0.6\nb,Q1,0.4,0.69,0.7\nc,Q1,.2,.2,.3\n"
    found = told("pool", write("a.csv", table), "--family", "logit_normal")["family"]
    assert (found["fitted"], found["not_rising"]) == (2, 1)
    assert {one["person"] for one in found["missed"]} == {"b"}
    assert all(abs(one["gap"]) > 0.02 for one in found["missed"])
    exact = told("pool", write("a.csv", table), "--family", "two_piece")["family"]
    assert exact["missed"] == []
    assert "b" in invoke("pool", write("a.csv", table), "--family", "logit_normal").output


def test_pool_tells_all_findings_of_all_files(write) -> None:
    answers = write(
        "a.csv", ANSWERS.replace("a,Q1,1,0.1", "a,Q1,1,x").replace("0.5,0.6", "0.7,0.6")
    )
    outcomes = write("o.csv", "paper_id,outcome\nQ1,1\nQ1,0\n")
    priors = write("p.csv", "paper_id,prior\nQ1,1\n")
    options = ("--outcomes", outcomes, "--priors", priors)
    assert broken("pool", answers, *options) == {
        ("a.csv", 2),
        ("a.csv", 3),
        ("o.csv", 3),
        ("p.csv", 1),
    }


def test_outcomes_that_fit_nothing_are_findings(write) -> None:
    answers = write("a.csv", ANSWERS)
    odd = write("o.csv", "paper_id,outcome\nQ1,0.5\nQ2,2\n")
    result = invoke("pool", answers, "--outcomes", odd)
    assert result.exit_code == 1
    assert result.output.count("write 0 or 1.") == 2
    strange = write("s.csv", "paper_id,outcome\nP1,1\n")
    assert broken("pool", answers, "--outcomes", strange) == {("s.csv", 0)}
    scored = told("pool", answers, "--outcomes", write("k.csv", "paper_id,outcome\nQ1,1\n"))
    mean = next(one for one in scored["methods"] if one["method"] == "ArMean")
    assert (mean["scored"], mean["brier"]) == (1, pytest.approx(0.65**2))


def test_pool_names_what_a_method_lacks(write) -> None:
    answers = write("a.csv", ANSWERS)
    assert "QuizWAgg needs quiz scores" in refusal("pool", answers, "--method", "QuizWAgg")
    assert "BetaArMean" in refusal("pool", answers, "--method", "Mean")
    found = told("pool", answers, "--method", "all")
    missing = {one["method"] for one in found["not_computed"]}
    assert missing == {"CompWAgg", "EngWAgg", "QuizWAgg", "ReasonWAgg", "ReasonWAgg2"}
    assert {one["method"] for one in found["methods"]} >= {"ShiftWAgg", "KitchSinkWAgg"}
    only = told("pool", answers, "--method", "Median")
    assert [one["method"] for one in only["methods"]] == ["Median"]


@pytest.mark.conformance
def test_pool_gives_the_published_figures_of_aggrecat(shared_data: Path) -> None:
    folder = shared_data / "elicitation" / "replicats-aggrecat"
    found = told(
        "pool",
        folder / "data_ratings.csv",
        *("--outcomes", folder / "data_outcomes.csv", "--quiz", folder / "data_supp_quiz.csv"),
        *("--reasons", folder / "data_supp_reasons.csv", "--method", "all"),
        *("--priors", folder / "data_supp_priors.csv"),
    )
    methods = {one["method"]: one for one in found["methods"]}
    assert len(methods) == 20
    assert methods["BetaArMean"]["brier"] == pytest.approx(0.1105, abs=5e-5)
    assert methods["ArMean"]["scored"] == 25
    with (folder / "data_confidence_scores.csv").open() as file:
        published = [row for row in csv.DictReader(file) if row["method"] in ("ArMean", "LOArMean")]
    assert len(published) == 50
    for row in published:
        ours = methods[row["method"]]["chances"][row["paper_id"]]
        assert ours == pytest.approx(float(row["cs"]), abs=1e-3)
    assert [one["method"] for one in found["not_computed"]] == ["EngWAgg"]
    assert len(found["movements"]) == 25


# --- cooke ---------------------------------------------------------------------------------------

STUDY = "expert,item,q5,q50,q95,scale,realisation\n" + "".join(
    f"{expert},{item},{low},{low + 4},{low + 9},UNI,{known}\n"
    for expert, shift in (("x", 0), ("y", 3))
    for item, start, known in (("s1", 1, 6), ("s2", 5, 8), ("s3", 9, 20), ("t", 2, ""))
    for low in (start + shift,)
)


def test_cooke_reads_one_table_and_warns_of_few_seeds(write) -> None:
    found = told("cooke", write("a.csv", STUDY))
    assert (found["people"], found["seeds"], found["targets"]) == (2, 3, 1)
    assert [one["expert"] for one in found["experts"]] == ["x", "y"]
    assert found["few_seeds"]
    assert found["few_experts"]
    weights = [one["name"] for one in found["decision_makers"]]
    assert weights == ["equal", "global", "global_best", "item", "item_best"]
    items = found["decision_makers"][0]["items"]
    assert [one["realisation"] for one in items] == [6, 8, 20, None]
    plain = invoke("cooke", write("a.csv", STUDY)).output
    assert "fewer than 10 seeds" in plain
    assert "fewer than 4 people" in plain


def test_cooke_wants_a_pair_or_a_table(write) -> None:
    table = write("a.csv", STUDY)
    assert ".dtt" in refusal("cooke", table, table)
    lost = broken(
        "cooke", write("b.csv", STUDY.replace("x,s1,1,5", "x,s1,7,5").replace("UNI", "U", 3))
    )
    assert len(lost) == 3


@pytest.mark.conformance
@pytest.mark.parametrize("name", ["Arkansas", "7quants"])
def test_cooke_scores_as_the_reference(shared_data: Path, name: str) -> None:
    folder = shared_data / "elicitation" / "cooke-studies"
    known = json.loads((folder / "reference_anduryl_1.2.2.json").read_text())["studies"]
    reference = next(one for one in known if one["file"] == f"{name}.dtt")
    found = told("cooke", folder / f"{name}.rls", folder / f"{name}.dtt")  # in any order
    np.testing.assert_allclose(
        [one["calibration"] for one in found["experts"]],
        reference["expert_calibration"],
        rtol=5.1e-4,
    )
    equal = found["decision_makers"][0]
    expected = reference["decision_makers"]["equal"]
    assert equal["calibration"] == pytest.approx(expected["calibration"], rel=1e-3)
    assert equal["information_all"] == pytest.approx(expected["information_all"], abs=1e-3)


# --- rank ----------------------------------------------------------------------------------------

ORDERS = {"a": "123", "b": "123", "c": "132", "d": "213", "e": "321", "f": "312", "g": "321"}


def rankings(groups: str = "AAABBBB") -> str:
    rows = ["person,item,rank,group"]
    for (person, order), group in zip(ORDERS.items(), groups, strict=True):
        rows += [f"{person},i{item},{order.index(item) + 1},{group}" for item in "123"]
    return "\n".join(rows) + "\n"


def test_rank_tells_worths_ranks_and_agreement(write) -> None:
    found = told("rank", write("a.csv", rankings()), "--alpha", "0.1")
    assert found["layout"] == "rankings"
    assert sum(one["worth"] for one in found["items"]) == pytest.approx(1)
    assert [one["log_worth"]["mid"] for one in found["items"]] == sorted(
        (one["log_worth"]["mid"] for one in found["items"]), reverse=True
    )
    sums = [sum(order.index(item) + 1 for order in ORDERS.values()) for item in "123"]
    spread = sum((total - 14) ** 2 for total in sums)
    assert found["concordance"]["w"] == pytest.approx(12 * spread / (49 * 24), rel=1e-8)
    contrast = found["contrast"]
    assert [(one["group"], one["people"]) for one in contrast["groups"]] == [("A", 3), ("B", 4)]
    assert {one["item"] for one in contrast["differences"]} == {"i1", "i2", "i3"}


def test_the_seed_is_all_that_moves_ranks(write) -> None:
    table = write("a.csv", rankings())
    first, again, other = (
        told("rank", table, "--alpha", "1", "--seed", seed)["items"] for seed in ("1", "1", "2")
    )
    assert first == again
    assert first[0]["in_first"] == 1  # three items, and each of them is among the first three
    assert [one["worth"] for one in other] == [one["worth"] for one in first]


def test_rank_refuses_what_the_table_lacks(write) -> None:
    table = write("a.csv", rankings())
    assert "group" in refusal("rank", table, "--by", "age", "--alpha", "1")
    alone = write("b.csv", "person,item,rank\na,x,1\na,y,2\nb,x,1\nb,y,2\n")
    assert "alpha > 0" in refusal("rank", alone)
    assert "parted" in refusal("rank", alone, "--alpha", "1", "--tree")
    twice = "person,item,rank\na,x,1\na,x,q\na,y,2\n"
    assert broken("rank", write("c.csv", twice)) == {("c.csv", 3)}


@pytest.mark.conformance
def test_rank_gives_the_published_worths_of_journals(shared_data: Path) -> None:
    """Agresti, Categorical Data Analysis, table 10.12, against Biometrika."""
    folder = shared_data / "elicitation" / "paired-comparisons"
    found = told("rank", folder / "citations.csv")
    worth = {one["item"]: one["log_worth"]["mid"] for one in found["items"]}
    against = [worth[name] - worth["Biometrika"] for name in ("Comm Statist", "JASA", "JRSS-B")]
    np.testing.assert_allclose(against, [-2.949, -0.480, 0.269], atol=6e-4)


@pytest.mark.conformance
def test_rank_parts_people_by_a_column(shared_data: Path) -> None:
    table = shared_data / "elicitation" / "paired-comparisons" / "germanparties2009.csv"
    found = told("rank", table, "--by", "gender", "--tree")
    assert [one["people"] for one in found["contrast"]["groups"]] == [96, 96]
    assert found["contrast"]["test"] == "likelihood ratio"
    leaves = [re.search(r"(\d+) people: ", line) for line in found["tree"]]
    assert sum(int(leaf[1]) for leaf in leaves if leaf) == 192
    assert "likelihood ratio" in invoke("rank", table, "--by", "gender").output


# --- groups and statements -----------------------------------------------------------------------


def votes() -> str:
    """Two camps of ten; on s0 to s3 each is of one mind, on s4 both are."""
    rows = ["person,statement,vote,group"]
    for person in range(20):
        stance = 1 if person < 10 else -1
        for statement in range(8):
            vote = 1 if statement == 4 else stance * (-1 if statement % 2 else 1)
            vote = 0 if (person + statement) % 7 == 0 else vote
            rows.append(f"p{person},s{statement},{vote},{'A' if person < 10 else 'B'}")
    return "\n".join(rows) + "\n"


def test_groups_are_told_with_their_stability(write) -> None:
    found = told("groups", write("v.csv", votes()), "--draws", "50", "--k", "2")
    assert (found["verdict"], found["stable"], found["placed"]) == ("stable groups", True, 20)
    assert [one["people"] for one in found["groups"]] == [10, 10]
    assert found["consensus"][0]["statement"] == "s4"
    assert found["group_informed"][0]["statement"] == "s4"
    assert found["k_counts"]["2"] == 50
    plain = invoke("groups", write("v.csv", votes()), "--draws", "50").output
    assert plain.index("stable groups") < plain.index("Group 1")


def test_unstable_groups_are_refused(write) -> None:
    rng = np.random.default_rng(5)
    rows = [f"p{p},s{s},{rng.integers(-1, 2)}" for p in range(30) for s in range(12)]
    table = write("v.csv", "\n".join(["person,statement,vote", *rows]))
    found = told("groups", table, "--draws", "60")
    assert (found["verdict"], found["groups"]) == ("no stable groups", [])
    assert "no stable groups" in invoke("groups", table, "--draws", "60").output
    assert "group-id" in refusal("groups", table, "--published-groups")


def test_the_groups_of_a_file_are_taken_as_they_are(write) -> None:
    found = told("groups", write("v.csv", votes()), "--published-groups")
    assert [(one["group"], one["people"]) for one in found["groups"]] == [("A", 10), ("B", 10)]
    assert found["stable"] is None
    informed = {one["statement"]: one["consensus"] for one in found["group_informed"]}
    agree = [sum((p + 4) % 7 != 0 for p in camp) for camp in (range(10), range(10, 20))]
    assert informed["s4"] == pytest.approx((agree[0] + 1) / 12 * (agree[1] + 1) / 12, rel=1e-8)


def test_statements_ask_every_camp(write) -> None:
    found = told("statements", write("v.csv", votes()), "--threshold", "0.5")
    by_name = {one["statement"]: one for one in found["statements"]}
    assert by_name["s4"]["kind"] == "consensus"
    assert {one["kind"] for name, one in by_name.items() if name != "s4"} == {"divided"}
    assert found["camps"] == [{"camp": "A", "people": 10}, {"camp": "B", "people": 10}]
    assert "consensus (1)" in invoke("statements", write("v.csv", votes())).output
    alone = write("w.csv", "person,statement,vote\na,s,1\n")
    assert "group" in refusal("statements", alone)


def test_votes_and_comments_tell_their_findings_together(write) -> None:
    table = write("v.csv", "person,statement,vote,group\na,s,1,A\na,s,0,A\nb,s,7,B\n")
    comments = write("c.csv", "comment-id,moderated\ns,9\n")
    places = {("v.csv", 3), ("v.csv", 4), ("c.csv", 2)}
    assert broken("groups", table, comments) == places
    assert broken("statements", table, comments) == places


@pytest.mark.conformance
def test_published_groups_give_the_published_consensus(shared_data: Path) -> None:
    folder = shared_data / "elicitation" / "polis-open-data" / "bg2050-volunteers"
    files = folder / "participants-votes.csv", folder / "comments.csv"
    found = told("groups", *files, "--published-groups")
    pairs = [(one["consensus"], one["published"]) for one in found["group_informed"]]
    assert len(pairs) == 371
    ours, theirs = np.array(pairs).T
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.conformance
def test_camps_of_a_conversation_come_from_its_file(shared_data: Path) -> None:
    folder = shared_data / "elicitation" / "polis-open-data" / "brexit-consensus"
    files = folder / "participants-votes.csv", folder / "comments.csv"
    found = told("statements", *files)
    by_name = {one["statement"]: one for one in found["statements"]}
    assert by_name["14"]["text"].startswith("The Northern Ireland/Republic")
    for camp in by_name["14"]["camps"]:
        assert camp["agree"] + camp["disagree"] <= camp["votes"]
    with files[0].open() as file:
        rows = list(csv.DictReader(file))
    agree = sum(row["group-id"].startswith("0") and row["14"] == "1" for row in rows)
    assert by_name["14"]["camps"][0]["agree"] == agree
    assert [one["kind"] for one in found["statements"]] == sorted(
        (one["kind"] for one in found["statements"]), key=("consensus", "divided", "too-few").index
    )


# --- what all share ------------------------------------------------------------------------------


def test_a_case_stands_alone_and_without_options_for_files(tmp_path: Path, write) -> None:
    other = write("a.csv", "x\n")
    assert "not both" in refusal("pool", tmp_path, other)
    assert "--method" in refusal("pool", tmp_path, "--method", "ArMean")
    assert "--seed" in refusal("groups", tmp_path, "--seed", "0")
    assert "--by" in refusal("rank", tmp_path, "--by", "group")


def test_numbers_have_nine_digits(write) -> None:
    text = invoke("pool", write("a.csv", ANSWERS), "--json").stdout
    numbers = [part.strip(" ,") for part in text.splitlines() for part in [part.split(": ")[-1]]]
    digits = [n.split("e")[0].strip("-0.").replace(".", "") for n in numbers if n[:1].isdigit()]
    assert digits
    assert max(map(len, digits)) <= 9
