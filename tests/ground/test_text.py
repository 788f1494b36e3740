from __future__ import annotations

import csv
import io
import math
import os
import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from detente.ground import text
from detente.ground.text import (
    MAX_CELL,
    MAX_DEPTH,
    MAX_KEY,
    MOST_CONTROLS,
    Marked,
    Table,
    dotted,
    parse_csv,
    parse_yaml,
    read_text,
    scalar,
)


def told(marked: Marked) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.key, one.problem, one.mend) for one in marked.findings]


def read_yaml(text: str) -> Marked:
    return parse_yaml(text, Marked("a.yaml"))


def read_csv(text: str) -> Marked:
    return parse_csv(text, Marked("a.csv"))


# --- places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ((), ""),
        (("measures", 3, "acts", 0, "on"), "measures[3].acts[0].on"),
        (("title", "en"), "title.en"),
        ((7, "date"), "date"),
        ((7,), ""),
    ],
)
def test_a_path_is_written_as_people_write_it(path, wanted):
    assert dotted(path) == wanted


def test_the_line_is_that_of_the_nearest_part_that_has_one():
    marked = read_yaml("a:\n  - b: 1\n    c:\n      d: 2\n")
    assert [marked.line(path) for path in [(), ("a",), ("a", 0, "b"), ("a", 0, "c", "d")]] == [
        1,
        1,
        2,
        4,
    ]
    assert marked.line(("a", 0, "c", "missing")) == 3
    assert marked.line(("missing",)) == 1
    assert Marked("a").line(("missing",)) == 0


# --- files ------------------------------------------------------------------------------------


def read(folder: Path, name: str = "a.txt", **options: int) -> tuple[str | None, list[str]]:
    marked = Marked(name)
    text = read_text(folder, name, marked, **options)
    return text, [f"{one.line}: {one.problem} {one.mend}" for one in marked.findings]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfa: 1\n", "a: 1\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        ("Õun\t\u200f\u200d\U0001f54a".encode(), "Õun\t\u200f\u200d\U0001f54a"),
    ],
)
def test_text_is_utf_8_with_or_without_a_mark_and_any_line_ends(tmp_path, raw, text):
    (tmp_path / "a.txt").write_bytes(raw)
    assert read(tmp_path) == (text, [])


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"a: 1\nb: \xe9t\xe9\n", 2),  # Latin-1
        (b"a\r\nb\rc\n\xff", 4),
        ("a: 1\n".encode("utf-16"), 1),
        (b"\xef\xbb\xbf\xff", 1),
        (b"a\n\xed\xa0\x80", 2),  # half of a pair
        (b"\xc0\x80", 1),  # NUL in two bytes
    ],
)
def test_other_encodings_are_found_on_their_line(tmp_path, raw, line):
    (tmp_path / "a.txt").write_bytes(raw)
    assert read(tmp_path) == (None, [f"{line}: is not UTF-8 here. save the file as UTF-8."])


@pytest.mark.parametrize(
    "letter",
    ["\0", "\x07", "\x0b", "\x1b", "\x7f", "\x80", "\x85", "\u2028", "\u202e", "\u2067", "\ufffe"],
)
def test_control_characters_are_found_on_their_line(tmp_path, letter):
    (tmp_path / "a.txt").write_text(f"a\r\nb{letter}c\n", encoding="utf-8", newline="")
    finding = f"2: holds the control character U+{ord(letter):04X}. remove it."
    assert read(tmp_path) == (None, [finding])


def test_not_all_of_many_control_characters_are_told(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\0\n" * 10_000)
    text, findings = read(tmp_path)
    assert text is None
    assert len(findings) == MOST_CONTROLS


def test_a_file_over_the_limit_is_not_read(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a" * 1_000_001)
    assert read(tmp_path, most=1_000_000) == (None, ["0: is larger than 1 MB. shorten it."])
    (tmp_path / "a.txt").write_bytes(b"a" * 1_000_000)
    assert read(tmp_path, most=1_000_000) == ("a" * 1_000_000, [])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("secret")
    (inside / "a.txt").symlink_to(tmp_path / "secret")
    (inside / "b.txt").symlink_to("../secret")
    outside = "0: points outside the case folder. copy the file into the folder."
    assert read(inside) == (None, [outside])
    assert read(inside, "b.txt") == (None, [outside])
    assert read(inside, "../secret") == (None, [outside])


def test_a_link_within_the_folder_is_followed(tmp_path):
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "a.txt").symlink_to("b.txt")
    assert read(tmp_path) == ("b", [])


def test_a_link_that_leads_to_itself_or_nowhere_is_no_file(tmp_path):
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "c.txt").symlink_to("nowhere")
    for name in ("a.txt", "c.txt", "missing.txt"):
        text, [finding] = read(tmp_path, name)
        assert text is None
        assert "put a text file in its place." in finding


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_is_no_file_and_nothing_waits(tmp_path, make):
    make(tmp_path / "a.txt")
    results: list[object] = []
    reader = threading.Thread(target=lambda: results.append(read(tmp_path)), daemon=True)
    reader.start()
    reader.join(timeout=10)
    assert results == [(None, ["0: is no regular file. put a text file in its place."])]


def test_a_file_without_rights_is_found(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_text("a")
    monkeypatch.setattr(Path, "open", refused)
    finding = "0: cannot be read (Permission denied). check the file and its rights."
    assert read(tmp_path) == (None, [finding])


# --- YAML scalars -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("NO", "no", "Yes", "on", "off", "y", "N")),
        ("2020-12", "2020-12"),
        ("2020-12-06", "2020-12-06"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-07", -7),
        ("9223372036854775807", 2**63 - 1),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("nan", "nan"),
        ("infinity", "infinity"),
        ("٣", "٣"),
        ("1\u00a0000", "1\u00a0000"),
    ],
)
def test_a_plain_scalar_is_read_by_the_core_schema(text, value):
    read_value = scalar(text, plain=True)
    assert read_value == value
    assert type(read_value) is type(value)
    assert scalar(text, plain=False) == text


def test_a_number_of_any_length_is_read_quickly_as_a_number():
    assert math.isnan(scalar(".nan", plain=True))
    assert scalar("1" + "0" * 400, plain=True) == math.inf
    assert scalar("-" + "9" * 1_000_000, plain=True) == -math.inf
    assert scalar("1" + "0" * 30, plain=True) == 1e30


@given(st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_its_text(number):
    assert scalar(repr(number), plain=True) == number


# --- YAML texts -------------------------------------------------------------------------------

plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(codec="ascii", exclude_categories=["Cc"])),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(
            st.text(st.characters(codec="ascii", categories=["L"]), max_size=9), below, max_size=4
        )
    ),
    max_leaves=12,
)


@given(plain_values, st.booleans())
def test_a_value_survives_its_text(value, flow):
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    marked = read_yaml(text)
    assert marked.findings == []
    assert marked.value == value


yaml_like = st.lists(
    st.sampled_from(
        [*"ab:-?[]{},#&*!|>'\"%@` \n\t~17", ": ", "- ", "\n  ", "---", "...", "<<", "%YAML"]
    ),
    max_size=40,
).map("".join)


@given(
    st.binary()
    | yaml_like.map(str.encode)
    | st.text().map(lambda text: text.encode(errors="ignore"))
)
def test_any_bytes_are_a_value_or_a_finding(tmp_path_factory, raw):
    folder = tmp_path_factory.getbasetemp()
    (folder / "a.txt").write_bytes(raw)
    marked = Marked("a.txt")
    text = read_text(folder, "a.txt", marked)
    for parse in (parse_yaml, parse_csv) if text is not None else ():
        read_marked = parse(text, Marked("a.txt"))
        assert all(1 <= one.line <= text.count("\n") + 2 for one in read_marked.findings)
        assert read_marked.value is not None or read_marked.findings or parse is parse_yaml
    assert text is not None or marked.findings


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a: 1\na: 2\n", (2, "a", "stands twice.", "keep one of them.")),
        ("a:\n - b: 1\n   b: 2\n", (3, "a[0].b", "stands twice.", "keep one of them.")),
        ("1: a\n'1': b\n", (2, "1", "stands twice.", "keep one of them.")),
        ("a: &x 1\n", (1, "", "uses an anchor (&x).", "remove it.")),
        ("a: 1\nb: *x\n", (2, "", "uses an alias (*x).", "write the value out.")),
        ("<<: *x\n", (1, "", "uses an alias (*x).", "write the value out.")),
        ("a: 1\n---\nb: 2\n", (2, "", "holds more than one document.", "keep one; remove `---`.")),
        ("? [a, b]\n: 1\n", (1, "", "uses a list or a mapping as a key.", "write a plain key.")),
        ("a:\n  {b: 1}: 2\n", (2, "a", "uses a list or a mapping as a key.", "write a plain key.")),
        (
            f"{'k' * (MAX_KEY + 1)}: 1\n",
            (1, "", f"has a key over {MAX_KEY} characters.", "shorten it."),
        ),
        ('a: "\\0"\n', (1, "", "holds the control character U+0000.", "remove it.")),
        ('a: "\\ud800"\n', (1, "", "holds the control character U+D800.", "remove it.")),
        ('"\\e[31m": 1\n', (1, "", "holds the control character U+001B.", "remove it.")),
        (
            'a: 1\nb: "\\UFFFFFFFF"\n',
            (2, "", "is no YAML: a number is too large.", "write plain text."),
        ),
        (
            'a: 1\nb: "\\U00110000"\n',
            (2, "", "is no YAML: a number is too large.", "write plain text."),
        ),
        (
            f"%YAML 1.{'1' * 5_000}\n---\na: 1\n",
            (1, "", "is no YAML: a number is too large.", "write plain text."),
        ),
        (
            "a:\n\t- b\n",
            (
                2,
                "",
                "is no YAML: found character '\\t' that cannot start any token.",
                "use spaces, not tabs.",
            ),
        ),
        (
            "a: b: c\n",
            (
                1,
                "",
                "is no YAML: mapping values are not allowed here.",
                "put a text that holds a colon in quotes.",
            ),
        ),
        (
            "a: @b\n",
            (
                1,
                "",
                "is no YAML: found character '@' that cannot start any token.",
                "put a text that starts with this character in quotes.",
            ),
        ),
        (
            "a: [b\nc: d\n",
            (
                2,
                "",
                "is no YAML: expected ',' or ']', but got ':'.",
                "close the bracket, or put the text before it in quotes.",
            ),
        ),
        ("a: 'b\n", (2, "", "is no YAML: found unexpected end of stream.", "close the quotes.")),
        (
            "a:\n  - b\n c: d\n",
            (
                3,
                "",
                "is no YAML: expected <block end>, but found '<block mapping start>'.",
                "align the items of a list and the keys of a mapping.",
            ),
        ),
        (
            "a: 1\nb\nc: 2\n",
            (3, "", "is no YAML: could not find expected ':'.", "write a colon after the key."),
        ),
    ],
)
def test_what_yaml_may_not_do_is_found_on_its_line(text, finding):
    assert told(read_yaml(text)) == [finding]


@pytest.mark.parametrize(
    "tag", ["!!python/object:os.system", "!!python/name:os.getcwd", "!!binary", "!x", "!!str"]
)
def test_a_tag_makes_no_object(tag):
    marked = read_yaml(f"a: 1\nb: {tag} ls\n")
    [(line, _, problem, mend)] = told(marked)
    assert line == 2
    assert problem.startswith("uses the tag ")
    assert mend == "remove it; write a plain value."
    assert marked.value == {"a": 1, "b": "ls"}


def test_laughs_are_no_billion():
    lines = [
        "a0: &a0 lol",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)),
    ]
    marked = read_yaml("\n".join(lines))
    assert marked.value is None
    assert len(marked.findings) == 10 + 9 * 9


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_deep_nesting_is_found_at_once(text):
    marked = read_yaml(text)
    assert marked.value is None
    *_, (line, _, problem, mend) = told(marked)
    assert (line, mend) == (1, "flatten it.")
    assert problem == f"is nested deeper than {MAX_DEPTH} levels."


def test_nesting_to_the_limit_is_read():
    marked = read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert marked.findings == []


def test_more_values_than_the_limit_are_found(monkeypatch):
    monkeypatch.setattr(text, "MAX_VALUES", 9)
    assert read_yaml("- a\n" * 8).findings == []
    marked = read_yaml("- a\n" * 10_000)
    assert marked.value is None
    assert told(marked) == [(9, "", "holds more than 9 values.", "shorten it.")]


@pytest.mark.parametrize("key", ["1", "1.50", "true", "~", "NO", "2020-12", "''"])
def test_a_key_is_the_text_that_stands_there(key):
    marked = read_yaml(f"a:\n  {key}: b\n")
    assert marked.value == {"a": {key.strip("'"): "b"}}
    assert marked.line(("a", key.strip("'"))) == 2


def test_a_merge_key_is_a_key_like_any_other():
    assert read_yaml("<<: {a: 1}\nb: 2\n").value == {"<<": {"a": 1}, "b": 2}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "~\n", "--- ~\n...\n"])
def test_an_empty_text_has_no_value_and_no_finding(text):
    marked = read_yaml(text)
    assert marked.value is None
    assert marked.findings == []


# --- CSV --------------------------------------------------------------------------------------


def test_a_table_has_its_format_columns_and_rows_with_their_lines():
    marked = read_csv('# detente/x/1\na,b\n1,"two\nlines"\n\n3, 4 \n')
    assert marked.findings == []
    assert marked.value == Table(
        "detente/x/1",
        ("a", "b"),
        [{"a": "1", "b": "two\nlines"}, {"a": "3", "b": " 4 "}],
        frozenset(),
    )
    assert [marked.line(path) for path in [(), (-1, "a"), (0, "b"), (1, "a")]] == [1, 2, 3, 6]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(
    "head",
    ["# detente/x/1", "#detente/x/1", "# detente/x/1 ", "# detente/x/1,,", "# detente/x/1;;"],
)
def test_comma_semicolon_and_tab_part_cells(mark, head):
    table = read_csv(f"{head}\na{mark}b\n1{mark}2\n").value
    assert table == Table("detente/x/1", ("a", "b"), [{"a": "1", "b": "2"}], frozenset())


def test_a_decimal_comma_stands_between_semicolons():
    assert read_csv("# x\na;b;c\n1,5;2,5;x,y,z\n").value.rows == [
        {"a": "1,5", "b": "2,5", "c": "x,y,z"}
    ]


@pytest.mark.parametrize("first", ["", "a,b\n"])
def test_a_table_without_a_format_line_has_none(first):
    table = read_csv(first + "c,d\n").value
    assert table.format is None
    assert table.columns == (("a", "b") if first else ("c", "d"))


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", (1, "", "has no header.", "write the names of the columns into the first row.")),
        ("# x\n", (1, "", "has no header.", "write the names of the columns into the first row.")),
        ("# x\na,b,a\n1,2,3\n", (2, "a", "names a column twice.", "rename or remove one.")),
        ("# x\na,,b\n1,2,3\n", (2, "", "has no name for column 2.", "name or remove it.")),
        (
            "# x\n\na,b\n1,2\n3\n",
            (
                5,
                "",
                "has 1 cells where the header has 2.",
                "add or remove cells; quote those that hold a comma.",
            ),
        ),
        (
            "# x\na,b\n1,2\n3,4,5\n",
            (
                4,
                "",
                "has 3 cells where the header has 2.",
                "add or remove cells; quote those that hold a comma.",
            ),
        ),
        (
            '# x\na,b\n1,"2\n3"\n4,"5\n6,7\n',
            (
                5,
                "",
                "is no CSV from here on: unexpected end of data.",
                "check and close the quotes.",
            ),
        ),
        (
            '# x\na,b\n1,2\n"3"4,5\n',
            (
                4,
                "",
                "is no CSV from here on: ',' expected after '\"'.",
                "check and close the quotes.",
            ),
        ),
        (
            f"# x\na,b\n1,{'c' * (MAX_CELL + 1)}\n",
            (3, "b", f"has more than {MAX_CELL} characters.", "shorten it."),
        ),
    ],
)
def test_what_a_table_may_not_do_is_found_on_its_line(text, finding):
    assert told(read_csv(text)) == [finding]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-1+cmd|x", " =1", "-x", "- see note"],
)
def test_a_cell_that_a_spreadsheet_would_run_is_found(cell):
    [(line, key, problem, mend)] = told(read_csv(f'# x\na,b\n1,2\n"{cell}",2\n'))
    assert (line, key, mend) == (4, "a", "put a word before it.")
    assert problem == f"starts with `{cell.strip()[0]}`: a spreadsheet would run it as a formula."


@pytest.mark.parametrize("cell", ["-1", "+1.5", "-.5e-3", "-", "1-2", "a=b", "\u22125", ""])
def test_numbers_and_texts_are_no_formulas(cell):
    assert told(read_csv(f"# x\na,b\n1,{cell}\n")) == []


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=20
).filter(lambda cell: cell.strip()[:1] not in ("=", "+", "-", "@"))


@given(st.lists(st.tuples(cells, cells, st.just("x")), max_size=8), st.sampled_from(",;\t"))
def test_cells_survive_their_file_and_lines_are_those_of_their_rows(rows, mark):
    out = io.StringIO()
    out.write("# detente/x/1\n")
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    marked = read_csv(out.getvalue())
    assert marked.findings == []
    assert [tuple(row.values()) for row in marked.value.rows] == rows
    line = 3
    for index, row in enumerate(rows):
        assert marked.line((index,)) == line
        line += 1 + sum(cell.count("\n") for cell in row)
