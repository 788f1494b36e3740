"""Agreement, the split of variance, red lines and joint gains; and what may change no class."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as f_law

from detente.assessment.assess import assess
from detente.assessment.common_ground import (
    RED_LINE,
    answer_class,
    ground_from_answers,
    lower_bound,
)
from detente.assessment.concord import (
    _jeffreys,
    agreement,
    eta_interval,
    gain_split,
    joint,
    red_line_share,
    together,
)
from detente.assessment.results import Stake
from detente.assessment.value import PartyGains
from detente.case.read import read_case
from detente.ground.errors import UsageError

# --- van der Eijk's A -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        # van der Eijk (2001), p. 331, and two parties placed on a left-right scale, as R's agrmt
        # (Ruedin) tells them; agrmt's vignette for the last
        ((30, 40, 210, 130, 530, 50, 10), 0.6113333),
        ((2.4, 2.8, 3.2, 6.2, 13.5, 30.4, 41.6), 0.61),
        ((1.6, 2.6, 8.2, 21, 29.3, 27, 10.3), 0.48),
        ((2, 0, 1, 1), 0.08),
    ],
)
def test_agreement_as_published(counts, published):
    digits = 7 if published == 0.6113333 else 2
    assert round(agreement(counts), digits) == published


@pytest.mark.parametrize(
    ("pattern", "published"),
    [
        ("1111111", 0),
        ("1111110", 0.167),
        ("0111110", 0.333),
        ("0011110", 0.5),
        ("0011100", 0.667),
        ("0010100", 0.467),
        ("0000100", 1),
    ],
)
def test_agreement_of_each_layer_as_published(pattern, published):
    """The table of layers on p. 331."""
    assert agreement([int(one) for one in pattern]) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize("number", range(3, 12))
def test_agreement_at_its_three_marks(number):
    assert agreement([1] * number) == pytest.approx(0)
    assert agreement([4] + [0] * (number - 1)) == 1
    assert agreement([5] + [0] * (number - 2) + [5]) == pytest.approx(-1)


rows = st.lists(st.integers(0, 9), min_size=3, max_size=11).filter(any)


@given(rows, st.integers(2, 9))
def test_agreement_keeps_within_bounds_and_ignores_size_and_direction(counts, times):
    found = agreement(counts)
    assert -1 - 1e-12 <= found <= 1 + 1e-12
    assert agreement([times * one for one in counts]) == pytest.approx(found)
    assert agreement(counts[::-1]) == pytest.approx(found)


@given(rows)
def test_agreement_by_counting_every_triple(counts):
    assert agreement(counts) == pytest.approx(_by_triples(counts))


def _by_triples(counts: list[int]) -> float:
    """The definition as it stands in the paper, layer by layer."""
    left, k, total = list(counts), len(counts), 0.0
    while any(left):
        height = min(one for one in left if one)
        held = [one > 0 for one in left]
        patterns = [
            (held[a], held[b], held[c])
            for a in range(k)
            for b in range(a + 1, k)
            for c in range(b + 1, k)
        ]
        tu = sum(one in ((True, True, False), (False, True, True)) for one in patterns)
        tdu = patterns.count((True, False, True))
        u = 1.0 if tu + tdu == 0 else ((k - 2) * tu - (k - 1) * tdu) / ((k - 2) * (tu + tdu))
        total += height * sum(held) * u * (1 - (sum(held) - 1) / (k - 1))
        left = [one - height if one else 0 for one in left]
    return total / sum(counts)


@pytest.mark.parametrize("counts", [(1, 1), (0, 0, 0), (1, -1, 2), (1, math.nan, 1)])
def test_agreement_refuses_what_is_no_row_of_counts(counts):
    with pytest.raises(UsageError):
        agreement(counts)


# --- within and between ---------------------------------------------------------------------------

# Shrout & Fleiss (1979), table 2: six targets, four ratings each; ICC(1,1) = 0.17. The interval at
# 95 % as R's psych and irr tell it: -0.133 to 0.723.
TARGETS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))


def test_between_of_shrout_and_fleiss():
    found = gain_split(dict(zip("abcdef", TARGETS, strict=True)), "party", coverage=0.95)
    assert found is not None
    assert round(found.between.mid, 2) == 0.17
    assert round(found.between.high, 3) == 0.723
    assert found.between.low == 0
    assert (found.people, found.groups) == (24, tuple("abcdef"))
    assert found.eta_squared.mid == pytest.approx(56.208 / (56.208 + 112.75), abs=1e-5)


def test_eta_interval_of_steigers_example():
    """Fleishman's F(4, 50) = 11.221: at 90 % the noncentrality lies from 19.380 to 71.549."""
    low, high = eta_interval(11.221, 4, 50)
    assert low == pytest.approx(19.380 / (19.380 + 55), abs=1e-5)
    assert high == pytest.approx(71.549 / (71.549 + 55), abs=1e-5)


def test_eta_interval_begins_above_0_exactly_where_f_is_beyond_its_95_per_cent():
    border = float(f_law.ppf(0.95, 2, 20))
    assert eta_interval(0.999 * border, 2, 20)[0] == 0
    assert eta_interval(1.001 * border, 2, 20)[0] > 0
    assert eta_interval(math.inf, 2, 20) == (1, 1)


def test_nothing_to_split_is_told_as_nothing():
    assert gain_split({"a": [1, 2]}, "party") is None
    assert gain_split({"a": [3, 3], "b": [3, 3]}, "party") is None
    with pytest.raises(UsageError):
        gain_split({"a": [3], "b": [3, 4]}, "party")


def test_groups_that_each_agree_part_wholly():
    found = gain_split({"a": [3, 3], "b": [5, 5]}, "side")
    assert found is not None
    assert (found.eta_squared.low, found.eta_squared.mid, found.between.low) == (1, 1, 1)


groups = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.integers(-50, 50), min_size=2, max_size=7),
    min_size=2,
)


@given(groups, st.integers(1, 9), st.integers(-9, 9))
def test_the_split_ignores_scale_and_origin_and_keeps_in_order(gains, times, more):
    found = gain_split(gains, "party")
    if found is None:
        return
    moved = gain_split({k: [times * x + more for x in row] for k, row in gains.items()}, "party")
    assert moved is not None
    for one, other in (
        (found.eta_squared, moved.eta_squared),
        (found.between, moved.between),
    ):
        assert 0 <= one.low <= one.mid <= one.high <= 1
        ends = (other.low, other.mid, other.high)
        assert ends == pytest.approx((one.low, one.mid, one.high), abs=1e-6)


@pytest.mark.parametrize("sizes", [(6, 6, 6, 6), (3, 5, 6, 12), (3, 12)])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_the_interval_of_between_holds_what_it_promises(sizes, share):
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        gains = {
            str(i): math.sqrt(share) * rng.standard_normal()
            + math.sqrt(1 - share) * rng.standard_normal(size)
            for i, size in enumerate(sizes)
        }
        found = gain_split(gains, "party")
        assert found is not None
        held += found.between.low - 1e-12 <= share <= found.between.high + 1e-12
    assert 0.86 <= held / 400 <= (0.99 if share == 0 else 0.94)


# --- red lines ------------------------------------------------------------------------------------


def test_jeffreys_interval_by_closed_form_and_at_its_ends():
    """Beta(1/2, 1/2) is the arcsine law: it is symmetric, and its ends are 0 and 1."""
    assert red_line_share("a", 0, 0, 0).mid == pytest.approx(0.5)
    assert red_line_share("a", 0, 0, 6).low == 0
    assert red_line_share("a", 6, 6, 6).high == 1


@pytest.mark.parametrize(("yes", "people"), [(2, 10), (5, 12), (1, 6)])
def test_jeffreys_interval_is_that_of_its_mirror_image(yes, people):
    one = red_line_share("a", yes, yes, people)
    other = red_line_share("a", people - yes, people - yes, people)
    assert one.low == pytest.approx(1 - other.high)
    assert one.mid == pytest.approx(1 - other.mid)


def test_jeffreys_interval_as_tabled():
    """Brown, Cai & DasGupta (2001), table 5: at 95 %, 2 of 10 gives 0.044 to 0.503."""
    assert round(_jeffreys(2, 10, 0.025), 3) == 0.044
    assert round(_jeffreys(2, 10, 0.975), 3) == 0.503
    found = red_line_share("a", 2, 2, 10)
    ends = (_jeffreys(2, 10, 0.05), _jeffreys(2, 10, 0.95))
    assert (found.low, found.high) == pytest.approx(ends)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(12, 30))
def test_a_range_of_counts_holds_the_interval_of_each(a, b, people):
    low, high = sorted((a, b))
    told = red_line_share("p", low, high, people)
    for yes in range(low, high + 1):
        one = red_line_share("p", yes, yes, people)
        assert told.low <= one.low <= one.high <= told.high
    assert (told.mid is None) == (low != high)


def test_a_count_that_is_none_is_refused():
    with pytest.raises(UsageError):
        red_line_share("p", 3, 2, 5)


# --- all at once ----------------------------------------------------------------------------------

truths = st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=1, max_size=5)


@given(truths, st.data())
def test_joint_gain_lies_between_its_bounds_and_a_clone_changes_nothing(wins, data):
    found, shares = joint(wins), [sum(row) / 8 for row in wins]
    assert max(0, sum(shares) - len(wins) + 1) - 1e-12 <= found <= min(shares)
    assert joint([*wins, data.draw(st.sampled_from(wins))]) == found
    assert all(
        joint(order) == found for order in permutations(wins[:3] + wins[3:]) if len(wins) < 4
    )


def _party(name: str, gains: list[float], *, shown: bool = True) -> PartyGains:
    n = len(gains)
    return PartyGains(
        name, "swing", 0.0, ("c",), np.ones((n, 1)), ("m",), np.array(gains).reshape(n, 1, 1),
        np.zeros((1, 1)), {}, None, shown,
    )  # fmt: skip


def test_a_fact_that_helps_both_counts_once_and_a_hidden_party_not_at_all():
    one, other = _party("a", [1, 1, -1, -1]), _party("b", [2, 3, -4, -1])
    (found,) = together([one, other, _party("h", [-1, -1, -1, -1], shown=False)])
    assert (found.parties, found.probability, found.least) == (("a", "b"), 0.5, 0.5)
    assert found.if_unrelated == 0.25
    assert together([one]) == ()


# --- what may change no class ---------------------------------------------------------------------

people = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 0, 1])), min_size=1, max_size=8)
panels = st.dictionaries(st.sampled_from("ABCDE"), people, min_size=1)


def _stake(party: str, own: list[tuple[float, int]]) -> Stake:
    wins, lines = sum(win for win, _ in own), sum(line for _, line in own)
    return Stake(
        "m", party, wins / len(own), lower_bound(wins, len(own)),
        lines > RED_LINE * len(own), len(own), shown=True,
    )  # fmt: skip


def _class(parties: dict[str, list[tuple[float, int]]]) -> str:
    (ground,) = ground_from_answers(tuple(_stake(name, own) for name, own in parties.items()))
    return ground.kind


@given(panels, st.data(), st.integers(1, 3))
def test_a_party_cloned_any_number_of_times_changes_no_class(parties, data, times):
    name = data.draw(st.sampled_from(sorted(parties)))
    clones = {f"{name}{i}": parties[name] for i in range(times)}
    assert _class({**parties, **clones}) == _class(parties)


@given(panels, st.data())
def test_a_party_split_into_parts_of_its_views_changes_no_class(parties, data):
    """However its weight is shared between the parts: the rule knows no weight."""
    name = data.draw(st.sampled_from(sorted(parties)))
    rest = {other: own for other, own in parties.items() if other != name}
    assert _class({**rest, f"{name}1": parties[name], f"{name}2": parties[name]}) == _class(parties)


@given(panels, st.data())
def test_a_panel_halved_between_two_parties_is_never_surer(parties, data):
    """Not a change of weight but of evidence: of each half less is known, so bounds may fall."""
    name = data.draw(st.sampled_from(sorted(parties)))
    rest = {other: own for other, own in parties.items() if other != name}
    whole = {**rest, name: parties[name] * 2}
    halves = {**rest, f"{name}1": parties[name], f"{name}2": parties[name]}
    order = ["shared-ground", "acceptable", "tradeable", "contested", "red-line"]
    assert order.index(_class(halves)) >= order.index(_class(whole))


shares = st.floats(0, 1)


@given(st.lists(st.tuples(shares, shares, st.booleans()), min_size=1), st.data())
def test_the_class_knows_a_set_of_views_and_not_how_many_hold_each(views, data):
    again = data.draw(st.lists(st.sampled_from(views), max_size=6))
    mixed = data.draw(st.permutations([*views, *again]))
    assert answer_class(mixed) == answer_class(views)


# --- the training case ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assessed(root):
    return assess(read_case(root / "cases" / "training"), points=64)


def test_every_measure_has_figures_and_none_of_a_withheld_party(assessed):
    assert len(assessed.concord) == 12
    withheld = {one.group for one in assessed.elicitation.withheld}
    named = {line.party for one in assessed.concord for line in one.red_lines}
    named |= {name for one in assessed.concord for split in one.splits for name in split.groups}
    assert named
    assert not named & withheld
    joint_of = {name for one in assessed.concord if one.together for name in one.together.parties}
    assert joint_of == {"ALD", "COR", "DAL"}  # the group of Brelis released no table


def test_where_the_sides_trade_the_variance_lies_between_them(assessed):
    """M06 and M09 were planted as a gain for one side alone, M01 as one for both."""
    between = {
        one.measure: split.eta_squared
        for one in assessed.concord
        for split in one.splits
        if split.kind == "side"
    }
    assert between["M06"].low > 0.8
    assert between["M09"].low > 0.8
    assert between["M01"].high < 0.2


def test_the_smallest_chance_of_a_gain_is_that_of_the_ground(assessed):
    ground = {one.measure: (one.least, one.least_lower) for one in assessed.ground}
    told = {one.measure: (one.least, one.least_lower) for one in assessed.concord}
    assert told == ground
