"""A small world in full: two nodes, a few messages, and every way in which things can go.

Theory of operation
-------------------
A *world* is two nodes with their disks and a network. Breadth first from the first start, every
move that the bounds allow is made in every world that is reached:

- ``deliver`` a bundle under way, in any order; ``again``: the same, and it stays under way;
- ``drop`` a bundle under way, without bound;
- ``take`` the next queued draft; ``write`` what inputs led to, in one transaction;
- ``send`` a bundle, as after any timer; ``resend``: the same after the time for a word ran out;
- ``crash`` a node at any point, between an input and its write, and between write and sending;
- ``restore``: crash, and the disk comes back as it was when the line was founded. Bundles of that
  node may still be under way, with entries that it has forgotten.

Each move runs the node's own code (`protocol.load`, `intake`, `items`, `outgoing`) on copies. What
a move does to a node is worked out once for each local state and looked up afterwards, so a world
is six small integers, and millions of them are affordable.

*When two worlds are one.* A node's state is everything in `Node` and `Link`, its disk, and what is
not written yet, but for what is left out by name below, because no move depends on it:

- log and record are folds over the entries, which are in the key by their digests, in their order;
- instants: every timer may run out at any time here, so when it does is no state; whether the one
  for resending runs at all is. What only makes a bundle due earlier (``asked``,
  ``acknowledge_at``, ``hello_at``) changes no bundle, and one may be due at any time;
- a bundle's count is compared with the last one heard of the same start, nothing else; so the
  network keeps the order of counts and not the counts.

Sealing is drawn by the library. Here each start of a node seals one text once: what it would seal
differently a second time is composed after another start, with another nonce, in another second,
so two versions of an entry never have the same bytes. `Model.compare` expands two histories that
led to one key and compares what follows.

What must hold in every world stands in `_faults`. From every world one in which all messages are
delivered and acknowledged must be reachable without any further fault.
"""

from __future__ import annotations

import argparse
import logging
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from detente.channel.simulator.model_node import PARTIES, Bounds, Broken, Nodes, View
from detente.channel.simulator.parties import cast

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What was visited: worlds, moves, worlds in which all is delivered, local states, bundles."""

    worlds: int
    moves: int
    finished: int
    local: int
    bundles: int
    compared: int


# --- what is under way ------------------------------------------------------------------------


class Lines(NamedTuple):
    """The bundles under way one way, and of which start and rank the recipient heard the last.

    A rank says in which order bundles of one start were made: its place among those that still
    count, which are those under way and the last that was heard.
    """

    heard: tuple[str, int] | None = None
    under_way: tuple[tuple[int, int], ...] = ()  # rank and bundle


class Carriers:
    """The states of one direction of the network, by number, and what changes them."""

    def __init__(self, nodes: Nodes) -> None:
        self.states: list[Lines] = []
        self.loads: list[int] = []  # how many bundles are under way in each state
        self._nodes = nodes
        self._ids: dict[Lines, int] = {}
        self._after: dict[tuple[Any, ...], int] = {}
        self.first = self._state(Lines())

    def _nonce(self, number: int) -> str:
        return self._nodes.bundles[number][1]

    def _state(self, lines: Lines) -> int:
        """The number of a state, once the ranks of each start are the smallest in their order."""
        ranks: dict[str, set[int]] = {}
        for rank, number in lines.under_way:
            ranks.setdefault(self._nonce(number), set()).add(rank)
        if lines.heard is not None:
            ranks.setdefault(lines.heard[0], set()).add(lines.heard[1])
        small = {nonce: {r: n for n, r in enumerate(sorted(of))} for nonce, of in ranks.items()}
        under_way = sorted((small[self._nonce(b)][rank], b) for rank, b in lines.under_way)
        heard = lines.heard and (lines.heard[0], small[lines.heard[0]][lines.heard[1]])
        lines = Lines(heard, tuple(under_way))
        number = self._ids.setdefault(lines, len(self.states))
        if number == len(self.states):
            self.states.append(lines)
            self.loads.append(len(under_way))
        return number

    def is_late(self, state: int, place: int) -> bool:
        """Whether a bundle under way was made before the last one heard of the same start."""
        heard, under_way = self.states[state]
        rank, number = under_way[place]
        return heard is not None and heard[0] == self._nonce(number) and rank <= heard[1]

    def after(self, state: int, what: str, *of: int) -> int:
        """The state after a change."""
        key = (state, what, *of)
        if key not in self._after:
            lines = getattr(self, f"_{what}")(self.states[state], *of)
            self._after[key] = self._state(lines)
        return self._after[key]

    def _sent(self, lines: Lines, number: int) -> Lines:
        nonce = self._nonce(number)
        ranks = [rank for rank, other in lines.under_way if self._nonce(other) == nonce]
        if lines.heard is not None and lines.heard[0] == nonce:
            ranks.append(lines.heard[1])
        return lines._replace(under_way=(*lines.under_way, (max(ranks, default=-1) + 1, number)))

    def _came(self, lines: Lines, place: int, noted: int, stays: int) -> Lines:
        rank, number = lines.under_way[place]
        if noted:
            lines = lines._replace(heard=(self._nonce(number), rank))
        return lines if stays else self._gone(lines, place)

    def _gone(self, lines: Lines, place: int) -> Lines:
        under_way = lines.under_way
        return lines._replace(under_way=under_way[:place] + under_way[place + 1 :])

    def _deaf(self, lines: Lines) -> Lines:
        """The recipient started anew."""
        return lines._replace(heard=None)


# --- all worlds -------------------------------------------------------------------------------

World = tuple[int, int, int, int, int, int, int]
"""The states of both nodes and of the directions from each; crashes, duplicates and restores left.
"""
Move = tuple[str, World, bool]  # what happened, what follows, and whether it was a fault
# What a node may do: its name, the state after, the bundle made or -1.
_Own = list[tuple[str, int, int]]
# What may become of what is under way: its name, state after, direction after, what it uses up.
_Coming = list[tuple[str, int, int, int, bool]]


class Model:
    """Every world within bounds: made breadth first, judged, and looked back from the end."""

    def __init__(self, bounds: Bounds, *, seed: int = 1) -> None:
        self.bounds = bounds
        self.nodes = Nodes(cast(np.random.default_rng(seed)), bounds)
        self.carriers = Carriers(self.nodes)
        self.worlds: dict[World, int] = {}
        self._judged: set[tuple[View, View]] = set()
        self._pairs: set[tuple[int, int]] = set()
        self._own: dict[int, _Own] = {}
        self._coming: dict[tuple[int, int], _Coming] = {}
        self._from, self._to, self._parents = array("i"), array("i"), array("i", [-1])
        self._moves = 0

    def visit(self, *, compared: int = 50) -> Found:
        """Visit every world; `Broken` with the moves that led there where something is wrong."""
        with self.nodes.sealing_once():
            self._visit_all()
            self.nodes.compare(compared)
        ready = [view.ready for view in self.nodes.views]
        finished = [n for (a, b, *_), n in self.worlds.items() if ready[a] and ready[b]]
        stuck = _never_reaching(finished, self._from, self._to, len(self.worlds))
        if stuck is not None:
            raise Broken(self._told(stuck, "From here not all messages can be delivered any more."))
        return Found(
            worlds=len(self.worlds),
            moves=self._moves,
            finished=len(finished),
            local=len(self.nodes.states),
            bundles=len(self.nodes.bundles),
            compared=self.nodes.compared,
        )

    def _visit_all(self) -> None:
        bounds, line = self.bounds, self.carriers.first
        left = (bounds.crashes, bounds.duplicates, bounds.restores)
        first: World = (*self.nodes.first, line, line, *left)
        self.worlds[first] = 0
        queue = [first]
        for number, world in enumerate(queue):  # grows while it is read
            try:
                self._expand(number, world, queue)
            except Broken as error:
                raise Broken(self._told(number, str(error))) from error

    def _expand(self, number: int, world: World, queue: list[World]) -> None:
        """Note all that follows a world."""
        worlds = self.worlds
        for _, after, fault in self.moves(world):
            self._moves += 1
            known = worlds.setdefault(after, len(worlds))
            if known == len(queue):
                queue.append(after)
                self._parents.append(number)
                if after[:2] not in self._pairs:
                    self._judge(after[0], after[1])
            if not fault:
                self._from.append(number)
                self._to.append(known)

    def moves(self, world: World) -> Iterator[Move]:
        """Every move that can be made in a world."""
        for which in range(2):
            yield from self._by_node(world, which)
            yield from self._under_way(world, which)
            yield from self._starts(world, which)

    def _by_node(self, world: World, which: int) -> Iterator[Move]:
        """What a node does by itself."""
        state, line = world[which], world[2 + which]
        loads = self.carriers.loads
        here, there = loads[line], loads[world[3 - which]]
        full = here >= self.bounds.each_way or here + there >= self.bounds.under_way
        if state not in self._own:
            self._own[state] = self._own_moves(state)
        for what, after, made in self._own[state]:
            if made < 0:
                yield what, _with(world, which, after, line), False
            elif not full:
                sent = self.carriers.after(line, "sent", made)
                yield what, _with(world, which, after, sent), False

    def _own_moves(self, state: int) -> _Own:
        party, after = self.nodes.party(state), self.nodes.after
        found: _Own = []
        for what in ("take", "write"):
            follows = after(state, what)
            if follows is not None:
                found.append((f"{party} {what}", follows, -1))
        for again in range(2):
            made = after(state, "send", again)
            if made is not None:
                found.append((f"{party} {('send', 'resend')[again]} {made[1]}", *made))
        return found

    def _under_way(self, world: World, which: int) -> Iterator[Move]:
        """What becomes of the bundles that are under way to a node."""
        key = state, line = world[which], world[3 - which]
        if key not in self._coming:
            self._coming[key] = self._coming_moves(state, line)
        for what, after, left, doubled, fault in self._coming[key]:
            if doubled and not world[5]:
                continue
            a, b, ab, ba, crashes, duplicates, restores = world
            if which:
                yield what, (a, after, left, ba, crashes, duplicates - doubled, restores), fault
            else:
                yield what, (after, b, ab, left, crashes, duplicates - doubled, restores), fault

    def _coming_moves(self, state: int, line: int) -> _Coming:
        found: _Coming = []
        carriers, party = self.carriers, self.nodes.party(state)
        for place, (_, number) in enumerate(carriers.states[line].under_way):
            gone = carriers.after(line, "gone", place)
            found.append((f"drop {number}", state, gone, 0, True))
            came = self.nodes.after(state, "deliver", number, carriers.is_late(line, place))
            if came is not None:
                after, noted = came
                gone = carriers.after(line, "came", place, noted, 0)
                found.append((f"{party} deliver {number}", after, gone, 0, False))
                stays = carriers.after(line, "came", place, noted, 1)
                found.append((f"{party} again {number}", after, stays, 1, True))
        return found

    def _starts(self, world: World, which: int) -> Iterator[Move]:
        """A node's end and new start."""
        state, crashes, _, restores = world[which], *world[4:]
        if not crashes and not restores:
            return
        to_it = self.carriers.after(world[3 - which], "deaf")
        world = _with(world, 1 - which, world[1 - which], to_it)
        if crashes:
            after = _with(world, which, self.nodes.after(state, "crash"), world[2 + which])
            left = (crashes - 1, *after[5:])
            yield f"{PARTIES[which]} crash", (*after[:4], *left), True
        if restores:
            after = _with(world, which, self.nodes.after(state, "restore"), world[2 + which])
            yield f"{PARTIES[which]} restore", (*after[:6], restores - 1), True

    def _judge(self, a: int, b: int) -> None:
        self._pairs.add((a, b))
        views = (self.nodes.views[a], self.nodes.views[b])
        if views not in self._judged:
            self._judged.add(views)
            for which in range(2):
                _faults(which, views[which], views[1 - which], restored=self.bounds.restores > 0)

    def _told(self, number: int, what: str) -> str:
        """What is wrong, and the moves that led to a world."""
        worlds, path = list(self.worlds), [number]
        while self._parents[path[-1]] >= 0:
            path.append(self._parents[path[-1]])
        path.reverse()
        with self.nodes.sealing_once():
            moves = [
                next(label for label, after, _ in self.moves(worlds[a]) if after == worlds[b])
                for a, b in pairwise(path)
            ]
        return f"{what} After: {'; '.join(moves)}."


def _with(world: World, which: int, state: int, line: int) -> World:
    """The world with another state of a node and of the direction from it."""
    a, b, ab, ba, crashes, duplicates, restores = world
    if which:
        return (a, state, ab, line, crashes, duplicates, restores)
    return (state, b, line, ba, crashes, duplicates, restores)


def _faults(which: int, mine: View, other: View, *, restored: bool) -> None:
    """What one side knows of the other must be so."""
    for party in range(2):
        held, there = mine.memory[party], other.memory[party]
        shorter = min(len(held), len(there))
        if held[:shorter] != there[:shorter]:
            raise Broken("Two nodes hold chains that are no prefixes of each other.")
    if restored:  # what the other side said before was true then
        return
    if len(other.memory[which]) > len(mine.disk[which]):
        raise Broken("A node holds an entry that its sender's disk does not.")
    if any(size > len(held) for size, held in zip(mine.acked, other.disk, strict=True)):
        raise Broken("A node takes as held what is not on the other's disk.")
    for place in mine.stored:
        on_disk = place[1] < len(other.disk[which]) and place in other.texts
        if not on_disk:
            raise Broken("A message is acknowledged and not on its recipient's disk.")


def _never_reaching(
    ends: list[int], sources: array[int], targets: array[int], worlds: int
) -> int | None:
    """The first world from which no end is reached over these moves, read backwards; or None."""
    reached = np.zeros(worlds, dtype=bool)
    reached[np.array(ends, dtype=np.intp)] = True
    source, target = np.asarray(sources), np.asarray(targets)
    while True:
        new = source[reached[target] & ~reached[source]]
        if not new.size:
            break
        reached[new] = True
    stuck = np.flatnonzero(~reached)
    return int(stuck[0]) if stuck.size else None


def main() -> None:
    """Visit the worlds within the bounds of the command line, and tell how many there are."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    for each in fields(Bounds):
        parser.add_argument(f"--{each.name}", type=type(each.default), default=each.default)
    bounds = Bounds(**vars(parser.parse_args()))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    _LOGGER.info("%s", bounds)
    _LOGGER.info("%s", Model(bounds).visit())


if __name__ == "__main__":
    main()
