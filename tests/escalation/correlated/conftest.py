"""Ladders, and games of correlated normals whose costs have a closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.correlated.copula import Copula
from detente.escalation.ladder import CompiledLadder


@pytest.fixture(scope="session")
def chain() -> Callable[..., CompiledLadder]:
    """A plain ladder: a rate and a product of the other named parameters."""

    def made(rate: str, *events: str) -> CompiledLadder:
        diagram = Diagram()
        root = end(0)
        for place in reversed(range(len(events))):
            root = diagram.choose(diagram.event(place), root, NOWHERE)
        nodes = tuple(diagram.reached(root))
        return CompiledLadder("chain", rate, events, root, nodes, 1, frozenset({rate, *events}))

    return made


@pytest.fixture(scope="session")
def either() -> Callable[..., CompiledLadder]:
    """A ladder of pairs of events, each passed where one of the two happens."""

    def made(rate: str, *events: str) -> CompiledLadder:
        diagram = Diagram()
        root = end(0)
        for place in reversed(range(0, len(events), 2)):
            gate = diagram.any_of([diagram.event(place), diagram.event(place + 1)])
            root = diagram.choose(gate, root, NOWHERE)
        nodes = tuple(diagram.reached(root))
        return CompiledLadder("either", rate, events, root, nodes, 1, frozenset({rate, *events}))

    return made


@pytest.fixture(scope="session")
def correlations() -> Callable[[int, int], np.ndarray]:
    """A random matrix of correlations of some numbers."""

    def made(count: int, seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        factor = rng.normal(size=(count, count + 2))
        factor /= np.linalg.norm(factor, axis=1)[:, None]
        found = factor @ factor.T
        np.fill_diagonal(found, 1)
        return found

    return made


@pytest.fixture(scope="session")
def pairs_of() -> Callable[..., dict[tuple[str, str], float]]:
    """The pairs of a matrix of correlations."""

    def made(names, matrix) -> dict[tuple[str, str], float]:
        return {
            (one, other): float(matrix[i, j])
            for i, one in enumerate(names)
            for j, other in enumerate(names[:i])
        }

    return made


@pytest.fixture(scope="session")
def whole() -> Callable[[tuple[str, ...], Copula], np.ndarray]:
    """The correlations of all numbers, those of no block included."""

    def made(names: tuple[str, ...], held: Copula) -> np.ndarray:
        found = np.eye(len(names))
        places = [names.index(name) for name in held.block]
        found[np.ix_(places, places)] = held.correlation
        return found

    return made


@pytest.fixture(scope="session")
def left_over() -> Callable[..., np.ndarray]:
    """The variance of b'x that is left where all but J are known, for all J; shape (2^n,)."""

    def made(slopes, matrix) -> np.ndarray:
        slopes = np.asarray(slopes)
        found = np.zeros(1 << len(slopes))
        for mask in range(1, len(found)):
            new = np.array([bool(mask >> place & 1) for place in range(len(slopes))])
            gain = np.linalg.solve(matrix[np.ix_(~new, ~new)], matrix[np.ix_(~new, new)])
            left = matrix[np.ix_(new, new)] - matrix[np.ix_(new, ~new)] @ gain
            found[mask] = slopes[new] @ left @ slopes[new]
        return found

    return made
