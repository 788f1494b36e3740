import json

import pytest

from detente.channel import envelope
from detente.channel.audit import audit, evidence_in, export, prove_message
from detente.channel.canonical import Malformed, decode, encode
from detente.channel.checkpoints import checkpoint, key_name
from detente.channel.envelope import Head, Header
from detente.channel.evidence import (
    DENIES,
    KINDS,
    TWO_ENTRIES,
    fork_between,
    fork_evidence,
    heads_evidence,
    known_lines,
    read_evidence,
    statements_in,
    verify_evidence,
)
from detente.channel.keys import Certificate, certify
from detente.channel.merkle import EMPTY_ROOT
from detente.channel.note import Checkpoint, cosign, sign
from detente.channel.simulator.parties import DEVICE
from detente.ground.errors import UsageError

ROOT = "A" * 43


def again(world, raw, **changed):
    """An entry written once more, with something else in it."""
    entry = envelope.read(raw)
    header = {name: getattr(entry, name) for name in Header.__dataclass_fields__}
    return envelope.write(world.cast.devices[entry.sender], Header(**(header | changed)))


@pytest.fixture
def chain(world):
    return audit(export(world.agreement, world.entries("AAA"))).chain("AAA").entries


# --- forks --------------------------------------------------------------------------------------


def test_two_entries_for_one_place_in_either_order(world, chain):
    other = again(world, chain[3], at=7).raw
    statements = world.cast.statements("AAA")
    file = fork_evidence(world.agreement, statements, chain[3], other)
    assert file == fork_evidence(world.agreement, statements, other, chain[3])
    found = verify_evidence(file)
    assert (found.what, found.party, found.seq, found.devices) == (TWO_ENTRIES, "AAA", 3, (1,))
    assert found.line == world.agreement.line
    assert len(read_evidence(file).certificates) == 1  # those of officers are left out


def test_an_entry_that_denies_the_one_before(world, chain):
    other = again(world, chain[3], at=7)
    file = fork_evidence(world.agreement, world.cast.statements("AAA"), other.raw, chain[4])
    assert verify_evidence(file).what == DENIES


def test_entries_of_one_chain_prove_nothing(world, chain):
    for pair in [(chain[3], chain[3]), (chain[3], chain[4]), (chain[2], chain[5])]:
        with pytest.raises(Malformed, match="can stand in one chain"):
            fork_evidence(world.agreement, world.cast.statements("AAA"), *pair)


@pytest.mark.parametrize(
    ("before", "after", "is_fork"),
    [(3, 3, False), (3, 4, False), (4, 3, True), (0, 0, False), (1, 0, True)],
)
def test_what_was_seen_may_only_grow(world, chain, before, after, is_fork):
    first, second = (
        again(world, chain[place], seen=(Head("BBB", size, ROOT),))
        for place, size in ((2, before), (5, after))
    )
    assert bool(fork_between(first, second)) == is_fork
    assert not fork_between(second, first)


def test_one_size_has_one_root(world, chain):
    first = again(world, chain[2], seen=(Head("BBB", 3, ROOT),))
    second = again(world, chain[5], seen=(Head("BBB", 3, ROOT[:-1] + "E"),))
    assert fork_between(first, second)


def test_a_fork_needs_certificates_of_the_root(world, chain):
    other = again(world, chain[3], at=7).raw
    for statements in ([], world.cast.statements("BBB"), world.cast.statements("AAA")[1:]):
        with pytest.raises(Malformed, match="not signed by a device"):
            fork_evidence(world.agreement, statements, chain[3], other)


def test_a_revocation_is_no_certificate(world, chain):
    device = world.cast.certificate("AAA", DEVICE, "device", world.cast.devices["AAA"])
    revoked = certify(world.cast.roots["AAA"], Certificate(**(device.__dict__ | {"revoked": 1})))
    with pytest.raises(Malformed, match="revokes"):
        fork_evidence(world.agreement, [revoked], chain[3], again(world, chain[3], at=7).raw)


def test_a_fork_in_a_log_file_is_evidence(world, chain):
    lines = [*world.entries("AAA"), again(world, chain[3], at=7).raw]
    data = export(world.agreement, world.entries("AAA"))
    found = audit(data + lines[-1] + b"\n")
    assert found.forks == ((chain[3], lines[-1]),)
    assert not found.sound
    assert [verify_evidence(file).what for file in evidence_in(found)] == [TWO_ENTRIES]


# --- heads --------------------------------------------------------------------------------------


def heads(world, *roots):
    key, head = world.cast.devices["AAA"], world.nodes["AAA"].log.chains["AAA"].head
    true = checkpoint(world.agreement.line, head)
    return [
        sign(Checkpoint(true.origin, true.size, each), key_name("AAA", 1), key) for each in roots
    ]


def test_one_head_twice_proves_nothing(world):
    statements = world.cast.statements("AAA")
    with pytest.raises(Malformed, match="different roots"):
        heads_evidence(world.agreement, statements, *heads(world, EMPTY_ROOT, EMPTY_ROOT))


def test_a_head_that_only_others_signed_proves_nothing(world):
    statements = [*world.cast.statements("AAA"), *world.cast.statements("BBB")]
    key = world.cast.devices["BBB"]
    one, two = heads(world, EMPTY_ROOT, bytes(32))
    foreign = sign(Checkpoint(one.split("\n")[0], 10, bytes(32)), key_name("BBB", 1), key)
    with pytest.raises(Malformed, match="not signed by the party"):
        heads_evidence(world.agreement, statements, one, foreign)
    assert verify_evidence(heads_evidence(world.agreement, statements, one, two)).size == 10


def test_lines_of_unknown_keys_are_left_out(world):
    (one,) = heads(world, EMPTY_ROOT)
    more = cosign(one, "nobody", world.cast.witness, 5)
    public = {"AAA/1": world.cast.devices["AAA"].public_key().public_bytes_raw()}
    assert known_lines(more, public) == one
    with pytest.raises(Malformed):
        known_lines(more, {"BBB/1": public["AAA/1"]})


# --- messages -----------------------------------------------------------------------------------


@pytest.fixture
def proof(world):
    place = world.nodes["BBB"].record.by_number["AAA-1"]
    log = audit(export(world.agreement, world.entries("BBB")))
    return prove_message(log, place, world.stores["BBB"].text(place))


def test_who_released_what_and_who_cosigned_it(world, proof):
    found = verify_evidence(proof)
    assert (found.party, found.number, found.officers) == ("AAA", "AAA-1", (2,))
    assert found.cosigners == ("BBB/1",)
    assert found.seq < found.size


@pytest.mark.parametrize("key", ["text", "path", "note", "entry", "certificates", "agreement"])
def test_no_part_of_it_can_be_exchanged(world, proof, key):
    world.send("AAA-2")
    value = decode(proof, most=100_000)
    value[key] = {
        "text": value["text"].replace("4 March", "5 March"),
        "path": value["path"][:-1],
        "note": heads(world, EMPTY_ROOT)[0],
        "entry": world.entries("AAA")[-1].decode(),
        "certificates": value["certificates"][:1],
        "agreement": value["agreement"] | {"title": "Another"},
    }[key]
    with pytest.raises(Malformed):
        verify_evidence(encode(value))


def test_what_nobody_cosigned_is_not_proved(world):
    world.send("AAA-2")
    place = world.nodes["AAA"].record.by_number["AAA-2"]
    log = audit(export(world.agreement, world.entries("AAA")))
    with pytest.raises(UsageError, match="cosigned"):
        prove_message(log, place, world.stores["AAA"].text(place))


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"v":1}', b"\xff", b'{"kind":"fork","v":2}'])
def test_what_is_no_file_of_evidence(data):
    with pytest.raises(Malformed):
        read_evidence(data)


def test_files_name_their_kind_and_nothing_else_may_stand_there(proof):
    value = json.loads(proof)
    assert value["kind"] in KINDS
    with pytest.raises(Malformed, match="not known"):
        read_evidence(encode(value | {"more": 1}))


def test_statements_of_a_log(world):
    found = statements_in(world.agreement, world.entries("BBB"))
    assert len(found) == 6
    assert {each[0]["party"] for each in found} == {"AAA", "BBB"}
