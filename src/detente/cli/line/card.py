"""`detente line card`: a roster for the wallet."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.files import AS_JSON, write_new
from detente.cli.line.options import FOLDER, OUT
from detente.cli.show import print_json, say
from detente.cli.words import _
from detente.ground.errors import UsageError


@click.command(
    short_help=_("A party's contacts as a card for the wallet."),
    help=_(
        "Print the newest roster of PARTY as a card that needs no machine; with one other party on "
        "the line it is that one's. --out writes a PDF to be printed on both sides."
    ),
    epilog=_("Example: detente line card arland BBB --out borland-card.pdf --copies 4"),
)
@FOLDER
@click.argument("party", required=False)
@click.option("--out", type=OUT, help=_("PDF of the cards."))
@click.option("--copies", type=click.IntRange(1, 8), default=1, help=_("How many cards of each."))
@click.option("--lang", default="en", show_default=True, help=_("Language of the card."))
@AS_JSON
def card(
    folder: Path, party: str | None, *, out: Path | None, copies: int, lang: str, as_json: bool
) -> None:
    """Print the card, and write it where a file is named."""
    from detente.channel.keys import fingerprint
    from detente.cli.line.place import of_party, opened
    from detente.report.language import phrases
    from detente.report.wallet_card import as_text, wallet_card

    with opened(folder) as line:
        one = of_party(line, party)
        roster, title = line.roster(one.id), line.agreement.title
    if roster is None:
        raise UsageError(_("{id} has put no roster on this line.", id=one.id))
    made = wallet_card(
        roster, phrases(lang), line=title, party=one.name, fingerprint=fingerprint(one.root)
    )
    if out is not None:
        from detente.report.write.wallet_card import wallet_card_pdf

        write_new(out, wallet_card_pdf(made, copies=copies))
    if as_json:
        print_json("line-card", {"card": made, "out": str(out) if out else None})
        return
    say(_("not an accredited state channel"))
    click.echo(as_text(made), nl=False)
    if out is not None:
        say(_("Card: {path}", path=out))
