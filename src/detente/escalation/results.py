"""What the ladders say: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.elicitation.results import Spread
from detente.ground.basis import Provenance

Verdict = Literal["better", "no-difference", "worse", "unknown"]


@dataclass(frozen=True)
class BeliefSet:
    """One set of numbers that the ladders were run with. ``base`` is the case's own."""

    id: str
    title: str
    held_by: str | None
    source: str | None


@dataclass(frozen=True)
class Frequency:
    """How often a level or worse is reached under one belief; ``ladder`` empty for all together."""

    belief: str
    ladder: str
    level: str
    per_year: Spread
    within_horizon: Spread


@dataclass(frozen=True)
class Effect:
    """What one measure does to the headline frequency under one belief.

    ``ratio`` is with : without; ``lower`` the probability that it is below 1. Both are None where
    the case states no effect (``unknown``).
    """

    belief: str
    measure: str
    ratio: Spread | None
    lower: float | None
    verdict: Verdict


@dataclass(frozen=True)
class NumberUsed:
    """A number that the ladders rest on, with where it comes from."""

    id: str
    what: str
    low: float
    mid: float
    high: float
    provenance: Provenance


@dataclass(frozen=True)
class Flip:
    """A conclusion that turns when one assumed number is fixed at an end of its interval."""

    number: str
    end: Literal["low", "high"]
    at: float
    measure: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class PublishedEstimate:
    """What others published about a whole outcome; told beside the ladders, never fed to them."""

    id: str
    about: dict[str, str]
    unit: str
    low: float
    mid: float
    high: float
    period: str
    provenance: Provenance


@dataclass(frozen=True)
class EscalationResults:
    """Everything that the ladders said."""

    points: int
    headline: str
    beliefs: tuple[BeliefSet, ...]
    frequencies: tuple[Frequency, ...]
    effects: tuple[Effect, ...]
    numbers: tuple[NumberUsed, ...]
    flips: tuple[Flip, ...]
    published: tuple[PublishedEstimate, ...]
