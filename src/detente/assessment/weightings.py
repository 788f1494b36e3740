"""Under which share of weightings a measure ranks where, for each party of a case.

The indices of `smaa.indices`, counted at the common points of a case instead of drawn anew: each
point is one draw of the scores and of the weights that a party's statement allows, so that the
ranks are those of the very gains that `value` tells. A share of weightings never says that a party
accepts a measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.relations import Relations
from detente.assessment.results import RankedMeasure, RankedPair, Weightings, WeightingShare
from detente.assessment.settled import COVERAGE, party_relations, shared_relations
from detente.assessment.smaa.intervals import Shares, wilson
from detente.assessment.value import TINY, PartyGains
from detente.case.case import Case

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVEL = 0.95
FIRST = 3  # ranks told together, as of priorities
LEADING = 5  # measures of a party all pairs of which are told


@dataclass(frozen=True, eq=False)
class PartyRanks:
    """The indices of one party over N points: m options, n criteria; see `smaa.indices.Indices`.

    ``acceptability`` (m, m) has the shares of weightings in which option i takes rank k + 1,
    ``among_first`` (m,) those in which it takes one of the first three, ``pairwise`` (m, m) those
    in which i ranks before j. ``central_weights`` (m, n) and their standard ``central_errors`` are
    of the weights under which option i is first, ``confidence`` (m,) is the share of the scores in
    which it is first under these; NaN for an option that never is. ``undecided`` (m, m) are pairs
    of which neither ranks before the other in more than half of the weightings by the whole of its
    interval.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    samples: int
    acceptability: Shares
    among_first: Shares
    pairwise: Shares
    central_weights: Floats
    central_errors: Floats
    confidence: Shares
    undecided: Flags


def party_ranks(gains: PartyGains) -> PartyRanks:
    """Count the ranks of a party's measures over its samples; tied measures share the best rank.

    Parameters
    ----------
    gains
        Weights (N, n) and differences (N, m, n) of one party with at least one measure.

    Notes
    -----
    Lahdelma & Salminen (2001), "SMAA-2: stochastic multicriteria acceptability analysis for group
    decision making", Operations Research 49(3):444-454; pairwise: Leskinen et al. (2006), Forest
    Science 52(3):304-312. Intervals are Wilson's, 95 %: they tell how finely was counted, not how
    sure the statements are.

    """
    values = gains.gains
    samples, m = values.shape
    above = values[:, :, None] > values[:, None, :] + TINY  # (N, m, m)
    ranks = above.sum(axis=1)
    pairwise = wilson(above.sum(axis=0), samples, LEVEL)
    decided = pairwise.low > 0.5
    central, errors = _central(gains.weights, ranks == 0)
    by_rank = np.stack([(ranks == k).sum(axis=0) for k in range(m)], axis=1)
    return PartyRanks(
        options=gains.measures,
        criteria=gains.criteria,
        samples=samples,
        acceptability=wilson(by_rank, samples, LEVEL),
        among_first=wilson((ranks < FIRST).sum(axis=0), samples, LEVEL),
        pairwise=pairwise,
        central_weights=central,
        central_errors=errors,
        confidence=wilson(_confident(gains.differences, central), samples, LEVEL),
        undecided=~(decided | decided.T | np.eye(m, dtype=np.bool_)),
    )


def by_mean_rank(acceptability: Shares) -> list[int]:
    """The places of m options by their mean rank, the best first; of shares (m, m) of ranks."""
    means = acceptability.share @ np.arange(len(acceptability.share))
    return [int(place) for place in np.argsort(means, kind="stable")]


def _central(weights: Floats, first: Flags) -> tuple[Floats, Floats]:
    """Mean weights (m, n) under which each option is first, and their standard errors."""
    times = first.sum(axis=0)[:, None].astype(np.float64)
    times[times == 0] = np.nan
    mean = first.T @ weights / times
    spread = np.maximum(first.T @ weights**2 / times - mean**2, 0.0)
    return mean, np.sqrt(spread / times)


def _confident(differences: Floats, central: Floats) -> Floats:
    """How often each option is first under its central weights, (m,); NaN where it never was."""
    times = np.full(len(central), np.nan)
    for place, weights in enumerate(central):
        if np.isfinite(weights).all():
            values = differences @ weights
            times[place] = (values[:, place] >= values.max(axis=1) - TINY).sum()
    return times


# --- what is told ---------------------------------------------------------------------------------


def weightings(case: Case, gains: Sequence[PartyGains]) -> Weightings | None:
    """What is told of the parties that may be shown and have a measure with a value; else None.

    Parameters
    ----------
    case
        The case of the gains, for what the parties stated of weights.
    gains
        What each party gains by its own criteria, at common points.

    """
    shown = [one for one in gains if one.shown and one.measures]
    if not shown:
        return None
    ranks = {one.party: party_ranks(one) for one in shown}
    related = {one.party: party_relations(case, one) for one in shown}
    together = len(shown) > 1
    return Weightings(
        samples=len(shown[0].weights),
        coverage=COVERAGE,
        measures=tuple(
            told for party in ranks for told in _measures(party, ranks[party], related[party])
        ),
        pairs=tuple(told for party, own in ranks.items() for told in _pairs(party, own)),
        parties=tuple(related) if together else (),
        shared=shared_relations(list(related.values())) if together else (),
    )


def _measures(party: str, ranks: PartyRanks, related: Relations) -> Iterator[RankedMeasure]:
    """The measures of one party, the best mean rank first."""
    numbers = np.arange(1, len(ranks.options) + 1)
    for place in by_mean_rank(ranks.acceptability):
        never = ~related.possible[place]
        necessary = related.necessary[place] & (np.arange(len(numbers)) != place)
        yield RankedMeasure(
            party=party,
            measure=ranks.options[place],
            first=_share(ranks.acceptability, (place, 0)),
            among_first=_share(ranks.among_first, (place,)),
            mean_rank=float(ranks.acceptability.share[place] @ numbers),
            confidence=(
                None
                if np.isnan(ranks.confidence.share[place])
                else _share(ranks.confidence, (place,))
            ),
            necessarily_as=tuple(ranks.options[other] for other in np.flatnonzero(necessary)),
            never_as=tuple(ranks.options[other] for other in np.flatnonzero(never)),
        )


def _pairs(party: str, ranks: PartyRanks) -> Iterator[RankedPair]:
    """All pairs of the leading measures of one party, the better mean rank before the other."""
    order = by_mean_rank(ranks.acceptability)[:LEADING]
    for row, place in enumerate(order):
        for other in order[row + 1 :]:
            yield RankedPair(
                party=party,
                measure=ranks.options[place],
                other=ranks.options[other],
                before=_share(ranks.pairwise, (place, other)),
                distinguishable=not ranks.undecided[place, other],
            )


def _share(shares: Shares, place: tuple[int, ...]) -> WeightingShare:
    return WeightingShare(
        low=float(shares.low[place]),
        share=float(shares.share[place]),
        high=float(shares.high[place]),
    )
