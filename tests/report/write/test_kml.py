"""KML: valid XML, an instant for each place, a track for each stretch without a gap."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from tests.encounters.dossier.made import cook, encounter, flight, known

from detente.encounters.dossier.build import Telling, dossier
from detente.report.language import phrases
from detente.report.write.kml import GX, KML, kml

EN = phrases("en")


def tracks_of(found):
    root = ET.fromstring(kml(found, EN))  # noqa: S314 (it was written here)
    assert root.tag == f"{{{KML}}}kml"
    return [*root.iter(f"{{{GX}}}Track")]


def test_each_track_has_as_many_instants_as_places_in_the_order_of_the_schema():
    found = dossier(flight(), encounter(), known(), Telling("t"))
    ship, plane = tracks_of(found)
    for track, path in ((ship, found.paths[0]), (plane, found.paths[1])):
        tags = [one.tag.rpartition("}")[2] for one in track]
        count = len(path.positions)
        assert tags == ["altitudeMode", *["when"] * count, *["coord"] * count]
    lon, lat, height = map(float, plane.find(f"{{{GX}}}coord").text.split())
    first = found.paths[1].positions[0]
    assert (lon, lat, height) == pytest.approx((first.lon, first.lat, 50.0), abs=1e-6)
    assert ship.find(f"{{{KML}}}altitudeMode").text == "clampToGround"
    assert plane.find(f"{{{KML}}}altitudeMode").text == "absolute"


def test_a_gap_ends_a_track():
    found = dossier(flight(), encounter(), known(), Telling("t"))
    plane = found.paths[1]
    broken = tuple(replace(one, gap=place == 7) for place, one in enumerate(plane.positions))
    tracks = tracks_of(replace(found, paths=(replace(plane, positions=broken),)))
    assert [len(one.findall(f"{{{GX}}}coord")) for one in tracks] == [7, len(broken) - 7]


def test_names_that_xml_does_not_hold_are_written_safely():
    found = replace(cook(), title='A <b> & "c" \x07')
    root = ET.fromstring(kml(found, EN))  # noqa: S314 (it was written here)
    assert root.find(f".//{{{KML}}}Document/{{{KML}}}name").text == 'A <b> & "c" �'


def test_the_encounter_has_its_time_and_place():
    root = ET.fromstring(kml(cook(), EN))  # noqa: S314 (it was written here)
    assert root.find(f".//{{{KML}}}TimeSpan/{{{KML}}}begin").text == "2016-04-11T13:00:00Z"
    assert root.find(f".//{{{KML}}}Point/{{{KML}}}coordinates").text == "18.300000,55.200000"
