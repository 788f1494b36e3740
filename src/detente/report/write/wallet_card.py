"""Cards for the wallet as PDF: fronts on one side of an A4 sheet, backs on the other.

The template `template/wallet_card.typ` lays out plain values; no text is ever read as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from detente.ground.errors import UsageError
from detente.report.charts import FONTS
from detente.report.texts import each_text, with_an_end
from detente.report.wallet_card import WalletCard
from detente.report.write.glyphs import displayable

TEMPLATE = Path(__file__).resolve().parent / "template" / "wallet_card.typ"
MOST = 8  # cards on a sheet


def wallet_card_pdf(card: WalletCard, *, copies: int = 1) -> bytes:
    """The cards of a roster on one sheet, the same bytes each time.

    Each card has 85.60 mm × 53.98 mm (ISO/IEC 7810, ID-1). A roster of more contacts than a back
    holds has several, numbered. It is PDF/UA-1 (ISO 14289) and PDF/A-2a (ISO 19005-2).

    Parameters
    ----------
    card
        The card.
    copies
        How many of each.

    Raises
    ------
    UsageError
        The sheet has no room for so many cards, or there is to be none.
    """
    import typst

    cards = len(card.backs) * copies
    if not 1 <= cards <= MOST:
        raise UsageError(f"A sheet has room for 1 to {MOST} cards; these are {cards}.")
    values = {
        **asdict(card),
        "backs": [[asdict(row) for row in back] for back in card.backs],
        "copies": copies,
        "day": [int(part) for part in card.issued.split("-")],
    }
    texts = each_text(values, lambda text: displayable(with_an_end(text)))
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"card": json.dumps(texts, ensure_ascii=False, allow_nan=False)},
        pdf_standards=["a-2a", "ua-1"],
    )
