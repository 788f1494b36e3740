"""Cooke's classical model: weights for experts by how they do on questions with known answers.

An expert states quantiles of each item. *Seeds* are items whose realisation is known; *targets* are
the others. Two scores are taken on the seeds:

- *calibration*: the probability of a fit at least as bad as seen, were the expert's quantiles
  right. The realisations fall into bins between the quantiles, with shares s where p is expected;
  2 n Σ s ln(s / p) goes to a chi-square with as many degrees of freedom as there are quantiles.
- *information*: ln(range) + Σ p ln(p / width), how much narrower than uniform the answers are on
  the intrinsic range of the item: from the least to the largest number said or seen, and a tenth
  more on either side. Items on a LOG scale are taken by their logarithms throughout.

A *decision maker* is a mixture of the experts' distributions, uniform between their quantiles. Its
own quantiles are scored as those of an expert. Its weights are equal, the user's, or calibration x
information where calibration reaches the significance level alpha: with information as the mean
over the seeds (``global``) or of each item (``item``). The best alpha is the one whose decision
maker has the largest calibration x information.

The model is an option here, never the default: with few seeds calibration takes few values, and
weights by it need not serve outside the seeds. Each analysis therefore carries its comparison with
equal weights on seeds left out.

References
----------
Cooke (1991), "Experts in Uncertainty". Cooke and Goossens (2008), "TU Delft expert judgment data
base", Reliability Engineering and System Safety (RESS) 93(5):657-674. Colson and Cooke (2017),
"Cross validation for the classical model of structured expert judgment", RESS 163:109-120.

"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc, rel_entr

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Scale = Literal["uni", "log"]
Weighting = Literal["equal", "global", "item", "user"]
Alpha = float | Literal["best"]

OVERSHOOT = 0.1  # of the range, on either side
FEW_SEEDS = 10
FEW_EXPERTS = 4
HELD_OUT = 0.2  # Colson and Cooke train on four seeds of five
MOST_SPLITS = 500
_SAME = 1e-9  # calibrations that part by less, relatively, are the same counts in another order
_ON_KNOT = 1e-12  # a probability that stands so near that of a stated quantile is the same
_MOST_CELLS = 4_000_000  # of one array of distribution functions


@dataclass(frozen=True, eq=False)
class Study:
    """The answers of E experts on I items, Q quantiles each, and what is known of the items.

    ``probabilities`` (Q,) rise within (0, 1); ``answers`` (E, I, Q) rise along Q, in the units of
    each item, or are all nan where there is none; ``realisations`` (I,) are nan for targets.

    Raises
    ------
    UsageError
        Where the shapes part, an answer is incomplete, infinite or does not rise, or an item on a
        LOG scale is not above 0.

    """

    experts: tuple[str, ...]
    items: tuple[str, ...]
    scales: tuple[Scale, ...]
    probabilities: Floats
    answers: Floats
    realisations: Floats

    def __post_init__(self) -> None:
        people, items, asked = len(self.experts), len(self.items), self.probabilities.size
        if not (people and items and asked) or len(self.scales) != items:
            raise UsageError("A study needs experts, items, quantiles, and a scale of each item.")
        if len({*self.experts}) < people or len({*self.items}) < items:
            raise UsageError("Two experts, or two items, have one name.")
        if self.answers.shape != (people, items, asked) or self.realisations.shape != (items,):
            raise UsageError("The answers or realisations of a study have another shape.")
        if (np.diff(self.probabilities, prepend=0, append=1) <= 0).any():
            raise UsageError("The probabilities of the quantiles must rise within (0, 1).")
        missing = np.isnan(self.answers)
        if (missing.any(axis=2) != missing.all(axis=2)).any():
            raise UsageError("An answer has some of its quantiles and not the others.")
        if np.isinf(self.answers).any() or np.isinf(self.realisations).any():
            raise UsageError("An answer or realisation is infinite.")
        if (np.diff(self.answers, axis=2) <= 0).any():
            raise UsageError("The quantiles of an answer must rise.")
        if (self.answers[:, self.is_log] <= 0).any() or (self.realisations[self.is_log] <= 0).any():
            raise UsageError("An item on a LOG scale has a value of 0 or less.")

    @property
    def is_log(self) -> Flags:
        """Which items are on a LOG scale, shape (I,)."""
        return np.array([scale == "log" for scale in self.scales])

    @property
    def is_seed(self) -> Flags:
        """Which items have a realisation, shape (I,)."""
        return ~np.isnan(self.realisations)

    def only(self, *, experts: ArrayLike | None = None, items: ArrayLike | None = None) -> Study:
        """The study of some experts or some items alone, chosen by their places or by flags."""
        who = np.arange(len(self.experts))[slice(None) if experts is None else np.asarray(experts)]
        what = np.arange(len(self.items))[slice(None) if items is None else np.asarray(items)]
        return replace(
            self,
            experts=tuple(self.experts[e] for e in who),
            items=tuple(self.items[i] for i in what),
            scales=tuple(self.scales[i] for i in what),
            answers=self.answers[np.ix_(who, what)],
            realisations=self.realisations[what],
        )


@dataclass(frozen=True, eq=False)
class Scores:
    """How people, or decision makers, do; nan where none of their answers can be scored.

    ``calibration``, ``information`` (the mean over the seeds) and ``information_all`` have shape
    (E,), ``by_item`` (E, I) is the information on each item.
    """

    calibration: Floats
    information: Floats
    information_all: Floats
    by_item: Floats

    @property
    def weight(self) -> Floats:
        """Calibration x information, the score that weighs; shape (E,)."""
        return self.calibration * self.information


@dataclass(frozen=True, eq=False)
class DecisionMaker:
    """A weighted mixture of the experts, its quantiles, and their scores.

    ``weights`` (E, I) sum to 1 over those who answered an item; ``quantiles`` (I, Q) are nan where
    nobody with a weight did. ``alpha`` is the significance level used.
    """

    weighting: Weighting
    alpha: float
    weights: Floats
    quantiles: Floats
    calibration: float
    information: float
    information_all: float
    by_item: Floats


@dataclass(frozen=True, eq=False)
class OutOfSample:
    """Performance weights beside equal weights, on seeds that the weights have not seen.

    ``held_out`` (K, S) flags the seeds left out of each of K splits; of ``possible`` splits every
    so many-th was taken. ``performance`` and ``equal`` (K, 2) are calibration and information on
    the seeds left out; nan where no one had a weight.
    """

    leave_out: int
    possible: int
    held_out: Flags
    performance: Floats
    equal: Floats

    @property
    def ratio(self) -> float:
        """Geometric mean over the splits of calibration x information, performance by equal."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.performance.prod(axis=1)) - np.log(self.equal.prod(axis=1))
        known = logs[np.isfinite(logs)]
        return float(np.exp(known.mean())) if known.size else math.nan

    @property
    def better(self) -> float:
        """The share of the splits where performance weights score above equal weights."""
        ahead = self.performance.prod(axis=1) > self.equal.prod(axis=1)
        return float(ahead.mean())


@dataclass(frozen=True, eq=False)
class Performance:
    """A whole analysis: experts, decision makers by name, and what they are worth outside.

    ``few_seeds`` and ``few_experts`` tell that the weights stand on too little.
    """

    experts: Scores
    decision_makers: dict[str, DecisionMaker]
    out_of_sample: tuple[OutOfSample, ...]
    few_seeds: bool
    few_experts: bool


def calibration(
    counts: ArrayLike,
    probabilities: ArrayLike,
    *,
    effective: ArrayLike | None = None,
    power: float = 1,
) -> Floats:
    """The probability of realisations that fit as badly or worse, shape of ``counts`` but its last.

    P(χ²_{B-1} >= 2 n power Σ s ln(s / p)), s = counts / Σ counts, for the ``counts`` (..., B) of
    realisations in bins of ``probabilities`` p (B,); nan where none were counted. Small values keep
    their relative accuracy. ``effective`` is n, by default Σ counts; a panel takes the least of its
    experts, so that nobody is judged by a sharper test than another. A calibration ``power`` below
    1 makes the test blunter.
    """
    seen = np.asarray(counts, dtype=np.float64)
    total = seen.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = rel_entr(seen / total, np.asarray(probabilities)).sum(axis=-1)
    n = total[..., 0] if effective is None else np.asarray(effective, dtype=np.float64)
    # Rounding can leave a perfect fit a hair below 0.
    statistic = np.maximum(2 * n * power * relative, 0)
    return np.asarray(gammaincc((seen.shape[-1] - 1) / 2, statistic / 2))


def score(study: Study, *, overshoot: float = OVERSHOOT, power: float = 1) -> Scores:
    """Calibration and information of every expert of a study."""
    frame = _frame(study, overshoot)
    return _score(frame, frame.answers, power)


def decision_maker(
    study: Study,
    weighting: Weighting,
    *,
    alpha: Alpha = 0.0,
    user: ArrayLike | None = None,
    overshoot: float = OVERSHOOT,
    power: float = 1,
) -> DecisionMaker:
    """The mixture of the experts by ``weighting``.

    ``alpha`` is the significance level, or ``best`` for the one of largest calibration x
    information; ``user`` weights (E,) are at least 0; ``overshoot`` is the share of its range by
    which an item is widened on either side.

    Raises
    ------
    UsageError
        Where nobody has a weight: no seeds, or alpha above every calibration.

    """
    return _decide(_frame(study, overshoot), weighting, alpha=alpha, user=user, power=power)


def analyse(
    study: Study,
    *,
    user: ArrayLike | None = None,
    overshoot: float = OVERSHOOT,
    power: float = 1,
    most_splits: int = MOST_SPLITS,
) -> Performance:
    """The scores of all experts and decision makers, and the out-of-sample comparison.

    Decision makers are ``equal``, ``global``, ``item``, ``global_best``, ``item_best``, and
    ``user`` where weights are given. Seeds are left out one by one, and a fifth at a time.
    """
    frame = _frame(study, overshoot)
    if not frame.seed.any():
        raise UsageError("Performance needs seeds: items whose realisation is known.")
    makers = {"equal": _decide(frame, "equal", alpha=0.0, power=power)}
    for weighting in ("global", "item"):
        makers[weighting] = _decide(frame, weighting, alpha=0.0, power=power)
        makers[f"{weighting}_best"] = _decide(frame, weighting, alpha="best", power=power)
    if user is not None:
        makers["user"] = _decide(frame, "user", alpha=0.0, user=user, power=power)
    seeds = int(frame.seed.sum())
    sizes = sorted({1, max(1, round(HELD_OUT * seeds))}) if seeds > 1 else []
    outside = tuple(
        cross_validate(study, size, overshoot=overshoot, power=power, most_splits=most_splits)
        for size in sizes
    )
    few = (seeds < FEW_SEEDS, len(study.experts) < FEW_EXPERTS)
    return Performance(_score(frame, frame.answers, power), makers, outside, *few)


def cross_validate(
    study: Study,
    leave_out: int,
    *,
    weighting: Literal["global", "item"] = "global",
    alpha: Alpha = "best",
    overshoot: float = OVERSHOOT,
    power: float = 1,
    most_splits: int = MOST_SPLITS,
) -> OutOfSample:
    """Performance against equal weights on ``leave_out`` seeds that the weights have not seen.

    For every choice of seeds to leave out, the weights (and the best alpha) come from the other
    seeds, and both decision makers are scored on those left out. Where there are more than
    ``most_splits`` choices, every so many-th in lexicographic order is taken, so that the choice is
    the same on every run. Intrinsic ranges are those of the whole study.

    Raises
    ------
    UsageError
        Where no seed, or every one, would be left out.

    """
    seeds = int(study.is_seed.sum())
    if not 1 <= leave_out < seeds:
        raise UsageError(f"Leave out 1 to {seeds - 1} of {seeds} seeds.")
    frame = _frame(study.only(items=study.is_seed), overshoot)
    held_out = _splits(seeds, leave_out, most_splits)
    equal = _mix(frame, np.ones((1, len(study.experts), 1)))
    size = max(1, _MOST_CELLS // (frame.answers.size * len(study.experts)))
    performance, plain = [], []
    for start in range(0, len(held_out), size):
        out = held_out[start : start + size]
        chosen = _choose(frame, weighting, ~out, alpha=alpha, power=power)
        performance.append(np.hstack(_pair(frame, chosen.quantiles[:, None], out, power)))
        plain.append(np.hstack(_pair(frame, equal[None], out, power)))
    scores = (np.concatenate(performance), np.concatenate(plain))
    return OutOfSample(leave_out, math.comb(seeds, leave_out), held_out, *scores)


def drop_each(
    study: Study,
    what: Literal["seed", "expert"],
    *,
    weighting: Weighting = "global",
    alpha: Alpha = "best",
    overshoot: float = OVERSHOOT,
    power: float = 1,
) -> dict[str, DecisionMaker]:
    """The decision maker without each seed, or each expert, by the name of what was dropped.

    The study without the one is analysed anew, its intrinsic ranges too.
    """
    names = study.experts if what == "expert" else study.items
    places = np.arange(len(names)) if what == "expert" else np.flatnonzero(study.is_seed)
    if places.size < 2:
        raise UsageError(f"Nothing is left without the only {what}.")
    made = {}
    for place in places:
        rest = np.arange(len(names)) != place
        less = study.only(experts=rest) if what == "expert" else study.only(items=rest)
        made[names[place]] = _decide(_frame(less, overshoot), weighting, alpha=alpha, power=power)
    return made


@dataclass(frozen=True, eq=False)
class _Frame:
    """A study on the scales of its items: ``answers`` (E, I, Q); ``seen``, ``low``, ``high`` (I,).

    ``seen`` is nan for targets. ``low`` and ``high`` limit the intrinsic range.
    """

    probabilities: Floats
    answers: Floats
    seen: Floats
    low: Floats
    high: Floats
    is_log: Flags

    @property
    def shares(self) -> Floats:
        return np.diff(self.probabilities, prepend=0, append=1)

    @property
    def seed(self) -> Flags:
        return ~np.isnan(self.seen)

    @property
    def answered(self) -> Flags:
        return ~np.isnan(self.answers[:, :, 0])


def _frame(study: Study, overshoot: float) -> _Frame:
    if not overshoot > 0:
        raise UsageError("The overshoot of the intrinsic range must be above 0.")
    people, items, asked = study.answers.shape
    # One call of the logarithm for both, so that what is equal stays equal to the last bit.
    values = np.vstack([np.moveaxis(study.answers, 1, 2).reshape(-1, items), study.realisations])
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(study.is_log, np.log(values), values)
    answers = np.ascontiguousarray(np.moveaxis(values[:-1].reshape(people, asked, items), 1, 2))
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        margin = overshoot * (high - low)
        low, high = low - margin, high + margin
        if np.isinf(high - low).any():
            raise UsageError("The range of an item is beyond what numbers hold.")
    return _Frame(study.probabilities, answers, values[-1], low, high, study.is_log)


def _bins(frame: _Frame, quantiles: Floats, block: slice = slice(None)) -> tuple[Floats, Floats]:
    """Where the bins between quantiles (..., I, Q) begin, and how wide they are; (..., I, B)."""
    shape = (*quantiles.shape[:-1], 1)
    low = np.broadcast_to(frame.low[block, None], shape)
    high = np.broadcast_to(frame.high[block, None], shape)
    ends = np.concatenate([low, quantiles, high], axis=-1)
    # Rounding may leave two ends in one point; a bit apart is the most that numbers can tell.
    return ends[..., :-1], np.maximum(np.diff(ends), np.spacing(np.abs(ends[..., 1:])))


def _lands(frame: _Frame, quantiles: Floats) -> Floats:
    """Flags (..., I, B) of the bin in which a realisation lies; a bin holds its upper end."""
    above = (frame.seen[:, None] > quantiles).sum(axis=-1)
    scored = frame.seed & ~np.isnan(quantiles[..., 0])
    bins = np.arange(frame.shares.size)
    return np.asarray((above[..., None] == bins) & scored[..., None], dtype=np.float64)


def _informs(frame: _Frame, quantiles: Floats) -> Floats:
    """Information of (..., I, Q) against the uniform on the intrinsic range, (..., I)."""
    density = np.log(frame.shares) - np.log(_bins(frame, quantiles)[1])
    with np.errstate(divide="ignore"):  # a realisation alone has no range
        told = np.log(frame.high - frame.low) + (frame.shares * density).sum(axis=-1)
        return np.asarray(np.maximum(told, 0))  # rounding may leave a uniform a hair below


def _mean(informs: Floats, items: ArrayLike) -> Floats:
    """The mean of ``informs`` (K or 1, W, I) over the ``items`` (K, I) answered; shape (K, W)."""
    known = ~np.isnan(informs) & np.asarray(items)[:, None]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, informs, 0).sum(axis=-1) / known.sum(axis=-1))


def _pair(frame: _Frame, quantiles: Floats, seeds: Flags, power: float) -> tuple[Floats, Floats]:
    """Calibration and information (K, W) of (K or 1, W, I, Q) over the ``seeds`` (K, I)."""
    answering = seeds.astype(float) @ frame.answered.T
    least = np.where(answering > 0, answering, np.inf).min(axis=1, keepdims=True)
    counts = (seeds[:, None, None].astype(float) @ _lands(frame, quantiles))[:, :, 0]
    least = np.nan_to_num(least, posinf=0)
    judged = calibration(counts, frame.shares, effective=least, power=power)
    return judged, _mean(_informs(frame, quantiles), seeds)


def _score(frame: _Frame, quantiles: Floats, power: float) -> Scores:
    judged, told = _pair(frame, quantiles[None], frame.seed[None], power)
    by_item = _informs(frame, quantiles)
    everything = _mean(by_item[None], np.ones((1, frame.seed.size), dtype=bool))
    return Scores(judged[0], told[0], everything[0], by_item)


@dataclass(frozen=True, eq=False)
class _Chosen:
    """Significance level (K,), weights (K, E, I or 1) and quantiles (K, I, Q) of K mixtures."""

    alpha: Floats
    weights: Floats
    quantiles: Floats


def _decide(
    frame: _Frame,
    weighting: Weighting,
    *,
    alpha: Alpha,
    power: float,
    user: ArrayLike | None = None,
) -> DecisionMaker:
    people = len(frame.answers)
    if weighting in ("global", "item"):
        made = _choose(frame, weighting, frame.seed[None], alpha=alpha, power=power)
    else:
        given = np.ones(people) if weighting == "equal" else _user(user, people)
        weights = given[None, :, None]
        made = _Chosen(np.zeros(1), weights, _mix(frame, weights))
    if not (made.weights > 0).any():
        raise UsageError("Nobody has a weight: there are no seeds, or alpha is too high.")
    scores = _score(frame, made.quantiles, power)
    quantiles = made.quantiles[0]
    quantiles[frame.is_log] = np.exp(quantiles[frame.is_log])
    return DecisionMaker(
        weighting=weighting,
        alpha=float(made.alpha[0]),
        weights=_shares(np.where(frame.answered, made.weights[0], 0)),
        quantiles=quantiles,
        calibration=float(scores.calibration[0]),
        information=float(scores.information[0]),
        information_all=float(scores.information_all[0]),
        by_item=scores.by_item[0],
    )


def _user(user: ArrayLike | None, people: int) -> Floats:
    weights = np.asarray([] if user is None else user, dtype=np.float64)
    if weights.shape != (people,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise UsageError(f"Give {people} weights of at least 0, one for each expert.")
    return weights


def _choose(
    frame: _Frame, weighting: Weighting, seeds: Flags, *, alpha: Alpha, power: float
) -> _Chosen:
    """Performance weights from the ``seeds`` (K, I) alone, at ``alpha`` or the best level of K."""
    calibrated, mean = _pair(frame, frame.answers[None], seeds, power)
    calibrated = np.nan_to_num(calibrated)
    told = mean[:, :, None] if weighting == "global" else _informs(frame, frame.answers)[None]
    levels = np.sort(calibrated, axis=1) if alpha == "best" else np.full((len(seeds), 1), alpha)
    kept = calibrated[:, None, :] >= levels[:, :, None] * (1 - _SAME)
    weights = np.nan_to_num((kept * calibrated[:, None, :])[..., None] * told[:, None])
    flat = _mix(frame, weights.reshape(-1, *weights.shape[2:]))
    quantiles = flat.reshape(*levels.shape, *flat.shape[1:])
    judged, informed = _pair(frame, quantiles, seeds, power)
    # A decision maker is held to its own significance level, as an expert is.
    scores = np.where(judged >= levels * (1 - _SAME), judged * informed, 0)
    best = np.argmax(np.nan_to_num(scores), axis=1)
    rows = np.arange(len(seeds))
    return _Chosen(levels[rows, best], weights[rows, best], quantiles[rows, best])


def _mix(frame: _Frame, weights: Floats) -> Floats:
    """Quantiles (W, I, Q) of the mixtures by ``weights`` (W, E, I or 1), which need no sum of 1.

    The distribution function of a mixture is linear between the numbers that its experts stated:
    the knots. It is taken at all knots, and inverted.
    """
    people, items, asked = frame.answers.shape
    knots = people * asked + 2
    made = np.empty((len(weights), items, asked))
    at_once = max(1, _MOST_CELLS // knots)  # rows of experts, or of mixtures
    step = max(1, at_once // max(people, min(len(weights), at_once)))
    for start in range(0, items, step):
        block = slice(start, start + step)
        x, below = _distributions(frame, block)
        own = weights if weights.shape[2] == 1 else weights[:, :, block]
        for first in range(0, len(weights), at_once):
            some = slice(first, first + at_once)
            share = _shares(np.where(frame.answered[:, block], own[some], 0), axis=1)
            cdf = np.moveaxis(share, 2, 0) @ below  # (items, W, knots)
            made[some, block] = np.moveaxis(_invert(cdf, x, frame.probabilities), 0, 1)
    return made


def _distributions(frame: _Frame, block: slice) -> tuple[Floats, Floats]:
    """Knots (I, N) of some items, and the distribution functions of all experts there (I, E, N)."""
    answers = frame.answers[:, block]
    low, high = frame.low[block, None], frame.high[block, None]
    stated = np.moveaxis(answers, 1, 0).reshape(len(low), -1)
    x = np.hstack([low, np.sort(np.where(np.isnan(stated), high, stated)), high])
    left, width = (np.ascontiguousarray(part.T) for part in _bins(frame, answers, block))
    below = np.zeros((len(low), len(answers), x.shape[1]))
    part = np.empty_like(below)
    for share, begin, wide in zip(frame.shares, left, width, strict=True):
        np.subtract(x[:, None], begin[..., None], out=part)
        with np.errstate(over="ignore"):
            part /= wide[..., None]
        np.clip(part, 0, 1, out=part)
        part *= share
        below += part
    return x, np.nan_to_num(below, copy=False)


def _invert(cdf: Floats, x: Floats, probabilities: Floats) -> Floats:
    """Where functions (I, W, N) through the knots (I, N) take ``probabilities``; (I, W, Q)."""
    found = np.empty((*cdf.shape[:2], probabilities.size))
    items = np.arange(len(x))[:, None]
    for place, p in enumerate(probabilities):
        # The first knot that reaches p; one a rounding away from p is the quantile itself.
        k = np.clip((cdf < p - _ON_KNOT).sum(axis=-1), 1, cdf.shape[-1] - 1)
        at, before = (np.take_along_axis(cdf, (k - d)[..., None], -1)[..., 0] for d in (0, 1))
        left, right = x[items, k - 1], x[items, k]
        with np.errstate(invalid="ignore", divide="ignore"):
            between = left + (p - before) / (at - before) * (right - left)
        found[..., place] = np.where(at <= p + _ON_KNOT, right, np.clip(between, left, right))
    return np.where(cdf[..., -1:] > 0, found, np.nan)


def _shares(weights: Floats, *, axis: int = 0) -> Floats:
    """Weights that sum to 1 along ``axis``; all 0 where nobody has one."""
    known = np.nan_to_num(weights)
    # By the largest first, so that the least calibrations do not vanish in the sum.
    known = known / np.maximum(known.max(axis=axis, keepdims=True), np.finfo(float).tiny)
    return np.asarray(known / np.maximum(known.sum(axis=axis, keepdims=True), np.finfo(float).tiny))


def _splits(seeds: int, leave_out: int, most: int) -> Flags:
    """Flags (K, seeds) of the seeds left out: all choices, or every so many-th of them."""
    possible = math.comb(seeds, leave_out)
    ranks = range(0, possible, -(-possible // max(1, most)))
    return np.array([_choice(rank, seeds, leave_out) for rank in ranks])


def _choice(rank: int, seeds: int, taken: int) -> list[bool]:
    """The ``rank``-th choice of ``taken`` among ``seeds`` in lexicographic order, as flags."""
    flags = []
    for left in range(seeds - 1, -1, -1):
        with_it = math.comb(left, taken - 1) if taken else 0
        flags.append(rank < with_it)
        rank, taken = (rank, taken - 1) if flags[-1] else (rank - with_it, taken)
    return flags
