"""`detente screen`: what it reads, finds, says, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli.main import cli
from detente.ground.errors import StoreError, UsageError

COOK = Path(__file__).resolve().parents[2] / "docs" / "examples" / "donald-cook-2016"
SIDES = """format: detente/sides/1
sides:
  A: {names: ["ALPHA*"]}
  B: {names: ["BRAVO*"]}
"""


def screen(*arguments):
    return CliRunner().invoke(cli, ["screen", *(str(one) for one in arguments)])


def found(*arguments):
    done = screen(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def tracks(tmp_path):
    """Two ships that pass at 300 m, head on, and a third one far away."""
    path = tmp_path / "ships.csv"
    rows = ["mmsi,time,lat,lon,name"]
    for minute in range(31):
        time = f"2026-01-01T12:{minute:02d}:00Z"
        along = 0.002 * minute
        rows += [
            f"219000001,{time},{55 + along:.6f},12.0,ALPHA ONE",
            f"273000001,{time},{55.06 - along:.6f},12.0047,BRAVO ONE",
            f"219000002,{time},{57 + along:.6f},12.0,ALPHA TWO",
        ]
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def sides(tmp_path):
    path = tmp_path / "sides.yaml"
    path.write_text(SIDES)
    return path


def test_one_pass_of_two_ships(tracks, sides):
    told = found(tracks, "--sides", sides)
    (one,) = told["encounters"]
    met = one["encounter"]
    assert {met["a"], met["b"]} == {"219000001", "273000001"}
    assert met["met"] == "met"
    # 0.0047 degrees east at 55.03 north are 300.5 m on the ellipsoid.
    assert met["horizontal"] == pytest.approx(300.5, abs=0.5)
    assert met["separation"]["low"] < met["horizontal"] < met["separation"]["high"]
    assert met["closest"] == "2026-01-01T12:15:00Z"
    assert one["id"].endswith("/2026-01-01T12:15:00Z")
    assert {part["rule"] for part in one["judged"]["findings"]} >= {"SEA-CPA", "SEA-HEADON"}


def test_each_row_is_accounted_for(tracks):
    tracks.write_text(tracks.read_text() + "219000001,2026-01-01T12:40:00Z,91.5,12,ALPHA ONE\n")
    told = found(tracks)
    (reading,) = told["readings"]
    refused = sum(part["count"] for part in reading["refused"])
    assert (reading["rows"], reading["kept"], refused) == (94, 93, 1)
    assert told["cleaning"]["given"] == told["cleaning"]["kept"] == 93
    assert "95" in screen(tracks).output  # the line of the row that is not used


def test_no_side_without_its_exposure(tracks, sides):
    told = found(tracks, "--sides", sides)
    exposure = {one["side"]: one for one in told["exposure"]}
    assert exposure["A"]["tracks"] == 2
    assert exposure["A"]["hours"] == pytest.approx(1.0)
    assert exposure["B"]["hours"] == pytest.approx(0.5)
    assert exposure["A"]["encounters"] == exposure["B"]["encounters"] == 1
    printed = screen(tracks, "--sides", sides).output
    assert "hours seen" in printed
    assert "not to be compared" in printed


def test_limits_by_option_and_by_file(tracks, tmp_path):
    assert len(found(tracks, "--horizontal", "301m")["encounters"]) == 1
    assert len(found(tracks, "--horizontal", "300m")["encounters"]) == 0
    limits = tmp_path / "limits.yaml"
    limits.write_text("format: detente/limits/1\nlimits: {sea-sea: {horizontal: 301 m}}\n")
    assert len(found(tracks, "--limits", limits)["encounters"]) == 1
    limits.write_text("format: detente/limits/1\nlimits: {air-air: {horizontal: 301 m}}\n")
    assert len(found(tracks, "--limits", limits)["encounters"]) == 0
    assert isinstance(screen(tracks, "--horizontal", "close").exception, UsageError)


def test_across_and_moving(tracks, sides, tmp_path):
    one_side = tmp_path / "one.yaml"
    one_side.write_text(SIDES.replace("BRAVO", "CHARLIE").replace("ALPHA*", 'ALPHA*", "BRAVO*'))
    assert len(found(tracks, "--sides", sides, "--across")["encounters"]) == 1
    assert len(found(tracks, "--sides", one_side, "--across")["encounters"]) == 0
    still = tmp_path / "still.csv"
    rows = [
        f"{who},2026-01-01T12:{minute:02d}:00Z,55.0,{lon}"
        for minute in range(5)
        for who, lon in ((219000001, 12.0), (219000002, 12.001))
    ]
    still.write_text("\n".join(["mmsi,time,lat,lon", *rows]) + "\n")
    assert len(found(still)["encounters"]) == 1
    assert len(found(still, "--moving")["encounters"]) == 0


def test_across_leaves_out_whom_nobody_gives_a_side(tracks, sides, tmp_path):
    half = tmp_path / "half.yaml"
    half.write_text(SIDES.replace("BRAVO", "CHARLIE"))
    assert len(found(tracks, "--sides", half)["encounters"]) == 1
    assert found(tracks, "--sides", half, "--across")["encounters"] == []
    assert found(tracks, "--across")["encounters"] == []
    part = found(tracks, "--sides", half, "--across", "--work", tmp_path / "run", "--workers", 1)
    assert part["encounters"] == []
    gap = tmp_path / "gap.csv"
    rows = [
        f"{who},2026-01-01T{time}:00Z,{lat},12.0,{name}"
        for time in ("12:00", "12:01", "12:21", "12:22")
        for who, lat, name in ((219000001, 55.0, "ALPHA"), (219000002, 55.1, "BRAVO"))
    ]
    gap.write_text("\n".join(["mmsi,time,lat,lon,name", *rows]) + "\n")
    unseen = (gap, "--unseen-minutes", 30, "--across", "--sides")
    assert len(found(*unseen, sides)["encounters"]) == 1
    assert found(*unseen, half)["encounters"] == []


def test_who_could_have_met(tmp_path):
    # Twenty minutes unseen, one behind the other: at 25 m/s they could have met, and need not have.
    path = tmp_path / "gap.csv"
    rows = ["mmsi,time,lat,lon"]
    for time in ("12:00", "12:01", "12:21", "12:22"):
        rows += [f"219000001,2026-01-01T{time}:00Z,55.0,12.0",
                 f"219000002,2026-01-01T{time}:00Z,55.1,12.0"]  # fmt: skip
    path.write_text("\n".join(rows) + "\n")
    assert found(path)["encounters"] == []
    (one,) = found(path, "--unseen-minutes", "30")["encounters"]
    assert one["encounter"]["met"] == "could-have-met"
    assert "could have" in screen(path, "--unseen-minutes", "30").output


def test_coverage_is_told(tracks):
    (one,) = found(tracks)["covered"]
    assert one["domain"] == "sea"
    assert 0 < one["share"] <= 1
    assert "nothing could be found" in screen(tracks).output.replace("\n", " ")


def test_zones(tracks, tmp_path):
    zone = tmp_path / "waters.geojson"
    ring = [[11, 54], [13, 54], [13, 56], [11, 56], [11, 54]]
    zone.write_text(json.dumps({
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": "Strait", "source": "drawn"},
                      "geometry": {"type": "Polygon", "coordinates": [ring]}}],
    }))  # fmt: skip
    told = found(tracks, "--zones", "territorial-sea", zone)["in_zones"]
    assert {one["craft"] for one in told} == {"219000001", "273000001"}
    assert {one["source"] for one in told} == {"drawn"}
    assert all(one["inside"] for one in told)
    # Nobody met, and yet it is told who was in the zone and what does not fit of them.
    alone = found(tracks, "--zones", "territorial-sea", zone, "--horizontal", "1m")
    assert {one["id"] for one in alone["identities"]} == {"219000001", "273000001"}
    # An edge 3 m beyond a ship that is known to 30 m: it may have been inside.
    east = 12.00005
    near_it = [[11, 54], [east, 54], [east, 56], [11, 56], [11, 54]]
    drawn = {"type": "Polygon", "coordinates": [near_it]}
    strait = {"type": "Feature", "properties": {"name": "Strait"}, "geometry": drawn}
    zone.write_text(json.dumps(strait))
    (near,) = found(tracks, "--zones", "territorial-sea", zone)["in_zones"]
    assert (near["craft"], near["inside"]) == ("219000001", None)
    (line,) = [one for one in screen(tracks, "--zones", "territorial-sea", zone).output.splitlines()
               if "Strait" in one]  # fmt: skip
    assert "open" in line


def test_a_proposal_is_tried(tracks, sides, tmp_path):
    proposal = tmp_path / "proposals.yaml"
    proposal.write_text(
        "format: detente/proposals/1\nproposals:\n- {id: apart, title: Keep apart, domains: "
        "sea-sea, horizontal: {least: 200, most: 400, steps: 3, unit: m}, between: [A, B], "
        "source: made up}\n"
    )
    (told,) = found(tracks, "--sides", sides, "--what-if", proposal)["what_if"]
    assert [one["encounters"]["value"] for one in told["points"]] == [0, 0, 1]
    printed = screen(tracks, "--sides", sides, "--what-if", proposal).output
    assert "Keep apart" in printed
    assert "of hours seen" in printed.replace("\n", " ")


def test_the_starting_rules_pass_and_a_broken_table_does_not(tmp_path):
    assert screen("--lint").exit_code == 0
    table = tmp_path / "mine.yaml"
    table.write_text(
        "format: detente/rules/1\ntable: mine\nversion: '1'\nrules:\n- {id: X, title: t, "
        "instrument: i, article: a, source: s, verified: true, domains: [sea-sea], when: {metric: "
        "separatoin, below: near}, thresholds: {}}\n"
    )
    done = screen("--lint", "--rules", table)
    assert done.exit_code == 1
    assert "did you mean separation" in done.output


def test_all_findings_of_all_files_at_once(tracks, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"mmsi,when\n1,2\n")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\0\1\2")
    sides = tmp_path / "sides.yaml"
    sides.write_text("format: detente/sides/1\nsides: {A: {countries: US}}\n")
    limits = tmp_path / "limits.yaml"
    limits.write_text("format: detente/limits/1\nlimits: {sea-sea: {horizontal: near}}\n")
    done = screen(tracks, broken, binary, "--sides", sides, "--limits", limits)
    assert done.exit_code == 1
    for name in ("broken.csv", "binary.csv", "sides.yaml", "limits.yaml"):
        assert name in done.output
    told = screen(tracks, broken, binary, "--sides", sides, "--json")
    assert told.exit_code == 1
    files = {one["file"] for one in json.loads(told.stdout)["findings"]}
    assert files == {"broken.csv", "binary.csv", "sides.yaml"}


def test_the_folder(tracks, sides, tmp_path):
    out = tmp_path / "out"
    done = screen(tracks, "--sides", sides, "--out", out, "--dossier", "1")
    assert done.exit_code == 0, done.output
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names >= {"SHA256SUMS", "results.json", "tables/encounters.csv", "dossier/index.html",
                     "dossier/dossier.pdf"}  # fmt: skip
    (row,) = csv.DictReader(io.StringIO((out / "tables" / "encounters.csv").read_text()))
    assert float(row["distance_low_m"]) < float(row["distance_m"]) < float(row["distance_high_m"])
    assert (row["side_a"], row["side_b"]) == ("A", "B")
    assert screen(tracks, "--sides", sides, "--out", out).exit_code == 0  # replaced


def test_what_cannot_be_written_is_told_before_the_search(tmp_path):
    bad = tmp_path / "bad.csv"  # never read: what is refused is refused first
    bad.write_text("")
    rows = tmp_path / "incidents.csv"
    assert "needs --by" in str(screen(bad, "--evidence", rows).exception)
    nowhere = screen(bad, "--evidence", tmp_path / "no" / "rows.csv", "--by", "x").exception
    assert isinstance(nowhere, StoreError)
    (tmp_path / "counts.csv").write_text("of somebody else")
    assert "exists" in str(screen(bad, "--evidence", rows, "--by", "x").exception)
    assert "needs --out" in str(screen(bad, "--dossier", "1").exception)
    out = ("--dossier", "1", "--out", tmp_path / "out")
    assert "language" in str(screen(bad, *out, "--lang", "xx").exception)
    both = screen(bad, *out, "--account", bad)
    assert both.exit_code == 1
    assert "2 things to mend" in both.output


def test_counts_stand_beside_how_much_of_each_side_was_seen(tracks, sides, tmp_path):
    rows = tmp_path / "incidents.csv"
    assert screen(tracks, "--sides", sides, "--evidence", rows, "--by", "x").exit_code == 0
    told = list(csv.DictReader((tmp_path / "counts.csv").read_text().splitlines()[1:]))
    assert all("tracks seen of A: 2 for 1.0 hours" in one["note"] for one in told)
    assert all("tracks seen of B: 1 for 0.5 hours" in one["note"] for one in told)


def test_flags_are_printed(tracks):
    assert "Flags" not in screen(tracks).output
    jump = "219000001,2026-01-01T12:10:30Z,57.0,12,ALPHA ONE\n"
    tracks.write_text(tracks.read_text() + jump)
    told = screen(tracks).output
    assert "nothing was deleted for them" in told
    assert "too far for the time since" in told


def test_evidence_for_a_case(tracks, sides, tmp_path):
    rows = tmp_path / "incidents.csv"
    assert isinstance(screen(tracks, "--evidence", rows).exception, UsageError)
    done = screen(tracks, "--sides", sides, "--evidence", rows, "--by", "The analyst")
    assert done.exit_code == 0, done.output
    assert rows.read_text().count("close-approach") == 1
    assert "hours near each other" in (tmp_path / "counts.csv").read_text()


def test_a_cell_is_no_formula(tracks, sides, tmp_path):
    tracks.write_text(tracks.read_text().replace("219000001", "=SUM(1)"))
    out = tmp_path / "out"
    assert screen(tracks, "--domain", "sea", "--out", out).exit_code == 0
    for line in (out / "tables" / "encounters.csv").read_text().splitlines()[1:]:
        assert ",=" not in line


def test_usage():
    assert isinstance(screen().exception, UsageError)


def test_positions_that_are_too_coarse_tell_that_two_could_have_met():
    given = (COOK / "track.csv", "--horizontal", "60nm", "--vertical", "any")
    (one,) = found(*given, "--lone")["encounters"]
    assert one["encounter"]["met"] == "could-have-met"
    assert one["encounter"]["separation"] == {"low": 0.0, "value": 0.0, "high": 120_000.0}
    assert not found(*given)["encounters"]


def test_a_dossier_of_a_reconstruction(tmp_path):
    files = [COOK / f"{name}.yaml" for name in ("united-states", "russia")]
    accounts = [one for file in files for one in ("--account", file)]
    out = tmp_path / "found"
    done = screen(
        COOK / "track.csv", "--lone", "--horizontal", "60nm", "--vertical", "any", "--out", out,
        "--dossier", "1", "--for", "public", *accounts,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "unsafe and unprofessional" in (out / "index.html").read_text()
    assert (out / "dossier.pdf").stat().st_size > 10_000
    assert {"encounter.geojson", "encounter.kml"} <= {one.name for one in out.iterdir()}
    assert not (out / "tables" / "encounters.csv").exists()  # nothing beside what is told
