"""The ladders of a case made ready: numbers under each belief, structures, common points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import QuantityBelief
from detente.escalation.correlated.copula import Copula
from detente.escalation.effects import World, ratios, world
from detente.escalation.ladder import CompiledLadder, compile_states
from detente.escalation.stated import stated
from detente.escalation.uncertainty import (
    Belief,
    Sample,
    beliefs,
    correlations,
    dimensions,
    draw,
)
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

POINTS = 2**14
Structure = tuple[CompiledLadder, ...]


@dataclass(frozen=True)
class Prepared:
    """What every question to the ladders of a case needs.

    ``levels`` are those from the headline on, the mildest first; ``held`` the case's own belief
    and then the rival ones; ``by_level`` the ladders of each belief with an end for each of these
    levels, ``at_headline`` with the headline or worse as their only end.
    """

    case: Case
    levels: tuple[str, ...]
    held: tuple[Belief, ...]
    together: Copula
    by_level: Mapping[str, Structure]
    at_headline: Mapping[str, Structure]
    points: int

    @property
    def base(self) -> Belief:
        """The case's own numbers."""
        return self.held[0]

    @property
    def telling(self) -> tuple[Belief, ...]:
        """The beliefs that refuse no number, so that a distribution can be told."""
        return tuple(one for one in self.held if not refuses(one, self.by_level[one.id]))

    @cached_property
    def named(self) -> frozenset[str]:
        """Every parameter that a ladder names, under any belief."""
        every = (ladder for structure in self.at_headline.values() for ladder in structure)
        return frozenset[str]().union(*(ladder.named for ladder in every))

    @cached_property
    def sample(self) -> Sample:
        """The common points of all numbers of all beliefs."""
        names = dimensions(self.held)
        seed = self.case.about.seed
        return draw(names, self.points, seed=seed, together=self.together)

    @cached_property
    def worlds(self) -> dict[str, World]:
        """By belief that refuses no number, its ladders at the common points, without a measure."""
        return {
            one.id: world(self.at_headline[one.id], self.sample.parameters(one))
            for one in self.telling
        }

    @cached_property
    def ratios(self) -> dict[str, dict[str, Floats]]:
        """By the same beliefs and by measure, the ratios with : without (`effects.ratios`)."""
        return {
            one.id: ratios(
                one, self.measures, self.worlds[one.id], sample=self.sample, named=self.named
            )
            for one in self.telling
        }

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of all measures, in the order of the case."""
        return tuple(measure.id for measure in self.case.measures)


def prepared(
    case: Case, *, points: int = POINTS, answers: Iterable[QuantityBelief] = ()
) -> Prepared:
    """The ladders of a case, ready to be asked.

    Parameters
    ----------
    case
        A case that was checked; its seed fixes every draw.
    points
        The number of Sobol points, a power of two.
    answers
        What groups believe of quantities, where numbers of the ladders are taken from answers.

    Raises
    ------
    CaseError
        Where a ladder is too entangled, a belief has the id ``base``, or nobody's answers stand
        behind a number.
    UsageError
        Where the case has ladders and no headline level.

    """
    plain = stated(case, answers)
    levels = levels_that_count(plain.ladder)
    held = beliefs(plain)
    return Prepared(
        case=plain,
        levels=levels,
        held=held,
        together=correlations(plain.ladder, dimensions(held)),
        by_level=_structures(plain.ladder, {level: end for end, level in enumerate(levels)}),
        at_headline=_structures(plain.ladder, dict.fromkeys(levels, 0)),
        points=points,
    )


def levels_that_count(file: model.LadderFile) -> tuple[str, ...]:
    """The levels from the headline on, the mildest first."""
    if file.headline in file.levels:
        return file.levels[file.levels.index(file.headline) :]
    if file.ladders or any(belief.ladders for belief in file.beliefs):
        raise UsageError("The case has ladders and no headline among its levels; check it first.")
    return ()


def refuses(belief: Belief, structure: Iterable[CompiledLadder]) -> bool:
    """Whether a belief grants bounds alone of a number that matters to its ladders."""
    used = frozenset[str]().union(*(ladder.rests_on for ladder in structure))
    acts = (act for own in belief.changes.values() for act in own if act.on in used)
    return any(one.id in used for one in belief.refused) or any(
        act.size.bounds_only for act in acts
    )


def _structures(file: model.LadderFile, ends: Mapping[str, int]) -> dict[str, Structure]:
    """The ladders of each belief; those that are the base's own are compiled once."""
    base = _compiled(file, file.ladders, ends)
    found = {"base": tuple(ladder for states in base.values() for ladder in states)}
    for belief in file.beliefs:
        own = file.under(belief)
        kept = {} if belief.events else base
        changed = {one.id for one in belief.ladders}
        anew = [one for one in own.ladders if one.id in changed or one.id not in kept]
        states = {**kept, **_compiled(own, anew, ends)}
        found[belief.id] = tuple(one for ladder in own.ladders for one in states[ladder.id])
    return found


def _compiled(
    file: model.LadderFile, ladders: Iterable[model.Ladder], ends: Mapping[str, int]
) -> dict[str, Structure]:
    return {ladder.id: compile_states(file, ladder, ends) for ladder in ladders}
