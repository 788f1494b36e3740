"""How ladders begin, and their numbers, in words: per cent, one in so many, so often a year."""

from __future__ import annotations

import math
from collections.abc import Iterator

from detente.case import model
from detente.report.names import Names

_RARE = 1e-4  # below it, per cent have too many zeros to be read


def branch(kind: str, names: Names) -> str:
    """How an escalation begins, in words."""
    _ = names.phrases
    return {
        "accident": _("accident"),
        "misread-signal": _("misread signal"),
        "false-alarm": _("false alarm"),
        "deliberate": _("deliberate act"),
    }[kind]


def figures(
    number: model.Parameter | None, in_crisis: model.Parameter | None, names: Names
) -> Iterator[str]:
    """A number, and the one that stands in its place in a crisis, where there are any."""
    if number:
        yield interval(number, names)
    if in_crisis:
        crisis = names.phrases("in a crisis:")
        yield f"{crisis} {interval(in_crisis, names)}"


def interval(number: model.Parameter, names: Names) -> str:
    """A number of the ladders with at most two significant digits.

    Such as ``1–5 %``, ``1 in 330,000 – 1 in 1,000``, ``20–60 a year``, ``once in 2–50 years``.
    """
    _ = names.phrases
    if number.elicited is not None:
        return _("from people's answers")
    if number.counted is not None:
        return _("from counts")
    low, high = ends(number)
    said = _rate(low, high, names) if number.kind == "rate" else _chance(low, high, names)
    return _("somewhere in {interval}", interval=said) if number.bounds_only else said


def ends(number: model.Number) -> tuple[float, float]:
    """Both ends of a stated number, which are one for a point; not a number where none stands."""
    if number.value is not None:
        return number.value, number.value
    low = math.nan if number.low is None else number.low
    return low, math.nan if number.high is None else number.high


def _chance(low: float, high: float, names: Names) -> str:
    if 0 < low < _RARE:
        return " – ".join(
            names.phrases("1 in {n}", n=_two(1 / one, names)).replace(" ", "\u00a0")
            for one in dict.fromkeys((low, high))
        )
    said = names.phrases.percent(high, _decimals(100 * high))
    return said if low == high else f"{_two(100 * low, names)}–{said}"


def _rate(low: float, high: float, names: Names) -> str:
    _ = names.phrases
    if low > 0 and high < 1:
        return _("once in {years} years", years=_span(1 / high, 1 / low, names))
    return _("{n} a year", n=_span(low, high, names))


def _span(low: float, high: float, names: Names) -> str:
    first, last = _two(low, names), _two(high, names)
    return first if first == last else f"{first}–{last}"


def _two(x: float, names: Names) -> str:
    """A number with two significant digits, or one where the second would be a nought."""
    shown = float(f"{x:.1e}")
    return names.phrases.number(shown, _decimals(shown))


def _decimals(x: float) -> int:
    """How many decimals two significant digits take."""
    shown = float(f"{x:.1e}")
    if shown == 0:
        return 0
    most = max(0, 1 - math.floor(math.log10(abs(shown))))
    return most - 1 if most and math.isclose(round(shown, most - 1), shown) else most
