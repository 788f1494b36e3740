"""A frequency as a polynomial: one product of probabilities for each path to the end.

A parameter that stands at several events of a path gives a power; so the frequency is linear in
each parameter only where each stands at one event of the diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.escalation.bdd import NOWHERE
from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.marginals import Marginals
from detente.escalation.moments.products import Integers, SumOfProducts, factor_means, slopes
from detente.ground.chance import Floats
from detente.ground.errors import DetenteError

MOST_PATHS = 1_024


class TooManyPathsError(DetenteError):
    """A diagram has more than `MOST_PATHS` paths to the ends that count."""


@dataclass(frozen=True)
class PathPolynomial:
    """sum_t c_t prod_i x_i^happens[t, i] (1 - x_i)^otherwise[t, i].

    ``parameters`` names the n numbers; ``coefficients`` has shape (terms,) and holds how many
    paths have the same product; ``happens`` and ``otherwise`` have shape (terms, n).
    """

    parameters: tuple[str, ...]
    coefficients: Floats
    happens: Integers
    otherwise: Integers

    @cached_property
    def degree(self) -> int:
        """The highest power of one parameter in a term."""
        return int((self.happens + self.otherwise).max(initial=1))

    @property
    def powers(self) -> Integers:
        """The pairs of powers of x and 1 - x of each parameter, shape (n, rows, 2).

        Row 0 is the constant 1, and the last rows of parameters with few powers are so too.
        """
        return self._rows[1]

    @property
    def which(self) -> Integers:
        """The row of ``powers`` of each parameter in each term, shape (n, terms)."""
        return self._rows[0]

    @cached_property
    def _rows(self) -> tuple[Integers, Integers]:
        found, which = [], np.empty(self.happens.T.shape, dtype=np.int64)
        for number, pair in enumerate(zip(self.happens.T, self.otherwise.T, strict=True)):
            pairs = np.stack([[0, *pair[0]], [0, *pair[1]]], axis=1)
            distinct, places = np.unique(pairs, axis=0, return_inverse=True)
            found.append(distinct)
            which[number] = places.reshape(-1)[1:]
        most = max((len(one) for one in found), default=1)
        padded = [np.pad(one, ((0, most - len(one)), (0, 0))) for one in found]
        return which, np.array(padded, dtype=np.int64).reshape(-1, most, 2)

    def at(self, marginals: Marginals) -> SumOfProducts:
        """The polynomial at the quadrature points of its parameters, in their order."""
        functions = powers_of(marginals, self.powers)
        return SumOfProducts(self.coefficients, self.which, functions, marginals.weights)

    def expectations(self, means: Floats) -> tuple[Floats, Floats]:
        """The expected frequency, and what multiplies each function of a parameter in it.

        Parameters
        ----------
        means
            The means of the ``powers``, or of what stands in their place, shape (m, n, rows).

        Returns
        -------
        tuple
            Shapes (m,) and (m, n, rows).

        """
        factors = factor_means(self.which, means)
        return factors.prod(axis=-2) @ self.coefficients, slopes(
            self.coefficients, self.which, means
        )


def powers_of(marginals: Marginals, powers: Integers) -> Floats:
    """x^a (1 - x)^b at the points of each number, shape (n, rows, points)."""
    values, rest = marginals.values[:, None], marginals.rest[:, None]
    return power(values, powers[:, :, :1]) * power(rest, powers[:, :, 1:])


def power(base: Floats, exponents: Integers) -> Floats:
    """base^exponent for whole exponents of at least 0; the shapes broadcast."""
    found = np.ones(np.broadcast_shapes(base.shape, exponents.shape))
    for exponent in range(1, int(exponents.max(initial=0)) + 1):
        found *= np.where(exponents >= exponent, base, 1.0)
    return found


def paths_to_ends(ladder: CompiledLadder, ends: frozenset[int] | None = None) -> int:
    """The number of paths of a diagram from its root to the chosen ends, or to any end."""
    waiting = {ladder.root: 1}
    found = 0
    for index, node in ladder.nodes:
        count = waiting.pop(index)
        for place in (node.happens, node.otherwise):
            if place >= 0:
                waiting[place] = waiting.get(place, 0) + count
            elif counts(place, ends):
                found += count
    return found + (1 if ladder.root < 0 and counts(ladder.root, ends) else 0)


def counts(place: int, ends: frozenset[int] | None) -> bool:
    """Whether a place is one of the ends that count, or any end where none are named."""
    return place != NOWHERE and (ends is None or -2 - place in ends)


def path_polynomial(
    ladders: Iterable[CompiledLadder], ends: frozenset[int] | None = None
) -> PathPolynomial:
    """The frequency per year of the chosen ends, or of any end, of all ladders together.

    Parameters
    ----------
    ladders
        The ladders; a parameter of the same name is the same number in all of them.
    ends
        The ends that count; all where none are named.

    Raises
    ------
    TooManyPathsError
        Where the ladders have more than `MOST_PATHS` paths to these ends.

    """
    held = tuple(ladders)
    count = sum(paths_to_ends(ladder, ends) for ladder in held)
    if count > MOST_PATHS:
        raise TooManyPathsError(f"{count} paths: at most {MOST_PATHS} are taken one by one.")
    names = parameters_of(held)
    column = {name: place for place, name in enumerate(names)}
    paths = [np.zeros((0, 2 * len(names)), dtype=np.int64)]
    for ladder in held:
        paths += _paths(ladder, ends, column)
    terms, many = np.unique(np.vstack(paths), axis=0, return_counts=True)
    happens, otherwise = terms[:, : len(names)], terms[:, len(names) :]
    return PathPolynomial(names, many.astype(np.float64), happens, otherwise)


def parameters_of(ladders: Iterable[CompiledLadder]) -> tuple[str, ...]:
    """What the frequencies rest on, in the order in which the ladders meet it."""
    met: dict[str, None] = {}
    for ladder in ladders:
        met[ladder.starts] = None
        met.update((ladder.events[node.event], None) for _, node in ladder.nodes)
    return tuple(met)


def _paths(
    ladder: CompiledLadder, ends: frozenset[int] | None, column: Mapping[str, int]
) -> list[Integers]:
    """The powers on all paths to the ends: those of x, and then those of 1 - x."""
    start = np.zeros((1, 2 * len(column)), dtype=np.int64)
    start[0, column[ladder.starts]] = 1
    arrived: dict[int, list[Integers]] = {ladder.root: [start]}
    for index, node in ladder.nodes:
        powers = np.vstack(arrived.pop(index))
        place = column[ladder.events[node.event]]
        for follows, at in ((node.happens, place), (node.otherwise, place + len(column))):
            if follows >= 0 or counts(follows, ends):
                longer = powers.copy()
                longer[:, at] += 1
                arrived.setdefault(follows, []).append(longer)
    return [rows for place, many in arrived.items() if counts(place, ends) for rows in many]
