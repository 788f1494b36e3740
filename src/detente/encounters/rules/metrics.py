"""The names that rules may use: what is measured in tracks, and what only a report can tell."""

from __future__ import annotations

from typing import Literal, get_args

Measure = Literal["length", "speed", "angle", "duration", "count", "mass", "share", "flag"]

# Name: what kind of number it is, and what it means. All are of one encounter, or of one craft and
# a zone. Lengths are metres, speeds metres a second, durations seconds, angles degrees, masses
# tonnes; shares run from 0 to 1.
METRICS: dict[str, tuple[Measure, str]] = {
    "separation": ("length", "smallest horizontal distance"),
    "vertical": ("length", "difference in height at that instant"),
    "slant": ("length", "smallest distance in space"),
    "closure": ("speed", "how fast the distance shrank when the two came near; negative: grew"),
    "relative-speed": ("speed", "speed of one as seen from the other, on average"),
    "dwell": ("duration", "how long the two stayed near"),
    "passes": ("count", "how often they came near"),
    "course-difference": ("angle", "between their courses before the approach, 0 to 180"),
    "approach-sector": ("angle", "where the faster came from, off the bow of the other, 0 to 180"),
    "bow-crossing": ("length", "how far ahead of the other one crossed; infinite where it did not"),
    "bow-crossing-time": ("duration", "how long the other would have taken to get there"),
    "give-way-turn": ("angle", "the largest change of course of the craft that gives way"),
    "give-way-slowing": ("share", "the largest change of its speed"),
    "stand-on-turn": ("angle", "the largest change of course of the craft that stands on"),
    "starboard-turn": ("angle", "by how much at least one turned to starboard"),
    "height-above": ("length", "height of the aircraft over the ship"),
    "heading-off": ("angle", "off the bearing of the ship, in the best 20 s of its course"),
    "run": ("duration", "how long the aircraft headed for the ship, within 10 degrees"),
    "turn-rate": ("angle", "degrees a second, the largest"),
    "well-clear-lost": ("flag", "whether the well-clear volume of DO-365 was entered"),
    "in-formation": ("flag", "whether one came among ships seen to sail together"),
    "inside": ("flag", "whether a craft was inside the zone"),
    "foreign": ("flag", "whether it is of another state than the zone"),
    "depth": ("length", "how far inside the zone"),
    "zone-dwell": ("duration", "how long inside the zone"),
    "border-distance": ("length", "smallest distance to the border"),
    "position-silent": ("flag", "whether the craft sent no position while it was seen otherwise"),
    "accuracy-lost": ("share", "share of craft in the region whose stated accuracy fell"),
    "notice": ("duration", "from the notification to the begin"),
    "stay": ("duration", "since the craft entered the sea"),
    "tonnage": ("mass", "of all warships of states that do not border the sea"),
    "tonnage-share": ("share", "of the one state that has most of it"),
    "sides-differ": ("flag", "whether the two belong to different sides"),
    "state-craft-involved": ("flag", "whether one of them is a state craft"),
    "warship-involved": ("flag", "whether one of them is a warship"),
    "civil-craft-involved": ("flag", "whether one of them is civil"),
}

# What no track shows. The words are those of accounts where these have them.
REPORTS: dict[str, str] = {
    "weapons-aimed": "weapons were aimed",
    "radar-illumination": "fire-control radar was used",
    "laser-or-searchlight": "a laser or a searchlight was used",
    "objects-dropped": "objects were dropped or launched",
    "simulated-attack": "it was flown like an attack",
    "aerobatics": "aerobatics were flown",
    "hampered": "movement or activity was hampered",
    "notified-before": "it was notified before",
    "flight-operations": "aircraft were being launched or recovered, or stores taken over",
    "submarine-exercise": "signals of a submarine exercise were shown",
    "command-interference": "command networks were interfered with",
    "not-innocent": "the passage held an activity that is not innocent",
    "no-flight-plan": "no flight plan was filed",
    "exercise-size": "the exercise was larger than what must be notified",
    "outside-place": "forces stood outside their peacetime place",
    "hazardous": "the incident was hazardous",
    "prompt-report": "the other side was told promptly",
}

Profile = Literal["treaty", "guidance", "practice", "analyst"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
Domains = Literal[
    "sea-sea", "air-air", "sea-air", "land-air", "land-land", "land-sea",
    "sea-zone", "air-zone", "land-zone", "any",
]  # fmt: skip

UNITS: dict[str, tuple[Measure, float]] = {
    "m": ("length", 1.0),
    "km": ("length", 1000.0),
    "nm": ("length", 1852.0),
    "ft": ("length", 0.3048),
    "kn": ("speed", 1852 / 3600),
    "m/s": ("speed", 1.0),
    "deg": ("angle", 1.0),
    "s": ("duration", 1.0),
    "min": ("duration", 60.0),
    "h": ("duration", 3600.0),
    "d": ("duration", 86400.0),
    "t": ("mass", 1.0),
    "count": ("count", 1.0),
    "share": ("share", 1.0),
}
