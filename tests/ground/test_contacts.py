from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from detente.ground.contacts import (
    LANGUAGES,
    MOST_CONTACTS,
    ROLES,
    TEMPLATE,
    Change,
    Contact,
    Roster,
    changes,
    from_plain,
    roster_of,
    whom_to_call,
)
from detente.ground.duty import WEEK_MINUTES, Window, hours_of, read_hours
from detente.ground.errors import CaseError, UsageError
from detente.ground.text import Marked
from detente.ground.time import DAY, HOUR, read_instant

ISSUED, EXPIRES = read_instant("2026-11-01 00:00Z"), read_instant("2027-02-01 00:00Z")
SATURDAY = read_instant("2026-11-28 19:16Z")


def read(text: str) -> Roster:
    return roster_of(text, Marked("roster.yaml"))


def told(text: str) -> list[tuple[int, str, str, str]]:
    with pytest.raises(CaseError) as caught:
        read(text)
    return [(one.line, one.key, one.problem, one.mend) for one in caught.value.findings]


def contact(id_: str, hours: str = "always", languages: str = "en", **fields) -> Contact:
    told_ = {"role": "duty-officer", "name": id_.title(), "phone": "+00 000 0001", **fields}
    return Contact(
        id=id_, languages=tuple(languages.split()), hours=read_hours(hours.split(";")), **told_
    )


def roster(*contacts: Contact, **fields) -> Roster:
    head = {"party": "AAA", "edition": 1, "issued": ISSUED, "expires": EXPIRES, **fields}
    return Roster(contacts=contacts, **head)


# --- reading ----------------------------------------------------------------------------------


def test_the_template_is_a_roster():
    found = read(TEMPLATE)
    assert (found.party, found.edition, found.issued, found.expires) == ("AAA", 1, ISSUED, EXPIRES)
    assert [one.id for one in found.contacts] == ["watch", "deputy", "interpreter"]
    watch, deputy, interpreter = found.contacts
    assert (watch.role, watch.languages, watch.phone) == (
        "duty-officer",
        ("en", "ru"),
        "+00 000 0001",
    )
    assert watch.hours.is_always
    assert watch.other_ways == ("radio: as agreed in the line's annex",)
    assert deputy.hours == read_hours(["Mon-Fri 06:00-18:00", "Sat 22:00-04:00"])
    assert (watch.expires, interpreter.expires) == (None, read_instant("2026-12-31 23:00Z"))


def test_the_template_names_every_role_and_no_real_phone():
    assert all(role in TEMPLATE for role in ROLES)
    assert TEMPLATE.count('phone: "') == TEMPLATE.count('phone: "+00 000 000') == 3


def test_all_findings_come_at_once_each_with_its_line_key_and_mend():
    text = """\
format: detente/roster-2
party: A-A
edition: 0
issued: 2026-11-01 00:00
expires: 2026-02-30 00:00Z
colour: blue
contacts:
  - id: watch
    rolle: deputy
    name: ""
    languages: [en, ua, eng]
    hours: [Mon 25:00-26:00, sometimes]
    phone: +000000001
  - id: watch
    role: boss
    name: 7
    languages: [en, en]
    hours: []
    phone: "112"
    other_ways: ["a\\tb"]
    expires: soon
"""
    found = told(text)
    assert [(line, key) for line, key, *_ in found] == [
        (1, "format"),
        (2, "party"),
        (3, "edition"),
        (4, "issued"),
        (5, "expires"),
        (6, "colour"),
        (8, "contacts[0]"),
        (9, "contacts[0].rolle"),
        (10, "contacts[0].name"),
        (11, "contacts[0].languages[1]"),
        (11, "contacts[0].languages[2]"),
        (12, "contacts[0].hours[0]"),
        (12, "contacts[0].hours[1]"),
        (13, "contacts[0].phone"),
        (14, "contacts[1].id"),
        (15, "contacts[1].role"),
        (16, "contacts[1].name"),
        (17, "contacts[1].languages"),
        (18, "contacts[1].hours"),
        (19, "contacts[1].phone"),
        (20, "contacts[1].other_ways[0]"),
        (21, "contacts[1].expires"),
    ]
    said = {key: (problem, mend) for _, key, problem, mend in found}
    assert said["issued"] == (
        "'2026-11-01 00:00' has no zone.",
        "write Z after a time in UTC.",
    )
    assert said["contacts[0].rolle"] == ("is no key here.", "did you mean `role`?")
    assert said["contacts[0].phone"] == (
        "is no text.",
        'put it in quotes: "+00 000 0001", in quotes.',
    )
    assert said["contacts[0].languages[1]"][0] == "is 'ua', no code of ISO 639-1."
    assert all(problem.endswith(".") and mend for problem, mend in said.values())


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("expires: 2027-02-01 00:00Z", "expires: 2026-11-01 00:00Z", "expires", "is not after"),
        (
            "2026-12-31 23:00Z",
            "2026-10-31 23:00Z",
            "contacts[2].expires",
            "is not after the roster",
        ),
        ("contacts:", "people:", "", "has no `contacts`"),
        ("format: detente/roster-1\n", "", "", "has no `format`"),
        ("Watch of Arland", "x" * 81, "contacts[0].name", "more than 80"),
        ('"+00 000 0001"', '"+00 000 0001 0000 0000"', "contacts[0].phone", "7 to 15 digits"),
        ('"+00 000 0001"', '"00 000 0001"', "contacts[0].phone", "7 to 15 digits"),
        ('"+00 000 0001"', '"+٠٠ ٠٠٠ ٠٠٠١"', "contacts[0].phone", "7 to 15 digits"),
        ("edition: 1", "edition: true", "edition", "no such number"),
        ("edition: 1", "edition: 1.0", "edition", "no such number"),
        ("hours: always", "hours: {a: b}", "contacts[0].hours", "is no text"),
        (
            "[en, ru]",
            "[en, ru, fr, pl, de, uk, be, lv, lt]",
            "contacts[0].languages",
            "has 9 items",
        ),
        ("  - id: watch", "  - 5\n  - id: watch", "contacts[0]", "is no mapping"),
    ],
)
def test_one_fault_has_one_finding(old, new, key, problem):
    text = TEMPLATE.replace(old, new, 1)
    assert text != TEMPLATE
    found = [one for one in told(text) if one[1] == key]
    assert len(found) == 1
    assert problem in found[0][2]


@pytest.mark.parametrize("text", ["", "- a", "7", "a: [", "a: &x 1"])
def test_what_is_no_roster_is_refused(text):
    assert told(text)


def test_a_text_that_could_not_be_read_keeps_its_finding():
    marked = Marked("roster.yaml")
    marked.find((), "is no regular file.", "put a text file in its place.")
    with pytest.raises(CaseError, match="is no regular file"):
        roster_of(None, marked)


def test_a_roster_may_be_full_and_no_fuller():
    one = "\n  - {id: a0, role: deputy, name: A, languages: [en], hours: always, phone: '+0000000'}"
    head = TEMPLATE.partition("contacts:")[0] + "contacts:"
    text = head + "".join(one.replace("a0", f"a{i}") for i in range(MOST_CONTACTS))
    assert len(read(text).contacts) == MOST_CONTACTS
    assert [found[1] for found in told(text + one.replace("a0", "b"))] == ["contacts"]


def test_names_are_composed_and_blanks_single():
    text = TEMPLATE.replace("Watch of Arland", unicodedata.normalize("NFD", "Łódź   Wächter"))
    assert read(text).contacts[0].name == unicodedata.normalize("NFC", "Łódź Wächter")


def test_the_languages_are_those_of_iso_639_1():
    """Unicode's list of languages has the same codes of two letters, and one that ISO took back."""
    known = {code for code in Locale("en").languages if len(code) == 2}
    assert known - {"sh"} == LANGUAGES
    assert len(LANGUAGES) == 183


# --- plain values -----------------------------------------------------------------------------

LINE = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(str.isprintable)
)
INSTANT = st.integers(0, 2**33)
HOURS = st.lists(
    st.builds(Window, st.integers(0, WEEK_MINUTES - 1), st.integers(1, 900)), min_size=1, max_size=9
).map(hours_of)
CONTACTS = st.lists(
    st.builds(
        Contact,
        id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", fullmatch=True),
        role=st.sampled_from(ROLES),
        name=LINE,
        languages=st.lists(
            st.sampled_from(sorted(LANGUAGES)), min_size=1, max_size=8, unique=True
        ).map(tuple),
        hours=HOURS,
        phone=st.from_regex(r"\+[0-9]{2} [0-9]{3}[- ][0-9]{4,9}", fullmatch=True),
        other_ways=st.lists(LINE, max_size=6).map(tuple),
        expires=st.none() | INSTANT.map(lambda at: at + 2**34),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.id,
).map(tuple)
ROSTERS = st.builds(
    Roster,
    party=st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    edition=st.integers(1, 2**31 - 1),
    issued=INSTANT,
    expires=INSTANT.map(lambda at: at + 2**34),
    contacts=CONTACTS,
)


@given(ROSTERS)
def test_a_roster_comes_back_from_plain_values_and_from_their_json(one):
    plain = one.as_plain()
    assert from_plain(plain) == one
    assert from_plain(json.loads(json.dumps(plain))) == one


def test_a_written_roster_and_its_plain_form_are_one():
    one = read(TEMPLATE)
    assert from_plain(one.as_plain()) == one
    assert one.as_plain()["contacts"][1]["hours"][0] == [6 * 60, 12 * 60]
    assert "expires" not in one.as_plain()["contacts"][0]


def _set(path, value):
    plain = json.loads(json.dumps(read(TEMPLATE).as_plain()))
    place = plain
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return plain


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("edition",), True, "edition is no such number"),
        (("edition",), 1.0, "edition is no such number"),
        (("issued",), "2026-11-01 00:00Z", "issued is no such number"),
        (("expires",), 10**12, "expires is no such number"),
        (("extra",), 1, "extra is no key here"),
        (("contacts",), [], "contacts has 0 items"),
        (("contacts", 0, "hours"), [[0, True]], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), [[0, 10.0]], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), [[0]], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), [7], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), ["always"], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), [[10080, 5]], r"hours\[0\] is no window"),
        (("contacts", 0, "hours"), [[60, 60], [0, 30]], "not in the one form"),
        (("contacts", 0, "hours"), [[0, 60], [60, 60]], "not in the one form"),
        (("contacts", 0, "languages"), "en", "not in the one form"),
        (("contacts", 0, "name"), "two  blanks", "not in the one form"),
        (("contacts", 0, "name"), "a\u0308", "not in the one form"),
        (("contacts", 0, "name"), "a\u202eb", "invisible"),
        (("contacts", 0, "expires"), None, "no such number"),
        (("contacts", 1, "id"), "watch", "as of another"),
    ],
)
def test_a_plain_value_has_one_form(path, value, says):
    with pytest.raises(UsageError, match=says):
        from_plain(_set(path, value))


@pytest.mark.parametrize("value", [None, [], "roster", 7, {}, {1: 2}])
def test_what_is_no_plain_roster_is_refused(value):
    with pytest.raises(UsageError):
        from_plain(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=9,
)


@given(st.sampled_from(["party", "edition", "issued", "expires", "contacts", "contact"]), JSON)
def test_no_value_in_the_place_of_another_breaks_the_reader(key, value):
    path = ("contacts", 1) if key == "contact" else (key,)
    try:
        found = from_plain(_set(path, value))
    except UsageError:
        return
    assert found.as_plain() == _set(path, value)


# --- whom to call -----------------------------------------------------------------------------


def order(one: Roster, at: int = SATURDAY, languages: tuple[str, ...] = ("en",)) -> list[str]:
    return [call.contact.id for call in whom_to_call(one, at, languages)]


def test_duty_comes_before_language_and_language_before_role():
    one = roster(
        contact("off", "Mon 00:00-01:00", "ru"),
        contact("foreign", languages="pl"),
        contact("technician", languages="ru", role="technical-officer"),
        contact("second", languages="de"),
        contact("first", languages="de ru"),
    )
    assert order(one, languages=("ru", "de")) == ["first", "second", "technician", "foreign", "off"]


def test_among_equals_the_roster_decides():
    ids = ["c", "a", "b"]
    assert order(roster(*(contact(id_) for id_ in ids))) == ids


def test_of_those_off_duty_the_role_and_then_the_next_duty_decides():
    one = roster(
        contact("deputy", "Sat 20:00-21:00", role="deputy"),
        contact("monday", "Mon 08:00-09:00"),
        contact("sunday", "Sun 08:00-09:00"),
        contact("gone", "Sun 06:00-07:00", expires=SATURDAY + HOUR),
    )
    assert order(one) == ["sunday", "monday", "gone", "deputy"]
    gone = whom_to_call(one, SATURDAY, ["en"])[2]
    assert (gone.next_begin, gone.is_expired) == (None, False)


def test_the_answer_says_why_and_until_when():
    one = roster(
        contact("night", "Sat 18:00-Mon 06:00", "en"),
        contact("day", "Mon-Fri 06:00-18:00", "en"),
        contact("watch", "always", "pl"),
    )
    night, watch, day = whom_to_call(one, SATURDAY, ["ru", "en"])
    assert night.reasons == ("on-duty", "shared-language")
    assert (night.until, night.next_begin) == (read_instant("2026-11-30 06:00Z"), None)
    assert watch.reasons == ("always-on-duty", "no-shared-language")
    assert (watch.until, watch.next_begin, watch.language) == (None, None, "")
    assert day.reasons == ("off-duty", "shared-language")
    assert (day.until, day.next_begin) == (None, read_instant("2026-11-30 06:00Z"))
    assert night.language == "en"


def test_a_contact_is_expired_from_its_last_instant_on_and_then_never_first():
    end = SATURDAY + DAY
    one = roster(contact("watch", expires=end), contact("deputy", "Mon 00:00-01:00", "pl"))
    calls = {step: whom_to_call(one, end + step, ["en"]) for step in (-1, 0, 1)}
    assert [calls[step][0].contact.id for step in calls] == ["watch", "deputy", "deputy"]
    marks = {step: {c.contact.id: c for c in calls[step]}["watch"] for step in calls}
    assert [marks[step].is_expired for step in calls] == [False, True, True]
    assert ["contact-expired" in marks[step].reasons for step in calls] == [False, True, True]


def test_an_expired_roster_is_said_with_every_call_and_keeps_its_order():
    one = roster(contact("off", "Mon 00:00-01:00"), contact("on"))
    for step, expired in ((-1, False), (0, True), (1, True)):
        calls = whom_to_call(one, EXPIRES + step, ["en"])
        assert [call.is_expired for call in calls] == [expired, expired]
        assert [call.reasons[0] == "roster-expired" for call in calls] == [expired, expired]
    saturday = whom_to_call(one, EXPIRES + 5 * DAY, ["en"])
    assert [call.contact.id for call in saturday] == ["on", "off"]


def test_a_roster_that_is_not_yet_valid_is_said():
    one = roster(contact("watch"))
    firsts = [whom_to_call(one, ISSUED + step, ["en"])[0].reasons[0] for step in (-1, 0, 1)]
    assert firsts == ["roster-not-yet-valid", "always-on-duty", "always-on-duty"]


def test_a_duty_ends_when_its_contact_expires():
    end = SATURDAY + HOUR
    (call,) = whom_to_call(roster(contact("a", "Sat 00:00-24:00", expires=end)), SATURDAY, [])
    assert call.until == end
    (call,) = whom_to_call(
        roster(contact("a", "Sat 00:00-24:00", expires=EXPIRES + 5), expires=end), SATURDAY, []
    )
    assert call.until == end


@given(ROSTERS, INSTANT, st.lists(st.sampled_from(sorted(LANGUAGES)), max_size=3))
def test_nobody_is_left_out_and_no_expired_contact_stands_before_another(one, at, languages):
    calls = whom_to_call(one, at, languages)
    assert sorted(call.contact.id for call in calls) == sorted(each.id for each in one.contacts)
    own = ["contact-expired" in call.reasons for call in calls]
    assert own == sorted(own)
    ranks = [(call.on_duty, bool(call.language)) for call in calls if not call.is_expired]
    assert ranks == sorted(ranks, reverse=True)
    assert all(call.on_duty == call.contact.hours.on_duty(at) for call in calls)
    assert calls == whom_to_call(one, at, languages)


# --- editions ---------------------------------------------------------------------------------


def test_changes_are_told_contact_by_contact():
    old = roster(contact("a"), contact("b"), contact("c", name="Old"))
    new = roster(
        contact("d", name="New"),
        contact("b", "daily 08:00-20:00", "en ru", phone="+00 000 0009", expires=SATURDAY),
        contact("a"),
        edition=2,
        expires=EXPIRES + DAY,
    )
    assert changes(old, new) == (
        Change("changed", "", "edition", "1", "2"),
        Change("changed", "", "expires", "2027-02-01T00:00:00Z", "2027-02-02T00:00:00Z"),
        Change("added", "d", "", "", "New"),
        Change("changed", "b", "languages", "en", "en, ru"),
        Change("changed", "b", "hours", "always", "daily 08:00-20:00"),
        Change("changed", "b", "phone", "+00 000 0001", "+00 000 0009"),
        Change("changed", "b", "expires", "", "2026-11-28T19:16:00Z"),
        Change("removed", "c", "", "Old", ""),
    )


@given(ROSTERS, ROSTERS)
def test_no_change_is_told_only_of_the_same_contacts(one, two):
    two = replace(two, party=one.party)
    same = {each.id: each for each in one.contacts} == {each.id: each for each in two.contacts}
    head = (one.edition, one.issued, one.expires) == (two.edition, two.issued, two.expires)
    assert (changes(one, two) == ()) == (same and head)
    assert changes(one, one) == ()


def test_rosters_of_two_parties_are_not_compared():
    with pytest.raises(UsageError, match="two parties, AAA and BBB"):
        changes(roster(contact("a")), roster(contact("a"), party="BBB"))
