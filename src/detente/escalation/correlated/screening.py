"""Which numbers deserve an effect of their own, and which are taken together as all others."""

from __future__ import annotations

import numpy as np

from detente.escalation.correlated.resampling import Function, Inputs, Partners

KEPT = 8
POINTS = 2**8
REPLICATES = 8

Players = tuple[tuple[str, ...], ...]


def importances(
    function: Function,
    inputs: Inputs,
    *,
    rng: np.random.Generator,
    points: int = POINTS,
    replicates: int = REPLICATES,
) -> dict[str, float]:
    """A cheap estimate of how much each number can matter to the variance of a function.

    Parameters
    ----------
    function, inputs, rng, points, replicates
        As for `shapley_effects.shapley_effects`.

    Returns
    -------
    dict of str to float
        The total index E Var[f | all but x_i] / Var f, and for a number that varies with others
        the index Var E[f | x_i] / Var f where that is larger: two copies of one number leave
        each other a total index of 0 however much both matter. All are 0 where the function does
        not vary.

    """
    partners = Partners(function, inputs, points=points, replicates=replicates, rng=rng)
    everything = frozenset(inputs.names)
    variance = float(partners.differences(everything).mean())
    found = {}
    for name in inputs.names:
        part = float(partners.differences(frozenset({name})).mean())
        if name in partners.correlated:
            part = max(part, variance - float(partners.differences(everything - {name}).mean()))
        found[name] = part / variance if variance > 0 else 0.0
    return found


def screen(
    function: Function,
    inputs: Inputs,
    *,
    rng: np.random.Generator,
    kept: int = KEPT,
    points: int = POINTS,
    replicates: int = REPLICATES,
) -> Players:
    """The most important numbers, each alone and the first of them first; then all others as one.

    Parameters
    ----------
    function, inputs, rng, points, replicates
        As for `shapley_effects.shapley_effects`.
    kept
        How many numbers stay alone.

    """
    if len(inputs.names) <= kept + 1:
        return tuple((name,) for name in inputs.names)
    found = importances(function, inputs, rng=rng, points=points, replicates=replicates)
    alone = sorted(inputs.names, key=lambda name: -found[name])[:kept]
    others = tuple(name for name in inputs.names if name not in alone)
    return (*((name,) for name in alone), others)
