"""Tables of comparisons in five layouts, and what is wrong with them, all at once."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from detente.elicitation.foreign.pairs import ComparisonTable, read_comparisons
from detente.ground.errors import CaseError


def read(text: str, **more: Any) -> ComparisonTable:
    return read_comparisons("a.csv", text.encode(), **more)


def findings(text: str) -> dict[tuple[int, str], str]:
    with pytest.raises(CaseError) as error:
        read(text)
    found: dict[tuple[int, str], str] = defaultdict(str)
    for one in error.value.findings:
        found[one.line, one.key] += one.problem
    return found


def wins(table: ComparisonTable, person: int = 0) -> set[tuple[str, str]]:
    """Who was put before whom by one person."""
    names = table.comparisons.items
    return {(names[i], names[j]) for i, j in np.argwhere(table.comparisons.wins[person])}


# --- the layouts --------------------------------------------------------------------------------


@pytest.mark.conformance
def test_german_parties(shared_data):
    file = shared_data / "elicitation/paired-comparisons/germanparties2009.csv"
    got = read_comparisons(file.name, file.read_bytes())
    assert got.layout == "wide"
    assert got.comparisons.wins.sum() == 2880
    assert got.comparisons.wins.shape == (192, 6, 6)
    assert set(got.covariates) == {"gender", "age", "education", "crisis"}
    assert got.covariates["gender"][:4] == ("female", "female", "female", "male")
    assert got.covariates["age"][:3] == (40, 63, 31)


@pytest.mark.conformance
def test_citations(shared_data):
    file = shared_data / "elicitation/paired-comparisons/citations.csv"
    got = read_comparisons(file.name, file.read_bytes())
    assert got.layout == "square"
    assert got.comparisons.items == ("Biometrika", "Comm Statist", "JASA", "JRSS-B")
    assert got.comparisons.wins[0, :2].tolist() == [[0, 730, 498, 221], [33, 0, 68, 17]]


def test_wide_with_ties_gaps_and_covariates():
    got = read("who,a:b,a:c,b:c,age\nx,1,0,,30\ny,-1,,1,\n")
    assert got.layout == "wide"
    assert got.comparisons.items == ("a", "b", "c")
    assert got.comparisons.persons == ("1", "2")
    assert (wins(got), wins(got, 1)) == ({("a", "b")}, {("b", "a"), ("b", "c")})
    assert got.comparisons.ties[0, 0].tolist() == [0, 0, 1]
    assert got.covariates["who"] == ("x", "y")
    assert got.covariates["age"][0] == 30
    assert np.isnan(got.covariates["age"][1])


def test_long_with_numbers_or_words():
    got = read(
        "Person;First;Second;Result;Group\n"
        "p;a;b;1;north\np;b;c;second;north\nq;a;c;tie;south\nq;a;b;0;south\nq;b;c;;south\n"
    )
    assert got.layout == "long"
    assert wins(got) == {("a", "b"), ("c", "b")}
    assert wins(got, 1) == set()
    assert got.comparisons.ties[1].sum() == 4
    assert got.covariates == {"group": ("north", "south")}
    assert got.comparisons.basis == "stated"


def test_rankings_with_ties_and_unranked_items():
    text = "person,item,rank,group\nx,a,2,n\nx,b,1,n\nx,c,,n\ny,c,1,s\ny,a,1,s\n"
    got = read(text)
    assert got.layout == "rankings"
    assert wins(got) == {("b", "a")}
    assert got.comparisons.ties[1].sum() == 2
    assert got.comparisons.basis == "implied"
    below = read(text, unranked="last")
    assert wins(below) == {("b", "a"), ("b", "c"), ("a", "c")}
    assert wins(below, 1) == {("c", "b"), ("a", "b")}


def test_best_and_worst():
    got = read(
        "person,set,item,choice\n"
        "x,1,a,best\nx,1,b,\nx,1,c,worst\nx,2,a,\nx,2,d,Best\ny,1,b,best\ny,1,c,\n"
    )
    assert got.layout == "best-worst"
    assert wins(got) == {("a", "b"), ("a", "c"), ("b", "c"), ("d", "a")}
    assert wins(got, 1) == {("b", "c")}


def test_a_square_of_counts():
    got = read(",a,b\na,,3\nb,1,\n")
    assert got.layout == "square"
    assert got.comparisons.wins.tolist() == [[[0, 3], [1, 0]]]


def test_a_workbook_is_read_as_its_text():
    text = "person,a:b,a:c,age\nx,1,-1,30\ny,0,,41\n"
    book = Workbook()
    for line in text.splitlines():
        book.active.append(
            [int(cell) if cell.lstrip("-").isdigit() else cell or None for cell in line.split(",")]
        )
    target = io.BytesIO()
    book.save(target)
    one, two = read(text), read_comparisons("a.xlsx", target.getvalue())
    assert np.array_equal(one.comparisons.wins, two.comparisons.wins)
    assert np.array_equal(one.comparisons.ties, two.comparisons.ties)
    assert (one.covariates, one.layout) == (two.covariates, two.layout)
    assert one.comparisons.persons == two.comparisons.persons == ("x", "y")


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.sampled_from([-1, 0, 1, None]), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_wide_and_long_say_the_same(said):
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    wide = "id," + ",".join(f"{a}:{b}" for a, b in pairs) + "\n"
    long = "person,first,second,result\n"
    for place, row in enumerate(said):
        cells = ["" if one is None else str(one) for one in row]
        wide += f"p{place}," + ",".join(cells) + "\n"
        for (a, b), cell in zip(pairs, cells, strict=True):
            long += f"p{place},{a},{b},{cell}\n"
    one, two = read(wide).comparisons, read(long).comparisons
    assert np.array_equal(one.wins, two.wins)
    assert np.array_equal(one.ties, two.ties)
    assert (one.items, one.persons) == (two.items, two.persons)


def test_columns_that_vary_within_a_person_are_not_of_the_person():
    got = read("person,first,second,result,page,party\nx,a,b,1,1,P\nx,b,a,1,2,P\n")
    assert got.covariates == {"party": ("P",)}


KEYS = [
    ("person", "first", "second", "result"),
    ("person", "item", "rank"),
    ("person", "set", "item", "choice"),
]

# --- findings -----------------------------------------------------------------------------------


def test_all_findings_of_a_long_table():
    found = findings(
        "person,first,second,result,group\np,a,a,1,n\n,a,b,1,n\nq,a,b,2,n\nq,a,b,so,s\nq,,b,0,n\n"
    )
    assert set(found) == {
        (2, "second"),
        (3, "person"),
        (4, "result"),
        (5, "result"),
        (5, "group"),
        (6, "first"),
    }


def test_all_findings_of_a_wide_table():
    found = findings("id,a:a,a:b\nx,1,7\nx,1,1\n,1,b\n")
    assert set(found) == {(1, "a:a"), (2, "a:b"), (3, "id"), (4, "id"), (4, "a:b")}


def test_all_findings_of_rankings():
    assert set(findings("person,item,rank\nx,a,1\nx,a,2\nx,b,high\n,b,1\n")) == {
        (3, "item"),
        (4, "rank"),
        (5, "person"),
    }


def test_all_findings_of_best_and_worst():
    found = findings(
        "person,set,item,choice\n"
        "x,1,a,best\nx,1,b,best\nx,1,b,\nx,2,a,good\nx,2,c,worst\nx,2,d,worst\nx,3,a,best\n"
    )
    assert set(found) == {
        (3, "choice"),
        (4, "item"),
        (5, "choice"),
        (7, "choice"),
        (8, "set"),
    }


def test_all_findings_of_a_square():
    assert set(findings(",a,b\na,0,-3\nb,many,0\n")) == {(2, "b"), (3, "a")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no known layout"),
        ("person,item,rank\n", "no person"),
        ("person,item,rank\nx,a,1\n", "fewer than two items"),
        ("id,a:b\n", "no person"),
        ("", "empty"),
    ],
)
def test_tables_without_comparisons(text, words):
    assert any(words in problem for problem in findings(text).values())


def test_more_persons_and_items_than_a_matrix_holds():
    rows = "".join(f"p{i % 900},i{i},1\n" for i in range(900))
    assert any("too many" in one for one in findings("person,item,rank\n" + rows).values())


@settings(max_examples=150)
@given(st.text(alphabet='ab:,;\n"1-0x', max_size=60), st.integers(0, 4))
def test_any_text_is_read_or_found_wanting(text, head):
    heads = ["", *(",".join(keys) + "\n" for keys in KEYS), ",a,b\n"]
    try:
        got = read(heads[head] + text)
    except CaseError as error:
        assert error.findings  # noqa: PT017
    else:
        assert got.comparisons.wins.shape[1] >= 2
