import json
import sqlite3
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from detente.channel.bundle import digest_of
from detente.channel.bundle import read as read_bundle
from detente.channel.bundle import write as write_bundle
from detente.channel.canonical import encode
from detente.channel.life import sheet, sheet_bytes
from detente.channel.protocol.intake import receive
from detente.channel.protocol.items import take
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import due, make
from detente.channel.protocol.own import tick
from detente.channel.protocol.state import Moment
from detente.channel.receipts import Act, sign_read
from detente.channel.simulator.parties import FIRST_OFFICER, cast, slip
from detente.channel.store import Store
from detente.channel.view import EXPIRING_SOON, as_plain, message_view, view
from detente.ground.time import DAY, HOUR

AT = 1_795_896_000  # 2026-11-28 20:00Z
SALT = bytes(16)


class Line:
    """Nodes of one process with their stores in memory, and a carrier that loses nothing."""

    def __init__(self, parties=2, **changed):
        rng = np.random.default_rng(parties)
        self.cast = cast(rng, parties)
        if changed:
            self.cast = replace(self.cast, agreement=replace(self.cast.agreement, **changed))
        self.entropy, self.ms, self.at = rng.bytes, count(), AT
        self.stores, self.nodes = {}, {}
        for party in self.cast.agreement.ids:
            store = Store(sqlite3.connect(":memory:", isolation_level=None))
            store.create()
            store.write(self.cast.found(party, rng.bytes, AT), AT)
            self.stores[party] = store
            self.start(party)

    def start(self, party):
        store = self.stores[party]
        identity, agreement = self.cast.identity(party), self.cast.agreement
        self.nodes[party], step = load(identity, agreement, store.held(), store, self.entropy)
        self.write(party, step)

    def write(self, party, step):
        self.stores[party].write(step, self.at)
        self.nodes[party].unwritten.clear()

    @property
    def moment(self):
        return Moment(self.at, next(self.ms))

    def pump(self):
        moved = True
        while moved:
            moved = False
            for node in self.nodes.values():
                for to in due(node, self.moment):
                    moved = True
                    bundle = make(node, to, self.moment)
                    self.write(to, receive(self.nodes[to], bundle, self.moment))

    def queue(self, party, item):
        number = self.stores[party].queue(item)
        step = take(self.nodes[party], number, item, self.moment)
        if step is not None:
            self.write(party, step)
        return step

    def draft(self, number, to, **changed):
        sender, officers = number.split("-")[0], changed.pop("officers", 1)
        made = replace(slip(sender, number, to, self.at), **changed)
        return self.queue(sender, self.cast.draft(made, {"form": "x"}, SALT, officers=officers))

    def act(self, party, place, *acts):
        chain = self.nodes[party].log.chains[place[0]]
        for what in acts:
            act = Act(what, place[0], place[1], chain.digests[place[1]])
            if what == "read":
                act = replace(act, officer=FIRST_OFFICER, said=(("2", "54 30 N"),))
                act = sign_read(self.cast.agreement.line, act, self.cast.officers[party][0])
            self.queue(party, encode({"item": "receipt", "acts": [act.as_row()]}))

    def place(self, number):
        return self.nodes[number.split("-")[0]].record.by_number[number]

    def view(self, party, **how):
        return view(self.nodes[party], self.stores[party], self.at, **how)


@pytest.fixture
def line():
    made = Line()
    made.pump()
    return made


def standings(line, number):
    """Where a message stands, as each side's view says: by party."""
    views = [line.view(party) for party in line.nodes]
    boxes = [(one.me, message) for one in views for message in (*one.inbox, *one.outbox)]
    return {me: message.standing for me, message in boxes if message.number == number}


def test_a_draft_waits_until_the_others_have_confirmed():
    line = Line(3)
    assert line.draft("AAA-1", ("BBB",)) is None
    one = line.view("AAA")
    (waiting,) = one.outbox
    assert (waiting.standing, waiting.waits) == ("waiting", "not-confirmed")
    assert waiting.waits_for == ("BBB", "CCC")
    assert (waiting.entered, waiting.passages, one.counts.waiting) == (None, (), 1)
    assert waiting.released_by == ("officer 2",)
    assert (one.standing, one.halted) == ("starting", "")
    line.pump()
    assert line.view("AAA").outbox[0].waits == "next"


def test_both_sides_agree_on_every_step_of_a_message(line):
    line.draft("AAA-1", ("BBB",), precedence="flash", officers=2)
    assert standings(line, "AAA-1") == {"AAA": "sent"}
    line.pump()
    assert standings(line, "AAA-1") == {"AAA": "stored", "BBB": "stored"}
    assert line.view("BBB").counts.unread == 1
    for what in ("shown", "read"):
        line.at += 60
        line.act("BBB", line.place("AAA-1"), what)
        line.pump()
        assert standings(line, "AAA-1") == {"AAA": what, "BBB": what}
    line.draft("BBB-1", ("AAA",), answers="AAA-1")
    line.pump()
    ours, theirs = line.view("AAA").outbox[0], line.view("BBB").inbox[0]
    assert ours.passages == theirs.passages
    assert replace(ours, differs="") == replace(theirs, differs="")
    steps = ours.passages[0].steps
    assert [(each.step, each.at) for each in steps] == [
        ("stored", AT),
        ("shown", AT + 60),
        ("read", AT + 120),
        ("answered", AT + 120),
    ]
    assert (steps[2].officer, steps[2].name) == (FIRST_OFFICER, "officer 2")
    assert (steps[2].said, steps[3].number) == ((("2", "54 30 N"),), "BBB-1")
    assert ours.released_by == ("officer 2", "officer 3")
    assert line.view("BBB").counts.unread == 0
    assert line.view("AAA").counts.unanswered == 0


def test_an_inbox_begins_with_what_is_unread_and_urgent(line):
    for number, precedence in enumerate(("routine", "immediate", "flash", "priority", "flash")):
        line.at += 1
        line.draft(f"AAA-{number}", ("BBB",), precedence=precedence, officers=2)
    line.pump()
    line.act("BBB", line.place("AAA-2"), "shown", "read")
    one = line.view("BBB")
    assert [each.number for each in one.inbox] == ["AAA-4", "AAA-1", "AAA-3", "AAA-0", "AAA-2"]
    short = line.view("BBB", most=2)
    assert [each.number for each in short.inbox] == ["AAA-4", "AAA-1"]
    assert short.counts == one.counts
    sent = [each.number for each in line.view("AAA").outbox]
    assert sent == ["AAA-4", "AAA-3", "AAA-2", "AAA-1", "AAA-0"]


def test_a_message_between_others_is_counted_and_not_listed():
    line = Line(3)
    line.pump()
    line.draft("AAA-1", ("BBB", "CCC"))
    line.draft("AAA-2", ("BBB",))
    line.pump()
    line.act("BBB", line.place("AAA-1"), "shown")
    line.pump()
    one = line.view("CCC")
    assert ([each.number for each in one.inbox], one.counts.between_others) == (["AAA-1"], 1)
    other = message_view(line.nodes["CCC"], line.place("AAA-2"), AT)
    assert (other.text, other.standing) == ("not-ours", "stored")
    # At the sender a message stands where the slowest recipient is, at a recipient where it is.
    assert standings(line, "AAA-1") == {"AAA": "stored", "BBB": "shown", "CCC": "stored"}


def test_deadlines_expiry_and_drills_are_told(line):
    line.draft("AAA-1", ("BBB",), form="unusual-activity", drill=1, expires=AT + DAY)
    line.pump()
    for party in ("AAA", "BBB"):
        line.at = AT
        one = line.view(party)
        message = [*one.inbox, *one.outbox][0]
        assert (one.drill, message.drill, message.expired) == ("drill-open", True, False)
        assert [(each.state, each.ends) for each in message.dues] == [("open", AT + 48 * HOUR)]
        line.at = AT + 49 * HOUR
        one = line.view(party)
        message = [*one.inbox, *one.outbox][0]
        assert (one.drill, message.expired, one.counts.overdue) == ("none", True, 1)
        assert one.counts.unread_drills == (party == "BBB")


def test_a_text_that_is_lost_is_said_and_comes_back(line):
    line.draft("AAA-1", ("BBB",))
    line.pump()
    assert line.view("BBB").inbox[0].text == "held"
    line.nodes["BBB"].lost.add(line.place("AAA-1"))
    one = line.view("BBB")
    assert (one.inbox[0].text, one.counts.lost_texts) == ("lost", 1)
    line.write("BBB", tick(line.nodes["BBB"], line.moment, ""))
    line.pump()
    assert line.view("BBB").inbox[0].text == "held"


def test_the_line_its_parties_and_keys(line):
    one = line.view("AAA")
    assert (one.standing, one.me, one.title, one.at) == ("open", "AAA", "A line that is drawn", AT)
    assert one.line == line.cast.agreement.line
    assert one.fingerprint == line.view("BBB").fingerprint
    assert [(each.id, each.confirmed, each.forked) for each in one.parties] == [
        ("AAA", False, False),
        ("BBB", True, False),
    ]
    assert one.parties[1].entries == line.nodes["BBB"].own
    assert [(each.party, each.serial, each.state) for each in one.keys] == [
        (party, serial, "valid") for party in ("AAA", "BBB") for serial in (1, 2, 3)
    ]
    assert one.life.parties[0].reasons == ("not-heard-yet",)
    assert one.evidence == ()


@pytest.mark.parametrize(
    ("since", "until", "state"),
    [
        (AT, AT + EXPIRING_SOON + 1, "valid"),
        (AT, AT + EXPIRING_SOON, "expiring"),
        (0, AT, "expired"),
        (AT + 1, AT + DAY, "not-yet-valid"),
    ],
)
def test_how_a_certificate_stands(line, since, until, state):
    ring = line.nodes["AAA"].log.chains["BBB"].keyring
    held = replace(ring.certificates[2][1], serial=9, since=since, until=until)
    line.nodes["AAA"].log.chains["BBB"].keyring = ring.with_(held)
    assert line.view("AAA").keys[-1].state == state
    revoked = line.nodes["AAA"].log.chains["BBB"].keyring.with_(replace(held, revoked=1))
    line.nodes["AAA"].log.chains["BBB"].keyring = revoked
    assert line.view("AAA").keys[-1].state == "revoked"


@pytest.mark.parametrize(
    ("written", "halted", "kind", "proof"),
    [
        (True, "own-chain-forked", "fork", 2),
        (False, "own-chain-continued-elsewhere", "key used elsewhere", 1),
    ],
)
def test_a_node_whose_chain_is_in_other_hands_is_halted_and_shows_it(
    line, written, halted, kind, proof
):
    before = line.stores["AAA"]._db.serialize()
    line.draft("AAA-1", ("BBB",))
    foreign = line.stores["AAA"].entry(line.place("AAA-1"))  # never reaches BBB
    line.stores["AAA"] = Store(sqlite3.connect(":memory:", isolation_level=None))
    line.stores["AAA"]._db.deserialize(before)
    line.start("AAA")
    line.pump()
    assert line.view("AAA").standing == "open"
    if written:
        line.draft("AAA-2", ("BBB",))
    line.write("AAA", bring(line, foreign))
    one = line.view("AAA")
    assert (one.standing, one.halted, one.journal[-1].kind) == ("halted", halted, kind)
    assert [(each.party, len(each.digests)) for each in one.evidence] == [("AAA", proof)]
    assert len(one.evidence[0].seqs) == proof
    line.stores["AAA"].queue(line.cast.draft(slip("AAA", "AAA-3", ("BBB",), AT), {}, SALT))
    assert line.view("AAA").outbox[0].waits == "halted"


def bring(line, raw):
    """What AAA's node makes of a bundle of BBB that holds one entry."""
    hello = read_bundle(make(line.nodes["BBB"], "AAA", line.moment)).hello
    hello = replace(hello, rest=digest_of((raw,)))
    bundle = write_bundle(line.cast.devices["BBB"], hello, (raw,))
    return receive(line.nodes["AAA"], bundle, line.moment)


def test_an_irregular_entry_is_listed_with_what_is_irregular(line):
    line.nodes["AAA"].record.irregular["BBB", 7] = ("Its number was used before.",)
    (found,) = line.view("AAA").irregular
    assert (found.party, found.seq, found.sentences) == ("BBB", 7, ("Its number was used before.",))


def test_journal_lines_that_cannot_be_read_are_kept(line):
    db = line.stores["AAA"]._db
    db.execute("INSERT INTO journal (at, event) VALUES (?, ?)", (AT + 5, b"\xff"))
    kinds = [each.kind for each in line.view("AAA").journal]
    assert kinds == ["confirmed", "open", "illegible"]


def test_a_line_agreed_for_drills_is_one_for_drills():
    assert Line(drills_only=1).view("AAA").drill == "drills-only"


def plain_kinds(value):
    yield type(value)
    for part in value.values() if isinstance(value, dict) else value if type(value) is list else ():
        yield from plain_kinds(part)


def test_plain_values_are_those_of_json_without_floats(line):
    line.draft("AAA-1", ("BBB",), form="unusual-activity")
    line.pump()
    plain = as_plain(line.view("BBB"))
    assert set(plain_kinds(plain)) == {str, int, list, dict, type(None)}
    assert json.loads(json.dumps(plain)) == plain
    assert plain["inbox"][0]["number"] == "AAA-1"


def test_a_view_changes_nothing(line):
    line.draft("AAA-1", ("BBB",))
    line.pump()
    before = [line.stores[party].held() for party in line.nodes]
    entries = [list(each.entries) for each in before]
    assert line.view("BBB") == line.view("BBB")
    assert [list(line.stores[party].held().entries) for party in line.nodes] == entries
    assert line.nodes["BBB"].to_receipt == {}


def test_nodes_of_both_sides_compute_one_sheet_and_a_green_line(line):
    for hour in range(6):
        line.at = AT + hour * HOUR
        if hour != 2:
            for party, node in line.nodes.items():
                line.write(party, tick(node, line.moment, "A test."))
            line.pump()
            line.ms = count(next(line.ms) + 1_000)  # what was received is confirmed by a bundle
            line.pump()
    sheets = [
        sheet(node.log, node.record, "2026-11", until=AT + 6 * HOUR) for node in line.nodes.values()
    ]
    assert sheet_bytes(sheets[0]) == sheet_bytes(sheets[1])
    sent = {each.slot - AT // HOUR for each in sheets[0].slots if each.sent is not None}
    assert sent == {0, 1, 3, 4, 5}
    received = [each.receipted for each in sheets[0].directions]
    assert received == [2, 3]
    assert {line.view(party).life.colour for party in line.nodes} == {"green"}
