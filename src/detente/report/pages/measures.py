"""The measures: what each is, what state it is in, and who decides."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.case.model import Measure
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names

STATE = ("measure", "state", "since", "note", "unilateral", "verified", "wording")


def measures_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """One row a measure, with its state on the day that the case names; then who decides."""
    _ = names.phrases
    if not case.measures:
        return []
    states = {state.measure: state for state in results.states}
    rows = []
    for measure in case.measures:
        state = states[measure.id]
        rows.append(
            (
                names.measure(measure.id),
                names.state(state.state),
                state.since,
                state.note,
                _("yes") if measure.unilateral else _("no"),
                _verifiability(measure.verifiability, names),
                _deciders(measure, names),
                names.status(measure.seen),
            )
        )
    frame = Frame(
        "measures",
        (
            Column("measure", _("measure"), width=3),
            Column("state", _("state"), width=1.5),
            Column("since", _("since"), width=1.2),
            Column("note", _("what is known"), width=5),
            Column("unilateral", _("alone"), width=0.7),
            Column("verified", _("verified by"), width=1.3),
            Column("decides", _("who decides, at which level"), width=9),
            Column("wording", _("wording checked"), width=1),
        ),
        tuple(rows),
    )
    text = _(
        "The state of each measure, or of what it rests on, on {day}. “Alone”: possible as a "
        "parallel unilateral step that needs no agreement.",
        day=_.date(case.about.as_of),
    )
    return [
        Heading(_("The measures and their state"), 1, "measures"),
        Paragraph((text,)),
        Table(frame, _("Measures"), "measures-table", STATE),
        Table(frame, _("Who decides, at which level"), "deciders-table", ("measure", "decides")),
    ]


def _deciders(measure: Measure, names: Names) -> str:
    """Who decides on each side; those of one kind and level together."""
    sides = {side.id for side in names.case.about.sides}
    by_kind: dict[str, list[str]] = {}
    for one in measure.decided_by:
        of = names.group(one.party) if one.party in sides else one.party
        by_kind.setdefault(f"{one.who} ({one.level})", []).append(of)
    return "; ".join(f"{', '.join(of)}: {kind}" for kind, of in by_kind.items())


def _verifiability(kind: str, names: Names) -> str:
    _ = names.phrases
    return {
        "none": _("nothing"),
        "declared": _("declaration"),
        "observed": _("observation"),
        "inspected": _("inspection"),
    }[kind]
