"""`detente ladder diff`: the changes as sentences, and what they moved."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from tests.case.mini import LADDER, MEASURES, mini, replaced, write

from detente.cli.ladder.diff_words import item, respect, respects, sentence
from detente.cli.main import cli
from detente.escalation.change_records import APART, FIELDS, GATE, NAME, NUMBER, OWN
from detente.escalation.changes import GROUP_OF, Aspect, Change, Size

EDITS = (
    ("damage, kind: probability, low: 0.02, high: 0.10", ("damage, kind: probability, low: 0.2, "
     "mid: 0.3, high: 0.9, title: A close approach ends with damage, basis: source, source: note")),
    ("all_of: [slow, misread]", "any_of: [slow, misread]"),
    ("without: [attack]", "without: [attack, at-sea]"),
    ("id: almanac", "id: yearbook"),
)  # fmt: skip
BETTER = ("value: {low: 0.4, mid: 0.6, high: 0.95}", "value: {low: 1.1, mid: 2, high: 3}")


def invoke(*arguments):
    return CliRunner().invoke(cli, ["ladder", "diff", *(str(one) for one in arguments)])


def told(*arguments):
    """What is printed on one line, without the folds."""
    result = invoke(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return re.sub(r"\s+", " ", result.stdout)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    return write(tmp_path_factory.mktemp("old"), mini())


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    ladder, measures = LADDER, replaced(MEASURES, *BETTER)
    for edit in EDITS:
        ladder = replaced(ladder, *edit)
    files = {**mini(), "ladder.yaml": ladder, "measures.yaml": measures}
    return write(tmp_path_factory.mktemp("new"), files)


def test_the_same_case_has_no_change(old):
    assert invoke(old, old, "--fast").stdout == f"From {old} to {old}\nNo change in the model.\n"


def test_each_change_is_a_sentence_behind_a_sign_by_group(old, new):
    page = told(old, new, "--fast")
    assert "6 changes in the model." in page
    wanted = [
        "Ladders (1)",
        "~ The event `taken-for-attack`: condition all of misread, slow → any of misread, slow.",
        "Numbers (1)",
        (
            "~ The number `damage` (A close approach ends with damage) went from 2–10 % to 30 % "
            "(20–90 %); odds × 9; interval wider; title none → A close approach ends with damage; "
            "basis illustrative → source Joint note."
        ),
        "What measures do (1)",
        (
            "~ The effect of `M2 on approaches` went from × 0.6 (0.4–0.95) to × 2 (1.1–3); "
            "ratio × 3.3; interval wider."
        ),
        "Beliefs (1)",
        "~ The belief `eastern` (As the east reads it): ladders left out attack → at-sea, attack.",
        "Told beside the ladders (2)",
        "− The published estimate `almanac` (An exchange) is gone; it was: 0.5–5 %.",
        "+ The published estimate `yearbook` (An exchange) is new: 0.5–5 %.",
    ]
    places = [page.find(text) for text in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)
    assert "What this moved" not in page


def test_a_usual_change_fits_a_page(old, new):
    lines = invoke(old, new).stdout.splitlines()
    assert len(lines) < 60
    assert max(len(line) for line in lines[1:]) <= 100


def test_what_it_moved_is_told(old, new):
    page = told(old, new).partition("What this moved")[2]
    assert "How often exchange or worse is reached, now and before" in page
    assert re.search(r"the case's own \d+ times as often", page)
    assert re.search(r"eastern \(As the east reads it\) now never", page)
    assert re.search(r"M2 An agreed distance the case's own better worse", page)


def test_json_has_the_same_and_no_words_of_a_language(old, new):
    found = json.loads(invoke(old, new, "--json").stdout)
    assert found["format"] == "detente/ladder-diff/1"
    assert [one["group"] for one in found["changes"]] == [
        "ladders", "numbers", "measures", "beliefs", "beside", "beside",
    ]  # fmt: skip
    number = found["changes"][1]
    assert (number["where"], number["old"], number["new"]) == ("damage", "2–10 %", "30 % (20–90 %)")
    assert number["size"]["of"] == "odds"
    assert {one["measure"] for one in found["moved"]["changed"]} >= {"M2"}
    assert found["moved"]["headlines"] == ["exchange", "exchange"]
    fast = json.loads(invoke(old, new, "--json", "--fast").stdout)
    assert fast == {**found, "moved": None}


def test_a_lone_file_is_completed_by_the_other_case(old, new, tmp_path):
    lone = tmp_path / "before.yaml"
    lone.write_text(LADDER)
    page = told(lone, new, "--fast")
    assert "The lone file has ladders alone" in page
    assert "5 changes in the model." in page  # all but the effect of the measure
    assert "moved" in told(lone, old)
    assert "Joint note" in page
    both = told(lone, new / "ladder.yaml", "--fast")
    assert both.partition(" in the model.")[2] == page.partition(" in the model.")[2]


def test_measures_that_do_not_fit_a_lone_file_are_left_out(old, tmp_path):
    lone = tmp_path / "before.yaml"
    lone.write_text(LADDER.replace("call-late", "no-answer"))
    page = told(lone, old)
    assert "Measures are left out" in page
    assert "The number `call-late` is new" in page
    assert "verdicts" not in page
    back = told(old, lone, "--fast")
    assert "Measures are left out" in back
    assert "The number `call-late` is gone" in back


def test_two_lone_files_without_counts_do_not_tell_what_moved(tmp_path):
    before, after = tmp_path / "a.yaml", tmp_path / "b.yaml"
    before.write_text(LADDER)
    after.write_text(replaced(LADDER, "low: 2, high: 8", "counted: {counts: [N1]}"))
    page = told(before, after)
    assert "went from 2–8 a year to counts N1." in page
    assert (
        "What this moved is not told: a lone file has no counts and answers for approaches." in page
    )
    assert json.loads(invoke(before, after, "--json").stdout)["not_told_for"] == ["approaches"]


def test_other_counts_are_named_where_a_number_rests_on_them(old, tmp_path):
    counted = replaced(LADDER, "low: 2, high: 8", "counted: {counts: [N1]}")
    files = {**mini(), "ladder.yaml": counted}
    before = write(tmp_path / "a", files)
    counts = replaced(files["counts.csv"], "approaches,5,", "approaches,50,")
    after = write(tmp_path / "b", {**files, "counts.csv": counts})
    page = told(before, after)
    assert "Answers or counts differ as well, and with them it may be: approaches." in page
    assert "No change in the model." in page
    assert "times as often" in page


def test_findings_of_both_are_told_with_their_files(old, tmp_path):
    files = mini()
    broken = [
        write(tmp_path / name, {**files, "ladder.yaml": files["ladder.yaml"].replace(*edit)})
        for name, edit in {
            "a": ("headline: exchange", "headline: storm"),
            "b": ("risk: R1", "risk: R9"),
        }.items()
    ]
    plain, result = invoke(*broken), invoke(*broken, "--json")
    assert (plain.exit_code, result.exit_code) == (1, 1)
    found = json.loads(result.stdout)
    assert found["format"] == "detente/ladder-diff/1"
    assert [one["file"] for one in found["findings"]] == [
        str(folder / "ladder.yaml") for folder in broken
    ]
    assert all(one["problem"] in plain.stdout for one in found["findings"])


def test_help_has_an_example():
    assert "Example: detente ladder diff" in invoke("--help").output


# --- words -----------------------------------------------------------------------------------


def test_a_number_is_told_in_one_sentence():
    change = Change(
        "changed", "parameter", "", "damage", "A close approach ends with damage", "number",
        "1–5 %", "2–8 %", Size("odds", 1.82, "narrower"),
        (Aspect("basis", "assumed", "source ELN 2014"),),
    )  # fmt: skip
    assert sentence(change) == (
        "The number `damage` (A close approach ends with damage) went from 1–5 % to 2–8 %; "
        "odds × 1.8; interval narrower; basis assumed → source ELN 2014."
    )


def test_a_rung_that_moved_within_a_belief():
    change = Change("moved", "rung", "eastern", "at-sea, rung 2", "A shot", "place", "1", "2")
    assert sentence(change) == (
        "Under eastern, the rung `at-sea, rung 2` (A shot) moved from place 1 to place 2."
    )


@pytest.mark.parametrize("what", GROUP_OF)
def test_every_kind_of_item_has_words(what):
    assert item(what)


def test_every_respect_has_words():
    """What a field is told as: its own name, but for those that are told together."""
    together = {NAME, OWN, APART, NUMBER, GATE}
    fields = {name for hows in FIELDS.values() for name, how in hows.items() if how not in together}
    labels = fields - {"event", "ladder", "comparable"} | {"words", "number", "gate", "place"}
    assert labels <= respects().keys()
    assert respect("reported source") == "source of the reported share"
    assert respect("loud") == "loud"  # a new field
