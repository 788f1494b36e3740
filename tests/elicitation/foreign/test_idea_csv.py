"""Tables of ratings: the published one, small ones, and every mistake at once."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.elicitation.foreign.idea_csv import (
    read_by_question,
    read_idea,
    read_quiz,
    read_reasons,
    read_words,
)
from detente.ground.errors import CaseError

PLAIN = b"""person,question,low,value,high,round,confidence,group
ann,q2,10,20,30,1,80,A
ann,q1,5,50,95,1,90,A
bob,q1,40,45,60,1,50,B
bob,q1,40,50,60,2,,B
"""


@pytest.fixture
def small():
    return read_idea("small.csv", PLAIN)


def findings(data, read=read_idea, **more):
    with pytest.raises(CaseError) as caught:
        read("table.csv", data, **more)
    return [(f.line, f.key) for f in caught.value.findings]


@pytest.mark.conformance
def test_the_published_table_is_read_whole(shared_data):
    file = shared_data / "elicitation/replicats-aggrecat/data_ratings.csv"
    found = read_idea(file.name, file.read_bytes())
    assert found.rounds == ("round_1", "round_2")
    assert found.answers.shape == (2, 25, 25, 3)
    assert found.percent
    assert np.isfinite(found.answers).all()
    assert np.isfinite(found.comprehension).all()
    assert sorted(set(found.groups)) == ["UOM1", "UOM2", "UOM3", "UOM4", "UOM5"]
    person, question = found.people.index("7l8m7dmjdb"), found.questions.index("100")
    assert found.at("round_1")[person, question, 0] == 0.3


@pytest.mark.conformance
def test_the_published_supplements_are_read(shared_data):
    folder = shared_data / "elicitation/replicats-aggrecat"
    found = read_idea("x.csv", (folder / "data_ratings.csv").read_bytes())
    quiz = read_quiz("x.csv", (folder / "data_supp_quiz.csv").read_bytes(), ratings=found)
    assert np.isfinite(quiz).sum() == 21
    why = read_reasons("x.csv", (folder / "data_supp_reasons.csv").read_bytes(), ratings=found)
    assert why.counts.shape == (25, 25, 11)
    assert np.isfinite(why.counts[..., 0]).sum() == 593
    priors = read_by_question(
        "x.csv", (folder / "data_supp_priors.csv").read_bytes(), column="prior_means"
    )
    assert priors["20"] == -0.28533518


def test_a_plain_table_in_percent(small):
    assert small.people == ("ann", "bob")
    assert small.questions == ("q1", "q2")
    assert small.rounds == ("1", "2")
    assert small.percent
    assert small.at("1")[0].tolist() == [[0.05, 0.5, 0.95], [0.1, 0.2, 0.3]]
    assert np.isnan(small.at("2")[0]).all()
    assert small.confidence[0, 0].tolist() == [0.9, 0.8]
    assert np.isnan(small.confidence[1]).all()
    assert small.groups == ("A", "B")


def test_a_plain_table_of_probabilities_without_rounds():
    found = read_idea("t.csv", b"person;question;low;value;high\na;q;0;1e-6;1\n")
    assert not found.percent
    assert found.last.tolist() == [[[0.0, 1e-6, 1.0]]]
    assert found.groups == ("",)


def test_a_workbook_gives_the_same(small):
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for line in PLAIN.decode().splitlines():
        book.active.append([float(c) if c.isdigit() else c or None for c in line.split(",")])
    book.save(out)
    found = read_idea("small.xlsx", out.getvalue())
    assert np.array_equal(found.answers, small.answers, equal_nan=True)


def test_other_elements_of_a_long_table_are_left_out():
    table = (
        b"round,paper_id,user_name,question,element,value\n"
        b"round_1,7,a,direct_replication,three_point_lower,10\n"
        b"round_1,7,a,direct_replication,three_point_best,20\n"
        b"round_1,7,a,direct_replication,three_point_upper,40\n"
        b"round_1,7,a,belief_binary,binary_question,-1\n"
        b"round_1,7,a,comprehension,likert_binary,6\n"
        b"round_1,7,b,comprehension,likert_binary,6\n"
    )
    found = read_idea("t.csv", table)
    assert found.people == ("a",)
    assert found.comprehension.tolist() == [[[6.0]]]


def test_rounds_stand_by_their_number():
    rows = "".join(f"a,q,0,1,2,round {n}\n" for n in (10, 9, 1))
    found = read_idea("t.csv", f"person,question,low,value,high,round\n{rows}".encode())
    assert found.rounds == ("round 1", "round 9", "round 10")


def test_every_finding_comes_at_once():
    table = (
        b"person,question,low,value,high\n"
        b"a,q1,10,x,30\n"  # no number, and so incomplete
        b"a,q2,30,20,40\n"  # out of order
        b"a,q3,10,20,101\n"  # off the scale, and so incomplete
        b",q4,10,20,30\n"  # nobody
        b"b,q1,10,,30\n"  # incomplete
        b"b,q2,10,20,30\n"
        b"b,q2,10,20,30\n"  # twice
    )
    assert findings(table) == [
        (2, "value"),
        (2, "value"),
        (3, "value"),
        (4, "high"),
        (4, "high"),
        (5, "person"),
        (6, "value"),
        (8, "high"),
        (8, "low"),
        (8, "value"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"person,question,low,value\na,q,1,2\n",
        b"person,question,low,value,high\n",
        b"person,question,low,value,high\na,q,,,\n",
        b"round,paper_id,user_name,element,value\n",
        b"person,question,low,value,high\na,q,1,2,inf\n",
        b"\xff\xfe\x00",
        b"person,question,low,value,high\na,q,1,2\n",
    ],
)
def test_what_is_no_table_of_ratings_is_a_finding(table):
    assert findings(table)


def test_too_many_names_are_no_panel():
    rows = "".join(f"p{n},q{n},1,2,3\n" for n in range(5000))
    assert findings(f"person,question,low,value,high\n{rows}".encode()) == [(1, "")]


def test_quiz_scores_of_others_are_left_out_and_twice_is_a_finding(small):
    scores = b"user_name,quiz_score\nbob,7\nzoe,1\nzoe,2\nann,NA\n"
    assert np.array_equal(read_quiz("q.csv", scores, ratings=small), [np.nan, 7.0], equal_nan=True)
    twice = scores + b"bob,8\n"
    assert findings(twice, read_quiz, ratings=small) == [(6, "user_name")]


def test_words_are_spaces_and_one_more_over_all_rows(small):
    table = (
        b"round,paper_id,user_name,justification\n"
        b'1,q1,ann,"so it is, I think"\n2,q1,ann,yes\n1,q2,ann,\n1,q9,ann,other\n'
    )
    found = read_words("w.csv", table, ratings=small)
    assert np.array_equal(found, [[6, np.nan], [np.nan, np.nan]], equal_nan=True)


def test_reasons_are_counted_and_gaps_are_findings(small):
    table = b"paper_id,user_name,RW1,RW2\nq1,bob,0,2\nq2,bob,1,\nq1,bob,1,1\n"
    assert findings(table, read_reasons, ratings=small) == [(3, ""), (4, "user_name")]
    why = read_reasons("r.csv", table.partition(b"q2")[0], ratings=small)
    assert why.codes == ("RW1", "RW2")
    assert why.counts[1, 0].tolist() == [0.0, 2.0]
    assert np.isnan(why.counts[0]).all()


def test_one_number_a_question():
    assert read_by_question("o.csv", b"paper_id,outcome\n7,1\n", column="outcome") == {"7": 1.0}
    twice = b"paper_id,outcome\n7,1\n7,0\n"
    assert findings(twice, read_by_question, column="outcome") == [(3, "paper_id")]


numbers = st.tuples(*[st.floats(0, 100)] * 3).map(sorted)
tables = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["q1", "q2"]), st.sampled_from("12")),
    numbers,
    min_size=1,
)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(table, random):
    def text(places):
        rows = [f"{p},{q},{r},{','.join(map(repr, table[p, q, r]))}" for p, q, r in places]
        return "\n".join(["person,question,round,low,value,high", *rows]).encode()

    shuffled = list(table)
    random.shuffle(shuffled)
    one, two = read_idea("t.csv", text(table)), read_idea("t.csv", text(shuffled))
    assert one.answers.tobytes() == two.answers.tobytes()
    assert (one.people, one.questions, one.rounds) == (two.people, two.questions, two.rounds)


@given(
    st.binary(max_size=80)
    | st.text(alphabet="person,quti;lowvahg\n1.", max_size=80).map(str.encode)
)
def test_noise_is_read_or_refused_and_never_crashes(data):
    try:
        found = read_idea("noise.csv", data)
    except CaseError:
        return
    assert np.isfinite(found.answers).any()
