"""A whole run: parties, people, network and faults, from one seed; then all heals and must agree.

Time is counted in simulated milliseconds. All that is drawn comes from generators spawned from the
seed, so the same seed gives the same trace, byte for byte.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.random import Generator

from detente.channel.simulator import faults as known
from detente.channel.simulator.disk import Snapshot
from detente.channel.simulator.drafts import Draft, drawn_draft
from detente.channel.simulator.faults import ENDS, LONGEST_DELAY_MS, LOSSES, REPAIR_MS, YEAR, Rates
from detente.channel.simulator.host import DATABASE, EPOCH_SECONDS, Host, Loss
from detente.channel.simulator.invariants import Watch
from detente.channel.simulator.network import Network
from detente.channel.simulator.parties import cast
from detente.channel.simulator.trace import Trace

TURN_MS = 500  # a machine looks at its clock so often
GROUP_MS = 15  # what comes within this is written together
A_MESSAGE_MS = 1_200  # on the average of a run
BURST = 6
ANSWERS = 0.15  # the share of messages that answer one
BACKUP_MS = 60_000
TEST_EVERY = 120
HEALED_WITHIN_MS = 3_600_000
THREE_PARTIES = 0.1  # the share of runs with three
AGAIN_MS = 15_000  # a loss that would be the second at one time waits


@dataclass(frozen=True)
class Run:
    """What came of a run.

    ``faults`` counts each kind that came about, ``counts`` what else was seen, ``broken`` tells
    every promise that did not hold, and ``healed_ms`` how long after the last fault all was quiet.
    """

    seed: int
    parties: int
    messages: int
    faults: dict[str, int]
    counts: dict[str, int]
    broken: tuple[str, ...]
    lasted_ms: int
    healed_ms: int
    trace: str

    @property
    def acknowledged(self) -> int:
        """How many times a sender saw that a recipient's disk held its message."""
        return self.counts.get("acknowledged", 0)


def simulate(
    seed: int,
    messages: int,
    *,
    faults: Iterable[str] = known.ALL,
    rates: Rates | None = None,
    host: type[Host] = Host,
) -> Run:
    """Two nodes, sometimes three, exchange ``messages`` among faults, heal, and are compared.

    Parameters
    ----------
    seed
        All that is drawn comes from it.
    messages
        How many messages people write, over all parties.
    faults
        The kinds of fault that may come (`faults.ALL`).
    rates
        How often they come.
    host
        The machine; tests put broken ones in its place.
    """
    world = _World(seed, messages, frozenset(faults), rates or Rates(), host)
    try:
        return world.run()
    finally:
        for each in world.hosts:
            each.disk.close()


class _World:
    """All that is in a run."""

    def __init__(
        self, seed: int, messages: int, faults: frozenset[str], rates: Rates, host: type[Host]
    ) -> None:
        self.seed, self.messages, self.faults = seed, messages, faults
        children = iter(np.random.SeedSequence(seed).spawn(16))
        self.rng = np.random.default_rng(next(children))
        self.loss_rng = np.random.default_rng(next(children))
        self.parties = 3 if self.rng.random() < THREE_PARTIES else 2
        self.cast = cast(np.random.default_rng(next(children)), self.parties, test_every=TEST_EVERY)
        self.trace, self.watch = Trace(), Watch()
        self.network = Network(np.random.default_rng(next(children)), faults, rates)
        self.hosts = [
            host(party, self.cast, self.watch, self.trace, _three(children))
            for party in self.cast.agreement.ids
        ]
        self.by_party = {each.party: each for each in self.hosts}
        self.lasts_ms = max(60_000, messages * A_MESSAGE_MS)
        self.healing = False
        self._events: list[tuple[int, int, str, Any]] = []
        self._order = 0
        for each in self.hosts:
            each.found()
        self._plan(rates)

    # --- what is to come ------------------------------------------------------------------------

    def at(self, ms: int, what: str, about: Any) -> None:
        """Let something come about; things of one instant in the order in which they were put."""
        self._order += 1
        heapq.heappush(self._events, (ms, self._order, what, about))

    def _plan(self, rates: Rates) -> None:
        for each in self.hosts:
            self.at(0, "turn", each)
            self.at(BACKUP_MS // 2, "backup", each)
        self._plan_messages()
        last = int(self.lasts_ms * 0.95)
        for ms, kind, index in known.schedule(self.faults, rates, last, len(self.hosts), self.rng):
            self.at(5_000 + ms, "fault", (kind, self.hosts[index]))
        for each in self.hosts:
            for _ in range(int(self.rng.integers(1, 4))):
                self.at(int(self.rng.integers(self.lasts_ms)), "rotate", each)
        self.at(self.lasts_ms + 5_000, "heal", None)

    def _plan_messages(self) -> None:
        """People write in bursts, now these, now those; some of what they write answers."""
        planned: list[tuple[int, int]] = []
        while len(planned) < self.messages:
            at = int(self.rng.integers(1_000, self.lasts_ms))
            sender = int(self.rng.integers(len(self.hosts)))
            planned += [(at, sender)] * int(self.rng.integers(1, BURST + 1))
        written, number = list[Draft](), Counter[str]()
        for at, sender in sorted(planned[: self.messages]):
            host = self.hosts[sender]
            others = [each.party for each in self.hosts if each is not host]
            to = tuple(others[: int(self.rng.integers(1, len(others) + 1))])
            number[host.party] += 1
            name = f"{host.party}-2027-{number[host.party]:04}"
            asked = [each.number for each in written[-20:] if each.number[:3] in to]
            answers = asked[0] if asked and self.rng.random() < ANSWERS else ""
            draft = drawn_draft(name, to, EPOCH_SECONDS + at // 1000, answers, self.rng)
            written.append(draft)
            self.watch.drafts[name] = draft
            self.at(at, "write", (host, draft))

    # --- the run --------------------------------------------------------------------------------

    def run(self) -> Run:
        """Let everything come about until all is quiet, or too late."""
        healed_at, ms = self.lasts_ms + 5_000, 0
        latest = healed_at + HEALED_WITHIN_MS
        while self._events and not (self.healing and self._is_over(ms, healed_at)):
            ms, _, what, about = heapq.heappop(self._events)
            if ms > latest or self.watch.broken:
                break
            getattr(self, f"_on_{what}")(ms, about)
        if not self.watch.broken:  # what follows the first would say no more than it
            self.watch.hold("The run did not come to rest.", holds=self._is_quiet())
            self.watch.end(self.hosts)
        counts = self.watch.counts
        for kind in known.ALL:
            counts[kind] += self.network.counts[kind]
        return Run(
            seed=self.seed,
            parties=self.parties,
            messages=self.messages,
            faults={kind: counts.pop(kind) for kind in known.ALL},
            counts=dict(sorted(counts.items())),
            broken=tuple(self.watch.broken),
            lasted_ms=ms,
            healed_ms=ms - healed_at,
            trace=self.trace.text(),
        )

    def _is_over(self, ms: int, healed_at: int) -> bool:
        """Quiet, and every bundle that was late has come."""
        return ms > healed_at + LONGEST_DELAY_MS + 1_000 and self._is_quiet()

    def _is_quiet(self) -> bool:
        if not all(each.is_quiet() for each in self.hosts):
            return False
        heads = [each.node.log.heads() for each in self.hosts if each.node is not None]
        return all(each == heads[0] for each in heads)

    def _on_turn(self, ms: int, host: Host) -> None:
        self._turn(ms, host)
        self.at(ms + TURN_MS, "turn", host)

    def _on_group(self, ms: int, host: Host) -> None:
        if host.inbox:
            self._turn(ms, host)

    def _turn(self, ms: int, host: Host) -> None:
        for to, raw in host.run(ms):
            for arrives, copy in self.network.carry(raw, host.party, to, ms):
                self.at(arrives, "bundle", (self.by_party[to], copy))

    def _on_bundle(self, ms: int, about: tuple[Host, bytes]) -> None:
        host, raw = about
        self.trace.note(ms, host.party, f"is reached by {len(raw)} bytes")
        if ms < host.up_at:
            return
        if not host.inbox:
            self.at(ms + GROUP_MS, "group", host)
        host.inbox.append(raw)

    def _on_write(self, _: int, about: tuple[Host, Draft]) -> None:
        host, draft = about
        host.to_queue.append(draft)

    def _on_rotate(self, _: int, host: Host) -> None:
        host.rotate = True

    def _on_backup(self, ms: int, host: Host) -> None:
        """Copy all files now and then, in one instant."""
        if not self.healing:
            host.backups.append(host.disk.snapshot())
            self.at(ms + int(self.rng.integers(BACKUP_MS // 2, BACKUP_MS * 2)), "backup", host)

    def _on_heal(self, ms: int, _: None) -> None:
        """No more faults; what lasts is over."""
        self.healing = True
        self.network.heal()
        for each in self.hosts:
            each.disk.plan, each.disk.limit_bytes, each.disk.unreadable = None, None, 0
            each.plan_kind, each.offset_s = "", 0
        self.trace.note(ms, "all", "heals")

    # --- faults ---------------------------------------------------------------------------------

    def _on_fault(self, ms: int, about: tuple[str, Host]) -> None:
        kind, host = about
        if self.healing:
            return
        if kind in LOSSES:
            self._lose(ms, kind, host)
            return
        self.trace.note(ms, host.party, f"is to meet: {kind}")
        if kind in ENDS:
            self._end(ms, kind, host)
        elif kind == "partition":
            lasts = int(self.rng.integers(5_000, 90_000))
            pairs = [frozenset(pair) for pair in combinations(sorted(self.by_party), 2)]
            self.network.part(pairs[int(self.rng.integers(len(pairs)))], ms + lasts)
        elif kind == "disk full":
            host.disk.limit_bytes = host.disk.used_bytes() + int(self.rng.integers(20_000))
            self.at(ms + int(self.rng.integers(5_000, 40_000)), "room", host)
        elif kind == "failed read":
            host.kill(ms, kind)
            host.disk.unreadable = int(self.rng.integers(1, 3))
        else:
            host.offset_s = YEAR if kind == "clock a year forward" else -YEAR
            self.watch.counts[kind] += 1
            self.at(ms + int(self.rng.integers(10_000, 200_000)), "clock", host)

    def _end(self, ms: int, kind: str, host: Host) -> None:
        if kind == "process kill" and self.rng.random() < 0.3:
            self.watch.counts[kind] += 1
            host.kill(ms, kind)
            return
        if host.plan_kind:  # one end at a time
            self.at(ms + TURN_MS, "fault", (kind, host))
            return
        host.disk.set_plan(known.drawn_plan(kind, self.rng), self.loss_rng)
        host.plan_kind = kind

    def _on_room(self, _: int, host: Host) -> None:
        host.disk.limit_bytes = None

    def _on_clock(self, _: int, host: Host) -> None:
        host.offset_s = 0

    def _lose(self, ms: int, kind: str, host: Host) -> None:
        """A disk loses what had been written, while all others are whole; or else it waits."""
        others = [each for each in self.hosts if each is not host]
        ready = kind != "old backup restored" or host.backups
        if not ready or host.loss is not None or not all(each.is_whole() for each in others):
            self.at(ms + AGAIN_MS, "fault", (kind, host))
            return
        host.kill(ms, kind, for_ms=int(self.rng.integers(*REPAIR_MS)))
        if kind == "bit flip on disk":
            name, bit = host.disk.flip(self.rng)
            self.trace.note(ms, host.party, f"bit {bit} of {name} flips")
        elif kind == "old backup restored":
            index = int(self.rng.integers(len(host.backups)))
            host.disk.restore(host.backups[index])
            self.trace.note(ms, host.party, f"has backup {index} of {len(host.backups)} put back")
        else:
            self._destroy(host)
        self.watch.counts[kind] += 1
        self.watch.losses += 1
        host.losses += 1
        held = max(each.durable.get(host.party, 0) for each in others)
        host.loss = Loss(kind, held)

    def _destroy(self, host: Host) -> None:
        """Spoil the database's first bytes, and with them its log's."""
        files = host.disk.snapshot().files
        spoiled = [(name, b"\0" * 16 + raw[16:]) for name, raw in files if raw]
        if self.rng.random() < 0.5:  # or pages that the start will read
            database = dict(files)[DATABASE]
            page = 4096 * int(self.rng.integers(1, max(2, len(database) // 4096)))
            spoiled = [(DATABASE, database[:page] + b"\xff" * 64 + database[page + 64 :])]
        host.disk.restore(Snapshot(tuple(spoiled)))


def _three(children: Iterable[Any]) -> tuple[Generator, Generator, Generator]:
    drawn = iter(children)
    return tuple(np.random.default_rng(next(drawn)) for _ in range(3))  # type: ignore[return-value]
