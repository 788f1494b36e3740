"""The main job on both shipped cases, through the command line, to the files that people open."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from detente.cli.main import cli
from detente.ground.errors import CaseError, UsageError

CASES = ("training", "euro-atlantic")
POINTS = "256"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture(scope="module", params=CASES)
def report(request: pytest.FixtureRequest, root: Path, tmp_path_factory) -> Path:
    """The folder that `detente assess` wrote for a shipped case."""
    out = tmp_path_factory.mktemp("reports") / request.param
    result = run("assess", root / "cases" / request.param, "--out", out, "--points", POINTS)
    assert result.exit_code == 0, result.output
    assert str(out / "index.html") in result.output
    return out


def pdf_text(report: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(report / "report.pdf").pages]


def test_the_folder_holds_what_was_promised(report: Path) -> None:
    assert sorted(path.name for path in report.iterdir()) == [
        "SHA256SUMS",
        "index.html",
        "report.pdf",
        "results.json",
        "tables",
    ]
    for table in (report / "tables").iterdir():
        rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1, table


def test_the_page_asks_nothing_of_the_world(report: Path) -> None:
    page = (report / "index.html").read_text()
    assert "<script" not in page
    assert not re.search(r"""(?:src|xlink:href)\s*=\s*["'](?!data:|#)""", page)
    assert not re.search(r"url\((?!['\"]?(?:data:|#))", page)
    assert "default-src 'none'" in page


def test_no_cell_of_a_table_starts_a_formula(report: Path) -> None:
    for table in (report / "tables").iterdir():
        for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))):
            for cell in row:
                if cell[:1] in ("=", "+", "-", "@"):
                    float(cell)


def test_what_decides_stands_on_the_first_two_pages(report: Path) -> None:
    first, second, third = pdf_text(report)[:3]
    assert "Edition" in first
    for title in ("survive every belief", "Reciprocal steps", "worth an hour", "rests on"):
        assert title in second
    assert "Contents" in third[:200]


def test_pages_one_and_two_hold_no_absolute_frequency_and_no_bargaining_value(
    report: Path,
) -> None:
    first_two = " ".join(pdf_text(report)[:2]).lower()
    for word in ("per year", "nash", "p-value", "annual probability"):
        assert word not in first_two


def test_the_results_are_versioned_and_name_their_case(report: Path, root: Path) -> None:
    results = json.loads((report / "results.json").read_text())
    assert results["format"] == "detente/results/1"
    inner = results["results"]
    assert re.fullmatch(r"[0-9a-f]{64}", inner["digest"])
    assert inner["digest"] in (report / "index.html").read_text()
    assert inner["points"] == int(POINTS)


def test_the_training_case_is_marked_on_every_page(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("assess", root / "cases" / "training", "--out", out, "--points", POINTS)
    for text in pdf_text(out):
        assert "invented for training" in text


def test_the_digests_are_those_of_the_files(report: Path) -> None:
    lines = (report / "SHA256SUMS").read_text().splitlines()
    sums = dict(line.split("  ")[::-1] for line in lines)
    for name, digest in sums.items():
        assert hashlib.sha256((report / name).read_bytes()).hexdigest() == digest


def test_the_same_case_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        run("assess", root / "cases" / "training", "--out", out, "--points", "64")
    files = [path.relative_to(outs[0]) for path in outs[0].rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert (outs[0] / file).read_bytes() == (outs[1] / file).read_bytes(), file


def test_json_goes_to_standard_output_and_is_the_file(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("assess", root / "cases" / "training", "--out", out, "--points", "64", "--json")
    assert result.stdout == (out / "results.json").read_text()


def test_a_case_with_findings_writes_nothing(root: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(root / "cases" / "training", case)
    (case / "risks.yaml").unlink()
    result = run("assess", case, "--out", tmp_path / "out")
    assert isinstance(result.exception, CaseError)
    assert not (tmp_path / "out").exists()


def test_an_earlier_report_is_replaced_and_a_foreign_folder_is_not(
    root: Path, tmp_path: Path
) -> None:
    case, out = root / "cases" / "training", tmp_path / "out"
    assert run("assess", case, "--out", out, "--points", "64").exit_code == 0
    before = (out / "results.json").read_bytes()
    assert run("assess", case, "--out", out, "--points", "128").exit_code == 0
    assert (out / "results.json").read_bytes() != before
    (out / "thesis.docx").write_text("years of work")
    result = run("assess", case, "--out", out, "--points", "64")
    assert isinstance(result.exception, UsageError)
    assert (out / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("points", ["0", "100", "-8", "many"])
def test_points_are_a_power_of_two(root: Path, tmp_path: Path, points: str) -> None:
    result = run(
        "assess", root / "cases" / "training", "--out", tmp_path / "out", "--points", points
    )
    assert result.exit_code != 0
    assert isinstance(result.exception, UsageError | SystemExit)
    assert not (tmp_path / "out").exists()
