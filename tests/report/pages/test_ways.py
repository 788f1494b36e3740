"""The ways to the headline level, ranked."""

from __future__ import annotations

from dataclasses import replace

from detente.elicitation.results import Spread
from detente.escalation.results import Way, WayCount
from detente.report.document import Heading
from detente.report.pages.ways import ways_page


def test_ways_of_the_case_itself_are_ranked(assessed, names, frames_of):
    rows = frames_of(ways_page(assessed, names))["ways"].rows
    own = [way for way in assessed.escalation.ways if way.belief == "base"]
    assert [row[0] for row in rows] == list(range(1, len(own) + 1))
    assert str(rows[0][1]).startswith(names.ladder(own[0].ladder))


def test_every_telling_belief_has_its_first_way(assessed, names, frames_of):
    rows = frames_of(ways_page(assessed, names))["first-ways"].rows
    telling = [names.belief(one.id) for one in assessed.escalation.beliefs if not one.bounds_only]
    assert [row[0] for row in rows] == telling


def test_a_way_says_its_state_its_events_and_its_share(having, names, frames_of):
    way = Way(
        "base", "collision-at-sea", True, ({"": "One"}, {"": "Two"}), Spread(0, 0.02, 1), 0.31
    )
    results = having(ways=(way,), way_counts=(WayCount("base", (0, 0, 1), coherent=True),))
    frames = frames_of(ways_page(results, names))
    title = names.ladder("collision-at-sea")
    assert frames["ways"].rows == ((1, f"{title} (in a crisis)", "One; Two", "50", "30%"),)
    assert frames["first-ways"].rows[0][-2:] == (1, "2")


def test_a_ladder_of_a_belief_has_its_title(having, names, frames_of):
    way = Way("build-up", "island-blockade", False, (), Spread(0, 0.02, 1), 0.5)
    results = having(ways=(way,), way_counts=(WayCount("build-up", (1,), coherent=True),))
    row = frames_of(ways_page(results, names))["first-ways"].rows[0]
    assert row[1:3] == (names.ladder("island-blockade"), "at once")


def test_where_nothing_leads_there_the_count_says_so(having, names, frames_of):
    results = having(ways=(), way_counts=(WayCount("base", (), coherent=True),))
    frames = frames_of(ways_page(results, names))
    assert "ways" not in frames
    assert frames["first-ways"].rows == ((names.belief("base"), None, None, None, 0, ""),)


def test_what_is_not_coherent_is_said(having, assessed, names, words_of):
    assert "too high" not in words_of(ways_page(assessed, names))
    first, *rest = assessed.escalation.way_counts
    some = (replace(first, coherent=False), *rest)
    assert f"{names.belief('base')}: Some events" in words_of(
        ways_page(having(way_counts=some), names)
    )
    every = tuple(replace(one, coherent=False) for one in some)
    assert "\nSome events" in words_of(ways_page(having(way_counts=every), names))


def test_the_heading_names_the_headline_level(assessed, names):
    heading = next(b for b in ways_page(assessed, names) if isinstance(b, Heading))
    assert heading.text == "Ways to “clash” or worse, ranked"


def test_without_a_telling_belief_there_is_no_page(without_ladders, bounds_only, names):
    assert ways_page(without_ladders, names) == ways_page(bounds_only, names) == []
