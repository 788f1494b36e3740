"""What the areas of recommendations change, and what they do together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.elicitation.results import Spread
from detente.escalation.results import AreaInteraction
from detente.report.document import Chart
from detente.report.pages.areas import areas_blocks


def pair(a, b, mean, low, high):
    return AreaInteraction((a, b), mean, Spread(low, mean, high))


def test_the_matrix_has_a_sign_for_every_area_and_belief(assessed, names, frames_of):
    frame = frames_of(areas_blocks(assessed, names))["areas"]
    assert [str(row[0])[0] for row in frame.rows] == list("1234567")
    assert len(frame.columns) == 2 + len(assessed.escalation.beliefs)
    assert all(str(cell)[0] in "+=−?" for row in frame.rows for cell in row[2:])


def test_a_belief_of_bounds_alone_cannot_tell(assessed, names, frames_of):
    frame = frames_of(areas_blocks(assessed, names))["areas"]
    refusing = [one.id for one in assessed.escalation.beliefs if one.bounds_only]
    places = [i for i, one in enumerate(frame.columns) if one.key[7:] in refusing]
    assert places
    assert {row[place] for row in frame.rows for place in places} == {"?"}


def test_an_area_lists_the_measures_that_act_in_any_belief(assessed, names, frames_of):
    rows = frames_of(areas_blocks(assessed, names))["areas"].rows
    assert {str(row[0])[0]: row[1] for row in rows}["2"] == "M02, M03, M04"


@pytest.mark.parametrize(("mean", "word"), [(0.2, "reinforce"), (-0.2, "partly replace")])
def test_a_pair_that_tells_is_put_in_words(having, names, words_of, mean, word):
    results = having(interactions=(pair(1, 2, mean, mean - 0.1, mean + 0.1),))
    said = words_of(areas_blocks(results, names))
    assert f"Areas “{names.area(1)}” and “{names.area(2)}” {word} each other" in said


@pytest.mark.parametrize("one", [pair(1, 2, 0.2, -0.1, 0.5), pair(1, 2, 0.004, 0.003, 0.005)])
def test_a_pair_that_does_not_tell_is_left_out(having, names, words_of, one):
    said = words_of(areas_blocks(having(interactions=(one,)), names))
    assert "No two areas are found to reinforce or to replace each other." in said
    assert "Areas “" not in said


def test_at_most_three_pairs_are_told_the_strongest_first(having, names, words_of):
    pairs = tuple(pair(1, b, b / 10, b / 20, b / 5) for b in range(2, 8))
    said = words_of(areas_blocks(having(interactions=pairs), names)).splitlines()
    told = [line for line in said if line.startswith("Areas")]
    assert [names.area(b) in line for b, line in zip((7, 6, 5), told, strict=True)] == [True] * 3


def test_an_area_that_does_not_stand_is_named_once(having, assessed, names, words_of):
    areas = tuple(replace(one, stands=one.area != 3) for one in assessed.escalation.areas)
    said = words_of(areas_blocks(having(areas=areas), names))
    assert said.count(f"Area “{names.area(3)}” cannot be taken as it is") == 1


def test_without_ratios_there_is_no_picture(having, assessed, names):
    areas = tuple(replace(one, ratio=None) for one in assessed.escalation.areas)
    blocks = areas_blocks(having(areas=areas), names)
    assert not [block for block in blocks if isinstance(block, Chart)]


def test_without_a_ladder_there_is_nothing(without_ladders, bounds_only, names):
    assert areas_blocks(without_ladders, names) == areas_blocks(bounds_only, names) == []
