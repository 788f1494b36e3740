"""What happened in a run, line by line, in words that are the same whenever the seed is.

Entries are named by party and place, never by digest: what HPKE draws cannot be seeded, so sealed
bytes, digests and signatures differ from run to run, and their lengths do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from detente.channel.step import Event, Step


class Trace:
    """The lines of a run."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, ms: int, who: str, what: str) -> None:
        """Add a line: when, at whom, what."""
        self.lines.append(f"{ms:>9} {who} {what}")

    def text(self) -> str:
        """The whole trace."""
        return "\n".join(self.lines) + "\n"


def step_words(step: Step) -> str:
    """What a step writes: entries with their lengths, texts, secrets, queue; and what it says."""
    entries = Counter(entry.kind for entry in step.entries)
    size = sum(len(entry.raw) for entry in step.entries)
    parts = [f"{kind} {count}" for kind, count in sorted(entries.items())]
    parts += [f"bytes {size}"] if size else []
    for name in (
        "texts",
        "secrets",
        "erased",
        "done",
        "dropped",
        "dropped_texts",
        "starts",
        "tokens",
        "evidence",
    ):
        count = len(getattr(step, name))
        parts += [f"{name} {count}"] if count else []
    said = " ".join(event_words(step.events))
    return f"[{', '.join(parts)}] {said}"


def event_words(events: Iterable[Event]) -> Iterable[str]:
    """The events in words; why a bundle was refused may lie in sealed bytes and is left out."""
    for event in events:
        party, seq = event.place or ("", -1)
        place = f"({party} {seq})" if party else ""
        detail = "" if event.kind == "refused" else event.detail
        yield ":".join(
            each for each in (event.kind, event.party, place, event.number, detail) if each
        )
