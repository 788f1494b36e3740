"""Verify an exported log of a detente line, or that its entries deny a signed head: offline.

Run `python verify_log.py FILE` with `verify_offline.py` in the same folder; exits as that does.
Says of every chain that each entry bears the signature of a certified device and follows the one
before, whether each sender had seen what stands here, and which heads others cosigned.
"""
# ruff: noqa: D103, T201, PTH123 - to be read by outsiders from top to bottom

import json
import sys
from contextlib import suppress
from functools import reduce
from typing import Any

try:
    from detente.channel import verify_offline as offline
except ImportError:  # an outsider has the two files alone
    import verify_offline as offline  # type: ignore[import-not-found,no-redef]

need, parse, sha256 = offline.need, offline.parse, offline.sha256
Tree = tuple[tuple[int, bytes], ...]  # sizes and roots of perfect subtrees (RFC 9162, 2.1.1)


def grow(tree: Tree, leaf: bytes) -> Tree:
    size = 1
    while tree and tree[-1][0] == size:
        tree, size, leaf = tree[:-1], 2 * size, sha256(b"\1", tree[-1][1], leaf)
    return (*tree, (size, leaf))


def root_of(tree: Tree) -> str:
    hashes = [each for _, each in reversed(tree)] or [sha256()]
    return offline.text64(reduce(lambda right, left: sha256(b"\1", left, right), hashes))


class Chain:
    """What was read of one party's chain."""

    def __init__(self) -> None:
        self.last, self.tree, self.roots = "", Tree(), [root_of(())]
        self.saw: dict[str, int] = {}
        self.keys: dict[int, Any] = {}

    def add(self, one: Any) -> None:  # noqa: D102
        need((one["seq"], one["prev"]) == (len(self.roots) - 1, self.last), "it is no chain")
        self.last, self.tree = one["digest"], grow(self.tree, one["leaf"])
        self.roots.append(root_of(self.tree))


def saw_what_stands_here(head: Any, chains: dict[str, Chain]) -> bool:
    """Whether a sender's word of the other chains is true and takes nothing back."""
    sender, seen, fine = chains[head["from"]], head["seen"], True
    fine = sorted([head["from"], *(party for party, _, _ in seen)]) == sorted(chains)
    for party, size, root in seen:
        if party in chains:
            need(size < len(chains[party].roots), "an entry stands before what its sender saw")
            fine = fine and size >= sender.saw.get(party, 0) and root == chains[party].roots[size]
            sender.saw[party] = max(size, sender.saw.get(party, 0))
    return fine


def brought(head: Any, agreement: Any) -> Any:
    """The certificate that an entry brings, or None; its sender may have put anything there."""
    with suppress(*offline.BAD):
        key = offline.certificate(head["body"]["statement"], agreement)
        return key if head["kind"] == "credential" and key["party"] == head["from"] else None
    return None


def take(raw: str, agreement: Any, line: str, chains: dict[str, Chain]) -> tuple[Any, bool]:
    """Verify the next entry and add it to its chain; also whether it says what it saw truly."""
    head = parse(raw)[0]
    chain, new = chains[head["from"]], brought(head, agreement)
    fresh = new is not None and not new["revoked"] and new["serial"] not in chain.keys
    ring = [*chain.keys.values(), *([new] if fresh else [])]
    one, fine = offline.entry(raw, line, ring), saw_what_stands_here(head, chains)
    chain.add(one)
    if new is not None and fine and len(head["body"]) == 1:
        if fresh:
            chain.keys[new["serial"]] = new
        elif new["revoked"] and new["serial"] in chain.keys:
            chain.keys[new["serial"]] |= {"revoked": 1}
    return one, fine


def verify(data: bytes) -> str:
    """What a log or a denied head proves, in plain words; raises where it does not hold."""
    first, *lines = data.decode().split("\n")
    file = parse(first)
    agreement, line = (
        file["agreement"],
        offline.text64(sha256(offline.canonical(file["agreement"]))),
    )
    if file.get("kind") == "denied":
        return denied(file, agreement, line)
    chains = {party: Chain() for party, _, _ in agreement["parties"]}
    need(file["v"] == 1 and lines.pop() == "", "the file is cut off")
    read = [take(raw, agreement, line, chains) for raw in lines]
    heads = [[party, len(each.roots) - 1, each.roots[-1]] for party, each in chains.items()]
    need(heads == file["heads"], "the entries are not those of the heads in the first line")
    keys = [key | {"revoked": 0} for chain in chains.values() for key in chain.keys.values()]
    best = {party: (0, ["nobody"]) for party in chains}
    for text in (each for one, _ in read if one["kind"] == "test" for each in one["body"]["notes"]):
        with suppress(*offline.BAD):
            party, size, root, others = offline.note(text, agreement, line, keys)
            if others and chains[party].roots[size] == root:
                best[party] = max(best[party], (size, others))
    told = [
        f"{party} signed {size} entries with the root {root}, "
        f"the first {best[party][0]} of them cosigned by {', '.join(best[party][1])}."
        for party, size, root in heads
    ]
    return "\n".join([*told, f"Entries whose word of others is not true here: {wrong(read)}."])


def wrong(read: list[tuple[Any, bool]]) -> str:
    return ", ".join(f"{one['from']}-{one['seq']}" for one, fine in read if not fine) or "none"


def denied(file: Any, agreement: Any, line: str) -> str:
    """A head that a party signed, and the entries that do not have it."""
    keys = [offline.certificate(each, agreement) for each in file["certificates"]]
    party, size, root, _ = offline.note(file["note"], agreement, line, keys)
    chain = Chain()
    for raw in file["entries"]:
        one = offline.entry(raw, line, keys)
        need(one["from"] == party, "an entry is of another chain")
        chain.add(one)
    need(file["v"] == 1 and 0 < size == len(chain.roots) - 1, "the entries are not those it counts")
    need(chain.roots[-1] != root, "the head is that of the entries")
    return f"{party} signed a head of {size} entries that its own entries deny."


def main() -> int:
    line = ""
    try:
        with open(sys.argv[1], "rb") as file:
            data = file.read()
        agreement = json.loads(data.split(b"\n")[0])["agreement"]
        line = offline.text64(sha256(offline.canonical(agreement)))
        print(f"PROVED, on the line {line}:\n{verify(data)}")
    except (OSError, *offline.BAD) as error:
        print(f"NOT PROVED: {error}." if line else f"This is no log: {error}")
        return 1 if line else 2
    print("Not proved: that no later entries exist; whether what was said is so; when it was.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
