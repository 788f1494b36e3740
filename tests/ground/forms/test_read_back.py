from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.errors import UsageError
from detente.ground.forms.catalogue import LANGUAGES, catalogue
from detente.ground.forms.read_back import critical, differences, spoken
from detente.ground.forms.template import example

MESSAGE = example("incident-clarification")
ITEMS = {one.id: one for one in critical(MESSAGE)}
SAID = {
    "number": "aaa 2026 0007".upper(),
    "begins": "2026-11-28 18:42:10",
    "ends": "2026-11-28 21:47+03:00",
    "position": "59 26.1234N 24 45E",
    "radius": "2",
    "our_count": "1 ед.",
    "your_count": " 2 craft",
    "injured": "0",
    "dead": "0",
    "reply_by": "2026-11-30 19:00z",
}


def test_numbers_instants_and_positions_are_said_again():
    assert list(ITEMS) == list(SAID)
    assert ITEMS["radius"].label("de") == "Umkreis der Position"


def test_what_is_typed_in_a_usual_form_repeats_what_stands():
    assert differences(MESSAGE, SAID) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", tuple(catalogue().forms))
def test_what_is_written_repeats_what_stands(form, language):
    message = example(form)
    said = {one.id: one.written(language) for one in critical(message)}
    assert differences(message, said) == ()


@pytest.mark.parametrize(
    ("id_", "typed", "reason"),
    [
        ("position", "59 26.1235N 24 45E", "differs"),
        ("position", "59 26.1234N 24 45W", "differs"),
        ("position", "59.43N 24.75E", "unreadable"),
        ("begins", "2026-11-28 18:42", "differs"),
        ("begins", "18:42", "unreadable"),
        ("radius", "20", "differs"),
        ("radius", "-2", "differs"),
        ("radius", "2 nm", "unreadable"),
        ("number", "AAA-2026-0070", "differs"),
        ("dead", "", "not-said"),
        ("dead", "9" * 500, "unreadable"),
    ],
)
def test_each_difference_is_told(id_, typed, reason):
    (found,) = differences(MESSAGE, {**SAID, id_: typed})
    assert (found.critical.id, found.said, found.reason) == (id_, typed, reason)


def test_what_is_not_said_differs():
    found = differences(MESSAGE, {})
    assert [one.reason for one in found] == ["not-said"] * len(SAID)
    with pytest.raises(UsageError):
        differences(MESSAGE, {"course": "x"})


@given(st.text())
def test_any_text_is_compared(text):
    assert len(differences(MESSAGE, dict.fromkeys(SAID, text))) >= len(SAID) - 1


def test_digits_are_said_one_by_one():
    assert spoken(ITEMS["position"], "en") == (
        "latitude north, degrees five nine, minutes two six decimal one two three four, "
        "longitude east, degrees zero two four, minutes four five decimal zero zero zero zero"
    )
    assert spoken(ITEMS["number"], "de") == (
        "Alfa Alfa Alfa Strich zwo null zwo sechs Strich null null null sieben"
    )
    assert spoken(ITEMS["radius"], "ru") == "два, км"
    assert spoken(ITEMS["begins"], "pl").startswith("rok dwa zero dwa sześć, miesiąc jeden jeden")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_values_sound_alike(language):
    digits = [catalogue().words[digit][language] for digit in "0123456789"]
    assert len(set(digits)) == 10
    assert all(spoken(one, language) for one in ITEMS.values())
