"""A large sample in blocks, each of which is made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import numpy as np
from scipy.special import ndtri

from detente.escalation.uncertainty import Sample, Uncertain
from detente.ground.chance import Floats, TwoPiece, sobol, stream, to_scale
from detente.ground.errors import UsageError

BLOCK_POINTS = 2**14
_MANY = 2**18  # points from which on it pays to import numba


class CompiledSample(Sample):
    """Values of uncertain numbers at points of the unit cube, by a compiled kernel.

    They differ from those of a plain sample by rounding alone, by less than 1e-13 of themselves.
    """

    def __init__(self, unit: Mapping[str, Floats]) -> None:
        """``unit`` has the points of each number, between 1e-11 and 1 - 1e-11, shape (N,)."""
        super().__init__({})
        self._unit = unit
        self._made: dict[tuple[str, TwoPiece], Floats] = {}

    def values(self, number: Uncertain) -> Floats:
        """The values of one number at all points, shape (N,)."""
        key = (number.id, number.spread)
        if key not in self._made:
            self._made[key] = _values(number.spread, self._unit[number.id])
        return self._made[key]

    def first(self, points: int) -> Sample:
        """The sample of the first points alone."""
        return CompiledSample({name: unit[:points] for name, unit in self._unit.items()})


def _values(spread: TwoPiece, unit: Floats) -> Floats:
    mid = float(to_scale(spread.mid, spread.scale))
    if spread.below == spread.above == 0 or spread.scale == "linear" or not np.isfinite(mid):
        return spread.quantile(unit)
    from detente.escalation.packages import draw_kernels

    is_logit = spread.scale == "logit"
    found: Floats = draw_kernels.two_piece(unit, mid, spread.below, spread.above, is_logit)
    return found


class Blocks(Sequence[Sample]):
    """The points that `uncertainty.draw` gives, in blocks of `BLOCK_POINTS`.

    Only points in the unit cube are held, 8 bytes a number; what is computed of a block goes with
    it. Blocks may be asked for from several threads. Those of a sample of many points are
    compiled ones.
    """

    def __init__(self, names: tuple[str, ...], unit: Floats) -> None:
        """``unit`` has one row for each name, shape (names, points)."""
        self._names = names
        self._unit = unit

    def __len__(self) -> int:
        points = len(self._unit[0])
        return (points + BLOCK_POINTS - 1) // BLOCK_POINTS

    @overload
    def __getitem__(self, place: int) -> Sample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...
    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        start = place % len(self) * BLOCK_POINTS
        unit = self._unit[:, start : start + BLOCK_POINTS]
        if len(self._unit[0]) >= _MANY:
            return CompiledSample(dict(zip(self._names, unit, strict=True)))
        return Sample(dict(zip(self._names, ndtri(unit), strict=True)))

    def __iter__(self) -> Iterator[Sample]:
        return (self[place] for place in range(len(self)))


def draw_blocks(names: tuple[str, ...], points: int, *, seed: int) -> Blocks:
    """The points of `uncertainty.draw` for the same arguments, in blocks.

    Raises
    ------
    UsageError
        Where ``points`` is no power of two, or no number is named.

    """
    if not names:
        raise UsageError("Points are drawn for no numbers.")
    unit = sobol(points, len(names), seed=stream(seed, "escalation"))
    return Blocks(names, np.ascontiguousarray(unit.T))
