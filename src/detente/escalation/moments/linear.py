"""Expected frequencies from diagrams, where each parameter stands at one event of a ladder.

The frequency is then linear in each parameter, its expectation that at the means, and the line
E[f | x] comes from one sweep down and one sweep up, however many paths there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.escalation.bdd import NOWHERE
from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.polynomial import counts, parameters_of
from detente.escalation.moments.products import Integers
from detente.ground.chance import Floats


def is_linear(ladder: CompiledLadder) -> bool:
    """Whether each parameter stands at one event of the diagram at most."""
    events = {node.event for _, node in ladder.nodes}
    names = {ladder.events[event] for event in events}
    return len(names) == len(events) and ladder.starts not in names


@dataclass(frozen=True)
class LinearDiagrams:
    """The frequency per year of the ends that count, of ladders that are all linear.

    A parameter may stand in several ladders, for the frequencies add.
    """

    ladders: tuple[CompiledLadder, ...]
    ends: frozenset[int] | None = None
    degree: int = 1

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What the frequencies rest on, in the order in which the ladders meet it."""
        return parameters_of(self.ladders)

    @cached_property
    def powers(self) -> Integers:
        """The constant 1 and x itself, for each parameter."""
        return np.tile(np.array([[0, 0], [1, 0]]), (len(self.parameters), 1, 1))

    def expectations(self, means: Floats) -> tuple[Floats, Floats]:
        """The expected frequency, and the constant and the slope of each line E[f | x].

        Parameters
        ----------
        means
            The means of 1 and x of each parameter, shape (m, n, 2).

        Returns
        -------
        tuple
            Shapes (m,) and (m, n, 2).

        """
        at = {name: means[:, place, 1] for place, name in enumerate(self.parameters)}
        expected, lines = np.zeros(len(means)), np.zeros(means.shape)
        for ladder in self.ladders:
            onward = means_onward(ladder, at, self.ends)
            expected += at[ladder.starts] * onward[ladder.root]
            slopes = {ladder.starts: onward[ladder.root]}
            for event, slope in birnbaum(ladder, at, onward).items():
                slopes[ladder.events[event]] = at[ladder.starts] * slope
            for name, slope in slopes.items():
                lines[:, self.parameters.index(name), 1] += slope
        lines[:, :, 0] = expected[:, None] - lines[:, :, 1] * means[:, :, 1]
        return expected, lines


def means_onward(
    ladder: CompiledLadder, at: Mapping[str, Floats], ends: frozenset[int] | None
) -> dict[int, Floats]:
    """The probability of the ends that count from each place on, by place."""
    like = np.asarray(at[ladder.starts])
    found = {NOWHERE: np.zeros(like.shape)}
    for place in {ladder.root, *(p for _, node in ladder.nodes for p in node[1:])}:
        if place < 0:
            found[place] = np.full(like.shape, float(counts(place, ends)))
    for index, node in reversed(ladder.nodes):
        p = at[ladder.events[node.event]]
        found[index] = p * found[node.happens] + (1 - p) * found[node.otherwise]
    return found


def birnbaum(
    ladder: CompiledLadder, at: Mapping[str, Floats], onward: Mapping[int, Floats]
) -> dict[int, Floats]:
    """What each event adds to the probability of the ends, all others at their means."""
    reached = defaultdict(lambda: np.zeros(()), {ladder.root: np.ones(())})
    found: dict[int, Floats] = defaultdict(lambda: np.zeros(()))
    for index, node in ladder.nodes:
        flow, p = reached.pop(index), at[ladder.events[node.event]]
        lead = onward[node.happens] - onward[node.otherwise]
        found[node.event] = found[node.event] + flow * lead
        reached[node.happens] = reached[node.happens] + flow * p
        reached[node.otherwise] = reached[node.otherwise] + flow * (1 - p)
    return found
