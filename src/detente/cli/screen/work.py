"""A large run in a folder: files to parts, parts to hits, hits to encounters; resumed where it was.

Each file of the folder is named by a digest of all that it depends on: the inputs' bytes, what was
asked, and the version. What is there is right, and is not made again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from detente import __version__
from detente.cli.executor import executor, in_parts
from detente.cli.screen import work_files as store
from detente.cli.screen.progress import progress
from detente.cli.screen.work_parts import Bucket, Part, cut, seek, states_in
from detente.cli.screen.work_take import Raw
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.partition import Plan
    from detente.encounters.results import Cleaning, Encounter
    from detente.encounters.screen import Asked
    from detente.encounters.tracks import Floats, Tracks

BUCKET = 4_000_000  # fixes that are cleaned at once
TASK = 500_000  # fixes that are searched at once
AIR_HOURS, SEA_HOURS = 1.0, 6.0  # of a part: in that time craft cross few cubes


@dataclass(frozen=True, eq=False)
class Cut:
    """Cleaned tracks, in files of the folder, and the parts that are to be searched."""

    files: tuple[Path, ...]
    cleaning: Cleaning
    grounded: int
    hours: Floats
    parts: tuple[tuple[int, int, int], ...]  # slab, cube, fixes


@contextmanager
def pool(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    """The executor of a run; none for one process."""
    with nullcontext() if workers == 1 and scheduler is None else executor(
        scheduler, workers=workers
    ) as found:  # fmt: skip
        yield found


def planned(raw: Raw, asked: Asked) -> Plan:
    """How the run is cut: by what the files hold, never by who computes it."""
    from detente.encounters.approach.search import SMALL
    from detente.encounters.partition import plan

    hours = AIR_HOURS if "air" in raw.boxes else SEA_HOURS
    compiled = sum(one.kept for one in raw.readings) >= SMALL
    return plan(asked.limits, raw.length, hours=hours, compiled=compiled)


def clean_all(folder: Path, raw: Raw, sides: Any, asked: Asked, of: Plan, workers: Any) -> Cut:
    """Clean all tracks, some craft at a time, and cut them into parts."""
    from detente.encounters.results import Cleaning
    from detente.encounters.tracks import DOMAINS

    many = max(1, math.ceil(sum(one.kept for one in raw.readings) / BUCKET))
    domains = np.array([DOMAINS.index(one.domain) for one in raw.craft], np.int64)
    buckets = []
    for k in range(many):
        own = np.arange(k, len(raw.craft), many)
        to = np.full(len(raw.craft), -1)
        to[own] = np.arange(len(own))
        names = [path.name for path in raw.files]
        name = store.digest(__version__, names, asked, of, sides.tolist(), many, k)
        buckets.append(Bucket(
            own, domains[own], sides[own], raw.files, tuple(to[x] for x in raw.local), asked, of,
            folder / "tracks" / f"{name}.json",
        ))  # fmt: skip
    _missing(_("cleaning"), cut, buckets, workers)
    told = [store.get_json(one.out) for one in buckets]
    hours = np.full(len(raw.craft), np.nan)
    counts: dict[tuple[int, int], list[int]] = {}
    for one, bucket in zip(told, buckets, strict=True):
        hours[bucket.craft] = [np.nan if x is None else x for x in one["hours"]]
        for slab, cube, members, fixes in one["counts"]:
            sums = counts.setdefault((slab, cube), [0, 0])
            sums[0], sums[1] = sums[0] + members, sums[1] + fixes
    sums_of = [one["cleaning"] for one in told]
    total = {name: sum(x[name] for x in sums_of) for name in sums_of[0] if name != "too_fast"}
    fast = tuple(sum(x) for x in zip(*(one["too_fast"] for one in sums_of), strict=True))
    return Cut(
        files=tuple(one.out for one in buckets),
        cleaning=Cleaning(**total, too_fast=fast),
        grounded=sum(one["grounded"] for one in told),
        hours=hours,
        parts=tuple((*at, n[1]) for at, n in sorted(counts.items()) if n[0] > 1),
    )


def search_all(
    folder: Path, raw: Raw, done: Cut, asked: Asked, of: Plan, workers: Any
) -> tuple[Encounter, ...]:
    """Search all parts, and put what was found together."""
    files = tuple(path.with_suffix(".parts.parquet") for path in done.files)
    tasks = []
    for keys in _tasks(done.parts):
        name = store.digest([path.name for path in files], keys)
        tasks.append(Part(keys, files, asked, of, folder / "hits" / f"{name}.parquet"))
    _missing(_("searching"), seek, tasks, workers)
    if not tasks:
        return ()
    return _encounters(pl.concat([pl.read_parquet(one.out) for one in tasks]), raw, asked)


def _tasks(parts: Sequence[tuple[int, int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    keys: list[tuple[int, int]] = []
    size = 0
    for slab, cube, fixes in parts:
        keys.append((slab, cube))
        size += fixes
        if size >= TASK:
            yield tuple(keys)
            keys, size = [], 0
    if keys:
        yield tuple(keys)


def _missing(words: str, work: Callable[[Any], None], tasks: Sequence[Any], workers: Any) -> None:
    """Do what was not done before."""
    left = [one for one in tasks if not one.out.exists()]
    with progress(words, len(tasks)) as more:
        more(len(tasks) - len(left))
        in_parts(workers, work, left, lambda _place: more(1))


def _encounters(frame: pl.DataFrame, raw: Raw, asked: Asked) -> tuple[Encounter, ...]:
    from detente.encounters.approach.encounters import assemble
    from detente.encounters.approach.search import merge
    from detente.encounters.screen import as_far_as_told, closest_first

    columns = ("a", "b", "start", "end", "closest", "horizontal", "vertical", "closure")
    table = np.column_stack([frame[name].to_numpy().astype(np.float64) for name in columns])
    hits, best = merge(table, table[:, 5])
    chosen = frame[best]
    one, other = (states_in(chosen, letter) for letter in "ab")
    names = without_fixes(raw)
    found = assemble(hits, names, one, other, asked.apart, "met")
    return tuple(closest_first(as_far_as_told(found, asked.limits)))


def without_fixes(raw: Raw) -> Tracks:
    """All tracks by name, empty."""
    from detente.encounters.tracks import tracks

    return tracks(raw.craft, [], seconds=[], lat=[], lon=[])
