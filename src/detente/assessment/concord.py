"""How far people agree on a measure, and whether they part within parties or between them.

Figures beside the class of common ground, never in the place of it: a measure can be a gain for all
and still divide every room. Only what may be shown of answers enters; counts of red lines are told
as `tallies` first, so that an interval here tells no more than these.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv, fdtr, fdtri, ncfdtr

from detente.assessment.ledger import shown_ratings
from detente.assessment.results import (
    Concord,
    GainSplit,
    Ground,
    RatingAgreement,
    RedLineShare,
    Together,
)
from detente.assessment.value import TINY, PartyGains
from detente.case.case import Case
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.disclosure import Cell, cells
from detente.elicitation.results import Group, Spread
from detente.elicitation.tallies import share
from detente.ground.errors import UsageError

GroupKind = Literal["side", "party"]
Truths = NDArray[np.bool_]
COVERAGE = 0.90
CATEGORIES = 11  # ratings run from 0 to 10
RATED = ("reassurance-expected", "reassurance-received", "cost")


def concord(
    case: Case,
    groups: Sequence[Group],
    ground: Iterable[Ground] = (),
    gains: Sequence[PartyGains] = (),
) -> tuple[Concord, ...]:
    """The figures of every measure of which any may be told, in the order of the case.

    Parameters
    ----------
    case
        A case that was checked.
    groups
        Those that may be shown; of these one enters a cell only where enough of its people
        answered.
    ground
        What may be told of the classes, for the smallest chance of a gain.
    gains
        What each party gains by its own criteria, at common points.

    """
    rated = _agreements(case, groups)
    gained = _by_item(case, groups, "gain")
    forbidden = _by_item(case, groups, "red-line", categories=True)
    least = {one.measure: one for one in ground if one.by == "answers"}
    joint = {one.measure: one for one in together(gains)}
    found = (
        Concord(
            measure=measure.id,
            agreement=rated.get(measure.id, ()),
            splits=_splits(gained[measure.id]),
            red_lines=tuple(
                _red_line(case, group, own)
                for group, own in forbidden[measure.id]
                if group.kind == "party"
            ),
            least=least[measure.id].least if measure.id in least else None,
            least_lower=least[measure.id].least_lower if measure.id in least else None,
            together=joint.get(measure.id),
        )
        for measure in case.measures
    )
    return tuple(one for one in found if one != Concord(one.measure))


def _by_item(
    case: Case, groups: Sequence[Group], kind: str, *, categories: bool = False
) -> Mapping[str, tuple[Cell, ...]]:
    """The cells of sides and parties that may be shown, by measure."""
    by_measure: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in latest(case, kind):
        by_measure[judgement.item].append(judgement)
    found: dict[str, tuple[Cell, ...]] = defaultdict(tuple)
    for measure, judgements in by_measure.items():
        found[measure] = cells(case, groups, judgements, categories=categories)
    return found


# --- agreement on an ordered scale ----------------------------------------------------------------


def _agreements(case: Case, groups: Sequence[Group]) -> Mapping[str, tuple[RatingAgreement, ...]]:
    found: dict[str, tuple[RatingAgreement, ...]] = defaultdict(tuple)
    for (kind, measure, side, about), ratings in shown_ratings(case, groups).items():
        if kind in RATED:
            counts = np.bincount(np.rint(ratings).astype(np.int64), minlength=CATEGORIES)
            one = RatingAgreement(kind, side, about or "", agreement(counts), len(ratings))
            found[measure] = (*found[measure], one)
    return found


def agreement(counts: ArrayLike) -> float:
    """Van der Eijk's A of the ``counts`` of the K >= 3 categories of an ordered scale.

    1 where all stand in one category, 0 where all categories hold the same number, -1 where one
    half stands at each end. The counts are cut into layers, each of equal counts in S categories;
    A is the mean over layers, weighted by their counts, of U (1 - (S - 1) / (K - 1)). With TU the
    triples of categories i < j < k of which only j and one of i, k are held, and TDU those of which
    only i and k are, U = ((K - 2) TU - (K - 1) TDU) / ((K - 2) (TU + TDU)); 1 where there are none.

    Raises
    ------
    UsageError
        Where there are fewer than three categories, nobody answered, or a count is no number.

    References
    ----------
    van der Eijk (2001), "Measuring agreement in ordered rating scales", Quality & Quantity
    35(3):325-341.

    Examples
    --------
    >>> round(agreement([30, 40, 210, 130, 530, 50, 10]), 7)  # p. 331
    0.6113333

    """
    left = np.array(counts, dtype=np.float64)
    if left.ndim != 1 or left.size < 3 or not np.isfinite(left).all() or left.min() < 0:
        raise UsageError("A needs the counts of three or more categories, none below 0.")
    if left.sum() == 0:
        raise UsageError("A needs somebody who answered.")
    people, total = left.sum(), 0.0
    for level in np.unique(left[left > 0]):  # each layer reaches from the level before to this one
        held = left >= level
        below = left[left < level].max(initial=0.0)
        total += (level - below) * held.sum() * _layer(held)
    return float(total / people)


def _layer(held: Truths) -> float:
    """A of a layer from which categories it holds."""
    number, some = len(held), int(held.sum())
    before: NDArray[np.int64] = np.cumsum(held) - held
    after = some - before - held
    none_before = np.arange(number) - before
    none_after = np.arange(number)[::-1] - after
    both = int(np.sum(before * after * ~held))
    one = int(np.sum((before * none_after + none_before * after) * held))
    if both + one == 0:
        u = 1.0
    else:
        u = ((number - 2) * one - (number - 1) * both) / ((number - 2) * (both + one))
    return u * (1 - (some - 1) / (number - 1))


# --- within and between parties -------------------------------------------------------------------


def _splits(shown: Sequence[Cell]) -> tuple[GainSplit, ...]:
    """Between the sides that may be shown, and between the parties."""
    found = []
    for kind in get_args(GroupKind):
        some = {group.id: [one.value for one in own] for group, own in shown if group.kind == kind}
        split = gain_split(some, kind)
        found += [split] if split is not None else []
    return tuple(found)


def gain_split(
    gains: Mapping[str, ArrayLike], kind: GroupKind, *, coverage: float = COVERAGE
) -> GainSplit | None:
    """How much of the variance of stated gains lies between groups and how much within.

    ``gains`` are what the people of each group said, of two or more people each; None where there
    are fewer than two groups, or all said the same. With k groups of n_i people, N in all:

    ``eta_squared`` is the sum of squares between groups over that of all; its ends are those of
    `eta_interval`, widened to hold it. ``between`` is s_b^2 / (s_b^2 + s_w^2) of the model
    gain = mean + group + person with random groups. With h the harmonic mean of the n_i, s^2 the
    variance of the k unweighted means and F = h s^2 / MSW, it is (F - 1) / (F - 1 + h), at the ends
    of its interval with F over the 95 % and the 5 % quantile of F(k - 1, N - k), cut to 0..1: exact
    for equal n_i, else close.

    References
    ----------
    Thomas & Hultquist (1978), "Interval estimation for the unbalanced case of the one-way random
    effects model", Annals of Statistics 6(3):582-587. Shrout & Fleiss (1979), "Intraclass
    correlations", Psychological Bulletin 86(2):420-428.

    """
    rows = [np.asarray(row, dtype=np.float64) for row in gains.values()]
    if any(row.size < 2 or not np.isfinite(row).all() for row in rows):
        raise UsageError("A split needs two or more finite gains of every group.")
    if len(rows) < 2 or np.ptp(np.concatenate(rows)) == 0:
        return None
    every = np.concatenate(rows)
    sizes, means = np.array([row.size for row in rows]), np.array([row.mean() for row in rows])
    within = float(sum(np.sum((row - row.mean()) ** 2) for row in rows))
    between = float(np.sum(sizes * (means - every.mean()) ** 2))
    k, freedom = len(rows), int(sizes.sum()) - len(rows)
    h = k / float(np.sum(1 / sizes))
    apart = h * float(means.var(ddof=1))
    tail = (1 - coverage) / 2
    ends = (fdtri(k - 1, freedom, 1 - tail), 1.0, fdtri(k - 1, freedom, tail))
    shares = [_share_between(apart / float(end), within / freedom, h) for end in ends]
    f = between / (k - 1) / (within / freedom) if within > 0 else math.inf
    low, high = eta_interval(f, k - 1, freedom, coverage=coverage)
    here = between / (between + within)
    return GainSplit(
        kind=kind,
        groups=tuple(gains),
        people=len(every),
        eta_squared=Spread(min(low, here), here, max(high, here)),
        between=Spread(*shares),
    )


def eta_interval(
    f: float, above: int, below: int, *, coverage: float = COVERAGE
) -> tuple[float, float]:
    """The interval of eta squared in the population, from F with ``above`` and ``below`` freedom.

    L / (L + N) with N = above + below + 1, at the noncentralities L of which F is the 95 % and the
    5 % quantile, 0 where there is no such L: exact for fixed groups with normal answers. It need
    not hold the share among those who answered, which is too high on average.

    References
    ----------
    Steiger (2004), "Beyond the F test", Psychological Methods 9(2):164-182.

    """
    if math.isinf(f):
        return 1.0, 1.0
    tail, ends = (1 - coverage) / 2, []
    for at in (1 - tail, tail):
        high = 1.0
        while ncfdtr(above, below, high, f) > at:
            high *= 2
        centre = 0.0
        if fdtr(above, below, f) > at:
            centre = float(brentq(lambda x, at=at: ncfdtr(above, below, x, f) - at, 0, high))
        ends.append(centre / (centre + above + below + 1))
    return ends[0], ends[1]


def _share_between(apart: float, within: float, h: float) -> float:
    """(F - 1) / (F - 1 + h) with F = apart / within, cut to 0..1."""
    excess = apart - within
    return max(0.0, excess) / (excess + h * within) if excess > 0 else 0.0


# --- red lines ------------------------------------------------------------------------------------


def _red_line(case: Case, group: Group, own: Sequence[Judgement]) -> RedLineShare:
    yes = sum(one.value == 1 for one in own)
    told = share(yes, len(own), least=case.about.min_cell)
    return red_line_share(group.id, told.low, told.high, told.people)


def red_line_share(party: str, low: int, high: int, people: int) -> RedLineShare:
    """The chance that a person of the party calls a measure unacceptable, with its interval.

    Of ``people`` from ``low`` to ``high`` do. The interval reaches from the 5 % quantile of
    Beta(low + 1/2, people - low + 1/2), Jeffreys' prior, to the 95 % quantile of the same with
    ``high``; where the count is told, ``mid`` is the median. At 0 and at ``people`` the interval
    reaches to the end of the scale (Brown, Cai & DasGupta 2001, Statistical Science 16:101).
    """
    if not 0 <= low <= high <= people:
        raise UsageError(f"From {low} to {high} of {people} is no count.")
    tail = (1 - COVERAGE) / 2
    return RedLineShare(
        party=party,
        low=_jeffreys(low, people, tail) if low > 0 else 0.0,
        mid=_jeffreys(low, people, 0.5) if low == high else None,
        high=_jeffreys(high, people, 1 - tail) if high < people else 1.0,
        people=people,
    )


def _jeffreys(yes: int, people: int, at: float) -> float:
    return float(betaincinv(yes + 0.5, people - yes + 0.5, at))


# --- all at once ----------------------------------------------------------------------------------


def together(gains: Sequence[PartyGains]) -> tuple[Together, ...]:
    """How likely it is that a measure is a gain for all parties at the same time.

    At the common points all parties meet the same facts and each holds its own opinions, so that
    what one fact does to all is counted once: neither the product over parties, which takes their
    gains for unrelated, nor the smallest, which takes them for one. Only parties that may be shown
    enter, and measures of which two or more of them have a value.
    """
    shown = [one for one in gains if one.shown]
    by_measure: dict[str, dict[str, Truths]] = defaultdict(dict)
    for one in shown:
        for place, measure in enumerate(one.measures):
            by_measure[measure][one.party] = one.gains[:, place] > TINY
    return tuple(
        Together(
            measure=measure,
            parties=tuple(wins),
            probability=joint(list(wins.values())),
            least=min(float(row.mean()) for row in wins.values()),
            if_unrelated=float(np.prod([row.mean() for row in wins.values()])),
        )
        for measure, wins in by_measure.items()
        if len(wins) > 1
    )


def joint(wins: Sequence[ArrayLike]) -> float:
    """The share of common points at which all of ``wins`` (parties, points) hold."""
    return float(np.all(np.asarray(wins, dtype=bool), axis=0).mean())
