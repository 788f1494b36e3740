"""Tracks in GPX 1.0 and 1.1: points with a time; nothing outside the file is ever read.

A document type is refused, so that a file cannot grow when it is read. Each ``trk`` is a craft by
its name; without names tracks are numbered. Heights (``ele``) are metres.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.parsers import expat

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.columns import Reader
from detente.encounters.readers.gather import Gather, Options, counted
from detente.encounters.readers.layouts import Layout, Use
from detente.encounters.readers.source import Source
from detente.encounters.results import Reading

BATCH = 100_000
DEEPEST = 60
MOST_TEXT = 10_000
_FIELDS = ("time", "ele", "name", "desc", "cmt", "type")
_LAYOUT = Layout(
    "gpx",
    {
        "id": (Use("id"),),
        "time": (Use("time"),),
        "lat": (Use("lat"),),
        "lon": (Use("lon"),),
        "height": (Use("ele", "m"),),
    },
    {"name": "name", "type": "type"},
)
COLUMNS = ("row", "id", "time", "lat", "lon", "ele", "name", "type")


class _Refused(Exception):  # noqa: N818 (never leaves this module)
    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend


def read_gpx(source: Source, options: Options) -> tuple[Fixes, Reading]:
    """The fixes of a GPX file; the options tell where the craft move.

    Raises
    ------
    CaseError
        Where it is no well-formed GPX, declares a document type, does not tell where its craft
        move, or has no point with a time.

    """
    if options.domain is None:
        mend = "state sea, air or land, as an option."
        source.stop("does not tell where the craft move.", mend)
    tree = _Tree()
    gather = Gather(source, "gpx", options, None)
    reader = Reader(source, _LAYOUT, "barometric")
    try:
        for block in source.blocks():
            tree.parser.Parse(block)
            if len(tree.points) >= BATCH:
                _flush(gather, reader, tree, options)
        tree.parser.Parse(b"", True)  # noqa: FBT003 (the parser names it not)
    except expat.ExpatError as error:
        mend = "check that it is whole, and saved in UTF-8."
        told = expat.ErrorString(error.code)
        source.stop(f"is no well-formed XML: {told}.", mend, line=error.lineno)
    except (LookupError, ValueError) as error:
        source.stop(f"cannot be decoded: {error}.", "save the file in UTF-8.", line=1)
    except _Refused as refused:
        line = tree.parser.CurrentLineNumber
        source.stop(refused.problem, refused.mend, line=line)
    _flush(gather, reader, tree, options)
    if tree.others:
        gather.tell("other-elements", counted(tree.others))
    for column, clock in reader.clocks.items():
        gather.tell("time-format", f"{column}: {clock.format}")
        if not clock.zoned:
            gather.tell("no-zone-utc", column)
    return gather.done()


def _flush(gather: Gather, reader: Reader, tree: _Tree, options: Options) -> None:
    points, tree.points = tree.points, []
    if points:
        schema = {"row": pl.Int64, **dict.fromkeys(COLUMNS[1:], pl.String)}
        cells = pl.DataFrame(points, schema=schema, orient="row")
        gather.add(reader.frame(cells), options.domain, "id")


class _Tree:
    """Keeps the points of tracks from the parser's events."""

    def __init__(self) -> None:
        self.points: list[tuple[Any, ...]] = []
        self.others: Counter[str] = Counter()
        self._path: list[str] = []
        self._track: dict[str, str] = {}
        self._point: dict[str, Any] | None = None
        self._tracks = 0
        self._text = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._document_type

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self._path and tag != "gpx":
            raise _Refused(f"begins with `{tag[:40]}`, not `gpx`.", "give GPX, or another format.")
        if len(self._path) == DEEPEST:
            raise _Refused(f"nests deeper than {DEEPEST} elements.", "remove the extensions.")
        self._path.append(tag)
        self._text = ""
        if tag == "trk":
            self._tracks += 1
            self._track = {}
        elif tag == "trkpt":
            line = self.parser.CurrentLineNumber
            self._point = {"row": line, "lat": attributes.get("lat"), "lon": attributes.get("lon")}
        elif tag in ("wpt", "rtept"):
            self.others[tag] += 1

    def _end(self, tag: str) -> None:
        tag = self._path.pop()
        parent = self._path[-1] if self._path else ""
        if tag in _FIELDS and parent == "trkpt" and self._point is not None:
            self._point[tag] = self._text.strip()
        elif tag in _FIELDS and parent == "trk":
            self._track[tag] = self._text.strip()
        elif tag == "trkpt" and self._point is not None:
            name = self._track.get("name") or f"track {self._tracks}"
            own = {"id": name, "name": self._track.get("name"), "type": self._track.get("type")}
            self._point |= own
            self.points.append(tuple(self._point.get(key) for key in COLUMNS))
            self._point = None
        self._text = ""

    def _characters(self, text: str) -> None:
        if len(self._text) + len(text) > MOST_TEXT:
            raise _Refused(f"has a text of over {MOST_TEXT:,} characters.", "shorten it.")
        self._text += text

    def _document_type(self, *_: object) -> None:
        raise _Refused("declares a document type.", "remove the line with `<!DOCTYPE`.")
