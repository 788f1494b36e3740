"""On which statements every side agrees, as far as its few votes can tell."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.camps import verdict
from detente.elicitation.disclosure import Cell, cells
from detente.elicitation.results import CampVotes, Group, Stance, StatementVerdict
from detente.elicitation.tallies import Tally, share


def statements(case: Case, groups: Sequence[Group]) -> tuple[StatementVerdict, ...]:
    """The verdict on every statement on which any side of the case may be shown.

    The verdict rests on the least that is told of each side's votes, not on the votes: else it
    would tell what the table withholds. Where a side is withheld it is *too few* answers, and of
    every side there is no chance to tell.
    """
    judgements = latest(case, "statement")
    sides = [group for group in groups if group.kind == "side"]
    found = []
    for statement in case.statements:
        own = [judgement for judgement in judgements if judgement.item == statement.id]
        camps = cells(case, sides, own, categories=True)
        if camps:
            found.append(_verdict(case, statement.id, camps))
    return tuple(found)


def _verdict(case: Case, statement: str, camps: Sequence[Cell]) -> StatementVerdict:
    agree, disagree = (
        [_taken(votes, sign, case.about.min_cell) for _, votes in camps] for sign in (1, -1)
    )
    kind, all_agree, all_disagree = verdict(
        [(tally.low, tally.people) for tally in agree],
        [(tally.low, tally.people) for tally in disagree],
        threshold=case.statements_file.threshold,
    )
    stance: Stance = "agree" if all_agree >= all_disagree else "disagree"
    votes = tuple(
        _camp(group.id, *both) for (group, _), *both in zip(camps, agree, disagree, strict=True)
    )
    whole = len(camps) == len(case.about.sides)
    alike = whole and all(camp.stance == stance for camp in votes)
    return StatementVerdict(
        statement=statement,
        kind=kind if whole else "too-few",
        stance=stance,
        chance=max(all_agree, all_disagree) if alike else None,
        camps=votes,
    )


def _taken(votes: Sequence[Judgement], sign: int, least: int) -> Tally:
    return share(sum(vote.value == sign for vote in votes), len(votes), least=least)


def _camp(group: str, agree: Tally, disagree: Tally) -> CampVotes:
    """One stance is told: both together would tell how many passed."""
    if (agree.low, agree.high) >= (disagree.low, disagree.high):
        return CampVotes(group, "agree", agree.low, agree.high, agree.people)
    return CampVotes(group, "disagree", disagree.low, disagree.high, disagree.people)
