"""What the chains say about messages: who sent what, and what became of it at each recipient.

A fold over entries in whichever causal order they came (no answer before what it answers), so that
both sides, and a third party with both chains, reach the same record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from detente.channel.envelope import Envelope
from detente.channel.message import Message, read_message
from detente.channel.receipts import PASSAGE, Act, read_acts

Place = tuple[str, int]  # a party and the place of an entry in its chain


@dataclass(frozen=True)
class Noted:
    """When (as claimed) and by which entry something was said of a message."""

    at: int
    place: Place
    act: Act | None = None


@dataclass(frozen=True)
class Passage:
    """Where a message stands at one recipient, and each step that led there."""

    recipient: str
    standing: str
    steps: tuple[tuple[str, Noted], ...]


@dataclass
class Record:
    """All regular messages of a line and what was said of them."""

    messages: dict[Place, Message] = field(default_factory=dict)
    sent_at: dict[Place, int] = field(default_factory=dict)
    by_number: dict[str, Place] = field(default_factory=dict)
    tests: dict[Place, int] = field(default_factory=dict)
    irregular: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    rosters: dict[str, dict[str, Any]] = field(default_factory=dict)
    _acts: dict[tuple[Place, str], dict[str, Noted]] = field(default_factory=dict)
    _answers: dict[tuple[str, str], Place] = field(default_factory=dict)

    def take(self, envelope: Envelope, found: tuple[str, ...]) -> None:
        """Take in an entry; ``found`` is what is irregular about it."""
        place = (envelope.sender, envelope.seq)
        if found:
            self.irregular[place] = found
        elif envelope.kind == "message":
            self._message(envelope, place)
        elif envelope.kind == "receipt":
            for act in read_acts(envelope.body):
                self._note(envelope, (act.party, act.seq), act.act, act)
        elif envelope.kind == "test":
            self.tests[place] = envelope.at
        elif envelope.kind == "roster":
            self.rosters[envelope.sender] = envelope.body["roster"]

    def _message(self, envelope: Envelope, place: Place) -> None:
        message = read_message(envelope.body, envelope.line, envelope.sender)
        self.messages[place] = message
        self.sent_at[place] = envelope.at
        self.by_number[message.slip.number] = place
        asked = self.by_number.get(message.slip.answers)
        if asked is not None and _saw(envelope, asked) and _answers(message, self.messages[asked]):
            self._answers.setdefault((envelope.sender, message.slip.answers), place)

    def _note(self, envelope: Envelope, of: Place, what: str, act: Act | None) -> None:
        noted = self._acts.setdefault((of, envelope.sender), {})
        noted.setdefault(what, Noted(envelope.at, (envelope.sender, envelope.seq), act))

    def said(self, of: Place, recipient: str) -> dict[str, Noted]:
        """What a recipient said of an entry: by act, the first time it said so."""
        return self._acts.get((of, recipient), {})

    def answer(self, party: str, number: str) -> Place | None:
        """The first message of a party that answers the message of that number."""
        return self._answers.get((party, number))

    def passage(self, of: Place, recipient: str) -> Passage:
        """Where a message stands at a recipient: as far as the table of legal moves leads."""
        said = dict(self.said(of, recipient))
        answer = self.answer(recipient, self.messages[of].slip.number)
        if answer is not None:
            said["answered"] = Noted(self.sent_at[answer], answer)
        standing, steps = "sent", []
        while (step := _next(standing, said)) is not None:
            standing = PASSAGE[standing, step]
            steps.append((step, said[step]))
        return Passage(recipient, standing, tuple(steps))

    def to(self, party: str) -> Iterator[tuple[Place, Message]]:
        """The messages addressed to a party, in the order of their senders' chains."""
        return (
            (place, self.messages[place])
            for place in sorted(self.messages)
            if party in self.messages[place].slip.to
        )


def _saw(envelope: Envelope, place: Place) -> bool:
    """Whether its sender had seen an entry: so every node reads that entry first."""
    return any(head.party == place[0] and place[1] < head.size for head in envelope.seen)


def _answers(answer: Message, asked: Message) -> bool:
    """Whether it goes back to who asked; a drill answers a drill only."""
    return asked.slip.sender in answer.slip.to and asked.slip.drill == answer.slip.drill


def _next(standing: str, said: dict[str, Noted]) -> str | None:
    """The step that leads on from a standing, where it was said."""
    return next((step for (here, step) in PASSAGE if here == standing and step in said), None)
