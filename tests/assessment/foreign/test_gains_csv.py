"""Tables of gains and rules: what is read, and what is found wrong."""

from __future__ import annotations

import numpy as np
import pytest

from detente.assessment.bargain.problem import Budget
from detente.assessment.foreign.gains_csv import MOST_STEPS, read_gains
from detente.ground.errors import CaseError

GAINS = """party,side,weight,measure,low,gain,high
north,N,,line,1,2,3
north,N,,limits,,-1,
south,S,2,line,0,1,1
south,,,limits,,4,
east,S,,line,,0,
east,S,1,limits,,0.5,
"""
RULES = """rule,measure,with,value
needs,limits,line,
excludes,limits,line,
required,line,,
red-line,limits,north,
cost,limits,money,3
budget,,money,4
side-weight,,N,1
side-weight,,S,3
received,line,S,2
received,limits,N,1
verifiable,line,,0.5
unilateral,line,,
revocable,limits,,
earliest,limits,,2
latest,line,,2
"""


def read(gains=GAINS, *rules):
    tables = [(f"rules{place}.csv", text.encode()) for place, text in enumerate(rules)]
    return read_gains("gains.csv", gains.encode(), tables)


def found(gains=GAINS, *rules):
    with pytest.raises(CaseError) as raised:
        read(gains, *rules)
    return [(one.file, one.line, one.key, one.problem) for one in raised.value.findings]


def test_gains_are_read_as_they_stand():
    made = read()
    problem = made.problem
    assert problem.measures == ("line", "limits")
    assert problem.parties == ("north", "south", "east")
    assert problem.gains.tolist() == [[2, -1], [1, 4], [0, 0.5]]
    assert made.low.tolist() == [[1, -1], [0, 4], [0, 0.5]]
    assert made.high.tolist() == [[3, -1], [1, 4], [0, 0.5]]
    assert problem.sides == ("N", "S", "S")
    assert problem.weights == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert made.marks.received.shape == (2, 0)


def test_three_columns_are_enough():
    problem = read("party;measure;gain\na;x;1\nb;x;-2\n").problem
    assert problem.own_sides == ("a alone", "b alone")
    assert problem.weights.tolist() == [0.5, 0.5]


def test_every_rule_is_read():
    made = read(GAINS, RULES)
    rules = made.problem.rules
    assert rules.needs == (("limits", "line"),)
    assert rules.excludes == (("limits", "line"),)
    assert rules.required == ("line",)
    assert rules.red_lines == (("north", "limits"),)
    assert rules.budgets == (Budget("money", (0.0, 3.0), 4.0),)
    assert made.problem.side_weights == (("N", 1.0), ("S", 3.0))
    assert made.marks.received.tolist() == [[0, 1], [2, 0]]
    assert made.marks.verifiable.tolist() == [0.5, 0]
    assert made.marks.unilateral == ("line",)
    assert made.marks.revocable == ("limits",)
    assert set(made.marks.windows) == {("line", 1, 2), ("limits", 2, MOST_STEPS)}


def test_rules_may_stand_in_several_tables():
    head, *lines = RULES.splitlines()
    half = len(lines) // 2
    parts = ["\n".join([head, *some, ""]) for some in (lines[:half], lines[half:])]
    assert read(GAINS, *parts).problem.rules == read(GAINS, RULES).problem.rules


def test_a_choice_has_one_measure():
    rules = "rule,measure,with,value\nchoice,line,what,\nchoice,limits,what,\n"
    assert read(GAINS, rules).problem.rules.choices == (("line", "limits"),)


def test_a_party_of_no_side_can_be_weighed():
    gains = "party,measure,gain\na,x,1\nb,x,2\n"
    rules = "rule,measure,with,value\nside-weight,,a,1\nside-weight,,b,3\n"
    assert read(gains, rules).problem.weights == pytest.approx([0.25, 0.75])


def test_a_workbook_is_read(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (["party", "measure", "gain"], ["a", "x", 1.5], ["b", "x", 2]):
        book.active.append(row)
    book.save(tmp_path / "g.xlsx")
    made = read_gains("g.xlsx", (tmp_path / "g.xlsx").read_bytes())
    assert np.array_equal(made.problem.gains, [[1.5], [2]])


def test_all_findings_of_gains_come_at_once():
    gains = """party,side,weight,measure,low,gain,high
north,N,,line,1,2,
north,W,0,line,,1,
south,S,,limits,5,4,6
south,S,2,line,,,
south,S,3,more,,x,
,S,,line,,1,
"""
    told = found(gains)
    assert [(line, key) for _, line, key, _ in told] == [
        (1, "limits"), (1, "more"),
        (2, "low"), (3, "measure"), (3, "side"), (3, "weight"),
        (4, "low"), (5, "gain"), (6, "gain"), (6, "weight"), (7, "party"),
    ]  # fmt: skip
    assert ("gains.csv", 1, "limits", "has no gain of north.") in told


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("need,limits,line,", "is `need`."),
        ("needs,limits,,", "has no `with`."),
        ("needs,nothing,line,", "`nothing` is not known."),
        ("needs,limits,north,", "`north` is not known."),
        ("excludes,line,line,", "names one measure twice."),
        ("required,line,north,", "takes no `with`."),
        ("red-line,line,N,", "`N` is not known."),
        ("cost,line,money,3", "`money` has no limit."),
        ("budget,line,money,3", "takes no `measure`."),
        ("budget,,money,many", "`many` is no number."),
        ("verifiable,line,,2", "2 is off the scale."),
        ("earliest,line,,1.5", "is 1.5."),
        ("side-weight,,N,1", "none is given for S."),
        ("side-weight,,N,0", "is 0."),
        ("required,line,,\nrequired,line,,", "is stated once more."),
        ("choice,line,a,\nchoice,line,b,", "`line` is of `a` already."),
        ("earliest,line,,3\nlatest,line,,2", "comes before the earliest, 3."),
    ],
)
def test_a_wrong_rule_is_found(row, problem):
    told = found(GAINS, f"rule,measure,with,value\n{_filled(row)}\n")
    assert problem in [one for *_, one in told]
    assert {file for file, *_ in told} == {"rules0.csv"}


def _filled(rows: str) -> str:
    return "\n".join(row + "," * (3 - row.count(",")) for row in rows.splitlines())


def test_received_is_of_two_sides():
    gains = "party,measure,gain\na,x,1\nb,x,2\nc,x,1\n"
    rules = "rule,measure,with,value\nreceived,x,a,1\n"
    assert found(gains, rules) == [("rules0.csv", 2, "received", "needs two sides; there are 3.")]


def test_missing_columns_of_all_tables_are_found():
    told = found("party,gain\na,1\n", "rule,measure\nneeds,x\n")
    assert [(file, key) for file, _, key, _ in told] == [
        ("gains.csv", "measure"),
        ("rules0.csv", "value"),
        ("rules0.csv", "with"),
    ]


def test_a_table_without_rows_is_found():
    assert found("party,measure,gain\n") == [("gains.csv", 1, "", "has no gain.")]
