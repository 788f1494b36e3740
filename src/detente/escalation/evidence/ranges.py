"""Ranges of what a ladder gives, over boxes of its numbers.

A box holds, for each number, the ends of the interval it is free in; many boxes are taken at once,
as arrays of shape (boxes,). Within a range events are free of each other, so that a range may be
wider than the truth and is never narrower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.escalation.bdd import NOWHERE
from detente.escalation.ladder import CompiledLadder
from detente.ground.chance import Floats

MOST_PAIRS = 4096  # of places whose difference is followed down; then a wider range is taken

Flags = NDArray[np.bool_]
Numbers = dict[str, Floats]
Span = tuple[Floats, Floats]


def spans_of(ladder: CompiledLadder, low: Numbers, high: Numbers) -> dict[int, Span]:
    """For each place of the diagram, bounds of the probability of an end from there on."""
    nothing, sure = np.zeros(1), np.ones(1)
    spans = {
        place: (nothing, nothing) if place == NOWHERE else (sure, sure) for place in _ends(ladder)
    }
    for index, node in reversed(ladder.nodes):
        name = ladder.events[node.event]
        spans[index] = between((low[name], high[name]), spans[node.happens], spans[node.otherwise])
    return spans


def _ends(ladder: CompiledLadder) -> set[int]:
    places = {ladder.root, *(p for _, node in ladder.nodes for p in (node.happens, node.otherwise))}
    return {place for place in places if place < 0}


def between(p: Span, yes: Span, no: Span) -> Span:
    """The range of p yes + (1 - p) no, with all three free in their ranges and p in [0, 1]."""
    least, greatest = (
        [chance * yes[end] + (1 - chance) * no[end] for chance in p] for end in (0, 1)
    )
    return np.minimum(*least), np.maximum(*greatest)


def signs(
    ladders: Iterable[CompiledLadder], low: Numbers, high: Numbers
) -> dict[str, tuple[Flags, Flags]]:
    """For each parameter, where the frequency surely never falls, and never rises, with it."""
    found: dict[str, tuple[Flags, Flags]] = {}
    for ladder in ladders:
        for name, (least, greatest) in _Differences(ladder, low, high).by_parameter():
            up, down = found.get(name, (np.ones(1, dtype=bool), np.ones(1, dtype=bool)))
            found[name] = up & (least >= 0), down & (greatest <= 0)
    return found


class _Differences:
    """The range of what two places of a diagram differ by; what they share below cancels.

    v(A) - v(B) = p (v(A_yes) - v(B_yes)) + (1 - p) (v(A_no) - v(B_no)), p the earlier event.
    """

    def __init__(self, ladder: CompiledLadder, low: Numbers, high: Numbers) -> None:
        self.ladder, self.low, self.high = ladder, low, high
        self.nodes, self.spans = dict(ladder.nodes), spans_of(ladder, low, high)
        self.known: dict[tuple[int, int], Span] = {}

    def by_parameter(self) -> Iterator[tuple[str, Span]]:
        yield self.ladder.starts, self.spans[self.ladder.root]
        for _, node in self.ladder.nodes:
            yield self.ladder.events[node.event], self.between(node.happens, node.otherwise)

    def between(self, one: int, other: int) -> Span:
        if one == other:
            return np.zeros(1), np.zeros(1)
        if one < 0 or other < 0 or len(self.known) > MOST_PAIRS:
            first, second = self.spans[one], self.spans[other]
            return first[0] - second[1], first[1] - second[0]
        if (one, other) not in self.known:
            self.known[one, other] = self._expanded(one, other)
        return self.known[one, other]

    def _expanded(self, one: int, other: int) -> Span:
        event = min(self.nodes[one].event, self.nodes[other].event)
        name = self.ladder.events[event]
        (yes, no), (other_yes, other_no) = (self._below(place, event) for place in (one, other))
        p = self.low[name], self.high[name]
        return between(p, self.between(yes, other_yes), self.between(no, other_no))

    def _below(self, place: int, event: int) -> tuple[int, int]:
        node = self.nodes[place]
        return (node.happens, node.otherwise) if node.event == event else (place, place)


def times(one: Span, other: Span) -> Span:
    """The range of a product."""
    return hull([a * b for a in one for b in other])


def quotient(one: Floats, other: Floats) -> Floats:
    """The quotient of two numbers; infinite where the second is 0."""
    infinite = np.full(np.broadcast_shapes(one.shape, other.shape), np.inf)
    return np.asarray(np.divide(one, other, out=infinite, where=other > 0))


def added(spans: Sequence[Span]) -> Span:
    """The range of a sum."""
    return np.asarray(sum(low for low, _ in spans)), np.asarray(sum(high for _, high in spans))


def hull(values: Sequence[Floats]) -> Span:
    """The least and the greatest of values whose shapes broadcast."""
    together = np.array(np.broadcast_arrays(*values))
    return together.min(axis=0), together.max(axis=0)


def apart(one: Span, other: Span, t: Span) -> Span:
    """The range of one - t other with all three free, t and other at least 0."""
    most = np.where(np.isfinite(t[1]), t[1], 0.0)  # a caller takes no notice of infinite t
    return one[0] - most * other[1], one[1] - t[0] * other[0]
