"""What the acts of several measures together do to one parameter.

The acts of one measure follow each other, as in `effects.change_all`. The measures that act on a
parameter fall into sets that do the same work there: those that the case links by
``saturates_with``, read both ways and from link to link, and all that put a number in its place.
Of a set that lowers the parameter only the strongest act counts at each point, the one that leaves
it farthest below what it was; of one that raises it, the one farthest above. Opposite directions
both count: their odds ratios (of a rate: their ratios) multiply. Different sets follow each other,
the one that replaces first, so that a ratio acts on the number that was put in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from detente.escalation.effects import Sizes, change
from detente.escalation.uncertainty import Belief, Change
from detente.ground.chance import Floats

Links = Mapping[str, Collection[str]]
Acts = Mapping[str, tuple[Change, ...]]


def joint_acts(
    belief: Belief, measures: Iterable[str], saturates: Links
) -> dict[str, tuple[Acts, ...]]:
    """By parameter, the sets of measures that do the same work there, with their acts.

    Parameters
    ----------
    belief
        The belief that states the acts.
    measures
        The ids of the measures, in the order of the case.
    saturates
        By measure, those that it saturates with; a link that one of two states binds both.

    """
    on: dict[str, dict[str, tuple[Change, ...]]] = {}
    for measure in measures:
        for act in belief.changes.get(measure, ()):
            acts = on.setdefault(act.on, {})
            acts[measure] = (*acts.get(measure, ()), act)
    return {parameter: _sets(acts, saturates) for parameter, acts in on.items()}


def _sets(acts: Acts, saturates: Links) -> tuple[Acts, ...]:
    """The sets of one parameter, the one that replaces first."""
    sets: list[dict[str, tuple[Change, ...]]] = []
    for measure, own in acts.items():
        linked = [one for one in sets if any(_same(acts, m, measure, saturates) for m in one)]
        joined = {name: these for one in linked for name, these in one.items()}
        sets = [*(one for one in sets if one not in linked), {**joined, measure: own}]
    return tuple(sorted(sets, key=lambda one: not any(map(_replaces, one.values()))))


def _same(acts: Acts, one: str, other: str, saturates: Links) -> bool:
    linked = other in saturates.get(one, ()) or one in saturates.get(other, ())
    return linked or (_replaces(acts[one]) and _replaces(acts[other]))


def _replaces(acts: Iterable[Change]) -> bool:
    return any(act.how == "replacement" for act in acts)


def after(value: Floats, sets: Iterable[Acts], package: AbstractSet[str], sizes: Sizes) -> Floats:
    """A parameter with a package of measures in force.

    Parameters
    ----------
    value
        The parameter without any measure, shape (N,).
    sets
        Of `joint_acts`, for this parameter.
    package
        The ids of the measures; those that do not act on the parameter change nothing.
    sizes
        The sizes of the acts at the same points.

    Returns
    -------
    Floats
        Shape (N,); for a single measure the same bits as `effects.change_all` gives.

    """
    for acts in sets:
        alone = [_follow(value, own, sizes) for name, own in acts.items() if name in package]
        if len(alone) == 1:
            value = alone[0]
        elif alone:
            value = _strongest(value, alone, is_probability=_on_probability(acts))
    return value


def _follow(value: Floats, acts: Iterable[Change], sizes: Sizes) -> Floats:
    for act in acts:
        value = change(value, act.how, sizes(act.size))
    return value


def _on_probability(acts: Acts) -> bool:
    first = next(iter(acts.values()))[0]
    return first.how == "odds-ratio" or first.size.spread.scale == "logit"


def _strongest(value: Floats, alone: list[Floats], *, is_probability: bool) -> Floats:
    """The strongest act downwards with the strongest one upwards; from ``value`` all set out."""
    low: Floats = np.minimum.reduce([value, *alone])
    high: Floats = np.maximum.reduce([value, *alone])
    stronger: Floats = np.where(low < value, low, high)
    apart = (low < value) & (high > value)
    if not apart.any():
        return stronger
    if is_probability:  # odds(low) odds(high) / odds(value), as a probability
        happens = low * high * (1 - value)
        otherwise = (1 - low) * (1 - high) * value
        whole = happens + otherwise
    else:
        happens, whole = low * high, value
    np.divide(happens, whole, out=stronger, where=apart & (whole > 0))
    return stronger
