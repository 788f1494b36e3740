"""A line between parties that do not exist, whose nodes hand each other bundles in one process."""

import sqlite3
from dataclasses import replace

import pytest
from numpy.random import default_rng

from detente.channel import envelope
from detente.channel.canonical import encode
from detente.channel.envelope import Header
from detente.channel.protocol import intake, items, outgoing, own
from detente.channel.protocol.load import load
from detente.channel.protocol.state import Moment
from detente.channel.receipts import Act, sign_read
from detente.channel.sealing import CLASSICAL
from detente.channel.simulator.parties import FIRST_OFFICER, cast, slip
from detente.channel.store import Store

AT = 1_800_000_000
FORM = {"free": "We propose to meet on 4 March."}


class World:
    """Nodes with a store in memory each; a bundle that is due is handed over at once."""

    def __init__(self, seed=7, parties=2, suites=(CLASSICAL,)):
        self.rng = default_rng(seed)
        drawn = cast(self.rng, parties)
        self.cast = replace(drawn, agreement=replace(drawn.agreement, suites=suites))
        self.agreement = self.cast.agreement
        self.ms, self.at, self.events = 0, AT, []
        self.stores, self.nodes = {}, {}
        for party in self.agreement.ids:
            store = self.stores[party] = Store(sqlite3.connect(":memory:", isolation_level=None))
            store.create()
            store.write(self.cast.found(party, self.rng.bytes, AT), AT)
            self.start(party)

    @property
    def moment(self):
        return Moment(self.at, self.ms)

    def start(self, party):
        store = self.stores[party]
        held = store.held()
        identity = self.cast.identity(party)
        self.nodes[party], step = load(identity, self.agreement, held, store, self.rng.bytes)
        store.write(step, self.at)

    def write(self, party, step):
        self.stores[party].write(step, self.at)
        self.nodes[party].unwritten.clear()
        self.events += [(party, event) for event in step.events]
        return step

    def receive(self, party, bundle):
        return self.write(party, intake.receive(self.nodes[party], bundle, self.moment))

    def pump(self, hops=400):
        for _ in range(hops):
            due = [(p, q) for p in self.nodes for q in outgoing.due(self.nodes[p], self.moment)]
            if not due:
                return
            for party, other in due:
                self.receive(other, outgoing.make(self.nodes[party], other, self.moment))
            self.ms += 500
        raise AssertionError("the nodes do not come to rest")

    def item(self, party, raw):
        number = self.stores[party].queue(raw)
        return self.write(party, items.take(self.nodes[party], number, raw, self.moment))

    def send(self, number, sender="AAA", to=("BBB",), officers=1, **changed):
        note = replace(slip(sender, number, to, self.at), **changed)
        draft = self.cast.draft(note, FORM, b"s" * 16, officers=officers)
        return self.item(sender, draft)

    def tick(self, party, text="The quick brown fox."):
        return self.write(party, own.tick(self.nodes[party], self.moment, text))

    def read(self, party, of):
        sender, seq = of
        digest = self.nodes[party].log.chains[sender].digests[seq]
        act = Act("read", sender, seq, digest, FIRST_OFFICER, (("date", "4 March"),))
        act = sign_read(self.agreement.line, act, self.cast.officers[party][0])
        shown = Act("shown", sender, seq, digest)
        rows = [shown.as_row(), act.as_row()]
        return self.item(party, encode({"item": "receipt", "acts": rows}))

    def entries(self, party):
        return [raw for _, _, raw in self.stores[party].held().entries]

    def signed(self, kind, body, *, sender="AAA", by=None, **changed):
        """The next entry of a chain as its device would sign it, whatever it says."""
        log = self.nodes[sender].log
        chain = log.chains[sender]
        header = {"seq": chain.size, "prev": chain.last, "seen": log.heads(but=sender)}
        header |= {"kind": kind, "body": body, "at": self.at, "device": 1, "sender": sender}
        key = by or self.cast.devices[sender]
        return envelope.write(key, Header(self.agreement.line, **(header | changed)))

    def talk(self):
        """One of every kind: a message both ways, receipts, tests that cosign, roster, again."""
        self.pump()
        self.send("AAA-1")
        self.pump()
        place = self.nodes["BBB"].record.by_number["AAA-1"]
        self.read("BBB", place)
        self.send("BBB-1", "BBB", ("AAA",), answers="AAA-1")
        self.item("AAA", encode({"item": "roster", "roster": {"party": "AAA", "rows": []}}))
        self.pump()
        for _ in range(4):
            self.at += self.agreement.test_every
            for party in self.nodes:
                self.tick(party)
            self.pump()
        return place


@pytest.fixture
def world():
    made = World()
    made.talk()
    return made


@pytest.fixture
def make_world():
    return World
