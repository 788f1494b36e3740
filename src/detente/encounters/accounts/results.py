"""What two accounts of one incident have in common, and where they part: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["number", "instant", "place", "yes-no", "words"]
Verdict = Literal["agreed", "apart", "only-one", "not-compared"]


@dataclass(frozen=True)
class ToldClaim:
    """One claim as a side tells it, in its own unit; what its form does not have is None or empty.

    ``low``, ``value`` and ``high`` are a number with its stated bounds, ``instant`` is UTC and
    right within so many minutes, ``lat`` and ``lon`` degrees and right within so many kilometres,
    ``says`` is yes, no or not-known. An empty ``source`` is withheld.
    """

    claim: str
    form: Form
    low: float | None
    value: float | None
    high: float | None
    unit: str
    instant: str
    within_minutes: float | None
    lat: float | None
    lon: float | None
    within_km: float | None
    says: str
    words: str
    certainty: str
    source: str


@dataclass(frozen=True)
class Apart:
    """How far two claims are apart: from 0 where they can agree.

    ``least`` and ``most`` are what the stated errors allow, ``value`` that of the stated middles;
    in metres, metres a second, degrees, seconds or a count, as ``unit`` says.
    """

    least: float
    value: float
    most: float
    unit: str


@dataclass(frozen=True)
class Compared:
    """What both sides, or one of them, claim of one subject.

    ``verdict`` is ``agreed`` where the stated errors overlap or both say the same, ``apart`` where
    they do not, ``only-one`` where one side says nothing, and ``not-compared`` where one does not
    know, or both speak in words. ``certainty`` of what is agreed is the lower of both.
    """

    about: str
    of: str
    which: str
    first: ToldClaim | None
    second: ToldClaim | None
    verdict: Verdict
    difference: Apart | None
    certainty: str


@dataclass(frozen=True)
class HeldBack:
    """One thing that a release leaves out or makes coarser: where it stands, and why.

    ``field`` is empty where nothing of the item is told; of a craft that a claim is of it is
    ``name``, as the id is told.
    """

    item: str
    field: str
    why: Literal["not-releasable", "coarsened"]


@dataclass(frozen=True)
class Due:
    """What is due by when; ``by`` is the instrument, ``verified`` whether its text was read."""

    hours: float
    until: str
    due: str
    by: str
    verified: bool


@dataclass(frozen=True)
class Contact:
    """Whom to call of one side."""

    side: str
    who: str
    channel: str
    hours: str
    as_of: str


@dataclass(frozen=True)
class SideLabel:
    """What a side calls the incident."""

    side: str
    words: str
    by: str
    source: str


@dataclass(frozen=True)
class Asked:
    """A question of one side to the other; ``about`` is the subject, empty where of the whole."""

    side: str
    words: str
    about: str


@dataclass(frozen=True)
class OneSided:
    """Whose account stands in the sheet, of which day, and whether it was received at all."""

    side: str
    as_of: str
    reconstruction: bool
    received: bool


@dataclass(frozen=True)
class TwoAccounts:
    """Two accounts of one incident side by side.

    ``compared`` holds what is agreed first, then what is apart, what only one side speaks of, and
    what was not compared. ``withheld`` is what a copy for the other side
    would leave out, and stands in a sheet for the own side alone. ``craft`` are pairs
    of an id and its name; where the accounts name one differently, of its id twice, and ``named``
    holds the id and the first and second account's name. A title that differs stands as both, and
    ``begun`` is the earlier one, so that neither account speaks for both.
    """

    incident: str
    title: str
    begun: str
    shown_to: str
    accounts: tuple[OneSided, OneSided]
    craft: tuple[tuple[str, str], ...]
    named: tuple[tuple[str, str, str], ...]
    labels: tuple[SideLabel, ...]
    compared: tuple[Compared, ...]
    questions: tuple[Asked, ...]
    contacts: tuple[Contact, ...]
    clock: tuple[Due, ...]
    withheld: tuple[HeldBack, ...]
