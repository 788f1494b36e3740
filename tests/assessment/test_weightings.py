"""Shares of weightings of a case: counted by hand and by brute force, and what changes none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.assessment.ledger import ledger
from detente.assessment.results import Weightings, WeightingShare
from detente.assessment.smaa.intervals import wilson
from detente.assessment.value import PartyGains, party_gains
from detente.assessment.weightings import by_mean_rank, party_ranks, weightings
from detente.case.case import Case
from detente.case.read import read_case
from detente.cli.main import cli
from detente.elicitation.assess import assess_elicitation

numbers = st.integers(0, 2**32 - 1)


def party(weights: Any, differences: Any, name: str = "A") -> PartyGains:
    w, d = np.asarray(weights, dtype=float), np.asarray(differences, dtype=float)
    return PartyGains(
        party=name, form="ratios", inconsistency=0.0, weights=w, differences=d,
        criteria=tuple(f"c{i}" for i in range(w.shape[1])),
        measures=tuple(f"m{i}" for i in range(d.shape[1])),
        beyond=np.zeros(d.shape[1:]), missing={}, reassurance=None, shown=True,
    )  # fmt: skip


def drawn(number: int, samples: int = 40, measures: int = 5, criteria: int = 3) -> PartyGains:
    """Gains on a coarse grid, so that ties are frequent."""
    rng = np.random.default_rng(number)
    weights = rng.choice([0.25, 0.5, 0.75], (samples, criteria))
    return party(weights, rng.integers(-2, 3, (samples, measures, criteria)))


def ranks_by_counting(gains: Sequence[float]) -> list[int]:
    """Rank 0 for whoever has nobody above; tied options share the best rank."""
    return [sum(other > own + 1e-9 for other in gains) for own in gains]


# --- counting -------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(numbers)
def test_every_index_by_brute_force(number):
    own = drawn(number)
    found = party_ranks(own)
    rows = [
        [float(sum(w * d for w, d in zip(ws, of, strict=True))) for of in ds]
        for ws, ds in zip(own.weights, own.differences, strict=True)
    ]
    ranks = [ranks_by_counting(row) for row in rows]
    n, places = len(rows), range(len(own.measures))
    for a in places:
        counted = [sum(rank[a] == k for rank in ranks) / n for k in places]
        assert found.acceptability.share[a].tolist() == pytest.approx(counted)
        assert found.among_first.share[a] == pytest.approx(sum(counted[:3]))
        for b in places:
            wins = sum(row[a] > row[b] + 1e-9 for row in rows)
            assert found.pairwise.share[a, b] == pytest.approx(wins / n)
        first = [ws for ws, rank in zip(own.weights, ranks, strict=True) if rank[a] == 0]
        if not first:
            assert np.isnan(found.central_weights[a]).all()
            assert np.isnan(found.confidence.share[a])
            continue
        central = np.mean(first, axis=0)
        assert found.central_weights[a] == pytest.approx(central)
        assert found.central_errors[a] == pytest.approx(np.std(first, axis=0) / len(first) ** 0.5)
        under = [ranks_by_counting((ds @ central).tolist())[a] == 0 for ds in own.differences]
        assert found.confidence.share[a] == pytest.approx(np.mean(under))


def test_ties_share_the_best_rank_and_are_told_of_neither():
    weights = [[1.0, 0.0], [0.75, 0.25], [0.25, 0.75], [0.0, 1.0]]
    found = party_ranks(party(weights, [[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]] * 4))
    # m2 ties with m1 under the first weights and with m0 under the last, and takes their rank.
    assert found.acceptability.share.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0.5, 0.5]]
    assert found.pairwise.share.tolist() == [[0, 0.5, 0.75], [0.5, 0, 0.75], [0, 0, 0]]
    assert found.central_weights[:2].tolist() == [[0.875, 0.125], [0.125, 0.875]]
    assert found.undecided[0, 1]
    assert not found.undecided.diagonal().any()


@settings(max_examples=30)
@given(numbers, st.floats(0.1, 10), st.floats(-3, 3))
def test_neither_the_unit_nor_the_origin_of_gains_changes_a_share(number, unit, origin):
    own = drawn(number)
    whole = own.weights / own.weights.sum(axis=1, keepdims=True)
    plain = party_ranks(replace(own, weights=whole))
    moved = party_ranks(replace(own, weights=whole, differences=unit * own.differences + origin))
    assert moved.acceptability.share == pytest.approx(plain.acceptability.share)
    assert moved.pairwise.share == pytest.approx(plain.pairwise.share)


def with_worst(own: PartyGains, times: int) -> PartyGains:
    """The same with a measure that is worse than all others at every point, so many times."""
    least = own.differences.min(axis=(1, 2))[:, None, None] - 1.0
    worst = np.broadcast_to(least, (len(least), times, len(own.criteria)))
    return replace(
        own,
        differences=np.concatenate([own.differences, worst], axis=1),
        measures=(*own.measures, *(f"w{i}" for i in range(times))),
        beyond=np.zeros((len(own.measures) + times, len(own.criteria))),
    )


@settings(max_examples=30)
@given(numbers)
def test_cloning_a_rival_that_is_always_worse_changes_no_share_of_the_others(number):
    own = drawn(number)
    m = len(own.measures)
    plain, once, twice = (party_ranks(with_worst(own, times)) for times in (0, 1, 2))
    for found in (once, twice):
        assert (found.pairwise.share[:m, :m] == plain.pairwise.share).all()
        assert (found.acceptability.share[:m, :m] == plain.acceptability.share).all()
        assert (found.pairwise.share[:m, m:] == 1).all()
        assert [k for k in by_mean_rank(found.acceptability) if k < m] == by_mean_rank(
            plain.acceptability
        )
    assert once.undecided[:m, :m].tolist() == twice.undecided[:m, :m].tolist()
    assert twice.undecided[m, m + 1]


# --- what is told ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def training(root: Path) -> Case:
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="module")
def gains(training: Case) -> tuple[PartyGains, ...]:
    said = assess_elicitation(training)
    return party_gains(training, ledger(training, said.groups), answers=said.quantities)


@pytest.fixture(scope="module")
def told(training: Case, gains: tuple[PartyGains, ...]) -> Weightings:
    found = weightings(training, gains)
    assert found is not None
    return found


def of_command(root: Path, verb: str) -> Any:
    ran = CliRunner().invoke(cli, ["options", verb, str(root / "cases" / "training"), "--json"])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def same(one: WeightingShare, other: dict[str, float]) -> bool:
    own = (one.low, one.share, one.high)
    return all(
        isclose(a, other[b], abs_tol=1e-8)
        for a, b in zip(own, ("low", "share", "high"), strict=True)
    )


def test_the_numbers_are_those_of_the_command(root: Path, told: Weightings) -> None:
    parties = {one["party"]: one for one in of_command(root, "accept")["parties"]}
    options = {(name, one["option"]): one for name, of in parties.items() for one in of["options"]}
    assert {(one.party, one.measure) for one in told.measures} == set(options)
    for one in told.measures:
        other = options[one.party, one.measure]
        assert same(one.first, other["ranks"][0])
        mean = sum((k + 1) * rank["share"] for k, rank in enumerate(other["ranks"]))
        assert one.mean_rank == pytest.approx(mean)
        among = sum(rank["share"] for rank in other["ranks"][:3])
        assert one.among_first.share == pytest.approx(among)
        sure = other["confidence"]
        assert same(one.confidence, sure) if one.confidence else sure["share"] is None
    pairs = {
        (name, pair["option"], pair["before"]): pair
        for name, of in parties.items()
        for pair in of["pairs"]
    }
    for pair in told.pairs:
        own = pairs.get((pair.party, pair.measure, pair.other))
        if own is None:  # told the other way round; gains that are drawn never tie
            turned = pairs[pair.party, pair.other, pair.measure]
            ends = {"low": 1 - turned["high"], "high": 1 - turned["low"]}
            own = turned | ends | {"share": 1 - turned["share"]}
        assert same(pair.before, own)
        assert own["distinguishable"] == pair.distinguishable


def test_the_relations_are_those_of_the_command(root: Path, told: Weightings) -> None:
    found = of_command(root, "relations")
    assert found["coverage"] == told.coverage
    pairs = {
        (of["party"], one["option"], one["as"]): one
        for of in found["parties"]
        for one in of["pairs"]
    }
    necessary = {key for key, one in pairs.items() if one["necessary"]}
    never = {key for key, one in pairs.items() if not one["possible"]}
    assert necessary == {(o.party, o.measure, b) for o in told.measures for b in o.necessarily_as}
    assert never == {(o.party, o.measure, b) for o in told.measures for b in o.never_as}
    shared = {(one["option"], one["as"]): one["holds"] for one in found["in_common"]}
    assert shared == {(one.measure, b): one.kind for one in told.shared for b in one.others}


def test_measures_stand_by_mean_rank_and_all_pairs_of_the_first_five(told: Weightings) -> None:
    for name in told.parties:
        own = [one for one in told.measures if one.party == name]
        assert [one.mean_rank for one in own] == sorted(one.mean_rank for one in own)
        leading = [one.measure for one in own[:5]]
        pairs = [(one.measure, one.other) for one in told.pairs if one.party == name]
        assert pairs == [(a, b) for i, a in enumerate(leading) for b in leading[i + 1 :]]


def test_a_pair_is_told_where_its_interval_holds_no_half(told: Weightings) -> None:
    """Gains that are drawn never tie, so that one of the two ranks first."""
    for one in told.pairs:
        assert one.distinguishable == (not one.before.low <= 0.5 <= one.before.high)
    assert not all(one.distinguishable for one in told.pairs)


def test_shares_of_a_party_are_of_one_whole(told: Weightings) -> None:
    for name in told.parties:
        own = [one for one in told.measures if one.party == name]
        assert sum(one.first.share for one in own) == pytest.approx(1)
        assert sum(one.among_first.share for one in own) == pytest.approx(3)
        assert sum(one.mean_rank for one in own) == pytest.approx(len(own) * (len(own) + 1) / 2)
        for one in own:
            assert one.first.low <= one.first.share <= one.first.high
            samples = told.samples
            assert one.first.low == wilson(np.array(one.first.share * samples), samples).low
            assert (one.confidence is None) == (one.first.share == 0)


def test_a_party_that_may_not_be_shown_is_in_no_number(training, gains, told):
    assert "BRE" in {one.party for one in gains}
    assert "BRE" not in str(told)
    without = [one for one in gains if one.shown]
    assert weightings(training, without) == told
    fewer = weightings(training, [replace(one, shown=one.party != "COR") for one in without])
    assert fewer.parties == ("ALD", "DAL")
    assert "COR" not in str(fewer)
    assert fewer.shared != told.shared


def test_of_one_party_alone_nothing_is_shared(training, gains):
    alone = weightings(training, [one for one in gains if one.party == "COR"])
    assert (alone.parties, alone.shared) == ((), ())
    assert {one.party for one in alone.measures} == {"COR"}


def test_where_nobody_may_be_shown_nothing_is_told(training, gains):
    assert weightings(training, ()) is None
    assert weightings(training, [replace(one, shown=False) for one in gains]) is None
