"""What each measure does: pictures and verdicts, and which orders survive."""

from __future__ import annotations

from detente.escalation.results import OrderedPair
from detente.report.document import Chart, Heading
from detente.report.pages.effects import effects_page
from detente.report.pages.orders import orders_blocks


def test_every_measure_has_a_verdict_under_every_belief(assessed, names, frames_of):
    frame = frames_of(effects_page(assessed, names))["verdicts"]
    beliefs = assessed.escalation.beliefs
    assert [column.key for column in frame.columns[1:]] == [f"belief_{one.id}" for one in beliefs]
    assert {cell for row in frame.rows for cell in row[1:]} <= {"+", "=", "−", "?"}
    assert len(frame.rows) == len(names.case.measures)


def test_without_a_ladder_there_is_no_page(without_ladders, names):
    assert effects_page(without_ladders, names) == []


def test_bounds_alone_draw_nothing(bounds_only, names):
    blocks = effects_page(bounds_only, names)
    assert not [block for block in blocks if isinstance(block, Chart)]
    assert [block.anchor for block in blocks if isinstance(block, Heading)] == ["effects"]


def test_orders_name_both_measures(having, names, frames_of):
    results = having(orders=(OrderedPair("M07", "M04", 0.95),))
    rows = frames_of(orders_blocks(results, names))["orders"].rows
    assert rows == ((names.measure("M07"), names.measure("M04"), 0.95),)


def test_no_order_is_said_so(having, names, frames_of, words_of):
    blocks = orders_blocks(having(orders=()), names)
    assert "No measure does more than another under every belief." in words_of(blocks)
    assert "orders" not in frames_of(blocks)


def test_each_belief_has_its_preferred_measure_and_packages(assessed, names, frames_of):
    frames = frames_of(orders_blocks(assessed, names))
    telling = [names.belief(one.id) for one in assessed.escalation.beliefs if not one.bounds_only]
    assert [row[0] for row in frames["preferred"].rows] == telling
    assert {row[0] for row in frames["packages"].rows} == set(telling)
    assert all(0 <= row[2] <= 1 for row in frames["preferred"].rows)
