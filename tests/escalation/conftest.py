"""Small cases for the escalation room, written as people write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from detente.case import model
from detente.case.case import Case
from detente.case.parse import parse_record
from detente.ground.text import Marked, parse_yaml

Kind = TypeVar("Kind", bound=model.Record)


def _record(kind: type[Kind], text: str) -> Kind:
    marked = parse_yaml(text, Marked("test.yaml"))
    record, _ = parse_record(kind, marked)
    assert not marked.findings, marked.findings
    assert record is not None
    return record


def _ladder_file(text: str) -> model.LadderFile:
    return _record(
        model.LadderFile,
        "format: detente/ladder/1\n"
        "defaults: {basis: illustrative, source: a test, date: 2026-11}\n" + text,
    )


@pytest.fixture(scope="session")
def here() -> Path:
    """The folder of these tests."""
    return Path(__file__).parent


@pytest.fixture(scope="session")
def ladder_file() -> Callable[[str], model.LadderFile]:
    """A ladder file from its YAML without format and defaults."""
    return _ladder_file


@pytest.fixture(scope="session")
def make_case() -> Callable[..., Case]:
    """A case from the YAML of its ladder and its measures."""

    def made(ladder: str = "", measures: str = "", *, seed: int = 1, years: float = 10.0) -> Case:
        about = model.CaseFile(
            format="detente/case/1",
            title={"": "A case"},
            edition="1",
            date="2026-11",
            as_of="2026-11",
            summary={"": "For a test."},
            parties=(model.Party(id="A", name={"": "A"}, real=False, heard="panel"),),
            horizon_years=years,
            languages=("en",),
            seed=seed,
        )
        file = _record(
            model.MeasuresFile,
            "format: detente/measures/1\n"
            "defaults: {basis: illustrative, source: a test, date: 2026-11}\n" + measures,
        )
        return Case(about=about, measures_file=file, ladder=_ladder_file(ladder))

    return made


@pytest.fixture(scope="session")
def measure() -> Callable[..., str]:
    """The YAML of one measure with its acts, each as a flow mapping."""

    def written(name: str, *acts: str) -> str:
        head = (
            f"  - {{id: {name}, area: 1, title: {name}, seen: unverified, unilateral: false, "
            "verifiability: none"
        )
        return f"{head}, acts: [{', '.join(acts)}]}}\n"

    return written
