"""A file of the drugis tool as JSON, and what is wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from detente.ground.errors import CaseError, Finding, UsageError

Found = TypeVar("Found")


@dataclass
class Reader:
    """The file, and what is wrong with it."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def find(self, key: str, problem: str, mend: str) -> None:
        """Record a finding."""
        self.findings.append(Finding(self.file, 0, key, problem, mend))

    def table(self, parent: Any, name: str, key: str) -> Mapping[str, Any]:
        """The object ``name`` of ``parent``; an empty one with a finding where it is none."""
        value = parent.get(name) if isinstance(parent, dict) else None
        if isinstance(value, dict) and value:
            return value
        self.find(key, "is missing, empty, or no object.", "export the problem again.")
        return {}

    def numbers(self, value: Any, key: str, count: int | None = None) -> tuple[float, ...] | None:
        """A list of finite numbers, ``count`` of them if it is given; None with a finding."""
        listed = value if isinstance(value, list) else [None]
        if all(map(is_number, listed)) and count in {None, len(listed)}:
            return tuple(map(float, listed))
        many = "" if count is None else f"{count} "
        self.find(key, f"is no list of {many}numbers.", "write numbers between brackets.")
        return None

    def named(
        self, value: Any, key: str, names: tuple[str, ...], what: str
    ) -> tuple[float, ...] | None:
        """The finite numbers of an object that bear these names; None with a finding."""
        given: list[Any] = [None]
        if isinstance(value, dict):
            given = [value.get(name) for name in names]
        if all(map(is_number, given)):
            return tuple(map(float, given))
        self.find(key, f"lacks numbers of {what}.", f"give {' and '.join(names)}.")
        return None

    def made(self, key: str, make: Callable[[], Found]) -> Found | None:
        """What ``make`` makes; None, with what it raised as a finding."""
        try:
            return make()
        except UsageError as error:
            self.find(key, f"cannot be used: {error}", "mend the numbers.")
            return None

    def done(self) -> None:
        """Raise all findings, if there are any."""
        if self.findings:
            raise CaseError(tuple(sorted(self.findings)))

    def parsed(self, data: bytes) -> dict[str, Any]:
        """The object in the file; raises where there is none."""
        try:
            whole = json.loads(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            problem, mend = "is not UTF-8 from here on.", "save the file in UTF-8."
            self.findings.append(Finding(self.file, line, "", problem, mend))
        except json.JSONDecodeError as error:
            problem, mend = f"is no JSON from here on: {error.msg}.", "export the problem again."
            self.findings.append(Finding(self.file, error.lineno, "", problem, mend))
        except RecursionError:
            self.find("", "is nested too deeply.", "export the problem again.")
        else:
            if isinstance(whole, dict):
                return whole
            self.find("", "is no object.", "export the problem again.")
        self.done()
        raise AssertionError  # there was a finding


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
