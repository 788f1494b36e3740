from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.elicitation import cooke
from detente.elicitation.cooke import Study
from detente.elicitation.foreign.excalibur import read_excalibur
from detente.ground.errors import UsageError

P = np.array([0.05, 0.5, 0.95])
STUDIES = (
    "7quants",
    "Arkansas",
    "Biol agents",
    "CDC ROI Final",
    "CREATE",
    "Daniela",
    "FCEP Error",
    "Gerstenberger",
    "PoliticalViolence_March17_CW",
    "Raveem",
    "france",
    "iqearnings",
)


def make_study(answers, realisations, *, scales=None, probabilities=P) -> Study:
    answers = np.asarray(answers, dtype=float)
    people, items = answers.shape[:2]
    return Study(
        experts=tuple(f"e{n}" for n in range(people)),
        items=tuple(f"i{n}" for n in range(items)),
        scales=scales or ("uni",) * items,
        probabilities=np.asarray(probabilities),
        answers=answers,
        realisations=np.asarray(realisations, dtype=float),
    )


def random_study(seed: int, *, people=4, seeds=6, targets=2, missing=0.0, log=False) -> Study:
    """Answers round a truth, some of them overconfident, realisations within everyone's reach."""
    rng = np.random.default_rng(seed)
    items = seeds + targets
    mids = rng.normal(0, 1, (people, items, 1))
    spread = rng.uniform(0.3, 3, (people, 1, 1)) * rng.uniform(0.5, 1.5, (people, items, 3))
    answers = mids + np.cumsum(spread, axis=2) - spread.sum(axis=2, keepdims=True) / 2
    answers[rng.random((people, items)) < missing] = np.nan
    answers[0] = np.where(np.isnan(answers[0]), [-1, 0, 1], answers[0])
    low, high = np.nanmin(answers, axis=(0, 2)), np.nanmax(answers, axis=(0, 2))
    truth = np.clip(rng.normal(0, 1, items), low, high)
    truth[seeds:] = np.nan
    if log:
        return make_study(np.exp(answers), np.exp(truth), scales=("log",) * items)
    return make_study(answers, truth)


studies = st.builds(
    random_study,
    st.integers(0, 10_000),
    people=st.integers(1, 5),
    seeds=st.integers(1, 7),
    targets=st.integers(0, 2),
    missing=st.sampled_from([0.0, 0.3]),
    log=st.booleans(),
)


def read_shared(shared_data: Path, name: str) -> tuple[Study, dict]:
    folder = shared_data / "elicitation" / "cooke-studies"
    both = {path.suffix.lower(): path for path in folder.iterdir() if path.stem == name}
    answers, realised = both[".dtt"], both[".rls"]
    known = json.loads((folder / "reference_anduryl_1.2.2.json").read_text())["studies"]
    reference = next(s for s in known if Path(s["file"]).stem == name)
    study = read_excalibur(answers.name, answers.read_bytes(), realised.name, realised.read_bytes())
    return study, reference


# --- published data, scored by another program --------------------------------------------------


@pytest.mark.conformance
@pytest.mark.parametrize("name", STUDIES)
def test_experts_score_as_the_reference_says(shared_data, name):
    study, reference = read_shared(shared_data, name)
    scores = cooke.score(study)
    shape = (len(study.experts), study.is_seed.sum(), (~study.is_seed).sum(), len(study.answers.T))
    assert shape == tuple(
        reference[key] for key in ("experts", "seed_items", "target_items", "quantiles")
    )
    # The reference is printed to four digits, and loses its own below 1e-12 by cancellation.
    np.testing.assert_allclose(
        scores.calibration, reference["expert_calibration"], rtol=5.1e-4, atol=5e-15
    )
    for ours, theirs in zip(scores.information, reference["expert_information_seeds"], strict=True):
        assert float(f"{ours:.4g}") == theirs


@pytest.mark.conformance
@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("maker", ["equal", "global", "item", "global_opt", "item_opt"])
def test_decision_makers_score_as_the_reference_says(shared_data, name, maker):
    study, reference = read_shared(shared_data, name)
    weighting, _, best = maker.partition("_")
    made = cooke.decision_maker(study, weighting, alpha="best" if best else 0.0)
    known = reference["decision_makers"][maker]
    assert made.calibration == pytest.approx(known["calibration"], abs=1e-6)
    assert made.information == pytest.approx(known["information_seeds"], abs=6e-5)
    assert made.information_all == pytest.approx(known["information_all"], abs=6e-5)


@pytest.mark.conformance
def test_performance_weights_on_political_violence_do_not_hold_outside(shared_data):
    study, _ = read_shared(shared_data, "PoliticalViolence_March17_CW")
    fifth = cooke.cross_validate(study, 4, most_splits=200)
    assert fifth.possible == math.comb(21, 4)
    assert fifth.ratio < 1


# --- calibration and information ----------------------------------------------------------------


def test_a_perfect_fit_has_calibration_1():
    assert cooke.calibration([5, 45, 45, 5], [0.05, 0.45, 0.45, 0.05]) == pytest.approx(1)


@given(st.lists(st.integers(0, 60), min_size=3, max_size=3).filter(any))
def test_two_quantiles_have_a_calibration_in_closed_form(counts):
    shares = np.array([0.1, 0.8, 0.1])
    n = sum(counts)
    relative = sum(c / n * math.log(c / n / p) for c, p in zip(counts, shares, strict=True) if c)
    # The tail of a chi-square of 2 degrees of freedom is exp(-x / 2).
    assert cooke.calibration(counts, shares) == pytest.approx(math.exp(-n * relative), rel=1e-9)


def test_three_quantiles_far_out_keep_their_relative_accuracy():
    x = 2 * 20 * math.log(20)  # 20 of 20 realisations below the 5 % quantile
    tail = math.erfc(math.sqrt(x / 2)) + math.sqrt(2 * x / math.pi) * math.exp(-x / 2)
    found = cooke.calibration([20, 0, 0, 0], [0.05, 0.45, 0.45, 0.05])
    assert tail < 1e-20
    assert found == pytest.approx(tail, rel=1e-9)


def test_calibration_power_blunts():
    shares = [0.05, 0.45, 0.45, 0.05]
    sharp, blunt = (cooke.calibration([4, 3, 3, 0], shares, power=power) for power in (1, 0.5))
    assert sharp < blunt
    assert blunt == pytest.approx(cooke.calibration([4, 3, 3, 0], shares, effective=5))


def test_a_realisation_on_a_quantile_counts_below_it():
    counted = cooke.score(make_study([[[1, 2, 3]]] * 2, [1.0])).calibration
    assert counted[0] == cooke.calibration([1, 0, 0, 0], [0.05, 0.45, 0.45, 0.05])


def test_information_by_hand():
    study = make_study([[[0, 5, 10]]], [4.0])
    shares, widths = [0.05, 0.45, 0.45, 0.05], [1 / 12, 5 / 12, 5 / 12, 1 / 12]
    expected = sum(p * math.log(p / w) for p, w in zip(shares, widths, strict=True))
    assert cooke.score(study).information == pytest.approx([expected])


def test_a_uniform_expert_has_no_information():
    # 10, 50, 90 % of a range that an overshoot of an eighth of 0.1..0.9 makes 0..1.
    study = make_study([[[0.1, 0.5, 0.9]]], [0.3], probabilities=[0.1, 0.5, 0.9])
    assert cooke.score(study, overshoot=0.125).information == pytest.approx([0], abs=1e-12)


def test_a_realisation_outside_widens_the_range():
    near, far = (cooke.score(make_study([[[0, 5, 10]]], [x])).information[0] for x in (4, 400))
    assert far > near


def test_a_log_item_is_scored_by_its_logarithms():
    plain = random_study(3)
    log = random_study(3, log=True)
    for a, b in zip(
        vars(cooke.score(plain)).values(), vars(cooke.score(log)).values(), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def test_the_least_number_of_seeds_answered_judges_everyone():
    answers = np.tile([0.0, 5, 10], (2, 8, 1))
    answers[1, 4:] = np.nan
    study = make_study(answers, [1, 2, 3, 4, 6, 7, 8, 9])
    shares = [0.05, 0.45, 0.45, 0.05]
    found = cooke.score(study).calibration
    assert found[0] == pytest.approx(cooke.calibration([0, 4, 4, 0], shares, effective=4))
    assert found[1] == pytest.approx(cooke.calibration([0, 4, 0, 0], shares))


# --- decision makers ----------------------------------------------------------------------------


def mixture_quantiles(study: Study, weights: np.ndarray, item: int) -> list[float]:
    """By bisection on distribution functions that are interpolated one by one."""
    who = np.flatnonzero(~np.isnan(study.answers[:, item, 0]))
    values = study.answers[who, item]
    low = np.nanmin([values.min(), study.realisations[item]])
    high = np.nanmax([values.max(), study.realisations[item]])
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    grid = np.concatenate([[0], study.probabilities, [1]])
    share = weights[who] / weights[who].sum()
    found = []
    for p in study.probabilities:
        left, right = low, high
        for _ in range(60):
            middle = (left + right) / 2
            each = [np.interp(middle, [low, *own, high], grid) for own in values]
            left, right = (left, middle) if share @ each >= p else (middle, right)
        found.append(right)
    return found


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3]))
def test_quantiles_are_those_of_the_mixture(seed, missing):
    study = random_study(seed, missing=missing)
    weights = np.random.default_rng(seed).uniform(0.01, 1, len(study.experts))
    made = cooke.decision_maker(study, "user", user=weights)
    expected = [mixture_quantiles(study, weights, item) for item in range(len(study.items))]
    np.testing.assert_allclose(made.quantiles, expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=25)
@given(studies)
def test_quantiles_rise_and_weights_sum_to_1(study):
    for weighting in ("equal", "global", "item"):
        for alpha in (0.0, "best"):
            made = cooke.decision_maker(study, weighting, alpha=alpha)
            known = ~np.isnan(made.quantiles[:, 0])
            assert (np.diff(made.quantiles[known]) > 0).all()
            np.testing.assert_allclose(made.weights.sum(axis=0)[known], 1)
            assert 0 <= made.calibration <= 1
            assert made.information >= 0


@settings(max_examples=25)
@given(studies)
def test_the_best_alpha_is_no_worse_than_any_other(study):
    best = cooke.decision_maker(study, "global", alpha="best")
    scores = cooke.score(study)
    assert best.alpha in np.nan_to_num(scores.calibration)
    for alpha in np.unique(scores.calibration[~np.isnan(scores.calibration)]):
        made = cooke.decision_maker(study, "global", alpha=float(alpha))
        if made.calibration >= alpha:
            reached = best.calibration * best.information
            assert made.calibration * made.information <= reached * (1 + 1e-9)


def test_a_decision_maker_below_its_own_significance_level_is_not_chosen():
    # Here the mixture of both has the largest product, and is less calibrated than either.
    study = random_study(52, people=2, seeds=5, targets=0)
    level = float(np.nanmin(cooke.score(study).calibration))
    above, best = (cooke.decision_maker(study, "global", alpha=a) for a in (level, "best"))
    assert above.calibration < level
    assert above.calibration * above.information > best.calibration * best.information
    assert best.calibration >= best.alpha


@settings(max_examples=25)
@given(studies, st.randoms(use_true_random=False))
def test_the_order_of_experts_does_not_matter(study, random):
    order = list(range(len(study.experts)))
    random.shuffle(order)
    other = study.only(experts=order)
    for weighting in ("equal", "global", "item"):
        a = cooke.decision_maker(study, weighting, alpha="best")
        b = cooke.decision_maker(other, weighting, alpha="best")
        np.testing.assert_allclose(a.quantiles, b.quantiles, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(a.weights[order], b.weights, rtol=1e-9, atol=1e-12)


@settings(max_examples=25)
@given(studies, st.sampled_from([0.25, 8.0]))
def test_the_units_of_an_item_do_not_matter(study, factor):
    answers, realisations = study.answers.copy(), study.realisations.copy()
    answers[:, 0] *= factor
    realisations[0] *= factor
    other = make_study(answers, realisations, scales=study.scales)
    a, b = (cooke.decision_maker(one, "global", alpha="best") for one in (study, other))
    assert a.calibration == pytest.approx(b.calibration)
    assert a.information == pytest.approx(b.information)
    np.testing.assert_allclose(a.quantiles[0] * factor, b.quantiles[0], rtol=1e-9)


@settings(max_examples=25)
@given(studies)
def test_one_expert_alone_is_the_decision_maker(study):
    alone = study.only(experts=[0])
    made, own = cooke.decision_maker(alone, "equal"), cooke.score(alone)
    np.testing.assert_allclose(made.quantiles, alone.answers[0], rtol=1e-12)
    assert made.calibration == pytest.approx(own.calibration[0])
    assert made.information == pytest.approx(own.information[0])


@settings(max_examples=25)
@given(studies)
def test_all_the_weight_on_one_gives_that_one(study):
    user = np.zeros(len(study.experts))
    user[0] = 3
    made = cooke.decision_maker(study, "user", user=user)
    np.testing.assert_allclose(made.quantiles, study.answers[0], rtol=1e-12)
    assert made.calibration == pytest.approx(cooke.score(study).calibration[0])


def test_an_item_that_only_people_without_weight_answered_is_nan():
    answers = np.tile([0.0, 5, 10], (2, 3, 1))
    answers[0, 2] = np.nan
    made = cooke.decision_maker(make_study(answers, [4, 6, np.nan]), "user", user=[1, 0])
    assert np.isnan(made.quantiles[2]).all()
    assert not np.isnan(made.quantiles[:2]).any()


def test_an_item_that_nobody_answered_changes_nothing():
    study = random_study(5)
    empty = np.full((4, 1, 3), np.nan)
    more = make_study(np.hstack([study.answers, empty]), [*study.realisations, 3.0])
    a, b = (cooke.decision_maker(one, "item", alpha="best") for one in (study, more))
    assert (a.calibration, a.information) == pytest.approx((b.calibration, b.information))
    assert np.isnan(b.quantiles[-1]).all()


def test_who_answered_no_seed_has_no_performance_weight():
    study = random_study(5)
    answers = study.answers.copy()
    answers[1, study.is_seed] = np.nan
    other = make_study(answers, study.realisations)
    assert np.isnan(cooke.score(other).calibration[1])
    assert (cooke.decision_maker(other, "global").weights[1] == 0).all()


def test_narrow_answers_in_a_vast_range_keep_their_quantiles():
    study = make_study([[[1.0, 1 + 1e-9, 1 + 2e-9]], [[0, 1e8, 1e9]]], [5.0])
    made = cooke.decision_maker(study, "user", user=[1, 1e-13])
    np.testing.assert_allclose(made.quantiles[0], study.answers[0, 0], rtol=1e-12)


# --- outside the sample, and robustness ---------------------------------------------------------


@pytest.mark.parametrize(("seeds", "out"), [(2, 1), (6, 2), (7, 3)])
def test_all_splits_are_taken_in_order(seeds, out):
    flags = cooke._splits(seeds, out, 1000)
    chosen = [tuple(np.flatnonzero(row)) for row in flags]
    assert chosen == list(combinations(range(seeds), out))


def test_too_many_splits_are_thinned_evenly():
    flags = cooke._splits(120, 24, 50)
    assert len(flags) in range(26, 51)
    assert (flags.sum(axis=1) == 24).all()
    assert len({tuple(row) for row in flags}) == len(flags)
    every_third = [list(places) for places in combinations(range(9), 4)][::3]
    assert [np.flatnonzero(row).tolist() for row in cooke._splits(9, 4, 42)] == every_third


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighting", ["global", "item"])
def test_a_split_is_as_if_the_seeds_left_out_were_targets(seed, weighting):
    study = random_study(seed, targets=0)
    found = cooke.cross_validate(study, 2, weighting=weighting)
    for row, out in enumerate(found.held_out):
        unseen = make_study(study.answers, np.where(out, np.nan, study.realisations))
        trained = cooke.decision_maker(unseen, weighting, alpha="best").quantiles
        both = np.concatenate([study.answers, trained[None]])
        tested = cooke.score(make_study(both, study.realisations).only(items=out))
        got = (tested.calibration[-1], tested.information[-1])
        assert tuple(found.performance[row]) == pytest.approx(got)


def test_people_who_say_the_same_gain_nothing_by_weights():
    one = random_study(2, people=1, seeds=10)
    same = make_study(np.repeat(one.answers, 5, axis=0), one.realisations)
    assert cooke.cross_validate(same, 2).ratio == pytest.approx(1)


def test_a_good_expert_among_bad_ones_is_found_outside_the_sample():
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 1, 20)
    good = np.tile([-1.645, 0, 1.645], (20, 1))
    bad = rng.normal(0, 6, (4, 20, 1)) + np.array([-0.5, 0, 0.5])
    found = cooke.analyse(make_study(np.concatenate([good[None], bad]), truth), most_splits=60)
    assert [kind.leave_out for kind in found.out_of_sample] == [1, 4]
    assert all(kind.ratio > 1 and kind.better > 0.8 for kind in found.out_of_sample)
    assert found.decision_makers["global_best"].weights[0].min() > 0.99


@pytest.mark.parametrize("what", ["seed", "expert"])
def test_dropping_is_analysing_without(what):
    study = random_study(8)
    found = cooke.drop_each(study, what)
    names = study.experts if what == "expert" else study.items[:6]
    assert tuple(found) == names
    rest = {"experts": [0, 1, 3]} if what == "expert" else {"items": [0, 1, 3, 4, 5, 6, 7]}
    less = cooke.decision_maker(study.only(**rest), "global", alpha="best")
    assert found[names[2]].calibration == less.calibration
    assert found[names[2]].information == less.information


@pytest.mark.parametrize(
    ("people", "seeds", "flags"), [(3, 10, (False, True)), (4, 9, (True, False))]
)
def test_an_analysis_tells_what_it_stands_on(people, seeds, flags):
    study = random_study(1, people=people, seeds=seeds)
    found = cooke.analyse(study, user=np.ones(people))
    assert (found.few_seeds, found.few_experts) == flags
    assert set(found.decision_makers) == {
        "equal",
        "global",
        "item",
        "global_best",
        "item_best",
        "user",
    }
    equal, user = (found.decision_makers[name] for name in ("equal", "user"))
    assert equal.calibration == user.calibration
    np.testing.assert_array_equal(equal.quantiles, user.quantiles)


def test_a_large_panel_is_no_trouble():
    study = random_study(1, people=120, seeds=30, targets=10, missing=0.1)
    made = cooke.decision_maker(study, "item", alpha="best")
    item = 33
    expected = mixture_quantiles(study, made.weights[:, item], item)
    np.testing.assert_allclose(made.quantiles[item], expected, rtol=1e-9)


# --- what cannot be done ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answers": [[[1, 3, 2]]]}, "must rise"),
        ({"answers": [[[1, 2, 2]]]}, "must rise"),
        ({"answers": [[[1, np.nan, 2]]]}, "some of its quantiles"),
        ({"answers": [[[1, 2, np.inf]]]}, "infinite"),
        ({"answers": [[[1, 2]]]}, "another shape"),
        ({"answers": [[[0, 1, 2]]], "scales": ("log",)}, "0 or less"),
        ({"realisations": [-1.0], "scales": ("log",)}, "0 or less"),
        ({"probabilities": [0.5, 0.05, 0.95]}, "within"),
        ({"scales": ("uni", "log")}, "scale of each item"),
    ],
)
def test_a_study_that_is_none_is_refused(change, words):
    with pytest.raises(UsageError, match=words):
        make_study(**({"answers": [[[1, 2, 3]]], "realisations": [2.0]} | change))


def test_two_of_one_name_are_refused():
    with pytest.raises(UsageError, match="one name"):
        random_study(1).only(experts=[0, 0])


def test_what_cannot_be_weighed_is_refused():
    study = random_study(1)
    targets = study.only(items=~study.is_seed)
    for refused in (
        lambda: cooke.decision_maker(targets, "global"),
        lambda: cooke.decision_maker(study, "global", alpha=1.5),
        lambda: cooke.decision_maker(study, "user"),
        lambda: cooke.decision_maker(study, "user", user=[-1, 1, 1, 1]),
        lambda: cooke.decision_maker(study, "user", user=[0, 0, 0, 0]),
        lambda: cooke.decision_maker(study, "equal", overshoot=0),
        lambda: cooke.analyse(targets),
        lambda: cooke.cross_validate(study, 6),
        lambda: cooke.cross_validate(study, 0),
        lambda: cooke.drop_each(study.only(experts=[0]), "expert"),
        lambda: cooke.score(make_study([[[-1.5e308, 0, 1.5e308]]], [1.0])),
    ):
        with pytest.raises(UsageError):
            refused()


def test_equal_weights_need_no_seeds():
    study = random_study(1)
    made = cooke.decision_maker(study.only(items=~study.is_seed), "equal")
    assert np.isfinite(made.quantiles).all()
    assert math.isnan(made.calibration)
