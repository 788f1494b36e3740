"""Same case, same seed, same bytes: no clock, no chance but the seed's, and light results."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

import reference

MODULES = [
    (path.relative_to(reference.PACKAGE).as_posix(), tree) for path, tree in reference.modules()
]
CLOCKS = {"now", "utcnow", "today", "time_ns", "localtime", "gmtime", "getmtime", "monotonic"}
# Callables of numpy and scipy that draw from fresh entropy unless they are given a source.
DRAWS = {"rvs", "default_rng", "Sobol", "Halton", "LatinHypercube", "PoissonDisk", "bootstrap"}
SOURCES = {"seed", "rng", "random_state"}
# The one clock there is: a crisis line's node says when. It hands the instant to all else.
CLOCK = "channel/node/clock.py"


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            name = target.attr if isinstance(target, ast.Attribute) else ""
            yield (target.id if isinstance(target, ast.Name) else name), node


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_no_module_but_the_node_s_clock_reads_one(name, tree):
    if name == CLOCK:
        assert set(_imports(tree)) == {"__future__", "time", "detente.channel.protocol.state"}
        return
    assert [call.lineno for called, call in _calls(tree) if called in CLOCKS] == []
    assert "time" not in set(_imports(tree))


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_every_draw_has_a_source(name, tree):
    unseeded = [
        call.lineno
        for called, call in _calls(tree)
        if called in DRAWS
        and not SOURCES & {keyword.arg for keyword in call.keywords}
        and not (called == "default_rng" and call.args)
    ]
    assert unseeded == []
    assert not {"random", "secrets", "uuid"} & set(_imports(tree))


@pytest.mark.parametrize("name", [name for name, _ in MODULES if name.endswith("/results.py")])
def test_results_import_only_results_and_the_floor(name):
    tree = dict(MODULES)[name]
    strange = [
        module
        for module in _imports(tree)
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not module.startswith("detente.ground.")
        and not (module.startswith("detente.") and module.endswith(".results"))
    ]
    assert strange == []
