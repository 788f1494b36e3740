"""What identities say of an encounter: sides, state and civil craft, and whose word it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from detente.encounters.results import Identity
from detente.encounters.rules.metrics import METRICS

# Words of kinds of state ships: a warship belongs to armed forces (UNCLOS, art. 29).
_ARMED = (
    "military", "warship", "navy", "naval", "frigate", "corvette", "destroyer", "cruiser",
    "carrier", "submarine", "landing", "missile", "mine", "patrol",
)  # fmt: skip
_NOT_ARMED = ("law enforcement", "police", "customs", "research", "rescue", "pilot")


def flags(identities: Iterable[Identity]) -> dict[str, bool | None]:
    """The flags of an encounter, or of one craft alone; None where it is not known."""
    all_ = tuple(identities)
    sides = [one.side for one in all_]
    states = [one.state for one in all_]
    found = {
        "state-craft-involved": _any([_is(one, "state") for one in states]),
        "civil-craft-involved": _any([_is(one, "civil") for one in states]),
        "warship-involved": _any([warship(one) for one in all_]),
    }
    if len(all_) > 1:
        found["sides-differ"] = None if None in sides else len(set(sides)) > 1
    return found


def foreign(one: Identity, state: str) -> bool | None:
    """Whether a craft is of another state than ``state``; None where either is not known."""
    said = {each.value for each in one.evidence if each.key == "country"}
    return state not in said if state and len(said) == 1 else None


def single_source(identities: Iterable[Identity]) -> frozenset[str]:
    """The metrics that decide nothing for a condition to be true.

    All of them where a craft is a state ship of one source alone: its track is no more than a
    claim. Those of sides where a side is disputed.
    """
    all_ = tuple(identities)
    if any(one.at_most_undetermined for one in all_):
        return frozenset(METRICS)
    disputed = any("side" in one.disputed for one in all_)
    return frozenset({"sides-differ"} if disputed else ())


def warship(one: Identity) -> bool | None:
    """Whether a craft is said to be a warship; None where that is not known."""
    kind = one.kind.lower()
    if one.domain != "sea" or one.state == "civil" or any(word in kind for word in _NOT_ARMED):
        return False
    if one.state == "state" and any(word in kind for word in _ARMED):
        return True
    return None


def _is(state: str, wanted: str) -> bool | None:
    return None if state == "unknown" else state == wanted


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False
