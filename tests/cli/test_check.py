"""The verbs `check` and `new`, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli.main import cli


def invoke(*arguments: str | Path):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A case that `detente new` made."""
    folder = tmp_path / "my-case"
    result = invoke("new", folder)
    assert result.exit_code == 0, result.output
    return folder


def test_a_new_case_passes_the_check(fresh: Path) -> None:
    result = invoke("check", fresh)
    assert (result.exit_code, result.output) == (0, "Nothing to mend.\n")


def test_a_new_case_goes_nowhere_where_something_stands(fresh: Path) -> None:
    before = {path: path.read_bytes() for path in fresh.rglob("*") if path.is_file()}
    assert invoke("new", fresh).exit_code != 0
    assert {path: path.read_bytes() for path in fresh.rglob("*") if path.is_file()} == before


def test_findings_come_all_at_once_and_as_json(fresh: Path) -> None:
    case = (fresh / "case.yaml").read_text()
    (fresh / "case.yaml").write_text(case.replace("heard: panel", "heard: pannel", 1))
    with (fresh / "risks.yaml").open("a") as risks:
        risks.write("risk: []\n")
    result = invoke("check", fresh, "--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert {finding["file"] for finding in findings} >= {"case.yaml", "risks.yaml"}
    assert all(finding["line"] and finding["mend"] for finding in findings)
    plain = invoke("check", fresh).output
    assert all(finding["problem"] in plain for finding in findings)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("check", "no-such-folder"), 2),
        (("check",), 2),
        (("chekc",), 2),
        (("assess", "x", "--out", "y", "--lang", "xx"), 2),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
