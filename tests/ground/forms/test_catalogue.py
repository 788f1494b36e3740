"""The words: every one in all languages, and none that could be taken for another."""

from __future__ import annotations

import re
import unicodedata

import pytest

from detente.ground.forms.catalogue import LANGUAGES, alike, catalogue
from detente.ground.forms.free_text import REFUSED
from detente.ground.forms.kinds import KINDS

FOUND = catalogue()
FIELDS = [
    *FOUND.header,
    *(field for form in FOUND.forms.values() for field in form.fields),
]
TABLES = {"phrases": FOUND.phrases, "units": FOUND.units, "words": FOUND.words} | {
    "labels": {field.id: field.label for field in FIELDS}
}
ALL = [(f"{name}.{id_}", row) for name, table in TABLES.items() for id_, row in table.items()]


@pytest.mark.parametrize(("id_", "row"), ALL, ids=[id_ for id_, _ in ALL])
def test_every_word_stands_in_every_language(id_, row):
    assert tuple(sorted(row)) == tuple(sorted(LANGUAGES))
    for language, words in row.items():
        assert words
        assert words == " ".join(unicodedata.normalize("NFC", words).split())
        assert not REFUSED.search(words)
        assert ";" not in words
        mixed = re.search(r"[a-zA-Z][\u0400-\u04ff]|[\u0400-\u04ff][a-zA-Z]", words)
        assert not mixed
        assert bool(re.search("[\u0400-\u04ff]", words)) <= (language == "ru")
    if id_.startswith("labels."):
        assert not any(":" in words for words in row.values())


def test_russian_is_in_cyrillic():
    latin = [id_ for id_, row in ALL if not re.search("[\u0400-\u04ff.-]", row["ru"])]
    assert latin == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_labels_or_phrases_are_alike_where_one_is_read(language):
    for form in FOUND.forms.values():
        body = [alike(field.label[language]) for field in form.fields]
        body.append(alike(FOUND.words["end"][language]))
        assert len(set(body)) == len(body), form.id
    header = [alike(field.label[language]) for field in FOUND.header]
    assert len(set(header)) == len(header)
    for field in FIELDS:
        options = [alike(FOUND.phrases[id_][language]) for id_ in field.among]
        assert len(set(options)) == len(options), field.id
        assert alike(FOUND.words[field.absent][language]) not in options


def test_titles_tell_the_language():
    titles = {alike(FOUND.words["title"][language]) for language in LANGUAGES}
    assert len(titles) == len(LANGUAGES)


def test_ids_fit_the_signed_bytes_and_stand_once():
    for form in FOUND.forms.values():
        ids = [field.id for field in (*FOUND.header, *form.fields)]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch("[a-z_]{1,32}", id_) for id_ in ids)
        assert {id_ for pair in form.order for id_ in pair} <= set(ids)
    for field in FIELDS:
        assert field.kind in KINDS
        assert bool(field.among) == (field.kind in {"phrase", "phrases"})
        assert (field.most > 0) == (field.lines > 0) == (field.kind == "text")
        assert field.low <= field.high


def test_every_form_and_phrase_is_used():
    expected = {
        *("incident-clarification", "not-hostile", "exercise", "missile-launch"),
        *("unusual-activity", "meeting-request", "drill", "reply", "test"),
    }
    assert set(FOUND.forms) == expected
    assert {id_ for field in FIELDS for id_ in field.among} == set(FOUND.phrases)
    assert {field.unit for field in FIELDS if field.unit} == set(FOUND.units)
