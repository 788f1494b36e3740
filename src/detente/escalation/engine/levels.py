"""The nodes of a diagram put in order, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.escalation.engine.arrays import Integers, Longs


@dataclass(frozen=True)
class Layered:
    """Nodes of V levels, each of which asks one variable, and the function asked for.

    The nodes of level v are ``starts[v + 1]`` to ``starts[v]`` (excluded), so that the deepest
    level stands first and after the ends; ``high[n]`` and ``low[n]`` stand before node n.
    """

    root: int
    high: Integers
    low: Integers
    starts: Longs

    @property
    def levels(self) -> range:
        """The levels, from the top down."""
        return range(len(self.starts) - 1)

    def level(self, level: int) -> slice:
        """Where the nodes of a level stand."""
        return slice(int(self.starts[level + 1]), int(self.starts[level]))

    def level_of_nodes(self) -> Longs:
        """The level of each node; that of the ends is V."""
        sizes = np.diff(self.starts[::-1], prepend=0)
        return np.repeat(np.arange(len(self.starts))[::-1], sizes)


def arrangement(
    level: Integers, below: tuple[Integers, Integers], wanted: Sequence[int]
) -> tuple[Longs, Longs, Longs]:
    """The nodes that can be reached from ``wanted``, the deepest level first.

    Parameters
    ----------
    level
        Of each of n nodes, (n,); that of node 0, the end, is the number of levels V.
    below
        The two nodes that follow each node, (n,) each.
    wanted
        Nodes to keep with all below them.

    Returns
    -------
    place
        The new place of each node that is kept, (n,).
    kept
        The nodes kept, in their new order.
    starts
        The places of level v are ``starts[v + 1]`` to ``starts[v]`` (excluded), (V + 1,).
    """
    # Of short integers NumPy's stable sort is a radix sort, which is ten times as fast.
    short = level.astype(np.uint16) if level[0] < 2**16 else level
    by_level = np.argsort(short, kind="stable")
    ends = np.searchsorted(short[by_level], np.arange(int(level[0]) + 2))
    keep = np.zeros(len(level), np.bool_)
    keep[list(wanted)] = True
    layers = []
    for begin, end in pairwise(ends):
        here = by_level[begin:end]
        here = here[keep[here]]
        layers.append(here)
        for each in below:
            keep[each[here]] = True
    kept = np.concatenate(layers[::-1])
    place = np.zeros(len(level), np.int64)
    place[kept] = np.arange(len(kept))
    sizes = [len(layer) for layer in layers[::-1]]
    return place, kept, np.cumsum(sizes)[::-1].copy()
