"""What questions cost, and what is shortened and left out where they cost too much."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case.check_answers import SCALES
from detente.elicitation.burden import (
    BUNDLES,
    NEEDS,
    PACES,
    WHOLE,
    WORDS_PER_MINUTE,
    Brief,
    Budget,
    Least,
    Load,
    Person,
    burden,
    fit,
    room,
)
from detente.ground.basis import Basis
from detente.ground.errors import UsageError

LEDGER = ("reassurance-expected", "reassurance-received", "cost", "kept")


def least_of(heads: Mapping[str, int], *, attendance: float = 0.8) -> Least:
    people = tuple(
        Person(f"{side}{i}", side, "t", side)
        for side, number in heads.items()
        for i in range(number)
    )
    return Least(Brief({side: (side,) for side in heads}, people, (), 3), attendance)


def test_every_kind_of_question_has_a_pace_and_one_bundle():
    bundled = [kind for bundle in BUNDLES for kind in bundle]
    assert sorted(bundled) == sorted(PACES) == sorted(SCALES)
    for bundle in BUNDLES:
        assert len({SCALES[kind].item for kind in bundle}) == 1
    for kind, scale in SCALES.items():
        assert (PACES[kind].numbers == 3) == scale.interval
        assert (PACES[kind].basis is Basis.SOURCE) == bool(PACES[kind].source)


def test_a_burden_is_items_times_sides_times_numbers():
    likely = burden(Load("likelihood", 12, words=119))
    assert likely.judgements == 36
    assert likely.minutes == pytest.approx(12 * 45 / 60 + 0.5)
    kept = burden(Load("kept", 31, each=3))
    assert kept.judgements == 93
    assert kept.minutes == pytest.approx(93 * 15 / 60)
    assert WORDS_PER_MINUTE == 238


def test_the_burden_of_a_large_elicitation_is_over_a_thousand_judgements():
    # 30 measures: gain, red line, cost, keeping, and reassurance from and to six others; 12 risks:
    # likelihood and consequence as intervals, and the likelihood each of six others would say; a
    # ladder of 48 parameters
    loads = [
        Load("gain", 30),
        Load("red-line", 30),
        Load("cost", 30),
        Load("kept", 30, each=7),
        Load("reassurance-expected", 30, each=6),
        Load("reassurance-received", 30, each=6),
        Load("likelihood", 12),
        Load("consequence", 12),
        Load("expected-say", 12, each=6),
        Load("quantity", 48),
    ]
    assert sum(burden(load).judgements for load in loads) == 1008


def test_a_block_is_large_enough_for_a_cell_on_every_side_that_can_have_one():
    assert least_of({"A": 15, "B": 15})("gain", 12) == 4  # 4 people, 3.2 of whom come
    assert least_of({"A": 5, "B": 15})("gain", 12) == 10
    assert least_of({"A": 2, "B": 8})("gain", 12) == 6  # two people never fill a cell
    assert least_of({"A": 4, "B": 4})("gain", 12) == 12
    assert least_of({"A": 9, "B": 9}, attendance=1)("gain", 12) == 4
    assert least_of({})("gain", 12) == 12
    assert least_of({"A": 15, "B": 15})("priority", 12) == 12
    assert least_of({"A": 15, "B": 15})("best-worst", 9) == 3  # 12 risks, 4 a set
    assert least_of({"A": 15, "B": 15})("pairwise", 66) == 6  # 12 risks in 6 pairs


def test_statements_are_shortened_before_the_ledger():
    loads = [Load("statement", 30), *(Load(kind, 12) for kind in LEDGER)]
    fitted = fit(loads, Budget(45, 60), least=least_of({"A": 10, "B": 10}))
    assert fitted.left_out == ()
    assert fitted.sizes == {"statement": 12} | dict.fromkeys(LEDGER, 12)


def test_the_ledger_is_shortened_as_one_and_before_statements_are_left_out():
    loads = [Load("statement", 30), *(Load(kind, 12) for kind in LEDGER)]
    fitted = fit(loads, Budget(45, 40), least=least_of({"A": 10, "B": 10}))
    assert fitted.left_out == ()
    assert fitted.sizes == {"statement": 12} | dict.fromkeys(LEDGER, 7)


def test_a_mirror_is_left_out_before_the_question_that_it_is_compared_with():
    loads = [Load("expected-say", 8), Load("likelihood", 8), Load("expected-fear", 8)]
    least = least_of({"A": 4, "B": 4})
    assert fit(loads, Budget(60, 40), least=least).left_out == ()
    assert fit(loads, Budget(60, 39), least=least).left_out == ("expected-fear",)
    assert fit(loads, Budget(60, 31), least=least).left_out == ("expected-say", "expected-fear")
    assert len(fit(loads, Budget(60, 23), least=least).left_out) == 3


def test_minutes_bind_as_judgements_do_and_reasons_take_theirs_first():
    loads = [Load("likelihood", 8)]
    least = least_of({"A": 12, "B": 12})
    assert fit(loads, Budget(6.0, 99), least=least).sizes == {"likelihood": 8}
    assert fit(loads, Budget(5.9, 99), least=least).sizes == {"likelihood": 7}
    assert fit(loads, Budget(6.0, 99, reasons=3), least=least).sizes == {"likelihood": 4}
    assert fit(loads, Budget(6.0, 99, reasons=4), least=least).left_out == ("likelihood",)


def test_room_is_the_longest_list_with_which_a_kind_can_stay():
    loads = [Load("gain", 12), *(Load(kind, 8) for kind in LEDGER)]
    least = least_of({"A": 4, "B": 4})
    budget = Budget(45, 47)
    fitted = fit(loads, budget, least=least)
    assert fitted.left_out == ("gain",)
    assert room(loads[0], fitted, loads, budget, least) == 5  # (47 - 32) / 3
    shorter = [Load("gain", 5), *loads[1:]]
    assert fit(shorter, budget, least=least).left_out == ()


@given(
    st.dictionaries(
        st.sampled_from(sorted(PACES)), st.tuples(st.integers(1, 20), st.integers(1, 3)), min_size=1
    ),
    st.floats(1, 90),
    st.integers(1, 250),
    st.integers(2, 16),
)
@settings(max_examples=80, deadline=None)
def test_what_is_kept_fits_and_what_is_left_out_does_not(given_loads, minutes, most, heads):
    lists = {bundle: i + 3 for i, bundle in enumerate(BUNDLES)}
    loads = [
        Load(kind, next(n for bundle, n in lists.items() if kind in bundle), each, words=10)
        for kind, (_, each) in given_loads.items()
    ]
    by_kind = {load.kind: load for load in loads}
    budget, least = Budget(minutes, most), least_of({"A": heads, "B": heads})
    fitted = fit(loads, budget, least=least)
    assert budget.holds(by_kind, fitted.sizes)
    assert set(fitted.sizes) | set(fitted.left_out) == set(by_kind)
    for kind, size in fitted.sizes.items():
        items = by_kind[kind].items
        assert least(kind, items) <= size <= items
        assert kind not in WHOLE or size == items
        assert NEEDS.get(kind) not in fitted.left_out
    for bundle in BUNDLES:
        assert len({fitted.sizes[kind] for kind in bundle if kind in fitted.sizes}) <= 1
    smallest = {kind: least(kind, load.items) for kind, load in by_kind.items()}
    assert (not fitted.left_out) == budget.holds(by_kind, smallest)


@pytest.mark.parametrize("numbers", [(0, 40), (45, 0), (45, 40, -1)])
def test_a_budget_of_nothing_is_refused(numbers):
    with pytest.raises(UsageError):
        Budget(*numbers)
