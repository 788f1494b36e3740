"""What was found about packages of measures: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Solution = Literal["nash", "leximin", "kalai-smorodinsky", "utilitarian", "best-for-one"]
Status = Literal["optimal", "gap-left", "infeasible"]
CoreClass = Literal["core", "borderline", "exterior"]
CoreMethod = Literal["enumerated", "sampled"]


@dataclass(frozen=True)
class Bargain:
    """One package, by one rule.

    ``package`` is in the order of the problem's measures, and may be empty. ``gains`` holds each
    party's gain in its own units, against its own trend without agreement. ``objective`` is what
    the rule maximises: the weighted sum of logarithms of the gains (``nash``), the smallest gain
    (``leximin``), the smallest share of an ideal gain (``kalai-smorodinsky``), the weighted sum of
    gains (``utilitarian``), or the gain of one party. No package has an objective larger by more
    than ``gap``, which is proven; ``optimal`` says that ``gap`` is within what was asked.

    ``conflict`` names the groups of constraints that cannot hold together where no package is
    acceptable: without any one of them there would be one. ``left_out`` are the parties that this
    package leaves at their trend because they cannot gain, alone or together with the others.
    ``comparable`` is whether the rule means something only where the units of all parties are
    the same.
    """

    solution: Solution
    status: Status
    package: tuple[str, ...] = ()
    gains: tuple[tuple[str, float], ...] = ()
    objective: float | None = None
    gap: float | None = None
    conflict: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    comparable: bool = False


@dataclass(frozen=True)
class BudgetUse:
    """What a package spends of one budget, in the unit of the budget.

    ``costs`` are those of the measures in the package that cost something. The budget ``binds``
    where its rule would do better without it, by the package in ``without``.
    """

    budget: str
    limit: float
    spent: float
    costs: tuple[tuple[str, float], ...]
    binds: bool
    without: tuple[str, ...]


@dataclass(frozen=True)
class FrontPoint:
    """A package that no other acceptable one betters for one party without loss to another."""

    package: tuple[str, ...]
    gains: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class CoreIndex:
    """The share of the non-dominated packages that hold a measure: 1 is core, 0 is exterior."""

    measure: str
    share: float
    kind: CoreClass


@dataclass(frozen=True)
class CoreIndices:
    """The core index of every measure, and the packages that it was counted over.

    ``method`` is ``enumerated`` where all non-dominated packages were found, ``sampled`` where
    only those best for some drawn weights and gains were.
    """

    indices: tuple[CoreIndex, ...]
    packages: tuple[tuple[str, ...], ...]
    method: CoreMethod


@dataclass(frozen=True)
class OffRamp:
    """What holds if nothing after a step happens.

    ``gains`` are those reached so far; ``balance`` is what the second side has received less what
    the first has, in the receivers' own ratings; ``withdrawable`` are the revocable measures in
    force that no other measure in force needs.
    """

    in_force: tuple[str, ...]
    gains: tuple[tuple[str, float], ...]
    balance: float
    withdrawable: tuple[str, ...]


@dataclass(frozen=True)
class SequenceStep:
    """One step of a path: the measures that begin in it, and the off-ramp after it."""

    number: int
    begins: tuple[str, ...]
    off_ramp: OffRamp


@dataclass(frozen=True)
class Sequence:
    """Packages in sequence. ``objective``, ``gap``, ``status``, ``conflict`` as in `Bargain`."""

    status: Status
    steps: tuple[SequenceStep, ...] = ()
    objective: float | None = None
    gap: float | None = None
    conflict: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misreport:
    """The smallest change of one stated gain that changes the recommended package.

    Up to ``holds_to`` the package stands, at ``changes_at`` it is ``package`` instead; both are
    changes (of one sign) in the party's own units. Where nothing changed within the range
    searched, ``changes_at`` is None and ``holds_to`` the end of that range.
    """

    party: str
    measure: str
    holds_to: float
    changes_at: float | None
    package: tuple[str, ...]


@dataclass(frozen=True)
class Pivot:
    """Whether the recommended package changes where one party's gains are replaced by another's."""

    party: str
    by: str
    changes: bool
    joins: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Settlement:
    """What it would change if the parties agreed on one measure, at the midpoint of their gains.

    ``apart`` is the distance of the two furthest statements, in shares of the parties' scales;
    ``effect`` the change in the weighted sum of logarithms of the gains (None where it has none on
    either side); ``dominated`` the measures that leave the recommended package, ``joins`` those
    that join it.
    """

    measure: str
    apart: float
    changes: bool
    joins: tuple[str, ...]
    dominated: tuple[str, ...]
    effect: float | None
