"""The Merkle tree over a chain's entries: roots, and proofs that it holds or extends another.

RFC 9162, section 2.1, with SHA-256. A tree of n leaves is split at the largest power of two below
n. Built from the leaves up, that is the same as pairing neighbours level by level and lifting an
odd last node as it stands; roots and proofs here are made that way, in n hashes and without
recursion. A `Frontier` is what the next root needs of all the leaves before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from detente.ground.errors import StoreError, UsageError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
_SIZE_BYTES = 8


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry as a leaf: SHA-256(0x00 || data) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two hashes: SHA-256(0x01 || left || right) (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """The roots of the perfect subtrees of a tree of ``size`` leaves, the largest first.

    They are as many as ``size`` has ones in binary.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf, given by its hash."""
        *left, node = *self.hashes, leaf
        size = self.size
        while size & 1:
            node = node_hash(left.pop(), node)
            size >>= 1
        return Frontier(self.size + 1, (*left, node))

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes))

    def as_bytes(self) -> bytes:
        """The frontier to be stored: the size in 8 bytes, big-endian, and the hashes."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.hashes)


def frontier_from_bytes(data: bytes) -> Frontier:
    """The frontier that was stored; `StoreError` where the bytes are none."""
    size = int.from_bytes(data[:_SIZE_BYTES], "big")
    if len(data) != _SIZE_BYTES + HASH_BYTES * size.bit_count():
        raise StoreError("The stored frontier of a log is damaged.")
    places = range(_SIZE_BYTES, len(data), HASH_BYTES)
    return Frontier(size, tuple(data[place : place + HASH_BYTES] for place in places))


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaves (RFC 9162, 2.1.1)."""
    level = leaf_hashes
    while len(level) > 1:
        level = _parents(level)
    return level[0] if level else EMPTY_ROOT


def _parents(level: Sequence[bytes]) -> list[bytes]:
    """The next level: neighbours paired, an odd last node as it stands."""
    parents = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=False)]
    if len(level) % 2:
        parents.append(level[-1])
    return parents


# --- proofs -----------------------------------------------------------------------------------


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> tuple[bytes, ...]:
    """The proof that leaf ``index`` stands in the tree of the first ``size`` leaves.

    The hashes beside the way from the leaf to the root, in that order (RFC 9162, 2.1.3.1).

    Raises
    ------
    UsageError
        There are not that many leaves.
    """
    if not 0 <= index < size <= len(leaf_hashes):
        raise UsageError(f"There is no leaf {index} in a tree of {size}.")
    return _beside(leaf_hashes[:size], index)


def _beside(level: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes beside the way from the node ``index`` of a level to the root."""
    hashes = []
    while len(level) > 1:
        if index ^ 1 < len(level):
            hashes.append(level[index ^ 1])
        level = _parents(level)
        index >>= 1
    return tuple(hashes)


def consistency_proof(leaf_hashes: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of the first ``new`` leaves extends that of the first ``old``.

    It starts at the last perfect subtree of the old tree, which is left out where it is the whole
    of that tree, and goes to the root of the new one (RFC 9162, 2.1.4.1).

    Raises
    ------
    UsageError
        There are not that many leaves, or the old tree is empty or the larger one.
    """
    if not 0 < old <= new <= len(leaf_hashes):
        raise UsageError(f"No tree of {new} leaves extends one of {old} here.")
    if old == new:
        return ()
    level, last = leaf_hashes[:new], old - 1
    while last & 1:
        level = _parents(level)
        last >>= 1
    start = (level[last],) if last else ()
    return start + _beside(level, last)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a leaf of that hash stands at ``index`` in the tree of that size and root.

    RFC 9162, 2.1.3.2.
    """
    if not (0 <= index < size and _are_hashes(leaf, root, *proof)):
        return False
    place, last, node = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(beside, node)
            place, last = _lifted(place, last)
        else:
            node = node_hash(node, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of the new size and root extends the tree of the old size and root.

    RFC 9162, 2.1.4.2. Equal sizes need equal roots and an empty proof. An empty old tree proves
    nothing of the new one and is refused.
    """
    if not (0 < old_size <= new_size and _are_hashes(old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            place, last = _lifted(place, last)
        else:
            new = node_hash(new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _lifted(place: int, last: int) -> tuple[int, int]:
    """Past the levels where an odd last node is lifted as it stands."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)
