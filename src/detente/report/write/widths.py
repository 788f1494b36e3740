"""Widths of columns in which whole words fit, and rows are as low as the page lets them be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PAGE = 66.0  # em of small print across a page
_PADDING = 1.1  # em between two columns
_LONGEST = 11.0  # em of a word for which a column is made wider
_WORTH = 0.1  # lines for which an em is shifted
_SMALL = 1e-9
_BOLD = 1.08  # how much wider the head of a column is set
_SLIM, _BROAD = frozenset("fijlrtI.,:;'|()[]/!-"), frozenset("mwMWжмшщюыфЖМШЩЮЫФ@%—…")
# What a line is not broken in: a date is one word, a compound with hyphens is not.
_WORD = re.compile(r"[^ \t\n-]+(?:-\d+)*")


def fitted(wanted: Sequence[float], texts: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """The wanted widths, shifted so that no word is broken where the page has room for it.

    Then room goes from columns with short cells to those with long ones, while it lowers rows.

    Parameters
    ----------
    wanted
        Relative widths of the columns; the result has the same sum.
    texts
        The texts of each column, its title first.
    """
    if not wanted:
        return ()
    needs = _needs([_longest_word(column) for column in texts])
    scale = max(_PAGE, sum(needs)) / sum(wanted)
    first = raised([width * scale for width in wanted], needs)
    return tuple(width / scale for width in lowered(first, needs, texts))


def raised(wanted: Sequence[float], needs: Sequence[float]) -> list[float]:
    """Widths of the same sum, none below its need; those with room shrink in proportion.

    >>> raised([10, 40, 50], [20, 10, 10])
    [20, 35.55555555555556, 44.44444444444444]
    """
    widths, at_need = list(wanted), set[int]()
    while below := {place for place, need in enumerate(needs) if widths[place] < need - 1e-9}:
        at_need |= below
        free = [place for place in range(len(wanted)) if place not in at_need]
        room = sum(wanted) - sum(needs[place] for place in at_need)
        scale = room / sum(wanted[place] for place in free) if free else 0.0
        widths = [
            needs[place] if place in at_need else width * scale
            for place, width in enumerate(wanted)
        ]
    return widths


def lowered(
    widths: Sequence[float], needs: Sequence[float], texts: Sequence[Sequence[str]]
) -> list[float]:
    """Widths of the same sum, an em at a time from column to column while rows become lower.

    A row is as high as its highest cell; a cell has as many lines as its text is long by the room
    in its column, and at least one. This is convex in the widths, so that the shift that saves
    most each time comes close to the least sum over the rows.

    Parameters
    ----------
    widths, needs
        Em of each column, and those below which it does not go.
    texts
        The texts of each column, its title first.
    """
    lengths = ([_em(text) for text in column] for column in texts)
    ems = np.array(list(zip_longest(*lengths, fillvalue=0.0)))
    one = np.eye(len(widths))
    shifts = (one[:, None] - one[None, :]).reshape(-1, len(widths))
    found, least = np.array(widths, dtype=float), np.array(needs, dtype=float)
    height = _height(ems, found[None])[0]
    while True:
        tried = found + shifts
        tried = tried[(tried >= least - _SMALL).all(axis=1)]
        heights = _height(ems, tried)
        best = int(heights.argmin()) if len(tried) else 0
        if not len(tried) or heights[best] > height - _WORTH:
            return [float(width) for width in found]
        found, height = tried[best], heights[best]


def _height(ems: Floats, widths: Floats) -> Floats:
    """Lines of all rows together, for each of several choices of widths."""
    lines = ems[None] / (widths[:, None] - _PADDING)
    heights: Floats = np.maximum(lines.max(axis=2), 1.0).sum(axis=1)
    return heights


def _longest_word(texts: Sequence[str]) -> float:
    title, *cells = texts
    return max(_BOLD * _longest([title]), _longest(cells))


def _longest(texts: Sequence[str]) -> float:
    return max((_em(word) for text in texts for word in _WORD.findall(text)), default=0.5)


@lru_cache(maxsize=1 << 14)
def _em(word: str) -> float:
    """About how wide a word is in Noto Sans, in em; a little too wide rather than too slim."""
    slim = sum(one in _SLIM for one in word)
    broad = sum(one in _BROAD for one in word)
    capital = sum(one.isupper() and one not in _BROAD for one in word)
    return 0.37 * slim + 0.9 * broad + 0.1 * capital + 0.58 * (len(word) - slim - broad)


def _needs(words: Sequence[float]) -> list[float]:
    """Em that each column needs; where the page is too narrow, the longest words give way."""
    longest = _LONGEST
    while longest > 1:
        needs = [min(word, longest) + _PADDING for word in words]
        if sum(needs) <= _PAGE:
            return needs
        longest -= 0.5
    return [1 + _PADDING] * len(words)
