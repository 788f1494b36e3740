"""Published estimates beside a ladder's own: how far they lie apart, and whether they conflict.

Nothing here changes a ladder. A ladder that was fitted to published estimates would agree with
them by construction, and their agreement would say nothing about either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

from detente.escalation.results import Agreement
from detente.ground.basis import Estimate
from detente.ground.chance import Floats, Scale, TwoPiece, fit, to_scale
from detente.ground.errors import UsageError

RULE = (
    "Two estimates agree where the middle of one lies within the 90 % interval of the other, are "
    "strained where only the intervals overlap, and conflict where they do not. Two numbers "
    "without any interval cannot be told to agree or to conflict."
)
NOT_VALIDATION = (
    "Published estimates stand beside the ladder and are never fed to it: fitting to them is not "
    "validation."
)


@dataclass(frozen=True)
class Comparison:
    """A published estimate beside a ladder's own.

    ``orders`` is log10 of published : own, of the middles; ``gap`` the orders of magnitude
    between the nearest ends of the two 90 % intervals, 0 where they overlap; ``overlap`` the area
    that the two distributions share, from 0 to 1, None where a half of either has no spread.
    """

    orders: float
    gap: float
    overlap: float | None
    verdict: Agreement


def compare(own: Estimate, published: Estimate, *, scale: Scale) -> Comparison:
    """How far two estimates of the same outcome lie apart.

    Parameters
    ----------
    own
        The ladder's.
    published
        Another's, in the same unit and over the same time (`over`, `rate_per_year`).
    scale
        ``log`` for rates, ``logit`` for probabilities.

    Raises
    ------
    UsageError
        Where the scale is linear, or a number does not lie on it.

    """
    if scale == "linear":
        raise UsageError("orders of magnitude need a log or logit scale.")
    if not np.all(np.isfinite(to_scale([_ends(own), _ends(published)], scale))):
        raise UsageError(f"an estimate does not lie inside the {scale} scale.")
    mine, other = fit(own, scale), fit(published, scale)
    return Comparison(
        orders=math.log10(published.mid / own.mid),
        gap=_gap(_central(mine), _central(other)),
        overlap=overlap(mine, other) if _is_wide(mine) and _is_wide(other) else None,
        verdict=_verdict(mine, other),
    )


def _is_wide(one: TwoPiece) -> bool:
    """Whether both halves have a spread, so that there is a density."""
    return min(one.below, one.above) > 0


def _is_spread(one: TwoPiece) -> bool:
    """Whether a number has a density: width on either side of its median."""
    return one.below > 0 and one.above > 0


def _ends(one: Estimate) -> tuple[float, float, float]:
    return one.low, one.mid, one.high


def _central(one: TwoPiece) -> Floats:
    return one.quantile([0.05, 0.95])


def _gap(one: Floats, other: Floats) -> float:
    return max(0.0, math.log10(other[0] / one[1]), math.log10(one[0] / other[1]))


def _verdict(one: TwoPiece, other: TwoPiece) -> Agreement:
    """`RULE`."""
    if one.below == one.above == other.below == other.above == 0:
        return "cannot-tell"
    (low, high), (other_low, other_high) = _central(one), _central(other)
    if low <= other.mid <= high or other_low <= one.mid <= other_high:
        return "agrees"
    return "strained" if low <= other_high and other_low <= high else "conflicts"


def overlap(one: TwoPiece, other: TwoPiece) -> float:
    """The overlapping coefficient of two distributions on the same scale, from 0 to 1, exact.

    The integral of min(f, g) over the fitting scale. f and g change places only at a median or
    where two normal pieces cross, so the integral is a sum of differences of F or G.

    Raises
    ------
    UsageError
        Where the scales differ, or one half has no spread.

    References
    ----------
    Inman & Bradley (1989), "The overlapping coefficient as a measure of agreement between
    probability distributions", Communications in Statistics - Theory and Methods 18(10).

    """
    if one.scale != other.scale:
        raise UsageError("distributions overlap on one scale.")
    if min(one.below, one.above, other.below, other.above) <= 0:
        raise UsageError("a number without spread has no density to overlap with.")
    medians = [float(to_scale(d.mid, d.scale)) for d in (one, other)]
    edges = [-np.inf, *sorted({*medians, *_crossings(one, other, medians)}), np.inf]
    pieces = [_Piece(m, d) for m, d in zip(medians, (one, other), strict=True)]
    return float(sum(_lesser(pieces, start, stop) for start, stop in pairwise(edges)))


@dataclass(frozen=True)
class _Piece:
    """A two-piece normal on its own scale."""

    median: float
    spread: TwoPiece

    def _z(self, x: float) -> tuple[float, float]:
        width = self.spread.below if x < self.median else self.spread.above
        return (x - self.median) / width, width

    def log_density(self, x: float) -> float:
        z, width = self._z(x)
        return -z * z / 2 - math.log(width)

    def below(self, x: float) -> float:
        return float(ndtr(self._z(x)[0]))


def _lesser(pieces: list[_Piece], start: float, stop: float) -> float:
    """The probability from start to stop of the piece that has the lesser density there."""
    if math.isinf(start) or math.isinf(stop):
        inside = stop - 1.0 if math.isinf(start) else start + 1.0
    else:
        inside = (start + stop) / 2
    least = min(pieces, key=lambda piece: piece.log_density(inside))
    return least.below(stop) - least.below(start)


def _crossings(one: TwoPiece, other: TwoPiece, medians: list[float]) -> list[float]:
    """Where any normal of one may cross any of the other; more edges than needed do no harm."""
    m, n = medians
    found = []
    for s in (one.below, one.above):
        for t in (other.below, other.above):
            a, b = 1 / t**2 - 1 / s**2, 2 * (m / s**2 - n / t**2)
            c = (n / t) ** 2 - (m / s) ** 2 + 2 * math.log(t / s)
            roots = np.roots(np.array([a, b, c])) if a or b else np.array([])
            found += [float(root.real) for root in roots if abs(root.imag) < 1e-9]
    return found


def over(p: float, *, years: float, to_years: float) -> float:
    """A probability over some years as one over others, at a constant rate: 1 - (1 - p)^(u / t).

    >>> round(over(0.007, years=1, to_years=70), 3)
    0.388

    Raises
    ------
    UsageError
        Where p is no probability below 1, or a time is not over 0.

    """
    return -math.expm1(-_rate(p, years) * to_years) if to_years > 0 else _no_time()


def rate_per_year(estimate: Estimate, *, years: float) -> Estimate:
    """An estimate of a probability over some years as a rate: -ln(1 - p) / years.

    The map ascends, so quantiles stay quantiles.

    Raises
    ------
    UsageError
        As `over`.

    """
    low, mid, high = (_rate(p, years) for p in _ends(estimate))
    return Estimate(low, mid, high, estimate.coverage, estimate.provenance)


def probability_over(estimate: Estimate, *, years: float) -> Estimate:
    """An estimate of a rate as a probability over some years: 1 - exp(-rate years)."""
    low, mid, high = (-math.expm1(-rate * years) for rate in _ends(estimate))
    return Estimate(low, mid, high, estimate.coverage, estimate.provenance)


def _rate(p: float, years: float) -> float:
    if not 0 <= p < 1:
        raise UsageError("a probability with a rate lies in [0, 1).")
    return -math.log1p(-p) / years if years > 0 else _no_time()


def _no_time() -> float:
    raise UsageError("a time is longer than 0 years.")
