"""What is fuzzed: every reader of bytes that another side, a carrier or a disk may have written.

A target takes any bytes. It may refuse them with the errors its reader documents, and nothing else
may come out of it. `run.sh` feeds the targets under `atheris`, the tests under Hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from detente.channel import bundle, envelope, evidence
from detente.channel.audit import audit, export
from detente.channel.bundle import Hello, digest_of
from detente.channel.canonical import Malformed, decode, encode, to_text
from detente.channel.envelope import KINDS, Head, Header
from detente.channel.protocol import intake
from detente.channel.protocol.load import load
from detente.channel.protocol.state import Held, Moment, Node
from detente.channel.simulator.model_node import Bounds, Disk, Nodes
from detente.channel.simulator.parties import Cast, cast
from detente.channel.step import Step
from detente.ground import contacts
from detente.ground.errors import CaseError, UsageError
from detente.ground.forms import parse, plain
from detente.ground.text import Marked, read_text

AT = 1_800_000_000
US, THEM = "AAA", "BBB"


@dataclass(frozen=True)
class Target:
    """A reader under test: what it is fed with, valid samples of it, and the longest input."""

    one_input: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    most: int


# --- a line on which something was said -------------------------------------------------------


@cache
def parties() -> Cast:
    """The cast of the line."""
    return cast(np.random.default_rng(1))


@cache
def held() -> tuple[Disk, Disk]:
    """What both disks hold once two messages went each way and were receipted; their bundles."""
    nodes = Nodes(parties(), Bounds(messages=4, grouped=8))
    states = list(nodes.first)
    for _ in range(12):
        for which in range(2):
            for what in ("take", "write"):
                after = nodes.after(states[which], what)
                states[which] = states[which] if after is None else after
            states[which], number = nodes.after(states[which], "send", 0)
            other = 1 - which
            states[other], _ = nodes.after(states[other], "deliver", number, 0)
            after = nodes.after(states[other], "write")
            states[other] = states[other] if after is None else after
    return nodes.states[states[0]].disk, nodes.states[states[1]].disk


@cache
def entries() -> list[bytes]:
    """The entries of a whole log, in causal order."""
    return [raw for _, _, raw in held()[0].entries]


@cache
def _cut() -> Disk:
    """Our disk before the last messages and receipts came."""
    disk = held()[0]
    return Disk(disk.entries[:-3], disk.texts, disk.secrets)


def node(disk: Disk | None = None) -> tuple[Node, Step]:
    """Our node, started from a disk; its step is what it found there."""
    disk = disk or held()[0]
    started, step = load(
        parties().identity(US), parties().agreement, disk.held(), disk, lambda size: b"." * size
    )
    started.starts[THEM] = {to_text(b"n" * 16): TOKEN}  # it has heard of the other side
    return started, step


TOKEN = to_text(b"t" * 16)


def bundle_of(raws: Iterable[bytes]) -> bytes:
    """A bundle of the other party, soundly signed, with any entries."""
    found, agreement = tuple(raws), parties().agreement
    log = node()[0].log
    hello = Hello(
        line=agreement.line, sender=THEM, to=US, at=AT, device=1, count=1,
        nonce=to_text(b"n" * 16), echo=to_text(b"." * 16), ask=1, heads=log.heads(),
        token="", by=TOKEN,
        want=((US, 0),), rest=digest_of(found),
    )  # fmt: skip
    return bundle.write(parties().devices[THEM], hello, found)


# --- the targets ------------------------------------------------------------------------------


def read_envelope(data: bytes) -> None:
    """An entry on its own, and its place in a log."""
    try:
        entry = envelope.read(data)
    except Malformed:
        return
    log = node(_cut())[0].log
    log.place(entry)
    if log.follows(entry):  # only what stands next is ever judged
        log.judge(entry)


def read_bundle(data: bytes) -> None:
    """A bundle as a carrier brings it."""
    intake.receive(node()[0], data, Moment(AT, 0))


def take_entry(data: bytes) -> None:
    """Any kind and body under a sound signature and in the right place: their device is theirs."""
    with suppress(Malformed):
        kind, body = KINDS[data[0] % len(KINDS)] if data else "", decode(data[1:])
        if isinstance(body, dict):
            started, _ = node()
            header = _next(started, kind, body)
            raw = envelope.write(parties().devices[THEM], header).raw
            step = intake.receive(started, bundle_of([raw]), Moment(AT, 0))
            assert any(entry.raw == raw for entry in step.entries)  # it is signed: it is kept


def _next(started: Node, kind: str, body: dict[str, object]) -> Header:
    chains = started.log.chains
    mine = chains[US].head
    return Header(
        line=started.log.line, sender=THEM, seq=chains[THEM].size, prev=chains[THEM].last,
        seen=(Head(US, mine.size, mine.root),), kind=kind, at=AT, device=1, body=body,
    )  # fmt: skip


def read_log(data: bytes) -> None:
    """A log file that somebody hands over."""
    with suppress(Malformed):
        audit(data)


def read_rows(data: bytes) -> None:
    """Rows of our own disk, each with the digest it should have: lines are entries."""
    rows = []
    for place, raw in enumerate(data.split(b"\n")):
        where = entries()
        owner = envelope.read(where[place % len(where)])
        rows.append(((owner.sender, owner.seq), envelope.digest(raw), raw))
    disk = held()[0]
    load(
        parties().identity(US),
        parties().agreement,
        Held(rows, disk.secrets),
        disk,
        lambda size: b"." * size,
    )


def read_evidence(data: bytes) -> None:
    """A file that is said to prove a fork."""
    with suppress(Malformed):
        evidence.verify_evidence(data)


def read_form(data: bytes) -> None:
    """A message as text, and as plain values."""
    with suppress(CaseError):
        parse.parse(data)
    with suppress(CaseError, Malformed):
        plain.from_plain(decode(data))


def read_roster(data: bytes) -> None:
    """A roster as plain values, as it is signed, and as a person writes it."""
    with suppress(UsageError, Malformed):
        contacts.from_plain(decode(data))
    marked = Marked("roster.yaml")
    with TemporaryDirectory() as folder, suppress(CaseError):
        (Path(folder) / marked.file).write_bytes(data)
        contacts.roster_of(read_text(Path(folder), marked.file, marked), marked)


# --- valid samples ----------------------------------------------------------------------------


def _bodies() -> list[bytes]:
    read = [envelope.read(raw) for raw in entries()]
    return [bytes([KINDS.index(entry.kind)]) + encode(entry.body) for entry in read]


def _evidence() -> list[bytes]:
    first = envelope.read([raw for raw in entries() if envelope.read(raw).sender == THEM][-1])
    other = envelope.write(parties().devices[THEM], _like(first))
    log = audit(export(parties().agreement, entries()))
    return [
        evidence.fork_evidence(parties().agreement, log.statements, first.raw, other.raw),
    ]


def _like(entry: envelope.Envelope) -> Header:
    header = {key: getattr(entry, key) for key in Header.__dataclass_fields__}
    return Header(**(header | {"at": entry.at + 1}))


def _forms() -> list[bytes]:
    folder = resources.files("detente.ground.forms") / "examples"
    texts = [each.read_bytes() for each in folder.iterdir() if each.name.endswith(".txt")]
    return texts + [encode(plain.as_plain(parse.parse(text))) for text in texts]


def _rosters() -> list[bytes]:
    read = contacts.roster_of(contacts.TEMPLATE, Marked("roster.yaml"))
    return [contacts.TEMPLATE.encode(), encode(read.as_plain())]


TARGETS = {
    "envelope": Target(read_envelope, entries, 70_000),
    "bundle": Target(read_bundle, lambda: [bundle_of(entries()), bundle_of(())], 200_000),
    "entry": Target(take_entry, _bodies, 30_000),
    "log": Target(read_log, lambda: [export(parties().agreement, entries())], 200_000),
    "rows": Target(read_rows, lambda: [b"\n".join(entries())], 200_000),
    "evidence": Target(read_evidence, _evidence, 70_000),
    "form": Target(read_form, _forms, 70_000),
    "roster": Target(read_roster, _rosters, 70_000),
}
