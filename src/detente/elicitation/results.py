"""What elicitation found: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GroupKind = Literal["side", "track", "party"]


@dataclass(frozen=True)
class Spread:
    """Three quantiles of a distribution: the median and the ends of its central 90 %."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Group:
    """Those whose answers were taken together: the people of a side or of a party."""

    id: str
    kind: GroupKind
    people: int


@dataclass(frozen=True)
class Perception:
    """What one group believes of one risk: the chance that it happens within the horizon.

    ``spread`` is the equal-weight mixture of the members' distributions; ``marker`` the trimmed
    geometric mean of the odds of their medians.
    """

    group: str
    risk: str
    spread: Spread
    marker: float
    people: int


@dataclass(frozen=True)
class Priority:
    """How one group ranks one risk: mean rank with its t interval, who put it in the first 3."""

    group: str
    risk: str
    mean_rank: Spread
    first_three: float
    people: int


@dataclass(frozen=True)
class Difference:
    """How far two groups part on one risk, as a ratio of odds with its Welch-t 90 % interval.

    Above 1: group ``a`` holds the risk likelier. ``tells`` is false where the interval holds 1.
    """

    a: str
    b: str
    risk: str
    odds_ratio: Spread
    people_a: int
    people_b: int
    tells: bool


@dataclass(frozen=True)
class Withheld:
    """A group whose answers are not shown, and why.

    ``complementary``: with it shown, those of another withheld group could be worked out.
    """

    group: str
    people: int
    reason: Literal["too-few", "not-released", "complementary"]


@dataclass(frozen=True)
class ElicitationResults:
    """Everything that the panels said about risks."""

    people: int
    groups: tuple[Group, ...]
    perceptions: tuple[Perception, ...]
    priorities: tuple[Priority, ...]
    differences: tuple[Difference, ...]
    withheld: tuple[Withheld, ...]
