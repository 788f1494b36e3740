"""Read YAML and CSV that people wrote: every value knows its line, and nothing is trusted.

YAML is read by the core schema of YAML 1.2, so that ``NO`` is Norway and ``2020-12`` a text, and
without aliases, tags or deep nesting, so that a small file cannot become a large one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from detente.ground.errors import Finding

Path_ = tuple[str | int, ...]

MAX_BYTES = 16_000_000
MAX_DEPTH = 24
MAX_ROWS = 200_000
MAX_CELL = 20_000
_FORMAT_LINE = re.compile(r"#\s*([a-z]+(?:/[a-z0-9-]+)+)\s*[,;]*\s*")


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
        self.findings.append(Finding(self.file, self.line(path), dotted(path), problem, mend))


def dotted(path: Path_) -> str:
    """A path as people write it: ``measures[3].acts[0].on``, counted from 0."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def read_text(folder: Path, name: str, marked: Marked) -> str | None:
    """The text of ``folder/name``, or None with a finding: outside, too large, not UTF-8."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            marked.find((), "points outside the case folder.", "copy the file into the folder.")
            return None
        if not path.is_file():
            marked.find((), "is no regular file.", "put a text file in its place.")
            return None
        if path.stat().st_size > MAX_BYTES:
            marked.find((), f"is larger than {MAX_BYTES // 10**6} MB.", "split or shorten it.")
            return None
        raw = path.read_bytes()
    except OSError as error:
        marked.find((), f"cannot be read ({error.strerror}).", "check the file and its rights.")
        return None
    return _decode(raw, marked)


def _decode(raw: bytes, marked: Marked) -> str | None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        marked.findings.append(
            Finding(marked.file, line, "", "is not UTF-8 here.", "save the file as UTF-8.")
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u0085\u2028\u2029]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        code = f"U+{ord(bad.group()):04X}"
        marked.findings.append(
            Finding(marked.file, line, "", f"holds the control character {code}.", "remove it.")
        )
        return None
    return text


# --- YAML ------------------------------------------------------------------------------------


def parse_yaml(text: str, marked: Marked) -> Marked:
    """Fill ``marked`` with the value of a YAML text and the line of each part."""
    try:
        builder = _Builder(marked)
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
            if builder.stopped:
                break
        marked.value = builder.root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problem = f"is no YAML: {error.problem or error.context}."
        marked.value = None
        marked.findings.append(
            Finding(marked.file, line, "", problem, "check indentation, quotes and colons.")
        )
    except yaml.YAMLError as error:
        marked.findings.append(
            Finding(marked.file, 0, "", f"is no YAML: {error}.", "save it as plain text.")
        )
    return marked


class _Builder:
    """Turns the parser's events into values, without recursion."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.root: Any = None
        self.stopped = False
        self._documents = 0
        self._stack: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, "holds more than one document.", "keep one; remove `---`.")
        elif isinstance(event, yaml.AliasEvent):
            self._stop(event, "uses an alias (*).", "write the value out; aliases are not read.")
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event)
            self._put(scalar(event.value, plain=event.implicit[0]), event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()

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
        self._stack.append(_Open(value, path))

    def _put(self, value: Any, event: yaml.Event) -> Path_:
        line = event.start_mark.line + 1
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

    def _key(self, value: Any, top: _Open, line: int) -> Any:
        if isinstance(value, dict | list):
            problem = "uses a list or a mapping as a key."
            self.marked.findings.append(
                Finding(self.marked.file, line, dotted(top.path), problem, "write a plain key.")
            )
            return _SKIPPED_KEY
        key = str(value)
        path = (*top.path, key)
        if key in top.value:
            self.marked.findings.append(
                Finding(self.marked.file, line, dotted(path), "stands twice.", "keep one of them.")
            )
            return _SKIPPED_KEY
        self.marked.lines[path] = line
        return key

    def _find(self, event: yaml.Event, problem: str, mend: str) -> None:
        line = event.start_mark.line + 1
        self.marked.findings.append(Finding(self.marked.file, line, "", problem, mend))

    def _stop(self, event: yaml.Event, problem: str, mend: str) -> None:
        self._find(event, problem, mend)
        self.stopped = True


class _Missing(str):
    """A key that cannot be mistaken for one from a file."""


_NO_KEY = _Missing("<no key yet>")
_SKIPPED_KEY = _Missing("<skipped>")


@dataclass
class _Open:
    value: Any
    path: Path_
    key: Any = _NO_KEY


_INT = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
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


def parse_csv(text: str, marked: Marked) -> Marked:
    """Fill ``marked`` with ``{"format": str | None, "rows": [dict]}``; a path is (row, column).

    The first line is ``# `` and the format, the second the header. Comma or semicolon.
    """
    head, _, rest = text.partition("\n")
    match = _FORMAT_LINE.fullmatch(head)
    body, first_line = (rest, 2) if match else (text, 1)
    marked.value = {"format": match.group(1) if match else None, "rows": []}
    marked.lines[()] = marked.lines[("format",)] = 1
    try:
        rows = list(_csv_rows(body, first_line, marked))
    except csv.Error as error:
        marked.find((), f"is no CSV: {error}.", "check quotes; save it as comma-separated text.")
        return marked
    if not rows:
        marked.find((), "has no header.", "write the names of the columns into the first row.")
        return marked
    _fill_rows(rows, marked)
    return marked


def _csv_rows(body: str, first_line: int, marked: Marked) -> Iterator[tuple[int, list[str]]]:
    header = body.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(body), delimiter=delimiter, strict=True)
    start = 0
    for cells in reader:
        line, start = first_line + start, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if line - first_line > MAX_ROWS:
            marked.find((), f"has more than {MAX_ROWS} rows.", "split the file.")
            return
        yield line, cells


def _fill_rows(rows: list[tuple[int, list[str]]], marked: Marked) -> None:
    header_line, header = rows[0]
    names = [name.strip() for name in header]
    marked.lines[("header",)] = header_line
    for name in sorted({name for name in names if names.count(name) > 1}):
        marked.find(("header", name), "names a column twice.", "rename or remove one.")
    for line, cells in rows[1:]:
        index = len(marked.value["rows"])
        marked.lines[(index,)] = line
        if len(cells) != len(names):
            problem = f"has {len(cells)} cells where the header has {len(names)}."
            marked.find((index,), problem, "add or remove cells; quote those that hold a comma.")
        if any(len(cell) > MAX_CELL for cell in cells):
            marked.find((index,), f"has a cell over {MAX_CELL} characters.", "shorten it.")
            cells = [cell[:MAX_CELL] for cell in cells]
        marked.value["rows"].append(dict(zip(names, cells, strict=False)))
