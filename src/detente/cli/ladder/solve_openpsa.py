"""Open-PSA files solved: gates, sequences, and the spread that uncertain numbers give them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.cli.files import waiting
from detente.cli.ladder.openpsa import read_model
from detente.cli.show import number, print_table, say, yes_no
from detente.cli.words import _
from detente.escalation.openpsa.evaluate import deviates
from detente.escalation.openpsa.model import MefModel
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.outcomes import (
    Evaluation,
    Functions,
    Outcome,
    gate_outcomes,
    sampled_values,
    sequence_outcomes,
)
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

SEED = 1


def solved_model(
    files: Sequence[Path],
    gates: Sequence[str],
    *,
    samples: int | None,
    seed: int | None,
    time: float | None,
) -> dict[str, Any]:
    """Everything that `detente ladder solve` tells of a model, for JSON."""
    model = read_model(files)
    tops = gate_outcomes(model, gates)
    ends = () if gates else sequence_outcomes(model, time=time)
    if not tops and not ends:
        raise UsageError(_("The files have no gate and no event tree; name those that do."))
    functions = Functions()
    point = Evaluation(model, functions, time=time)
    with waiting(_("solving")):
        told = {
            **_facts(model),
            "samples": samples,
            "seed": None if samples is None else (SEED if seed is None else seed),
            "gates": [_gate(one, point) for one in tops],
            "sequences": [_sequence(one, point) for one in ends],
        }
    if samples is not None:
        with waiting(_("sampling")):
            drawn = sampled_values(
                model, (*tops, *ends), functions, samples=samples, seed=told["seed"], time=time
            )
        for one, values in zip((*told["gates"], *told["sequences"]), drawn, strict=True):
            one["spread"] = _spread(values)
    return told


def _facts(model: MefModel) -> dict[str, Any]:
    names = names_of(model)
    kinds = [names.kind(name) for name in names.events]
    return {
        "model": model.name,
        "events": kinds.count("basic-event"),
        "gates_in_all": kinds.count("gate"),
        "uncertain": len(deviates(model)),
    }


def _gate(outcome: Outcome, point: Evaluation) -> dict[str, Any]:
    function = point.functions.of(outcome.circuit, outcome.name)
    return {
        "gate": outcome.name,
        "probability": float(point.probability(outcome)[0]),
        "coherent": function.coherent,
        "events": int((function.moves != 0).sum()),
        "nodes": function.nodes,
        "modules": len(function.modules),
        "spread": None,
    }


def _sequence(outcome: Outcome, point: Evaluation) -> dict[str, Any]:
    rate = point.frequency(outcome)
    share = float(point.probability(outcome)[0])
    return {
        "starts": outcome.starts,
        "starts_frequency": None if rate is None else float(rate[0]),
        "sequence": outcome.name,
        "probability": share,
        "frequency": None if rate is None else share * float(rate[0]),
        "spread": None,
    }


def _spread(values: Floats) -> dict[str, float]:
    low, mid, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {"mean": values.mean(), "low": low, "mid": mid, "high": high}


def print_model(told: dict[str, Any]) -> None:
    """The same as tables."""
    facts = [
        _.n("{n} basic event", "{n} basic events", told["events"]),
        _.n("{n} gate", "{n} gates", told["gates_in_all"]),
        _.n("{n} uncertain number", "{n} uncertain numbers", told["uncertain"]),
    ]
    say(", ".join([*([told["model"]] if told["model"] else []), *facts]))
    say("")
    sampled = told["samples"] is not None
    print_table(
        _("Top gates"),
        (
            *(_("gate"), _("probability"), *_sampled_heads(sampled=sampled)),
            *(_("coherent"), _("events"), _("nodes"), _("modules")),
        ),
        (
            (
                *(one["gate"], number(one["probability"], 6), *_sampled_cells(one["spread"])),
                yes_no(holds=one["coherent"]),
                *(str(one[key]) for key in ("events", "nodes", "modules")),
            )
            for one in told["gates"]
        ),
    )
    for starts in dict.fromkeys(one["starts"] for one in told["sequences"]):
        ends = [one for one in told["sequences"] if one["starts"] == starts]
        _print_sequences(ends, sampled=sampled)
    if told["uncertain"] and not sampled:
        say(_("Uncertain numbers stand at their means; --samples tells the spread."))


def _print_sequences(ends: list[dict[str, Any]], *, sampled: bool) -> None:
    first = ends[0]
    has_rate = first["starts_frequency"] is not None
    title = _("After {starts}", starts=first["starts"])
    if has_rate:
        rate = number(first["starts_frequency"], 6)
        title = _(
            "After {starts}, which has the frequency {rate}", starts=first["starts"], rate=rate
        )
    frequency = (_("frequency"),) if has_rate else ()
    print_table(
        title,
        (_("sequence"), _("probability"), *frequency, *_sampled_heads(sampled=sampled)),
        (
            (
                *(one["sequence"], number(one["probability"], 6)),
                *((number(one["frequency"], 6),) if has_rate else ()),
                *_sampled_cells(one["spread"]),
            )
            for one in ends
        ),
        note=_("Mean, median and 5–95 % are those of the frequency.")
        if has_rate and sampled
        else "",
    )


def _sampled_heads(*, sampled: bool) -> tuple[str, ...]:
    return (_("mean"), _("median"), _("5 %"), _("95 %")) if sampled else ()


def _sampled_cells(spread: dict[str, float] | None) -> tuple[str, ...]:
    if spread is None:
        return ()
    return tuple(number(spread[key], 4) for key in ("mean", "mid", "low", "high"))
