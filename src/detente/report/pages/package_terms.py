"""What the recommended package costs, what counts in it only together, and what else it meets."""

from __future__ import annotations

from collections.abc import Iterator

from detente.assessment.bargain.results import BudgetUse
from detente.assessment.results import Bargaining, GroupUse, JointGain
from detente.case import model
from detente.case.case import Case
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.package_changes import change_words
from detente.report.pages.package_shares import recommended

MOST_DIGITS = 2
TINY = 1e-9
NO_BREAK = "\N{NO-BREAK SPACE}"


def terms_blocks(case: Case, found: Bargaining, names: Names) -> list[Block]:
    """Budgets, joint gains and groups; nothing where the case states none."""
    _ = names.phrases
    tables = [
        *_budgets(case, found, names),
        *_joint_gains(case, found, names),
        *_groups(case, found, names),
    ]
    if not tables:
        return []
    return [
        Heading(_("What it costs, and what counts only together"), 2, "agreement-terms"),
        *tables,
    ]


def _budgets(case: Case, found: Bargaining, names: Names) -> Iterator[Block]:
    _ = names.phrases
    if not found.budgets:
        return
    for one in found.budgets:
        yield Paragraph((_spent(case, one, found, names),))
    yield Table(
        _budget_frame(case, found, names),
        _("What the recommended package spends"),
        "agreement-budgets",
        ("budget", "pays", "limit", "spent", "by_measure", "basis"),
    )
    note = _(
        "Costs are the case's own; measures in force cost nothing more. Of a limit that is told as "
        "an interval, the lower end is kept."
    )
    yield Paragraph((note,), "small")


def _spent(case: Case, one: BudgetUse, found: Bargaining, names: Names) -> str:
    """One budget in words: how much is spent, and whether it keeps measures out."""
    _ = names.phrases
    words = {
        "budget": names.budget(one.budget),
        "spent": _.number(one.spent, _digits(found)),
        "limit": _.number(one.limit, _digits(found)),
        "unit": _budget(case, one.budget).unit,
    }
    said = _("{budget}: {spent} of {limit} {unit}.", **words)
    if not one.binds:
        rest = _("It changes nothing: without it the package would be the same.")
    else:
        change = _change(one.without, found, names)
        rest = _("It binds: without it the package would be another, {change}.", change=change)
    return f"{said} {rest}"


def _budget_frame(case: Case, found: Bargaining, names: Names) -> Frame:
    _ = names.phrases
    digits = _digits(found)

    def row(one: BudgetUse) -> tuple[Cell, ...]:
        stated = _budget(case, one.budget)
        origin = case.provenance(stated, case.packages_file.defaults)
        title, unit = names.budget(one.budget), stated.unit
        return (
            f"{title} ({unit})" if unit else title,
            _.list([names.group(payer) for payer in stated.parties]) or _("open"),
            one.limit,
            stated.limit.high if stated.limit.high is not None else one.limit,
            one.spent,
            ", ".join(f"{name}{NO_BREAK}{_.number(cost, digits)}" for name, cost in one.costs)
            or _("none"),
            _("yes") if one.binds else _("no"),
            names.basis(origin.basis),
            origin.source,
        )

    return Frame(
        "package-budgets",
        (
            Column("budget", _("budget"), width=3),
            Column("pays", _("who pays"), width=1.8),
            Column("limit", _("limit"), "right", digits, width=0.8),
            Column("limit_high", _("upper end of the limit"), "right", digits),
            Column("spent", _("spent"), "right", digits, width=0.8),
            Column("by_measure", _("by measure"), width=3.4),
            Column("binds", _("binds")),
            Column("basis", _("basis"), width=1.2),
            Column("source", _("source")),
        ),
        tuple(row(one) for one in found.budgets),
    )


def _digits(found: Bargaining) -> int:
    """As many decimals, two at most, as the costs and limits of all budgets have."""
    numbers = [x for one in found.budgets for x in (one.limit, *(cost for _, cost in one.costs))]
    exact = (d for d in range(MOST_DIGITS) if all(abs(x - round(x, d)) < TINY for x in numbers))
    return next(exact, MOST_DIGITS)


def _budget(case: Case, budget: str) -> model.Budget:
    return next(one for one in case.packages_file.budgets if one.id == budget)


def _change(package: tuple[str, ...], found: Bargaining, names: Names) -> str:
    """What another package has and lacks beside the recommended one."""
    own = recommended(found).package
    joins = [name for name in package if name not in own]
    leaves = [name for name in own if name not in package]
    return change_words(joins, leaves, names)


def _joint_gains(case: Case, found: Bargaining, names: Names) -> Iterator[Block]:
    _ = names.phrases
    if not found.joint_gains:
        return
    yield Table(
        _joint_frame(case, found, names),
        _("What changes for a side only where measures stand together"),
        "agreement-together",
        ("measures", *(f"points_{party}" for party in found.parties), "held", "without", "why"),
    )
    note = _(
        "Mean changes in points of people's own answers, −100 to 100, beside what each measure "
        "brings alone: a conditional offer, where it makes acceptable what alone would not be."
    )
    yield Paragraph((note,), "small")


def _joint_frame(case: Case, found: Bargaining, names: Names) -> Frame:
    _ = names.phrases

    def row(one: JointGain) -> tuple[Cell, ...]:
        own = dict(one.gains)
        basis, source = _origin(case, one, names)
        return (
            " + ".join(_clause(clause, names) for clause in one.measures),
            *(own.get(party) for party in found.parties),
            _("yes") if one.held else _("no"),
            _change(one.without, found, names),
            names.text(one.why),
            basis,
            source,
        )

    return Frame(
        "package-together",
        (
            Column("measures", _("measures"), width=2),
            *(
                Column(f"points_{party}", names.group(party), "right", 1, width=1)
                for party in found.parties
            ),
            Column("held", _("in the package"), width=1),
            Column("without", _("the package without it"), width=1.8),
            Column("why", _("why"), width=4.5),
            Column("basis", _("basis")),
            Column("source", _("source")),
        ),
        tuple(row(one) for one in found.joint_gains),
    )


def _clause(clause: tuple[str, ...], names: Names) -> str:
    """A measure, or several of which one suffices."""
    _ = names.phrases
    if len(clause) == 1:
        return clause[0]
    return _("({a} or {b})", a=", ".join(clause[:-1]), b=clause[-1])


def _origin(case: Case, one: JointGain, names: Names) -> tuple[str, str]:
    """Bases and sources of the numbers of a joint gain, each once."""
    file = case.packages_file
    stated = next(each for each in file.synergies if each.measures == one.measures)
    found = [case.provenance(gain, file.own(stated)) for gain in stated.gains.values()]
    bases = dict.fromkeys(names.basis(each.basis) for each in found)
    return "; ".join(bases), "; ".join(dict.fromkeys(each.source for each in found))


def _groups(case: Case, found: Bargaining, names: Names) -> Iterator[Block]:
    _ = names.phrases
    if not found.groups:
        return
    stated = {one.id: one for one in case.packages_file.groups}

    def asked(one: GroupUse) -> str:
        group = stated[one.group]
        if group.at_most is None:
            return _("at least {n}", n=group.at_least)
        if not group.at_least:
            return _("at most {n}", n=group.at_most)
        if group.at_least == group.at_most:
            return _("exactly {n}", n=group.at_least)
        return _("{least} to {most}", least=group.at_least, most=group.at_most)

    frame = Frame(
        "package-groups",
        (
            Column("group", _("group"), width=3),
            Column("measures", _("measures"), width=2),
            Column("asked", _("asked for"), width=1.3),
            Column("held", _("in the package"), width=1.6),
            Column("why", _("why"), width=4),
        ),
        tuple(
            (
                names.measure_group(one.group),
                ", ".join(stated[one.group].measures),
                asked(one),
                ", ".join(one.held) or _("none"),
                names.text(stated[one.group].why),
            )
            for one in found.groups
        ),
    )
    yield Table(frame, _("Of which measures the package holds how many"), "agreement-groups")
