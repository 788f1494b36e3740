"""The ladders themselves, drawn, with their numbers under them."""

from __future__ import annotations

from detente.report.document import Chart
from detente.report.edition import edition
from detente.report.language import phrases
from detente.report.pages.ladders import ladders_page
from detente.report.walk import check, frames
from detente.report.write.grid import grid


def test_the_whole_comes_first_then_every_ladder_and_those_of_beliefs(training, assessed, names):
    blocks = ladders_page(training, assessed, names)
    drawn = [block.frame.name for block in blocks if isinstance(block, Chart)]
    beliefs = (one for belief in training.ladder.beliefs for one in belief.ladders)
    ladders = [f"drawing-{one.id}" for one in (*training.ladder.ladders, *beliefs)]
    assert drawn[0] not in ladders
    assert drawn[1:] == ladders


def test_without_a_ladder_there_is_no_page(training, without_ladders, names):
    assert ladders_page(training, without_ladders, names) == []


def test_a_case_whose_numbers_are_all_refused_still_makes_a_document(training, bounds_only, names):
    made = edition(training, bounds_only, names.phrases)
    check(made)
    for frame in frames(made).values():
        grid(frame, phrases("en"))
