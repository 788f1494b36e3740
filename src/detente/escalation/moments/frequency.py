"""The frequency of all ladders together: moments and indices, by paths or by diagrams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.escalation.ladder import CompiledLadder
from detente.escalation.moments.diagram import diagram_parts
from detente.escalation.moments.linear import LinearDiagrams, is_linear
from detente.escalation.moments.marginals import of_spreads
from detente.escalation.moments.polynomial import (
    PathPolynomial,
    TooManyPathsError,
    parameters_of,
    path_polynomial,
)
from detente.escalation.moments.sobol_indices import (
    SobolIndices,
    VarianceParts,
    shares,
    variance_parts,
)
from detente.ground.chance import TwoPiece

Named = tuple[tuple[str, ...], VarianceParts]


@dataclass(frozen=True)
class FrequencyIndices:
    """Mean and variance of a frequency per year, and the indices of its ``parameters``."""

    parameters: tuple[str, ...]
    indices: SobolIndices


def expected_frequency(
    ladders: Sequence[CompiledLadder], ends: frozenset[int] | None = None
) -> PathPolynomial | LinearDiagrams:
    """The frequency per year of the ends that count, for expectations given one number.

    Raises
    ------
    TooManyPathsError
        Where the ladders have too many paths and a parameter stands at several events of one.

    """
    try:
        return path_polynomial(ladders, ends)
    except TooManyPathsError:
        if not all(is_linear(ladder) for ladder in ladders):
            raise
    return LinearDiagrams(tuple(ladders), ends)


def frequency_indices(
    ladders: Sequence[CompiledLadder],
    parameters: Mapping[str, TwoPiece],
    ends: frozenset[int] | None = None,
) -> FrequencyIndices:
    """Mean, variance and Sobol indices of the frequency of the ends that count.

    Parameters
    ----------
    ladders
        The ladders; a parameter of the same name is the same number in all of them.
    parameters
        The distribution of each parameter, under one belief; they are independent.
    ends
        The ends that count; all where none are named.

    Returns
    -------
    FrequencyIndices
        For every parameter that a frequency of the ladders rests on.

    Raises
    ------
    TooManyPathsError
        Where ladders that share parameters have too many paths together, or one ladder has and a
        parameter stands at several of its events.
    TooManyPairsError
        Where the diagram of a ladder with too many paths is itself too large.

    Notes
    -----
    Ladders without a parameter in common are independent: the parts of their variances add.

    """
    found = [_parts(block, parameters, ends) for block in _blocks(ladders)]
    names = tuple(name for block, _ in found for name in block)
    parts = VarianceParts(
        mean=sum(part.mean for _, part in found),
        variance=sum(part.variance for _, part in found),
        alone=np.concatenate([np.zeros(0), *(part.alone for _, part in found)]),
        left=np.concatenate([np.zeros(0), *(part.left for _, part in found)]),
    )
    return FrequencyIndices(names, shares(parts))


def _parts(
    ladders: Sequence[CompiledLadder],
    parameters: Mapping[str, TwoPiece],
    ends: frozenset[int] | None,
) -> Named:
    try:
        polynomial = path_polynomial(ladders, ends)
    except TooManyPathsError:
        if len(ladders) > 1 or not is_linear(ladders[0]):
            raise
        return diagram_parts(ladders[0], parameters, ends)
    spreads = [parameters[name] for name in polynomial.parameters]
    marginals = of_spreads(spreads, power=2 * polynomial.degree)
    return polynomial.parameters, variance_parts(polynomial.at(marginals))


def _blocks(ladders: Sequence[CompiledLadder]) -> list[list[CompiledLadder]]:
    """Ladders that share parameters, directly or through others, stand together."""
    blocks: list[tuple[set[str], list[CompiledLadder]]] = []
    for ladder in ladders:
        names, block = set(parameters_of([ladder])), [ladder]
        apart = []
        for others, held in blocks:
            if names & others:
                names, block = names | others, held + block
            else:
                apart.append((others, held))
        blocks = [*apart, (names, block)]
    return [block for _, block in blocks]
