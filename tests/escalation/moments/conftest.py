"""Ladders and distributions for the tests of moments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.ladder import CompiledLadder
from detente.escalation.uncertainty import Change, How, Uncertain
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import TwoPiece


def _compiled(name: str, diagram: Diagram, root: int, events: tuple[str, ...]) -> CompiledLadder:
    rate = f"{name}-rate"
    nodes = tuple(diagram.reached(root))
    return CompiledLadder(name, rate, events, root, nodes, 1, frozenset({rate, *events}))


@pytest.fixture(scope="session")
def entangled() -> Callable[..., CompiledLadder]:
    """A ladder of random gates over a few events, which name parameters that may repeat."""

    def made(seed: int, events: tuple[str, ...], name: str = "ladder") -> CompiledLadder:
        rng = np.random.default_rng(seed)
        diagram = Diagram()

        def condition(depth: int) -> int:
            if depth == 0:
                return diagram.event(int(rng.integers(len(events))))
            gate = (diagram.any_of, diagram.all_of, diagram.none_of)[rng.integers(3)]
            return gate([condition(depth - 1), condition(depth - 1)])

        sides = [diagram.choose(condition(2), end(0), NOWHERE) for _ in range(2)]
        root = diagram.choose(condition(2), *sides)
        if root < 0:
            root = diagram.choose(diagram.event(0), end(0), NOWHERE)
        return _compiled(name, diagram, root, events)

    return made


@pytest.fixture(scope="session")
def pairs_in_a_row() -> Callable[..., CompiledLadder]:
    """A ladder of ``count`` stages, each passed where one of two events happens."""

    def made(count: int, name: str = "ladder") -> CompiledLadder:
        diagram = Diagram()
        root = end(0)
        for stage in reversed(range(count)):
            stage_events = [diagram.event(2 * stage), diagram.event(2 * stage + 1)]
            root = diagram.choose(diagram.any_of(stage_events), root, NOWHERE)
        events = tuple(f"{name}-{place}" for place in range(2 * count))
        return _compiled(name, diagram, root, events)

    return made


@pytest.fixture(scope="session")
def chain() -> Callable[..., CompiledLadder]:
    """A plain ladder: a rate and a product of the named parameters."""

    def made(name: str, *events: str) -> CompiledLadder:
        diagram = Diagram()
        root = end(0)
        for place in reversed(range(len(events))):
            root = diagram.choose(diagram.event(place), root, NOWHERE)
        return _compiled(name, diagram, root, events)

    return made


@pytest.fixture(scope="session")
def spreads() -> Callable[..., dict[str, TwoPiece]]:
    """Lopsided distributions for names: lognormal for rates, logit-normal for all else."""

    def made(names, seed: int = 0) -> dict[str, TwoPiece]:
        rng = np.random.default_rng(seed)
        found = {}
        for name in sorted(names):
            below, above = rng.uniform(0.2, 1.2, 2)
            scale, mid = ("log", 0.5) if name.endswith("rate") else ("logit", rng.uniform(0.1, 0.8))
            found[name] = TwoPiece(scale, float(mid), float(below), float(above))
        return found

    return made


@pytest.fixture(scope="session")
def act() -> Callable[..., Change]:
    """An act on a parameter, with a size of two spreads on its scale."""

    def made(on: str, how: How, size: str, spread: TwoPiece) -> Change:
        origin = Provenance(Basis.ILLUSTRATIVE, "a test", "2026-11", Status.UNVERIFIED)
        estimate = Estimate(spread.mid, spread.mid, spread.mid, 0.9, origin)
        return Change(on, how, Uncertain(size, estimate, spread))

    return made
