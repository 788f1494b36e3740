"""What state each measure is in on the day that the case names."""

from __future__ import annotations

from detente.assessment.results import MeasureState
from detente.case.case import Case
from detente.case.model import Measure

LAPSED = frozenset({"expired", "overtaken"})


def measure_states(case: Case) -> tuple[MeasureState, ...]:
    """The latest state of each measure; one without any is `needs-agreement` without a date.

    What expired or was overtaken is no longer possible; what is suspended can be taken up again.
    """
    return tuple(_state(measure) for measure in case.measures)


def _state(measure: Measure) -> MeasureState:
    if not measure.status:
        return MeasureState(measure.id, "needs-agreement", "", True, "", "")  # noqa: FBT003
    latest = max(measure.status, key=lambda status: status.since)
    possible = latest.state not in LAPSED
    return MeasureState(
        measure.id, latest.state, latest.since, possible, latest.note, latest.source
    )
