"""One message as a duty officer sees it: what it is, what it says, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.cli.line import sayings
from detente.cli.line.heading import drill_banner, no_notice
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.channel.results import MessageView, PassageView
    from detente.cli.line.reading import Opened


def screen(opened: Opened, view: MessageView, language: str) -> Iterator[str]:
    """The lines of a message on a screen."""
    from detente.ground.forms.render import render

    yield from drill_banner(is_drill=view.drill)
    yield _("{precedence}  {number}  from {sender} to {to}",
            precedence=sayings.precedence(view.precedence), number=view.number,
            sender=view.sender, to=", ".join(view.to))  # fmt: skip
    yield _("Released by {names}", names=", ".join(name or "?" for name in view.released_by))
    if view.answers:
        yield _("It answers {number}", number=view.answers)
    yield from _warnings(opened, view)
    yield ""
    if opened.form is not None:
        yield render(opened.form, language).rstrip("\n")
        if opened.form.header.language != language:
            yield ""
            yield _("Free text stands in the language of its writer; have it translated by a "
                    "person.")  # fmt: skip
    yield ""
    yield from passages(view)
    yield from _dues(view)
    yield no_notice()
    yield from drill_banner(is_drill=view.drill)


def _warnings(opened: Opened, view: MessageView) -> Iterator[str]:
    if view.expired:
        yield _("THIS MESSAGE HAS BEEN VOID SINCE {at}", at=sayings.minute(view.expires))
    elif view.expires:
        yield _("Void from {at} on", at=sayings.minute(view.expires))
    if opened.problem:
        yield _("THE TEXT IS NOT WHAT WAS RELEASED, OR NO FORM: {why}", why=opened.problem)
        yield _("Do not act on it; ask by voice.")


def passages(view: MessageView) -> Iterator[str]:
    """Where a message stands at each recipient, step by step."""
    yield _("Entered the log {at}", at=sayings.minute(view.entered))
    for passage in view.passages:
        yield from _passage(passage)


def _passage(passage: PassageView) -> Iterator[str]:
    stands = sayings.standing(passage.standing)
    yield _("At {party}: {standing}", party=passage.recipient, standing=stands)
    for step in passage.steps:
        who = f", {step.officer} {step.name}" if step.officer else ""
        by = f", {step.number}" if step.number else ""
        yield f"  {sayings.minute(step.at)}  {sayings.standing(step.step)}{who}{by}"
        if step.said:
            said = "; ".join(f"{field} {value}" for field, value in step.said)
            yield "    " + _("said again: {said}", said=said)


def _dues(view: MessageView) -> Iterator[str]:
    for due in view.dues:
        stands = sayings.due_state(due.state)
        if due.state == "open":
            stands = _("{left} left", left=sayings.how_long(due.left))
        elif due.state == "overdue":
            stands = _("{state} by {over}", state=stands, over=sayings.how_long(due.over))
        yield _(
            "Deadline of {party}, {act} by {ends}: {stands}",
            party=due.party,
            act=sayings.due_act(due.act),
            ends=sayings.minute(due.ends),
            stands=stands,
        )
