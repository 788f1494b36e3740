"""Inbox and outbox in lines of columns."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from detente.channel.results import MessageView, ReplyDue
from detente.cli.line import sayings
from detente.cli.line.screen.desk import UNREAD
from detente.cli.line.screen.theme import BANNER, FLASH, PLAIN, STRONG
from detente.cli.words import _
from detente.ground.forms.catalogue import catalogue

_MARK, _PRECEDENCE, _NUMBER, _AT, _STANDS = 3, 9, 13, 12, 11
_FIXED = _MARK + _PRECEDENCE + _NUMBER + _AT + _STANDS + 5


def cut(text: str, width: int) -> str:
    """A text in exactly so many columns."""
    short = text if len(text) <= width else text[: max(0, width - 1)] + "…"
    return short.ljust(width)


def form_title(form: str, language: str) -> str:
    """What a form is called; its id where this version has none of that name."""
    found = catalogue().forms.get(form)
    return form if found is None else found.title[language]


def rows(
    messages: Iterable[MessageView], me: str, width: int, language: str
) -> list[tuple[str, Content]]:
    """Messages as lines of so many columns, each with its number."""
    return [(one.number, _row(one, me, width, language)) for one in messages]


def _row(one: MessageView, me: str, width: int, language: str) -> Content:
    is_new = one.sender != me and one.standing in UNREAD
    drill = (Content.styled(_("DRILL"), BANNER), " ") if one.drill else ()
    room = width - _FIXED - (len(_("DRILL")) + 1) * bool(one.drill)
    due = _pressing(one, me)
    when = sayings.minute(one.entered or one.written)[5:] if due is None else due_words(due)
    strong = STRONG if is_new else PLAIN
    return Content.assemble(
        (cut(_("NEW") if is_new else "", _MARK) + " ", STRONG),
        (cut(sayings.precedence(one.precedence), _PRECEDENCE), _style(one, is_new=is_new)),
        " ",
        (cut(one.number, _NUMBER) + " ", strong),
        *drill,
        (cut(form_title(one.form, language), max(6, room)) + " ", strong),
        (cut(when, _AT) + " ", STRONG if due is not None else PLAIN),
        cut(_stands(one), _STANDS),
    )


def _style(one: MessageView, *, is_new: bool) -> str:
    if is_new and one.precedence == "flash":
        return FLASH
    return STRONG if is_new and one.precedence == "immediate" else PLAIN


def _stands(one: MessageView) -> str:
    if one.expired:
        return _("VOID")
    if one.text == "lost":
        return _("NO TEXT")
    return _("waiting") if one.waits is not None else sayings.standing(one.standing)


def _pressing(one: MessageView, me: str) -> ReplyDue | None:
    """The deadline to be told first: of this side, else of another."""
    open_ = [due for due in one.dues if due.state in {"open", "overdue"}]
    return min(open_, key=lambda due: (due.party != me, due.ends or 0), default=None)


def due_words(due: ReplyDue) -> str:
    """Time left, or that there is none."""
    if due.state == "overdue":
        return _("OVERDUE")
    return _("due {left}", left=sayings.how_long(due.left))
