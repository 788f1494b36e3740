"""The classes of the ledger follow from where intervals lie, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.ledger import ledger_class, worth_giving
from detente.assessment.results import LedgerEntry
from detente.elicitation.results import Spread


def around(mid: float, half: float = 1.0) -> Spread:
    return Spread(mid - half, mid, mid + half)


@pytest.mark.parametrize(
    ("expected", "said", "cost", "kind"),
    [
        (8, 8, 2, "valued-and-cheap"),
        (8, 8, 8, "valued-and-dear"),
        (2, 8, 2, "unnoticed-opening"),
        (2, 8, 8, "unnoticed-opening"),
        (8, 2, 2, "gift-nobody-wants"),
        (2, 2, 2, "cannot-tell"),
        (8, 8, 5, "cannot-tell"),
        (8, 5, 2, "cannot-tell"),
        (5, 8, 2, "cannot-tell"),
        (5, 8, 8, "cannot-tell"),
        (8, 5, 8, "cannot-tell"),
        (2, 8, 5, "unnoticed-opening"),
        (8, 2, 5, "gift-nobody-wants"),
    ],
)
def test_class_by_the_rule_as_printed(expected: float, said: float, cost: float, kind: str) -> None:
    assert ledger_class(around(expected), around(said), around(cost)) == kind


def test_without_both_views_nothing_is_told() -> None:
    assert ledger_class(None, around(9), around(1)) == "cannot-tell"
    assert ledger_class(around(9), None, around(1)) == "cannot-tell"


ratings = st.floats(0, 10)


@given(ratings, ratings, ratings)
def test_wide_intervals_never_tell(expected: float, said: float, cost: float) -> None:
    wide = [Spread(0, value, 10) for value in (expected, said, cost)]
    assert ledger_class(*wide) == "cannot-tell"


@pytest.mark.parametrize(
    ("expected", "said", "cost", "given"),
    [
        (8, 8, 2, True),
        (5, 8, 2, True),  # whether the giver knows is open; that it is valued and cheap is not
        (2, 8, 5, True),
        (2, 8, 8, False),
        (8, 8, 5, False),
        (8, 8, 8, False),
        (8, 5, 2, False),
        (8, 2, 2, False),
    ],
)
def test_worth_giving_is_what_is_valued_and_not_dear(expected, said, cost, given) -> None:
    spreads = around(expected), around(said), around(cost)
    kind = ledger_class(*spreads)
    one = LedgerEntry("m", "a", "b", *spreads[:2], None, spreads[2], None, None, 5, 5, kind)
    assert worth_giving(one) == given


def test_with_no_cost_known_an_opening_is_an_opening_and_nothing_else_is_told() -> None:
    assert ledger_class(around(2), around(8), None) == "unnoticed-opening"
    assert ledger_class(around(8), around(8), None) == "cannot-tell"
