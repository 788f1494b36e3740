"""Tables, CSV and Parquet, in batches."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.columns import Reader
from detente.encounters.readers.gather import Gather, Options
from detente.encounters.readers.layouts import Layout, layout_of, with_domain
from detente.encounters.readers.source import Source
from detente.encounters.results import Reading
from detente.ground.errors import CaseError, Finding

BATCH = 1_000_000
MOST_COLUMNS = 2_000
_MORE = "more"
_BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def read_csv(source: Source, options: Options) -> tuple[Fixes, Reading]:
    """The fixes of a CSV table: comma, semicolon, tab or bar; a semicolon allows decimal commas.

    Raises
    ------
    CaseError
        Where it is no table, lacks columns, or nothing in it is a fix.

    """
    names, separator, start = _header(source)
    layout = _layout(source, options, names)
    reader = Reader(source, layout, options.heights)
    gather = _gather(source, layout, options)
    twice = next((name for name in reader.used if names.count(name) > 1), None)
    if twice is not None:
        source.stop("names a column twice.", "rename or remove one.", line=start, key=twice)
    reader.comma = separator == ";"
    line = 1
    for block in source.blocks():
        body = block
        if line == 1:
            body = block.split(b"\n", start)[-1]
            line = start + 1
        if not body.isascii() and not _is_utf8(body):
            gather.tell("not-utf-8")
        cells, line = _cells(gather, body, names, separator, line, reader.used)
        if cells.height:
            gather.add(reader.frame(cells), layout.domain, layout.identity)
    return _told(gather, reader)


def read_parquet(source: Source, options: Options) -> tuple[Fixes, Reading]:
    """The fixes of a Parquet file; as `read_csv`."""
    try:
        scan = pl.scan_parquet(source.path)
        schema = scan.collect_schema()
        count = int(scan.select(pl.len()).collect().item())
    except _BROKEN:
        source.stop("is no whole Parquet file.", "fetch it again.")
    layout = _layout(source, options, schema.names())
    if count > source.limits.rows:
        source.stop(f"has more than {source.limits.rows:,} rows.", "read it in parts.")
    reader = Reader(source, layout, options.heights)
    gather = _gather(source, layout, options)
    for column in reader.used:
        if schema[column].is_nested() or schema[column] == pl.Binary:
            source.stop("holds no plain values.", "give numbers, texts or times.", key=column)
    for start in range(0, count, BATCH):
        try:
            cells = scan.select(reader.used).slice(start, BATCH).collect()
        except _BROKEN:
            source.stop("is damaged: it cannot be read to its end.", "fetch it again.")
        rows = pl.int_range(start + 1, start + cells.height + 1, dtype=pl.Int64, eager=True)
        frame = reader.frame(cells.with_columns(row=rows))
        gather.add(frame, layout.domain, layout.identity)
    return _told(gather, reader)


def read_columns(
    source: Source, options: Options, cells: pl.DataFrame, name: str = ""
) -> tuple[Fixes, Reading]:
    """The fixes of a table that is in memory, such as JSON; rows count from 1."""
    layout = _layout(source, options, cells.columns)
    reader = Reader(source, layout, options.heights)
    gather = _gather(source, layout, options)
    gather.layout = name or gather.layout
    for start in range(0, cells.height, BATCH):
        part = cells.slice(start, BATCH)
        rows = pl.int_range(start + 1, start + part.height + 1, dtype=pl.Int64, eager=True)
        frame = reader.frame(part.with_columns(row=rows))
        gather.add(frame, layout.domain, layout.identity)
    return _told(gather, reader)


def _gather(source: Source, layout: Layout, options: Options) -> Gather:
    return Gather(source, layout.name, options, layout.box)


def _layout(source: Source, options: Options, names: list[str]) -> Layout:
    """The mapped layout, or the known one; `CaseError` with every column that is missing."""
    if options.layout is None:
        return with_domain(source, layout_of(source, names), options.domain)
    layout = options.layout
    uses = {use.column: key for key, uses in layout.columns.items() for use in uses}
    told = ", ".join(name[:40] for name in names[:12])
    missing = [
        Finding(source.file, 1, column, f"is no column ({key}).", f"name one; there are: {told}.")
        for column, key in {**uses, **layout.claims}.items()
        if column not in names
    ]
    if missing:
        raise CaseError(tuple(sorted(missing)))
    return with_domain(source, layout, options.domain)


def _told(gather: Gather, reader: Reader) -> tuple[Fixes, Reading]:
    for column, clock in reader.clocks.items():
        gather.tell("time-format", f"{column}: {clock.format}")
        if not clock.zoned:
            gather.tell("no-zone-utc", column)
        if clock.format == "relative":
            gather.tell("relative-time", column)
    if reader.height is not None and reader.layout.domain == "air":
        gather.tell("height", f"{reader.heights}: {reader.height.column}")
    if "id" not in reader.layout.columns:
        gather.tell("one-track", gather.source.file.partition(".")[0])
    if reader.comma:
        gather.tell("decimal-comma")
    return gather.done()


def _header(source: Source) -> tuple[list[str], str, int]:
    """The names of the columns, what separates them, and the number of lines up to them."""
    head = source.head().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = head.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    line = lines[start].rstrip("\r")
    separator = max(",;\t|", key=line.count)
    if not line.count(separator):
        source.stop(
            "has one column only.", "separate columns by comma, semicolon or tab.", line=start + 1
        )
    try:
        names = [name.strip() for name in next(csv.reader(io.StringIO(line), delimiter=separator))]
    except csv.Error as error:
        source.stop(f"has a header that is no CSV: {error}.", "close the quotes.", line=start + 1)
    if len(names) > MOST_COLUMNS:
        problem = f"has more than {MOST_COLUMNS} columns."
        source.stop(problem, "keep those of fixes.", line=start + 1)
    if sum(bool(re.fullmatch(r"[-+]?[\d.]+([eE][-+]?\d+)?", name)) for name in names) > 1:
        mend = "write the names of the columns into the first row."
        source.stop("has numbers where names of columns belong.", mend, line=start + 1)
    return names, separator, start + 1


def _cells(
    gather: Gather,
    body: bytes,
    names: list[str],
    separator: str,
    line: int,
    used: tuple[str, ...],
) -> tuple[pl.DataFrame, int]:
    """The cells of the ``used`` columns in a block, and the line after it."""
    count = body.count(b"\n")
    wanted = [names.index(name) for name in used]
    columns = [f"c{place}" for place in wanted]
    header = separator.join([*(f"c{place}" for place in range(len(names))), _MORE])
    try:
        found = pl.read_csv(
            header.encode() + b"\n" + body,
            columns=[*dict.fromkeys(columns), _MORE],
            infer_schema=False,
            separator=separator,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
        )
    except pl.exceptions.PolarsError:
        found = pl.DataFrame()
    if found.height != count:  # a quote swallows line ends
        found = _patiently(gather, body, len(names), separator, line)
        found = found.select("row", *dict.fromkeys(columns), _MORE)
    else:
        rows = pl.int_range(line, line + count, dtype=pl.Int64, eager=True)
        found = found.with_columns(row=rows)
    if found[_MORE].null_count() < found.height:
        more = found.filter(pl.col(_MORE).is_not_null())
        gather.refuse("cells", more["row"].head(5).to_list(), more.height)
        found = found.filter(pl.col(_MORE).is_null())
    if found.select(pl.all_horizontal(pl.col(columns[1:]).is_null()).any()).item():
        filled = pl.any_horizontal(pl.col(columns).str.strip_chars() != "")
        found = found.filter(filled.fill_null(value=False))  # blank lines are no rows
    cells = found.select("row", *(pl.col(c).alias(n) for c, n in zip(columns, used, strict=True)))
    return cells, line + count


def _patiently(gather: Gather, body: bytes, width: int, separator: str, line: int) -> pl.DataFrame:
    """A block line by line, without the lines on which a quote stays open."""
    rows: list[list[str | int | None]] = []
    broken: list[int] = []
    for number, cells in _split(body, separator, line):
        if cells is None:
            broken.append(number)
        else:
            own = [cell or None for cell in cells[:width]]
            more = separator.join(cells[width:]) or None
            rows.append([number, *own, *[None] * (width - len(own)), more])
    if broken:
        gather.refuse("quotes", broken[:5], len(broken))
    schema = {"row": pl.Int64, **{f"c{n}": pl.String for n in range(width)}, _MORE: pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _split(body: bytes, separator: str, line: int) -> Iterator[tuple[int, list[str] | None]]:
    text = body.decode("utf-8", "replace")
    for number, one in enumerate(text.removesuffix("\n").split("\n"), start=line):
        try:
            yield number, next(csv.reader([one], delimiter=separator, strict=True), [])
        except csv.Error:
            yield number, None


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
