"""Frames of fixes, gathered into one `Fixes` with an account of every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import polars as pl

from detente.encounters.fixes import ARRAYS, Fixes, fixes
from detente.encounters.readers.columns import CLAIM, Heights
from detente.encounters.readers.layouts import Box, Layout
from detente.encounters.readers.source import Source
from detente.encounters.results import Notice, Reading, Reason, Refused, Told
from detente.encounters.tracks import DOMAINS, Claim, Craft, Domain

FIRST = 5  # lines named of each reason
MOST_VALUES = 8  # of one claim of one craft
MOST_LENGTH = 200
_WHOLE = re.compile(r"^(\d+)\.0$")
_TOGETHER = "\x1f"


@dataclass(frozen=True)
class Window:
    """What of a file is wanted: instants from ``start`` to before ``end``, and a place."""

    start: float = -np.inf
    end: float = np.inf
    box: Box | None = None


@dataclass(frozen=True)
class Options:
    """How a file is read, where it does not tell itself.

    ``domain`` is where craft move, ``layout`` what a mapping file states, ``heights`` which height
    of aircraft counts, ``window`` what is wanted, and ``source`` the name of the source in claims
    and fixes, the file's own where it is empty.
    """

    domain: Domain | None = None
    layout: Layout | None = None
    heights: Heights = "barometric"
    window: Window = field(default_factory=Window)
    source: str = ""


class Gather:
    """Takes frames of fixes in the order of the file."""

    def __init__(self, source: Source, layout: str, options: Options, box: Box | None) -> None:
        self.source, self.layout, self.options, self.box = source, layout, options, box
        self.name = options.source or source.file
        self.rows = 0
        self._refused: dict[str, tuple[int, list[int]]] = {}
        self._told: dict[Notice, str] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._claims: list[dict[str, list[str]]] = []
        self._seen: dict[str, set[tuple[int, str]]] = {}
        self._identity = "id"
        self._capped = 0
        self._swapped = self._placed = self._boxed = self._mirrored = 0
        self._arrays: dict[str, list[Any]] = {}
        self._count = 0

    def tell(self, what: Notice, value: object = "") -> None:
        """Record what was understood; the first value counts."""
        self._told.setdefault(what, str(value))

    def refuse(self, reason: Reason, lines: Iterable[int], count: int | None = None) -> None:
        """Count rows that are no fix; ``count`` of them where more than ``lines``."""
        before, first = self._refused.get(reason, (0, []))
        lines = list(lines)
        added = len(lines) if count is None else count
        self._refused[reason] = (before + added, (first + lines)[:FIRST])
        self.rows += added

    def add(self, frame: pl.DataFrame, domain: Domain | None, identity: str) -> None:
        """Take a frame; ``domain`` holds where the frame has none of its own."""
        if self.rows + frame.height > self.source.limits.rows:
            problem = f"has more than {self.source.limits.rows:,} rows."
            self.source.stop(problem, "read it in parts.")
        swapped = (frame["lat"].abs() > 91.5) & (frame["lat"].abs() <= 180)
        self._swapped += int((swapped & (frame["lon"].abs() <= 90)).sum())
        self._placed += frame["lat"].len() - frame["lat"].null_count()
        frame = self._wanted(frame)
        for (reason,), rows in frame.filter(pl.col("reason").is_not_null()).group_by(
            "reason", maintain_order=True
        ):
            lines = rows["row"].bottom_k(FIRST).sort().to_list()
            self.refuse(cast("Reason", reason), lines, rows.height)
        frame = self._keyed(frame, domain)
        self._claim(frame, identity)
        frame = frame.filter(pl.col("reason").is_null())
        self._keep(frame)

    def claims_only(self, frame: pl.DataFrame, identity: str) -> None:
        """Take what rows say of craft without saying where these are; they are not counted."""
        self._claim(self._keyed(frame, None), identity)

    def _wanted(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame, with what is outside the wanted window refused."""
        window = self.options.window
        good = pl.col("reason").is_null()
        if self.box is not None:
            lat, lon = pl.col("lat"), pl.col("lon")
            kept = frame.filter(good)
            self._boxed += kept.filter(_within(self.box, lat, lon)).height
            for other in ((-lat, lon), (lat, -lon), (-lat, -lon), (lon, lat)):
                self._mirrored += kept.filter(_within(self.box, *other)).height
        if window == Window():
            return frame
        wanted = (pl.col("seconds") >= window.start) & (pl.col("seconds") < window.end)
        if window.box is not None:
            wanted &= _within(window.box, pl.col("lat"), pl.col("lon"))
        outside = pl.when(good & ~wanted).then(pl.lit("outside")).otherwise(pl.col("reason"))
        return frame.with_columns(reason=outside)

    def _keyed(self, frame: pl.DataFrame, domain: Domain | None) -> pl.DataFrame:
        """The frame with the place of the craft of each row, null where it has none."""
        key, single = pl.col("id"), domain or ""
        if "domain" in frame.columns:
            known = pl.col("domain").is_in(DOMAINS)
            wrong = frame.filter(~known.fill_null(value=False) & pl.col("reason").is_null())
            if wrong.height:
                line, told = int(wrong["row"][0]), str(wrong["domain"][0])[:40]
                mend = f"write one of {', '.join(DOMAINS)}."
                self.source.stop(f"`{told}` is no domain.", mend, line=line, key="domain")
            key, single = pl.col("domain") + _TOGETHER + pl.col("id"), ""
        frame = frame.with_columns(key=key)
        names = frame["key"].drop_nulls().unique(maintain_order=True)
        places = []
        for name in names:
            own, _, rest = name.partition(_TOGETHER) if not single else (single, "", name)
            places.append(self._places.setdefault((own, rest), len(self._places)))
        self._claims.extend({} for _ in range(len(self._places) - len(self._claims)))
        track = frame["key"].replace_strict(
            names, pl.Series(places, dtype=pl.Int64), default=None, return_dtype=pl.Int64
        )
        return frame.with_columns(track=track)

    def _claim(self, frame: pl.DataFrame, identity: str) -> None:
        """Note what is said of each craft, each value once."""
        self._identity = identity
        for column in frame.columns:
            if not column.startswith(CLAIM):
                continue
            key = column.removeprefix(CLAIM)
            seen = self._seen.setdefault(key, set())
            said = frame.select("track", column).drop_nulls().unique(maintain_order=True)
            new = [pair for pair in said.iter_rows() if pair not in seen]
            seen.update(new)
            for track, value in new:
                self._say(track, key, _plain(value))

    def _say(self, track: int, key: str, value: str) -> None:
        said = self._claims[track].setdefault(key, [])
        if not value or value in said:
            return
        if len(said) < MOST_VALUES:
            said.append(value)
        else:
            self._capped += 1

    def _keep(self, frame: pl.DataFrame) -> None:
        self.rows += frame.height
        for name in ARRAYS:
            if name not in frame.columns:
                continue
            values = frame[name].to_numpy()
            if name not in self._arrays:  # batches before this one did not state it
                self._arrays[name] = [np.full(self._count, np.nan)] if self._count else []
            self._arrays[name].append(values)
        for name, parts in self._arrays.items():
            if name not in frame.columns:
                parts.append(np.full(frame.height, np.nan))
        self._count += frame.height

    def done(self) -> tuple[Fixes, Reading]:
        """All fixes, and the account of the rows.

        Raises
        ------
        CaseError
            Where latitude and longitude are exchanged, nothing lies where the mapping says, or no
            row is a fix.

        """
        self._check()
        needed = ("track", "seconds", "lat", "lon")
        own = {name: np.concatenate(self._arrays.pop(name)) for name in tuple(self._arrays)}
        columns = own if self._count else dict.fromkeys(needed, np.zeros(0))
        craft, used = self._craft(columns["track"])
        columns["track"] = used
        found = fixes(craft, self.name, columns)
        self._last_words(found)
        refused = tuple(
            Refused(cast("Reason", reason), count, tuple(lines))
            for reason, (count, lines) in self._refused.items()
        )
        told = tuple(Told(what, value) for what, value in self._told.items())
        ends = (float(found.seconds.min()), float(found.seconds.max())) if len(found) else None
        return found, Reading(
            file=self.source.file,
            layout=self.layout,
            rows=self.rows,
            kept=len(found),
            craft=len(craft),
            start=ends and ends[0],
            end=ends and ends[1],
            refused=refused,
            told=told,
        )

    def _check(self) -> None:
        if self._swapped * 2 > self._placed:
            problem = "has latitudes over 90 degrees in most rows: latitude and longitude look"
            self.source.stop(f"{problem} exchanged.", "exchange the two columns.")
        if self.box is not None and self._count and not self._boxed:
            problem = "has no fix in the box that the mapping states"
            looks = "; signs or columns look exchanged." if self._mirrored else "."
            self.source.stop(problem + looks, "check lat, lon and box.")
        if self.rows and not self._count and set(self._refused) != {"outside"}:
            if "outside" in self._refused:
                return
            told = ", ".join(f"{reason}: {count}" for reason, (count, _) in self._refused.items())
            line = min(lines[0] for _, lines in self._refused.values() if lines)
            problem = f"has {self.rows:,} rows and not one fix ({told})."
            self.source.stop(problem, "check columns, units and times, or map them.", line=line)

    def _craft(self, track: Any) -> tuple[list[Craft], Any]:
        """The craft that have fixes, and the place of the craft of each fix among them."""
        track = np.asarray(track, np.int64)
        has = np.zeros(len(self._places), np.bool_)
        has[track] = True
        craft = []
        for (domain, name), place in self._places.items():
            if has[place]:
                said = [
                    Claim(key, value, self.name)
                    for key, values in self._claims[place].items()
                    for value in values
                ]
                if self._identity != "id":
                    said.append(Claim(self._identity, name, self.name))
                craft.append(Craft(name, cast("Domain", domain), tuple(said)))
        return craft, (np.cumsum(has) - 1)[track] if len(has) else track

    def _last_words(self, found: Fixes) -> None:
        if self.box is not None and self._boxed < self._count:
            self.tell("outside-box", self._count - self._boxed)
        if self._capped:
            self.tell("claims-capped", MOST_VALUES)
        twice = two_places(found)
        if twice:
            self.tell("two-places", twice)


def two_places(found: Fixes) -> int:
    """How many fixes stand at an instant at which their craft is said to be elsewhere too."""
    if not len(found):
        return 0
    since = np.round((found.seconds - found.seconds.min()) * 1000).astype(np.int64)
    key = found.track * (since.max() + 1) + since  # of craft and millisecond
    twice = pl.Series(key).is_duplicated().to_numpy()
    again = pl.DataFrame({"key": key[twice], "lat": found.lat[twice], "lon": found.lon[twice]})
    ends = again.group_by("key").agg(
        pl.len().alias("n"),
        (
            (pl.col("lat").min() < pl.col("lat").max())
            | (pl.col("lon").min() < pl.col("lon").max())
        ).alias("apart"),
    )
    return int(ends.filter("apart")["n"].sum())


def counted(kinds: Counter[str]) -> str:
    """Counts by kind as one text, by falling count: ``5: 120, 24: 8``."""
    return ", ".join(f"{kind}: {count}" for kind, count in kinds.most_common())


def _plain(value: str) -> str:
    """A claim as it is told: without blanks around, whole numbers as such, at most so long."""
    return _WHOLE.sub(r"\1", value.strip())[:MOST_LENGTH]


def _within(box: Box, lat: pl.Expr, lon: pl.Expr) -> pl.Expr:
    high = (lat >= box.south) & (lat <= box.north)
    if box.west <= box.east:
        return high & (lon >= box.west) & (lon <= box.east)
    return high & ((lon >= box.west) | (lon <= box.east))
