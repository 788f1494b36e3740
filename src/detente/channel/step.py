"""What the protocol asks of the shell around it: what to write, and what to say.

The shell writes all of a step in one transaction and acts on it only once that has reached the
disk. If it cannot, it forgets the protocol's state and loads it again from what was written before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from detente.channel.envelope import Envelope
from detente.channel.record import Place
from detente.channel.sealing import SealingKey

EventKind = Literal[
    "confirmed",  # a party has confirmed our own chain
    "cannot write",  # our clock or our keys keep us from writing into our chain
    "damaged",  # entries on our disk were not what had been written, and were dropped
    "draft refused",
    "fork",  # a party signed two entries that cannot stand in one chain
    "gap",  # entries are missing before those that came
    "healed",  # entries of our own chain came back from a party
    "irregular",  # an entry was kept, but is not regular
    "key used elsewhere",  # our own chain was continued, and not by this node
    "message",  # a message for us is on the disk
    "open",  # all parties have confirmed our chain: we may write
    "read-back differs",
    "refused",  # a bundle or an entry was not taken
    "restored",  # a party holds more of our own chain than we do
    "sent",  # a draft entered our chain
    "stored",  # a recipient's node has our message on its disk
    "shown",
    "read",
    "split",  # a party holds other entries of a chain than we do
    "out of date",  # a bundle may be older than its sender's last start; its entries wait
    "unreadable",  # a message for us does not open; its text is asked for again
    "text back",  # a text that was lost came again
]


@dataclass(frozen=True)
class Event:
    """Something to say: what, of which party, at which entry or number, and in what detail."""

    kind: EventKind
    party: str = ""
    place: Place | None = None
    number: str = ""
    detail: str = ""


@dataclass
class Step:
    """What one input leads to."""

    entries: list[Envelope] = field(default_factory=list)
    texts: list[tuple[Place, bytes]] = field(default_factory=list)
    secrets: list[tuple[int, SealingKey]] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    dropped: list[Place] = field(default_factory=list)
    dropped_texts: list[Place] = field(default_factory=list)
    starts: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    evidence: list[tuple[bytes, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def say(
        self,
        kind: EventKind,
        party: str = "",
        *,
        place: Place | None = None,
        number: str = "",
        detail: str = "",
    ) -> None:
        """Add an event."""
        self.events.append(Event(kind, party, place, number, detail))

    @property
    def writes(self) -> bool:
        """Whether anything must reach the disk."""
        return any(value for key, value in self.__dict__.items() if key != "events")

    def add(self, other: Step) -> None:
        """Take in what a later input of the same transaction led to."""
        for key, value in other.__dict__.items():
            getattr(self, key).extend(value)
