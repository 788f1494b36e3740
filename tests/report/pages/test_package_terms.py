"""What the package costs, what counts only together, and which groups it meets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.assessment.results import GroupUse
from detente.report.document import Heading
from detente.report.pages.package_terms import terms_blocks
from detente.report.pages.packages import packages_page


@pytest.fixture
def blocks(training, assessed, names):
    """The blocks where the bargaining found something else in some fields."""

    def made(**changes):
        return terms_blocks(training, replace(assessed.bargaining, **changes), names)

    return made


def test_nothing_is_told_where_the_case_states_nothing(blocks):
    assert blocks(budgets=(), joint_gains=(), groups=()) == []


def test_the_page_has_the_terms_between_the_packages_and_the_path(
    training, assessed, names, words_of
):
    blocks = packages_page(training, assessed, names)
    anchors = [block.anchor for block in blocks if isinstance(block, Heading)]
    assert anchors.index("agreement-terms") < anchors.index("agreement-path")
    assert words_of(terms_blocks(training, assessed.bargaining, names)) in words_of(blocks)


def test_what_is_spent_is_told_by_measure(blocks, frames_of, assessed):
    (row,) = frames_of(blocks())["package-budgets"].rows
    (use,) = assessed.bargaining.budgets
    assert row[0] == "Officers whom both sides can spare for two years (officers)"
    assert row[1] == "Highland and Lowland"
    assert (row[2], row[3], row[4]) == (110, 140, use.spent)
    assert all(f"{name}\N{NO-BREAK SPACE}{cost:g}" in row[5] for name, cost in use.costs)
    assert row[7] == "illustrative"


def test_a_budget_that_binds_names_what_it_keeps_out(blocks, words_of, assessed):
    (use,) = assessed.bargaining.budgets
    assert "110 of 110 officers. It binds: without it the package would be another, with M12." in (
        words_of(blocks())
    )
    free = replace(use, binds=False)
    assert "without it the package would be the same" in words_of(blocks(budgets=(free,)))


def test_costs_have_the_decimals_that_they_need(blocks, words_of, assessed):
    (use,) = assessed.bargaining.budgets
    part = replace(use, limit=110.25, spent=1.5, costs=(("M02", 1.5),))
    assert "1.50 of 110.25 officers" in words_of(blocks(budgets=(part,)))


def test_an_offer_is_told_with_what_it_brings_and_what_would_be_without(blocks, frames_of):
    first, second = frames_of(blocks())["package-together"].rows
    assert first[:5] == ("M06 + M09", None, pytest.approx(16), "yes", "without M06")
    assert second[:5] == (
        "M09 + (M10 or M12)",
        pytest.approx(8),
        pytest.approx(-1),
        "yes",
        "the same package",
    )
    assert "invented for training" in str(first[-1])


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(1, None, "at least 1"), (0, 2, "at most 2"), (2, 2, "exactly 2"), (1, 2, "1 to 2")],
)
def test_what_a_group_asks_for_is_in_words(
    training, assessed, names, frames_of, least, most, words
):
    file = training.packages_file
    group = file.groups[0].model_copy(update={"at_least": least, "at_most": most})
    case = replace(training, packages_file=file.model_copy(update={"groups": (group,)}))
    held = GroupUse(group.id, least, most or 3, ())
    found = replace(assessed.bargaining, groups=(held,))
    (row,) = frames_of(terms_blocks(case, found, names))["package-groups"].rows
    assert row[2] == words
    assert row[3] == "none"


def test_a_conflict_names_budgets_and_groups_by_their_titles(names):
    assert names.constraint("budget officers") == (
        "budget: Officers whom both sides can spare for two years"
    )
    assert names.constraint("count seen-from-outside") == (
        "how many of: Measures that the other side sees with its own eyes"
    )
    assert names.constraint("gain of highland") == "no loss for Highland"
