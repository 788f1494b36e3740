"""What public positions allow, where no panel was asked: a printed rule, and nothing beyond it."""

from __future__ import annotations

from collections.abc import Iterable

from detente.assessment.results import Ground, GroundClass, Stand
from detente.case.case import Case
from detente.case.model import Position
from detente.ground.basis import Status

OPENNESS = ("refused", "conditional", "accepted", "offered")
NOT_FOUND = "not-found"


def stands(case: Case) -> tuple[Stand, ...]:
    """One stand for each measure and each party of a side.

    Of a party's dated rows up to ``positions_until`` the verified ones count, and second-hand ones
    only where there is none; rows from memory never. The latest counts; of the same day the least
    forthcoming. Later rows are told as ``since``.
    """
    parties = [party for side in case.about.sides for party in side.parties]
    return tuple(_stand(case, measure.id, party) for measure in case.measures for party in parties)


def _stand(case: Case, measure: str, party: str) -> Stand:
    rows = [
        (place, row)
        for place, row in enumerate(case.positions)
        if (row.measure, row.party) == (measure, party)
        and row.date
        and row.status is not Status.UNVERIFIED
        and row.position in OPENNESS
    ]
    until = case.about.positions_until or case.about.as_of
    now = _latest([(place, row) for place, row in rows if _day(row) <= until])
    later = _latest([(place, row) for place, row in rows if _day(row) > until])
    return Stand(
        measure=measure,
        party=party,
        position=now[1].position if now else NOT_FOUND,
        row=now[0] if now else None,
        second_hand=now is not None and now[1].status is Status.SECOND_HAND,
        since=later[1].position if later else "",
        since_row=later[0] if later else None,
    )


def _day(row: Position) -> str:
    return row.date or ""


def _latest(rows: list[tuple[int, Position]]) -> tuple[int, Position] | None:
    verified = [pair for pair in rows if pair[1].status is Status.VERIFIED]
    among = verified or rows
    if not among:
        return None
    return max(among, key=lambda pair: (_day(pair[1]), -OPENNESS.index(pair[1].position)))


def ground_from_positions(case: Case, all_stands: Iterable[Stand]) -> tuple[Ground, ...]:
    """The class of each measure by `position_class`."""
    by_measure: dict[str, list[Stand]] = {measure.id: [] for measure in case.measures}
    for stand in all_stands:
        by_measure[stand.measure].append(stand)
    return tuple(_ground(case, measure, cells) for measure, cells in by_measure.items())


def _ground(case: Case, measure: str, cells: list[Stand]) -> Ground:
    found = {
        side.id: [cell for cell in cells if cell.party in side.parties and cell.row is not None]
        for side in case.about.sides
    }
    kind = position_class([[cell.position for cell in found[side]] for side in found])
    if kind == "not-known":
        limiting = tuple(side for side in found if not found[side])
    else:
        unwilling = {"acceptable": ("conditional",)}.get(kind, ("refused",))
        limiting = tuple(
            cell.party for side in found.values() for cell in side if cell.position in unwilling
        )
    return Ground(measure, kind, "positions", None, None, limiting)


def position_class(by_side: list[list[str]]) -> GroundClass:
    """The class of a measure by the positions found on each side; order and number do not matter.

    *Not known*: a side without any. *Shared ground*: all offered or accepted. *Acceptable*: some
    conditional, none refused. *Tradeable*: refused on some sides, while another side has no
    refusal. *Contested*: refused on every side. A red line cannot be read from a position.
    """
    if len(by_side) < 2 or not all(by_side):
        return "not-known"
    said = {position for side in by_side for position in side}
    if said <= {"offered", "accepted"}:
        return "shared-ground"
    if "refused" not in said:
        return "acceptable"
    return "contested" if all("refused" in side for side in by_side) else "tradeable"
