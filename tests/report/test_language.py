"""Numbers, dates and lists against what the Unicode CLDR 47 prints; phrases against a catalogue."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.errors import UsageError
from detente.report.language import languages, phrases


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    """Catalogues of three languages with a few phrases."""
    russian = Catalog(locale="ru")
    russian.add("Edition {edition}", "Выпуск {edition}")
    russian.add(("{n} person", "{n} people"), ("{n} человек", "{n} человека", "{n} человек"))
    for language, catalogue in {"ru": russian, "pl": Catalog("pl"), "fr": Catalog("fr")}.items():
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "detente.mo").open("wb") as file:
            write_mo(file, catalogue)
    return tmp_path


def test_a_phrase_is_translated_and_filled(catalogues):
    _ = phrases("ru", catalogues)
    assert _("Edition {edition}", edition="{x}") == "Выпуск {x}"
    assert _("Not in the catalogue, {n}", n=1) == "Not in the catalogue, 1"


def test_a_phrase_without_values_may_hold_braces():
    assert phrases("en")("a set {x}") == "a set {x}"


def test_the_empty_phrase_is_not_the_head_of_the_catalogue(catalogues):
    assert phrases("ru", catalogues)("") == ""


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 человек"), (2, "2 человека"), (5, "5 человек"), (21, "21 человек")],
)
def test_russian_has_three_forms_of_the_plural(catalogues, n, said):
    assert phrases("ru", catalogues).n("{n} person", "{n} people", n) == said


def test_english_has_two_forms_and_takes_other_values():
    _ = phrases("en")
    assert _.n("{n} of {all}", "{n} out of {all}", 1, all=9) == "1 of 9"
    assert _.n("{n} of {all}", "{n} out of {all}", 1200, all=9) == "1,200 out of 9"


@pytest.mark.parametrize(
    ("language", "number", "percent", "date", "month", "listed"),
    [
        ("en", "−1,234.5", "12.5%", "6 December 2020", "December 2020", "a, b and c"),
        (
            "ru",
            "−1\u00a0234,5",
            "12,5\u00a0%",
            "6 декабря 2020\u202fг.",
            "декабрь 2020\u202fг.",
            "a, b и c",
        ),
        ("pl", "−1\u00a0234,5", "12,5%", "6 grudnia 2020", "grudzień 2020", "a, b i c"),
        (
            "fr",
            "−1\u202f234,5",
            "12,5\u202f%",
            "6 décembre 2020",
            "décembre 2020",
            "a, b et c",
        ),
    ],
)
def test_each_language_writes_as_it_does(
    catalogues, language, number, percent, date, month, listed
):
    def loose(text: str) -> str:
        return text.replace("\u202f", " ").replace("\u00a0", " ")

    _ = phrases(language, catalogues)
    assert loose(_.number(-1234.5, 1)) == loose(number)
    assert loose(_.percent(0.125, 1)) == loose(percent)
    assert loose(_.date("2020-12-06")) == loose(date)
    assert loose(_.date("2020-12")) == loose(month)
    assert _.date("2020") == "2020"
    assert _.list(["a", "b", "c"]) == listed


@pytest.mark.parametrize("date", ["", "spring 2020", "2020-13", "2020-02-30", "20201206x"])
def test_what_is_no_date_stays_as_it_is(date):
    assert phrases("en").date(date) == date


def test_short_lists():
    assert phrases("en").list([]) == ""
    assert phrases("en").list(("a",)) == "a"
    assert phrases("en").list(("a", "b")) == "a and b"


@pytest.mark.parametrize(
    ("x", "digits", "shown"),
    [(-0.04, 1, "0.0"), (0.0, 0, "0"), (-0.0, 2, "0.00"), (0.5, 0, "0"), (2.5e6, 0, "2,500,000")],
)
def test_a_zero_has_no_sign(x, digits, shown):
    assert phrases("en").number(x, digits) == shown


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_survives(n):
    shown = phrases("en").number(n, 0)
    assert int(shown.replace(",", "").replace("−", "-")) == n


@pytest.mark.parametrize("x", [math.nan, math.inf])
def test_a_number_that_is_none_is_refused(x):
    with pytest.raises(ValueError, match="cannot be shown"):
        phrases("en").number(x, 1)


def test_an_unknown_language_names_those_that_exist(catalogues):
    with pytest.raises(UsageError, match=r"'xx'; choose of: en, fr, pl, ru\."):
        phrases("xx", catalogues)


@pytest.mark.parametrize("language", ["", "..", "../ru", "ru/../ru"])
def test_a_language_is_no_path(catalogues, language):
    with pytest.raises(UsageError):
        phrases(language, catalogues)


def test_english_needs_no_catalogue(tmp_path):
    assert languages(tmp_path) == ("en",)
    assert phrases("en", tmp_path)("Contents") == "Contents"


def test_phrases_are_frozen_and_equal_by_language():
    assert phrases("en") == phrases("en")
    with pytest.raises(AttributeError):
        phrases("en").language = "ru"  # type: ignore[misc]
