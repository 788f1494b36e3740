"""The files of a large run, read one after the other into the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from detente import __version__
from detente.cli.screen import work_files as store
from detente.cli.screen.progress import progress
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.coverage import Seen
    from detente.encounters.readers.gather import Options
    from detente.encounters.results import Reading
    from detente.encounters.screen import Asked, Box
    from detente.encounters.tracks import Claim, Craft, Domain


@dataclass(frozen=True, eq=False)
class Raw:
    """What the files hold: fixes in files of the folder, and all craft."""

    files: tuple[Path, ...]
    readings: tuple[Reading, ...]
    craft: tuple[Craft, ...]
    local: tuple[Any, ...]
    seen: Seen
    boxes: dict[Domain, Box]
    length: int


def take(folder: Path, files: Sequence[Path], how: Options, asked: Asked) -> Raw:
    """Read the files, one after the other."""
    from detente.cli.screen.inputs import Collect

    collect, made = Collect(), []
    with progress(_("reading"), len(files)) as more:
        for number, path in enumerate(files):
            name = store.digest(__version__, number, path.name, store.content(path), how, asked)
            made.append(folder / "raw" / f"{name}.json")
            if not made[-1].exists():
                collect.read(partial(_take, path, made[-1], how, asked if number == 0 else None))
            more(1)
    collect.done()
    return _raw(made)


def _take(path: Path, out: Path, how: Options, asked: Asked | None) -> None:
    """Read a file into the folder; the first one, of which more is asked, tells the slices."""
    from detente.encounters.approach.search import usual_slice
    from detente.encounters.coverage import seen
    from detente.encounters.fixes import ARRAYS
    from detente.encounters.readers.read import read_tracks
    from detente.encounters.screen import boxes, prepare

    fixes, reading = read_tracks(path, how)
    frame = pl.DataFrame({name: getattr(fixes, name) for name in ARRAYS})
    store.put_frame(out.with_suffix(".parquet"), frame.with_row_index("file_row"))
    store.put_json(out, {
        "reading": store.reading_out(reading),
        "craft": [
            [one.domain, one.id, [[x.key, x.value, x.source] for x in one.claims]]
            for one in fixes.craft
        ],
        "seen": [[*where, places.tolist()] for where, places in seen(fixes).places.items()],
        "boxes": boxes(fixes),
        "length": usual_slice(prepare(fixes, asked).tracks) if asked else None,
    })  # fmt: skip


def _raw(made: Sequence[Path]) -> Raw:
    from detente.encounters.coverage import Seen
    from detente.encounters.tracks import Craft

    told = [store.get_json(path) for path in made]
    place: dict[tuple[Domain, str], int] = {}
    claims: list[dict[Claim, None]] = []
    local = []
    seen: dict[tuple[Domain, str], Any] = {}
    boxes: dict[Domain, Box] = {}
    for one in told:
        own = []
        for domain, name, said in one["craft"]:
            own.append(place.setdefault((domain, name), len(place)))
            if own[-1] == len(claims):
                claims.append({})
            claims[own[-1]].update(dict.fromkeys(store.claims_in(said)))
        local.append(np.array(own, np.int64))
        for domain, source, places in one["seen"]:
            both = [seen.get((domain, source), np.zeros((0, 3), np.int64)), np.array(places)]
            seen[domain, source] = np.unique(np.concatenate(both), axis=0)
        for domain, box in one["boxes"].items():
            boxes[domain] = _around(boxes.get(domain, tuple(box)), box)
    return Raw(
        files=tuple(path.with_suffix(".parquet") for path in made),
        readings=tuple(store.reading_in(one["reading"]) for one in told),
        craft=tuple(Craft(name, domain, tuple(claims[k])) for (domain, name), k in place.items()),
        local=tuple(local),
        seen=Seen(0.5, 3600.0, seen),
        boxes=boxes,
        length=told[0]["length"],
    )


def _around(one: Box, other: Box) -> Box:
    least = [min(a, b) for a, b in zip(one[:2], other[:2], strict=True)]
    most = [max(a, b) for a, b in zip(one[2:], other[2:], strict=True)]
    return least[0], least[1], most[0], most[1]
