"""Whether estimates of one thing asked in two ways fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expm1, log1p

from detente.ground.errors import UsageError

MOST_INCOHERENCE = 2.0  # two ways that part by more are flagged


@dataclass(frozen=True)
class Coherence:
    """What a chain gives beside the direct estimate of the same event.

    ``factor`` (at least 1) is how far they part; ``flagged`` where it exceeds 2.
    """

    given: float
    direct: float
    factor: float
    flagged: bool


def coherence_gap(chain: Sequence[float], direct: float) -> Coherence:
    """How far the product of ``chain`` and the ``direct`` estimate part: the larger / the smaller.

    Both answer one question, so that any factor above 1 is incoherent. The limit of 2 for the flag
    is a convention: one doubling.

    Raises
    ------
    UsageError
        Where the chain is empty, or a probability is not in (0, 1].

    """
    if not chain or not all(0 < value <= 1 for value in (*chain, direct)):
        raise UsageError("A chain needs at least one probability, and all in (0, 1].")
    return _compared(float(np.prod(chain)), direct, impossible=False)


def spans_gap(shorter: float, longer: float, *, times: float) -> Coherence:
    """How far a probability for a span fits that for one ``times`` as long.

    ``given`` is what the shorter span gives for the longer at a constant rate, 1 - (1 - p)^times.
    A rate may differ from month to month, so that a factor below 2 says little; but a longer span
    can never be less likely, which is flagged whatever the factor.

    Raises
    ------
    UsageError
        Where a probability is not strictly between 0 and 1, or ``times`` is not above 1.

    """
    if not (0 < shorter < 1 and 0 < longer < 1 and times > 1):
        raise UsageError("Two spans need probabilities in (0, 1), and the longer to be longer.")
    given = float(-expm1(times * log1p(-shorter)))
    return _compared(given, longer, impossible=longer < shorter)


def _compared(given: float, direct: float, *, impossible: bool) -> Coherence:
    factor = max(given / direct, direct / given)
    return Coherence(given, direct, factor, impossible or factor > MOST_INCOHERENCE)
