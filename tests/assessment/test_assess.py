"""The whole assessment of the training case: what may not change it, and what may not leave it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from detente.assessment.assess import assess
from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.case.model import Answer
from detente.case.read import read_case

POINTS = 64


@pytest.fixture(scope="module")
def training(root: Path) -> Case:
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def assessed(training: Case) -> AssessmentResults:
    return assess(training, points=POINTS)


def classes(results: AssessmentResults) -> dict[str, str]:
    return {one.measure: one.kind for one in results.ground}


def renamed(answers: tuple[Answer, ...], party: str, clone: str) -> tuple[Answer, ...]:
    """The answers of ``party`` once more, from other people of the party ``clone``."""
    return tuple(
        row.model_copy(update={"party": clone, "participant": f"{row.participant}-{clone}"})
        for row in answers
        if row.party == party
    )


def with_clone(case: Case, party: str, clone: str, *, keep: bool) -> Case:
    """``case`` with a party of the same views beside (or instead of) ``party``."""
    twin = case.party_by_id[party].model_copy(update={"id": clone})
    side = case.side_of[party]

    def members(names: tuple[str, ...]) -> tuple[str, ...]:
        return (*names, clone) if party in names else names

    about = case.about.model_copy(
        update={
            "parties": (*case.about.parties, twin),
            "sides": tuple(
                one.model_copy(update={"parties": members(one.parties)}) if one.id == side else one
                for one in case.about.sides
            ),
            "tracks": tuple(
                one.model_copy(update={"parties": members(one.parties)})
                for one in case.about.tracks
            ),
        }
    )
    kept = case.answers if keep else tuple(a for a in case.answers if a.party != party)
    return dataclasses.replace(
        case, about=about, answers=(*kept, *renamed(case.answers, party, clone))
    )


@pytest.mark.parametrize("party", ["ALD", "BRE", "COR", "DAL"])
def test_adding_a_party_with_identical_views_changes_no_class(
    training: Case, assessed: AssessmentResults, party: str
) -> None:
    cloned = assess(with_clone(training, party, "TWIN", keep=True), points=POINTS)
    assert classes(cloned) == classes(assessed)


def test_splitting_a_party_into_two_with_its_views_changes_no_class(
    training: Case, assessed: AssessmentResults
) -> None:
    first = with_clone(training, "COR", "C1", keep=True)
    split = with_clone(first, "COR", "C2", keep=False)
    assert classes(assess(split, points=POINTS)) == classes(assessed)


def test_every_class_of_common_ground_and_of_the_ledger_occurs(
    assessed: AssessmentResults,
) -> None:
    """The training case is there to show each of them."""
    assert set(classes(assessed).values()) == {
        "shared-ground",
        "acceptable",
        "tradeable",
        "contested",
        "red-line",
    }
    assert {entry.kind for entry in assessed.ledger} == {
        "valued-and-cheap",
        "valued-and-dear",
        "gift-nobody-wants",
        "unnoticed-opening",
        "cannot-tell",
    }


def test_a_withheld_party_is_named_in_no_result_of_answers(assessed: AssessmentResults) -> None:
    withheld = {one.group for one in assessed.elicitation.withheld}
    assert withheld
    named = {stake.party for stake in assessed.stakes}
    named |= {party for one in assessed.ground for party in one.limiting}
    named |= {party for one in assessed.choices for party in one.red_lines}
    named |= {one.group for one in assessed.elicitation.priorities}
    named |= {one.group for one in assessed.elicitation.perceptions}
    asked = [one for one in assessed.agenda if not one.criterion]
    named |= {who for one in asked for who in (one.a, one.b)}
    named |= {turn.holder for one in asked for turn in one.turns}
    assert not named & withheld


def test_the_same_case_gives_the_same_results(training: Case, assessed: AssessmentResults) -> None:
    assert assess(training, points=POINTS) == assessed


def test_the_agenda_has_three_kinds_and_the_path_three_balanced_steps(
    assessed: AssessmentResults,
) -> None:
    assert {one.kind for one in assessed.agenda} == {"factual", "value", "trust"}
    assert all(one.turns for one in assessed.agenda if one.minutes)
    weighing = {who for one in assessed.agenda if one.criterion for who in (one.a, one.b)}
    assert weighing <= {one.party for one in assessed.weights}  # what may be shown of weights
    assert 0 < sum(one.minutes for one in assessed.agenda) <= 180
    assert [step.number for step in assessed.path] == [1, 2, 3]
    for step in assessed.path:
        assert {gift.side for gift in step.gifts} == {"highland", "lowland"}
        assert step.balance is not None
        assert step.balance > 0.8


def test_no_survivor_is_worse_or_unknown_under_any_belief(assessed: AssessmentResults) -> None:
    beliefs = {belief.id for belief in assessed.escalation.beliefs}
    for choice in assessed.choices:
        verdicts = dict(choice.verdicts)
        assert set(verdicts) == beliefs
        assert set(verdicts.values()) <= {"better", "no-difference"}
