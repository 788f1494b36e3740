"""`detente line evidence`: files that prove something to anybody, and the verifier beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, contents, write_new
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER, OUT
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import StoreError, UsageError

if TYPE_CHECKING:
    from detente.channel.audit import Audit
    from detente.cli.line.place import Line


@click.command(
    short_help=_("Files that prove something to anybody, offline."),
    help=_(
        "Write each proof that this side holds to a file, with a small program beside it that "
        "verifies it without detente and without a network: forks of a log, tree heads that "
        "entries deny, and with --message that a message was released and stood in the log. With "
        "--beside, also where the other side's exported log parts from ours."
    ),
    epilog=_("Example: detente line evidence arland --message BBB-0007 --out proof"),
)
@FOLDER
@click.option("--message", "numbers", multiple=True, help=_("A message to prove, by its number."))
@click.option(
    "--beside", type=click.Path(path_type=Path, exists=True), help=_("The other side's log.")
)
@click.option("--out", type=OUT, required=True, help=_("A new folder for the files."))
@AS_JSON
def evidence(
    folder: Path, *, numbers: tuple[str, ...], beside: Path | None, out: Path, as_json: bool
) -> None:
    """Write the files."""
    from detente.channel.audit import audit, export
    from detente.cli.line.place import opened

    with opened(folder) as line:
        log = audit(export(line.agreement, line.entries()))
        files = dict(_files(line, log, numbers, beside))
    write_evidence(out, files)
    if as_json:
        print_json("line-evidence", {"out": str(out), "files": sorted(files)})
        return
    head()
    if not files:
        say(_("This side holds no proof of anything against anybody; only the verifier is there."))
    for name in files:
        say(str(out / name))
    words = _("Verify with: python {out}/verify_offline.py FILE", out=out)
    say("\n".join(wrapped(words)))


def write_evidence(out: Path, files: dict[str, bytes]) -> None:
    """A new folder with files of evidence, and the program that verifies them."""
    from detente.channel import verify_offline

    try:
        out.mkdir(parents=True)
    except FileExistsError as error:
        raise UsageError(_("{out} exists; name a new folder.", out=out)) from error
    except OSError as error:
        raise StoreError(_("{out} could not be written: {error}", out=out, error=error)) from error
    verifier = contents(Path(str(verify_offline.__file__)))
    for name, data in {**files, "verify_offline.py": verifier}.items():
        write_new(out / name, data)


def _files(
    line: Line, log: Audit, numbers: tuple[str, ...], beside: Path | None
) -> Iterator[tuple[str, bytes]]:
    from detente.channel.audit import agree, audit, evidence_in, prove_message
    from detente.channel.evidence import fork_evidence
    from detente.cli.line.verify import log_bytes

    found = list(evidence_in(log))
    for first, second in line.store.evidence():
        if second:
            found.append(fork_evidence(log.agreement, log.statements, first, second))
    if beside is not None:
        found += agree(log, audit(log_bytes(beside))).forks
    for place, data in enumerate(dict.fromkeys(found), start=1):
        yield f"fork-{place}.json", data
    for number in numbers:
        at = line.node.record.by_number.get(number)
        text = None if at is None else line.node.text(at)
        if at is None or text is None:
            raise UsageError(_("There is no message {number} with its text here.", number=number))
        yield f"message-{number}.json", prove_message(log, at, text)
