"""`detente incident`: from a blank account to a sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli
from detente.ground.errors import UsageError

COOK = Path(__file__).resolve().parents[2] / "docs" / "examples" / "donald-cook-2016"
US, RU = COOK / "united-states.yaml", COOK / "russia.yaml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["incident", *(str(one) for one in arguments)])


def test_from_blank_to_a_sheet(tmp_path):
    ours, out = tmp_path / "ours.yaml", tmp_path / "sheet"
    assert run("new", ours, "--side", "Side B", "--day", "2026-01-31").exit_code == 0
    assert run("compare", ours, "--out", out).exit_code == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == ["SHA256SUMS", "index.html", "results.json", "sheet.pdf", "tables"]
    page = (out / "index.html").read_text()
    assert "The other side’s account was not received" in page.replace("&#39;", "’").replace(
        "'", "’"
    )
    assert run("compare", ours, "--out", out).exit_code == 0  # an earlier sheet is replaced


def test_new_writes_over_nothing(tmp_path):
    ours = tmp_path / "ours.yaml"
    ours.write_text("mine")
    result = run("new", ours, "--side", "B", "--day", "2026-01-31")
    assert isinstance(result.exception, UsageError)
    assert ours.read_text() == "mine"


def test_the_two_accounts_side_by_side(tmp_path):
    result = run("compare", US, RU, "--for", "public", "--json")
    found = json.loads(result.stdout)["accounts"]
    first = found["compared"][0]
    assert (first["about"], first["verdict"]) == ("international-space", "agreed")
    assert "apart" in run("compare", US, RU, "--for", "public").output


@pytest.mark.parametrize("language", ["en", "ru", "fr", "pl", "de"])
def test_the_sheet_in_five_languages(tmp_path, language):
    out = tmp_path / language
    assert (
        run("compare", US, RU, "--for", "public", "--lang", language, "--out", out).exit_code == 0
    )
    page = (out / "index.html").read_text()
    assert f'lang="{language}"' in page
    assert "unsafe and unprofessional" in page  # what a side says stays as it said it


def test_release_writes_a_copy_and_tells_what_it_withholds(tmp_path):
    ours, copy = tmp_path / "ours.yaml", tmp_path / "copy.yaml"
    run("new", ours, "--side", "Side B", "--day", "2026-01-31")
    claims = """claims:
  - {id: c1, about: damage, says: "no", certainty: sure, source: log, releasable_to: [public]}
  - {id: c2, about: passes, value: 3, unit: count, certainty: sure, source: log}
"""
    ours.write_text(ours.read_text().replace("claims: []\n", claims))
    result = run("release", ours, "--to", "mediator", "--out", copy, "--json")
    told = json.loads(result.stdout)
    assert {one["item"] for one in told["withheld"]} == {"claims/c1", "claims/c2"}
    assert "c2" not in copy.read_text()
    assert "released_to: mediator" in copy.read_text()
    assert "claims/c2" in run("release", ours, "--to", "mediator").output


def test_a_sheet_for_others_does_not_change_with_what_is_withheld(tmp_path):
    claims = """claims:
  - {id: c1, about: damage, says: "no", certainty: sure, source: log, releasable_to: [public]}
"""
    hidden = "  - {id: SECRET, about: speed, value: 31, unit: kn, certainty: sure, source: log}\n"
    sheets = []
    for name, told in (("with", claims + hidden), ("without", claims)):
        ours, out = tmp_path / f"{name}.yaml", tmp_path / name
        run("new", ours, "--side", "Side B", "--day", "2026-01-31")
        ours.write_text(ours.read_text().replace("claims: []\n", told))
        assert run("compare", ours, "--for", "public", "--out", out).exit_code == 0
        files = sorted(path for path in out.rglob("*") if path.is_file())
        sheets.append({path.relative_to(out): path.read_bytes() for path in files})
    assert sheets[0] == sheets[1]
    assert "SECRET" not in run("compare", ours, "--for", "public").output


def test_findings_leave_with_one(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(US.read_text().replace("unit: nm", "unit: kn"))
    for arguments in (("compare", bad), ("release", bad, "--to", "public")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "needs a `unit` of length" in result.output
    found = json.loads(run("compare", bad, "--json").stdout)["findings"]
    assert found[0]["file"] == "bad.yaml"
