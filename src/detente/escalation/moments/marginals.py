"""Uncertain numbers as quadrature: points and weights that give their moments.

A two-piece normal is smooth on either side of its median, on the scale of the standard normal z.
Each side is cut into panels of equal length, and each panel has the points of a Gauss-Legendre
rule. A side ends where the integrand of the highest moment asked for has fallen by 1e-16: at
z = `REACH` for a plain number, and further out for powers of a wide lognormal, whose mass stands
at z = power x spread. For spreads up to 3 on the log or logit scale the relative error of a moment
is below 1e-12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detente.ground.chance import Floats, TwoPiece, from_scale, to_scale

PANELS = 4  # on either side of the median
NODES = 24  # of the Gauss-Legendre rule on a panel
REACH = 8.5  # 1 - Phi(8.5) is 1e-17


@dataclass(frozen=True)
class Marginals:
    """Quadrature of n independent numbers, each array of shape (n, panels x nodes).

    ``values`` are points x of the numbers, in ascending order, ``rest`` is 1 - x, ``weights`` are
    their probabilities, so that E g(x) is the sum of ``weights`` x g(``values``). ``nodes`` is
    the number of points on a panel.
    """

    values: Floats
    rest: Floats
    weights: Floats
    nodes: int = NODES

    def first(self, count: int) -> Marginals:
        """The quadrature of the first numbers alone."""
        parts = (self.values[:count], self.rest[:count], self.weights[:count])
        return Marginals(*parts, self.nodes)


@cache
def legendre(nodes: int) -> tuple[Floats, Floats]:
    """Points and weights of the Gauss-Legendre rule on [-1, 1]."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    points.flags.writeable = weights.flags.writeable = False
    return points, weights


@cache
def _side(panels: int, nodes: int) -> tuple[Floats, Floats]:
    """Points and weights on [0, 1], cut into panels."""
    points, weights = legendre(nodes)
    starts = np.arange(panels)[:, None]
    return ((starts + (points + 1) / 2) / panels).ravel(), np.tile(weights / 2 / panels, panels)


def of_spreads(
    spreads: Sequence[TwoPiece], *, power: int = 2, panels: int = PANELS, nodes: int = NODES
) -> Marginals:
    """The quadrature of two-piece normals; a point is a point here as well.

    Parameters
    ----------
    spreads
        The n distributions.
    power
        The highest moment that the quadrature is for.
    panels, nodes
        Panels on either side of the median, and points on each.

    """
    scales = np.array([one.scale for one in spreads])
    scaled = np.array([one.mid for one in spreads])
    for scale in set(scales.tolist()):
        scaled[scales == scale] = to_scale(scaled[scales == scale], scale)
    below = np.array([one.below for one in spreads])
    above = np.array([one.above for one in spreads])
    places, steps = _side(panels, nodes)
    z, weights = [], []
    for spread, beyond in ((below, scaled), (above, -scaled)):
        reach = REACH + _beyond(scales, spread, beyond, power)
        side = reach[:, None] * places
        z.append(side)
        weights.append(np.exp(-(side**2) / 2) * (reach[:, None] * steps / np.sqrt(2 * np.pi)))
    on_scale = scaled[:, None] + np.hstack([-below[:, None] * z[0][:, ::-1], above[:, None] * z[1]])
    values, rest = _from_scales(on_scale, scales)
    fixed = (below == 0) & (above == 0)
    if fixed.any():
        values[fixed] = np.array([one.mid for one in spreads])[fixed, None]
        rest[fixed] = 1 - values[fixed]
    return Marginals(values, rest, np.hstack([weights[0][:, ::-1], weights[1]]), nodes)


def _beyond(scales: NDArray[np.str_], spread: Floats, way: Floats, power: int) -> Floats:
    """How far beyond `REACH` the mass of x^power stands, or of (1 - x)^power on the other side.

    exp(a s z) times the normal density is greatest at z = a s; the logistic function stops
    growing where it meets 1/2, at z = (distance of the median from 1/2) / s.
    """
    furthest = power * spread
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        turns = np.where(spread > 0, np.maximum(way, 0) / spread, 0.0)
    on_logit = np.minimum(furthest, turns)
    return np.where(scales == "logit", on_logit, np.where(scales == "log", furthest, 0.0))


def _from_scales(on_scale: Floats, scales: NDArray[np.str_]) -> tuple[Floats, Floats]:
    """Values and what they leave to 1; both accurate for probabilities near 0 and near 1."""
    values = np.empty_like(on_scale)
    rest = np.empty_like(on_scale)
    for scale in ("log", "logit", "linear"):
        rows = scales == scale
        if not rows.any():
            continue
        if scale == "logit":
            values[rows], rest[rows] = _logistic(on_scale[rows])
        else:
            values[rows] = from_scale(on_scale[rows], scale)
            rest[rows] = 1 - values[rows]
    return values, rest


def _logistic(y: Floats) -> tuple[Floats, Floats]:
    """1 / (1 + exp(-y)) and 1 / (1 + exp(y)), with one exponential for both."""
    small = np.exp(-np.abs(y))
    larger = 1 / (1 + small)
    smaller = small * larger
    up = y >= 0
    return np.where(up, larger, smaller), np.where(up, smaller, larger)


def of_quantile(
    quantile: Callable[[Floats], Floats],
    breaks: Sequence[float] = (0.0, 0.5, 1.0),
    *,
    nodes: int = NODES,
) -> Marginals:
    """The quadrature of one number from its quantile function, a panel between any two breaks.

    Parameters
    ----------
    quantile
        The quantile function, bounded and smooth between the breaks.
    breaks
        Probabilities in ascending order, the first 0 and the last 1.
    nodes
        Points on each panel.

    """
    points, weights = legendre(nodes)
    edges = np.asarray(breaks, dtype=np.float64)
    halves = np.diff(edges)[:, None] / 2
    values = np.asarray(quantile((edges[:-1, None] + halves * (points + 1)).ravel()))
    return Marginals(values[None], 1 - values[None], (halves * weights).reshape(1, -1), nodes)


def moments(marginals: Marginals, happens: int, otherwise: int = 0) -> Floats:
    """The moments E[x^happens (1 - x)^otherwise] of each number, shape (n,)."""
    integrand = marginals.values**happens * marginals.rest**otherwise
    return mean(integrand, marginals.weights)


def mean(integrand: Floats, weights: Floats) -> Floats:
    """The mean over the last axis; that of a constant is the constant, to the last bit."""
    first = integrand[..., :1]
    found: Floats = first[..., 0] + ((integrand - first) * weights).sum(axis=-1)
    return found
