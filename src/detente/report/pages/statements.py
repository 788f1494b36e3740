"""Statements: where every side agrees, and opinion groups where they are stable."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.elicitation.results import OpinionGroups, StatementVerdict
from detente.report.document import Block, Column, Frame, Heading, Note, Paragraph, Table
from detente.report.names import Names

_ORDER = {"consensus": 0, "divided": 1, "too-few": 2}


def statements_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The table of statements, then the opinion groups or why there are none."""
    _ = names.phrases
    if not results.elicitation.statements:
        return []
    text = _(
        "Consensus: with at least {sure} the share of those who agree, or of those who disagree, "
        "reaches {threshold} in every side (Jeffreys prior on each side's share; who passed counts "
        "as not agreeing). Divided: as sure that neither does. Otherwise too few answered to tell. "
        "A range stands where the number would tell of fewer than {k} people, or of everybody; the "
        "verdict rests on its lower end.",
        sure=_.percent(0.8),
        threshold=_.percent(case.statements_file.threshold),
        k=case.about.min_cell,
    )
    return [
        Heading(_("Statements"), 1, "statements"),
        Paragraph((text,)),
        Table(_frame(results, names), _("Statements by verdict, and how each side voted"), "votes"),
        *_opinions(results.elicitation.opinions, names),
    ]


def _frame(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    found = sorted(
        results.elicitation.statements, key=lambda one: (_ORDER[one.kind], -(one.chance or 0))
    )
    sides = list(dict.fromkeys(camp.group for one in found for camp in one.camps))
    return Frame(
        "statements",
        (
            Column("statement", _("statement"), width=4),
            Column("verdict", _("verdict"), width=1.6),
            Column("chance", _("chance"), "right", 2),
            *(Column(f"votes_{side}", names.group(side), width=1.6) for side in sides),
        ),
        tuple(
            (
                names.statement(one.statement),
                _verdict(one, names),
                one.chance,
                *(_votes(one, side, names) for side in sides),
            )
            for one in found
        ),
    )


def _verdict(one: StatementVerdict, names: Names) -> str:
    _ = names.phrases
    if one.kind == "consensus":
        return _("all sides agree") if one.stance == "agree" else _("all sides disagree")
    return _("divided") if one.kind == "divided" else _("too few answers")


def _votes(one: StatementVerdict, side: str, names: Names) -> str:
    _ = names.phrases
    camp = next((camp for camp in one.camps if camp.group == side), None)
    if camp is None:
        return _("withheld")
    tally = names.tally(camp.low, camp.high, camp.people)
    if camp.low == 0:
        return tally
    return (
        _("for: {tally}", tally=tally)
        if camp.stance == "agree"
        else _("against: {tally}", tally=tally)
    )


def _opinions(found: OpinionGroups | None, names: Names) -> list[Block]:
    _ = names.phrases
    if found is None:
        return []
    figures = _(
        "Adjusted Rand index between the groups of {draws} bootstrap draws and those of all {n} "
        "people: median {median}, 10th percentile {low}; 1 is the same groups, 0 is chance.",
        draws=found.draws,
        n=found.people,
        median=_.number(found.ari_median, 2),
        low=_.number(found.ari_low, 2),
    )
    heading = Heading(_("Opinion groups, whatever the side"), 2, "opinion-groups")
    if not found.groups:
        title = _("No stable groups") if not found.stable else _("Groups withheld")
        why = (
            _("Another draw of people would give other groups, so that none is shown.")
            if not found.stable
            else _("Beside the tables of the sides these groups would tell of single people.")
        )
        return [heading, Note(title, ((why,), (figures,)))]
    table = Table(
        _groups(found, names), _("Statements on which each group stands out"), "representative"
    )
    return [heading, Paragraph((figures,)), table]


def _groups(found: OpinionGroups, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "opinion-groups",
        (
            Column("group", _("group"), "right", 0, width=0.6),
            Column("people", _("people"), "right", 0, width=0.6),
            Column("statement", _("statement"), width=4),
            Column("stance", _("stance")),
            Column("votes", _("of its voters")),
        ),
        tuple(
            (
                place,
                group.people,
                names.statement(one.statement),
                _("agrees") if one.stance == "agree" else _("disagrees"),
                names.tally(one.low, one.high, one.people),
            )
            for place, group in enumerate(found.groups, start=1)
            for one in group.representative
        ),
    )
