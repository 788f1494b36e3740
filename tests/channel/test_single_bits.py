"""One bit of what was signed, stored or sent is another: it is always noticed."""

import sys

import pytest
from numpy.random import default_rng

from detente.channel import verify_log, verify_offline
from detente.channel.audit import audit, export, prove_message
from detente.channel.canonical import Malformed
from detente.channel.checkpoints import checkpoint, key_name
from detente.channel.envelope import KINDS, read
from detente.channel.evidence import fork_evidence, heads_evidence, verify_evidence
from detente.channel.log import Log
from detente.channel.merkle import EMPTY_ROOT
from detente.channel.note import Checkpoint, sign
from detente.channel.protocol import outgoing
from detente.channel.sealing import HYBRID
from detente.channel.simulator.parties import DEVICE

MOST = 4_096


def flipped(data, bit):
    """The bytes with one bit changed."""
    place, shift = divmod(bit, 8)
    return data[:place] + bytes([data[place] ^ (1 << shift)]) + data[place + 1 :]


def told(capsys, what):
    with capsys.disabled():
        sys.stdout.write(f"\n{what}, all noticed\n")


def every_bit(data):
    return ((bit, flipped(data, bit)) for bit in range(8 * len(data)))


def samples(world):
    """The first entry of each kind, and the log as it was before it."""
    log, found = Log(world.agreement), {}
    for raw in world.entries("BBB"):
        entry = read(raw)
        assert log.place(entry) == ("next", "")
        found.setdefault(entry.kind, (raw, before(world, raw)))
        log.append(entry, log.judge(entry))
    roster = world.signed("roster", {"roster": {"party": "AAA", "watch": "+41 22 555 01 00"}})
    return found | {"roster": (roster.raw, log)}


def before(world, last):
    """The log up to an entry."""
    log = Log(world.agreement)
    for raw in world.entries("BBB"):
        if raw == last:
            break
        entry = read(raw)
        log.append(entry, log.judge(entry))
    return log


def is_refused(log, raw):
    try:
        place, _ = log.place(read(raw))
    except Malformed:
        return True
    return place not in {"next", "known", "fork"}


def count_in_envelopes(found):
    bits = 0
    for kind, (raw, log) in found.items():
        assert len(raw) <= MOST, kind
        for bit, changed in every_bit(raw):
            assert is_refused(log, changed), (kind, bit)
            bits += 1
    return bits


def complete(world):
    """The line's log with entries of all kinds: a lost text is asked for and sealed again."""
    node = world.nodes["BBB"]
    node.lost.add(node.record.by_number["AAA-1"])
    world.tick("BBB")
    world.pump()
    return world


def test_every_bit_of_a_short_envelope_of_each_kind(world):
    found = samples(complete(world))
    assert set(found) == set(KINDS)
    whole = sum(8 * len(raw) for raw, _ in found.values())
    assert count_in_envelopes(found) == whole > 30_000


@pytest.mark.long
def test_every_bit_of_a_hybrid_envelope_of_each_kind(make_world, capsys):
    world = make_world(suites=(HYBRID,))
    world.talk()
    bits = count_in_envelopes(samples(complete(world)))
    assert bits > 60_000
    told(capsys, f"{bits:,} bits of envelopes")


def holds(data):
    """Whether either reading of a log file finds all well."""
    try:
        sound = audit(data).sound
    except Malformed:
        sound = False
    try:
        return sound or bool(verify_log.verify(data))
    except verify_offline.BAD:
        return sound


def short_log(make_world):
    world = make_world()
    data = export(world.agreement, world.entries("AAA")[:3])
    assert 2_000 < len(data) <= MOST
    assert holds(data)
    return data


@pytest.mark.long
def test_every_bit_of_a_log(make_world, capsys):
    data = short_log(make_world)
    missed = [bit for bit, changed in every_bit(data) if holds(changed)]
    assert missed == []
    told(capsys, f"{8 * len(data):,} bits of a log")


def test_drawn_bits_of_a_short_log(make_world):
    data = short_log(make_world)
    assert not [bit for bit in drawn_bits(data, 1_000, 4) if holds(flipped(data, bit))]


def drawn_bits(data, count, seed):
    rng = default_rng(seed)
    return [int(bit) for bit in rng.choice(8 * len(data), count, replace=False)]


def test_drawn_bits_of_a_whole_log(world):
    data = export(world.agreement, world.entries("AAA"))
    assert all(not holds(flipped(data, bit)) for bit in drawn_bits(data, 150, 1))


# --- evidence -----------------------------------------------------------------------------------


def is_evidence(data):
    try:
        verify_evidence(data)
    except Malformed:
        pass
    else:
        return True
    try:
        verify_offline.verify(data)
    except verify_offline.BAD:
        return False
    return True


def files(world):
    """A file of evidence of each kind that the stand-alone verifier reads."""
    agreement, statements = world.agreement, world.cast.statements("AAA")
    log = audit(export(agreement, world.entries("AAA")))
    place = world.nodes["BBB"].record.by_number["AAA-1"]
    chain = log.chain("AAA").entries
    skipped = read(chain[2])
    shadow = rewritten(world, skipped)
    key, name = world.cast.devices["AAA"], key_name("AAA", DEVICE)
    head = world.nodes["AAA"].log.chains["AAA"].head
    true = checkpoint(agreement.line, head)
    false = Checkpoint(true.origin, true.size, EMPTY_ROOT)
    text = world.stores["AAA"].text(place)
    return {
        "fork": fork_evidence(agreement, statements, chain[2], shadow),
        "heads": heads_evidence(
            agreement, statements[:1], sign(true, name, key), sign(false, name, key)
        ),
        "message": prove_message(log, place, text),
    }


def rewritten(world, entry):
    from detente.channel.envelope import Header, write

    header = {name: getattr(entry, name) for name in Header.__dataclass_fields__}
    return write(world.cast.devices["AAA"], Header(**(header | {"at": entry.at + 1}))).raw


@pytest.mark.parametrize("kind", ["fork", "heads", "message"])
def test_drawn_bits_of_evidence(world, kind):
    data = files(world)[kind]
    assert is_evidence(data)
    assert not [bit for bit in drawn_bits(data, 1_000, 2) if is_evidence(flipped(data, bit))]


@pytest.mark.long
def test_every_bit_of_evidence(world, capsys):
    bits = 0
    for kind, data in files(world).items():
        assert len(data) <= MOST, kind
        for bit, changed in every_bit(data):
            assert not is_evidence(changed), (kind, bit)
            bits += 1
    told(capsys, f"{bits:,} bits of evidence")


# --- bundles ------------------------------------------------------------------------------------


def large_bundle(make_world):
    """A bundle of dozens of entries, and a node that has none of them yet."""
    world = make_world()
    world.pump()
    fresh = world.entries("BBB")
    for number in range(30):
        world.send(f"AAA-{number}")
        world.ms += 1
    world.nodes["AAA"].links["BBB"].offered.clear()
    raw = outgoing.make(world.nodes["AAA"], "BBB", world.moment)
    assert fresh == world.entries("BBB")
    return world, raw


def changes(world, raw):
    """Whether a bundle makes BBB write an entry, a text or a secret."""
    step = intake_step(world, raw)
    return step.writes or {event.kind for event in step.events} != {"refused"}


def intake_step(world, raw):
    from detente.channel.protocol.intake import receive

    return receive(world.nodes["BBB"], raw, world.moment)


def test_every_bit_of_a_bundles_header_and_20_000_of_the_rest(make_world):
    world, raw = large_bundle(make_world)
    header = raw.index(b"\n") + 1
    rest = 8 * header + default_rng(3).choice(8 * (len(raw) - header), 20_000, replace=False)
    bits = [*range(8 * header), *map(int, rest)]
    sizes, heads = world.nodes["BBB"].sizes(), world.nodes["BBB"].log.heads()
    missed = [bit for bit in bits if changes(world, flipped(raw, bit))]
    assert missed == []
    assert len(bits) == 8 * header + 20_000
    assert (world.nodes["BBB"].sizes(), world.nodes["BBB"].log.heads()) == (sizes, heads)
    assert changes(world, raw)
