"""Whether every declared camp agrees, with the doubt that few people leave.

Camps come first: sides that are declared before anybody votes. A product of smoothed shares, as
group-informed consensus takes it, shrinks with every further group and knows no doubt; here the
question is asked of each camp's share itself, which a few votes leave uncertain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincc

from detente.elicitation.results import StatementKind
from detente.ground.errors import UsageError

SURE = 0.8  # a verdict needs so much


def reaches(yes: int, people: int, *, threshold: float) -> float:
    """The chance that the share of a stance in a camp is ``threshold`` or more.

    Of ``people`` who voted ``yes`` took the stance; passing counts as not taking it. The posterior
    of the share under Jeffreys' prior is Beta(yes + 1/2, people - yes + 1/2).

    Raises
    ------
    UsageError
        Where ``yes`` is not between 0 and ``people``, or the threshold not between 0 and 1.

    References
    ----------
    Brown, Cai and DasGupta (2001), "Interval estimation for a binomial proportion", Statistical
    Science 16(2):101-133, for the prior.

    """
    if not 0 <= yes <= people or not 0 < threshold < 1:
        raise UsageError(f"{yes} of {people} people at a threshold of {threshold}.")
    return float(betaincc(yes + 0.5, people - yes + 0.5, threshold))


def in_every_camp(votes: Sequence[tuple[int, int]], *, threshold: float) -> float:
    """The chance that the share reaches ``threshold`` in every camp: the product over camps.

    ``votes`` are (yes, people) of each camp, which answered independently.
    """
    return float(np.prod([reaches(yes, people, threshold=threshold) for yes, people in votes]))


def verdict(
    agree: Sequence[tuple[int, int]], disagree: Sequence[tuple[int, int]], *, threshold: float
) -> tuple[StatementKind, float, float]:
    """The verdict on a statement, and the chances that all camps agree and that all disagree.

    *Consensus* where one of the two is at least 0.8; *divided* where it is as sure that neither
    holds, that is, that the stance fails in some camp, for both stances; else *too few* answers.
    """
    yes = in_every_camp(agree, threshold=threshold)
    no = in_every_camp(disagree, threshold=threshold)
    if max(yes, no) >= SURE:
        return "consensus", yes, no
    return ("divided" if yes + no <= 1 - SURE else "too-few"), yes, no
