"""Disagreements of value: what criteria weigh, and by which measures one gains and another loses.

Only what may be shown of parties and sides enters, and what is told follows from what is told
elsewhere: a party whose weights or gains are withheld stands in no pair and turns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from detente.assessment.bargain.changed import with_gains
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import Problem, chosen, gains_of
from detente.assessment.bargain.results import Settlement
from detente.assessment.results import Disagreement, Ground, Stake, Turn
from detente.assessment.value import TINY, PartyGains
from detente.case.case import Case
from detente.elicitation.results import Group
from detente.ground.chance import Floats

LEAST_GAP = 0.3  # in chances of a gain
LEAST_BETTER = 0.01  # in the sum of logarithms by weight: one in a hundred of the product
LEAST_WEIGHT = 0.1  # in weights, which add up to 1
EVEN = 0.5
NOTHING = ""


# --- weights --------------------------------------------------------------------------------------


def weighed(case: Case, gains: Sequence[PartyGains]) -> Iterator[Disagreement]:
    """Pairs of parties on two sides: the criterion on whose weight they part most.

    What would turn is tested with all weights of the other in the place of the own, at the own
    scores (`with_weights_of`).
    """
    shown = [one for one in gains if one.shown]
    for a, b in combinations(shown, 2):
        if case.side_of.get(a.party, a.party) == case.side_of.get(b.party, b.party):
            continue
        means = [
            dict(zip(one.criteria, one.weights.mean(axis=0).tolist(), strict=True))
            for one in (a, b)
        ]
        weights = {
            name: tuple(own.get(name, 0.0) for own in means)
            for name in dict.fromkeys((*a.criteria, *b.criteria))
        }
        most = max(weights, key=lambda name: abs(weights[name][0] - weights[name][1]))
        turns = (*_weighing(a, b), *_weighing(b, a))
        if turns or abs(weights[most][0] - weights[most][1]) >= LEAST_WEIGHT:
            in_a, in_b = weights[most]
            yield Disagreement(
                "value", "", "", a.party, b.party, in_a, in_b, criterion=most, turns=turns
            )


def _weighing(party: PartyGains, by: PartyGains) -> Iterator[Turn]:
    """What changes for a party that weighs as another does: its first measure, and its gains."""
    swapped = with_weights_of(party, by)
    if swapped is None or not party.measures:
        return
    before, after = _preferred(party, party.gains), _preferred(party, swapped)
    if before != after:
        yield Turn("preferred", "pivot", party.party, (after,), (before,))
    wins, then = (((own > TINY).mean(axis=0) >= EVEN).tolist() for own in (party.gains, swapped))
    joins = tuple(m for m, w, t in zip(party.measures, wins, then, strict=True) if t and not w)
    leaves = tuple(m for m, w, t in zip(party.measures, wins, then, strict=True) if w and not t)
    if joins or leaves:
        yield Turn("gains", "pivot", party.party, joins, leaves)


def with_weights_of(party: PartyGains, by: PartyGains) -> Floats | None:
    """The gains of a party by its own scores and another's weights, shape (N, M).

    On the criteria that the party weighs itself: the other's weights on these, at each point so
    that they add up to 1, and 0 on those that the other does not weigh. None where the other weighs
    none of them.
    """
    place = {name: index for index, name in enumerate(by.criteria)}
    drawn = np.zeros_like(party.weights)
    for column, name in enumerate(party.criteria):
        if name in place:
            drawn[:, column] = by.weights[:, place[name]]
    sums = drawn.sum(axis=1, keepdims=True)
    if sums.min() <= TINY:
        return None
    found: Floats = np.einsum("nc,nmc->nm", drawn / sums, party.differences)
    return found


def _preferred(party: PartyGains, gains: Floats) -> str:
    """The measure with the largest expected gain, none where no gain is expected."""
    means = gains.mean(axis=0)
    best = int(np.argmax(means))
    return party.measures[best] if means[best] > TINY else NOTHING


# --- stated gains ---------------------------------------------------------------------------------


def stated(
    case: Case,
    groups: Iterable[Group],
    all_stakes: Sequence[Stake],
    ground: Sequence[Ground],
    turns: Mapping[str, tuple[Turn, ...]],
) -> Iterator[Disagreement]:
    """Measures by which one gains and another loses, or whose gains turn the package.

    Between sides where they part, else between parties. ``turns`` are those of `package_turns`.
    """
    shown = {group.id: group.people for group in groups if group.kind == "side"}
    apart = {one.measure for one in ground if one.kind in ("tradeable", "contested")}
    for measure in (one.id for one in case.measures if one.id in apart or turns.get(one.id)):
        stakes = [stake for stake in all_stakes if stake.measure == measure]
        gains = _side_gains(case, stakes, shown)
        turning = turns.get(measure, ())
        if not gains or (not turning and _range(gains) < LEAST_GAP):
            gains = {stake.party: stake.gain for stake in stakes if stake.shown}
        if len(gains) > 1:
            most, least = max(gains, key=gains.__getitem__), min(gains, key=gains.__getitem__)
            yield Disagreement(
                "value", "", measure, most, least, gains[most], gains[least], turns=turning
            )


def _range(gains: Mapping[str, float]) -> float:
    return max(gains.values()) - min(gains.values())


def _side_gains(case: Case, stakes: Sequence[Stake], shown: Mapping[str, int]) -> dict[str, float]:
    """The chance of a gain by side; empty unless all the people of every side answered.

    With fewer, the means of sides and parties together could tell of those who are left out.
    """
    gains = {}
    for side in case.about.sides:
        own = [stake for stake in stakes if stake.party in side.parties]
        people = sum(stake.people for stake in own)
        if people != shown.get(side.id):
            return {}
        gains[side.id] = sum(stake.gain * stake.people for stake in own) / people
    return gains


def package_turns(
    problem: Problem, settlements: Iterable[Settlement]
) -> dict[str, tuple[Turn, ...]]:
    """By measure, what would turn the recommended package: agreement on it, or the other's gain.

    The two who part most, as shares of their largest numbers, each gain in turn what the other
    does, as a share of its own: so it needs no common unit.
    """
    found: dict[str, tuple[Turn, ...]] = {
        one.measure: (Turn("package", "agreement", "", one.joins, one.dominated),)
        for one in settlements
        if one.changes
    }
    package = nash(problem).package
    shares = problem.gains / problem.scales[:, None]
    for column, measure in enumerate(problem.measures):
        ends = int(np.argmax(shares[:, column])), int(np.argmin(shares[:, column]))
        for row, by in (ends, ends[::-1]):
            share = float(shares[by, column])
            if share < shares[row, column] and measure not in package:
                continue  # who gains less by what is not chosen changes no package that is
            gain = share * float(problem.scales[row])
            changed = gaining(problem, problem.parties[row], measure, gain)
            turn = package_turn(changed, package, problem.parties[row])
            found[measure] = (*found.get(measure, ()), *turn)
    return {measure: turns for measure, turns in found.items() if turns}


def gaining(problem: Problem, party: str, measure: str, gain: float) -> Problem:
    """The problem in which a party gains so much by a measure.

    Of two measures that do the same work the smaller gain is still not had twice.
    """
    changed = with_gains(problem, [(party, measure, gain)])
    row = problem.parties.index(party)
    synergies = []
    for one in problem.synergies:
        bonus = list(one.bonus)
        pair = [problem.place[name] for clause in one.clauses for name in clause]
        if bonus == [-_twice(own) for own in problem.gains[:, pair]]:
            bonus[row] = -_twice(changed.gains[row, pair])
        synergies.append(replace(one, bonus=tuple(bonus)))
    return replace(changed, synergies=tuple(synergies))


def _twice(gains: Floats) -> float:
    return max(float(gains.min()), 0.0)


def package_turn(problem: Problem, stated: Sequence[str], holder: str) -> tuple[Turn, ...]:
    """What joins and leaves a package in ``problem``, where ``holder`` holds another view.

    None where the package stands, or another is better by less than `LEAST_BETTER`.
    """
    now = nash(problem).package
    joins = tuple(name for name in now if name not in stated)
    leaves = tuple(name for name in stated if name not in now)
    if not joins and not leaves:
        return ()
    packages = np.array([chosen(problem, stated), chosen(problem, now)])
    gains = gains_of(problem, packages) / problem.scales
    if (gains[0] > TINY).all() and (gains[1] > TINY).all():
        before, after = np.log(gains) @ problem.weights
        if after - before < LEAST_BETTER:
            return ()
    return (Turn("package", "pivot", holder, joins, leaves),)


def without_samples(problem: Problem) -> Problem:
    """The problem without its samples where these do not bind: it is solved much faster."""
    certain = replace(problem, scenarios=None)
    return certain if nash(certain).package == nash(problem).package else problem
