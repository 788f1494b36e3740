from dataclasses import replace

import pytest

from detente.channel import envelope, verify_log
from detente.channel.audit import agree, audit, evidence_in, export
from detente.channel.canonical import Malformed
from detente.channel.checkpoints import checkpoint, key_name
from detente.channel.envelope import Head, Header
from detente.channel.evidence import DENIED, TAKES_BACK, TWO_ENTRIES, verify_evidence
from detente.channel.merkle import Frontier, leaf_hash
from detente.channel.note import Checkpoint, sign
from detente.channel.regular import slot_of
from detente.ground.errors import UsageError


def exported(world, party="AAA", size=None):
    return export(world.agreement, world.entries(party)[:size])


def signed(world, seq, prev, party="AAA", **header):
    """An entry that a device of AAA signs though its node would not."""
    chains = world.nodes[party].log.chains
    made = Header(
        line=world.agreement.line,
        sender="AAA",
        seq=seq,
        prev=prev,
        seen=(chains["BBB"].head,),
        at=world.at,
        device=1,
        **header,
    )
    return envelope.write(world.cast.devices["AAA"], made)


def test_a_sound_log(world):
    found = audit(exported(world))
    assert found.sound
    assert found.line == world.agreement.line
    assert [(each.party, each.size) for each in found.chains] == list(
        world.nodes["AAA"].sizes().items()
    )
    for chain in found.chains:
        assert chain.root == world.nodes["BBB"].log.chains[chain.party].head.root
    assert found.irregular == found.forks == found.denied == ()
    assert found.certificates[0] == ("AAA", 1, "device", "device 1", 0)
    assert len(found.certificates) == 6


def test_who_cosigned_which_heads(world):
    held = audit(exported(world)).checkpoints
    cosigned = {(each.party, each.cosigners) for each in held if each.cosigners}
    assert cosigned == {("AAA", ("BBB/1",)), ("BBB", ("AAA/1",))}
    for each in held:
        root = world.nodes["AAA"].log.chains[each.party].root_at(each.size)
        assert root == each.root


def test_what_was_left_out_is_said(world):
    head, *lines, _ = exported(world).split(b"\n")
    for gone in (0, 3, len(lines) - 1):
        kept = [line for number, line in enumerate(lines) if number != gone]
        found = audit(b"\n".join([head, *kept, b""]))
        assert not found.sound
        assert found.damage[-1].startswith("The entries are not those of the tree heads")


def test_an_early_or_doubled_entry_is_said(world):
    head, *lines, _ = exported(world).split(b"\n")
    late = audit(b"\n".join([head, lines[1], lines[0], *lines[2:], b""]))
    assert "stands before what it follows" in late.damage[0]
    assert late.damage[0].startswith("Line 2:")
    twice = audit(b"\n".join([head, *lines, lines[2], b""]))
    assert "twice" in twice.damage[0]
    assert "line's end" in audit(b"\n".join([head, *lines])).damage[0]


@pytest.mark.parametrize("data", [b"", b"{}\n", b"\n", b"[]\n", b'{"heads":[],"v":1}\n'])
def test_what_is_no_log(data):
    with pytest.raises(Malformed):
        audit(data)


def test_entries_of_another_line_are_not_exported(world, make_world):
    other = make_world(seed=8, parties=3)
    with pytest.raises(UsageError, match="no party of this line"):
        export(world.agreement, other.entries("CCC"))
    foreign = audit(export(world.agreement, make_world(seed=9).entries("AAA")))
    assert all("another line" in each for each in foreign.damage[:-1])


def test_irregular_entries_are_their_senders_and_leave_the_log_sound(world):
    chain = world.nodes["AAA"].log.chains["AAA"]
    odd = signed(world, chain.size, chain.last, kind="lost", body={"of": "nothing"}).raw
    data = export(world.agreement, [*world.entries("AAA"), odd])
    found = audit(data)
    assert found.sound
    assert [each.place for each in found.irregular] == [("AAA", chain.size)]
    assert verify_log.verify(data)


def test_a_signed_head_that_its_chain_denies(world):
    chain = world.nodes["AAA"].log.chains["AAA"]
    true = checkpoint(world.agreement.line, chain.head)
    key = world.cast.devices["AAA"]
    false = sign(Checkpoint(true.origin, true.size, bytes(32)), key_name("AAA", 1), key)
    every = world.agreement.test_every
    world.at += every
    while slot_of(world.agreement, world.at)[1] != "AAA":
        world.at += every
    body = {"slot": world.at // every, "text": "", "notes": [false]}
    odd = signed(world, chain.size, chain.last, kind="test", body=body).raw
    found = audit(export(world.agreement, [*world.entries("AAA"), odd]))
    assert not found.irregular
    assert [(each.party, each.size) for each in found.denied] == [("AAA", true.size)]
    assert not found.sound
    assert [verify_evidence(file).what for file in evidence_in(found)] == [DENIED]


def test_a_word_that_was_taken_back_is_evidence(world):
    chains = world.nodes["AAA"].log.chains
    size = chains["AAA"].seen["BBB"] - 1
    less = Head("BBB", size, chains["BBB"].root_at(size))
    odd = world.signed("lost", {"of": []}, seen=(less,)).raw
    found = audit(export(world.agreement, [*world.entries("AAA"), odd]))
    assert found.sound
    assert [verify_evidence(file).what for file in evidence_in(found)] == [TAKES_BACK]


# --- two logs -----------------------------------------------------------------------------------


def test_two_logs_agree(world):
    both = agree(audit(exported(world)), audit(exported(world, "BBB")))
    assert both.agree
    assert all(each.sizes[0] == each.sizes[1] == each.common for each in both.chains)


@pytest.mark.parametrize("size", [0, 1, 5, 9, 14])
def test_a_log_that_is_behind_agrees_as_far_as_it_goes(world, size):
    short, whole = audit(exported(world, size=size)), audit(exported(world, "BBB"))
    for pair in ((short, whole), (whole, short)):
        both = agree(*pair)
        assert both.agree
        for each in both.chains:
            assert each.common == min(each.sizes)
            tree = Frontier()
            for raw in whole.chain(each.party).entries[: each.common]:
                tree = tree.append(leaf_hash(raw))
            assert short.chain(each.party).size == each.common


def test_a_proof_is_needed_and_is_of_these_heads(world):
    both = agree(audit(exported(world, size=9)), audit(exported(world)))
    for each in both.chains:
        assert each.proof
        assert each.agrees
        assert not replace(each, proof=each.proof[:-1]).agrees
        assert not replace(each, roots=each.roots[::-1]).agrees


def test_logs_that_part_leave_evidence(world):
    chain = world.nodes["AAA"].log.chains["AAA"]
    one, two = (
        signed(world, chain.size, chain.last, kind="lost", body={"of": [], "x": each}).raw
        for each in "ab"
    )
    logs = [audit(export(world.agreement, [*world.entries("AAA"), each])) for each in (one, two)]
    both = agree(*logs)
    assert not both.agree
    assert [each.agrees for each in both.chains] == [False, True]
    assert [verify_evidence(file).what for file in both.forks] == [TWO_ENTRIES]
    assert both.chains[0].common == chain.size


def test_logs_of_two_lines_do_not_agree(world, make_world):
    other = make_world(seed=9)
    both = agree(audit(exported(world)), audit(exported(other)))
    assert not both.same_line
    assert not both.agree
