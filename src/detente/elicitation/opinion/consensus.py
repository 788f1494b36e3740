"""What everybody agrees on, and what every group agrees on."""

from __future__ import annotations

import math

import numpy as np

from detente.elicitation.opinion.representative import (
    MOST_STATEMENTS,
    Z90,
    Counts,
    Direction,
    Support,
    share,
    share_z,
)
from detente.elicitation.opinion.votes import Flags, Floats


def group_informed_consensus(counts: Counts) -> Floats:
    """The product over groups of (agrees + 1) / (votes + 2), shape (statements,).

    High only where every group agrees, however small it is.

    References
    ----------
    Small et al. (2021), Recerca 26(2), section 4.4.

    """
    return np.asarray(share(counts.agrees, counts.votes).prod(axis=0))


def consensus(counts: Counts, *, rejected: Flags) -> tuple[Support, ...]:
    """Up to five statements that people agree on, then up to five that they disagree on.

    ``counts`` has everybody as one group. A statement needs a share over a half that is
    significant at 90 %; ranked by share x share_z.
    """
    return _side(counts, "agree", rejected) + _side(counts, "disagree", rejected)


def _side(counts: Counts, direction: Direction, rejected: Flags) -> tuple[Support, ...]:
    successes = (counts.agrees if direction == "agree" else counts.disagrees)[0]
    trials = counts.votes[0]
    part, z = share(successes, trials), share_z(successes, trials)
    passes = np.flatnonzero((part > 0.5) & (z > Z90) & ~rejected)
    ranked = passes[np.argsort(-(part * z)[passes], kind="stable")][:MOST_STATEMENTS]
    return tuple(
        Support(
            statement=int(place),
            direction=direction,
            successes=int(successes[place]),
            trials=int(trials[place]),
            share=float(part[place]),
            share_z=float(z[place]),
            ratio=math.nan,
            ratio_z=math.nan,
        )
        for place in ranked
    )
