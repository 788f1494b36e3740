"""Assesses cases in a process apart, which is replaced before it grows.

The typesetter keeps what it set: a process that writes a hundred reports takes many gigabytes.
"""

from __future__ import annotations

import site
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from click.testing import CliRunner

from detente.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
REPORTS = 12  # by one process
SECONDS = 300  # after which a process that died while it worked is given up

Assess = Callable[[Path, Path], BaseException | None]


@contextmanager
def another_process() -> Iterator[Assess]:
    """`assessed` in a process that makes way for a new one after `REPORTS` reports."""
    # a process of its own finds `tests` only where it is told to look
    start = {"initializer": site.addsitedir, "initargs": (str(ROOT),)}
    with get_context("spawn").Pool(1, maxtasksperchild=REPORTS, **start) as pool:
        yield lambda folder, out: pool.apply_async(assessed, (folder, out)).get(SECONDS)


def assessed(folder: Path, out: Path) -> BaseException | None:
    """Run `detente assess` with few points; what it ended with, None where all was well."""
    arguments = ["assess", str(folder), "--out", str(out), "--points", "64"]
    return CliRunner().invoke(cli, arguments).exception
