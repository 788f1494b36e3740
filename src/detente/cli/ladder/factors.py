"""Importance factors of events, of Open-PSA files and of ladders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detente.cli.files import waiting
from detente.cli.ladder.of_case import chosen, made_ready, names_of
from detente.cli.ladder.openpsa import asked, called, of_events, read_model
from detente.cli.show import number, print_table, say
from detente.cli.words import _
from detente.escalation.engine.importance import Importance
from detente.escalation.engine.solve import solved
from detente.escalation.ladder import IN_CRISIS
from detente.escalation.openpsa.evaluate import values
from detente.escalation.openpsa.outcomes import Functions
from detente.escalation.ways import event_importance, medians

FIELDS = {
    "MIF": "birnbaum",
    "CIF": "critical",
    "DIF": "diagnostic",
    "RAW": "achievement",
    "RRW": "reduction",
}


@dataclass(frozen=True)
class Factors:
    """The factors of one event."""

    event: str
    probability: float
    MIF: float
    CIF: float
    DIF: float
    RAW: float
    RRW: float


@dataclass(frozen=True)
class OutcomeFactors:
    """The factors of the events of one outcome, and the outcome's own probability."""

    outcome: str
    belief: str
    probability: float
    coherent: bool
    events: tuple[Factors, ...]

    def sorted(self, by: str, most: int | None) -> OutcomeFactors:
        """The largest first by one factor; what has none stands last."""

        def size(one: Factors) -> float:
            value: float = getattr(one, by)
            return math.inf if math.isnan(value) else -value

        return replace(self, events=tuple(sorted(self.events, key=size)[:most]))


def _factors(
    events: Sequence[str], probabilities: Sequence[float], found: Importance
) -> tuple[Factors, ...]:
    columns = [getattr(found, name).tolist() for name in FIELDS.values()]
    return tuple(
        Factors(event, probability, *row)
        for event, probability, row in zip(
            events, probabilities, zip(*columns, strict=True), strict=True
        )
    )


def model_factors(
    files: Sequence[Path], gates: Sequence[str], ends: Sequence[str], *, time: float | None
) -> list[OutcomeFactors]:
    """The factors of the outcomes of Open-PSA files; of events that an outcome rests on."""
    model = read_model(files)
    outcomes = of_events(asked(model, gates, ends, time=time))
    chances, functions = values(model, time=time), Functions()
    told = []
    with waiting(_("solving")):
        for one in outcomes:
            found = solved(functions.of(one.circuit, one.gate or ""), chances)
            every = [chances[name] for name in found.events]
            missing = set(found.missing)
            rows = _factors(found.events, every, found.importance)
            needed = tuple(row for row in rows if row.event not in missing)
            told.append(OutcomeFactors(called(one), "", found.probability, found.coherent, needed))
    return told


def case_factors(path: Path, belief: str | None) -> list[OutcomeFactors]:
    """The factors of the ladders of a case, at the medians of the numbers of each belief."""
    made = made_ready(path)
    names = names_of(made)
    told = []
    for each in chosen(made, belief):
        at = medians(each)
        for ladder in made.at_headline[each.id]:
            found = event_importance(ladder, at)
            events = [names.text(dict(title)) for title in found.titles]
            every = [at[parameter] for parameter in found.parameters]
            rows = tuple(row for row in _factors(events, every, found.factors) if row.MIF)
            name = ladder.ladder
            if ladder.id.endswith(IN_CRISIS):
                name = _("{ladder}, in a crisis", ladder=name)
            told.append(OutcomeFactors(name, each.id, found.probability, found.coherent, rows))
    return told


def print_factors(told: Sequence[OutcomeFactors]) -> None:
    """The same as tables."""
    for one in told:
        title = _(
            "{outcome}: probability {probability}",
            outcome=f"{one.belief}, {one.outcome}" if one.belief else one.outcome,
            probability=number(one.probability, 6),
        )
        print_table(
            title,
            (_("event"), _("probability"), *FIELDS),
            (
                (row.event, number(row.probability), *(number(getattr(row, f), 4) for f in FIELDS))
                for row in one.events
            ),
        )
    if not all(one.coherent for one in told):
        say(
            _(
                "Where the MIF is below 0, the event makes the outcome less probable by happening: "
                "the outcome is not coherent."
            )
        )
