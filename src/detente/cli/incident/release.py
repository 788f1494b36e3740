"""`detente incident release`: the copy of an account that may leave the house."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE, findings_told, write_new
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.accounts.model import Recipient

RECIPIENTS = ("other-side", "mediator", "public")


@click.command(
    short_help=_("The copy that may leave the house, and what it leaves out."),
    help=_(
        "Write the copy of ACCOUNT that TO may see, and print what it leaves out or makes coarser, "
        "field by field. What names no recipient stays in the house. The copy does not tell that "
        "anything was left out."
    ),
    epilog=_(
        "Example: detente incident release ours.yaml --to other-side --out ours-for-them.yaml"
    ),
)
@click.argument("account", type=FILE)
@click.option("--to", type=click.Choice(RECIPIENTS), required=True, help=_("Who will see it."))
@click.option(
    "--out", type=click.Path(path_type=Path), help=_("The new file; without it nothing is written.")
)
@AS_JSON
def release(account: Path, *, to: Recipient, out: Path | None, as_json: bool) -> None:
    """Print what is withheld, and write the copy where a file is named."""
    with findings_told("incident-release", as_json=as_json):
        from detente.encounters.accounts.read import read_account
        from detente.encounters.accounts.release import release as released
        from detente.encounters.accounts.write import account_text

        copy, withheld = released(read_account(account), to)
        text = account_text(copy)
    if out is not None:
        write_new(out, text.encode())
    if as_json:
        print_json("incident-release", {"to": to, "withheld": withheld, "copy": text})
        return
    words = {"not-releasable": _("not releasable"), "coarsened": _("made coarser")}
    print_table(
        _("Withheld from this copy"),
        (_("where"), _("what of it"), _("why")),
        [(one.item, one.field or _("all"), words[one.why]) for one in withheld],
    )
    kept = len(copy.claims)
    say(_.n("{n} claim is released.", "{n} claims are released.", kept))
    if out is None:
        say(_("Nothing was written: name a file with --out."))
