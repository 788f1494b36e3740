"""What the fonts cannot show is written by code point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report.charts import FONTS
from detente.report.write.glyphs import coverage, displayable, drawable

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic"])
def test_the_languages_of_the_reports_have_glyphs_in_every_face(face):
    letters = "ąćęłńóśźżàâçéèêëîïôœùûüÿäößõšžāčēģīķļņšūėįųåøæ" + RUSSIAN + "іїєґўѓќ"
    letters += letters.upper().replace("SS", "") + "–—“”„«»‘’…№§†‡°×·•½⅓⁰¹²³⁻₂€₽\u00a0\u202f"
    assert set(map(ord, letters)) <= coverage(FONTS / f"NotoSans-{face}.ttf")


def test_signs_that_the_reports_use_have_glyphs():
    assert displayable("−≥≤→←≈≠∞√▲●○■✓✗") == "−≥≤→←≈≠∞√▲●○■✓✗"


def test_what_has_no_glyph_is_written_by_code_point():
    assert displayable("東 \U0001f600 \ue000 \ufeff") == "[U+6771] [U+1F600] [U+E000] [U+FEFF]"


def test_control_characters_are_blanks():
    assert displayable("a\tb\nc\x00d\x85e") == "a b c d e"


def test_a_mark_needs_a_base_in_its_own_font():
    assert displayable("е\u0301") == "е\u0301"
    assert displayable("→\u0301") == "→[U+0301]"
    assert displayable("東\u0301") == "[U+6771][U+0301]"


def test_in_a_picture_letters_are_composed_and_marks_left_out():
    assert drawable("<text>e\u0301 x\u0327\u0301 a\u200db\u00ad</text>") == "<text>é x ab</text>"


@given(st.text())
def test_a_second_pass_changes_nothing(text):
    assert displayable(displayable(text)) == displayable(text)


@given(st.text(st.sampled_from("abcXYZ 0189.,;:!?()" + RUSSIAN)))
def test_plain_text_stays(text):
    assert displayable(text) == text
