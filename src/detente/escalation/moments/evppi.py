"""What it is worth to learn one number before choosing: the expected value of its information.

EVPPI = E max over options of E[B_o | x] - max over options of E B_o, with the benefit B_o of an
option o: here, the frequency per year that it saves. On every panel of the quadrature the curve
E[B_o | x] less that of the preferred option is a polynomial. Where the best option at two points
that stand side by side differs, the place s of the switch is solved for, and the integral is that
of one best option up to s and of the other beyond:

    integral of the greatest = integral of the leftmost + sum over switches of
                               integral from s on of (the option after s - the one before s)

No sampling, and no kink is integrated across. Two options that are best on less than the distance
of two points are told apart only where their curves cross between the points of a switch.

References
----------
Felli and Hazen (1998), "Sensitivity analysis and the expected value of perfect information",
Medical Decision Making 18(1).

"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.escalation.moments.marginals import legendre
from detente.escalation.moments.options import OptionCurves, Options, given_two, option_curves
from detente.escalation.moments.products import Integers
from detente.ground.chance import Floats

_SAME = 1e-13  # of the greatest benefit: differences below it are rounding
_STEPS = 40
_ROUNDS = 16


@dataclass(frozen=True)
class Learning:
    """What learning each number would change.

    ``preferred`` is the place of the option that is best on average; ``worth`` is the EVPPI in
    the units of the benefit; ``changes`` is the probability that another option is best once the
    number is known; both of shape (numbers,). ``best`` of shape (numbers, options) holds the
    probability that each option is then best.
    """

    preferred: int
    worth: Floats
    changes: Floats
    best: Floats


class _Switches(NamedTuple):
    """Places on panels where the best option changes, each an array of shape (switches,)."""

    number: Integers
    panel: Integers
    place: Floats
    before: Integers
    after: Integers

    def only(self, these: NDArray[np.bool_]) -> _Switches:
        """Those switches alone."""
        number, panel, place, before, after = self
        return _Switches(number[these], panel[these], place[these], before[these], after[these])


class _Gaps(NamedTuple):
    """Pairs of neighbouring places between which the best option changes."""

    number: Integers
    panel: Integers
    low: Floats
    high: Floats
    before: Integers
    after: Integers


def frequency_saved(curves: OptionCurves) -> Learning:
    """The EVPPI of each number for the choice of the option with the lowest frequency.

    Parameters
    ----------
    curves
        The expected frequencies. ``worth`` is per year.

    """
    marginals = curves.marginals
    return learning(-curves.curves, marginals.weights, nodes=marginals.nodes)


def saved_by_two(options: Options, first: str, second: str) -> float:
    """The EVPPI per year of learning two numbers together, never less than that of each alone.

    Parameters
    ----------
    options
        The options of the choice.
    first, second
        Two of their numbers, which do not stand in one parameter (`options.given_two`).

    Notes
    -----
    Exact in the number of the larger worth at each point of the other. The quadrature in the
    other meets kinks: expect a relative error of about 1e-3, unlike for one number.

    """
    alone = frequency_saved(option_curves(options))
    worth = {name: float(alone.worth[options.numbers.index(name)]) for name in (first, second)}
    outer, inner = sorted(worth, key=lambda name: (worth[name], name))
    held = options.marginals
    benefit = -given_two(options, outer, inner)
    weights = np.broadcast_to(held.weights[options.numbers.index(inner)], benefit[:, 0].shape)
    both = learning(benefit, weights, nodes=held.nodes, preferred=alone.preferred)
    mean = float(both.worth @ held.weights[options.numbers.index(outer)])
    return max(mean, *worth.values())


def learning(
    benefit: Floats, weights: Floats, *, nodes: int, preferred: int | None = None
) -> Learning:
    """The EVPPI of each number, from the expected benefits of the options given the number.

    Parameters
    ----------
    benefit
        E[B_o | x] at the points of each number, shape (numbers, options, points).
    weights
        The probabilities of the points, shape (numbers, points).
    nodes
        The points on a panel of the quadrature (`marginals.Marginals`).
    preferred
        The option to compare with. Where none is given, the best on average; of several that
        are equally good the first.

    """
    numbers, options, points = benefit.shape
    expected = benefit[0] @ weights[0]
    same = _SAME * float((np.abs(benefit[0]) @ weights[0]).max())
    if preferred is None:
        preferred = int(np.argmax(expected >= expected.max() - same))
    gain = benefit - benefit[:, preferred, None]
    gain = gain.reshape(numbers, options, points // nodes, nodes)
    mass = weights.reshape(numbers, -1, nodes)
    winners = _winners(gain, preferred, same)
    worth, best = _integrals(gain, mass, winners[:, :, 0], _switches(gain, winners, preferred))
    return Learning(preferred, np.maximum(worth, 0.0), 1.0 - best[:, preferred], best)


def _winners(gain: Floats, preferred: int, same: float) -> Integers:
    """The best option at the start, the nodes and the end of each panel.

    Of equals the preferred one, else the first; shape (numbers, panels, nodes + 2).
    """
    nodes = gain.shape[-1]
    ends = (gain.reshape(-1, nodes) @ _to_ends(nodes)).reshape(*gain.shape[:-1], 2)
    inside, outside = (
        np.where(one.max(axis=1) > same, one.argmax(axis=1), preferred) for one in (gain, ends)
    )
    return np.concatenate([outside[..., :1], inside, outside[..., 1:]], axis=-1)


@cache
def _places(nodes: int) -> Floats:
    return np.array([-1.0, *legendre(nodes)[0], 1.0])


@cache
def _to_series(nodes: int) -> Floats:
    """From values at the nodes to coefficients of Legendre polynomials, shape (nodes, nodes)."""
    points, weights = legendre(nodes)
    degree = np.arange(nodes)
    table: Floats = (np.polynomial.legendre.legvander(points, nodes - 1) * weights[:, None]) * (
        degree + 0.5
    )
    return table


@cache
def _to_ends(nodes: int) -> Floats:
    """From values at the nodes to those at -1 and 1, shape (nodes, 2)."""
    signs = np.where(np.arange(nodes) % 2, -1.0, 1.0)
    found: Floats = _to_series(nodes) @ np.stack([signs, np.ones(nodes)], axis=1)
    return found


@cache
def _barycentric(nodes: int) -> Floats:
    """The weights of the barycentric formula at Legendre nodes."""
    points, weights = legendre(nodes)
    signs = np.where(np.arange(nodes) % 2, -1.0, 1.0)
    found: Floats = signs * np.sqrt((1 - points**2) * weights)
    return found


def _basis(place: Floats, nodes: int) -> Floats:
    """What the value at each node counts at some places, shape (places, nodes).

    References
    ----------
    Berrut and Trefethen (2004), "Barycentric Lagrange interpolation", SIAM Review 46(3).

    """
    apart = place[:, None] - legendre(nodes)[0]
    apart[apart == 0] = 1e-300  # a node counts for itself alone
    found: Floats = _barycentric(nodes) / apart
    found /= found.sum(axis=1, keepdims=True)
    return found


def _switches(gain: Floats, winners: Integers, preferred: int) -> _Switches:
    """All places where the best option changes."""
    places = _places(gain.shape[-1])
    number, panel, gap = np.nonzero(winners[..., 1:] != winners[..., :-1])
    before, after = winners[number, panel, gap], winners[number, panel, gap + 1]
    gaps = _Gaps(number, panel, places[gap], places[gap + 1], before, after)
    found = []
    for _ in range(_ROUNDS):
        if not len(gaps.number):
            break
        place = _crossing(gain, gaps)
        best, better = _third(gain, place, gaps, preferred)
        found.append(
            _Switches(gaps.number, gaps.panel, place, gaps.before, gaps.after).only(~better)
        )
        gaps = _split(gaps, place, best, better)
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return _Switches(nothing, nothing, np.zeros(0), nothing, nothing)
    number, panel, at, before, after = (np.concatenate(c) for c in zip(*found, strict=True))
    return _Switches(number, panel, at, before, after)


def _crossing(gain: Floats, gaps: _Gaps) -> Floats:
    """Where the option after overtakes the option before, by regula falsi (Illinois)."""
    nodes = gain.shape[-1]
    lead = gain[gaps.number, gaps.after, gaps.panel] - gain[gaps.number, gaps.before, gaps.panel]
    small = 1e-15 * np.abs(lead).max(axis=1)
    low, high = gaps.low, gaps.high
    at_low = np.minimum((lead * _basis(low, nodes)).sum(axis=1), -small)
    at_high = np.maximum((lead * _basis(high, nodes)).sum(axis=1), small)
    place, was_left = (low + high) / 2, np.zeros(len(low))
    for _ in range(_STEPS):
        place = high - at_high * ((high - low) / (at_high - at_low))
        value = (lead * _basis(place, nodes)).sum(axis=1)
        if np.all((np.abs(value) <= small) | (high - low < 1e-14)):
            break
        left = value < 0
        at_high = np.where(left, np.where(was_left > 0, at_high / 2, at_high), value)
        at_low = np.where(left, value, np.where(was_left < 0, at_low / 2, at_low))
        low, high = np.where(left, place, low), np.where(left, high, place)
        at_low, at_high = np.minimum(at_low, -1e-300), np.maximum(at_high, 1e-300)
        was_left = np.where(left, 1.0, -1.0)
    return place


def _third(
    gain: Floats, place: Floats, gaps: _Gaps, preferred: int
) -> tuple[Integers, NDArray[np.bool_]]:
    """The best option at a crossing of two, and whether it beats both clearly."""
    row = np.arange(len(place))
    curves = gain[gaps.number, :, gaps.panel]
    values = np.matmul(curves, _basis(place, gain.shape[-1])[:, :, None])[..., 0]
    best = np.where(values.max(axis=1) > 0, values.argmax(axis=1), preferred)
    lead = values[row, best] - np.maximum(values[row, gaps.before], values[row, gaps.after])
    inside = (place > gaps.low) & (place < gaps.high)
    better = inside & (lead > 1e-12 * np.abs(curves).max(axis=(1, 2)))
    return best, better & (best != gaps.before) & (best != gaps.after)


def _split(gaps: _Gaps, place: Floats, best: Integers, better: NDArray[np.bool_]) -> _Gaps:
    """Either side of a place where a third option is best."""
    at, third = place[better], best[better]
    return _Gaps(
        np.tile(gaps.number[better], 2),
        np.tile(gaps.panel[better], 2),
        np.concatenate([gaps.low[better], at]),
        np.concatenate([at, gaps.high[better]]),
        np.concatenate([gaps.before[better], third]),
        np.concatenate([third, gaps.after[better]]),
    )


def _integrals(
    gain: Floats, mass: Floats, leftmost: Integers, switches: _Switches
) -> tuple[Floats, Floats]:
    """The mean of the greatest gain, and the probability that each option has it."""
    numbers, options, _, nodes = gain.shape
    first = np.take_along_axis(gain, leftmost[:, None, :, None], axis=1)[:, 0]
    worth = (first * mass).sum(axis=(1, 2))
    best = np.zeros((numbers, options))
    np.add.at(best, (np.arange(numbers)[:, None], leftmost), mass.sum(axis=2))
    if len(switches.number):
        number, panel, place, before, after = switches
        beyond = mass[number, panel] * _beyond(place, nodes)
        lead = gain[number, after, panel] - gain[number, before, panel]
        np.add.at(worth, number, (lead * beyond).sum(axis=1))
        np.add.at(best, (number, after), beyond.sum(axis=1))
        np.add.at(best, (number, before), -beyond.sum(axis=1))
    return worth, np.clip(best, 0.0, 1.0)


def _beyond(place: Floats, nodes: int) -> Floats:
    """The share of each node's weight that lies beyond a place, shape (places, nodes).

    The integral from s to 1 of the polynomial through values at the nodes, with the integral of
    P_n from s to 1 being (P_(n-1)(s) - P_(n+1)(s)) / (2 n + 1), over the weights of the rule.
    """
    table = np.polynomial.legendre.legvander(place, nodes)
    degree = np.arange(1, nodes)
    from_here = np.empty((len(place), nodes))
    from_here[:, 0] = 1 - place
    from_here[:, 1:] = (table[:, :-2] - table[:, 2:]) / (2 * degree + 1)
    found: Floats = from_here @ _to_series(nodes).T / legendre(nodes)[1]
    return found
