"""A dossier as KML 2.2 with Google's tracks, for programs that show the earth.

Ways are ``gx:Track`` with the instant of each position; a craft that was not seen for a while has a
track for each stretch, as such programs draw straight through a gap. Heights are drawn as they were
stated, which for aircraft mostly is by pressure; without them a way is drawn on the ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree import ElementTree as ET

from detente.encounters.dossier.results import Dossier, Path, Position
from detente.report.language import Phrases
from detente.report.pages.encounter_words import amount, iso
from detente.report.texts import clean

KML, GX = "http://www.opengis.net/kml/2.2", "http://www.google.com/kml/ext/2.2"
_COLORS = ("ff3f3022", "ff7b6b5b")  # alpha, blue, green, red


def kml(found: Dossier, phrases: Phrases) -> bytes:
    """The dossier as KML, the same bytes each time; a coarse one has coarse places only."""
    ET.register_namespace("", KML)
    ET.register_namespace("gx", GX)
    root = ET.Element(f"{{{KML}}}kml")
    document = _child(root, "Document")
    _child(document, "name", found.title)
    for place, color in enumerate(_COLORS):
        style = _child(document, "Style")
        style.set("id", f"craft-{place}")
        line = _child(style, "LineStyle")
        _child(line, "color", color)
        _child(line, "width", "3")
    _closest(document, found, phrases)
    for place, path in enumerate(found.paths):
        if path.positions:
            _way(document, path, place)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _child(parent: ET.Element, name: str, text: str = "", space: str = KML) -> ET.Element:
    child = ET.SubElement(parent, f"{{{space}}}{name}")
    child.text = clean(text) or None
    return child


def _closest(document: ET.Element, found: Dossier, phrases: Phrases) -> None:
    _ = phrases
    one = found.encounter
    mark = _child(document, "Placemark")
    _child(mark, "name", _("closest"))
    _child(mark, "description", f"{one.a} – {one.b}: {amount(one.separation, 'length', phrases)}")
    span = _child(mark, "TimeSpan")
    _child(span, "begin", iso(one.start))
    _child(span, "end", iso(one.end))
    lat, lon = one.place
    _child(_child(mark, "Point"), "coordinates", f"{lon:.6f},{lat:.6f}")


def _way(document: ET.Element, path: Path, place: int) -> None:
    mark = _child(document, "Placemark")
    _child(mark, "name", path.id)
    _child(mark, "styleUrl", f"#craft-{place}")
    many = _child(mark, "MultiTrack", space=GX)
    for part in _stretches(path.positions):
        track = _child(many, "Track", space=GX)
        high = all(one.height is not None for one in part)
        _child(track, "altitudeMode", "absolute" if high else "clampToGround")
        # All instants stand before all places; the n-th belongs to the n-th.
        for one in part:
            _child(track, "when", iso(one.instant))
        for one in part:
            height = one.height if high and one.height is not None else 0.0
            _child(track, "coord", f"{one.lon:.6f} {one.lat:.6f} {height:.1f}", space=GX)


def _stretches(positions: Iterable[Position]) -> Iterator[list[Position]]:
    """The positions between gaps."""
    number = 0

    def stretch(one: Position) -> int:
        nonlocal number
        number += one.gap
        return number

    for _number, part in groupby(positions, key=stretch):
        yield [*part]
