"""How wide words are in Noto Sans, and where lines break: a drawing must know before it is drawn.

Widths are read from the fonts that the report is set in. A reader's browser may lack these and
take another font, so that all widths count a little more than they are.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import accumulate

from detente.report.charts import FONTS
from detente.report.texts import clean

_SLACK = 1.06  # DejaVu Sans, the widest of the usual stand-ins, is about so much wider
_BLANK = dict.fromkeys(map(ord, "\t\n\r"), " ")
_UNKNOWN = 1.0  # em of a letter that the font lacks


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in CSS pixels.

    Parameters
    ----------
    text
        The words of the line.
    size
        The size of the font in CSS pixels.
    bold
        Whether they are set in bold.
    """
    widths = _widths("NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf")
    return _SLACK * size * sum(widths.get(ord(one), _UNKNOWN) for one in text)


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines of a text, none wider than ``width``; a word that is wider is hyphenated.

    A no-break space holds two words together.
    """
    lines: list[str] = []
    for word in clean(text).translate(_BLANK).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size, bold=bold) <= width:
            lines[-1] = joined
        elif word:
            lines += _pieces(word, width, size, bold=bold)
    return lines


def longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """The width of the widest word of a text in CSS pixels."""
    return max((width_of(word, size, bold=bold) for word in text.split()), default=0.0)


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = []
    while word:
        ends = list(accumulate(width_of(one, size, bold=bold) for one in word))
        room = width if ends[-1] <= width else width - width_of("-", size, bold=bold)
        fits = max(sum(end <= room for end in ends), 1)
        pieces.append(word[:fits])
        word = word[fits:]
    return [f"{piece}-" for piece in pieces[:-1]] + pieces[-1:]


@lru_cache(maxsize=2)
def _widths(font: str) -> dict[int, float]:
    """The advance of each character of a TrueType font in em (OpenType 1.9: cmap, hhea, hmtx)."""
    data = (FONTS / font).read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {tag: at for tag, _, at, _ in struct.iter_unpack(">4sLLL", data[12 : 12 + 16 * count])}
    (units,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (measured,) = struct.unpack_from(">H", data, tables[b"hhea"] + 34)
    advances = struct.unpack_from(">" + "Hh" * measured, data, tables[b"hmtx"])[::2]
    return {
        code: advances[min(glyph, measured - 1)] / units
        for code, glyph in _glyphs(data, tables[b"cmap"]).items()
    }


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """The glyph of each character, by the subtable of format 4."""
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    places = (struct.unpack_from(">L", data, cmap + 8 + 8 * one)[0] for one in range(count))
    at = next(
        cmap + place for place in places if struct.unpack_from(">H", data, cmap + place) == (4,)
    )
    (twice,) = struct.unpack_from(">H", data, at + 6)
    segments = twice // 2
    last = struct.unpack_from(f">{segments}H", data, at + 14)
    first = struct.unpack_from(f">{segments}H", data, at + 16 + twice)
    delta = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * twice)
    offsets_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{segments}H", data, offsets_at)
    glyphs: dict[int, int] = {}
    for segment, (start, end, shift, offset) in enumerate(
        zip(first, last, delta, offsets, strict=True)
    ):
        for code in range(start, end + 1):
            if not offset:
                glyphs[code] = (code + shift) & 0xFFFF
                continue
            place = offsets_at + 2 * segment + offset + 2 * (code - start)
            (glyph,) = struct.unpack_from(">H", data, place)
            glyphs[code] = (glyph + shift) & 0xFFFF if glyph else 0
    return {code: glyph for code, glyph in glyphs.items() if glyph}
