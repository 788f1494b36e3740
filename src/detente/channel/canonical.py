"""One byte form for every value that is signed, hashed or sent: canonical JSON, cut down.

RFC 8785 (JSON Canonicalization Scheme) for texts, integers, lists and mappings only. The keys are
of ``a-z`` and ``_``, so the scheme's order by UTF-16 code units is the order of their bytes; there
are no floats, so its hard part, the digits of a float, never arises. Texts are in Unicode's normal
form C and hold no control character but line feed and tab.

A reader decodes, encodes again and compares: blanks, other escapes, keys twice or in another order,
``1.0``, ``-0`` and ``true`` all fall to that one comparison.
"""

from __future__ import annotations

import binascii
import json
import re
import unicodedata
from typing import Any, NoReturn

from detente.ground.errors import PeerError

MOST_BYTES = 65_536
MOST_DEPTH = 24  # lists and mappings within each other
MOST_INTEGER = 2**53 - 1  # RFC 8785, 3.2.2.3: what every reader of JSON holds exactly
_MOST_DIGITS = len(str(-MOST_INTEGER))

_is_key = re.compile(r"[a-z_]{1,32}").fullmatch
_refused = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]").search
# The closing quote may lack, so that a text without end is taken in one go and not once a quote.
_TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_STANDARD = bytes.maketrans(b"-_", b"+/")


class Malformed(PeerError):  # noqa: N818 - reads as what it says of the bytes
    """Bytes or a value that no party of a line may write."""


def encode(value: Any) -> bytes:
    """The canonical bytes of a value.

    Parameters
    ----------
    value
        A ``str``, ``int``, ``list`` or ``dict`` of these; no subclass of them, so no ``bool``.

    Raises
    ------
    Malformed
        The value, or one within it, has no canonical form.

    Examples
    --------
    >>> encode({"to": ["A", "B"], "seq": 7})
    b'{"seq":7,"to":["A","B"]}'
    """
    _check(value, MOST_DEPTH)
    return _ENCODER.encode(value).encode()


def decode(data: bytes, *, most: int = MOST_BYTES) -> Any:
    """The value whose canonical bytes these are; `encode` gives the same bytes back.

    Raises
    ------
    Malformed
        They are more than ``most``, or not byte for byte the canonical form of a value.
    """
    if len(data) > most:
        raise Malformed(f"It has {len(data):,} bytes; {most:,} are the most.")
    try:
        text = data.decode()
        _check_depth(text)
        value, _ = _DECODER.raw_decode(text)
    except ValueError as error:
        raise Malformed("It is no JSON in UTF-8.") from error
    if encode(value) != data:
        raise Malformed("It is not in canonical form.")
    return value


def to_text(data: bytes) -> str:
    """The bytes as base64url without padding (RFC 4648, 5).

    >>> to_text(bytes([251, 255]))
    '-_8'
    """
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def from_text(text: str, length: int | None = None) -> bytes:
    """The bytes that a text of `to_text` stands for.

    Raises
    ------
    Malformed
        It is no text that `to_text` writes, or does not stand for ``length`` bytes.
    """
    if not isinstance(text, str):  # a value of the other side, whatever its sender put there
        raise Malformed("It is no text.")
    try:
        data = binascii.a2b_base64(text.encode().translate(_STANDARD) + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise Malformed("It is no base64url text.") from error
    if to_text(data) != text:  # padding, foreign characters and bits after the last byte
        raise Malformed("It is no base64url text in canonical form.")
    if length is not None and len(data) != length:
        raise Malformed(f"It stands for {len(data):,} bytes and not for {length:,}.")
    return data


# --- what may stand in a value ----------------------------------------------------------------


def _check(value: Any, depth: int) -> None:
    """Refuse a value that has no canonical form; ``depth`` levels are left."""
    kind = type(value)
    if kind is str:
        _check_text(value)
    elif kind is int:
        if not -MOST_INTEGER <= value <= MOST_INTEGER:
            raise Malformed("An integer is beyond 2**53 - 1.")
    elif kind is list or kind is dict:
        if not depth:
            raise _too_deep()
        if kind is dict:
            for key in value:
                if type(key) is not str or not _is_key(key):
                    raise Malformed("A key is not of up to 32 small letters and low lines.")
            value = value.values()
        for item in value:
            _check(item, depth - 1)
    else:
        raise Malformed(f"A value is of the kind {kind.__name__}; there are texts and integers.")


def _check_text(text: str) -> None:
    if text.isascii():
        if text.isprintable():
            return
    elif not unicodedata.is_normalized("NFC", text):
        raise Malformed("A text is not in Unicode's normal form C.")
    if _refused(text):
        raise Malformed("A text holds a control character or half a surrogate pair.")


def _check_depth(text: str) -> None:
    """Refuse JSON that nests too deeply before the parser, which recurses, sees it."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.findall(_TEXT.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MOST_DEPTH:
            raise _too_deep()


def _too_deep() -> Malformed:
    return Malformed(f"More than {MOST_DEPTH} lists and mappings stand within each other.")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise Malformed("An integer is beyond 2**53 - 1.")
    return int(digits)


def _no_number(_: str) -> NoReturn:
    raise Malformed("A number is no integer.")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,  # what holds itself is too deep
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
)
_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)
