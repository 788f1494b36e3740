"""The problem of a package: who gains what by which measures, and what rules a package must keep.

A measure is in the package or not. A gain is a party's own, in its own units, against its own
*trend without agreement*: what happens to it if nothing is agreed. It may be negative. A choice
(exactly one value of an issue) is a set of measures of which exactly one is in every package, so
that negotiation domains with issues and values are the same model. A synergy is a bonus where a
combination holds; a hyper-rectangle over issues is one too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-9  # in shares of a party's `scale`: below it a gain counts as none


@dataclass(frozen=True)
class Synergy:
    """A bonus, for each party, where every clause has at least one of its measures in the package.

    ``clauses`` ``(("a",), ("b",))`` is a pair; a clause of several values of one issue is the side
    of a hyper-rectangle. ``bonus`` has one value a party, negative where the combination harms.
    """

    clauses: tuple[tuple[str, ...], ...]
    bonus: tuple[float, ...]


@dataclass(frozen=True)
class Budget:
    """What all measures of a package may cost together: sum of ``costs`` (one each) <= limit."""

    name: str
    costs: tuple[float, ...]
    limit: float


@dataclass(frozen=True)
class Count:
    """How many of some measures a package holds: at least ``least`` and at most ``most``."""

    name: str
    measures: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Rules:
    """What a package must keep, whatever anyone gains by it.

    ``needs``: (measure, what it needs); ``excludes``: pairs that cannot stand together;
    ``red_lines``: (party, measure that it forbids); ``required``: measures that must be in;
    ``choices``: sets of measures of which exactly one is in; ``counts``: sets of which so many are.
    """

    budgets: tuple[Budget, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    red_lines: tuple[tuple[str, str], ...] = ()
    required: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Samples of the gains; each party must gain 0 or more in 1 - ``alpha`` of them or more.

    ``gains`` has shape (samples, parties, measures). The rule is for each party alone: the samples
    in which one loses need not be those in which another does. Constants are as in the problem; so
    are bonuses, unless ``bonuses`` has those of each sample, shape (samples, parties, synergies).
    It is kept exactly, by a binary for each sample and party, not by an average.
    """

    gains: Floats
    alpha: float
    bonuses: Floats | None = None

    @property
    def least(self) -> int:
        """In how many samples a party must not lose."""
        return int(np.ceil((1 - self.alpha) * len(self.gains) - 1e-9))


@dataclass(frozen=True, eq=False)
class Problem:
    """A problem of packages.

    Parameters
    ----------
    measures, parties
        Their ids, m and P of them.
    gains
        Shape (P, m): what each measure brings each party, in the party's own units.
    constants
        Shape (P,): the gain without any measure; zeros where left out.
    sides
        The declared side of each party; "" for a party that is a side of its own.
    side_weights
        The weight of each side; all sides weigh the same where left out (1/2 each where there are
        two), so that a side with many parties weighs no more.
    shares
        How a side's weight is split among its parties, shape (P,); evenly where left out. A party
        that is split into clones changes nothing if the clones share its share.
    synergies, rules, scenarios
        What else holds.

    Raises
    ------
    UsageError
        Where shapes do not fit, a number is not finite, or a name is unknown.

    """

    measures: tuple[str, ...]
    parties: tuple[str, ...]
    gains: Floats
    constants: Floats = field(default_factory=lambda: np.zeros(0))
    sides: tuple[str, ...] = ()
    side_weights: tuple[tuple[str, float], ...] = ()
    shares: Floats = field(default_factory=lambda: np.zeros(0))
    synergies: tuple[Synergy, ...] = ()
    rules: Rules = Rules()
    scenarios: Scenarios | None = None

    def __post_init__(self) -> None:
        count = len(self.parties)
        fill = object.__setattr__
        fill(self, "gains", np.asarray(self.gains, dtype=np.float64))
        fill(self, "constants", np.asarray(self.constants, dtype=np.float64))
        fill(self, "shares", np.asarray(self.shares, dtype=np.float64))
        if not len(self.constants):
            fill(self, "constants", np.zeros(count))
        if not len(self.shares):
            fill(self, "shares", np.ones(count))
        if not self.sides:
            fill(self, "sides", ("",) * count)
        _check_shapes(self)
        _check_names(self)
        _check_weights(self)

    @property
    def place(self) -> dict[str, int]:
        """Where each measure stands."""
        return {name: index for index, name in enumerate(self.measures)}

    @property
    def own_sides(self) -> tuple[str, ...]:
        """The side of each party; a party outside all sides is its own."""
        pairs = zip(self.parties, self.sides, strict=True)
        return tuple(side or f"{party} alone" for party, side in pairs)

    @property
    def weights(self) -> Floats:
        """The weight of each party, shape (P,), summing to 1: its side's, by its share of it."""
        own = self.own_sides
        names = tuple(dict.fromkeys(own))
        given = dict(self.side_weights)
        sides = {name: given.get(name, 0.0) if given else 1.0 for name in names}
        whole = {name: self.shares[[side == name for side in own]].sum() for name in names}
        raw = [
            sides[side] * share / whole[side]
            for side, share in zip(own, self.shares.tolist(), strict=True)
        ]
        return np.array(raw) / sum(raw) if raw else np.zeros(0)

    @property
    def scales(self) -> Floats:
        """The size of each party's numbers, shape (P,): the largest of them, 1 if all are 0."""
        sizes = np.abs(np.column_stack([self.constants, self.gains, self.bonuses]))
        largest = np.asarray(sizes.max(axis=1))
        return np.where(largest > 0, largest, 1.0)

    @property
    def bonuses(self) -> Floats:
        """The bonus of each synergy for each party, shape (P, synergies)."""
        rows = [synergy.bonus for synergy in self.synergies]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.parties)).T

    @property
    def drawn_bonuses(self) -> Floats:
        """The bonuses in each sample of the scenarios, shape (samples, P, synergies)."""
        if self.scenarios is None:
            return np.zeros((0, len(self.parties), len(self.synergies)))
        if self.scenarios.bonuses is not None:
            return self.scenarios.bonuses
        shape = (len(self.scenarios.gains), len(self.parties), len(self.synergies))
        return np.broadcast_to(self.bonuses, shape)


def _check_shapes(problem: Problem) -> None:
    parties, measures = len(problem.parties), len(problem.measures)
    shapes = {"gains": problem.gains.shape == (parties, measures)}
    shapes["constants"] = problem.constants.shape == (parties,)
    shapes["shares"] = problem.shares.shape == (parties,)
    shapes["sides"] = len(problem.sides) == parties
    shapes["synergies"] = all(len(one.bonus) == parties for one in problem.synergies)
    shapes["budgets"] = all(len(one.costs) == measures for one in problem.rules.budgets)
    numbers = [problem.gains, problem.constants, problem.shares]
    numbers += [np.array(one.bonus) for one in problem.synergies]
    numbers += [np.array([*one.costs, one.limit]) for one in problem.rules.budgets]
    if problem.scenarios is not None:
        drawn = problem.scenarios.gains
        shapes["scenarios"] = drawn.ndim == 3 and drawn.shape[1:] == (parties, measures)
        shapes["alpha"] = 0 <= problem.scenarios.alpha < 1 and len(drawn) > 0
        numbers += [drawn, problem.drawn_bonuses]
        held = (len(drawn), parties, len(problem.synergies))
        shapes["bonuses of scenarios"] = problem.drawn_bonuses.shape == held
    wrong = [name for name, fits in shapes.items() if not fits]
    if wrong:
        sizes = f"{parties} parties and {measures} measures"
        raise UsageError(f"{', '.join(wrong)} do not fit {sizes}.")
    if not parties:
        raise UsageError("A package needs a party that gains or loses by it.")
    if not all(np.isfinite(one).all() for one in numbers):
        raise UsageError("Gains, constants, shares, bonuses, costs and limits must be finite.")


def _check_names(problem: Problem) -> None:
    rules = problem.rules
    named: list[str] = [name for pair in (*rules.needs, *rules.excludes) for name in pair]
    named += [name for _, name in rules.red_lines] + list(rules.required)
    named += [name for choice in rules.choices for name in choice]
    named += [name for count in rules.counts for name in count.measures]
    named += [name for one in problem.synergies for clause in one.clauses for name in clause]
    if any(len(set(ids)) < len(ids) for ids in (problem.measures, problem.parties)):
        raise UsageError("Measures and parties have each an id of their own.")
    for known, used in (
        (problem.measures, named),
        (problem.parties, [party for party, _ in rules.red_lines]),
        (problem.own_sides, [side for side, _ in problem.side_weights]),
    ):
        unknown = sorted(set(used) - set(known))
        if unknown:
            raise UsageError(f"Unknown: {', '.join(unknown)}; known are {', '.join(known)}.")
    chosen = [name for choice in rules.choices for name in choice]
    if len(set(chosen)) < len(chosen) or not all(rules.choices):
        raise UsageError("A measure is a value of one choice at most, and a choice has a value.")
    if not all(clause for one in problem.synergies for clause in one.clauses):
        raise UsageError("A clause of a synergy names at least one measure.")


def _check_weights(problem: Problem) -> None:
    given = dict(problem.side_weights)
    if (problem.shares <= 0).any() or any(weight <= 0 for weight in given.values()):
        raise UsageError("Weights of sides and shares of parties are larger than 0.")
    missing = sorted(set(problem.own_sides) - set(given))
    if given and missing:
        raise UsageError(f"No weight is given for {', '.join(missing)}.")


def gains_of(problem: Problem, packages: Bools) -> Floats:
    """What each package brings each party, shape (N, P).

    ``packages`` has shape (N, m). Formula: constant + sum of the gains of the measures in it + the
    bonus of every synergy whose clauses all hold.
    """
    total = problem.constants + packages.astype(np.float64) @ problem.gains.T
    return total + bonus_of(problem, packages) @ problem.bonuses.T


def reach(problem: Problem) -> Floats:
    """More than any package can bring each party, shape (P,): all that it gains by anything."""
    parts = np.column_stack([problem.constants, problem.gains, problem.bonuses])
    total: Floats = np.maximum(parts, 0).sum(axis=1)
    return total


def bonus_of(problem: Problem, packages: Bools) -> Floats:
    """Which synergies hold in each package, as 0 and 1, shape (N, synergies)."""
    place = problem.place
    held = np.ones((len(packages), len(problem.synergies)))
    for column, synergy in enumerate(problem.synergies):
        for clause in synergy.clauses:
            held[:, column] *= packages[:, [place[name] for name in clause]].any(axis=1)
    return held


def allowed(problem: Problem, packages: Bools) -> Bools:
    """Whether each package keeps the rules, shape (N,); what anyone gains is not asked."""
    place, rules = problem.place, problem.rules
    keeps = np.ones(len(packages), dtype=bool)
    for budget in rules.budgets:
        costs = np.array(budget.costs)
        slack = TOLERANCE * _size([*budget.costs, budget.limit])
        keeps &= packages.astype(np.float64) @ costs <= budget.limit + slack
    for measure, needed in rules.needs:
        keeps &= ~packages[:, place[measure]] | packages[:, place[needed]]
    for a, b in rules.excludes:
        keeps &= ~(packages[:, place[a]] & packages[:, place[b]])
    for _, measure in rules.red_lines:
        keeps &= ~packages[:, place[measure]]
    for measure in rules.required:
        keeps &= packages[:, place[measure]]
    for choice in rules.choices:
        keeps &= packages[:, [place[name] for name in choice]].sum(axis=1) == 1
    for count in rules.counts:
        held = packages[:, [place[name] for name in count.measures]].sum(axis=1)
        keeps &= (held >= count.least) & (held <= count.most)
    return keeps


def _size(values: Iterable[float]) -> float:
    return max((abs(value) for value in values), default=0.0) or 1.0


def acceptable(problem: Problem, packages: Bools) -> Bools:
    """Whether each package keeps the rules and leaves no party below its trend, shape (N,).

    With scenarios, also whether each party gains 0 or more in enough of them.
    """
    keeps = allowed(problem, packages)
    slack = TOLERANCE * problem.scales
    keeps &= (gains_of(problem, packages) >= -slack).all(axis=1)
    if problem.scenarios is None:
        return keeps
    values, held = packages.astype(np.float64), bonus_of(problem, packages)
    fine = np.zeros((len(packages), len(problem.parties)), dtype=np.int64)
    for drawn, bonuses in zip(problem.scenarios.gains, problem.drawn_bonuses, strict=True):
        fine += problem.constants + values @ drawn.T + held @ bonuses.T >= -slack
    return keeps & (fine >= problem.scenarios.least).all(axis=1)


def named(problem: Problem, package: Bools) -> tuple[str, ...]:
    """The ids of the measures in one package, in the problem's order."""
    return tuple(name for name, holds in zip(problem.measures, package, strict=True) if holds)


def chosen(problem: Problem, package: Iterable[str]) -> Bools:
    """The package of the named measures as truth values, shape (m,).

    Raises
    ------
    UsageError
        Where a measure is unknown.

    """
    wanted = set(package)
    unknown = sorted(wanted - set(problem.measures))
    if unknown:
        raise UsageError(f"Unknown measures: {', '.join(unknown)}.")
    return np.array([name in wanted for name in problem.measures], dtype=bool)


def at_side_weight(problem: Problem, side: str, weight: float) -> Problem:
    """The problem with one side at ``weight`` (0 to 1) and the rest split evenly among the others.

    Raises
    ------
    UsageError
        Where the side is unknown, there is no other, or the weight is not between 0 and 1.

    """
    names = tuple(dict.fromkeys(problem.own_sides))
    if side not in names or len(names) < 2 or not 0 < weight < 1:
        raise UsageError(f"No weight {weight:g} for side {side} of {', '.join(names)}.")
    rest = (1 - weight) / (len(names) - 1)
    weights = tuple((name, weight if name == side else rest) for name in names)
    return replace(problem, side_weights=weights)
