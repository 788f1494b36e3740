"""What is settled whatever the weights: beside the corners of each set, and what changes none."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.ledger import ledger
from detente.assessment.relations import Relations, between
from detente.assessment.settled import held, in_common, party_relations, shared_relations
from detente.assessment.stated_weights import weight_set
from detente.assessment.value import PartyGains, party_gains
from detente.assessment.weights.polytope import free, ranking
from detente.case.case import Case
from detente.case.read import read_case
from detente.elicitation.assess import assess_elicitation
from tests.assessment.test_relations import corners

POINTS = 2**8
NAMES = ("a", "b", "c")
numbers = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def training(root: Path) -> Case:
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def gains(training: Case) -> dict[str, PartyGains]:
    said = assess_elicitation(training)
    entries = ledger(training, said.groups)
    found = party_gains(training, entries, points=POINTS, answers=said.quantities)
    return {one.party: one for one in found}


@pytest.mark.parametrize("party", ["ALD", "BRE", "COR", "DAL"])
@pytest.mark.parametrize("coverage", [0.0, 0.9])
def test_ends_are_those_at_the_corners_of_what_was_stated(training, gains, party, coverage):
    own = gains[party]
    found = party_relations(training, own, coverage=coverage)
    stated = next(one for one in training.criteria_file.weights if one.party == party)
    allowed = weight_set(stated, training.criteria)
    every = corners(allowed)
    places = [allowed.criteria.index(name) for name in own.criteria]
    for a in range(len(own.measures)):
        for b in range(len(own.measures)):
            apart = own.differences[:, a] - own.differences[:, b]
            low = np.sort(apart, axis=0)
            at = (1 - coverage) / 2 * (len(low) - 1)
            below, part = int(at), at - int(at)
            gap = (1 - part) * low[below] + part * low[min(below + 1, len(low) - 1)]
            expected = 0.0 if a == b else min(float(w[places] @ gap) for w in every)
            assert found.least[a, b] == pytest.approx(expected, abs=1e-8)
            assert found.most[b, a] == pytest.approx(-expected, abs=1e-8)
            assert found.necessary[a, b] == (found.least[a, b] >= -1e-9)
            assert found.possible[a, b] == (found.most[a, b] >= -1e-9)


def test_a_wider_interval_settles_less(training, gains):
    narrow, wide = (
        party_relations(training, gains["COR"], coverage=coverage) for coverage in (0.2, 0.95)
    )
    assert (wide.least <= narrow.least + 1e-12).all()
    assert wide.necessary.sum() < narrow.necessary.sum()


def made(number: int, *, options: tuple[str, ...] = tuple("uvwxyz")) -> list[Relations]:
    """Relations of three parties, between whom something is settled and something is not."""
    rng = np.random.default_rng(number)
    found = []
    for weights in (free(NAMES), ranking(NAMES), ranking(NAMES[::-1])):
        low = rng.integers(0, 5, (len(options), 3)) / 4
        found.append(between(options, low, low + 0.1, weights))
    return found


@settings(max_examples=40)
@given(numbers)
def test_every_ordered_pair_has_the_strongest_kind_by_the_definition(number):
    parties = made(number)
    kinds = {(a, b): kind for a, b, kind in held(in_common(parties))}
    options = parties[0].options
    assert set(kinds) == set(permutations(options, 2))
    for (a, b), kind in kinds.items():
        place = options.index(a), options.index(b)
        necessary = [bool(one.necessary[place]) for one in parties]
        possible = [bool(one.possible[place]) for one in parties]
        if all(necessary):
            assert kind == "necessary-for-all"
        elif any(necessary):
            some = "possible-for-all" if all(possible) else "impossible-for-others"
            assert kind == f"necessary-for-some-{some}"
        else:
            told = {True: "possible-for-all", False: "possible-for-some"}
            assert kind == (told[all(possible)] if any(possible) else "impossible-for-all")


@settings(max_examples=40)
@given(numbers, st.integers(0, 2), st.integers(1, 3))
def test_cloning_a_party_changes_no_shared_relation(number, which, times):
    parties = made(number)
    assert shared_relations([*parties, *[parties[which]] * times]) == shared_relations(parties)
    assert shared_relations(parties[::-1]) == shared_relations(parties)


def test_each_pair_stands_once_by_kind_the_strongest_first():
    parties = made(3)
    found = shared_relations(parties)
    told = {(one.measure, b): one.kind for one in found for b in one.others}
    assert told == {(a, b): kind for a, b, kind in held(in_common(parties))}
    assert sum(len(one.others) for one in found) == 6 * 5
    strength = [
        "necessary-for-all",
        "necessary-for-some-possible-for-all",
        "necessary-for-some-impossible-for-others",
        "possible-for-all",
        "possible-for-some",
        "impossible-for-all",
    ]
    order = [strength.index(one.kind) for one in found]
    assert order == sorted(order)
    assert len(set(order)) > 3


def test_only_what_all_of_several_parties_value_is_shared():
    first, second, _third = made(1)
    (other,) = made(1, options=tuple("vwq"))[:1]
    assert in_common([first]) is None
    assert in_common([first, other]).options == ("v", "w")
    places = np.ix_([1, 2], [1, 2])
    both = first.necessary[places] & other.necessary[:2, :2]
    assert (in_common([first, other]).necessary_for_all == both).all()
    (apart,) = made(1, options=("p", "q"))[:1]
    assert in_common([second, apart]) is None
    assert shared_relations([second, apart]) == ()
