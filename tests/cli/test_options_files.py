"""`detente options` on tables, on drugis JSON and on GENIUS domains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli
from detente.ground.errors import UsageError

GAINS = """party,side,weight,measure,low,gain,high
north,N,,line,1,2,3
north,N,,notice,-1,1,2
north,N,,limits,-4,-2,-1
north,N,,flights,0,1.5,2
south,S,2,line,1,2,3
south,S,,notice,-3,-2,-1
south,S,,limits,3,5,8
south,S,,flights,0,1,2
east,S,1,line,0,0,0
east,S,,notice,0,0.5,1
east,S,,limits,0,2,3
east,S,,flights,-1,-0.5,0
"""
RULES = """rule,measure,with,value
needs,notice,line,
cost,limits,inspectors,3
cost,flights,inspectors,2
budget,,inspectors,4
verifiable,flights,,1
unilateral,line,,
revocable,notice,,
received,limits,S,4
received,notice,N,3
"""
SCORES = """option,criterion,low,mid,high
x,safety,2,4,6
x,cost,5,5,5
y,safety,6,8,9
y,cost,1,2,3
z,safety,0,1,2
z,cost,6,7,8
"""
NORTH = "criterion,worst,best,points\nsafety,0,10,100\ncost,10,0,50\n"
SOUTH = "criterion,worst,best,rank\nsafety,0,10,2\ncost,10,0,1\n"


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
def write(tmp_path: Path):
    def written(name: str, inside: str) -> Path:
        path = tmp_path / name
        path.write_text(inside)
        return path

    return written


@pytest.fixture
def tables(write) -> tuple[Path, Path]:
    return write("rules.csv", RULES), write("gains.csv", GAINS)


@pytest.fixture
def domains(shared_data: Path) -> Path:
    return shared_data / "options" / "negotiation-genius" / "anac"


def gains(package: dict[str, Any]) -> list[float]:
    return [gain for _, gain in package["gains"]]


# --- tables of gains ------------------------------------------------------------------------------


def test_packages_of_tables_in_any_order(tables) -> None:
    found = told("packages", *tables)
    assert found["format"] == "detente/options-packages/1"
    assert [one["party"] for one in found["parties"]] == ["north", "south", "east"]
    by_rule = {one["solution"]: one for one in found["packages"]}
    assert by_rule["nash"]["package"] == ["line", "notice", "limits"]
    assert gains(by_rule["nash"]) == [1, 5, 2.5]
    assert by_rule["nash"]["status"] == "optimal"
    assert by_rule["nash"]["gap"] <= 1e-7
    assert by_rule["utilitarian"]["comparable"]
    assert not by_rule["kalai-smorodinsky"]["comparable"]
    assert [one["party"] for one in found["best_for"]] == ["north", "south", "east"]
    assert found["best_for"][1]["package"]["objective"] == pytest.approx(7)
    assert [(one["side"], one["weight"]) for one in found["at_side_weights"]] == [
        ("N", pytest.approx(weight)) for weight in (1 / 3, 1 / 2, 2 / 3)
    ]
    assert found["core"]["method"] == "enumerated"
    assert {one["measure"]: one["kind"] for one in found["core"]["indices"]}["line"] == "core"
    said = text("packages", *tables)
    assert "Only if gains are comparable" in said
    assert "weighted sum *" in said


def test_what_stands_against_each_other_is_told(write) -> None:
    table = write("gains.csv", "party,measure,gain\na,x,1\na,y,-1\nb,x,-1\nb,y,-1\n")
    rules = write("rules.csv", "rule,measure,with,value\nrequired,x,,\n")
    found = told("packages", table, rules)
    assert found["status"] == "infeasible"
    assert found["conflict"] == ["required", "gain of b"]
    for verb in ("packages", "agenda", "path"):
        said = text(verb, table, rules)
        assert "- required measures - no loss for b Without any one of these" in said
    assert "No package is acceptable" in text("front", table, rules)
    assert told("front", table, rules)["front"] == []
    alone = text("path", table)
    assert "The package is empty" in alone


def test_a_front_of_all_and_between_two(tables) -> None:
    found = told("front", *tables)
    assert found["method"] == "enumerated"
    assert gains(found["front"][0]) == [4.5, 1, 0]
    assert len(found["front"]) == 5
    two = told("front", *tables, "--between", "south", "east")
    assert two["between"] == ["south", "east"]
    assert {tuple(one["package"]) for one in two["front"]} == {
        ("line", "limits"),
        ("line", "notice", "limits"),
    }
    assert "3 more packages" in text("front", *tables, "--most", 2)
    assert "No party west" in refused("front", *tables, "--between", "south", "west")


def test_a_path_keeps_needs_balance_and_trends(tables) -> None:
    found = told("path", *tables)
    assert found["package"]["package"] == ["line", "notice", "limits"]
    steps = found["path"]["steps"]
    assert [one["begins"] for one in steps] == [["line"], ["notice"], ["limits"]]
    ramp = steps[1]["off_ramp"]
    assert ramp["withdrawable"] == ["notice"]
    assert ramp["balance"] == -3
    assert all(gain >= 0 for step in steps for gain in gains(step["off_ramp"]))
    said = text("path", *tables)
    assert "Balance: what S has received so far less what N has" in said
    # No order keeps within 2, as notice alone gives 3: together they do.
    assert told("path", *tables, "--balance", 2)["path"]["status"] == "infeasible"
    assert "the balance between the sides" in text("path", *tables, "--balance", 2)
    together = told("path", *tables, "--balance", 2, "--most-a-step", 2)
    assert ["notice", "limits"] in [one["begins"] for one in together["path"]["steps"]]
    free = told("path", *tables, "--of", "free", "--steps", 1, "--same-step")
    assert free["package"] is None
    assert free["path"]["status"] == "optimal"


def test_a_balance_needs_what_is_received(tables) -> None:
    assert "what two sides receive" in refused("path", tables[1], "--balance", 2)


def test_an_agenda(tables) -> None:
    found = told("agenda", *tables)
    assert found["package"]["package"] == ["line", "notice", "limits"]
    assert len(found["value_of_agreement"]) == 4
    assert len(found["pivots"]) == 6
    smallest = {one["party"]: one["smallest"] for one in found["misreports"]}
    assert smallest["north"]["measure"] == "limits"
    # Below -3 in all, north loses by the package.
    assert smallest["north"]["changes_at"] == pytest.approx(-1, abs=1e-3)
    said = text("agenda", *tables, "--most", 2, "--fast")
    assert "2 more measures" in said
    assert told("agenda", *tables, "--fast")["misreports"] == []


def test_many_measures_are_sampled(write) -> None:
    rows = [f"{p},m{i},{(i * 7 + k * 3) % 11 - 4}" for k, p in enumerate("ab") for i in range(22)]
    table = write("gains.csv", "\n".join(["party,measure,gain", *rows, ""]))
    found = told("packages", table, "--draws", 5)
    assert found["core"]["method"] == "sampled"
    assert 1 <= len(found["core"]["packages"]) <= 5
    assert found["core"] == told("packages", table, "--draws", 5, "--seed", 1)["core"]
    assert "too many to count" in text("packages", table, "--draws", 5)


def test_one_front_of_many_packages_needs_two_parties(write) -> None:
    rows = [f"{p},m{i},{i % 3}" for p in "abc" for i in range(23)]
    table = write("gains.csv", "\n".join(["party,measure,gain", *rows, ""]))
    assert "--between" in refused("front", table)


# --- scores and weights ---------------------------------------------------------------------------


def test_shares_of_two_parties(write) -> None:
    files = [write("s.csv", SCORES), write("north.csv", NORTH), write("south.csv", SOUTH)]
    found = told("accept", *files, "--half-width", 0.02)
    assert found["format"] == "detente/options-accept/1"
    north, south = found["parties"]
    assert (north["party"], south["party"]) == ("north", "south")
    for party in found["parties"]:
        for rank in range(3):
            shares = [one["ranks"][rank] for one in party["options"]]
            assert sum(one["share"] for one in shares) == pytest.approx(1)
            assert all(one["low"] <= one["share"] <= one["high"] for one in shares)
    first = north["options"][1]
    assert first["option"] == "y"
    assert first["ranks"][0]["share"] > 0.999
    weights = [one["weight"] for one in first["central_weights"]]
    assert weights == pytest.approx([2 / 3, 1 / 3])
    never = north["options"][2]
    assert never["confidence"]["share"] is None
    pairs = [(one["option"], one["before"], one["distinguishable"]) for one in north["pairs"]]
    assert ("x", "y", True) in pairs
    said = text("accept", *files, "--half-width", 0.02)
    assert "First ranks of all parties" in said


def test_what_cannot_be_told_apart_is_said(write) -> None:
    twins = "option,criterion,low,mid,high\n" + "".join(f"{o},c,1,2,3\n" for o in "ab")
    files = [write("s.csv", twins), write("w.csv", "criterion,worst,best\nc,0,10\n")]
    assert "not distinguishable" in text("accept", *files, "--half-width", 0, "--samples", 1000)


def test_relations_of_two_parties(write) -> None:
    files = [write("s.csv", SCORES), write("north.csv", NORTH), write("south.csv", SOUTH)]
    found = told("relations", *files)
    assert found["format"] == "detente/options-relations/1"
    held = {(one["option"], one["as"]): one for one in found["parties"][0]["pairs"]}
    assert held["y", "z"]["necessary"]
    assert not held["z", "y"]["possible"]
    common = {(one["option"], one["as"]): one["holds"] for one in found["in_common"]}
    assert common["y", "z"] == "necessary-for-all"
    assert common["z", "y"] == "impossible-for-all"
    assert "What the parties have in common" in text("relations", *files)


def test_what_is_missing_is_named(write, tables) -> None:
    assert "Name one table of scores" in refused("accept", write("s.csv", SCORES))
    assert "Name one table of scores" in refused("relations", tables[1])
    assert "what each party gains" in refused("packages", write("p.json", "{}"))
    assert "for GENIUS XML only" in refused("packages", *tables, "--units", "raw")
    assert "files of one kind" in refused("packages", tables[0], write("p.json", "{}"))
    assert "ends in one of" in refused("packages", write("p.pdf", ""))
    assert "Name one table of gains" in refused("packages", tables[1], write("g2.csv", GAINS))


def test_wrong_files_get_all_findings_at_once(write) -> None:
    table = write("gains.csv", GAINS + "north,N,,line,,x,\n")
    rules = write("rules.csv", RULES + "need,line,,\nneeds,line,,\n")
    result = run("packages", table, rules)
    assert result.exit_code == 1
    assert "3 things to mend." in result.output
    found = json.loads(run("packages", table, rules, "--json").stdout)
    assert found["format"] == "detente/options-packages/1"
    assert [(Path(one["file"]).name, one["line"]) for one in found["findings"]] == [
        ("gains.csv", 14),
        ("rules.csv", 11),
        ("rules.csv", 12),
    ]


def test_wrong_weights_of_two_parties_come_together(write) -> None:
    scores = write("s.csv", SCORES + "x,safety,1,2,3\n")
    bad = [write(f"w{i}.csv", "criterion,worst,best\nsafety,1,1\ncost,10,0\n") for i in (1, 2)]
    result = run("accept", scores, *bad)
    assert result.exit_code == 1
    assert result.output.count("is scored in line 2 already") == 1
    assert result.output.count("has no range") == 2


# --- drugis JSON ----------------------------------------------------------------------------------


@pytest.mark.conformance
def test_thrombolytics(shared_data: Path) -> None:
    file = shared_data / "options" / "smaa-drugis" / "thrombolytics.json"
    (party,) = told("accept", file)["parties"]
    heparin = party["options"][0]
    assert party["party"] == "thrombolytics"
    # R/test/thrombo.R of the tool: 0.02 for ranks, 0.05 for weights.
    assert heparin["ranks"][0]["share"] == pytest.approx(0.3381, abs=0.02)
    assert heparin["confidence"]["share"] == pytest.approx(0.6389, abs=0.02)
    assert party["options"][1]["confidence"]["share"] == pytest.approx(0.8925, abs=0.02)
    assert party["pairs"][0]["distinguishable"]
    pairs = told("relations", file)["parties"][0]["pairs"]
    assert [(one["necessary"], one["possible"]) for one in pairs] == [(False, True)] * 2


@pytest.mark.conformance
def test_hansen_s_options_are_scored_together(shared_data: Path) -> None:
    file = shared_data / "options" / "smaa-drugis" / "hansen.json"
    (party,) = told("accept", file, "--samples", "20000")["parties"]
    first = {one["option"]: one["ranks"][0]["share"] for one in party["options"]}
    assert first["Placebo"] == pytest.approx(0.6002, abs=0.03)  # of R smaa, from other draws
    pairs = told("relations", file)["parties"][0]["pairs"]
    assert not any(one["necessary"] for one in pairs)


# --- ratings --------------------------------------------------------------------------------------

RATINGS = """\
measure,giver,receiver,question,person,rating
Line,North,South,expected,n1,2
Line,North,South,expected,n2,2.5
Line,North,South,said,s1,8
Line,North,South,said,s2,8.5
Line,North,,cost,n1,3
Line,North,,cost,n2,3
"""


def test_a_table_of_ratings_has_a_ledger(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(RATINGS)
    (entry,) = told("ledger", file)["entries"]
    assert (entry["measure"], entry["giver"], entry["receiver"]) == ("Line", "North", "South")
    assert entry["kind"] == "unnoticed-opening"
    assert entry["gap"]["mid"] == pytest.approx(6)
    said = run("ledger", file).output
    assert "North gives, South receives" in said
    assert "unnoticed opening" in said


def test_a_table_of_ratings_gets_every_finding(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(RATINGS + "Line,North,South,hoped,n1,2\nLine,North,South,said,n1,12\n")
    result = run("ledger", file)
    assert result.exit_code == 1
    assert "2 things to mend." in result.output
    assert "ratings.csv:8" in result.output
    assert "ratings.csv:9" in result.output


def test_what_is_spent_is_told_of_tables_too(tmp_path: Path) -> None:
    gains = tmp_path / "gains.csv"
    gains.write_text("party,measure,gain\na,x,3\na,y,2\nb,x,1\nb,y,4\n")
    rules = tmp_path / "rules.csv"
    rows = "budget,,money,5\ncost,x,money,3\ncost,y,money,4\n"
    rules.write_text("rule,measure,with,value\n" + rows)
    found = told("packages", gains, rules)
    (use,) = found["budgets"]
    assert (use["budget"], use["limit"], use["spent"], use["binds"]) == ("money", 5, 4, True)
    assert use["without"] == ["x", "y"]
    assert found["joint_gains"] == found["groups"] == []
    assert "What the Nash package spends" in run("packages", gains, rules).output


# --- GENIUS ---------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_england_and_zimbabwe(domains: Path) -> None:
    files = sorted((domains / "y2010" / "EnglandZimbabwe").glob("*.xml"))
    assert files[0].stem == "England"  # the domain need not come first
    found = told("packages", *files)
    assert [one["party"] for one in found["parties"]] == ["England", "Zimbabwe"]
    assert gains(found["packages"][0]) == pytest.approx([8.20749, 8.54440], abs=1e-5)
    assert len(told("front", *files)["front"]) == 23


@pytest.mark.conformance
def test_itex_and_cypress(domains: Path) -> None:
    files = sorted((domains / "y2010" / "ItexvsCypress").glob("*.xml"))
    by_rule = {one["solution"]: one for one in told("packages", *files)["packages"]}
    assert sorted(gains(by_rule["nash"])) == pytest.approx([18.51842, 22.69952], abs=1e-5)
    assert sorted(gains(by_rule["leximin"])) == pytest.approx([19.40941, 19.67092], abs=1e-5)
    path = told("path", *files, "--steps", 2)["path"]
    assert sum(len(one["begins"]) for one in path["steps"]) == 4


@pytest.mark.conformance
def test_ten_issues_have_the_ten_published_points(domains: Path) -> None:
    folder = domains / "y2014" / "10issues"
    files = [folder / "10issues-domain.xml", folder / "profile-1.xml", folder / "profile-2.xml"]
    found = told("front", *files, "--units", "normalised")
    rows = (folder / "pareto.xml").read_text().split("\n")
    points = sorted(tuple(map(float, row.split(","))) for row in rows if row.strip())
    assert found["method"] == "programs"
    for point, published in zip(sorted(map(gains, found["front"])), points, strict=True):
        assert point == pytest.approx(published, abs=1e-6)


@pytest.mark.conformance
def test_nice_or_die_rests_on_the_point_of_disagreement(domains: Path) -> None:
    files = sorted((domains / "y2011" / "NiceOrDie").glob("*.xml"))
    worst = told("packages", *files, "--disagreement", "worst")["packages"][0]
    assert worst["package"] == ["NiceOrDie = 29_29"]
    assert sorted(gains(told("packages", *files)["packages"][0])) == [160, 1000]


def test_what_is_wrong_with_names_of_genius_files(write) -> None:
    space = (
        '<utility_space><objective name="o"><issue index="1" name="i" type="discrete">'
        '<item value="a" evaluation="1"/></issue><weight index="1" value="1"/>'
        "</objective></utility_space>"
    )
    domain = write("d.xml", f"<negotiation_template>{space}</negotiation_template>")
    one, two = write("one.xml", space), write("two.xml", space)
    assert [p["party"] for p in told("packages", one, two)["parties"]] == ["one", "two"]
    assert "the profile of each party" in refused("packages", domain)
    other = write("e.xml", domain.read_text())
    assert "Name one domain" in refused("packages", domain, other, one)
    bad = write("bad.xml", space.replace('value="a"', 'value="b"'))
    worse = write("worse.xml", space.replace('evaluation="1"', 'evaluation="x"'))
    result = run("packages", domain, bad, worse)
    assert result.exit_code == 1
    assert "bad.xml" in result.output
    assert "worse.xml" in result.output
    assert "detente options packages" in refused("accept", domain, one)
