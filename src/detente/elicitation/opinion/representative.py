"""Which statements speak for a group: agreed on within, and more than by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.elicitation.opinion.votes import Conversation, Flags, Floats, Ints

Direction = Literal["agree", "disagree"]

MOST_STATEMENTS = 5
Z90 = 1.2816  # one-sided, 90 %


@dataclass(frozen=True)
class Counts:
    """Votes by group and statement: agrees, disagrees and all, each (groups, statements)."""

    agrees: Ints
    disagrees: Ints
    votes: Ints


@dataclass(frozen=True)
class Support:
    """How a set of people votes on one statement in one direction.

    ``successes`` of ``trials`` votes go there; ``share`` is (successes + 1) / (trials + 2),
    ``share_z`` tests it against a half. ``ratio`` is the group's share over that of all other
    groups and ``ratio_z`` tests the difference; both are NaN for the consensus of everybody.
    """

    statement: int
    direction: Direction
    successes: int
    trials: int
    share: float
    share_z: float
    ratio: float
    ratio_z: float

    @property
    def weight(self) -> float:
        """What representative statements are ranked by."""
        return self.ratio * self.ratio_z * self.share * self.share_z


@dataclass(frozen=True)
class Contrast:
    """For each group and statement the share, its z, the ratio to the rest and its z."""

    share: Floats
    share_z: Floats
    ratio: Floats
    ratio_z: Floats


def count(whole: Conversation, labels: Ints) -> Counts:
    """The votes of each group, on rejected statements too; ``labels`` of people, -1 for none."""
    groups, statements = int(labels.max(initial=-1)) + 1, whole.shape[1]
    first = np.where(labels >= 0, labels * statements, groups * statements)
    cell = np.repeat(first, whole.votes_cast) + whole.columns.astype(np.int64)

    def tally(cells: Ints) -> Ints:
        size = groups * statements
        return np.bincount(cells, minlength=size)[:size].reshape(groups, statements)

    return Counts(tally(cell[whole.values == 1]), tally(cell[whole.values == -1]), tally(cell))


def share(successes: Ints, trials: Ints) -> Floats:
    """The share of successes, drawn towards a half: (successes + 1) / (trials + 2)."""
    return np.asarray((successes + 1) / (trials + 2))


def share_z(successes: Ints, trials: Ints) -> Floats:
    """Test against a half: 2 sqrt(n) (s / n - 1/2), with s and n one more than counted."""
    return np.asarray(2 * np.sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5))


def contrast(successes: Ints, trials: Ints) -> Contrast:
    """Each group beside all others: (groups, statements) in, the same out.

    The two-proportion test has pooled variance and one more success and trial on either side; it
    is 0 where the pooled share is 1.

    References
    ----------
    Small et al. (2021), Recerca 26(2), section 4.3.

    """
    rest_successes = successes.sum(axis=0) - successes
    rest_trials = trials.sum(axis=0) - trials
    own = share(successes, trials)
    s, r, n, q = successes + 1, rest_successes + 1, trials + 1, rest_trials + 1
    pooled = (s + r) / (n + q)
    variance = pooled * (1 - pooled) * (1 / n + 1 / q)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (s / n - r / q) / np.sqrt(variance), 0.0)
    return Contrast(
        own, share_z(successes, trials), own / share(rest_successes, rest_trials), np.asarray(z)
    )


def representative(counts: Counts, *, rejected: Flags) -> tuple[tuple[Support, ...], ...]:
    """Up to five statements that represent each group, agreements first.

    Representative is where both the share and its difference from the other groups are
    significant at 90 % in one direction; ranked by ratio x ratio_z x share x share_z. The
    statement that the group agrees on most comes first, whether significant or not; where there
    is none of either, the one with the highest z of difference stands in. As Polis selects them.
    """
    agree = contrast(counts.agrees, counts.votes)
    disagree = contrast(counts.disagrees, counts.votes)
    return tuple(
        _select(group, counts, agree, disagree, rejected) for group in range(len(counts.votes))
    )


def _select(
    group: int, counts: Counts, agree: Contrast, disagree: Contrast, rejected: Flags
) -> tuple[Support, ...]:
    standing = np.flatnonzero(~rejected)
    passes = (agree.ratio_z[group] > Z90) & (agree.share_z[group] > Z90)
    passes |= (disagree.ratio_z[group] > Z90) & (disagree.share_z[group] > Z90)

    def support(statement: int) -> Support:
        return _support(group, statement, counts, agree, disagree)

    front = _most_agreed(group, standing, counts, agree)
    first = [] if front is None else [support(front)]
    enough = [int(s) for s in standing if passes[s]]
    if not enough and not first and len(standing):
        z = np.maximum(agree.ratio_z[group], disagree.ratio_z[group])
        return (support(int(standing[z[standing].argmax()])),)
    ranked = sorted((support(s) for s in enough if s != front), key=lambda s: -s.weight)
    chosen = [*first, *ranked][:MOST_STATEMENTS]
    return tuple(sorted(chosen, key=lambda s: s.direction != "agree"))


def _most_agreed(group: int, standing: Ints, counts: Counts, agree: Contrast) -> int | None:
    """The statement that the group agrees on most; None where it agrees on nothing clearly.

    Statement by statement the better one stays. While the one that stands is agreed on more than
    by the rest, agreement is weighed with the difference from the rest, else alone.
    """
    share, share_z = agree.share[group], agree.share_z[group]
    ratio, ratio_z = agree.ratio[group], agree.ratio_z[group]
    agreed, weighed = share * share_z, ratio * ratio_z * share * share_z
    best: int | None = None
    for statement in map(int, standing):
        if counts.agrees[group, statement] + counts.disagrees[group, statement] == 0:
            continue
        if best is None:
            typical = ratio[statement] > 1 and share[statement] > 0.5
            better = share_z[statement] > Z90 or typical
        else:
            measure = weighed if ratio[best] > 1 else agreed
            better = measure[statement] > measure[best]
        best = statement if better else best
    return best


def _support(
    group: int, statement: int, counts: Counts, agree: Contrast, disagree: Contrast
) -> Support:
    place = group, statement
    agreeing = agree.ratio_z[place] > disagree.ratio_z[place]
    side = agree if agreeing else disagree
    successes = counts.agrees if agreeing else counts.disagrees
    return Support(
        statement=statement,
        direction="agree" if agreeing else "disagree",
        successes=int(successes[place]),
        trials=int(counts.votes[place]),
        share=float(side.share[place]),
        share_z=float(side.share_z[place]),
        ratio=float(side.ratio[place]),
        ratio_z=float(side.ratio_z[place]),
    )
