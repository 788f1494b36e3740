"""Who tells the demonstration: headings, sentences and papers, with time to read them."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field

import click

from detente.cli.line.heading import COLUMNS, wrapped

READ_S = 1.0  # a sentence
PAPER_S = 4.0  # a form
_PAPER = COLUMNS - 9


@dataclass
class Narrator:
    """Prints what happens; ``is_fast`` leaves no time to read, ``is_silent`` prints nothing."""

    is_fast: bool
    is_silent: bool
    _acts: int = field(default=0)

    async def act(self, title: str) -> None:
        """A heading."""
        self._acts += 1
        self._print("", f"── {self._acts}. {title} ".ljust(COLUMNS, "─"), "")
        await self._time(READ_S)

    async def tell(self, clock: str, words: str) -> None:
        """A sentence, with the time on the stage."""
        self._print(*wrapped(words, first=f"{clock:<7}", then=" " * 7))
        await self._time(READ_S)

    async def paper(self, rows: Iterable[str]) -> None:
        """A paper or a screen as it stands."""
        for row in rows:
            indent = " " * (len(row) - len(row.lstrip()))
            lines = textwrap.wrap(row, _PAPER, subsequent_indent=indent + "  ") or [""]
            self._print(*(f"       ┃ {line}" for line in lines))
        await self._time(PAPER_S)

    def _print(self, *rows: str) -> None:
        if not self.is_silent:
            for row in rows:
                click.echo(row)

    async def _time(self, seconds: float) -> None:
        await asyncio.sleep(0 if self.is_fast else seconds)
