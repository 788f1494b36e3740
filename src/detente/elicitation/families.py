"""Named distributions fitted to a person's stated quantiles, and how well each meets them.

A family stands on a scale that its bounds choose: x itself without bounds, log(x - low) or
-log(high - x) with one, and the log-odds of (x - low) / (high - low) with both. So a quantity that
is itself a probability, however small, keeps its relative accuracy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import (
    betainc,
    betaincc,
    betaincinv,
    expit,
    gammainc,
    gammaincc,
    gammaincinv,
    logit,
    ndtr,
    ndtri,
    stdtr,
    stdtrit,
)

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Family = Literal[
    "normal", "student_t", "lognormal", "gamma", "beta", "logit_normal", "two_piece", "metalog"
]
Measure = Literal["probability", "log_odds"]

TOLERANCE = 0.02  # a fit that misses a stated probability by more is not ok
RARE = 1e-4  # stated probabilities beyond this are fitted by log-odds
DEGREES = 3.0  # of freedom of Student's t where none are given, as in SHELF
MOST_DEGREES = 1e3
PARAMETERS: dict[Family, tuple[str, ...]] = {
    "normal": ("location", "scale"),
    "student_t": ("location", "scale", "degrees"),
    "lognormal": ("location", "scale"),
    "gamma": ("shape", "rate"),
    "beta": ("alpha", "beta"),
    "logit_normal": ("location", "scale"),
    "two_piece": ("median", "below", "above"),  # of the scale, not of x
    "metalog": (),  # a1, a2, ... as many as terms
}
_NORMALS = frozenset({"normal", "lognormal", "logit_normal"})
_GRID = np.linspace(-36.0, 36.0, 4801)  # log-odds at which a metalog's density is looked at
_HALVINGS = 70
_SAME = 1e-6  # worst gaps that differ by less are equal: then the fewer parameters win


@dataclass(frozen=True)
class Gap:
    """A stated quantile that a fitted distribution does not have."""

    probability: float
    asked: float
    achieved: float
    fitted_probability: float


@dataclass(frozen=True)
class Fitted:
    """A distribution of one family, beside the quantiles that were asked of it.

    ``worst_gap`` is the largest difference between a stated probability and the fitted one at its
    value. ``feasible`` is False where the result is no distribution: then the gap is infinite,
    ``achieved`` is NaN, and `quantile` and `cdf` raise `UsageError`.
    """

    family: Family
    parameters: tuple[float, ...]
    low: float
    high: float
    probabilities: tuple[float, ...]
    asked: tuple[float, ...]
    achieved: tuple[float, ...]
    worst_gap: float
    tolerance: float
    feasible: bool

    @property
    def ok(self) -> bool:
        """Whether it is a distribution that meets every stated probability within tolerance."""
        return self.feasible and self.worst_gap <= self.tolerance

    def gaps(self) -> tuple[Gap, ...]:
        """The stated quantiles that are missed by more than the tolerance."""
        at = self.cdf(self.asked) if self.feasible else np.full(len(self.asked), np.nan)
        fitted = at.tolist()
        rows = zip(self.probabilities, self.asked, self.achieved, fitted, strict=True)
        return tuple(Gap(*row) for row in rows if not abs(row[0] - row[3]) <= self.tolerance)

    def quantile(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities ``u`` in (0, 1); same shape."""
        self._must_be_feasible()
        return _quantile(self.family, self.parameters, np.asarray(u, np.float64), self._bounds)

    def cdf(self, x: ArrayLike) -> Floats:
        """The probabilities of ``x`` or less; same shape, and x may lie outside the bounds."""
        self._must_be_feasible()
        return _tails(self.family, self.parameters, np.asarray(x, np.float64), self._bounds)[0]

    def _must_be_feasible(self) -> None:
        if not self.feasible:
            raise UsageError(f"This {self.family} has no density that is positive throughout.")

    @property
    def _bounds(self) -> tuple[float, float]:
        return self.low, self.high


def fit_family(  # noqa: PLR0913 (the settings of one fit; each has a default)
    family: Family,
    probabilities: Sequence[float],
    *,
    values: Sequence[float],
    low: float = -np.inf,
    high: float = np.inf,
    degrees: float | None = DEGREES,
    terms: int | None = None,
    tolerance: float = TOLERANCE,
    measure: Measure | None = None,
) -> Fitted:
    """The member of ``family`` that comes nearest to the stated quantiles.

    Parameters
    ----------
    family
        Lognormal and gamma need ``low``, beta and logit_normal both bounds.
    probabilities, values
        At least two, both increasing: P(X <= value) = probability.
    degrees
        Of freedom of Student's t; None fits them too.
    terms
        Of a metalog, at least 2; as many as quantiles where None.
    measure
        What the squared differences are of; log-odds where a probability is beyond 1e-4 or
        1 - 1e-4, so that it counts, else probabilities.

    Raises
    ------
    UsageError
        Where the quantiles are too few or out of order, or the bounds do not suit the family.

    Notes
    -----
    min sum (F(x_i) - p_i)^2, but for two_piece and metalog linear least squares on the scale.

    References
    ----------
    Oakley and O'Hagan, SHELF: the Sheffield Elicitation Framework (the same squared differences).

    Keelin (2016), "The metalog distributions", Decision Analysis 13(4):243-277.

    """
    p, x = _checked(family, probabilities, values, (low, high))
    free = _free(family, degrees, terms, p.size)
    if p.size < free:
        raise UsageError(f"{family} needs {free} quantiles, and there are {p.size}.")
    measure = measure or ("log_odds" if p[0] < RARE or p[-1] > 1 - RARE else "probability")
    if family == "metalog":
        found = _linear(_metalog_basis(p, free), _scaled(x, low, high))
    elif family == "two_piece":
        z = ndtri(p)
        basis = np.stack([np.ones_like(z), np.minimum(z, 0), np.maximum(z, 0)], axis=1)
        found = _linear(basis, _scaled(x, low, high))
    else:
        found = _curved(family, (p, x), (low, high), degrees=degrees, measure=measure)
    return _judged(family, found, (p, x), (low, high), tolerance=tolerance)


def suited(low: float = -np.inf, high: float = np.inf) -> tuple[Family, ...]:
    """The families whose support is that between the bounds."""
    named: tuple[Family, ...] = ()
    if np.isinf(low) and np.isinf(high):
        named = ("normal", "student_t")
    elif np.isinf(high):
        named = ("lognormal", "gamma")
    elif np.isfinite(low):
        named = ("beta", "logit_normal")
    return (*named, "two_piece", "metalog")


def best_fit(
    probabilities: Sequence[float],
    *,
    values: Sequence[float],
    low: float = -np.inf,
    high: float = np.inf,
    families: Sequence[Family] | None = None,
    tolerance: float = TOLERANCE,
) -> Fitted:
    """The fit with the least worst gap among ``families``, or among those that suit the bounds.

    Infeasible ones come last; of equal ones that with the fewest parameters, then the one named
    first. A family that needs more quantiles than there are does not take part.

    Raises
    ------
    UsageError
        As `fit_family`, or where no family can take part.

    """
    names = suited(low, high) if families is None else tuple(families)
    names = tuple(name for name in names if _free(name, DEGREES, None, len(values)) <= len(values))
    if not names:
        raise UsageError("There is no family to fit to so few quantiles.")
    fits = [
        fit_family(name, probabilities, values=values, low=low, high=high, tolerance=tolerance)
        for name in names
    ]
    return min(fits, key=_rank)


def _rank(fitted: Fitted) -> tuple[bool, float, int]:
    gap = round(fitted.worst_gap / _SAME) if np.isfinite(fitted.worst_gap) else np.inf
    return not fitted.feasible, gap, len(fitted.parameters)


def _checked(
    family: Family,
    probabilities: Sequence[float],
    values: Sequence[float],
    bounds: tuple[float, float],
) -> tuple[Floats, Floats]:
    low, high = bounds
    p, x = np.asarray(probabilities, np.float64), np.asarray(values, np.float64)
    if family not in get_args(Family):
        raise UsageError(f"{family} is no family; there are: {', '.join(get_args(Family))}.")
    if p.ndim != 1 or p.shape != x.shape or p.size < 2:
        raise UsageError("Give at least two quantiles, a probability and a value each.")
    if not ((p > 0) & (p < 1)).all() or not (np.diff(p) > 0).all():
        raise UsageError("Probabilities must increase and lie strictly between 0 and 1.")
    if not ((x > low) & (x < high)).all() or not (np.diff(x) > 0).all():
        raise UsageError("Values must increase and lie strictly between the bounds.")
    if family in {"lognormal", "gamma", "beta", "logit_normal"} and not np.isfinite(low):
        raise UsageError(f"{family} needs a lowest value.")
    if family in {"beta", "logit_normal"} and not np.isfinite(high):
        raise UsageError(f"{family} needs a highest value.")
    return p, x


def _free(family: Family, degrees: float | None, terms: int | None, quantiles: int) -> int:
    if family == "metalog":
        number = quantiles if terms is None else terms
        if number < 2:
            raise UsageError("A metalog has at least two terms.")
        return number
    if family == "student_t":
        return 2 if degrees is not None else 3
    return len(PARAMETERS[family])


def _judged(
    family: Family,
    found: Floats,
    stated: tuple[Floats, Floats],
    bounds: tuple[float, float],
    *,
    tolerance: float,
) -> Fitted:
    p, x = stated
    parameters = tuple(float(value) for value in found)
    feasible = bool(np.isfinite(found).all()) and _feasible(family, found)
    gap, achieved = np.inf, np.full(p.shape, np.nan)
    if feasible:
        achieved = _quantile(family, parameters, p, bounds)
        gap = float(np.abs(_tails(family, parameters, x, bounds)[0] - p).max())
    return Fitted(
        family,
        parameters,
        *bounds,
        probabilities=tuple(p.tolist()),
        asked=tuple(x.tolist()),
        achieved=tuple(achieved.tolist()),
        worst_gap=gap,
        tolerance=tolerance,
        feasible=feasible,
    )


def _feasible(family: Family, found: Floats) -> bool:
    if family == "two_piece":
        return bool((found[1:] > 0).all())
    if family == "metalog":
        return bool((_metalog_slope(expit(_GRID), found) > 0).all())
    return True


def _scaled(x: Floats, low: float, high: float) -> Floats:
    with np.errstate(divide="ignore"):
        if np.isfinite(low) and np.isfinite(high):
            return np.asarray(np.log(x - low) - np.log(high - x))
        if np.isfinite(low):
            return np.asarray(np.log(x - low))
        return np.asarray(-np.log(high - x)) if np.isfinite(high) else x


def _unscaled(y: Floats, low: float, high: float) -> Floats:
    if np.isfinite(low) and np.isfinite(high):
        return np.asarray(low + (high - low) * expit(y))
    with np.errstate(over="ignore"):
        if np.isfinite(low):
            return np.asarray(low + np.exp(y))
        return np.asarray(high - np.exp(-y)) if np.isfinite(high) else y


def _own_bounds(family: Family, bounds: tuple[float, float]) -> tuple[float, float]:
    """The bounds of a family's support, which may be wider than those of the quantity."""
    if family in {"normal", "student_t"}:
        return -np.inf, np.inf
    return (bounds[0], np.inf) if family in {"lognormal", "gamma"} else bounds


def _quantile(
    family: Family, parameters: Sequence[float], u: Floats, bounds: tuple[float, float]
) -> Floats:
    low, high = _own_bounds(family, bounds)
    if family == "gamma":
        return np.asarray(low + gammaincinv(parameters[0], u) / parameters[1])
    if family == "beta":
        return np.asarray(low + (high - low) * betaincinv(parameters[0], parameters[1], u))
    if family == "metalog":
        found = np.asarray(parameters)
        y = _metalog_basis(u, found.size) @ found
    elif family == "two_piece":
        z = ndtri(u)
        y = parameters[0] + z * np.where(z < 0, parameters[1], parameters[2])
    else:
        unit = ndtri(u) if family in _NORMALS else stdtrit(parameters[2], u)
        y = parameters[0] + parameters[1] * unit
    return _unscaled(np.asarray(y), low, high)


def _tails(
    family: Family, parameters: Sequence[float], x: Floats, bounds: tuple[float, float]
) -> tuple[Floats, Floats]:
    """P(X <= x) and P(X > x), either to its own relative accuracy."""
    low, high = _own_bounds(family, bounds)
    inside = np.clip(x, low, high)
    if family == "gamma":
        rest = parameters[1] * (inside - low)
        return gammainc(parameters[0], rest), gammaincc(parameters[0], rest)
    if family == "beta":
        share = (inside - low) / (high - low)
        return betainc(*parameters, share), betaincc(*parameters, share)
    y = _scaled(inside, low, high)
    if family == "metalog":
        odds = _metalog_log_odds(y, np.asarray(parameters))
        return np.asarray(expit(odds)), np.asarray(expit(-odds))
    if family == "two_piece":
        distance = y - parameters[0]
        z = distance / np.where(distance < 0, parameters[1], parameters[2])
        return np.asarray(ndtr(z)), np.asarray(ndtr(-z))
    z = (y - parameters[0]) / parameters[1]
    if family in _NORMALS:
        return np.asarray(ndtr(z)), np.asarray(ndtr(-z))
    return np.asarray(stdtr(parameters[2], z)), np.asarray(stdtr(parameters[2], -z))


def _linear(basis: Floats, y: Floats) -> Floats:
    """Least squares, and where they are undetermined (seven terms, symmetric p) the shortest."""
    return np.asarray(np.linalg.lstsq(basis, y, rcond=None)[0])


def _metalog_basis(u: Floats, terms: int) -> Floats:
    """Keelin's terms at probabilities ``u``, shape (..., terms).

    1, L, (u - .5) L, u - .5, (u - .5)^2, (u - .5)^2 L, ... with L = log(u / (1 - u)).
    """
    odds, middle = logit(u), u - 0.5
    first = [np.ones_like(u), odds, middle * odds, middle]
    more = [middle ** ((k - 1) // 2) * (odds if k % 2 == 0 else 1.0) for k in range(5, terms + 1)]
    return np.stack((first + more)[:terms], axis=-1)


def _metalog_slope(u: Floats, found: Floats) -> Floats:
    """The slope u (1 - u) dM / du of a metalog M, which is positive wherever its density is."""
    odds, middle, spread = logit(u), u - 0.5, u * (1 - u)
    slopes = [np.zeros_like(u), np.ones_like(u), middle + spread * odds, spread]
    for k in range(5, found.size + 1):
        power = (k - 1) // 2
        slope = spread * power * middle ** (power - 1)
        slopes.append(slope if k % 2 else slope * odds + middle**power)
    return np.asarray(np.stack(slopes[: found.size], axis=-1) @ found)


def _metalog_log_odds(y: Floats, found: Floats) -> Floats:
    """The log-odds of u at which M(u) = y, by bisection; same shape."""
    low, high = np.full(y.shape, -700.0), np.full(y.shape, 700.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = _metalog_at(middle, found) >= y
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray((low + high) / 2)


def _metalog_at(odds: Floats, found: Floats) -> Floats:
    middle = expit(odds) - 0.5
    total = np.zeros_like(odds)
    for k, a in enumerate(found, start=1):
        if k <= 4:
            total += a * (1.0, odds, middle * odds, middle)[k - 1]
        else:
            total += a * middle ** ((k - 1) // 2) * (odds if k % 2 == 0 else 1.0)
    return total


def _curved(
    family: Family,
    stated: tuple[Floats, Floats],
    bounds: tuple[float, float],
    *,
    degrees: float | None,
    measure: Measure,
) -> Floats:
    """Least squares from each start, and of the results the best."""
    from scipy.optimize import least_squares

    p, x = stated
    unpack = _unpacker(family, degrees)
    odds = logit(p)

    def residuals(theta: Floats) -> Floats:
        with np.errstate(all="ignore"):
            below, above = _tails(family, unpack(theta), x, bounds)
            apart = below - p if measure == "probability" else np.log(below / above) - odds
        return np.nan_to_num(apart, nan=1e3, posinf=1e3, neginf=-1e3)

    fits = [
        least_squares(residuals, start, xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale="jac")
        for start in _starts(family, stated, bounds, degrees)
    ]
    return np.array(unpack(min(fits, key=lambda fit: float(fit.cost)).x))


def _unpacker(family: Family, degrees: float | None) -> Callable[[Floats], tuple[float, ...]]:
    """From free numbers to parameters: what must be positive is fitted by its logarithm."""

    def unpack(theta: Floats) -> tuple[float, ...]:
        with np.errstate(over="ignore"):
            if family in {"gamma", "beta"}:
                one, two = np.exp(theta)
                return float(one), float(two)
            location, scale = float(theta[0]), float(np.exp(theta[1]))
            if family in _NORMALS:
                return location, scale
            fitted = degrees or float(np.clip(np.exp(theta[2]), 0.1, MOST_DEGREES))
            return location, scale, fitted

    return unpack


def _starts(
    family: Family,
    stated: tuple[Floats, Floats],
    bounds: tuple[float, float],
    degrees: float | None,
) -> list[Floats]:
    p, x = stated
    low, high = _own_bounds(family, bounds)
    if family in {"gamma", "beta"}:
        return _positive_starts(p, (x - low) / (high - low if family == "beta" else 1.0), family)
    unit = ndtri(p) if family in _NORMALS else stdtrit(degrees or DEGREES, p)
    location, scale = _line(unit, _scaled(x, low, high))
    start = [location, np.log(scale)]
    if family == "student_t" and degrees is None:
        return [np.array([*start, np.log(number)]) for number in (2.0, 5.0, 30.0)]
    return [np.array(start)]


def _positive_starts(p: Floats, share: Floats, family: Family) -> list[Floats]:
    """By the moments of a normal, and by those of a lognormal where the spread is wide."""
    z = ndtri(p)
    mean, deviation = _line(z, share)
    log_mean, log_deviation = _line(z, np.log(share))
    centre = float(np.exp(log_mean))
    starts = []
    for middle, wanted in ((mean, (mean / deviation) ** 2), (centre, 1 / log_deviation**2)):
        shape = max(wanted, 0.05)
        if family == "gamma":
            starts.append((shape, shape / max(middle, float(share[0]))))
        else:
            inner = min(max(middle, float(share[0])), 1 - 1e-6)
            alpha = shape * (1 - inner)
            starts.append((alpha, alpha * (1 - inner) / inner))
    return [np.log(np.array(start)) for start in starts]


def _line(unit: Floats, y: Floats) -> tuple[float, float]:
    """Intercept and slope, which is positive since both rise."""
    slope, intercept = np.polyfit(unit, y, 1)
    return float(intercept), float(slope)
