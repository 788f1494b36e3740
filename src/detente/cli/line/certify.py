"""`detente line certify` and `revoke`: keys that the root lets speak for a party, or no longer."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import FOLDER, PASSPHRASE_FILE
from detente.cli.line.passphrases import Passphrases
from detente.cli.show import print_json, say
from detente.cli.words import _


@click.command(
    short_help=_("A key for one more duty officer."),
    help=_(
        "Make a key for a new duty officer and certify it with the root key, which must lie in "
        "the folder for the moment. Passphrases are asked for: of the root key, then of the "
        "officer. The certificate is queued and goes to the other side."
    ),
    epilog=_("Example: detente line certify arland --officer Cedar"),
)
@FOLDER
@click.option("--officer", required=True, help=_("Name or pseudonym."))
@PASSPHRASE_FILE
@AS_JSON
def certify(folder: Path, *, officer: str, passphrase_file: Path | None, as_json: bool) -> None:
    """Write the key and queue its certificate."""
    import os

    from detente.channel.node.home import add_officer
    from detente.cli.line.place import opened

    with opened(folder) as line:
        ask = Passphrases(passphrase_file)
        root = ask.known(_("the root key of {party}", party=line.me))
        own = ask.new(_("officer {name}", name=officer))
        number, item = add_officer(
            line.home, officer, passphrase=own, root_passphrase=root, entropy=os.urandom
        )
        line.queue(item)
    if as_json:
        print_json("line-certify", {"number": number, "name": officer})
        return
    head()
    said = _("Officer {number}, {name}, may release and read once the certificate is in the log.",
             number=number, name=officer)  # fmt: skip
    say("\n".join(wrapped(said)))
    say(_("Queued. Take the root key offline again."))


@click.command(
    short_help=_("End a key of this side, by its number."),
    help=_(
        "Revoke the certificate SERIAL of this side with the root key: an officer who left, a key "
        "that others may hold. It takes effect where it stands in the log, and cannot be undone. "
        "Without this side's own device, number 1, its node can write no more."
    ),
    epilog=_("Example: detente line revoke arland 3"),
)
@FOLDER
@click.argument("serial", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help=_("For scripts: do not ask again."))
@PASSPHRASE_FILE
@AS_JSON
def revoke(
    folder: Path, serial: int, *, yes: bool, passphrase_file: Path | None, as_json: bool
) -> None:
    """Queue the revocation."""
    from detente.channel.node.home import key_names, revocation
    from detente.cli.line.place import opened
    from detente.ground.errors import UsageError

    with opened(folder) as line:
        named = {one.serial: one.name for one in key_names(line.home)}
        if serial not in named:
            raise UsageError(_("No key of this party has the number {n}.", n=serial))
        asked = _("End key {n}, {name}, for good?", n=serial, name=named[serial])
        if not yes and not click.confirm(asked, default=False, err=True):
            raise UsageError(_("Nothing was revoked."))
        root = Passphrases(passphrase_file).known(_("the root key of {party}", party=line.me))
        line.queue(revocation(line.home, serial, root_passphrase=root))
    if as_json:
        print_json("line-revoke", {"number": serial, "name": named[serial]})
        return
    head()
    say(_("Queued: key {n}, {name}, ends once it stands in the log.", n=serial,
          name=named[serial]))  # fmt: skip
    say(_("Tell the other side by voice, too: until it arrives, the key still counts there."))
