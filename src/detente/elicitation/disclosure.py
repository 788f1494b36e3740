"""Which groups may be shown: nobody's answer can be read off, or worked out, from what is printed.

1. A group needs at least ``min_cell`` people.
2. A party is shown only with its release on record, in every track in which its people answered
   (the Chatham House Rule protects affiliation too). A side all of whose people come from one
   party is that party's table by another name, and needs the same release.
3. What a side's table leaves after subtracting the parties shown is a group too. It must be empty,
   or hold at least two parties and ``min_cell`` people; until it does, the smallest party shown is
   withheld as well (complementary suppression), and if that does not help, so is the side.

The rules hold for the case as a whole and again in every cell, where fewer may have answered. All
groups count people by their last round, and only this is printed, so that rounds cannot be
subtracted. Not covered: what members of a group can work out together from their own answers, and
what two editions tell apart if people left or came between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from detente.case.case import Case
from detente.case.model import Side
from detente.elicitation.answers import Judgement, people
from detente.elicitation.results import Group, Withheld

Cell = tuple[Group, tuple[Judgement, ...]]
Reason = Literal["too-few", "not-released", "complementary"]


def showable(case: Case) -> tuple[tuple[Group, ...], tuple[Withheld, ...]]:
    """The groups of the case that may be shown, and those with people that may not, and why.

    Sides first, then parties, each in the order of the case. For the rules see the module.
    """
    heads = Counter(people(case).values())
    released = _released(case)
    groups = _groups(case, heads)
    shown = _printable(case, groups, heads, released)
    withheld = (
        Withheld(group.id, group.people, _reason(case, group, released))
        for group in groups
        if group not in shown
    )
    return shown, tuple(withheld)


def cells(case: Case, groups: Iterable[Group], judgements: Sequence[Judgement]) -> tuple[Cell, ...]:
    """Those of the shown ``groups`` that may be shown with these judgements on one item, with them.

    The rules of the module on the people who gave ``judgements``; each group's ``people`` are those
    who did.
    """
    allowed = {(group.kind, group.id) for group in groups}
    heads = Counter({one.participant: one.party for one in judgements}.values())
    present = [group for group in _groups(case, heads) if (group.kind, group.id) in allowed]
    cleared = frozenset(group.id for group in present if group.kind == "party")
    shown = _printable(case, present, heads, cleared)
    return tuple((group, _of(group, judgements)) for group in shown)


def _of(group: Group, judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    if group.kind == "side":
        return tuple(one for one in judgements if one.side == group.id)
    return tuple(one for one in judgements if one.party == group.id)


def _groups(case: Case, heads: Counter[str]) -> list[Group]:
    """Sides and parties that have people."""
    sides = [
        Group(side.id, "side", sum(heads[party] for party in side.parties))
        for side in case.about.sides
    ]
    parties = [Group(party.id, "party", heads[party.id]) for party in case.about.parties]
    return [group for group in (*sides, *parties) if group.people]


def _released(case: Case) -> frozenset[str]:
    """Parties that answered, and released their tables in every track in which they did."""
    by_track = {track.id: frozenset(track.released) for track in case.about.tracks}
    answered = {(row.party, row.track) for row in case.answers if row.value is not None}
    kept = {party for party, track in answered if party not in by_track.get(track, ())}
    return frozenset(party for party, _ in answered) - kept


def _printable(
    case: Case, groups: Sequence[Group], heads: Counter[str], cleared: frozenset[str]
) -> tuple[Group, ...]:
    least = case.about.min_cell
    sides = {group.id for group in groups if group.kind == "side"}
    parties = {party for party in cleared if heads[party] >= least}
    for side in case.about.sides:
        kept = _beside(side, heads, parties, least) if side.id in sides else None
        if kept is None:
            sides.discard(side.id)
        else:
            parties -= set(side.parties) - kept
    shown = {"side": sides, "party": parties}
    return tuple(group for group in groups if group.id in shown[group.kind])


def _beside(side: Side, heads: Counter[str], parties: set[str], least: int) -> set[str] | None:
    """Those of ``parties`` that may be shown beside the side's table; None: not even the table."""
    present = [party for party in side.parties if heads[party]]
    kept = [party for party in present if party in parties]
    while not _hidden([party for party in present if party not in kept], heads, least):
        if not kept:
            return None
        kept.remove(min(kept, key=lambda party: heads[party]))
    return set(kept) if present else None


def _hidden(rest: Sequence[str], heads: Counter[str], least: int) -> bool:
    """Whether a side's table less the parties shown tells of nobody, or of a group wide enough."""
    return not rest or (len(rest) > 1 and sum(heads[party] for party in rest) >= least)


def _reason(case: Case, group: Group, released: frozenset[str]) -> Reason:
    if group.people < case.about.min_cell:
        return "too-few"
    if group.kind == "side" or group.id not in released:
        return "not-released"
    return "complementary"
