"""The votes of a conversation: agree, pass or disagree on short statements, most of them unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.floating[Any]]  # single or double precision
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ENOUGH_VOTES = 7  # who voted less is placed by chance; all statements where there are fewer
FEWEST_PEOPLE = 15  # below, the people with most votes join until there are so many
_BLOCK = 4096
_EXACT = 2_000_000  # people x statements up to which deviations have double precision


@dataclass(frozen=True)
class Conversation:
    """Who voted what on which statement, one row a person, compressed by rows.

    The votes of person i stand at ``starts[i]`` to ``starts[i + 1]``: ``columns`` (int32) names
    the statement, ``values`` (int8) is +1 for agree, 0 for pass, -1 for disagree. ``rejected``
    marks the statements that moderation took out: they count for nothing. ``camps`` is the group
    that the file itself gives each person, empty where it gives none. ``published`` is the
    group-informed consensus that the file gives each statement, NaN where it gives none.
    """

    people: tuple[str, ...]
    statements: tuple[str, ...]
    starts: Ints
    columns: NDArray[np.int32]
    values: NDArray[np.int8]
    rejected: Flags
    camps: tuple[str, ...]
    published: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """How many people, how many statements."""
        return len(self.people), len(self.statements)

    @property
    def votes_cast(self) -> Ints:
        """The number of votes of each person, shape (people,), rejected statements included."""
        return np.diff(self.starts)


@dataclass(frozen=True)
class Kept:
    """The votes on statements that stand: ``rows``, ``columns`` and ``values`` of each vote.

    ``seen`` is the number of statements that count as voted on, by person: a rejected statement
    is a pass of everybody, as in Polis.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]
    seen: Ints

    def means(self) -> Floats:
        """The mean vote of each statement over those who voted on it; 0 where nobody did."""
        statements = self.shape[1]
        total = np.bincount(self.columns, weights=self.values, minlength=statements)
        votes = np.bincount(self.columns, minlength=statements)
        return np.asarray(total / np.maximum(votes, 1))

    def blocks(self, means: Floats) -> Iterator[tuple[slice, Floats]]:
        """Deviations from ``means`` in dense blocks of people; 0 where a vote is missing."""
        people, statements = self.shape
        kind = np.float64 if people * statements <= _EXACT else np.float32
        means = means.astype(kind)
        edges = np.arange(0, people + _BLOCK, _BLOCK)
        cuts = np.searchsorted(self.rows, edges)
        for first, begin, end in zip(edges, cuts, cuts[1:], strict=False):
            last = min(int(first) + _BLOCK, people)
            block = np.zeros((last - int(first), statements), dtype=kind)
            columns = self.columns[begin:end]
            block[self.rows[begin:end] - first, columns] = self.values[begin:end] - means[columns]
            yield slice(int(first), last), block


def conversation(
    votes: NDArray[np.int8],
    voted: Flags,
    *,
    rejected: Flags | None = None,
    people: tuple[str, ...] | None = None,
    statements: tuple[str, ...] | None = None,
) -> Conversation:
    """A conversation from a dense table: ``votes`` where ``voted``, both (people, statements).

    Raises
    ------
    UsageError
        Where the shapes differ or a vote is none of -1, 0 and 1.

    """
    if votes.shape != voted.shape or votes.ndim != 2:
        raise UsageError(f"Votes are {votes.shape}, the marks of who voted {voted.shape}.")
    values = votes[voted].astype(np.int8)
    if np.any(np.abs(values) > 1) or np.any(values != votes[voted]):
        raise UsageError("A vote is -1, 0 or 1.")
    n, m = votes.shape
    return Conversation(
        people=people or tuple(str(place) for place in range(n)),
        statements=statements or tuple(str(place) for place in range(m)),
        starts=np.concatenate([[0], np.cumsum(voted.sum(axis=1))]).astype(np.int64),
        columns=np.nonzero(voted)[1].astype(np.int32),
        values=values,
        rejected=np.zeros(m, dtype=bool) if rejected is None else np.asarray(rejected, dtype=bool),
        camps=("",) * n,
        published=np.full(m, np.nan),
    )


def subset(whole: Conversation, rows: Ints) -> Conversation:
    """The conversation of the people at ``rows`` alone, in that order."""
    counts = whole.votes_cast[rows]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    places = np.repeat(whole.starts[rows] - starts[:-1], counts) + np.arange(starts[-1])
    return Conversation(
        people=tuple(whole.people[row] for row in rows),
        statements=whole.statements,
        starts=starts,
        columns=whole.columns[places],
        values=whole.values[places],
        rejected=whole.rejected,
        camps=tuple(whole.camps[row] for row in rows),
        published=whole.published,
    )


def kept(whole: Conversation) -> Kept:
    """The votes on statements that moderation did not take out."""
    people = whole.shape[0]
    rows = np.repeat(np.arange(people, dtype=np.int32), whole.votes_cast)
    stands = ~whole.rejected[whole.columns]
    rows = rows[stands]
    return Kept(
        shape=whole.shape,
        rows=rows,
        columns=whole.columns[stands],
        values=whole.values[stands],
        seen=np.bincount(rows, minlength=people) + int(whole.rejected.sum()),
    )


def clusterable(whole: Conversation) -> Flags:
    """Who voted enough to be placed in a group, shape (people,).

    That is who voted on 7 statements, or on all where there are fewer; where those are fewer than
    15 people, the people with most votes (the earlier at a tie) join them until they are 15.
    Polis lets in whoever was in at any moment, so that its first 15 people stay in for good.

    References
    ----------
    Small et al. (2021), "Polis: scaling deliberation by mapping high dimensional opinion spaces",
    Recerca 26(2).

    """
    cast = whole.votes_cast
    enough = cast >= min(ENOUGH_VOTES, whole.shape[1])
    lacking = FEWEST_PEOPLE - int(enough.sum())
    if lacking > 0:
        order = np.argsort(np.where(enough | (cast == 0), 0, -cast), kind="stable")
        joining = order[:lacking]
        enough[joining[cast[joining] > 0]] = True
    return enough
