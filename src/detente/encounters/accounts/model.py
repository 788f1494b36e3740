"""What stands in an account: what one side claims of one incident, and who may see it.

Two accounts of an incident name it, and the craft in it, by the same ids. Nothing may leave the
side unless the account says so: `releasable_to` is empty until somebody fills it. What names the
account itself is always told: its incident, title, side and day.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from detente.case.fields import Finite, Id, PartialDate, Record, Remark, Words
from detente.encounters.accounts.instants import Instant

Recipient = Literal["other-side", "mediator", "public"]
RECIPIENTS: tuple[Recipient, ...] = get_args(Recipient)
Certainty = Literal["sure", "likely", "possible"]
Unit = Literal["m", "km", "nm", "ft", "yd", "kn", "km/h", "m/s", "deg", "min", "h", "count"]
YesNo = Literal["yes", "no", "not-known"]
Kind = Literal["number", "instant", "place", "yes-no", "words"]

_To = Annotated[tuple[Recipient, ...], Field(strict=False)]

MOST_COARSE_KM = 1000.0
MOST_COARSE_MINUTES = 24 * 60.0
MOST_HOURS = 10 * 365 * 24.0  # of a deadline: ten years

# What a claim can be about, how it is stated, and for numbers in which kind of unit.
SUBJECTS: dict[str, tuple[Kind, str]] = {
    "begins": ("instant", ""),
    "ends": ("instant", ""),
    "closest-approach": ("instant", ""),
    "place": ("place", ""),
    "separation": ("number", "length"),
    "height": ("number", "length"),
    "height-difference": ("number", "length"),
    "distance-to-border": ("number", "length"),
    "speed": ("number", "speed"),
    "course": ("number", "angle"),
    "duration": ("number", "duration"),
    "passes": ("number", "count"),
    "craft-involved": ("number", "count"),
    "identity-known": ("yes-no", ""),
    "international-space": ("yes-no", ""),
    "called-by-radio": ("yes-no", ""),
    "answered-by-radio": ("yes-no", ""),
    "transponder-on": ("yes-no", ""),
    "lights-on": ("yes-no", ""),
    "notified-before": ("yes-no", ""),
    "kept-course-and-speed": ("yes-no", ""),
    "activity-interrupted": ("yes-no", ""),
    "weapons-visible": ("yes-no", ""),
    "weapons-aimed": ("yes-no", ""),
    "radar-illumination": ("yes-no", ""),
    "laser-or-searchlight": ("yes-no", ""),
    "objects-dropped": ("yes-no", ""),
    "simulated-attack": ("yes-no", ""),
    "people-hurt": ("yes-no", ""),
    "damage": ("yes-no", ""),
    "activity": ("words", ""),
    "purpose": ("words", ""),
    "other": ("words", ""),
}
# Below 0 are depths, who was the lower one, and what is on the far side of a border.
SIGNED = frozenset({"height", "height-difference", "distance-to-border"})
UNITS: dict[str, tuple[str, float]] = {
    "m": ("length", 1.0),
    "km": ("length", 1000.0),
    "nm": ("length", 1852.0),
    "ft": ("length", 0.3048),
    "yd": ("length", 0.9144),
    "m/s": ("speed", 1.0),
    "kn": ("speed", 1852 / 3600),
    "km/h": ("speed", 1 / 3.6),
    "deg": ("angle", 1.0),
    "min": ("duration", 60.0),
    "h": ("duration", 3600.0),
    "count": ("count", 1.0),
}


# Of two bounds of one kind pydantic keeps that of the type, so that these are no `Finite`.


class Place(Record):
    """A position, and how far off it may be."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, description="degrees north, WGS 84")
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, description="degrees east, WGS 84")
    within_km: Finite | None = Field(
        None, gt=0, description="how far off it may be; left out, half of its last decimal"
    )


class Moment(Record):
    """An instant, and how far off it may be."""

    utc: Instant = Field(description="for example 2016-04-11T15:05Z")
    within_minutes: Finite | None = Field(
        None, gt=0, description="how far off it may be; left out, half of its last stated part"
    )


class Claim(Record):
    """One thing that a side says of an incident, in one of five forms."""

    id: Id
    about: Id = Field(description="what it is about, by a word of the list of subjects")
    of: Id | None = Field(None, description="the craft, by an id of `craft`; empty for the whole")
    which: Id | None = Field(
        None, description="which of several, for example pass-2; the same word in both accounts"
    )
    value: Finite | None = Field(None, description="a number, where stated without an interval")
    low: Finite | None = Field(None, description="the lower end of a number")
    high: Finite | None = Field(None, description="the upper end of a number")
    unit: Unit | None = Field(None, description="the unit of a number")
    at: Moment | None = Field(None, description="an instant")
    place: Place | None = Field(None, description="a position")
    says: YesNo | None = Field(None, description="yes, no or not-known")
    words: Words | None = Field(None, description="in words, or what else is to be said of it")
    certainty: Certainty = Field(description="how sure the side is: sure, likely or possible")
    source: Remark = Field("", description="how it is known, for example by radar, or by whom")
    releasable_to: _To = Field((), description="who may see the claim; nobody where left out")
    source_to: _To = Field((), description="who may see how it is known; nobody where left out")
    coarse_km: Finite | None = Field(
        None,
        gt=0,
        le=MOST_COARSE_KM,
        description="a position is told to others to so many kilometres, and without `words`",
    )
    coarse_minutes: Finite | None = Field(
        None,
        gt=0,
        le=MOST_COARSE_MINUTES,
        description="an instant is told to others to so many minutes, and without `words`",
    )

    @model_validator(mode="after")
    def _one_form(self) -> Claim:
        kind, measure = SUBJECTS.get(self.about, (None, ""))
        if kind is None:
            return self  # told with the nearest word by the check of references
        number = (self.value, self.low, self.high) != (None, None, None)
        forms = {
            "number": number,
            "instant": self.at is not None,
            "place": self.place is not None,
            "yes-no": self.says is not None,
        }
        wanted = "words" if kind == "words" else _KEYS[kind]
        if (kind == "words" and self.words is None) or (kind != "words" and not forms[kind]):
            raise PydanticCustomError(
                "claim", "is about {about} and does not state `{wanted}`",
                {"about": self.about, "wanted": wanted, "mend": f"state `{wanted}`."},
            )  # fmt: skip
        extra = next((_KEYS[form] for form, is_ in forms.items() if is_ and form != kind), None)
        if extra is not None:
            raise PydanticCustomError(
                "claim", "is about {about} and states `{extra}`, which does not belong to it",
                {"about": self.about, "extra": extra, "mend": f"remove `{extra}`."},
            )  # fmt: skip
        return self._number(measure) if number else self

    def _number(self, measure: str) -> Claim:
        if (self.value is None) == (self.low is None) or (self.low is None) != (self.high is None):
            raise PydanticCustomError(
                "claim", "has not one of `value`, or both `low` and `high`",
                {"mend": "write `value` alone, or `low` and `high`."},
            )  # fmt: skip
        turned = measure == "angle"  # 350 to 10 degrees goes through north
        if self.low is not None and self.high is not None and self.low > self.high and not turned:
            raise PydanticCustomError(
                "claim", "has `low` above `high`", {"mend": "put the smaller number first."}
            )
        if self.unit is None or UNITS[self.unit][0] != measure:
            fitting = ", ".join(unit for unit, (of, _) in UNITS.items() if of == measure)
            raise PydanticCustomError(
                "claim", "needs a `unit` of {measure}",
                {"measure": measure, "mend": f"use one of: {fitting}."},
            )  # fmt: skip
        return self._in_range(measure)

    def _in_range(self, measure: str) -> Claim:
        stated = [x for x in (self.value, self.low, self.high) if x is not None]
        if self.about not in SIGNED and min(stated) < 0:
            raise PydanticCustomError(
                "claim", "has a number below 0", {"mend": "write it without its sign."}
            )
        if measure == "angle" and max(stated) > 360:
            raise PydanticCustomError(
                "claim", "has an angle above 360", {"mend": "write 0 to 360 degrees."}
            )
        if measure == "count" and any(x != int(x) for x in stated):
            raise PydanticCustomError(
                "claim", "has a count that is no whole number", {"mend": "write a whole number."}
            )
        return self


_KEYS = {"number": "value", "instant": "at", "place": "place", "yes-no": "says"}


class Taking(Record):
    """A craft that took part; both accounts use one id for it."""

    id: Id
    name: Words = Field(description="what it is, as the side would tell the other")
    side: Words = Field(description="whose it is")
    releasable_to: _To = Field((), description="who may see its name; nobody where left out")


class Call(Record):
    """Whom to call, and how, as the roster of a side has it."""

    who: Words
    channel: Words = Field(description="telephone, radio, line or address")
    hours: Remark = Field("", description="when they can be reached")
    as_of: PartialDate = Field(description="the day on which this was checked")
    releasable_to: _To = Field((), description="who may see it; nobody where left out")


class Label(Record):
    """What a side calls the incident, in its own words."""

    words: Words
    by: Words = Field(description="who called it so")
    source: Remark = Field("", description="where it can be read")
    releasable_to: _To = Field((), description="who may see it; nobody where left out")


class Question(Record):
    """What a side would ask the other."""

    words: Words
    about: Id | None = Field(None, description="the claim it is about, by its id")
    releasable_to: _To = Field((), description="who may see it; nobody where left out")


class Deadline(Record):
    """What is due by when after the incident, and by which rule."""

    hours: float = Field(gt=0, le=MOST_HOURS, allow_inf_nan=False, description="after the incident")
    due: Words = Field(description="what is due")
    by: Words = Field(description="the instrument and its article")
    verified: bool = Field(description="whether its text was read")
    releasable_to: _To = Field((), description="who may see it; nobody where left out")


class Account(Record):
    """`account.yaml`: what one side says of one incident."""

    FORMAT: ClassVar[str] = "detente/account/1"
    format: Literal["detente/account/1"] = Field(
        description="the format of this file and its version"
    )
    incident: Id = Field(description="the incident; the same in both accounts")
    title: Words
    side: Words = Field(description="whose account it is")
    as_of: PartialDate = Field(description="the day of this account")
    reconstruction: bool = Field(
        False, description="whether it is put together by others from what was published"
    )
    begun: Instant | None = Field(None, description="when the clock starts, UTC")
    begun_to: _To = Field((), description="who may see `begun`; nobody where left out")
    released_to: Recipient | None = Field(
        None, description="set by `detente incident release`, in the copy for others"
    )
    craft: Annotated[tuple[Taking, ...], Field(strict=False)] = ()
    calls: Annotated[tuple[Call, ...], Field(strict=False)] = ()
    label: Label | None = None
    deadlines: Annotated[tuple[Deadline, ...], Field(strict=False)] = ()
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    questions: Annotated[tuple[Question, ...], Field(strict=False)] = ()
