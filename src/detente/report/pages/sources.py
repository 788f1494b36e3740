"""Where everything comes from, and how to make the same report again."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.report.document import Block, Column, Frame, Heading, Listing, Paragraph, Table
from detente.report.names import Names


def sources_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The documents, and the seed, version and digest of this edition."""
    _ = names.phrases
    frame = Frame(
        "sources",
        (
            Column("id", _("id"), width=1.4),
            Column("title", _("document"), width=4),
            Column("author", _("by"), width=2),
            Column("date", _("date"), width=0.9),
            Column("url", _("address"), width=3),
            Column("status", _("checked"), width=0.9),
            Column("note", _("note"), width=2),
        ),
        tuple(
            (one.id, one.title, one.author, one.date, one.url, names.status(one.status), one.note)
            for one in case.sources
        ),
    )
    return [
        Heading(_("Sources and reproduction"), 1, "sources"),
        Paragraph(
            (
                _(
                    "The same case folder, the same version and the same seed give the same bytes. "
                    "Both sides can run it, read it and check it."
                ),
            )
        ),
        Listing(
            (
                (_("Case digest (SHA-256): {digest}", digest=results.digest),),
                (_("Version of detente: {version}", version=results.version),),
                (_("Seed: {seed}; samples: {points}", seed=results.seed, points=results.points),),
                (_("Methods with their sources: docs/methods.md of the project."),),
            )
        ),
        Table(
            frame,
            _("Documents"),
            "sources-table",
            ("id", "title", "author", "date", "url", "status"),
        ),
    ]
