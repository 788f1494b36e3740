"""`detente elicit rank`: what people put first, how surely, and who puts it otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.elicit.files import assessed, is_case
from detente.cli.elicit.of_case import head, names_of, print_head
from detente.cli.files import AS_JSON, FILE, findings_told, given
from detente.cli.show import chance, number, print_json, print_table, say, spread, yes_no
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.elicitation.results import ElicitationResults
    from detente.report.names import Names

SEED = 1


@click.command(
    short_help=_("What people put first, and how surely."),
    help=_(
        "Worths of what people put before what, with intervals and ranks. FILE: a table with the "
        "columns person, first, second, result; or person, item, rank; or person, set, item, "
        "choice; or a column `A:B` for each pair; or a square table of counts. Or a case folder."
    ),
    epilog=_(
        "Example: detente elicit rank rankings.csv --by group --tree. Example: detente elicit rank "
        "cases/training --tree"
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--by",
    metavar="COLUMN",
    help=_("Compare the people by this column; `group` by default where there is one."),
)
@click.option("--tree", is_flag=True, help=_("Look for people who prioritise alike."))
@click.option(
    "--alpha",
    type=click.FloatRange(min=0),
    help=_("Precision of a prior on worths, for items that nobody, or everybody, put first; 0."),
)
@click.option("--unranked-last", is_flag=True, help=_("What is not ranked comes after all else."))
@click.option("--seed", type=int, help=_("Of the draws for ranks; 1 by default."))
@AS_JSON
def rank(
    file: Path,
    *,
    by: str | None,
    tree: bool,
    alpha: float | None,
    unranked_last: bool,
    seed: int | None,
    as_json: bool,
) -> None:
    """Rank the items of a file, or print what may be shown of a case."""
    options = given(by=by, alpha=alpha, unranked_last=unranked_last, seed=seed)
    with findings_told("elicit-rank", as_json=as_json):
        if is_case([file], options):
            _case(file, tree=tree, as_json=as_json)
            return
        from detente.cli.elicit.rank_file import Wanted, rank_file

        wanted = Wanted(
            by=by,
            tree=tree,
            alpha=alpha or 0.0,
            unranked="last" if unranked_last else "left out",
            seed=SEED if seed is None else seed,
        )
        told = rank_file(file, wanted)
    if as_json:
        print_json("elicit-rank", told)
    else:
        _print(told)


def _print(told: dict[str, Any]) -> None:
    facts = [_.n("{n} item", "{n} items", len(told["items"])), _layout(told["layout"])]
    if told["layout"] != "square":  # which does not tell how many counted
        facts.insert(0, _.n("{n} person", "{n} people", told["people"]))
    say(", ".join(facts))
    say("")
    print_table(
        _("Worths, the largest first"),
        (_("item"), _("worth"), _("log-worth (90 %)"), _("rank"), _("in the first 3")),
        (
            (
                one["item"],
                number(one["worth"]),
                spread(*(one["log_worth"][key] for key in ("low", "mid", "high"))),
                f"{one['rank_low']}–{one['rank_high']}",
                chance(one["in_first"]),
            )
            for one in told["items"]
        ),
        note=_("Errors {kind}. Ranks hold together 90 times in 100.", kind=_errors(told["errors"])),
    )
    _print_agreement(told["concordance"])
    _print_contrast(told["contrast"])
    if told["tree"] is not None:
        say(_("Who prioritises alike"))
        for line in told["tree"]:
            say(f"  {line}")


def _layout(layout: str) -> str:
    return {
        "long": _("pairs"),
        "wide": _("pairs"),
        "square": _("counts of pairs"),
        "rankings": _("rankings"),
        "best-worst": _("best and worst of sets"),
    }[layout]


def _errors(kind: str) -> str:
    return {"model": _("of the model"), "person": _("by person")}[kind]


def _print_agreement(found: dict[str, Any] | None) -> None:
    if found:
        say(
            _(
                "Kendall's W {w} of {n} complete rankings (p {p}): 0 no agreement, 1 all the same",
                w=number(found["w"]),
                n=found["people"],
                p=number(found["p"], 2),
            )
        )
        say("")


def _print_contrast(found: dict[str, Any] | None) -> None:
    if not found:
        return
    groups = [f"{one['group']} ({one['people']})" for one in found["groups"]]
    say(_("By {column}: {groups}", column=found["by"], groups=_.list(groups)))
    say(
        _(
            "One order for all? {test}: {statistic}, p {p}",
            test=found["test"],
            statistic=number(found["statistic"]),
            p=number(found["p"], 2),
        )
    )
    print_table(
        _("Log-worth in one group less that in the other"),
        (_("item"), _("group"), _("less"), _("difference (90 %)"), _("tells")),
        (
            (
                one.item,
                one.a,
                one.b,
                spread(one.low, one.mid, one.high),
                yes_no(holds=one.tells),
            )
            for one in found["differences"]
        ),
    )


# --- a case ----------------------------------------------------------------------------------


def _case(folder: Path, *, tree: bool, as_json: bool) -> None:
    case, results = assessed(folder)
    if not results.worths:
        raise UsageError(_("Nobody who may be shown put one risk before another."))
    if as_json:
        print_json("elicit-rank", {**head(results), **_told(results, tree=tree)})
        return
    names = names_of(case)
    print_head(names, results)
    _print_worths(names, results)
    _print_groups(names, results)
    if tree:
        _print_tree(names, results)


def _told(results: ElicitationResults, *, tree: bool) -> dict[str, Any]:
    return {
        "worths": results.worths,
        "shared_first": results.shared_first,
        "concordances": results.concordances,
        "contrasts": results.contrasts,
        "tree": results.tree if tree else None,
    }


def _print_worths(names: Names, results: ElicitationResults) -> None:
    for group in dict.fromkeys(one.group for one in results.worths):
        own = [one for one in results.worths if one.group == group]
        print_table(
            f"{names.group(group)} ({own[0].people})",
            (_("risk"), _("log-worth (90 %)"), _("rank"), _("in the first 3")),
            (
                (
                    names.risk(one.risk),
                    spread(one.worth.low, one.worth.mid, one.worth.high),
                    f"{one.rank_low}–{one.rank_high}",
                    chance(one.in_first),
                )
                for one in sorted(own, key=lambda one: -one.worth.mid)
            ),
        )


def _print_groups(names: Names, results: ElicitationResults) -> None:
    print_table(
        _("Chance to stand in the first 3 of every side"),
        (_("risk"), _("chance")),
        (
            (names.risk(one.risk), chance(one.chance))
            for one in sorted(results.shared_first, key=lambda one: -one.chance)
        ),
    )
    print_table(
        _("Kendall's W of the rankings: 0 no agreement, 1 all the same"),
        (_("group"), "W", _("people")),
        ((names.group(one.group), number(one.w), str(one.people)) for one in results.concordances),
    )
    for contrast in results.contrasts:
        groups = _.list([names.group(one) for one in contrast.groups])
        say(
            _(
                "One order for {groups}? p {p}: {verdict}",
                groups=groups,
                p=number(contrast.p, 2),
                verdict=_("no") if contrast.tells else _("cannot tell"),
            )
        )
        say("")


def _print_tree(names: Names, results: ElicitationResults) -> None:
    if len(results.tree) < 2:
        say(_("No groups were found that prioritise otherwise and may be shown."))
        return
    depth: dict[int, int] = {}
    for node in results.tree:
        depth[node.id] = 0 if node.parent is None else depth[node.parent] + 1
    print_table(
        _("Who prioritises alike"),
        (_("people"), _("how many"), _("put first")),
        (
            (
                "  " * depth[node.id]
                + (_.list([names.group(value) for value in node.values]) or _("all")),
                str(node.people),
                "; ".join(names.risk(risk) for risk in node.first),
            )
            for node in results.tree
        ),
    )
