"""`detente --help` answers at once because it loads nothing that it does not need."""

from __future__ import annotations

import re
import subprocess
import sys

HEAVY = {"numpy", "scipy", "pydantic", "pydantic_core", "vl_convert", "typst", "jinja2", "babel"}
HELP = "import sys; sys.argv = ['detente', '--help']; from detente.cli.main import main; main()"


def test_help_imports_no_heavy_module():
    command = [sys.executable, "-X", "importtime", "-c", HELP]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    imported = {line.split("|")[-1].strip() for line in ran.stderr.splitlines()}
    assert "detente.cli.main" in imported
    assert not HEAVY & {re.split(r"\.", name)[0] for name in imported}
    assert "Usage: detente" in ran.stdout
