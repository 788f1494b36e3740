"""What the ladders say: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.elicitation.results import Spread
from detente.ground.basis import Provenance

Verdict = Literal["better", "no-difference", "worse", "unknown"]
Agreement = Literal["agrees", "strained", "conflicts", "cannot-tell", "not-comparable"]


@dataclass(frozen=True)
class BeliefSet:
    """One set of numbers that the ladders were run with. ``base`` is the case's own.

    ``structure`` says that it also has ladders or events of its own, or leaves some out; and
    ``bounds_only`` that it refuses some numbers, so that only bounds are told under it.
    """

    id: str
    title: str
    held_by: str | None
    source: str | None
    structure: bool = False
    bounds_only: bool = False


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
class Bounds:
    """What a belief that refuses some numbers allows, with 90 % of what the others leave open.

    Of the headline frequency per year where ``measure`` is empty, else of its ratio with :
    without. No number within a refused interval is held likelier than another.
    """

    belief: str
    measure: str
    low: float
    high: float


@dataclass(frozen=True)
class Way:
    """A way to the headline level: an initiator and the fewest events that lead on from it.

    ``events`` are what must happen, in words by language; ``per_year`` how often they come
    together, whatever else happens; ``share`` that frequency : the headline frequency under the
    belief, on average. Ways overlap, so that shares may add up to more than 1.
    """

    belief: str
    ladder: str
    in_crisis: bool
    events: tuple[dict[str, str], ...]
    per_year: Spread
    share: float


@dataclass(frozen=True)
class WayCount:
    """How many ways to the headline there are in all, and of how many events, under a belief.

    ``by_order[k]`` counts those of k events; ``coherent`` is false where an event can also keep
    the headline from being reached by happening.
    """

    belief: str
    by_order: tuple[int, ...]
    coherent: bool


@dataclass(frozen=True)
class AreaEffect:
    """What all measures of one area of recommendations do together under one belief.

    ``measures`` are those with a stated effect, ``stands`` whether they can be taken together as
    they are; the rest as in `Effect`.
    """

    belief: str
    area: int
    measures: tuple[str, ...]
    stands: bool
    ratio: Spread | None
    lower: float | None
    verdict: Verdict


@dataclass(frozen=True)
class AreaInteraction:
    """How far two areas reinforce (above 0) or replace each other, in -ln(with : without).

    The Shapley interaction index over all packages of areas, under the case's own numbers.
    """

    areas: tuple[int, int]
    mean: float
    spread: Spread


@dataclass(frozen=True)
class OrderedPair:
    """Two measures, or areas, of which the first is better under every belief.

    ``least`` is the smallest share of the points, over the beliefs, at which it is so.
    """

    better: str
    worse: str
    least: float


@dataclass(frozen=True)
class Preferred:
    """Which measure one belief prefers, and at what share of the points another would do more.

    The measure is empty where it prefers to take none.
    """

    belief: str
    measure: str
    flips: float


@dataclass(frozen=True)
class BestPackage:
    """The package of so many measures with the lowest expected frequency, for one belief alone.

    ``flips`` is the share of the points at which another package of its size does more.
    """

    belief: str
    measures: tuple[str, ...]
    ratio: Spread
    flips: float


@dataclass(frozen=True)
class Driver:
    """How much of the spread of the headline frequency one number makes, under one belief.

    ``first`` goes when it alone is learnt, ``total`` stays when all else is; where numbers are
    correlated both are None and ``shapley`` shares the variance out, by sampling, with a standard
    ``error``.
    """

    belief: str
    number: str
    first: float | None
    total: float | None
    shapley: float | None
    error: float | None = None


@dataclass(frozen=True)
class Learning:
    """What learning one number would change in the choice of one measure, for one belief alone.

    ``preferred`` is the measure with the lowest expected frequency, empty where none is lower
    than without any; ``changes`` the probability
    that another one is best once the number is known, ``instead`` the likeliest other; ``worth``
    the frequency saved on average by learning it, as a share of the frequency with ``preferred``.
    """

    belief: str
    number: str
    preferred: str
    instead: str
    changes: float
    worth: float


@dataclass(frozen=True)
class Observation:
    """What years without an event change under one belief; told, and fed to nothing.

    ``before`` and ``after`` are frequencies per year of the level or worse; ``expected`` the
    probability that the belief gave to those quiet years; ``changed`` the measures whose verdict
    turns with them.
    """

    belief: str
    quiet: str
    level: str
    years: float
    before: Spread
    after: Spread
    expected: float
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """A published estimate beside the case's own order of magnitude for the same outcome.

    ``own`` is a probability over the same time; ``orders`` log10 of published : own, of the
    middles; ``gap`` the orders of magnitude between the nearest ends of both intervals. Of
    outcomes that differ nothing is said of agreement: they are ``not-comparable``.
    """

    published: str
    own: Spread
    orders: float
    gap: float
    agreement: Agreement


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
    bounds: tuple[Bounds, ...] = ()
    ways: tuple[Way, ...] = ()
    way_counts: tuple[WayCount, ...] = ()
    areas: tuple[AreaEffect, ...] = ()
    interactions: tuple[AreaInteraction, ...] = ()
    orders: tuple[OrderedPair, ...] = ()
    preferred: tuple[Preferred, ...] = ()
    packages: tuple[BestPackage, ...] = ()
    drivers: tuple[Driver, ...] = ()
    learning: tuple[Learning, ...] = ()
    observations: tuple[Observation, ...] = ()
    beside: tuple[Beside, ...] = ()
