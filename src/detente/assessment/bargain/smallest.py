"""The smallest part of a package that does as much for everybody.

A rule maximises gains and says nothing about measures that add none: what cancels beside the
others, alone or only together, would stay in a package by chance. So every rule ends with a second
solve, lexicographically after its own: of all parts of the package that keep the rules and leave no
party with less, the one with the fewest measures. Of several of that size any may be found; none
has a smaller part of its kind.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.assessment.bargain.model import build
from detente.assessment.bargain.problem import Bools, Problem, acceptable, gains_of
from detente.assessment.bargain.program import INFINITY, Limits

SLACK = 1e-8  # in shares of a party's scale: what a party may lose by rounding


def smallest_part(problem: Problem, package: Bools, limits: Limits) -> Bools:
    """The part, shape (m,), with the fewest measures that leaves no party with less.

    Parameters
    ----------
    problem
        Whose rules, gains and scenarios it keeps.
    package
        Shape (m,): an acceptable package.
    limits
        Of the program: one binary a measure of the package.

    """
    certain = replace(problem, scenarios=None)
    part = _part(certain, package, limits)
    if part.sum() < package.sum() and problem.scenarios is not None:
        part = _part(problem, package, limits)  # a smaller one may lose in too many samples
    return part


def _part(problem: Problem, package: Bools, limits: Limits) -> Bools:
    model = build(problem, limits)
    least = model.scaled(package) - SLACK
    for party, column in enumerate(model.gains):
        model.program.bound(column, max(float(least[party]), 0.0), INFINITY)
    for place in np.flatnonzero(~package):
        model.program.bound(model.measures[place], 0, 0)
    found = model.program.maximise(dict.fromkeys(model.measures, -1.0))
    if found is None:  # by rounding: the package itself is one
        return package
    part = model.package(found)
    kept = gains_of(problem, part[None])[0] >= (least - SLACK) * problem.scales
    fine = kept.all() and acceptable(problem, part[None])[0] and part.sum() < package.sum()
    return part if fine else package
