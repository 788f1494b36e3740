"""Probabilities up a diagram, and its derivatives down it, for many probability vectors at once.

Each edge carries the probability of its function, and its turned twin that of the complement, so
that no small number is ever got as the difference of two large ones. A level's nodes do not depend
on each other, so that a level is one step of NumPy.
"""

from __future__ import annotations

import numpy as np

from detente.escalation.engine.arrays import Floats, Integers
from detente.escalation.engine.diagram import Diagram


def upward(diagram: Diagram, happens: Floats, fails: Floats) -> Floats:
    """The probability of each edge, (2 * nodes, N).

    Parameters
    ----------
    diagram
        The function, over V variables.
    happens, fails
        The probabilities of each variable and of its complement, (V, N) each.
    """
    values = np.empty((2 * len(diagram.high), happens.shape[1]))
    values[:2] = [[1.0], [0.0]]
    for level in reversed(diagram.levels):
        here = diagram.level(level)
        high, low = diagram.high[here], diagram.low[here]
        for turned in range(2):
            values[2 * here.start + turned : 2 * here.stop : 2] = (
                happens[level] * values[high ^ turned] + fails[level] * values[low ^ turned]
            )
    return values


def downward(diagram: Diagram, values: Floats, happens: Floats, fails: Floats) -> Floats:
    """The derivative of the function's probability by that of each variable, (V, N).

    With R(n) the probability that a path arrives at node n, turned paths counted apart and
    subtracted, it is the sum over the nodes of a variable of R(n) (P(high) - P(low)).
    """
    arrives = np.zeros_like(values)
    arrives[diagram.root] = 1.0
    found = np.zeros_like(happens)
    for level in diagram.levels:
        here = diagram.level(level)
        high, low = diagram.high[here], diagram.low[here]
        gains = _difference(values, high, low)
        for turned in range(2):
            here_arrives = arrives[2 * here.start + turned : 2 * here.stop : 2]
            np.add.at(arrives, high ^ turned, happens[level] * here_arrives)
            np.add.at(arrives, low ^ turned, fails[level] * here_arrives)
            gain = (here_arrives * gains).sum(axis=0)
            found[level] += -gain if turned else gain
    return found


def _difference(values: Floats, high: Integers, low: Integers) -> Floats:
    """P(high) - P(low), from the complements where these are smaller, so that digits are kept."""
    plain = values[high] - values[low]
    turned = values[low ^ 1] - values[high ^ 1]
    return np.where(values[high] + values[low] > 1.0, turned, plain)
