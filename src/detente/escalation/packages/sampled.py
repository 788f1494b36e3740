"""The frequencies of the ends of ladders at all points of a large sample, in one compiled pass.

Numbers are drawn, and flow down the ladders, a few hundred points at a time, so that nothing but
the frequencies themselves is ever written to memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.escalation.bdd import NOWHERE, end_number
from detente.escalation.ladder import CompiledLadder, frequencies
from detente.escalation.packages.blocks import Blocks, CompiledSample, law
from detente.escalation.uncertainty import Belief, Sample
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class _Flow:
    """A ladder as arrays: see `draw_kernels.frequencies`. The first number is the rate."""

    names: tuple[str, ...]
    root: int
    steps: Longs


def sampled(
    ladders: Iterable[CompiledLadder], belief: Belief, blocks: Blocks, *, workers: int = 1
) -> Floats:
    """The frequency per year of each end, of all ladders together, at every point.

    Parameters
    ----------
    ladders
        The ladders that the belief holds to exist, at least one, all with as many ends.
    belief
        The numbers.
    blocks
        The points.
    workers
        How many blocks are computed at a time; it changes no bit of the result.

    Returns
    -------
    Floats
        Shape (ends, points): what `ladder.frequencies` gives for the values of the sample, added
        in the order of the ladders.

    Raises
    ------
    UsageError
        Where there are no ladders, or they differ in their ends.

    """
    held = tuple(ladders)
    if len({ladder.ends for ladder in held}) != 1:
        raise UsageError("Ladders are sampled together where all have the same ends.")
    flows = [(ladder, _flow(ladder)) for ladder in held]

    def one(place: int) -> Floats:
        return _block(flows, belief, blocks[place])

    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate(list(pool.map(one, range(len(blocks)))), axis=1)


def _flow(ladder: CompiledLadder) -> _Flow:
    names = tuple(
        dict.fromkeys((ladder.starts, *(ladder.events[n.event] for _, n in ladder.nodes)))
    )
    places = {index: step for step, (index, _) in enumerate(ladder.nodes)}

    def place(where: int) -> int:
        if where == NOWHERE:
            return -1
        return places[where] if where in places else len(places) + end_number(where)

    steps = [
        (names.index(ladder.events[node.event]), place(node.happens), place(node.otherwise))
        for _, node in ladder.nodes
    ]
    return _Flow(names, place(ladder.root), np.array(steps, np.int64).reshape(-1, 3))


def _block(flows: Sequence[tuple[CompiledLadder, _Flow]], belief: Belief, sample: Sample) -> Floats:
    """The frequencies at one block, shape (ends, N)."""
    numbers = belief.parameters
    laws = {name: law(numbers[name].spread) for _, flow in flows for name in flow.names}
    if not isinstance(sample, CompiledSample) or None in laws.values():
        values = sample.parameters(belief)
        return np.asarray(sum(frequencies(ladder, values) for ladder, _ in flows))
    from detente.escalation.packages import draw_kernels

    found = np.zeros((flows[0][0].ends, sample.points))
    cells, turns = sample.net.cells, sample.net.turns[sample.block]
    for _, flow in flows:
        rows = np.array([sample.rows[numbers[name].id] for name in flow.names])
        own = np.array([laws[name] for name in flow.names])
        draw_kernels.frequencies(cells, turns, rows, own, flow.root, flow.steps, found)
    return found
