"""The help of `detente options`, its exit codes, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from detente.cli.main import cli
from detente.cli.options.group import options

VERBS = {"ledger", "accept", "relations", "packages", "front", "path", "agenda"}
GAINS = "party,measure,gain\na,x,1\na,y,2\nb,x,1\nb,y,-1\n"


def test_the_group_holds_its_verbs() -> None:
    assert options.commands.keys() == VERBS
    text = CliRunner().invoke(cli, ["options", "--help"]).output
    assert all(f"  {verb} " in text for verb in VERBS)
    assert "..." not in text.partition("Commands:")[2]  # no verb's sentence is cut


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_shows_an_example(verb: str) -> None:
    text = " ".join(CliRunner().invoke(cli, ["options", verb, "--help"]).output.split())
    assert f"Example: detente options {verb}" in text
    given = [one for one in options.commands[verb].params if isinstance(one, click.Option)]
    assert all(option.help for option in given)


def _modules(*arguments: str, cwd: Path) -> set[str]:
    code = (
        "import sys, json; from detente.cli.main import cli\n"
        f"try: cli.main({list(arguments)!r}, prog_name='detente')\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=cwd)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = _modules("options", "accept", "--help", cwd=tmp_path)
    assert not loaded & {"numpy", "scipy", "pydantic", "rich", "yaml", "highspy"}


def test_a_small_table_needs_no_compiler(tmp_path: Path) -> None:
    (tmp_path / "gains.csv").write_text(GAINS)
    loaded = _modules("options", "packages", "gains.csv", cwd=tmp_path)
    assert "detente.assessment.bargain.nash" in loaded
    assert not loaded & {"numba", "yaml"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("packages", "gains.csv"), 0),
        (("packages", "bad.csv"), 1),
        (("packages", "gains.csv", "."), 2),
        (("path", "gains.csv", "--steps", "0"), 2),
        (("ledger", "gains.csv"), 1),  # of gains, not of ratings
        (("ledger", "gains.csv", "bad.csv"), 2),
        (("front", "."), 1),  # a folder is a case, and this one has findings
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    (tmp_path / "gains.csv").write_text(GAINS)
    (tmp_path / "bad.csv").write_text(GAINS + "b,y,what\n")
    done = subprocess.run(
        [sys.executable, "-m", "detente", "options", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
