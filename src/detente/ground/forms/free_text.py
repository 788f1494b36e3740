"""Free text: the one form in which it is kept, and the quotes in which it is written.

Every line of a quote begins with a mark, and no other line of a message does. A text is broken
before a page would break it, so that what follows a break cannot pass for a line of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from detente.ground.fields import FaultError

WIDTH = 64  # columns of text in a line; with indent and mark under the 69 of a teleprinter
MARKS = {"|": "\n", "+": " ", "~": ""}  # what a mark puts before the words after it
MOST_MARKS = 30  # combining characters in a row: the Stream-Safe Text Format of UAX #15, 13

# Blanks of any width, then what is refused: controls, marks that turn the direction or cannot be
# seen, halves of characters, and what is no character. The ranges are written out, because a later
# edition of Unicode must not change what two nodes agree upon.
_BLANK = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
REFUSED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)


def stacked(text: str) -> int:
    """Where more than `MOST_MARKS` combining characters stand in a row; -1 where nowhere.

    Normalising longer rows takes quadratic time.
    """
    row = 0
    if text.isascii():
        return -1
    for place, one in enumerate(text):
        row = row + 1 if unicodedata.combining(one) else 0
        if row > MOST_MARKS:
            return place
    return -1


def tidy(text: str) -> str:
    """The text in normal form C, with single blanks, and without empty lines around it."""
    lines = [_BLANK.sub(" ", line).strip(" ") for line in text.split("\n")]
    return unicodedata.normalize("NFC", "\n".join(lines)).strip("\n ")


def check_text(text: str, most: int, lines: int) -> str:
    """The text if it is tidy and within its limits; else `FaultError`."""
    if not text:
        raise FaultError("is empty.", "write text, or say that it is not stated.")
    if len(text) > most:
        raise FaultError(f"has {len(text)} characters; {most} are the most.", "shorten it.")
    if text.count("\n") >= lines:
        problem = f"has {text.count(chr(10)) + 1} lines; {lines} are the most."
        raise FaultError(problem, "shorten it.")
    if bad := REFUSED.search(text):
        mend = "remove it."
        raise FaultError(f"holds the character U+{ord(bad[0]):04X}.", mend)
    if stacked(text) >= 0:
        raise FaultError("holds a letter with too many marks above or below.", "remove them.")
    if tidy(text) != text:
        problem = "is not in normal form C with single blanks and no empty lines around it."
        raise FaultError(problem, "write it so.")
    return text


def quote(text: str) -> list[str]:
    """The lines of a tidy text, each with its mark, none wider than `WIDTH` columns."""
    return [row for line in text.split("\n") for row in _rows(line)]


def unquote(rows: Iterable[str]) -> str:
    """The text of lines that `quote` wrote, or a person."""
    text = "".join(MARKS[row[0]] + row[1:].strip(" ") for row in rows)
    if stacked(text) >= 0:  # the marks of several rows may come together
        raise FaultError("holds a letter with too many marks above or below.", "remove them.")
    return tidy(text)


def _rows(line: str) -> list[str]:
    rows, filled = ["|"], 0
    for place, word in enumerate(line.split(" ") if line else []):
        needed = sum(map(_width, word))
        if place and filled + 1 + needed <= WIDTH:
            rows[-1] += " " + word
            filled += 1 + needed
            continue
        pieces = _pieces(word) if needed > WIDTH else [word]
        if place:
            rows.append("+ " + pieces[0])
        else:
            rows[-1] += " " + pieces[0]
        rows += ["~ " + piece for piece in pieces[1:]]
        filled = sum(map(_width, pieces[-1]))
    return rows


def _pieces(word: str) -> list[str]:
    pieces, filled = [""], 0
    for one in word:
        width = _width(one)
        if filled + width > WIDTH:
            pieces.append("")
            filled = 0
        pieces[-1] += one
        filled += width
    return pieces


def _width(one: str) -> int:
    """Columns that a character takes on a screen (Unicode Standard Annex #11)."""
    if one.isascii():
        return 1
    if unicodedata.combining(one):
        return 0
    return 2 if unicodedata.east_asian_width(one) in "WF" else 1
