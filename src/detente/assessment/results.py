"""What the assessment found: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.elicitation.results import ElicitationResults, Spread
from detente.escalation.results import EscalationResults, Verdict

LedgerClass = Literal[
    "valued-and-cheap",
    "valued-and-dear",
    "gift-nobody-wants",
    "unnoticed-opening",
    "cannot-tell",
]
GroundClass = Literal[
    "shared-ground", "acceptable", "tradeable", "contested", "red-line", "not-known"
]
DisagreementKind = Literal["factual", "value", "trust", "stand"]


@dataclass(frozen=True)
class LedgerEntry:
    """One measure taken by ``giver``, as the giver expects it and as the receiver says.

    Ratings lie on 0 to 10, ``kept`` on 0 to 1; each is the mean of a group with its 90 % t
    interval, or None where nobody was asked. ``gap`` is said minus expected (Welch t).
    """

    measure: str
    giver: str
    receiver: str
    expected: Spread | None
    said: Spread | None
    gap: Spread | None
    cost: Spread | None
    kept_by_own_view: Spread | None
    kept_by_other_view: Spread | None
    people_giver: int
    people_receiver: int
    kind: LedgerClass


@dataclass(frozen=True)
class Stake:
    """What one party stands to gain by one measure, against its own trend without agreement.

    ``red_line`` is whether more than one in ten of its people call the measure unacceptable; how
    many is not told. Only stakes that may be ``shown`` leave the room in the results.
    """

    measure: str
    party: str
    gain: float
    lower: float
    red_line: bool
    people: int
    shown: bool


@dataclass(frozen=True)
class Stand:
    """The public position of one party on one measure, as the printed rule reads it.

    ``position`` is the one that counts in this edition; ``since`` what the party said later.
    ``row`` and ``since_row`` are places in the case's positions.
    """

    measure: str
    party: str
    position: str
    row: int | None
    second_hand: bool
    since: str
    since_row: int | None


@dataclass(frozen=True)
class Ground:
    """The class of one measure, and what decided it.

    ``least`` is the smallest probability of gain over the parties and ``least_lower`` the smallest
    lower bound; both None where the class was read from public positions, or where they belong to
    a party that may not be shown.
    """

    measure: str
    kind: GroundClass
    by: Literal["answers", "positions"]
    least: float | None
    least_lower: float | None
    limiting: tuple[str, ...]


@dataclass(frozen=True)
class MeasureState:
    """The state of a measure on the day of the case's ``as_of``."""

    measure: str
    state: str
    since: str
    possible: bool
    note: str
    source: str


@dataclass(frozen=True)
class Choice:
    """A measure that survives every belief tried."""

    measure: str
    verdicts: tuple[tuple[str, Verdict], ...]
    worst_ratio: float
    ground: GroundClass
    red_lines: tuple[str, ...]


@dataclass(frozen=True)
class Gift:
    """The part of a reciprocal step that one side takes on."""

    side: str
    measure: str
    does: dict[str, str]
    verified: dict[str, str]
    months: float
    if_stopped: dict[str, str]


@dataclass(frozen=True)
class PathStep:
    """One reciprocal step: what each side does. ``balance`` compares what each receives."""

    number: int
    gifts: tuple[Gift, ...]
    by: Literal["ledger", "positions"]
    balance: float | None


@dataclass(frozen=True)
class Disagreement:
    """A disagreement worth an hour, with the numbers that show its size.

    ``a`` and ``b`` are the groups or beliefs that part; ``in_a`` and ``in_b`` what each holds.
    """

    kind: DisagreementKind
    risk: str
    measure: str
    a: str
    b: str
    in_a: float | str
    in_b: float | str
    minutes: int


@dataclass(frozen=True)
class AssessmentResults:
    """Everything that the assessment of one case found."""

    title: dict[str, str]
    edition: str
    date: str
    digest: str
    version: str
    seed: int
    points: int
    elicitation: ElicitationResults
    escalation: EscalationResults
    states: tuple[MeasureState, ...]
    ledger: tuple[LedgerEntry, ...]
    stakes: tuple[Stake, ...]
    stands: tuple[Stand, ...]
    ground: tuple[Ground, ...]
    choices: tuple[Choice, ...]
    path: tuple[PathStep, ...]
    agenda: tuple[Disagreement, ...]
