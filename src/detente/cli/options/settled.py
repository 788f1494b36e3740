"""The relations between options of each party, and what the parties have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.assessment.relations import Relations
from detente.assessment.relations import relations as related
from detente.assessment.settled import held, in_common, party_relations
from detente.cli.options.views import View

if TYPE_CHECKING:
    from detente.assessment.results import SharedKind
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
    return tuple(Settled(one.party, party_relations(case, one, coverage=coverage)) for one in gains)


def common(found: Sequence[Settled]) -> tuple[tuple[str, str, SharedKind], ...] | None:
    """Of every ordered pair (option, as, what holds of it for the parties); None of one party."""
    group = in_common([one.relations for one in found])
    return held(group) if group else None
