"""Whether other people of the same kind would have fallen into the same groups.

Theory of operation. A bootstrap draws as many people as there are, with replacement, and does
everything again: means, components, places, base clusters, k. Its groups are compared with those
of the full sample on the people drawn, each counted once, by the adjusted Rand index: 1 for the
same partition, 0 for chance. A draw is a weight a person, so many draws are stacked: subspace
iteration from the full sample's components finds all their planes by two products of matrices a
step, and `cluster` works on stacks anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.elicitation.opinion.clusters import cluster
from detente.elicitation.opinion.projection import covariance, stretch
from detente.elicitation.opinion.votes import Flags, Floats, Ints, Kept
from detente.ground.errors import UsageError

STABLE = 0.6
_SUBSPACE = 8
_STEPS = 6
_CELLS = 8_000_000  # distances to base clusters over all draws of a stack


@dataclass(frozen=True)
class Stability:
    """The adjusted Rand index and the number of groups of each draw, both (draws,)."""

    agreement: Floats
    k: Ints

    @property
    def median(self) -> float:
        """The median agreement."""
        return float(np.median(self.agreement))

    @property
    def p10(self) -> float:
        """The agreement that nine of ten draws exceed."""
        return float(np.quantile(self.agreement, 0.1))

    @property
    def k_counts(self) -> tuple[tuple[int, int], ...]:
        """Each number of groups that was chosen, with how many draws chose it."""
        number, times = np.unique(self.k, return_counts=True)
        return tuple(zip(map(int, number), map(int, times), strict=True))

    @property
    def stable(self) -> bool:
        """Whether the median agreement is at least .6."""
        return self.median >= STABLE


def bootstrap(
    votes: Kept,
    labels: Ints,
    *,
    placed: Flags,
    draws: int,
    rng: np.random.Generator,
    k: int | None = None,
) -> Stability:
    """Draw people with replacement, group them anew, and compare with ``labels``.

    Parameters
    ----------
    votes
        Of n people on m statements.
    labels
        Their groups in the full sample, shape (n,); -1 for none.
    placed
        Who has votes enough for a group, shape (n,).
    draws
        How many draws.
    rng
        Chance.
    k
        The number of groups; None where it is chosen anew in each draw.

    References
    ----------
    Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics &
    Data Analysis 52(1); Efron (1979).

    """
    if draws < 1:
        raise UsageError(f"{draws} draws: stability needs at least one.")
    n = votes.shape[0]
    table, basis = _dense(votes), _basis(votes)
    size = max(1, _CELLS // (n * 100))
    agreement, chosen = [], []
    for first in range(0, draws, size):
        many = min(size, draws - first)
        drawn = rng.integers(0, n, (many, n)) + n * np.arange(many)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=many * n).reshape(many, n)
        points = _planes(table, weights.astype(np.float32), basis)
        points *= stretch(votes)[:, None].astype(np.float32)
        found = cluster(points[:, placed], weights[:, placed].astype(np.float32), k=k)
        agreement.append(adjusted_rand(found.labels, labels[placed]))
        chosen.append(found.k)
    return Stability(np.concatenate(agreement), np.concatenate(chosen))


def adjusted_rand(found: Ints, known: Ints) -> Floats:
    """The adjusted Rand index of each row of ``found`` with ``known``; labels under 0 are left out.

    (S - E) / ((A + B) / 2 - E), where S counts the pairs of people together in both partitions, A
    and B those in either, and E = A B / all pairs is what S would be by chance. Shapes: ``found``
    (sets, people), ``known`` (people,); 1 where both put everybody together.

    References
    ----------
    Hubert and Arabie (1985), "Comparing partitions", Journal of Classification 2.

    """
    sets = len(found)
    rows, columns = int(found.max(initial=0)) + 1, int(known.max(initial=0)) + 1
    both = (found >= 0) & (known >= 0)
    cell = (np.arange(sets)[:, None] * rows + found) * columns + known
    counts = np.bincount(cell[both], minlength=sets * rows * columns)
    table: Floats = counts.reshape(sets, rows, columns).astype(np.float64)
    together = _pairs(table).sum(axis=(1, 2))
    ours, theirs = _pairs(table.sum(axis=2)).sum(axis=1), _pairs(table.sum(axis=1)).sum(axis=1)
    chance = ours * theirs / np.maximum(_pairs(table.sum(axis=(1, 2))), 1)
    most = (ours + theirs) / 2
    same = most - chance <= 1e-12 * most
    return np.asarray(np.where(same, 1.0, (together - chance) / np.where(same, 1, most - chance)))


def _pairs(number: Floats) -> Floats:
    return number * (number - 1) / 2


def _dense(votes: Kept) -> Floats:
    """The votes, and beside them the marks of who voted, shape (people, 2 statements)."""
    people, statements = votes.shape
    table = np.zeros((people, 2 * statements), dtype=np.float32)
    table[votes.rows, votes.columns] = votes.values
    table[votes.rows, votes.columns + statements] = 1
    return table


def _basis(votes: Kept) -> Floats:
    """The leading components of the full sample, where every draw's search starts."""
    vectors = np.linalg.eigh(covariance(votes, votes.means()))[1]
    return np.ascontiguousarray(vectors[:, ::-1][:, :_SUBSPACE], dtype=np.float32)


def _planes(table: Floats, weights: Floats, basis: Floats) -> Floats:
    """Everybody's place on the plane of each draw, shape (draws, people, 2).

    With X the deviations from the draw's means u and W its weights, the leading eigenvectors Z of
    X' W X come by Z <- orthonormal X' W (X Z). X is never made: X Z = V Z - S (u Z), where V are
    the votes and S the marks of who voted; ``table`` is [V S], the same for all draws.
    """
    statements = table.shape[1] // 2
    sums = weights @ table
    means = sums[:, :statements] / np.maximum(sums[:, statements:], 1)
    space = np.broadcast_to(basis, (len(weights), *basis.shape))
    for _ in range(_STEPS):
        places = _places(table, means, space)
        pulled = _components(table, means, places * weights[:, :, None])
        space = np.linalg.qr(pulled)[0]
    places = _places(table, means, space)
    inner = places.transpose(0, 2, 1) @ (places * weights[:, :, None])
    leading = np.linalg.eigh(inner)[1][:, :, ::-1][:, :, :2]
    total = (space @ leading).sum(axis=1, keepdims=True)
    return np.asarray(places @ (leading * np.where(total < 0, -1, 1).astype(np.float32)))


def _places(table: Floats, means: Floats, space: Floats) -> Floats:
    """X Z of each draw, (draws, people, directions), by one product for all draws."""
    draws, statements, directions = space.shape
    both = np.concatenate([space, -means[:, :, None] * space], axis=1)
    flat = both.transpose(1, 0, 2).reshape(2 * statements, draws * directions)
    places = (table @ flat).reshape(-1, draws, directions)
    return np.asarray(places.transpose(1, 0, 2))


def _components(table: Floats, means: Floats, places: Floats) -> Floats:
    """X' Y of each draw, (draws, statements, directions), by one product for all draws."""
    draws, people, directions = places.shape
    flat = places.transpose(1, 0, 2).reshape(people, draws * directions)
    both = (table.T @ flat).reshape(-1, draws, directions).transpose(1, 0, 2)
    statements = means.shape[1]
    return np.asarray(both[:, :statements] - means[:, :, None] * both[:, statements:])
