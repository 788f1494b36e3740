"""Encounters to make dossiers of: a flight past a ship, and the reconstruction of the handbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from detente.encounters.accounts.compare import compare
from detente.encounters.accounts.read import read_account
from detente.encounters.accounts.results import TwoAccounts
from detente.encounters.dossier.build import Found, Telling, dossier
from detente.encounters.dossier.results import Dossier
from detente.encounters.grade.grade import grade
from detente.encounters.identity import Side, Sides, identify
from detente.encounters.readers.read import read_tracks
from detente.encounters.results import Bound, Covered, Encounter, Flagged, Gap, Pass
from detente.encounters.rules.evaluate import Known, evaluate
from detente.encounters.rules.read import starting_table
from detente.encounters.tracks import Claim, Craft, Errors, Tracks, tracks

COOK = Path(__file__).resolve().parents[3] / "docs" / "examples" / "donald-cook-2016"
T0 = 1_700_000_000.0
METRES = 111_195.0  # of a degree of latitude, about


def encounter(**keys: Any) -> Encounter:
    at = {"start": T0 + 280, "end": T0 + 320, "closest": T0 + 300, "horizontal": 100.0}
    one = {**at, "vertical": 50.0, "closure": 150.0}
    usual = {
        "a": "ship",
        "b": "plane",
        "domains": "sea-air",
        "place": (58.0, 20.0),
        "separation": Bound(30.0, 100.0, 170.0),
        "vertical_separation": Bound(40.0, 50.0, 60.0),
        "passes": (Pass(**one),),
        "met": "met",
    }
    return Encounter(**{**one, **usual, **keys})


def flight(*, lat: float = 58.0, lon: float = 20.0, speed: float = 150.0) -> Tracks:
    """A ship that lies still and a plane that passes it going north, 100 m east of it."""
    seconds = np.arange(0.0, 601.0, 10.0)
    east = 100.0 / METRES / np.cos(np.radians(lat))
    north = lat + speed * (seconds - 300) / METRES
    claims = (Claim("mmsi", "273000001", "receiver"), Claim("name", "RFS ONE", "receiver"))
    craft = [Craft("ship", "sea", claims), Craft("plane", "air", (Claim("icao24", "ae0001", "r"),))]
    count = len(seconds)
    return tracks(
        craft,
        [0] * count + [1] * count,
        seconds=T0 + np.concatenate([seconds, seconds]),
        lat=np.concatenate([np.full(count, lat), north]),
        lon=np.concatenate([np.full(count, lon), np.full(count, lon + east)]),
        height=np.concatenate([np.full(count, np.nan), np.full(count, 50.0)]),
        errors=Errors(30.0, 10.0, 0.0),
    )


def known(**keys: Any) -> Found:
    made = flight()
    sides = Sides((Side("A", countries=("US",)), Side("B", countries=("RU",))))
    metrics = {
        "separation": Bound(30.0, 100.0, 170.0),
        "height-above": Bound(40.0, 50.0, 60.0),
        "passes": Bound(1.0, 1.0, 1.0),
        "border-distance": Bound(4321.0, 4325.5, 4329.0),
        "sides-differ": True,
        "warship-involved": True,
    }
    findings = evaluate(starting_table(), Known("sea-air", metrics=metrics))
    usual = {
        "identities": [
            identify(Craft(name, domain, claims), (), sides)
            for name, domain, claims in zip(made.ids, ("sea", "air"), made.claims, strict=True)
        ],
        "findings": findings,
        "graded": grade(Known("sea-air", metrics=metrics), findings),
        "flags": (
            Flagged("plane", "air", "speed", 2, 61, 1, ((T0 + 101.0, T0 + 123.0),)),
            Flagged("other", "air", "speed", 2, 61, 1, ((T0 + 101.0, T0 + 123.0),)),
        ),
        "covered": (
            Covered("sea", "", T0, T0 + 7200, 9, 2, 0.5, 0.6, 1.0, ()),
            Covered("air", "", T0, T0 + 7200, 9, 2, 0.2, 0.3, 0.5, ((T0, T0 + 3600),)),
        ),
        "gaps": (
            Gap("plane", "air", T0 + 10, T0 + 111, (57.123457, 20.123457), (57.2, 20.2), 1234.5),
        ),
    }
    return Found(**{**usual, **keys})


def cook_accounts() -> TwoAccounts:
    both = (read_account(COOK / f"{name}.yaml") for name in ("united-states", "russia"))
    return compare(*both, shown_to="public")


def cook(**keys: Any) -> Dossier:
    """The dossier of the handbook's example, of what is in its folder."""
    read, _ = read_tracks(COOK / "track.csv")
    own = tracks(
        read.craft,
        read.track,
        seconds=read.seconds,
        lat=read.lat,
        lon=read.lon,
        height=read.height,
        errors=Errors(read.error, read.height_error, read.clock_error),
    )
    at = float(read.seconds[0])
    passing = Pass(at, at, at, 0.0, 22.9, 0.0)
    found = encounter(
        a="ship",
        b="jets",
        place=(55.2, 18.3),
        start=at,
        end=at,
        closest=at,
        horizontal=0.0,
        vertical=22.9,
        separation=Bound(0.0, 0.0, 120_000.0),
        vertical_separation=Bound(15.2, 22.9, 30.6),
        passes=(passing,),
        met="could-have-met",
    )
    metrics = {
        "separation": found.separation,
        "height-above": found.vertical_separation,
        "sides-differ": True,
        "warship-involved": True,
        "state-craft-involved": True,
    }
    about = Known("sea-air", metrics=metrics)
    findings = evaluate(starting_table(), about)
    more = Found(
        identities=[identify(one) for one in read.craft],
        findings=findings,
        graded=grade(about, findings),
        accounts=cook_accounts(),
        meant=frozenset({"first-day"}),
    )
    telling = Telling(
        title="Aircraft near a destroyer in the Baltic Sea, April 2016",
        shown_to="public",
        reconstruction=True,
        **keys,
    )
    return dossier(own, found, more, telling)
