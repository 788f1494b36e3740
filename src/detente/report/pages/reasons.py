"""Why people answered so: themes by side, and reasons in the analyst's words."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.case.case import Case
from detente.elicitation.results import ThemeShare
from detente.report.document import Block, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names


def reasons_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """Themes contrasted by side, with the coders' agreement, then the reasons that were cleared."""
    _ = names.phrases
    found = results.elicitation
    if not found.themes and not found.reasons:
        return []
    blocks: list[Block] = [
        Heading(_("Reasons"), 2, "reasons"),
        Paragraph(
            (
                _(
                    "Reasons stand in the analyst's words, unattributed, and only where the group "
                    "of the person cleared them. A person counts once for each theme; a "
                    "range stands where the number would tell of fewer than {k} people.",
                    k=case.about.min_cell,
                ),
            )
        ),
        Paragraph((_agreement(results, names),), "small"),
    ]
    if found.themes:
        blocks.append(Table(_themes(case, results, names), _("Themes by side"), "themes"))
    if found.reasons:
        blocks.append(Table(_lines(results, names), _("Reasons that were cleared"), "reason-lines"))
    return blocks


def _agreement(results: AssessmentResults, names: Names) -> str:
    _ = names.phrases
    coding = results.elicitation.coding
    if coding is None or coding.alpha is None:
        return _("Coded by one person only, so that nothing is known of the coding's reliability.")
    return _(
        "{n} reasons were coded by {coders} people: Krippendorff's alpha {alpha} (90 % interval "
        "{low} to {high}; 1 is full agreement, 0 is chance).",
        n=coding.reasons,
        coders=coding.coders,
        alpha=_.number(coding.alpha.mid, 2),
        low=_.number(coding.alpha.low, 2),
        high=_.number(coding.alpha.high, 2),
    )


def _themes(case: Case, results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    shares = {(one.theme, one.group): one for one in results.elicitation.themes}
    groups = list(dict.fromkeys(group for _theme, group in shares))
    return Frame(
        "themes",
        (
            Column("theme", _("theme"), width=3),
            *(Column(f"people_{group}", names.group(group)) for group in groups),
        ),
        tuple(
            (
                names.text(theme.title),
                *(_count(shares[theme.id, group], names) for group in groups),
            )
            for theme in case.themes
        ),
    )


def _count(share: ThemeShare, names: Names) -> str:
    return names.tally(share.low, share.high, share.people)


def _lines(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "reasons",
        (
            Column("group", _("group"), width=1.2),
            Column("item", _("on"), width=2.5),
            Column("theme", _("theme"), width=1.8),
            Column("reason", _("reason"), width=4),
        ),
        tuple(
            (names.group(one.group), names.item(one.item), names.theme(one.theme), one.words)
            for one in results.elicitation.reasons
        ),
    )
