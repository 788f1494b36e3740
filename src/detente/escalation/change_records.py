"""In which respects two versions of one record of an escalation model differ.

Numbers compare by value, and an origin by what holds for the number, its own or the file's; so
that no other spelling is a change. Every field of every record is compared: `FIELDS` tells how,
and a field that is not in it is compared as a plain value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Literal

from detente.case import model
from detente.escalation.change_texts import (
    Side,
    basis_text,
    gate_text,
    number_text,
    plain_text,
    scale_of,
    short_pair,
)
from detente.ground.basis import Basis

Interval = Literal["wider", "narrower", "as-wide", "none"]


@dataclass(frozen=True)
class Aspect:
    """One respect in which an item differs, with short texts of both versions."""

    of: str
    old: str
    new: str


@dataclass(frozen=True)
class Size:
    """How far a number moved: the factor of its median's odds, rate or ratio, and its interval.

    ``factor`` is None where one of the two is 0 or certain. The width of an interval is that
    between its ends on the number's own scale (logit, log), for the same share of the belief;
    ``none`` stands where both numbers are points.
    """

    of: Literal["odds", "rate", "ratio"]
    factor: float | None
    interval: Interval


@dataclass(frozen=True)
class Pair:
    """The two versions, and the origin that both files state for numbers without their own."""

    old: Side
    new: Side
    defaults: tuple[model.Origin, model.Origin] = (model.Origin(), model.Origin())


Found = tuple[list[Aspect], Size | None]

# --- how each field is compared --------------------------------------------------------------

NAME = "name"  # the item is found again by it
OWN = "own"  # its items are changes of their own
APART = "apart"  # not part of the model
NUMBER = "number"  # part of one number, in the item or within it
ORIGIN = "origin"
GATE = "gate"
PLAIN = "plain"
TEXTS = "texts"  # by language
MANY = "many"  # ids in any order
PATH = "path"  # a level, or a side path

_ORIGIN = dict.fromkeys(("basis", "source", "date", "status"), ORIGIN)
_STATED = {**dict.fromkeys(("value", "low", "mid", "high", "ci"), NUMBER), **_ORIGIN, "note": PLAIN}
_UNCERTAIN = {**_STATED, "elicited": NUMBER, "bounds_only": NUMBER}
_BRANCHES = {"path": OWN, "ends": PLAIN}
_ACT = {"value": NUMBER, "how": PLAIN, "on": NAME}

FIELDS: dict[type[model.Record], dict[str, str]] = {
    model.Origin: _ORIGIN,
    model.Number: _STATED,
    model.Uncertain: _UNCERTAIN,
    model.Parameter: {
        **_UNCERTAIN,
        "id": NAME,
        "kind": PLAIN,
        "title": TEXTS,
        "counted": NUMBER,
    },
    model.Elicited: dict.fromkeys(("quantity", "group"), NUMBER),
    model.Counted: dict.fromkeys(("incidents", "counts", "start", "end", "reported"), NUMBER),
    model.Event: {
        **dict.fromkeys(("p", "any_of", "all_of", "none_of", "either_of", "at_least", "of"), GATE),
        "id": NAME,
        "title": TEXTS,
    },
    model.Rung: {"p": PLAIN, "otherwise": PATH, "event": TEXTS},
    model.Branches: _BRANCHES,
    model.Ladder: {
        "id": NAME,
        "starts": PLAIN,
        **_BRANCHES,
        "branch": PLAIN,
        "title": TEXTS,
        "risk": PLAIN,
    },
    model.Act: _ACT,
    model.BeliefAct: {**_ACT, "measure": NAME},
    model.Belief: {
        "id": NAME,
        "without": MANY,
        **dict.fromkeys(("numbers", "events", "ladders", "acts"), OWN),
        "title": TEXTS,
        "held_by": PLAIN,
        "source": PLAIN,
    },
    model.Correlation: {"between": NAME, "r": PLAIN, "note": PLAIN},
    model.Crisis: {"share": PLAIN, "instead": PLAIN},
    model.PublishedBeside: dict.fromkeys(("level", "ladder", "years", "comparable"), PLAIN),
    model.Published: {
        **_STATED,
        "id": NAME,
        "about": TEXTS,
        "unit": PLAIN,
        "period": PLAIN,
        "beside": PLAIN,
    },
    model.Quiet: {
        "id": NAME,
        "level": PLAIN,
        "years": PLAIN,
        "title": TEXTS,
        "source": PLAIN,
        "note": PLAIN,
    },
    model.Measure: {
        "id": NAME,
        "acts": OWN,
        **dict.fromkeys(("needs", "excludes", "saturates_with"), MANY),
        **dict.fromkeys(("area", "title", "text", "source", "seen", "unilateral"), APART),
        **dict.fromkeys(("verifiability", "decided_by", "status", "step"), APART),
    },
    model.MeasuresFile: {"format": APART, "defaults": OWN, "measures": OWN},
    model.LadderFile: {
        "format": APART,
        **dict.fromkeys(("defaults", "levels", "headline", "parameters", "events"), OWN),
        **dict.fromkeys(("ladders", "beliefs", "published", "crisis", "correlations"), OWN),
        "quiet": OWN,
    },
}
_LABELS = {"event": "words"}  # of a rung


def compared(two: Pair, old: model.Record, new: model.Record) -> Found:
    """Every respect in which two records of one kind differ, and how far their number moved."""
    known = FIELDS.get(type(new), {})
    hows = {**known, **{name: PLAIN for name in type(new).model_fields if name not in known}}
    found: list[Aspect] = []
    size = None
    if NUMBER in hows.values():
        found, size = _number(two, old, new)
    if isinstance(old, model.Event) and isinstance(new, model.Event):
        found += _gate(two, old, new)
    for name, how in hows.items():
        if how in _COMPARE:
            label = _LABELS.get(name, name)
            found += _COMPARE[how](two, label, getattr(old, name), getattr(new, name))
    inner = _inner(old), _inner(new)
    if isinstance(inner[0], model.Origin) and isinstance(inner[1], model.Origin):
        found += _origin(two, inner[0], inner[1])
    return found, size


def _plain(two: Pair, label: str, old: Any, new: Any) -> Iterator[Aspect]:
    if not _same(old or None, new or None):
        yield aspect(label, plain_text(two.old, old), plain_text(two.new, new))


def _texts(two: Pair, label: str, old: Any, new: Any) -> Iterator[Aspect]:
    before, after = two.old.by_language(old), two.new.by_language(new)
    differ = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if differ:
        language = two.new.words.language
        told = language if language in differ else differ[0]
        mark = "" if len(before | after) == 1 else f"{told}: "
        texts = [f"{mark}{one[told]}" if told in one else "" for one in (before, after)]
        yield aspect(label, plain_text(two.old, texts[0]), plain_text(two.new, texts[1]))


def _many(two: Pair, label: str, old: Any, new: Any) -> Iterator[Aspect]:
    if set(old) != set(new):
        yield aspect(label, plain_text(two.old, old), plain_text(two.new, new))


def _path(two: Pair, label: str, old: Any, new: Any) -> Iterator[Aspect]:
    """What stands beside a rung; the rungs of a side path in both are changes of their own."""
    if isinstance(old, model.Branches) and isinstance(new, model.Branches):
        yield from _plain(two, "side path ends", old.ends, new.ends)
    else:
        yield from _plain(two, label, old, new)


_COMPARE: dict[str, Callable[[Pair, str, Any, Any], Iterable[Aspect]]] = {
    PLAIN: _plain,
    TEXTS: _texts,
    MANY: _many,
    PATH: _path,
}


def aspect(label: str, old: str, new: str) -> Aspect:
    """A respect with its two texts, cut where they are long."""
    return Aspect(label, *short_pair(old, new))


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same, but for the last digits of numbers."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all(_same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _inner(record: model.Record) -> model.Record:
    """The number of an act; any other record itself."""
    return record.value if isinstance(record, model.Act) else record


def _gate(two: Pair, old: model.Event, new: model.Event) -> Iterator[Aspect]:
    def meaning(event: model.Event) -> object:
        return event.p, event.gate, event.at_least, sorted(event.operands)

    if meaning(old) != meaning(new):
        yield Aspect("gate", gate_text(two.old, old), gate_text(two.new, new))


# --- numbers ---------------------------------------------------------------------------------


def _number(two: Pair, old: model.Record, new: model.Record) -> Found:
    """How the number in two records differs, its remark, and a share within it."""
    scales = scale_of(two.old, old), scale_of(two.new, new)
    before, after = _inner(old), _inner(new)
    assert isinstance(before, model.Number)
    assert isinstance(after, model.Number)
    rest = [*_reported(two, before, after)]
    if before is not old:  # the record looks after its own
        rest += _plain(two, "note", before.note, after.note)
    if _same(_meaning(before, scales[0]), _meaning(after, scales[1])):
        return rest, None
    size = _size(before, after, scales[1], rate=isinstance(new, model.Parameter))
    texts = ("", "")
    for digits in (3, 6, 12):
        if texts[0] == texts[1]:
            texts = number_text(two.old, old, digits), number_text(two.new, new, digits)
    return [Aspect("number", *texts), *rest], size if scales[0] == scales[1] else None


def _meaning(number: model.Number, scale: str) -> tuple[Any, ...]:
    """What a number says, the same for all its spellings."""
    if number.value is not None:
        return "point", number.value
    if number.low is not None:
        if isinstance(number, model.Uncertain) and number.bounds_only:
            return "bounds", number.low, number.high
        return "interval", number.low, _mid(number, scale), number.high, number.ci
    counted = number.counted if isinstance(number, model.Parameter) else None
    if counted is not None:
        share = _meaning(counted.reported, "logit") if counted.reported else None
        rows = tuple(sorted(counted.counts))
        return "counted", counted.incidents, rows, counted.start, counted.end, share
    answers = number.elicited if isinstance(number, model.Uncertain) else None
    return ("answers", answers.quantity, answers.group) if answers else ()


def _mid(number: model.Number, scale: str) -> float:
    """The median: stated, or the middle on the scale, where the ends can lie on it."""
    if number.value is not None:
        return number.value
    assert number.low is not None
    assert number.high is not None
    if number.mid is not None:
        return number.mid
    if not (_lies(number.low, scale) and _lies(number.high, scale)):
        return (number.low + number.high) / 2
    middle = (_on(number.low, scale) + _on(number.high, scale)) / 2
    return 1 / (1 + math.exp(-middle)) if scale == "logit" else math.exp(middle)


def _lies(number: float, scale: str) -> bool:
    """Whether a number lies on a scale."""
    return scale != "linear" and 0 < number < (1 if scale == "logit" else math.inf)


def _on(number: float, scale: str) -> float:
    """A number on its scale, log or logit."""
    return math.log(number) - (math.log1p(-number) if scale == "logit" else 0)


def _size(old: model.Number, new: model.Number, scale: str, *, rate: bool) -> Size | None:
    """How far a stated number moved; None where one of the two is taken from elsewhere."""
    if old.from_elsewhere or new.from_elsewhere:
        return None
    mids = _mid(old, scale), _mid(new, scale)
    factor = None
    if all(_lies(mid, scale) for mid in mids):
        factor = math.exp(_on(mids[1], scale) - _on(mids[0], scale))
    of: Literal["rate", "ratio"] = "rate" if rate else "ratio"
    return Size("odds" if scale == "logit" else of, factor, _interval(old, new, scale))


def _interval(old: model.Number, new: model.Number, scale: str) -> Interval:
    before, after = _width(old, scale), _width(new, scale)
    if before == after == 0:
        return "none"
    if math.isclose(before, after, rel_tol=1e-6):
        return "as-wide"
    return "wider" if after > before else "narrower"


def _width(number: model.Number, scale: str) -> float:
    """The width of an interval on its scale, in standard deviations of a normal distribution."""
    if number.low is None or number.high is None:
        return 0.0
    apart = number.high - number.low
    if _lies(number.low, scale) and _lies(number.high, scale):
        apart = _on(number.high, scale) - _on(number.low, scale)
    return apart / NormalDist().inv_cdf((1 + number.ci / 100) / 2)


def _reported(two: Pair, old: model.Number, new: model.Number) -> Iterator[Aspect]:
    """Remark and origin of the share of events that are reported, which is part of a number."""
    one, other = _share(old), _share(new)
    if one is not None and other is not None:
        found = [*_plain(two, "note", one.note, other.note), *_origin(two, one, other)]
        yield from (replace(each, of=f"reported {each.of}") for each in found)


def _share(number: model.Number) -> model.Number | None:
    counted = number.counted if isinstance(number, model.Parameter) else None
    return counted.reported if counted is not None else None


def _origin(two: Pair, old: model.Origin, new: model.Origin) -> Iterator[Aspect]:
    """What differs in where a number comes from, but for what a file says of all its numbers."""
    bases, sources, *others = (
        _held(two, old, new, key) for key in ("basis", "source", "date", "status")
    )
    sides = two.old, two.new
    if bases[0] != bases[1]:
        own = (old.source, new.source) if old.source != new.source else (None, None)
        told = [
            source if basis is Basis.SOURCE else words
            for basis, source, words in zip(bases, sources, own, strict=True)
        ]
        yield Aspect("basis", *map(basis_text, sides, bases, told))
    elif sources[0] != sources[1]:
        yield aspect("source", *(side.document(x) for side, x in zip(sides, sources, strict=True)))
    for key, (before, after) in zip(("date", "status"), others, strict=True):
        yield from _plain(two, key, before, after)


def _held(two: Pair, old: model.Origin, new: model.Origin, key: str) -> tuple[Any, Any]:
    """What holds on both sides: the number's own word, else the file's; the same where none is."""
    own = getattr(old, key), getattr(new, key)
    if own[0] == own[1]:
        return own
    return own[0] or getattr(two.defaults[0], key), own[1] or getattr(two.defaults[1], key)
