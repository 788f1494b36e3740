"""The calendar on its page: every step with who decides, by when, where, and else."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from detente.assessment.assess import assess
from detente.assessment.results import Calendar
from detente.case.read import read_case
from detente.report.document import Chart, Document, Heading, Link, PageBreak, Paragraph
from detente.report.language import phrases
from detente.report.names import Names
from detente.report.pages.calendar import calendar_page, done_by
from detente.report.pages.decisions import page_two
from detente.report.write.pdf import pdf


@pytest.fixture
def page(training, assessed, names):
    """The page where the calendar found something else in some fields."""

    def made(**changes):
        found = replace(assessed.calendar, **changes)
        return calendar_page(training, replace(assessed, calendar=found), names)

    return made


def test_every_measure_of_every_step_has_a_row(page, frames_of, assessed):
    rows = frames_of(page())["calendar-steps"].rows
    wanted = dict.fromkeys(
        (f"{'R' if one.path == 'reciprocal' else 'P'}{one.step}", one.measure)
        for one in assessed.calendar.entries
    )
    assert len(rows) == len(wanted)
    for row, (step, measure) in zip(rows, wanted, strict=True):
        assert row[0] == step
        assert measure in str(row[1])
        assert all(cell for place, cell in enumerate(row) if place != 5)


def test_days_and_occasions_are_those_that_were_found(page, frames_of, assessed, names):
    frames = frames_of(page())
    letters = {str(row[1]): row[0] for row in frames["calendar-windows"].rows}
    titles = {one.id: names.text(one.title) for one in assessed.calendar.windows}
    first = assessed.calendar.entries[0]
    row = frames["calendar-steps"].rows[0]
    assert first.window
    assert row[5] == letters[titles[first.window]]
    assert str(row[4]).replace("\u00a0", " ") == names.phrases.short_date(first.begins)
    assert str(row[6]).replace("\u00a0", " ") == names.phrases.short_date(first.done)


def test_offices_of_one_name_are_told_in_one(page, frames_of, assessed):
    one = assessed.calendar.entries[0]
    both = replace(one, decided_by=(("highland", "staff"), ("lowland", "staff"), ("EVE", "")))
    (row,) = frames_of(page(entries=(both,)))["calendar-steps"].rows
    assert row[3] == "Highland, Lowland: staff; Everil"


def test_the_side_stands_where_not_all_give_their_part(page, frames_of, assessed):
    rows = frames_of(page())["calendar-steps"].rows
    assert [row[2] for row in rows[:3]] == ["Highland", "Lowland", "all sides"]
    assert {row[2] for row in rows if str(row[0]).startswith("P")} == {"all sides"}


def test_what_a_row_above_says_is_pointed_to(page, frames_of, assessed):
    one = assessed.calendar.entries[0]
    again = replace(one, path="package", step=2, side="", decided_by=(("EVE", "coast guard"),))
    first, second = frames_of(page(entries=(one, again)))["calendar-steps"].rows
    assert second[1] == one.measure
    assert second[3] == "Everil: coast guard"
    assert second[7] == second[8] == "as in R1"
    assert "as in" not in str(first)


def test_what_is_not_found_is_said(page, frames_of, words_of, assessed):
    one = assessed.calendar.entries[0]
    nowhere = replace(one, window="", done="", months=None, verified={}, if_stopped={})
    (row,) = frames_of(page(entries=(nowhere,), windows=()))["calendar-steps"].rows
    assert row[5:] == (None, "not stated", "not stated", "not stated")
    assert "Dated occasions ahead: not found." in words_of(page(windows=()))
    (row,) = frames_of(page(entries=(replace(nowhere, missed=True),)))["calendar-steps"].rows
    assert row[5] == "over by then"


def test_the_lead_tells_both_ends_and_that_it_is_no_forecast(page, words_of, assessed, names):
    said = words_of(page()).splitlines()[0]
    for path in ("reciprocal", "package"):
        days = [one.done for one in assessed.calendar.entries if one.path == path]
        assert names.phrases.short_date(max(days)) in said
    assert "no forecast" in said
    steps = tuple(one for one in assessed.calendar.entries if one.path == "reciprocal")
    assert "At the earliest all is done by" in words_of(page(entries=steps)).splitlines()[0]


def test_without_a_step_there_is_no_page_and_no_link_to_it(training, assessed, names, page):
    assert page(entries=()) == []
    for calendar in (None, Calendar("2026-11-15", (), ())):
        nothing = replace(assessed, calendar=calendar)
        assert calendar_page(training, nothing, names) == []
        assert done_by(nothing, 1) == ""
        assert "#calendar" not in targets(page_two(training, nothing, names))


def targets(blocks) -> list[str]:
    every = [part for one in blocks if isinstance(one, Paragraph) for part in one.content]
    return [part.target for part in every if isinstance(part, Link)]


def test_page_two_tells_by_when_and_leads_to_the_calendar(training, assessed, names, frames_of):
    blocks = page_two(training, assessed, names)
    assert "#calendar" in targets(blocks)
    rows = frames_of(blocks)["steps"].rows
    for row, step in zip(rows, assessed.path, strict=True):
        day = names.phrases.short_date(done_by(assessed, step.number))
        assert f"{day} (" in str(row[4])


@pytest.mark.parametrize("language", ["en", "de", "ru"])
@pytest.mark.parametrize("name", ["training", "euro-atlantic"])
def test_what_has_to_be_done_stands_on_one_printed_page(root, name, language):
    case = read_case(root / "cases" / name)
    results = assess(case, points=2**6)
    said = phrases(language)
    blocks = calendar_page(case, results, Names(case, said))
    drawing = next(place for place, one in enumerate(blocks) if isinstance(one, Chart))
    head = (case.about.title[""], "", language, "e", "2026-11-15", "d" * 12, "", "", "")
    around = (Heading("Before", 1, "before"), Heading("After", 1, "after"))
    made = pdf(Document(*head, (around[0], *blocks[: drawing + 1], PageBreak(), around[1])))
    assert len(PdfReader(io.BytesIO(made)).pages) == 3
