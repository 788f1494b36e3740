"""Which characters the shipped fonts can show.

An archive PDF (PDF/A, PDF/UA) must not hold a character without a glyph. A name in a script that
the fonts lack is therefore written by code points, so that nothing is lost and the report is made.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from detente.report.charts import FONTS

# Box drawing, blocks and geometric shapes, ✓ and ✗: in the fonts that the typst wheel embeds.
_BY_TYPST = frozenset({*range(0x2500, 0x2600), 0x2713, 0x2717})
_NOT_DRAWN = ("Mn", "Mc", "Me", "Cf")
_NO_TEXT = frozenset({0x0000, 0xFEFF, 0xFFFE, 0xFFFF})


def displayable(text: str) -> str:
    """The text with each character that has no glyph as its code point; control characters blank.

    >>> displayable("Łódź → 東")
    'Łódź → [U+6771]'
    """
    if text.isascii() and text.isprintable():
        return text
    shown, takes_marks = [], False
    for one in text:
        kind = unicodedata.category(one)
        # A mark needs a font that has its base too.
        has_glyph = ord(one) in _of_text() and (takes_marks or kind[0] != "M")
        takes_marks = has_glyph
        if kind == "Cc":
            shown.append(" ")
        elif has_glyph or (ord(one) in _of_signs() and kind[0] != "M"):
            shown.append(one)
        else:
            shown.append(f"[U+{ord(one):04X}]")
    return "".join(shown)


def drawable(svg: str) -> str:
    """A picture with what its letters can show: composed, without marks and invisible characters.

    In a picture these have glyphs of their own, which the fonts may lack; the table beside it
    holds the whole text.
    """
    composed = unicodedata.normalize("NFC", svg)
    return "".join(one for one in composed if unicodedata.category(one) not in _NOT_DRAWN)


@lru_cache(maxsize=1)
def _of_text() -> frozenset[int]:
    return coverage(FONTS / "NotoSans-Regular.ttf")


@lru_cache(maxsize=1)
def _of_signs() -> frozenset[int]:
    return coverage(FONTS / "NotoSansMath-Regular.ttf") | _BY_TYPST


def coverage(font: Path) -> frozenset[int]:
    """The code points of the Basic Multilingual Plane that a TrueType font has glyphs for.

    Read from the subtable of format 4 that its table ``cmap`` holds (OpenType 1.9, chapter cmap).
    """
    data = font.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {tag: at for tag, _, at, _ in struct.iter_unpack(">4sLLL", data[12 : 12 + 16 * count])}
    cmap = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    places = (struct.unpack_from(">L", data, cmap + 8 + 8 * one)[0] for one in range(count))
    starts = (cmap + place for place in places)
    at = next(start for start in starts if struct.unpack_from(">H", data, start) == (4,))
    (twice,) = struct.unpack_from(">H", data, at + 6)
    last = struct.unpack_from(f">{twice // 2}H", data, at + 14)
    first = struct.unpack_from(f">{twice // 2}H", data, at + 16 + twice)
    ranges = zip(first, last, strict=True)
    return frozenset(code for a, b in ranges for code in range(a, b + 1)) - _NO_TEXT
