"""Groups of points on a plane: k-means for each k, and the k whose groups stand apart most.

Theory of operation. All functions work on a stack of weighted point sets at once: ``points`` has
shape (sets, points, 2), ``weights`` (sets, points), and a weight of 0 means that the point is not
there. So one conversation is a stack of one, and a thousand bootstraps of it are one call.

As in Polis, over 100 points are first gathered into 100 base clusters, and the groups are groups
of base clusters; the silhouette, which needs all pairs, is taken over base clusters too.
Polis starts k-means at the first k points, so that the order of the people decides between local
optima. Here the starts are free of order: the plane is cut into k slices along each of several
directions, of equal weight and of growing weight, and into k sectors around the middle, and once
the points furthest from each other are taken; the tightest result counts.
``start="first"`` does as Polis does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.elicitation.opinion.votes import Flags, Floats, Ints

Start = Literal["spread", "first"]

MOST_BASE = 100
MOST_GROUPS = 5
_BASE_STEPS = 10
_GROUP_STEPS = 40
_DIRECTIONS = 6
_TURNS = 3
_CELLS = 200_000  # distances held at a time, so that they stay in the cache


@dataclass(frozen=True)
class Clustering:
    """The group of each point, shape (sets, points), and how many groups each set has.

    ``silhouettes`` has a row a set and a column for each of k = 2 to 5; -inf where k was not
    tried. Points of weight 0 carry the group -1.
    """

    labels: Ints
    k: Ints
    silhouettes: Floats


def cluster(
    points: Floats, weights: Floats, *, k: int | None = None, start: Start = "spread"
) -> Clustering:
    """Groups of the points of each set: k-means, with k of the highest silhouette.

    k is tried from 2 to 5, at most 2 + base clusters / 12, or is given.

    References
    ----------
    Lloyd (1982), "Least squares quantization in PCM"; Rousseeuw (1987), "Silhouettes"; Small et
    al. (2021), Recerca 26(2).

    """
    base, centres, mass = base_clusters(points, weights, start=start)
    tried = range(2, MOST_GROUPS + 1) if k is None else (k,)
    distance = np.sqrt(_squared(centres[:, :, None], centres[:, None]))
    there = mass > 0
    most = 2 + there.sum(axis=1) // 12
    scores = np.full((len(points), max(MOST_GROUPS - 1, max(tried) - 1)), -np.inf)
    found = np.zeros((len(tried), *mass.shape), dtype=np.int64)
    for place, groups in enumerate(tried):
        found[place] = k_means(centres, mass, k=groups, start=start)
        score = silhouette(distance, found[place], there, groups)
        scores[:, groups - 2] = score if k else np.where(groups <= most, score, -np.inf)
    best = scores.argmax(axis=1) if k is None else np.zeros(len(points), dtype=np.int64)
    group = found[best, np.arange(len(points))]
    labels = np.where(weights > 0, np.take_along_axis(group, base, axis=1), -1)
    return Clustering(labels, best + tried[0], scores)


def base_clusters(
    points: Floats, weights: Floats, *, start: Start = "spread"
) -> tuple[Ints, Floats, Floats]:
    """The base cluster of each point, and the base clusters' centres and weights.

    Where there are at most 100 points, each is its own. Else k-means from 100 of them: the first,
    or those at equal steps in the order of the first coordinate.
    """
    sets, count = weights.shape
    there = weights > 0
    size = min(count, MOST_BASE)
    key = np.arange(count) if start == "first" else points[..., 0]
    order = np.argsort(np.where(there, key, np.inf), axis=1, kind="stable")
    if count <= MOST_BASE:
        return np.tile(np.arange(count), (sets, 1)), points, weights
    number = there.sum(axis=1, keepdims=True)
    steps = np.arange(size)
    spaced = steps if start == "first" else steps * np.maximum(number, size) // size
    chosen = np.take_along_axis(order, np.broadcast_to(spaced, (sets, size)), axis=1)
    centres = np.take_along_axis(points, chosen[..., None], axis=1)
    return _lloyd(points, weights, centres, steps=_BASE_STEPS)


def k_means(points: Floats, weights: Floats, *, k: int, start: Start = "spread") -> Ints:
    """The tightest of several k-means results, shape (sets, points)."""
    starts = [_first(points, weights, k)] if start == "first" else _starts(points, weights, k)
    sets, count = weights.shape
    many = len(starts)
    stacked = np.concatenate(starts)
    repeated, mass = np.tile(points, (many, 1, 1)), np.tile(weights, (many, 1))
    labels, centres, _ = _lloyd(repeated, mass, stacked, steps=_GROUP_STEPS)
    apart = _squared(repeated, np.take_along_axis(centres, labels[..., None], axis=1))
    spread = (mass * apart).sum(axis=1).reshape(many, sets)
    # Equal results of several starts differ by rounding; the first of them counts.
    best = (spread <= spread.min(axis=0) * (1 + 1e-6)).argmax(axis=0)
    return np.asarray(labels.reshape(many, sets, count)[best, np.arange(sets)])


def silhouette(distance: Floats, labels: Ints, there: Flags, k: int) -> Floats:
    """The mean silhouette (b - a) / max(a, b) of the points of each set, 0 for a lone point.

    a is a point's mean distance to its own group, b to the nearest other group.
    """
    member = (labels[..., None] == np.arange(k)) & there[..., None]
    size = member.sum(axis=1)
    total = distance @ member.astype(distance.dtype)
    own = np.take_along_axis(size, labels, axis=1)
    a = np.take_along_axis(total, labels[..., None], axis=2)[..., 0] / np.maximum(own - 1, 1)
    other = np.where(member | (size == 0)[:, None], np.inf, total / np.maximum(size, 1)[:, None])
    b = other.min(axis=2)
    both = np.where(np.isfinite(b) & there & (own > 1), np.maximum(a, b), 1.0)
    each = np.where(np.isfinite(b) & there & (own > 1), (b - a) / np.where(both > 0, both, 1), 0.0)
    return np.asarray(each.sum(axis=1) / np.maximum(there.sum(axis=1), 1))


def _starts(points: Floats, weights: Floats, k: int) -> list[Floats]:
    middle = _middle(points, weights)
    x, y = points[..., 0] - middle[..., 0], points[..., 1] - middle[..., 1]
    angles = 2 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    along = [x * np.cos(angle) + y * np.sin(angle) for angle in angles]
    # Opposite directions have the same slices of equal weight, not the same unequal ones.
    slices = [_parts(points, weights, k, one) for one in along[: _DIRECTIONS // 2]]
    slices += [_parts(points, weights, k, one, power=3.0) for one in along]
    around = np.arctan2(y, x)
    shifts = np.arange(_TURNS) / _TURNS
    sectors = [_parts(points, weights, k, around, shift=shift) for shift in shifts]
    return [*slices, *sectors, _furthest(points, weights, k)]


def _first(points: Floats, weights: Floats, k: int) -> Floats:
    order = np.argsort(weights <= 0, axis=1, kind="stable")[:, :k, None]
    return np.take_along_axis(points, order, axis=1)


def _parts(
    points: Floats,
    weights: Floats,
    k: int,
    along: Floats,
    *,
    power: float = 1.0,
    shift: float = 0.0,
) -> Floats:
    """The centres of k parts in the order of ``along``, cut where (share before)^power k is whole.

    With power 1 they have equal weight. ``shift`` turns the cuts; the last part closes the ring.
    """
    order = np.argsort(along, axis=1, kind="stable")
    mass = np.take_along_axis(weights, order, axis=1)
    before = np.cumsum(mass, axis=1) - mass / 2
    share = before / np.maximum(mass.sum(axis=1, keepdims=True), 1)
    cut = np.floor(k * share**power + shift).astype(np.int64) % k
    parts = np.empty_like(cut)
    np.put_along_axis(parts, order, cut, axis=1)
    return _centres(points, weights, parts, np.zeros((len(points), k, 2), points.dtype))[0]


def _middle(points: Floats, weights: Floats) -> Floats:
    total = np.maximum(weights.sum(axis=1), 1)[:, None, None]
    return np.asarray((points * weights[..., None]).sum(axis=1, keepdims=True) / total)


def _furthest(points: Floats, weights: Floats, k: int) -> Floats:
    """The points furthest apart, k of them: first the one furthest from the mean."""
    there = weights > 0
    near = np.where(there, _squared(points, _middle(points, weights)), -1)
    chosen: list[Floats] = []
    for _ in range(k):
        point = np.take_along_axis(points, near.argmax(axis=1)[:, None, None], axis=1)
        away = np.where(there, _squared(points, point), -1)
        near = np.minimum(near, away) if chosen else away
        chosen.append(point)
    return np.concatenate(chosen, axis=1)


def _lloyd(
    points: Floats, weights: Floats, centres: Floats, *, steps: int
) -> tuple[Ints, Floats, Floats]:
    """Nearest centres and means by turns, until no label changes; labels, centres, weights."""
    labels = np.full(weights.shape, -1, dtype=np.int64)
    centres = centres.copy()
    mass = np.zeros(centres.shape[:2], dtype=points.dtype)
    moving = np.arange(len(points))
    for _ in range(steps):
        new = _nearest(points[moving], centres[moving])
        changed = (new != labels[moving]).any(axis=1)
        moving, new = moving[changed], new[changed]
        if not len(moving):
            break
        labels[moving] = new
        centres[moving], mass[moving] = _centres(
            points[moving], weights[moving], new, centres[moving]
        )
    return labels, centres, mass


def _nearest(points: Floats, centres: Floats) -> Ints:
    """The nearest centre c of each point p, by the least |c|^2 / 2 - p c; few sets at a time."""
    label = np.empty(points.shape[:2], dtype=np.int64)
    half = (centres**2).sum(axis=2)[:, None] / 2
    across = np.ascontiguousarray(centres.transpose(0, 2, 1))
    step = max(1, _CELLS // (points.shape[1] * centres.shape[1]))
    for first in range(0, len(points), step):
        sets = slice(first, first + step)
        away = points[sets] @ across[sets]
        np.subtract(half[sets], away, out=away)
        label[sets] = away.argmin(axis=2)
    return label


def _centres(points: Floats, weights: Floats, labels: Ints, old: Floats) -> tuple[Floats, Floats]:
    """Weighted means by label, and their weights; the old centre where no point is left."""
    sets, k = old.shape[:2]
    flat = (labels + k * np.arange(sets)[:, None]).ravel()
    mass = np.bincount(flat, weights=weights.ravel(), minlength=sets * k).reshape(sets, k)
    held = np.where(mass > 0, mass, 1)
    means = old.copy()
    for axis in range(2):
        pulled = (weights * points[..., axis]).ravel()
        total = np.bincount(flat, weights=pulled, minlength=sets * k).reshape(sets, k)
        means[..., axis] = np.where(mass > 0, total / held, old[..., axis])
    return means, mass.astype(old.dtype)


def _squared(points: Floats, others: Floats) -> Floats:
    """The squared distance of each point to another, coordinate by coordinate as that is fast."""
    x, y = points[..., 0] - others[..., 0], points[..., 1] - others[..., 1]
    return np.asarray(x * x + y * y)
