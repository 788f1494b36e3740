"""The README's first command works in a clone that holds nothing but what is committed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

OURS = ("MAKE", "MFLAGS", "DETENTE_", "STRICT", "VIRTUAL_ENV")
REPORTS = ("out/training", "out/euro-atlantic")


@pytest.mark.long
def test_the_readme_s_demo_runs_in_an_empty_clone(root: Path, tmp_path: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("no git checkout")
    assert "make demo" in (root / "README.md").read_text(encoding="utf-8")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", root, clone], check=True)
    # A make that runs this test hands its own settings down; a reader's shell has none of them.
    plain = {
        k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "DETENTE_", "VIRTUAL"))
    }
    ran = subprocess.run(
        ["make", "demo"], cwd=clone, env=plain, check=True, capture_output=True, text=True
    )
    for folder in REPORTS:
        assert f"{folder}/index.html" in ran.stdout
        assert (clone / folder / "index.html").stat().st_size > 0
        assert (clone / folder / "report.pdf").read_bytes().startswith(b"%PDF-")
