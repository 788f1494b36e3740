"""One name for the exact content of a case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over the names and the texts of all files, in the order of their names.

    Line ends do not count: a case that crossed from one system to another keeps its digest.
    """
    whole = hashlib.sha256()
    for name in sorted(texts):
        for part in (name, texts[name]):
            data = part.encode("utf-8")
            whole.update(len(data).to_bytes(8, "big"))
            whole.update(data)
    return whole.hexdigest()
