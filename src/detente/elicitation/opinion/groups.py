"""Opinion groups of a conversation, and whether they would stand with other people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detente.elicitation.opinion.clusters import Start, cluster
from detente.elicitation.opinion.consensus import consensus, group_informed_consensus
from detente.elicitation.opinion.projection import project
from detente.elicitation.opinion.representative import Support, count, representative
from detente.elicitation.opinion.stability import bootstrap
from detente.elicitation.opinion.votes import Conversation, Flags, Floats, Ints, clusterable, kept
from detente.ground.errors import UsageError

FEWEST_PLACED = 6  # two groups of three: below, nobody can be grouped


@dataclass(frozen=True)
class Group:
    """How many people are in a group, who, and which statements represent it."""

    size: int
    people: tuple[int, ...]
    representative: tuple[Support, ...]


@dataclass(frozen=True)
class OpinionGroups:
    """Groups, where they are stable, and what all agree on.

    ``groups`` goes by size and is empty where the groups are not stable: then no memberships
    leave. ``ari_median`` and ``ari_p10`` are the median and the 10th percentile of the bootstrap's
    adjusted Rand index, None where there are too few people to group; ``k_counts`` tells how often
    a draw had 2, 3, 4 and 5 groups. ``group_informed`` is the group-informed consensus of each
    statement, empty where there are no groups. Sizes are given as they are: whoever publishes
    them leaves out those of too few people.
    """

    stable: bool
    ari_median: float | None
    ari_p10: float | None
    k_counts: tuple[tuple[int, int], ...]
    placed: int
    groups: tuple[Group, ...]
    consensus: tuple[Support, ...]
    group_informed: Floats

    @property
    def verdict(self) -> str:
        """``stable groups`` or ``no stable groups``."""
        return "stable groups" if self.stable else "no stable groups"


def opinion_groups(
    conversation: Conversation,
    *,
    rng: np.random.Generator,
    k: int | None = None,
    draws: int = 200,
) -> OpinionGroups:
    """Group people by how they vote, as Polis does, and refuse groups that do not hold.

    Parameters
    ----------
    conversation
        The votes.
    rng
        Chance of the bootstrap; the groups themselves have none.
    k
        The number of groups, 2 to 5; None to choose it by the silhouette, in each draw anew.
    draws
        How many bootstraps tell the stability.

    References
    ----------
    Small et al. (2021), "Polis: scaling deliberation by mapping high dimensional opinion spaces",
    Recerca 26(2); for stability see `bootstrap`.

    """
    if draws < 1:
        raise UsageError(f"{draws} draws: stability needs at least one.")
    placed, rejected = clusterable(conversation), conversation.rejected
    everybody = count(conversation, np.zeros(len(placed), dtype=np.int64))
    refused = OpinionGroups(
        stable=False,
        ari_median=None,
        ari_p10=None,
        k_counts=(),
        placed=int(placed.sum()),
        groups=(),
        consensus=consensus(everybody, rejected=rejected) if len(placed) else (),
        group_informed=np.empty(0),
    )
    if refused.placed < FEWEST_PLACED:
        return refused
    labels = group_labels(conversation, placed=placed, k=k)
    held = bootstrap(kept(conversation), labels, placed=placed, draws=draws, rng=rng, k=k)
    told = replace(refused, ari_median=held.median, ari_p10=held.p10, k_counts=held.k_counts)
    if not held.stable or labels.max() < 1:
        return told
    counts = count(conversation, labels)
    groups = _groups(labels, representative(counts, rejected=rejected))
    informed = group_informed_consensus(counts)
    return replace(told, stable=True, groups=groups, group_informed=informed)


def group_labels(
    conversation: Conversation,
    *,
    placed: Flags | None = None,
    k: int | None = None,
    start: Start = "spread",
) -> Ints:
    """The group of each person, shape (people,), by size from 0; -1 for who has too few votes.

    Without any word on stability: see `opinion_groups`. ``placed`` tells who may be grouped,
    `clusterable` where it is None; for ``k`` and ``start`` see `cluster`.

    Raises
    ------
    UsageError
        Where k is not from 2 to 5 or exceeds the people who can be placed.

    """
    placed = clusterable(conversation) if placed is None else placed
    number = int(placed.sum())
    if (k is not None and not 2 <= k <= 5) or number < (k or 2):
        raise UsageError(
            f"{k or 2} groups of {number} people: take 2 to 5, and no more than people."
        )
    points = project(kept(conversation)).points[placed]
    found = cluster(points[None], np.ones((1, number)), k=k, start=start).labels[0]
    names, size = np.unique(found, return_counts=True)
    rank = np.empty(int(names.max()) + 1, dtype=np.int64)
    rank[names[np.argsort(-size, kind="stable")]] = np.arange(len(names))
    labels = np.full(len(placed), -1, dtype=np.int64)
    labels[placed] = rank[found]
    return labels


def _groups(labels: Ints, chosen: tuple[tuple[Support, ...], ...]) -> tuple[Group, ...]:
    members = [np.flatnonzero(labels == group) for group in range(len(chosen))]
    return tuple(
        Group(len(people), tuple(map(int, people)), statements)
        for people, statements in zip(members, chosen, strict=True)
    )
