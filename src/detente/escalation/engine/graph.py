"""A circuit in normal form: conjunctions with inverters, so that equal gates are one node.

An *edge* is a whole number, ``2 * node + turned``: the node's function, or its complement. Node 0
is the truth, so that edge 0 always holds and edge 1 never does. A disjunction is the complement of
the conjunction of complements (De Morgan), so that only conjunctions, parities and thresholds
remain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from detente.escalation.circuit import Circuit, Gate
from detente.ground.errors import UsageError

TRUE = 0
FALSE = 1


class Kind(IntEnum):
    """What a node asks."""

    TRUTH = 0
    EVENT = 1
    ALL = 2
    ODD = 3
    AT_LEAST = 4


@dataclass(frozen=True)
class Node:
    """A node; ``number`` is the event's index or the threshold, ``inputs`` are edges."""

    kind: Kind
    number: int = 0
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes, each after its inputs, and the edge of the function that is asked for."""

    nodes: tuple[Node, ...]
    top: int


def normal_form(circuit: Circuit, top: str) -> Graph:
    """The function of gate, event or constant ``top`` with equal parts merged.

    Constants are propagated, complements pulled out, and a gate that only one gate of the same kind
    uses is taken into it. Events that the function cannot reach are left out.

    Raises
    ------
    UsageError
        If a name is unknown, a gate has the wrong number of inputs, or gates form a circle.
    """
    gates = _reached(circuit, top)
    uses = Counter(name for gate in gates for name in set(gate.inputs))
    builder = _Builder()
    edges = {name: FALSE if holds is False else TRUE for name, holds in circuit.constants.items()}
    edges |= {name: builder.event(index) for index, name in enumerate(circuit.events)}
    alone: dict[int, bool] = {}
    for gate in gates:
        inputs = [edges[name] for name in gate.inputs]
        owned = {
            edge for name, edge in zip(gate.inputs, inputs, strict=True)
            if name in circuit.gates and alone.get(edge >> 1) and uses[name] == 1
        }  # fmt: skip
        edge = builder.gate(gate, inputs, owned)
        alone[edge >> 1] = edge >> 1 not in alone
        edges[gate.name] = edge
    return _reachable(builder.nodes, edges[top])


def _reached(circuit: Circuit, top: str) -> list[Gate]:
    """The gates below ``top``, each after its inputs, without recursion: trees may be deep."""
    known = circuit.constants.keys() | set(circuit.events)
    done: list[Gate] = []
    state: dict[str, bool] = {}
    pending = [(top, False)]
    while pending:
        name, left = pending.pop()
        if left:
            state[name] = True
            done.append(circuit.gates[name])
        elif name in circuit.gates:
            if state.get(name) is False:
                raise UsageError(f"gate {name!r} depends on itself")
            if name not in state:
                state[name] = False
                pending.append((name, True))
                inputs = circuit.gates[name].inputs
                waiting = [(each, False) for each in inputs if not state.get(each, False)]
                pending.extend(reversed(waiting))
        elif name not in known:
            raise UsageError(f"no gate, event or constant {name!r}")
    return done


def _reachable(nodes: Sequence[Node], top: int) -> Graph:
    wanted = {TRUE, top >> 1}
    for index in range(top >> 1, 0, -1):
        if index in wanted:
            wanted.update(edge >> 1 for edge in nodes[index].inputs)
    place = {index: new for new, index in enumerate(sorted(wanted))}

    def moved(edge: int) -> int:
        return 2 * place[edge >> 1] | edge & 1

    kept = (nodes[index] for index in place)
    return Graph(
        tuple(Node(n.kind, n.number, tuple(map(moved, n.inputs))) for n in kept), moved(top)
    )


class _Builder:
    """Nodes so far, each only once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._index: dict[Node, int] = {}
        self._edge(Node(Kind.TRUTH))

    def event(self, index: int) -> int:
        return self._edge(Node(Kind.EVENT, index))

    def gate(self, gate: Gate, inputs: list[int], owned: set[int]) -> int:
        """The edge of a gate over ``inputs``; those that it alone uses are ``owned``."""
        turned = [edge ^ 1 for edge in inputs]
        owned_turned = {edge ^ 1 for edge in owned}
        match gate.op:
            case "and" | "nand":
                return self.all_of(inputs, owned) ^ (gate.op == "nand")
            case "or" | "nor":
                return self.all_of(turned, owned_turned) ^ (gate.op == "or")
            case "xor":
                return self.odd(inputs)
            case "at-least":
                return self.at_least(gate.least, inputs)
        if len(inputs) != (1 if gate.op in {"not", "same"} else 2):
            raise UsageError(f"gate {gate.name!r}: {gate.op} does not take {len(inputs)} inputs")
        match gate.op:
            case "imply":
                return self.all_of([inputs[0], turned[1]], owned | owned_turned) ^ 1
            case "iff":
                return self.odd(inputs) ^ 1
            case _:
                return inputs[0] ^ (gate.op == "not")

    def all_of(self, edges: Iterable[int], owned: set[int]) -> int:
        """The conjunction, with owned conjunctions taken in."""
        found: set[int] = set()
        for edge in edges:
            node = self.nodes[edge >> 1]
            inside = edge in owned and not edge & 1 and node.kind is Kind.ALL
            found.update(node.inputs if inside else (edge,))
        found.discard(TRUE)
        if FALSE in found or any(edge ^ 1 in found for edge in found):
            return FALSE
        if len(found) < 2:
            return found.pop() if found else TRUE
        return self._edge(Node(Kind.ALL, 0, tuple(sorted(found))))

    def odd(self, edges: Iterable[int]) -> int:
        """The parity: true where an odd number of ``edges`` holds."""
        edges = list(edges)
        turned = sum(edge & 1 for edge in edges) & 1
        counts = Counter(edge >> 1 for edge in edges)
        turned ^= counts.pop(TRUE, 0) & 1
        inputs = tuple(sorted(2 * node for node, count in counts.items() if count & 1))
        if len(inputs) < 2:
            return (inputs[0] if inputs else FALSE) ^ turned
        return self._edge(Node(Kind.ODD, 0, inputs)) ^ turned

    def at_least(self, least: int, edges: Sequence[int]) -> int:
        """True where ``least`` of the ``edges`` hold; an edge that stands twice counts twice."""
        left = least - sum(edge == TRUE for edge in edges)
        inputs = tuple(sorted(edge for edge in edges if edge > FALSE))
        if left <= 0:
            return TRUE
        if left > len(inputs):
            return FALSE
        if left == len(inputs):
            return self.all_of(inputs, set())
        if left == 1:
            return self.all_of([edge ^ 1 for edge in inputs], set()) ^ 1
        return self._edge(Node(Kind.AT_LEAST, left, inputs))

    def _edge(self, node: Node) -> int:
        if node not in self._index:
            self._index[node] = len(self.nodes)
            self.nodes.append(node)
        return 2 * self._index[node]
