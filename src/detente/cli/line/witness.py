"""`detente line witness`: one outside who cosigns heads that only grow, and sees hashes only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE
from detente.cli.line.cosign import is_new, sign, write
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER, OUT
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import PeerError, UsageError

if TYPE_CHECKING:
    from detente.channel.witness_file import Asked
    from detente.cli.line.place import Line


@click.group(
    short_help=_("Have heads cosigned by a witness, or be one."),
    help=_(
        "A witness outside cosigns the head of a party's log where it extends what it cosigned "
        "before. It sees keys, sizes and hashes, and no message. Make its folder with `detente "
        "line init`, and give its card to `detente line agree --witness`."
    ),
    epilog=_("Example: detente line witness ask arland --out arland.ask"),
)
def witness() -> None:
    """The group of the verbs of a witness."""


witness.add_command(sign)


@witness.command(
    short_help=_("Write what the witness may see of this side's log."),
    help=_(
        "Write a request to a witness: the agreement, the certificates of this side's devices, the "
        "signed head of its log, and the proof that it extends the head that the witness cosigned "
        "last, by the note that was kept of it. No officer and no entry is in the file."
    ),
    epilog=_("Example: detente line witness ask arland --out arland.ask"),
)
@FOLDER
@click.option("--out", type=OUT, required=True, help=_("A new file for the request."))
@click.option("--witness", "name", help=_("The witness, where the line has several."))
@click.option(
    "--since",
    help=_("The note that it gave last, or the number of entries that it says it holds."),
)
@AS_JSON
def ask(folder: Path, *, out: Path, name: str | None, since: str | None, as_json: bool) -> None:
    """Write the request, never over another file."""
    from detente.channel.keys import fingerprint
    from detente.channel.witness_file import write_asked
    from detente.cli.line.place import opened

    is_new(out)
    with opened(folder) as line:
        asked_of = _of_witness(line, name)
        old = _since(line, asked_of, since)
        asked = _asked(line, old)
        size = line.node.log.chains[line.me].size
    write(out, write_asked(asked))
    if as_json:
        told = {"line": line.agreement.line, "party": line.me, "witness": asked_of}
        print_json("line-witness-ask", {**told, "size": size, "since": old, "out": str(out)})
        return
    head(_("Request to the witness {name} in {path}", name=asked_of, path=out))
    say(_("Size of the head of {party}: {size}; the proof begins at {old}.", party=line.me,
          size=size, old=old))  # fmt: skip
    say(_("Line {print}", print=fingerprint(line.agreement.line)))


@witness.command(
    short_help=_("Keep the note that a witness gave back."),
    help=_(
        "Check the note NOTE against this side's log and the witness's key in the agreement, and "
        "keep it in the folder. The next request begins there."
    ),
    epilog=_("Example: detente line witness keep arland arland.note"),
)
@FOLDER
@click.argument("note", metavar="NOTE", type=FILE)
@AS_JSON
def keep(folder: Path, note: Path, *, as_json: bool) -> None:
    """Keep the note, where it is of this log and not older than the one kept."""
    from detente.channel.checkpoints import keys_by_name
    from detente.channel.note import read, verify
    from detente.cli.line.place import opened

    with opened(folder) as line:
        text, size = _own_note(line, note)
        signed = verify(read(text), keys_by_name(line.node.log))
        names = [each.name for each in line.agreement.witnesses if each.name in signed]
        if not names:
            raise PeerError(_("{path}: no witness of this line has cosigned it.", path=note))
        newer = [each for each in names if _kept_size(line, each) > size]
        if newer:
            words = _("A later note of {names} is kept already.", names=", ".join(newer))
            raise UsageError(words)
        for each in names:
            _keep_note(line, each, text)
    if as_json:
        print_json("line-witness-keep", {"party": line.me, "size": size, "witnesses": names})
        return
    head()
    words = _("Kept: the head of {party} of size {size}, cosigned by {names}.", party=line.me,
              size=size, names=", ".join(names))  # fmt: skip
    say("\n".join(wrapped(words)))


# --- a party ------------------------------------------------------------------------------------


def _of_witness(line: Line, name: str | None) -> str:
    """The name of the witness that is asked."""
    names = [each.name for each in line.agreement.witnesses]
    if not names:
        raise UsageError(_("This line was agreed without a witness."))
    if name in names or (name is None and len(names) == 1):
        return name or names[0]
    raise UsageError(_("Name one of the witnesses: {names}.", names=", ".join(names)))


def _since(line: Line, name: str, since: str | None) -> int:
    """The size that the witness is believed to hold."""
    if since is None:
        return _kept_size(line, name)
    if not (since.isascii() and since.isdigit() and len(since) < 16):
        return _own_note(line, Path(since))[1]
    size, own = int(since), line.node.log.chains[line.me].size
    if size > own:
        words = _(
            "The witness holds {size} entries of this side's log, this disk {own}: it is an older "
            "state. Let the other side's node send what is missing.",
            size=size,
            own=own,
        )
        raise PeerError(words)
    return size


def _own_note(line: Line, path: Path) -> tuple[str, int]:
    """A note of this side's own chain that its log bears out, and its size."""
    from detente.channel.canonical import Malformed
    from detente.channel.checkpoints import held_note
    from detente.channel.node.files import read_file
    from detente.channel.note import MOST_CHARACTERS, read

    try:
        text = read_file(path, 4 * MOST_CHARACTERS).decode()
        if not held_note(line.node.log, line.me, text):
            raise UsageError(_("{path} is a note of another log.", path=path))
        return text, read(text).checkpoint.size
    except UnicodeDecodeError as error:
        raise UsageError(_("{path} is not UTF-8.", path=path)) from error
    except Malformed as error:
        raise PeerError(f"{path}: {error}") from error


def _note_path(line: Line, name: str) -> Path:
    return line.home.path / "witness" / f"{name}.note"


def _kept_size(line: Line, name: str) -> int:
    path = _note_path(line, name)
    return _own_note(line, path)[1] if path.exists() else 0


def _keep_note(line: Line, name: str, text: str) -> None:
    from detente.channel.node.files import make_folder, write_whole

    path = _note_path(line, name)
    make_folder(path.parent)
    write_whole(path, text.encode())


def _asked(line: Line, old: int) -> Asked:
    from detente.channel import envelope
    from detente.channel.checkpoints import checkpoint, key_name
    from detente.channel.evidence import statements_in
    from detente.channel.merkle import leaf_hash
    from detente.channel.node.home import identity
    from detente.channel.witness import request
    from detente.channel.witness_file import Asked, devices_of

    own = identity(line.home)
    entries = [raw for raw in line.entries() if envelope.read(raw).sender == line.me]
    statements = devices_of(statements_in(line.agreement, entries), line.me)
    at = checkpoint(line.agreement.line, line.node.log.chains[line.me].head)
    name = key_name(line.me, own.serial)
    asked = request(at, name, own.device, [leaf_hash(raw) for raw in entries], old)
    return Asked(line.agreement, line.me, tuple(statements), asked)
