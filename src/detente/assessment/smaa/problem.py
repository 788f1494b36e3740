"""Options, criteria, beliefs about scores, and what scores are worth: the input of SMAA."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.joint import Joint
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

    ``values`` has a partial value function for each criterion. On a criterion whose place stands in
    ``joint`` the scores of all options are drawn together, and the laws are points, their medians.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    scores: tuple[tuple[Law, ...], ...]
    values: tuple[PartialValue, ...]
    joint: tuple[tuple[int, Joint], ...] = ()

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
        if any(len(one.mean) != len(self.options) for _, one in self.joint):
            raise UsageError("Scores that are drawn together are those of all options.")

    def bounds(self, coverage: float) -> tuple[Floats, Floats]:
        """The lowest and highest partial values (m, n) within the central intervals of scores."""
        ends = np.array([[law.interval(coverage) for law in row] for row in self.scores])
        shares = [(1 - coverage) / 2, (1 + coverage) / 2]
        for c, joint in self.joint:
            ends[:, c] = [joint.quantiles(i, shares) for i in range(len(self.options))]
        worth = np.stack([one.of(ends[:, c]) for c, one in enumerate(self.values)], axis=1)
        return worth.min(axis=2), worth.max(axis=2)


@dataclass(frozen=True, eq=False)
class Arrays:
    """A problem as kernels take it; m options, n criteria, p pieces at most.

    ``tables`` (t, cells, 2) has the quantiles, those of the exponential distribution first;
    ``which`` (m, n) the table of each score, or `CONSTANT`. The value of a score with quantile q is
    sum_k min(max(``shift`` + ``factor`` q, least), most) over the pieces, the least and the most of
    which are ``ends`` (n, p, 2); the value at the first knot is in those of the first piece.
    ``shift`` and ``factor`` are (m, n, p), ``constant`` (m, n) has the value of a point, ``many``
    (n,) how many pieces count. ``joint`` has the place, the scores and the values of criteria on
    which all options are drawn together; they have no table, and a constant of 0. No kernel knows
    of them: such a problem is `plain`'s.
    """

    tables: Floats
    which: Longs
    factor: Floats
    shift: Floats
    constant: Floats
    ends: Floats
    many: Longs
    joint: tuple[tuple[int, Joint, PartialValue], ...] = ()

    @property
    def numbers(self) -> int:
        """How many random numbers the scores of a sample take."""
        alone = int(np.count_nonzero(self.which != CONSTANT))
        return alone + sum(one.numbers for _, one, _ in self.joint)


def arrays(problem: Problem) -> Arrays:
    """The arrays of a problem."""
    n, most = len(problem.criteria), max(len(one.knots) - 1 for one in problem.values)
    shapes: dict[Shape, int] = {EXPONENTIAL: 0}
    which = [[_table_of(law, shapes) for law in row] for row in problem.scores]
    place = np.array([[law.place for law in row] for row in problem.scores])
    size = np.array([[law.size for law in row] for row in problem.scores])
    knots, slopes, ends = np.zeros((n, most)), np.zeros((n, most)), np.zeros((n, most, 2))
    for c, one in enumerate(problem.values):
        found = one.pieces()
        found[found[:, 3] == 0, 1:3] = 0.0  # a level piece adds nothing, however far it goes
        knots[c, : len(found)], slopes[c, : len(found)] = found[:, 0], found[:, 3]
        ends[c, : len(found)] = np.sort(found[:, 1:3] * found[:, 3:], axis=1)
    shift = slopes * (place[:, :, None] - knots)
    start = np.array([float(one.values[0]) for one in problem.values])
    shift[:, :, 0] += start
    ends[:, 0] += start[:, None]
    constant = np.stack([one.of(place[:, c]) for c, one in enumerate(problem.values)], axis=1)
    constant[:, [c for c, _ in problem.joint]] = 0.0
    return Arrays(
        tables=np.stack([table(shape) for shape in shapes]),
        which=np.array(which, dtype=np.int64),
        factor=slopes * size[:, :, None],
        shift=shift,
        constant=constant,
        ends=ends,
        many=np.array([len(one.knots) - 1 for one in problem.values], dtype=np.int64),
        joint=tuple((c, one, problem.values[c]) for c, one in problem.joint),
    )


def _table_of(law: Law, shapes: dict[Shape, int]) -> int:
    return CONSTANT if law.is_point else shapes.setdefault(law.shape, len(shapes))
