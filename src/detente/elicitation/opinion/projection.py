"""The plane on which opinions differ most, and everybody's place on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.elicitation.opinion.votes import Floats, Kept


@dataclass(frozen=True)
class Projection:
    """``means`` (statements,), ``components`` (2, statements) and ``points`` (people, 2)."""

    means: Floats
    components: Floats
    points: Floats


def project(votes: Kept) -> Projection:
    """The first two principal components of the votes, and the people's places on them.

    A missing vote takes the statement's mean; so the deviation x from the mean is 0 there, and
    the components are the leading eigenvectors of the sum of x x'. A person who voted on few
    statements would stand near the middle for that alone, so that each place is pushed out:
    p = sqrt(m / seen) W x, with m statements of which the person has ``seen`` so many.

    A component's sign is such that its entries sum up to more than 0; at 0, that its largest
    entry is positive.

    References
    ----------
    Small et al. (2021), Recerca 26(2), section 4.

    """
    people = votes.shape[0]
    means = votes.means()
    components = _leading(covariance(votes, means))
    points = np.empty((people, 2))
    for rows, block in votes.blocks(means):
        points[rows] = block @ components.T
    return Projection(means, components, points * stretch(votes)[:, None])


def covariance(votes: Kept, means: Floats) -> Floats:
    """The sum of x x' over people, shape (statements, statements)."""
    total = np.zeros((votes.shape[1], votes.shape[1]))
    for _, block in votes.blocks(means):
        total += block.T @ block
    return total


def stretch(votes: Kept) -> Floats:
    """How far each person is pushed out for votes not cast: sqrt(m / seen)."""
    return np.asarray(np.sqrt(votes.shape[1] / np.maximum(votes.seen, 1)))


def _leading(gram: Floats) -> Floats:
    vectors = np.linalg.eigh(gram)[1][:, ::-1][:, :2].T
    components = np.zeros((2, gram.shape[0]))
    components[: len(vectors)] = vectors
    total = components.sum(axis=1)
    largest = components[np.arange(2), np.abs(components).argmax(axis=1)]
    side = np.where(np.abs(total) > 1e-9, total, largest)
    return components * np.where(side < 0, -1.0, 1.0)[:, None]
