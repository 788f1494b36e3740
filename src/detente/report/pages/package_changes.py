"""What would change the recommended package: one statement, one side's view, one agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.assessment.bargain.results import Misreport, Pivot, Settlement
from detente.assessment.results import Bargaining
from detente.report.document import Block, Heading, Listing, Paragraph
from detente.report.names import Names
from detente.report.pages.package_shares import recommended

MOST_SETTLEMENTS = 3


def changes_blocks(found: Bargaining, names: Names) -> list[Block]:
    """A short list: what people said, one side's view for another's, agreement on a measure."""
    _ = names.phrases
    sentences = (
        *_statements(found, names),
        *(_view(one, names) for one in found.pivots),
        *_settlements(found.settlements, names),
    )
    text = _(
        "Where few points suffice, an honest error turns the package as well; statements lie on "
        "−100 to 100."
    )
    return [
        Heading(_("What would change the package"), 2, "agreement-changes"),
        Paragraph((text,)),
        Listing(tuple((sentence,) for sentence in sentences)),
    ]


def _statements(found: Bargaining, names: Names) -> Iterator[str]:
    """The smallest change of one statement for each side, the smallest of all first."""
    _ = names.phrases
    package = recommended(found).package
    told = [one for one in found.misreports if one.changes_at is not None]
    for one in sorted(told, key=lambda one: abs(one.changes_at or 0.0)):
        yield _statement(one, package, names)
    firm = [party for party in found.parties if party not in {one.party for one in told}]
    if firm:
        yield _(
            "No change of one statement by these sides would change the package: {sides}.",
            sides=_.list([names.group(party) for party in firm]),
        )


def _statement(one: Misreport, package: tuple[str, ...], names: Names) -> str:
    _ = names.phrases
    change = one.changes_at or 0.0
    points = max(1, round(abs(change)))
    joins = [name for name in one.package if name not in package]
    leaves = [name for name in package if name not in one.package]
    words = {
        "side": names.group(one.party),
        "measure": names.measure(one.measure),
        "change": change_words(joins, leaves, names),
    }
    if change < 0:
        return _.n(
            "If the people of {side} had said about {n} point less for {measure}, on average, the "
            "package would be another: {change}.",
            "If the people of {side} had said about {n} points less for {measure}, on average, the "
            "package would be another: {change}.",
            points,
            **words,
        )
    return _.n(
        "If the people of {side} had said about {n} point more for {measure}, on average, the "
        "package would be another: {change}.",
        "If the people of {side} had said about {n} points more for {measure}, on average, the "
        "package would be another: {change}.",
        points,
        **words,
    )


def _view(one: Pivot, names: Names) -> str:
    _ = names.phrases
    return _(
        "With the gains of {by} in place of those of {side}: {change}.",
        by=names.group(one.by),
        side=names.group(one.party),
        change=change_words(one.joins, one.leaves, names),
    )


def _settlements(found: Sequence[Settlement], names: Names) -> list[str]:
    """The agreements that would change the package; they stand first in the results."""
    _ = names.phrases
    if not found:
        return []
    changing = [one for one in found if one.changes][:MOST_SETTLEMENTS]
    if not changing:
        return [_("Agreement midway on the gains of any one measure would change nothing.")]
    return [
        _(
            "With agreement midway on the gains of {measure}: {change}.",
            measure=names.measure(one.measure),
            change=change_words(one.joins, one.dominated, names),
        )
        for one in changing
    ]


def change_words(joins: Sequence[str], leaves: Sequence[str], names: Names) -> str:
    """What is new in a package and what is no longer in it."""
    _ = names.phrases
    parts = []
    if joins:
        parts.append(_("with {measures}", measures=_.list(joins)))
    if leaves:
        parts.append(_("without {measures}", measures=_.list(leaves)))
    return ", ".join(parts) or _("the same package")
