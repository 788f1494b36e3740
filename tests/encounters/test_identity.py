"""Whose craft it is said to be: claims, sources and what they contradict."""

from itertools import pairwise

import pyais.util
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.encounters.identity import (
    _table,
    country_of_address,
    country_of_mmsi,
    identify,
    read_register,
    read_sides,
    ship_type,
)
from detente.encounters.tracks import Claim, Craft
from detente.ground.errors import CaseError

REGISTER = read_register(
    "list.csv",
    "$ICAO,$Registration,$Operator,$Type,#CMPG\n"
    "AE0455,162170,United States Navy,C-2A,Mil\n"
    "43C6F4,ZZ330,Royal Air Force,A330,Mil\n"
    "4B1234,HB-ABC,A Club,C172,Civ\n"
    "10166,,,,Mil\n",
    "a list",
)
SIDES = read_sides(
    "sides.yaml",
    """format: detente/sides/1
sides:
  West: {countries: [US, GB], operators: ["royal air force*"], names: ["USS *"]}
  East: {countries: [RU], addresses: ["150000-15ffff"], callsigns: ["RFF*"], mmsi: ["273*"]}
patterns:
  - {callsign: "RFF*", state: state, kind: transport, source: a list of callsigns}
  - {name: "*[1]", state: civil, source: test}
""",
)


def craft(domain="air", **claims):
    return Craft(
        "x", domain, tuple(Claim(key.replace("_", "-"), v, "f") for key, v in claims.items())
    )


def told(identity, key):
    return {(one.value, one.source) for one in identity.evidence if one.key == key}


# --- tables ---------------------------------------------------------------------------------------


def test_digits_are_those_that_pyais_has():
    rows = _table("mids.csv")
    assert len(rows) > 100
    for mid, country in rows:
        assert pyais.util.get_country(int(mid) * 10**6)[0] == country


def test_blocks_do_not_overlap():
    blocks = sorted((int(low, 16), int(high, 16)) for _, low, high in _table("addresses.csv"))
    assert all(low <= high for low, high in blocks)
    assert all(one[1] < other[0] for one, other in pairwise(blocks))


@pytest.mark.conformance
def test_blocks_agree_with_a_list_of_military_aircraft(shared_data):
    path = shared_data / "tracks" / "plane-alert-mil" / "plane-alert-mil.csv"
    register = read_register(path.name, path.read_text("utf-8"))
    assert len(register.entries) == 9849
    assert len(register.unread) == 2  # addresses without their first zero
    known = {
        "Russian Air Force": "RU",
        "USAF": "US",
        "German Air Force": "DE",
        "Royal Air Force": "GB",
        "French Air Force": "FR",
        "Polish Air Force": "PL",
        "Swedish Air Force": "SE",
        "Turkish Air Force": "TR",
        "Chinese Air Force": "CN",
        "Royal Norwegian Air Force": "NO",
    }
    for operator, country in known.items():
        own = [key for key, entry in register.entries.items() if entry.operator == operator]
        agree = sum(country_of_address(key) == country for key in own)
        assert agree >= 0.9 * len(own) > 0, operator


@pytest.mark.parametrize(
    ("mmsi", "country"),
    [
        ("273000000", "RU"),
        ("111219501", "DK"),
        ("00219000", None),
        ("999000000", None),
        ("x", None),
    ],
)
def test_countries_of_ships(mmsi, country):
    assert country_of_mmsi(mmsi) == country


@given(st.text(max_size=8))
def test_no_text_is_too_odd_for_an_address_or_number(text):
    assert country_of_address(text) is None or len(text) == 6
    assert country_of_mmsi(text) is None or len(text) == 9
    ship_type(text)


# --- the summary ----------------------------------------------------------------------------------


def test_a_register_tells_operator_type_and_service():
    found = identify(craft(icao24="AE0455"), [REGISTER], SIDES)
    assert (found.side, found.state, found.kind) == ("West", "state", "C-2A")
    assert told(found, "operator") == {("United States Navy", "a list")}
    assert told(found, "country") == {("US", "ICAO Annex 10 Vol. III, Table 9-1")}
    assert found.single_source  # a register hears nothing by itself
    assert not found.disputed


def test_a_civil_entry_is_civil():
    assert identify(craft(icao24="4b1234"), [REGISTER]).state == "civil"


def test_without_registers_nothing_is_known():
    found = identify(craft(callsign="SWR1"))
    assert (found.side, found.state, found.kind, found.evidence[0].key) == (
        None,
        "unknown",
        "",
        "callsign",
    )


def test_a_warship_of_one_source_is_at_most_undetermined():
    ship = craft("sea", mmsi="338845000", name="USS CANBERRA", ship_type="35")
    found = identify(ship, (), SIDES)
    assert (found.side, found.state, found.kind) == ("West", "state", "military operations")
    assert found.single_source
    assert found.at_most_undetermined
    seen = Claim("reported-by", "a coast guard", "log of 3 January")
    both = identify(Craft("x", "sea", (*ship.claims, seen)), (), SIDES)
    assert not both.single_source
    assert not both.at_most_undetermined


def test_two_receivers_of_one_transmission_are_one_source():
    claims = (Claim("mmsi", "338845000", "satellite"), Claim("mmsi", "338845000", "coast"))
    assert identify(Craft("x", "sea", claims)).single_source


def test_an_address_in_a_report_is_no_transmission():
    claims = (
        Claim("reported-by", "ministry", "press release"),
        Claim("icao24", "150123", "press release: ministry"),
    )
    assert identify(Craft("x", "air", claims)).single_source
    second = Claim("reported-by", "pilot", "statement")
    assert not identify(Craft("x", "air", (*claims, second))).single_source


def test_contradictions_are_told_and_not_resolved():
    found = identify(craft("sea", mmsi="273000000", name="USS BORROWED", ship_type="70"), (), SIDES)
    assert found.side is None  # a name of one side, a number of the other, both as good
    assert found.disputed == ("side",)
    claims = (Claim("ship-type", "35", "f"), Claim("ship-type", "70", "f"))
    mixed = identify(Craft("x", "sea", claims))
    assert (mixed.state, mixed.disputed) == ("unknown", ("state",))


def test_the_more_special_thing_tells_the_side():
    register = read_register("r.csv", "icao24,operator\n150001,Royal Air Force\n43c6f4,RFF\n")
    by_address = identify(craft(icao24="150001"), [register], SIDES)
    assert (by_address.side, by_address.disputed) == ("East", ("side",))
    by_country = identify(craft(icao24="43c6f4"), [register], SIDES)
    assert (by_country.side, by_country.disputed) == ("West", ())


def test_patterns_tell_service_and_kind_with_their_source():
    found = identify(craft(callsign="RFF7051"), (), SIDES)
    assert (found.side, found.state, found.kind) == ("East", "state", "transport")
    assert told(found, "state") == {("state", "a list of callsigns")}
    assert identify(craft(name="boat[1]"), (), SIDES).state == "civil"  # brackets are letters
    assert identify(craft(name="boat1"), (), SIDES).state == "unknown"


# --- what is wrong --------------------------------------------------------------------------------


def test_every_finding_of_sides_at_once():
    text = """format: detente/sides/2
sides:
  A: {countries: [US], colour: [red]}
  B: {countries: [us], addresses: [xyz], names: 7}
patterns:
  - {callsign: X, name: Y, side: C, state: odd}
other: 1
"""
    with pytest.raises(CaseError) as caught:
        read_sides("sides.yaml", text)
    assert [(finding.line, finding.key) for finding in caught.value.findings] == [
        (1, "format"),
        (3, "sides.A.colour"),
        (4, "sides.B.addresses"),
        (4, "sides.B.countries"),
        (4, "sides.B.names"),
        (6, "patterns[0]"),
        (6, "patterns[0]"),
        (6, "patterns[0].side"),
        (6, "patterns[0].state"),
        (7, "other"),
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "icao24\n", 'icao24\n"ae', "icao24\nzz\n"])
def test_what_is_no_register(text):
    with pytest.raises(CaseError):
        read_register("r.csv", text)
