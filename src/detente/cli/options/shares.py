"""Shares of weightings of each party, drawn for files, counted at the common points of a case."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.assessment.smaa.indices import Indices, indices
from detente.assessment.smaa.intervals import Shares, Stop
from detente.assessment.weightings import PartyRanks, by_mean_rank, party_ranks
from detente.cli.files import waiting
from detente.cli.options.views import View
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.value import PartyGains

Floats = NDArray[np.float64]


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
        return by_mean_rank(self.acceptability)

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


def counted(gains: PartyGains) -> Accepted:
    """The indices of a party of a case, counted at its common points."""
    return _of_indices(gains.party, party_ranks(gains))


def _of_indices(party: str, found: Indices | PartyRanks) -> Accepted:
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
