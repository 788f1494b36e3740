"""Nothing that is tracked, or about to be, names a registry, one machine, or the tools around us.

The forbidden strings are built from parts, so that this file does not hold them.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# The hosts of package registries: a lock or a page that names one breaks behind a mirror.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "deb.debian" + ".org",
    "security.debian" + ".org",
    "proxy.golang" + ".org",
    "repo.maven.apache" + ".org",
    "crates" + ".io",
    "conda.ana" + "conda.org",
]
# Absolute folders of the machines that the project is made on.
PATHS = r"(?<![\w.~-])/(" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "tm" + "p"]) + r")/\w"
# Words of the tools around the project, which mean nothing to its readers.
WORDS = r"(?i:\b(" + "|".join(["hel" + "pers?", "sub" + "agents?", "work" + "place"]) + r")\b)"
WORDS += r"|\bC" + r"EO\b|(?i:\bissue #\d+)|\.libr" + "ary/"


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, str]:
    if not (root / ".git").exists():
        pytest.skip("no git checkout")
    return dict(_texts(root))


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    for name in listed.decode().split("\0"):
        path = root / name
        if name and path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                yield name, data.decode("utf-8")


def _found(texts: dict[str, str], pattern: str) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in texts.items()
        for match in re.finditer(pattern, text)
    ]


def test_every_text_is_utf_8_and_there_are_some(texts):
    assert "pyproject.toml" in texts


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(texts, host):
    assert _found(texts, re.escape(host)) == []


def test_no_file_names_a_folder_of_one_machine(texts):
    assert _found(texts, PATHS) == []


def test_no_file_uses_the_words_of_the_tools_around_the_project(texts):
    assert _found(texts, WORDS) == []


def test_no_file_is_left_with_something_to_do(texts):
    mine = {name: text for name, text in texts.items() if name.endswith((".py", ".md", ".toml"))}
    assert _found(mine, r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b") == []
