"""A large run: what `run` does, with a folder between the steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from detente.cli.screen import inputs, work, work_take
from detente.cli.screen.arguments import Given
from detente.cli.screen.found import Found, key
from detente.cli.screen.judging import chosen, judge_all
from detente.cli.screen.work_parts import tracks_in
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.encounters.judge import By, Judged
    from detente.encounters.readers.gather import Options
    from detente.encounters.results import Encounter, Identity
    from detente.encounters.screen import Asked

HOUR = 3600.0


def find(
    given: Given, folder: Path, how: Options, said: inputs.Words, asked: Asked, by: By
) -> Found:
    """Read, clean, search and judge by way of the folder."""
    from detente.cli.screen.run import covered
    from detente.encounters.screen import Prepared, exposure, sides_of

    _check(given)
    folder = folder.resolve()
    raw = work_take.take(folder, given.tracks, how, asked)
    identities = said.identities(raw.craft)
    sides = [identities[one.id].side for one in raw.craft]
    of = work.planned(raw, asked)
    with work.pool(given.scheduler, given.workers) as workers:
        done = work.clean_all(folder, raw, sides_of(sides), asked, of, workers)
        met = work.search_all(folder, raw, done, asked, of, workers)
        wanted = chosen(met, identities, given.judge)
        judged = _judge(wanted, raw, done, identities, by, workers)
    names = work.without_fixes(raw)
    return Found(
        readings=raw.readings,
        prepared=Prepared(names, done.cleaning, done.grounded),
        identities=identities,
        encounters=met,
        judged=judged,
        in_zones=(),
        what_if=(),
        flagged=(),
        exposure=exposure(names.ids, done.hours, sides, met),
        covered=covered(raw.seen, raw.boxes, raw.readings, inputs.ends(how)),
        asked=asked,
    )


def _check(given: Given) -> None:
    """What needs all tracks at once is asked of a part of a large run."""
    whole: Mapping[str, Any] = {
        "--zones": given.zones, "--what-if": given.what_if, "--dossier": given.dossier,
        "--unseen-minutes": given.unseen_minutes,
    }  # fmt: skip
    asked = [name for name, value in whole.items() if value]
    if asked:
        raise UsageError(
            _("{option} does not go with --work; take the part that matters with --window.",
              option=asked[0])
        )  # fmt: skip


def _judge(
    found: Sequence[Encounter], raw: work_take.Raw, done: work.Cut,
    identities: Mapping[str, Identity], by: By,
    workers: Any,
) -> tuple[Judged, ...]:  # fmt: skip
    """Judge the encounters of each hour with the tracks around it."""
    hours: dict[int, list[Encounter]] = defaultdict(list)
    for one in found:
        hours[int(one.closest // HOUR)].append(one)
    judged = {}
    for _hour, group in sorted(hours.items()):
        tracks = _around(group, raw, done)
        for told in judge_all(group, tracks, identities, by, workers):
            judged[key(told.encounter)] = told
    return tuple(judged[key(one)] for one in found)


def _around(group: Sequence[Encounter], raw: work_take.Raw, done: work.Cut) -> Any:
    from detente.encounters.judge import AROUND
    from detente.encounters.tracks import DOMAINS

    begin = min(one.start for one in group) - AROUND
    end = max(one.end for one in group) + AROUND
    files = [path.with_suffix(".tracks.parquet") for path in done.files]
    lazy = pl.concat([pl.scan_parquet(path) for path in files])
    place = {(one.domain, one.id): k for k, one in enumerate(raw.craft)}
    pairs = {name for one in group for name in (one.a, one.b)}
    whole = [k for (_domain, name), k in place.items() if name in pairs]  # gaps may be long
    wanted = pl.col("seconds").is_between(begin, end) | pl.col("track").is_in(whole)
    frame = lazy.filter(wanted).collect()
    frame = frame.sort("track", "seconds")
    places = frame["track"].unique().sort().to_numpy()
    domain = np.array([DOMAINS.index(raw.craft[k].domain) for k in places])
    return tracks_in(frame, places, domain, [raw.craft[k].id for k in places])
