"""Polis exports and plain tables of votes."""

import io

import numpy as np
import pytest
from openpyxl import Workbook

from detente.elicitation.foreign.polis import read_conversation
from detente.ground.errors import CaseError

WIDE = b"""participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,10
7,1,0,3,1,1,1,0,-1
9,,0,1,1,0,,1,
"""
COMMENTS = b"""comment-id,moderated,is-meta,group-informed-consensus,comment-body
0,1,false,0.5,"One, two"
2,-1,false,,Two
10,0,true,0.25,Ten
99,1,false,,Nobody voted on it
"""
LONG = b"""person;group;statement;vote
ana;north;s1;agree
ana;north;s2;Disagree
ben;south;s2;pass
ben;south;s3;-1
ana;north;s3;
"""


def rows(whole) -> list[list[tuple[str, int]]]:
    return [
        [
            (whole.statements[column], int(value))
            for column, value in zip(whole.columns[begin:end], whole.values[begin:end], strict=True)
        ]
        for begin, end in zip(whole.starts, whole.starts[1:], strict=False)
    ]


def problems(*given, **more) -> list[tuple[str, int, str]]:
    with pytest.raises(CaseError) as caught:
        read_conversation(*given, **more)
    return [(f.file, f.line, f.key) for f in caught.value.findings]


def test_a_polis_export():
    whole = read_conversation("v.csv", WIDE, "c.csv", COMMENTS)
    assert whole.people == ("7", "9")
    assert whole.camps == ("1", "")
    assert whole.statements == ("0", "2", "10")
    assert rows(whole) == [[("0", 1), ("2", 0), ("10", -1)], [("2", 1)]]
    assert whole.rejected.tolist() == [False, True, True]
    np.testing.assert_array_equal(whole.published, [0.5, np.nan, 0.25])


def test_without_comments_nothing_is_rejected():
    whole = read_conversation("v.csv", WIDE)
    assert not whole.rejected.any()
    assert np.isnan(whole.published).all()


def test_strict_moderation_rejects_what_nobody_looked_at():
    comments = COMMENTS.replace(b"10,0,true", b"10,0,false")
    assert not read_conversation("v.csv", WIDE, "c.csv", comments).rejected[2]
    strict = read_conversation("v.csv", WIDE, "c.csv", comments, unmoderated="rejected")
    assert strict.rejected.tolist() == [False, True, True]


def test_a_row_a_vote():
    whole = read_conversation("votes.csv", LONG)
    assert (whole.people, whole.camps) == (("ana", "ben"), ("north", "south"))
    assert whole.statements == ("s1", "s2", "s3")
    assert rows(whole) == [[("s1", 1), ("s2", -1)], [("s2", 0), ("s3", -1)]]


def test_a_row_a_vote_from_a_workbook():
    book = Workbook()
    for row in (("person", "statement", "vote"), ("ana", 1, 1), ("ana", 2, 0), ("ben", 1, -1)):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    whole = read_conversation("votes.xlsx", data.getvalue())
    assert rows(whole) == [[("1", 1), ("2", 0)], [("1", -1)]]


def test_all_findings_of_both_tables_at_once():
    votes = WIDE.replace(b",1,0,-1", b",2,0,x").replace(b"9,,", b"7,,")
    comments = COMMENTS.replace(b"2,-1,", b"2,maybe,").replace(b"10,0,true", b"0,0,perhaps")
    assert sorted(problems("v.csv", votes, "c.csv", comments)) == [
        ("c.csv", 3, "moderated"),
        ("c.csv", 4, "comment-id"),
        ("c.csv", 4, "is-meta"),
        ("v.csv", 2, "0"),
        ("v.csv", 2, "10"),
        ("v.csv", 3, "participant"),
    ]


def test_findings_of_a_row_a_vote():
    table = LONG + b"ben;north;s3;1\n;north;s1;1\nana;north;;1\nana;north;s4;often\n"
    assert problems("v.csv", table) == [
        ("v.csv", 7, "group"),
        ("v.csv", 7, "statement"),
        ("v.csv", 8, "person"),
        ("v.csv", 9, "statement"),
        ("v.csv", 10, "vote"),
    ]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (b"participant,group-id\n1,2\n", [""]),
        (b"who,what,vote\n1,2,3\n", ["person", "statement"]),
        (b"person,statement\n1,2\n", ["vote"]),
        (b"", [""]),
    ],
)
def test_tables_without_what_is_needed(table, columns):
    assert [key for _, _, key in problems("v.csv", table)] == columns


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "shape", "votes"),
    [
        ("brexit-consensus", (204, 50), 5303),
        ("canadian-electoral-reform", (448, 174), 11950),
        ("bg2050-volunteers", (126, 371), 14283),
        ("vtaiwan.uberx", (1921, 197), 49443),
    ],
)
def test_published_conversations(shared_data, name, shape, votes):
    folder = shared_data / "elicitation" / "polis-open-data" / name
    whole = read_conversation("v.csv", (folder / "participants-votes.csv").read_bytes())
    assert (whole.shape, len(whole.values)) == (shape, votes)
