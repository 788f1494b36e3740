"""The minimal cut sets of Open-PSA files, counted and ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.cli.files import waiting
from detente.cli.ladder.openpsa import asked, called, has_probabilities, of_events, read_model
from detente.cli.show import number, print_table, say
from detente.cli.words import _
from detente.escalation.engine.compiled import Compiled
from detente.escalation.engine.cut_sets import cut_sets, rare_event
from detente.escalation.engine.ranked import ranked
from detente.escalation.engine.solve import solved
from detente.escalation.openpsa.evaluate import values
from detente.escalation.openpsa.outcomes import Functions


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    gates: tuple[str, ...]
    ends: tuple[str, ...]
    most: int
    above: float
    time: float | None


def found_sets(files: Sequence[Path], wanted: Wanted) -> dict[str, Any]:
    """The cut sets of every outcome asked for, for JSON."""
    model = read_model(files)
    outcomes = asked(model, wanted.gates, wanted.ends, time=wanted.time)
    chances = values(model, time=wanted.time) if has_probabilities(model) else None
    functions = Functions()
    with waiting(_("counting")):
        return {
            "most": wanted.most,
            "above": wanted.above,
            "outcomes": [
                {
                    "name": one.name,
                    "starts": one.starts,
                    **_sets(functions.of(one.circuit, one.gate or ""), chances, wanted),
                }
                for one in of_events(outcomes)
            ],
            "without_events": [called(one) for one in outcomes if one.gate is None],
        }


def _sets(
    function: Compiled, chances: Mapping[str, float] | None, wanted: Wanted
) -> dict[str, Any]:
    found = cut_sets(function)
    told: dict[str, Any] = {
        "number": found.number,
        "by_order": list(found.by_order),
        "coherent": found.coherent,
        "probability": None,
        "rare_event": None,
        "sets": [],
    }
    if chances is None:
        return told
    top = solved(function, chances)
    ways = ranked(found, chances, most=wanted.most, above=wanted.above) if wanted.most else ()
    return told | {
        "probability": top.probability,
        "rare_event": rare_event(found, chances),
        "falling": top.falling,
        "sets": [
            {
                "events": way.events,
                "probability": way.probability,
                "share": way.probability / top.probability if top.probability else None,
            }
            for way in ways
        ],
    }


def print_sets(told: dict[str, Any]) -> None:
    """The same as tables."""
    for one in told["outcomes"]:
        name = f"{one['starts']}: {one['name']}" if one["starts"] else one["name"]
        count = _.n("{n} minimal cut set", "{n} minimal cut sets", one["number"])
        say(f"{name}: {count}")
        if not one["coherent"]:
            say(not_coherent())
        say("")
        print_orders(one["by_order"])
        _print_ranked(one)
    for name in told["without_events"]:
        say(_("{name}: its paths take up factors, which no cut set can hold.", name=name))


def not_coherent() -> str:
    """What the sets of a function are that is not coherent."""
    return _(
        "Not coherent: some event can also prevent it by happening. The sets are the smallest "
        "that suffice while no other event happens; what must not happen is left out."
    )


def print_orders(by_order: Sequence[int]) -> None:
    """How many sets there are of each number of events."""
    print_table(
        _("By order, the number of events in a set"),
        (_("order"), _("sets")),
        ((str(order), _.number(count, 0)) for order, count in enumerate(by_order) if count),
    )


def _print_ranked(one: dict[str, Any]) -> None:
    if one["probability"] is None:
        say(_("No event has a probability, so that none is ranked."))
        return
    print_table(
        _("The most probable"),
        (_("rank"), _("probability"), _("share"), _("events")),
        (
            (
                str(rank),
                number(each["probability"], 6),
                "–" if each["share"] is None else _.percent(each["share"], 2),
                ", ".join(each["events"]),
            )
            for rank, each in enumerate(one["sets"], start=1)
        ),
        note=_share(one),
    )


def _share(one: dict[str, Any]) -> str:
    told = _(
        "Share of the exact probability, {exact}; sets overlap. Sum over all sets: {sum}.",
        exact=number(one["probability"], 6),
        sum=number(one["rare_event"], 6),
    )
    if one["coherent"]:
        return told
    return told + " " + _("Without what must not happen, a share may be over 100 %.")
