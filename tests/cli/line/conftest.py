"""Two parties' folders on one line, made through the verbs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.line.sides import FIRST, ROOT, SECOND, done, exchange, send


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A folder with both parties' folders on one line, and files of passphrases."""
    path = tmp_path_factory.mktemp("line")
    (path / "all").write_text(f"{ROOT}\n{FIRST}\n{SECOND}\n")
    (path / "root").write_text(f"{ROOT}\n")
    (path / "officers").write_text(f"{FIRST}\n{SECOND}\n")
    for party, name in (("AAA", "Arland"), ("BBB", "Borland")):
        arguments = ("--party", party, "--name", name, "--officer", "Amber", "--officer", "Birch")
        done(
            "init", path / party, *arguments, "--i-have-read-it", "--passphrase-file", path / "all"
        )
    for party in ("AAA", "BBB"):
        cards = (path / "AAA" / "AAA.card.json", path / "BBB" / "BBB.card.json")
        options = ("--title", "Strait", "--two-person", "immediate,flash")
        done("agree", path / party, *cards, *options, "--passphrase-file", path / "root")
    exchange(path / "AAA", path / "BBB")
    return path


@pytest.fixture
def line(made, tmp_path) -> Path:
    """A copy of it for one test."""
    shutil.copytree(made, tmp_path / "line")
    return tmp_path / "line"


@pytest.fixture
def asked(line) -> Path:
    """The same, after Arland's question has reached Borland."""
    done(*send(line))
    exchange(line / "AAA", line / "BBB")
    return line
