"""No case folder, however broken, gives a traceback, a warning or half a report."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.case.elsewhere import Assess, another_process
from tests.case.mini import mini, write
from tests.case.mutate import GENTLE, ODD_TEXTS, WILD, Files, Mutation, linked, odd_throughout

from detente.case.read import examine
from detente.ground.errors import CaseError

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {"index.html", "report.pdf", "results.json", "SHA256SUMS", "tables"}
Change = tuple[Mutation, int, int, int]

numbers = st.integers(0, 99_999)
gentle = st.lists(st.tuples(st.sampled_from(GENTLE), numbers, numbers, numbers), max_size=3)
wild = st.lists(st.tuples(st.sampled_from(WILD), numbers, numbers, numbers), max_size=3)
changes = gentle.filter(bool) | st.tuples(gentle, wild).map(lambda some: (some[0] + some[1])[:4])
links = st.tuples(st.integers(0, 9), numbers, numbers)


def base(name: str) -> Files:
    """The files of the mini case, or of a shipped one, by path."""
    if name == "mini":
        return {file: text.encode() for file, text in mini().items()}
    folder = ROOT / "cases" / name
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".csv")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def mutated(files: Files, some: list[Change]) -> Files:
    for mutation, where, place, what in some:
        if files:
            mutation(files, where, place, what)
    return files


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Assess]:
    with another_process() as run:
        yield run


def holds(run: Assess, name: str, some: list[Change], link: tuple[int, int, int]) -> None:
    """A faulty case gives findings and nothing else; a sound one the whole report."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = Path(temporary) / "case", Path(temporary) / "out"
        folder.mkdir()
        write(folder, mutated(base(name), some))
        if link[0] == 0 and any(folder.iterdir()):
            linked(folder, *link[1:])
        case, findings = examine(folder)
        event("sound" if case is not None else "faulty")
        ended = run(folder, out)
        if case is None:
            assert any(finding.level == "error" for finding in findings)
            assert isinstance(ended, CaseError)
            assert [path.name for path in Path(temporary).iterdir()] == ["case"]
            return
        if ended is not None:
            raise ended
        assert {path.name for path in Path(temporary).iterdir()} == {"case", "out"}
        is_complete(out)


def is_complete(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == PROMISED
    sums = dict(line.split("  ")[::-1] for line in (out / "SHA256SUMS").read_text().splitlines())
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {path.relative_to(out).as_posix() for path in files} == {*sums, "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    for table in (out / "tables").iterdir():
        text = table.read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        for cell in cells:
            if cell[:1] in ("=", "+", "-", "@"):
                float(cell)


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(changes, links)
def test_a_small_case_gives_findings_or_a_whole_report(elsewhere, some, link):
    holds(elsewhere, "mini", some, link)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(changes, links)
def test_a_shipped_case_gives_findings_or_a_whole_report(elsewhere, some, link):
    holds(elsewhere, "training", some, link)


@pytest.mark.long
@pytest.mark.parametrize("odd", [text for text in ODD_TEXTS if text.strip()], ids=ascii)
def test_a_case_of_odd_texts_gives_a_whole_report(elsewhere, tmp_path, odd):
    files = base("mini")
    odd_throughout(files, odd)
    folder, out = write(tmp_path / "case", files), tmp_path / "out"
    assert [str(finding) for finding in examine(folder)[1]] == []
    assert elsewhere(folder, out) is None
    is_complete(out)


@pytest.mark.long
@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(changes, links)
def test_a_small_case_gives_findings_or_a_whole_report_many_times(elsewhere, some, link):
    holds(elsewhere, "mini", some, link)


@pytest.mark.long
@pytest.mark.parametrize("name", ["training", "euro-atlantic"])
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(changes, links)
def test_a_shipped_case_gives_findings_or_a_whole_report_many_times(elsewhere, name, some, link):
    holds(elsewhere, name, some, link)
