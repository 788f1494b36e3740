"""Many people's beliefs as one spread, as one marker, and against each other.

A group's spread is the equal-weight mixture of its members' distributions: it keeps their
disagreement. The trimmed geometric mean of odds is a marker on it, a point and not a belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from detente.ground.chance import TwoPiece, from_scale, to_scale
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]

LEAST_KEPT = 3  # trimming leaves at least so many people, or drops nobody
_HALVINGS = 64  # from any width down to the last bit of a double


@dataclass(frozen=True)
class Mixture:
    """The equal-weight linear pool of distributions on one fitting scale."""

    members: tuple[TwoPiece, ...]

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of ``x`` or less, the mean of the members'; same shape."""
        return np.asarray(np.mean([member.cdf(x) for member in self.members], axis=0))

    def quantile(self, u: ArrayLike) -> Floats:
        """The least x with cdf(x) >= u, for ``u`` in (0, 1); same shape.

        Bisection on the fitting scale between the least and the largest of the members' quantiles,
        between which the quantile of a mixture lies.
        """
        wanted = np.asarray(u, dtype=np.float64)
        scale = self.members[0].scale
        mid, below, above = self._parameters(wanted.ndim)
        own = mid + ndtri(wanted) * np.where(wanted < 0.5, below, above)
        low, high = own.min(axis=0), own.max(axis=0)
        for _ in range(_HALVINGS):
            middle = low + (high - low) / 2
            enough = _cdf_on_scale(middle, mid, below, above) >= wanted
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        ends = [member.quantile(wanted) for member in self.members]
        return np.clip(from_scale(high, scale), np.min(ends, axis=0), np.max(ends, axis=0))

    def _parameters(self, dimensions: int) -> tuple[Floats, Floats, Floats]:
        shape = (len(self.members),) + (1,) * dimensions
        mids = to_scale([member.mid for member in self.members], self.members[0].scale)
        below = np.array([member.below for member in self.members])
        above = np.array([member.above for member in self.members])
        return mids.reshape(shape), below.reshape(shape), above.reshape(shape)


def _cdf_on_scale(x: Floats, mid: Floats, below: Floats, above: Floats) -> Floats:
    distance = x - mid
    spread = np.where(distance < 0, below, above)
    jump = np.where(distance < 0, -np.inf, np.inf)  # all mass at the median where no spread
    z = np.where(spread > 0, distance / np.where(spread > 0, spread, 1.0), jump)
    return np.asarray(ndtr(z).mean(axis=0))


def mixture(distributions: Sequence[TwoPiece]) -> Mixture:
    """Pool ``distributions`` linearly with equal weights: F(x) = mean of F_i(x).

    The members stand in the order of their numbers, so that the order given changes no bit.

    Raises
    ------
    UsageError
        Where there is none, or they stand on different scales.

    References
    ----------
    Stone (1961), "The opinion pool", Annals of Mathematical Statistics 32(4):1339-1342.

    """
    if len({member.scale for member in distributions}) != 1:
        raise UsageError("A mixture needs at least one distribution, and all on one scale.")
    return Mixture(tuple(sorted(distributions, key=astuple)))


def trimmed_geometric_mean_of_odds(p: ArrayLike, *, trim: int = 1) -> float:
    """The geometric mean of the odds of ``p`` without the ``trim`` smallest and largest, as a p.

    Parameters
    ----------
    p
        Probabilities strictly between 0 and 1, shape (n,).
    trim
        How many to drop at either end. Where fewer than 3 would be left nobody is dropped: with
        ``trim`` 1 that is for fewer than five people.

    Raises
    ------
    UsageError
        Where there is none, or one is not strictly between 0 and 1, or ``trim`` is negative.

    Notes
    -----
    logit^-1 of the mean of logit p over those kept. Without trimming this is the logarithmic
    opinion pool for a binary event (Genest and Zidek 1986, Statistical Science 1(1):114-135).
    Samotsvety Forecasting dropped the minimum and the maximum of seven (October 2022).

    """
    values = np.sort(np.asarray(p, dtype=np.float64))
    if values.ndim != 1 or values.size == 0 or trim < 0:
        raise UsageError("Give one row of probabilities, and no negative number to trim.")
    if not ((values > 0) & (values < 1)).all():
        raise UsageError("Odds need probabilities strictly between 0 and 1.")
    if values.size - 2 * trim >= LEAST_KEPT:
        values = values[trim : values.size - trim]
    return float(from_scale(to_scale(values, "logit").mean(), "logit"))
