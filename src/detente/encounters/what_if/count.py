"""What a proposed rule would have touched in past traffic, over a range of distances.

All passes within the largest distance are searched for once; what a smaller one would have touched
is counted in them. An encounter is what it is at the largest distance: at a smaller one it is
touched or not, so counts never fall as the distance grows. How far sides can be compared by it says
`COVERAGE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaincinv

from detente.encounters.approach.limits import Limit, Limits
from detente.encounters.approach.search import Hits, search
from detente.encounters.geometry.pair import Pieces, inside, nearest, pieces
from detente.encounters.geometry.way import dot, way
from detente.encounters.results import Bound, Method, SideTouched, TouchedAt, WhatIf
from detente.encounters.tracks import DOMAINS, Flags, Floats, Longs, Tracks
from detente.encounters.what_if.model import Proposal
from detente.ground.errors import UsageError

TAIL = 0.05  # at either end of an interval
FEW = 10  # fewer blocks, or encounters, are not resampled
HOUR, DAY = 3600.0, 86_400.0
COVERAGE = (
    "Who transmits is counted, and who does not is not. Counts of a side say nothing of its "
    "conduct and are not to be compared with those of another; each stands beside how many tracks "
    "of that side were seen, and for how long."
)


@dataclass(frozen=True, eq=False)
class Met:
    """M encounters at the largest of n distances.

    ``a`` and ``b`` (M,) are places of tracks; ``start`` (M,) seconds; ``least`` (M,) the smallest
    horizontal distance at which the rule would hold; ``within`` (M, n) seconds within each.
    """

    a: Longs
    b: Longs
    start: Floats
    least: Floats
    within: Floats


def what_if(
    tracks: Tracks,
    sides: Sequence[str | None],
    proposal: Proposal,
    *,
    rng: np.random.Generator,
    apart: float = 600.0,
    resamples: int = 1000,
    threads: int = 1,
) -> WhatIf:
    """What a proposed rule would have touched, for each of its distances.

    Parameters
    ----------
    tracks
        K tracks of past traffic.
    sides
        Of each track; None where it is not known. Those are not counted, and how many is told.
    proposal
        The proposed rule.
    rng
        For the resampling.
    apart
        Passes of a pair that follow each other within so many seconds are one encounter.
    resamples
        How often blocks of time are drawn again.
    threads
        As of `search`.

    Raises
    ------
    UsageError
        Where sides do not fit the tracks, or the proposal names one that no track has.

    Notes
    -----
    Intervals hold 90 %. Those of counts and hours are percentiles of the block bootstrap: days, or
    hours where there are fewer than 10 days, are drawn with replacement, so encounters that come
    in clusters within a block may depend on each other (Kuensch 1989, Annals of Statistics 17(3)).
    With fewer than 10 blocks or encounters they are exact Poisson intervals (Garwood 1936,
    Biometrika 28), and hours have none. Shares of tracks have exact binomial ones (Clopper &
    Pearson 1934, Biometrika 26). None of them tells of what was not seen.

    """
    names, whose = _sides(tracks, sides, proposal)
    domains = [DOMAINS.index(one) for one in proposal.domains.split("-")]
    asked = np.isin(tracks.domain, domains)
    counted = asked & (whose >= 0)
    used = tracks.keep(counted[tracks.track])
    metres = np.array(proposal.horizontal.metres)
    met = _met(used, whose, proposal, metres, apart=apart, threads=threads)
    begin = float(tracks.seconds.min()) if len(tracks) else 0.0
    blocks, length = _blocks(tracks)
    place = np.floor((met.start - begin) / length).astype(np.int64)
    weights = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples)
    seen = counted, _seen_hours(used)
    points = tuple(
        _point(met, place, weights, whose, names, (float(one), met.within[:, n]), seen)
        for n, one in enumerate(metres)
    )
    unknown = asked & np.array([one is None for one in sides], np.bool_)
    return WhatIf(
        proposal=proposal.id,
        title=proposal.title,
        domains=proposal.domains,
        unit=proposal.horizontal.unit,
        vertical=proposal.vertical.metres if proposal.vertical else None,
        closing_only=proposal.closing_only == "yes",
        sides=names,
        notice=proposal.notice,
        source=proposal.source,
        start=begin if len(tracks) else None,
        end=float(tracks.seconds.max()) if len(tracks) else None,
        blocks=blocks,
        block_seconds=length,
        tracks_without_side=int(unknown.sum()),
        points=points,
    )


def _sides(
    tracks: Tracks, sides: Sequence[str | None], proposal: Proposal
) -> tuple[tuple[str, ...], Longs]:
    """The sides that count, and the place among them of each track's, -1 where it does not."""
    if len(sides) != len(tracks.ids):
        raise UsageError(f"{len(sides)} sides of {len(tracks.ids)} tracks.")
    there = {one for one in sides if one is not None}
    names = proposal.between or tuple(sorted(there))
    missing = [one for one in names if one not in there]
    if missing:
        raise UsageError(f"No track is of side {missing[0]!r}.")
    return names, np.array([names.index(s) if s in names else -1 for s in sides], np.int64)


def _blocks(tracks: Tracks) -> tuple[int, float]:
    """How many blocks the time has, and their length: days where there are enough, else hours."""
    span = float(np.ptp(tracks.seconds)) if len(tracks) else 0.0
    length = DAY if span >= FEW * DAY else HOUR
    return int(span // length) + 1, length


def _seen_hours(tracks: Tracks) -> Floats:
    """For how many hours each track (K,) was seen without a cut."""
    span = np.diff(tracks.seconds, prepend=tracks.seconds[:1])
    return np.bincount(
        tracks.track, np.where(tracks.cut, 0.0, span), minlength=len(tracks.ids)
    ) / HOUR  # fmt: skip


# --- encounters -----------------------------------------------------------------------------------


def _met(
    tracks: Tracks, whose: Longs, proposal: Proposal, metres: Floats, *, apart: float, threads: int
) -> Met:
    vertical = proposal.vertical.metres if proposal.vertical else None
    limits = Limits({proposal.domains: Limit(float(metres.max()), vertical)})
    hits = search(tracks, limits, sides=np.maximum(whose, 0), threads=threads)
    closing = proposal.closing_only == "yes"
    rows = [_within(tracks, hits, k, metres, closing=closing) for k in range(len(hits))]
    least = np.array([one for one, _ in rows], np.float64)
    within = np.array([one for _, one in rows], np.float64).reshape(len(hits), len(metres))
    held = np.isfinite(least)
    return _grouped(hits, held, least, within, apart)


def _grouped(hits: Hits, held: Flags, least: Floats, within: Floats, apart: float) -> Met:
    """Passes of a pair that follow each other, as one."""
    a, b = hits.a[held], hits.b[held]
    start, end = hits.start[held], hits.end[held]
    least, within = least[held], within[held]
    if not len(a):
        return Met(a, b, start, least, within)
    new = (np.diff(a) != 0) | (np.diff(b) != 0) | (start[1:] > end[:-1] + apart)
    first = np.flatnonzero(np.append(True, new))
    return Met(
        a[first], b[first], start[first], np.minimum.reduceat(least, first),
        np.add.reduceat(within, first, axis=0),
    )  # fmt: skip


def _within(
    tracks: Tracks, hits: Hits, k: int, metres: Floats, *, closing: bool
) -> tuple[float, Floats]:
    """The least distance of a pass, and the seconds within each distance (n,).

    Heights need no look: a pass is where they already held.
    """
    since, until = float(hits.start[k]), float(hits.end[k])
    ways = [way(tracks, int(one), since, until) for one in (hits.a[k], hits.b[k])]
    one, other = ways
    if since == until or one is None or other is None:  # two fixes at one instant
        alone = not closing or hits.closure[k] > 0
        return float(hits.horizontal[k]) if alone else np.inf, np.zeros(len(metres))
    of = pieces(one, other, [(since, until)])
    stop = _closest(of) if closing else of.end
    goes = stop > of.start
    if not goes.any():
        return np.inf, np.zeros(len(metres))
    of = Pieces(of.start, stop, of.at, of.rate, of.off, of.above_off).where(goes)
    _, least = nearest(of)
    seconds = np.zeros(len(metres))
    for place, radius in enumerate(metres):
        low, high = inside(of, np.full(len(of.start), radius))
        seconds[place] = np.maximum(high - low, 0.0).sum()
    return float(least.min()), seconds


def _closest(of: Pieces) -> Floats:
    """When in each piece the two stop coming closer."""
    at, rate = of.at[:, :2], of.rate[:, :2]
    speed = dot(rate, rate)
    ideal = np.where(speed > 0, -dot(at, rate) / np.where(speed > 0, speed, 1.0), 0.0)
    found: Floats = of.start + np.clip(ideal, 0.0, of.end - of.start)
    return found


# --- counts ---------------------------------------------------------------------------------------


def _point(
    met: Met, place: Longs, weights: Longs, whose: Longs, names: tuple[str, ...],
    at: tuple[float, Floats], seen: tuple[Flags, Floats],
) -> TouchedAt:  # fmt: skip
    """What one distance touches."""
    metres, within = at
    held = met.least < metres
    blocks = weights.shape[1]
    count = int(held.sum())
    enough = blocks >= FEW and count >= FEW
    method: Method = "block-bootstrap" if enough else "exact-poisson"
    hours = float(within[held].sum()) / HOUR
    low, high = _poisson(count)
    hours_low = hours_high = None
    if enough:
        low, high = _resampled(
            weights, np.bincount(place[held], minlength=blocks).astype(np.float64)
        )
        spent = np.bincount(place[held], within[held], minlength=blocks) / HOUR
        hours_low, hours_high = _resampled(weights, spent)
    return TouchedAt(
        metres=metres,
        encounters=Bound(low, float(count), high),
        method=method,
        hours=hours,
        hours_low=hours_low,
        hours_high=hours_high,
        sides=tuple(
            _side(met, held, within, whose == index, name, seen) for index, name in enumerate(names)
        ),
    )


def _side(
    met: Met, held: Flags, within: Floats, own: Flags, name: str, seen: tuple[Flags, Floats]
) -> SideTouched:
    counted, hours = seen
    involved = held & (own[met.a] | own[met.b])
    both = np.concatenate([met.a[involved], met.b[involved]])
    touched = len(np.unique(both[own[both]]))
    total = int((own & counted & (hours > 0)).sum())
    return SideTouched(
        side=name,
        encounters=int(involved.sum()),
        hours=float(within[involved].sum()) / HOUR,
        tracks=touched,
        tracks_seen=max(total, touched),
        share=_binomial(touched, max(total, touched)),
        seen_hours=float(hours[own & counted].sum()),
    )


def _resampled(weights: Longs, by_block: Floats) -> tuple[float, float]:
    low, high = np.quantile(weights @ by_block, [TAIL, 1 - TAIL])
    return float(low), float(high)


def _poisson(count: int) -> tuple[float, float]:
    """The exact interval of the mean of a Poisson count: half of quantiles of chi-square."""
    low = float(gammaincinv(count, TAIL)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - TAIL))


def _binomial(count: int, of: int) -> Bound:
    """The exact interval of a share."""
    low = float(betaincinv(count, of - count + 1, TAIL)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - TAIL)) if count < of else 1.0
    return Bound(low, count / of if of else 0.0, high)
