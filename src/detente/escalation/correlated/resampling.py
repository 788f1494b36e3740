"""Points of uncertain numbers, and partners at which some of the numbers are drawn anew.

Where the numbers J are drawn anew from what the rest says of them, x and x' are two independent
draws given the rest, and half the mean squared difference of f(x) and f(x') is an unbiased
estimate of E Var[f | all but J], with dependent numbers too.

References
----------
Jansen (1999), "Analysis of variance designs for model output", Computer Physics Communications
117.

"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detente.escalation.correlated.copula import Copula, Scores
from detente.ground.chance import Floats, TwoPiece, sobol
from detente.ground.errors import UsageError

Flags = NDArray[np.bool_]
Function = Callable[[Mapping[str, Floats]], Floats]


@dataclass(frozen=True)
class Inputs:
    """The numbers that a function is of, how they vary together, and their distributions.

    The function takes the values of a number that has a distribution in ``spreads``, and the
    normal scores of any other. To know a number is to know its score; that of a number without a
    spread, which never varies, tells nothing of others.
    """

    names: tuple[str, ...]
    copula: Copula
    spreads: Mapping[str, TwoPiece] = field(default_factory=dict)

    @property
    def varying(self) -> frozenset[str]:
        """The numbers that are no points."""
        fixed = {name for name, one in self.spreads.items() if one.below == one.above == 0}
        return frozenset(self.names) - fixed

    def value(self, name: str, score: Floats) -> Floats:
        """The values of a number at its scores; same shape."""
        return self.spreads[name].at_normal(score) if name in self.spreads else score


class Partners:
    """A function at points in several replicates, each a scrambled Sobol net of its own.

    All replicates stand in one array of shape (replicates x points,), one after the other.
    """

    def __init__(
        self,
        function: Function,
        inputs: Inputs,
        *,
        points: int,
        replicates: int,
        rng: np.random.Generator,
    ) -> None:
        if not inputs.names:
            raise UsageError("A function of no numbers does not vary.")
        if replicates < 2:
            raise UsageError(f"{replicates} replicates: without a second one no error is known.")
        self._function, self._inputs, self._replicates = function, inputs, replicates
        self._copula = inputs.copula.among(inputs.varying)
        self._free = [name for name in inputs.names if name not in self._copula.block]
        count = len(inputs.names)
        nets = [sobol(points, 2 * count, seed=rng) for _ in range(replicates)]
        normal = ndtri(np.vstack(nets)).T.copy()
        self._scores = self._copula.correlated(dict(zip(inputs.names, normal[:count], strict=True)))
        self._drawn = dict(zip(inputs.names, normal[count:], strict=True))
        self._here = self._values(self._scores)
        self._there = {name: inputs.value(name, self._drawn[name]) for name in self._free}
        self._at_points = self._at(self._here)

    @property
    def correlated(self) -> tuple[str, ...]:
        """The numbers that vary together with others."""
        return self._copula.block

    @property
    def size(self) -> int:
        """The number of points of all replicates."""
        return len(self._at_points)

    def differences(self, anew: frozenset[str]) -> Floats:
        """Half the squared difference to the partners, shape (size,).

        Parameters
        ----------
        anew
            The numbers that are drawn anew, at all points.

        """
        values = {name: (self._there if name in anew else self._here)[name] for name in self._free}
        block = anew.intersection(self._copula.block)
        values |= {name: self._here[name] for name in self._copula.block if name not in block}
        values |= self._values(self._again(block, slice(None)))
        return self._halved(values)

    def differences_by_point(self, anew: Mapping[str, Flags]) -> Floats:
        """The same where other numbers are drawn anew at each point.

        Parameters
        ----------
        anew
            Whether a number is drawn anew, shape (size,), for all numbers.

        """
        values = {
            name: np.where(anew[name], self._there[name], self._here[name]) for name in self._free
        }
        return self._halved(values | self._values(self._block_by_point(anew)))

    def by_replicate(self, at_points: Floats) -> Floats:
        """The means of each replicate, shape (..., replicates), from shape (..., size)."""
        parts = at_points.reshape(*at_points.shape[:-1], self._replicates, -1)
        return np.asarray(parts.mean(axis=-1))

    def _block_by_point(self, anew: Mapping[str, Flags]) -> dict[str, Floats]:
        """The scores of the block; points at which the same ones are new are taken together."""
        block = self._copula.block
        scores = {name: self._scores[name].copy() for name in block}
        patterns = np.array([anew[name] for name in block]).reshape(len(block), self.size)
        distinct, which = np.unique(patterns, axis=1, return_inverse=True)
        for place, pattern in enumerate(distinct.T):
            rows = which.ravel() == place
            again = frozenset(name for name, new in zip(block, pattern, strict=True) if new)
            for name, own in self._again(again, rows).items():
                scores[name][rows] = own
        return scores

    def _again(self, block: frozenset[str], rows: slice | Flags) -> dict[str, Floats]:
        """New scores of some of the block, drawn given the rest of it."""
        if not block:
            return {}
        given = self._copula.given([name for name in self._copula.block if name not in block])
        known = {name: self._scores[name][rows] for name in given.known}
        return given.scores(known, {name: self._drawn[name][rows] for name in given.rest})

    def _values(self, scores: Scores) -> dict[str, Floats]:
        return {name: self._inputs.value(name, score) for name, score in scores.items()}

    def _halved(self, values: Mapping[str, Floats]) -> Floats:
        found: Floats = (self._at(values) - self._at_points) ** 2 / 2
        return found

    def _at(self, values: Mapping[str, Floats]) -> Floats:
        found = np.asarray(self._function(values), dtype=np.float64)
        wanted = next(iter(values.values())).shape
        if found.shape != wanted:
            raise UsageError(f"The function gives shape {found.shape} for numbers of {wanted}.")
        if not np.isfinite(found).all():
            raise UsageError("The function is not finite at every point.")
        return found
