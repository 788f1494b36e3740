"""Change every text inside a plain value, and the characters that no page can hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_NO_CHARACTER = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LETTER = "[A-Za-z\u00c0-\u024f\u0300-\u036f\u0400-\u052f]"
_ENDLESS = re.compile(f"({_LETTER}{{300}}){_LETTER}+")


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same dictionaries and lists with each text changed; the keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(one, change) for one in value]
    return value


def clean(text: str) -> str:
    r"""The text with U+FFFD for each character that XML 1.0 forbids or advises against (2.2).

    >>> clean("bell \x07")
    'bell �'
    """
    return _NO_CHARACTER.sub("\ufffd", text)


def with_an_end(text: str) -> str:
    """The text with words of 300 letters at the most, and three dots for what is cut off.

    Nobody writes longer ones; a typesetter takes minutes over some thousand letters in a column.
    """
    return _ENDLESS.sub(r"\1…", text)
