"""The bow tie: what can lead to the headline level on the left, what can follow on the right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.drawings.parts import (
    act,
    chance,
    faults,
    file,
    ladder,
    layers,
    measure,
    rung,
    said,
    shapes,
    signs,
    words,
)

from detente.case import model
from detente.report.charts import picture, width_of
from detente.report.drawings.bow_tie import MOST_ROWS, bow_tie_chart
from detente.report.drawings.canvas import LOOKS, TALLEST, WIDTH
from detente.report.drawings.reading import Reader
from detente.report.names import Names


def of(small, names, given_file, *measures):
    file_of_measures = replace(
        small,
        ladder=given_file,
        measures_file=model.MeasuresFile(format="detente/measures/1", measures=measures),
    )
    return bow_tie_chart(file_of_measures, names)


def rows(chart, side):
    """What stands on a side: ladder or level, label, event."""
    return [row[1:4] for row in chart.frame.rows if row[0] == side]


NUMBERS = [chance("p"), chance("q"), chance("r")]


def test_every_delivered_case_is_drawn_whole(shipped, names):
    own = Names(shipped, names.phrases)
    chart = bow_tie_chart(shipped, own)
    assert faults(chart) == []
    assert chart.spec["width"] == WIDTH
    assert chart.spec["height"] <= TALLEST * WIDTH
    text = words(chart)
    for one in shipped.ladder.ladders:
        assert all(word in text for word in own.text(one.title).split())
    svg = picture(chart)
    assert 700 < width_of(svg) < 719


def test_every_measure_that_acts_is_named(shipped, names):
    own = Names(shipped, names.phrases)
    chart = bow_tie_chart(shipped, own)
    reader = Reader(shipped.ladder, shipped.measures, own)
    acting = {
        pull.measure
        for one in shipped.ladder.ladders
        for leg in (
            reader.number(one.starts),
            *(leg for step in reader.steps(one) for leg in getattr(step, "legs", ())),
        )
        for pull in reader.pulls(leg)
    }
    ids = {one for row in chart.frame.rows for cell in row[4:] if cell for one in cell.split(", ")}
    assert ids == acting
    drawn = {one.strip(",") for box in said(chart) for one in box.words.split()}
    assert acting <= drawn


def test_rungs_before_and_beyond_the_headline_stand_on_their_sides(small, names):
    one = ladder(
        rung("It begins", "p", "calm"),
        rung("It grows", "q", "crisis"),
        rung("It spreads", "r", "clash"),
    )
    chart = of(small, names, file(one, parameters=NUMBERS))
    assert rows(chart, "before")[1:] == [
        ("A What starts it", "1", "It begins"),
        ("A What starts it", "2", "It grows"),
    ]
    assert rows(chart, "after") == [("war", "A", "It spreads")]
    lefts = {box.words: box.left for box in said(chart)}
    middle = next(box for box in said(chart) if box.words.startswith("clash"))
    assert lefts["It begins"] < middle.left < lefts["It spreads"]


def test_levels_stand_on_the_right_from_mild_to_worse(small, names):
    given_file = file(ladder(rung("It", "p", "calm"), ends="crisis"), parameters=NUMBERS)
    chart = of(small, names, given_file.model_copy(update={"headline": "calm"}))
    tops = [
        next(b.top for b in said(chart) if b.words == one) for one in ("crisis", "clash", "war")
    ]
    assert tops == sorted(tops)


def test_a_ladder_that_jumps_over_the_headline_is_told(small, names):
    one = ladder(rung("It begins", "p", "calm"), rung("It is answered", "q", "war"))
    chart = of(small, names, file(one, parameters=NUMBERS))
    assert ("war", None, "directly from A") in rows(chart, "after")
    assert "directly from A" in words(chart)
    assert [row[2] for row in rows(chart, "before")[1:]] == ["It begins"]


def test_a_ladder_that_never_gets_there_has_no_line(small, names):
    far = ladder(rung("It", "p", "calm"), id="far")
    near = ladder(rung("It", "p", "calm"), ends="crisis", id="near")
    chart = of(small, names, file(far, near, parameters=NUMBERS))
    assert words(chart).count("No path leads there.") == 1
    assert ("war", None, "directly from A") in rows(chart, "after")
    arrows = signs(chart, LOOKS["arrow-right"]["shape"])
    assert len(arrows) == 2


def test_an_open_bar_stands_at_a_side_path(small, names):
    side = model.Branches(path=(rung("Instead", "q", "calm"),), ends="clash")
    one = ladder(rung("It", "p", side), rung("On", "r", "clash"))
    chart = of(small, names, file(one, parameters=NUMBERS))
    assert [row[1:] for row in rows(chart, "before")[1:]] == [("1", "It"), ("1a", "Instead")]
    (open_bars,) = (x for x in layers(chart, "rect") if x["mark"] == LOOKS["side-barrier"])
    assert len(open_bars["data"]["values"]) == 1
    assert "Open bars" in words(chart)


def test_a_measure_pulls_a_step_as_its_gate_turns_it(small, names):
    given_file = file(
        ladder(rung("It", "gate", "calm")),
        parameters=NUMBERS,
        events=[model.Event(id="gate", none_of=("p", "q"))],
    )
    chart = of(small, names, given_file, measure("M", act("p", 0.2, 0.5)))
    row = next(row for row in chart.frame.rows if row[3] == "It")
    assert row[4:] == (None, "M", None)


def test_many_ladders_that_begin_alike_share_a_row_and_keep_their_order(small, names):
    rungs = [rung("Own {}", "p", "calm"), rung("Shared", "q", "crisis"), rung("War", "r", "clash")]
    ladders = [
        ladder(
            rungs[0].model_copy(update={"event": {"": f"Own {one}"}}),
            *rungs[1:],
            id=f"l{one}",
            branch="accident" if one % 2 else "deliberate",
        )
        for one in range(MOST_ROWS + 1)
    ]
    chart = of(small, names, file(*ladders, parameters=NUMBERS))
    assert faults(chart) == []
    events = [row[2] for row in rows(chart, "before") if row[1]]
    assert events.count("Shared") == 2
    assert events[:5] == ["Own 0", "Own 2", "Own 4", "Own 6", "Shared"]
    shared = [row[1] for row in rows(chart, "before") if row[2] == "Shared"]
    assert shared == ["A C E G", "B D F H"]


def test_nothing_lies_on_anything_where_words_are_long(small, names):
    long = "Sicherheitspolitische Verständigungsmaßnahmen zwischen den Oberkommandierenden"
    levels = ("zwischenfall", "streitkraeftebereitschaft", "kernwaffeneinsatz-auf-dem-schlachtfeld")
    one = ladder(
        *(rung(f"{long} {n}", "p", levels[n // 3]) for n in range(6)),
        ends=levels[2],
        title={"": long},
    )
    given_file = file(one, parameters=NUMBERS).model_copy(
        update={"levels": levels, "headline": levels[1]}
    )
    chart = of(small, names, given_file, *(measure(f"M{n}", act("p", 0.2, 0.9)) for n in range(30)))
    assert faults(chart) == []
    assert chart.spec["height"] <= TALLEST * chart.spec["width"]
    assert shapes(chart)


def test_the_words_for_who_sees_no_picture(small, names):
    chart = bow_tie_chart(small, names)
    assert chart.alt == (
        "Left, what can lead to “exchange”: accident: A close approach with damage. "
        "deliberate act: An attack that was ordered. Right, what can follow: war."
    )


def test_a_case_without_a_headline_has_no_bow_tie(small, names):
    with pytest.raises(ValueError, match="headline"):
        of(small, names, file(headline=None))
