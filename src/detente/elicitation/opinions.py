"""Opinion groups among the people of a case, whatever their side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.case.case import Case
from detente.elicitation.answers import latest
from detente.elicitation.disclosure import members, sets_showable
from detente.elicitation.opinion import groups as opinion
from detente.elicitation.opinion.representative import Support
from detente.elicitation.opinion.votes import Conversation, conversation
from detente.elicitation.results import Group, OpinionGroup, OpinionGroups, Representative
from detente.elicitation.tallies import share
from detente.ground.chance import stream

DRAWS = 200


def opinions(case: Case, groups: Sequence[Group]) -> OpinionGroups | None:
    """The opinion groups of a case with their stability; None where nobody voted.

    Refused where unstable. Where a group may not be shown beside the tables of ``groups``, none is.
    """
    votes = _votes(case)
    if votes is None:
        return None
    found = opinion.opinion_groups(votes, rng=stream(case.about.seed, "opinions"), draws=DRAWS)
    if found.ari_median is None or found.ari_p10 is None:
        return None
    sets = {
        str(place): frozenset(votes.people[row] for row in group.people)
        for place, group in enumerate(found.groups)
    }
    before = [members(case, group) for group in groups]
    shown = len(sets_showable(case, sets, before=before)) == len(sets)
    return OpinionGroups(
        stable=found.stable,
        ari_median=found.ari_median,
        ari_low=found.ari_p10,
        draws=DRAWS,
        people=found.placed,
        groups=tuple(_told(case, group) for group in found.groups) if shown else (),
    )


def _votes(case: Case) -> Conversation | None:
    said = latest(case, "statement")
    if not said:
        return None
    people = tuple(sorted({one.participant for one in said}))
    statements = tuple(statement.id for statement in case.statements)
    values = np.zeros((len(people), len(statements)), dtype=np.int8)
    voted = np.zeros(values.shape, dtype=bool)
    row = {person: place for place, person in enumerate(people)}
    column = {statement: place for place, statement in enumerate(statements)}
    for one in said:
        place = row[one.participant], column[one.item]
        values[place], voted[place] = one.value, True
    return conversation(values, voted, people=people, statements=statements)


def _told(case: Case, group: opinion.Group) -> OpinionGroup:
    supports = (_support(case, support) for support in group.representative)
    return OpinionGroup(group.size, tuple(one for one in supports if one is not None))


def _support(case: Case, support: Support) -> Representative | None:
    """What may be told of it; None where that is nothing, or that hardly anybody holds it."""
    tally = share(support.successes, support.trials, least=case.about.min_cell)
    if tally.low == 0:
        return None
    statement = case.statements[support.statement].id
    return Representative(statement, support.direction, tally.low, tally.high, tally.people)
