"""A sum of products of functions of one number each: means, and what is left when one is known.

f(x) = sum over terms t of c_t x (product over i of g_ti(x_i)), with independent x_i. The mean and
all second moments of f are sums of products of the means E g_ti and E g_ti g_si of single numbers.
A frequency is such a sum, with one term for each path; so is any polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.escalation.moments.marginals import mean
from detente.ground.chance import Floats

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SumOfProducts:
    """A sum of products at the quadrature points of its numbers.

    ``coefficients`` has shape (terms,). ``which`` of shape (numbers, terms) is the row in
    ``functions`` of the function of number i in term t. ``functions`` has shape
    (numbers, rows, points); ``weights`` has shape (numbers, points).
    """

    coefficients: Floats
    which: Integers
    functions: Floats
    weights: Floats

    @cached_property
    def means(self) -> Floats:
        """E g of each function of each number, shape (numbers, rows)."""
        return mean(self.functions, self.weights[:, None])

    @cached_property
    def centred(self) -> Floats:
        """Each function less its mean, shape (numbers, rows, points)."""
        centred: Floats = self.functions - self.means[:, :, None]
        return centred

    @cached_property
    def covariances(self) -> Floats:
        """Between the functions of each number, shape (numbers, rows, rows)."""
        weighted = self.centred * self.weights[:, None]
        found: Floats = weighted @ self.centred.transpose(0, 2, 1)
        return found

    @cached_property
    def factors(self) -> Floats:
        """The mean of the function of each number in each term, shape (numbers, terms)."""
        return factor_means(self.which, self.means)

    @cached_property
    def slopes(self) -> Floats:
        """What multiplies each function of a number in E[f | number], shape (numbers, rows).

        The sum over the terms with that function of c_t times the means of all other factors.
        """
        return slopes(self.coefficients, self.which, self.means)


def factor_means(which: Integers, means: Floats) -> Floats:
    """The mean of the function of each number in each term, shape (..., numbers, terms)."""
    rows = np.broadcast_to(which, (*means.shape[:-2], *which.shape))
    return np.take_along_axis(means, rows, axis=-1)


def slopes(coefficients: Floats, which: Integers, means: Floats) -> Floats:
    """What multiplies each function of a number in E[f | number], from the means of all.

    Parameters
    ----------
    coefficients, which
        As in `SumOfProducts`.
    means
        E g of each function, shape (..., numbers, rows), one for each version of the function.

    Returns
    -------
    Floats
        Shape of ``means``.

    """
    rows = means.shape[-1]
    factors = factor_means(which, means)
    others = np.moveaxis(products_of_others(np.moveaxis(factors, -2, 0)), 0, -2) * coefficients
    flat = others.reshape(-1, others.shape[-1])
    start = rows * np.arange(len(flat))[:, None]
    places = np.tile(which, (len(flat) // len(which), 1)) + start
    found = np.bincount(places.ravel(), flat.ravel(), rows * len(flat))
    return np.asarray(found.reshape(means.shape), dtype=np.float64)


def expectation(function: SumOfProducts) -> float:
    """E f, the sum over terms of c_t times the product of E g_ti."""
    return float(function.coefficients @ function.factors.prod(axis=0))


def given_one(function: SumOfProducts) -> Floats:
    """E[f | x_i] at the points of each number, shape (numbers, points)."""
    curves = function.slopes[:, None] @ function.functions
    found: Floats = curves[:, 0]
    return found


def products_before(factors: Floats) -> Floats:
    """The product of all factors before each one along the first axis; same shape."""
    found = np.empty_like(factors)
    found[:1] = 1.0
    np.cumprod(factors[:-1], axis=0, out=found[1:])
    return found


def products_after(factors: Floats) -> Floats:
    """The product of all factors after each one along the first axis; same shape."""
    return products_before(factors[::-1])[::-1]


def products_of_others(factors: Floats) -> Floats:
    """The product of all factors but each one along the first axis, without a division."""
    found: Floats = products_before(factors) * products_after(factors)
    return found
