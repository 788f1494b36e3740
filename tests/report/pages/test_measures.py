"""The measures: their state in one table, who decides in another."""

from __future__ import annotations

from dataclasses import replace

from detente.report.document import Table
from detente.report.names import Names
from detente.report.pages.measures import measures_page


def tables(blocks):
    return [block for block in blocks if isinstance(block, Table)]


def having(training, *measures):
    """The training case with other measures."""
    file = training.measures_file.model_copy(update={"measures": measures})
    return replace(training, measures_file=file)


def deciders(training, names, assessed, **by_kind):
    """What is said of a measure on which so many decide, each as ``kind: parties``."""
    first = training.measures[0]
    one = first.decided_by[0]
    who = tuple(
        one.model_copy(update={"party": party, "who": kind})
        for kind, parties in by_kind.items()
        for party in parties
    )
    case = having(training, first.model_copy(update={"decided_by": who}))
    (_state, told) = tables(measures_page(case, assessed, Names(case, names.phrases)))
    keys = [column.key for column in told.frame.columns]
    return told.frame.rows[0][keys.index("decides")], one.level


def test_every_column_stands_in_one_of_two_tables(training, assessed, names):
    state, who = tables(measures_page(training, assessed, names))
    assert state.frame == who.frame
    assert len(state.frame.rows) == len(training.measures)
    keys = [column.key for column in state.frame.columns]
    assert sorted({*state.shown, *who.shown}) == sorted(keys)
    assert set(state.shown) & set(who.shown) == {"measure"}


def test_those_of_one_kind_and_level_are_told_together(training, assessed, names):
    said, level = deciders(training, names, assessed, government=["ALD", "BRE"], navy=["COR"])
    assert said == f"ALD, BRE: government ({level}); COR: navy ({level})"


def test_a_side_is_told_by_its_name(training, assessed, names):
    side = training.about.sides[0]
    said, level = deciders(training, names, assessed, government=[side.id])
    assert said == f"{names.group(side.id)}: government ({level})"
    assert names.group(side.id) != side.id


def test_a_case_without_measures_has_no_page(training, assessed, names):
    assert measures_page(having(training), assessed, names) == []
