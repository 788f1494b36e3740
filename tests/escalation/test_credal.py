"""Bounds over intervals: every corner by brute force, random points inside, interior extremes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation import credal
from detente.escalation.bdd import NOWHERE, Diagram, end
from detente.escalation.effects import change
from detente.escalation.ladder import CompiledLadder, compile_ladder, frequencies
from detente.ground.errors import UsageError

ROOM = 1 + 1e-9


def ladder_of(draw, name, parameters) -> Any:
    """A ladder with gates and branches aside: each parameter of it is one event."""
    diagram = Diagram()
    conditions = [diagram.event(i) for i in range(len(parameters))]
    place = end(0)
    for _ in range(draw(st.integers(1, 4))):
        taken = draw(st.lists(st.sampled_from(conditions), min_size=1, max_size=3))
        gate = draw(st.sampled_from([diagram.any_of, diagram.all_of, diagram.none_of]))
        aside = draw(st.sampled_from([NOWHERE, NOWHERE, end(0), place]))
        place = diagram.choose(gate(taken), place, aside)
    nodes = tuple(diagram.reached(place))
    return CompiledLadder(name, "rate", tuple(parameters), place, nodes, 1, frozenset())


@st.composite
def problems(draw):
    """Two ladders that share a rate and parameters, with some numbers known."""
    names = ["a", "b", "c", "d"]
    ladders = [ladder_of(draw, "one", names), ladder_of(draw, "two", names[::-1][:3])]
    intervals = {
        name: tuple(sorted(draw(st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)))))
        for name in draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    }
    known = {name: draw(st.floats(0.01, 0.99)) for name in names if name not in intervals}
    if draw(st.booleans()):
        return ladders, known, {**intervals, "rate": (0.5, 4.0)}
    return ladders, {**known, "rate": 2.0}, intervals


def frequency(ladders, values) -> Any:
    return np.asarray(sum(frequencies(one, values)[0] for one in ladders))


def with_acts(values, acts, sizes) -> Any:
    after = dict(values)
    for act, size in zip(acts, sizes, strict=True):
        after[act.on] = change(after[act.on], act.how, size)
    return after


def points_of(known, intervals, acts, columns) -> Any:
    """Parameters without and with the acts at points, one row of ``columns`` a coordinate."""
    values = {name: np.full(columns.shape[1], value) for name, value in known.items()}
    values |= dict(zip(intervals, columns, strict=False))
    return values, with_acts(values, acts, columns[len(intervals) :])


def corners(boxes) -> Any:
    return np.array(list(itertools.product(*boxes))).T


def inside(boxes, number=400) -> Any:
    low, high = np.array(boxes).T[..., None]
    return low + (high - low) * np.random.default_rng(7).random((len(boxes), number))


@settings(max_examples=15)
@given(problems())
def test_frequencies_have_their_extremes_at_corners(problem):
    ladders, known, intervals = problem
    boxes = list(intervals.values())
    found = credal.frequency_bounds(ladders, known, intervals)
    every = frequency(ladders, points_of(known, intervals, (), corners(boxes))[0])
    assert found.lower.exact
    assert found.upper.exact
    assert found.lower.value == pytest.approx(every.min(), rel=1e-9, abs=1e-15)
    assert found.upper.value == pytest.approx(every.max(), rel=1e-9, abs=1e-15)
    for bound in (found.lower, found.upper):
        at = {**known, **bound.at}
        reached = frequency(ladders, {name: np.array([value]) for name, value in at.items()})
        assert reached == pytest.approx(bound.value, abs=1e-15)
    any_ = frequency(ladders, points_of(known, intervals, (), inside(boxes))[0])
    assert any_.min() >= found.lower.value / ROOM - 1e-12
    assert any_.max() <= found.upper.value * ROOM + 1e-12


def ratios(ladders, known, intervals, acts, columns) -> Any:
    before, after = points_of(known, intervals, acts, columns)
    return frequency(ladders, after) / frequency(ladders, before)


@settings(max_examples=15)
@given(
    problems(),
    st.lists(
        st.tuples(st.sampled_from(["rate", "b", "c"]), st.floats(0.01, 0.9), st.floats(0, 0.1)),
        min_size=1,
        max_size=3,
    ),
    st.booleans(),
)
def test_ratios_of_changed_rates_and_replaced_numbers_have_theirs_at_corners(problem, raw, puts):
    ladders, known, intervals = problem
    acts = [
        credal.IntervalAct(on, "replacement" if puts and on != "rate" else "rate-ratio", (x, x + d))
        for on, x, d in raw
    ]
    boxes = [*intervals.values(), *(act.size for act in acts)]
    every = frequency(ladders, points_of(known, intervals, acts, corners(boxes))[0])
    if every.min() < 1e-12:
        with pytest.raises(UsageError, match="no ratio") if every.min() == 0 else nothing():
            credal.ratio_bounds(ladders, known, intervals, acts=acts)
        return
    found = credal.ratio_bounds(ladders, known, intervals, acts=acts)
    every = ratios(ladders, known, intervals, acts, corners(boxes))
    assert found.lower.exact
    assert found.upper.exact
    assert found.lower.value == pytest.approx(every.min(), rel=1e-7)
    assert found.upper.value == pytest.approx(every.max(), rel=1e-7)
    any_ = ratios(ladders, known, intervals, acts, inside(boxes))
    assert any_.min() >= found.lower.value / ROOM
    assert any_.max() <= found.upper.value * ROOM


def nothing() -> Any:
    return pytest.MonkeyPatch().context()


@settings(max_examples=15)
@given(
    problems(),
    st.lists(st.tuples(st.sampled_from("bc"), st.floats(0.05, 1.5)), min_size=1, max_size=2),
)
def test_no_point_lies_beyond_the_bounds_of_odds_ratios(problem, raw):
    ladders, known, intervals = problem
    acts = [credal.IntervalAct(on, "odds-ratio", (r, 1.5 * r)) for on, r in raw]
    boxes = [*intervals.values(), *(act.size for act in acts)]
    if frequency(ladders, points_of(known, intervals, acts, corners(boxes))[0]).min() < 1e-9:
        return
    found = credal.ratio_bounds(ladders, known, intervals, acts=acts, most=2**12)
    for columns in (corners(boxes), inside(boxes)):
        any_ = ratios(ladders, known, intervals, acts, columns)
        assert found.lower.outer <= any_.min() * ROOM
        assert found.upper.outer >= any_.max() / ROOM
    for bound in (found.lower, found.upper):
        point = np.array(list(bound.at.values()))[:, None]
        assert ratios(ladders, known, intervals, acts, point) == pytest.approx(bound.value)
    assert found.lower.outer <= found.lower.value <= found.upper.value <= found.upper.outer


# --- extremes that do not stand at corners ----------------------------------------------------


@pytest.fixture(scope="module")
def compiled(ladder_file):
    def made(text):
        file = ladder_file(
            "levels: [calm, war]\nheadline: war\nparameters:\n"
            "  - {id: rate, kind: rate, title: rate, value: 1}\n"
            "  - {id: p, kind: probability, title: p, value: 0.5}\n"
            "  - {id: q, kind: probability, title: q, value: 0.5}\n" + text
        )
        return [compile_ladder(file, one, {"war": 0}) for one in file.ladders]

    return made


def one_ladder(name, *names, otherwise="calm", ends="war") -> Any:
    path = ", ".join(f"{{p: {p}, event: x, otherwise: calm}}" for p in names[:-1])
    last = f"{{p: {names[-1]}, event: x, otherwise: {otherwise}}}"
    head = f"  - {{id: {name}, title: x, branch: accident, starts: rate, ends: {ends}, "
    return f"{head}path: [{path}{', ' if path else ''}{last}]}}\n"


@pytest.fixture(scope="module")
def side_path(compiled):
    """War by p, or by q: two ladders."""
    return compiled("ladders:\n" + one_ladder("one", "p") + one_ladder("two", "q"))


def test_a_number_that_stands_for_several_events_may_be_worst_inside(compiled):
    """p (1 - p) has its maximum at one half, inside; p p rises and stands at its ends."""
    (ladder,) = compiled("ladders:\n" + one_ladder("x", "p", "p", otherwise="war", ends="calm"))
    found = credal.frequency_bounds([ladder], {"rate": 1.0}, {"p": (0.1, 0.8)})
    assert found.upper.value == pytest.approx(0.25, rel=1e-4)
    assert found.upper.at["p"] == pytest.approx(0.5, abs=0.01)
    assert 0.25 <= found.upper.outer <= 0.25 * (1 + 2 * credal.CLOSE)
    assert found.lower.value == pytest.approx(0.09)
    (squared,) = compiled("ladders:\n" + one_ladder("x", "p", "p"))
    found = credal.frequency_bounds([squared], {"rate": 1.0}, {"p": (0.1, 0.8)})
    assert (found.lower.value, found.upper.value) == pytest.approx((0.01, 0.64))
    assert found.lower.exact
    assert found.upper.exact


def test_an_odds_ratio_may_help_most_inside(side_path):
    """(q + p') / (q + p) over p, against a fine grid; neither end of p is its least."""
    acts = [credal.IntervalAct("p", "odds-ratio", (0.2, 0.2))]
    found = credal.ratio_bounds(side_path, {"rate": 1, "q": 0.3}, {"p": (0.01, 1.0)}, acts=acts)
    p = np.linspace(0.01, 1, 200_001)
    grid = (0.3 + 0.2 * p / (1 - 0.8 * p)) / (0.3 + p)
    assert 0.02 < found.lower.at["p"] < 0.98
    assert found.lower.value == pytest.approx(grid.min(), rel=1e-4)
    assert grid.min() * (1 - 2 * credal.CLOSE) <= found.lower.outer <= grid.min()
    assert found.upper.value == pytest.approx(1.0)
    assert found.upper.at["p"] == 1.0


# --- size, refusals ---------------------------------------------------------------------------


def long_ladder(size) -> Any:
    """Gates with a none_of, so that half of the parameters lower the frequency."""
    diagram = Diagram()
    events = [diagram.event(i) for i in range(size)]
    place = end(0)
    for i in range(0, size, 4):
        place = diagram.choose(diagram.any_of(events[i : i + 2]), place, NOWHERE)
        place = diagram.choose(diagram.none_of(events[i + 2 : i + 4]), place, NOWHERE)
    names = tuple(f"p{i}" for i in range(size))
    return CompiledLadder("x", "rate", names, place, tuple(diagram.reached(place)), 1, frozenset())


def test_forty_monotone_intervals_need_no_search():
    ladder = long_ladder(40)
    intervals = dict.fromkeys(ladder.events, (0.1, 0.6))
    found = credal.frequency_bounds([ladder], {"rate": 3.0}, intervals, most=2)
    assert found.upper.exact
    assert found.upper.value == pytest.approx(3 * ((1 - 0.4**2) * 0.9**2) ** 10)
    assert found.lower.value == pytest.approx(3 * ((1 - 0.9**2) * 0.4**2) ** 10)
    assert found.upper.at["p0"] == 0.6
    assert found.upper.at["p2"] == 0.1


def test_what_the_ladder_has_in_common_does_not_widen_a_ratio():
    """One branch cut by a factor within [0.4, 0.7]: the ratio is that factor, come what may."""
    ladder = long_ladder(20)
    intervals = dict.fromkeys(ladder.events, (0.1, 0.6)) | {"rate": (0.01, 10.0)}
    acts = [credal.IntervalAct("rate", "rate-ratio", (0.4, 0.7))]
    found = credal.ratio_bounds([ladder], {}, intervals, acts=acts, most=2**12)
    assert (found.lower.value, found.upper.value) == pytest.approx((0.4, 0.7))
    assert found.lower.exact
    assert found.upper.exact


def test_what_is_not_settled_is_told_as_an_outer_bound(side_path):
    acts = [credal.IntervalAct("p", "odds-ratio", (0.1, 3.0))]
    intervals = {"p": (0.01, 0.9), "q": (0.01, 0.9), "rate": (1.0, 2.0)}
    rough, fine = (
        credal.ratio_bounds(side_path, {}, intervals, acts=acts, most=most).upper
        for most in (1, 2**16)
    )
    assert not rough.exact
    assert rough.outer > fine.outer >= fine.value >= rough.value
    assert fine.outer == pytest.approx(fine.value, rel=2 * credal.CLOSE)


@pytest.mark.parametrize(
    ("known", "intervals"),
    [
        ({"rate": 1.0}, {"p": (0.1, 0.2)}),
        ({"rate": 1.0, "q": 0.1}, {"p": (0.3, 0.2)}),
        ({"rate": 1.0, "q": 0.1}, {"p": (0.3, 1.2)}),
        ({"rate": 1.0, "q": 0.1}, {"p": (-0.1, 0.2)}),
        ({"rate": 1.0, "q": 1.1}, {"p": (0.1, 0.2)}),
        ({"rate": 1.0, "q": 0.1}, {"p": (np.nan, 0.2)}),
        ({"q": 0.1}, {"p": (0.1, 0.2), "rate": (0.0, np.inf)}),
    ],
)
def test_numbers_that_cannot_be_are_refused(side_path, known, intervals):
    with pytest.raises(UsageError):
        credal.frequency_bounds(side_path, known, intervals)


def test_a_ratio_to_nothing_is_refused(side_path):
    acts = [credal.IntervalAct("p", "odds-ratio", (0.5, 0.5))]
    with pytest.raises(UsageError, match="no ratio"):
        credal.ratio_bounds(side_path, {"rate": 1, "q": 0}, {"p": (0.0, 0.5)}, acts=acts)
    over = [credal.IntervalAct("p", "rate-ratio", (1.0, 5.0))]
    with pytest.raises(UsageError, match="out of its range"):
        credal.ratio_bounds(side_path, {"rate": 1, "q": 0}, {"p": (0.1, 0.5)}, acts=over)
