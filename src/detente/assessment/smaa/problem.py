"""Options, criteria, beliefs about scores, and what scores are worth: the input of SMAA."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.laws import EXPONENTIAL, Law, Shape
from detente.assessment.smaa.tables import table
from detente.assessment.smaa.values import PartialValue
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

CONSTANT = -1


@dataclass(frozen=True)
class Problem:
    """One party's view: ``scores`` has a row for each option and a law for each criterion.

    ``values`` has a partial value function for each criterion.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: tuple[tuple[Law, ...], ...]
    values: tuple[PartialValue, ...]

    def __post_init__(self) -> None:
        """Refuse tables that do not fit."""
        if not self.options or not self.criteria:
            raise UsageError("A problem needs an option and a criterion at least.")
        for names in (self.options, self.criteria):
            if len(set(names)) != len(names):
                raise UsageError("Options and criteria each have a name of their own.")
        if len(self.scores) != len(self.options):
            raise UsageError(f"{len(self.scores)} rows of scores for {len(self.options)} options.")
        if any(len(row) != len(self.criteria) for row in self.scores):
            raise UsageError(f"Every row of scores needs {len(self.criteria)} of them.")
        if len(self.values) != len(self.criteria):
            raise UsageError("Every criterion needs a partial value function.")

    def bounds(self, coverage: float) -> tuple[Floats, Floats]:
        """The lowest and highest partial values (m, n) within the central intervals of scores."""
        ends = np.array([[law.interval(coverage) for law in row] for row in self.scores])
        worth = np.stack([one.of(ends[:, c]) for c, one in enumerate(self.values)], axis=1)
        return worth.min(axis=2), worth.max(axis=2)


@dataclass(frozen=True, eq=False)
class Arrays:
    """A problem as kernels take it; m options, n criteria, p pieces at most.

    ``tables`` (t, cells, 4) has the quantiles, those of the exponential distribution first;
    ``which`` (m, n) the table of each score, or `CONSTANT`; ``size`` (m, n) its factor; ``shift``
    (m, n, p) its place less the knot of each piece; ``constant`` (m, n) the value of a point;
    ``first`` (n,) the value at the first knot; ``pieces`` (n, p, 3) least, most, and slope of each
    piece; ``many`` (n,) how many of them count.
    """

    tables: Floats
    which: Longs
    size: Floats
    shift: Floats
    constant: Floats
    first: Floats
    pieces: Floats
    many: Longs


def arrays(problem: Problem) -> Arrays:
    """The arrays of a problem."""
    n, most = len(problem.criteria), max(len(one.knots) - 1 for one in problem.values)
    shapes: dict[Shape, int] = {EXPONENTIAL: 0}
    which = [[_table_of(law, shapes) for law in row] for row in problem.scores]
    place = np.array([[law.place for law in row] for row in problem.scores])
    knots, pieces = np.zeros((n, most)), np.zeros((n, most, 3))
    for c, one in enumerate(problem.values):
        found = one.pieces()
        knots[c, : len(found)] = found[:, 0]
        pieces[c, : len(found)] = found[:, 1:]
    constant = np.stack([one.of(place[:, c]) for c, one in enumerate(problem.values)], axis=1)
    return Arrays(
        tables=np.stack([table(shape) for shape in shapes]),
        which=np.array(which, dtype=np.int64),
        size=np.array([[law.size for law in row] for row in problem.scores]),
        shift=place[:, :, None] - knots,
        constant=constant,
        first=np.array([float(one.values[0]) for one in problem.values]),
        pieces=pieces,
        many=np.array([len(one.knots) - 1 for one in problem.values], dtype=np.int64),
    )


def _table_of(law: Law, shapes: dict[Shape, int]) -> int:
    return CONSTANT if law.is_point else shapes.setdefault(law.shape, len(shapes))
