"""Page 2: what stands below the table of measures that survive."""

from __future__ import annotations

import re

from detente.report.document import Link, Table
from detente.report.pages.decisions import MOST_CHOICES, MOST_NAMED, _legend, page_two
from detente.report.pages.flips import flip_sentences, flipped_above
from detente.report.pages.ledger import ledger_frame
from detente.report.pages.summary import page_one


def test_a_few_beliefs_are_named_under_the_table(having, assessed, names):
    few = assessed.escalation.beliefs[:MOST_NAMED]
    (said,) = _legend(having(beliefs=few), names)
    assert all(names.belief(one.id) in said for one in few)


def test_many_beliefs_are_counted_and_lead_to_their_names(assessed, names):
    assert len(assessed.escalation.beliefs) > MOST_NAMED
    said = _legend(assessed, names)
    assert f"1 to {len(assessed.escalation.beliefs)}: each set of numbers" in said[0]
    assert Link("all of them", "#verdicts") in said


def test_every_measure_on_the_two_pages_has_its_name(training, assessed, names, words_of):
    blocks = [*page_one(training, assessed, names), *page_two(training, assessed, names)]
    cells = [row for one in blocks if isinstance(one, Table) for row in one.frame.rows]
    said = words_of(blocks) + "\n".join(str(cell) for row in cells for cell in row)
    classes = [row for row in ledger_frame(assessed, names).rows if row[-1] != "cannot tell"]
    called = {*re.findall(r"\bM\d\d\b", said), *(str(row[0]) for row in classes)}
    assert called > {"M08", "M11"}
    assert [one for one in sorted(called) if names.measure(one) not in said] == []


def test_who_decides_is_told_by_name(training, assessed, names):
    table = next(
        one for one in page_two(training, assessed, names)
        if isinstance(one, Table) and one.anchor == "survivors-table"
    )  # fmt: skip
    offices = {row[0]: row[-1] for row in table.frame.rows}
    assert offices[names.measure("M07")] == "Highland, Lowland: sea commands"


def test_what_flips_in_the_table_above_is_named_and_comes_first(assessed, names):
    shown = [choice.measure for choice in assessed.choices[:MOST_CHOICES]]
    flipped = {flip.measure for flip in assessed.escalation.flips}
    assert flipped
    assert not flipped & set(shown)
    assert flipped_above(shown, assessed, names) == "They touch no measure of the table above."
    for one in sorted(flipped):
        assert flipped_above([*shown, one], assessed, names) == (
            f"They touch {one} of the table above."
        )
        (first,) = flip_sentences([one], assessed, names)
        assert names.measure(one) in first
