"""Tables for a terminal, and one JSON object for programs."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import click

from detente.cli.words import _

WIDTH = 100  # columns, where standard output is no terminal
_NUMBER = re.compile(r"[−+]?[\d.,]+( × 10\S+)?( ?%)?( \([\d.,]+\))?|–|∞|[<>] .*")


def print_json(format_name: str, values: Mapping[str, Any]) -> None:
    """One JSON object with its format, ``elicit-pool`` or so; what JSON does not have is null."""
    from detente.report.write.json import encode

    told = {"format": f"detente/{format_name}/1", **values}
    click.echo(encode(plain(told)).decode(), nl=False)


def plain(value: Any) -> Any:
    """What JSON has; a number that is not finite is None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if hasattr(value, "tolist"):  # an array or a number of NumPy
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, note: str = ""
) -> None:
    """A table where there are rows; columns of numbers stand to the right.

    What stands in the first column is not repeated in the rows below it.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    body = [list(row) for row in rows]
    if not body:
        return
    width = None if "COLUMNS" in os.environ else WIDTH
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=width)
    console.print(escape(title), style="bold")
    table = Table(box=None)
    for place, name in enumerate(columns):
        numbers = all(_NUMBER.fullmatch(row[place]) for row in body)
        table.add_column(
            escape(name),
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=numbers,
        )
    above = ""
    for first, *others in body:
        table.add_row(*(escape(cell) for cell in ("" if first == above else first, *others)))
        above = first
    console.print(table)
    if note:
        console.print(escape(note), style="dim")
    console.print()


def say(text: str) -> None:
    """A line of words."""
    click.echo(text)


def number(x: float | None, digits: int = 3) -> str:
    """A number with so many significant digits; a dash where there is none."""
    if x is None or math.isnan(x):
        return "–"
    if math.isinf(x):
        return "∞"
    return _.cell(float(f"{x:.{digits}g}"))


def spread(low: float | None, mid: float | None, high: float | None) -> str:
    """A middle with its interval."""
    return f"{number(mid)} ({number(low)}–{number(high)})"


def chance(p: float | None) -> str:
    """A probability that comes of few people: two decimals, and never quite 0 or 1."""
    if p is None or math.isnan(p):
        return "–"
    if p < 0.01:
        return f"< {_.number(0.01, 2)}"
    return f"> {_.number(0.99, 2)}" if p > 0.99 else _.number(p, 2)


def tally(low: int, high: int, people: int) -> str:
    """How many of the people, as a number or a range."""
    if low == 0 and high == people:
        return _("too few to tell")
    if low == high:
        return _("{n} of {people}", n=low, people=people)
    return _("{low}–{high} of {people}", low=low, high=high, people=people)


def shortened(text: str, most: int = 60) -> str:
    """A text on one line, cut where it is longer than ``most``."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def yes_no(*, holds: bool) -> str:
    """Yes or no."""
    return _("yes") if holds else _("no")
