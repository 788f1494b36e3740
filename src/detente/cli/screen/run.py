"""From files to what is told: each step one call into a room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.cli.executor import executor
from detente.cli.files import waiting
from detente.cli.screen import inputs
from detente.cli.screen.arguments import Given
from detente.cli.screen.found import Found
from detente.cli.screen.judging import FEW, chosen, judge_all
from detente.cli.screen.quantities import limits
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.encounters.coverage import Seen
    from detente.encounters.fixes import Fixes
    from detente.encounters.judge import By
    from detente.encounters.readers.gather import Options
    from detente.encounters.results import Covered, Reading, WhatIf
    from detente.encounters.screen import Asked, Box, Prepared
    from detente.encounters.tracks import Domain

SEED = 1  # of the resampling of blocks of time


@dataclass(frozen=True, eq=False)
class Read:
    """All that was read."""

    fixes: Fixes
    readings: tuple[Reading, ...]
    said: inputs.Words
    zones: tuple[Any, ...]
    proposals: tuple[Any, ...]
    asked: Asked
    by: By
    ends: tuple[float | None, float | None]


def run(given: Given) -> None:
    """Read, search, evaluate, tell and write."""
    from detente.cli.screen.written import ready, write

    ready(given)
    found = _found(given)
    from detente.cli.screen.told import tell

    write(found, given)
    tell(found, given)


def _found(given: Given) -> Found:
    """What was found, in memory or by way of a folder."""
    if given.work is None:
        if given.scheduler is not None:
            raise UsageError(_("A cluster needs --work: a folder that all of it sees."))
        with waiting(_("reading")):
            read = _read(given)
        return _find(read, given)
    from detente.cli.screen.run_work import find

    collect, how, said, asked, by = _prepared(given)
    collect.done()
    return find(given, given.work, how, said, asked, by)


def _read(given: Given) -> Read:
    """Everything that is read, or the findings of all files at once."""
    collect, how, said, asked, by = _prepared(given)
    zones = collect.read(lambda: inputs.zones(given.zones))
    proposals = collect.read(lambda: inputs.proposals(given.what_if))
    tracks = collect.read(partial(inputs.read_all, given.tracks, how))
    collect.done()
    assert tracks is not None
    return Read(*tracks, said, zones or (), proposals or (), asked, by, inputs.ends(how))


def _prepared(given: Given) -> tuple[inputs.Collect, Options, inputs.Words, Asked, By]:
    """How it is read, what is said, asked and by what is judged; empty where it has findings."""
    from detente.encounters.accounts.read import read_account
    from detente.encounters.judge import By
    from detente.encounters.rules.metrics import PROFILES
    from detente.encounters.rules.read import starting_table
    from detente.encounters.screen import Asked

    collect = inputs.Collect()
    window = inputs.window(given.window)
    asked = collect.read(lambda: asked_of(given)) or Asked()
    how = collect.read(lambda: inputs.options(given.domain, given.mapping, window))
    said = collect.read(lambda: inputs.words(given.sides, given.register)) or inputs.Words()
    table = collect.read(lambda: inputs.table(given.rules)) or starting_table()
    for path in given.account:
        collect.read(partial(read_account, path))
    by = By(table, asked.limits, given.profile or PROFILES)
    return collect, how or inputs.plain(given.domain), said, asked, by


def asked_of(given: Given) -> Asked:
    """What is asked of the fixes."""
    from detente.encounters.clean import GATES, Rules
    from detente.encounters.screen import Asked

    gates = GATES if given.gate_knots is None else dict.fromkeys(GATES, given.gate_knots)
    return Asked(
        limits=limits(given.horizontal, given.vertical, given.limits),
        rules=Rules(
            gate_knots=gates,
            times=given.gate_times,
            gap_seconds=given.gap_seconds,
            lone=given.lone,
        ),
        unseen=60 * given.unseen_minutes,
        across=given.across,
        moving=given.moving,
    )


def _find(read: Read, given: Given) -> Found:
    from detente.encounters import screen
    from detente.encounters.coverage import seen
    from detente.encounters.flags import suspicion
    from detente.encounters.judge import in_zones

    with waiting(_("cleaning")):
        prepared = screen.prepare(read.fixes, read.asked)
        tracks = prepared.tracks
        identities = read.said.identities(read.fixes.craft)
        sides = [identities[one].side for one in tracks.ids]
    with waiting(_("searching")):
        hits = screen.passes(tracks, read.asked, sides)
        met = screen.met(tracks, hits, read.asked, sides)
    wanted = chosen(met, identities, given.judge)
    alone = len(wanted) <= FEW or given.workers == 1
    with nullcontext() if alone else executor(workers=given.workers) as pool:
        judged = judge_all(wanted, tracks, identities, read.by, pool)
    with waiting(_("looking at zones and flags")):
        zoned = tuple(in_zones(tracks, identities, read.zones, read.by))
        involved = {name for one in met for name in (one.a, one.b)}
        involved |= {one.craft for one in zoned}
        flagged = tuple(one for one in suspicion(read.fixes).flagged if one.craft in involved)
    return Found(
        readings=read.readings,
        prepared=prepared,
        identities=identities,
        encounters=met,
        judged=judged,
        in_zones=zoned,
        what_if=_proposed(read, prepared, sides),
        flagged=flagged,
        exposure=screen.exposure(tracks.ids, screen.hours_seen(tracks), sides, met),
        covered=covered(seen(read.fixes), screen.boxes(read.fixes), read.readings, read.ends),
        asked=read.asked,
    )


def _proposed(read: Read, prepared: Prepared, sides: Sequence[str | None]) -> tuple[WhatIf, ...]:
    if not read.proposals:
        return ()
    import numpy as np

    from detente.encounters.what_if.count import what_if

    with waiting(_("trying the proposed rules")):
        return tuple(
            what_if(prepared.tracks, sides, one, rng=np.random.default_rng(SEED))
            for one in read.proposals
        )


def covered(
    known: Seen, around: Mapping[Domain, Box], readings: Sequence[Reading],
    ends: tuple[float | None, float | None],
) -> tuple[Covered, ...]:  # fmt: skip
    """Where and when there were fixes, in the time that was asked for or that files have."""
    from detente.encounters.screen import coverage

    starts = [one.start for one in readings if one.start is not None]
    stops = [one.end for one in readings if one.end is not None]
    if not starts:
        return ()
    start = min(starts) if ends[0] is None else ends[0]
    end = max(stops) if ends[1] is None else ends[1]
    return tuple(coverage(known, around, start, end))
