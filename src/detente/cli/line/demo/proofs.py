"""The last acts of the demonstration: what both logs prove, and what a second entry would prove."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.channel import envelope
from detente.channel.audit import Audit, TwoLogs, agree, audit, export, prove_message
from detente.channel.checkpoints import checkpoint, key_name, origin
from detente.channel.envelope import Head, Header
from detente.channel.evidence import fork_evidence
from detente.channel.node.home import identity, root_key
from detente.channel.witness import Cosigned, Cosigner, State, consider, request
from detente.cli.line.demo.acts import ASKS
from detente.cli.line.demo.narrator import Narrator
from detente.cli.line.demo.stage import PASSPHRASE, Stage
from detente.cli.line.evidence import write_evidence
from detente.cli.line.heads import LEAST_DIGITS, hexadecimal, spaced
from detente.cli.show import shortened
from detente.cli.words import _
from detente.ground.errors import PeerError
from detente.ground.time import write_minute

# Arland's next test message brings its tree head, Borland's brings that back cosigned.
_TURNS = (("2026-11-28 06:01Z", "AAA", "BBB"), ("2026-11-28 07:01Z", "BBB", "AAA"))


@dataclass(frozen=True)
class Proved:
    """What the demonstration ends with: both logs, what was cosigned, and files of evidence."""

    logs: dict[str, bytes]
    two: TwoLogs
    witnessed: tuple[str, ...]
    files: dict[str, bytes]
    verified: dict[str, str]


async def proofs(stage: Stage, told: Narrator) -> Proved:
    """Both logs agree; a witness saw only hashes; anybody can verify."""
    await told.act(_("Both logs agree"))
    for instant, party, other in _TURNS:
        stage.clock.forward_to(instant)
        await stage.until_tested(party, at=other)
    await stage.until("the same entries on both sides", lambda: _same(stage))
    logs = {party: _log(stage, party) for party in stage.homes}
    audits = {party: audit(data) for party, data in logs.items()}
    two = agree(audits["AAA"], audits["BBB"])
    if not two.agree or not all(one.sound for one in audits.values()):
        raise PeerError(_("The two logs do not agree."))
    clock = write_minute(stage.clock.moment().at)[-6:]
    await told.tell(
        clock, _("With their test messages both sides have cosigned each other’s tree heads.")
    )
    await told.tell(
        clock,
        _(
            "Each side exports its log. Every signature, link and tree head in "
            "both holds, and each chain is the same in both:"
        ),
    )
    await told.paper(_heads(two))
    notes = _witness(stage, audits["AAA"])
    await told.tell(
        clock,
        _(
            "A witness outside cosigns both tree heads. It has seen two hashes "
            "and their proofs, and no word of any message."
        ),
    )
    forged = _forged(stage, audits["AAA"])
    evidence = {"message.json": _message(stage, audits["AAA"]), "fork.json": forged}
    folder = stage.path / "evidence"
    write_evidence(folder, evidence)
    verified = {name: _verified(folder, name) for name in evidence}
    await told.tell(
        clock, _("Arland can prove its message to anybody, with a program of one page, offline:")
    )
    await told.paper(_brief(verified["message.json"]))
    await told.act(_("In a sandbox: if Arland signed a second history"))
    await told.tell(
        clock,
        _(
            "With a copy of Arland’s key another entry is signed for a place that "
            "is taken. It reaches neither log. Both entries in one file prove "
            "it:"
        ),
    )
    await told.paper(_brief(verified["fork.json"]))
    return Proved(logs, two, notes, evidence, verified)


def _same(stage: Stage) -> bool:
    sizes = []
    for party in stage.homes:
        with stage.line(party) as line:
            sizes.append(line.node.sizes())
    return sizes[0] == sizes[1]


def _log(stage: Stage, party: str) -> bytes:
    with stage.line(party) as line:
        return export(line.agreement, line.entries())


def _heads(two: TwoLogs) -> list[str]:
    rows = []
    for each in two.chains:
        root = spaced(hexadecimal(each.roots[0])[:LEAST_DIGITS])
        rows.append(
            _(
                "log of {party}: {here} entries at Arland, {there} at Borland, root {root}",
                party=each.party,
                here=each.sizes[0],
                there=each.sizes[1],
                root=root,
            )
        )
    return rows


def _witness(stage: Stage, log: Audit) -> tuple[str, ...]:
    """The notes that the witness cosigned, one a chain."""
    cosigner = Cosigner("WIT", root_key(stage.witness, PASSPHRASE))
    state, notes = State(), []
    for party, place in stage.homes.items():
        own, chain = identity(place), log.chain(party)
        name = key_name(party, own.serial)
        keys: Mapping[str, bytes] = {name: own.device.public_key().public_bytes_raw()}
        head = checkpoint(log.line, Head(party, chain.size, chain.root))
        asked = request(head, name, own.device, chain.leaves, 0)
        at = stage.clock.moment().at
        answer = consider(state, asked, {origin(log.line, party): keys}, cosigner, at)
        if not isinstance(answer, Cosigned):
            raise PeerError(answer.reason)
        state = answer.state
        notes.append(answer.note)
    return tuple(notes)


def _message(stage: Stage, log: Audit) -> bytes:
    """The evidence of Arland's message, by a head that Borland cosigned."""
    with stage.line("AAA") as line:
        place = line.node.record.by_number[ASKS]
        text = line.node.text(place)
    assert text is not None
    return prove_message(log, place, text)


def _forged(stage: Stage, log: Audit) -> bytes:
    """The evidence of a second entry at the place of the message that asked."""
    with stage.line("AAA") as line:
        seq = line.node.record.by_number[ASKS][1]
    raw = log.chain("AAA").entries[seq]
    real = envelope.read(raw)
    values = {key: getattr(real, key) for key in Header.__dataclass_fields__}
    header = Header(**values | {"at": real.at + 1})
    forged = envelope.write(identity(stage.homes["AAA"]).device, header)
    return fork_evidence(log.agreement, log.statements, raw, forged.raw)


def _brief(words: str) -> list[str]:
    """What the verifier says, without the whole text of a message."""
    return [shortened(row, 140) for row in words.splitlines()]


def _verified(folder: Path, name: str) -> str:
    """What the verifier beside the evidence says."""
    program = [sys.executable, "-I", str(folder / "verify_offline.py"), str(folder / name)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PeerError(
            _("The verifier does not hold it proved: {why}", why=done.stdout + done.stderr)
        )
    return done.stdout
