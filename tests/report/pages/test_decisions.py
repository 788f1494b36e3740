"""Page 2: what stands below the table of measures that survive."""

from __future__ import annotations

from detente.report.document import Link
from detente.report.pages.decisions import MOST_NAMED, _legend


def test_a_few_beliefs_are_named_under_the_table(having, assessed, names):
    few = assessed.escalation.beliefs[:MOST_NAMED]
    (said,) = _legend(having(beliefs=few), names)
    assert all(names.belief(one.id) in said for one in few)


def test_many_beliefs_are_counted_and_lead_to_their_names(assessed, names):
    assert len(assessed.escalation.beliefs) > MOST_NAMED
    said = _legend(assessed, names)
    assert f"under {len(assessed.escalation.beliefs)} sets of numbers" in said[0]
    assert Link("all of them", "#verdicts") in said
