"""Which groups may be shown: nobody's answer can be read off, or worked out, from what is printed.

1. Nothing that is printed, and nothing that adding and subtracting it gives, speaks of fewer than
   ``min_cell`` people.
2. Nor of people of one party alone, unless all of them answered only in tracks in which their group
   released tables under its own name (the Chatham House Rule protects affiliation too). A side all
   of whose people come from one party is that party's table by another name.
3. A cell in which all gave the same number tells of everybody. It is withheld, and so is whatever
   would let it be worked out. Counts of categories are told as `tallies` instead.

Groups are admitted in order as long as the first two rules hold (`audit`): sides, tracks, parties
from the largest, ties in the order of the case. A track is a group of its own where its people are
neither those of a side nor all. The rules hold for the case as a whole and again in every cell,
where fewer may have answered. All groups count people by their last round; what an earlier round
said is printed only through `cells_by_round`, the sets of other rooms only through `sets_showable`.

Not covered: what members of a group can work out together from their own answers; a difference of
two tables whose mean lies at the end of the scale; what two editions tell apart if people left or
came between them, unless the sets of the earlier one are given as ``before``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Literal

from detente.case.case import Case
from detente.elicitation.answers import Judgement, people
from detente.elicitation.audit import Closed, People, publish
from detente.elicitation.results import Group, GroupKind, Withheld
from detente.ground.errors import UsageError

Cell = tuple[Group, tuple[Judgement, ...]]
RoundCell = tuple[Group, tuple[Judgement, ...], tuple[Judgement, ...]]
Reason = Literal["too-few", "not-released", "complementary"]
Key = tuple[GroupKind, str]
Part = Literal["value", "low", "high"]

_PARTS: tuple[Part, ...] = ("value", "low", "high")
_PRIORITY: dict[GroupKind, int] = {"side": 0, "track": 1, "party": 2}


def showable(case: Case) -> tuple[tuple[Group, ...], tuple[Withheld, ...]]:
    """The groups of the case that may be shown, and those with people that may not, and why.

    Sides first, then tracks, then parties, each in the order of the case. For the rules see the
    module.
    """
    roster = _roster(case)
    groups = roster.groups
    shown = _admitted(roster, groups)
    return (
        tuple(_group(key, groups[key]) for key in groups if key in shown),
        tuple(_withheld(roster, key) for key in groups if key not in shown),
    )


def cells(
    case: Case,
    groups: Iterable[Group],
    judgements: Sequence[Judgement],
    *,
    categories: bool = False,
) -> tuple[Cell, ...]:
    """Those of the shown ``groups`` that may be shown with these judgements on one item, with them.

    The rules of the module on the people who gave ``judgements``; each group's ``people`` are those
    who did. The third rule does not hold for ``categories``: their counts are told by `tallies`.
    """
    roster = _roster(case)
    present = _present(roster, groups, _people(judgements))
    same = () if categories else _alike(roster, judgements)
    shown = _admitted(roster, present, same)
    return tuple(
        (_group(key, present[key]), _of(present[key], judgements))
        for key in present
        if key in shown
    )


def cells_by_round(
    case: Case,
    groups: Iterable[Group],
    first: Sequence[Judgement],
    last: Sequence[Judgement],
) -> tuple[RoundCell, ...]:
    """Those of `cells` of the last round beside which the first may be shown, with both answers.

    Of the people who answered in both, whose number is the group's ``people``; at least
    ``min_cell`` of them changed their number. The tables of the two rounds give those of the last
    answers, of the changes, and of those who left, which share no unknown: each is held to the
    rules on its own, changes by number and by either end of the interval.
    """
    roster = _roster(case)
    before, after = _people(first), _people(last)
    shown = _present(roster, [group for group, _ in cells(case, groups, last)], after)
    stayed = {key: members & before for key, members in shown.items()}
    earlier, later = _of(after, first), _of(before, last)
    changed = {part: _changed(earlier, later, part) for part in _PARTS}
    bundles = {
        key: (
            stayed[key],
            _apart(roster.groups[key] & before - after, "left"),
            *(_apart(stayed[key] & some, part) for part, some in changed.items()),
        )
        for key in _by_priority(stayed)
        if len(stayed[key] & changed["value"]) >= roster.least
    }
    same = (one for said in (last, earlier, later) for one in _alike(roster, said))
    walls = (
        Closed(_everywhere(w.people), _everywhere(w.released)) for w in (*roster.closed, *same)
    )
    kept = publish(bundles, roster.least, closed=walls, before=shown.values())
    return tuple(
        (_group(key, stayed[key]), _of(stayed[key], first), _of(stayed[key], last))
        for key in stayed
        if key in kept
    )


def sets_showable(
    case: Case, sets: Mapping[str, People], *, before: Iterable[People] = ()
) -> tuple[str, ...]:
    """The names of those ``sets`` of participants that may be shown, taken in their order.

    The first two rules of the module, for tables by other groups than those of the case;
    ``before`` are all sets whose tables on the same answers are shown already, as `members` gives
    them for the groups of the case.

    Raises
    ------
    UsageError
        Where a set holds somebody who answered nothing in the case.

    """
    roster = _roster(case)
    known = tuple(before)
    strangers = frozenset().union(*sets.values(), *known) - roster.party.keys()
    if strangers:
        raise UsageError(f"Not people of the case: {', '.join(sorted(strangers))}.")
    some = {name: (members,) for name, members in sets.items() if members}
    return publish(some, roster.least, closed=roster.closed, before=known)


def members(case: Case, group: Group) -> People:
    """The participants of a group of the case, nobody where none of its people answered."""
    return _roster(case).groups.get((group.kind, group.id), frozenset())


# --- unanimity ----------------------------------------------------------------------------------


def unanimous(values: Iterable[object]) -> bool:
    """Whether there are values and all of them are the same, so that a table tells of everybody."""
    return len(set(values)) == 1


def _alike(roster: _Roster, judgements: Sequence[Judgement]) -> Iterator[Closed]:
    """Of every group those who gave ``judgements``, if all the same: nothing may be derived there.

    Groups that are not to be shown count too, since their tables may follow from those that are.
    """
    said: dict[str, set[tuple[str, str | None, float]]] = defaultdict(set)
    for one in judgements:
        said[one.participant].add((one.item, one.about, one.value))
    whole = {person: frozenset(numbers) for person, numbers in said.items()}
    for some in roster.groups.values():
        here = some & whole.keys()
        if unanimous(whole[person] for person in here):
            yield Closed(here)


# --- who stands where ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Roster:
    """The people of a case, by party and by track."""

    case: Case
    party: Mapping[str, str]
    tracks: Mapping[str, frozenset[str]]

    @property
    def least(self) -> int:
        return self.case.about.min_cell

    @cached_property
    def groups(self) -> dict[Key, People]:
        """Sides, tracks and parties that have people, each in the order of the case."""
        about = self.case.about
        sides = {side.id: self._from(side.parties) for side in about.sides}
        tracks = {
            track.id: frozenset(person for person, at in self.tracks.items() if track.id in at)
            for track in about.tracks
        }
        known = (*sides.values(), self.party.keys())
        found: dict[Key, People] = {("side", name): some for name, some in sides.items()}
        found |= {("track", name): some for name, some in tracks.items() if some not in known}
        found |= {("party", party.id): self._from([party.id]) for party in about.parties}
        return {key: some for key, some in found.items() if some}

    @cached_property
    def closed(self) -> tuple[Closed, ...]:
        """Of every party its people, and those all of whose tracks have its release."""
        by_track = {track.id: frozenset(track.released) for track in self.case.about.tracks}
        released = frozenset(
            person
            for person, tracks in self.tracks.items()
            if all(self.party[person] in by_track.get(track, ()) for track in tracks)
        )
        parties = [some for (kind, _), some in self.groups.items() if kind == "party"]
        return tuple(Closed(some, some & released) for some in parties if some - released)

    def _from(self, parties: Iterable[str]) -> People:
        some = frozenset(parties)
        return frozenset(person for person, party in self.party.items() if party in some)


class _Same:
    """A case that is known again by being the same object, not by comparing all that it holds."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __hash__(self) -> int:
        return id(self.case)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.case is self.case


def _roster(case: Case) -> _Roster:
    return _read(_Same(case))


@lru_cache(maxsize=4)
def _read(same: _Same) -> _Roster:
    tracks: dict[str, set[str]] = defaultdict(set)
    for row in same.case.answers:
        if row.value is not None:
            tracks[row.participant].add(row.track)
    standing = {person: frozenset(some) for person, some in tracks.items()}
    return _Roster(same.case, people(same.case), standing)


def _present(roster: _Roster, groups: Iterable[Group], some: People) -> dict[Key, People]:
    """Of every one of ``groups`` those who are among ``some``, in the order of the case."""
    allowed = {(group.kind, group.id) for group in groups}
    here = {key: members & some for key, members in roster.groups.items() if key in allowed}
    return {key: members for key, members in here.items() if members}


def _by_priority(groups: Mapping[Key, People]) -> Iterator[Key]:
    """Sides, tracks, and parties from the largest; ties in the order of the case."""

    def rank(key: Key) -> tuple[int, int]:
        return _PRIORITY[key[0]], -len(groups[key]) if key[0] == "party" else 0

    yield from sorted(groups, key=rank)


def _admitted(
    roster: _Roster, groups: Mapping[Key, People], same: Iterable[Closed] = ()
) -> frozenset[Key]:
    candidates = {key: (groups[key],) for key in _by_priority(groups)}
    return frozenset(publish(candidates, roster.least, closed=(*roster.closed, *same)))


def _withheld(roster: _Roster, key: Key) -> Withheld:
    members = roster.groups[key]
    reason: Reason = "complementary"
    if len(members) < roster.least:
        reason = "too-few"
    elif not publish({key: (members,)}, roster.least, closed=roster.closed):
        reason = "not-released"
    return Withheld(key[1], len(members), reason)


def _group(key: Key, members: People) -> Group:
    return Group(key[1], key[0], len(members))


def _people(judgements: Iterable[Judgement]) -> People:
    return frozenset(one.participant for one in judgements)


def _of(some: People, judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    return tuple(one for one in judgements if one.participant in some)


def _changed(first: Iterable[Judgement], last: Iterable[Judgement], part: Part) -> People:
    """Those of whom this part of their judgements is another in the last round."""
    number = attrgetter("item", "about", part)
    said = [{(one.participant, number(one)) for one in judgements} for judgements in (first, last)]
    return frozenset(person for person, _ in said[0] ^ said[1])


def _apart(some: People, what: str) -> People:
    """The same people, as the unknowns of another sum than that of their last answers."""
    return frozenset(f"{what} {person}" for person in some)


def _everywhere(some: People) -> People:
    return some.union(*(_apart(some, what) for what in ("left", *_PARTS)))
