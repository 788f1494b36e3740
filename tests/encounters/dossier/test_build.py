"""The dossier of one encounter: what is measured, what is asked, and what is kept back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.encounters.dossier.made import T0, cook, cook_accounts, encounter, flight, known

from detente.encounters.dossier.build import Found, Telling, dossier
from detente.encounters.dossier.results import Path, Position
from detente.encounters.dossier.told import coarse_instant, coarse_path, spot, stretch
from detente.encounters.results import Bound, Gap
from detente.encounters.tracks import Craft, Errors, tracks
from detente.ground.errors import UsageError

PLAIN = Telling("t")


# --- one as seen from the other -------------------------------------------------------------------


def test_samples_are_those_of_the_closed_form_of_a_straight_pass():
    # 100 m abeam at 150 m/s; both within 30 m, heights within 10 m.
    found = dossier(flight(), encounter(), known(), replace(PLAIN, before_s=300, after_s=300))
    assert found.samples[0].instant == T0
    assert found.samples[-1].instant == T0 + 600
    for one in found.samples:
        t = one.instant - T0 - 300
        assert one.distance.value == pytest.approx(math.hypot(100, 150 * t), rel=3e-3, abs=1)
        assert one.distance.high - one.distance.value == pytest.approx(60)
        assert one.distance.low == pytest.approx(max(0.0, one.distance.value - 60))
        assert one.north == pytest.approx(150 * t, rel=3e-3, abs=1)
        assert one.east == pytest.approx(100, rel=0.01)
        assert (one.above.low, one.above.value, one.above.high) == (40, 50, 60)
        if abs(t) > 60:
            assert one.closure.value == pytest.approx(-math.copysign(150, t), rel=5e-3)
    middle = min(found.samples, key=lambda one: abs(one.instant - T0 - 300))
    assert middle.closure.value == pytest.approx(0, abs=0.1)


def test_an_encounter_on_the_antimeridian_looks_like_any_other():
    here, there = (
        dossier(flight(lon=lon), encounter(place=(58.0, lon)), known(), PLAIN).samples
        for lon in (20.0, 180.0)
    )
    assert [one.distance.value for one in here] == pytest.approx(
        [one.distance.value for one in there], abs=1e-3
    )


def test_the_window_is_what_is_asked_for_else_that_of_an_approach():
    usual = dossier(flight(), encounter(), known(), PLAIN)
    assert (usual.start, usual.end) == (T0 + 280 - 120, T0 + 320 + 120)  # of aircraft
    asked = dossier(flight(), encounter(), known(), replace(PLAIN, before_s=10, after_s=0))
    assert (asked.start, asked.end) == (T0 + 270, T0 + 320)
    instants = [one.instant for path in asked.paths for one in path.positions]
    assert (min(instants), max(instants)) == (T0 + 270, T0 + 320)


def test_a_gap_widens_what_is_known_in_its_middle_most():
    made = flight()
    cut = made.cut.copy()
    kept = np.ones(len(made), bool)
    kept[np.flatnonzero((made.track == 1) & (abs(made.seconds - T0 - 300) < 100))] = False
    thin = replace(made, cut=cut).keep(kept)
    broken = thin.cut.copy()
    broken[np.flatnonzero((thin.track == 1) & (thin.seconds == T0 + 400))] = True
    found = dossier(replace(thin, cut=broken), encounter(), known(), PLAIN)
    spread = {round(one.instant - T0): one.within for one in found.samples}
    assert spread[300] > spread[250] > spread[200] >= 60
    assert spread[300] == max(spread.values())
    gaps = [one.gap for one in found.paths[1].positions]
    assert gaps.count(True) == 1


def test_many_positions_are_thinned_evenly():
    count = 5001
    seconds = np.linspace(0, 600, count)
    made = tracks(
        [Craft("ship", "sea"), Craft("plane", "air")],
        [0] * count + [1] * count,
        seconds=T0 + np.concatenate([seconds, seconds]),
        lat=np.concatenate([np.full(count, 58.0), 58 + (seconds - 300) * 1e-3]),
        lon=np.full(2 * count, 20.0),
        errors=Errors(10.0),
    )
    found = dossier(made, encounter(), known(), replace(PLAIN, before_s=280, after_s=280))
    assert 60 < len(found.samples) <= 122
    assert all(500 < len(path.positions) <= 1000 for path in found.paths)
    assert T0 + 300 in [one.instant for one in found.samples]


# --- evidence and questions -----------------------------------------------------------------------


def test_evidence_has_every_known_metric_once_with_its_sources():
    found = dossier(flight(), encounter(), known(), PLAIN)
    measured = [one for one in found.evidence if one.kind == "measured"]
    names = [one.what for one in measured]
    assert len(names) == len(set(names))
    assert {"separation", "vertical", "height-above", "warship-involved"} <= set(names)
    assert measured[0].bound == Bound(30.0, 100.0, 170.0)
    assert {one.sources for one in measured} == {("receiver",)}
    assert all(one.single_source for one in measured)
    said = {(one.of, one.what, one.value) for one in found.evidence if one.kind == "said"}
    assert {("ship", "name", "RFS ONE"), ("ship", "country", "RU")} <= said


def test_questions_name_what_could_still_decide_and_on_whose_word_it_rests():
    found = dossier(flight(), encounter(), known(), PLAIN)
    open_ = {(one.kind, one.what, one.of) for one in found.questions}
    assert ("would-change", "slant", "") in open_
    assert ("single-source", "", "ship") in open_
    assert ("flag", "speed", "plane") in open_
    assert ("flag", "speed", "other") not in open_
    wanted = {name for one in found.findings for name in one.would_change}
    assert {one.what for one in found.questions if one.kind == "would-change"} == wanted


def test_a_height_that_is_not_known_is_asked_for_aircraft_alone():
    made = flight()
    low = replace(made, height=np.full(len(made), np.nan))
    asked = [
        one.of
        for one in dossier(low, encounter(), known(), PLAIN).questions
        if one.kind == "height"
    ]
    assert asked == ["plane"]


# --- accounts beside tracks -----------------------------------------------------------------------


def test_accounts_stand_beside_the_tracks_with_measured_differences():
    found = cook()
    rows = {(one.about, one.which): one for one in found.beside}
    # "About 3 p.m.", within half an hour, is what the track was entered as.
    begins = rows["begins", "first-day"]
    assert (begins.first.least, begins.first.value, begins.first.most) == (0, 0, 3600)
    assert begins.second is None
    # 9 to 23 m by the account; 0 to 120 km, and 30.6 m of height, by the tracks.
    apart = rows["separation", ""].first
    assert apart.least == 0
    assert apart.value == pytest.approx(16)
    assert apart.most == pytest.approx(math.hypot(120_000, 30.6) - 9)
    # 50 to 100 ft by the account, 15.2 to 30.6 m by the tracks.
    height = rows["height", ""].first
    assert height.least == 0
    assert height.most == pytest.approx(30.6 - 50 * 0.3048)
    # Of the second day nothing is compared with a track of the first, nor the count of passes.
    assert ("begins", "second-day") not in rows
    assert not [about for about, _which in rows if about == "passes"]


def test_one_line_of_time_has_both_accounts_and_the_tracks():
    marks = cook().timeline
    assert [(one.who, one.what, one.which) for one in marks] == [
        ("first", "begins", "first-day"),
        ("tracks", "closest-approach", ""),
        ("first", "begins", "second-day"),
        ("second", "begins", "second-day"),
    ]
    assert marks[3].high - marks[3].low == 86400


def test_accounts_for_the_own_side_do_not_go_into_another_dossier():
    inside = replace(cook_accounts(), shown_to="own-side")
    for telling in (replace(PLAIN, shown_to="public"), replace(PLAIN, coarsen_km=10.0)):
        with pytest.raises(UsageError, match="own side"):
            dossier(flight(), encounter(), known(accounts=inside), telling)


# --- delay ----------------------------------------------------------------------------------------


def test_what_is_younger_than_the_delay_is_withheld():
    until = T0 + 350
    found = dossier(flight(), encounter(), known(), replace(PLAIN, until=until, after_s=300))
    instants = [one.instant for path in found.paths for one in path.positions]
    assert max(instants) == until
    assert max(one.instant for one in found.samples) <= until
    assert found.end == until
    assert found.withheld.after == until


def test_an_encounter_that_is_younger_than_the_delay_is_refused():
    with pytest.raises(UsageError, match="younger"):
        dossier(flight(), encounter(), known(), replace(PLAIN, until=T0 + 319))


# --- coarse ---------------------------------------------------------------------------------------


def test_coarse_places_lie_on_a_fixed_grid_and_hold_where_the_craft_was():
    from pyproj import Geod

    for lat, lon in ((58.0, 20.0), (58.02, 20.1), (-10.0, 179.99), (89.7, 3.0)):
        told_lat, told_lon, within = spot(lat, lon, 500.0, 20.0)
        assert spot(lat, lon, 500.0, 20.0)[:2] == (told_lat, told_lon)
        assert Geod(ellps="WGS84").inv(lon, lat, told_lon, told_lat)[2] + 500 <= within


def test_a_craft_tells_one_place_in_each_stretch_in_which_it_moves_by_a_cell():
    def one(t: float) -> Position:
        return Position(T0 + t, 0.0, 58.0 + t * 1e-4, 20.0, 10.0, None, None, gap=False)

    path = Path("a", "air", tuple(one(10.0 * place) for place in range(361)))  # 11 m/s
    assert stretch([path], 10.0) == 900  # 10 km at 11.14 m/s are 898 s
    assert stretch([path], 11.0) == 3600
    coarse = coarse_path(path, 9.0, 900)
    assert [one.instant % 900 for one in coarse.positions] == [450] * len(coarse.positions)
    assert len(coarse.positions) in (4, 5)
    still = replace(path, positions=tuple(replace(p, lat=58.0) for p in path.positions))
    assert stretch([path, still], 9.0) == 86400


def test_a_coarse_dossier_has_no_motion_no_border_and_instants_on_a_grid():
    found = dossier(flight(), encounter(), known(), replace(PLAIN, coarsen_km=20.0))
    assert found.samples == ()
    seconds = found.withheld.grid_s
    gaps = [end for one in found.gaps for end in (one.start, one.end)]
    flags = [end for one in found.flags for pair in one.intervals for end in pair]
    passes = [end for one in found.encounter.passes for end in (one.start, one.closest, one.end)]
    for instant in (found.encounter.closest, *passes, *gaps, *flags):
        assert instant == coarse_instant(instant, seconds)
    metrics = {each.metric: each for one in found.findings for each in one.metrics}
    assert all(metrics[name].bound is None for name in found.withheld.metrics if name in metrics)
    assert found.encounter.separation == Bound(30.0, 100.0, 170.0)


def test_border_distances_are_not_told_coarsely_but_are_in_full():
    from detente.encounters.rules.evaluate import Known, evaluate
    from detente.encounters.rules.read import starting_table

    metrics = {"border-distance": Bound(4321.0, 4325.5, 4329.0), "depth": Bound(1.0, 2.0, 3.0)}
    table = starting_table()
    findings = [
        one
        for domains, zone in {(d, rule.zone or "") for rule in table.rules for d in rule.domains}
        for one in evaluate(table, Known(domains, zone=zone, metrics=metrics))
    ]
    seen = {each.metric for one in findings for each in one.metrics if each.bound is not None}
    assert seen == set(metrics)
    found = known(findings=findings, graded=None)
    coarse = dossier(flight(), encounter(), found, replace(PLAIN, coarsen_km=20.0))
    assert not [each for one in coarse.findings for each in one.metrics if each.bound is not None]
    assert not {one.what for one in coarse.evidence} & set(metrics)


# --- refusals -------------------------------------------------------------------------------------


def test_what_cannot_be_is_refused():
    for telling in (
        replace(PLAIN, before_s=-1.0),
        replace(PLAIN, coarsen_km=0.0),
        replace(PLAIN, coarsen_km=2000.0),
    ):
        with pytest.raises(UsageError):
            dossier(flight(), encounter(), known(), telling)
    with pytest.raises(UsageError, match="0 tracks of the name ghost"):
        dossier(flight(), encounter(a="ghost"), known(), PLAIN)


def test_two_that_were_never_both_seen_have_no_samples():
    made = flight()
    kept = np.where(made.track == 0, made.seconds < T0 + 250, made.seconds > T0 + 350)
    assert dossier(made.keep(kept), encounter(), Found(), PLAIN).samples == ()


def test_gaps_of_others_and_of_other_times_are_left_out():
    gaps = [
        Gap(craft, "air", T0 + start, T0 + start + 10, (1, 2), (3, 4), 5.0)
        for craft, start in (("plane", 300), ("plane", 5000), ("other", 300))
    ]
    found = dossier(flight(), encounter(), known(gaps=gaps), PLAIN)
    assert [(one.craft, one.start) for one in found.gaps] == [("plane", T0 + 300)]
