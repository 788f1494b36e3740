"""Frequencies, probabilities and shares in as few digits as they bear."""

from __future__ import annotations

import math

from detente.report.names import Names

LONGEST_YEARS = 1e9  # beyond this, how rarely is no longer told
LIKELY = 0.5
STEP = 0.05  # shares are told to the nearest twentieth


def years(per_year: float, names: Names) -> str:
    """The years between two events to one significant digit; more would read as a forecast."""
    if per_year <= 0:
        return names.phrases("never")
    if per_year < 1 / LONGEST_YEARS:
        return f"> {names.phrases.number(LONGEST_YEARS, 0)}"
    return names.phrases.number(float(f"{1 / per_year:.0e}"), 0 if per_year < 1 else 1)


def one_in(probability: float, names: Names) -> str:
    """A probability as one in so many, to one significant digit; from a half on, in per cent."""
    if probability <= 0:
        return names.phrases("never")
    if probability >= LIKELY:
        return names.phrases.percent(min(STEP * round(probability / STEP), 1 - STEP))
    rare = probability < 1 / LONGEST_YEARS
    many = LONGEST_YEARS if rare else float(f"{1 / probability:.0e}")
    said = names.phrases("1 in {n}", n=names.phrases.number(many, 0)).replace(" ", "\u00a0")
    return f"<\u00a0{said}" if rare else said


def about(share: float, names: Names) -> str:
    """A share in per cent to the nearest `STEP`, or less than that."""
    if share < STEP / 2:
        return f"< {names.phrases.percent(STEP)}"
    return names.phrases.percent(STEP * round(share / STEP))


def orders(one: float, other: float) -> float | None:
    """By how many orders of magnitude ``one`` is above ``other``; None where either is nothing.

    >>> orders(0.01, 0.0001)
    2.0
    """
    return math.log10(one / other) if one > 0 and other > 0 else None
