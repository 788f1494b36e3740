"""`detente line status`: how the line stands, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON
from detente.cli.line import sayings
from detente.cli.line.heading import head, no_notice, wrapped
from detente.cli.line.options import AT, FOLDER, instant
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.channel.results import LineLife, LineView, MessageView, PartyLife


@click.command(
    short_help=_("How the line stands, on one screen."),
    help=_(
        "Whether the line lives, what this side's node may do, what waits to be read or sent, "
        "deadlines, expiring keys and evidence. It reads this side's disk and works while no node "
        "runs."
    ),
    epilog=_("Example: detente line status arland"),
)
@FOLDER
@AT
@AS_JSON
def status(folder: Path, *, at: str | None, as_json: bool) -> None:
    """Print the view of the line."""
    from detente.cli.line.place import opened

    with opened(folder) as line:
        view, runs, connected = (
            line.view(instant(at, line.at)), line.standing.runs, line.standing.connected,
        )  # fmt: skip
    if as_json:
        print_json("line-status", {"runs": runs, "connected": connected, "view": view})
        return
    head()
    say(_("Line “{title}”, as {me} sees it at {at}", title=view.title, me=view.me,
          at=sayings.minute(view.at)))  # fmt: skip
    say(_("Line's fingerprint {print}", print=view.fingerprint))
    if view.drill == "drills-only":
        say(_("THIS LINE IS AGREED FOR DRILLS ONLY"))
    elif view.drill == "drill-open":
        say(_("A DRILL IS OPEN ON THIS LINE"))
    say("")
    for part in (_life(view.life), _node(view, connected, runs=runs), _to_do(view)):
        for words in part:
            say("\n".join(wrapped(words, then="    ")))
        say("")
    _tables(view)
    say(no_notice())


def _life(life: LineLife) -> Iterator[str]:
    yield _("LINE: {colour}", colour=sayings.colour(life.colour))
    for one in life.parties:
        yield "  " + _party(one)
    if life.unsent:
        yield "  " + _.n(
            "This side's last {n} test message was not sent.",
            "This side's last {n} test messages were not sent.",
            life.unsent,
        )
    for what in life.advice:
        yield "  " + _("Do: {what}", what=sayings.advice(what))


def _party(one: PartyLife) -> str:
    reasons = "; ".join(sayings.life_reason(reason) for reason in one.reasons)
    heard = _("last test {test}, last receipt {receipt}, next test due before {due}",
              test=sayings.minute(one.last_test), receipt=sayings.minute(one.last_receipt),
              due=sayings.minute(one.next_test))  # fmt: skip
    said = f"{one.party} {sayings.colour(one.colour)}"
    if one.reasons and one.since is not None:
        reasons = _("{reasons}, since {at}", reasons=reasons, at=sayings.minute(one.since))
    return f"{said}: {reasons}; {heard}" if reasons else f"{said}: {heard}"


def _node(view: LineView, connected: tuple[str, ...], *, runs: bool) -> Iterator[str]:
    if runs:
        yield _("NODE: {standing}", standing=sayings.node_standing(view.standing))
        yield "  " + _("Connected now: {parties}", parties=", ".join(connected) or "–")
    else:
        yield _("NODE: NOT RUNNING; nothing is sent or received. Start it: detente line run DIR")
    missing = [one.id for one in view.parties if one.id != view.me and not one.confirmed]
    if runs and view.standing == "starting" and missing:
        yield "  " + _("Not confirmed yet by: {parties}", parties=", ".join(missing))
    if view.restored:
        yield "  " + _("An older state of this disk was found; the others send what is missing.")
    for one in view.parties:
        if one.forked:
            yield "  " + _("THE LOG OF {id} FORKED: see detente line evidence", id=one.id)


def _to_do(view: LineView) -> Iterator[str]:
    counts = view.counts
    if counts.unread_drills:
        yield _("TO READ: {n}, of these drills: {drills}", n=counts.unread,
                drills=counts.unread_drills)  # fmt: skip
    else:
        yield _("TO READ: {n}", n=counts.unread)
    yield _("DRAFTS THAT WAIT: {n}", n=counts.waiting)
    yield _("SENT, NOT STORED BY ALL YET: {n}", n=counts.unstored)
    yield _("DEADLINES PAST: {n}", n=counts.overdue)
    if counts.lost_texts:
        yield _("TEXTS THAT DO NOT OPEN: {n}, asked for again", n=counts.lost_texts)
    yield _("EVIDENCE: {n}", n=len(view.evidence))


def _tables(view: LineView) -> None:
    messages = (*view.inbox, *view.outbox)
    print_table(
        _("Messages to read, and drafts that wait"),
        (_("no."), _("precedence"), _("form"), _("standing")),
        [_open_row(one) for one in messages if _is_open(one, view.me)],
    )
    print_table(
        _("Deadlines"),
        (_("message"), _("owed by"), _("due"), _("until"), _("standing")),
        list(due_rows(messages)),
    )
    print_table(
        _("Keys to look after"),
        (_("party"), _("key no."), _("name"), _("until"), _("standing")),
        [
            (key.party, str(key.serial), key.name, sayings.minute(key.until),
             sayings.key_state(key.state))
            for key in view.keys
            if key.state in {"expiring", "expired", "not-yet-valid"}
        ],
    )  # fmt: skip
    print_table(
        _("Last events"),
        (_("noted at"), _("what"), _("party"), _("detail")),
        [
            (sayings.minute(one.at), sayings.event(one.kind), one.of, one.number or one.detail)
            for one in view.journal[-6:]
        ],
    )


def _is_open(one: MessageView, me: str) -> bool:
    if one.sender == me:
        return one.entered is None
    return one.standing in {"stored", "shown"}


def _open_row(one: MessageView) -> tuple[str, ...]:
    stands = sayings.standing(one.standing)
    if one.waits is not None:
        stands = f"{stands}: {sayings.wait_reason(one.waits)}"
        if one.waits_for:
            stands += f" ({', '.join(one.waits_for)})"
    return (drill_mark(one), sayings.precedence(one.precedence), one.form, stands)


def drill_mark(one: MessageView) -> str:
    """The number of a message, with the mark of a drill."""
    return _("{number} DRILL", number=one.number) if one.drill else one.number


def due_rows(messages: Iterable[MessageView]) -> Iterator[tuple[str, ...]]:
    """Rows of the deadlines that are not met."""
    for one in messages:
        for due in one.dues:
            if due.state in {"met", "not-begun"}:
                continue
            left = sayings.how_long(due.left or due.over)
            stands = sayings.due_state(due.state)
            if due.state == "open":
                stands = _("{left} left", left=left)
            elif due.state == "overdue":
                stands = _("{state} by {over}", state=stands, over=left)
            yield (
                drill_mark(one),
                due.party,
                sayings.due_act(due.act),
                sayings.minute(due.ends),
                stands,
            )
