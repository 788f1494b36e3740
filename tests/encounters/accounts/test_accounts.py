"""Two accounts of one incident: reading, comparing, releasing, writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.encounters.accounts.compare import compare
from detente.encounters.accounts.model import SUBJECTS, Account, Claim, Moment, Place
from detente.encounters.accounts.read import account_of, read_account
from detente.encounters.accounts.release import coarse_moment, coarse_place, release
from detente.encounters.accounts.stated import (
    GEOD,
    KM_PER_DEGREE,
    difference,
    rounding,
    within_km,
)
from detente.encounters.accounts.write import account_text, blank
from detente.ground.errors import CaseError, UsageError
from detente.ground.text import Marked

COOK = Path(__file__).resolve().parents[3] / "docs" / "examples" / "donald-cook-2016"
ALL = ("other-side", "mediator", "public")


def claim(**keys: Any) -> dict[str, Any]:
    seen = {"releasable_to": [*ALL], "source_to": [*ALL]}
    return {"certainty": "sure", "source": "log", **seen, **keys}


def account(side: str = "A", claims: list[dict[str, Any]] = [], **keys: Any) -> Account:  # noqa: B006
    value = {
        "format": "detente/account/1",
        "incident": "i",
        "title": "t",
        "side": side,
        "as_of": "2026-01-01",
        "claims": [{"id": f"c{place}", **one} for place, one in enumerate(claims)],
        **keys,
    }
    return account_of(yaml.safe_dump(value), Marked("account.yaml"))


def verdict(first: dict[str, Any], second: dict[str, Any]) -> Any:
    found = compare(
        account("A", [claim(**first)]), account("B", [claim(**second)]), shown_to="other-side"
    )
    (one,) = found.compared
    return one


# --- reading --------------------------------------------------------------------------------------


def findings(text: str) -> list[str]:
    with pytest.raises(CaseError) as caught:
        account_of(text, Marked("account.yaml"))
    return [str(one) for one in caught.value.findings]


def test_blank_passes_and_names_every_subject():
    text = blank("i", "Seite: Ä", "2026-01-31")
    found = account_of(text, Marked("account.yaml"))
    assert (found.side, found.as_of, found.claims) == ("Seite: Ä", "2026-01-31", ())
    assert all(subject in text for subject in SUBJECTS)


def test_blank_passes_with_its_examples_written_in():
    lines = blank("i", "Side B", "2026-01-31").replace(": []\n#  -", ":\n  -").split("\n")
    told = [
        line.removeprefix("#") if line.startswith(("#  -", "#    ")) else line for line in lines
    ]
    found = account_of("\n".join(told), Marked("account.yaml"))
    assert [len(one) for one in (found.claims, found.craft, found.calls)] == [4, 2, 1]
    assert found.questions[0].about == "c4"


def test_all_findings_at_once():
    text = """format: detente/account/1
incident: i
title: t
side: A
as_of: 2026-01-01
claims:
  - {id: c1, about: separation, value: 3, unit: kn, certainty: sure, source: x}
  - {id: c2, about: begins, says: "yes", certainty: sure, source: x}
  - {id: c3, about: passes, low: 3, high: 2, unit: count, certainty: certain, source: x}
  - {id: c4, about: begins, at: {utc: 2026-02-30}, certainty: sure, source: x}
"""
    told = "\n".join(findings(text))
    for words in (
        "account.yaml:7",
        "needs a `unit` of length",
        "does not state `at`",
        "certainty",
        "is no instant that exists",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("about: separation, value: -5, unit: m", "below 0"),
        ("about: passes, value: 2.5, unit: count", "no whole number"),
        ("about: course, value: 400, unit: deg", "above 360"),
        ("about: height, low: 9, high: 3, unit: m", "`low` above `high`"),
        ("about: begins, at: {utc: 9999-12-31}", "1900 to 2199"),
        ("about: begins, at: {utc: 0001-01-01T00:00Z}", "1900 to 2199"),
        ("about: begins, at: {utc: 2026-01-01}, coarse_minutes: 1441", "at most 1440"),
        ("about: place, place: {lat: 1, lon: 1}, coarse_km: 1001", "at most 1000"),
        ("about: place, place: {lat: 90.1, lon: 1}", "at most 90"),
        ("about: place, place: {lat: -91, lon: 1}", "at least -90"),
        ("about: place, place: {lat: 1, lon: 181}", "at most 180"),
        ("about: place, place: {lat: .nan, lon: 1}", "not finite"),
    ],
)
def test_numbers_that_cannot_be(stated, words):
    text = f"""format: detente/account/1
incident: i
title: t
side: A
as_of: 2026-01-01
claims:
  - {{id: c1, certainty: sure, source: x, {stated}}}
"""
    assert words in "\n".join(findings(text))


def test_a_deadline_is_within_ten_years():
    far = [{"hours": 1e6, "due": "x", "by": "x", "verified": True}]
    with pytest.raises(CaseError):
        account("A", begun="2026-01-01", deadlines=far)


def test_a_depth_is_a_height_below_zero():
    one = verdict(*({"about": "height", "value": x, "unit": "m"} for x in (-40, -100)))
    assert one.difference.value == 60


def test_references_are_checked_once_all_else_is_right():
    text = """format: detente/account/1
incident: i
title: t
side: A
as_of: 2026-01-01
claims:
  - {id: c1, about: seperation, words: w, certainty: sure, source: x}
  - {id: c1, about: purpose, of: ship, words: w, certainty: sure, source: x}
  - {id: c2, about: activity, words: w, certainty: sure}
  - {id: c3, about: activity, words: w, certainty: sure, source: x}
questions:
  - {words: why, about: c9}
"""
    told = "\n".join(findings(text))
    for words in (
        "did you mean separation?",
        "repeats the id c1",
        "names the craft ship",
        "has no `source`",
        "says something of activity a second time",
        "names c9",
    ):
        assert words in told


@pytest.mark.parametrize("text", ["", "- a", "a: [", "x", "format: detente/account/2"])
def test_what_is_no_account_has_findings(text):
    assert findings(text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CaseError):
        read_account(tmp_path / "none.yaml")


# --- comparing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "within"),
    [(30, 5), (9, 0.5), (9.5, 0.05), (914, 0.5), (1200, 50), (0, 0.5), (-40, 5), (0.001, 0.0005)],
)
def test_a_bare_number_is_read_to_its_last_digit(value, within):
    assert rounding(float(value)) == pytest.approx(within)


def test_thirty_feet_and_nine_metres_agree():
    # 30 ft is read as 25 to 35 ft = 7.62 to 10.668 m, 9 m as 8.5 to 9.5 m: they overlap.
    one = verdict(
        {"about": "separation", "value": 30, "unit": "ft"},
        {"about": "separation", "value": 9, "unit": "m"},
    )
    assert one.verdict == "agreed"
    assert one.difference.least == 0
    assert one.difference.value == pytest.approx(0.144)


def test_a_gap_is_measured_between_the_bounds():
    one = verdict(
        {"about": "separation", "low": 100, "high": 200, "unit": "m"},
        {"about": "separation", "low": 1, "high": 2, "unit": "km"},
    )
    assert one.verdict == "apart"
    found = one.difference
    assert (found.least, found.value, found.most) == pytest.approx((800, 1350, 1900))


def test_counts_are_exact():
    pair = [{"about": "passes", "value": x, "unit": "count"} for x in (20, 19)]
    assert verdict(*pair).verdict == "apart"
    assert verdict(pair[0], pair[0]).verdict == "agreed"


def test_courses_go_around_the_circle():
    one = verdict(
        {"about": "course", "low": 350, "high": 356, "unit": "deg"},
        {"about": "course", "low": 4, "high": 10, "unit": "deg"},
    )
    assert one.difference.value == pytest.approx(14)
    assert one.difference.least == pytest.approx(8)


@pytest.mark.parametrize(
    ("value", "within"), [(200, 5), (0, 5), (360, 5), (45, 0.5), (90, 5), (271.5, 0.05)]
)
def test_a_bare_course_leaves_open_five_degrees_at_most(value, within):
    one = verdict(*({"about": "course", "value": x, "unit": "deg"} for x in (value, value)))
    assert one.difference.most == pytest.approx(2 * within)


def test_a_course_through_north():
    one = verdict(
        {"about": "course", "low": 350, "high": 10, "unit": "deg"},
        {"about": "course", "low": 175, "high": 185, "unit": "deg"},
    )
    assert (one.first.low, one.first.value, one.first.high) == (350, 0, 10)
    found = one.difference  # 10 to 175 degrees at the least, and half a circle at the most
    assert (found.least, found.value, found.most) == pytest.approx((165, 180, 180))


@pytest.mark.parametrize(
    ("lat", "lon", "degrees"),
    [(55, 18, 0.5), (50, 20, 0.5), (0, 100, 0.5), (55.2, 20, 0.05), (55.123, 18.32, 0.0005)],
)
def test_a_bare_position_is_read_to_its_finer_last_decimal(lat, lon, degrees):
    assert within_km(Place(lat=lat, lon=lon)) == pytest.approx(degrees * KM_PER_DEGREE)


def test_positions_at_a_pole_are_near_each_other():
    places = [{"lat": 90.0, "lon": lon, "within_km": 0.1} for lon in (0.0, 137.0)]
    one = verdict(*({"about": "place", "place": place} for place in places))
    assert one.verdict == "agreed"
    assert one.difference.value == pytest.approx(0, abs=1e-6)


def test_instants_and_positions():
    one = verdict(
        {"about": "begins", "at": {"utc": "2026-01-01T12:00Z", "within_minutes": 10}},
        {"about": "begins", "at": {"utc": "2026-01-01T13:00Z", "within_minutes": 20}},
    )
    assert (one.verdict, one.difference.least, one.difference.unit) == ("apart", 1800, "s")
    places = [{"lat": 10.0, "lon": lon, "within_km": 1} for lon in (179.99, -179.99)]
    one = verdict(*({"about": "place", "place": place} for place in places))
    assert one.difference.value == pytest.approx(GEOD.inv(179.99, 10, 180.01, 10)[2])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("yes", "yes", "agreed"),
        ("yes", "no", "apart"),
        ("yes", "not-known", "not-compared"),
    ],
)
def test_yes_and_no(a, b, expected):
    assert verdict(*({"about": "lights-on", "says": one} for one in (a, b))).verdict == expected


def test_what_is_agreed_is_as_sure_as_the_less_sure():
    one = verdict(
        {"about": "lights-on", "says": "yes", "certainty": "possible"},
        {"about": "lights-on", "says": "yes"},
    )
    assert one.certainty == "possible"


numbers = st.tuples(st.floats(-1e4, 1e4), st.floats(0, 1e3))


@given(numbers, numbers)
@settings(max_examples=60)
def test_a_difference_is_symmetric_and_bounds_every_pair(first, second):
    a, b = (
        Claim(id="c", about="height", low=x - r, high=x + r, unit="m", certainty="sure", source="s")
        for x, r in (first, second)
    )
    found = difference(a, b)
    assert found == difference(b, a)
    ends = [abs(p - q) for p in (a.low, a.high) for q in (b.low, b.high)]
    overlap = a.low <= b.high and b.low <= a.high
    assert found.most == pytest.approx(max(ends), abs=1e-6)
    assert found.least == pytest.approx(0 if overlap else min(ends), abs=1e-6)


def test_agreed_first_then_apart_then_one_sided():
    lit = {"about": "lights-on", "says": "yes"}
    far = [{"about": "height", "value": x, "unit": "m"} for x in (101, 205)]
    first = account("A", [claim(**far[0]), claim(**lit), claim(about="damage", says="no")])
    second = account("B", [claim(about="purpose", words="w"), claim(**far[1]), claim(**lit)])
    found = compare(first, second, shown_to="public")
    assert [one.verdict for one in found.compared] == ["agreed", "apart", "only-one", "only-one"]


def test_neither_account_speaks_for_both():
    def side(name: str, title: str, craft: str, whiches: list[str]) -> Account:
        stated = [claim(about="passes", which=x, value=1, unit="count") for x in whiches]
        named = [{"id": "jets", "name": craft, "side": "A", "releasable_to": [*ALL]}]
        return account(name, stated, title=title, craft=named)

    first = side("A", "Patrol", "two jets", ["pass-10", "pass-2"])
    second = side("B", "Approach", "two fighters", ["pass-1", "pass-10"])
    found, turned = (
        compare(first, second, shown_to="public"),
        compare(second, first, shown_to="public"),
    )
    assert found.title == "Patrol / Approach"
    assert found.craft == (("jets", "jets"),)
    assert found.named == (("jets", "two jets", "two fighters"),)
    assert [one.which for one in found.compared] == ["pass-10", "pass-1", "pass-2"]
    assert [(one.which, one.first, one.second) for one in found.compared] == [
        (one.which, one.second, one.first) for one in turned.compared
    ]
    silent = compare(first, account("B", title="Patrol"), shown_to="public")
    assert (silent.title, silent.craft, silent.named) == ("Patrol", (("jets", "two jets"),), ())


def test_accounts_that_do_not_belong_together():
    with pytest.raises(UsageError, match="two incidents"):
        compare(account("A"), account("B", incident="j"), shown_to="public")
    with pytest.raises(UsageError, match="one side"):
        compare(account("A"), account(" a"), shown_to="public")
    second = release(account("B"), "other-side")[0]
    with pytest.raises(UsageError, match="released to the other-side"):
        compare(account("A"), second, shown_to="public")
    assert compare(account("A"), second, shown_to="own-side").accounts[1].received


def test_the_clock_runs_from_the_begin():
    first = account("A", begun="2026-02-27T20:30Z", begun_to=["public"])
    (due,) = compare(first, None, shown_to="public").clock
    assert (due.until, due.verified) == ("2026-03-01T20:30Z", False)
    earlier = account("B", begun="2026-02-27T19:00Z", begun_to=["public"])
    (due,) = compare(first, earlier, shown_to="public").clock
    assert due.until == "2026-03-01T19:00Z"
    stated = [{"hours": 2, "due": "call", "by": "x", "verified": True, "releasable_to": ["public"]}]
    (due,) = compare(account("A", deadlines=stated), None, shown_to="public").clock
    assert (due.hours, due.until) == (2, "")


# --- releasing ------------------------------------------------------------------------------------


def test_nothing_leaves_that_does_not_say_so():
    secret = {"about": "separation", "value": 77, "unit": "m", "source": "SONAR-9"}
    first = account(
        "A",
        [
            {**claim(**secret), "releasable_to": []},
            {**claim(about="place", place={"lat": 55.123456, "lon": 18.654321}, coarse_km=50)},
            {**claim(about="begins", at={"utc": "2026-01-01T12:34Z"}, coarse_minutes=60)},
            {**claim(about="lights-on", says="yes", source="SONAR-9"), "source_to": []},
        ],
        craft=[{"id": "sub", "name": "HIDDEN-NAME", "side": "A"}],
        calls=[{"who": "DUTY-NAME", "channel": "x", "as_of": "2026"}],
        label={"words": "OUR-LABEL", "by": "x"},
        questions=[
            {"words": "OUR-QUESTION"},
            {"words": "told", "about": "c0", "releasable_to": [*ALL]},
        ],
    )
    copy, withheld = release(first, "other-side")
    text = account_text(copy)
    for word in (
        "77", "SONAR", "HIDDEN", "DUTY", "OUR-", "c0", "123456", "654321", "12:34", "coarse",
        "releasable", "withheld",
    ):  # fmt: skip
        assert word not in text
    assert {(one.item, one.field, one.why) for one in withheld} == {
        ("claims/c0", "", "not-releasable"),
        ("claims/c1", "place", "coarsened"),
        ("claims/c2", "at", "coarsened"),
        ("claims/c3", "source", "not-releasable"),
        ("craft/sub", "", "not-releasable"),
        ("calls/1", "", "not-releasable"),
        ("label/1", "", "not-releasable"),
        ("questions/1", "", "not-releasable"),
    }
    assert account_of(text, Marked("copy.yaml")) == copy


def test_the_sheet_for_others_holds_only_what_is_released():
    first = account("A", [{**claim(about="damage", says="no"), "releasable_to": ["mediator"]}])
    assert not compare(first, None, shown_to="other-side").compared
    assert compare(first, None, shown_to="mediator").compared
    own = compare(first, None, shown_to="own-side")
    assert own.compared
    assert [one.item for one in own.withheld] == ["claims/c0"]


def test_the_begin_and_the_deadlines_leave_only_where_they_may():
    inner = [{"hours": 2, "due": "INNER-ORDER", "by": "x", "verified": True}]
    first = account("A", begun="2026-01-01T12:34Z", deadlines=inner)
    copy, withheld = release(first, "other-side")
    assert (copy.begun, copy.deadlines) == (None, ())
    assert {one.item for one in withheld} == {"begun", "deadlines/1"}
    sheet = compare(first, None, shown_to="other-side")
    assert sheet.begun == ""
    assert "INNER" not in repr(sheet)


def test_the_begin_is_told_no_finer_than_the_coarsest_instant():
    ends = claim(about="ends", at={"utc": "2026-01-01T13:00Z"}, coarse_minutes=60)
    keys: dict[str, Any] = {"begun_to": ["public"]}
    told = {
        release(account("A", [ends], begun=f"2026-01-01T12:{x}Z", **keys), "public")[0].begun
        for x in ("01", "34", "59")
    }
    assert told == {"2026-01-01T12:30Z"}


def test_ids_and_names_tell_of_nothing_that_is_withheld():
    secret = {**claim(about="speed", value=31, unit="kn"), "releasable_to": []}
    craft = [{"id": "jets", "name": "NAME", "side": "A"}]
    questions = [{"words": "q", "about": "c1", "releasable_to": [*ALL]}]
    first = account(
        "A",
        [secret, claim(about="damage", says="no", of="jets")],
        craft=craft,
        questions=questions,
    )
    copy, withheld = release(first, "other-side")
    assert [one.id for one in copy.claims] == ["c1"]
    assert copy.questions[0].about == "c1"
    without = account("A", [claim(about="damage", says="no", of="jets")], craft=craft)
    less = release(without, "other-side")[0]
    assert (less.claims, less.craft) == (copy.claims, copy.craft)
    # the id of the craft stands in the copy, and only its name does not
    assert ("craft/jets", "name") in {(one.item, one.field) for one in withheld}


def test_what_is_told_coarsely_tells_neither_words_nor_own_accuracy():
    def told(within: float) -> Account:
        place = {"lat": 55.2, "lon": 18.3, "within_km": within}
        at = {"utc": "2026-01-01T12:31Z", "within_minutes": within}
        stated = [
            claim(about="place", place=place, coarse_km=50, words="at 55.2111"),
            claim(about="begins", at=at, coarse_minutes=60, words="at 12:31:05"),
        ]
        return release(account("A", stated), "other-side")[0]

    assert told(0.01) == told(3)
    assert "55.2111" not in account_text(told(3))
    assert "12:31" not in account_text(told(3))


def test_a_copy_is_told_as_it_is_and_released_no_further():
    lit = claim(about="lights-on", says="yes")
    ours, theirs = (release(account(side, [lit]), "mediator")[0] for side in "AB")
    found = compare(ours, theirs, shown_to="mediator")
    assert [one.verdict for one in found.compared] == ["agreed"]
    with pytest.raises(UsageError, match="released to the mediator"):
        compare(ours, theirs, shown_to="other-side")
    with pytest.raises(UsageError, match="copy that was released"):
        release(ours, "public")
    public = release(account("B", [lit]), "public")[0]
    assert compare(account("A"), public, shown_to="mediator").compared
    assert compare(ours, theirs, shown_to="own-side").withheld == ()


def test_the_other_account_is_told_to_outsiders_as_far_as_it_says():
    secret = {**claim(about="damage", says="no"), "releasable_to": []}
    pair = account("A"), account("B", [secret])
    assert not compare(*pair, shown_to="public").compared
    assert compare(*pair, shown_to="other-side").compared


def test_what_the_public_may_see_everybody_may():
    first = account("A", [{**claim(about="damage", says="no"), "releasable_to": ["public"]}])
    assert compare(first, None, shown_to="mediator").compared


places = st.tuples(st.floats(-89.9, 89.9), st.floats(-180, 179.9), st.floats(1, 300))


@given(places)
@settings(max_examples=200)
def test_a_coarse_position_holds_the_true_one(given_place):
    lat, lon, km = given_place
    told = coarse_place(Place(lat=lat, lon=lon, within_km=0.1), km)
    apart = GEOD.inv(lon, lat, told.lon, told.lat)[2] / 1000
    assert apart <= told.within_km
    again = coarse_place(Place(lat=told.lat, lon=told.lon, within_km=0.1), km)
    assert (again.lat, again.lon) == pytest.approx((told.lat, told.lon), abs=1e-3)


@pytest.mark.parametrize("corner", [(90.0, 180.0), (-90.0, -180.0), (90.0, 0.0), (0.0, 180.0)])
@pytest.mark.parametrize("km", [0.5, 20.0, 1000.0])
def test_a_coarse_position_at_the_ends_of_the_grid(corner, km):
    lat, lon = corner
    told = coarse_place(Place(lat=lat, lon=lon, within_km=0.1), km)
    assert GEOD.inv(lon, lat, told.lon, told.lat)[2] / 1000 <= told.within_km


@given(st.integers(0, 24 * 60 - 1), st.sampled_from([5, 15, 60, 240, 1440]))
@settings(max_examples=100)
def test_a_coarse_instant_holds_the_true_one(minute, minutes):
    stated = f"2026-01-31T{minute // 60:02}:{minute % 60:02}Z"
    told = coarse_moment(Moment(utc=stated), minutes)
    a = claim_at(stated, 0.5)
    b = claim_at(told.utc, told.within_minutes)
    assert difference(a, b).least == 0


def claim_at(utc: str, within: float) -> Claim:
    at = Moment(utc=utc, within_minutes=within)
    return Claim(id="c", about="begins", at=at, certainty="sure", source="s")


# --- the reconstruction in the documentation ------------------------------------------------------


def test_the_reconstruction_of_2016():
    first, second = (read_account(COOK / f"{one}.yaml") for one in ("united-states", "russia"))
    found = compare(first, second, shown_to="public")
    assert all(one.reconstruction for one in found.accounts)
    verdicts = {(one.about, one.which): one.verdict for one in found.compared}
    assert verdicts["international-space", ""] == "agreed"
    assert verdicts["begins", "second-day"] == "apart"  # 12 April, and 13 April
    assert verdicts["distance-to-border", ""] == "apart"  # 70 nautical miles, and 70 km
    assert verdicts["separation", ""] == "only-one"
    assert {one.side: one.words for one in found.labels} == {
        "United States": "unsafe and unprofessional",
        "Russia": "all safety rules were kept",
    }
