"""The help of `detente elicit`: every verb has an example, and it comes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from detente.cli.elicit.group import elicit
from detente.cli.main import cli

VERBS = {"plan", "pool", "cooke", "rank", "groups", "statements", "template"}


def test_the_group_holds_its_verbs() -> None:
    assert elicit.commands.keys() == VERBS
    text = CliRunner().invoke(cli, ["elicit", "--help"]).output
    assert all(f"  {verb} " in text for verb in VERBS)
    assert "..." not in text.partition("Commands:")[2]  # no verb's sentence is cut


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_shows_an_example(verb: str) -> None:
    text = " ".join(CliRunner().invoke(cli, ["elicit", verb, "--help"]).output.split())
    assert f"Example: detente elicit {verb}" in text
    options = [one for one in elicit.commands[verb].params if isinstance(one, click.Option)]
    assert all(option.help for option in options)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, json; from detente.cli.main import cli\n"
        "try: cli.main(['elicit', 'pool', '--help'], prog_name='detente')\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & {"numpy", "scipy", "openpyxl", "pydantic", "rich", "yaml"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pool",), 2),
        (("pool", "no-such-file.csv"), 2),
        (("pool", "bad.csv"), 1),
        (("cooke", "bad.csv", "bad.csv"), 2),
        (("groups", "bad.csv", "--k", "9"), 2),
        (("plan", "bad.csv"), 2),
        (("pool", "."), 1),  # a folder is a case, and this one has findings
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("person,question,low,value,high\na,Q1,3,2,1\n")
    done = subprocess.run(
        [sys.executable, "-m", "detente", "elicit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
