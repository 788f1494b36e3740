"""Where only public positions are known: what one party offers and another refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.assessment.positions import ground_from_positions
from detente.assessment.results import Disagreement, Ground, Stand, Turn
from detente.case.case import Case

WILLING = ("offered", "accepted")
REFUSED = "refused"


def refusals(
    case: Case, ground: Sequence[Ground], stands: Sequence[Stand]
) -> Iterator[Disagreement]:
    """Measures that one side offers and the other refuses, by positions that are verified."""
    open_kinds = {g.measure for g in ground if g.by == "positions" and g.kind == "tradeable"}
    for measure in [m.id for m in case.measures if m.id in open_kinds]:
        cells = [s for s in stands if s.measure == measure and s.row is not None]
        willing = next((s for s in cells if s.position in WILLING), None)
        refusing = next((s for s in cells if s.position == REFUSED), None)
        if willing and refusing and not (willing.second_hand or refusing.second_hand):
            yield Disagreement(
                "stand", "", measure, willing.party, refusing.party,
                willing.position, refusing.position, turns=_turns(case, cells, willing, refusing),
            )  # fmt: skip


def _turns(case: Case, cells: Sequence[Stand], willing: Stand, refusing: Stand) -> tuple[Turn, ...]:
    """Whether no side would refuse it any more if this party stood where the other does."""
    asked = [replace(s, position=willing.position) if s is refusing else s for s in cells]
    kinds = {one.measure: one.kind for one in ground_from_positions(case, asked)}
    measure = refusing.measure
    if kinds[measure] not in ("shared-ground", "acceptable"):
        return ()
    return (Turn("ground", "pivot", refusing.party, (measure,), ()),)
