"""What lowers confidence: each flag where it was made to hold, and not where nothing is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from detente.encounters.fixes import fixes, joined
from detente.encounters.flags import KINDS, FlagLimits, metres_between, suspicion
from detente.encounters.readers.read import read_tracks
from detente.encounters.tracks import Craft

START = 1641168000.0
DEGREE = np.pi * 6_371_008.8 / 180  # metres of a degree of latitude


def track(seconds, lat, lon, *, domain="sea", name="a", source="s", **more):
    count = len(seconds)
    columns = {
        "track": np.zeros(count, int),
        "seconds": START + np.asarray(seconds, float),
        "lat": lat,
        "lon": lon,
        "row": np.arange(count),
    }
    return fixes([Craft(name, domain)], source, columns | more)


def steady(count=60, step=10.0, speed=5.0, *, lat=55.0, lon=12.0, **more):
    seconds = np.arange(count) * step
    return track(seconds, lat + seconds * speed / DEGREE, np.full(count, lon), **more)


def kinds(found, **options):
    return {one.kind for one in suspicion(found, **options).flagged}


def changed(found, **arrays):
    from dataclasses import replace

    return replace(found, **arrays)


# --- nothing is wrong -----------------------------------------------------------------------------


@given(
    st.floats(0, 25),
    st.floats(-80, 80),
    st.floats(-179, 179),
    st.floats(1, 600),
    st.integers(0, 2**32 - 1),
)
def test_a_steady_ship_with_noise_has_no_flag(speed, lat, lon, step, seed):
    noise = np.random.default_rng(seed).uniform(-50, 50, 40) / DEGREE
    found = steady(40, step, speed, lat=lat, lon=lon)
    assert not kinds(changed(found, lat=np.clip(found.lat + noise, -90, 90)))


def test_distances_on_a_sphere():
    one = np.array([0.0, 0.0, 90.0, 10.0])
    other = metres_between(
        one, np.zeros(4), np.array([0, 1, -90, 10.0]), np.array([180, 0, 0, 0.0])
    )
    assert other / DEGREE == pytest.approx([180, 1, 180, 0], abs=1e-9)


def test_nothing_of_nothing():
    found = suspicion(joined([]))
    assert (len(found.bits), found.flagged) == (0, ())


def test_the_antimeridian_is_no_jump():
    seconds = np.arange(20) * 10.0
    lon = (179.999 + seconds * 5 / DEGREE + 180) % 360 - 180
    assert lon.min() < -179
    assert not kinds(track(seconds, np.zeros(20), lon))


# --- each flag ------------------------------------------------------------------------------------


def test_a_jump_is_flagged_on_its_way_there_and_back():
    found = steady()
    lat = found.lat.copy()
    lat[30] += 1.0
    out = suspicion(changed(found, lat=lat))
    assert np.flatnonzero(out.has("speed")).tolist() == [30, 31]
    (one,) = (flag for flag in out.flagged if flag.kind == "speed")
    assert (one.craft, one.fixes, one.of, one.stretches) == ("a", 2, 60, 1)
    assert one.intervals == ((START + 300, START + 310),)


def test_the_limit_of_speed_is_exact():
    limits = FlagLimits(noise_m=(0, 0, 0), tick_s=0.0, speed_ms=(10, 10, 10))
    assert not suspicion(steady(speed=9.999), limits).has("speed").any()
    assert suspicion(steady(speed=10.001), limits).has("speed").sum() == 59


def test_a_turn_on_the_spot_is_an_acceleration():
    seconds = np.arange(40) * 60.0
    way = np.where(seconds < 1200, seconds, 2400 - seconds) * 25  # 25 m/s north, then south
    found = track(seconds, 55 + way / DEGREE, np.full(40, 12.0))
    limits = FlagLimits(acceleration_ms2=(0.5, 1, 1), noise_m=(1, 1, 1))
    out = suspicion(found, limits)
    assert np.flatnonzero(out.has("acceleration")).tolist() == [20]  # 50 m/s within 60 s
    assert not suspicion(found).has("acceleration").any()


def test_two_ships_under_one_name():
    one, other = steady(), steady(lat=45.0)
    late = changed(other, seconds=other.seconds + 5)
    found = joined([one, late])
    assert len(found.craft) == 1
    out = suspicion(found)
    assert out.has("two-places").sum() > 110
    assert {"speed", "two-places"} <= {flag.kind for flag in out.flagged}


def test_one_outlier_is_not_two_ships():
    found = steady()
    lat = found.lat.copy()
    lat[30] += 1.0
    assert not suspicion(changed(found, lat=lat)).has("two-places").any()


def test_two_places_at_one_instant_are_a_jump():
    found = joined([steady(), steady(lat=56.0)])
    assert suspicion(found).has("two-places").any()


@pytest.mark.parametrize(
    ("radius", "step", "held"), [(800.0, 0.6, True), (800.0, 0.15, True), (20.0, 0.6, False)]
)
def test_even_circles_of_a_ship(radius, step, held):
    angle = np.arange(120) * step
    lat = 55 + radius * np.cos(angle) / DEGREE
    lon = 12 + radius * np.sin(angle) / DEGREE / np.cos(np.radians(55))
    found = track(angle * 100, lat, lon)
    assert suspicion(found).has("circle").all() == held
    assert not suspicion(track(angle * 100, lat, lon, domain="air")).has("circle").any()


def test_a_zigzag_and_a_swing_at_anchor_are_no_circles():
    seconds = np.arange(200) * 30.0
    zigzag = np.abs((seconds / 600) % 2 - 1) * 0.01
    assert "circle" not in kinds(track(seconds, 55 + seconds * 1e-5, 12 + zigzag))
    swing = np.radians(60) * np.sin(seconds / 700)
    lat = 55 + 200 * np.cos(swing) / DEGREE
    assert "circle" not in kinds(track(seconds, lat, 12 + 200 * np.sin(swing) / DEGREE))


def test_a_position_that_stands_while_the_ship_moves():
    found = steady(speed_ms=np.full(60, 5.0))
    lat = found.lat.copy()
    lat[10:40] = lat[10]
    out = suspicion(changed(found, lat=lat))
    assert np.flatnonzero(out.has("freeze")).tolist() == list(range(10, 40))
    moored = changed(found, lat=np.full(60, 55.0), speed_ms=np.zeros(60))
    assert not kinds(moored)
    unsaid = changed(found, lat=np.full(60, 55.0), speed_ms=np.full(60, np.nan))
    assert not kinds(unsaid)


def test_a_taxiing_aircraft_does_not_freeze():
    seconds = np.arange(60.0)
    own = {"speed_ms": 60.0, "domain": "air"}
    lat = np.full(60, 47.0)
    assert kinds(track(seconds, lat, np.full(60, 8.0), **own)) == {"freeze"}
    assert not kinds(track(seconds, lat, np.full(60, 8.0), on_ground=1.0, **own))


def test_ships_on_land():
    land = box(11.9, 55.005, 12.1, 60)
    found = steady(200)
    out = suspicion(found, land=land)
    assert np.array_equal(out.has("on-land"), found.lat > 55.005)
    assert not suspicion(steady(200, domain="air"), land=land).has("on-land").any()


def test_accuracy_that_falls_away():
    nacp = np.full(60, 9.0)
    nacp[20:30] = 0
    out = suspicion(steady(domain="air", speed=200, nacp=nacp))
    assert np.flatnonzero(out.has("accuracy")).tolist() == list(range(20, 30))
    assert not kinds(steady(domain="air", nacp=np.zeros(60)))  # never had any


@pytest.mark.parametrize(("craft", "held"), [(3, True), (2, False)])
def test_several_craft_that_jump_at_once(craft, held):
    parts = []
    for place in range(craft):
        found = steady(name=f"ship {place}", lon=12.1 + place / 10)
        lat = found.lat.copy()
        lat[30:] += 2.0
        parts.append(changed(found, lat=lat))
    out = suspicion(joined(parts))
    assert out.has("speed").sum() == craft
    assert out.has("regional").sum() == (craft if held else 0)


def test_disorder_in_a_chronicle_and_not_in_a_sorted_file():
    found = steady(100)
    seconds = found.seconds.copy()
    seconds[50] -= 300
    assert np.flatnonzero(suspicion(changed(found, seconds=seconds)).has("disorder")).tolist() == [
        50
    ]
    turned = changed(found, row=found.row[::-1])
    assert not suspicion(turned).has("disorder").any()
    halves = changed(found, row=(found.row + 50) % 100)  # the second half stands first
    assert not suspicion(halves).has("disorder").any()


@given(st.integers(0, 2**32 - 1))
def test_flags_do_not_depend_on_the_order_of_rows(seed):
    rng = np.random.default_rng(seed)
    found = joined([steady(30), steady(30, lat=55.3, name="b"), steady(9, speed=90.0, name="c")])
    order = rng.permutation(len(found))
    from detente.encounters.fixes import ARRAYS

    mixed = changed(found, **{name: getattr(found, name)[order] for name in ARRAYS})
    assert np.array_equal(suspicion(mixed).bits, suspicion(found).bits[order])


# --- real tracks ----------------------------------------------------------------------------------


def sample(shared_data, name):
    found, _ = read_tracks(shared_data / "tracks" / "traffic-samples" / f"{name}.json.gz")
    return found, suspicion(found)


@pytest.mark.conformance
def test_a_track_that_was_misled(shared_data):
    found, out = sample(shared_data, "noisy_spoofing")
    assert out.has("speed").sum() >= 1
    assert out.has("freeze").sum() > len(found) / 10


@pytest.mark.conformance
def test_false_alarms_on_clean_flights(shared_data):
    _, out = sample(shared_data, "switzerland")
    assert len({one.craft for one in out.flagged}) == 1  # of 842
    assert {one.kind for one in out.flagged} == {"freeze"}
    assert (out.bits != 0).mean() < 3e-4


@pytest.mark.conformance
def test_false_alarms_on_an_airport(shared_data):
    _, out = sample(shared_data, "zurich_airport")
    assert {one.kind for one in out.flagged} <= {"speed"}
    assert out.has("speed").sum() <= 3  # of 17,132


@pytest.mark.conformance
def test_speeds_counted_without_this_code(shared_data):
    folder = shared_data / "tracks" / "marinecadastre-20220103"
    found, _ = read_tracks(folder / "ais_20220103_first99999.csv.gz")
    order = np.lexsort((found.row, found.seconds, found.track))
    same = (np.diff(found.track[order]) == 0) & (np.diff(found.seconds[order]) == 0)
    once = order[np.append(True, ~same)]
    from detente.encounters.fixes import ARRAYS

    single = changed(found, **{name: getattr(found, name)[once] for name in ARRAYS})
    limits = FlagLimits(noise_m=(0, 0, 0), tick_s=0.0, freeze_ms=(np.inf, np.inf, np.inf))
    # SOURCE.md: 58 points imply more than 60 knots
    assert suspicion(single, limits).has("speed").sum() == 58


def test_every_kind_has_a_bit_of_its_own():
    assert len(KINDS) == 9
