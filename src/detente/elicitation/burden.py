"""What is asked of whom, how long it takes, and what of it fits into the time that people give.

Officials give 40 to 60 minutes. What does not fit is first shortened, each person answering on a
block of the items, and then left out, in a fixed order: statements first, the reassurance ledger
last. Kinds that are compared with each other share their blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

from detente.case.case import Case
from detente.case.check_answers import SCALES
from detente.case.model import Question
from detente.elicitation.design import blocks
from detente.ground.basis import Basis
from detente.ground.chance import stream
from detente.ground.errors import UsageError


@dataclass(frozen=True)
class Pace:
    """How long one answer takes, of how many numbers, and how this is known."""

    seconds: float
    numbers: int = 1
    basis: Basis = Basis.ASSUMED
    source: str = ""


_PEW = (
    "Pew Research Center (2022), How we keep our online surveys from running too long: an ordinary "
    "stand-alone question takes about 10 seconds"
)
_INTERVAL = Pace(45, numbers=3)
_CHANCE = Pace(15)
_RATING = Pace(12)
_VOTE = Pace(10, basis=Basis.SOURCE, source=_PEW)

PACES: dict[str, Pace] = {
    "likelihood": _INTERVAL,
    "consequence": _INTERVAL,
    "priority": Pace(6),  # sorting a pile of cards, per card
    "pairwise": Pace(8),
    "best-worst": Pace(20, numbers=2),  # per set of four
    "expected-say": _CHANCE,
    "expected-fear": _CHANCE,
    "expected-do": _CHANCE,
    "quantity": _INTERVAL,
    "statement": _VOTE,
    "gain": _INTERVAL,
    "red-line": _VOTE,
    "reassurance-expected": _RATING,
    "reassurance-received": _RATING,
    "cost": _RATING,
    "kept": _CHANCE,
}
REASON = Pace(60)  # a reason in free text

# Brysbaert (2019), "How many words do we read per minute? A review and meta-analysis of reading
# rate", Journal of Memory and Language 109:104047: silent reading of English non-fiction.
WORDS_PER_MINUTE = 238.0

# Kinds on the same items are answered on the same block; the first bundle is shortened first.
BUNDLES: tuple[tuple[str, ...], ...] = (
    ("statement",),
    ("best-worst",),
    ("pairwise",),
    ("expected-do",),  # asked of events only, not of every quantity
    ("quantity",),
    ("gain", "red-line"),
    ("priority",),
    ("likelihood", "expected-say", "expected-fear", "consequence"),
    ("reassurance-expected", "reassurance-received", "cost", "kept"),
)
WHOLE = frozenset({"priority"})  # a ranking of some of the items is no ranking of all
OVERLAPPING = frozenset({"pairwise", "best-worst"})  # one item stands in many of what is asked

# What is left out first where nothing smaller fits. A mirror question goes before the question with
# which it is compared, and the two halves of the ledger go together.
_LEAVE: tuple[tuple[str, ...], ...] = (
    ("statement",),
    ("best-worst",),
    ("pairwise",),
    ("expected-do",),
    ("quantity",),
    ("consequence",),
    ("expected-fear",),
    ("expected-say",),
    ("red-line",),
    ("gain",),
    ("priority",),
    ("likelihood",),
    ("kept",),
    ("cost",),
    ("reassurance-expected", "reassurance-received"),
)
NEEDS = {
    "expected-say": "likelihood",
    "expected-fear": "likelihood",
    "red-line": "gain",
    "cost": "reassurance-received",
    "kept": "reassurance-received",
}

# --- what is asked of whom -------------------------------------------------------------------

_SET = 4  # items of a best-worst set
_TIMES = 3  # sets in which every item stands, about

Ask = tuple[str, str | None]
"""An item, and what is asked about: another side, another item, the name of a set, or nothing."""


@dataclass(frozen=True)
class Person:
    """Somebody who is to be asked: a number within a party, never a name."""

    id: str
    party: str
    track: str
    side: str | None


@dataclass(frozen=True)
class Asked:
    """A kind of question: ``units`` are what a person gets or does not get, each of some items.

    ``about`` is as in the scales of the case: nobody, other, anyone, item or set.
    """

    kind: str
    question: str
    about: str
    words: int
    units: tuple[tuple[Ask, ...], ...]


@dataclass(frozen=True)
class Brief:
    """Everything that a plan depends on, whether or not there is a case."""

    sides: Mapping[str, tuple[str, ...]]
    people: tuple[Person, ...]
    asked: tuple[Asked, ...]
    least: int
    released: frozenset[tuple[str, str]] = frozenset()
    parties: tuple[str, ...] = ()


def brief_of(case: Case, people: tuple[Person, ...]) -> Brief:
    """What the plan of ``case`` depends on; of several questions of one kind the first counts."""
    first: dict[str, Question] = {}
    for question in case.questions:
        first.setdefault(question.kind, question)
    return Brief(
        sides={side.id: side.parties for side in case.about.sides},
        people=people,
        asked=tuple(_asked(case, question) for question in first.values()),
        least=case.about.min_cell,
        released=frozenset(
            (track.id, party) for track in case.about.tracks for party in track.released
        ),
        parties=tuple(party.id for party in case.about.parties),
    )


def _asked(case: Case, question: Question) -> Asked:
    scale = SCALES[question.kind]
    items = [
        one.id
        for one in getattr(case, scale.item)
        if question.kind != "expected-do" or one.scale == "probability"
    ]
    units: tuple[tuple[Ask, ...], ...] = tuple(((item, None),) for item in items)
    if question.kind == "pairwise":
        units = tuple(((a, b),) for a, b in combinations(items, 2))
    elif question.kind == "best-worst":
        units = _sets(items)
    words = len(case.words(question.text).split())
    return Asked(question.kind, question.id, scale.about, words, units)


def _sets(items: Sequence[str]) -> tuple[tuple[Ask, ...], ...]:
    """Sets of four, every item in about three; the same for the same number of items."""
    if len(items) < 2:
        return ()
    number = ceil(_TIMES * len(items) / _SET) if len(items) > _SET else 1
    size = min(_SET, len(items))
    design = sorted(blocks(len(items), number, size, rng=stream(0, "sets", str(len(items)))))
    return tuple(
        tuple((items[i], f"set-{row}") for i in block) for row, block in enumerate(design, start=1)
    )


def people_of(case: Case, people: Mapping[str, int] | None) -> tuple[Person, ...]:
    """The people expected: ``people`` of each party, or what the tracks of ``case`` tell."""
    known = case.party_by_id
    if people is None:
        expected = [
            (party, track.id, number)
            for track in case.about.tracks
            for party, number in track.expected.items()
            if party in known
        ]
    else:
        if not known.keys() >= people.keys() or min(people.values(), default=0) < 0:
            raise UsageError("People are a number of at least 0 for parties of the case.")
        tracks = {
            party: track.id for track in reversed(case.about.tracks) for party in track.parties
        }
        expected = [(party, tracks.get(party, ""), number) for party, number in people.items()]
    numbers: Counter[str] = Counter()
    found = []
    for party, track, number in expected:
        for _ in range(number):
            numbers[party] += 1
            found.append(Person(f"{party}-{numbers[party]}", party, track, case.side_of.get(party)))
    return tuple(found)


# --- how long it takes -----------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """A kind of question that is to be asked: on how many items, how often on each, its words.

    ``each`` is how many other sides an answer is asked for; ``words`` those of the question, which
    is read once.
    """

    kind: str
    items: int
    each: int = 1
    words: int = 0

    def judgements(self, size: int) -> int:
        """The numbers that a person gives on ``size`` items."""
        return size * self.each * PACES[self.kind].numbers

    def seconds(self, size: int) -> float:
        """Reading the question once, and answering it on ``size`` items."""
        reading = 60 * self.words / WORDS_PER_MINUTE
        return (reading + size * self.each * PACES[self.kind].seconds) if size else 0.0


@dataclass(frozen=True)
class Burden:
    """What one kind of question would cost a person who answers it on every item.

    ``judgements`` counts numbers: items x other sides x numbers of an answer. ``seconds`` is that
    of one answer, with its ``basis``.
    """

    kind: str
    items: int
    each: int
    judgements: int
    seconds: float
    minutes: float
    basis: Basis
    source: str


def burden(load: Load) -> Burden:
    """The burden of ``load`` in full: minutes = (reading + items x other sides x seconds) / 60."""
    pace = PACES[load.kind]
    return Burden(
        kind=load.kind,
        items=load.items,
        each=load.each,
        judgements=load.judgements(load.items),
        seconds=pace.seconds,
        minutes=load.seconds(load.items) / 60,
        basis=pace.basis,
        source=pace.source,
    )


def abouts(brief: Brief, asked: Asked, side: str | None, party: str) -> tuple[str, ...]:
    """Whom a person is asked about: sides, or parties where the case has no sides."""
    among, own = (tuple(brief.sides), side) if brief.sides else (brief.parties, party)
    return among if asked.about == "anyone" else tuple(one for one in among if one != own)


def loads_of(brief: Brief) -> tuple[Load, ...]:
    """What the person answers who is asked about the most."""
    of = {(person.side, person.party) for person in brief.people}
    of = of or {(next(iter(brief.sides), None), next(iter(brief.parties), ""))}
    return tuple(
        Load(
            kind=asked.kind,
            items=len(asked.units),
            each=max(len(abouts(brief, asked, side, party)) for side, party in of)
            if asked.about in ("other", "anyone")
            else 1,
            words=asked.words,
        )
        for asked in brief.asked
        if asked.units
    )


# --- what fits -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Least:
    """The smallest block worth asking: with it enough people are expected on every item.

    Enough on every side that has so many people at all; a kind whose units overlap needs each item
    once in a block.
    """

    brief: Brief
    attendance: float

    def __call__(self, kind: str, items: int) -> int:
        """The smallest block of a kind of question with so many items."""
        if kind in WHOLE or not self.brief.people:
            return items
        if kind == "pairwise":
            return min(items, ceil((1 + sqrt(1 + 8 * items)) / 4))
        if kind in OVERLAPPING:
            return ceil(items / _TIMES)
        needed = ceil(self.brief.least / self.attendance - 1e-9)
        heads = Counter(person.side for person in self.brief.people)
        sides = [heads[side] for side in self.brief.sides if heads[side] >= needed]
        people = min(sides, default=max(needed, len(self.brief.people)))
        return min(items, ceil(items * needed / people))


@dataclass(frozen=True)
class Budget:
    """What a person gives: ``minutes``, and at most so many ``judgements``.

    ``reasons`` in free text are written besides, and take their minutes first.
    """

    minutes: float = 45.0
    judgements: int = 40
    reasons: int = 0

    def __post_init__(self) -> None:
        """Refuse a budget of nothing."""
        if not self.minutes > 0 or self.judgements < 1 or self.reasons < 0:
            raise UsageError("Give minutes above 0, at least 1 judgement, no negative reasons.")

    def holds(self, loads: Mapping[str, Load], sizes: Mapping[str, int]) -> bool:
        """Whether a person can answer every kind on so many items."""
        judgements, minutes = self.spent(loads, sizes)
        return judgements <= self.judgements and minutes <= self.minutes + 1e-9

    def spent(self, loads: Mapping[str, Load], sizes: Mapping[str, int]) -> tuple[int, float]:
        """The judgements and the minutes of a person who answers every kind on so many items."""
        seconds = sum(loads[kind].seconds(size) for kind, size in sizes.items())
        judgements = sum(loads[kind].judgements(size) for kind, size in sizes.items())
        return judgements, (seconds + self.reasons * REASON.seconds) / 60


@dataclass(frozen=True)
class Fitted:
    """How many items of each kind a person answers on, and the kinds for which there is no room."""

    sizes: Mapping[str, int]
    left_out: tuple[str, ...]


def fit(loads: Sequence[Load], budget: Budget, *, least: Least) -> Fitted:
    """The blocks with which everybody stays within ``budget``, and what must be left out for it.

    All kinds are shortened down to ``least``, one bundle after the other, before one is left out.
    What was left out last comes back first, if its smallest block finds room in the end.
    """
    by_kind = {load.kind: load for load in loads}
    kept = set(by_kind)
    for kinds in ((), *_LEAVE):
        kept -= set(kinds)
        if _smallest_fits(by_kind, kept, budget, least):
            break
    for kinds in reversed(_LEAVE):
        more = {kind for kind in kinds if kind in by_kind}
        if _may_return(more, kept, by_kind) and _smallest_fits(by_kind, kept | more, budget, least):
            kept |= more
    sizes = _grown(by_kind, kept, budget, least)
    return Fitted(sizes, tuple(kind for kind in by_kind if kind not in kept))


def room(load: Load, fitted: Fitted, loads: Sequence[Load], budget: Budget, least: Least) -> int:
    """On how many items, if the list were that short, ``load`` could be asked besides; or 0.

    The kinds that stay are taken at their smallest blocks. A kind that needs another one, which is
    left out as well, is asked together with it.
    """
    by_kind = {one.kind: one for one in loads}
    stay = {kind: least(kind, by_kind[kind].items) for kind in fitted.sizes}
    more = {load.kind, NEEDS.get(load.kind, load.kind)} & set(fitted.left_out)
    for items in range(load.items, 0, -1):
        if budget.holds(by_kind, stay | {kind: least(kind, items) for kind in sorted(more)}):
            return items
    return 0


def _may_return(more: set[str], kept: set[str], asked: Collection[str]) -> bool:
    needed = {NEEDS[kind] for kind in more if kind in NEEDS} & set(asked)
    return bool(more) and needed <= kept


def _smallest_fits(loads: Mapping[str, Load], kept: set[str], budget: Budget, least: Least) -> bool:
    return budget.holds(loads, {kind: least(kind, loads[kind].items) for kind in kept})


def _grown(
    loads: Mapping[str, Load], kept: set[str], budget: Budget, least: Least
) -> dict[str, int]:
    """Every bundle from the last to the first as large as the others' smallest blocks allow."""
    sizes = {kind: least(kind, load.items) for kind, load in loads.items() if kind in kept}
    for bundle in reversed(BUNDLES):
        members = [kind for kind in bundle if kind in sizes]
        if not members:
            continue
        for size in range(loads[members[0]].items, sizes[members[0]], -1):
            trial = sizes | dict.fromkeys(members, size)
            if budget.holds(loads, trial):
                sizes = trial
                break
    return sizes
