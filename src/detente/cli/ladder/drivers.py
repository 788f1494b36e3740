"""Which numbers of a case or a ladder.yaml make the spread of the headline frequency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.cli.files import waiting
from detente.cli.ladder.of_case import chosen, made_ready, names_of, print_belief
from detente.cli.show import print_table, say
from detente.cli.words import _
from detente.escalation.drivers import drivers
from detente.escalation.results import Driver


def case_drivers(path: Path, belief: str | None, *, quiet: bool) -> dict[str, Any]:
    """The shares under each belief, for JSON; printed as tables unless ``quiet``."""
    made = made_ready(path)
    held, seed = chosen(made, belief), made.case.about.seed
    with waiting(_("computing")):
        found = {
            one.id: drivers(one, made.at_headline[one.id], made.together, seed=seed) for one in held
        }
    if not quiet:
        names = names_of(made)
        for one in held:
            print_belief(names, one)
            _print(found[one.id], names.level(made.case.ladder.headline or ""))
    return {"drivers": [driver for one in held for driver in found[one.id]]}


def _print(found: tuple[Driver, ...], level: str) -> None:
    correlated = any(one.shapley is not None for one in found)
    heads = (_("share"), _("standard error")) if correlated else (_("first"), _("total"))
    print_table(
        _("Shares of the variance of how often {level} or worse is reached", level=level),
        (_("number"), *heads),
        ((one.number, *_cells(one, correlated=correlated)) for one in found),
        note=_("Sampled, by Shapley effects: numbers are correlated, or paths too many.")
        if correlated
        else _("Exact. Numbers with less than 1 % are left out."),
    )
    if not found:
        say(_("It rests on no uncertain number."))


def _cells(one: Driver, *, correlated: bool) -> tuple[str, ...]:
    shares = (one.shapley, one.error) if correlated else (one.first, one.total)
    return tuple("–" if share is None else _.number(share, 2) for share in shares)
