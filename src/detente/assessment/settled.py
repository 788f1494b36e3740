"""What is settled between measures of a case whatever weights fit, for each party and for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from detente.assessment.relations import LEVEL, GroupRelations, Relations, of_group
from detente.assessment.results import SharedKind, SharedRelation
from detente.assessment.stated_weights import weight_set
from detente.assessment.value import PartyGains
from detente.case.case import Case

COVERAGE = 0.9  # the share of belief within the interval of a difference of scores


def party_relations(case: Case, gains: PartyGains, *, coverage: float = COVERAGE) -> Relations:
    """Relations where the difference of two scores lies within its interval at the common points.

    Parameters
    ----------
    case
        The case of the gains, for what the party stated of weights.
    gains
        The differences (N, m, n) of one party.
    coverage
        The share of belief within the interval of a difference; 0 leaves its median.

    Notes
    -----
    a is necessarily at least as good as b where min over w of sum_c w_c q_c(a, b) >= 0, with q_c
    the (1 - coverage) / 2 quantile of v_c(a) - v_c(b). What is the same for both, as a fact or the
    trend, cancels. A criterion that does not count a second time is the same for all; what is left
    to weigh need not add up to 1, which changes no sign. Sources: `relations`.

    """
    stated = next(one for one in case.criteria_file.weights if one.party == gains.party)
    allowed = weight_set(stated, case.criteria)
    places = [allowed.criteria.index(name) for name in gains.criteria]
    m = len(gains.measures)
    low = np.zeros((m, m, len(allowed.criteria)))
    for a in range(m):
        apart = gains.differences[:, a, None, :] - gains.differences
        low[a][:, places] = np.quantile(apart, (1 - coverage) / 2, axis=0)
    least = np.array([allowed.lowest(gap) for gap in low.reshape(m * m, -1)]).reshape(m, m)
    np.fill_diagonal(least, 0.0)
    most = -least.T
    return Relations(gains.measures, least, most, least >= -LEVEL, most >= -LEVEL)


def in_common(parties: Sequence[Relations]) -> GroupRelations | None:
    """What several parties have in common on the options that all of them value; else None."""
    if len(parties) < 2:
        return None
    shared = [
        name for name in parties[0].options if all(name in one.options for one in parties[1:])
    ]
    return of_group([_of_options(one, shared) for one in parties]) if shared else None


def _of_options(found: Relations, options: Sequence[str]) -> Relations:
    places = np.ix_(*[[found.options.index(name) for name in options]] * 2)
    return replace(
        found,
        options=tuple(options),
        least=found.least[places],
        most=found.most[places],
        necessary=found.necessary[places],
        possible=found.possible[places],
    )


def held(group: GroupRelations) -> tuple[tuple[str, str, SharedKind], ...]:
    """Of every ordered pair of options the strongest that holds: (option, as, kind).

    It is said that the first is at least as good as the second.
    """
    flags = (
        group.necessary_for_all,
        group.necessary_for_some_possible_for_all,
        group.necessary_for_some,
        group.possible_for_all,
        group.possible_for_some,
        ~group.possible_for_some,
    )
    kinds = tuple(zip(get_args(SharedKind), flags, strict=True))
    places = range(len(group.options))
    return tuple(
        (group.options[a], group.options[b], next(kind for kind, one in kinds if one[a, b]))
        for a in places
        for b in places
        if a != b
    )


def shared_relations(parties: Sequence[Relations]) -> tuple[SharedRelation, ...]:
    """The same by kind and measure, the strongest kind first; empty where nothing is shared."""
    group = in_common(parties)
    others: dict[tuple[SharedKind, str], list[str]] = {}
    for option, other, kind in held(group) if group else ():
        others.setdefault((kind, option), []).append(other)
    return tuple(
        SharedRelation(kind, measure, tuple(them))
        for kind in get_args(SharedKind)
        for (own, measure), them in others.items()
        if own == kind
    )
