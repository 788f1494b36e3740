"""Where and when nothing could have been found, because nothing was seen at all.

Receivers and craft leave no list of what they missed. The best that fixes tell is where there were
some: in which cells of the earth, in which stretches of time, of which domain, by which source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.encounters.fixes import Fixes
from detente.encounters.flags import RADIUS, metres_between
from detente.encounters.results import Covered, Gap
from detente.encounters.tracks import DOMAINS, Domain, Flags, Floats, Longs
from detente.ground.errors import UsageError

MOST_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class Seen:
    """The cells and stretches of time with at least one fix, by domain and source.

    Cells are ``cell_deg`` wide and high, counted from 90 south and 180 west; stretches last
    ``bin_s`` from 1970-01-01 on. ``places`` holds for each domain and source (M, 3): the row and
    the column of the cell, and the stretch; each once.
    """

    cell_deg: float
    bin_s: float
    places: Mapping[tuple[Domain, str], Longs]


def seen(found: Fixes, *, cell_deg: float = 0.5, bin_s: float = 3600.0) -> Seen:
    """Where and when there were fixes.

    Raises
    ------
    UsageError
        Where 180 degrees are no whole number of cells, or stretches do not last.

    """
    if not (cell_deg > 0 and bin_s > 0) or abs(180 / cell_deg % 1 - 0.5) < 0.5 - 1e-6:
        raise UsageError("180 degrees must be a whole number of cells, and stretches must last.")
    columns = _columns(cell_deg)
    row = _rows(found.lat, cell_deg)
    column = np.floor((found.lon + 180) / cell_deg).astype(np.int64) % columns
    bins = np.floor(found.seconds / bin_s).astype(np.int64)
    domains = np.array([DOMAINS.index(one.domain) for one in found.craft], np.int64)
    places = {}
    for index, domain in enumerate(DOMAINS):
        of_domain = domains[found.track] == index
        for number, source in enumerate(found.sources):
            own = of_domain & (found.source == number)
            if own.any():
                key = (bins[own] * _rows_of(cell_deg) + row[own]) * columns + column[own]
                one = np.unique(key)
                rest, at = np.divmod(one, columns)
                when, high = np.divmod(rest, _rows_of(cell_deg))
                places[domain, source] = np.stack([high, at, when], 1)
    return Seen(cell_deg, bin_s, places)


def covered(
    known: Seen, domain: Domain, area: Any, start: float, end: float, *, source: str = ""
) -> Covered:
    """How much of an area and a time had a fix.

    Parameters
    ----------
    known
        Where and when there were fixes.
    domain
        Whose.
    area
        A shapely geometry in degrees (lon, lat); cells count whose middle lies in it.
    start, end
        The time, in seconds since 1970-01-01 UTC; stretches count that begin in it.
    source
        One source; all of them where empty.

    Raises
    ------
    UsageError
        Where the area holds no cell or too many, or the time no stretch.

    """
    cells = _cells(area, known.cell_deg)
    first, last = int(np.ceil(start / known.bin_s)), int(np.ceil(end / known.bin_s))
    if last <= first:
        raise UsageError("The time holds no whole stretch.")
    parts = [
        places
        for (own, name), places in known.places.items()
        if own == domain and source in ("", name)
    ]
    places = np.unique(np.concatenate(parts), axis=0) if parts else np.zeros((0, 3), np.int64)
    places = places[(places[:, 2] >= first) & (places[:, 2] < last)]
    places = places[cells.has(places[:, 0], places[:, 1])]
    weight = cells.weights[places[:, 0] - cells.row]
    ever = np.unique(places[:, :2], axis=0)
    whole = float((cells.inside * cells.weights[:, None]).sum())
    silent = np.ones(last - first, np.bool_)
    silent[places[:, 2] - first] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]))) + first
    return Covered(
        domain=domain,
        source=source,
        start=first * known.bin_s,
        end=last * known.bin_s,
        cells=int(cells.inside.sum()),
        bins=last - first,
        share=float(weight.sum()) / (whole * (last - first)),
        area_share=float(cells.weights[ever[:, 0] - cells.row].sum()) / whole,
        time_share=1 - float(silent.mean()),
        silent=tuple(
            (float(a * known.bin_s), float(b * known.bin_s))
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        ),
    )


def gaps(found: Fixes, over_s: float) -> tuple[Gap, ...]:
    """The stretches of more than ``over_s`` in which a craft was not seen, craft by craft."""
    order = np.lexsort((found.seconds, found.track))
    track, seconds = found.track[order], found.seconds[order]
    lat, lon = found.lat[order], found.lon[order]
    ends = np.flatnonzero((np.diff(track) == 0) & (np.diff(seconds) > over_s)) + 1
    metres = metres_between(lat[ends - 1], lon[ends - 1], lat[ends], lon[ends])
    return tuple(
        Gap(
            craft=found.craft[track[end]].id,
            domain=found.craft[track[end]].domain,
            start=float(seconds[end - 1]),
            end=float(seconds[end]),
            before=(float(lat[end - 1]), float(lon[end - 1])),
            after=(float(lat[end]), float(lon[end])),
            metres=float(far),
        )
        for end, far in zip(ends, metres, strict=True)
    )


def _columns(cell_deg: float) -> int:
    return 2 * _rows_of(cell_deg)


def _rows_of(cell_deg: float) -> int:
    return round(180 / cell_deg)


def _rows(lat: Floats, cell_deg: float) -> Longs:
    row = np.floor((lat + 90) / cell_deg).astype(np.int64)
    return np.minimum(row, _rows_of(cell_deg) - 1)  # the north pole lies in the last one


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cells around an area: from ``row`` and ``column`` on, which of them lie ``inside``."""

    row: int
    column: int
    inside: Flags
    weights: Floats  # square metres of a cell in each row

    def has(self, row: Longs, column: Longs) -> Flags:
        own, at = row - self.row, column - self.column
        rows, columns = self.inside.shape
        near: Flags = (own >= 0) & (own < rows) & (at >= 0) & (at < columns)
        near[near] = self.inside[own[near], at[near]]
        return near


def _cells(area: Any, cell_deg: float) -> _Cells:
    from shapely import contains_xy, prepare

    if area.is_empty:
        raise UsageError("The area is empty.")
    west, south, east, north = area.bounds
    low = max(int(np.floor((south + 90) / cell_deg)), 0)
    left = max(int(np.floor((west + 180) / cell_deg)), 0)
    high = min(int(np.floor((north + 90) / cell_deg)), _rows_of(cell_deg) - 1)
    right = min(int(np.floor((east + 180) / cell_deg)), _columns(cell_deg) - 1)
    if (high - low + 1) * (right - left + 1) > MOST_CELLS:
        raise UsageError(f"The area holds more than {MOST_CELLS:,} cells; take larger ones.")
    edges = np.arange(low, high + 2) * cell_deg - 90
    weights = np.radians(cell_deg) * RADIUS**2 * np.diff(np.sin(np.radians(edges)))
    lon = (np.arange(left, right + 1) + 0.5) * cell_deg - 180
    prepare(area)
    inside = contains_xy(area, *np.meshgrid(lon, (edges[1:] + edges[:-1]) / 2))
    if not inside.any():
        raise UsageError("The area holds the middle of no cell; take smaller ones.")
    return _Cells(low, left, inside, weights)
