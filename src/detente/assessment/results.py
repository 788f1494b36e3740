"""What the assessment found: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.assessment.bargain.results import (
    Bargain,
    BudgetUse,
    CoreIndices,
    Misreport,
    Pivot,
    Sequence,
    Settlement,
)
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
class Turn:
    """One recommendation that would be another, were a disagreement settled.

    ``of`` is what turns: the recommended ``package``, the measures that survive every belief
    (``survivors``), those that no side refuses (``ground``), the measure that one belief or party
    puts first (``preferred``), or those by which a party expects a gain (``gains``). ``joins`` and
    ``leaves`` are measures; of ``preferred`` one each, empty for no measure.

    ``by`` says how: ``pivot`` where ``holder`` holds what the other holds, ``agreement`` where all
    agree midway, ``learning`` where ``holder`` comes to know the number. A pivot without a holder
    is that of all who hold otherwise. ``chance`` is the probability that it turns, below 1 only for
    learning; ``worth`` the share of the expected frequency that learning saves, by the holder's own
    numbers: never compared between holders.
    """

    of: Literal["package", "survivors", "ground", "preferred", "gains"]
    by: Literal["pivot", "agreement", "learning"]
    holder: str
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    chance: float = 1.0
    worth: float | None = None


@dataclass(frozen=True)
class Disagreement:
    """A disagreement, with the numbers that show its size, and what it would change.

    It is about a ``risk``, a ``measure``, a ``number`` of the ladders or the weight of a
    ``criterion``; about a measure and a number where what the measure does turns on the number.
    ``a`` and ``b`` are the groups or beliefs that part; ``in_a`` and ``in_b`` what each holds.
    Where ``b`` is empty nobody parts: ``a`` alone does not know the number, between ``in_a`` and
    ``in_b``. ``minutes`` is 0 where the meeting has no room for it.
    """

    kind: DisagreementKind
    risk: str
    measure: str
    a: str
    b: str
    in_a: float | str
    in_b: float | str
    minutes: int = 0
    number: str = ""
    criterion: str = ""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class PartyWeight:
    """What one criterion weighs for one party, of all that its statement allows.

    Weights of a party add up to 1; ``mean``, ``low`` and ``high`` are of uniform draws from the set
    (90 %). ``form`` is that of the statement, ``inconsistency`` the share by which some ratio that
    it states must be missed, 0 where all fit together.
    """

    party: str
    criterion: str
    form: str
    mean: float
    low: float
    high: float
    inconsistency: float


@dataclass(frozen=True)
class PartyValue:
    """What one measure brings one party by its own criteria, against its own trend.

    ``gain`` is a share of the way from the worst of all criteria to the best, with its 90 %; it
    compares measures for one party and never two parties. ``wins`` is Pr(gain > 0), and
    ``wins_without_reassurance`` the same with the ratings of reassurance left out, None where they
    do not enter. ``carried_by`` brings most in the direction of the gain, ``against`` most against
    it. ``beyond`` are criteria on which the measure often leaves the stated range. Criteria without
    a score are ``missing``: then nothing else is told.
    """

    party: str
    measure: str
    mean: float | None
    gain: Spread | None
    wins: float | None
    wins_without_reassurance: float | None
    carried_by: str
    against: str
    beyond: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class WeightingShare:
    """A share of weightings with its 95 % interval (Wilson): how finely was counted."""

    low: float
    share: float
    high: float


@dataclass(frozen=True)
class RankedMeasure:
    """Where one measure ranks for one party, over all weights and scores that were drawn.

    ``among_first`` is the share of weightings in which it takes one of the first three ranks;
    ``mean_rank`` counts from 1, and tied measures share the better rank. ``confidence`` is the
    share of the scores in which it is first under the mean of the weights that put it first; None
    where none does. Whatever weights and scores fit what was stated, it is at least as good as
    those of ``necessarily_as``, and worse than those of ``never_as``; of all others, as it may be.
    """

    party: str
    measure: str
    first: WeightingShare
    among_first: WeightingShare
    mean_rank: float
    confidence: WeightingShare | None
    necessarily_as: tuple[str, ...]
    never_as: tuple[str, ...]


@dataclass(frozen=True)
class RankedPair:
    """In which share of weightings ``measure`` ranks before ``other`` for one party.

    Told of all pairs of a party's leading measures; ``measure`` has the better mean rank. A pair is
    ``distinguishable`` where one of the two ranks before the other in more than half of the
    weightings by the whole of its interval.
    """

    party: str
    measure: str
    other: str
    before: WeightingShare
    distinguishable: bool


SharedKind = Literal[
    "necessary-for-all",
    "necessary-for-some-possible-for-all",
    "necessary-for-some-impossible-for-others",
    "possible-for-all",
    "possible-for-some",
    "impossible-for-all",
]


@dataclass(frozen=True)
class SharedRelation:
    """How far the parties share that ``measure`` is at least as good as each of ``others``.

    Of the kinds, from the strongest, the first that holds is told; so every ordered pair of two
    measures stands once.
    """

    kind: SharedKind
    measure: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Weightings:
    """How measures rank for each party under all weights that its statement allows.

    Told over the parties that may be shown alone: ``samples`` weightings of each, its ``measures``
    from the best mean rank, and ``pairs`` of those that lead. ``shared`` is what is settled for
    all of ``parties`` whatever they weigh, on the measures that all of them value, with scores
    anywhere within their intervals of ``coverage``; empty of one party alone.
    """

    samples: int
    coverage: float
    measures: tuple[RankedMeasure, ...]
    pairs: tuple[RankedPair, ...]
    parties: tuple[str, ...]
    shared: tuple[SharedRelation, ...]


@dataclass(frozen=True)
class SideBargain:
    """The Nash package where one side has another weight than one half."""

    side: str
    weight: float
    bargain: Bargain


@dataclass(frozen=True)
class JointGain:
    """A change of the sides' gains that is had only where measures stand together.

    Each clause of ``measures`` needs one of its own, in the package or in force; ``gains`` are the
    mean changes in points of people's answers, in the package where ``held``. It ``matters`` where
    the recommended package would be another without it: ``without``.
    """

    measures: tuple[tuple[str, ...], ...]
    gains: tuple[tuple[str, float], ...]
    why: dict[str, str]
    held: bool
    matters: bool
    without: tuple[str, ...]


@dataclass(frozen=True)
class GroupUse:
    """Measures of which a package must hold so many, beside those in force; which it holds."""

    group: str
    least: int
    most: int
    held: tuple[str, ...]


@dataclass(frozen=True)
class Bargaining:
    """What could be agreed as a whole, from the gains that parties stated.

    ``packages`` holds the Nash package, which is recommended, those by other rules, and each
    party's best acceptable one; ``path`` the recommended one in steps; ``misreports`` the smallest
    change of one stated gain, by each party, that would change the recommendation; ``budgets``,
    ``joint_gains`` and ``groups`` what it spends, gains and holds of what packages.yaml states.
    """

    measures: tuple[str, ...]
    parties: tuple[str, ...]
    red_lines: tuple[tuple[str, str], ...]
    packages: tuple[Bargain, ...]
    by_side_weight: tuple[SideBargain, ...]
    core: CoreIndices
    path: Sequence | None
    misreports: tuple[Misreport, ...]
    pivots: tuple[Pivot, ...]
    settlements: tuple[Settlement, ...]
    budgets: tuple[BudgetUse, ...] = ()
    joint_gains: tuple[JointGain, ...] = ()
    groups: tuple[GroupUse, ...] = ()


@dataclass(frozen=True)
class RatingAgreement:
    """Van der Eijk's A of what the people of one side rated: 1 all alike, 0 spread, -1 two camps.

    ``about`` is the other side, empty for the cost. Of few people A jumps: it has no interval.
    """

    kind: str
    side: str
    about: str
    agreement: float
    people: int


@dataclass(frozen=True)
class GainSplit:
    """How much of the variance of stated gains lies between groups, as shares with their 90 %.

    ``eta_squared`` is of these groups: its ``mid`` that of the people who answered, its interval
    that of all for whom they stand. ``between`` is of two people drawn from groups such as these,
    which two or three groups hardly tell.
    """

    kind: Literal["side", "party"]
    groups: tuple[str, ...]
    people: int
    eta_squared: Spread
    between: Spread


@dataclass(frozen=True)
class RedLineShare:
    """The chance that a person of a party calls a measure unacceptable, with 90 % (Jeffreys).

    ``mid`` is None where the count is told as a range only, over which the interval then reaches.
    """

    party: str
    low: float
    mid: float | None
    high: float
    people: int


@dataclass(frozen=True)
class Together:
    """How likely a measure is a gain for all ``parties`` at once, each by its own criteria.

    Facts are the same for all, opinions are each party's own. ``least`` is the smallest chance of
    one party alone; ``if_unrelated`` the product, as if no fact were shared.
    """

    measure: str
    parties: tuple[str, ...]
    probability: float
    least: float
    if_unrelated: float


@dataclass(frozen=True)
class Concord:
    """What stands beside the class of common ground of one measure.

    ``least`` and ``least_lower`` are those of its `Ground`; all else is of groups that may be
    shown.
    """

    measure: str
    agreement: tuple[RatingAgreement, ...] = ()
    splits: tuple[GainSplit, ...] = ()
    red_lines: tuple[RedLineShare, ...] = ()
    least: float | None = None
    least_lower: float | None = None
    together: Together | None = None


@dataclass(frozen=True)
class SpiralCut:
    """A measure that would lower what one policy raises for another party, and how."""

    measure: str
    why: dict[str, str]


@dataclass(frozen=True)
class SpiralEdge:
    """One turn of a spiral: a party's policy against a risk raises a risk for another party.

    ``felt`` is what the other says that it raises, ``own_view`` what the party expects; 0 to 10,
    with 90 %, None where not stated or not to be told. ``strength`` is the lower of what is stated:
    where only one of them is, the edge is not ``confirmed``, and the strength the most it can be.
    """

    party: str
    answers: str
    policy: str
    other: str
    raises: str
    felt: Spread | None
    own_view: Spread | None
    confirmed: bool
    strength: Spread
    cut_by: tuple[SpiralCut, ...]


@dataclass(frozen=True)
class Spiral:
    """A closed loop of policies that answer each other, each raising what the next one answers.

    The last edge raises the risk that the first answers. ``strength`` is that of the weakest edge,
    ``weakest`` its place from 0; of a loop that is not ``confirmed`` at every edge, the most it can
    be. ``cut_by`` are all measures that cut an edge; each edge names its own.
    """

    edges: tuple[SpiralEdge, ...]
    parties: tuple[str, ...]
    confirmed: bool
    strength: Spread
    weakest: int
    cut_by: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """A dated occasion from the day of the calendar on; days as in ISO 8601, both included.

    ``parties`` are the parties and sides that take part, empty where all do. Steps are decided at
    a ``meeting``; for an ``exercise``, or an ``other``, a measure can only wait.
    """

    id: str
    title: dict[str, str]
    kind: Literal["meeting", "exercise", "other"]
    begins: str
    ends: str
    parties: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True)
class CalendarEntry:
    """What begins in one step of a path, who decides it, and by which days (ISO 8601).

    ``side`` gives its part of a reciprocal step; it is empty where all give theirs. From
    ``can_begin`` on nothing stands in the way; it ``begins`` when it is decided, on the last day of
    the occasion ``window``, which is empty where none is found. ``missed`` says that the windows in
    which it was to be decided are over by then. ``done`` ends the step's ``months``: then it is
    reviewed, before the next step begins; empty, as ``months`` None, where the case tells none.
    ``decided_by`` holds (party or side, office), with an empty office where none is named.
    """

    path: Literal["reciprocal", "package"]
    step: int
    measure: str
    side: str
    decided_by: tuple[tuple[str, str], ...]
    can_begin: str
    begins: str
    window: str
    missed: bool
    months: float | None
    done: str
    verified: dict[str, str]
    if_stopped: dict[str, str]


@dataclass(frozen=True)
class Calendar:
    """The steps of both paths on dates from the day ``start``, and the occasions ahead of it."""

    start: str
    windows: tuple[Window, ...]
    entries: tuple[CalendarEntry, ...]


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
    weights: tuple[PartyWeight, ...] = ()
    values: tuple[PartyValue, ...] = ()
    bargaining: Bargaining | None = None
    concord: tuple[Concord, ...] = ()
    spirals: tuple[Spiral, ...] = ()
    weightings: Weightings | None = None
    calendar: Calendar | None = None
