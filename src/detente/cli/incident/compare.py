"""`detente incident compare`: two accounts side by side, as a sheet for the table."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON, FILE, findings_told
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.accounts.compare import ShownTo
    from detente.encounters.accounts.results import Compared, TwoAccounts
    from detente.report.language import Phrases

SHOWN_TO = ("own-side", "other-side", "mediator", "public")


@click.command(
    short_help=_("Two accounts side by side: agreed, apart, only one."),
    help=_(
        "Set two accounts of one incident side by side: what both say, how far they part, what "
        "only one speaks of, and what to ask. Differences are measured against what each side says "
        "it may be off; a bare number is read to its last stated digit. OURS is told only as far "
        "as it may be released, unless the sheet is for the own side. THEIRS is their account as "
        "it was received; without it the sheet shows one."
    ),
    epilog=_(
        "Example: detente incident compare ours.yaml theirs.yaml --for other-side --out sheet"
    ),
)
@click.argument("ours", type=FILE)
@click.argument("theirs", type=FILE, required=False)
@click.option(
    "--for",
    "shown_to",
    type=click.Choice(SHOWN_TO),
    default="other-side",
    show_default=True,
    help=_("Who will see the sheet."),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=_("Folder for index.html, sheet.pdf, results.json and tables/."),
)
@click.option("--lang", default="en", show_default=True, help=_("Language of the sheet."))
@AS_JSON
def compare(
    ours: Path,
    theirs: Path | None,
    *,
    shown_to: ShownTo,
    out: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Print the comparison, and write the sheet where a folder is named."""
    with findings_told("incident-compare", as_json=as_json):
        from detente.encounters.accounts.compare import compare as compared
        from detente.encounters.accounts.read import read_account
        from detente.report.language import phrases

        language = phrases(lang)
        first = read_account(ours)
        second = read_account(theirs) if theirs else None
        found = compared(first, second, shown_to=shown_to)
    if out is not None:
        _write(out, found, language)
    if as_json:
        print_json("incident-compare", {"accounts": found})
    else:
        _print(found, out)


def _write(out: Path, found: TwoAccounts, language: Phrases) -> None:
    from detente.report.two_accounts import sheet
    from detente.report.write.csv import tables
    from detente.report.write.folder import write_folder
    from detente.report.write.html import html
    from detente.report.write.json import encode
    from detente.report.write.pdf import pdf

    told = encode({"format": "detente/results/incident-1", "results": found})
    # of what is told, and not of the files: these hold what is withheld, and a digest of them
    # would tell that it was changed
    document = sheet(found, language, digest=hashlib.sha256(told).hexdigest())
    written = {"index.html": html(document), "sheet.pdf": pdf(document)}
    written["results.json"] = told
    written |= {f"tables/{name}.csv": data for name, data in tables(document).items()}
    write_folder(out, written)


def _print(found: TwoAccounts, out: Path | None) -> None:
    from detente.report.pages.account_words import apart, claim, title

    craft = dict(found.craft)
    words = {
        "agreed": _("agreed"),
        "apart": _("apart"),
        "only-one": _("only one"),
        "not-compared": _("not compared"),
    }

    def row(one: Compared) -> tuple[str, ...]:
        return (
            words[one.verdict],
            title(one, craft, _),
            claim(one.first, _, source=False) if one.first else "–",
            claim(one.second, _, source=False) if one.second else "–",
            apart(one.difference, _) if one.verdict == "apart" else "",
        )

    first, second = found.accounts
    other = second.side if second.received else _("not received")
    print_table(
        found.title,
        ("", _("subject"), first.side, other, _("apart by")),
        [row(one) for one in found.compared],
    )
    if out is not None:
        say(_("Sheet: {path}", path=out / "sheet.pdf"))
