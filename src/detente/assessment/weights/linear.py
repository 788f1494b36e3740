"""Linear programmes over a set of weights, one objective after the other on one model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]


class Programme:
    """Rows ``low <= rows x <= high`` over numbers ``least <= x``.

    HiGHS keeps the model and begins every solution anew, so that none depends on those before.
    Huangfu & Hall (2018), "Parallelizing the dual revised simplex method", Mathematical
    Programming Computation 10:119-142.
    """

    def __init__(self, rows: Floats, low: Floats, high: Floats, least: Floats) -> None:
        """``rows`` (k, n), ``low`` and ``high`` (k,), ``least`` (n,)."""
        import highspy

        # Its public child prints when it is made.
        from highspy.highs import _Highs as Solver  # type: ignore[attr-defined]

        count, n = rows.shape
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = n, count
        model.col_cost_ = np.zeros(n)
        model.col_lower_, model.col_upper_ = least, np.full(n, highspy.kHighsInf)
        model.row_lower_, model.row_upper_ = low, high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.arange(count + 1) * n
        model.a_matrix_.index_ = np.tile(np.arange(n), count)
        model.a_matrix_.value_ = rows.ravel()
        self._solver = Solver()
        self._solver.setOptionValue("output_flag", False)  # noqa: FBT003
        self._solver.setOptionValue("threads", 1)
        self._solver.passModel(model)
        self._columns = np.arange(n, dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._empty = (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )

    def least(self, objective: Floats) -> tuple[float, Floats] | None:
        """The least value of ``objective`` (n,) and where it lies; None where nothing fits.

        Raises
        ------
        UsageError
            Where there is no least value.

        """
        self._solver.changeColsCost(len(self._columns), self._columns, objective)
        self._solver.clearSolver()
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in self._empty:
            return None
        if status != self._optimal:
            raise UsageError(f"A linear programme over weights ended as {status}.")
        return (
            float(self._solver.getObjectiveValue()),
            np.array(self._solver.getSolution().col_value),
        )
