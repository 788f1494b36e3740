"""Times as tables write them, turned into seconds since 1970-01-01 UTC.

A number is seconds, milliseconds, microseconds or nanoseconds by its magnitude; a text is one of a
few formats. A date with the day or the month first is read where some date tells which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Format = Literal[
    "relative", "s", "ms", "us", "ns", "iso", "day-first", "month-first", "compact", "typed"
]
FORMATS: tuple[Format, ...] = (
    "relative",
    "s",
    "ms",
    "us",
    "ns",
    "iso",
    "day-first",
    "month-first",
    "compact",
)
SAMPLE = 1000
LAST = 4_102_444_800.0  # 2100-01-01

_PER_SECOND = {"relative": 1.0, "s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
_ISO = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"
_SLASHED = r"^\d{1,2}[./-]\d{1,2}[./-]\d{4}[T ,]+\d{1,2}:\d{2}"
_COMPACT = r"^\d{8}[T_ ]?\d{6}"
_DIGITS = r"^(19|20)\d{12}$"  # a date and a time without any mark between
_ZONE = r"([Zz]|UTC|[+-]\d{2}:?\d{2})$"


class Unreadable(Exception):  # noqa: N818 (never leaves the readers)
    """No format fits: what is wrong, and the mend."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(problem)


@dataclass(frozen=True)
class Clock:
    """How the times of a column are written, and whether they name a zone."""

    format: Format
    zoned: bool

    def seconds(self, times: pl.Series) -> pl.Series:
        """Seconds since 1970-01-01 UTC, null where a time cannot be read."""
        if self.format == "typed":
            return _typed(times)
        if self.format in _PER_SECOND:
            return numbers(times) / _PER_SECOND[self.format]
        return _texts(times, self.format, zoned=self.zoned)


def recognised(times: pl.Series, hint: Format | None = None) -> Clock:
    """The clock of a column by its first values.

    Raises
    ------
    Unreadable
        Where no format fits, or several do.

    """
    if times.dtype.is_temporal():
        return Clock("typed", zoned=getattr(times.dtype, "time_zone", None) is not None)
    sample = times.drop_nulls()
    if sample.dtype == pl.String:
        sample = sample.filter(sample.str.strip_chars() != "")
    sample = sample.head(SAMPLE)
    if hint is not None and hint in _PER_SECOND:
        return Clock(hint, zoned=True)
    text = sample.cast(pl.String).str.strip_chars()
    counted = hint is None and not _mostly(text.str.contains(_DIGITS))
    if counted and _mostly(numbers(sample).is_not_null()):
        return Clock(_magnitude(numbers(sample)), zoned=True)
    zoned = len(text) > 0 and _mostly(text.str.contains(_ZONE))
    return Clock(hint or _written(text), zoned=zoned)


def numbers(cells: pl.Series) -> pl.Series:
    """Cells as numbers, null where they are none."""
    if cells.dtype.is_numeric():
        return cells.cast(pl.Float64)
    if cells.dtype != pl.String:
        cells = cells.cast(pl.String, strict=False)
    found = cells.cast(pl.Float64, strict=False)
    if found.null_count() > cells.null_count():
        found = cells.str.strip_chars().cast(pl.Float64, strict=False)
    return found


def _mostly(holds: pl.Series) -> bool:
    return 2 * int(holds.sum() or 0) > len(holds)


def _magnitude(values: pl.Series) -> Format:
    """The unit of numbers since 1970, by their median."""
    middle = values.filter(values.is_finite()).abs().median()
    size = middle if isinstance(middle, float) else 0.0
    bounds: tuple[tuple[float, Format], ...] = ((1e11, "s"), (1e14, "ms"), (1e17, "us"))
    if size < 1e8:
        told = "has numbers too small for seconds since 1970."
        raise Unreadable(told, "write ISO 8601 in UTC, or state `relative` in a mapping.")
    return next((unit for bound, unit in bounds if size < bound), "ns")


def _written(text: pl.Series) -> Format:
    if not len(text):
        return "iso"
    if _mostly(text.str.contains(_ISO)):
        return "iso"
    if _mostly(text.str.contains(_COMPACT)):
        return "compact"
    if _mostly(text.str.contains(_SLASHED)):
        parts = text.str.extract_groups(r"^(\d{1,2})[./-](\d{1,2})").struct.unnest()
        first, second = (parts[name].cast(pl.Int64, strict=False) > 12 for name in ("1", "2"))
        if first.any() != second.any():
            return "day-first" if first.any() else "month-first"
        told = f"does not tell days from months: `{text[0][:40]}`."
        raise Unreadable(told, "state `day-first` or `month-first` in a mapping.")
    told = f"has times in no known format: `{text[0][:40]}`."
    raise Unreadable(told, "write ISO 8601 in UTC, or state the format in a mapping.")


def _typed(times: pl.Series) -> pl.Series:
    dtype = times.dtype
    if dtype == pl.Date:
        times = times.cast(pl.Datetime("us"))
    elif getattr(dtype, "time_zone", None) is not None:
        times = times.dt.convert_time_zone("UTC")
    return times.dt.epoch("us").cast(pl.Float64) / 1e6


def _texts(times: pl.Series, format_: Format, *, zoned: bool) -> pl.Series:
    text = times.cast(pl.String).str.strip_chars() if times.dtype != pl.String else times
    shift: pl.Series | float = 0.0
    if zoned:
        text = text.str.strip_chars()
        zone = text.str.extract(_ZONE)
        text = text.str.replace(_ZONE, "").str.strip_chars()
        shift = _shift(zone)
    found = _parsed(text, format_)
    if found.null_count() > text.null_count():  # a few are written otherwise
        found = found.fill_null(_parsed(text.str.strip_chars().str.replace("T", " "), format_))
        if not zoned and found.null_count() > text.null_count():
            left = found.is_null() & text.is_not_null()
            found = found.zip_with(~left, _texts(text, format_, zoned=True) * 1e6)
    return found / 1e6 - shift


def _parsed(text: pl.Series, format_: Format) -> pl.Series:
    """Microseconds since 1970."""
    joint = "T" if format_ == "iso" and _mostly(text.head(SAMPLE).str.contains("T")) else " "
    if format_ == "compact":
        text, pattern = text.str.replace("[T_ ]", ""), "%Y%m%d%H%M%S%.f"
    elif format_ == "iso":
        pattern = f"%Y-%m-%d{joint}%H:%M:%S%.f"
    else:
        text = text.str.replace_all(r"[./-]", "/", literal=False).str.replace(r"[T ,]+", " ")
        pattern = "%d/%m/%Y %H:%M:%S" if format_ == "day-first" else "%m/%d/%Y %H:%M:%S"
    found = text.str.to_datetime(pattern, strict=False, time_unit="us")
    if found.null_count() > text.null_count():  # without seconds
        short = pattern.removesuffix("%.f").removesuffix(":%S" if format_ != "compact" else "%S")
        found = found.fill_null(text.str.to_datetime(short, strict=False, time_unit="us"))
    return found.dt.epoch("us").cast(pl.Float64)


def _shift(zone: pl.Series) -> pl.Series:
    """The seconds that a zone is ahead of UTC."""
    digits = zone.str.replace(":", "")
    hours = digits.str.slice(1, 2).cast(pl.Float64, strict=False)
    minutes = digits.str.slice(3, 2).cast(pl.Float64, strict=False)
    size = (hours * 3600 + minutes * 60).fill_null(0.0)
    return size.zip_with(~digits.str.starts_with("-").fill_null(value=False), -size)
