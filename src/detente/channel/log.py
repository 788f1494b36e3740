"""The chains of all parties of a line, as one node holds them; what may follow, and what may not.

Every party writes one chain. An entry follows when its place is the next one, it names the digest
of the entry before, and a device that its party's root certified has signed it. Such an entry is
kept whatever it says, for it is attributable; whether it is *regular* is a second question,
answered from the record alone, so that all sides answer alike. Two signed entries that cannot stand
in one chain are a *fork*: the pair is the proof.

Entries are taken in causal order: none before all that its sender had seen. So every node judges an
entry with the same past before its eyes, whichever way the entry came.
"""

from __future__ import annotations

from typing import Literal

from detente.channel.canonical import Malformed, from_text, to_text
from detente.channel.chain import Chain, read_epoch
from detente.channel.envelope import Envelope, Head, signed_by
from detente.channel.keys import (
    KEY_BYTES,
    Agreement,
    Certificate,
    Keyring,
    read_certificate,
)
from detente.channel.merkle import leaf_hash
from detente.channel.regular import irregularities

Place = Literal["next", "known", "gap", "fork", "refused"]


class Log:
    """The chains that one node holds, by party."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.line = agreement.line
        self.chains = {party: Chain(party) for party in agreement.ids}

    def heads(self, but: str = "") -> tuple[Head, ...]:
        """The tree heads of all parties but one, in the agreement's order."""
        return tuple(chain.head for party, chain in self.chains.items() if party != but)

    def place(self, envelope: Envelope) -> tuple[Place, str]:
        """Where an envelope stands to the chain of its sender, and why where it is refused."""
        chain = self.chains.get(envelope.sender)
        if chain is None or envelope.line != self.line:
            return "refused", "It is of another line."
        earlier = envelope.seq < chain.size
        if earlier and envelope.digest == chain.digests[envelope.seq]:
            return "known", ""
        if chain.forked:
            return "refused", f"The chain of {envelope.sender} forked."
        if not earlier and (envelope.seq > chain.size or self._unseen(envelope)):
            return "gap", ""
        if earlier or envelope.prev != chain.last:
            return self._contradicts(chain, envelope)
        key = self.ring_with(envelope).key(envelope.device, "device", envelope.at)
        if key is None:
            return "refused", f"Device {envelope.device} held no key when it was written."
        if not signed_by(envelope, key):
            return "refused", "Its signature does not hold."
        return "next", ""

    def _contradicts(self, chain: Chain, envelope: Envelope) -> tuple[Place, str]:
        """What an entry is that cannot stand in the chain as held: a fork, if a device signed it.

        A party might revoke the key, or give its number to another one, to deny one of its two
        chains. So every key counts here that its root ever certified under that number.
        """
        held = chain.keyring.certificate(envelope.device, "device")
        for each in (held, self._brought(envelope)):
            if each is None or (each.serial, each.role) != (envelope.device, "device"):
                continue
            in_time = each.since <= envelope.at < each.until
            if in_time and signed_by(envelope, from_text(each.key, KEY_BYTES)):
                if chain.disputed and not self.in_force(envelope):
                    return "refused", "Another such entry of its chain is held."
                return "fork", ""
        return "refused", "No certified device signed it."

    def in_force(self, envelope: Envelope) -> bool:
        """Whether the device that an entry names may still sign, as its chain is held."""
        held = self.chains[envelope.sender].keyring.certificate(envelope.device, "device")
        return held is None or not held.revoked

    def follows(self, envelope: Envelope) -> bool:
        """Whether it stands next in its chain, and all that its sender had seen is held."""
        chain = self.chains.get(envelope.sender)
        if chain is None or envelope.line != self.line or self._unseen(envelope):
            return False
        return envelope.seq == chain.size and envelope.prev == chain.last

    def _unseen(self, envelope: Envelope) -> bool:
        """Whether its sender had seen entries of others that are not held here yet."""
        others = (head for head in envelope.seen if head.party in self.chains)
        return any(head.size > self.chains[head.party].size for head in others)

    def ring_with(self, envelope: Envelope) -> Keyring:
        """The sender's keys in force for this entry; a certificate that it brings counts."""
        ring = self.chains[envelope.sender].keyring
        certificate = self._brought(envelope)
        return ring if certificate is None else ring.with_(certificate)

    def _brought(self, envelope: Envelope) -> Certificate | None:
        """The certificate that an entry brings, where its root signed it; not a revocation."""
        if envelope.kind != "credential":
            return None
        try:
            statement = envelope.body.get("statement")
            certificate = read_certificate(statement, self.agreement, envelope.sender)
        except Malformed:
            return None
        return None if certificate.revoked else certificate

    def judge(self, envelope: Envelope) -> tuple[str, ...]:
        """What is irregular about the next entry of a chain, in sentences."""
        return irregularities(self.agreement, self.chains, envelope)

    def append(self, envelope: Envelope, found: tuple[str, ...]) -> None:
        """Take in the next entry of a chain, of which ``found`` was judged irregular."""
        chain = self.chains[envelope.sender]
        chain.frontier = chain.frontier.append(leaf_hash(envelope.raw))
        chain.digests.append(envelope.digest)
        chain.roots.append(to_text(chain.frontier.root()))
        for head in envelope.seen:
            chain.seen[head.party] = max(head.size, chain.seen.get(head.party, 0))
        if not found:
            self._learn(chain, envelope)

    def _learn(self, chain: Chain, envelope: Envelope) -> None:
        """What later entries are judged by: keys, epochs, numbers used, slots tested."""
        body = envelope.body
        if envelope.kind == "credential":
            certificate = read_certificate(body["statement"], self.agreement, chain.party)
            chain.keyring = chain.keyring.with_(certificate)
        elif envelope.kind == "epoch":
            chain.epochs.append(read_epoch(envelope))
        elif envelope.kind == "message":
            chain.numbers[body["number"]] = envelope.seq
        elif envelope.kind == "test":
            chain.tests.setdefault(body["slot"], envelope.seq)
