"""Write docs/reference.md from the docstrings and docs/cli.md from the help texts.

Run by `make reference`; a test holds that the written files are current. Sources are parsed, not
imported, so that the reference does not depend on what a machine can load.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "detente"
ROOMS = (
    "ground",
    "case",
    "elicitation",
    "escalation",
    "assessment",
    "encounters",
    "channel",
    "report",
    "cli",
)

_INTRO = """\
# Reference: the public functions and types of each room

<!-- Made by `make reference` from the docstrings. -->

A room imports only what stands above it on this page, and `report` only the results of others.
Formulas and their sources are told in the docstrings and in [methods](methods.md); file formats in
[the case format](case-format.md); commands in [the command line](cli.md); words in
[the glossary](glossary.md).
"""
_CLI_INTRO = """\
# The command line

<!-- Made by `make reference` from the help texts. -->

Exit codes: 0 done, 1 findings in a file, 2 wrong use, 3 the other side or the machine. Progress
goes to standard error, results to standard output.
"""
Definition = ast.FunctionDef | ast.ClassDef


def reference() -> str:
    """The text of docs/reference.md."""
    parts = [_INTRO]
    for room in ROOMS:
        parts.append(f"## {room}\n")
        for path in sorted((PACKAGE / room).rglob("*.py")):
            parts += _module(path)
    return "\n".join(parts)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the package with its syntax tree, in the order of paths."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def public(tree: ast.Module) -> list[Definition]:
    """The public functions and classes of a module, in their order."""
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [node for node in found if not node.name.startswith("_")]


def cli_reference(group: click.Group) -> str:
    """The text of docs/cli.md: the help of every verb of ``group``."""
    parts = [_CLI_INTRO]
    for name, command in verbs(group, "detente"):
        context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
        context.help_option_names = ["-h", "--help"]
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def verbs(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """``command`` and all verbs below it, by their full names."""
    yield name, command
    if isinstance(command, click.Group):
        for verb, below in command.commands.items():
            yield from verbs(below, f"{name} {verb}")


def _module(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = public(tree)
    if found:
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield f"### {name}\n\n{_paragraph(tree)}\n"
        yield from (f"- `{_signature(node)}`: {_paragraph(node)}" for node in found)
        yield ""


def _signature(node: Definition) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    arguments = node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    if arguments.vararg:
        names.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        names.append("*")
    names += [one.arg for one in arguments.kwonlyargs]
    return f"{node.name}({', '.join(names)})"


def _paragraph(node: ast.Module | Definition) -> str:
    """The first paragraph of a docstring, on one line and in Markdown."""
    first = (ast.get_docstring(node) or "").partition("\n\n")[0]
    return re.sub(r"``(.+?)``", r"`\1`", " ".join(first.split()))


if __name__ == "__main__":
    from detente.cli.main import cli

    (ROOT / "docs" / "reference.md").write_text(reference(), encoding="utf-8")
    (ROOT / "docs" / "cli.md").write_text(cli_reference(cli), encoding="utf-8")
