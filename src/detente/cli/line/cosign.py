"""`detente line witness sign`: a witness cosigns a head that extends what it cosigned before."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from detente.cli.files import AS_JSON, FILE, contents
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER, OUT, PASSPHRASE_FILE
from detente.cli.line.passphrases import Passphrases
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.channel.node.home import Home
    from detente.channel.witness import Cosigned, Cosigner, Refusal
    from detente.channel.witness_file import Asked, Held


@click.command(
    short_help=_("Cosign the head in a request, or say why not."),
    help=_(
        "As the witness whose folder DIR is: check the request FILE of a party against what was "
        "cosigned before, remember its head, and write it cosigned. It needs the passphrase of the "
        "witness's root key. Two heads of one size are evidence, which is written beside."
    ),
    epilog=_(
        "Example: detente line witness sign witness arland.ask --out arland.note. Exit code 1 "
        "where the witness does not cosign."
    ),
)
@FOLDER
@click.argument("request", metavar="FILE", type=FILE)
@click.option("--out", type=OUT, required=True, help=_("A new file for the cosigned note."))
@PASSPHRASE_FILE
@AS_JSON
def sign(
    folder: Path, request: Path, *, out: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Remember the head and then hand out the note, or leave with 1."""
    from detente.channel.canonical import Malformed
    from detente.channel.checkpoints import origin
    from detente.channel.node.home import Home
    from detente.channel.witness import Refusal
    from detente.channel.witness_file import read_asked, split_view

    is_new(out)
    is_new(_beside(out))
    place = Home(folder)
    with place.held():
        try:
            asked = read_asked(contents(request))
        except Malformed as error:
            _refuse([str(error)], as_json=as_json)
        chain = origin(asked.agreement.line, asked.party)
        held = _held(place)
        answer = _considered(place, asked, held, Passphrases(passphrase_file), as_json=as_json)
        if isinstance(answer, Refusal):
            evidence = None
            if proof := split_view(asked, held, chain, answer):
                evidence = write(_beside(out), proof)
            _refuse([answer.reason], as_json=as_json, size=answer.size, evidence=evidence)
        _keep_state(place, held.after(answer.state, chain, asked.statements))
        write(out, answer.note.encode())
    _tell_signed(asked, answer, out, is_first=chain not in held.state.chains, as_json=as_json)


def _held(place: Home) -> Held:
    """What was cosigned before; a state that cannot be read stops the witness."""
    from detente.channel.canonical import Malformed
    from detente.channel.node.files import read_file
    from detente.channel.witness_file import MAX_HELD, Held, read_held

    path = _state_path(place)
    if not path.exists():
        return Held()
    try:
        return read_held(read_file(path, MAX_HELD))
    except Malformed as error:
        raise UsageError(f"{path}: {error}") from error


def _state_path(place: Home) -> Path:
    return place.path / "witness.json"


def _keep_state(place: Home, held: Held) -> None:
    from detente.channel.node.files import write_whole
    from detente.channel.witness_file import write_held

    write_whole(_state_path(place), write_held(held))


def _considered(
    place: Home, asked: Asked, held: Held, passphrases: Passphrases, *, as_json: bool
) -> Cosigned | Refusal:
    from detente.channel.checkpoints import origin
    from detente.channel.keys import Witness
    from detente.channel.node.clock import moment
    from detente.channel.node.home import own_card
    from detente.channel.witness import consider
    from detente.channel.witness_file import device_keys

    card = own_card(place)
    keys, problems = device_keys(asked)
    if Witness(card.party, card.root) not in asked.agreement.witnesses:
        words = _("{name} with its key is no witness of that agreement.", name=card.party)
        problems.insert(0, words)
    if problems:
        _refuse(problems, as_json=as_json)
    cosigner = _cosigner(place, card.party, passphrases)
    chain = origin(asked.agreement.line, asked.party)
    return consider(held.state, asked.request, {chain: keys}, cosigner, moment().at)


def _cosigner(place: Home, name: str, passphrases: Passphrases) -> Cosigner:
    from detente.channel.node.home import root_key
    from detente.channel.witness import Cosigner

    passphrase = passphrases.known(_("the root key of {party}", party=name))
    return Cosigner(name, root_key(place, passphrase))


def _refuse(
    problems: list[str], *, as_json: bool, size: int = 0, evidence: Path | None = None
) -> NoReturn:
    """Say everything that speaks against it, and leave with 1."""
    if as_json:
        told = {"cosigned": False, "problems": problems, "held": size}
        beside = None if evidence is None else str(evidence)
        print_json("line-witness-sign", {**told, "evidence": beside})
        sys.exit(1)
    head(_("The witness does not cosign"))
    for problem in problems:
        say("\n".join(wrapped(problem, first="  - ", then="    ")))
    if size:
        say(_("Size of the head that the witness holds: {size}", size=size))
        say(_("To ask from there: detente line witness ask DIR --out FILE --since {n}", n=size))
    if evidence is not None:
        say(_("Two signed heads of one size are in {path}.", path=evidence))
        say(_("Verify with: detente line verify {path}", path=evidence))
    sys.exit(1)


def _beside(out: Path) -> Path:
    """Where the proof of a split view stands, beside the note that is not given."""
    return out.with_name(f"{out.name}.evidence")


def _tell_signed(
    asked: Asked, answer: Cosigned, out: Path, *, is_first: bool, as_json: bool
) -> None:
    from detente.channel.keys import fingerprint
    from detente.channel.note import read

    line, size = asked.agreement.line, read(answer.note).checkpoint.size
    if as_json:
        told = {"cosigned": True, "line": line, "fingerprint": fingerprint(line)}
        told |= {"party": asked.party, "size": size, "first": is_first, "out": str(out)}
        print_json("line-witness-sign", told)
        return
    head(_("Head of {party} cosigned in {path}", party=asked.party, path=out))
    say(_("Size: {size}", size=size))
    if is_first:
        words = _(
            "This is the first head of this log here. Compare the fingerprint of the line with its "
            "parties by voice before you hand out the note."
        )
        say("\n".join(wrapped(words)))
    say(_("Line {print}", print=fingerprint(line)))


def is_new(path: Path) -> None:
    """Refuse a file that there is, before anything is done for it."""
    if path.exists():
        raise UsageError(_("{out} exists; name a new file.", out=path))


def write(path: Path, data: bytes) -> Path:
    """Write a new file that is whole or not there at all; its path."""
    from detente.channel.node.files import PUBLIC, write_whole

    is_new(path)
    write_whole(path, data, mode=PUBLIC)
    return path
