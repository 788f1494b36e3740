"""Compiled decision diagrams with complemented edges: conjunction, and programs of conjunctions.

An edge is ``2 * node + turned``; node 0 is the truth. ``nodes[n]`` holds level, edge if it happens,
edge if not. The first is never turned, which makes a function and its complement one node (Brace,
Rudell & Bryant 1990, "Efficient implementation of a BDD package", DAC). ``table`` finds equal nodes
by open addressing; ``memory`` keeps conjunctions, the newest of those that share a slot. The arrays
have their full size from the start, but only what ``state`` says is touched, and so is given memory
by the machine: 0 nodes in use, 1 bits of the table, 2 bits of the memory.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.escalation.engine.arrays import Count, Flags, Integers, Longs

FULL, ASKED = -1, -2
FIRST_BITS = 12
MEMORY_BITS = 22


def room(limit: int) -> tuple[Integers, Integers, Integers, Longs]:
    """Arrays for at most ``limit`` nodes: nodes, table, memory, state."""
    bits = max(FIRST_BITS, (2 * limit).bit_length())
    return (
        np.empty((limit, 3), np.int32),
        np.zeros(1 << bits, np.int32),
        np.zeros((1 << MEMORY_BITS, 3), np.int32),
        np.zeros(3, np.int64),
    )


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
def _grow(nodes: Integers, table: Integers, state: Longs) -> None:
    """Double the part of the table in use; the memory follows it, half as large."""
    state[1] += 1
    bits = state[1]
    mask = (1 << bits) - 1
    table[: mask + 1] = 0
    for node in range(1, state[0]):
        slot = _mixed(nodes[node, 0], nodes[node, 1], nodes[node, 2], bits)
        while table[slot]:
            slot = (slot + 1) & mask
        table[slot] = node
    state[2] = min(bits - 1, MEMORY_BITS)  # a slot for each node: more are slower to reach


@njit(cache=True)
def _node(
    level: Count, high: Count, low: Count, nodes: Integers, table: Integers, state: Longs
) -> Count:
    """The edge to the node of a question, new or known."""
    if high == low:
        return high
    turned = high & 1
    high ^= turned
    low ^= turned
    mask = (1 << state[1]) - 1
    slot = _mixed(level, high, low, state[1])
    while table[slot]:
        node = table[slot]
        if nodes[node, 0] == level and nodes[node, 1] == high and nodes[node, 2] == low:
            return 2 * np.int64(node) | turned
        slot = (slot + 1) & mask
    node = state[0]
    if node == len(nodes):
        return FULL
    state[0] = node + 1
    nodes[node, 0] = level
    nodes[node, 1] = high
    nodes[node, 2] = low
    table[slot] = node
    if 2 * node > mask:
        _grow(nodes, table, state)
    return 2 * node | turned


@njit(cache=True)
def _follow(edge: Count, level: Count, nodes: Integers) -> tuple[Count, Count]:
    """Where an edge leads if the variable of a level happens, and if not."""
    node = edge >> 1
    if nodes[node, 0] != level:
        return edge, edge
    return np.int64(nodes[node, 1]) ^ (edge & 1), np.int64(nodes[node, 2]) ^ (edge & 1)


@njit(cache=True)
def _known(one: Count, other: Count, memory: Integers, state: Longs) -> Count:
    """The conjunction of two edges where it is plain or remembered, else `ASKED`."""
    if other in (0, one):
        return one
    if one == 0:
        return other
    if one == 1 or other == 1 or one ^ 1 == other:
        return 1
    slot = _mixed(one, other, 0, state[2])
    if memory[slot, 0] == one and memory[slot, 1] == other:
        return np.int64(memory[slot, 2])
    return ASKED


@njit(cache=True)
def _both(
    one: Count, other: Count, nodes: Integers, table: Integers, memory: Integers, state: Longs
) -> Count:
    """The conjunction of two edges.

    A recursion whose pending questions (the two edges, and the answer where the variable happens)
    stand in an array, as a call would carry all arrays anew.
    """
    pending = np.empty((nodes[0, 0] + 1, 5), np.int64)
    depth = 0
    while True:
        if one > other:
            one, other = other, one
        found = _known(one, other, memory, state)
        if found == ASKED:
            level = np.int64(min(nodes[one >> 1, 0], nodes[other >> 1, 0]))
            high_a, low_a = _follow(one, level, nodes)
            high_b, low_b = _follow(other, level, nodes)
            pending[depth] = one, other, low_a, low_b, ASKED
            depth += 1
            one, other = high_a, high_b
            continue
        while depth and pending[depth - 1, 4] != ASKED:
            depth -= 1
            one, other, _, _, high = pending[depth]
            level = np.int64(min(nodes[one >> 1, 0], nodes[other >> 1, 0]))
            found = _node(level, high, found, nodes, table, state)
            if found == FULL:
                return FULL
            memory[_mixed(one, other, 0, state[2])] = one, other, found
        if not depth:
            return found
        pending[depth - 1, 4] = found
        one, other = pending[depth - 1, 2], pending[depth - 1, 3]


@njit(cache=True)
def _either(
    one: Count, other: Count, nodes: Integers, table: Integers, memory: Integers, state: Longs
) -> Count:
    """The disjunction of two edges."""
    if FULL in (one, other):
        return FULL
    found = _both(one ^ 1, other ^ 1, nodes, table, memory, state)
    return found if found == FULL else found ^ 1


@njit(cache=True)
def _parity(
    one: Count, other: Count, nodes: Integers, table: Integers, memory: Integers, state: Longs
) -> Count:
    """The exclusive disjunction of two edges."""
    left = _both(one, other ^ 1, nodes, table, memory, state)
    right = _both(one ^ 1, other, nodes, table, memory, state)
    return _either(left, right, nodes, table, memory, state)


@njit(cache=True)
def _at_least(
    least: Count, edges: Longs, nodes: Integers, table: Integers, memory: Integers, state: Longs
) -> Count:
    """The threshold: ``count[k]`` holds where k of the edges seen so far do."""
    count = np.ones(least + 1, np.int64)
    count[0] = 0
    for edge in edges:
        for k in range(least, 0, -1):
            more = _both(edge, count[k - 1], nodes, table, memory, state)
            count[k] = _either(more, count[k], nodes, table, memory, state)
            if count[k] == FULL:
                return FULL
    return count[least]


@njit(cache=True)
def _operands(operands: Longs, edges: Longs, nodes: Integers) -> Longs:
    """The operands of a step as edges of the diagram, the deepest first."""
    found = np.empty(len(operands), np.int64)
    for index, operand in enumerate(operands):
        place = index
        edge = edges[operand >> 1] ^ (operand & 1)
        level = nodes[edge >> 1, 0]
        while place > 0 and nodes[found[place - 1] >> 1, 0] < level:
            found[place] = found[place - 1]
            place -= 1
        found[place] = edge
    return found


@njit(cache=True)
def build(
    variables: Count, steps: Longs, operands: Longs, nodes: Integers, table: Integers,
    memory: Integers, state: Longs,
) -> Count:  # fmt: skip
    """Run a `Program` and give the edge of its last step, or `FULL`."""
    edges = np.zeros(1 + variables + len(steps), np.int64)
    nodes[0] = 0
    nodes[0, 0] = variables
    state[0] = 1
    state[1] = state[2] = FIRST_BITS
    for level in range(variables):
        edges[1 + level] = _node(level, 0, 1, nodes, table, state)
    for step in range(len(steps)):
        kind = steps[step, 0]
        inputs = _operands(operands[steps[step, 1] : steps[step, 2]], edges, nodes)
        found = inputs[0]
        if kind > 0:
            found = _at_least(kind, inputs, nodes, table, memory, state)
        else:
            for other in inputs[1:]:
                if kind == 0:
                    found = _both(found, other, nodes, table, memory, state)
                else:
                    found = _parity(found, other, nodes, table, memory, state)
                if found == FULL:
                    return FULL
        if found == FULL:
            return FULL
        edges[1 + variables + step] = found
    return edges[-1]


@njit(cache=True)
def reached(root: Count, nodes: Integers, state: Longs) -> Flags:
    """Which edges lead from ``root`` to the ends, the turn of each path counted."""
    found = np.zeros(2 * state[0], np.bool_)
    found[root] = True
    for node in range(root >> 1, 0, -1):
        for turned in range(2):
            if found[2 * node | turned]:
                found[nodes[node, 1] ^ turned] = True
                found[nodes[node, 2] ^ turned] = True
    return found


@njit(cache=True)
def _meet(one: Count, other: Count, nodes: Integers, memory: Integers, state: Longs) -> bool:
    """Whether two functions can hold at once; pairs that cannot are remembered."""
    if one ^ 1 == other or one == 1 or other == 1:
        return False
    if one in (other, 0) or other == 0:
        return True
    if one > other:
        one, other = other, one
    slot = _mixed(one, other, 0, state[2])
    if memory[slot, 0] == one and memory[slot, 1] == other:
        return False
    level = np.int64(min(nodes[one >> 1, 0], nodes[other >> 1, 0]))
    high_a, low_a = _follow(one, level, nodes)
    high_b, low_b = _follow(other, level, nodes)
    if _meet(high_a, high_b, nodes, memory, state):
        return True
    if _meet(low_a, low_b, nodes, memory, state):
        return True
    memory[slot, 0] = one
    memory[slot, 1] = other
    return False


@njit(cache=True)
def moves(root: Count, signs: Longs, nodes: Integers, memory: Integers, state: Longs) -> Longs:
    """For each level whether the function can rise (1), fall (2) or both (3).

    Only where ``signs``, what the program lets it do, is both, the diagram is asked: the function
    rises where what follows if the event happens meets the complement of what follows if not.
    """
    found = np.where(signs == 3, 0, signs)
    if not np.any(signs == 3):
        return found
    memory[: 1 << state[2]] = 0
    seen = reached(root, nodes, state)
    for edge in range(len(seen) - 1, 1, -1):
        level = nodes[edge >> 1, 0]
        if not seen[edge] or signs[level] != 3:
            continue
        for way in range(2):
            turned = (edge & 1) ^ way
            high = np.int64(nodes[edge >> 1, 1]) ^ turned
            low = np.int64(nodes[edge >> 1, 2]) ^ turned
            if not found[level] & (1 + way) and _meet(high, low ^ 1, nodes, memory, state):
                found[level] |= 1 + way
    return found
