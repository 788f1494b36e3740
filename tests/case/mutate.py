"""Ways in which a case folder goes wrong, or stays right but odd.

A mutation is a function of the files of a case and of three numbers that say where and what.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from detente.ground.text import Marked, parse_yaml

Files = dict[str, bytes]
Mutation = Callable[[Files, int, int, int], None]

ODD_TEXTS = (
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(A1)",
    "-1",
    "<script>alert(1)</script><!--",
    "]]> &amp; &#0;",
    "{{ 7 * 7 }} {% raw %}",
    "%s %(x)s {0} {x} {",
    '#let x = $ \\ * _ ` @ref <label> [a] "b" //',
    "\u05d0\u05d1\u05d2 \u0627\u0644\u0639",
    "\u200f\u200e\u200b\ufeffhidden",
    "1\u00a0000 \u0661\u0662\u0663 \uff11",
    "e\u0301\u0327" * 20,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1ea\U0001f1ea",
    "\U0010fffd\ue000\ufdd0",
    "Nuðr Ünïçøðé \u4e2d\u6587 Ж",
    "w" * 3_999,
    "many words " * 300,
    "line\nline\n\n\n# heading\n- item",
    "\ttab",
    "'",
    '"',
    " ",
    "..",
    "a/b\\c:d",
)
ODD_NUMBERS = (0, 1, -1, 2, 0.5, 1e-3, 1e-15, 1e-300, 5e-324, 1 - 1e-16, 99, 100, 1e6, 1e15)
WRONG: tuple[Any, ...] = (
    None,
    True,
    "",
    "NO",
    "1.5",
    "nan",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"<<": {"a": 1}},
    -1e300,
    10**18,
    10**400,
    float("nan"),
    float("inf"),
    "x" * 20_001,
    "\u202edetrevni",
    [[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]],
)
RAW = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xe9",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\t",
    b"\r",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\n---\n",
    b"\n...\n",
    b"&a [*a, *a]",
    b"!!python/object/apply:os.system [ls]",
    b'"\\ud800\\UFFFFFFFF"',
    b'"',
    b"{[{[{[",
    b": : :",
    b"# x\n",
    b"%YAML 9.9\n",
)
FREE = {"title", "text", "name", "summary", "does", "event", "note", "verified", "if_stopped"}
FREE |= {"affected", "about", "who", "place", "words", "document", "url", "author", "what"}
FREE |= {"account_a", "account_b", "actor_a", "actor_b", "reported_by", "qualifier", "domain"}
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


# --- files as trees and tables ------------------------------------------------------------------


def _tree(files: Files, name: str) -> Any:
    text = files[name].decode("utf-8", "replace")
    return parse_yaml(text, Marked(name)).value if name.endswith(".yaml") else None


def _nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree: what holds it, and its key or index there."""
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(below, dict | list):
            yield from _nodes(below)


def _any(holder: Any, key: Any) -> bool:
    return True


def _in_tree(
    change: Callable[[Any, Any, list[tuple[Any, Any]], int], None],
    fits: Callable[[Any, Any], bool] = _any,
) -> Mutation:
    """A mutation that changes one fitting place of one YAML file."""

    def mutation(files: Files, where: int, place: int, what: int) -> None:
        names = [name for name in sorted(files) if name.endswith(".yaml")]
        name = names[where % len(names)] if names else ""
        tree = _tree(files, name) if name else None
        nodes = list(_nodes(tree)) if isinstance(tree, dict | list) else []
        fitting = [node for node in nodes if fits(*node)]
        if fitting:
            change(*fitting[place % len(fitting)], nodes, what)
            files[name] = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode(
                "utf-8", "replace"
            )

    return mutation


def _in_table(change: Callable[[list[list[str]], int, int], None]) -> Mutation:
    """A mutation that changes the header and the rows of one CSV file."""

    def mutation(files: Files, where: int, place: int, what: int) -> None:
        names = [name for name in sorted(files) if name.endswith(".csv")]
        if not names:
            return
        name = names[where % len(names)]
        head, _, body = files[name].decode("utf-8", "replace").partition("\n")
        rows = [row for row in csv.reader(io.StringIO(body.replace("\0", ""))) if row]
        if len(rows) > 1:
            change(rows, place, what)
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            files[name] = f"{head}\n{text.getvalue()}".encode("utf-8", "replace")

    return mutation


# --- changes that may leave the case sound ------------------------------------------------------


def _is(kind: type) -> Callable[[Any, Any], bool]:
    return lambda holder, key: type(holder[key]) is kind


def _is_number(holder: Any, key: Any) -> bool:
    return isinstance(holder[key], int | float) and not isinstance(holder[key], bool)


def _is_free(holder: Any, key: Any) -> bool:
    return isinstance(holder, dict) and key in FREE and isinstance(holder[key], str)


def _odd_text(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = ODD_TEXTS[what % len(ODD_TEXTS)]


def _odd_number(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = ODD_NUMBERS[what % len(ODD_NUMBERS)]


def _scaled(holder: Any, key: Any, _: Any, what: int) -> None:
    """An interval stays in order where both ends are scaled alike."""
    factor = (1e-12, 1e-3, 0.5, 1.5, 10)[what % 5]
    for end in ("value", "low", "mid", "high"):
        if isinstance(holder, dict) and isinstance(holder.get(end), float | int):
            holder[end] = holder[end] * factor


def _flip(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = not holder[key]


def _left_out(holder: Any, key: Any, _: Any, what: int) -> None:
    del holder[key]


def _emptied(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = []


def _shuffled(holder: Any, key: Any, _: Any, what: int) -> None:
    turn = what % max(len(holder[key]), 1)
    holder[key] = holder[key][turn:] + holder[key][:turn]


def _as_elsewhere(holder: Any, key: Any, nodes: list[tuple[Any, Any]], what: int) -> None:
    """Take what stands under the same key elsewhere: another id, another word of a choice."""
    same = [other[k] for other, k in nodes if k == key and type(other) is type(holder)]
    holder[key] = json.loads(json.dumps(same[what % len(same)]))


def _row_out(rows: list[list[str]], place: int, what: int) -> None:
    del rows[1 + place % (len(rows) - 1)]


def _rows_out(rows: list[list[str]], place: int, what: int) -> None:
    del rows[1 + place % (len(rows) - 1) :]


def _cell_as_elsewhere(rows: list[list[str]], place: int, what: int) -> None:
    column = what % len(rows[0])
    here, there = 1 + place % (len(rows) - 1), 1 + what % (len(rows) - 1)
    rows[here][column] = rows[there][column]


def _odd_free_cell(rows: list[list[str]], place: int, what: int) -> None:
    free = [index for index, name in enumerate(rows[0]) if name in FREE and name != "about"]
    if free:
        row = rows[1 + place % (len(rows) - 1)]
        row[free[what % len(free)]] = ODD_TEXTS[(what // 7) % len(ODD_TEXTS)]


def _odd_number_cell(rows: list[list[str]], place: int, what: int) -> None:
    row = rows[1 + place % (len(rows) - 1)]
    filled = [index for index, cell in enumerate(row) if cell.replace(".", "").isdigit()]
    if filled:
        row[filled[what % len(filled)]] = str(ODD_NUMBERS[what % len(ODD_NUMBERS)])


def _columns_turned(rows: list[list[str]], place: int, what: int) -> None:
    turn = what % len(rows[0])
    rows[:] = [row[turn:] + row[:turn] for row in rows]


GENTLE: tuple[Mutation, ...] = (
    _in_tree(_odd_text, _is_free),
    _in_tree(_odd_number, _is_number),
    _in_tree(_scaled, _is_number),
    _in_tree(_flip, _is(bool)),
    _in_tree(_left_out),
    _in_tree(_emptied, _is(list)),
    _in_tree(_shuffled, _is(list)),
    _in_tree(_as_elsewhere),
    _in_table(_row_out),
    _in_table(_rows_out),
    _in_table(_cell_as_elsewhere),
    _in_table(_odd_free_cell),
    _in_table(_odd_number_cell),
    _in_table(_columns_turned),
)


def odd_throughout(files: Files, odd: str) -> None:
    """Every free text of every YAML file is ``odd``."""
    for name in [name for name in files if name.endswith(".yaml")]:
        tree = _tree(files, name)
        for holder, key in list(_nodes(tree)):
            if _is_free(holder, key):
                holder[key] = odd
        files[name] = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode()


# --- changes that break it ----------------------------------------------------------------------


def _wrong(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = WRONG[what % len(WRONG)]


def _extra(holder: Any, key: Any, _: Any, what: int) -> None:
    if isinstance(holder, dict):
        holder[("strange", "", "<path>", "id2", "low")[what % 5]] = holder[key]


def _twice(holder: Any, key: Any, _: Any, what: int) -> None:
    holder[key] = holder[key] * 2


def _moved(holder: Any, key: Any, nodes: list[tuple[Any, Any]], what: int) -> None:
    other, k = nodes[what % len(nodes)]
    holder[key] = json.loads(json.dumps(other[k]))


def _raw(files: Files, where: int, place: int, what: int) -> None:
    name = sorted(files)[where % len(files)]
    at = place % (len(files[name]) + 1)
    files[name] = files[name][:at] + RAW[what % len(RAW)] + files[name][at:]


def _truncated(files: Files, where: int, place: int, what: int) -> None:
    name = sorted(files)[where % len(files)]
    files[name] = files[name][: place % (len(files[name]) + 1)]


def _line(files: Files, where: int, place: int, what: int) -> None:
    """A line out, twice, or deeper."""
    name = sorted(files)[where % len(files)]
    lines = files[name].split(b"\n")
    at = place % len(lines)
    lines[at : at + 1] = ([], [lines[at]] * 2, [b"  " + lines[at]], [b""])[what % 4]
    files[name] = b"\n".join(lines)


def _bomb(files: Files, where: int, place: int, what: int) -> None:
    name = sorted(files)[where % len(files)]
    files[name] += BOMB.encode()


def _version(files: Files, where: int, place: int, what: int) -> None:
    name = sorted(files)[where % len(files)]
    files[name] = files[name].replace(b"/1", (b"/2", b"/0", b"", b"/1/1")[what % 4], 1)


def _encoding(files: Files, where: int, place: int, what: int) -> None:
    name = sorted(files)[where % len(files)]
    text = files[name].decode("utf-8", "replace") + "# \xe9\n"
    files[name] = text.encode(("utf-16", "latin-1", "utf-8-sig", "cp037")[what % 4], "replace")


def _file_out(files: Files, where: int, place: int, what: int) -> None:
    del files[sorted(files)[where % len(files)]]


def _renamed(files: Files, where: int, place: int, what: int) -> None:
    names = sorted(files)
    name = names[where % len(names)]
    new = ("x.yaml", name.upper(), name + "~", "answers/x.csv", names[place % len(names)])[what % 5]
    files[new] = files.pop(name)


def _wrong_cell(rows: list[list[str]], place: int, what: int) -> None:
    row = rows[place % len(rows)]
    row[what % len(row)] = str(WRONG[(what // 7) % len(WRONG)])


def _odd_cell(rows: list[list[str]], place: int, what: int) -> None:
    row = rows[place % len(rows)]
    row[what % len(row)] = ODD_TEXTS[(what // 7) % len(ODD_TEXTS)]


def _cells_swapped(rows: list[list[str]], place: int, what: int) -> None:
    row = rows[place % len(rows)]
    one, other = place % len(row), what % len(row)
    row[one], row[other] = row[other], row[one]


def _ragged(rows: list[list[str]], place: int, what: int) -> None:
    row = rows[place % len(rows)]
    row[what % len(row) :] = [] if what % 2 else ["a"] * (len(row) + 3)


def _row_twice(rows: list[list[str]], place: int, what: int) -> None:
    rows.append(list(rows[place % len(rows)]))


WILD: tuple[Mutation, ...] = (
    *GENTLE,
    _in_tree(_wrong),
    _in_tree(_extra),
    _in_tree(_twice, _is(list)),
    _in_tree(_moved),
    _in_table(_wrong_cell),
    _in_table(_odd_cell),
    _in_table(_cells_swapped),
    _in_table(_ragged),
    _in_table(_row_twice),
    _raw,
    _truncated,
    _line,
    _bomb,
    _version,
    _encoding,
    _file_out,
    _renamed,
)

# --- what stands in the place of a file -----------------------------------------------------------

LINKS = ("", "/etc/passwd", "../outside", "case.yaml", "nowhere", ".")


def linked(folder: Path, where: int, what: int) -> None:
    """One file, or the folder of answers, becomes a link; the first of `LINKS` is to itself."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    path = names[where % len(names)]
    path.unlink()
    path.symlink_to(LINKS[what % len(LINKS)] or path.name)
