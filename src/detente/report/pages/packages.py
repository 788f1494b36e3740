"""What could be agreed as a whole: the recommended package, beside those of other rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from detente.assessment.bargain.results import Bargain
from detente.assessment.results import AssessmentResults, Bargaining
from detente.case.case import Case
from detente.report.document import (
    Block,
    Cell,
    Column,
    Frame,
    Heading,
    Link,
    Note,
    Paragraph,
    Table,
)
from detente.report.names import Names
from detente.report.pages.package_changes import changes_blocks
from detente.report.pages.package_path import path_blocks
from detente.report.pages.package_shares import (
    best_for_each,
    recommended,
    share_columns,
    shares_of_most,
)
from detente.report.pages.package_terms import terms_blocks
from detente.report.pages.values import SURE

HELD, NOT_HELD = "●", "○"
BOTH = 2  # sides
EVEN = 1 / 2


@dataclass(frozen=True)
class _Choice:
    """A package, and the rule that chose it in words; ``key`` names its column."""

    key: str
    rule: str
    bargain: Bargain


def packages_page(case: Case, results: AssessmentResults, names: Names) -> list[Block]:
    """The package in one sentence, the packages side by side, the path, and what would turn it."""
    _ = names.phrases
    found = results.bargaining
    if found is None:
        return []
    heading = Heading(_("What could be agreed as a whole"), 1, "agreement")
    if not recommended(found).package:
        return [heading, _none(found, names), *_not_in_choice(results, found, names)]
    choices = tuple(_choices(found, names))
    shown = ("place", "rule", *(one.key for one in share_columns(found, names)), "proven")
    shares, matrix = _shares(found, choices, names), _matrix(results, found, choices, names)
    return [
        heading,
        Paragraph((package_sentence(found, names),), "lead"),
        Paragraph((_rule(names),)),
        *_losing(results, found, names),
        Table(shares, _("What each side gets, by rule"), "agreement-rules", shown),
        Table(matrix, _("Which package holds which measure"), "agreement-matrix"),
        Paragraph((_legend(found, names),), "small"),
        *_not_in_choice(results, found, names),
        *terms_blocks(case, found, names),
        *path_blocks(case, found, names),
        *changes_blocks(found, names),
    ]


def package_sentence(found: Bargaining, names: Names, told: Collection[str] = ()) -> str:
    """Who gains by which measures taken together, and who stays where it is.

    Measures that the table above has ``told`` stand first, by their ids alone.
    """
    _ = names.phrases
    chosen = recommended(found)
    above = [one for one in chosen.package if one in told]
    named = [names.measure(one) for one in chosen.package if one not in told]
    if above:
        named.insert(0, _("{measures} (table above)", measures=", ".join(above)))
    measures = _.list(named)
    gaining = [party for party in found.parties if party not in chosen.left_out]
    if len(gaining) == len(found.parties) == BOTH:
        return _(
            "By what their people say, both sides gain from {measures}, taken together.",
            measures=measures,
        )
    said = _(
        "By what their people say, {measures}, taken together, bring a gain to: {sides}.",
        measures=measures,
        sides=_.list([names.group(party) for party in gaining]),
    )
    if not chosen.left_out:
        return said
    left = _.list([names.group(party) for party in chosen.left_out])
    rest = _("These cannot gain, and lose nothing: {sides}.", sides=left)
    return f"{said} {rest}"


def package_lines(
    results: AssessmentResults, names: Names, told: Collection[str] = ()
) -> list[Block]:
    """The package in short with a link to the page; nothing where none is recommended."""
    _ = names.phrases
    found = results.bargaining
    if found is None or not recommended(found).package:
        return []
    said = " ".join(
        (package_sentence(found, names, told), _core(found, names), _gets(found, names))
    )
    return [Paragraph((said, " (", Link(_("the whole package"), "#agreement"), ")"))]


def _core(found: Bargaining, names: Names) -> str:
    """Which measures of the package every defensible one holds."""
    _ = names.phrases
    package = recommended(found).package
    core = [one.measure for one in found.core.indices if one.kind == "core"]
    held = [one for one in package if one in core]
    if not held:
        return _("None of them stands in every defensible package.")
    measures = _.list(held)
    if found.core.method == "sampled":
        return _("In every defensible package sampled: {measures}.", measures=measures)
    return _("In every defensible package: {measures}.", measures=measures)


def _gets(found: Bargaining, names: Names) -> str:
    """What each side gets, of the most that it could."""
    _ = names.phrases
    shares = shares_of_most(found, recommended(found).gains)
    told = [
        f"{names.group(party)} {_.percent(share / 100)}"
        for party, share in zip(found.parties, shares, strict=True)
        if share is not None
    ]
    return _("Of the most it could gain, each side gets: {shares}.", shares=", ".join(told))


def _rule(names: Names) -> str:
    return names.phrases(
        "The rule: each side weighs the same, whatever the number of its parties; in at least "
        "90 % of the samples no side is left below what it expects without agreement; of all such "
        "packages the one with the largest product of gains is recommended. Gains are what people "
        "said of each measure; of two measures that do the same work only the larger gain counts. "
        "For discussion; no party's proposal."
    )


def _losing(results: AssessmentResults, found: Bargaining, names: Names) -> list[Block]:
    """The parties that surely lose by a measure of the package, by their own criteria."""
    _ = names.phrases
    chosen = recommended(found).package
    by_party: dict[str, list[str]] = {}
    for one in results.values:
        if one.measure in chosen and one.wins is not None and one.wins <= 1 - SURE:
            by_party.setdefault(one.party, []).append(one.measure)
    if not by_party:
        return []
    told = "; ".join(f"{names.party(one)} ({_.list(them)})" for one, them in by_party.items())
    return [
        Paragraph(
            (
                _(
                    "By their own criteria, parties surely lose by single measures of it: "
                    "{parties}.",
                    parties=told,
                ),
                " ",
                Link(_("What each measure is worth to each party"), "#values"),
            )
        )
    ]


def _none(found: Bargaining, names: Names) -> Note:
    _ = names.phrases
    conflict = recommended(found).conflict
    text = _("No measures together bring any side a gain and leave none worse off.")
    if conflict:
        groups = _.list([names.constraint(group) for group in conflict])
        text = _("These cannot hold together: {groups}.", groups=groups)
    return Note(_("No package can be recommended"), ((text,),))


def _choices(found: Bargaining, names: Names) -> Iterator[_Choice]:
    """The packages by rule, the recommended one first."""
    _ = names.phrases
    rules = {
        "nash": _("recommended: the largest product of gains (Nash)"),
        "leximin": _("whoever gets least gets as much as possible, then the next (leximin)"),
        "kalai-smorodinsky": _("the smallest share as large as possible (Kalai and Smorodinsky)"),
    }
    for one in found.packages:
        if one.solution in rules:
            yield _Choice(one.solution, rules[one.solution], one)
    for party, one in best_for_each(found).items():
        rule = _("best for {side} of all that every side can accept", side=names.group(party))
        yield _Choice(f"best_{party}", rule, one)
    for other in found.by_side_weight:
        if round(100 * other.weight) != round(100 * EVEN):
            rule = _(
                "as 1, but {side} weighs {share}",
                side=names.group(other.side),
                share=_.percent(other.weight),
            )
            yield _Choice(f"{other.side}_at_{round(100 * other.weight)}", rule, other.bargain)


def _shares(found: Bargaining, choices: tuple[_Choice, ...], names: Names) -> Frame:
    _ = names.phrases
    return Frame(
        "package-rules",
        (
            Column("place", "", "right", 0, width=0.3),
            Column("rule", _("rule"), width=5),
            Column("measures", _("measures"), width=4),
            *share_columns(found, names),
            Column("proven", _("proven"), width=0.9),
        ),
        tuple(
            (
                place,
                choice.rule,
                ", ".join(choice.bargain.package) or _("no measure"),
                *shares_of_most(found, choice.bargain.gains),
                _("yes") if choice.bargain.status == "optimal" else _("no"),
            )
            for place, choice in enumerate(choices, start=1)
        ),
    )


def _matrix(
    results: AssessmentResults, found: Bargaining, choices: tuple[_Choice, ...], names: Names
) -> Frame:
    _ = names.phrases
    ground = {one.measure: names.ground(one.kind) for one in results.ground}
    words = {"core": _("in all"), "borderline": _("in some"), "exterior": _("in none")}
    kinds = {one.measure: words[one.kind] for one in found.core.indices}

    def row(measure: str) -> tuple[Cell, ...]:
        signs = (HELD if measure in one.bargain.package else NOT_HELD for one in choices)
        red = [names.group(party) for party, name in found.red_lines if name == measure]
        red_lines = _.list(red) or _("none")
        return (names.measure(measure), *signs, kinds.get(measure), ground.get(measure), red_lines)

    return Frame(
        "package-measures",
        (
            Column("measure", _("measure"), width=5),
            *(
                Column(one.key, str(place), "center", width=0.35)
                for place, one in enumerate(choices, start=1)
            ),
            Column("core", _("defensible packages"), width=1.6),
            Column("ground", _("common ground"), width=1.4),
            Column("red_lines", _("red lines"), width=1.1),
        ),
        tuple(row(measure) for measure in found.measures),
    )


def _legend(found: Bargaining, names: Names) -> str:
    _ = names.phrases
    said = _(
        "{held} in the package, {not_held} not; numbers as in the table above. A package is "
        "defensible where no other acceptable one is better for a side and worse for none. A "
        "measure that adds nothing beside the others is left out of a package.",
        held=HELD,
        not_held=NOT_HELD,
    )
    if found.core.method == "enumerated":
        return said
    how = _("Defensible packages were sampled, not all counted.")
    return f"{said} {how}"


def _not_in_choice(results: AssessmentResults, found: Bargaining, names: Names) -> list[Block]:
    """Which measures could not be chosen, and why."""
    _ = names.phrases
    by_reason: dict[str, list[str]] = {}
    for one in results.states:
        if one.measure not in found.measures:
            is_open = one.possible and one.state != "in-force"
            reason = _("not told of every side") if is_open else names.state(one.state)
            by_reason.setdefault(reason, []).append(one.measure)
    if not by_reason:
        return []
    told = "; ".join(f"{_.list(these)} ({reason})" for reason, these in by_reason.items())
    return [Paragraph((_("Not in the choice: {measures}.", measures=told),), "small")]
