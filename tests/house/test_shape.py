"""Modules and functions stay as short as those of the codebases that we learn from."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import mean

import pytest

import reference

LONGEST_MODULE = 600
LONGEST_FUNCTION = 60
LONGEST_MEAN = 15
# Programs that an outsider reads from top to bottom: what each part does stands in comments.
ALONE = {"verify_offline.py", "verify_log.py"}

MODULES = list(reference.modules())
FUNCTIONS = [
    (path, node)
    for path, tree in MODULES
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
]


def _name(path: Path) -> str:
    return path.relative_to(reference.PACKAGE).as_posix()


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring: a told formula makes nothing longer."""
    assert node.end_lineno is not None
    first = node.body[0]
    told = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
    return node.end_lineno - node.lineno + 1 - docstring


@pytest.mark.parametrize("path", [path for path, _ in MODULES], ids=_name)
def test_no_module_is_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_no_function_is_long():
    long = [
        f"{_name(path)}:{node.lineno} {node.name} has {_lines(node)} lines"
        for path, node in FUNCTIONS
        if _lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_functions_are_short_on_average():
    assert mean(_lines(node) for _, node in FUNCTIONS) <= LONGEST_MEAN


@pytest.mark.parametrize(("path", "tree"), MODULES, ids=[_name(path) for path, _ in MODULES])
def test_every_module_and_everything_public_is_described(path, tree):
    public = () if path.name in ALONE else reference.public(tree)
    missing = [node.name for node in public if not ast.get_docstring(node)]
    if tree.body and not ast.get_docstring(tree):
        missing.append("the module")
    assert missing == []
