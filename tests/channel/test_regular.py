from dataclasses import replace

import pytest

from detente.channel.canonical import to_text
from detente.channel.envelope import KINDS, Head, digest
from detente.channel.keys import Certificate, certify
from detente.channel.message import Box, Message, boxes_as_plain, release, sealed, text_of
from detente.channel.regular import JUDGES, MAX_NOTE, irregularities, slot_of
from detente.channel.sealing import CLASSICAL, HYBRID, SealingKey
from detente.channel.simulator.parties import FIRST_OFFICER, slip


def why(world, entry, agreement=None):
    log = world.nodes[entry.sender].log
    return " ".join(irregularities(agreement or world.agreement, log.chains, entry))


def test_every_kind_of_entry_has_its_judge():
    assert set(JUDGES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_or_foreign_body_is_irregular_and_no_error(world, kind):
    odd = ["", 1, [], {}, [[]], [[[], 1]], [["AAA", {}]], {"a": []}]
    names = ["of", "acts", "statement", "roster", "slot", "text", "notes", "party", "seq"]
    fine = {"receipt": {"acts": []}, "lost": {"of": []}}.get(kind)
    assert why(world, world.signed(kind, {}))
    for body in ({name: value} for name in names for value in odd):
        assert why(world, world.signed(kind, body)) or body == fine


# --- what was seen ------------------------------------------------------------------------------


def test_one_head_of_each_other_party(world):
    head = world.nodes["AAA"].log.chains["BBB"].head
    own = world.nodes["AAA"].log.chains["AAA"].head
    for seen in ((), (head, head), (own,), (head, own)):
        assert "one tree head" in why(world, world.signed("lost", {"of": []}, seen=seen))


def test_what_was_seen_never_shrinks_and_is_true(world):
    chain = world.nodes["AAA"].log.chains["BBB"]
    size = world.nodes["AAA"].log.chains["AAA"].seen["BBB"] - 1
    less = Head("BBB", size, chain.root_at(size))
    assert "saw less of BBB" in why(world, world.signed("lost", {"of": []}, seen=(less,)))
    other = Head("BBB", chain.size, to_text(bytes(32)))
    assert "saw other entries" in why(world, world.signed("lost", {"of": []}, seen=(other,)))
    assert why(world, world.signed("lost", {"of": []}, seen=(chain.head,))) == ""


# --- certificates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("serial", "revoked", "told"),
    [(9, 0, ""), (9, 1, "never given"), (2, 0, "given before"), (2, 1, "")],
)
def test_numbers_of_certificates_are_given_once(world, serial, revoked, told):
    key = world.cast.witness
    plain = world.cast.certificate("AAA", serial, "officer", key).__dict__ | {"revoked": revoked}
    body = {"statement": certify(world.cast.roots["AAA"], Certificate(**plain))}
    found = why(world, world.signed("credential", body))
    assert (told in found) if told else found == ""


# --- messages -----------------------------------------------------------------------------------


def message(world, *, officers=1, boxes=None, allowed=None, **changed):
    text = text_of({"free": "x"}, b"s" * 16)
    made = slip("AAA", "AAA-77", ("BBB",), world.at)
    made = replace(made, line=world.agreement.line, digest=digest(text), **changed)
    epoch = world.nodes["AAA"].log.chains["BBB"].epochs[-1]
    keys = {"BBB": (epoch.number, epoch.suite, epoch.public)}
    signed = tuple(
        release(made, key, serial)
        for serial, key in enumerate(world.cast.officers["AAA"][:officers], start=FIRST_OFFICER)
    )
    body = Message(made, signed).as_body()
    body["boxes"] = boxes_as_plain(sealed(made, text, keys) if boxes is None else boxes)
    return why(world, world.signed("message", body), allowed)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"to": ()}, "not addressed"),
        ({"to": ("AAA",)}, "not addressed"),
        ({"to": ("CCC",)}, "not addressed"),
        ({"number": "BBB-1"}, "does not begin with its sender"),
        ({"number": "AAA-1"}, "used before"),
        ({"expires": 1_799_999_999}, "had expired"),
        ({"expires": 2**40}, ""),
        ({"officers": 0}, "needs the release of 1"),
        ({"precedence": "flash"}, "needs the release of 2"),
        ({"precedence": "flash", "officers": 2}, ""),
        ({"boxes": ()}, "not sealed once"),
        ({"boxes": (Box("BBB", 1, HYBRID, "A"),)}, "does not allow the suite"),
        ({"boxes": (Box("BBB", 7, CLASSICAL, "A"),)}, "newest key"),
        ({"boxes": (Box("AAA", 1, CLASSICAL, "A"),)}, "not sealed once"),
    ],
)
def test_messages(world, changed, told):
    found = message(world, **changed)
    assert (told in found) if told else found == ""


def test_a_line_for_drills_takes_drills_only(world):
    drills = replace(world.agreement, drills_only=1)
    assert "drills only" in message(world, allowed=drills)
    assert message(world, allowed=drills, drill=1) == ""


def test_a_suite_must_be_agreed(world):
    strict = replace(world.agreement, suites=(HYBRID,))
    assert "does not allow the suite" in message(world, allowed=strict)


@pytest.mark.parametrize(
    ("number", "suite", "told"),
    [(9, CLASSICAL, ""), (1, CLASSICAL, "not above"), (9, HYBRID, "does not allow the suite")],
)
def test_epochs(world, number, suite, told):
    key = SealingKey(suite, bytes(range(96))[-(96 if suite == HYBRID else 32) :])
    body = {"number": number, "suite": suite, "public": key.public()}
    found = why(world, world.signed("epoch", body))
    assert (told in found) if told else found == ""


# --- receipts, tests, lost texts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "seq", "told"),
    [
        ("BBB", 2, ""),
        ("BBB", 99, "had not seen"),
        ("BBB", -1, "had not seen"),
        ("AAA", 2, "had not seen"),
        ("CCC", 0, "had not seen"),
    ],
)
def test_receipts_are_for_what_was_seen(world, party, seq, told):
    digests = world.nodes["AAA"].log.chains["BBB"].digests
    body = {"acts": [["stored", party, seq, digests[2]]]}
    found = why(world, world.signed("receipt", body))
    assert (told in found) if told else found == ""
    other = {"acts": [["stored", "BBB", 2, digests[3]]]}
    assert "another entry 2 of BBB" in why(world, world.signed("receipt", other))


def test_read_needs_its_officer(world):
    row = ["read", "BBB", 2, world.nodes["AAA"].log.chains["BBB"].digests[2], 2, [], "A" * 86]
    assert "officer 2 under" in why(world, world.signed("receipt", {"acts": [row]}))


@pytest.mark.parametrize("every", [60, 3_600])
def test_slots_go_round_the_parties(world, every):
    agreement = replace(world.agreement, test_every=every)
    turns = [slot_of(agreement, at) for at in range(0, 4 * every, every // 2)]
    assert [slot for slot, _ in turns] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [party for _, party in turns] == ["AAA", "AAA", "BBB", "BBB"] * 2


def test_tests_are_of_their_slot_and_one_a_slot(world):
    every = world.agreement.test_every
    free = 2 * (world.at // every + 2) // 2 * every
    free += every * (slot_of(world.agreement, free)[1] != "AAA")
    body = {"slot": free // every, "text": "x", "notes": []}
    assert why(world, world.signed("test", body, at=free)) == ""
    assert "not of the slot" in why(world, world.signed("test", body, at=free + every))
    taken = min(world.nodes["AAA"].log.chains["AAA"].tests)
    body = {"slot": taken, "text": "x", "notes": []}
    assert "already" in why(world, world.signed("test", body, at=taken * every))
    for notes in ([1], ["x" * (MAX_NOTE + 1)]):
        body = {"slot": free // every, "text": "x", "notes": notes}
        assert "no texts" in why(world, world.signed("test", body, at=free))


def test_a_padded_checkpoint_of_the_other_side_does_not_stop_our_tests(world):
    """BBB's note is as long as may be; cosigned, it would be too long for a test of ours."""
    note = world.nodes["AAA"].notes["BBB"]
    line = "— x" + "x" * 90 + " " + "A" * 60 + "\n"
    padded = note + line * ((MAX_NOTE - len(note)) // len(line))
    world.nodes["AAA"].notes["BBB"] = padded
    while slot_of(world.agreement, world.at)[1] != "AAA" or world.at // 3_600 in set(
        world.nodes["AAA"].log.chains["AAA"].tests
    ):
        world.at += world.agreement.test_every
    step = world.tick("AAA")
    assert [entry.kind for entry in step.entries] == ["test"]


def test_lost_texts_are_of_entries(world):
    assert why(world, world.signed("lost", {"of": [["BBB", 1]]})) == ""
    for row in (["CCC", 1], [1, 1], ["BBB", "1"], [[], 1]):
        assert "no entry" in why(world, world.signed("lost", {"of": [row]}))


def test_a_second_sealing_is_of_an_entry_and_for_others(world):
    chain = world.nodes["AAA"].log.chains["BBB"]
    epoch = chain.epochs[-1].number
    body = {"party": "BBB", "seq": 1, "digest": chain.digests[1]}
    good = body | {"boxes": [["BBB", epoch, CLASSICAL, "A"]]}
    assert why(world, world.signed("again", good)) == ""
    assert "another entry" in why(world, world.signed("again", good | {"seq": 2}))
    own = body | {"boxes": [["AAA", epoch, CLASSICAL, "A"]]}
    assert "not sealed for other" in why(world, world.signed("again", own))
