"""Shares of weightings of each party, drawn for files, counted at the common points of a case."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.indices import Indices, indices
from detente.assessment.smaa.intervals import Shares, Stop, wilson
from detente.cli.files import waiting
from detente.cli.options.views import View
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.value import PartyGains

Floats = NDArray[np.float64]
TINY = 1e-12
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Accepted:
    """The indices of one party: those of `detente.assessment.smaa.indices.Indices`."""

    party: str
    options: tuple[str, ...]
    criteria: tuple[str, ...]
    samples: int
    acceptability: Shares
    pairwise: Shares
    central_weights: Floats
    central_errors: Floats
    confidence: Shares
    undecided: NDArray[np.bool_]

    @property
    def order(self) -> list[int]:
        """The places of the options by mean rank, the best first."""
        ranks = np.arange(len(self.options))
        means = self.acceptability.share @ ranks
        return [int(place) for place in np.argsort(means, kind="stable")]

    def told(self) -> dict[str, Any]:
        """The same for JSON: an object an option, and one a pair."""
        pairs = [(a, b) for a in range(len(self.options)) for b in range(a + 1, len(self.options))]
        return {
            "party": self.party,
            "samples": self.samples,
            "options": [self._option(place) for place in range(len(self.options))],
            "pairs": [self.pair(a, b) for a, b in pairs],
        }

    def pair(self, a: int, b: int) -> dict[str, Any]:
        """How often one option ranks before another."""
        return {
            "option": self.options[a],
            "before": self.options[b],
            **share(self.pairwise, (a, b)),
            "distinguishable": not self.undecided[a, b],
        }

    def _option(self, place: int) -> dict[str, Any]:
        central = zip(
            self.criteria,
            self.central_weights[place].tolist(),
            self.central_errors[place].tolist(),
            strict=True,
        )
        return {
            "option": self.options[place],
            "ranks": [share(self.acceptability, (place, k)) for k in range(len(self.options))],
            "central_weights": [
                {"criterion": name, "weight": weight, "error": error}
                for name, weight, error in central
            ],
            "confidence": share(self.confidence, (place,)),
        }


def share(shares: Shares, place: tuple[int, ...]) -> dict[str, float]:
    """One share with its interval."""
    return {
        "share": float(shares.share[place]),
        "low": float(shares.low[place]),
        "high": float(shares.high[place]),
    }


def drawn(views: Sequence[View], *, stop: Stop, seed: int) -> tuple[Accepted, ...]:
    """The indices of each view; each party has a seed of its own, so that none moves another."""
    seeds = np.random.SeedSequence(seed).spawn(len(views))
    threads = os.cpu_count() or 1
    with waiting(_("drawing")):
        return tuple(
            _of_indices(
                view.party,
                indices(
                    view.inputs.problem, view.inputs.weights, seed=own, stop=stop, threads=threads
                ),
            )
            for view, own in zip(views, seeds, strict=True)
        )


def _of_indices(party: str, found: Indices) -> Accepted:
    return Accepted(
        party,
        found.options,
        found.criteria,
        found.samples,
        found.acceptability,
        found.pairwise,
        found.central_weights,
        found.central_errors,
        found.confidence,
        found.undecided,
    )


def counted(gains: PartyGains) -> Accepted:
    """The indices of a party of a case, over its samples of gains; tied measures share a rank."""
    values = gains.gains
    samples, m = values.shape
    above = values[:, :, None] > values[:, None, :] + TINY  # (N, M, M)
    ranks = above.sum(axis=1)
    first = ranks == 0
    pairwise = wilson(above.sum(axis=0), samples, LEVEL)
    decided = pairwise.low > 0.5
    central, errors = _central(gains.weights, first)
    return Accepted(
        gains.party,
        gains.measures,
        gains.criteria,
        samples,
        wilson(np.stack([(ranks == k).sum(axis=0) for k in range(m)], axis=1), samples, LEVEL),
        pairwise,
        central,
        errors,
        wilson(_confident(gains.differences, central), samples, LEVEL),
        ~(decided | decided.T | np.eye(m, dtype=np.bool_)),
    )


def _central(weights: Floats, first: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean weights (m, n) under which each option is first, and their standard errors."""
    times = first.sum(axis=0)[:, None].astype(np.float64)
    times[times == 0] = np.nan
    mean = first.T @ weights / times
    spread = np.maximum(first.T @ weights**2 / times - mean**2, 0.0)
    return mean, np.sqrt(spread / times)


def _confident(differences: Floats, central: Floats) -> Floats:
    """How often each option is first under its central weights, (m,); NaN where it never was."""
    times = np.full(len(central), np.nan)
    for place, weights in enumerate(central):
        if np.isfinite(weights).all():
            values = differences @ weights
            times[place] = (values[:, place] >= values.max(axis=1) - TINY).sum()
    return times
