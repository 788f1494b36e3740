"""The ways to the headline level of a case or a ladder.yaml, counted and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.cli.files import waiting
from detente.cli.ladder.cutsets_openpsa import not_coherent, print_orders
from detente.cli.ladder.of_case import chosen, made_ready, names_of, print_belief
from detente.cli.show import number, print_table, say
from detente.cli.words import _
from detente.escalation.prepare import Prepared
from detente.escalation.results import Way, WayCount
from detente.escalation.uncertainty import Belief
from detente.escalation.ways import Ways
from detente.report.names import Names


@dataclass(frozen=True)
class FoundWays:
    """The ways under each belief that was asked for."""

    made: Prepared
    held: tuple[Belief, ...]
    counts: tuple[WayCount, ...]
    ways: tuple[Way, ...]

    @classmethod
    def of(cls, path: Path, belief: str | None, *, most: int) -> FoundWays:
        """Count and rank the ways of a case."""
        made = made_ready(path)
        held = chosen(made, belief)
        ranking = Ways()
        counts: list[WayCount] = []
        ways: list[Way] = []
        with waiting(_("counting")):
            for each in held:
                ladders = made.at_headline[each.id]
                counts.append(ranking.count(each.id, ladders))
                sample = made.sample.parameters(each)
                ways += ranking.ranked(each, ladders, sample, most=most)
        return cls(made, held, tuple(counts), tuple(ways))

    def told(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "headline": self.made.case.ladder.headline,
            "counts": self.counts,
            "ways": self.ways,
        }


def print_ways(found: FoundWays) -> None:
    """The same as tables, belief by belief."""
    names = names_of(found.made)
    for belief, count in zip(found.held, found.counts, strict=True):
        print_belief(names, belief)
        number = sum(count.by_order)
        level = names.level(found.made.case.ladder.headline or "")
        ways = _.n(
            "{n} way to {level} or worse", "{n} ways to {level} or worse", number, level=level
        )
        say(ways)
        if not count.coherent:
            say(not_coherent())
        say("")
        print_orders(count.by_order)
        _print_ranked(names, [one for one in found.ways if one.belief == belief.id])


def _print_ranked(names: Names, ways: list[Way]) -> None:
    print_table(
        _("The most frequent"),
        (_("rank"), _("per year, median"), _("share"), _("begins with"), _("then")),
        (
            (
                str(rank),
                number(one.per_year.mid, 1),
                _.percent(one.share),
                _("{ladder}, in a crisis", ladder=one.ladder) if one.in_crisis else one.ladder,
                "; ".join(names.text(title) for title in one.events),
            )
            for rank, one in enumerate(ways, start=1)
        ),
        note=_("Ways overlap: one event more may happen on several, so that shares add to over 1."),
    )
