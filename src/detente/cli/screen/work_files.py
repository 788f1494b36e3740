"""The folder of a large run: each file is whole or not there, and named by what it depends on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.cli.words import _
from detente.ground.errors import StoreError

if TYPE_CHECKING:
    import polars as pl

    from detente.encounters.results import Reading
    from detente.encounters.tracks import Claim

ROWS = 65_536  # of a row group: what is skipped at once


def digest(*parts: object) -> str:
    """One name for values; files by their content."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(b"\0" + repr(part).encode())
    return whole.hexdigest()[:32]


def content(path: Path) -> str:
    """The digest of a file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StoreError(_("{path} could not be read: {error}", path=path, error=error)) from error


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then move it there: a run that ends leaves no half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        beside.replace(path)
    except OSError as error:
        raise StoreError(_("{out} could not be written: {error}", out=path, error=error)) from error


def put_frame(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet."""
    put(path, lambda beside: frame.write_parquet(beside, row_group_size=ROWS))


def put_json(path: Path, value: dict[str, Any]) -> None:
    """Write values as JSON."""
    put(path, lambda beside: beside.write_text(json.dumps(value), encoding="utf-8"))


def get_json(path: Path) -> dict[str, Any]:
    """Values that were written."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def reading_out(one: Reading) -> dict[str, Any]:
    """A reading as JSON has it."""
    return asdict(one)


def reading_in(told: dict[str, Any]) -> Reading:
    """A reading that was written."""
    from detente.encounters.results import Reading, Refused, Told

    refused = tuple(Refused(x["reason"], x["count"], tuple(x["lines"])) for x in told["refused"])
    return Reading(**{**told, "refused": refused, "told": tuple(Told(**x) for x in told["told"])})


def claims_in(told: list[list[str]]) -> tuple[Claim, ...]:
    """Claims that were written."""
    from detente.encounters.tracks import Claim

    return tuple(Claim(*one) for one in told)
