"""Two accounts of one incident as a sheet: both sides' words first, and no rule before them."""

from __future__ import annotations

from collections.abc import Iterator

from detente.encounters.accounts.results import Asked, Compared, TwoAccounts
from detente.report.document import (
    Block,
    Cell,
    Column,
    Document,
    Frame,
    Heading,
    Inline,
    Listing,
    Note,
    Paragraph,
    Table,
)
from detente.report.language import Phrases
from detente.report.pages.account_words import apart, certainty, claim, subject, title


def sheet(found: TwoAccounts, phrases: Phrases, *, digest: str) -> Document:
    """The printable sheet of a comparison."""
    _ = phrases
    marking = {
        "own-side": _("For the own side only"),
        "other-side": _("For both sides"),
        "mediator": _("For both sides and the mediator"),
        "public": _("For the public"),
    }[found.shown_to]
    if any(one.reconstruction for one in found.accounts):
        marking = f"{_('Reconstruction from published reports')} · {marking}"
    return Document(
        title=found.title,
        subtitle=_("Two accounts of one incident"),
        language=phrases.language,
        edition=found.incident,
        date=max(one.as_of for one in found.accounts),
        digest=digest,
        marking=marking,
        running=_("incident {incident}", incident=found.incident),
        contents=_("Contents"),
        blocks=tuple(_blocks(found, phrases)),
    )


def _blocks(found: TwoAccounts, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    yield Heading(_("Two accounts, side by side"), 1, "accounts")
    yield Paragraph((" ".join(_status(found, phrases)),), "lead")
    yield from _first(found, phrases)
    craft = dict(found.craft)
    names = {
        "agreed": (_("What both say"), _("Within what each side says it may be off")),
        "apart": (_("Where they part"), _("Beyond what each side says it may be off")),
        "only-one": (_("What only one side speaks of"), _("The other may not have seen it")),
        "not-compared": (_("In words, or not known"), _("Beside each other, not compared")),
    }
    for verdict, (heading, caption) in names.items():
        rows = [one for one in found.compared if one.verdict == verdict]
        if rows:
            yield Heading(heading, 2, verdict)
            frame = _frame(found, rows, craft, phrases, verdict)
            yield Table(frame, caption, f"{verdict}-table")
    yield from _labels(found, phrases)
    yield from _questions(found, craft, phrases)
    yield from _withheld(found, phrases)


def _status(found: TwoAccounts, phrases: Phrases) -> Iterator[str]:
    _ = phrases
    for one in found.accounts:
        if one.received:
            yield _("{side}: account of {day}.", side=one.side, day=_.date(one.as_of))
        else:
            yield _("The other side's account was not received.")
    count = {verdict: sum(c.verdict == verdict for c in found.compared) for verdict in _COUNTED}
    if found.accounts[1].received:
        yield _(
            "Of {n} subjects the two agree on {agreed}, part on {apart}, and on {one} only one "
            "side speaks.",
            n=len(found.compared),
            agreed=count["agreed"],
            apart=count["apart"],
            one=count["only-one"],
        )


_COUNTED = ("agreed", "apart", "only-one")


def _first(found: TwoAccounts, phrases: Phrases) -> Iterator[Block]:
    """Whom to call, and what is due by when: what is needed before anything else."""
    _ = phrases
    if found.contacts:
        columns = (
            Column("side", _("side"), width=1.5),
            Column("who", _("whom to call"), width=3),
            Column("channel", _("how"), width=3),
            Column("hours", _("when"), width=1.5),
            Column("as_of", _("checked on"), width=1.5),
        )
        rows = tuple((c.side, c.who, c.channel, c.hours, _.date(c.as_of)) for c in found.contacts)
        yield Table(Frame("contacts", columns, rows), _("Whom to call"), "contacts-table")
    else:
        text = _("No contact may be shown. A roster entry in `calls` would stand here.")
        yield Note(_("Whom to call"), ((text,),))
    columns = (
        Column("until", _("until"), width=2),
        Column("hours", _("hours after the begin"), "right", 0, width=1),
        Column("due", _("what is due"), width=3.5),
        Column("by", _("by what rule"), width=3),
        Column("read", _("its text"), width=1.5),
    )
    due: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.until.replace("T", " ").replace("Z", " UTC") or _("begin not stated"),
            one.hours,
            one.due,
            one.by,
            _("read") if one.verified else _("not read: check it"),
        )
        for one in found.clock
    )
    yield Table(Frame("clock", columns, due), _("What is due by when"), "clock-table")


def _frame(
    found: TwoAccounts,
    rows: list[Compared],
    craft: dict[str, str],
    phrases: Phrases,
    verdict: str,
) -> Frame:
    _ = phrases
    first, second = found.accounts
    last = {
        "agreed": Column("certainty", _("the less sure is"), width=1.1),
        "apart": Column("apart", _("apart by"), width=1.1),
    }
    columns = (  # so narrow that a telephone shows both sides at once
        Column("subject", _("subject"), width=1.5),
        Column("first", first.side, width=2.1),
        Column("second", second.side if second.received else _("the other side"), width=2.1),
    )

    def row(one: Compared) -> tuple[str, ...]:
        cells = (
            title(one, craft, phrases),
            claim(one.first, phrases) if one.first else "–",
            claim(one.second, phrases) if one.second else "–",
        )
        if verdict == "agreed":
            return (*cells, certainty(one.certainty, phrases))
        if verdict == "apart":
            return (*cells, apart(one.difference, phrases))
        return cells

    named = (*columns, last[verdict]) if verdict in last else columns
    return Frame(verdict, named, tuple(row(one) for one in rows))


def _labels(found: TwoAccounts, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    if not found.labels and not found.named:
        return
    yield Heading(_("What each side calls it"), 2, "labels")
    if found.named:
        first, second = found.accounts
        columns = (
            Column("craft", _("craft"), width=1),
            Column("first", first.side, width=2),
            Column("second", second.side, width=2),
        )
        yield Table(Frame("craft", columns, found.named), _("What is said of each craft"), "craft")
    if not found.labels:
        return
    items: tuple[Inline, ...] = tuple(
        (_("{side}: “{words}” ({by})", side=one.side, words=one.words, by=one.by),)
        for one in found.labels
    )
    yield Listing(items)


def _questions(found: TwoAccounts, craft: dict[str, str], phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    asked = [
        _("{side} asks: {words}", side=one.side, words=_with_subject(one, phrases))
        for one in found.questions
    ]
    open_ = [*_open_questions(found, craft, phrases)]
    if not asked and not open_:
        return
    yield Heading(_("Questions to each other"), 2, "questions")
    yield Listing(tuple((text,) for text in (*asked, *open_)), numbered=True)


def _with_subject(one: Asked, phrases: Phrases) -> str:
    return f"{one.words} ({subject(one.about, phrases)})" if one.about else one.words


def _open_questions(found: TwoAccounts, craft: dict[str, str], phrases: Phrases) -> Iterator[str]:
    """What the comparison itself leaves to ask, in the same words to both."""
    _ = phrases
    first, second = found.accounts
    if not second.received:
        return
    for one in found.compared:
        if one.verdict != "apart":
            continue
        about, gap = title(one, craft, phrases), apart(one.difference, phrases)
        yield (
            _(
                "To both: the accounts part by {gap} on “{subject}”. What does each rest on?",
                gap=gap,
                subject=about,
            )
            if gap
            else _(
                "To both: one says yes and one says no on “{subject}”. What does each rest on?",
                subject=about,
            )
        )
    only = [one for one in found.compared if one.verdict == "only-one"]
    for side, silent in (
        (first.side, [one for one in only if one.first is None]),
        (second.side, [one for one in only if one.second is None]),
    ):
        if silent:
            yield _(
                "To {side}: what does your record show of: {subjects}?",
                side=side,
                subjects="; ".join(title(one, craft, phrases) for one in silent),
            )


def _withheld(found: TwoAccounts, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    if not found.withheld:
        return
    yield Heading(_("What a release would withhold"), 2, "withheld")
    columns = (
        Column("item", _("where"), width=3),
        Column("field", _("what of it"), width=2),
        Column("why", _("why"), width=3),
    )
    why = {"not-releasable": _("not releasable"), "coarsened": _("made coarser")}
    rows = tuple((one.item, one.field or _("all"), why[one.why]) for one in found.withheld)
    caption = _("Left out or made coarser in a copy for the other side; for the own side to see")
    yield Table(Frame("withheld", columns, rows), caption, "withheld-table")
