"""Read YAML and CSV that people wrote: every value knows its line, and nothing is trusted.

YAML is read by the core schema of YAML 1.2, so that ``NO`` is Norway and ``2020-12`` a text, and
without aliases, tags or deep nesting, so that a small file cannot become a large one.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from detente.ground.errors import Finding

Path_ = tuple[str | int, ...]

MAX_BYTES = 16_000_000
MAX_YAML_BYTES = 2_000_000
MAX_DEPTH = 24
MAX_VALUES = 50_000
MAX_KEY = 200
MAX_ROWS = 200_000
MAX_CELL = 20_000
HEADER = -1
MOST_CONTROLS = 20

# Controls but tab and line feed, line ends that only some programs see, marks that turn the
# direction of what follows, halves of characters, and what Unicode keeps for no character.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass
class Marked:
    """A value read from a file, the line of each of its parts, and what was wrong on the way."""

    file: str
    value: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """The line of the nearest enclosing part that has one; 0 where none has."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0

    def find(self, path: Path_, problem: str, mend: str) -> None:
        """Record a finding at ``path``."""
        self.find_at(self.line(path), dotted(path), problem, mend)

    def find_at(self, line: int, key: str, problem: str, mend: str) -> None:
        """Record a finding on a line."""
        self.findings.append(Finding(self.file, line, key, problem, mend))


def dotted(path: Path_) -> str:
    """A path as people write it: ``measures[3].acts[0].on``, counted from 0.

    Of a cell, whose path begins with a row, only the column: the line tells the row.
    """
    out = ""
    for part in path[1:] if path and isinstance(path[0], int) else path:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def read_text(folder: Path, name: str, marked: Marked, *, most: int = MAX_BYTES) -> str | None:
    """The text of ``folder/name``, or None with a finding.

    The file must lie in the folder, be regular, hold ``most`` bytes at the most, and be UTF-8.
    """
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            marked.find((), "points outside the case folder.", "copy the file into the folder.")
            return None
        if not path.is_file():
            marked.find((), "is no regular file.", "put a text file in its place.")
            return None
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        marked.find((), f"cannot be read ({error.strerror}).", "check the file and its rights.")
        return None
    except RuntimeError:  # how Python 3.11 and 3.12 tell of a symbolic link that leads to itself
        marked.find((), "is a link to itself.", "put a text file in its place.")
        return None
    if len(raw) > most:
        marked.find((), f"is larger than {most // 10**6} MB.", "shorten it.")
        return None
    return _decode(raw, marked)


def _decode(raw: bytes, marked: Marked) -> str | None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        marked.find_at(line, "", "is not UTF-8 here.", "save the file as UTF-8.")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = list(islice(_CONTROLS.finditer(text), MOST_CONTROLS))
    for bad in found:
        line = text.count("\n", 0, bad.start()) + 1
        marked.find_at(line, "", _holds(bad), "remove it.")
    return None if found else text


def _holds(bad: re.Match[str]) -> str:
    return f"holds the control character U+{ord(bad.group()):04X}."


# --- YAML ------------------------------------------------------------------------------------


def parse_yaml(text: str, marked: Marked) -> Marked:
    """Fill ``marked`` with the value of a YAML text from `read_text` and the line of each part.

    A text that is no YAML, or that uses what is not read, has the value None and a finding.
    """
    fast = Marked(marked.file, findings=list(marked.findings))
    try:
        builder = _built(getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text), fast)
    except (yaml.YAMLError, ValueError, OverflowError):
        # libyaml reads a case ten times faster; the parser in Python tells better what is wrong
        return _parse_patiently(text, marked)
    marked.lines, marked.findings = fast.lines, fast.findings
    marked.value = builder.root if builder.usable else None
    return marked


def _parse_patiently(text: str, marked: Marked) -> Marked:
    builder: _Builder | None = None
    loader: Any = yaml.SafeLoader(text)
    try:
        builder = _built(loader, marked)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"{error.problem or error.context}"
        marked.find_at(
            mark.line + 1 if mark else 0, "", f"is no YAML: {problem}.", _yaml_mend(problem)
        )
    except (ValueError, OverflowError):  # an escape or a version with a number that is too large
        line = loader.line + 1
        marked.find_at(line, "", "is no YAML: a number is too large.", "write plain text.")
    marked.value = builder.root if builder is not None and builder.usable else None
    return marked


def _built(loader: Any, marked: Marked) -> _Builder:
    builder = _Builder(marked)
    try:
        while loader.check_event() and not builder.stopped:
            builder.take(loader.get_event())
    finally:
        loader.dispose()
    return builder


_YAML_MENDS = {
    "'\\t'": "use spaces, not tabs.",
    "mapping values": "put a text that holds a colon in quotes.",
    "cannot start any token": "put a text that starts with this character in quotes.",
    "while scanning a quoted": "close the quotes.",
    "end of stream": "close the quotes.",
    "expected ',' or": "close the bracket, or put the text before it in quotes.",
    "stream end": "close the bracket.",
    "block end": "align the items of a list and the keys of a mapping.",
    "could not find expected ':'": "write a colon after the key.",
}


def _yaml_mend(problem: str) -> str:
    """What to do about a problem that the YAML parser names."""
    fitting = (mend for words, mend in _YAML_MENDS.items() if words in problem)
    return next(fitting, "check indentation, quotes and colons.")


class _Builder:
    """Turns the parser's events into values, without recursion."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.root: Any = None
        self.stopped = False
        self.usable = True
        self._documents = 0
        self._values = 0
        self._stack: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "holds more than one document.", "keep one; remove `---`.")
        elif isinstance(event, yaml.AliasEvent):
            self._find(event, f"uses an alias (*{event.anchor}).", "write the value out.")
            self.usable = False
            self._put("", event)
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event)
            self._put(self._scalar(event), event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        """The value of a scalar; as a key it is always a text."""
        bad = _CONTROLS.search(event.value)
        if bad:
            self._find(event, _holds(bad), "remove it.")
            return _CONTROLS.sub("", event.value)
        as_key = self._stack and self._stack[-1].key is _NO_KEY
        return scalar(event.value, plain=event.implicit[0] and not as_key)

    def _check_tag(self, event: Any) -> None:
        if event.anchor is not None:
            self._find(event, f"uses an anchor (&{event.anchor}).", "remove it.")
        if event.tag is not None and event.tag != "!":
            self._find(event, f"uses the tag {event.tag}.", "remove it; write a plain value.")

    def _open(self, event: Any) -> None:
        self._check_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            self._stop(event, f"is nested deeper than {MAX_DEPTH} levels.", "flatten it.")
            return
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(value, event)
        self._stack.append(_Open(value, path, _NO_KEY if isinstance(value, dict) else None))

    def _put(self, value: Any, event: yaml.Event) -> Path_:
        line = _line(event)
        self._values += 1
        if self._values > MAX_VALUES:
            self._stop(event, f"holds more than {MAX_VALUES} values.", "shorten it.")
        if not self._stack:
            self.root = value
            self.marked.lines[()] = line
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            path = (*top.path, len(top.value))
            top.value.append(value)
        elif top.key is _NO_KEY:
            top.key = self._key(value, top, line)
            return (*top.path, top.key)
        else:
            path = (*top.path, str(top.key))
            if top.key is not _SKIPPED_KEY:
                top.value[top.key] = value
            top.key = _NO_KEY
        self.marked.lines.setdefault(path, line)
        return path

    def _key(self, key: Any, top: _Open, line: int) -> str:
        find, here = self.marked.find_at, dotted(top.path)
        if not isinstance(key, str):
            find(line, here, "uses a list or a mapping as a key.", "write a plain key.")
        elif len(key) > MAX_KEY:
            find(line, here, f"has a key over {MAX_KEY} characters.", "shorten it.")
        elif key in top.value:
            find(line, dotted((*top.path, key)), "stands twice.", "keep one of them.")
        else:
            self.marked.lines[(*top.path, key)] = line
            return key
        return _SKIPPED_KEY

    def _find(self, event: yaml.Event, problem: str, mend: str) -> None:
        self.marked.find_at(_line(event), "", problem, mend)

    def _stop(self, event: yaml.Event, problem: str, mend: str) -> None:
        self._find(event, problem, mend)
        self.stopped, self.usable = True, False


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Missing(str):
    """A key that cannot be mistaken for one from a file."""

    __slots__ = ()


_NO_KEY = _Missing("<no key yet>")
_SKIPPED_KEY = _Missing("<skipped>")


@dataclass
class _Open:
    value: Any
    path: Path_
    key: str | None


_INT = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


def scalar(text: str, *, plain: bool) -> Any:
    """A scalar by the core schema of YAML 1.2 (chapter 10.3); a quoted one is a text.

    >>> [scalar(t, plain=True) for t in ("NO", "1e-3", "2020-12", "true", "7")]
    ['NO', 0.001, '2020-12', True, 7]
    """
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 20 else float(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


# --- CSV -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A CSV file as it stands: the format it claims, its columns, and its rows of cells.

    ``ragged`` holds the places of rows whose number of cells is not that of the columns.
    """

    format: str | None
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    ragged: frozenset[int]


def parse_csv(text: str, marked: Marked) -> Marked:
    """Fill ``marked`` with the `Table` of a CSV text; a path is (row, column).

    The first line is ``# `` and the format, the second the header, whose row is `HEADER`; comma,
    semicolon or tab. A text that is no CSV has the value None and a finding.
    """
    head, _, rest = text.partition("\n")
    claimed = head.startswith("#")
    marked.lines[()] = 1
    rows = _csv_rows(rest, 2, marked) if claimed else _csv_rows(text, 1, marked)
    if rows:
        marked.value = _table(head.strip("#,; \t") if claimed else None, rows, marked)
    elif not marked.findings:
        marked.find((), "has no header.", "write the names of the columns into the first row.")
    return marked


def _csv_rows(body: str, first_line: int, marked: Marked) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with its line; none, with a finding, where it is no CSV."""
    header = body.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(body), delimiter=delimiter, strict=True)
    rows, line = [], first_line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = first_line + reader.line_num
    except csv.Error as error:
        marked.find_at(line, "", f"is no CSV from here on: {error}.", "check and close the quotes.")
        return []
    if len(rows) > MAX_ROWS:
        marked.find((), f"has more than {MAX_ROWS} rows.", "split the file.")
        return []
    return rows


def _table(claimed: str | None, rows: list[tuple[int, list[str]]], marked: Marked) -> Table:
    marked.lines[(HEADER,)], header = rows[0]
    names = [name.strip() for name in header]
    for place, name in enumerate(names, start=1):
        if not name:
            marked.find((HEADER,), f"has no name for column {place}.", "name or remove it.")
        elif name in names[: place - 1]:
            marked.find((HEADER, name), "names a column twice.", "rename or remove one.")
    ragged = set()
    for index, (line, cells) in enumerate(rows[1:]):
        marked.lines[(index,)] = line
        if len(cells) != len(names):
            ragged.add(index)
            problem = f"has {len(cells)} cells where the header has {len(names)}."
            marked.find((index,), problem, "add or remove cells; quote those that hold a comma.")
    table = [dict(zip(names, cells, strict=False)) for _, cells in rows[1:]]
    _check_cells(table, marked)
    return Table(claimed, tuple(names), table, frozenset(ragged))


_NUMBER_CELL = re.compile(r"[-+]?[0-9.]*([eE][-+]?[0-9]+)?")


def _check_cells(rows: list[dict[str, str]], marked: Marked) -> None:
    """Record cells that are too long, and cells that a spreadsheet would run as a formula."""
    for index, row in enumerate(rows):
        for name, cell in row.items():
            if len(cell) > MAX_CELL:
                problem = f"has more than {MAX_CELL} characters."
                marked.find((index, name), problem, "shorten it.")
            text = cell.strip()
            if text[:1] in {"=", "+", "-", "@"} and not _NUMBER_CELL.fullmatch(text):
                problem = f"starts with `{text[0]}`: a spreadsheet would run it as a formula."
                marked.find((index, name), problem, "put a word before it.")
