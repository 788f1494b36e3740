"""`detente line status`, `whom`, `roster`, `card`, `heads`, `confirm`, `sheet`: the watch."""

from __future__ import annotations

import json

import pytest
from tests.cli.line.sides import EXAMPLES, done, exchange, queued, run, told

from detente.ground.errors import PeerError, UsageError

AT = "2026-11-28T12:00Z"


def roster(line, *more):
    return ("roster", line / "AAA", EXAMPLES / "roster.yaml", *more)


@pytest.fixture
def known(line):
    """A line on which Arland's roster has reached Borland."""
    file = line / "roster.yaml"
    text = (EXAMPLES / "roster.yaml").read_text()
    file.write_text(text.replace("expires: 2027-02-01", "expires: 2099-02-01"))
    done("roster", line / "AAA", file)
    exchange(line / "AAA", line / "BBB")
    return line


def test_status_is_one_screen_and_one_object(line):
    text = done("status", line / "AAA", "--at", AT)
    assert text.startswith("not an accredited state channel")
    for words in ("LINE: ", "NODE: NOT RUNNING", "TO READ: 0", "DRAFTS THAT WAIT: 0", "EVIDENCE: 0",
                  "no treaty notice by itself"):  # fmt: skip
        assert words in text
    found = told("status", line / "AAA", "--at", AT)
    assert found["format"] == "detente/line-status/1"
    assert (found["runs"], found["connected"]) == (False, [])
    assert {"life", "counts", "inbox", "outbox", "keys", "journal", "evidence"} <= set(
        found["view"]
    )


def test_a_folder_without_a_line_is_refused(tmp_path):
    for verb in ("status", "inbox", "whom", "heads"):
        assert isinstance(run(verb, tmp_path).exception, UsageError)


def test_whom_answers_on_one_screen(known):
    text = done("whom", known / "BBB", "--at", AT, "--language", "ru")
    assert "+00 000 0001" in text.splitlines()[4]  # who is always on duty and speaks it comes first
    found = told("whom", known / "BBB", "AAA", "--at", AT)
    (party,) = found["parties"]
    assert party["roster"]["edition"] == 1
    assert party["calls"][0]["contact"]["id"] == "watch"
    assert "no roster" in done("whom", known / "AAA")
    assert "EXPIRED" in done("whom", known / "BBB", "--at", "2099-06-01T00:00Z")
    assert isinstance(run("whom", known / "BBB", "CCC").exception, UsageError)


def test_a_roster_is_checked_against_the_folder_and_the_edition_before(known):
    bad = known / "bad.yaml"
    bad.write_text((EXAMPLES / "roster.yaml").read_text().replace("party: AAA", "party: BBB")
                   .replace("expires: 2027-02-01", "expires: 2026-11-02"))  # fmt: skip
    result = run("roster", known / "AAA", bad, "--json")
    assert result.exit_code == 1
    keys = [one["key"] for one in json.loads(result.stdout)["findings"]]
    assert sorted(keys) == ["edition", "expires", "party"]
    assert queued(known / "AAA") == []
    new = known / "new.yaml"
    text = (known / "roster.yaml").read_text().replace("edition: 1", "edition: 2")
    new.write_text(text.replace("+00 000 0002", "+00 000 0009"))
    found = told("roster", known / "AAA", new, "--dry-run")
    assert ["phone", "+00 000 0002", "+00 000 0009"] in [
        [one["field"], one["before"], one["after"]] for one in found["changes"]
    ]
    assert queued(known / "AAA") == []


def test_the_template_of_a_roster_is_that_of_the_examples():
    assert done("roster", "--template") == (EXAMPLES / "roster.yaml").read_text()
    assert isinstance(run("roster").exception, UsageError)


def test_the_card_is_text_and_pdf(known, tmp_path):
    out = tmp_path / "card.pdf"
    text = done("card", known / "BBB", "--out", out)
    assert text.startswith("not an accredited state channel")
    assert "+00 000 0001" in text
    assert out.read_bytes().startswith(b"%PDF")
    assert isinstance(run("card", known / "BBB", "--out", out).exception, UsageError)
    assert isinstance(run("card", known / "AAA").exception, UsageError)


def test_what_one_side_reads_out_the_other_types_in(line):
    heads = {one["party"]: one for one in told("heads", line / "BBB")["heads"]}
    size, root = heads["AAA"]["size"], heads["AAA"]["root"]
    said = " ".join(root[at : at + 4] for at in range(0, 16, 4))
    assert said in done("heads", line / "BBB")
    done("confirm", line / "AAA", "BBB", "--size", size, "--root", said.upper())
    (item,) = queued(line / "AAA")
    assert (item["item"], item["party"], item["size"]) == ("confirm", "BBB", size)
    exchange(line / "AAA", line / "BBB")
    assert queued(line / "AAA") == []
    for wrong, error in (
        (("--size", size, "--root", "0" * 16), PeerError),
        (("--size", size + 1, "--root", said), PeerError),
        (("--size", size, "--root", said[:9]), UsageError),
        (("--size", size, "--root", "z" * 16), UsageError),
    ):
        result = run("confirm", line / "AAA", "BBB", *wrong)
        assert isinstance(result.exception, error)
    assert queued(line / "AAA") == []


def test_both_sides_compute_the_same_sheet(line, tmp_path):
    until = ("2026-11", "--until", AT)
    assert done("sheet", line / "AAA", *until) == done("sheet", line / "BBB", *until)
    found = told("sheet", line / "AAA", *until)
    assert found["digest"] == told("sheet", line / "BBB", *until)["digest"]
    assert found["sheet"]["month"] == "2026-11"
    assert isinstance(run("sheet", line / "AAA", "November").exception, UsageError)
    done("sheet", line / "AAA", *until, "--out", tmp_path / "sheet.txt")
    assert (tmp_path / "sheet.txt").read_text().startswith("Availability sheet 2026-11")
