"""Tables of people by risks, taken apart into a level, people, risks and what is left.

A stack of tables has shape (K, n, R): K tables, up to n people, R risks. A table with fewer people
is filled up with rows that are not ``present``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SWEEPS = 50  # of alternating least squares; a few do where few answers are missing


@dataclass(frozen=True)
class Layout:
    """The orthogonal parts of a stack of complete two-way tables.

    ``people`` (K, 1) counts the rows; ``level`` (K, 1) is the grand mean; ``risks`` (K, R) the
    means of the columns less the level; ``between`` (K, 1) the sum of squares between people,
    R sum_i (mean_i - level)^2; ``rest`` (K, n, R) what neither person nor risk explains.
    """

    people: Floats
    level: Floats
    risks: Floats
    between: Floats
    rest: Floats


def layout(tables: Floats, present: Bools) -> Layout:
    """Take ``tables`` (K, n, R) without gaps apart; ``present`` (K, n) tells which rows are people.

    References
    ----------
    Scheffe (1959), "The Analysis of Variance", chapter 4: two-way layout, one answer a cell.

    """
    shown = present[:, :, None]
    answers = np.where(shown, tables, 0.0)
    people = shown.sum(axis=1).astype(np.float64)
    column = answers.sum(axis=1) / people
    row = answers.mean(axis=2, keepdims=True)
    level = column.mean(axis=1, keepdims=True)
    risks = column - level
    between = answers.shape[2] * (np.where(shown, row - level[:, None], 0.0) ** 2).sum(axis=1)
    rest = np.where(shown, answers - row - risks[:, None], 0.0)
    return Layout(people, level, risks, between, rest)


def product(a: Floats, b: Floats) -> Floats:
    """The sums of the products of ``a`` and ``b`` (K, ...), one for each of the K: (K, 1)."""
    return np.asarray(np.einsum("ki,ki->k", a.reshape(len(a), -1), b.reshape(len(b), -1))[:, None])


def filled(table: Floats) -> Floats:
    """One table (n, R) with its gaps (nan) filled by the least-squares sum of person and risk.

    A person without any answer is an average person. Every risk needs an answer.
    """
    known = np.isfinite(table)
    if known.all():
        return table
    answers = np.where(known, table, 0.0)
    person, risk = np.zeros(len(table)), np.zeros(table.shape[1])
    asked = np.maximum(known.sum(axis=1), 1)
    for _ in range(_SWEEPS):
        risk = np.where(known, answers - person[:, None], 0.0).sum(axis=0) / known.sum(axis=0)
        person = np.where(known, answers - risk, 0.0).sum(axis=1) / asked
        person -= person.mean()
    return np.where(known, table, person[:, None] + risk)
