"""Uniform draws from sets of weights.

A simplex, and so any set that is one (`shape.vertices`), is drawn from exactly; another set by
rejection where that is cheap, and else by hit-and-run. Products are summed by einsum, always in one
order: those of BLAS differ in the last bit by where the arrays lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.assessment.weights.polytope import WeightSet
from detente.assessment.weights.shape import Body, body, vertices
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
How = Literal["simplex", "rejection", "hit-and-run"]

_PILOT = 2000
_LEAST_ACCEPTED = 0.02
_BATCH = 1 << 14
_CHAINS = 1 << 10
_RENEWED = 64  # steps after which slacks are computed anew
_NEAR = 1e-15


def simplex(n: int, size: int, rng: np.random.Generator) -> Floats:
    """Draw ``size`` weight vectors (size, n) uniformly from the simplex w >= 0, sum w = 1.

    Normalised exponentials: Devroye (1986), "Non-Uniform Random Variate Generation", ch. V.2.
    Normalised uniforms would shun the corners.
    """
    draws = rng.standard_exponential((size, n))
    weights: Floats = draws / draws.sum(axis=1, keepdims=True)
    return weights


def ordered(n: int, size: int, rng: np.random.Generator) -> Floats:
    """Draw ``size`` weight vectors (size, n) uniformly from w_1 >= w_2 >= ... >= w_n >= 0.

    A uniform point of the simplex, sorted: each order of it has the same volume.
    """
    weights: Floats = np.sort(simplex(n, size, rng), axis=1)[:, ::-1]
    return weights


@dataclass(frozen=True, eq=False)
class Sampler:
    """How to draw from a set: by the ``corners`` (n, k) of a simplex, or within a body."""

    weights: WeightSet
    how: How
    body: Body | None
    corners: Floats | None

    def draw(self, size: int, rng: np.random.Generator) -> Floats:
        """``size`` vectors of weights, shape (size, n).

        Those of hit-and-run come from 1,024 chains side by side, each of which starts in
        the centre and is burnt in.
        """
        if self.corners is not None:
            shares = simplex(self.corners.shape[1], size, rng)
            found: Floats = np.einsum("sk,nk->sn", shares, self.corners)
            return found
        if self.how == "rejection":
            return rejected(self.weights, size, rng)
        assert self.body is not None
        return hit_and_run(self.body, size, rng)


def sampler(weights: WeightSet) -> Sampler:
    """The way to draw from a set.

    Rejection is taken where at least a fiftieth of a pilot of 2,000 uniform weights lie in the set;
    the pilot's seed is fixed, so that a set is always drawn from in one way.
    """
    if not len(weights.above) and not len(weights.equal):  # nothing was said: all weights
        return Sampler(weights, "simplex", None, np.eye(len(weights.criteria)))
    shape = body(weights)
    corners = vertices(shape)
    if corners is not None:
        return Sampler(weights, "simplex", shape, corners)
    if shape.basis.shape[1] == len(weights.criteria) - 1:
        pilot = simplex(len(weights.criteria), _PILOT, np.random.default_rng(_PILOT))
        if weights.holds(pilot).mean() >= _LEAST_ACCEPTED:
            return Sampler(weights, "rejection", shape, None)
    return Sampler(weights, "hit-and-run", shape, None)


def rejected(weights: WeightSet, size: int, rng: np.random.Generator) -> Floats:
    """Uniform draws (size, n) from a set: those of the whole simplex that lie in it.

    Raises
    ------
    UsageError
        Where not one of a million draws lies in the set.

    """
    found: list[Floats] = []
    have = tried = 0
    while have < size:
        drawn = simplex(len(weights.criteria), _BATCH, rng)
        found.append(drawn[weights.holds(drawn)])
        have, tried = have + len(found[-1]), tried + _BATCH
        if not have and tried > 1_000_000:
            raise UsageError("The set of weights is too small for rejection: take hit-and-run.")
    return np.concatenate(found)[:size]


def hit_and_run(
    shape: Body,
    size: int,
    rng: np.random.Generator,
    *,
    chains: int = _CHAINS,
    burn_in: int | None = None,
    thinning: int | None = None,
) -> Floats:
    """Draws (size, n) from a body by hit-and-run, uniform in the limit.

    Each of ``chains`` chains starts in the Chebyshev centre; a step goes to a uniform point of the
    chord through the chain's point in a uniform direction. ``burn_in`` steps are thrown away, and
    one in ``thinning`` steps counts. Unless given, the latter is the greatest of 16, 4 d^2 and
    d^3 log(d + 1) / 4, at which neighbours of a chain are hardly correlated, and the former twice
    that. Long and thin sets take more. No more chains run than there are draws to make.

    Tervonen, van Valkenhoef, Basturk & Postmus (2013), "Hit-and-run enables efficient weight
    generation for simulation-based multiple criteria decision analysis", EJOR 224(3):552-559.
    """
    n, d = shape.basis.shape
    if d == 0:
        return np.tile(shape.centre, (size, 1))
    thin = thinning or max(16, 4 * d**2, math.ceil(d**3 * math.log(d + 1) / 4))
    chains = max(1, min(chains, size))
    walk = _walk(shape, np.zeros((d, chains)), rng)
    for _ in range(2 * thin if burn_in is None else burn_in):
        next(walk)
    found = [next(walk).copy()]
    while len(found) * chains < size:
        for _ in range(thin - 1):
            next(walk)
        found.append(next(walk).copy())
    x = np.concatenate(found, axis=1)[:, :size]
    moved = np.einsum("nd,ds->sn", shape.basis, x)
    weights: Floats = np.maximum(shape.centre + moved, 0.0)
    return weights.reshape(size, n)


def _walk(shape: Body, points: Floats, rng: np.random.Generator) -> Iterator[Floats]:
    """The points (d, chains) of all chains, moved in place, after one step after the other.

    With slack s and its change a along a direction, s + t a >= 0 holds for all facets where
    -1 / max(a / s) <= t <= -1 / min(a / s).
    """
    while True:
        slack = np.einsum("kd,dc->kc", shape.rows, points) - shape.least[:, None]
        for _ in range(_RENEWED):
            np.maximum(slack, _NEAR, out=slack)  # rounding may put a point beyond its facet
            direction = rng.standard_normal(points.shape)
            along = np.einsum("kd,dc->kc", shape.rows, direction)
            pull = along / slack
            low, high = -1 / pull.max(axis=0), -1 / pull.min(axis=0)
            moved = low + rng.random(points.shape[1]) * (high - low)
            points += moved * direction
            slack += moved * along
            yield points
