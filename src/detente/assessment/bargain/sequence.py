"""The path forward: which measures begin in which step, exactly.

After Osgood (1962): graduated, announced, verifiable, reciprocal, and no step that costs security.
In every step each party stands at least where it would walk away, what each side has given and
received so far is in balance, and prerequisites are in place. Early gains count more than late
ones. After every step it is told what holds if the next one fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.assessment.bargain.model import (
    add_rules,
    add_synergy,
    gain_terms,
    groups,
    least_conflict,
)
from detente.assessment.bargain.problem import Bools, Floats, Problem, gains_of, named
from detente.assessment.bargain.program import INFINITY, Limits, Program
from detente.assessment.bargain.results import OffRamp, Sequence, SequenceStep, Status
from detente.ground.errors import UsageError

PATH_LIMITS = Limits(gap=1e-6)


@dataclass(frozen=True, eq=False)
class Course:
    """How a path may run.

    Parameters
    ----------
    steps
        The number T of steps, counted from 1.
    most_a_step
        The most measures that may begin in one step.
    discount
        What a gain that begins a step later is worth, over 0 and up to 1.
    prerequisites
        Whether what a measure needs must have begun in an ``earlier`` step, or may begin in the
        ``same`` one.
    received
        Shape (2, m): what the first and the second side receive by each measure, as each rates it
        for itself; the two in one unit. Zeros where left out.
    balance
        The largest difference in what the sides have received after each step, one number a step,
        or one for all.
    slack
        Shape (P,): how far below its trend each party may stand in between, in its own units;
        zeros where left out. At the end all stand at their trend or above.
    windows
        (measure, earliest, latest step in which it may begin).
    verifiable
        Shape (m,): from 0 to 1, how well it can be seen that the measure is kept.
    unilateral
        Measures that a side can begin alone, while the other begins its own.
    favour_verifiable, favour_unilateral
        What it is worth that such a measure begins in the first step rather than the last, in the
        units of `worth`; less in between, in proportion.
    revocable
        Measures that can be taken back.

    """

    steps: int
    most_a_step: int
    discount: float = 0.9
    prerequisites: Literal["earlier", "same"] = "earlier"
    received: Floats = field(default_factory=lambda: np.zeros((2, 0)))
    balance: tuple[float, ...] = (INFINITY,)
    slack: Floats = field(default_factory=lambda: np.zeros(0))
    windows: tuple[tuple[str, int, int], ...] = ()
    verifiable: Floats = field(default_factory=lambda: np.zeros(0))
    unilateral: tuple[str, ...] = ()
    favour_verifiable: float = 0.05
    favour_unilateral: float = 0.05
    revocable: tuple[str, ...] = ()

    def allowance(self, step: int) -> float:
        """The largest imbalance after a step, counted from 0."""
        return self.balance[step] if len(self.balance) > 1 else self.balance[0]


@dataclass(frozen=True, eq=False)
class _Path:
    """A program whose ``running[t][i]`` is 1 where measure i has begun by step t (from 0)."""

    program: Program
    running: list[list[int]]
    held: list[list[int]]


def worth(problem: Problem) -> Floats:
    """What each measure is worth, shape (m,): sum over parties of w_p gain_p / scale_p."""
    value: Floats = problem.weights / problem.scales @ problem.gains
    return value


def sequence(problem: Problem, course: Course, limits: Limits = PATH_LIMITS) -> Sequence:
    """The best sequence of measures over the steps of a course, proven.

    Maximises the sum over measures of discount^(t-1) worth_i + favour_i (T - t) / (T - 1), where t
    is the step in which measure i begins, with bonuses of synergies from the step in which their
    last clause holds. A measure may be left out unless it is required; to put a package chosen
    before in order, require its measures and ask for no others (`only`).

    Raises
    ------
    UsageError
        Where a part of the course does not fit the problem, or the problem has scenarios: choose
        the package under them first.

    """
    course = _checked(problem, course)
    path = _build(problem, course, limits, frozenset())
    found = path.program.maximise(_prices(problem, course, path))
    if found is None:
        return Sequence("infeasible", conflict=_conflict(problem, course, limits))
    running = found.values[np.array(path.running, dtype=np.int64)] > 0.5
    value = objective(problem, course, running)
    gap = max(found.bound - value, 0.0)
    status: Status = "optimal" if gap <= limits.gap else "gap-left"
    return Sequence(status, _steps(problem, course, running), value, gap)


def _checked(problem: Problem, course: Course) -> Course:
    """The course with its zeros filled in."""
    parties, measures = len(problem.parties), len(problem.measures)
    fill = {
        "received": np.zeros((2, measures)),
        "slack": np.zeros(parties),
        "verifiable": np.zeros(measures),
    }
    given = {name: getattr(course, name) for name in fill}
    whole = {name: given[name] if given[name].size else zeros for name, zeros in fill.items()}
    wrong = [name for name, zeros in fill.items() if whole[name].shape != zeros.shape]
    wrong += ["balance"] * (len(course.balance) not in (1, course.steps))
    wrong += ["steps"] * (course.steps < 1 or course.most_a_step < 1)
    wrong += ["discount"] * (not 0 < course.discount <= 1)
    names = [*course.unilateral, *course.revocable, *(name for name, _, _ in course.windows)]
    wrong += sorted(set(names) - set(problem.measures))
    if wrong:
        raise UsageError(f"These do not fit the problem or its steps: {', '.join(wrong)}.")
    if problem.scenarios is not None:
        raise UsageError("Choose the package under the scenarios first; a path has none.")
    return Course(**{**vars(course), **whole})


def _build(problem: Problem, course: Course, limits: Limits, without: frozenset[str]) -> _Path:
    """The program of all paths, ``without`` some groups of constraints."""
    program = Program(limits)
    count, steps = len(problem.measures), range(course.steps)
    running = [program.columns(count, 0, 1, whole=True) for _ in steps]
    held = [
        [add_synergy(program, problem, which, now) for which in range(len(problem.synergies))]
        for now in running
    ]
    path = _Path(program, running, held)
    add_rules(program, problem, running[-1], without=without)
    for step in steps:
        _one_step(problem, course, path, step, without)
    if "windows" not in without:
        _windows(problem, course, path)
    return path


def _one_step(
    problem: Problem, course: Course, path: _Path, step: int, without: frozenset[str]
) -> None:
    """What holds after one step: nothing ends, few begin, needs, balance, and no walking away."""
    program, now = path.program, path.running[step]
    before = path.running[step - 1] if step else []
    for earlier, later in zip(before, now, strict=False):
        program.row({later: 1.0, earlier: -1.0}, 0, 1)
    if "measures a step" not in without:
        begun = {**dict.fromkeys(now, 1.0), **dict.fromkeys(before, -1.0)}
        program.row(begun, -INFINITY, course.most_a_step)
    if "needs" not in without:
        _needs(problem, course, path, step)
    difference = course.received[1] - course.received[0]
    size = float(np.abs(difference).max(initial=0.0)) or 1.0
    allowance = course.allowance(step) / size
    if "balance" not in without and allowance < INFINITY:
        row = dict(zip(now, (difference / size).tolist(), strict=True))
        program.row(row, -allowance, allowance)
    last = step == course.steps - 1
    terms = gain_terms(problem, problem.gains, now, path.held[step])
    for party, row in enumerate(terms):
        name, scale = problem.parties[party], problem.scales[party]
        start = float(problem.constants[party] / scale)
        if f"walking away of {name}" not in without:
            program.row(row, -float(course.slack[party] / scale) - start, INFINITY)
        if last and f"gain of {name}" not in without:
            program.row(row, -start, INFINITY)


def _needs(problem: Problem, course: Course, path: _Path, step: int) -> None:
    """A measure runs only where what it needs runs by now, or by the step before."""
    now, place = path.running[step], problem.place
    for measure, needed in problem.rules.needs:
        later = {now[place[measure]]: 1.0}
        if course.prerequisites == "same":
            path.program.row({**later, now[place[needed]]: -1.0}, -1, 0)
        elif step:
            earlier = path.running[step - 1][place[needed]]
            path.program.row({**later, earlier: -1.0}, -1, 0)
        else:
            path.program.row(later, 0, 0)


def _windows(problem: Problem, course: Course, path: _Path) -> None:
    """Nothing begins before its window, and none begins after it."""
    for name, earliest, latest in course.windows:
        column = problem.place[name]
        for step in range(min(earliest - 1, course.steps)):
            path.program.row({path.running[step][column]: 1.0}, 0, 0)
        for step in range(max(latest, 0), course.steps):
            row = {path.running[step][column]: 1.0}
            if step:
                row[path.running[step - 1][column]] = -1.0
            path.program.row(row, 0, 0)


def _timed(course: Course) -> tuple[Floats, Floats]:
    """What beginning in each step is worth: of a gain, and of a favour; shape (T,) each."""
    steps = np.arange(course.steps, dtype=np.float64)
    return np.asarray(course.discount**steps, dtype=np.float64), (course.steps - 1 - steps) / max(
        course.steps - 1, 1
    )


def _favours(problem: Problem, course: Course) -> Floats:
    alone = np.array([name in course.unilateral for name in problem.measures], dtype=np.float64)
    favours: Floats = (
        course.favour_verifiable * course.verifiable + course.favour_unilateral * alone
    )
    return favours


def _prices(problem: Problem, course: Course, path: _Path) -> Mapping[int, float]:
    """The objective over the columns of what runs: what a step is worth more than the next."""
    gain, favour = (np.append(-np.diff(one), one[-1]) for one in _timed(course))
    bonus = problem.weights / problem.scales @ problem.bonuses
    value, favours = worth(problem), _favours(problem, course)
    prices: dict[int, float] = {}
    for step, (now, held) in enumerate(zip(path.running, path.held, strict=True)):
        of_measures = gain[step] * value + favour[step] * favours
        prices.update(zip(now, of_measures.tolist(), strict=True))
        prices.update(zip(held, (gain[step] * bonus).tolist(), strict=True))
    return prices


def objective(problem: Problem, course: Course, running: Bools) -> float:
    """The objective of a path, from the problem itself; ``running`` has shape (T, m)."""
    course = _checked(problem, course)
    gain, favour = _timed(course)
    base = gains_of(problem, np.zeros((1, len(problem.measures)), dtype=bool))
    reached = np.concatenate([base, gains_of(problem, running)])
    gained = np.diff(reached, axis=0) @ (problem.weights / problem.scales)
    begins = np.diff(running.astype(np.float64), axis=0, prepend=0.0)
    return float(gain @ gained + favour @ (begins @ _favours(problem, course)))


def _steps(problem: Problem, course: Course, running: Bools) -> tuple[SequenceStep, ...]:
    before = np.zeros(len(problem.measures), dtype=bool)
    steps = []
    for number, now in enumerate(running, start=1):
        ramp = off_ramp(problem, course, now)
        steps.append(SequenceStep(number, named(problem, now & ~before), ramp))
        before = now
    return tuple(steps)


def off_ramp(problem: Problem, course: Course, running: Bools) -> OffRamp:
    """What holds where the path ends with the measures that run, shape (m,)."""
    course = _checked(problem, course)
    held = named(problem, running)
    needed = {needs for measure, needs in problem.rules.needs if measure in held}
    gains = gains_of(problem, running[None])[0].tolist()
    return OffRamp(
        in_force=held,
        gains=tuple(zip(problem.parties, gains, strict=True)),
        balance=float((course.received[1] - course.received[0]) @ running),
        withdrawable=tuple(n for n in held if n in course.revocable and n not in needed),
    )


def _conflict(problem: Problem, course: Course, limits: Limits) -> tuple[str, ...]:
    def feasible(without: frozenset[str]) -> bool:
        return _build(problem, course, limits, without).program.maximise({}) is not None

    return least_conflict((*groups(problem), *_own_groups(problem)), feasible)


def _own_groups(problem: Problem) -> Iterator[str]:
    yield from ("windows", "balance", "measures a step")
    yield from (f"walking away of {party}" for party in problem.parties)
