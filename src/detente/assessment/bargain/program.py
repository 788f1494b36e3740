"""A mixed-integer linear program that HiGHS solves the same way every time.

One thread, one random seed, tight tolerances, limits in nodes and never in seconds, and not a line
printed. All coefficients that are handed in should be near 1: tolerances are absolute.

HiGHS 1.14 to 1.16 cut off the best points of some small programs when they presolve by dominated
columns (threads 3073 and 3090 of its tracker; 3 of our first 1,000 random problems). That rule is
left out; the other rules have passed all of those problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]

INFINITY = float("inf")
FEASIBLE = 1e-9
_DOMINATED_COLUMNS = 1 << 5


@dataclass(frozen=True)
class Limits:
    """When solving may stop.

    ``gap`` is how far the objective may stay below what is proven to be possible, on the scale of
    each rule's objective (in logarithms for the Nash product). ``nodes`` bounds each branch and
    bound, ``rounds`` the rounds of outer approximation. No limit is a time: a limit in seconds
    would give another package on another day.
    """

    gap: float = 1e-7
    nodes: int = 2_000_000
    rounds: int = 200


LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Found:
    """The best point found, its objective, and the proven upper bound of all objectives."""

    values: Floats
    objective: float
    bound: float


class Program:
    """Columns and rows that are added one by one, and maximised as often as wanted."""

    def __init__(self, limits: Limits) -> None:
        import highspy

        self._highs = _quiet()
        self._kinds = highspy.HighsVarType
        for name, value in _options(limits).items():
            self._highs.setOptionValue(name, value)
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._integers: list[int] = []
        self.width = 0

    def columns(self, count: int, low: float, high: float, *, whole: bool = False) -> list[int]:
        """Add columns between two bounds, whole numbers or real ones; their places."""
        made = list(range(self.width, self.width + count))
        self.width += count
        if count:
            self._highs.addVars(count, np.full(count, low), np.full(count, high))
        if whole and count:
            self._integers += made
            self._mark(made, self._kinds.kInteger)
        return made

    def row(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Add low <= sum of coefficient x column <= high."""
        places = np.fromiter(terms.keys(), dtype=np.int32, count=len(terms))
        values = np.fromiter(terms.values(), dtype=np.float64, count=len(terms))
        kept = values != 0
        self._highs.addRow(low, high, int(kept.sum()), places[kept], values[kept])

    def bound(self, column: int, low: float, high: float) -> None:
        """Change the bounds of a column."""
        self._highs.changeColBounds(column, low, high)

    def maximise(self, costs: Mapping[int, float]) -> Found | None:
        """Maximise a sum of coefficient x column; None where no point is feasible.

        Raises
        ------
        UsageError
            Where the limit of nodes came before the first point, or the proof that there is none.

        """
        self._price(costs)
        self._highs.run()
        if self._highs.getModelStatus().name == "kSolveError":
            self._once_more()
        return self._found()

    def relaxed(self, costs: Mapping[int, float]) -> Found | None:
        """Maximise with whole numbers taken as real ones: an upper bound, and quick."""
        self._mark(self._integers, self._kinds.kContinuous)
        try:
            return self.maximise(costs)
        finally:
            self._mark(self._integers, self._kinds.kInteger)

    def start(self, values: Floats, columns: list[int]) -> None:
        """Begin the next search from known values of some columns."""
        places = np.array(columns, dtype=np.int32)
        self._highs.setSolution(len(columns), places, np.asarray(values, dtype=np.float64))

    def _mark(self, columns: list[int], kind: highspy.HighsVarType) -> None:
        if columns:
            kinds = np.full(len(columns), int(kind), dtype=np.uint8)
            places = np.array(columns, dtype=np.int32)
            self._highs.changeColsIntegrality(len(columns), places, kinds)

    def _price(self, costs: Mapping[int, float]) -> None:
        prices = np.zeros(self.width)
        for column, cost in costs.items():
            prices[column] = cost
        places = np.arange(self.width, dtype=np.int32)
        self._highs.changeColsCost(self.width, places, prices)

    def _once_more(self) -> None:
        """Solve afresh and without presolving, whose transformed numbers are what breaks down."""
        self._highs.clearSolver()
        self._highs.setOptionValue("presolve", "off")
        self._highs.run()
        self._highs.setOptionValue("presolve", "choose")

    def _found(self) -> Found | None:
        info = self._highs.getInfo()
        if info.primal_solution_status != 2:  # kSolutionStatusFeasible
            self._refuse_unsolved()
            return None
        values = np.array(self._highs.getSolution().col_value)
        objective = float(info.objective_function_value)
        mip = info.mip_node_count >= 0
        return Found(values, objective, float(info.mip_dual_bound) if mip else objective)

    def _refuse_unsolved(self) -> None:
        """Say so where the search ended without a point and without the proof that none is."""
        status = self._highs.getModelStatus()
        if status.name not in ("kInfeasible", "kUnboundedOrInfeasible"):
            told = self._highs.modelStatusToString(status).lower()
            raise UsageError(f"No package was found, nor proven impossible: {told}; allow more.")


def _quiet() -> highspy.Highs:
    """A solver that prints nothing: the banner would come with its callbacks, which are unused."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 (the name that is called)
            self.setOptionValue("output_flag", False)  # noqa: FBT003 (an option's name first)

    made: highspy.Highs = Quiet()  # type: ignore[no-untyped-call]
    return made


def _options(limits: Limits) -> dict[str, int | float | str]:
    return {
        "threads": 1,
        "presolve_rule_off": _DOMINATED_COLUMNS,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": min(limits.gap, 1e-3) / 2,
        "mip_max_nodes": limits.nodes,
        "mip_feasibility_tolerance": FEASIBLE,
        "primal_feasibility_tolerance": FEASIBLE,
        "dual_feasibility_tolerance": FEASIBLE,
    }
