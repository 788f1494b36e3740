"""What each option makes of the frequency when one number is known, or two.

An option is a set of acts on parameters: a measure, a package, or no act at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from detente.escalation.moments.acts import Acted, after_acts
from detente.escalation.moments.marginals import Marginals, mean, of_spreads
from detente.escalation.moments.polynomial import powers_of
from detente.escalation.moments.products import Integers
from detente.escalation.uncertainty import Change
from detente.ground.chance import Floats, TwoPiece
from detente.ground.errors import UsageError

PANELS, NODES = 2, 32  # fewer points than for moments: they are taken two numbers at a time


class ExpectedFrequency(Protocol):
    """A frequency that is a sum of products of powers of its parameters.

    `polynomial.PathPolynomial` and `linear.LinearDiagrams` are.
    """

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the n parameters."""

    @property
    def degree(self) -> int:
        """The highest power of a parameter."""

    @property
    def powers(self) -> Integers:
        """The pairs of powers of x and 1 - x of each parameter, shape (n, rows, 2)."""

    def expectations(self, means: Floats) -> tuple[Floats, Floats]:
        """E f and what multiplies each power in E[f | x], from the means of all powers."""


@dataclass(frozen=True)
class Options:
    """The options of a choice, at the quadrature points of all numbers.

    ``numbers`` names the parameters and then the sizes of the acts, in the order of
    ``marginals``; ``acted`` holds the parameters that each option acts on.
    """

    frequency: ExpectedFrequency
    numbers: tuple[str, ...]
    marginals: Marginals
    acted: tuple[tuple[Acted, ...], ...]

    @cached_property
    def functions(self) -> Floats:
        """The powers of each parameter without any act, shape (parameters, rows, points)."""
        return powers_of(self._own, self.frequency.powers)

    @cached_property
    def means(self) -> Floats:
        """The means of the powers under each option, shape (options, parameters, rows)."""
        without = mean(self.functions, self._own.weights[:, None])
        found = np.repeat(without[None], len(self.acted), axis=0)
        for option, acted in enumerate(self.acted):
            for one in acted:
                found[option, one.parameter] = one.means
        return found

    @property
    def _own(self) -> Marginals:
        return self.marginals.first(len(self.frequency.parameters))

    def stands_in(self, number: int, option: int) -> tuple[int, Floats] | None:
        """The parameter whose powers depend on a number under an option, and these powers.

        Shape (rows, points); none where the option does not rest on the number.
        """
        for one in self.acted[option]:
            if number in one.given:
                return one.parameter, one.given[number]
        if number < len(self.frequency.parameters):
            return number, self.functions[number]
        return None


@dataclass(frozen=True)
class OptionCurves:
    """The expected frequency under each option when one number is known.

    ``curves`` has shape (numbers, options, points), at the points of ``marginals``; ``expected``
    has shape (options,).
    """

    numbers: tuple[str, ...]
    marginals: Marginals
    curves: Floats
    expected: Floats


def choice(
    frequency: ExpectedFrequency,
    parameters: Mapping[str, TwoPiece],
    options: Sequence[Iterable[Change]],
) -> Options:
    """The options of a choice under one belief.

    Parameters
    ----------
    frequency
        The frequency without any act.
    parameters
        The distribution of each of its parameters, under one belief.
    options
        The acts of each option; acts on parameters that the frequency does not rest on are
        without effect. Acts of several options with sizes of the same id share them.

    Raises
    ------
    UsageError
        Where an option has two acts of one size, or so many acts on one parameter that their
        points are over `acts.MOST_POINTS`.

    """
    known = set(frequency.parameters)
    acts = [tuple(one for one in option if one.on in known) for option in options]
    sizes = _sizes(acts)
    numbers = (*frequency.parameters, *sizes)
    spreads = [*(parameters[name] for name in frequency.parameters), *sizes.values()]
    marginals = of_spreads(spreads, power=frequency.degree, panels=PANELS, nodes=NODES)
    column = {name: place for place, name in enumerate(numbers)}
    acted = tuple(tuple(_acted(frequency.powers, one, marginals, column)) for one in acts)
    return Options(frequency, numbers, marginals, acted)


def _sizes(options: Iterable[Sequence[Change]]) -> dict[str, TwoPiece]:
    """The sizes of all acts by id."""
    sizes: dict[str, TwoPiece] = {}
    for acts in options:
        own = [act.size.id for act in acts]
        if len(set(own)) < len(own):
            raise UsageError("An option has two acts of one size: give each a size of its own.")
        sizes.update({act.size.id: act.size.spread for act in acts})
    return sizes


def _acted(
    powers: Integers, acts: Sequence[Change], marginals: Marginals, column: Mapping[str, int]
) -> list[Acted]:
    """The parameters that an option acts on, with all acts on each in their order."""
    found = []
    for name in dict.fromkeys(act.on for act in acts):
        on = [act for act in acts if act.on == name]
        places = [column[name], *(column[act.size.id] for act in on)]
        found.append(after_acts(on, places, powers[places[0]], marginals))
    return found


def option_curves(options: Options) -> OptionCurves:
    """E[frequency | one number] under each option, for every number."""
    own = len(options.frequency.parameters)
    numbers, points = options.marginals.values.shape
    expected, multiply = options.frequency.expectations(options.means)
    curves = np.empty((numbers, len(options.acted), points))
    curves[:own] = multiply.transpose(1, 0, 2) @ options.functions
    curves[own:] = expected[:, None]
    for option, acted in enumerate(options.acted):
        for one in acted:
            for number, given in one.given.items():
                curves[number, option] = multiply[option, one.parameter] @ given
    return OptionCurves(options.numbers, options.marginals, curves, expected)


def given_two(options: Options, first: str, second: str) -> Floats:
    """E[frequency | two numbers] under each option, at all pairs of their points.

    Parameters
    ----------
    options
        The options.
    first, second
        Two of their numbers.

    Returns
    -------
    Floats
        Shape (points of the first, options, points of the second).

    Raises
    ------
    UsageError
        Where a name is unknown, or an option has both numbers in one parameter: the parameter
        and an act on it, or two acts on it.

    """
    if first == second or not {first, second} <= set(options.numbers):
        raise UsageError(f"`{first}` and `{second}` are not two numbers of the choice.")
    places = [options.numbers.index(name) for name in (first, second)]
    curves = []
    for option, means in enumerate(options.means):
        one, other = (options.stands_in(place, option) for place in places)
        if one and other and one[0] == other[0]:
            raise UsageError(f"`{first}` and `{second}` stand in one parameter of an option.")
        known = np.repeat(means[None], options.marginals.values.shape[1], axis=0)
        if one:
            known[:, one[0]] = one[1].T
        expected, multiply = options.frequency.expectations(known)
        if other:
            curves.append(multiply[:, other[0]] @ other[1])
        else:
            curves.append(np.repeat(expected[:, None], known.shape[0], axis=1))
    return np.stack(curves, axis=1)
