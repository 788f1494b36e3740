"""Workbooks to fill in: the columns that a verb reads, an example, and what each column is."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from detente.ground.errors import UsageError

Translate = Callable[[str], str]
Value = str | float | int

# No clock: the same workbook on every day. A zip file knows no date before 1980.
_DAY = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's dates have no zone)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_WIDEST = 80


@dataclass(frozen=True)
class Column:
    """A column: its name, an example, whether it may be left out, and what stands in it."""

    name: str
    example: Value
    words: str
    needed: bool = True


def columns(verb: str, _: Translate = str) -> tuple[Column, ...]:
    """The columns that ``verb`` reads, in the reader's language.

    Raises
    ------
    UsageError
        Where there is no such workbook.

    """
    known = {
        "pool": _pool,
        "cooke": _cooke,
        "rank": _rank,
        "statements": _statements,
        "groups": _statements,
    }
    if verb not in known:
        raise UsageError(f"There is no workbook for {verb}; there are: {', '.join(known)}.")
    return known[verb](_)


def _pool(_: Translate) -> tuple[Column, ...]:
    return (
        Column("person", "p01", _("Who answered: a code, never a name.")),
        Column("question", "Q1", _("What was asked: a short name.")),
        Column(
            "low",
            5,
            _(
                "The low end: the truth lies below it 5 times in 100. In percent, or between 0 and "
                "1 throughout."
            ),
        ),
        Column("value", 20, _("The best estimate: as likely too low as too high.")),
        Column("high", 50, _("The high end: the truth lies above it 5 times in 100.")),
        Column(
            "round", 1, _("The round, 1 or 2. Remove the column if there is one."), needed=False
        ),
        Column(
            "confidence",
            90,
            _("How sure the person is that the truth lies between low and high; empty: 90 %."),
            needed=False,
        ),
        Column("group", "A", _("The group in which the person met."), needed=False),
    )


def _cooke(_: Translate) -> tuple[Column, ...]:
    return (
        Column("expert", "e01", _("Who answered: a code, never a name.")),
        Column("item", "I1", _("What was asked: a short name.")),
        Column("q5", 10, _("5 %: the truth lies below it 5 times in 100.")),
        Column("q50", 30, _("50 %: as likely too low as too high.")),
        Column("q95", 80, _("95 %: the truth lies above it 5 times in 100.")),
        Column(
            "scale",
            "UNI",
            _("UNI, or LOG for what may span powers of ten; the same for all rows of an item."),
            needed=False,
        ),
        Column(
            "realisation",
            35,
            _("What it turned out to be, where known; one row of the item is enough."),
            needed=False,
        ),
    )


def _rank(_: Translate) -> tuple[Column, ...]:
    return (
        Column("person", "p01", _("Who ranked: a code, never a name.")),
        Column("item", "R1", _("What was ranked: a short name.")),
        Column("rank", 1, _("1 comes first; equal ranks are a tie; empty: not ranked.")),
        Column("group", "A", _("The group of the person, the same in all rows."), needed=False),
    )


def _statements(_: Translate) -> tuple[Column, ...]:
    return (
        Column("person", "p01", _("Who voted: a code, never a name.")),
        Column("statement", "S1", _("The statement: a short name.")),
        Column("vote", 1, _("1 agree, 0 pass, -1 disagree; empty: not seen.")),
        Column("group", "A", _("The camp of the person, the same in all rows."), needed=False),
    )


def workbook(verb: str, _: Translate = str) -> bytes:
    """The workbook for ``verb``: a sheet to fill in, with an example, and one that explains it.

    The same bytes on every run.

    Raises
    ------
    UsageError
        Where there is no such workbook.

    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    asked = columns(verb, _)
    book = Workbook()
    book.properties.created = _DAY
    book.properties.creator = "detente"
    first, second = book.active, book.create_sheet(_("columns"))
    first.title = verb
    first.append([column.name for column in asked])
    first.append([column.example for column in asked])
    second.append([_("column"), _("needed"), _("what stands in it")])
    for column in asked:
        second.append([column.name, _("yes") if column.needed else _("no"), column.words])
    second.append([])
    second.append(["", "", _("The first sheet is read. Write over its example row.")])
    for sheet in (first, second):
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGH", [14] * 8, strict=True):
        first.column_dimensions[letter].width = width
    for letter, width in zip("ABC", (14, 10, _WIDEST), strict=True):
        second.column_dimensions[letter].width = width
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue())


def _without_clock(data: bytes) -> bytes:
    """The same archive with every date set to one day."""
    stamp = f"{_DAY:%Y-%m-%dT%H:%M:%SZ}".encode()
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _DAY.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _MODIFIED.sub(rb"\g<1>" + stamp, old.read(name)))
    return stream.getvalue()
