"""The wallet card says what it must, in every language, and nothing on it leaves the card."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from detente.ground.contacts import ROLES, TEMPLATE, Contact, Roster, roster_of
from detente.ground.duty import read_hours
from detente.ground.errors import UsageError
from detente.ground.text import Marked
from detente.report.language import languages, phrases
from detente.report.wallet_card import (
    ROWS,
    WalletCard,
    as_text,
    hours_words,
    role_words,
    wallet_card,
)
from detente.report.write.wallet_card import wallet_card_pdf

MM = 72 / 25.4
WIDE, HIGH = 85.60 * MM, 53.98 * MM
FINGERPRINT = "3f2a 9c41 d0e8 77aa 1234 5678"
LONG = "Оперативный дежурный северного направления " * 5
SAMPLE: Roster = roster_of(TEMPLATE, Marked("roster.yaml"))


def card(one: Roster = SAMPLE, language: str = "en", **names: str) -> WalletCard:
    told = {"line": "Arland–Borland line", "party": "Arland", "fingerprint": FINGERPRINT, **names}
    return wallet_card(one, phrases(language), **told)


def crowd(n: int, **fields: Any) -> Roster:
    """A roster of ``n`` contacts, made from those of the template."""
    some = SAMPLE.contacts
    contacts = (
        replace(some[at % 3], id=f"c{at}", role=ROLES[at % len(ROLES)], phone=f"+00 000 {at:04d}")
        for at in range(n)
    )
    return replace(SAMPLE, contacts=tuple(replace(one, **fields) for one in contacts))


def columns(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) in ("W", "F") for one in line)
    return len(line) + wide - sum(map(bool, map(unicodedata.combining, line)))


# --- what it says -----------------------------------------------------------------------------


def test_the_text_form_says_it_all():
    assert (
        as_text(card())
        == """\
Arland–Borland line
Contacts of Arland
edition 1 · issued 1 Nov 2026, 00:00 · expires 1 Feb 2027, 00:00
root key 3f2a 9c41 d0e8 77aa
This line is not an accredited state channel.
All times are UTC. A message on this line is no treaty notice by itself.

Whom to call
duty officer · Watch of Arland                                      +00 000 0001
  always                                                                   en ru
deputy · Officer Amber                                              +00 000 0002
  Mon–Fri 06:00–18:00; Sat 22:00–04:00                                        en
interpreter · Interpreter Birch                                     +00 000 0003
  until 31 Dec 2026, 23:00: daily 20:00–08:00                           ru en fr
"""
    )


@pytest.mark.parametrize("language", languages())
def test_no_line_is_wider_than_a_terminal(language):
    long = crowd(9, name=LONG[:80], hours=read_hours([f"Mon 0{h}:00-0{h}:30" for h in range(9)]))
    text = as_text(card(long, language, line=LONG, party=LONG))
    assert max(map(columns, text.splitlines())) == 80
    assert text.count("…") == 2 + 2 * 9
    assert all(f"+00 000 {at:04d}\n" in text for at in range(9))


@given(st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S")), min_size=1))
def test_no_name_makes_a_line_wider_than_a_terminal(name):
    text = as_text(card(crowd(1, name=name[:80]), line=name, party=name))
    assert max(map(columns, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["always"], "always"),
        (["Mon,Wed-Fri 08:00-20:00"], "Mon, Wed–Fri 08:00–20:00"),
        (["daily 20:00-08:00"], "daily 20:00–08:00"),
        (["Sun 22:00-06:00"], "Sun 22:00–06:00"),
        (["Fri 18:00-Mon 08:00"], "Fri 18:00 – Mon 08:00"),
        (["Sat,Sun 00:00-24:00"], "Sat 00:00 – Sun 24:00"),
        (["Sat 00:00-24:00"], "Sat 00:00–24:00"),
        (["Sat 07:00-Sun 07:00"], "Sat 07:00 – Sun 07:00"),
    ],
)
def test_hours_are_said_as_people_say_them(texts, said):
    assert hours_words(read_hours(texts), phrases("en")) == said


@pytest.mark.parametrize("language", languages())
def test_every_role_has_words_and_every_language_its_days(language):
    words = {role_words(role, phrases(language)) for role in ROLES}
    assert len(words) == len(ROLES)
    assert ("пн–пт" in as_text(card(language=language))) == (language == "ru")


def test_the_key_is_shown_by_its_first_sixteen_digits():
    for told in ("3F2A9C41D0E877AA", "3f2a 9c41 d0e8 77aa ffff"):
        assert card(fingerprint=told).key.value == "3f2a 9c41 d0e8 77aa"
    for told in ("3f2a 9c41 d0e8 77a", "", "3f2a 9c41 d0e8 77ag"):
        with pytest.raises(UsageError, match="16 hexadecimal digits"):
            card(fingerprint=told)


# --- the sheet --------------------------------------------------------------------------------


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def said(page) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def spans(page) -> list[tuple[float, float, float, float]]:
    """Of each run of text: left and right end, baseline and size, in points from below left.

    Widths are those of the glyphs in the fonts of the page (ISO 32000-1, 9.4.4 and 9.7.4.3).
    """
    fonts = {name: _widths(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found, stack, matrix, at, font, size = [], [], (1, 0, 0, 1, 0, 0), None, None, 0.0
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        numbers = [float(one) for one in operands if isinstance(one, int | float)]
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            matrix = _times(numbers, matrix)
        elif operator == b"Tm":
            at = _times(numbers, matrix)
        elif operator == b"Tf":
            font, size = fonts[operands[0]], float(operands[1])
        elif operator in (b"Tj", b"TJ"):
            parts = operands[0] if operator == b"TJ" else operands
            width = sum(map(font, parts)) * size / 1000
            x, y = at[4], at[5]
            found.append((x, x + width * at[0], y, size * at[0]))
    return found


def _times(a, b):
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _widths(font):
    """The width of a part of a run in thousandths: of a string of two-byte glyphs, or a step."""
    inner = font["/DescendantFonts"][0].get_object()
    known, listed = {}, list(inner["/W"])
    while listed:
        first, following = listed.pop(0), listed.pop(0)
        if isinstance(following, list):
            known.update({first + step: float(w) for step, w in enumerate(following)})
        else:
            known.update(dict.fromkeys(range(first, following + 1), float(listed.pop(0))))

    def width(part):
        if isinstance(part, int | float):
            return -float(part)
        raw = part if isinstance(part, bytes) else part.original_bytes
        pairs = zip(raw[::2], raw[1::2], strict=True)
        return sum(known.get(256 * a + b, float(inner.get("/DW", 1000))) for a, b in pairs)

    return width


def places(n: int) -> list[tuple[float, float]]:
    """Lower left corners of the first ``n`` places: two across, four down, 8 mm apart."""
    left, top = (210 * MM - 2 * WIDE - 8 * MM) / 2, (297 * MM + 4 * HIGH + 3 * 8 * MM) / 2
    corners = [
        (left + column * (WIDE + 8 * MM), top - (row + 1) * HIGH - row * 8 * MM)
        for row in range(4)
        for column in range(2)
    ]
    return corners[:n]


def outside(page, corners) -> list[tuple[float, float, float, float]]:
    """The runs of text that do not lie on a card, with 2.5 mm to its edges."""
    free = 2.5 * MM
    return [
        (x0, x1, y, size)
        for x0, x1, y, size in spans(page)
        if not any(
            left + free <= x0
            and x1 <= left + WIDE - free
            and low + free <= y - 0.1 * size
            and y + 0.75 * size <= low + HIGH - free
            for left, low in corners
        )
    ]


def test_the_sheet_has_two_sides_of_a4_that_say_it_all():
    front, back = read(wallet_card_pdf(card())).pages
    for page in (front, back):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert (width, height) == (
            pytest.approx(210 * MM, abs=0.1),
            pytest.approx(297 * MM, abs=0.1),
        )
    for words in (
        "Arland–Borland line",
        "Contacts of Arland",
        "1 Nov 2026, 00:00",
        "1 Feb 2027, 00:00",
        "3f2a 9c41 d0e8 77aa",
        "not an accredited state channel",
    ):
        assert words in said(front)
    for row in card().rows:
        for words in (row.name, row.role, row.phone, row.hours, row.languages):
            assert words in said(back)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("n", [1, ROWS, ROWS + 1, 40])
def test_every_text_stays_on_its_card_and_can_be_read(language, n):
    hours = read_hours([f"Mon 0{h}:00-0{h}:30" for h in range(9)])
    long = crowd(
        n, name=LONG[:80], hours=hours, languages=("en", "ru", "fr", "pl", "de", "uk", "be")
    )
    made = card(long, language, line=LONG, party=LONG)
    front, back = read(wallet_card_pdf(made)).pages
    cards = len(made.backs)
    # The one text outside is the note on how to print, above the first card.
    strays = outside(front, places(8))
    assert strays
    assert all(y > 297 * MM - 20 * MM for _, _, y, _ in strays)
    mirrored = [places(8)[at ^ 1] for at in range(cards)]
    assert outside(back, mirrored) == []
    assert outside(back, mirrored[1:]) != []
    assert min(size for page in (front, back) for *_, size in spans(page)) >= 6
    words = said(back)
    assert words.count("…") == 2 * n
    assert said(front).count("…") == 2 * cards
    assert all(f"+00 000 {at:04d}" in words for at in range(n))


def test_a_front_and_its_back_lie_on_each_other_when_the_sheet_is_turned():
    front, back = read(wallet_card_pdf(card(), copies=3)).pages
    assert len(outside(front, places(3))) == 1  # the note on how to print
    assert len(outside(front, [places(8)[at] for at in (1, 0, 3)])) > 1
    assert outside(back, [places(8)[at] for at in (1, 0, 3)]) == []
    assert outside(back, [places(8)[at] for at in (0, 1, 2)]) != []


def test_cyrillic_and_what_no_font_has_are_printed():
    one = crowd(2, name="Łódź, Вахта 東")
    front, back = read(wallet_card_pdf(card(one, "ru", line="Линия «Арландия – Борландия»"))).pages
    assert "Линия «Арландия – Борландия»" in said(front)
    assert said(back).count("Łódź, Вахта [U+6771]") == 2


def test_no_name_is_read_as_markup():
    one = crowd(1, name='#panic("a") *b* $c$ <d> @e \\f')
    _, back = read(wallet_card_pdf(card(one))).pages
    assert '#panic("a") *b* $c$ <d> @e \\f' in said(back)


def test_the_same_card_has_the_same_bytes_and_is_an_archive_pdf():
    data = wallet_card_pdf(card())
    assert data == wallet_card_pdf(card())
    assert data != wallet_card_pdf(card(crowd(3)))
    xmp = read(data).root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1<" in xmp
    assert "<pdfaid:part>2<" in xmp
    assert read(data).root_object["/Lang"] == "en"


def test_a_sheet_has_room_for_eight_cards():
    assert len(card(crowd(40)).backs) == 6
    assert wallet_card_pdf(card(), copies=8).startswith(b"%PDF-")
    for made, copies in ((card(), 9), (card(), 0), (card(crowd(40)), 2)):
        with pytest.raises(UsageError, match="room for 1 to 8 cards"):
            wallet_card_pdf(made, copies=copies)


@settings(max_examples=10)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=200), min_size=3, max_size=3))
def test_any_name_can_be_printed(names):
    line, party, name = names
    contact: Contact = replace(SAMPLE.contacts[0], name=name)
    made = card(replace(SAMPLE, contacts=(contact,)), line=line, party=party)
    _, back = read(wallet_card_pdf(made)).pages
    assert outside(back, [places(8)[1]]) == []


def strokes(page) -> list[tuple[float, float, float, float]]:
    """The straight lines on a page, end by end."""
    found, stack, matrix, begin = [], [], (1, 0, 0, 1, 0, 0), None
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            matrix = _times([float(one) for one in operands], matrix)
        elif operator in (b"m", b"l"):
            _, _, _, _, x, y = _times([1, 0, 0, 1, *map(float, operands)], matrix)
            if operator == b"l":
                found.append((*begin, x, y))
            begin = (x, y)
    return found


def test_marks_stand_at_each_corner_of_a_card_and_none_on_it():
    front, _ = read(wallet_card_pdf(card())).pages
    ((left, low),) = places(1)
    sides_x, sides_y = {left, left + WIDE}, {low, low + HIGH}
    near = pytest.approx
    upright = [one for one in strokes(front) if one[0] == near(one[2]) and one[1] != near(one[3])]
    marks = [one for one in upright if not low < (one[1] + one[3]) / 2 < low + HIGH]
    assert sorted(x for x, *_ in marks) == near(sorted([*sides_x, *sides_x]), abs=0.05)
    flat = [one for one in strokes(front) if one[1] == near(one[3]) and one[0] != near(one[2])]
    marks = [one for one in flat if not left < (one[0] + one[2]) / 2 < left + WIDE]
    assert sorted(y for _, y, *_ in marks) == near(sorted([*sides_y, *sides_y]), abs=0.05)
