"""The plan of an elicitation, before anybody is asked.

What everybody would have to answer and how long that takes; who answers on what, where it is too
much; which tables will be shown if some stay away; how large a difference must be to be seen; and
what keeps the plan from answering its own question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, comb, exp, inf, isfinite

import numpy as np
from numpy.typing import NDArray

from detente.case.case import Case
from detente.elicitation.audit import Closed, publish
from detente.elicitation.burden import (
    BUNDLES,
    REASON,
    Ask,
    Asked,
    Brief,
    Budget,
    Burden,
    Fitted,
    Least,
    Load,
    Person,
    abouts,
    brief_of,
    burden,
    fit,
    loads_of,
    people_of,
    room,
)
from detente.elicitation.design import blocks, concurrences, efficiency, replications, spread
from detente.elicitation.power import detectable
from detente.elicitation.results import GroupKind
from detente.ground.chance import stream
from detente.ground.errors import Finding, UsageError

MOST_RATIO = 10.0  # a plan that sees no smaller ratio of odds is told so
_DRAWS = 500
_CASE, _QUESTIONS = "case.yaml", "questions.yaml"


@dataclass(frozen=True)
class Design:
    """How the items of kinds that share their blocks are dealt to the people of one side.

    ``replications`` and ``concurrences`` are the least and the most people of an item and of two
    items; ``efficiency`` that of comparing items, against complete blocks of as many judgements.
    """

    kinds: tuple[str, ...]
    side: str | None
    people: int
    items: int
    size: int
    replications: tuple[int, int]
    concurrences: tuple[int, int]
    efficiency: float


@dataclass(frozen=True)
class LeftOut:
    """A kind for which there is no room: what it would cost on every item, and how to keep it.

    With a list of ``room`` items it could stay; 0 where not even one item finds room.
    """

    kind: str
    judgements: int
    minutes: float
    room: int


@dataclass(frozen=True)
class Table:
    """What will be left of one group's table on one kind of question, as a mean over its items.

    ``people`` are asked at all, ``expected`` answer on an item; ``enough`` is the chance that at
    least the fewest of a cell do, ``shown`` that the table is shown after suppression.
    """

    kind: str
    group: str
    group_kind: GroupKind
    people: int
    expected: float
    enough: float
    shown: float


@dataclass(frozen=True)
class Contrast:
    """The smallest ratio of odds of two sides that will tell, 80 times in 100; inf where none.

    ``people_a`` and ``people_b`` are those expected to answer on an item.
    """

    kind: str
    a: str
    b: str
    people_a: float
    people_b: float
    odds_ratio: float


@dataclass(frozen=True)
class Sheet:
    """What one person is asked: per kind the question and its items."""

    person: Person
    asks: tuple[tuple[str, str, tuple[Ask, ...]], ...]
    judgements: int
    minutes: float


@dataclass(frozen=True)
class Plan:
    """The plan of an elicitation; see the module.

    ``complete``: everybody can answer everything. ``least_judgements`` and ``least_minutes`` are
    what a person must give for no kind to be left out, each on its smallest block.
    """

    budget: Budget
    attendance: float
    people: tuple[Person, ...]
    burdens: tuple[Burden, ...]
    complete: bool
    least_judgements: int
    least_minutes: float
    designs: tuple[Design, ...]
    left_out: tuple[LeftOut, ...]
    tables: tuple[Table, ...]
    contrasts: tuple[Contrast, ...]
    findings: tuple[Finding, ...]
    sheets: tuple[Sheet, ...]

    @property
    def minutes(self) -> float:
        """The minutes of a person who answers everything on every item, reasons included."""
        return sum(one.minutes for one in self.burdens) + self.budget.reasons * REASON.seconds / 60

    @property
    def judgements(self) -> int:
        """The numbers that a person gives who answers everything on every item."""
        return sum(one.judgements for one in self.burdens)


def plan(
    case: Case,
    *,
    minutes: float = 45.0,
    most_judgements: int = 40,
    attendance: float = 0.8,
    people: Mapping[str, int] | None = None,
    seed: int | None = None,
    reasons: int = 0,
) -> Plan:
    """The plan of what the questions of ``case`` ask of the people expected.

    Parameters
    ----------
    minutes, most_judgements
        What one person gives at most; a judgement is one number.
    attendance
        The chance that a person who is expected comes and answers.
    people
        How many people are asked per party; by default `expected` of the tracks. A party's people
        sit in the first track that names it.
    seed
        By default that of the case.
    reasons
        How many reasons in free text a person writes besides.

    Raises
    ------
    UsageError
        Where a number is out of its range, or ``people`` names no party of the case.

    """
    asked_people = people_of(case, people)
    brief = brief_of(case, asked_people)
    budget = Budget(minutes, most_judgements, reasons)
    made = plan_of(
        brief, budget, attendance=attendance, seed=case.about.seed if seed is None else seed
    )
    return replace(made, findings=(*made.findings, *_unexpected(case, people)))


def plan_of(brief: Brief, budget: Budget, *, attendance: float, seed: int) -> Plan:
    """The plan of a brief; see `plan`."""
    if not 0 < attendance <= 1:
        raise UsageError("Attendance is a chance above 0 and at most 1.")
    loads = loads_of(brief)
    by_kind = {load.kind: load for load in loads}
    sizes = {load.kind: load.items for load in loads}
    complete = budget.holds(by_kind, sizes)
    least = Least(brief, attendance)
    needed = budget.spent(by_kind, {kind: least(kind, items) for kind, items in sizes.items()})
    fitted = Fitted(sizes, ()) if complete else fit(loads, budget, least=least)
    dealt = _deal(brief, fitted, seed)
    tables = tuple(_tables(brief, dealt, attendance, seed))
    contrasts = tuple(_contrasts(brief, tables))
    left_out = tuple(_left_out(loads, fitted, budget, least))
    return Plan(
        budget=budget,
        attendance=attendance,
        people=brief.people,
        burdens=tuple(burden(load) for load in loads),
        complete=complete,
        least_judgements=needed[0],
        least_minutes=needed[1],
        designs=tuple(_designs(brief, dealt)),
        left_out=left_out,
        tables=tables,
        contrasts=contrasts,
        findings=(
            *_of_people(brief),
            *_of_questions(brief),
            *_of_budget(brief, budget, left_out, needed),
            *_of_tables(brief, tables),
            *_of_contrasts(contrasts),
        ),
        sheets=tuple(_sheets(brief, dealt, budget)),
    )


def _unexpected(case: Case, people: Mapping[str, int] | None) -> Iterator[Finding]:
    """Parties of a track of which no people are expected."""
    for i, track in enumerate(case.about.tracks):
        told = track.expected if people is None else people
        missing = [party for party in track.parties if not told.get(party)]
        if missing and told:
            problem = f"expects nobody of {', '.join(missing)}."
            mend = "write how many people of every party are to be asked."
            yield Finding(_CASE, 0, f"tracks[{i}].expected", problem, mend, "note")


# --- how much there is to answer, and who answers on what ------------------------------------


Dealt = Mapping[str, Mapping[str, tuple[int, ...]]]
"""Of every kind the numbers of the units that each person gets; the people by id."""


def _deal(brief: Brief, fitted: Fitted, seed: int) -> Dealt:
    """Blocks for every bundle and side, drawn from streams of their own."""
    strata: dict[str | None, list[Person]] = defaultdict(list)
    for person in brief.people:
        strata[person.side].append(person)
    units = {asked.kind: len(asked.units) for asked in brief.asked}
    dealt: dict[str, dict[str, tuple[int, ...]]] = {}
    for bundle in BUNDLES:
        for size in sorted({fitted.sizes[kind] for kind in bundle if fitted.sizes.get(kind)}):
            kinds = [kind for kind in bundle if fitted.sizes.get(kind) == size]
            own: dict[str, tuple[int, ...]] = {}
            for side, people in strata.items():
                rng = stream(seed, "plan", bundle[0], side or "")
                design = blocks(units[kinds[0]], len(people), size, rng=rng)
                design = spread(design, [(one.track, one.party) for one in people])
                own |= zip((one.id for one in people), design, strict=True)
            dealt |= dict.fromkeys(kinds, own)
    return dealt


def _designs(brief: Brief, dealt: Dealt) -> Iterator[Design]:
    units = {asked.kind: len(asked.units) for asked in brief.asked}
    for kinds in _sharing(dealt):
        own, items = dealt[kinds[0]], units[kinds[0]]
        for side in dict.fromkeys(person.side for person in brief.people):
            design = [own[person.id] for person in brief.people if person.side == side]
            number = replications(design, items)
            pairs = concurrences(design, items) or (len(design),)
            yield Design(
                kinds=kinds,
                side=side,
                people=len(design),
                items=items,
                size=len(design[0]),
                replications=(min(number), max(number)),
                concurrences=(min(pairs), max(pairs)),
                efficiency=efficiency(design, items),
            )


def _sharing(dealt: Dealt) -> tuple[tuple[str, ...], ...]:
    """The kinds that share their blocks, in the order of the bundles."""
    shared: dict[int, list[str]] = defaultdict(list)
    for kind, own in dealt.items():
        shared[id(own)].append(kind)
    return tuple(tuple(kinds) for kinds in shared.values())


def _sheets(brief: Brief, dealt: Dealt, budget: Budget) -> Iterator[Sheet]:
    for person in brief.people:
        asks, judgements, seconds = [], 0, budget.reasons * REASON.seconds
        for asked in brief.asked:
            mine = dealt.get(asked.kind, {}).get(person.id, ())
            others = abouts(brief, asked, person.side, person.party)
            put = tuple(ask for unit in mine for ask in _put(asked, unit, others))
            if not put:
                continue
            each = len(others) if asked.about in ("other", "anyone") else 1
            load = Load(asked.kind, len(asked.units), each, asked.words)
            judgements += load.judgements(len(mine))
            seconds += load.seconds(len(mine))
            asks.append((asked.kind, asked.question, put))
        yield Sheet(person, tuple(asks), judgements, seconds / 60)


def _put(asked: Asked, unit: int, others: Sequence[str]) -> Iterator[Ask]:
    for item, about in asked.units[unit]:
        if asked.about in ("other", "anyone"):
            yield from ((item, one) for one in others)
        else:
            yield item, about


def _left_out(
    loads: Sequence[Load], fitted: Fitted, budget: Budget, least: Least
) -> Iterator[LeftOut]:
    for load in loads:
        if load.kind in fitted.left_out:
            yield LeftOut(
                kind=load.kind,
                judgements=load.judgements(load.items),
                minutes=load.seconds(load.items) / 60,
                room=room(load, fitted, loads, budget, least),
            )


# --- what will be shown of it ----------------------------------------------------------------

Key = tuple[GroupKind, str]
Groups = Mapping[Key, frozenset[str]]


def _tables(brief: Brief, dealt: Dealt, attendance: float, seed: int) -> Iterator[Table]:
    """For every group that may be shown at all and every kind what the people who come leave."""
    groups = _groups(brief)
    by_kind = {asked.kind: asked for asked in brief.asked}
    come = stream(seed, "plan", "attendance").random((_DRAWS, len(brief.people))) < attendance
    for kinds in _sharing(dealt) if brief.people else ():
        on = _on_items(by_kind[kinds[0]], dealt[kinds[0]])
        shown = _shown(brief, groups, on, come)
        for kind in kinds:
            for (group_kind, group), members in groups.items():
                yield Table(
                    kind=kind,
                    group=group,
                    group_kind=group_kind,
                    people=len(members),
                    expected=attendance * _mean([len(members & asked) for asked in on]),
                    enough=_mean(
                        [_at_least(brief.least, len(members & one), attendance) for one in on]
                    ),
                    shown=shown[group_kind, group],
                )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _on_items(asked: Asked, own: Mapping[str, Sequence[int]]) -> tuple[frozenset[str], ...]:
    """For every item the people who are asked about it."""
    of_unit = [
        {item for ask in unit for item in (ask if asked.about == "item" else ask[:1]) if item}
        for unit in asked.units
    ]
    asks: dict[str, set[str]] = {item: set() for items in of_unit for item in sorted(items)}
    for person, mine in own.items():
        for item in {item for unit in mine for item in of_unit[unit]}:
            asks[item].add(person)
    return tuple(frozenset(people) for people in asks.values())


def _groups(brief: Brief) -> Groups:
    """Sides, tracks that are neither a side nor all, and parties all of whose people are released.

    The groups of the case as `disclosure` knows them; other parties are never shown.
    """
    found: dict[Key, frozenset[str]] = {
        ("side", side): frozenset(one.id for one in brief.people if one.side == side)
        for side in brief.sides
    }
    known = (*found.values(), frozenset(one.id for one in brief.people))
    for track in dict.fromkeys(one.track for one in brief.people if one.track):
        some = frozenset(one.id for one in brief.people if one.track == track)
        if some not in known:
            found["track", track] = some
    for party in dict.fromkeys(one.party for one in brief.people):
        if not _unreleased(brief, party):
            found["party", party] = frozenset(one.id for one in brief.people if one.party == party)
    return found


def _unreleased(brief: Brief, party: str) -> frozenset[str]:
    """The people of a party who are asked in a track in which it released nothing."""
    own = (one for one in brief.people if one.party == party)
    return frozenset(one.id for one in own if (one.track, party) not in brief.released)


def _walls(brief: Brief) -> tuple[Closed, ...]:
    """Every party that did not release in all its tracks: nothing may be derived of it alone."""
    own: dict[str, set[str]] = defaultdict(set)
    for one in brief.people:
        own[one.party].add(one.id)
    kept = {party: _unreleased(brief, party) for party in own}
    return tuple(
        Closed(frozenset(own[party]), frozenset(own[party] - kept[party]))
        for party in own
        if kept[party]
    )


def _shown(
    brief: Brief, groups: Groups, on: Sequence[frozenset[str]], come: NDArray[np.bool_]
) -> dict[Key, float]:
    """The share of draws (rows of ``come``) in which each group's table is shown.

    Each draw looks at one item; the items take turns. A group must be admitted among all who come,
    and again among those who answer on the item. Groups are made of the people of a party in a
    track, so that only how many of these come and answer matters: equal numbers are judged once.
    """
    asked = np.array([[person.id in people for person in brief.people] for people in on])
    answered = come & asked[np.arange(len(come)) % len(on)]
    atoms: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, person in enumerate(brief.people):
        atoms[person.track, person.party].append(place)
    columns = [rows[:, at].sum(axis=1) for rows in (come, answered) for at in atoms.values()]
    walls, shown = _walls(brief), Counter[Key]()
    admitted: dict[tuple[int, ...], tuple[Key, ...]] = {}
    for row, times in Counter(map(tuple, np.stack(columns, axis=1).tolist())).items():
        present, here = row[: len(atoms)], row[len(atoms) :]
        if present not in admitted:
            people = _some(brief, atoms, present)
            admitted[present] = _admitted(groups, walls, people, brief.least)
        allowed = {key: groups[key] for key in admitted[present]}
        for key in _admitted(allowed, walls, _some(brief, atoms, here), brief.least):
            shown[key] += times
    return {key: shown[key] / len(come) for key in groups}


def _some(
    brief: Brief, atoms: Mapping[tuple[str, str], Sequence[int]], numbers: Sequence[int]
) -> frozenset[str]:
    """The first so many people of every atom."""
    pairs = zip(atoms.values(), numbers, strict=True)
    return frozenset(brief.people[at].id for places, n in pairs for at in places[:n])


def _admitted(
    groups: Groups, walls: Sequence[Closed], here: frozenset[str], least: int
) -> tuple[Key, ...]:
    """The groups that may be shown where the people ``here`` answered; the largest party first."""
    some = {key: people & here for key, people in groups.items() if people & here}
    order = sorted(some, key=lambda key: -len(some[key]) if key[0] == "party" else -inf)
    closed = [Closed(wall.people & here, wall.released & here) for wall in walls]
    closed = [wall for wall in closed if wall.people - wall.released]
    return publish({key: (some[key],) for key in order}, least, closed=closed)


def _at_least(least: int, people: int, chance: float) -> float:
    """The chance that at least ``least`` of ``people`` come, each with ``chance``: binomial."""
    return sum(
        comb(people, n) * chance**n * (1 - chance) ** (people - n) for n in range(least, people + 1)
    )


def _contrasts(brief: Brief, tables: Sequence[Table]) -> Iterator[Contrast]:
    """What each two sides will be able to tell on likelihoods, with a spread of 1 in log-odds."""
    of = {one.group: one for one in tables if (one.kind, one.group_kind) == ("likelihood", "side")}
    for a, b in combinations([side for side in brief.sides if side in of], 2):
        n_a, n_b = (of[side].expected for side in (a, b))
        told = int(min(n_a, n_b) + 1e-9) >= 2
        least = detectable(int(n_a + 1e-9), int(n_b + 1e-9), sd=1.0) if told else inf
        ratio = exp(least) if least < 700 else inf
        yield Contrast("likelihood", a, b, n_a, n_b, ratio)


# --- what keeps the plan from answering its question -----------------------------------------


def _of_people(brief: Brief) -> Iterator[Finding]:
    if not brief.people:
        mend = "write for every track how many people of each party are to be asked."
        yield Finding(_CASE, 0, "tracks.expected", "is empty: nobody is expected.", mend)
    if len(brief.sides) < 2:
        problem = "is empty." if not brief.sides else "names one side only."
        mend = "name two sides or more: the plan compares sides."
        yield Finding(_CASE, 0, "sides", problem, mend)
    heads = Counter(person.side for person in brief.people)
    for side in brief.sides:
        if brief.people and heads[side] < 2:
            problem = f"expects {heads[side]} of the two people that a spread needs."
            mend = "ask more people of it, or join it with another side."
            yield Finding(_CASE, 0, f"sides.{side}", problem, mend)


def _of_questions(brief: Brief) -> Iterator[Finding]:
    kinds = {asked.kind: asked.question for asked in brief.asked}
    if not kinds:
        yield Finding(_QUESTIONS, 0, "questions", "is empty.", "write at least one question.")
    for asked in brief.asked:
        if not asked.units:
            problem = f"has nothing to ask about: no item for kind {asked.kind}."
            mend = "add items, or remove the question."
            yield Finding(_QUESTIONS, 0, asked.question, problem, mend)
    for mirror in ("expected-say", "expected-fear"):
        if mirror in kinds and "likelihood" not in kinds:
            problem = f"asks {mirror}, and no question of kind likelihood to compare it with."
            mend = "ask the likelihood of the same risks."
            yield Finding(_QUESTIONS, 0, kinds[mirror], problem, mend)
    yield from _of_ledger(kinds)


def _of_ledger(kinds: Mapping[str, str]) -> Iterator[Finding]:
    halves = ("reassurance-expected", "reassurance-received")
    there = [half for half in halves if half in kinds]
    for half, other in (halves, halves[::-1]):
        if there == [half]:
            problem = f"is one half of the ledger: nothing of kind {other} is asked."
            mend = f"ask {other} on the same measures."
            yield Finding(_QUESTIONS, 0, kinds[half], problem, mend)
    for kind in ("cost", "kept"):
        if there and kind not in kinds:
            problem = f"holds no question of kind {kind}, which the ledger sets beside reassurance."
            mend = f"ask {kind} on the same measures."
            yield Finding(_QUESTIONS, 0, "questions", problem, mend, "note")


def _of_budget(
    brief: Brief, budget: Budget, left_out: Sequence[LeftOut], needed: tuple[int, float]
) -> Iterator[Finding]:
    """One finding of the whole, and one of every kind for which there is no room."""
    if left_out:
        problem = (
            f"ask more than {budget.minutes:g} minutes and {budget.judgements} judgements hold, "
            "even where each person answers on the smallest block of items."
        )
        mend = (
            f"give {ceil(needed[1])} minutes and {needed[0]} judgements, ask more people, or less."
        )
        yield Finding(_QUESTIONS, 0, "questions", problem, mend)
    question = {asked.kind: asked.question for asked in brief.asked}
    for one in left_out:
        problem = (
            f"of kind {one.kind} is left out: on all items it takes {one.minutes:.0f} minutes and "
            f"{one.judgements} judgements."
        )
        shorter = f"shorten the list to {one.room} items, or " if one.room else ""
        mend = f"{shorter}drop it, or ask it in a meeting of its own."
        yield Finding(_QUESTIONS, 0, question[one.kind], problem, mend, "note")


def _of_tables(brief: Brief, tables: Sequence[Table]) -> Iterator[Finding]:
    """The sides whose tables will more likely be withheld than shown, each once."""
    for side in brief.sides:
        own = [one for one in tables if (one.group_kind, one.group) == ("side", side)]
        hidden = [one for one in own if one.shown < 0.5]
        if not hidden:
            continue
        kinds = ", ".join(one.kind for one in hidden)
        chance = 1 - max(one.shown for one in hidden)
        problem = f"will be withheld with a chance of at least {chance:.2f} on {kinds}."
        mend = f"ask more people of it: no table may tell of fewer than {brief.least}."
        parties = {one.party for one in brief.people if one.side == side}
        if len(parties) == 1 and all(_unreleased(brief, party) for party in parties):
            mend = f"get the release of {parties.pop()}, or ask another party of the side."
        yield Finding(_CASE, 0, f"sides.{side}", problem, mend, "note")


def _of_contrasts(contrasts: Sequence[Contrast]) -> Iterator[Finding]:
    for one in contrasts:
        if one.odds_ratio > MOST_RATIO:
            size = f"over {one.odds_ratio:.0f} times" if isfinite(one.odds_ratio) else "any size"
            problem = f"`{one.a}` and `{one.b}` cannot be told apart: odds that part by {size}"
            problem += " may go unseen."
            mend = "ask more people, or fewer items of each."
            yield Finding(_CASE, 0, f"sides.{one.a}", problem, mend, "note")
