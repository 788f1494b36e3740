import base64
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    frontier_from_bytes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from detente.ground.errors import StoreError, UsageError

SIZES = range(1, 34)
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]


# --- RFC 9162 as it is written, by recursion ------------------------------------------------------


def split(leaves):
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return k


def mth(leaves):
    """Section 2.1.1, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    k = split(leaves)
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m, leaves):
    """Section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(leaves)
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole):
    """Section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(leaves)
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


# --- vectors of transparency-dev/merkle -----------------------------------------------------------


def vectors(shared_data, name):
    text = (shared_data / "measures" / "vectors-merkle" / name).read_text()
    for vector in map(json.loads, text.splitlines()):
        yield vector, [octets(each) for each in vector["proof"] or ()]


def octets(text):
    return base64.b64decode(text, validate=True)


@pytest.mark.conformance
def test_every_vector_of_inclusion(shared_data):
    said = []
    for vector, proof in vectors(shared_data, "inclusion.jsonl"):
        leaf, top = octets(vector["leafHash"]), octets(vector["root"])
        holds = verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof, top)
        assert holds != vector["wantErr"], vector["path"]
        said.append(holds)
    assert (len(said), sum(said)) == (68, 5)


@pytest.mark.conformance
def test_every_vector_of_consistency(shared_data):
    said = []
    for vector, proof in vectors(shared_data, "consistency.jsonl"):
        roots = octets(vector["root1"]), octets(vector["root2"])
        holds = verify_consistency(vector["size1"], vector["size2"], *roots, proof)
        assert holds != vector["wantErr"], vector["path"]
        said.append(holds)
    assert (len(said), sum(said)) == (63, 4)


# --- roots ----------------------------------------------------------------------------------------


def test_hashes_that_are_published():
    """SHA-256 of nothing and of 0x00, and roots over the leaves of certificate-transparency-go."""
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")
    assert leaf_hash(b"").hex().startswith("6e340b9cffb37a989ca544e6bb780a2c")
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    entries.append("606162636465666768696a6b6c6d6e6f")
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in entries]
    assert root(leaves).hex().startswith("5dc9da79a70659a9ad559cb701ded9a2")
    assert root(leaves[:2]).hex().startswith("fac54203e7cc696cf0dfcb42c92a1d9d")


@pytest.mark.parametrize("size", [0, *SIZES])
def test_root_is_that_of_the_definition(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf)
    assert root(LEAVES[:size]) == frontier.root() == mth(LEAVES[:size])
    assert (frontier.size, len(frontier.hashes)) == (size, size.bit_count())


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_frontier_has_the_root_of_the_whole_list_wherever_it_is_stored(entries):
    leaves = [leaf_hash(entry) for entry in entries]
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier_from_bytes(frontier.as_bytes()).append(leaf)
    assert frontier.root() == root(leaves)


def test_a_frontier_is_not_changed_by_what_follows():
    before = Frontier().append(LEAVES[0])
    after = {before.append(LEAVES[1]), before.append(LEAVES[2])}
    assert before == Frontier(1, (LEAVES[0],))
    assert len(after) == 2


def test_a_damaged_frontier_is_the_operators_matter():
    stored = Frontier(3, (LEAVES[0], LEAVES[1])).as_bytes()
    assert frontier_from_bytes(stored) == Frontier(3, (LEAVES[0], LEAVES[1]))
    for data in (b"", b"\0" * 7, stored[:-1], stored + b"\0", b"\0" * 7 + b"\4" + stored[8:]):
        with pytest.raises(StoreError, match="damaged"):
            frontier_from_bytes(data)


# --- proofs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_of_every_leaf(size):
    top = mth(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(LEAVES, index, size)
        assert list(proof) == path(index, LEAVES[:size])
        for claimed in range(-1, size + 2):
            assert verify_inclusion(LEAVES[index], claimed, size, proof, top) == (claimed == index)


@pytest.mark.parametrize("new", SIZES)
def test_consistency_of_every_earlier_tree(new):
    top = mth(LEAVES[:new])
    for old in range(1, new + 1):
        proof = consistency_proof(LEAVES, old, new)
        assert list(proof) == subproof(old, LEAVES[:new], True)
        assert verify_consistency(old, new, mth(LEAVES[:old]), top, proof)
        other = mth([*LEAVES[: old - 1], leaf_hash(b"another")])
        assert not verify_consistency(old, new, other, top, proof)
        for claimed in range(old):
            assert not verify_consistency(claimed, new, mth(LEAVES[:claimed]), top, proof)


@given(st.integers(1, 5000), st.data())
def test_proofs_of_larger_trees(size, data):
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    top = root(leaves)
    proof = inclusion_proof(leaves, index, size)
    assert verify_inclusion(leaves[index], index, size, proof, top)
    assert len(proof) <= (size - 1).bit_length()
    proof = consistency_proof(leaves, index + 1, size)
    assert verify_consistency(index + 1, size, root(leaves[: index + 1]), top, proof)


def changes(proof):
    """The proof with one bit changed, with one hash less, twice or more, and with two exchanged."""
    for place, part in enumerate(proof):
        for bit in range(256):
            changed = (int.from_bytes(part, "big") ^ 1 << bit).to_bytes(32, "big")
            yield [*proof[:place], changed, *proof[place + 1 :]]
        yield [*proof[:place], *proof[place + 1 :]]
        yield [*proof[:place], part, *proof[place:]]
        yield [*proof[:place], part[:-1], *proof[place + 1 :]]
    yield [*proof, EMPTY_ROOT]
    for first, second in pairwise(range(len(proof))):
        exchanged = list(proof)
        exchanged[first], exchanged[second] = exchanged[second], exchanged[first]
        yield exchanged


def test_every_changed_proof_is_refused():
    tried = 0
    for size in range(1, 10):
        top = mth(LEAVES[:size])
        for place in range(size):
            for proof in changes(inclusion_proof(LEAVES, place, size)):
                assert not verify_inclusion(LEAVES[place], place, size, proof, top)
                tried += 1
            old = mth(LEAVES[: place + 1])
            for proof in changes(consistency_proof(LEAVES, place + 1, size)):
                assert not verify_consistency(place + 1, size, old, top, proof)
                tried += 1
    assert tried > 40_000


def test_a_hash_of_another_length_cannot_lend_a_byte_to_its_neighbour():
    """HASH(0x01 || left || right) alone would take 31 and 33 bytes for 32 and 32."""
    left, right = LEAVES[:2]
    top = node_hash(left, right)
    assert verify_inclusion(left, 0, 2, [right], top)
    assert node_hash(left + right[:1], right[1:]) == top
    assert not verify_inclusion(left + right[:1], 0, 2, [right[1:]], top)


def test_a_proof_of_another_height_is_refused():
    """The hashes fit, but the tree of the size that is claimed is lower or higher."""
    assert not verify_inclusion(LEAVES[1], 0, 1, [LEAVES[0]], mth(LEAVES[:2]))
    assert not verify_inclusion(LEAVES[0], 0, 8, inclusion_proof(LEAVES, 0, 4), mth(LEAVES[:4]))
    lower, higher = consistency_proof(LEAVES, 11, 12), consistency_proof(LEAVES, 2, 4)
    assert not verify_consistency(3, 4, mth(LEAVES[:11]), mth(LEAVES[:12]), lower)
    assert not verify_consistency(2, 8, mth(LEAVES[:2]), mth(LEAVES[:4]), higher)


def test_trees_that_do_not_exist_have_no_proof():
    for index, size in ((-1, 3), (3, 3), (0, 0), (0, 41)):
        with pytest.raises(UsageError, match="no leaf"):
            inclusion_proof(LEAVES, index, size)
    for old, new in ((0, 3), (4, 3), (3, 41), (-1, 1)):
        with pytest.raises(UsageError, match="extends"):
            consistency_proof(LEAVES, old, new)
