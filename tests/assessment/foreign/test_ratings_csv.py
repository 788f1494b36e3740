"""Tables of ratings: what is read, the ledger that follows, and what is found wrong."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pytest
from scipy import stats

from detente.assessment.foreign.ratings_csv import QUESTIONS, read_ratings
from detente.assessment.ledger import entries, ledger, shown_ratings
from detente.case.read import read_case
from detente.elicitation.assess import assess_elicitation
from detente.ground.errors import CaseError

HEAD = "measure,giver,receiver,question,person,rating\n"
GOOD = """\
Line,North,South,expected,n1,7
Line,North,South,expected,n2,8
Line,North,South,expected,n3,9
Line,North,South,said,s1,8
Line,North,South,said,s2,9
Line,North,South,said,s3,8.5
Line,North,,cost,n1,1
Line,North,South,cost,n2,2
Line,North,,cost,n3,1.5
Line,North,,kept_own,n1,0.9
Line,North,South,kept_own,n2,0.7
Line,North,South,kept_other,s1,0.4
Line,North,South,kept_other,s2,0.6
Visit,South,North,expected,s1,9
Visit,South,North,expected,s2,9
Visit,South,North,expected,s3,8
Visit,South,North,said,n1,1
Visit,South,North,said,n2,2
Visit,South,North,said,n3,1
"""


def read(text, file="r.csv"):
    return read_ratings(file, (HEAD + text).encode())


def made(text):
    table = read(text)
    return entries(table.ratings, table.measures, table.sides)


def test_a_table_gives_the_ledger_in_both_directions():
    line, visit = made(GOOD)
    assert (line.measure, line.giver, line.receiver) == ("Line", "North", "South")
    assert (line.kind, visit.kind) == ("valued-and-cheap", "gift-nobody-wants")
    assert line.said.mid == pytest.approx(8.5)
    half = stats.t.ppf(0.95, 2) * np.std([7, 8, 9], ddof=1) / np.sqrt(3)
    assert (line.expected.low, line.expected.high) == pytest.approx((8 - half, 8 + half))
    assert line.gap.mid == pytest.approx(0.5)
    assert line.cost.mid == pytest.approx(1.5)
    assert line.kept_by_own_view.mid == pytest.approx(0.8)
    assert line.kept_by_other_view.mid == pytest.approx(0.5)
    assert (line.people_giver, line.people_receiver) == (3, 3)
    assert visit.cost is None
    assert (visit.giver, visit.receiver) == ("South", "North")


def test_the_order_of_rows_changes_no_entry():
    turned = "".join(reversed(GOOD.splitlines(keepends=True)))
    by_measure = {one.measure: one for one in made(turned)}
    for one in made(GOOD):
        other = by_measure[one.measure]
        assert (other.kind, other.people_giver) == (one.kind, one.people_giver)
        assert other.expected.mid == pytest.approx(one.expected.mid)


def test_a_workbook_is_read_as_text_is():
    book = openpyxl.Workbook()
    for row in (HEAD + GOOD).splitlines():
        cells = [float(x) if x.replace(".", "").isdigit() else x for x in row.split(",")]
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    table = read_ratings("r.xlsx", stream.getvalue())
    found = entries(table.ratings, table.measures, table.sides)
    assert found == made(GOOD)


def test_one_rating_makes_no_entry():
    assert made("Line,North,South,expected,n1,7\nLine,North,South,said,s1,7\n") == ()


def test_three_sides_rate_each_other():
    rows = [
        f"Line,{a},{b},{question},{person},{value}\n"
        for a, b, value in (("x", "y", 8), ("x", "z", 2))
        for question, who in (("expected", a), ("said", b))
        for person in (f"{who}1", f"{who}2")
    ]
    found = made("".join(rows))
    assert [(one.giver, one.receiver, one.said.mid) for one in found] == [
        ("x", "y", 8),
        ("x", "z", 2),
    ]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Line,North,South,hoped,n1,7", "question", "`hoped`"),
        (",North,South,expected,n1,7", "measure", "empty"),
        ("Line,,South,expected,n1,7", "giver", "empty"),
        ("Line,North,,said,s1,7", "receiver", "empty"),
        ("Line,North,South,expected,,7", "person", "empty"),
        ("Line,North,North,expected,n1,7", "receiver", "the giver"),
        ("Line,North,South,expected,n1,", "rating", "empty"),
        ("Line,North,South,expected,n1,much", "rating", "much"),
        ("Line,North,South,expected,n1,11", "rating", "11"),
        ("Line,North,South,kept_own,n1,5", "rating", "5"),
        ("Visit,North,South,expected,s1,5", "person", "answers for North, and before for South"),
        ("Line,North,South,expected,n1,5", "rating", "line 2 already"),
    ],
)
def test_every_finding_says_where_it_is(row, column, words):
    with pytest.raises(CaseError) as raised:
        read(GOOD + row + "\n")
    (found,) = raised.value.findings
    assert (found.line, found.key) == (len(GOOD.splitlines()) + 2, column)
    assert words in found.problem
    assert found.mend


def test_the_cost_of_a_measure_is_asked_once_of_a_person_whoever_receives_it():
    with pytest.raises(CaseError) as raised:
        read(GOOD + "Line,North,South,cost,n1,4\n")
    (found,) = raised.value.findings
    assert found.key == "rating"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no rating"), ("Line,North,,cost,n1,1\n", "one side only")],
)
def test_a_table_needs_ratings_and_two_sides(text, words):
    with pytest.raises(CaseError) as raised:
        read(text)
    assert any(words in one.problem for one in raised.value.findings)


def test_all_findings_come_at_once():
    with pytest.raises(CaseError) as raised:
        read("Line,North,North,hoped,,x\n")
    assert len(raised.value.findings) >= 4


def test_missing_columns_are_told():
    with pytest.raises(CaseError) as raised:
        read_ratings("r.csv", b"measure,giver\nLine,North\n")
    assert {one.key for one in raised.value.findings} == {
        "receiver",
        "question",
        "person",
        "rating",
    }


def test_the_ratings_of_a_case_as_a_table_give_the_ledger_of_the_case(root):
    """The same rule, by both ways: a table of every rating of the training case that is shown."""
    case = read_case(root / "cases" / "training")
    groups = assess_elicitation(case).groups
    sides = [side.id for side in case.about.sides]
    names = {one.kind: name for name, one in QUESTIONS.items() if one.kind != "kept"}
    rows = []
    for (kind, measure, by, about), values in shown_ratings(case, groups).items():
        other = next(side for side in sides if side != by)
        question = names.get(kind) or ("kept_own" if by == about else "kept_other")
        asks = QUESTIONS[question]
        giver, receiver = (by, other) if asks.by == "giver" else (other, by)
        rows += [
            f"{measure},{giver},{receiver},{question},{by}-{i},{value!r}\n"
            for i, value in enumerate(values.tolist())
        ]
    table = read("".join(rows))
    measures = [one.id for one in case.measures]
    assert entries(table.ratings, measures, sides) == ledger(case, groups)
