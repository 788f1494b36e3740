"""`detente line --help`: every verb explains itself, and starts fast."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from detente.cli.main import cli

group: click.Group = cli.commands["line"]


@pytest.mark.parametrize("verb", sorted(group.commands))
def test_a_verb_has_an_example_and_help_for_each_option(verb):
    result = CliRunner().invoke(cli, ["line", verb, "--help"])
    assert result.exit_code == 0
    assert f"Example: detente line {verb}" in " ".join(result.output.split())
    options = [one for one in group.commands[verb].params if isinstance(one, click.Option)]
    assert all(option.help for option in options)


def test_the_group_says_what_it_is_not():
    text = " ".join(CliRunner().invoke(cli, ["line", "--help"]).output.split())
    assert "not an accredited state channel" in text
    assert "no treaty notice by itself" in text


def test_help_loads_nothing_heavy():
    code = (
        "import sys, json; from detente.cli.main import cli\n"
        "try: cli.main(['line', 'send', '--help'], prog_name='detente')\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & {"numpy", "cryptography", "pydantic", "rich", "yaml", "textual", "asyncio"}
