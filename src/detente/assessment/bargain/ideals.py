"""The ideal gain of each party: the most that any acceptable package brings it."""

from __future__ import annotations

import numpy as np

from detente.assessment.bargain.model import build
from detente.assessment.bargain.problem import Floats, Problem
from detente.assessment.bargain.program import LIMITS, Limits


def ideals(problem: Problem, limits: Limits = LIMITS) -> Floats | None:
    """The largest scaled gain of each party among acceptable packages, shape (P,).

    Scaled means divided by ``problem.scales``. None where no package is acceptable.
    """
    model = build(problem, limits)
    best = np.zeros(len(problem.parties))
    for party, column in enumerate(model.gains):
        found = model.program.maximise({column: 1.0})
        if found is None:
            return None
        best[party] = max(float(model.scaled(model.package(found))[party]), 0.0)
    return best
