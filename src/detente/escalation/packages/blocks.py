"""A large sample in blocks, each of which is made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
from scipy.special import ndtri

from detente.escalation.packages.net import Net, net
from detente.escalation.uncertainty import Belief, Sample, Uncertain
from detente.ground.chance import Floats, TwoPiece, stream, to_scale
from detente.ground.errors import UsageError

BLOCK_POINTS = 2**14
_MANY = 2**18  # points from which on it pays to import numba


class CompiledSample(Sample):
    """Values of uncertain numbers at the points of a block of a net, by a compiled kernel.

    They differ from those of a plain sample by rounding alone, by less than 1e-13 of themselves.
    """

    def __init__(self, net: Net, rows: Mapping[str, int], block: int, points: int) -> None:
        """``rows`` has the dimension of each number; the first ``points`` of the block count."""
        super().__init__({})
        self.net = net
        self.rows = rows
        self.block = block
        self.points = points
        self._made: dict[tuple[str, TwoPiece], Floats] = {}

    def values(self, number: Uncertain) -> Floats:
        """The values of one number at all points, shape (N,)."""
        self._make([number])
        return self._made[number.id, number.spread]

    def parameters(self, belief: Belief) -> dict[str, Floats]:
        """The values of all parameters under one belief, each of shape (N,)."""
        self._make(belief.parameters.values())
        return {name: self._made[one.id, one.spread] for name, one in belief.parameters.items()}

    def first(self, points: int) -> Sample:
        """The sample of the first points alone."""
        return CompiledSample(self.net, self.rows, self.block, min(points, self.points))

    def _make(self, numbers: Iterable[Uncertain]) -> None:
        """Draw the numbers that are not drawn yet, all at once and so into one piece of memory."""
        missing = {(one.id, one.spread): law(one.spread) for one in numbers}
        missing = {key: one for key, one in missing.items() if key not in self._made}
        for (name, spread), one in missing.items():
            if one is None:
                unit = self.net.unit(self.block)[self.rows[name], : self.points]
                self._made[name, spread] = spread.quantile(unit)
        laws = {key: one for key, one in missing.items() if one is not None}
        if laws:
            from detente.escalation.packages import draw_kernels

            rows = np.array([self.rows[name] for name, _ in laws])
            found = np.empty((len(rows), self.points))
            turns = self.net.turns[self.block]
            draw_kernels.values(self.net.cells, turns, rows, np.array([*laws.values()]), found)
            self._made.update(zip(laws, found, strict=True))


def law(spread: TwoPiece) -> tuple[float, float, float, float] | None:
    """A distribution as `draw_kernels` take it; None for one that they do not know."""
    if spread.below == spread.above == 0:
        return (0.0, spread.mid, 0.0, 0.0)
    mid = float(to_scale(spread.mid, spread.scale))
    if spread.scale == "linear" or not np.isfinite(mid):
        return None
    return (1.0 if spread.scale == "log" else -1.0, mid, spread.below, spread.above)


class Blocks(Sequence[Sample]):
    """The points that `uncertainty.draw` gives, in blocks of `BLOCK_POINTS`.

    Only the first block of points is held, 4 bytes a number; what is computed of a block goes with
    it. Blocks may be asked for from several threads. Those of a sample of many points are
    compiled ones.
    """

    def __init__(self, names: tuple[str, ...], net: Net) -> None:
        """``net`` has one dimension for each name."""
        self._rows = {name: row for row, name in enumerate(names)}
        self._net = net

    def __len__(self) -> int:
        return len(self._net.turns)

    @property
    def points(self) -> int:
        """How many points there are in all blocks."""
        return int(self._net.cells.shape[1]) * len(self)

    @overload
    def __getitem__(self, place: int) -> Sample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...
    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        block = place % len(self)
        if self.points >= _MANY:
            return CompiledSample(self._net, self._rows, block, self._net.cells.shape[1])
        return Sample(dict(zip(self._rows, ndtri(self._net.unit(block)), strict=True)))

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
    made = net(points, len(names), seed=stream(seed, "escalation"), block_points=BLOCK_POINTS)
    return Blocks(names, made)
