"""Sobol indices of the uncertain numbers of Open-PSA files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.cli.files import waiting
from detente.cli.ladder.openpsa import asked, called, read_model
from detente.cli.show import number, print_table, say
from detente.cli.words import _
from detente.escalation.openpsa.outcomes import Functions
from detente.escalation.openpsa.sensitivity import Sensitivity, sensitivity
from detente.ground.errors import UsageError

SAMPLES = 2**13
SEED = 1


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    gates: tuple[str, ...]
    ends: tuple[str, ...]
    samples: int | None
    seed: int | None
    time: float | None


def model_indices(files: Sequence[Path], wanted: Wanted) -> list[dict[str, Any]]:
    """The indices of every outcome asked for, for JSON."""
    samples = wanted.samples or SAMPLES
    if samples & (samples - 1):
        raise UsageError(_("--samples {samples}: take a power of two.", samples=samples))
    model = read_model(files)
    functions = Functions()
    told = []
    with waiting(_("sampling")):
        for one in asked(model, wanted.gates, wanted.ends, time=wanted.time):
            found = sensitivity(
                model,
                one,
                functions,
                samples=samples,
                seed=SEED if wanted.seed is None else wanted.seed,
                time=wanted.time,
            )
            told.append({"outcome": called(one), **_told(found)})
    return told


def _told(found: Sensitivity) -> dict[str, Any]:
    rows = zip(
        found.numbers,
        found.first.tolist(),
        found.total.tolist(),
        found.first_error.tolist(),
        found.total_error.tolist(),
        strict=True,
    )
    keys = ("number", "first", "total", "first_error", "total_error")
    numbers = [dict(zip(keys, row, strict=True)) for row in rows]
    return {
        "mean": found.mean,
        "standard_deviation": found.variance**0.5,
        "method": "exact" if found.exact else "sampled",
        "why": found.why,
        "numbers": sorted(numbers, key=lambda one: -one["total"]),
    }


def print_indices(told: Sequence[dict[str, Any]]) -> None:
    """The same as tables."""
    for one in told:
        say(
            _(
                "{outcome}: mean {mean}, standard deviation {deviation}",
                outcome=one["outcome"],
                mean=number(one["mean"], 4),
                deviation=number(one["standard_deviation"], 4),
            )
        )
        say("")
        if not one["numbers"]:
            say(_("It rests on no uncertain number."))
            say("")
        exact = one["method"] == "exact"
        print_table(
            _("Shares of the variance"),
            (_("number"), _("first"), _("total")) if exact else _sampled_heads(),
            (_row(each, exact=exact) for each in one["numbers"]),
            note=_how(one["why"]),
        )


def _sampled_heads() -> tuple[str, ...]:
    return _("number"), _("first"), _("error"), _("total"), _("error")


def _row(one: dict[str, Any], *, exact: bool) -> tuple[str, ...]:
    first, total = (_.number(one[key], 4) for key in ("first", "total"))
    if exact:
        return one["number"], first, total
    errors = (_.number(one[f"{key}_error"], 4) for key in ("first", "total"))
    return one["number"], first, next(errors), total, next(errors)


def _how(why: str) -> str:
    if not why:
        return _("Exact: every event has a number of its own.")
    reason = {
        "shared-numbers": _("events share numbers, or rest on several"),
        "factors": _("paths take up factors, or several formulas"),
        "too-large": _("the diagram is too large for an exact answer"),
    }[why]
    return _("Sampled, with standard errors: {reason}.", reason=reason)
