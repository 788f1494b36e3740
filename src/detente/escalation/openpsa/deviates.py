"""Random numbers as quantile functions of a unit uniform, and their means.

Each takes the unit uniform first and then its own inputs, all of shapes that broadcast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtri

from detente.ground.chance import Floats

_MANY = 1_000_000


@dataclass(frozen=True)
class Deviate:
    """A distribution: the counts of inputs that it may have, its mean, its quantiles.

    ``valid`` tells of inputs, one number each, what is wrong with them, or nothing.
    """

    counts: range | tuple[int, ...]
    mean: Callable[..., Floats]
    quantile: Callable[..., Floats]
    valid: Callable[..., str]


def _lognormal(*inputs: Floats) -> tuple[Floats, Floats]:
    """Location and scale on the log scale: from themselves, or from mean, error factor, level.

    sigma = ln EF / z(level) and mu = ln mean - sigma^2 / 2: the error factor leads from the median
    to the quantile of the level.
    """
    if len(inputs) == 2:
        return inputs[0], inputs[1]
    mean, factor, level = inputs
    sigma = np.log(factor) / ndtri(level)
    return np.log(mean) - sigma**2 / 2, sigma


def _lognormal_mean(*inputs: Floats) -> Floats:
    mu, sigma = _lognormal(*inputs)
    return np.asarray(np.exp(mu + sigma**2 / 2))


def _lognormal_quantile(unit: Floats, *inputs: Floats) -> Floats:
    mu, sigma = _lognormal(*inputs)
    return np.asarray(np.exp(mu + sigma * ndtri(unit)))


def _lognormal_valid(*inputs: float) -> str:
    if len(inputs) == 2:
        return "" if inputs[1] > 0 else "its standard deviation is not above 0"
    mean, factor, level = inputs
    if mean <= 0:
        return "its mean is not above 0"
    if factor <= 1:
        return "its error factor is not above 1"
    return "" if 0.5 < level < 1 else "its level is not between 0.5 and 1"


def _bins(inputs: tuple[Floats, ...]) -> tuple[list[Floats], list[Floats]]:
    """Bounds and weights of a histogram, from its lower bound and pairs of upper bound, weight."""
    return [inputs[0], *inputs[1::2]], list(inputs[2::2])


def _histogram_mean(*inputs: Floats) -> Floats:
    bounds, weights = _bins(inputs)
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    products = [weight * middle for weight, middle in zip(weights, middles, strict=True)]
    return np.asarray(sum(products) / sum(weights))


def _histogram_quantile(unit: Floats, *inputs: Floats) -> Floats:
    """Uniform inside of each bin; a bin has its weight's share of the probability."""
    bounds, weights = _bins(inputs)
    ahead = unit * sum(weights)
    found = np.asarray(bounds[0] + 0 * ahead)
    for low, high, weight in zip(bounds[:-1], bounds[1:], weights, strict=True):
        share = np.clip(ahead / np.where(weight > 0, weight, 1), 0, 1)
        found = np.where((ahead > 0) & (weight > 0), low + share * (high - low), found)
        ahead = ahead - weight
    return found


def _histogram_valid(*inputs: float) -> str:
    bounds, weights = [inputs[0], *inputs[1::2]], inputs[2::2]
    if any(low >= high for low, high in pairwise(bounds)):
        return "its bounds do not rise from bin to bin"
    if min(weights) < 0 or sum(weights) <= 0:
        return "its weights are negative, or all 0"
    return ""


def _positive(*names: str) -> Callable[..., str]:
    def valid(*inputs: float) -> str:
        wrong = [name for name, value in zip(names, inputs, strict=True) if value <= 0]
        return f"its {' and its '.join(wrong)} is not above 0" if wrong else ""

    return valid


UNIFORM = Deviate(
    (2,),
    lambda low, high: (low + high) / 2,
    lambda unit, low, high: low + unit * (high - low),
    lambda low, high: "" if low < high else "its lower bound is not below its upper bound",
)
NORMAL = Deviate(
    (2,),
    lambda mean, spread: mean + 0 * spread,
    lambda unit, mean, spread: mean + spread * ndtri(unit),
    lambda _, spread: "" if spread > 0 else "its standard deviation is not above 0",
)
LOGNORMAL = Deviate((2, 3), _lognormal_mean, _lognormal_quantile, _lognormal_valid)
GAMMA = Deviate(
    (2,),
    lambda shape, scale: shape * scale,
    lambda unit, shape, scale: scale * gammaincinv(shape, unit),
    _positive("shape", "scale"),
)
BETA = Deviate(
    (2,),
    lambda first, second: first / (first + second),
    lambda unit, first, second: betaincinv(first, second, unit),
    _positive("first shape", "second shape"),
)
HISTOGRAM = Deviate(range(3, _MANY, 2), _histogram_mean, _histogram_quantile, _histogram_valid)
