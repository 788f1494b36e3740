"""What to find out next, for each belief alone."""

from __future__ import annotations

from detente.escalation.results import Driver, Learning
from detente.report.charts import picture
from detente.report.document import Chart
from detente.report.pages.finding_out import finding_out_page, learning_sentences

SHOTS = Learning("base", "shots-fired", "M11", "M02", 0.31, 0.02)


def test_a_number_is_told_in_words_with_what_would_change(having, names):
    (said,) = learning_sentences(having(learning=(SHOTS,)), "base", names)
    assert said == (
        "Learning the number “Shots are fired over the damage” would change the preferred measure "
        "in about 30% of the cases (from M11 to M02)."
    )


def test_no_measure_is_a_choice_too(having, names):
    one = Learning("base", "M02#1", "", "M02", 0.5, 0.02)
    (said,) = learning_sentences(having(learning=(one,)), "base", names)
    assert said.startswith("Learning the number “effect of M02 on: ")
    assert said.endswith("(from no measure to M02).")


def test_an_act_of_a_belief_is_its_own(names):
    own = next(one for one in names.case.ladder.beliefs if one.id == "step-and-mishap")
    assert names.number("M09#1", own.id).endswith(names.parameter(own.acts[0].on))
    assert names.number("M09#1") != names.number("M09#2")


def test_at_most_three_are_told_and_none_that_hardly_changes(having, names):
    rare = Learning("base", "damage", "M11", "M02", 0.02, 0.5)
    results = having(learning=(rare, *[SHOTS] * 5))
    said = learning_sentences(results, "base", names)
    assert len(said) == 3
    assert names.number("damage") not in " ".join(said)


def test_beliefs_with_the_same_sentences_share_them(having, names, words_of):
    blocks = finding_out_page(having(learning=(SHOTS,)), names)
    said = words_of(blocks)
    assert said.count("Learning the number") == 1
    assert said.count("No number, once known, would change the preferred measure.") == 1


def test_all_numbers_stand_in_the_folded_tables(assessed, names, frames_of):
    blocks = finding_out_page(assessed, names)
    frames = frames_of(blocks)
    assert len(frames["learning"].rows) == len(assessed.escalation.learning)
    assert len(frames["drivers"].rows) == len(assessed.escalation.drivers)
    for chart in (block for block in blocks if isinstance(block, Chart)):
        assert chart.folded
        assert picture(chart).startswith("<svg")


def test_a_share_says_how_it_was_computed(having, names, frames_of):
    drivers = (
        Driver("base", "damage", 0.2, 0.3, None),
        Driver("base", "shots-fired", None, None, 0.4, 0.01),
    )
    rows = frames_of(finding_out_page(having(drivers=drivers), names))["drivers"].rows
    assert [row[2:] for row in rows] == [
        (0.3, 0.2, None, "exactly"),
        (0.4, None, 0.01, "by sampling"),
    ]


def test_where_nothing_would_change_it_is_said_once(having, names, words_of, frames_of):
    blocks = finding_out_page(having(learning=()), names)
    assert words_of(blocks).count("No number, once known") == 1
    assert "learning" not in frames_of(blocks)


def test_without_a_telling_belief_there_is_no_page(without_ladders, bounds_only, names):
    assert finding_out_page(without_ladders, names) == finding_out_page(bounds_only, names) == []
