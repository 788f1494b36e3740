"""What acts make of the powers of one parameter, given one of the numbers they depend on.

A parameter that is acted on stands in the frequency as a function of itself and of the sizes of
the acts; their average over all sizes but one, or over all sizes, is a function of one number:

- a rate ratio r: x r, whose powers have the means E[r^a] x^a;
- an odds ratio r: p r / (1 - p + p r), which is not linear in either, taken at all pairs of points;
- a replacement r: r itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.moments.marginals import Marginals, mean
from detente.escalation.moments.polynomial import power
from detente.escalation.moments.products import Integers
from detente.escalation.uncertainty import Change
from detente.ground.chance import Floats
from detente.ground.errors import UsageError

MOST_POINTS = 2**24  # at which acts on one parameter are taken together


@dataclass(frozen=True)
class Acted:
    """The functions of one parameter, acted on, given each number they depend on, and means.

    ``given`` holds arrays of shape (rows, points) by place of the number; ``means`` has shape
    (rows,).
    """

    parameter: int
    given: Mapping[int, Floats]
    means: Floats


def after_acts(
    acts: Sequence[Change], places: Sequence[int], powers: Integers, marginals: Marginals
) -> Acted:
    """The powers of one parameter after the acts on it, in their order.

    Parameters
    ----------
    acts
        The acts of one option on the parameter.
    places
        The places in ``marginals`` of the parameter, and then of the size of each act.
    powers
        The pairs of powers of x and 1 - x, shape (rows, 2).
    marginals
        The quadrature of all numbers.

    Raises
    ------
    UsageError
        Where the acts are so many that their points are over `MOST_POINTS`.

    """
    if all(act.how == "rate-ratio" for act in acts) and not powers[:, 1].any():
        return _scaled(places, powers, marginals)
    return _together(acts, places, powers, marginals)


def _scaled(places: Sequence[int], powers: Integers, marginals: Marginals) -> Acted:
    """Powers of a product of independent numbers: the mean is the product of the means."""
    functions = power(marginals.values[places][:, None], powers[:, :1])
    means = mean(functions, marginals.weights[places][:, None])
    given = {
        place: functions[one] * np.delete(means, one, axis=0).prod(axis=0)[:, None]
        for one, place in enumerate(places)
    }
    return Acted(places[0], given, means.prod(axis=0))


def _together(
    acts: Sequence[Change], places: Sequence[int], powers: Integers, marginals: Marginals
) -> Acted:
    """The powers at all points of the parameter and the sizes together."""
    points = marginals.values.shape[1]
    axes = len(places)
    if points**axes > MOST_POINTS:
        raise UsageError(
            f"{len(acts)} acts of one option on one parameter are too many to combine."
        )
    value, rest = _after(acts, places, marginals, with_rest=bool(powers[:, 1].any()))
    weights = marginals.weights[places]
    shape = (points,) * axes
    given = {place: np.empty((len(powers), points)) for place in places}
    for row, (happens, otherwise) in enumerate(powers):
        if happens == otherwise == 0:
            for functions in given.values():
                functions[row] = 1.0
            continue
        table = np.broadcast_to(_product(value, int(happens), rest, int(otherwise)), shape)
        for one, place in enumerate(places):
            given[place][row] = _average(table, weights, one)
    return Acted(places[0], given, mean(given[places[0]], weights[0]))


def _after(
    acts: Sequence[Change], places: Sequence[int], marginals: Marginals, *, with_rest: bool
) -> tuple[Floats, Floats]:
    """The parameter after its acts, and 1 less it, with one axis a number; they broadcast.

    The latter is not kept up by the last act where nobody asks for it.
    """
    value, rest = (
        one.reshape(-1, *[1] * len(acts))
        for one in (marginals.values[places[0]], marginals.rest[places[0]])
    )
    for axis, (act, place) in enumerate(zip(acts, places[1:], strict=True), start=1):
        along = [1] * len(places)
        along[axis] = -1
        size = marginals.values[place].reshape(along)
        if act.how == "rate-ratio":
            value = value * size
            rest = 1 - value
        elif act.how == "odds-ratio":
            odds = value * size
            both = rest + odds
            value = odds / both
            rest = rest / both if with_rest or axis < len(acts) else rest
        else:
            value, rest = size, marginals.rest[place].reshape(along)
    return value, rest


def _product(value: Floats, happens: int, rest: Floats, otherwise: int) -> Floats:
    """value^happens rest^otherwise, without a power where there is none."""
    if otherwise == 0:
        return value if happens == 1 else value**happens
    return rest**otherwise if happens == 0 else value**happens * rest**otherwise


def _average(table: Floats, weights: Floats, kept: int) -> Floats:
    """The mean of a table over all axes but one."""
    for axis in range(table.ndim - 1, kept, -1):
        table = table @ weights[axis]
    for axis in range(kept):
        table = (weights[axis] @ table.reshape(len(table), -1)).reshape(table.shape[1:])
    return table
