"""The help of `detente ladder`, its exit codes, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.cli.ladder.group import ladder
from detente.cli.main import cli
from detente.escalation.engine.diagram import TooManyNodesError

VERBS = {
    "check", "solve", "cutsets", "importance", "sobol", "evppi", "export", "diff", "draw",
}  # fmt: skip
TREE = """<opsa-mef><define-fault-tree name="T">
<define-gate name="top"><and><basic-event name="a"/><basic-event name="b"/></and></define-gate>
<define-basic-event name="a"><float value="0.1"/></define-basic-event>
<define-basic-event name="b"><float value="0.2"/></define-basic-event>
</define-fault-tree></opsa-mef>
"""


def test_the_group_holds_its_verbs() -> None:
    assert ladder.commands.keys() == VERBS
    text = CliRunner().invoke(cli, ["ladder", "--help"]).output
    assert all(f"  {verb} " in text for verb in VERBS)
    assert "..." not in text.partition("Commands:")[2]  # no verb's sentence is cut


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_shows_an_example(verb: str) -> None:
    text = " ".join(CliRunner().invoke(cli, ["ladder", verb, "--help"]).output.split())
    assert f"Example: detente ladder {verb}" in text
    options = [one for one in ladder.commands[verb].params if isinstance(one, click.Option)]
    assert all(option.help for option in options)


def test_what_is_too_large_for_the_machine_leaves_with_3(monkeypatch, capsys) -> None:
    def too_large(*_arguments: object, **_options: object) -> None:
        raise TooManyNodesError(7)

    monkeypatch.setattr(main, "cli", SimpleNamespace(main=too_large))
    with pytest.raises(SystemExit) as stopped:
        main.main()
    assert stopped.value.code == 3
    assert "more than 7 decision nodes" in capsys.readouterr().err


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
    loaded = _modules("ladder", "solve", "--help", cwd=tmp_path)
    assert not loaded & {"numpy", "scipy", "pydantic", "rich", "yaml"}


def test_a_small_tree_needs_no_compiler(tmp_path: Path) -> None:
    (tmp_path / "tree.xml").write_text(TREE)
    loaded = _modules("ladder", "cutsets", "tree.xml", cwd=tmp_path)
    assert "detente.escalation.engine.cut_sets" in loaded
    assert not loaded & {"numba", "pydantic", "scipy.stats"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("solve", "tree.xml"), 0),
        (("solve",), 2),
        (("solve", "no-such-file.xml"), 2),
        (("solve", "bad.xml"), 1),
        (("solve", "tree.xml", "--samples", "100"), 2),
        (("solve", "tree.xml", "."), 2),
        (("evppi", "tree.xml"), 2),
        (("check", "."), 1),  # a folder is a case, and this one has findings
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    (tmp_path / "tree.xml").write_text(TREE)
    (tmp_path / "bad.xml").write_text(TREE.replace('<basic-event name="b"/>', "", 1) + "<")
    done = subprocess.run(
        [sys.executable, "-m", "detente", "ladder", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
