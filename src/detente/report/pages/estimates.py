"""Numbers and events that people estimated, and whether the estimates fit together."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names


def estimates_page(results: AssessmentResults, names: Names) -> list[Block]:
    """Quantities by group, then chains of estimates."""
    _ = names.phrases
    found = results.elicitation
    blocks: list[Block] = []
    if found.quantities:
        blocks = [
            Heading(_("Estimates"), 2, "estimates"),
            Table(_quantities(results, names), _("What each group estimates"), "quantities"),
        ]
    if found.chains:
        text = _(
            "Two ways of asking for one thing should give one answer. A factor above 2 is marked, "
            "and so is a longer span that is held less likely than a shorter one."
        )
        blocks += [
            Paragraph((text,)),
            Table(_chains(results, names), _("Estimates that should fit together"), "chains"),
        ]
    return blocks


def _quantities(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "quantities",
        (
            Column("quantity", _("quantity"), width=3.5),
            Column("group", _("group"), width=1.4),
            Column("low", _("5 %"), "right"),
            Column("mid", _("median"), "right"),
            Column("high", _("95 %"), "right"),
            Column("marker", _("mean"), "right"),
            Column("known", _("known"), "right"),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                names.quantity(one.quantity),
                names.group(one.group),
                _three_digits(one.spread.low),
                _three_digits(one.spread.mid),
                _three_digits(one.spread.high),
                _three_digits(one.marker),
                one.known,
                one.people,
            )
            for one in results.elicitation.quantities
        ),
    )


def _three_digits(x: float) -> float:
    """Three digits, which is more than anybody knows."""
    return float(f"{x:.3g}")


def _chains(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "chains",
        (
            Column("chain", _("estimates"), width=4),
            Column("group", _("group"), width=1.4),
            Column("given", _("one way"), "right"),
            Column("direct", _("the other"), "right"),
            Column("factor", _("factor"), "right", 1),
            Column("flagged", _("marked")),
            Column("people", _("people"), "right", 0),
        ),
        tuple(
            (
                _named(one.chain, names),
                names.group(one.group),
                _three_digits(one.given),
                _three_digits(one.direct),
                one.factor,
                _("yes") if one.flagged else _("no"),
                one.people,
            )
            for one in results.elicitation.chains
        ),
    )


def _named(chain: str, names: Names) -> str:
    """The chain in the titles of its parts."""
    _ = names.phrases
    stated = next(one for one in names.case.chains if one.id == chain)
    if stated.direct is not None:
        steps = " × ".join(names.quantity(step) for step in stated.steps)
        return _("{steps}, against: {direct}", steps=steps, direct=names.quantity(stated.direct))
    return _(
        "{shorter}, against: {longer}",
        shorter=names.quantity(stated.shorter or ""),
        longer=names.quantity(stated.longer or ""),
    )
