"""Cells of a table, turned into fixes with one unit each, and why a row is none.

A frame of fixes has ``row``, ``id``, ``reason`` (null where the row is a fix), ``seconds``, ``lat``
and ``lon``, any further array of `Fixes`, ``domain`` where craft differ in it, and ``claim/KEY``.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from detente.encounters.readers.instants import LAST, Clock, Unreadable, numbers, recognised
from detente.encounters.readers.layouts import METRES, SPEEDS, Layout, Use
from detente.encounters.readers.source import Source

Heights = Literal["barometric", "geometric"]

CLAIM = "claim/"
AIS_BOUND = 10.0  # metres, of a position whose accuracy flag is set (ITU-R M.1371-5, 3.3.2)

# Estimated position uncertainty (95 %) of each NACp in metres (RTCA DO-260B, table 2-67)
NACP_METRES = {
    1: 18_520.0,
    2: 7_408.0,
    3: 3_704.0,
    4: 1_852.0,
    5: 926.0,
    6: 555.6,
    7: 185.2,
    8: 92.6,
    9: 30.0,
    10: 10.0,
    11: 3.0,
}
_TRUE, _FALSE = ("true", "t", "1", "yes", "1.0"), ("false", "f", "0", "no", "0.0")
_NO_CRAFT = ("base station", "aton", "4", "21")
_COASTS = r"^(0|\d{7}$|99\d{7}$)"  # coast stations, zeros cut too, and buoys (ITU-R M.585)
_SEARCH = r"^111\d{6}$"  # aircraft that search and rescue


class Reader:
    """Turns the cells of one table into frames of fixes, batch by batch."""

    def __init__(self, source: Source, layout: Layout, heights: Heights) -> None:
        self.source, self.layout, self.heights = source, layout, heights
        self.clocks: dict[str, Clock] = {}
        self.comma = False
        if heights == "geometric" and "geometric" not in layout.columns:
            source.stop("has no geometric height.", "ask for the barometric one.")
        if heights == "barometric" and "geometric" in layout.columns and self.height is None:
            source.stop("has no barometric height.", "ask for the geometric one.")

    @property
    def height(self) -> Use | None:
        """The column of the wanted height."""
        key = "height" if self.heights == "barometric" else "geometric"
        return next(iter(self.layout.columns.get(key, ())), None)

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that are read."""
        uses = (use.column for uses in self.layout.columns.values() for use in uses)
        return tuple(dict.fromkeys((*uses, *self.layout.claims)))

    def frame(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The fixes in ``cells``, whose column ``row`` has their lines."""
        out = {"row": cells["row"], "id": self._ids(cells), "seconds": self._seconds(cells)}
        out["lat"], out["lon"] = (self._number(cells, key) for key in ("lat", "lon"))
        reason = self._reasons(cells, out)
        for key in ("error", "height_error", "clock_error", "nacp", "nic"):
            if key in self.layout.columns:
                out[key] = self._number(cells, key)
        if self.height is not None:
            out["height"] = self._scaled(cells, self.height)
        self._motion(cells, out)
        if "on_ground" in self.layout.columns:
            out["on_ground"] = _flag(self._text(cells, "on_ground"))
        self._errors(cells, out)
        if "domain" in self.layout.columns:
            out["domain"] = self._text(cells, "domain").str.to_lowercase()
        elif self.layout.ais:
            out["domain"] = (
                out["id"]
                .str.contains(_SEARCH)
                .replace_strict({True: "air", False: "sea"}, return_dtype=pl.String)
            )
        for column, key in self.layout.claims.items():
            out[CLAIM + key] = cells[column].cast(pl.String)
        return pl.DataFrame(out | {"reason": reason})

    def _text(self, cells: pl.DataFrame, key: str) -> pl.Series:
        column = cells[self.layout.columns[key][0].column]
        if column.dtype.is_float() and key == "id":
            column = column.cast(pl.Int64, strict=False)
        return column.cast(pl.String).str.strip_chars()

    def _ids(self, cells: pl.DataFrame) -> pl.Series:
        if "id" not in self.layout.columns:
            stem = self.source.file.partition(".")[0]
            return pl.Series("id", [stem], pl.String).new_from_index(0, cells.height)
        text = self._text(cells, "id")
        if self.layout.identity == "icao24":
            text = text.str.to_lowercase()
        return text.set(text == "", None)

    def _number(self, cells: pl.DataFrame, key: str) -> pl.Series:
        return self._scaled(cells, self.layout.columns[key][0])

    def _scaled(self, cells: pl.DataFrame, use: Use) -> pl.Series:
        column = cells[use.column]
        if self.comma and column.dtype == pl.String:
            column = column.str.replace(",", ".", literal=True)
        found = numbers(column)
        factor = METRES.get(use.unit, SPEEDS.get(use.unit, 1.0))
        return found if factor == 1.0 else found * factor

    def _seconds(self, cells: pl.DataFrame) -> pl.Series:
        found: pl.Series | None = None
        for use in self.layout.columns["time"]:
            times = cells[use.column]
            if self.comma and times.dtype == pl.String:
                times = times.str.replace(r"^(\d+),(\d+)$", "$1.$2")
            if use.column not in self.clocks:
                try:
                    self.clocks[use.column] = recognised(times, self.layout.clock)
                except Unreadable as error:
                    self.source.stop(error.problem, error.mend, line=1, key=use.column)
            seconds = self.clocks[use.column].seconds(times)
            found = seconds if found is None else found.fill_null(seconds)
        assert found is not None, "a layout has a column of time"
        return found

    def _reasons(self, cells: pl.DataFrame, out: dict[str, pl.Series]) -> pl.Series:
        """Why each row is no fix; the first that holds."""
        lat, lon, seconds = out["lat"], out["lon"], out["seconds"]
        said = pl.DataFrame(
            {
                "lat": lat,
                "lon": lon,
                "seconds": seconds,
                "id": out["id"],
                "no_craft": self._no_craft(cells, out["id"]),
                "no_time": self._all_empty(cells, "time"),
                "no_lat": self._all_empty(cells, "lat"),
                "no_lon": self._all_empty(cells, "lon"),
            }
        )
        missing = pl.col("no_lat") | pl.col("no_lon") | pl.col("lat").is_nan()
        missing = missing | pl.col("lon").is_nan()
        if self.layout.ais:
            missing = missing | (pl.col("lat") == 91) | (pl.col("lon") == 181)
        placed = (pl.col("lat").abs() <= 90) & (pl.col("lon").abs() <= 180)
        timed = (pl.col("seconds") >= 0) & (pl.col("seconds") < LAST)
        chain = (
            pl.when(pl.col("id").is_null())
            .then(pl.lit("no-identity"))
            .when(pl.col("no_craft"))
            .then(pl.lit("no-track"))
            .when(pl.col("no_time"))
            .then(pl.lit("no-time"))
            .when(~timed.fill_null(value=False))
            .then(pl.lit("time"))
            .when(missing)
            .then(pl.lit("no-position"))
            .when(~placed.fill_null(value=False))
            .then(pl.lit("position"))
        )
        return said.select(chain.alias("reason")).to_series()

    def _all_empty(self, cells: pl.DataFrame, key: str) -> pl.Series:
        empty = None
        for use in self.layout.columns[key]:
            column = cells[use.column]
            one = column.is_null()
            if column.dtype == pl.String:
                one = one | (column.str.strip_chars() == "").fill_null(value=False)
            empty = one if empty is None else empty & one
        assert empty is not None, "a layout has the column"
        return empty

    def _no_craft(self, cells: pl.DataFrame, ids: pl.Series) -> pl.Series:
        found = pl.Series([False]).new_from_index(0, cells.height)
        if self.layout.ais:
            found = found | ids.str.contains(_COASTS).fill_null(value=False)
        if "kind" in self.layout.columns:
            kinds = self._text(cells, "kind").str.to_lowercase()
            found = found | kinds.is_in(_NO_CRAFT).fill_null(value=False)
        return found

    def _motion(self, cells: pl.DataFrame, out: dict[str, pl.Series]) -> None:
        """Course within [0, 360) and speed over ground; null where not available."""
        if "course" in self.layout.columns:
            course = self._number(cells, "course")
            wrong = (course.abs() > 360) | ((course == 360) & self.layout.ais)
            out["course_deg"] = course.set(wrong, None) % 360
        if "speed" in self.layout.columns:
            speed = self._number(cells, "speed")
            wrong = speed < 0
            if self.layout.ais:  # 102.3 kn stands for "not available"
                wrong = wrong | (speed > 102.25 * SPEEDS["kn"])
            out["speed_ms"] = speed.set(wrong, None)

    def _errors(self, cells: pl.DataFrame, out: dict[str, pl.Series]) -> None:
        """The bounds that a column, a category of accuracy or the layout states."""
        if "nacp" in out and "error" not in out:
            out["error"] = out["nacp"].replace_strict(
                NACP_METRES, default=None, return_dtype=pl.Float64
            )
        if "accuracy" in self.layout.columns:
            flag = _flag(self._text(cells, "accuracy"))
            out["error"] = (flag * AIS_BOUND).set(flag == 0, None)
        for key, value in self.layout.errors.items():
            whole = pl.Series([value]).new_from_index(0, cells.height)
            out[key] = out[key].fill_null(value) if key in out else whole


def _flag(text: pl.Series) -> pl.Series:
    words = {**dict.fromkeys(_TRUE, 1.0), **dict.fromkeys(_FALSE, 0.0)}
    return text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Float64)
