"""What the case is, who its parties are, and how each was heard."""

from __future__ import annotations

from detente.case.case import Case
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names


def about_page(case: Case, names: Names) -> list[Block]:
    """The case in its authors' words, and its parties in the order of its file."""
    _ = names.phrases
    return [
        Heading(_("About this case"), 1, "about"),
        Paragraph((names.text(case.about.summary),)),
        Table(_parties(case, names), _("Parties, and how each was heard"), "parties"),
    ]


def _parties(case: Case, names: Names) -> Frame:
    _ = names.phrases
    heard = {
        "panel": _("answered in a panel"),
        "documents": _("read in public documents"),
        "not-heard": _("not heard"),
    }
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            party.id,
            names.text(party.name),
            names.group(case.side_of[party.id]) if party.id in case.side_of else _("none"),
            heard[party.heard],
            party.affected,
        )
        for party in case.about.parties
    )
    return Frame(
        "parties",
        (
            Column("id", _("id"), width=0.6),
            Column("name", _("party"), width=1.6),
            Column("side", _("side"), width=2),
            Column("heard", _("heard"), width=1.6),
            Column("affected", _("how it is affected"), width=3),
        ),
        rows,
    )
