"""One node of the small model: its state as a value, and what each move makes of it.

The node is the real one; its disk is kept in memory. See `model`, which drives two of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

import numpy as np

from detente.channel import bundle, envelope, message, sealing
from detente.channel.chain import Chain
from detente.channel.links import Link
from detente.channel.log import Log
from detente.channel.protocol import intake, items, outgoing
from detente.channel.protocol.load import load
from detente.channel.protocol.state import Held, Moment, Node, Unwritten
from detente.channel.record import Place, Record
from detente.channel.sealing import SealingKey
from detente.channel.simulator.parties import NAMES, Cast, slip
from detente.channel.step import Step
from detente.ground.errors import DetenteError

FOUNDED_AT = 1_800_000_000
PARTIES = NAMES[:2]
_FAR = 2**40  # ms: a timer that has not run out
_NODE_LEFT_OUT = {"identity", "agreement", "log", "record", "reader", "entropy", "count", "links"}
_LINK_LEFT_OUT = {
    "heard", "again_at", "hello_at", "acknowledge_at", "asked", "doublings", "patience_ms",
}  # fmt: skip
_MUTABLE = (Node, Log, Chain, Record, Link, Step, Unwritten)

Variant = Literal["as it is", "sends before it writes", "writes while starting"]


class Broken(DetenteError):  # noqa: N818 - reads as what it says of the protocol
    """A world in which something that must hold does not; the moves that led there are told."""


@dataclass(frozen=True)
class Bounds:
    """How large the world is: what may happen, and how often.

    ``under_way`` bundles are under way at most, ``each_way`` of them in one direction; up to
    ``grouped`` inputs go into one transaction. The variants but ``as it is`` are wrong on purpose.
    """

    messages: int = 3
    crashes: int = 2
    duplicates: int = 1
    restores: int = 0
    under_way: int = 2
    each_way: int = 2
    grouped: int = 2
    variant: Variant = "as it is"


# --- a disk that can be kept ------------------------------------------------------------------


@dataclass(frozen=True)
class Disk:
    """What a node has written, as a value; a `Reader`, and to be written to like a `Store`."""

    entries: tuple[tuple[Place, str, bytes], ...] = ()
    texts: tuple[tuple[Place, bytes], ...] = ()
    secrets: tuple[tuple[int, SealingKey], ...] = ()
    queue: tuple[tuple[int, bytes], ...] = ()
    starts: tuple[tuple[str, str, str], ...] = ()
    tokens: tuple[tuple[str, str], ...] = ()

    def held(self) -> Held:
        """What a node is loaded from."""
        return Held(self.entries, self.secrets, starts=self.starts, tokens=self.tokens)

    def missing(self, sizes: dict[str, int], most_bytes: int) -> list[tuple[Place, bytes]]:
        """Entries from these sizes on, in the order in which they came, up to so many bytes."""
        found: list[tuple[Place, bytes]] = []
        left = most_bytes
        for place, _, raw in self.entries:
            if place[1] < sizes.get(place[0], place[1] + 1):
                continue
            left -= len(raw) + 1
            if found and left < 0:
                break
            found.append((place, raw))
        return found

    def text(self, place: Place) -> bytes | None:
        """The text of a message, where it is held."""
        return dict(self.texts).get(place)

    def entry(self, place: Place) -> bytes | None:
        """The bytes of an entry, where it is held."""
        return next((raw for held, _, raw in self.entries if held == place), None)

    def written(self, step: Step) -> Disk:
        """The disk after the transaction of a step; `Broken` where a place is written twice."""
        entries = [each for each in self.entries if each[0] not in step.dropped]
        entries += [((each.sender, each.seq), each.digest, each.raw) for each in step.entries]
        places = [place for place, _, _ in entries]
        if len(set(places)) < len(places):
            raise Broken("An entry is written twice for one place.")
        texts = dict(self.texts)
        for place in step.dropped_texts:
            texts.pop(place, None)
        texts |= dict(step.texts)
        secrets = dict(self.secrets) | dict(step.secrets)
        for epoch in step.erased:
            secrets.pop(epoch, None)
        queue = tuple(each for each in self.queue if each[0] not in step.done)
        return Disk(
            tuple(entries),
            tuple(texts.items()),
            tuple(secrets.items()),
            queue,
            (*self.starts, *step.starts),
            tuple((dict(self.tokens) | dict(step.tokens)).items()),
        )


# --- one node, and what follows from its state ------------------------------------------------


@dataclass
class Local:
    """One node's state: of which start, its disk, its memory, what is not written yet."""

    start: int
    disk: Disk
    node: Node
    pending: Step = field(default_factory=Step)
    inputs: int = 0

    def copy(self) -> Local:
        """A state that can be changed without changing this one."""
        return Local(self.start, self.disk, _copied(self.node), _copied(self.pending), self.inputs)

    @property
    def moment(self) -> Moment:
        """Each start has a second of its own, so that what it writes is told from the others'."""
        return Moment(FOUNDED_AT + self.start, 0)

    @property
    def link(self) -> Link:
        """The link to the one other party."""
        (link,) = self.node.links.values()
        return link

    def key(self) -> Any:
        """All that the following moves depend on."""
        node, link = self.node, self.link
        parts = {k: v for k, v in vars(node).items() if k not in _NODE_LEFT_OUT}
        parts |= {f"link {k}": v for k, v in vars(link).items() if k not in _LINK_LEFT_OUT}
        parts["again"] = link.again_at is not None
        parts["disk"] = [digest for _, digest, _ in self.disk.entries]
        parts["texts"] = {place for place, _ in self.disk.texts}
        parts["heard"] = (self.disk.starts, self.disk.tokens)
        parts["queue"] = [number for number, _ in self.disk.queue]
        parts["pending"] = {**vars(self.pending), "events": None}
        parts["start"], parts["inputs"] = self.start, self.inputs
        return _frozen(parts)


def _copied(value: Any) -> Any:
    """A copy down to what never changes."""
    kind = type(value)
    if kind is dict:
        return {key: _copied(each) for key, each in value.items()}
    if kind is list:
        return [_copied(each) for each in value]
    if kind is set:
        return set(value)
    if kind in _MUTABLE:
        copy = object.__new__(kind)
        copy.__dict__.update((key, _copied(each)) for key, each in vars(value).items())
        return copy
    return value


def _frozen(value: Any) -> Any:
    """A value that can be a key; an entry stands for itself by its digest."""
    if isinstance(value, envelope.Envelope):
        return value.digest
    if isinstance(value, dict):  # the order of places is that in which they are receipted
        keys = sorted(value) if all(isinstance(key, str) for key in value) else value
        return tuple((key, _frozen(value[key])) for key in keys)
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, set):
        return tuple(sorted(value))
    if is_dataclass(value):
        return tuple(_frozen(getattr(value, each.name)) for each in fields(value))
    return value


class View(NamedTuple):
    """What is judged of a local state: chains by party (digests), and what it knows of the other.

    ``disk`` is what is written, ``memory`` what the node goes by; ``acked`` is how much the other
    side holds, ``stored`` which of our entries it has receipted, ``texts`` whose texts we hold.
    """

    disk: tuple[tuple[str, ...], ...]
    memory: tuple[tuple[str, ...], ...]
    acked: tuple[int, ...]
    stored: frozenset[Place]
    texts: frozenset[Place]
    ready: bool


# --- the moves of one node --------------------------------------------------------------------


class Nodes:
    """The local states that were met and what each move makes of them, worked out once."""

    def __init__(self, cast: Cast, bounds: Bounds) -> None:
        self.cast, self.bounds = cast, bounds
        self.states: list[Local] = []
        self.views: list[View] = []
        self.bundles: list[tuple[bytes, str]] = []  # the bytes, and its sender's nonce
        self.compared = 0
        self._ids: dict[Any, int] = {}
        self._bundle_ids: dict[Any, int] = {}
        self._after: dict[tuple[Any, ...], Any] = {}
        self._doubles: dict[int, Local] = {}
        self._boxes: dict[Any, str] = {}
        self._start = ""
        self._founded = [self._found(party) for party in PARTIES]
        self.first = (self._started(0, 0, self._founded[0]), self._started(1, 0, self._founded[1]))

    def _found(self, party: str) -> Disk:
        """The disk of a party when the line was founded, with all its drafts queued."""
        rng = np.random.default_rng(PARTIES.index(party))
        disk = Disk().written(self.cast.found(party, rng.bytes, FOUNDED_AT))
        other = tuple(each for each in PARTIES if each != party)
        queue = [
            self.cast.draft(
                slip(party, f"{party}-{number}", other, FOUNDED_AT), {"free": "."}, rng.bytes(16)
            )
            for number in range(PARTIES.index(party), self.bounds.messages, len(PARTIES))
        ]
        return Disk(disk.entries, disk.texts, disk.secrets, tuple(enumerate(queue, start=1)))

    def _started(self, which: int, start: int, disk: Disk) -> int:
        """The state after a start from a disk; the nonce tells which start it is."""
        identity = self.cast.identity(PARTIES[which])
        nonce = bytes([which, start])

        def entropy(size: int) -> bytes:
            return nonce.ljust(size, b".")

        node, step = load(identity, self.cast.agreement, disk.held(), disk, entropy)
        if self.bounds.variant == "writes while starting":
            node.standing = "open"
        return self._state(Local(start, disk, node, step))

    def _state(self, local: Local) -> int:
        """The number of a local state, the same for the same key."""
        local.pending.events.clear()
        local.node.count = 0
        key = (local.node.me, local.key())
        number = self._ids.setdefault(key, len(self.states))
        if number == len(self.states):
            self.states.append(local)
            self.views.append(_view(local, self.bounds.messages))
        elif number not in self._doubles:
            self._doubles[number] = local
        return number

    def party(self, state: int) -> str:
        """Whose state it is."""
        return self.states[state].node.me

    def _prepared(self, local: Local) -> Local:
        """A copy of a local state to make a move on, no timer having run out."""
        local = local.copy()
        local.node.reader = local.disk
        if self.bounds.variant == "sends before it writes":
            local.node.reader = local.disk.written(local.pending)
        link = local.link
        link.hello_at, link.acknowledge_at, link.asked = _FAR, None, False
        link.again_at, link.doublings = None if link.again_at is None else _FAR, 0
        self._start = local.node.nonce
        return local

    def after(self, state: int, what: str, *of: int) -> Any:
        """What a move makes of a local state; None where it cannot be made."""
        key = (state, what, *of)
        if key not in self._after:
            before = self.states[state]
            self._after[key] = getattr(self, f"_{what}")(self._prepared(before), *of)
            if self._ids[before.node.me, before.key()] != state:
                raise Broken("A move changed the state that it was made on.")
        return self._after[key]

    def _deliver(self, local: Local, number: int, late: int) -> tuple[int, bool] | None:
        """The state after a bundle, and whether its count was noted."""
        if local.inputs >= self.bounds.grouped:
            return None
        raw, nonce = self.bundles[number]
        local.link.heard = {nonce: 1} if late else {}
        step = intake.receive(local.node, raw, local.moment)
        if any(each.kind == "refused" and each.place is not None for each in step.events):
            raise Broken("An entry of the other side is refused.")
        noted = not late and local.link.heard == {nonce: 1}
        local.link.heard = {}
        return self._led_to(local, step), noted

    def _take(self, local: Local) -> int | None:
        """The state after the next queued draft."""
        queue = [each for each in local.disk.queue if each[0] not in local.pending.done]
        if not queue or local.inputs >= self.bounds.grouped:
            return None
        step = items.take(local.node, *queue[0], local.moment)
        return None if step is None else self._led_to(local, step)

    def _led_to(self, local: Local, step: Step) -> int:
        if step.evidence:
            raise Broken("A chain forked.")
        local.pending.add(step)
        local.inputs += local.pending.writes
        return self._state(local)

    def _write(self, local: Local) -> int | None:
        """The state once all that waits is on the disk."""
        if not local.pending.writes:
            return None
        local.disk = local.disk.written(local.pending)
        local.node.unwritten.clear()
        local.pending, local.inputs = Step(), 0
        return self._state(local)

    def _send(self, local: Local, again: int) -> tuple[int, int] | None:
        """The state after a bundle was made, and the bundle."""
        if local.pending.writes and self.bounds.variant != "sends before it writes":
            return None
        if again and local.link.again_at is None:
            return None
        local.link.again_at = 0 if again else local.link.again_at
        local.link.hello_at = 0
        (party,) = outgoing.due(local.node, local.moment)
        if again and local.link.again_at is not None:
            return None  # all was confirmed: that timer changes nothing
        raw = outgoing.make(local.node, party, local.moment)
        if local.node.count != 1:
            raise Broken("A bundle does not count one up.")
        read = bundle.read(raw)
        number = self._bundle_ids.setdefault(raw, len(self.bundles))
        if number == len(self.bundles):
            self.bundles.append((raw, read.hello.nonce))
        return self._state(local), number

    def _crash(self, local: Local) -> int:
        """The state after a new start from what is on the disk."""
        which = PARTIES.index(local.node.me)
        return self._started(which, local.start + 1, local.disk)

    def _restore(self, local: Local) -> int:
        """The state after a new start from the disk as it was when the line was founded."""
        which = PARTIES.index(local.node.me)
        return self._started(which, local.start + 1, self._founded[which])

    @contextmanager
    def sealing_once(self) -> Iterator[None]:
        """Within this, one start of a node seals one text for one key into one box."""

        def seal(*of: Any) -> str:
            key = (self._start, *of)
            if key not in self._boxes:
                self._boxes[key] = sealing.seal(*of)
            return self._boxes[key]

        with patch.object(message, "seal", seal):
            yield

    def compare(self, most: int) -> None:
        """Two histories that led to one key must have the same moves, and these the same keys."""
        for state, local in list(self._doubles.items())[:most]:
            for of, after in [item for item in self._after.items() if item[0][0] == state]:
                again = getattr(self, f"_{of[1]}")(self._prepared(local), *of[2:])
                if again != after:
                    raise Broken(f"The key of a local state leaves out what {of[1]} depends on.")
            self.compared += 1


def _view(local: Local, messages: int) -> View:
    """What is judged of a local state, and judged at once what it alone tells."""
    node, disk = local.node, local.disk
    me = node.me
    (other,) = node.links
    held = [(place, digest) for place, digest, _ in disk.entries]
    chains = tuple(tuple(d for (p, _), d in held if p == party) for party in PARTIES)
    _check_order(disk, local.pending)
    mine = [place for place in node.record.messages if place[0] == me]
    stored = frozenset(place for place in mine if "stored" in node.record.said(place, other))
    ours = {place for place, message in node.record.messages.items()}
    if node.standing == "halted" or any(chain.forked for chain in node.log.chains.values()):
        raise Broken("A chain forked.")
    if node.record.irregular:
        raise Broken("A node wrote what is irregular.")
    numbers = [message.slip.number for message in node.record.messages.values()]
    if len(set(numbers)) < len(numbers):
        raise Broken("A message stands twice in the record.")
    return View(
        disk=chains,
        memory=tuple(tuple(node.log.chains[party].digests) for party in PARTIES),
        acked=tuple(local.link.acked.get(party, 0) for party in PARTIES),
        stored=stored,
        texts=frozenset(place for place, _ in disk.texts),
        ready=not local.pending.writes
        and not disk.queue
        and len(ours) == messages
        and len(stored) == len(mine)
        and ours <= {place for place, _ in disk.texts},
    )


def _check_order(disk: Disk, pending: Step) -> None:
    """No entry stands before one that its sender had seen, nor out of its place."""
    sizes = dict.fromkeys(PARTIES, 0)
    for entry in [envelope.read(raw) for _, _, raw in disk.entries] + pending.entries:
        seen = {head.party: head.size for head in entry.seen}
        if entry.seq != sizes[entry.sender] or any(sizes[p] < n for p, n in seen.items()):
            raise Broken("An entry stands before one that its sender had seen.")
        sizes[entry.sender] += 1
