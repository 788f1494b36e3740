from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from detente.elicitation.cooke import Study
from detente.elicitation.foreign.excalibur import read_cooke_table, read_excalibur
from detente.ground.errors import CaseError

HEADER = "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"


def answer(expert: str, item: str, *values: float, scale="UNI", who=1, what=1, text="") -> str:
    numbers = "".join(f" {value:14.5E}" for value in values)
    return f"{who:5d} {expert:>8s} {what:4d} {item:>14s} {scale} {numbers} {text}"


def realised(item: str, value: float, *, scale="UNI", what=1, text="") -> str:
    return f"{what:5d} {item:>14s} {value:12.5E} {scale} {text}"


ANSWERS = [
    HEADER,
    answer("Ana B", "Rock uplift", 1, 2, 3, text="how many mm, uni or log 5 a year?"),
    answer("Ana B", "M>=6 100yrs", 10, 20, 30, scale="LOG", what=2),
    answer("Ana B", "later", -999.5, -999.5, -999.5, what=3),
    answer("Zoë", "Rock uplift", 2, 4, 8, who=2),
    answer("Zoë", "M>=6 100yrs", 1, 2, 3, scale="log", who=2, what=2),
    answer("Zoë", "later", -3, -2, 5, who=2, what=3),
]
REALISED = [
    realised("Rock uplift", 2.5, text="2009 mm"),
    realised("M>=6 100yrs", 12, scale="log", what=2),
    realised("later", -999.6, what=3),
]


def read(answers: list[str], seen: list[str], encoding="utf-8", end="\n") -> Study:
    pair = (end.join(lines).encode(encoding) for lines in (answers, seen))
    first, second = pair
    return read_excalibur("a.dtt", first, "a.rls", second)


def findings(answers: list[str], seen: list[str] = REALISED) -> list[tuple[str, int, str]]:
    with pytest.raises(CaseError) as caught:
        read(answers, seen)
    assert all(found.mend for found in caught.value.findings)
    return [(found.file, found.line, found.problem) for found in caught.value.findings]


def same(a: Study, b: Study) -> bool:
    for name, value in vars(a).items():
        np.testing.assert_array_equal(value, getattr(b, name))
    return True


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_study_is_read(encoding, end):
    study = read([*ANSWERS, "    ", "\x1a"], REALISED[:2], encoding, end)
    assert study.experts == ("Ana B", "Zoë")
    assert study.items == ("Rock uplift", "M>=6 100yrs", "later")
    assert study.scales == ("uni", "log", "uni")
    assert study.probabilities.tolist() == [0.05, 0.5, 0.95]
    assert study.answers[1].tolist() == [[2, 4, 8], [1, 2, 3], [-3, -2, 5]]
    assert np.isnan(study.answers[0, 2]).all()
    assert study.realisations.tolist()[:2] == [2.5, 12]
    assert np.isnan(study.realisations[2])
    assert same(study, read(ANSWERS, REALISED))


def test_columns_that_have_shifted_are_read_by_their_numbers():
    loose = [HEADER, "1 Ana 1 Rock uplift UNI 1 2 3", "2 Zoë 1 Rock uplift UNI\t2\t4\t8"]
    study = read(loose, ["1 Rock uplift 2.5 UNI"])
    assert (study.experts, study.items) == (("Ana", "Zoë"), ("Rock uplift",))
    assert study.answers[:, 0].tolist() == [[1, 2, 3], [2, 4, 8]]
    assert study.realisations.tolist() == [2.5]


def test_seven_quantiles_parted_by_tabs():
    header = "* CLASS ASCII OUTPUT FILE. NQ=   7   QU=  10\t25\t35\t50\t65 75\t90"
    line = (
        "    1        A    1       _item  1 UNI  \t7.00E+00\t7.38E+00\t7.63E+00\t8\t8.38\t8.63\t9"
    )
    study = read([header, line], ["    1       _item  1  1.00000E+0001 UNI"])
    assert study.probabilities.tolist() == [0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9]
    assert study.items == ("_item  1",)
    assert study.answers[0, 0].tolist() == [7, 7.38, 7.63, 8, 8.38, 8.63, 9]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (answer("Ana B", "Rock uplift", 1, 2, 3), "answered twice"),
        (answer("New", "Rock uplift", 3, 2, 1), "do not rise"),
        (answer("New", "Rock uplift", 1, 1, 2), "do not rise"),
        (answer("New", "Rock uplift", 1, 2), "no 3 numbers"),
        (answer("New", "Rock uplift", 1, 2, 3, 4), "no 3 numbers"),
        (answer("New", "Rock uplift", 1, 2, float("nan")), "no 3 numbers"),
        (answer("New", "Rock uplift", -999, 2, 3), "some quantiles"),
        (answer("New", "M>=6 100yrs", 0, 1, 2, scale="LOG"), "0 or less"),
        (answer("New", "Rock uplift", 1, 2, 3, scale="LOG"), "another scale"),
        (answer("New", "Rock uplift", 1, 2, 3, scale="LIN"), "cannot be read"),
        (answer("", "Rock uplift", 1, 2, 3), "cannot be read"),
        ("something else", "cannot be read"),
    ],
)
def test_a_bad_answer_is_found_at_its_line(line, problem):
    found = findings([*ANSWERS, line])
    assert [(file, at) for file, at, _ in found] == [("a.dtt", 8)]
    assert problem in found[0][2]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (realised("unheard of", 3), "no item"),
        (realised("unheard of", -999.5), "no item"),
        (realised("Rock uplift", 3), "two realisations"),
        (realised("Rock uplift", float("inf")), "cannot be read"),
        ("    1    Rock uplift  3", "cannot be read"),
    ],
)
def test_a_bad_realisation_is_found_at_its_line(line, problem):
    found = findings(ANSWERS, [*REALISED, line])
    assert [(file, at) for file, at, _ in found] == [("a.rls", 4)]
    assert problem in found[0][2]


def test_a_log_item_that_was_0_is_found():
    assert "0 or less" in findings(ANSWERS, [realised("M>=6 100yrs", 0)])[0][2]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "is empty"),
        ("    1    Ana", "names no quantiles"),
        ("NQ= 2 QU= 5 50 95", "3 quantiles follow"),
        ("NQ= 3 QU= 5 95 50", "out of order"),
        ("NQ= 3 QU= 0 50 95", "off the scale"),
        ("NQ= 3 QU= 5 fifty 95", "no percentages"),
        ("NQ= 0 QU= ", "no percentages"),
        (HEADER, "has no answer"),
    ],
)
def test_a_bad_header_is_found(header, problem):
    assert problem in findings([header], [])[0][2]


def test_all_findings_come_at_once():
    bad = [*ANSWERS, answer("New", "Rock uplift", 3, 2, 1), "what"]
    found = findings(bad, [*REALISED, realised("unheard of", 3)])
    assert [(file, line) for file, line, _ in found] == [("a.dtt", 8), ("a.dtt", 9), ("a.rls", 4)]


def test_a_table_too_wide_to_hold_is_refused():
    lines = [f"{n} e{n} {n} item{n} UNI 1 2 3" for n in range(1, 3000)]
    assert "too many" in findings([HEADER, *lines], [])[0][2]


# --- mutated files give findings, never another exception ---------------------------------------

DTT, RLS = ("\n".join(lines).encode() for lines in (ANSWERS, REALISED))


def mutated(data: bytes) -> st.SearchStrategy[bytes]:
    cut = st.tuples(
        st.integers(0, len(data)), st.integers(0, 40), st.binary(max_size=12) | st.sampled_from(ODD)
    )
    return st.lists(cut, min_size=1, max_size=4).map(lambda cuts: _cut(data, cuts))


ODD = [b"\n", b"1E999", b"nan", b"-1", b" UNI ", b" LOG 0", b"\xb2", "٣".encode(), b"1_0", b"\x85"]


def _cut(data: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, new in cuts:
        data = data[:place] + new + data[place + length :]
    return data


def read_or_find(reader, *args) -> None:
    try:
        study = reader(*args)
    except CaseError as error:
        assert error.findings  # noqa: PT017
    else:
        assert study.answers.shape == (
            len(study.experts),
            len(study.items),
            study.probabilities.size,
        )


@given(mutated(DTT), mutated(RLS))
@example(b"", b"")
@example(DTT, b"\xff\xfe")
@example(DTT.replace(b"    2", "    ²".encode()), RLS)
def test_mutated_files_are_read_or_found(answers, seen):
    read_or_find(read_excalibur, "a.dtt", answers, "a.rls", seen)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_read_or_found(answers, seen):
    read_or_find(read_excalibur, "a.dtt", HEADER.encode() + b"\n" + answers, "a.rls", seen)


# --- one plain table ----------------------------------------------------------------------------

TABLE = [
    ["expert", "item", "scale", "realisation", "q95", "q5", "q50"],
    ["Ana B", "Rock uplift", "", "2.5", "3", "1", "2"],
    ["Ana B", "M>=6 100yrs", "LOG", "12", "30", "10", "20"],
    ["Ana B", "later", "UNI", "", "", "NA", ""],
    ["Zoë", "Rock uplift", "uni", "", "8", "2", "4"],
    ["Zoë", "M>=6 100yrs", "log", "12", "3", "1", "2"],
    ["Zoë", "later", "", "", "5", "-3", "-2"],
]


def csv(table: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in table).encode()


def test_a_table_is_the_same_study():
    study = read_cooke_table("a.csv", csv(TABLE))
    assert same(study, read(ANSWERS, REALISED))


def test_a_workbook_is_the_same_study():
    book, sink = Workbook(), io.BytesIO()
    for row in TABLE:
        book.active.append(row)
    book.save(sink)
    assert same(read_cooke_table("a.xlsx", sink.getvalue()), read_cooke_table("a.csv", csv(TABLE)))


def test_a_table_needs_neither_scales_nor_realisations():
    study = read_cooke_table("a.csv", b"item;expert;Q2.5;q97.5\nx;Ana;1;2\n")
    assert study.probabilities.tolist() == [0.025, 0.975]
    assert study.scales == ("uni",)
    assert np.isnan(study.realisations).all()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["Zoë", "later", "", "", "5", "-3", "-2"], "answered twice"),
        (["New", "later", "", "", "5", "-3", "-4"], "do not rise"),
        (["New", "later", "", "", "5", "", "-2"], "some quantiles"),
        (["New", "later", "", "", "5", "x", "-2"], "no number"),
        (["New", "later", "lin", "", "5", "-3", "-2"], "no scale"),
        (["New", "later", "log", "", "5", "3", "4"], "another scale"),
        (["New", "M>=6 100yrs", "log", "", "5", "-3", "4"], "0 or less"),
        (["New", "Rock uplift", "", "7", "5", "3", "4"], "two realisations"),
        (["New", "Rock uplift", "", "much", "5", "3", "4"], "no number"),
        (["", "Rock uplift", "", "", "5", "3", "4"], "is empty"),
    ],
)
def test_a_bad_row_is_found_at_its_line(row, problem):
    with pytest.raises(CaseError) as caught:
        read_cooke_table("a.csv", csv([*TABLE, row]))
    (found,) = caught.value.findings
    assert found.line == 8
    assert problem in found.problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"expert,q5\nAna,1", "is no column"),
        (b"expert,item\nAna,x", "no columns of quantiles"),
        (b"expert,item,q0,q50\nAna,x,1,2", "off the scale"),
        (b"expert,item,q5,q5.0\nAna,x,1,2", "out of order"),
        (b"expert,item,q5\n", "has no answer"),
    ],
)
def test_a_table_that_is_no_study_is_found(data, problem):
    with pytest.raises(CaseError, match=problem):
        read_cooke_table("a.csv", data)


@given(mutated(csv(TABLE)))
def test_a_mutated_table_is_read_or_found(data):
    read_or_find(read_cooke_table, "a.csv", data)


# --- the shared studies -------------------------------------------------------------------------


@pytest.mark.conformance
def test_every_shared_study_is_the_same_as_a_table(shared_data: Path):
    folder = shared_data / "elicitation" / "cooke-studies"
    studies = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".dtt")
    assert len(studies) == 12
    for path in studies:
        suffix = ".rls" if path.suffix == ".dtt" else ".RLS"
        seen = path.with_suffix(suffix)
        study = read_excalibur(path.name, path.read_bytes(), seen.name, seen.read_bytes())
        asked = [f"q{100 * p:.10g}" for p in study.probabilities]
        table = [["expert", "item", "scale", "realisation", *asked]]
        for expert, of_expert in zip(study.experts, study.answers, strict=True):
            known = zip(study.items, study.scales, study.realisations, of_expert, strict=True)
            table += [[expert, i, s, _text(r), *map(_text, values)] for i, s, r, values in known]
        again = read_cooke_table("a.csv", csv(table))
        np.testing.assert_allclose(again.probabilities, study.probabilities, rtol=1e-15)
        np.testing.assert_array_equal(again.answers, study.answers)
        np.testing.assert_array_equal(again.realisations, study.realisations)


def _text(number: float) -> str:
    return "" if np.isnan(number) else repr(float(number))
