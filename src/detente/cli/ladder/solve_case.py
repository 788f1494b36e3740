"""A case or a ladder.yaml solved: how often levels are reached, and what measures do to that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.cli.files import waiting
from detente.cli.ladder.of_case import asked, made_ready, names_of, print_belief
from detente.cli.show import number, print_table, say, spread
from detente.cli.words import _
from detente.elicitation.results import Spread
from detente.escalation.bounds import bounds_of
from detente.escalation.effects import effects, world
from detente.escalation.frequencies import belief_frequencies
from detente.escalation.prepare import POINTS, Prepared
from detente.escalation.results import Bounds, Effect, Frequency
from detente.escalation.uncertainty import Belief
from detente.report.names import Names


@dataclass(frozen=True)
class SolvedCase:
    """What the ladders say under each belief that was asked for."""

    made: Prepared
    held: tuple[Belief, ...]
    frequencies: tuple[Frequency, ...]
    effects: tuple[Effect, ...]
    bounds: tuple[Bounds, ...]

    @classmethod
    def of(cls, path: Path, belief: str | None, *, points: int | None) -> SolvedCase:
        """Solve the ladders of a case."""
        made = made_ready(path, points=points or POINTS)
        held = asked(made, belief)
        telling = [each for each in held if each in made.telling]
        with waiting(_("solving")):
            frequencies = [one for each in telling for one in _frequencies(made, each)]
            effects = [one for each in telling for one in _effects(made, each)]
            bounds: list[Bounds] = []
            for each in held:
                if each not in made.telling:
                    own, judged = _bounds(made, each)
                    bounds += own
                    effects += judged
        return cls(made, held, tuple(frequencies), tuple(effects), tuple(bounds))

    def told(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "headline": self.made.case.ladder.headline,
            "points": self.made.points,
            "beliefs": [belief.id for belief in self.held],
            "frequencies": self.frequencies,
            "effects": self.effects,
            "bounds": self.bounds,
        }


def _frequencies(made: Prepared, belief: Belief) -> tuple[Frequency, ...]:
    return belief_frequencies(
        belief.id,
        made.levels,
        made.by_level[belief.id],
        made.sample.parameters(belief),
        years=made.case.about.horizon_years,
    )


def _effects(made: Prepared, belief: Belief) -> tuple[Effect, ...]:
    before = world(made.at_headline[belief.id], made.sample.parameters(belief))
    return tuple(effects(belief, made.measures, before, sample=made.sample, named=made.named))


def _bounds(made: Prepared, belief: Belief) -> tuple[tuple[Bounds, ...], tuple[Effect, ...]]:
    structure = made.at_headline[belief.id]
    return bounds_of(belief, made.measures, structure, sample=made.sample, named=made.named)


def print_case(solved: SolvedCase) -> None:
    """The same as tables, belief by belief."""
    names = names_of(solved.made)
    for belief in solved.held:
        print_belief(names, belief)
        effects = [one for one in solved.effects if one.belief == belief.id]
        bounds = {one.measure: one for one in solved.bounds if one.belief == belief.id}
        if bounds:
            _print_bounds(names, bounds[""])
        else:
            found = [one for one in solved.frequencies if one.belief == belief.id]
            _print_frequencies(names, found)
        _print_effects(names, effects, bounds)


def _print_bounds(names: Names, whole: Bounds) -> None:
    level = names.level(names.case.ladder.headline or "")
    told = _(
        "It refuses a number and grants its ends alone: {level} or worse is reached from {low} to "
        "{high} times a year, and nothing in between is held likelier.",
        level=level,
        low=number(whole.low, 2),
        high=number(whole.high, 2),
    )
    say(told)
    say("")


def _print_frequencies(names: Names, found: list[Frequency]) -> None:
    print_table(
        _("How often a level or worse is reached: the median, and 5–95 % per year"),
        (
            *(_("ladder"), _("level"), _("per year"), _("5 %"), _("95 %")),
            _horizon(names.case.about.horizon_years),
        ),
        (
            (
                one.ladder or _("all together"),
                names.level(one.level),
                *(number(x, 2) for x in (one.per_year.mid, one.per_year.low, one.per_year.high)),
                number(one.within_horizon.mid, 2),
            )
            for one in found
        ),
    )


def _horizon(years: float) -> str:
    return _("within a year") if years == 1 else _("within {years} years", years=number(years))


def _print_effects(names: Names, found: list[Effect], bounds: dict[str, Bounds]) -> None:
    level = names.level(names.case.ladder.headline or "")
    print_table(
        _("With each measure : without, how often {level} or worse is reached", level=level),
        (_("measure"), _("ratio"), _("verdict")),
        (
            (
                names.measure(one.measure),
                _ratio(one.ratio, bounds.get(one.measure)),
                names.verdict(one.verdict),
            )
            for one in found
        ),
    )


def _ratio(one: Spread | None, bounds: Bounds | None) -> str:
    if one is not None:
        return spread(one.low, one.mid, one.high)
    return "–" if bounds is None else f"{number(bounds.low)}–{number(bounds.high)}"
