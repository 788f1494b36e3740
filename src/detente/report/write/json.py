"""Results as JSON: the same values for programs that the pages hold for readers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_DIGITS, _THOUSANDTHS = 9, 1e6  # from there on, numbers keep three decimals


def encode(value: Any) -> bytes:
    r"""Frozen dataclasses, mappings, sequences and plain values as indented UTF-8 JSON.

    Fields keep their order; numbers have 9 significant digits, so that machines that differ in the
    last bits agree, and large ones, such as seconds since 1970, three decimals.

    Raises
    ------
    ValueError
        A number is not finite; the message tells where it stands.
    TypeError
        A value is of a kind that JSON does not have, or a key is no text.

    Examples
    --------
    >>> encode({"share": 1 / 3, "people": (5, 7)}).decode()
    '{\n  "share": 0.333333333,\n  "people": [\n    5,\n    7\n  ]\n}\n'
    """
    plain = _plain(value, "the value")
    return (json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def _plain(value: Any, where: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _number(value, where)
    if isinstance(value, Mapping):
        return {_key(key, where): _plain(one, f"{where}.{key}") for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, f"{where}[{place}]") for place, one in enumerate(value)]
    raise TypeError(f"{where} is a {type(value).__name__}, which JSON does not have.")


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{where} has the key {key!r}, which is no text.")
    return str(key)


def _number(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{where} is {value}, which JSON does not have.")
    if abs(value) >= _THOUSANDTHS:
        return round(value, 3)
    return float(f"{value:.{_DIGITS}g}") + 0.0  # a zero has no sign
