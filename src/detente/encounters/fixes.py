"""Fixes as they were read, before anything is cleaned or put in order.

A reader keeps whatever is a place and an instant, in the order of the file: doubled instants, jumps
and backward time are for the cleaning to judge and for the flags to tell. What a source does not
state is NaN, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from detente.encounters.tracks import Claim, Craft, Domain, Errors, Floats, Longs
from detente.ground.errors import UsageError


@dataclass(frozen=True, eq=False)
class Fixes:
    """N fixes of K craft as their sources give them, in any order.

    ``track`` (N,) is the place of the craft of each fix, ``source`` (N,) the place of its source in
    ``sources``, ``row`` (N,) its line in that source, or its number where
    that has no lines, for messages. ``seconds`` (N,) count from
    1970-01-01 UTC; ``lat`` and ``lon`` (N,) are degrees north and east, WGS 84, finite, within 90
    and 180; ``height`` (N,) metres.

    NaN where the source does not state it: ``height``, the bounds ``error`` (metres along the
    ground), ``height_error`` (metres) and ``clock_error`` (seconds), ``course_deg`` (over ground,
    from true north), ``speed_ms`` (over ground), ``nacp`` and ``nic`` (the categories of accuracy
    and integrity of ADS-B, DO-260B), ``on_ground`` (1 or 0).
    """

    craft: tuple[Craft, ...]
    sources: tuple[str, ...]
    track: Longs
    source: Longs
    row: Longs
    seconds: Floats
    lat: Floats
    lon: Floats
    height: Floats
    error: Floats
    height_error: Floats
    clock_error: Floats
    course_deg: Floats
    speed_ms: Floats
    nacp: Floats
    nic: Floats
    on_ground: Floats

    def __len__(self) -> int:
        """The number of fixes."""
        return len(self.seconds)

    def errors(self, unstated: Errors) -> Errors:
        """The bounds on errors of each fix, ``unstated`` where its source gives none."""
        return Errors(
            horizontal=np.where(np.isnan(self.error), unstated.horizontal, self.error),
            height=np.where(np.isnan(self.height_error), unstated.height, self.height_error),
            clock=np.where(np.isnan(self.clock_error), unstated.clock, self.clock_error),
        )


_WHOLE = ("track", "source", "row")
_KNOWN = ("seconds", "lat", "lon")
ARRAYS = tuple(one.name for one in fields(Fixes) if one.name not in {"craft", "sources"})


def fixes(craft: Sequence[Craft], source: str, columns: Mapping[str, Any]) -> Fixes:
    """Fixes of one source; what ``columns`` lacks is not stated.

    Parameters
    ----------
    craft
        The K craft.
    source
        The name of the source of all fixes.
    columns
        By the names of the arrays of `Fixes`: ``track``, ``seconds``, ``lat`` and ``lon``, and any
        of the others, each of length N or a number for all.

    Raises
    ------
    UsageError
        Where arrays differ in length, or a place or an instant is not finite.

    """
    count = len(columns["seconds"])
    own: dict[str, Any] = {}
    for name in ARRAYS:
        found = np.asarray(columns.get(name, 0 if name in _WHOLE else np.nan), _kind(name))
        if found.ndim and len(found) != count:
            raise UsageError(f"{len(found)} values of {name} for {count} fixes.")
        own[name] = found if found.ndim else np.broadcast_to(found, (count,))  # takes no memory
    for name in _KNOWN:
        if not np.isfinite(own[name]).all():
            raise UsageError(f"A fix has no finite {name}.")
    return Fixes(craft=tuple(craft), sources=(source,), **own)


def joined(parts: Sequence[Fixes]) -> Fixes:
    """All fixes of several sources; craft of one domain and one name are one craft.

    The claims of such a craft are those of all its sources, each once.
    """
    if len(parts) == 1:
        return parts[0]
    place: dict[tuple[Domain, str], int] = {}
    claims: list[dict[Claim, None]] = []
    sources = {name: None for part in parts for name in part.sources}
    order = {name: index for index, name in enumerate(sources)}
    moved: dict[str, list[Any]] = {name: [] for name in ARRAYS}
    for part in parts:
        to_track = np.empty(len(part.craft), np.int64)
        for index, one in enumerate(part.craft):
            to_track[index] = place.setdefault((one.domain, one.id), len(place))
            if to_track[index] == len(claims):
                claims.append({})
            claims[to_track[index]].update(dict.fromkeys(one.claims))
        to_source = np.array([order[name] for name in part.sources], np.int64)
        for name in ARRAYS:
            moved[name].append(getattr(part, name))
        moved["track"][-1] = to_track[part.track]
        moved["source"][-1] = to_source[part.source]
    own: dict[str, Any] = {
        name: np.concatenate(arrays) if arrays else np.zeros(0, _kind(name))
        for name, arrays in moved.items()
    }
    craft = tuple(
        Craft(id=name, domain=domain, claims=tuple(claims[index]))
        for (domain, name), index in place.items()
    )
    return Fixes(craft=craft, sources=tuple(sources), **own)


def _kind(name: str) -> type[np.int64 | np.float64]:
    return np.int64 if name in _WHOLE else np.float64
