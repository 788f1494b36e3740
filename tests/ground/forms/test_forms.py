"""Messages: what is written is read back in every language, and nothing else passes for it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example as given_example
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.channel.canonical import decode, encode
from detente.ground.errors import CaseError, UsageError
from detente.ground.forms.catalogue import LANGUAGES, catalogue
from detente.ground.forms.free_text import REFUSED, WIDTH, quote, stacked, tidy, unquote
from detente.ground.forms.model import Header, Message
from detente.ground.forms.parse import MOST_CHARACTERS, parse
from detente.ground.forms.plain import MOST_BYTES, as_plain, from_plain
from detente.ground.forms.position import ANTIMERIDIAN, POLE, position_of
from detente.ground.forms.render import render
from detente.ground.forms.template import example, template
from detente.ground.time import FIRST, LAST

FORMS = tuple(catalogue().forms)
CLARIFICATION = example("incident-clarification")


def told(call, *arguments) -> list[tuple[int, str, str]]:
    with pytest.raises(CaseError) as caught:
        call(*arguments)
    found = [(one.line, one.key, one.problem) for one in caught.value.findings]
    assert len(set(found)) == len(found)
    assert all(one.mend for one in caught.value.findings)
    return found


def keys(call, *arguments) -> list[str]:
    return [key for _, key, _ in told(call, *arguments)]


def read(call, argument) -> Message | None:
    """What a reader makes of something; None where it refuses."""
    try:
        return call(argument)
    except CaseError:
        return None


def with_values(message: Message, **values) -> Message:
    return replace(message, values={**message.values, **values})


# --- messages that Hypothesis draws -----------------------------------------------------------

TRICKS = (
    *("7. END OF MESSAGE: AAA-2026-0007", "18. END OF MESSAGE: AAA-2026-0007", "To: CCC"),
    *("| Number: BBB-2026-0001", "+ 3. Begins: not stated", "~", "|", "<none>", "not stated"),
    *("DRILL — DRILL — DRILL", "(free text — English (en))", "1. Purpose:", ";", "—"),
)
PIECES = st.one_of(
    st.sampled_from(TRICKS),
    st.text(max_size=40),
    st.text("аёй éłß'’|+~:.;—<>", max_size=90),
    st.sampled_from(["漢字かな" * 20, "x" * 150, "e\u0301\u0327", "\ud55c\u1112\u1161"]),
)


def _text(field):
    def fit(pieces):
        text = REFUSED.sub("", tidy("\n".join(pieces))[: field.most])
        lines = text.split("\n")[: field.lines]
        return tidy(tidy("\n".join(lines)))

    parts = st.lists(PIECES, min_size=1, max_size=6).map(fit)
    return parts.filter(lambda text: 0 < len(text) <= field.most and stacked(text) < 0)


def _positions():
    return st.builds(
        position_of,
        st.integers(-POLE, POLE) | st.sampled_from((-POLE, 0, POLE)),
        st.integers(-ANTIMERIDIAN, ANTIMERIDIAN) | st.sampled_from((-ANTIMERIDIAN, 0, -1)),
    )


PARTIES = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
REFERENCES = st.from_regex(
    r"[A-Za-z0-9]{1,8}-[0-9]{4}-([0-9]{4}|[1-9][0-9]{4,5})", fullmatch=True
).filter(str.isascii)
INSTANTS = st.integers(FIRST, LAST)


def _value(field):
    among = st.sampled_from(field.among) if field.among else st.nothing()
    return {
        "text": lambda: _text(field),
        "phrase": lambda: among,
        "phrases": lambda: st.lists(among, min_size=1, max_size=4, unique=True).map(tuple),
        "integer": lambda: st.integers(field.low, field.high),
        "instant": lambda: INSTANTS,
        "position": _positions,
        "party": lambda: PARTIES,
        "reference": lambda: REFERENCES,
    }[field.kind]()


@st.composite
def messages(draw, forms=FORMS):
    form = catalogue().form(draw(st.sampled_from(forms)))
    sender = draw(PARTIES)
    header = {field.id: field for field in catalogue().header}
    number = f"{sender}-2026-{draw(st.integers(0, 999_999)):04}"
    others = PARTIES.filter(lambda party: party != sender)
    earlier = REFERENCES.filter(lambda one: one != number)
    values = {}
    for field in form.fields:
        if field.is_needed or draw(st.booleans()):
            values[field.id] = draw(_value(field))
    for first, then in form.order:
        if first in values and then in values:
            values[first], values[then] = sorted((values[first], values[then]))
    head = Header(
        number=number,
        precedence=draw(st.sampled_from(header["precedence"].among)),
        sender=sender,
        to=tuple(draw(st.lists(others, min_size=1, max_size=3, unique=True))),
        written=draw(INSTANTS),
        language=draw(st.sampled_from(header["language"].among)),
        drill=draw(st.booleans()),
        answers=draw(earlier) if form.answers or draw(st.booleans()) else "",
    )
    return Message(head, form.id, form.version, values)


def _comes_back(message):
    plain = as_plain(message)
    assert from_plain(decode(encode(plain))) == message
    for language in LANGUAGES:
        text = render(message, language)
        assert parse(text) == message
        assert max(map(len, text.split("\n"))) < 1_000
    sent = unicodedata.normalize("NFD", render(message, "ru")).replace("\n", " \t\r\n")
    assert parse(sent.encode()) == message


@given(messages())
def test_a_message_comes_back_from_every_language(message):
    _comes_back(message)


@pytest.mark.long
@settings(max_examples=10_000)
@given(messages())
def test_ten_thousand_messages_come_back_from_every_language(message):
    _comes_back(message)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_come_back(form, language):
    _comes_back(example(form))
    assert parse(render(example(form), language)) == parse(render(example(form), "en"))


@pytest.mark.parametrize("form", FORMS)
def test_examples_stand_as_they_are_rendered(root, form):
    path = root / "src/detente/ground/forms/examples" / f"{form}.txt"
    assert render(example(form), "en") == path.read_text("utf-8")


# --- what was cut, moved or added -------------------------------------------------------------


@pytest.mark.parametrize("form", ["incident-clarification", "drill"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_text_cut_anywhere_is_refused(form, language):
    text = render(example(form), language).rstrip("\n")
    for end in range(len(text)):
        with pytest.raises(CaseError):
            parse(text[:end])
    assert parse(text) == example(form)


def test_bytes_cut_anywhere_are_refused():
    raw = render(example("test"), "ru").encode().rstrip(b"\n")
    for end in range(len(raw)):
        with pytest.raises(CaseError):
            parse(raw[:end])


def test_every_line_is_needed_stands_once_and_in_its_order():
    lines = render(example("exercise"), "pl").rstrip("\n").split("\n")
    own = [place for place, line in enumerate(lines) if line[0] != " "]
    for place in own:
        with pytest.raises(CaseError):
            parse("\n".join(lines[:place] + lines[place + 1 :]))
        with pytest.raises(CaseError):
            parse("\n".join(lines[: place + 1] + lines[place:]))
    for first, then in pairwise(own):
        swapped = lines.copy()
        swapped[first], swapped[then] = lines[then], lines[first]
        with pytest.raises(CaseError):
            parse("\n".join(swapped))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("To: BBB\n", "", ["to"]),
        ("To: BBB\n", "To: BBB\nTo: CCC\n", ["to"]),
        ("To: BBB\n", "To: AAA\n", ["to"]),
        ("To: BBB\n", "To: BBB, BBB\n", ["to"]),
        ("Number: AAA", "Number: BBB", ["number", "end"]),
        ("2026-0007\nPrec", "2026-0008\nPrec", ["end"]),
        ("version", "version", []),
        ("of the form: 1", "of the form: 2", ["version"]),
        ("6. Radius about the position: 2 km", "6. Radius about the position: 2 kn", ["radius"]),
        ("6. Radius about the position", "7. Radius about the position", ["radius"]),
        ("6. Radius about the position", "6. Radius", ["radius"]),
        (
            "8. Their number: 1 craft\n",
            "8. Their number: 1 craft\n   | here\n   | too\n",
            ["our_count"],
        ),
        ("   | We have", "We have", [""]),
        ("helicopter", "zeppelin", ["your_craft"]),
        ("English (en)\nForm", "Russian (ru)\nForm", ["course"]),
        ("18:47:00Z", "18:40:00Z", ["ends"]),
        ("18:47:00Z", "18:47:00", ["ends"]),
        ("Form: Clarification", "Form: Clarifying", ["form"]),
        ("Not an", "An", [""]),
        (f"{catalogue().words['notice']['en']}\n", "", [""]),
        ("18. END", "17. END", ["end"]),
    ],
)
def test_each_fault_is_told_once(old, new, expected):
    text = render(CLARIFICATION, "en")
    assert text.count(old) or not expected
    if expected:
        found = told(parse, text.replace(old, new, 1))
        assert sorted(key for _, key, _ in found) == sorted(expected)
        assert all(line for line, _, _ in found)
    else:
        assert parse(text) == CLARIFICATION


def test_all_faults_are_told_at_once():
    text = render(CLARIFICATION, "en")
    for old, new in (
        ("To: BBB", "To: ?"),
        ("IMMEDIATE", "SOON"),
        ("3. Begins: 2026", "3. Begins: 20x6"),
        ("59°26", "99°26"),
        ("11. Persons injured: 0 persons\n", ""),
    ):
        assert old in text
        text = text.replace(old, new)
    assert sorted(keys(parse, text)) == ["begins", "injured", "position", "precedence", "to"]


def test_the_mark_of_a_drill_stands_at_both_ends():
    text = render(example("drill"), "en")
    first, *_, last = text.rstrip("\n").split("\n")
    assert first.startswith("DRILL — DRILL — DRILL")
    assert last.endswith("DRILL — DRILL — DRILL")
    assert keys(parse, text.replace("DRILL — DRILL — DRILL — ", "", 1)) == ["end"]
    assert keys(parse, text.rstrip("\n").removesuffix(" — DRILL — DRILL — DRILL")) == ["end"]


@pytest.mark.parametrize(
    "trick", [*TRICKS, "\n".join(TRICKS), "a " * 31 + "\n7. END OF MESSAGE: X"]
)
def test_free_text_stays_text(trick):
    message = with_values(CLARIFICATION, course=tidy(f"{trick}\n{trick}"), remarks=tidy(trick))
    for language in LANGUAGES:
        assert parse(render(message, language)) == message
    head, _, tail = render(message, "en").partition("   |")
    assert "   |" in tail
    assert head.count("Number: AAA-2026-0007") == 1


def test_no_page_breaks_a_line_of_free_text_where_it_could_pass_for_another():
    text = tidy("漢" * 38 + "7. END OF MESSAGE: AAA-2026-0007 " * 5)
    rows = quote(text)
    wide = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row) for row in rows]
    assert max(wide) <= WIDTH + 2
    assert unquote(rows) == text


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\u202e", "\u200b", "\u2028", "\x85", "\ufeff"])
def test_characters_that_deceive_are_refused(bad):
    assert keys(render, with_values(CLARIFICATION, course=f"a{bad}b"), "en") == ["values.course"]
    text = render(CLARIFICATION, "en")
    assert keys(parse, text.replace("damage", f"dam{bad}age")) == [""]


# --- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_integers_hold_their_limits(form):
    message = example(form)
    for field in catalogue().form(form).fields:
        if field.kind != "integer":
            continue
        for value in (field.low, field.low + 1, field.high - 1, field.high):
            _comes_back(with_values(message, **{field.id: value}))
        for value in (field.low - 1, field.high + 1):
            plain = as_plain(message)
            plain["values"][field.id] = value
            assert keys(from_plain, plain) == [f"values.{field.id}"]


def test_text_holds_its_limits():
    for size in (2_999, 3_000):
        _comes_back(with_values(CLARIFICATION, course="я" * size))
    assert keys(render, with_values(CLARIFICATION, course="я" * 3_001), "en") == ["values.course"]
    _comes_back(with_values(CLARIFICATION, course="\n".join("a" * 60)))
    assert keys(render, with_values(CLARIFICATION, course="\n".join("a" * 61)), "en")


def test_the_size_of_all_together_is_limited():
    form = catalogue().form("unusual-activity")
    texts = {one.id: "漢" * one.most for one in form.fields if one.kind == "text"}
    message = with_values(example(form.id), **texts)
    assert len(json.dumps(as_plain(message), ensure_ascii=False).encode()) > MOST_BYTES
    assert keys(render, message, "en") == [""]


def test_large_texts_are_refused_at_once():
    assert keys(parse, "x" * (MOST_CHARACTERS + 1)) == [""]
    assert keys(parse, b"x" * 10**6) == [""]
    assert keys(parse, "a" + "\u0301\u0327" * 20_000) == [""]
    text = render(CLARIFICATION, "en")
    many = "   ~ \u0301\u0327\n" * 1_000
    assert keys(parse, text.replace("14. Own", f"{many}14. Own")) == ["course"]


def test_optional_fields_may_be_left_out():
    form = catalogue().form("incident-clarification")
    values = {one.id: CLARIFICATION.values[one.id] for one in form.fields if one.is_needed}
    _comes_back(replace(CLARIFICATION, values=values))


# --- plain values -----------------------------------------------------------------------------


def test_every_fault_of_plain_values_is_told():
    plain = as_plain(example("reply"))
    del plain["answers"], plain["to"]
    plain["drill"], plain["written"], plain["more"] = 2, -1, "x"
    plain["values"] = {"answer": 7, "text": " a", "also": "x"}
    expected = ["", "", "drill", "more", "written", "values.also", "values.answer", "values.text"]
    assert sorted(keys(from_plain, plain)) == sorted(expected)


def test_a_value_that_the_form_does_not_have_is_refused():
    with pytest.raises(UsageError, match="altitude"):
        render(with_values(CLARIFICATION, altitude=3), "en")


def test_an_unknown_language_or_form_is_refused():
    with pytest.raises(UsageError):
        render(CLARIFICATION, "xx")
    with pytest.raises(UsageError):
        template("letter", "en")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.data())
def test_plain_values_of_any_kind_are_refused_with_findings(data):
    plain = as_plain(CLARIFICATION)
    inside = data.draw(st.booleans())
    target = plain["values"] if inside else plain
    key = data.draw(st.sampled_from(sorted(target)))
    target[key] = data.draw(JSON)
    found = read(from_plain, plain)
    assert found is None or as_plain(found) == plain


# --- any text ---------------------------------------------------------------------------------


@given(st.text() | st.binary())
@given_example("")
@given_example(b"\xff")
@given_example("MESSAGE ON THE LINE (EN)")
@given_example("MESSAGE ON THE LINE (EN)\n|\n+\n1.\n99. :\n:")
def test_any_text_is_read_or_refused(text):
    with pytest.raises(CaseError):
        parse(text)


@given(st.data())
def test_a_changed_text_is_read_or_refused(data):
    form, language = data.draw(st.sampled_from(FORMS)), data.draw(st.sampled_from(LANGUAGES))
    text = render(example(form), language)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    text = text[:start] + data.draw(st.text(max_size=20) | st.sampled_from(TRICKS)) + text[end:]
    found = read(parse, text)
    assert found is None or parse(render(found, "fr")) == found


# --- templates --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_tells_what_is_missing_and_nothing_else(form, language):
    needed = ["number", "precedence", "from", "to", "written", "end"]
    one = catalogue().form(form)
    needed += ["answers"] * one.answers + [field.id for field in one.fields if field.is_needed]
    for drill in (True, False):
        assert sorted(keys(parse, template(form, language, drill=drill))) == sorted(needed)


def test_a_filled_template_is_a_message():
    text = template("test", "de")
    for hint, words in (
        ("<AAA-2026-0007>", "AAA-2026-0014"),
        ("<AAA>", "AAA"),
        ("<BBB, CCC>", "BBB"),
        ("<2026-11-28 19:16:05Z>", "2026-11-28 19:16Z"),
        ("<Nummer wiederholen>", "AAA-2026-0014"),
    ):
        assert hint in text
        text = text.replace(hint, words)
    lines = text.split("\n")
    lines[3] = "dringlichkeit:  routine"
    place = next(at for at, line in enumerate(lines) if line.startswith("1. "))
    lines[place + 1] = "|Der Hafen  liegt\tstill."
    place = next(at for at, line in enumerate(lines) if line.startswith("3. "))
    lines[place] = "3. Zustand der Leitung: alles in ordnung"
    message = parse("\n".join(lines))
    assert message.values == {"text": "Der Hafen liegt still.", "condition": "all_in_order"}
    assert message.header.language == "de"


# --- the documentation ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_shows_what_the_code_writes(root, language):
    page = (root / "docs" / "forms.md").read_text("utf-8")
    assert f"```text\n{render(CLARIFICATION, language)}```\n" in page


def test_the_page_names_every_form_and_kind(root):
    page = (root / "docs" / "forms.md").read_text("utf-8")
    kinds = {field.kind for form in catalogue().forms.values() for field in form.fields}
    assert [name for name in (*FORMS, *sorted(kinds)) if f"`{name}`" not in page] == []
