"""A message as the pane shows it: what it is, what is due, what it says, what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from detente.channel.results import MessageView
from detente.cli.line import sayings
from detente.cli.line.heading import no_notice
from detente.cli.line.message_screen import passages
from detente.cli.line.screen.desk import UNREAD, Opening
from detente.cli.line.screen.theme import BADGES, BANNER, PLAIN, STRONG
from detente.cli.words import _
from detente.ground.forms.model import Message
from detente.ground.forms.render import render

Line = tuple[str, str]  # words, and their style


def text(opening: Opening, me: str, language: str) -> Content:
    """All lines of a message."""
    lines = (*_top(opening, me), *_form(opening.form, language), *_end(opening.view))
    return _content(lines)


def preview(message: Message, language: str) -> Content:
    """A reply as both sides would read it, before it is released."""
    other = "en" if language != "en" else "ru"
    lines: list[Line] = [(_("As read in {language}:", language=language), BANNER)]
    lines += [(render(message, language).rstrip("\n"), PLAIN), ("", PLAIN)]
    lines += [(_("As read in {language}:", language=other), BANNER)]
    return _content([*lines, (render(message, other), PLAIN)])


def _content(lines: Iterator[Line] | tuple[Line, ...] | list[Line]) -> Content:
    return Content("\n").join(Content.styled(words, style) for words, style in lines)


def _top(opening: Opening, me: str) -> Iterator[Line]:
    view = opening.view
    if view.drill:
        yield _(" DRILL — DRILL — DRILL "), BANNER
    yield _("{precedence}  {number}  from {sender} to {to}",
            precedence=sayings.precedence(view.precedence), number=view.number,
            sender=view.sender, to=", ".join(view.to)), STRONG  # fmt: skip
    if opening.problem:
        yield from _problem(opening)
    if view.expired:
        words = _("THIS MESSAGE HAS BEEN VOID SINCE {at}", at=sayings.minute(view.expires))
        yield words, BADGES["red"]
    elif view.expires:
        yield _("Void from {at} on", at=sayings.minute(view.expires)), STRONG
    yield from _dues(view)
    yield from _next(opening, me)
    yield _("Released by {names}", names=", ".join(name or "?" for name in view.released_by)), PLAIN
    if view.answers:
        yield _("It answers {number}", number=view.answers), PLAIN
    yield "", PLAIN


def _problem(opening: Opening) -> Iterator[Line]:
    if opening.view.text != "held":
        yield _("THIS TEXT IS NOT HERE"), BADGES["red"]
    elif opening.view.waits is None:
        yield _("THE TEXT IS NOT WHAT WAS RELEASED, OR NO FORM"), BADGES["red"]
        yield _("Do not act on it; ask by voice."), STRONG
    yield opening.problem, PLAIN


def _next(opening: Opening, me: str) -> Iterator[Line]:
    """What opening did, and what an officer does next."""
    view = opening.view
    if opening.told:
        yield _("A receipt *shown* is queued: it stood on this screen. Opening says and sends "
                "nothing else; nobody has read or answered it by that."), PLAIN  # fmt: skip
    if view.sender != me and view.standing in UNREAD and opening.form is not None:
        yield _("NOT READ YET. Key r: an officer reads it back and signs."), STRONG
    if view.waits is not None:
        words = f"{sayings.standing(view.standing)}: {sayings.wait_reason(view.waits)}"
        if view.waits_for:
            words += f" ({', '.join(view.waits_for)})"
        yield words, STRONG


def _dues(view: MessageView) -> Iterator[Line]:
    for due in view.dues:
        stands, style = sayings.due_state(due.state), PLAIN
        if due.state == "open":
            stands, style = _("{left} left", left=sayings.how_long(due.left)), STRONG
        elif due.state == "overdue":
            stands = _("{state} by {over}", state=stands, over=sayings.how_long(due.over))
            style = BADGES["red"]
        yield _("Deadline of {party}, {act} by {ends}: {stands}", party=due.party,
                act=_act(due.act), ends=sayings.minute(due.ends), stands=stands), style  # fmt: skip
        yield _("  by {source}", source=due.source), PLAIN


def _act(name: str) -> str:
    return {"reply": _("reply"), "meeting": _("meeting")}[name]


def _form(form: Message | None, language: str) -> Iterator[Line]:
    if form is None:
        return
    yield render(form, language).rstrip("\n"), PLAIN
    if form.header.language != language:
        yield "", PLAIN
        yield _("Free text stands in the language of its writer; have it translated by a "
                "person."), STRONG  # fmt: skip
    yield "", PLAIN


def _end(view: MessageView) -> Iterator[Line]:
    if view.entered is not None:
        for row in passages(view):
            yield row, PLAIN
    yield no_notice(), STRONG
    if view.drill:
        yield _(" DRILL — DRILL — DRILL "), BANNER
