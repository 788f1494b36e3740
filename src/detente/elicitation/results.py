"""What elicitation found: frozen values, no computing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GroupKind = Literal["side", "track", "party"]
StatementKind = Literal["consensus", "divided", "too-few"]
Stance = Literal["agree", "disagree"]


@dataclass(frozen=True)
class Spread:
    """Three quantiles of a distribution: the median and the ends of its central 90 %."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Group:
    """Those whose answers were taken together: the people of a side, a track or a party."""

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
    """How one group ranks one risk: mean rank with its t interval, who put it in the first 3.

    From ``first_three_low`` to ``first_three_high`` of the people did; the two differ where the
    number would tell of too few.
    """

    group: str
    risk: str
    mean_rank: Spread
    first_three_low: int
    first_three_high: int
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
class Consequence:
    """How grave one group holds one risk to be, from 0 to 10: the mixture of its members."""

    group: str
    risk: str
    spread: Spread
    people: int


@dataclass(frozen=True)
class QuantityBelief:
    """What one group believes of a number or an event that all were asked for.

    ``known`` is what it turned out to be, where it is known.
    """

    group: str
    quantity: str
    spread: Spread
    marker: float
    people: int
    known: float | None


@dataclass(frozen=True)
class ChainCheck:
    """Whether one group's estimates fit together: what a chain gives beside what was said.

    ``factor``, at least 1, is how far they part; ``flagged`` beyond 2, and where a longer span is
    held less likely than a shorter one.
    """

    chain: str
    group: str
    given: float
    direct: float
    factor: float
    flagged: bool
    people: int


@dataclass(frozen=True)
class Movement:
    """How one group's answers on one risk moved from its first to its last round.

    Of the people who answered in both. ``shift`` is the ratio of the odds after to those before
    with its paired t interval; ``spread_ratio`` that of the standard deviations of log-odds: below
    1 the group drew together, None where all said the same before. ``settled`` where the whole
    interval lies within a factor of 1.5.
    """

    group: str
    risk: str
    before: float
    after: float
    shift: Spread
    spread_ratio: float | None
    settled: bool
    people: int


@dataclass(frozen=True)
class MirrorPair:
    """How one panel's expectations of what the other says relate to what it said, over risks.

    The truth-and-bias model on log-odds: ``bias`` as a ratio of odds (1: none), ``accuracy`` (1:
    follows what the other said, 0: not at all), ``projection`` (1: the panel's own view). ``skill``
    compares with the guess that they think as we do: 1 perfect, 0 no better, below 0 worse.
    ``skilled`` is the chance that skill is above 0.
    """

    holder: str
    about: str
    bias: Spread
    accuracy: Spread
    projection: Spread
    skill: Spread
    skilled: float
    risks: int
    people_holder: int
    people_about: int


@dataclass(frozen=True)
class MirrorCell:
    """What ``holder`` expected ``about`` to say on one risk, and what it said.

    Chances with their t intervals. ``gap`` is the ratio of odds, expected to said, partially pooled
    over the risks; ``same_sign`` the chance that it lies on the side of 1 where its middle lies;
    ``listed`` where that is sure enough beside all others. ``feared`` is what the holder thinks the
    other holds, whatever it says.
    """

    holder: str
    about: str
    risk: str
    expected: Spread
    said: Spread
    own: Spread | None
    feared: Spread | None
    gap: Spread
    same_sign: float
    listed: bool


@dataclass(frozen=True)
class Forecast:
    """What one group expected another to do: the chance of one event, with its t interval.

    Once ``known`` (1: it happened), ``brier`` is the mean squared error of the members.
    """

    quantity: str
    holder: str
    about: str
    chance: Spread
    people: int
    known: float | None
    brier: float | None


@dataclass(frozen=True)
class Worth:
    """How strongly one group puts one risk before the others, from all that it compared.

    ``worth`` is the Bradley-Terry log-worth, its mean over risks 0. ``rank_low`` to ``rank_high``
    are the ranks that cannot be ruled out; ``in_first`` is the chance of standing in the first 3.
    """

    group: str
    risk: str
    worth: Spread
    rank_low: int
    rank_high: int
    in_first: float
    people: int


@dataclass(frozen=True)
class SharedFirst:
    """The chance that a risk stands in the first three of every side."""

    risk: str
    chance: float


@dataclass(frozen=True)
class Concordance:
    """How far the people of one group rank alike: Kendall's W, 0 not at all, 1 all the same."""

    group: str
    w: float
    people: int


@dataclass(frozen=True)
class PriorityContrast:
    """Whether groups put risks in different orders: a permutation test of one order for all.

    ``tells`` where one order for all would give such a difference less than 1 time in 10.
    """

    groups: tuple[str, ...]
    p: float
    tells: bool


@dataclass(frozen=True)
class TreeNode:
    """A group of people who prioritise alike, and by what it parts into the next two.

    ``values`` name the smallest shown groups that stand here, none for everybody; ``by`` is the
    kind of group by which it parts, None for a leaf.
    """

    id: int
    parent: int | None
    values: tuple[str, ...]
    by: str | None
    p: float | None
    people: int
    first: tuple[str, ...]


@dataclass(frozen=True)
class ThemeShare:
    """How many people of one side gave a reason under one theme: ``low`` to ``high``.

    ``people`` gave any reason; the two ends differ where the number would tell of too few.
    """

    group: str
    theme: str
    low: int
    high: int
    people: int


@dataclass(frozen=True)
class ReasonLine:
    """A reason in the analyst's words, cleared by the group of the person who gave it."""

    group: str
    question: str
    item: str
    theme: str
    words: str


@dataclass(frozen=True)
class Coding:
    """How far coders agree on the themes of reasons: Krippendorff's alpha with 90 % interval."""

    coders: int
    reasons: int
    alpha: Spread | None


@dataclass(frozen=True)
class CampVotes:
    """How one side voted on one statement: ``low`` to ``high`` of its ``people`` took ``stance``.

    The stance is the one that more took; who passed took neither. The two ends differ where the
    number would tell of too few, or of everybody.
    """

    group: str
    stance: Stance
    low: int
    high: int
    people: int


@dataclass(frozen=True)
class StatementVerdict:
    """Whether every side agrees with a statement, or every side disagrees.

    ``chance`` is that the share of ``stance``, the likelier of the two, reaches the threshold in
    every side; None where a side took the other stance, or is withheld.
    """

    statement: str
    kind: StatementKind
    stance: Stance
    chance: float | None
    camps: tuple[CampVotes, ...]


@dataclass(frozen=True)
class Representative:
    """A statement on which an opinion group stands out: ``low`` to ``high`` of ``people`` hold it.

    The two ends differ where the number would tell of too few, or of everybody.
    """

    statement: str
    stance: Stance
    low: int
    high: int
    people: int


@dataclass(frozen=True)
class OpinionGroup:
    """People who voted alike, whatever their side."""

    people: int
    representative: tuple[Representative, ...]


@dataclass(frozen=True)
class OpinionGroups:
    """Groups found in the votes, refused where another draw of people would give others.

    ``ari_median`` and ``ari_low`` are the median and the 10th percentile, over bootstrap draws, of
    the adjusted Rand index between the groups of the draw and those of all. ``groups`` is empty
    where not ``stable``, or where they may not be shown.
    """

    stable: bool
    ari_median: float
    ari_low: float
    draws: int
    people: int
    groups: tuple[OpinionGroup, ...]


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
    consequences: tuple[Consequence, ...] = ()
    quantities: tuple[QuantityBelief, ...] = ()
    chains: tuple[ChainCheck, ...] = ()
    movements: tuple[Movement, ...] = ()
    mirror_pairs: tuple[MirrorPair, ...] = ()
    mirror_cells: tuple[MirrorCell, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    worths: tuple[Worth, ...] = ()
    shared_first: tuple[SharedFirst, ...] = ()
    concordances: tuple[Concordance, ...] = ()
    contrasts: tuple[PriorityContrast, ...] = ()
    tree: tuple[TreeNode, ...] = ()
    themes: tuple[ThemeShare, ...] = ()
    reasons: tuple[ReasonLine, ...] = ()
    coding: Coding | None = None
    statements: tuple[StatementVerdict, ...] = ()
    opinions: OpinionGroups | None = None
