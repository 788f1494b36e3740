"""A party says one thing here and another there: never unnoticed, and never without evidence."""

import sys
import time
from collections import Counter
from functools import cache

import pytest
from numpy.random import SeedSequence, default_rng

from detente.channel import bundle, envelope, merkle, verify_log, verify_offline
from detente.channel.bundle import Hello, digest_of
from detente.channel.canonical import to_text
from detente.channel.checkpoints import checkpoint, key_name, origin
from detente.channel.envelope import Head, Header
from detente.channel.evidence import (
    DENIED,
    DENIES,
    TAKES_BACK,
    TWO_ENTRIES,
    TWO_HEADS,
    denied_evidence,
    fork_evidence,
    heads_evidence,
    verify_evidence,
)
from detente.channel.keys import Certificate, certify
from detente.channel.protocol import intake, outgoing
from detente.channel.protocol.load import load
from detente.channel.protocol.state import Held, Moment
from detente.channel.simulator.parties import DEVICE, cast
from detente.channel.step import Step
from detente.channel.witness import Cosigned, Cosigner, Refusal, State, consider, request

AT = 1_800_000_000
KEY = key_name("AAA", DEVICE)


@cache
def line():
    return cast(default_rng(1), 3)


class Chain:
    """What AAA writes, with its own key and no scruple."""

    def __init__(self, entries=(), party="AAA"):
        self.entries, self.party = list(entries), party
        if not entries:
            self.add("credential", {"statement": line().statements(party)[0]})

    def add(self, kind="test", body=None, *, seen=(), prev=None, at=AT, device=DEVICE, key=None):
        last = self.entries[-1].digest if self.entries else ""
        header = Header(
            line().agreement.line,
            self.party,
            len(self.entries),
            last if prev is None else prev,
            tuple(seen) or empty_heads(self.party),
            kind,
            at,
            device,
            body if body is not None else {"text": f"{len(self.entries)}"},
        )
        self.entries.append(envelope.write(key or line().devices[self.party], header))
        return self

    def fork(self, size, rng, more):
        """Another chain with the same first entries."""
        other = Chain(self.entries[:size], self.party)
        for _ in range(more):
            kind = str(rng.choice(["test", "roster", "message", "receipt", "lost", "epoch"]))
            other.add(kind, {"text": rng.bytes(6).hex()}, at=AT + int(rng.integers(9)))
        return other

    @property
    def raw(self):
        return tuple(entry.raw for entry in self.entries)

    @property
    def leaves(self):
        return [merkle.leaf_hash(raw) for raw in self.raw]

    def head(self, size):
        return Head(self.party, size, to_text(merkle.root(self.leaves[:size])))


def empty_heads(but):
    root = to_text(merkle.EMPTY_ROOT)
    return tuple(Head(party, 0, root) for party in line().agreement.ids if party != but)


class Disk(dict):
    """What a node has written: entries by place."""

    text = dict.get
    entry = dict.get

    def missing(self, sizes, _):
        return [(place, raw) for place, raw in self.items() if place[1] >= sizes[place[0]]]


class Receiver:
    """An honest node, and what it has written."""

    def __init__(self, party):
        self.disk, self.evidence, self.events, self.count = Disk(), [], [], 0
        first = Chain().entries[0]
        self.disk["AAA", 0] = first.raw
        held = Held([(("AAA", 0), first.digest, first.raw)], ())
        identity = line().identity(party)
        rng = default_rng(0)
        self.node, _ = load(identity, line().agreement, held, self.disk, rng.bytes)
        self.node.starts["AAA"] = {to_text(bytes(16)): to_text(bytes(16))}  # it has heard of AAA

    def bundle(self, chain, entries, size=None):
        """A bundle of AAA that shows its chain as of ``size`` entries."""
        self.count += 1
        hello = Hello(
            line=line().agreement.line,
            sender="AAA",
            to=self.node.me,
            at=AT,
            device=DEVICE,
            count=self.count,
            nonce=to_text(bytes(16)),
            echo="",
            ask=0,
            token="",
            by=self.node.token_for("AAA"),
            heads=(chain.head(len(chain.entries) if size is None else size), *empty_heads("AAA")),
            want=(),
            rest=digest_of(tuple(entries)),
        )
        return bundle.write(line().devices["AAA"], hello, tuple(entries))

    def receive(self, chain, entries, size=None):
        self.take(self.bundle(chain, entries, size))

    def take(self, raw):
        self.write(intake.receive(self.node, raw, Moment(AT, self.count)))

    def write(self, step):
        self.disk |= {(each.sender, each.seq): each.raw for each in step.entries}
        self.evidence += [pair for pair in step.evidence if len(pair) == 2]
        self.events += [event.kind for event in step.events]
        self.node.unwritten.clear()


def proved(pair, *more):
    """Both readers accept the evidence that a node kept of AAA, and say the same."""
    statements = [line().statements("AAA")[0], *more]
    file = fork_evidence(line().agreement, statements, *pair)
    found = verify_evidence(file)
    assert (found.party, found.line) == ("AAA", line().agreement.line)
    assert found.what in verify_offline.verify(file)
    return found.what


def drawn(rng):
    """A chain of AAA, the place from which a second one differs, and that one."""
    first = Chain().fork(1, rng, int(rng.integers(1, 7)))
    size = len(first.entries)
    place = int(rng.integers(1, size))
    return first, place, first.fork(place, rng, int(rng.integers(1, 5)))


# --- scripts ------------------------------------------------------------------------------------


def twice(rng):
    """Two entries for one place, in two bundles or in one."""
    first, place, second = drawn(rng)
    node = Receiver("BBB")
    if rng.integers(2):
        node.receive(first, first.raw)
        node.receive(second, second.raw[place : place + 1])
    else:
        node.receive(first, (*first.raw, second.raw[place]))
    assert "fork" in node.events
    return proved(node.evidence[0])


def denies(rng):
    """The next entry follows another one than was shown before."""
    first, place, second = drawn(rng)
    node = Receiver("BBB")
    node.receive(first, first.raw[: place + 1])
    node.receive(second, second.fork(place + 1, rng, 1).raw[place + 1 :])
    assert "fork" in node.events
    return proved(node.evidence[0])


def two_audiences(rng):
    """BBB and CCC are shown different chains; they compare heads and hand each other entries."""
    first, _, second = drawn(rng)
    nodes = {party: Receiver(party) for party in ("BBB", "CCC")}
    for party, chain in (("BBB", first), ("CCC", second)):
        introduced(nodes[party])
        nodes[party].receive(chain, chain.raw)
    for ms in range(0, 6000, 1000):
        for here, there in (("BBB", "CCC"), ("CCC", "BBB")):
            made = outgoing.make(nodes[here].node, there, Moment(AT, ms))
            nodes[there].take(made)
    kept = [pair for node in nodes.values() for pair in node.evidence]
    return proved(kept[0])


def introduced(node):
    """Each of the two knows the other's device."""
    for party in ("BBB", "CCC"):
        entry = Chain(party=party).entries[0]
        node.node.log.append(entry, node.node.log.judge(entry))
        node.disk[party, 0] = entry.raw


def rollback(rng):
    """AAA shows an older head of its own chain than before, and goes on from there."""
    first, place, second = drawn(rng)
    node = Receiver("BBB")
    node.receive(first, first.raw)
    node.receive(first, (), size=place)
    node.receive(second, second.raw[place:])
    assert "fork" in node.events
    return proved(node.evidence[0])


def takes_back(rng):
    """AAA says that it saw less of BBB than it had said, or something else."""
    other = Chain(party="BBB").fork(1, rng, int(rng.integers(2, 6)))
    size = len(other.entries)
    heads = [other.head(size), empty_heads("AAA")[1]]
    chain = Chain().add(seen=heads)
    for _ in range(int(rng.integers(3))):
        chain.add(seen=heads)
    less = [other.head(int(rng.integers(size))), Head("BBB", size, to_text(rng.bytes(32)))]
    chain.add(seen=[less[int(rng.integers(2))], heads[1]])
    node = Receiver("CCC")
    for entry in other.entries:
        node.node.log.append(entry, node.node.log.judge(entry))
    node.receive(chain, chain.raw)
    irregular = [each for each in node.node.record.irregular.items() if "saw" in each[1][0]]
    assert irregular[-1][0] == ("AAA", len(chain.entries) - 1)
    return proved((chain.raw[1], chain.raw[-1]))


def views(rng):
    """AAA shows a witness one chain and BBB another; or the witness both."""
    first, place, second = drawn(rng)
    size = min(len(first.entries), len(second.entries))
    statements = [line().statements("AAA")[0]]
    keys = {origin(line().agreement.line, "AAA"): {KEY: public("AAA")}}
    witness = Cosigner("witness", line().witness)
    seen = consider(State(), ask(first, size, 0), keys, witness, AT)
    assert isinstance(seen, Cosigned)
    older = consider(seen.state, ask(first, place, 0), keys, witness, AT)
    assert isinstance(older, Refusal)
    assert older.size == size
    longer = consider(seen.state, ask(second.fork(size, rng, 2), size + 1, size), keys, witness, AT)
    assert isinstance(longer, Refusal)
    again = consider(seen.state, ask(second, size, 0), keys, witness, AT)
    assert isinstance(again, Refusal)
    if rng.integers(2):
        file = heads_evidence(line().agreement, statements, *again.evidence)
        told = verify_offline.verify(file)
    else:  # BBB, who holds the second chain, is shown what the witness cosigned
        file = denied_evidence(line().agreement, statements, seen.note, second.raw)
        told = verify_log.verify(file)
    assert "AAA signed" in told
    return verify_evidence(file).what


def public(party):
    return line().devices[party].public_key().public_bytes_raw()


def ask(chain, size, old):
    head = checkpoint(line().agreement.line, chain.head(size))
    return request(head, KEY, line().devices["AAA"], chain.leaves, old)


SCRIPTS = (twice, denies, two_audiences, rollback, takes_back, views)


def run(count):
    """So many equivocations; which kinds of evidence they left."""
    kinds = Counter()
    for number, seed in enumerate(SeedSequence(2026).spawn(count)):
        kinds[SCRIPTS[number % len(SCRIPTS)](default_rng(seed))] += 1
    assert sum(kinds.values()) == count
    assert set(kinds) == {TWO_ENTRIES, DENIES, TAKES_BACK, TWO_HEADS, DENIED}
    return kinds


def test_500_equivocations_leave_evidence():
    run(500)


@pytest.mark.long
def test_10_000_equivocations_leave_evidence(capsys):
    start = time.perf_counter()
    kinds = run(10_000)
    with capsys.disabled():
        seconds = time.perf_counter() - start
        sys.stdout.write(f"\n10,000 equivocations in {seconds:.0f} s: {dict(kinds)}\n")


# --- harder ones --------------------------------------------------------------------------------


def test_evidence_is_kept_though_nothing_was_written_between_two_bundles():
    first, place, second = drawn(default_rng(3))
    node = Receiver("BBB")
    step = intake.receive(node.node, node.bundle(first, first.raw), Moment(AT, 0))
    assert ("AAA", place) not in node.disk
    again = node.bundle(second, second.raw[place : place + 1])
    step.add(intake.receive(node.node, again, Moment(AT, 0)))
    assert proved(step.evidence[0]) == TWO_ENTRIES


def test_no_revocation_hides_the_other_chain():
    """AAA revokes the device on one of two chains; the other chain's entries still tell."""
    new = line().officers["AAA"][1]
    spare = line().certificate("AAA", 9, "device", new)
    old = line().certificate("AAA", DEVICE, "device", line().devices["AAA"])
    revoked = certify(line().roots["AAA"], Certificate(**(old.__dict__ | {"revoked": 1})))
    chain = Chain().add().add("credential", {"statement": certify(line().roots["AAA"], spare)})
    chain.add("credential", {"statement": revoked}, device=9, key=new)
    other = chain.fork(1, default_rng(4), 1)
    node = Receiver("BBB")
    for entry in chain.entries[1:]:
        intake.admit(node.node, entry, step := Step())
        node.disk[entry.sender, entry.seq] = entry.raw
        assert not [event for event in step.events if event.kind == "irregular"] or entry.seq == 1
    step = Step()
    intake._take(node.node, node.node.links["AAA"], other.raw[1], step)
    assert proved(step.evidence[0]) == TWO_ENTRIES
    assert not node.node.log.chains["AAA"].forked  # a thief of the old key cannot end the line
    again = Step()
    intake._take(node.node, node.node.links["AAA"], chain.fork(1, default_rng(5), 1).raw[1], again)
    assert [event.kind for event in again.events] == ["refused"]


def test_one_number_for_two_keys_hides_nothing():
    """AAA gives the number of its device to another key, and shows that chain to others."""
    other = line().officers["AAA"][0]
    again = certify(line().roots["AAA"], line().certificate("AAA", DEVICE, "device", other))
    shadow = Chain()
    shadow.entries.clear()
    shadow.add("credential", {"statement": again}, key=other)
    node, step = Receiver("BBB"), Step()
    intake._take(node.node, node.node.links["AAA"], shadow.raw[0], step)
    assert proved(step.evidence[0], again) == TWO_ENTRIES
