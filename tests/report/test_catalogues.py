"""Every phrase that a reader may see is translated, in every language, with its places kept."""

from __future__ import annotations

import io
import string
import tomllib
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from detente.report.language import FOLDER, languages, phrases

LANGUAGES = ("ru", "fr", "pl", "de")
KEYWORDS = {**DEFAULT_KEYWORDS, "n": (1, 2), "phrases": None}


@cache
def _catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "detente.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _said(root) -> frozenset[str]:
    """Every phrase in the code, as `make i18n` collects them."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in settings]
    found = extract_from_dir(root / "src" / "detente", methods, keywords=KEYWORDS)
    return frozenset(text if isinstance(text, str) else text[0] for *_, text, _, _ in found)


def _places(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})


def _texts(message: Message) -> tuple[str, ...]:
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said)


def test_reports_come_in_five_languages():
    assert languages() == ("en", *sorted(LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_or_doubtful(root, language):
    known = {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in _catalogue(language)
        if message.id
    }
    said = _said(root) - {""}
    assert sorted(said - known.keys()) == []
    assert [text for text in sorted(said) if not all(_texts(known[text]))] == []
    assert [text for text, message in known.items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_its_places_and_its_edges(language):
    broken = []
    for message in _catalogue(language):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for said in _texts(message):
            same = _places(said) == _places(source) or (
                isinstance(message.id, tuple) and set(_places(said)) <= set(_places(source))
            )
            edges = (said[:1].isspace(), said[-1:].isspace()) == (
                source[:1].isspace(),
                source[-1:].isspace(),
            )
            if not same or not edges:
                broken.append((source, said))
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language):
    made = io.BytesIO()
    write_mo(made, _catalogue(language))
    assert (FOLDER / language / "LC_MESSAGES" / "detente.mo").read_bytes() == made.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_take_their_forms(language):
    one, five = (phrases(language).n("{n} person", "{n} people", n) for n in (1, 5))
    assert one != five
    assert "people" not in five
