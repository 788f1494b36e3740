"""What the processes of a large run do: each function takes one part and writes one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from detente.cli.screen.work_files import put_frame, put_json
from detente.encounters.approach.search import join, standing
from detente.encounters.approach.states import States, states
from detente.encounters.fixes import ARRAYS, Fixes
from detente.encounters.partition import Plan, parts, rows
from detente.encounters.screen import STILL, Asked, hours_seen, of_two_sides, prepare
from detente.encounters.tracks import DOMAINS, Craft, Tracks

if TYPE_CHECKING:
    from detente.encounters.approach.search import Hits
    from detente.encounters.tracks import Longs

FIX = ("seconds", "lat", "lon", "height", "error", "height_error", "clock_error")
HIT = ("start", "end", "closest", "horizontal", "vertical", "closure")


@dataclass(frozen=True, eq=False)
class Bucket:
    """Some of the craft, with all their fixes in all files.

    ``craft`` are their places in all craft, ``domains`` and ``sides`` (m,) theirs; ``raw`` the
    files of fixes, ``local`` of each file its places of these craft, -1 where it has none.
    """

    craft: Longs
    domains: Longs
    sides: Longs
    raw: tuple[Path, ...]
    local: tuple[Longs, ...]
    asked: Asked
    plan: Plan
    out: Path


def cut(one: Bucket) -> None:
    """Clean the tracks of some craft, and write them whole, and cut into parts."""
    found = _fixes(one)
    ready = prepare(found, one.asked)
    made = ready.tracks
    still = standing(made, STILL) if one.asked.moving else np.zeros(len(made.ids), np.bool_)
    put_frame(one.out.with_suffix(".tracks.parquet"), _frame(made, one.craft))
    frames, counts = [], []
    for slab, cube, places, own in parts(made, one.plan, least=1):
        frames.append(
            _frame(own, one.craft[places]).with_columns(
                slab=pl.lit(slab, pl.Int64),
                cube=pl.lit(cube, pl.Int64),
                domain=pl.Series(made.domain[places][own.track]),
                side=pl.Series(one.sides[places][own.track]),
                still=pl.Series(still[places][own.track]),
            )
        )
        counts.append([slab, cube, len(places), len(own)])
    whole = pl.concat(frames) if frames else pl.DataFrame()
    put_frame(one.out.with_suffix(".parts.parquet"), whole)
    hours = [None if np.isnan(x) else float(x) for x in hours_seen(made)]
    put_json(
        one.out,
        {"cleaning": asdict(ready.cleaning), "grounded": ready.grounded, "hours": hours,
         "counts": counts},
    )  # fmt: skip


def _fixes(one: Bucket) -> Fixes:
    frames = []
    for number, (path, local) in enumerate(zip(one.raw, one.local, strict=True)):
        there = np.flatnonzero(local >= 0)
        to = pl.DataFrame({"track": there, "own": local[there]})
        frame = pl.scan_parquet(path).join(to.lazy(), on="track").collect()
        frame = frame.with_columns(track=pl.col("own"), source=pl.lit(number, pl.Int64))
        frames.append(frame.sort("file_row"))
    whole = pl.concat(frames)
    own: dict[str, Any] = {name: whole[name].to_numpy() for name in ARRAYS}
    craft = tuple(
        Craft(str(k), DOMAINS[int(d)]) for k, d in zip(one.craft, one.domains, strict=True)
    )
    return Fixes(craft=craft, sources=tuple(path.name for path in one.raw), **own)


def _frame(made: Tracks, craft: Longs) -> pl.DataFrame:
    return pl.DataFrame(
        {"track": craft[made.track], "cut": made.cut, **{name: getattr(made, name) for name in FIX}}
    )


def tracks_in(frame: pl.DataFrame, places: Longs, domain: Longs, names: list[str]) -> Tracks:
    """The tracks of a frame that is sorted by track and seconds; ``places`` are all of them."""
    own = np.searchsorted(places, frame["track"].to_numpy())
    starts = np.searchsorted(own, np.arange(len(places) + 1))
    cuts = frame["cut"].to_numpy().copy()
    cuts[starts[:-1][np.diff(starts) > 0]] = True
    columns: dict[str, Any] = {name: frame[name].to_numpy() for name in FIX}
    return Tracks(
        ids=tuple(names), domain=domain.astype(np.int8), starts=starts, cut=cuts, **columns
    )


@dataclass(frozen=True, eq=False)
class Part:
    """Some parts of time and space, to be searched one after the other."""

    keys: tuple[tuple[int, int], ...]
    files: tuple[Path, ...]
    asked: Asked
    plan: Plan
    out: Path


def seek(one: Part) -> None:
    """Search some parts, and write the hits with what is known of both craft at each."""
    lazy = pl.concat([pl.scan_parquet(path) for path in one.files])
    frame = lazy.filter(_among(one.keys)).collect()
    frame = frame.sort("slab", "cube", "track", "seconds")
    groups = frame.partition_by("slab", "cube", as_dict=True)
    found = [_search(groups[key], key, one) for key in one.keys]
    put_frame(one.out, pl.concat(found))


def _among(keys: Sequence[tuple[int, int]]) -> pl.Expr:
    """Rows of parts that follow each other: ranges, so that row groups without any are skipped."""
    cubes: dict[int, list[int]] = {}
    for slab, cube in keys:
        cubes.setdefault(slab, []).append(cube)
    return pl.any_horizontal(
        (pl.col("slab") == slab) & pl.col("cube").is_between(min(own), max(own))
        for slab, own in cubes.items()
    )


def _search(frame: pl.DataFrame, at: tuple[int, int], one: Part) -> pl.DataFrame:
    first = frame.unique("track", keep="first", maintain_order=True)
    places = first["track"].to_numpy()
    names = [str(place) for place in places]
    own = tracks_in(frame, places, first["domain"].to_numpy(), names)
    across = one.asked.across
    sides = first["side"].to_numpy() if across else np.full(len(places), -1)
    hits = join(
        rows(own, one.asked.limits, *at, one.plan, sides=sides, still=first["still"].to_numpy())
    )
    return _hits(of_two_sides(hits, sides) if across else hits, places, own)


def _hits(hits: Hits, places: Longs, own: Tracks) -> pl.DataFrame:
    columns: dict[str, Any] = {"a": places[hits.a], "b": places[hits.b]}
    columns |= {name: getattr(hits, name) for name in HIT}
    for letter, who in (("a", hits.a), ("b", hits.b)):
        known = states(own, who, hits.closest, None)
        columns |= {f"{letter}_{axis}": known.spot[:, k] for k, axis in enumerate("xyz")}
        for name in ("height", "error", "height_error"):
            columns[f"{letter}_{name}"] = getattr(known, name)
    return pl.DataFrame(columns)


def states_in(frame: pl.DataFrame, letter: str) -> States:
    """What is known of the first or second craft of each hit."""
    spot = np.column_stack([frame[f"{letter}_{axis}"].to_numpy() for axis in "xyz"])
    return States(
        spot, *(frame[f"{letter}_{x}"].to_numpy() for x in ("height", "error", "height_error"))
    )
