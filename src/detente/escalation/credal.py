"""Exact bounds of a frequency, or of its ratio with and without a measure, over intervals.

Where a party refuses a number but grants an interval, no distribution is invented: the answer is
the least and the greatest value over all numbers that the intervals allow.

Theory. Seen as a function of one event's probability, a frequency is a + b x: it is multilinear in
its events and rates. So its extremes over intervals stand at corners: along each coordinate the
function is monotone, and from any point one can walk, coordinate by coordinate, to a corner that
is no lower. A ratio N / D is (a + b x) / (c + d x) in each coordinate of degree 1, the same
parameter above and below included; its slope has the sign of b c - a d everywhere, so it is
monotone as well (quasi-linear), and its extremes stand at corners too. The same holds for the size
of an act, which stands above only, and in which N rises or falls throughout.

Two kinds of coordinate are different, and their extremes may stand inside:

- a parameter of several events on one path: p (1 - p) is largest at one half;
- a parameter that an odds ratio acts on, in a ratio: (a + b p') / (c + d p) with
  p' = r p / (1 - p + r p) is 1 at both p = 0 and p = 1 where a = c and b = d, and not between.

So the search is a branch and bound over boxes: a coordinate of the first kind is split into its two
ends, one of the second kind into halves. A box is dropped where a bound over it (events taken to
be free of each other, from the ends of the diagram up) cannot beat the best corner so far, and
narrowed where the signs of all differences show a coordinate to be monotone over it. What the
search cannot settle within `MOST_BOXES` is told as an outer bound beside the value attained.

References
----------
Fagiuoli & Zaffalon (1998), "2U: an exact interval propagation algorithm for polytrees with binary
variables", Artificial Intelligence 106(1) (extremes at vertices); Dinkelbach (1967), "On nonlinear
fractional programming", Management Science 13(7) (N / D > t where N - t D > 0).

"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.effects import change
from detente.escalation.evidence.ranges import (
    Flags,
    Numbers,
    Span,
    added,
    apart,
    between,
    hull,
    quotient,
    signs,
    spans_of,
    times,
)
from detente.escalation.ladder import CompiledLadder, frequencies
from detente.escalation.uncertainty import How
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MOST_BOXES = 2**16  # that one bound may take: some seconds
CLOSE = 1e-4  # relative: how near an extreme inside a box is enclosed
ROUNDING = 1e-12
LEAST_WEIGHT = 0.05  # of a coordinate, against the one that moves the score most
_BATCH = 2**12

Interval = tuple[float, float]


@dataclass(frozen=True)
class IntervalAct:
    """An act of a measure whose size is known as an interval; a known size has equal ends."""

    on: str
    how: How
    size: Interval


@dataclass(frozen=True)
class Bound:
    """An extreme value, and where it is attained.

    ``value`` is attained at ``at``: the value of each interval parameter, and of the n-th act's
    size as ``act#<n>``. No allowed numbers lead beyond ``outer``, which equals ``value`` where the
    extreme is exact.
    """

    value: float
    outer: float
    at: Mapping[str, float]

    @property
    def exact(self) -> bool:
        """Whether no allowed numbers lead beyond the value attained."""
        return self.outer == self.value


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest value that the intervals allow."""

    lower: Bound
    upper: Bound


def frequency_bounds(
    ladders: Iterable[CompiledLadder],
    values: Mapping[str, float],
    intervals: Mapping[str, Interval],
    *,
    most: int = MOST_BOXES,
) -> Bounds:
    """The least and the greatest frequency per year of the ends of ladders, all added.

    Parameters
    ----------
    ladders
        Ladders whose ends are those asked for, such as the headline or worse.
    values
        The known parameters: rates per year, probabilities.
    intervals
        The least and the greatest allowed value of the others; these go before ``values``.
    most
        The boxes that either bound may take; what they leave open widens `Bound.outer`.

    Raises
    ------
    UsageError
        Where a parameter is neither known nor an interval, or a number is out of its range.

    """
    problem = _Problem(tuple(ladders), dict(values), dict(intervals), ())
    _check(problem)
    lower = _search(_Frequency(problem, -1.0), most)
    return Bounds(lower, _search(_Frequency(problem, 1.0), most))


def ratio_bounds(
    ladders: Iterable[CompiledLadder],
    values: Mapping[str, float],
    intervals: Mapping[str, Interval],
    *,
    acts: Sequence[IntervalAct],
    most: int = MOST_BOXES,
) -> Bounds:
    """The least and the greatest ratio of the frequency with a measure to that without it.

    Parameters
    ----------
    ladders, values, intervals, most
        As `frequency_bounds`; a number is the same with and without the measure.
    acts
        The acts of the measure in their order.

    Raises
    ------
    UsageError
        As `frequency_bounds`, or where the intervals allow a frequency of 0 without the measure.

    """
    problem = _Problem(tuple(ladders), dict(values), dict(intervals), tuple(acts))
    _check(problem)
    bare = _Frequency(_Problem(problem.ladders, problem.values, problem.intervals, ()), -1.0)
    if _search(bare, most).outer <= 0:
        raise UsageError("the intervals allow a frequency of 0 without the measure: no ratio.")
    lower = _search(_Ratio(problem, -1.0), most)
    return Bounds(lower, _search(_Ratio(problem, 1.0), most))


# --- the numbers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Problem:
    """What is asked; a point has one column for each interval, then one for each act."""

    ladders: tuple[CompiledLadder, ...]
    values: Mapping[str, float]
    intervals: Mapping[str, Interval]
    acts: tuple[IntervalAct, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.intervals, *(f"act#{n}" for n in range(1, len(self.acts) + 1)))

    @property
    def rests_on(self) -> frozenset[str]:
        return frozenset().union(*(ladder.rests_on for ladder in self.ladders))

    def ends(self) -> Span:
        """The least and the greatest point, each of shape (1, coordinates)."""
        pairs = [*self.intervals.values(), *(act.size for act in self.acts)]
        box = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        return box[:1].copy(), box[1:].copy()

    def without(self, points: Floats) -> Numbers:
        """All parameters at points (N, coordinates), each of shape (N,)."""
        known = {name: np.full(len(points), value) for name, value in self.values.items()}
        return {**known, **{name: points[:, i] for i, name in enumerate(self.intervals)}}

    def taken(self, before: Numbers, points: Floats) -> Numbers:
        """The parameters after the acts, with the sizes of the points."""
        after = dict(before)
        for column, act in enumerate(self.acts, start=len(self.intervals)):
            after[act.on] = change(after[act.on], act.how, points[:, column])
        return after

    def inner(self) -> Flags:
        """The coordinates along which an extreme may stand inside."""
        bent = {act.on for act in self.acts if act.how == "odds-ratio"} & self.rests_on
        repeated = {name for ladder in self.ladders for name in repeated_in(ladder)}
        on_act = [act.on in repeated for act in self.acts]
        return np.array([name in bent | repeated for name in self.intervals] + on_act, dtype=bool)


def repeated_in(ladder: CompiledLadder) -> set[str]:
    """The parameters that stand for several events on one path of a ladder."""
    found = {ladder.starts} & {ladder.events[node.event] for _, node in ladder.nodes}
    for name in ladder.rests_on:
        most: dict[int, int] = {}
        for index, node in reversed(ladder.nodes):
            below = max(most.get(node.happens, 0), most.get(node.otherwise, 0))
            most[index] = below + (ladder.events[node.event] == name)
        if most.get(ladder.root, 0) > 1:
            found.add(name)
    return found


def _check(problem: _Problem) -> None:
    """Refuse numbers that are missing or out of range, before and after the acts."""
    for name, (least, greatest) in (
        *problem.intervals.items(),
        *((f"act on {act.on}", act.size) for act in problem.acts),
    ):
        if not 0 <= least <= greatest < np.inf:
            raise UsageError(f"[{least}, {greatest}] is no interval of `{name}`.")
    missing = (problem.rests_on | {act.on for act in problem.acts}) - {
        *problem.values,
        *problem.intervals,
    }
    if missing:
        raise UsageError(f"`{min(missing)}` has neither a value nor an interval.")
    events = {e for ladder in problem.ladders for e in ladder.rests_on - {ladder.starts}}
    for point in problem.ends():
        before = problem.without(point)
        for name, found in (*before.items(), *problem.taken(before, point).items()):
            if not found[0] >= 0 or (name in events and not found[0] <= 1):
                raise UsageError(f"`{name}` at {found[0]} is out of its range.")


# --- bounds over boxes -----------------------------------------------------------------------


def _frequency_span(ladders: Iterable[CompiledLadder], low: Numbers, high: Numbers) -> Span:
    least, greatest = np.zeros(1), np.zeros(1)
    for ladder in ladders:
        found = spans_of(ladder, low, high)[ladder.root]
        least = least + low[ladder.starts] * found[0]
        greatest = greatest + high[ladder.starts] * found[1]
    return least, greatest


def _total(ladders: Iterable[CompiledLadder], values: Numbers) -> Floats:
    return np.asarray(sum(frequencies(ladder, values).sum(axis=0) for ladder in ladders))


class _Frequency:
    """The frequency times ``way``: the search maximises."""

    def __init__(self, problem: _Problem, way: float) -> None:
        self.problem, self.way = problem, way

    def score(self, points: Floats) -> Floats:
        found = _total(self.problem.ladders, self.problem.without(points))
        return self.way * np.broadcast_to(found, len(points))

    def outer(self, low: Floats, high: Floats) -> Floats:
        span = _frequency_span(
            self.problem.ladders, self.problem.without(low), self.problem.without(high)
        )
        return self.way * np.broadcast_to(span[self.way > 0], len(low))

    def promise(self, low: Floats, high: Floats, best: float) -> Floats:
        """Positive where the box may hold a score over ``best``."""
        return self.outer(low, high) - best

    def slopes(self, low: Floats, high: Floats) -> dict[int, tuple[Flags, Flags]]:
        """For each column, where the frequency never falls and where it never rises with it."""
        before = self.problem.without(low), self.problem.without(high)
        slopes = signs(self.problem.ladders, *before)
        columns = enumerate(self.problem.intervals)
        return {i: slopes.get(name, _level()) for i, name in columns}


def _level() -> tuple[Flags, Flags]:
    """The slopes of what is of no consequence."""
    return np.ones(1, dtype=bool), np.ones(1, dtype=bool)


class _Ratio:
    """The ratio with : without, times ``way``."""

    def __init__(self, problem: _Problem, way: float) -> None:
        self.problem, self.way = problem, way

    def score(self, points: Floats) -> Floats:
        before = self.problem.without(points)
        after = self.problem.taken(before, points)
        with_it, bare = (_total(self.problem.ladders, numbers) for numbers in (after, before))
        return self.way * np.broadcast_to(with_it / bare, len(points))

    def outer(self, low: Floats, high: Floats) -> Floats:
        before = self.problem.without(low), self.problem.without(high)
        after = self.problem.taken(before[0], low), self.problem.taken(before[1], high)
        with_it = _frequency_span(self.problem.ladders, *after)
        bare = _frequency_span(self.problem.ladders, *before)
        with np.errstate(divide="ignore", invalid="ignore"):
            span = with_it[0] / bare[1], np.where(with_it[1] > 0, with_it[1] / bare[0], 0.0)
        return self.way * np.broadcast_to(span[self.way > 0], len(low))

    def promise(self, low: Floats, high: Floats, best: float) -> Floats:
        """A bound of way (N - t D) at t = way best: positive where the box may beat ``best``."""
        span = _Excess(self.problem, low, high, self.way * best).span()
        return self.way * np.broadcast_to(span[self.way > 0], len(low))

    def slopes(self, low: Floats, high: Floats) -> dict[int, tuple[Flags, Flags]]:
        """Sizes stand above only; a replaced parameter below only, where N / D falls with D."""
        before = self.problem.without(low), self.problem.without(high)
        after = self.problem.taken(before[0], low), self.problem.taken(before[1], high)
        ladders = self.problem.ladders
        above, below = signs(ladders, *after), signs(ladders, *before)
        found = {}
        replaced = {act.on for act in self.problem.acts if act.how == "replacement"}
        for i, name in enumerate(self.problem.intervals):
            if name not in below:
                found[i] = _level()
            elif name in replaced:
                found[i] = below[name][::-1]
        for i, act in enumerate(self.problem.acts, start=len(self.problem.intervals)):
            found[i] = above.get(act.on, _level())
        return found


class _Excess:
    """The range of N - t D over boxes, with what N and D have in common taken once.

    At a node, N - t D = p' (N_yes - t_yes D_yes) + (1 - p') (N_no - t_no D_no) with
    t_yes = t p / p' and t_no = t (1 - p) / (1 - p'), where p' is p after the acts; at a root,
    rate' (N - t_0 D) with t_0 = t rate / rate'. So t goes down the diagram and the range comes up.
    Where no act touches a number, t stays, and the number is one and the same in N and in D.
    """

    def __init__(self, problem: _Problem, low: Floats, high: Floats, t: float) -> None:
        self.problem, self.t = problem, (np.array([t]), np.array([t]))
        self.before = problem.without(low), problem.without(high)
        self.after = problem.taken(self.before[0], low), problem.taken(self.before[1], high)
        acted = {act.on for act in problem.acts} & problem.rests_on
        self.events = frozenset(e for one in problem.ladders for e in one.events)
        self.shares = {on: self._shares(on, low, high) for on in acted}

    def _shares(self, on: str, low: Floats, high: Floats) -> tuple[Span, Span]:
        """The ranges of p / p' and of (1 - p) / (1 - p'), infinite where p' may be 0 or 1.

        Along p and along all sizes together both are monotone, but for acts of several kinds.
        """
        kinds = {act.how for act in self.problem.acts if act.on == on}
        start, stop = (numbers[on] for numbers in self.before)
        least, most = (numbers[on] for numbers in self.after)
        pairs = [(start, most), (stop, least)]
        if len(kinds) == 1:
            pairs = [
                (p, self.problem.taken({**self.before[0], on: p}, sizes)[on])
                for p in (start, stop)
                for sizes in (low, high)
            ]
        yes = [quotient(p, taken) for p, taken in pairs]
        no = [quotient(1 - p, 1 - taken) for p, taken in pairs] if on in self.events else yes
        if len(kinds) > 1 and on in self.events:
            no = [quotient(1 - start, 1 - most), quotient(1 - stop, 1 - least)]
        return hull(yes), hull(no)

    def span(self) -> Span:
        """The range over all ladders; those that start alike have their rate in common."""
        least, greatest = np.zeros(1), np.zeros(1)
        for starts in dict.fromkeys(ladder.starts for ladder in self.problem.ladders):
            found = self._started(starts)
            least, greatest = least + found[0], greatest + found[1]
        return least, greatest

    def _started(self, starts: str) -> Span:
        ladders = [ladder for ladder in self.problem.ladders if ladder.starts == starts]
        t = self._passed(self.t, starts)[0]
        above = [spans_of(ladder, *self.after) for ladder in ladders]
        below = [spans_of(ladder, *self.before) for ladder in ladders]
        parts = [
            self._excess(*one)
            for one in zip(ladders, [t] * len(ladders), above, below, strict=True)
        ]
        rate, bare = ((ends[0][starts], ends[1][starts]) for ends in (self.after, self.before))
        with_it, without = (
            added([spans[ladder.root] for ladder, spans in zip(ladders, world, strict=True)])
            for world in (above, below)
        )
        plain = apart(times(rate, with_it), times(bare, without), self.t)
        return self._narrower(starts, times(rate, added(parts)), plain)

    def _excess(
        self, ladder: CompiledLadder, t: Span, above: dict[int, Span], below: dict[int, Span]
    ) -> Span:
        """The range of N - t D of the probabilities of a ladder."""
        at = {ladder.root: t}
        for index, node in ladder.nodes:
            yes, no = self._passed(at[index], ladder.events[node.event])
            for place, passed in ((node.happens, yes), (node.otherwise, no)):
                at[place] = hull([*at[place], *passed]) if place in at else passed
        found = {place: apart(above[place], below[place], at[place]) for place in at}
        for index, node in reversed(ladder.nodes):
            name = ladder.events[node.event]
            p = self.after[0][name], self.after[1][name]
            joined = between(p, found[node.happens], found[node.otherwise])
            found[index] = self._narrower(name, joined, found[index])
        return found[ladder.root]

    def _passed(self, t: Span, name: str) -> tuple[Span, Span]:
        """What t becomes below a number: where it happens, and where not."""
        if name not in self.shares:
            return t, t
        yes, no = self.shares[name]
        return (t[0] * yes[0], t[1] * yes[1]), (t[0] * no[0], t[1] * no[1])

    def _narrower(self, name: str, joined: Span, plain: Span) -> Span:
        """Where two ranges meet; the plain one alone where a share of ``name`` is infinite."""
        least, greatest = np.maximum(joined[0], plain[0]), np.minimum(joined[1], plain[1])
        if name not in self.shares:
            return least, greatest
        finite = np.isfinite(self.shares[name][0][1]) & np.isfinite(self.shares[name][1][1])
        return np.where(finite, least, plain[0]), np.where(finite, greatest, plain[1])


# --- the search ------------------------------------------------------------------------------


class _Search:
    """Depth first, in batches; the best point so far stands in ``best`` and ``at``."""

    def __init__(self, objective: _Frequency | _Ratio) -> None:
        self.objective = objective
        self.low, self.high = objective.problem.ends()
        self.inner = objective.problem.inner()
        self.close = CLOSE if np.any(self.inner & (self.high > self.low)[0]) else ROUNDING
        self.loose = False
        self.at = self.low[0]
        self.best = float(objective.score(self.low)[0])
        self.weight = np.full(self.low.shape[1], 1e-300)
        self._climb()

    def _climb(self) -> None:
        """Coordinate by coordinate to the best of some points, from either end of the box."""
        for start in (self.low[0], self.high[0], (self.low[0] + self.high[0]) / 2):
            at, best = start, -np.inf
            while True:
                found, score = self._step(at)
                if not score > best:
                    break
                at, best = found, score
            self.offer(at[None])
        # A coordinate that moves the score little may still widen its bounds.
        self.weight = np.maximum(self.weight, LEAST_WEIGHT * self.weight.max(initial=0.0))

    def _step(self, at: Floats) -> tuple[Floats, float]:
        score = float(self.objective.score(at[None])[0])
        for column in range(len(at)):
            tried = np.repeat(at[None], 9 if self.inner[column] else 2, axis=0)
            ends = self.low[0, column], self.high[0, column]
            tried[:, column] = np.linspace(*ends, len(tried))
            scores = self.objective.score(tried)
            self.weight[column] = max(self.weight[column], float(np.ptp(scores)))
            if scores.max() > score:
                at, score = tried[scores.argmax()], float(scores.max())
        return at, score

    def offer(self, points: Floats) -> None:
        scores = self.objective.score(points)
        if scores.size and scores.max() > self.best:
            self.best, self.at = float(scores.max()), points[scores.argmax()]

    @property
    def goal(self) -> float:
        """What a box must promise more than to be looked into."""
        return self.best + self.close * abs(self.best)

    def run(self, most: int) -> float:
        """Search; the greatest score that is not ruled out."""
        stack, seen = [(self.low, self.high)], 0
        while stack and seen < most:
            low, high = stack.pop()
            seen += len(low)
            low, high = self._narrowed(low, high)
            keep = self.objective.promise(low, high, self.goal) > 0
            self.loose |= self._gives_up(low[~keep], high[~keep])
            low, high = low[keep], high[keep]
            self.offer(np.concatenate([low, high]))
            open_ = np.any(high > low, axis=1)
            stack += self._split(low[open_], high[open_])
        left = [self._beyond(low, high) for low, high in stack]
        return max([self.goal if self.loose else self.best, *left])

    def _beyond(self, low: Floats, high: Floats) -> float:
        """A score that no box exceeds, by halving the orders of magnitude that are open."""
        least, most = self.goal, float(self.objective.outer(low, high).max())
        while most > least and abs(most - least) > CLOSE * abs(least):
            middle = self.objective.way * float(np.sqrt(abs(least) * abs(most)))
            if not np.isfinite(most) or not least < middle < most:
                break
            if np.any(self.objective.promise(low, high, middle) > 0):
                least = middle
            else:
                most = middle
        return max(most, self.goal)

    def _gives_up(self, low: Floats, high: Floats) -> bool:
        """Whether a box is dropped that may yet beat the best, by more than rounding."""
        if self.close <= ROUNDING or not len(low):
            return False
        best = self.best + ROUNDING * abs(self.best)
        return bool(np.any(self.objective.promise(low, high, best) > 0))

    def _narrowed(self, low: Floats, high: Floats) -> Span:
        low, high = low.copy(), high.copy()
        for column, (rises, falls) in self.objective.slopes(low, high).items():
            up, down = (rises, falls) if self.objective.way > 0 else (falls, rises)
            start, stop = low[:, column].copy(), high[:, column].copy()
            low[:, column] = np.where(up, stop, start)
            high[:, column] = np.where(down & ~up, start, stop)
        return low, high

    def _split(self, low: Floats, high: Floats) -> list[tuple[Floats, Floats]]:
        """Each box in two, along the coordinate that moves the score most."""
        if not len(low):
            return []
        whole = np.where(self.high > self.low, self.high - self.low, 1.0)
        share = (high - low) / whole
        column = np.where(share > 0, share * self.weight, -1.0).argmax(axis=1)
        rows = np.arange(len(low))
        inside = self.inner[column]
        middle = (low[rows, column] + high[rows, column]) / 2
        below, above = high.copy(), low.copy()
        below[rows, column] = np.where(inside, middle, low[rows, column])
        above[rows, column] = np.where(inside, middle, high[rows, column])
        low, high = np.concatenate([low, above]), np.concatenate([below, high])
        return [(low[i : i + _BATCH], high[i : i + _BATCH]) for i in range(0, len(low), _BATCH)]


def _search(objective: _Frequency | _Ratio, most: int) -> Bound:
    search = _Search(objective)
    outer = search.run(most)
    at = dict(zip(objective.problem.names, search.at.tolist(), strict=True))
    return Bound(objective.way * search.best, objective.way * outer, at)
