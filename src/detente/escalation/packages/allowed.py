"""Which packages stand: every measure that one needs is in it, and none that one excludes.

A package of k measures is a whole number: bit i says whether the i-th measure is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

MOST_LISTED = 20
Links = Mapping[str, Collection[str]]
Flags = NDArray[np.bool_]


def members(measures: Sequence[str], package: int) -> frozenset[str]:
    """The measures of a package by its number."""
    return frozenset(name for place, name in enumerate(measures) if package >> place & 1)


def number(measures: Sequence[str], package: Iterable[str]) -> int:
    """The number of a package by its measures.

    Raises
    ------
    UsageError
        Where it holds a measure that is not among ``measures``.

    """
    held = set(package)
    if missing := sorted(held - set(measures)):
        raise UsageError(f"The package holds {missing[0]}, which is not among the measures.")
    return sum(1 << place for place, name in enumerate(measures) if name in held)


def stands(package: AbstractSet[str], needs: Links, excludes: Links) -> bool:
    """Whether a package can be taken as it is; an exclusion that one side states binds both."""
    needed = {name for one in package for name in needs.get(one, ())}
    excluded = {name for one in package for name in excludes.get(one, ())}
    return needed <= package and not excluded & package


def with_needs(package: Iterable[str], needs: Links) -> frozenset[str]:
    """The smallest package that holds this one and everything that it needs, link by link."""
    held: set[str] = set()
    asked = list(package)
    while asked:
        one = asked.pop()
        if one not in held:
            held.add(one)
            asked.extend(needs.get(one, ()))
    return frozenset(held)


def allowed(measures: Sequence[str], needs: Links, excludes: Links) -> Flags:
    """Which of all packages of the measures stand, by their numbers, shape (2^k,).

    Parameters
    ----------
    measures
        The ids of k measures, the first of which is the lowest bit.
    needs, excludes
        By measure, those without which it cannot stand and those beside which it cannot. A
        measure that needs one outside ``measures`` is in no package.

    Raises
    ------
    UsageError
        Where k is over `MOST_LISTED`.

    """
    if len(measures) > MOST_LISTED:
        raise UsageError(f"{len(measures)} measures: at most {MOST_LISTED} have packages listed.")
    packages = np.arange(1 << len(measures))
    standing = np.ones(len(packages), dtype=bool)
    known = set(measures)
    for place, name in enumerate(measures):
        needed = with_needs([name], needs)
        if needed <= known:
            both = number(measures, needed)
            meets = packages & both == both
        else:
            meets = np.zeros(len(packages), dtype=bool)
        meets &= packages & number(measures, known & {*excludes.get(name, ())}) == 0
        standing &= meets | (packages >> place & 1 == 0)
    return standing
