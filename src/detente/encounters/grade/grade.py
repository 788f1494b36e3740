"""Grade an encounter on two axes: its geometry, and how near it was to escalation.

The axes are not added up: a close pass by agreement is no escalation, and a mock attack from far
away is no near collision. What each side calls an encounter is kept beside both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from detente.encounters.grade.model import GradeTable, Ground, Scale, starting_grades
from detente.encounters.results import (
    Bound,
    Class,
    EscalationGrade,
    GeometryGrade,
    Given,
    Graded,
    GradeReason,
    LabelGap,
    Outcome,
    Points,
    RuleFinding,
)
from detente.encounters.rules.evaluate import Known, compared, conjunction, negation
from detente.ground.errors import UsageError

CLASSES: tuple[Class, ...] = ("near-routine", "serious", "high-risk")
FOOT = 0.3048
NEAR_COLLISION = (500 * FOOT, 100 * FOOT)  # DO-365: along the ground, and of height


def grade(
    known: Known,
    findings: Sequence[RuleFinding],
    *,
    labels: Sequence[Given] = (),
    table: GradeTable | None = None,
) -> Graded:
    """Grade an encounter.

    Parameters
    ----------
    known
        What is known of it; its reports may also have ``people-hurt`` and ``damage``.
    findings
        What rules say of it.
    labels
        What each side calls it.
    table
        The table of points and reasons; the one that detente comes with where left out.

    Raises
    ------
    UsageError
        Where a label is of no scheme of the table, or no letter of its scheme.

    """
    by = table or starting_grades()
    return Graded(
        geometry=geometry(known, by),
        escalation=escalation(known, findings, by),
        labels=tuple(labels),
        gaps=disagreement(labels, by),
        table=f"{by.table} {by.version}",
    )


# --- geometry -------------------------------------------------------------------------------------


def geometry(known: Known, table: GradeTable) -> GeometryGrade | None:
    """The points of the geometry; None for a pair of domains without a reference.

    Points of what is not known run from the least to the most that the table has.
    """
    reference = next((one for one in table.references if one.domains == known.domains), None)
    if reference is None:
        return None
    values = {
        "separation": _share(
            known, reference.horizontal.si, reference.vertical.si if reference.vertical else None
        ),
        "closure": _bound(known, "closure"),
        "controllability": _action(known),
    }
    points = tuple(
        _points(scale, values[scale.part])
        for scale in table.points
        if known.domains in scale.domains
    )
    best = [one.value for one in points if one.value is not None]
    volume = known.metrics.get("well-clear-lost")
    clear: Outcome = "undetermined" if not isinstance(volume, bool) else _told(volume)
    return GeometryGrade(
        points=points,
        low=sum(one.low for one in points),
        value=sum(best) if len(best) == len(points) else None,
        high=sum(one.high for one in points),
        most=sum(max(step.points for step in _scale(table, known, one.part)) for one in points),
        near_collision=_near_collision(known),
        well_clear_lost=clear if known.domains == "air-air" else "false",
        horizontal=reference.horizontal.si,
        vertical=reference.vertical.si if reference.vertical else None,
    )


def _scale(table: GradeTable, known: Known, part: str) -> Iterable[Any]:
    return next(x.steps for x in table.points if x.part == part and known.domains in x.domains)


def _told(flag: bool) -> Outcome:  # noqa: FBT001 (an answer, not a switch)
    return "true" if flag else "false"


def _bound(known: Known, name: str) -> Bound | None:
    found = known.metrics.get(name)
    return found if isinstance(found, Bound) else None


def _share(known: Known, horizontal: float, vertical: float | None) -> Bound | None:
    """How much of the reference was left: of both distances the larger share counts."""
    along = _bound(known, "separation")
    if along is None:
        return None
    found = Bound(along.low / horizontal, along.value / horizontal, along.high / horizontal)
    if vertical is None:
        return found
    height = _bound(known, "vertical")
    if height is None:
        return Bound(found.low, found.value, float("inf"))
    up = Bound(height.low / vertical, height.value / vertical, height.high / vertical)
    return Bound(max(found.low, up.low), max(found.value, up.value), max(found.high, up.high))


def _action(known: Known) -> Bound | None:
    """The largest change of course of either craft that is known."""
    names = ("give-way-turn", "stand-on-turn", "starboard-turn")
    found = [one for one in (_bound(known, name) for name in names) if one is not None]
    if not found:
        return None
    return Bound(*(max(getattr(one, end) for one in found) for end in ("low", "value", "high")))


def _points(scale: Scale, value: Bound | None) -> Points:
    all_ = [step.points for step in scale.steps]
    if value is None:
        return Points(scale.part, scale.title, min(all_), None, max(all_), None, scale.source)
    ends = [scale.points(value.low), scale.points(value.high)]
    return Points(
        scale.part, scale.title, min(ends), scale.points(value.value), max(ends), value,
        scale.source,
    )  # fmt: skip


def _near_collision(known: Known) -> Outcome:
    """Whether two aircraft were within 500 ft along the ground and 100 ft of height."""
    if known.domains != "air-air":
        return "false"
    parts: list[Outcome] = [
        "undetermined" if one is None else compared(one, "below", limit)
        for one, limit in zip(
            (_bound(known, "separation"), _bound(known, "vertical")), NEAR_COLLISION, strict=True
        )
    ]
    found = conjunction(parts)
    single = found == "true" and {"separation", "vertical"} & known.single_source
    return "undetermined" if single else found


# --- escalation -----------------------------------------------------------------------------------


def escalation(known: Known, findings: Sequence[RuleFinding], table: GradeTable) -> EscalationGrade:
    """The gravest of the reasons that hold, and of those that what is known leaves open.

    An encounter is near-routine where no reason holds. What only a report could tell, and none
    does, is listed and raises nothing.
    """
    by_rule = {one.rule: one.outcome for one in findings}
    reasons = []
    for one in table.reasons:
        if one.domains and known.domains not in one.domains:
            continue
        outcome, why = _holds(one, known, by_rule)
        if outcome != "false":
            reasons.append(GradeReason(one.id, one.title, one.grade, outcome, why, one.source))
    return EscalationGrade(
        at_least=_gravest(one.grade for one in reasons if one.outcome == "true"),
        could_be=_gravest(one.grade for one in reasons if one.outcome in {"true", "undetermined"}),
        reasons=tuple(reasons),
    )


def _holds(
    one: Ground, known: Known, by_rule: Mapping[str, Outcome]
) -> tuple[Outcome, tuple[str, ...]]:
    """Whether any of what a reason names holds, and what of it is behind the answer."""
    parts: dict[str, Outcome] = {name: by_rule.get(name, "false") for name in one.rules}
    for word in one.reported:
        told = known.reports.get(word)
        parts[word] = "needs-report" if told is None else _told(told)
    if one.metric is not None:
        parts[one.metric] = _measured(one, known)
    any_ = negation(conjunction([negation(part) for part in parts.values()]))
    because = tuple(name for name, part in parts.items() if part == any_)
    if one.sides_differ == "no":
        return any_, because
    differ = known.metrics.get("sides-differ")
    sides: Outcome = "undetermined" if not isinstance(differ, bool) else _told(differ)
    if sides == "true" and "sides-differ" in known.single_source:
        sides = "undetermined"
    return conjunction([any_, sides]), because


def _measured(one: Ground, known: Known) -> Outcome:
    assert one.metric is not None
    value = _bound(known, one.metric)
    if value is None:
        return "undetermined"
    if one.at_least is not None:
        found = compared(value, "at-least", one.at_least)
    else:
        assert one.below is not None
        found = compared(value, "below", one.below)
    return "undetermined" if found == "true" and one.metric in known.single_source else found


def _gravest(grades: Iterable[Class]) -> Class:
    return max(grades, key=CLASSES.index, default="near-routine")


# --- labels ---------------------------------------------------------------------------------------


def disagreement(labels: Sequence[Given], table: GradeTable | None = None) -> tuple[LabelGap, ...]:
    """How far the labels of each two sides are apart, where they are of one scheme with an order.

    Raises
    ------
    UsageError
        Where a label is of no scheme of the table, or no letter of its scheme.

    """
    by = table or starting_grades()
    schemes = {one.id: one for one in by.schemes}
    for label in labels:
        if label.scheme and label.scheme not in schemes:
            raise UsageError(f"No scheme {label.scheme!r}; there are {', '.join(schemes)}.")
        if label.scheme and label.letter not in schemes[label.scheme].letters:
            raise UsageError(f"{label.scheme} has no {label.letter!r}.")
    found = []
    for one, other in combinations(labels, 2):
        if one.side == other.side:
            continue
        steps = None
        if one.scheme and one.scheme == other.scheme:
            order = schemes[one.scheme].order
            if one.letter in order and other.letter in order:
                steps = order.index(other.letter) - order.index(one.letter)
        same = bool(one.scheme) and (one.scheme, one.letter) == (other.scheme, other.letter)
        found.append(
            LabelGap(
                one.side, other.side, one.scheme if one.scheme == other.scheme else "",
                "agreed" if same else "not-compared" if steps is None else "apart", steps,
            )
        )  # fmt: skip
    return tuple(found)


def definition(label: Given, table: GradeTable | None = None) -> str:
    """What the letter of a label means in its scheme; empty for words of no scheme."""
    schemes = {one.id: one for one in (table or starting_grades()).schemes}
    return schemes[label.scheme].letters[label.letter] if label.scheme else ""
