"""Mean, variance and Sobol indices of a sum of products, exact up to quadrature.

First-order index: S_i = Var E[f | x_i] / Var f, the share of the variance that goes when x_i is
learnt. Total index: T_i = E Var[f | all but x_i] / Var f, the share that is left when all else is
learnt. With m_ti = E g_ti, C_i,ts = Cov(g_ti, g_si) and G_i,ts = E g_ti g_si = C_i,ts + m_ti m_si:

    Var E[f | x_i]           = sum over t, s of c_t c_s C_i,ts  prod over j != i of m_tj m_sj
    E Var[f | all but x_i]   = sum over t, s of c_t c_s C_i,ts  prod over j != i of G_j,ts
    Var f                    = sum over i of the same with m_tj m_sj before i and G_j,ts after i

The last, a telescoping sum, needs no difference of E f^2 and (E f)^2.

References
----------
Sobol (1993), "Sensitivity estimates for nonlinear mathematical models", Mathematical Modelling
and Computational Experiments 1(4); Homma and Saltelli (1996), "Importance measures in global
sensitivity analysis of nonlinear models", Reliability Engineering and System Safety 52(1).

"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.escalation.moments.products import (
    SumOfProducts,
    expectation,
    products_after,
    products_before,
)
from detente.ground.chance import Floats

_PAIRS_AT_ONCE = 2**20


@dataclass(frozen=True)
class SobolIndices:
    """Moments of a function of n numbers; ``first`` and ``total`` have shape (n,).

    Both are 0 where the function does not vary.
    """

    mean: float
    variance: float
    first: Floats
    total: Floats


@dataclass(frozen=True)
class VarianceParts:
    """The variance of f, and of each number Var E[f | x_i] and E Var[f | all but x_i]."""

    mean: float
    variance: float
    alone: Floats
    left: Floats


def variance_parts(function: SumOfProducts) -> VarianceParts:
    """The parts of the variance of a sum of products, in the units of f squared."""
    slopes = function.slopes
    alone = np.einsum("ij,ijk,ik->i", slopes, function.covariances, slopes)
    variance, left = 0.0, np.zeros(len(slopes))
    terms = len(function.coefficients)
    step = max(1, _PAIRS_AT_ONCE // max(1, terms * len(slopes)))
    for start in range(0, terms, step):
        more, lefts = _pairs(function, slice(start, start + step))
        variance, left = variance + more, left + lefts
    return VarianceParts(expectation(function), variance, np.maximum(alone, 0), left)


def _pairs(function: SumOfProducts, rows: slice) -> tuple[float, Floats]:
    """What the pairs of some terms with all terms add to the variance, and to what is left."""
    which, factors, c = function.which, function.factors, function.coefficients
    number = np.arange(len(which))[:, None, None]
    covariance = function.covariances[number, which[:, rows, None], which[:, None]]
    means = factors[:, rows, None] * factors[:, None]
    after = products_after(means + covariance)
    weighted = covariance * after * (c[rows, None] * c)
    variance = float((products_before(means) * weighted).sum())
    left: Floats = (products_before(means + covariance) * weighted).sum(axis=(1, 2))
    return variance, left


def shares(parts: VarianceParts) -> SobolIndices:
    """The indices from the parts of the variance."""
    if parts.variance <= 0:
        nothing = np.zeros_like(parts.alone)
        return SobolIndices(parts.mean, 0.0, nothing, nothing)
    first, total = parts.alone / parts.variance, parts.left / parts.variance
    return SobolIndices(parts.mean, parts.variance, first, total)


def sobol_indices(function: SumOfProducts) -> SobolIndices:
    """The first-order and total Sobol indices of a sum of products of independent numbers."""
    return shares(variance_parts(function))
