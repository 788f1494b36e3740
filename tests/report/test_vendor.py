"""Every vendored file is listed with its licence and is the file that the list means."""

from __future__ import annotations

import hashlib
import re

from detente.report.charts import FONTS

VENDOR = FONTS.parent


def test_the_list_has_every_file_and_its_digest():
    text = (VENDOR / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text, re.MULTILINE))
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert listed == found


def test_every_font_names_a_licence_that_lies_beside_it():
    text = (VENDOR / "README.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if ".ttf`" in line]
    assert len(lines) == 4
    assert all("OFL-1.1 (`fonts/OFL.txt`)" in line for line in lines)
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
