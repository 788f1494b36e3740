"""Families of sets as zero-suppressed diagrams: the minimal sets of a decision diagram.

A set of events is minimal for a function when the function holds if these events happen and no
other does, and no part of it does the same. For coherent functions these are the minimal cut sets.
For others they are those of the coherent hull, the smallest coherent function that is nowhere
below the given one: the positive parts of prime implicants, as Rauzy (2001, "Mathematical
foundations of minimal cutsets", IEEE Transactions on Reliability 50(4)) defines minimal cut sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Flags, Integers
from detente.escalation.engine.diagram import FEW_LEVELS, Diagram, TooManyNodesError, few_nodes
from detente.escalation.engine.levels import Layered, arrangement

EMPTY, UNIT = 0, 1


@dataclass(frozen=True)
class Family(Layered):
    """A family of sets of variables; equal parts are one (Minato 1993), the deepest level first.

    Node 0 is the empty family and node 1 the family of the empty set alone. Node n holds the sets
    of ``low[n]``, and those of ``high[n]`` with its variable added.
    """


def minimal_sets(diagram: Diagram, edge: int, reversed_: Flags, *, limit: int) -> Family:
    """The minimal sets of variables for an edge of a diagram.

    Parameters
    ----------
    diagram
        A function of V variables.
    edge
        Of which function: the diagram's root or its complement.
    reversed_
        Variables that are in a set where they do *not* happen, (V,).
    limit
        The most nodes, those on the way included.

    Raises
    ------
    TooManyNodesError
        If the limit does not suffice.
    """
    few = few_nodes("detente.escalation.engine.family_kernels", limit)
    if len(reversed_) < FEW_LEVELS and len(diagram.high) < few:
        try:
            return small_family(diagram, edge, reversed_, limit=few)
        except TooManyNodesError:
            if few == limit:
                raise
    return large_family(diagram, edge, reversed_, limit=limit)


def small_family(diagram: Diagram, edge: int, reversed_: Flags, *, limit: int) -> Family:
    """As `minimal_sets`, in plain Python."""
    from detente.escalation.engine.family_python import Builder

    builder = Builder(_nodes(diagram, reversed_), limit)
    root = builder.minimal(edge)
    return _family(root, np.array(builder.sets, np.int32))


def large_family(diagram: Diagram, edge: int, reversed_: Flags, *, limit: int) -> Family:
    """As `minimal_sets`, in compiled kernels."""
    from detente.escalation.engine import family_kernels as kernels

    root, sets = kernels.minimal_sets(edge, _nodes(diagram, reversed_), limit)
    if root == kernels.FULL:
        raise TooManyNodesError(limit)
    return _family(root, sets)


def _nodes(diagram: Diagram, reversed_: Flags) -> Integers:
    """The diagram's level, edge into the sets and edge beside them, of each node."""
    level = diagram.level_of_nodes()
    turned = np.append(reversed_, np.False_)[level]
    inside = np.where(turned, diagram.low, diagram.high)
    beside = np.where(turned, diagram.high, diagram.low)
    return np.stack([level, inside, beside], axis=1).astype(np.int32)


def _family(root: int, sets: Integers) -> Family:
    level, high, low = sets.T
    place, found, starts = arrangement(level, (high, low), [EMPTY, UNIT, root])
    return Family(
        int(place[root]),
        place[high[found]].astype(np.int32),
        place[low[found]].astype(np.int32),
        starts,
    )
