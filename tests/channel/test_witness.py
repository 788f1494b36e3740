import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from detente.channel import merkle, note
from detente.channel.canonical import Malformed
from detente.channel.checkpoints import checkpoint, origin
from detente.channel.merkle import leaf_hash
from detente.channel.note import Checkpoint
from detente.channel.witness import (
    MOST_HASHES,
    Cosigned,
    Cosigner,
    Refusal,
    Request,
    Seen,
    State,
    consider,
    read_request,
    request,
)
from detente.ground.errors import UsageError

LOG = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
ME = Cosigner("w.example", Ed25519PrivateKey.from_private_bytes(b"\2" * 32))
ORIGIN, NAME, AT = "detente.line/x/AAA", "AAA/1", 1_800_000_000
LEAVES = [leaf_hash(bytes([each])) for each in range(40)]
OTHER = [leaf_hash(bytes([each, each])) for each in range(40)]


def public(key):
    return key.public_key().public_bytes_raw()


KEYS = {ORIGIN: {NAME: public(LOG)}}


def ask(size, old, leaves=LEAVES, key=LOG, of=ORIGIN):
    head = Checkpoint(of, size, merkle.root(leaves[:size]))
    return request(head, NAME, key, leaves, old)


def seen(size, leaves=LEAVES):
    answer = consider(State(), ask(size, 0, leaves), KEYS, ME, AT)
    assert isinstance(answer, Cosigned)
    return answer.state


@given(st.integers(1, 40), st.integers(1, 40))
def test_it_cosigns_what_extends_what_it_saw(one, two):
    old, new = sorted((one, two))
    answer = consider(seen(old), ask(new, old), KEYS, ME, AT)
    assert isinstance(answer, Cosigned)
    kept = answer.state.chains[ORIGIN]
    assert (kept.size, kept.root) == (new, merkle.root(LEAVES[:new]))
    read = note.read(answer.note)
    assert note.verify(read, {ME.name: public(ME.key)}) == (ME.name,)
    assert note.verify(read, KEYS[ORIGIN]) == (NAME,)


@given(st.integers(1, 40), st.integers(1, 40))
def test_it_refuses_another_tree(one, two):
    old, new = sorted((one, two))
    answer = consider(seen(old), ask(new, old, OTHER), KEYS, ME, AT)
    assert isinstance(answer, Refusal)
    assert answer.size == old
    assert bool(answer.evidence) == (old == new)


def test_two_notes_of_one_size_are_evidence():
    state = seen(7)
    answer = consider(state, ask(7, 0, OTHER), KEYS, ME, AT)
    first, second = map(note.read, answer.evidence)
    assert first.checkpoint.size == second.checkpoint.size == 7
    assert first.checkpoint.root != second.checkpoint.root
    for each in (first, second):
        assert note.verify(each, KEYS[ORIGIN]) == (NAME,)


def test_it_never_goes_back():
    answer = consider(seen(9), ask(7, 0), KEYS, ME, AT)
    assert isinstance(answer, Refusal)
    assert answer.size == 9
    assert "larger head" in answer.reason


def test_the_proof_must_begin_at_the_size_that_is_held():
    answer = consider(seen(5), ask(9, 4), KEYS, ME, AT)
    assert isinstance(answer, Refusal)
    assert answer.size == 5
    assert "does not begin" in answer.reason


def test_a_first_head_needs_no_proof_and_may_have_none():
    asked = ask(9, 0)
    assert asked.proof == ()
    padded = dataclasses.replace(asked, proof=(bytes(32),))
    assert isinstance(consider(State(), padded, KEYS, ME, AT), Refusal)


def test_the_same_head_is_cosigned_again():
    answer = consider(seen(9), ask(9, 9), KEYS, ME, AT + 60)
    assert isinstance(answer, Cosigned)
    assert answer.state == seen(9)


def test_it_answers_for_known_chains_and_keys_only():
    unknown = consider(State(), ask(3, 0, of="other"), KEYS, ME, AT)
    assert isinstance(unknown, Refusal)
    foreign = consider(State(), ask(3, 0, key=ME.key), KEYS, ME, AT)
    assert isinstance(foreign, Refusal)
    broken = consider(State(), Request(0, (), "no note"), KEYS, ME, AT)
    assert isinstance(broken, Refusal)


def test_chains_do_not_touch_each_other():
    keys = KEYS | {"b": KEYS[ORIGIN]}
    answer = consider(seen(9), ask(3, 0, OTHER, of="b"), keys, ME, AT)
    assert isinstance(answer, Cosigned)
    assert {of: each.size for of, each in answer.state.chains.items()} == {
        ORIGIN: 9,
        "b": 3,
    }


@given(st.integers(1, 40), st.integers(0, 40))
def test_requests_have_one_text(size, old):
    asked = ask(size, min(old, size))
    assert read_request(asked.text) == asked
    assert asked.text.startswith(f"old {min(old, size)}\n")
    assert len(asked.proof) <= MOST_HASHES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 1\n",
        "old 01\n\nx",
        "old -1\n\nx",
        "old 1\nAAAA\n\nx",
        "new 1\n\nx",
        "old 1" + ("\n" + "A" * 43 + "=") * 64 + "\n\nx",
    ],
)
def test_what_is_no_request(text):
    with pytest.raises(Malformed):
        read_request(text)


def test_a_log_cannot_ask_for_what_it_does_not_have():
    with pytest.raises(UsageError):
        ask(3, 4)
    head = Checkpoint(ORIGIN, 41, bytes(32))
    with pytest.raises(UsageError):
        request(head, NAME, LOG, LEAVES, 2)


def test_no_body_reaches_it(world):
    """What a node sends a witness holds hashes, a size and a name, and no part of any entry."""
    chain = world.nodes["AAA"].log.chains["AAA"]
    raws = [raw for raw in world.entries("AAA") if b'"from":"AAA"' in raw]
    key = world.cast.devices["AAA"]
    head = checkpoint(world.agreement.line, chain.head)
    asked = request(head, NAME, key, [leaf_hash(raw) for raw in raws], 3)
    keys = {origin(world.agreement.line, "AAA"): {NAME: public(key)}}
    held = Seen(3, merkle.root([leaf_hash(raw) for raw in raws[:3]]), "")
    answer = consider(State({head.origin: held}), asked, keys, ME, AT)
    assert isinstance(answer, Cosigned)
    line = world.agreement.line
    shown = (asked.text + answer.note + str(answer.state)).replace(line, "")
    for raw in (each.decode().replace(line, "") for each in raws):
        assert not any(raw[at : at + 20] in shown for at in range(len(raw) - 20))
