"""Tallies against an attacker who knows the rule and tries every row of counts."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from detente.elicitation.tallies import Tally, share, tallies
from detente.ground.errors import UsageError


def _rows(people, cells):
    for some in product(range(people + 1), repeat=cells - 1):
        if sum(some) <= people:
            yield (*some, people - sum(some))


def _alike(people, cells, least, tell):
    """Rows that look the same once told."""
    found = defaultdict(list)
    for row in _rows(people, cells):
        found[tell(row, least=least)].append(row)
    return found.values()


def _leaks(rows, least):
    """Whether rows that look alike share a cell under the least, or are all unanimous."""
    for place in range(len(rows[0])):
        values = {row[place] for row in rows}
        if len(values) == 1 and 0 < min(values) < least:
            return True
    people = sum(rows[0])
    return all(max(row) == people for row in rows)


@pytest.mark.parametrize("cells", [2, 3, 4])
@pytest.mark.parametrize("least", [2, 3, 4])
@pytest.mark.parametrize("people", range(2, 14))
def test_nobody_who_knows_the_rule_learns_of_a_small_cell_or_of_unanimity(people, cells, least):
    for rows in _alike(people, cells, least, tallies):
        assert not _leaks(rows, least), rows


def test_the_attacker_finds_what_plain_counts_tell():
    plain = _alike(6, 3, 3, lambda row, **_: row)
    assert any(_leaks(rows, 3) for rows in plain)


def test_without_the_second_range_the_attacker_would_subtract():
    def careless(row, *, least):
        return tuple("few" if count < least else count for count in row)

    assert any(_leaks(rows, 3) for rows in _alike(12, 3, 3, careless))


@pytest.mark.parametrize("people", range(2, 14))
def test_the_true_count_lies_in_its_range(people):
    for row in _rows(people, 3):
        for count, tally in zip(row, tallies(row, least=3), strict=True):
            assert tally.low <= count <= tally.high
            assert tally.people == people


def test_examples():
    assert share(6, 12, least=3) == Tally(6, 6, 12)
    assert share(12, 12, least=3) == share(10, 12, least=3) == Tally(10, 12, 12)
    assert share(2, 12, least=3) == Tally(0, 2, 12)
    assert share(3, 3, least=3) == Tally(0, 3, 3)


@pytest.mark.parametrize(("counts", "least"), [((3,), 3), ((3, -1), 3), ((3, 4), 1)])
def test_what_is_no_row_is_refused(counts, least):
    with pytest.raises(UsageError):
        tallies(counts, least=least)
