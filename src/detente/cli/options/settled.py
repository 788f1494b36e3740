"""The relations between options of each party, and what the parties have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.assessment.relations import LEVEL, GroupRelations, Relations, of_group
from detente.assessment.relations import relations as related
from detente.assessment.stated_weights import weight_set
from detente.cli.options.views import View

if TYPE_CHECKING:
    from detente.assessment.value import PartyGains
    from detente.case.case import Case


@dataclass(frozen=True, eq=False)
class Settled:
    """The relations of one party."""

    party: str
    relations: Relations

    def told(self) -> dict[str, Any]:
        """The same for JSON: all ordered pairs."""
        found = self.relations
        places = range(len(found.options))
        return {
            "options": found.options,
            "pairs": [
                {
                    "option": found.options[a],
                    "as": found.options[b],
                    "least": float(found.least[a, b]),
                    "most": float(found.most[a, b]),
                    "necessary": bool(found.necessary[a, b]),
                    "possible": bool(found.possible[a, b]),
                }
                for a in places
                for b in places
                if a != b
            ],
        }


def in_views(views: Sequence[View], coverage: float) -> tuple[Settled, ...]:
    """The relations of each view."""
    return tuple(
        Settled(one.party, related(one.inputs.problem, one.inputs.weights, coverage=coverage))
        for one in views
    )


def in_case(case: Case, gains: Sequence[PartyGains], coverage: float) -> tuple[Settled, ...]:
    """The relations of parties of a case, by the weights that each allows."""
    return tuple(Settled(one.party, _of_party(case, one, coverage)) for one in gains)


def _of_party(case: Case, gains: PartyGains, coverage: float) -> Relations:
    """Relations where the difference of two scores lies within its interval at the common points.

    So what is the same for both, as a fact or the trend, cancels. A criterion that does not count
    a second time is the same for all; what is left to weigh need not add up to 1, which changes
    no sign.
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


# What holds of an ordered pair for several parties, the strongest first.
NECESSARY_FOR_ALL = "necessary-for-all"
NECESSARY_FOR_SOME = "necessary-for-some-possible-for-all"
APART = "necessary-for-some-impossible-for-others"


def common(group: GroupRelations) -> tuple[tuple[str, str, str], ...]:
    """Of every ordered pair (option, as, what holds of it for the parties)."""
    held = {
        NECESSARY_FOR_ALL: group.necessary_for_all,
        NECESSARY_FOR_SOME: group.necessary_for_some_possible_for_all,
        APART: group.necessary_for_some,
        "possible-for-all": group.possible_for_all,
        "possible-for-some": group.possible_for_some,
        "impossible-for-all": ~group.possible_for_some,
    }
    places = range(len(group.options))
    return tuple(
        (group.options[a], group.options[b], next(name for name, one in held.items() if one[a, b]))
        for a in places
        for b in places
        if a != b
    )


def in_common(found: Sequence[Settled]) -> GroupRelations | None:
    """What several parties have in common on the options that all of them value; else None."""
    if len(found) < 2:
        return None
    shared = [
        name
        for name in found[0].relations.options
        if all(name in one.relations.options for one in found)
    ]
    if not shared:
        return None
    return of_group([_of_options(one.relations, shared) for one in found])


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
