"""Two straight motions: when they are closest, how close, and when limits hold; closed forms."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from detente.encounters.approach.plain import level, span
from detente.encounters.tracks import Floats
from detente.ground.errors import UsageError


def closest(position: ArrayLike, velocity: ArrayLike) -> tuple[Floats, Floats]:
    """When two craft in straight motion are closest, and their distance then.

    Parameters
    ----------
    position, velocity : (..., d) arrays
        Of one craft relative to the other, in a plane or in space.

    Returns
    -------
    seconds, distance : (...) arrays
        tcpa = -p.v / v.v, which is before 0 where they move apart, and 0 where v = 0; and
        dcpa = |p + tcpa v|.

    Examples
    --------
    >>> seconds, distance = closest([-100.0, 30.0], [10.0, 0.0])
    >>> float(seconds), float(distance)
    (10.0, 30.0)

    """
    p, v = _two(position, velocity)
    speed = (v * v).sum(axis=-1)
    seconds = np.where(speed > 0, -(p * v).sum(axis=-1) / np.where(speed > 0, speed, 1), 0.0)
    gone = p + seconds[..., None] * v
    return seconds, np.sqrt((gone * gone).sum(axis=-1))


def within(
    position: ArrayLike, velocity: ArrayLike, horizontal: float, vertical: float | None = None,
    *, inclusive: bool = False,
) -> tuple[Floats, Floats]:  # fmt: skip
    """From when to when two craft in straight motion are within limits; NaN where they never are.

    Parameters
    ----------
    position, velocity : (..., 3) arrays
        East, north and up of one craft relative to the other.
    horizontal, vertical
        Both distances must be less than these at once, or with ``inclusive`` not more.

    Returns
    -------
    start, end : (...) arrays
        Seconds; infinite where it never begins or ends.

    """
    p, v = _two(position, velocity)
    if p.shape[-1] != 3:
        raise UsageError("Limits need east, north and up.")
    flat, rate = p[..., :2], v[..., :2]
    low, high = span(
        (rate * rate).sum(axis=-1), (flat * rate).sum(axis=-1), (flat * flat).sum(axis=-1),
        np.asarray(horizontal**2), inclusive=inclusive,
    )  # fmt: skip
    if vertical is not None:
        least, most = level(p[..., 2], v[..., 2], np.asarray(vertical), inclusive=inclusive)
        low, high = np.maximum(low, least), np.minimum(high, most)
    held = low <= high if inclusive else low < high
    return np.where(held, low, np.nan), np.where(held, high, np.nan)


def _two(position: ArrayLike, velocity: ArrayLike) -> tuple[Floats, Floats]:
    p, v = np.broadcast_arrays(np.asarray(position, float), np.asarray(velocity, float))
    return p, v
