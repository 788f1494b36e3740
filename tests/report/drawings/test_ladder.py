"""The drawing of a ladder: everything is there, in its place, and inside the picture."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.drawings.parts import (
    LEVELS,
    act,
    chance,
    faults,
    file,
    ladder,
    layers,
    measure,
    rung,
    said,
    signs,
    words,
)

from detente.case import model
from detente.case.read import read_case
from detente.report.charts import picture, width_of
from detente.report.drawings.bow_tie import bow_tie_chart
from detente.report.drawings.canvas import LOOKS, TALLEST, WIDTH
from detente.report.drawings.ladder import ladder_chart
from detente.report.language import phrases
from detente.report.names import Names

LONG = "Sicherheitspolitische Verständigungsmaßnahmen zwischen den Oberkommandierenden scheitern"


def of(names, given_file, *measures):
    return ladder_chart(given_file, given_file.ladders[0], measures, names)


def place(chart, text):
    """Where a line of text stands, from the top."""
    return next(box.top for box in said(chart) if box.words == text)


def test_every_ladder_of_the_delivered_cases_is_drawn_whole(shipped, names):
    for one in shipped.ladder.ladders:
        chart = ladder_chart(shipped.ladder, one, shipped.measures, names)
        assert faults(chart) == []
        assert chart.spec["width"] == WIDTH
        assert chart.spec["height"] <= TALLEST * WIDTH
        text = words(chart)
        for step in one.path:
            assert all(word in text for word in names.text(step.event).split())
        for level in shipped.ladder.levels:
            assert all(word in text for word in names.level(level).split())


def test_the_picture_is_as_large_as_was_computed(small, names):
    chart = ladder_chart(small.ladder, small.ladder.ladders[0], small.measures, names)
    svg = picture(chart)
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    assert width_of(svg) == pytest.approx(chart.spec["width"] + 8, abs=1)
    assert float(root.attrib["height"]) == pytest.approx(chart.spec["height"] + 8, abs=1)
    assert root.attrib["aria-label"] == chart.alt
    drawn = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(drawn) == sorted(box.words for box in said(chart))


def test_it_is_panned_on_a_telephone_and_not_drawn_anew(small, names):
    chart = ladder_chart(small.ladder, small.ladder.ladders[0], small.measures, names)
    assert 400 < width_of(picture(chart, width=350)) < 719


def test_rungs_stand_from_the_foot_up_and_their_ends_from_mild_to_worse(names):
    rungs = [rung(f"Step {place}", "p", level) for place, level in enumerate(LEVELS[:3])]
    chart = of(names, file(ladder(*rungs), parameters=[chance("p")]))
    tops = [place(chart, f"Step {one}") for one in range(3)]
    assert tops == sorted(tops, reverse=True)
    assert place(chart, "What starts it") > tops[0]
    assert place(chart, "all of them happen: war") < tops[2]
    dots = sorted(signs(chart, "circle"), reverse=True)
    assert len(dots) == 4
    assert all(lower[1] < upper[1] for lower, upper in pairwise(dots))


def test_levels_are_lanes_in_their_order_and_the_headline_is_marked(names):
    chart = of(names, file(ladder(rung("Step", "p", "calm")), parameters=[chance("p")]))
    first = [next(box for box in said(chart) if box.words == level) for level in LEVELS]
    assert [box.left for box in first] == sorted(box.left for box in first)
    assert "“clash” or worse" in words(chart)
    (line,) = (
        one
        for layer in layers(chart, "rule")
        if layer["mark"] == LOOKS["threshold"]
        for one in layer["data"]["values"]
    )
    assert first[1].right < line["x"] < first[2].left
    counted = [layer for layer in layers(chart, "point") if layer["mark"] == LOOKS["counted"]]
    assert len(counted[0]["data"]["values"]) == 1


def test_a_side_path_stands_between_its_rung_and_the_next(names):
    deeper = model.Branches(path=(rung("Deeper", "p", "calm"),), ends="clash")
    side = model.Branches(path=(rung("Aside", "p", deeper), rung("On", "p", "calm")), ends="crisis")
    chart = of(
        names,
        file(ladder(rung("One", "p", side), rung("Two", "p", "clash")), parameters=[chance("p")]),
    )
    order = ["One", "Aside", "Deeper", "it happens: clash", "On", "all of them happen: crisis"]
    tops = [place(chart, text) for text in [*order, "Two"]]
    assert tops == sorted(tops, reverse=True)
    labels = [row[0] for row in chart.frame.rows]
    assert labels == ["", "1", "1a", "1a1", "1a", "1b", "1", "2", ""]
    assert faults(chart) == []
    assert words(chart).count("otherwise") == 3


def test_a_ladder_without_a_rung_leads_at_once(small, names):
    chart = ladder_chart(small.ladder, small.ladder.ladders[1], small.measures, names)
    assert "at once: war" in words(chart)
    assert faults(chart) == []


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ({"any_of": ("a", "b")}, "one suffices:"),
        ({"all_of": ("a", "b")}, "both:"),
        ({"all_of": ("a", "b", "c")}, "all of:"),
        ({"none_of": ("a", "b")}, "neither:"),
        ({"none_of": ("a", "b", "c")}, "none of:"),
        ({"either_of": ("a", "b")}, "one of both, not both:"),
        ({"at_least": 2, "of": ("a", "b", "c")}, "at least 2 of:"),
    ],
)
def test_a_gate_is_told_in_words_with_all_that_it_joins(names, gate, told):
    numbers = [chance("a", title={"": "The first"}), chance("b", 0.2, 0.3), chance("c")]
    event = model.Event(id="gate", **gate)
    chart = of(names, file(ladder(rung("It", "gate", "calm")), parameters=numbers, events=[event]))
    lines = [box.words for box in said(chart)]
    assert told in lines
    assert "The first" in lines
    assert "20–30%" in lines
    assert any(f"It: {told}" == row[1] for row in chart.frame.rows)


def test_a_gate_within_itself_many_times_is_told_once(names):
    """Thirty gates, each twice on the next: told without end it would take a thousand million."""
    gates = [model.Event(id=f"g{one}", all_of=(f"g{one + 1}", f"g{one + 1}")) for one in range(29)]
    gates.append(model.Event(id="g29", any_of=("a", "b")))
    given_file = file(
        ladder(rung("It", "g0", "calm")), parameters=[chance("a"), chance("b")], events=gates
    )
    chart = of(names, given_file)
    assert words(chart).count("as above") == 29
    assert faults(chart) == []


def test_every_measure_that_acts_stands_behind_its_arrow(names):
    measures = [
        measure("L", act("p", 0.2, 0.5)),
        measure("R", act("p", 2, 3)),
        measure("E", act("p", 0.5, 2)),
        measure("N", act("other", 0.5, 2)),
    ]
    given_file = file(ladder(rung("It", "p", "calm")), parameters=[chance("p"), chance("other")])
    chart = of(names, given_file, *measures)
    row = next(row for row in chart.frame.rows if row[1] == "It")
    assert row[-3:] == ("L", "R", "E")
    lines = {box.words: box for box in said(chart)}
    assert "Measure N" not in lines
    for name, look in (("L", "lowers"), ("R", "raises"), ("E", "either")):
        assert f"Measure {name}" in lines
        beside = [(box.left, box.top) for box in said(chart) if box.words == name and box.left > 30]
        (sign,) = [at for at in signs(chart, LOOKS[look]["shape"]) if at[0] > 60]
        assert sign[0] == pytest.approx(beside[0][1] + 5.5, abs=1)
        assert 0 < beside[0][0] - sign[1] < 14


def test_in_a_crisis_both_numbers_and_their_measures_are_told(names):
    given_file = file(
        ladder(rung("It", "p", "calm")),
        parameters=[chance("p"), chance("p2", 0.5, 0.9), chance("share", 0.01, 0.1)],
        crisis=model.Crisis(share="share", instead={"p": "p2"}),
    )
    chart = of(names, given_file, measure("M", act("p2", 0.2, 0.5)))
    text = words(chart)
    assert "10–40%" in text
    assert "in a crisis: 50–90%" in text
    assert "In a crisis: 1–10% of the time." in text
    row = next(row for row in chart.frame.rows if row[1] == "It")
    assert row[2:5] == ("10–40%; in a crisis: 50–90%", 0.1, 0.4)
    assert row[6] == "M"


def test_without_a_headline_no_level_is_marked(names):
    one = ladder(rung("It", "p", "calm"))
    chart = of(names, file(one, parameters=[chance("p")], headline=None))
    assert "or worse" not in words(chart)
    assert faults(chart) == []


def test_a_ladder_of_twenty_rungs_fits_a_page(names):
    rungs = [rung(f"{LONG} {one}", "p", LEVELS[one // 5]) for one in range(20)]
    chart = of(names, file(ladder(*rungs), parameters=[chance("p")]))
    assert faults(chart) == []
    assert chart.spec["height"] <= TALLEST * chart.spec["width"]
    numbers = {box.words for box in said(chart)}
    assert {str(one) for one in range(1, 21)} <= numbers


def test_the_words_for_who_sees_no_picture_name_every_rung(small, names):
    chart = ladder_chart(small.ladder, small.ladder.ladders[0], small.measures, names)
    assert chart.alt.startswith("A close approach with damage (accident), 2–8 a year.")
    assert "1. A boat is damaged (otherwise: contained)." in chart.alt
    assert "2. It is taken for an attack (otherwise: a further path)." in chart.alt
    assert chart.alt.endswith("If all happen: war. 2 measures act on its numbers.")


def drawn(root):
    """A drawing of each kind as text; the picture engine itself is tested with the charts."""
    case = read_case(root / "cases" / "training")
    names = Names(case, phrases("en"))
    one = ladder_chart(case.ladder, case.ladder.ladders[1], case.measures, names)
    tie = bow_tie_chart(case, names)
    return json.dumps([[chart.spec, chart.frame.rows, chart.alt] for chart in (one, tie)])


def test_another_process_draws_the_same(root):
    code = (
        "from pathlib import Path\n"
        "from tests.report.drawings.test_ladder import drawn\n"
        "print(drawn(Path.cwd()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == drawn(root)


EVENTS = st.text("abcdefghijklmnop äöüß", min_size=1, max_size=120).filter(str.strip)


@settings(max_examples=40)
@given(st.data())
def test_any_ladder_is_drawn_inside_its_picture(names, data):
    def branches(depth):
        size = data.draw(st.integers(1 if depth else 0, 4))
        rungs = []
        for _ in range(size):
            aside = depth < 3 and data.draw(st.integers(0, 4)) == 0
            end = data.draw(st.sampled_from(LEVELS))
            other = branches(depth + 1) if aside else end
            gate = data.draw(st.sampled_from(["p", "q", "gate"]))
            rungs.append(rung(data.draw(EVENTS), gate, other))
        return model.Branches(path=tuple(rungs), ends=data.draw(st.sampled_from(LEVELS)))

    whole = branches(0)
    acts = [("p", 0.2, 0.5), ("q", 0.5, 2), ("often", 2, 3)]
    measures = [
        measure(f"M{one}", *(act(*two) for two in acts[: data.draw(st.integers(0, 3))]))
        for one in range(data.draw(st.integers(0, 6)))
    ]
    given_file = file(
        ladder(*whole.path, ends=whole.ends, title={"": data.draw(EVENTS)}),
        parameters=[chance("p", 1e-6, 0.1), chance("q")],
        events=[model.Event(id="gate", any_of=("p", "q"), title={"": "A gate"})],
    )
    chart = of(names, given_file, *measures)
    assert faults(chart) == []
    assert len(signs(chart, "circle")) == sum(
        1 for row in chart.frame.rows if row[5] is not None and row[5] != "a further path"
    )
