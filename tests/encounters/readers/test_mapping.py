"""Mapping files: what is wrong is told at once."""

import pytest

from detente.encounters.readers.mapping import read_mapping
from detente.ground.errors import CaseError


def keys(text):
    with pytest.raises(CaseError) as caught:
        read_mapping("map.yaml", text)
    return [(finding.line, finding.key) for finding in caught.value.findings]


def test_every_finding_at_once():
    found = keys(
        """format: detente/mapping/9
domain: space
colour: red
columns: {time: ts, lat: y, height: alt, wing: w}
units: {time: fortnights, speed: kn}
errors: {horizontal: wide, clock: -1}
box: {south: 60, north: 50, west: 0}
"""
    )
    assert found == [
        (1, "format"),
        (2, "domain"),
        (3, "colour"),
        (4, "columns"),  # no lon
        (4, "columns.height"),  # no unit
        (4, "columns.wing"),
        (5, "units.time"),
        (6, "errors.clock"),
        (6, "errors.horizontal"),
        (7, "box"),
        (7, "box.east"),
    ]


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: &a 1\nb: *a\n", "just words"])
def test_what_is_no_mapping(text):
    assert keys(text)


def test_an_mmsi_makes_it_ais():
    text = "format: detente/mapping/1\nidentity: mmsi\ncolumns: {id: a, time: b, lat: c, lon: d}\n"
    layout = read_mapping("map.yaml", text)
    assert (layout.identity, layout.ais, layout.domain) == ("mmsi", True, None)
