"""Write a message in a language, with the fixed skeleton that `parse` reads back.

The skeleton is that of the notification formats under the Treaty on Open Skies (set S013EW11/v.1 of
its Consultative Commission, 1992): header, numbered fields, the message's number again at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.ground.forms.catalogue import FieldType, catalogue, check_language
from detente.ground.forms.free_text import quote
from detente.ground.forms.kinds import KINDS
from detente.ground.forms.model import Message, Value
from detente.ground.forms.plain import check

DASH = " — "
INDENT = "   "


def render(message: Message, language: str) -> str:
    """The message as a text; lines end with a line feed.

    Parameters
    ----------
    message
        A sound message.
    language
        One of `catalogue.LANGUAGES`; free text stays in its own.

    Raises
    ------
    UsageError
        The forms are not in this language, or there is no such form.
    CaseError
        The message is not sound; with every fault.
    """
    check_language(language)
    check(message)
    head, top = message.header, message.top()
    rows = opening(language, drill=head.drill)
    for field in catalogue().header:
        rows.append(f"{field.label[language]}: {_words(field, top, language)}")
    fields = catalogue().form(message.form).fields
    for place, field in enumerate(fields, start=1):
        start = f"{place}. {field.label[language]}: "
        if field.kind == "text" and field.id in message.values:
            rows.append(start + text_note(head.language, language))
            rows += [INDENT + row for row in quote(str(message.values[field.id]))]
        else:
            rows.append(start + _words(field, message.values, language))
    rows.append(closing(len(fields) + 1, head.number, language, drill=head.drill))
    return "\n".join(rows) + "\n"


def opening(language: str, *, drill: bool) -> list[str]:
    """The first lines: what it is, in which language, whether a drill, and what it is not."""
    words = catalogue().words
    mark = words["drill"][language] + DASH if drill else ""
    return [mark + words["title"][language], words["notice"][language]]


def closing(place: int, number: str, language: str, *, drill: bool) -> str:
    """The last line: the message's number again, and the mark of a drill."""
    words = catalogue().words
    mark = DASH + words["drill"][language] if drill else ""
    return f"{place}. {words['end'][language]}: {number}{mark}"


def text_note(written_in: str, language: str) -> str:
    """What stands beside the label of free text: which language it is in."""
    found = catalogue()
    return f"({found.words['free_text'][language]}{DASH}{found.phrases[written_in][language]})"


def _words(field: FieldType, values: Mapping[str, Value], language: str) -> str:
    if field.id not in values:
        return catalogue().words[field.absent][language]
    return KINDS[field.kind].write(field, values[field.id], language)
