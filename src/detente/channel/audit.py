"""A whole log as one file, judged from nothing but its bytes; and the proof that two logs agree.

The file has a header line (format, agreement, tree heads) and then the entries, one a line, in the
order in which they came, which is causal. An audit believes none of it: it verifies signatures,
chains, roots, what each sender says it saw, and the checkpoints that others cosigned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente.channel import envelope, merkle, note
from detente.channel.canonical import Malformed, decode, encode, from_text, to_text
from detente.channel.checkpoints import key_name, keys_by_name, origin
from detente.channel.envelope import HASH_BYTES, Head, read_head
from detente.channel.evidence import (
    denied_evidence,
    fork_between,
    fork_evidence,
    message_evidence,
    statements_in,
)
from detente.channel.keys import Agreement, agreement_from_plain
from detente.channel.log import Log
from detente.channel.merkle import Frontier, leaf_hash
from detente.channel.record import Place
from detente.channel.take import Fields
from detente.ground.errors import UsageError

MAX_HEADER = 65_536


@dataclass(frozen=True)
class ChainAudit:
    """One party's chain in a log: its entries' bytes, and the root of their tree as text."""

    party: str
    root: str
    entries: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self.entries)

    @property
    def leaves(self) -> list[bytes]:
        """The entries' hashes as leaves of their tree."""
        return [leaf_hash(raw) for raw in self.entries]


@dataclass(frozen=True)
class Irregular:
    """An entry that its sender signed and that breaks rules, in sentences."""

    place: Place
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Signed:
    """A checkpoint of a party's chain under its signature, in the test message at ``place``.

    ``cosigners`` are names of other parties' devices (``BBB/1``) and of witnesses.
    """

    party: str
    size: int
    root: str
    cosigners: tuple[str, ...]
    place: Place
    note: str


@dataclass(frozen=True)
class Audit:
    """What a log file is found to be.

    ``damage`` says, line by line, what does not stand as it should; ``forks`` are pairs of entries
    that cannot stand in one chain; ``checkpoints`` are those that the chains bear out and
    ``denied`` those that they do not; ``certificates`` are the roots' statements, by party and
    number, with those revoked.
    """

    agreement: Agreement
    chains: tuple[ChainAudit, ...]
    irregular: tuple[Irregular, ...]
    forks: tuple[tuple[bytes, bytes], ...]
    checkpoints: tuple[Signed, ...]
    denied: tuple[Signed, ...]
    certificates: tuple[tuple[str, int, str, str, int], ...]
    damage: tuple[str, ...]

    @property
    def line(self) -> str:
        """The line's id."""
        return self.agreement.line

    @property
    def sound(self) -> bool:
        """Whether all holds; irregular entries are their senders' and leave a log sound."""
        return not (self.damage or self.forks or self.denied)

    def chain(self, party: str) -> ChainAudit:
        """The chain of a party."""
        return next(each for each in self.chains if each.party == party)

    @property
    def statements(self) -> list[list[object]]:
        """The certificates as the roots signed them."""
        entries = (raw for chain in self.chains for raw in chain.entries)
        return statements_in(self.agreement, entries)


def export(agreement: Agreement, entries: Iterable[bytes]) -> bytes:
    """A log as one file.

    Parameters
    ----------
    entries
        The entries' bytes in causal order, as a store holds them (`Store.held`).
    """
    kept = list(entries)
    frontiers = {party: Frontier() for party in agreement.ids}
    for raw in kept:
        sender = envelope.read(raw).sender
        if sender not in frontiers:
            raise UsageError("An entry is of no party of this line.")
        frontiers[sender] = frontiers[sender].append(leaf_hash(raw))
    heads = [[party, each.size, to_text(each.root())] for party, each in frontiers.items()]
    header = encode({"v": 1, "agreement": agreement.as_plain(), "heads": heads})
    return b"".join(line + b"\n" for line in (header, *kept))


def audit(data: bytes) -> Audit:
    """Judge a log file.

    Raises
    ------
    Malformed
        Its first line is no header of a log. Whatever else is wrong is said in the result.
    """
    first, *lines = data.split(b"\n")
    agreement, heads = _header(first)
    log, damage = Log(agreement), []
    if not lines or lines.pop():
        damage.append("The file does not end with a line's end.")
    chains: dict[str, list[bytes]] = {party: [] for party in agreement.ids}
    irregular: list[Irregular] = []
    forks: list[tuple[bytes, bytes]] = []
    for number, raw in enumerate(lines, start=2):
        problem = _take(log, chains, raw, irregular, forks)
        if problem:
            damage.append(f"Line {number}: {problem}")
    if log.heads() != heads:
        damage.append("The entries are not those of the tree heads in the first line.")
    signed, denied = _checkpoints(log, chains)
    audits = [ChainAudit(each.party, each.root, tuple(chains[each.party])) for each in log.heads()]
    return Audit(
        agreement=agreement,
        chains=tuple(audits),
        irregular=tuple(irregular),
        forks=tuple(forks),
        checkpoints=tuple(signed),
        denied=tuple(denied),
        certificates=_certificates(log),
        damage=tuple(damage),
    )


def _header(line: bytes) -> tuple[Agreement, tuple[Head, ...]]:
    fields = Fields(decode(line, most=MAX_HEADER), "header")
    fields.number("v", 1, 1)
    agreement = agreement_from_plain(fields.plain("agreement"))
    heads = tuple(read_head(row) for row in fields.rows("heads", 3, len(agreement.parties)))
    fields.end()
    return agreement, heads


def _take(
    log: Log,
    chains: dict[str, list[bytes]],
    raw: bytes,
    irregular: list[Irregular],
    forks: list[tuple[bytes, bytes]],
) -> str:
    """Take in a line of the file; returns what is wrong with it, empty where nothing is."""
    try:
        entry = envelope.read(raw)
    except Malformed as error:
        return str(error)
    place, reason = log.place(entry)
    if place == "fork":
        chain = chains[entry.sender]
        forks.append((chain[min(entry.seq, len(chain) - 1)], raw))
        return ""
    if place == "gap":
        return f"Entry {entry.seq} of {entry.sender} stands before what it follows."
    if place != "next":
        return reason or f"Entry {entry.seq} of {entry.sender} stands here twice."
    found = log.judge(entry)
    log.append(entry, found)
    chains[entry.sender].append(raw)
    if found:
        irregular.append(Irregular((entry.sender, entry.seq), found))
    return ""


def _certificates(log: Log) -> tuple[tuple[str, int, str, str, int], ...]:
    """Party, number, role, name, and whether it was revoked."""
    return tuple(
        (party, serial, each.role, each.name, each.revoked)
        for party, chain in log.chains.items()
        for serial, each in chain.keyring.certificates
    )


def _checkpoints(log: Log, chains: dict[str, list[bytes]]) -> tuple[list[Signed], list[Signed]]:
    """The signed checkpoints in test messages: those that the chains bear out, and the others."""
    keys = keys_by_name(log)
    held: list[Signed] = []
    denied: list[Signed] = []
    for party, slots in ((party, chain.tests) for party, chain in log.chains.items()):
        for seq in slots.values():
            for text in envelope.read(chains[party][seq]).body["notes"]:
                signed = _signed(log, keys, (party, seq), text)
                chain = log.chains[signed.party] if signed else None
                if signed is None or chain is None or signed.size > chain.size:
                    continue
                bears_out = chain.root_at(signed.size) == signed.root
                (held if bears_out else denied).append(signed)
    return held, denied


def _signed(log: Log, keys: dict[str, bytes], place: Place, text: str) -> Signed | None:
    """The checkpoint in a text, where its own party signed it."""
    try:
        read = note.read(text)
        names = note.verify(read, keys)
    except Malformed:
        return None
    head = read.checkpoint
    party = {origin(log.line, each): each for each in log.chains}.get(head.origin)
    if party is None:
        return None
    own = {key_name(party, serial) for serial, _ in log.chains[party].keyring.certificates}
    if not own & set(names):
        return None
    others = tuple(name for name in names if name not in own)
    return Signed(party, head.size, to_text(head.root), others, place, text)


# --- evidence from a log ------------------------------------------------------------------------


def prove_message(log: Audit, place: Place, text: bytes) -> bytes:
    """The file that proves one message of a log (`evidence.message_evidence`).

    Raises
    ------
    UsageError
        No cosigned checkpoint of the sender's chain reaches to the message.
    """
    party, seq = place
    reaching = [
        each
        for each in log.checkpoints
        if each.party == party and each.size > seq and each.cosigners
    ]
    if not reaching:
        raise UsageError(f"No other party has cosigned a head of {party} with entry {seq} yet.")
    best = max(reaching, key=lambda each: (len(each.cosigners), -each.size))
    entries = log.chain(party).entries
    return message_evidence(log.agreement, log.statements, entries, seq, text, best.note)


def evidence_in(log: Audit) -> tuple[bytes, ...]:
    """A file of evidence for each fork, denied checkpoint and word taken back in a log."""
    statements = [*log.statements, *statements_in(log.agreement, (raw for _, raw in log.forks))]
    files = [fork_evidence(log.agreement, statements, *pair) for pair in log.forks]
    for each in log.denied:
        entries = log.chain(each.party).entries
        files.append(denied_evidence(log.agreement, log.statements, each.note, entries))
    for odd in log.irregular:
        pair = _taken_back(log, odd.place)
        if pair is not None:
            files.append(fork_evidence(log.agreement, statements, *pair))
    return tuple(files)


def _taken_back(log: Audit, place: Place) -> tuple[bytes, bytes] | None:
    """An entry and an earlier one of its chain, where it saw less of another chain than that."""
    party, seq = place
    entries = log.chain(party).entries
    entry = envelope.read(entries[seq])
    earlier = (raw for raw in entries[:seq] if fork_between(envelope.read(raw), entry))
    return next(((raw, entries[seq]) for raw in earlier), None)


# --- two logs -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChainAgreement:
    """How one chain stands in two logs.

    ``common`` is the number of first entries that are the same; ``root`` that of the smaller
    chain; ``proof`` the consistency proof from its head to the larger one (RFC 9162, 2.1.4).
    """

    party: str
    sizes: tuple[int, int]
    roots: tuple[str, str]
    common: int
    proof: tuple[bytes, ...]

    @property
    def agrees(self) -> bool:
        """Whether the larger chain extends the smaller, as the proof alone shows."""
        (old, old_root), (new, new_root) = sorted(zip(self.sizes, self.roots, strict=True))
        if old == 0:
            return True
        return merkle.verify_consistency(old, new, _octets(old_root), _octets(new_root), self.proof)


@dataclass(frozen=True)
class TwoLogs:
    """Whether two logs agree: on the line, and chain by chain; ``forks`` is what proves they part.

    ``forks`` are files of evidence, one a chain that parts where both logs hold an entry.
    """

    same_line: bool
    chains: tuple[ChainAgreement, ...]
    forks: tuple[bytes, ...]

    @property
    def agree(self) -> bool:
        """Whether each chain of one log extends that of the other."""
        return self.same_line and all(each.agrees for each in self.chains)


def agree(first: Audit, second: Audit) -> TwoLogs:
    """Compare two logs of one line."""
    if first.line != second.line:
        return TwoLogs(same_line=False, chains=(), forks=())
    chains, forks = [], []
    for one in first.chains:
        two = second.chain(one.party)
        each = _compare(one, two)
        chains.append(each)
        if each.common < min(one.size, two.size):
            here, there = one.entries[each.common], two.entries[each.common]
            statements = [*first.statements, *second.statements]
            forks.append(fork_evidence(first.agreement, statements, here, there))
    return TwoLogs(same_line=True, chains=tuple(chains), forks=tuple(forks))


def _compare(one: ChainAudit, two: ChainAudit) -> ChainAgreement:
    pairs = enumerate(zip(one.entries, two.entries, strict=False))
    least = min(one.size, two.size)
    common = next((place for place, (here, there) in pairs if here != there), least)
    larger = max(one, two, key=lambda chain: chain.size)
    proof = merkle.consistency_proof(larger.leaves, least, larger.size) if least else ()
    return ChainAgreement(
        one.party, (one.size, two.size), (one.root, two.root), common, tuple(proof)
    )


def _octets(root: str) -> bytes:
    return from_text(root, HASH_BYTES)
