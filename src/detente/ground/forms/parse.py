"""Read a message from the text that `render` wrote, or that a person typed on a template.

Three steps: the text is cut into the lines that the skeleton has; each line is put into its slot of
the form, so that one that is missing, twice or out of order is seen; and the words in each slot are
read as a value of its kind. Each step tells all that it finds.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from detente.ground.errors import CaseError
from detente.ground.fields import FaultError, shown
from detente.ground.forms.catalogue import LANGUAGES, FieldType, Form, alike, catalogue
from detente.ground.forms.free_text import MARKS, REFUSED, stacked, unquote
from detente.ground.forms.kinds import KINDS
from detente.ground.forms.model import NUMBER, Message, message_of
from detente.ground.forms.plain import as_plain, from_plain
from detente.ground.forms.render import DASH, text_note
from detente.ground.forms.whole import faults
from detente.ground.text import Marked

MOST_CHARACTERS = 60_000
MOST_LINES = 1_500
MOST_GUESSES = 20
END = "end"

_NUMBERED = re.compile(r"([0-9]{1,2})\. ?(.*)")


def parse(text: str | bytes, *, file: str = "message") -> Message:
    """The message that a text in any of the languages tells.

    Line ends, blanks at the end of a line, and Unicode's normal form may differ from what `render`
    wrote.

    Parameters
    ----------
    text
        A text, or its bytes in UTF-8.
    file
        What findings call it.

    Raises
    ------
    CaseError
        With every fault: a text that was cut, unknown phrases, lines that are missing, twice, out
        of order or unknown, values that are not sound or contradict each other.
    """
    marked = Marked(file)
    found = _found(_rows(text, marked), marked)
    if marked.findings or found is None:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return from_plain(as_plain(found), file=file)  # which sees what only the whole shows: its size


# --- lines ------------------------------------------------------------------------------------

Row = tuple[int, str]


def _rows(text: str | bytes, marked: Marked) -> list[Row]:
    """The lines that are not blank, with their numbers; none, with a finding, where unreadable."""
    if isinstance(text, bytes):
        try:
            text = text[: 4 * MOST_CHARACTERS + 4].decode("utf-8-sig")
        except UnicodeDecodeError:
            marked.find_at(0, "", "is no text in UTF-8.", "save it as UTF-8, and send it whole.")
            return []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        problem = f"has more than {MOST_CHARACTERS:,} characters or {MOST_LINES:,} lines."
        marked.find_at(0, "", problem, "shorten it.")
        return []
    if (place := stacked(text)) >= 0:
        line = text.count("\n", 0, place) + 1
        marked.find_at(line, "", "holds a letter with too many marks.", "remove them.")
        return []
    text = unicodedata.normalize("NFC", text)
    rows = [(at, " ".join(row.split())) for at, row in enumerate(_lines(text, marked), start=1)]
    return [] if marked.findings else [(at, row) for at, row in rows if row]


def _lines(text: str, marked: Marked) -> list[str]:
    """The lines; a finding for each that holds what is refused."""
    lines = text.replace("\t", " ").split("\n")
    for at, line in enumerate(lines, start=1):
        if bad := REFUSED.search(line):
            marked.find_at(at, "", f"holds the character U+{ord(bad[0]):04X}.", "remove it.")
    return lines


@dataclass
class _Slot:
    """A place of the skeleton, and what was found for it."""

    id: str
    label: str
    place: int  # the number before the label; 0 in the header
    of: FieldType | None
    line: int = 0
    words: str = ""
    quoted: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return f"{self.place}. {self.label}" if self.place else self.label

    @property
    def is_blank(self) -> bool:
        """Whether it still holds what a template says of it."""
        return not self.words or (self.words[0] == "<" and self.words[-1] == ">")


def _slots(form: Form | None, language: str) -> list[_Slot]:
    slots = [_Slot(one.id, one.label[language], 0, one) for one in catalogue().header]
    fields = form.fields if form else ()
    for place, one in enumerate(fields, start=1):
        slots.append(_Slot(one.id, one.label[language], place, one))
    label = catalogue().words["end"][language]
    return [*slots, _Slot(END, label, len(fields) + 1, None)]


# --- the skeleton -----------------------------------------------------------------------------


def _found(rows: list[Row], marked: Marked) -> Message | None:
    if marked.findings:
        return None
    opening = _opening(rows[0][1]) if rows else None
    if opening is None:
        titles = " / ".join(catalogue().words["title"][one] for one in LANGUAGES)
        mend = f"begin with one of: {titles}."
        marked.find_at(rows[0][0] if rows else 0, "", "does not begin as a message.", mend)
        return None
    language, drill = opening
    _notice(rows, language, marked)
    form = _form(rows, language)
    slots = _slots(form, language)
    _fill(rows[1:], slots, marked, is_known=form is not None)
    _missing(slots, rows[-1][0] if rows else 0, marked)
    top = _values(slots[: len(catalogue().header)], language, marked)
    _end(slots[-1], top.get("number"), drill, language, marked)
    if form is None:
        return None
    values = _values(slots[len(catalogue().header) : -1], language, marked, top.get("language"))
    _whole(form, top, values, slots, marked)
    return None if marked.findings else message_of(top, values, drill=drill)


def _opening(row: str) -> tuple[str, bool] | None:
    words, sought = catalogue().words, alike(row)
    for language in LANGUAGES:
        title = words["title"][language]
        if sought == alike(title):
            return language, False
        if sought == alike(words["drill"][language] + DASH + title):
            return language, True
    return None


def _notice(rows: list[Row], language: str, marked: Marked) -> None:
    """Take the second line away, which says that a message is no treaty notice."""
    notice = catalogue().words["notice"][language]
    line, row = rows[1] if len(rows) > 1 else rows[0]
    if alike(row) != alike(notice):
        problem = "has no notice after its first line."
        marked.find_at(line, "", problem, f"write `{notice}`")
        labels = {alike(one.label[language]) for one in catalogue().header}
        if alike(row.partition(":")[0]) in labels:
            return
    del rows[1:2]


def _form(rows: list[Row], language: str) -> Form | None:
    """The form that the first line with its label names, wherever it stands."""
    one = next(one for one in catalogue().header if one.id == "form")
    for _, row in rows:
        label, colon, words = row.partition(":")
        if colon and alike(label) == alike(one.label[language]):
            id_ = catalogue().phrase_of(words, one.among, language)
            return catalogue().forms[id_] if id_ else None
    return None


def _fill(rows: list[Row], slots: list[_Slot], marked: Marked, *, is_known: bool) -> None:
    """Put every line into its slot; ``is_known`` tells whether the form's slots are there."""
    by_label = {(alike(slot.label), slot.place > 0): slot for slot in slots}
    by_place = {slot.place: slot for slot in slots if slot.place and is_known}
    last = _Slot("", "", 0, None)  # the slot of the line before, to which quoted lines belong
    reached = -1
    for line, row in rows:
        if row[0] in MARKS:
            _quoted(line, row, last, marked, is_known=is_known)
            continue
        match = _NUMBERED.fullmatch(row)
        label, colon, words = (match[2] if match else row).partition(":")
        slot = by_label.get((alike(label), match is not None)) if colon else None
        place = int(match[1]) if match else 0
        if slot is None and colon and place in by_place and not by_place[place].line:
            slot = by_place[place]
            mend = f"write `{slot.shown}`."
            marked.find_at(line, slot.id, f"has the label {shown(label)}.", mend)
        if slot is None or slot.line:
            last = _Slot("", "", 0, slot.of if slot else None, quoted=["|"])
            if slot is not None:
                problem = f"stands twice: first in line {slot.line}."
                marked.find_at(line, slot.id, problem, "keep one.")
            elif is_known or not match:
                _unknown(line, row, label, slots, marked)
            continue
        slot.line, slot.words = line, words.strip()
        last, index = slot, slots.index(slot)
        if is_known and place != slot.place:
            mend = f"write `{slot.shown}`."
            marked.find_at(line, slot.id, f"has the number {place}, not {slot.place}.", mend)
        elif index < reached:
            mend = f"move it before `{slots[reached].shown}`."
            marked.find_at(line, slot.id, "stands out of order.", mend)
        reached = max(reached, index)


def _quoted(line: int, row: str, last: _Slot, marked: Marked, *, is_known: bool) -> None:
    is_text = last.of is not None and last.of.kind == "text"
    if not is_text and is_known and not last.quoted:
        problem = f"has free text ({shown(row)}) where none belongs."
        marked.find_at(line, last.id, problem, "remove it.")
    last.quoted.append(row)  # where none belongs, it is told once


def _unknown(line: int, row: str, label: str, slots: list[_Slot], marked: Marked) -> None:
    near: list[str] = []
    if len(marked.findings) < MOST_GUESSES:  # guessing takes time
        near = difflib.get_close_matches(label[:100], [slot.label for slot in slots], 1)
    mend = f"did you mean `{near[0]}`?" if near else "put | before free text, or remove it."
    marked.find_at(line, "", f"is no line of this form: {shown(row)}.", mend)


def _missing(slots: list[_Slot], line: int, marked: Marked) -> None:
    for slot in slots:
        if slot.line:
            continue
        if slot.id == END:
            problem = "has no end: the message was cut, or its last line has other words."
            marked.find_at(line, END, problem, f"ask for it again, or end with `{slot.label}`.")
        else:
            marked.find_at(line, slot.id, "is missing.", f"add the line `{slot.shown}:`.")


def _end(slot: _Slot, number: str | None, drill: bool, language: str, marked: Marked) -> None:  # noqa: FBT001
    """Check the number that is repeated, the mark of a drill, and that nothing comes after."""
    if not slot.line:
        return
    words, _, mark = slot.words.partition(" ")
    mark = mark.strip(" —")
    if slot.is_blank or not NUMBER.fullmatch(words):
        problem = "does not repeat the message's number: it was cut, or is not filled in."
        marked.find_at(slot.line, END, problem, "ask for it again, or write the number.")
        return
    if number is not None and words != number:
        problem = f"repeats the number {words}, not {number}."
        marked.find_at(slot.line, END, problem, "ask for it again, or correct the number.")
    wanted = catalogue().words["drill"][language] if drill else ""
    if alike(mark) != alike(wanted):
        problem = "differs from the first line in whether this is a drill."
        marked.find_at(slot.line, END, problem, "ask for it again, or correct one of the two.")


# --- values -----------------------------------------------------------------------------------


def _values(
    slots: list[_Slot], language: str, marked: Marked, written_in: str | None = None
) -> dict[str, Any]:
    values = {}
    for slot in slots:
        if not slot.line or slot.of is None:
            continue
        try:
            for value in _value(slot, slot.of, language, written_in):
                values[slot.id] = value
        except FaultError as fault:
            marked.find_at(slot.line, slot.id, fault.problem, fault.mend)
    return values


def _value(slot: _Slot, one: FieldType, language: str, written_in: str | None) -> Iterator[Any]:
    """The value in a slot; nothing where it is not stated."""
    quoted = unquote(slot.quoted) if one.kind == "text" else ""
    absent = catalogue().words[one.absent][language]
    if not one.is_needed and not quoted and (slot.is_blank or alike(slot.words) == alike(absent)):
        return
    if one.kind == "text":
        _check_note(slot, language, written_in)
        if not quoted:
            raise FaultError("is not filled in.", "write text below, each line after |.")
        yield KINDS["text"].read(one, quoted, language)
    elif slot.is_blank:
        place = f" in place of `{slot.words}`" if slot.words else ""
        raise FaultError("is not filled in.", f"write a value of the kind {one.kind}{place}.")
    else:
        yield KINDS[one.kind].read(one, slot.words, language)


def _check_note(slot: _Slot, language: str, written_in: str | None) -> None:
    """Refuse words beside a label that do not say which language the text is in."""
    if written_in is None or slot.is_blank:
        return
    note = text_note(written_in, language)
    if alike(slot.words) != alike(note):
        mend = f"write `{note}`, and the text below, each line after |."
        raise FaultError(f"has {shown(slot.words)} beside its label.", mend)


def _whole(
    form: Form, top: dict[str, Any], values: dict[str, Any], slots: list[_Slot], marked: Marked
) -> None:
    lines = {slot.id: slot.line for slot in slots}
    for key, problem, mend in faults(form, top, values):
        marked.find_at(lines[key], key, problem, mend)
    told = any(one.key == "answers" for one in marked.findings)
    if form.answers and "answers" not in top and not told:
        mend = "name the message that this one answers."
        marked.find_at(lines["answers"], "answers", "is not stated.", mend)
