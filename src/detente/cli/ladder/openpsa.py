"""Open-PSA files of the command line: the model, and which of its outcomes are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from detente.cli.files import contents, waiting
from detente.cli.words import _
from detente.escalation.openpsa.model import BasicEvent, MefModel
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.outcomes import Outcome, gate_outcomes, sequence_outcomes
from detente.escalation.openpsa.read import read_openpsa
from detente.ground.errors import UsageError


def read_model(files: Iterable[Path]) -> MefModel:
    """The model that the files state together; raises `CaseError` with every finding."""
    with waiting(_("reading")):
        return read_openpsa({str(path): contents(path) for path in files})


def asked(
    model: MefModel, gates: Sequence[str], ends: Sequence[str], *, time: float | None
) -> tuple[Outcome, ...]:
    """The gates and sequences that are named; else all sequences, or all top gates."""
    if gates or ends:
        named = gate_outcomes(model, gates) if gates else ()
        return (*named, *(_sequence(model, ends, time) if ends else ()))
    return sequence_outcomes(model, time=time) or gates_there(model)


def gates_there(model: MefModel) -> tuple[Outcome, ...]:
    """All top gates.

    Raises
    ------
    UsageError
        Where there is nothing to solve.

    """
    found = gate_outcomes(model)
    if not found:
        raise UsageError(_("The files have no gate and no event tree; name those that do."))
    return found


def _sequence(model: MefModel, ends: Sequence[str], time: float | None) -> list[Outcome]:
    found = sequence_outcomes(model, time=time)
    names = {one.name for one in found}
    for name in ends:
        if name not in names:
            told = ", ".join(sorted(names)[:20]) or _("none")
            raise UsageError(
                _("No sequence `{name}`; there are: {told}.", name=name, told=told),
            )
    return [one for one in found if one.name in ends]


def of_events(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those that events alone decide.

    Raises
    ------
    UsageError
        Where there is none.

    """
    listed = list(outcomes)
    found = [one for one in listed if one.gate is not None]
    if not found:
        names = _.list([one.name for one in listed][:5])
        raise UsageError(
            _("The paths to {names} take up factors that are no events.", names=names),
        )
    return found


def called(outcome: Outcome) -> str:
    """An outcome by its name, and what it starts with."""
    return f"{outcome.starts}: {outcome.name}" if outcome.starts else outcome.name


def has_probabilities(model: MefModel) -> bool:
    """Whether any basic event has a probability."""
    return any(
        isinstance(one.definition, BasicEvent) and one.definition.expression is not None
        for one in names_of(model).events.values()
    ) or bool(names_of(model).groups)
