"""The contact roster of a party as a card for the wallet: what it says, and as text for a terminal.

The card is read without a machine, so it says all it must on its two sides: whose roster, of which
edition, until when, by which root key, whom to call, and that the line is not an accredited one.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from detente.ground.contacts import Contact, Roster
from detente.ground.duty import DAY_MINUTES, Hours, Shift, clock, shifts
from detente.ground.errors import UsageError
from detente.ground.time import write_minute
from detente.report.language import Phrases, locale

ROWS = 7  # contacts on the back of a card
COLUMNS = 80  # of a terminal
_KEY_DIGITS = 16
_END = "…"


@dataclass(frozen=True)
class Row:
    """One contact, in the reader's language."""

    role: str
    name: str
    phone: str
    hours: str
    languages: str


@dataclass(frozen=True)
class Face:
    """What a front says beside each other: a label and a value."""

    label: str
    value: str


@dataclass(frozen=True)
class WalletCard:
    """A roster for the wallet: a front that all cards share, and the rows of their backs."""

    language: str
    line: str
    title: str
    facts: tuple[Face, ...]
    key: Face
    warning: str
    remark: str
    whom: str
    rows: tuple[Row, ...]
    sheet: str
    issued: str

    @property
    def backs(self) -> tuple[tuple[Row, ...], ...]:
        """The rows of each card that the roster needs."""
        return tuple(self.rows[at : at + ROWS] for at in range(0, len(self.rows), ROWS))


def wallet_card(
    roster: Roster, phrases: Phrases, *, line: str, party: str, fingerprint: str
) -> WalletCard:
    """The card of a roster.

    Parameters
    ----------
    roster
        The roster.
    phrases
        The reader's language.
    line
        The line's name.
    party
        The name of the party whose roster it is.
    fingerprint
        Of the party's root key: hexadecimal digits, in groups or not; the first 16 are shown.

    Raises
    ------
    UsageError
        The fingerprint has other signs, or fewer digits.
    """
    _ = phrases
    return WalletCard(
        language=phrases.language,
        line=line,
        title=_("Contacts of {party}", party=party),
        facts=(
            Face(_("edition"), str(roster.edition)),
            Face(_("issued"), _instant(roster.issued, phrases)),
            Face(_("expires"), _instant(roster.expires, phrases)),
        ),
        key=Face(_("root key"), _groups(fingerprint)),
        warning=_("This line is not an accredited state channel."),
        remark=_("All times are UTC. A message on this line is no treaty notice by itself."),
        whom=_("Whom to call"),
        rows=tuple(_row(one, phrases) for one in roster.contacts),
        sheet=_("Print on both sides, turned on the long edge, in true size; cut at the marks."),
        issued=write_minute(roster.issued)[:10],
    )


def _groups(fingerprint: str) -> str:
    digits = "".join(fingerprint.split()).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{_KEY_DIGITS},}}", digits):
        raise UsageError(f"A fingerprint has {_KEY_DIGITS} hexadecimal digits or more.")
    return " ".join(digits[at : at + 4] for at in range(0, _KEY_DIGITS, 4))


def _instant(at: int, phrases: Phrases) -> str:
    day, time_of_day = write_minute(at).removesuffix("Z").split(" ")
    return f"{phrases.short_date(day)}, {time_of_day}"


def _row(one: Contact, phrases: Phrases) -> Row:
    _ = phrases
    hours = hours_words(one.hours, phrases)
    if one.expires is not None:
        hours = _("until {instant}: {hours}", instant=_instant(one.expires, phrases), hours=hours)
    return Row(
        role=role_words(one.role, phrases),
        name=one.name,
        phone=one.phone,
        hours=hours,
        languages=" ".join(one.languages),
    )


def role_words(role: str, phrases: Phrases) -> str:
    """A role of `ground.contacts.ROLES` in the reader's language."""
    _ = phrases
    return {
        "duty-officer": _("duty officer"),
        "deputy": _("deputy"),
        "liaison-officer": _("liaison officer"),
        "commander": _("commander"),
        "foreign-ministry": _("foreign ministry"),
        "legal-adviser": _("legal adviser"),
        "interpreter": _("interpreter"),
        "technical-officer": _("technical officer"),
    }[role]


def hours_words(hours: Hours, phrases: Phrases) -> str:
    """Duty hours in the reader's language, in UTC: ``Mon–Fri 08:00–20:00``."""
    _ = phrases
    if hours.is_always:
        return _("always")
    days = [locale(phrases.language).days["stand-alone"]["abbreviated"][day] for day in range(7)]
    return "; ".join(_shift(one, days, phrases) for one in shifts(hours))


def _shift(one: Shift, days: list[str], phrases: Phrases) -> str:
    _ = phrases
    after, ends = one.ends
    if one.minutes > DAY_MINUTES or (one.minutes == DAY_MINUTES and one.begins):
        first = one.days[0][0]
        last = days[(first + after) % 7]
        return f"{days[first]} {clock(one.begins)} – {last} {clock(ends)}"
    on = ", ".join(days[a] if a == b else f"{days[a]}–{days[b]}" for a, b in one.days)
    if one.days == ((0, 6),):
        on = _("daily")
    return f"{on} {clock(one.begins)}–{clock(ends)}"


# --- as text ---------------------------------------------------------------------------------


def as_text(card: WalletCard) -> str:
    """The card for a terminal of 80 columns; what is too long has an end mark."""
    return "".join(f"{line}\n" for line in _lines(card))


def _lines(card: WalletCard) -> Iterator[str]:
    yield _cut(card.line, COLUMNS)
    yield _cut(card.title, COLUMNS)
    yield _cut(" · ".join(f"{one.label} {one.value}" for one in card.facts), COLUMNS)
    yield f"{card.key.label} {card.key.value}"
    for said in (card.warning, card.remark):
        yield from textwrap.wrap(said, COLUMNS)
    yield ""
    yield card.whom
    for row in card.rows:
        yield _apart(f"{row.role} · {row.name}", row.phone)
        yield _apart(f"  {row.hours}", row.languages)


def _apart(left: str, right: str) -> str:
    """Two texts at the two ends of a line; the left one gives way."""
    left = _cut(left, COLUMNS - 2 - _width(right))
    return left + " " * (COLUMNS - _width(left) - _width(right)) + right


def _cut(text: str, most: int) -> str:
    """The text in ``most`` columns, with an end mark where it was longer."""
    if _width(text) <= most:
        return text
    while _width(text) > most - 1:
        text = text[:-1]
    return text.rstrip() + _END


def _width(text: str) -> int:
    """The columns that a terminal shows a text in (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )
