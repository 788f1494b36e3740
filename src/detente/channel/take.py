"""Take apart a value that the other side sent: every field is asked for, and none is left."""

from __future__ import annotations

from typing import Any

from detente.channel.canonical import Malformed, from_text


class Fields:
    """The fields of one mapping; each method takes one away or raises `Malformed`."""

    def __init__(self, value: Any, what: str) -> None:
        if not isinstance(value, dict):
            raise Malformed(f"The {what} is no mapping.")
        self._left = dict(value)
        self._what = what

    def _take(self, key: str, kind: type) -> Any:
        value = self._left.pop(key, None)
        if not isinstance(value, kind):
            raise self._bad(key)
        return value

    def _bad(self, key: str) -> Malformed:
        return Malformed(f"The {self._what} has no usable {key}.")

    def text(self, key: str, most: int, *, least: int = 1) -> str:
        """A text of ``least`` to ``most`` characters."""
        value: str = self._take(key, str)
        if not least <= len(value) <= most:
            raise self._bad(key)
        return value

    def octets(self, key: str, length: int) -> str:
        """A text that stands for ``length`` bytes."""
        value: str = self._take(key, str)
        from_text(value, length)
        return value

    def number(self, key: str, least: int, most: int) -> int:
        """An integer from ``least`` to ``most``."""
        value: int = self._take(key, int)
        if not least <= value <= most:
            raise self._bad(key)
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of the texts in ``choices``."""
        value: str = self._take(key, str)
        if value not in choices:
            raise self._bad(key)
        return value

    def texts(
        self, key: str, choices: tuple[str, ...] | None, *, most: int = 64
    ) -> tuple[str, ...]:
        """A list of texts without repetition, each one of ``choices`` where these are given."""
        value: list[Any] = self._take(key, list)
        good = all(isinstance(each, str) and 0 < len(each) <= 200 for each in value)
        if not good or len(value) > most or len(set(value)) < len(value):
            raise self._bad(key)
        if choices is not None and not set(value) <= set(choices):
            raise self._bad(key)
        return tuple(value)

    def rows(self, key: str, width: int, most: int) -> list[list[Any]]:
        """A list of up to ``most`` lists of ``width`` parts."""
        value = self.items(key, most)
        if not all(isinstance(row, list) and len(row) == width for row in value):
            raise self._bad(key)
        return value

    def items(self, key: str, most: int) -> list[Any]:
        """A list of up to ``most`` parts of any kind."""
        value: list[Any] = self._take(key, list)
        if len(value) > most:
            raise self._bad(key)
        return value

    def plain(self, key: str) -> dict[str, Any]:
        """A mapping that is looked into elsewhere."""
        value: dict[str, Any] = self._take(key, dict)
        return value

    def end(self) -> None:
        """No field may be left."""
        if self._left:
            raise Malformed(f"The {self._what} holds {min(self._left)}, which is not known.")
