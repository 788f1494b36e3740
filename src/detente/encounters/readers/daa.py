"""Encounters as DAIDALUS writes them (``.daa``): names, units in brackets, then states.

Columns are separated by commas or blanks and read by the units of the second row. Time counts from
the begin of the encounter, as seconds; positions are geodetic, Cartesian ones (``sx``) are told.
"""

from __future__ import annotations

import re

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.gather import Options
from detente.encounters.readers.layouts import METRES, SPEEDS, Layout, Use
from detente.encounters.readers.source import Source
from detente.encounters.readers.table import read_columns
from detente.encounters.results import Reading

MOST_BYTES = 256 * 2**20
_HEAD = re.compile(r"^\s*name[\s,].*\n\s*\[", re.IGNORECASE | re.MULTILINE)
_UNITS = {"knot": "kn", "kts": "kn", "nmi": "nmi", "mps": "m/s", "meters": "m", "feet": "ft"}


def is_daa(head: str) -> bool:
    """Whether a text has a row of names and one of units in brackets."""
    return _HEAD.search(head) is not None


def read_daa(source: Source, options: Options) -> tuple[Fixes, Reading]:
    """The fixes of an encounter; craft are aircraft where the options say nothing else.

    Raises
    ------
    CaseError
        Where positions are not geodetic, a unit is not known, or a row has another number of cells.

    """
    text = source.whole(MOST_BYTES).decode("utf-8", "replace")
    rows = [
        (number, _split(line))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    (line, header), (_, units) = rows[0], rows[1]
    header = [name.lower() for name in header]
    units = [_unit(unit.strip("[]")) for unit in units]
    if "lat" not in header or "lon" not in header:
        mend = "write `lat` and `lon` in degrees."
        source.stop("has no geodetic positions.", mend, line=line)
    known = dict(zip(header, units, strict=False))
    columns = _columns(source, line, known)
    broken = [number for number, cells in rows[2:] if len(cells) != len(header)]
    if broken:
        problem = f"has another number of cells than the header ({len(broken)} rows)."
        source.stop(problem, "complete the row.", line=broken[0])
    cells = pl.DataFrame(
        [cells for _, cells in rows[2:]],
        schema=dict.fromkeys(header, pl.String),
        orient="row",
    )
    cells, columns = _with_motion(cells, columns, known)
    layout = Layout("daa", columns, domain=options.domain or "air", clock="relative")
    own = Options(layout=layout, window=options.window, source=options.source)
    return read_columns(source, own, cells, "daa")


def _split(line: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", line.strip()) if part]


def _unit(unit: str) -> str:
    return _UNITS.get(unit, unit)


def _columns(source: Source, line: int, known: dict[str, str]) -> dict[str, tuple[Use, ...]]:
    columns: dict[str, tuple[Use, ...]] = {
        key: (Use(name),) for key, name in (("id", "name"), ("lat", "lat"), ("lon", "lon"))
    }
    if "time" not in known:
        source.stop("has no column `time`.", "add it.", line=line)
    columns["time"] = (Use("time"),)
    for key, name, units in (("height", "alt", METRES), ("speed", "gs", SPEEDS)):
        if name in known:
            if known[name] not in units:
                mend = f"write one of {', '.join(units)}."
                source.stop(
                    f"`{known[name][:40]}` is no unit of it.", mend, line=line + 1, key=name
                )
            columns[key] = (Use(name, known[name]),)
    if "trk" in known:
        columns["course"] = (Use("trk"),)
    return columns


def _with_motion(
    cells: pl.DataFrame, columns: dict[str, tuple[Use, ...]], known: dict[str, str]
) -> tuple[pl.DataFrame, dict[str, tuple[Use, ...]]]:
    """Course and speed of a velocity to the east (``vx``) and north (``vy``)."""
    if not {"vx", "vy"} <= known.keys() or known["vx"] not in SPEEDS:
        return cells, columns
    east, north = (pl.col(name).cast(pl.Float64, strict=False) for name in ("vx", "vy"))
    moved = cells.with_columns(
        course=pl.arctan2(east, north).degrees() % 360, speed=(east**2 + north**2).sqrt()
    )
    own = {"course": (Use("course"),), "speed": (Use("speed", known["vx"]),)}
    return moved, columns | own
