"""Which encounters are held against rules, and where that is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.cli.executor import in_parts
from detente.cli.screen.progress import progress
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.judge import By, Job, Judged
    from detente.encounters.results import Encounter, Identity
    from detente.encounters.tracks import Tracks

PART = 40  # encounters
FEW = 400  # are judged in less time than processes take to start


def chosen(
    found: Sequence[Encounter], identities: Mapping[str, Identity], most: int
) -> tuple[Encounter, ...]:
    """Those of two sides or with a craft in state service, and of the others the closest ``most``.

    In the order of ``found``, which has the closest first.
    """
    left = most
    kept = []
    for one in found:
        pair = identities[one.a], identities[one.b]
        sides = {who.side for who in pair} - {None}
        if len(sides) == 2 or any(who.state == "state" for who in pair):
            kept.append(one)
        elif left:
            kept.append(one)
            left -= 1
    return tuple(kept)


def judge_all(
    found: Sequence[Encounter], tracks: Tracks, identities: Mapping[str, Identity], by: By,
    pool: Any,
) -> tuple[Judged, ...]:  # fmt: skip
    """What rules say of each encounter, in their order; without a pool in this process."""
    from detente.encounters.judge import jobs

    parts: list[list[Job]] = []
    for place, job in enumerate(jobs(found, tracks, identities)):
        if place % PART == 0:
            parts.append([])
        parts[-1].append(job)
    with progress(_("holding against rules"), len(found)) as more:

        def told(place: int) -> None:
            more(len(parts[place]))

        work = partial(judge_part, by=by)
        done = in_parts(pool, work, parts, told)
    return tuple(one for part in done for one in part)


def judge_part(part: Sequence[Job], by: By) -> list[Judged]:
    """What rules say of the encounters of one part."""
    from detente.encounters.judge import judge

    return [judge(job, by) for job in part]
