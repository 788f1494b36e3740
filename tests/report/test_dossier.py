"""The dossier as a document: both accounts first, no count by side, nothing finer than is told."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from tests.encounters.dossier.made import cook, encounter, flight, known

from detente.encounters.dossier.build import Telling, dossier
from detente.encounters.flags import KINDS
from detente.encounters.rules.metrics import METRICS, REPORTS
from detente.report.document import Chart, Heading, Table
from detente.report.dossier import page
from detente.report.language import languages, phrases
from detente.report.pages import encounter_words as words
from detente.report.walk import check, every_block
from detente.report.write.dossier import files

EN = phrases("en")
KEYS = {"digest": "0" * 64, "as_of": "2026-01-31"}


def whole(**keys):
    return dossier(flight(), encounter(), known(), Telling("Aircraft near a ship", **keys))


@pytest.fixture(scope="module")
def cook_page():
    return page(cook(), EN, **KEYS)


def text_of(document) -> str:
    """All words of the document."""
    return repr(document.blocks)


# --- the order ------------------------------------------------------------------------------------


def test_both_accounts_stand_before_tracks_and_these_before_rules(cook_page):
    anchors = [one.anchor for one in cook_page.blocks if isinstance(one, Heading)]
    order = ["accounts", "encounter", "beside", "rules", "grades", "evidence", "open"]
    assert [one for one in anchors if one in order] == order
    assert anchors[0] == "accounts"


def test_a_reconstruction_is_marked_on_every_page(cook_page):
    assert cook_page.marking == "Reconstruction from published reports · For the public"
    assert page(whole(), EN, **KEYS).marking == "For the own side only"


def test_outcomes_are_told_in_words_that_accuse_nobody(cook_page):
    table = next(
        one for one in every_block(cook_page.blocks) if isinstance(one, Table) and
        one.frame.name == "rules"
    )  # fmt: skip
    outcomes = {row[3] for row in table.frame.rows}
    assert {"undetermined", "only a report could tell"} <= outcomes
    text = text_of(cook_page).lower()
    for word in ("violat", "enemy", "aggress", "breach"):
        assert word not in text


def test_no_frame_counts_findings_by_side(cook_page):
    for one in every_block(cook_page.blocks):
        if isinstance(one, Table | Chart):
            keys = [column.key for column in one.frame.columns]
            assert not ({"side", "first", "second"} & {*keys} and {"count", "findings"} & {*keys})


def test_labels_of_both_sides_stand_beside_the_grades(cook_page):
    after = cook_page.blocks[
        [getattr(one, "anchor", "") for one in cook_page.blocks].index("grades") :
    ]
    listed = repr(after[1])
    assert "unsafe and unprofessional" in listed
    assert "all safety rules were kept" in listed


def test_it_says_that_no_border_is_drawn(cook_page):
    assert "Coast only; no borders are drawn." in text_of(cook_page)


# --- words ----------------------------------------------------------------------------------------


def test_every_metric_report_and_flag_has_words_and_the_right_kind():
    for name, (kind, _meaning) in METRICS.items():
        assert words.metric(name, EN) != name
        if kind != "flag":
            assert words.measure(name) == kind
    for name in REPORTS:
        assert words.report(name, EN).startswith("whether ")
    for kind in KINDS:
        assert words.flag(kind, EN)


@pytest.mark.parametrize(
    ("low", "value", "high", "kind", "said"),
    [
        (0, 0, 120_000, "length", "0 km (0 to 120)"),
        (9, 9, 9, "length", "9 m"),
        (15.24, 22.9, 30.48, "length", "22.9 m (15.2 to 30.5)"),
        (1852 / 3600, 1852 / 3600, 1852 / 3600, "speed", "1 kn"),
        (60, 90, 180, "duration", "1.5 min (1 to 3)"),
        (0.25, 0.5, 1, "share", "50 % (25 to 100)"),
        (10, 20, 30, "angle", "20° (10 to 30)"),
        (1, 2, 3, "count", "2 (1 to 3)"),
        (0, 0.035, 60.5, "length", "0 m (0 to 60.5)"),
        (500, math.inf, math.inf, "length", "∞ m (500 to ∞)"),
        (math.inf, math.inf, math.inf, "length", "∞ m"),
        (
            -1.85 * 1852 / 3600,
            0.1141 * 1852 / 3600,
            2.07 * 1852 / 3600,
            "speed",
            "0.11 kn (−1.85 to 2.07)",
        ),
        (0.0353, 0.0354, 60.5, "length", "0.035 m (0.035 to 60.5)"),
    ],
)
def test_numbers_are_told_with_their_bounds_in_a_fitting_unit(low, value, high, kind, said):
    from detente.encounters.results import Bound

    assert words.amount(Bound(low, value, high), kind, EN) == said


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_it_is_written_in_every_language(language):
    document = page(cook(), phrases(language), **KEYS)
    check(document)
    assert document.language == language


def test_all_files_are_made_and_are_the_same_bytes_each_time():
    made = files(cook(), EN, **KEYS)
    named = {"index.html", "dossier.pdf", "results.json", "encounter.geojson", "encounter.kml"}
    assert named <= set(made)
    assert {"tables/rules.csv", "tables/beside.csv", "tables/range.csv"} <= set(made)
    assert made == files(cook(), EN, **KEYS)
    assert made["results.json"].startswith(b'{\n  "format": "detente/results/dossier-1"')


def test_a_dossier_without_accounts_or_anything_else_still_stands():
    bare = dossier(flight(), encounter(vertical_separation=None), known(
        identities=(), findings=(), graded=None, flags=(), covered=(), gaps=()
    ), Telling("t"))  # fmt: skip
    check(page(bare, EN, **KEYS))
    nowhere = replace(
        bare, paths=tuple(replace(one, positions=()) for one in bare.paths), samples=()
    )
    check(page(nowhere, EN, **KEYS))
    assert files(nowhere, EN, **KEYS)


# --- nothing finer than is told -------------------------------------------------------------------


def coarse(**keys):
    found = known(gaps=())
    return dossier(
        flight(**keys),
        encounter(place=(keys.get("lat", 58.0), keys.get("lon", 20.0))),
        found,
        Telling("t", shown_to="public", coarsen_km=20.0, before_s=60, after_s=60),
    )


def test_two_encounters_in_one_cell_give_the_same_bytes():
    """What does not differ between two places cannot tell them apart."""
    one, other = (files(coarse(lat=lat, lon=lon), EN, **KEYS) for lat, lon in
                  ((58.03, 20.05), (58.0501, 20.0999)))  # fmt: skip
    assert one == other
    assert files(coarse(lat=58.4, lon=20.05), EN, **KEYS)["results.json"] != one["results.json"]


def test_no_number_of_any_file_is_an_exact_position():
    lat, lon = 58.037129, 20.058317
    made = dict(files(coarse(lat=lat, lon=lon), EN, **KEYS))
    made["pdf.txt"] = "\n".join(
        one.extract_text() for one in PdfReader(io.BytesIO(made.pop("dossier.pdf"))).pages
    ).encode()
    # Pixels of pictures may fall anywhere; in the page it is the words that count.
    page_text = re.sub(rb"<svg.*?</svg>", b"", made["index.html"], flags=re.DOTALL)
    made["index.html"] = page_text
    own = flight(lat=lat, lon=lon)
    inside = abs(own.seconds - encounter().closest) <= 80
    exact = {float(value) for value in (*own.lat[inside], *own.lon[inside])}
    told = [
        float(one)
        for data in made.values()
        for one in re.findall(rb"\d+\.\d{3,}", data.replace(b",", b"."))
    ]
    assert len(told) > 20
    assert not [x for x in told if min(abs(x - value) for value in exact) < 2e-4]
    # The same search finds them in a dossier that is not coarse.
    whole_ = dossier(own, encounter(place=(lat, lon)), known(gaps=()), Telling("t"))
    fine = re.findall(rb"\d+\.\d{3,}", files(whole_, EN, **KEYS)["results.json"])
    assert [x for x in map(float, fine) if min(abs(x - value) for value in exact) < 2e-4]


def test_a_coarse_dossier_says_what_it_keeps_back():
    text = text_of(page(coarse(), EN, **KEYS))
    assert "Places are told to a fixed grid of 20 km" in text
    assert "Withheld, as it would tell places finer than the grid." in text
    frames = {one.frame.name for one in every_block(page(coarse(), EN, **KEYS).blocks)
              if isinstance(one, Table | Chart)}  # fmt: skip
    assert not frames & {"motion", "range"}


def test_each_is_seen_from_the_other_the_other_way_round():
    charts = {one.anchor: one for one in every_block(page(whole(), EN, **KEYS).blocks)
              if isinstance(one, Chart)}  # fmt: skip
    first, second = (charts[f"seen-from-{name}"].frame for name in ("first", "second"))
    assert first.name != second.name  # or one file would hold only one of them
    assert any(row[1] for row in first.rows)
    for one, other in zip(first.rows, second.rows, strict=True):
        assert (one[0], -one[1], -one[2], one[3]) == other


def test_a_delayed_dossier_says_from_when_on_it_is_silent():
    found = whole(until=encounter().end + 5)
    assert "Nothing is told of after" in text_of(page(found, EN, **KEYS))
