"""Which signs may be told together."""

from __future__ import annotations

import numpy as np

from detente.elicitation.two_way import Bools, Floats


def same_sign(draws: Floats) -> Floats:
    """The probability of the likelier sign of each number: draws (K, D, R) to (K, R)."""
    positive = (draws > 0).mean(axis=1)
    return np.asarray(np.maximum(positive, 1 - positive))


def listed_together(draws: Floats, level: float) -> Bools:
    """The numbers, surest sign first, whose signs are all right with a probability >= ``level``.

    Parameters
    ----------
    draws
        Joint draws of R numbers for K lists, shape (K, D, R).
    level
        The least posterior probability that every listed sign of one list is right.

    Returns
    -------
    Shape (K, R). Each listed sign alone is at least as sure. Ties stand in the order given.

    References
    ----------
    Bolin and Lindgren (2015), "Excursion and contour uncertainty regions for latent Gaussian
    models", Journal of the Royal Statistical Society B 77(1):85-106: the largest set of one
    parametric family with a given joint probability.

    """
    up: Bools = np.asarray((draws > 0).mean(axis=1) >= 0.5)
    order = np.argsort(-same_sign(draws), axis=1, kind="stable")
    right = np.take_along_axis((draws > 0) == up[:, None], order[:, None], axis=2)
    together = np.logical_and.accumulate(right, axis=2).mean(axis=1)
    listed = np.zeros_like(up)
    np.put_along_axis(listed, order, together >= level, axis=1)
    return listed
