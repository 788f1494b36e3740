"""Compiled zero-suppressed diagrams: the minimal sets of a decision diagram.

``sets[n]`` holds level, family with the variable, family without; node 0 is the empty family,
node 1 that of the empty set. Table, memory and state are as in `diagram_kernels`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.escalation.engine.arrays import Count, Integers, Longs

FULL = -1
FIRST_BITS = 12
MEMORY_BITS = 22


def minimal_sets(edge: int, nodes: Integers, limit: int) -> tuple[Count, Integers]:
    """The family of an edge and all sets made, of at most ``limit`` nodes; `FULL` if too few."""
    sets = np.empty((limit, 3), np.int32)
    table = np.zeros(1 << max(FIRST_BITS, (2 * limit).bit_length()), np.int32)
    memory = np.zeros((1 << MEMORY_BITS, 3), np.int32)
    state = np.array([2, FIRST_BITS], np.int64)
    end = int(nodes[0, 0])
    sets[:2] = [(end, 0, 0), (end, 1, 1)]
    known = np.full(2 * len(nodes), FULL, np.int32)
    known[:2] = (1, 0)
    return _minimal(edge, nodes, known, sets, table, memory, state), sets[: state[0]]


@njit(cache=True)
def _mixed(a: Count, b: Count, c: Count, bits: Count) -> Count:
    """A slot of ``2 ** bits`` for three numbers."""
    mixed = (
        np.uint64(a) * np.uint64(0x9E3779B97F4A7C15)
        ^ np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F)
        ^ np.uint64(c) * np.uint64(0x165667B19E3779F9)
    )
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.int64(mixed >> np.uint64(64 - bits))


@njit(cache=True)
def _grow(sets: Integers, table: Integers, state: Longs) -> None:
    """Double the part of the table in use."""
    state[1] += 1
    mask = (1 << state[1]) - 1
    table[: mask + 1] = 0
    for node in range(2, state[0]):
        slot = _mixed(sets[node, 0], sets[node, 1], sets[node, 2], state[1])
        while table[slot]:
            slot = (slot + 1) & mask
        table[slot] = node


@njit(cache=True)
def _node(
    level: Count, high: Count, low: Count, sets: Integers, table: Integers, state: Longs
) -> Count:
    """The family of a node, new or known."""
    if high == 0:
        return low
    mask = (1 << state[1]) - 1
    slot = _mixed(level, high, low, state[1])
    while table[slot]:
        node = table[slot]
        if sets[node, 0] == level and sets[node, 1] == high and sets[node, 2] == low:
            return np.int64(node)
        slot = (slot + 1) & mask
    node = state[0]
    if node >= len(sets):
        return FULL
    state[0] = node + 1
    sets[node, 0] = level
    sets[node, 1] = high
    sets[node, 2] = low
    table[slot] = node
    if 2 * node > mask:
        _grow(sets, table, state)
    return node


@njit(cache=True)
def _without(
    one: Count, other: Count, sets: Integers, table: Integers, memory: Integers, state: Longs
) -> Count:
    """The sets of ``one`` that hold no set of ``other``."""
    if one == 0 or other in (1, one):
        return 0
    if one == 1 or other == 0:
        return one
    slot = _mixed(one, other, 0, min(MEMORY_BITS, state[1]))
    if memory[slot, 0] == one and memory[slot, 1] == other:
        return np.int64(memory[slot, 2])
    level = np.int64(sets[one, 0])
    high, low = np.int64(sets[one, 1]), np.int64(sets[one, 2])
    inside = beside = other
    if level >= sets[other, 0]:
        inside, beside = np.int64(sets[other, 1]), np.int64(sets[other, 2])
    if level > sets[other, 0]:
        found = _without(one, beside, sets, table, memory, state)
    else:
        high = _without(high, inside, sets, table, memory, state)
        if high != FULL and inside != beside:
            high = _without(high, beside, sets, table, memory, state)
        if high == FULL:
            return FULL
        low = _without(low, beside, sets, table, memory, state)
        if low == FULL:
            return FULL
        found = _node(level, high, low, sets, table, state)
    if found == FULL:
        return FULL
    slot = _mixed(one, other, 0, min(MEMORY_BITS, state[1]))
    memory[slot, 0] = one
    memory[slot, 1] = other
    memory[slot, 2] = found
    return found


@njit(cache=True)
def _minimal(
    edge: Count, nodes: Integers, known: Integers, sets: Integers, table: Integers,
    memory: Integers, state: Longs,
) -> Count:  # fmt: skip
    """The minimal sets for an edge (Rauzy 1993)."""
    if known[edge] != FULL:
        return np.int64(known[edge])
    level = np.int64(nodes[edge >> 1, 0])
    inside = np.int64(nodes[edge >> 1, 1]) ^ (edge & 1)
    beside = np.int64(nodes[edge >> 1, 2]) ^ (edge & 1)
    low = _minimal(beside, nodes, known, sets, table, memory, state)
    if low == FULL:
        return FULL
    high = _minimal(inside, nodes, known, sets, table, memory, state)
    if high == FULL:
        return FULL
    high = _without(high, low, sets, table, memory, state)
    if high == FULL:
        return FULL
    found = _node(level, high, low, sets, table, state)
    known[edge] = found
    return found
