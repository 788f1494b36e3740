"""The recommended package in steps: what begins when, and what holds if nothing further happens."""

from __future__ import annotations

from typing import Any

from detente.assessment.bargain.results import SequenceStep
from detente.assessment.results import Bargaining
from detente.case.case import Case
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Frame,
    Heading,
    Note,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.marks import group_looks, point
from detente.report.pages.package_shares import share_columns, shares_of_most

SMALL = 0.05  # points of reassurance that print as none


def path_blocks(case: Case, found: Bargaining, names: Names) -> list[Block]:
    """The steps, and the ways out after each of them."""
    _ = names.phrases
    path = found.path
    if path is None:
        return []
    heading = Heading(_("The package in steps, with ways out"), 2, "agreement-path")
    steps = [step for step in path.steps if step.begins]
    if not steps:
        groups = _.list([names.constraint(group) for group in path.conflict])
        text = _("These cannot hold together: {groups}.", groups=groups)
        return [heading, Note(_("No order of steps is found"), ((text,),))]
    return [
        heading,
        Paragraph((_sentence(steps, names),)),
        Table(_begins(case, steps, names), _("What begins in which step"), "agreement-steps"),
        Table(
            _off_ramps(case, found, steps, names),
            _("What holds after each step if nothing further happens"),
            "agreement-off-ramps",
        ),
        Paragraph(
            (
                _(
                    "Reassurance received is rated by who receives it, 0 to 10 for each measure; "
                    "what was not told counts as 0. Can be taken back: measures in force that no "
                    "other one needs and whose case says what follows where they stop."
                ),
            ),
            "small",
        ),
        *_chart(found, steps, names),
    ]


def _sentence(steps: list[SequenceStep], names: Names) -> str:
    """Whether every side gains after every step, and where one does not yet."""
    _ = names.phrases
    short = [
        step.number for step in steps if any(gain <= 0 for _party, gain in step.off_ramp.gains)
    ]
    if not short:
        return _("After every step each side gains, even if nothing further happens.")
    return _(
        "If nothing further happens, some side has no gain yet after step {steps}.",
        steps=_.list([str(number) for number in short]),
    )


def _begins(case: Case, steps: list[SequenceStep], names: Names) -> Frame:
    _ = names.phrases
    known = {measure.id: measure for measure in case.measures}

    def row(step: int, name: str) -> tuple[Cell, ...]:
        measure = known[name]
        deciders = "; ".join(f"{names.group(one.party)}: {one.who}" for one in measure.decided_by)
        months = measure.step.months if measure.step else None
        return (step, names.measure(name), deciders or _("not found"), months)

    return Frame(
        "package-steps",
        (
            Column("step", _("step"), "right", 0, width=0.5),
            Column("measure", _("measure"), width=4),
            Column("decides", _("who decides"), width=4.5),
            Column("months", _("months"), "right", 0, width=0.8),
        ),
        tuple(row(step.number, name) for step in steps for name in step.begins),
    )


def _off_ramps(case: Case, found: Bargaining, steps: list[SequenceStep], names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "package-off-ramps",
        (
            Column("step", _("step"), "right", 0, width=0.5),
            *share_columns(found, names),
            Column("ahead", _("has received more reassurance"), width=1.8),
            Column("points", _("by, in points"), "right", 1, width=0.9),
            Column("withdrawable", _("can be taken back"), width=3),
        ),
        tuple(
            (
                step.number,
                *shares_of_most(found, step.off_ramp.gains),
                _ahead(case, step.off_ramp.balance, names),
                abs(step.off_ramp.balance),
                ", ".join(step.off_ramp.withdrawable) or _("none"),
            )
            for step in steps
        ),
    )


def _ahead(case: Case, balance: float, names: Names) -> str:
    """The side that has received more: the second where the balance is positive."""
    if abs(balance) < SMALL:
        return names.phrases("none")
    return names.group(case.about.sides[int(balance > 0)].id)


def _chart(found: Bargaining, steps: list[SequenceStep], names: Names) -> list[Chart]:
    """What each side has after each step, from nothing on."""
    _ = names.phrases
    nothing = tuple((party, 0.0) for party in found.parties)
    reached = [(0, nothing), *((step.number, step.off_ramp.gains) for step in steps)]
    rows = tuple(
        (step, names.group(party), share)
        for step, gains in reached
        for party, share in zip(found.parties, shares_of_most(found, gains), strict=True)
        if share is not None
    )
    share = _("% of the most it could gain")
    frame = Frame(
        "package-gains",
        (
            Column("step", _("step"), "right", 0),
            Column("group", _("side"), width=3),
            Column("share", share, "right", 0, width=2),
        ),
        rows,
    )
    sides = list(dict.fromkeys(str(row[1]) for row in rows))
    caption = _("What each side has after each step")
    alt = _("Lines of {n} sides over {steps} steps.", n=len(sides), steps=len(steps))
    return [Chart(frame, _lines(sides, share, _("step")), caption, alt, "agreement-gains")]


def _lines(sides: list[str], share: str, step: str) -> dict[str, Any]:
    x = {"field": "step", "type": "ordinal", "title": step}
    y = {"field": "share", "type": "quantitative", "title": share}
    return {
        "height": 170,
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": "line", "encoding": {"detail": {"field": "group", "type": "nominal"}}},
            {"mark": point(), "encoding": group_looks(sides)},
        ],
    }
