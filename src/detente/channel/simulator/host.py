"""One party's machine: disk, node and the shell around it, the screen and the people before it.

The shell is that of a real node, less the sockets: it gathers what came, writes one transaction,
and only then says what happened and sends bundles. Whatever goes wrong in between ends the process;
the next one loads what was written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apsw
from numpy.random import Generator

from detente.channel import envelope
from detente.channel.canonical import Malformed, decode, encode
from detente.channel.protocol.intake import receive
from detente.channel.protocol.items import MAX_ITEM, take
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import due, make
from detente.channel.protocol.own import tick
from detente.channel.protocol.state import Moment, Node
from detente.channel.receipts import Act, read_acts, sign_read
from detente.channel.record import Place
from detente.channel.simulator.disk import Disk, PowerLost, Snapshot, Stopped
from detente.channel.simulator.drafts import Draft
from detente.channel.simulator.invariants import Watch
from detente.channel.simulator.parties import FIRST_OFFICER, Cast
from detente.channel.simulator.trace import Trace, step_words
from detente.channel.step import Step
from detente.channel.store import PRAGMAS, Store
from detente.ground.forms.plain import as_plain

DATABASE = "log"
EPOCH_SECONDS = 1_800_000_000  # when all runs begin
TRIES = 3  # starts that fail in a row before the database is laid aside
RESTART_MS = {"kill": (200, 5_000), "power": (3_000, 30_000)}
BACKUPS = 3
SHOWN_AT_ONCE = 100
BUNDLE_BYTES = 131_072


class Unsound(Exception):  # noqa: N818 - the shell's own word to itself
    """The database opens and is not sound."""


@dataclass
class Loss:
    """What a disk lost, until its node is open again: what the others held of its chain then."""

    kind: str
    others_held: int
    said: bool = False
    kept: int | None = None


class Host:
    """One party's machine, with all that is not durable in it.

    Parameters
    ----------
    party, cast
        Who it is, and the line's keys.
    rng
        Draws downtimes, delays of people, texts.
    disk_rng, entropy
        Chance of the disk and of the node.
    """

    def __init__(
        self,
        party: str,
        cast: Cast,
        watch: Watch,
        trace: Trace,
        rngs: tuple[Generator, Generator, Generator],
    ) -> None:
        self.party = party
        self.cast = cast
        self.watch = watch
        self.trace = trace
        self.rng, disk_rng, entropy = rngs
        self.entropy = entropy.bytes
        self.disk = Disk(disk_rng)
        self.node: Node | None = None
        self.store: Store | None = None
        self.up_at = 0
        self.offset_s = 0
        self.drift = float(self.rng.uniform(-1e-4, 1e-4))
        self.inbox: list[bytes] = []
        self.backups: deque[Snapshot] = deque(maxlen=BACKUPS)
        self.plan_kind = ""
        self.bad_starts = 0
        self.loss: Loss | None = None
        self.losses = 0
        # What outsiders know to be durable, and what people still want.
        self.durable: dict[str, int] = {}
        self.lost: set[Place] = set()
        self.queued: set[str] = set()
        self.to_queue: deque[Draft] = deque()
        self.unshown: dict[Place, str] = {}
        self.unread: list[Place] = []
        self.look_at = 0
        self.has_queue = False
        self.rotate = False

    # --- time -----------------------------------------------------------------------------------

    def moment(self, ms: int) -> Moment:
        """The instant as this machine's clocks tell it."""
        at = EPOCH_SECONDS + self.offset_s + int(ms * (1 + self.drift)) // 1000
        self.disk.instant = at
        return Moment(at, ms)

    # --- life of a process ----------------------------------------------------------------------

    def found(self) -> None:
        """Write the first entries of the party's chain, before all faults."""
        self._open()
        assert self.store is not None
        step = self.cast.found(self.party, self.entropy, EPOCH_SECONDS)
        self.store.write(step, EPOCH_SECONDS)
        self.disk.kill()
        self.store = None

    def run(self, ms: int) -> list[tuple[str, bytes]]:
        """What the machine does at an instant; the bundles that leave it, by recipient."""
        if ms < self.up_at:
            self.inbox.clear()
            return []
        try:
            if self.node is None:
                self._start(ms)
            return self._turn(ms)
        except Stopped as stop:
            self._ended(stop, ms)
        except apsw.FullError:
            self.watch.counts["disk full"] += 1
            self._exits("disk full", ms)
        except apsw.IOError:
            self.watch.counts["failed read"] += 1
            self._exits("failed read", ms)
        except (apsw.Error, Unsound, ValueError, TypeError) as error:
            self.bad_starts += 1
            self._exits(f"database {type(error).__name__}", ms)
            if self.bad_starts >= TRIES:
                self._lay_aside(ms)
        return []

    def _ended(self, stop: Stopped, ms: int) -> None:
        if self.plan_kind:
            self.watch.counts[self.plan_kind] += 1
        self._down("power" if isinstance(stop, PowerLost) else "kill", ms)
        self.trace.note(ms, self.party, f"ended by {self.plan_kind or 'kill'}; {self._files()}")
        self.plan_kind = ""

    def _exits(self, why: str, ms: int) -> None:
        self.disk.kill()
        self.plan_kind = ""
        self._down("kill", ms)
        self.trace.note(ms, self.party, f"exits: {why}; {self._files()}")

    def _down(self, end: str, ms: int) -> None:
        self.node, self.store = None, None
        self.inbox.clear()
        self.up_at = max(self.up_at, ms + int(self.rng.integers(*RESTART_MS[end])))

    def kill(self, ms: int, why: str, *, for_ms: int = 0) -> None:
        """End the process between two statements."""
        self.disk.kill()
        self.plan_kind = ""
        self._down("kill", ms)
        self.up_at = max(self.up_at, ms + for_ms)
        self.trace.note(ms, self.party, f"is down: {why}; up at {self.up_at}; {self._files()}")

    def _lay_aside(self, ms: int) -> None:
        """Begin with an empty database under the same keys: the other parties have the record."""
        ours = self.loss is not None
        self.watch.hold(f"{self.party} has an unsound database by no loss.", holds=ours)
        if self.loss is not None:
            self.loss.said = True  # the shell tells the operator in so many words
        self.watch.counts["database laid aside"] += 1
        self.trace.note(ms, self.party, "lays its database aside")
        self.disk.restore(Snapshot(()))
        self.bad_starts = 0

    def _files(self) -> str:
        sizes = (f"{name} {len(self.disk.durable(name))}" for name in self.disk.names())
        return "durable " + ", ".join(sizes)

    def _open(self) -> None:
        database = self.disk.open(DATABASE)
        for pragma in PRAGMAS:
            database.execute(pragma).fetchall()
        if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Unsound
        self.store = self._store(database)
        self.store.create()

    def _store(self, database: apsw.Connection) -> Store:
        return Store(database)

    def _start(self, ms: int) -> None:
        moment = self.moment(ms)
        self._open()
        store = self.store
        assert store is not None
        identity = self.cast.identity(self.party)
        node, step = load(identity, self.cast.agreement, store.held(), store, self.entropy)
        self.node = node
        if self.loss is not None and self.loss.kept is None:
            self.loss.kept = node.own
        self.trace.note(ms, self.party, f"starts {node.sizes()} lost {len(node.lost)}")
        self.watch.came_back(self, self.lost)
        self._commit(step, moment)
        self.bad_starts = 0
        self.has_queue = True
        self._look()

    # --- a turn ---------------------------------------------------------------------------------

    def _up(self) -> tuple[Node, Store]:
        """Node and store of the process that runs."""
        assert self.node is not None
        assert self.store is not None
        return self.node, self.store

    def _turn(self, ms: int) -> list[tuple[str, bytes]]:
        (node, _), moment = self._up(), self.moment(ms)
        self._people(moment)
        step = Step()
        for raw in self.inbox:
            step.add(receive(node, raw, moment))
        if self.has_queue:
            self._take_items(step, moment)
        step.add(tick(node, moment, ""))
        self._commit(step, moment, came=len(self.inbox))
        self.inbox.clear()
        return self._bundles(moment)

    def _take_items(self, step: Step, moment: Moment) -> None:
        node, store = self._up()
        items = store.queued()
        self.has_queue = False
        for number, item in items:
            part = take(node, number, item, moment)
            if part is None:
                self.has_queue = True
                return
            step.add(part)

    def _commit(self, step: Step, moment: Moment, came: int = 0) -> None:
        node, store = self._up()
        store.write(step, moment.at)
        node.unwritten.clear()
        self.durable = node.sizes()
        self.lost = set(node.lost)
        if came or step.writes or step.events:
            words = f"took {came} {step_words(step)} -> {node.standing} {self.durable}"
            self.trace.note(moment.ms, self.party, words)
        self._heed(step)

    def _heed(self, step: Step) -> None:
        """Act on what is durable now: tell the outsider, the screen and the people."""
        node = self.node
        assert node is not None
        self.watch.heard(self, step.events)
        for event in step.events:
            if event.kind == "message" and event.place is not None:
                self._arrived(event.place, event.number)
            elif event.kind in {"restored", "damaged", "healed"} and self.loss is not None:
                self.loss.said = True
            elif event.kind == "draft refused":
                self._look()
            elif event.kind == "open":
                self._opened()

    def _arrived(self, place: Place, number: str) -> None:
        """A message came; the screen shows those that nobody said were shown."""
        self.unshown[place] = number

    def _opened(self) -> None:
        """The others have confirmed our chain: what a loss took shows now."""
        node, loss = self.node, self.loss
        assert node is not None
        if loss is not None:
            told = loss.said or (loss.kept or 0) >= loss.others_held
            kept = f"{loss.kept} of {loss.others_held}"
            self.watch.hold(f"{self.party} did not say: {loss.kind}, {kept}.", holds=told)
            self.watch.counts["losses said" if loss.said else "losses that took nothing"] += 1
            self.loss = None
        gone = sorted(self.queued - self.known_numbers())
        self.watch.counts["drafts whose only copy the disk lost"] += len(gone)
        for number in gone:
            self.queued.discard(number)
            self.to_queue.append(self.watch.drafts[number])
        self._look()

    def _bundles(self, moment: Moment) -> list[tuple[str, bytes]]:
        assert self.node is not None
        found = []
        for party in due(self.node, moment):
            raw = make(self.node, party, moment, most_bytes=BUNDLE_BYTES)
            self.trace.note(moment.ms, self.party, f"sends {party} {len(raw)} bytes")
            found.append((party, raw))
        return found

    # --- people and their screen ----------------------------------------------------------------

    def _people(self, moment: Moment) -> None:
        """Queue drafts; look at the screen now and then, which says what it showed."""
        assert self.node is not None
        if self.loss is not None:
            return  # nobody writes before the machine has told what it lost
        while self.to_queue:
            draft = self.to_queue[0]
            slip = draft.slip(self.cast.agreement.line)
            self._queue(self.cast.draft(slip, as_plain(draft.form), draft.salt))
            self.queued.add(draft.number)
            self.to_queue.popleft()
        if self.rotate:
            self._queue(encode({"item": "epoch"}))
            self.rotate = False
        if (self.unshown or self.unread) and moment.ms >= self.look_at:
            self.look_at = moment.ms + int(self.rng.integers(1_000, 6_000))
            if self.node.standing == "open":
                self._show()

    def _queue(self, item: bytes) -> None:
        assert self.store is not None
        self.store.queue(item)
        self.has_queue = True

    def _show(self) -> None:
        """Show what is new, and say so; an officer reads some of what was shown before."""
        node, store = self._up()
        acts = [self._read(place) for place in self.unread]
        new = [place for place in self.unshown if place not in node.lost][:SHOWN_AT_ONCE]
        acts += [Act("shown", *place, node.log.chains[place[0]].digests[place[1]]) for place in new]
        if not acts:
            return
        self._queue(encode({"item": "receipt", "acts": [act.as_row() for act in acts]}))
        for place in new:
            self.watch.displays(self, self.unshown.pop(place), store.text(place))
        self.unread = new[:: int(self.rng.integers(2, 6))][:20]

    def _read(self, place: Place) -> Act:
        assert self.node is not None
        key = self.cast.officers[self.party][0]
        seen = self.node.log.chains[place[0]].digests[place[1]]
        said = self.watch.drafts[self.node.record.messages[place].slip.number].said_again()
        act = Act("read", *place, seen, officer=FIRST_OFFICER, said=said)
        return sign_read(self.cast.agreement.line, act, key)

    def _look(self) -> None:
        """What the screen has to show: all that neither chain nor queue calls shown."""
        node, _ = self._up()
        known = self.known_numbers()
        while self.to_queue and self.to_queue[0].number in known:  # the last process had queued it
            self.queued.add(self.to_queue.popleft().number)
        waiting = set(self._queued_shown())
        for place in waiting & set(node.record.messages):
            self.watch.displays_as_shown(self, node.record.messages[place].slip.number)
        self.unread = []
        self.unshown = {
            place: message.slip.number
            for place, message in node.record.to(self.party)
            if place not in waiting and self._is_new(place)
        }

    def _is_new(self, place: Place) -> bool:
        assert self.node is not None
        return "shown" not in self.node.record.said(place, self.party)

    def _items(self) -> Iterator[dict[str, Any]]:
        assert self.store is not None
        after = 0
        while batch := self.store.queued(after):
            for number, item in batch:
                after = number
                try:
                    yield decode(item, most=MAX_ITEM)
                except Malformed:  # a bit of it flipped; the node will say so
                    continue

    def _queued_shown(self) -> Iterator[Place]:
        for item in self._items():
            if item.get("item") == "receipt":
                for act in read_acts({"acts": item["acts"]}):
                    if act.act == "shown":
                        yield (act.party, act.seq)

    # --- what an outsider may ask ---------------------------------------------------------------

    def known_numbers(self) -> set[str]:
        """The numbers of our own messages that are in the chain or in the queue."""
        assert self.node is not None
        known = {number for number in self.node.record.by_number if number.startswith(self.party)}
        known.update(
            item["message"]["number"] for item in self._items() if item.get("item") == "draft"
        )
        return known

    def text_of(self, number: str) -> bytes | None:
        """The text of a message as it stands on the disk."""
        if self.node is None or self.store is None:
            return None
        place = self.node.record.by_number.get(number)
        return None if place is None else self.store.text(place)

    def shown_acts(self) -> Iterator[Place]:
        """Every time that the own chain says that a message was shown."""
        if self.node is None or self.store is None:
            return
        for seq in range(self.node.own):
            raw = self.store.entry((self.party, seq))
            if raw is None or b'"kind":"receipt"' not in raw:
                continue
            for act in read_acts(envelope.read(raw).body):
                if act.act == "shown":
                    yield (act.party, act.seq)

    def is_whole(self) -> bool:
        """Whether it is up, confirmed, and misses no text: so that another disk may lose all."""
        up = self.node is not None and self.loss is None
        return up and self.node.standing == "open" and not self.node.lost  # type: ignore[union-attr]

    def is_quiet(self) -> bool:
        """Whether nothing is left to do at this party."""
        idle = not (self.to_queue or self.has_queue or self.unshown or self.unread or self.inbox)
        return idle and self.is_whole()
