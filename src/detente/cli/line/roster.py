"""`detente line roster`: check this side's contacts, and put them on the line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE, findings_told
from detente.cli.line.heading import head
from detente.cli.line.sayings import minute
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding, UsageError

if TYPE_CHECKING:
    from detente.cli.line.place import Line
    from detente.ground.contacts import Change, Roster


@click.command(
    short_help=_("Check this side's contacts and sign them onto the line."),
    help=_(
        "Check the roster in FILE, say what it changes, and queue it; the node signs it into this "
        "side's log, and the other side finds it under `detente line whom`. --template prints an "
        "example to fill in. A roster lasts in the log: use pseudonyms where you can."
    ),
    epilog=_("Example: detente line roster --template > roster.yaml; detente line roster arland "
             "roster.yaml"),
)  # fmt: skip
@click.argument(
    "folder", metavar="DIR", required=False,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)  # fmt: skip
@click.argument("file", required=False, type=FILE)
@click.option("--template", is_flag=True, help=_("Print an example and do nothing else."))
@click.option("--dry-run", is_flag=True, help=_("Check it, and queue nothing."))
@AS_JSON
def roster(
    folder: Path | None, file: Path | None, *, template: bool, dry_run: bool, as_json: bool
) -> None:
    """Queue the roster, or say what must be mended in it."""
    from detente.ground.contacts import TEMPLATE, changes

    if template:
        click.echo(TEMPLATE, nl=False)
        return
    if folder is None or file is None:
        raise UsageError(_("Name this side's folder and the file: detente line roster DIR FILE."))
    from detente.cli.line.place import opened

    with opened(folder) as line, findings_told("line-roster", as_json=as_json):
        found, held = _checked(file, line), line.roster(line.me)
        changed = changes(held, found) if held else ()
        if not dry_run:
            line.queue({"item": "roster", "roster": found.as_plain()})
    if as_json:
        told = {"party": found.party, "edition": found.edition, "expires": found.expires}
        print_json("line-roster", {**told, "changes": changed, "queued": not dry_run})
        return
    head(_("Roster of {party}, edition {edition}", party=found.party, edition=found.edition))
    _print(found, changed, queued=not dry_run)


def _checked(file: Path, line: Line) -> Roster:
    from detente.ground.contacts import roster_of
    from detente.ground.text import Marked, read_text

    marked = Marked(file.name)
    found = roster_of(read_text(file.parent, file.name, marked), marked)
    held = line.roster(line.me)
    wrong = []
    if found.party != line.me:
        problem = _("is {id}; this is the folder of {me}.", id=found.party, me=line.me)
        wrong.append(Finding(file.name, 0, "party", problem, _("write {me}.", me=line.me)))
    if held is not None and found.edition <= held.edition:
        problem = _("is {edition}; {held} is on the line.", edition=found.edition,
                    held=held.edition)  # fmt: skip
        mend = _("raise it to {edition}.", edition=held.edition + 1)
        wrong.append(Finding(file.name, 0, "edition", problem, mend))
    if found.expires <= line.at:
        problem = _("is past: {at}.", at=minute(found.expires))
        wrong.append(Finding(file.name, 0, "expires", problem, _("write a later instant.")))
    if wrong:
        raise CaseError(tuple(wrong))
    return found


def _print(found: Roster, changed: tuple[Change, ...], *, queued: bool) -> None:
    print_table(
        _("What it changes"),
        (_("contact"), _("field"), _("before"), _("after")),
        [(one.contact or "–", one.field or one.kind, one.before, one.after) for one in changed],
    )
    say(_.n("{n} contact; good until {until}.", "{n} contacts; good until {until}.",
            len(found.contacts), until=minute(found.expires)))  # fmt: skip
    if queued:
        say(_("Queued. It is signed and leaves once the node is open: detente line run DIR"))
    else:
        say(_("Nothing was queued."))
