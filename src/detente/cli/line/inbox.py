"""`detente line inbox`: the messages of a line, what is to be read first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.files import AS_JSON
from detente.cli.line import sayings
from detente.cli.line.heading import head, no_notice
from detente.cli.line.options import FOLDER
from detente.cli.line.status import drill_mark
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.channel.results import MessageView


@click.command(
    short_help=_("The messages of a line, and where each stands."),
    help=_(
        "Messages received, unread and urgent ones first, and where each stands: stored on this "
        "side's disk, shown, read by a named officer, answered. With --sent this side's own, "
        "drafts and newest first, and where each stands at each recipient."
    ),
    epilog=_("Example: detente line inbox arland --sent"),
)
@FOLDER
@click.option("--sent", is_flag=True, help=_("This side's own messages and drafts."))
@click.option("--most", type=click.IntRange(1), default=30, show_default=True, help=_("Rows."))
@AS_JSON
def inbox(folder: Path, *, sent: bool, most: int, as_json: bool) -> None:
    """Print one list of messages."""
    from detente.cli.line.place import opened

    with opened(folder) as line:
        view = line.view(line.at)
    shown = (view.outbox if sent else view.inbox)[:most]
    if as_json:
        print_json("line-inbox", {"sent": sent, "messages": shown})
        return
    head()
    if not shown:
        say(_("No message yet."))
        return
    title = _("Sent by {me}", me=view.me) if sent else _("Received by {me}", me=view.me)
    columns = (
        _("no."),
        _("precedence"),
        _("form"),
        _("answers"),
        _("written"),
        _("standing"),
    )
    print_table(title, columns, [_row(one) for one in shown])
    say(no_notice())
    if not sent:
        say(_("Open one with: detente line show DIR NUMBER"))


def _row(one: MessageView) -> tuple[str, ...]:
    return (
        drill_mark(one),
        sayings.precedence(one.precedence),
        one.form,
        one.answers or "–",
        sayings.minute(one.written),
        "; ".join(_stands(one)),
    )


def _stands(one: MessageView) -> list[str]:
    if one.waits is not None:
        return [f"{sayings.standing(one.standing)}: {sayings.wait_reason(one.waits)}"]
    if len(one.passages) < 2:
        return [sayings.standing(one.standing)]
    return [f"{each.recipient} {sayings.standing(each.standing)}" for each in one.passages]
