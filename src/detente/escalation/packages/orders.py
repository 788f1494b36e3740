"""Which order of measures or packages survives every belief.

Options are measures or packages; what is compared is the ratio of the headline frequency with :
without, at common points: lower is better. Beliefs are never weighed against each other, and no
figure adds over them: what one party would regret is told under its own numbers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.escalation.effects import SURE, verdict
from detente.escalation.results import Verdict
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

Flags = NDArray[np.bool_]
Ratios = Mapping[str, Floats]


@dataclass(frozen=True)
class Survival:
    """The order of the options that every belief shares.

    ``better`` says by belief at what share of the points option i has a lower ratio than option
    j, shape (options, options); ``survives`` where that share is at least `effects.SURE` under
    every belief; ``covers`` leaves out what follows from the rest.
    """

    options: tuple[str, ...]
    better: Mapping[str, Floats]
    survives: Flags
    covers: Flags


@dataclass(frozen=True)
class Best:
    """Which options are among the best few under every belief.

    ``among`` says by belief at what share of the points each option is, shape (options,);
    ``always`` names those for which it is at least `effects.SURE` under every belief.
    ``by_chance`` is the probability that an option is among them for all where every order is as
    likely as any other: (few / options) ^ beliefs.
    """

    few: int
    among: Mapping[str, Floats]
    always: tuple[str, ...]
    by_chance: float


@dataclass(frozen=True)
class Preference:
    """What one belief prefers, how often that changes, and what it would regret.

    ``preferred`` has the lowest mean ratio; ``flips`` is the share of the points at which another
    has a lower one; ``regret`` how much higher the ratio of each option is, on average, than that
    of the best at each point, shape (options,): for this belief alone.
    """

    belief: str
    preferred: str
    flips: float
    regret: Floats


def verdicts(ratios: Ratios) -> dict[str, tuple[Verdict, ...]]:
    """By belief, what `effects.verdict` says of each option.

    Parameters
    ----------
    ratios
        By belief, shape (options, N).

    """
    return {
        belief: tuple(verdict(row) for row in np.sort(own, axis=1))
        for belief, own in ratios.items()
    }


def agreed_verdicts(ratios: Ratios) -> tuple[Verdict | None, ...]:
    """The verdict on each option that all beliefs share; None where they differ."""
    by_belief = list(zip(*verdicts(ratios).values(), strict=True))
    return tuple(own[0] if len(set(own)) == 1 else None for own in by_belief)


def better_shares(ratios: Floats) -> Floats:
    """At what share of the points option i has a lower ratio than option j.

    Parameters
    ----------
    ratios
        Shape (options, N).

    Returns
    -------
    Floats
        Shape (options, options), 0 on the diagonal; equal ratios count for neither.

    """
    return np.array([(one < ratios).mean(axis=1) for one in ratios])


def survival(options: Sequence[str], ratios: Ratios) -> Survival:
    """The order of the options that survives every belief.

    Parameters
    ----------
    options
        Their names.
    ratios
        By belief, shape (options, N).

    Returns
    -------
    Survival
        Where i is surely better than j and j than l, i counts as better than l. Among fewer than
        ten options no circle can arise: each of n links of a circle fails at some point, and
        these shares of at most 1/10 would add up to less than the 1 they must cover.

    Raises
    ------
    UsageError
        Where there are no beliefs, or a belief has not one row for each option; or where many
        options stand in a circle, each surely better than the next.

    """
    _check(options, ratios)
    better = {belief: better_shares(own) for belief, own in ratios.items()}
    survives = closure(np.logical_and.reduce([own >= SURE for own in better.values()]))
    if survives.diagonal().any():
        raise UsageError("So many options are compared that their order runs in a circle.")
    follows = (survives.astype(np.int64) @ survives.astype(np.int64)) > 0
    return Survival(tuple(options), better, survives, survives & ~follows)


def closure(relation: Flags) -> Flags:
    """The transitive closure of a relation, shape (n, n) (Warshall 1962)."""
    found = relation.copy()
    for middle in range(len(found)):
        found |= np.outer(found[:, middle], found[middle])
    return found


def best(options: Sequence[str], ratios: Ratios, *, few: int) -> Best:
    """Which options are surely among the best few under every belief.

    Parameters
    ----------
    options
        Their names.
    ratios
        By belief, shape (options, N).
    few
        How many count as the best; an option with fewer than that many strictly better ones is
        among them.

    Raises
    ------
    UsageError
        Where ``few`` is not between 1 and the number of options, or the ratios do not fit.

    """
    _check(options, ratios)
    if not 1 <= few <= len(options):
        raise UsageError(f"The best {few} of {len(options)} options are asked for.")
    among = {
        belief: (own <= np.partition(own, few - 1, axis=0)[few - 1]).mean(axis=1)
        for belief, own in ratios.items()
    }
    sure = np.logical_and.reduce([own >= SURE for own in among.values()])
    names = tuple(name for name, held in zip(options, sure, strict=True) if held)
    return Best(few, among, names, (few / len(options)) ** len(ratios))


def preferences(options: Sequence[str], ratios: Ratios) -> tuple[Preference, ...]:
    """What each belief prefers, how often it would prefer another, and its regrets.

    Parameters
    ----------
    options
        Their names; the first of those with the same mean ratio is preferred.
    ratios
        By belief, shape (options, N), finite.

    Raises
    ------
    UsageError
        Where the ratios do not fit the options, or are infinite.

    """
    _check(options, ratios)
    return tuple(_preference(options, belief, own) for belief, own in ratios.items())


def _preference(options: Sequence[str], belief: str, ratios: Floats) -> Preference:
    if not np.isfinite(ratios).all():
        raise UsageError(f"Under {belief}, an option makes possible what was not: no mean ratio.")
    means, lowest = ratios.mean(axis=1), ratios.min(axis=0)
    preferred = int(means.argmin())
    flips = float((lowest < ratios[preferred]).mean())
    return Preference(belief, options[preferred], flips, means - lowest.mean())


def _check(options: Sequence[str], ratios: Ratios) -> None:
    if not ratios:
        raise UsageError("Options are compared under no belief.")
    for belief, own in ratios.items():
        if own.ndim != 2 or len(own) != len(options):
            raise UsageError(f"Under {belief}, there is not one row of ratios for each option.")
