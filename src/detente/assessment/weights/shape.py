"""The shape of a set of weights: its affine subspace, its centre, and whether it is a simplex.

What LAPACK and BLAS give differs in the last bit by where arrays lie, and draws would differ with
it; the small systems here are solved in one order instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.assessment.weights.linear import Programme
from detente.assessment.weights.polytope import WeightSet
from detente.ground.errors import UsageError

Floats = NDArray[np.float64]

_FLAT = 1e-9  # a set thinner than this is flat in that direction


@dataclass(frozen=True, eq=False)
class Body:
    """A set of weights as a full body in d dimensions: w = ``centre`` + ``basis`` x.

    ``basis`` (n, d) is orthonormal; x fulfils ``rows`` x >= ``least``, and x = 0 is the Chebyshev
    centre, which lies at ``radius`` or more from every facet. All rows have length 1.
    """

    centre: Floats
    basis: Floats
    rows: Floats
    least: Floats
    radius: float


def body(weights: WeightSet) -> Body:
    """The set of weights within its own affine subspace.

    Rows that hold with equality all over the set count as equalities, so that the body has a
    volume; for a single vector of weights d is 0.
    """
    n = len(weights.criteria)
    equal = np.vstack([np.ones((1, n)), weights.equal])
    above = np.vstack([np.eye(n), weights.above])
    least = np.concatenate([np.zeros(n), weights.least])
    highest = np.array([-weights.lowest(-row) for row in above])
    tight = highest - least <= _FLAT
    basis = _complement(np.vstack([equal, above[tight]]))
    if basis.shape[1] == 0:
        return Body(_one_of(weights), basis, np.empty((0, 0)), np.empty(0), 0.0)
    rows, least = np.einsum("kn,nd->kd", above[~tight], basis), least[~tight]
    centre = _one_of(weights)
    lengths = np.linalg.norm(rows, axis=1)
    moves = lengths > _FLAT
    rows = rows[moves] / lengths[moves, None]
    reached = np.einsum("kn,n->k", above[~tight][moves], centre)
    least = (least[moves] - reached) / lengths[moves]
    middle, radius = _chebyshev(rows, least)
    moved = np.einsum("nd,d->n", basis, middle)
    return Body(centre + moved, basis, rows, least - np.einsum("kd,d->k", rows, middle), radius)


def vertices(shape: Body) -> Floats | None:
    """The corners (n, d + 1) of a body that is a simplex; None for another body.

    A bounded body in d dimensions is a simplex where it has d + 1 facets. So are all weights, a
    full order of them, and lower bounds alone.
    """
    d = shape.basis.shape[1]
    if d == 0:
        return shape.centre[:, None]
    facets = _facets(shape)
    if len(facets) != d + 1:
        return None
    rows, least = shape.rows[facets], shape.least[facets]
    corners = [_solve(np.delete(rows, k, axis=0), np.delete(least, k)) for k in range(d + 1)]
    moved = np.einsum("nd,kd->nk", shape.basis, np.array(corners))
    found = np.maximum(shape.centre[:, None] + moved, 0.0)
    found[found < 1e-14] = 0.0
    sums: Floats = found.sum(axis=0)
    corner: Floats = found / sums
    return corner


def _one_of(weights: WeightSet) -> Floats:
    found = weights.programme.least(np.zeros(len(weights.criteria)))
    assert found is not None  # the set is not empty
    inside = np.maximum(found[1], 0.0)
    one: Floats = inside / inside.sum()
    return one


def _chebyshev(rows: Floats, least: Floats) -> tuple[Floats, float]:
    """The centre and radius of the greatest ball: rows x - r >= least, r as great as can be."""
    d = rows.shape[1]
    with_radius = np.hstack([rows, -np.ones((len(rows), 1))])
    free = np.concatenate([np.full(d, -np.inf), [0.0]])
    programme = Programme(with_radius, least, np.full(len(least), np.inf), free)
    found = programme.least(np.concatenate([np.zeros(d), [-1.0]]))
    if found is None or found[1][-1] <= 0:
        raise UsageError("The weights that fit are too narrow a set to draw from: state them.")
    return found[1][:-1], float(found[1][-1])


def _facets(shape: Body) -> list[int]:
    """The rows without which the body would be larger, one of each that stand alike."""
    kept = list(range(len(shape.rows)))
    for row in range(len(shape.rows)):
        others = [other for other in kept if other != row]
        d = shape.rows.shape[1]
        # Half a unit beyond the row the body ends anyhow, so that the programme is bounded.
        rows = np.vstack([shape.rows[others], shape.rows[row]])
        low = np.concatenate([shape.least[others], [shape.least[row] - 0.5]])
        programme = Programme(rows, low, np.full(len(low), np.inf), np.full(d, -np.inf))
        found = programme.least(shape.rows[row])
        if found is not None and found[0] >= shape.least[row] - _FLAT:
            kept = others
    return kept


def _complement(rows: Floats) -> Floats:
    """An orthonormal basis (n, d) of the directions along which no row (k, n) changes.

    By Gram-Schmidt, each projection twice: Giraud, Langou & Rozloznik (2005), "The loss of
    orthogonality in the Gram-Schmidt process", Computers & Mathematics with Applications 50(7).
    """
    n = rows.shape[1]
    found: list[Floats] = []
    for row in rows:
        rest = _less(row, found)
        length = np.sqrt(np.sum(rest**2))
        if length > _FLAT * np.sqrt(np.sum(row**2)):
            found.append(rest / length)
    along = len(found)
    while len(found) < n:
        rests = np.array([_less(unit, found) for unit in np.eye(n)])
        lengths = np.sqrt(np.sum(rests**2, axis=1))
        longest = int(np.argmax(np.round(lengths, 9)))
        found.append(rests[longest] / lengths[longest])
    return np.array(found[along:]).reshape(-1, n).T


def _less(row: Floats, others: list[Floats]) -> Floats:
    """What is left of a row without its parts along orthonormal others."""
    for other in (*others, *others):
        row = row - np.sum(row * other) * other
    return row


def _solve(matrix: Floats, right: Floats) -> Floats:
    """The solution of a small square system, by elimination with pivots."""
    table = np.hstack([matrix, right[:, None]])
    for k in range(len(table)):
        pivot = k + int(np.argmax(abs(table[k:, k])))
        table[[k, pivot]] = table[[pivot, k]]
        table[k] /= table[k, k]
        for row in range(len(table)):
            if row != k:
                table[row] -= table[row, k] * table[k]
    return table[:, -1]
