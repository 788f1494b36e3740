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
from detente.encounters.accounts.stated import GEOD, difference, rounding
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


def test_accounts_that_do_not_belong_together():
    with pytest.raises(UsageError, match="two incidents"):
        compare(account("A"), account("B", incident="j"), shown_to="public")
    with pytest.raises(UsageError, match="one side"):
        compare(account("A"), account("A"), shown_to="public")
    second = release(account("B"), "other-side")[0]
    with pytest.raises(UsageError, match="released to the other-side"):
        compare(account("A"), second, shown_to="public")
    assert compare(account("A"), second, shown_to="own-side").accounts[1].received


def test_the_clock_runs_from_the_begin():
    first = account("A", begun="2026-02-27T20:30Z")
    (due,) = compare(first, None, shown_to="public").clock
    assert (due.until, due.verified) == ("2026-03-01T20:30Z", False)
    stated = [{"hours": 2, "due": "call", "by": "x", "verified": True}]
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
