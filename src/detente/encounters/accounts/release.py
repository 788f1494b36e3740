"""What of an account may leave the side: nothing but what says so, field by field."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from detente.encounters.accounts import instants
from detente.encounters.accounts.model import (
    Account,
    Call,
    Claim,
    Deadline,
    Label,
    Moment,
    Place,
    Question,
    Recipient,
    Taking,
)
from detente.encounters.accounts.results import HeldBack
from detente.encounters.accounts.stated import GEOD, KM_PER_DEGREE, within_km
from detente.ground.errors import UsageError

Item = TypeVar("Item", Call, Claim, Deadline, Label, Question, Taking)


def release(account: Account, to: Recipient) -> tuple[Account, tuple[HeldBack, ...]]:
    """The copy of an account for ``to``, and what it leaves out or makes coarser.

    What is left out leaves no trace in the copy: claims are numbered anew, as a gap between c1 and
    c3 would tell of one, and a question about a claim that is left out no longer names it. What may
    be told to the public may be told to everybody.

    Raises
    ------
    UsageError
        Where the account is such a copy itself: who else may see it is not in it.

    """
    if account.released_to is not None:
        raise UsageError(
            f"This is a copy that was released to the {account.released_to}; release the account "
            "that it was made from."
        )
    withheld: list[HeldBack] = []
    kept = _kept(account.claims, "claims", to, withheld)
    known = {one.id: f"c{number}" for number, one in enumerate(kept, 1)}
    claims = tuple(
        _released(one, to, withheld).model_copy(update={"id": known[one.id]}) for one in kept
    )
    questions = tuple(
        one.model_copy(update={"about": known.get(one.about or "")})
        for one in _kept(account.questions, "questions", to, withheld)
    )
    labels = _kept([account.label] if account.label else [], "label", to, withheld)
    begun = _begun(account, to, withheld)
    craft = _kept_craft(account.craft, claims, to, withheld)
    copy = account.model_copy(
        update={
            "released_to": to,
            "begun": begun,
            "begun_to": (),
            "craft": _bare(craft),
            "calls": _bare(_kept(account.calls, "calls", to, withheld)),
            "deadlines": _bare(_kept(account.deadlines, "deadlines", to, withheld)),
            "label": next(iter(_bare(labels)), None),
            "claims": _bare(claims),
            "questions": _bare(questions),
        }
    )
    return _without_strangers(copy), tuple(withheld)


def _begun(account: Account, to: Recipient, withheld: list[HeldBack]) -> str | None:
    """The begin of the clock, never finer than the coarsest instant of the account is told."""
    if account.begun is None:
        return None
    if not _may_see(to, account.begun_to):
        withheld.append(HeldBack("begun", "", "not-releasable"))
        return None
    coarsest = max((one.coarse_minutes or 0.0 for one in account.claims), default=0.0)
    if not coarsest or "T" not in account.begun:
        return account.begun
    withheld.append(HeldBack("begun", "", "coarsened"))
    return coarse_moment(Moment(utc=account.begun), coarsest).utc


def _kept_craft(
    craft: Iterable[Taking], claims: Iterable[Claim], to: Recipient, withheld: list[HeldBack]
) -> list[Taking]:
    """The craft that may be named. Of another one that a claim is of, its id is told."""
    hidden: list[HeldBack] = []
    kept = _kept(craft, "craft", to, hidden)
    told = {f"craft/{one.of}" for one in claims}
    withheld.extend(replace(one, field="name" if one.item in told else "") for one in hidden)
    return kept


def _may_see(to: Recipient, stated: Iterable[str]) -> bool:
    return bool({to, "public"} & {*stated})


def _kept(items: Iterable[Item], key: str, to: Recipient, withheld: list[HeldBack]) -> list[Item]:
    kept = []
    for place, one in enumerate(items):
        if _may_see(to, one.releasable_to):
            kept.append(one)
        else:
            name = getattr(one, "id", "") or str(place + 1)
            withheld.append(HeldBack(f"{key}/{name}", "", "not-releasable"))
    return kept


def _released(claim: Claim, to: Recipient, withheld: list[HeldBack]) -> Claim:
    update: dict[str, object] = {}
    if claim.source and not _may_see(to, claim.source_to):
        update["source"] = ""
        withheld.append(HeldBack(f"claims/{claim.id}", "source", "not-releasable"))
    if claim.place is not None and claim.coarse_km is not None:
        place = coarse_place(claim.place, claim.coarse_km)
        within = _whole(place.within_km or 0.0, claim.coarse_km)
        update["place"] = place.model_copy(update={"within_km": within})
        withheld.append(HeldBack(f"claims/{claim.id}", "place", "coarsened"))
    if claim.at is not None and claim.coarse_minutes is not None:
        update["at"] = coarse_moment(claim.at, claim.coarse_minutes)
        withheld.append(HeldBack(f"claims/{claim.id}", "at", "coarsened"))
    if update.keys() & {"place", "at"} and claim.words:
        update["words"] = None  # they may tell what was just made coarser
        withheld.append(HeldBack(f"claims/{claim.id}", "words", "coarsened"))
    return claim.model_copy(update=update)


def _whole(within: float, size: float) -> float:
    """So many cells as hold an error, which would else tell how well the side could measure."""
    return math.ceil(within / size) * size


def _bare(items: Iterable[Item]) -> tuple[Item, ...]:
    """Without what only the own side needs: who may see it, and how coarse it shall be."""
    bare: dict[str, object] = {
        "releasable_to": (), "source_to": (), "coarse_km": None, "coarse_minutes": None,
    }  # fmt: skip
    return tuple(
        one.model_copy(update={k: v for k, v in bare.items() if k in type(one).model_fields})
        for one in items
    )


def _without_strangers(account: Account) -> Account:
    """A craft that is withheld is named by its id alone, as the claims of it name it."""
    known = {one.id for one in account.craft}
    unnamed = dict.fromkeys(one.of for one in account.claims if one.of and one.of not in known)
    more = tuple(Taking(id=of, name=of, side="?") for of in unnamed)
    return account.model_copy(update={"craft": (*account.craft, *more)})


def coarse_place(place: Place, km: float) -> Place:
    """The middle of the cell of a fixed grid of ``km`` in which a position lies, and its radius.

    The grid is fixed, so that asking again tells nothing more. The radius holds the cell and what
    the position itself leaves open.
    """
    rows = max(1, math.floor(180 * KM_PER_DEGREE / km))
    lat, high = _middle(place.lat, -90.0, 180.0, rows)
    columns = max(1, math.floor(360 * KM_PER_DEGREE * math.cos(math.radians(lat)) / km))
    lon, wide = _middle(place.lon, -180.0, 360.0, columns)
    nearer = lat - math.copysign(high / 2, lat)  # the edge towards the equator is the longer one
    reach = GEOD.inv(lon, lat, lon + min(wide / 2, 180.0), nearer)[2] / 1000
    radius = math.ceil(10 * (1.01 * reach + within_km(place))) / 10
    return Place(lat=round(lat, 4), lon=round(lon, 4), within_km=radius)


def _middle(x: float, start: float, extent: float, cells: int) -> tuple[float, float]:
    """The middle and size of the cell in which ``x`` lies, of so many from ``start`` on.

    The end belongs to the last cell.
    """
    size = extent / cells
    return start + (min(math.floor((x - start) / size), cells - 1) + 0.5) * size, size


def coarse_moment(moment: Moment, minutes: float) -> Moment:
    """The middle of the stretch of ``minutes`` since midnight UTC in which an instant lies.

    How far it may be off is told in whole stretches, as of a position.
    """
    instant = instants.parse(moment.utc)
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (instant - midnight).total_seconds() / 60
    middle = midnight + dt.timedelta(minutes=(math.floor(passed / minutes) + 0.5) * minutes)
    own = moment.within_minutes or instants.part(moment.utc) / 2
    within = _whole(minutes / 2 + own + 0.5, minutes)  # the middle is written to the minute
    return Moment(utc=instants.write(middle), within_minutes=within)
