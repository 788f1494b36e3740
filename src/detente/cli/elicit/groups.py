"""`detente elicit groups`: people who vote alike, where another draw would give them again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.elicit.files import assessed, is_case
from detente.cli.elicit.of_case import head, names_of, print_head
from detente.cli.files import AS_JSON, FILE, findings_told, given, waiting
from detente.cli.show import number, print_json, print_table, say, shortened, tally
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.elicitation.opinion.representative import Support
    from detente.elicitation.opinion.votes import Conversation
    from detente.elicitation.results import ElicitationResults
    from detente.report.names import Names

DRAWS = 200
SEED = 1
_MOST_INFORMED = 10


@click.command(
    short_help=_("People who vote alike, where groups are stable."),
    help=_(
        "Find groups of people who vote alike, whatever their camp, and say first whether they "
        "would stand with other people. FILES: Polis's participants-votes.csv and perhaps its "
        "comments.csv, or a table with the columns person, statement and vote. Or a case folder."
    ),
    epilog=_(
        "Example: detente elicit groups participants-votes.csv comments.csv. Example: detente "
        "elicit groups cases/training"
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--k", type=click.IntRange(2, 5), help=_("How many groups; by default what fits best.")
)
@click.option(
    "--draws",
    type=click.IntRange(1, 10_000),
    help=_("How many draws of people tell the stability; 200 by default."),
)
@click.option("--seed", type=int, help=_("Of the draws; 1 by default."))
@click.option(
    "--published-groups",
    is_flag=True,
    help=_("Take the groups of the file (`group-id`) instead of finding any."),
)
@AS_JSON
def groups(
    files: tuple[Path, ...],
    *,
    k: int | None,
    draws: int | None,
    seed: int | None,
    published_groups: bool,
    as_json: bool,
) -> None:
    """Print groups and consensus, of files or of a case."""
    options = given(k=k, draws=draws, seed=seed, published_groups=published_groups)
    with findings_told("elicit-groups", as_json=as_json):
        if is_case(files, options):
            _case(files[0], as_json=as_json)
            return
        from detente.cli.elicit.votes import read_votes

        with waiting(_("reading")):
            votes, texts = read_votes(files)
        if published_groups:
            told = _published(votes)
        else:
            told = _found(votes, k=k, draws=draws or DRAWS, seed=SEED if seed is None else seed)
    told["texts"] = texts
    if as_json:
        print_json("elicit-groups", told)
    else:
        _print(told)


def _found(votes: Conversation, *, k: int | None, draws: int, seed: int) -> dict[str, Any]:
    from detente.elicitation.opinion.groups import opinion_groups
    from detente.ground.chance import stream

    with waiting(_("grouping")):
        found = opinion_groups(votes, rng=stream(seed, "groups"), k=k, draws=draws)
    return {
        "people": len(votes.people),
        "placed": found.placed,
        "published_groups": False,
        "verdict": found.verdict,
        "stable": found.stable,
        "ari_median": found.ari_median,
        "ari_p10": found.ari_p10,
        "draws": draws,
        "k_counts": {str(number): times for number, times in found.k_counts},
        "groups": [
            {"people": one.size, "representative": _supports(votes, one.representative)}
            for one in found.groups
        ],
        "consensus": _supports(votes, found.consensus),
        "group_informed": _informed(votes, found.group_informed),
    }


def _published(votes: Conversation) -> dict[str, Any]:
    """The file's own groups, without any word on stability."""
    import numpy as np

    from detente.elicitation.opinion.consensus import consensus, group_informed_consensus
    from detente.elicitation.opinion.representative import count, representative

    names = sorted({camp for camp in votes.camps if camp})
    if not names:
        raise UsageError(_("The votes name no groups: there is no column `group-id` or `group`."))
    labels = np.array([names.index(camp) if camp else -1 for camp in votes.camps])
    counts = count(votes, labels)
    everybody = count(votes, np.zeros(len(labels), dtype=np.int64))
    chosen = representative(counts, rejected=votes.rejected)
    return {
        "people": len(votes.people),
        "placed": int((labels >= 0).sum()),
        "published_groups": True,
        "verdict": None,
        "stable": None,
        "ari_median": None,
        "ari_p10": None,
        "draws": 0,
        "k_counts": {},
        "groups": [
            {
                "group": name,
                "people": int((labels == place).sum()),
                "representative": _supports(votes, chosen[place]),
            }
            for place, name in enumerate(names)
        ],
        "consensus": _supports(votes, consensus(everybody, rejected=votes.rejected)),
        "group_informed": _informed(votes, group_informed_consensus(counts)),
    }


def _supports(votes: Conversation, supports: Iterable[Support]) -> list[dict[str, Any]]:
    return [
        {
            "statement": votes.statements[one.statement],
            "stance": one.direction,
            "votes": one.successes,
            "of": one.trials,
            "share": one.share,
            "ratio": one.ratio,
        }
        for one in supports
    ]


def _informed(votes: Conversation, values: Any) -> list[dict[str, Any]]:
    """The group-informed consensus of every statement, the highest first; none without groups."""
    if not len(values):
        return []
    found = [
        {
            "statement": statement,
            "consensus": float(values[place]),
            "published": float(votes.published[place]),
            "rejected": bool(votes.rejected[place]),
        }
        for place, statement in enumerate(votes.statements)
    ]
    return sorted(found, key=lambda one: -one["consensus"])


# --- words -----------------------------------------------------------------------------------


def _print_stability(told: dict[str, Any]) -> None:
    say(_("{placed} of {people} people placed", placed=told["placed"], people=told["people"]))
    if told["published_groups"]:
        say(_("the file's own groups; whether they are stable was not looked at"))
    else:
        say(_verdict(stable=told["stable"]))
        if told["ari_median"] is not None:
            say(_stability(told["ari_median"], told["ari_p10"], told["draws"]))
            counts = [_("{k} groups {n} times", k=k, n=n) for k, n in told["k_counts"].items() if n]
            say(_("of the draws: {counts}", counts=_.list(counts)))
        else:
            say(_("too few people with enough votes"))
    say("")


def _verdict(*, stable: bool) -> str:
    return _("stable groups") if stable else _("no stable groups")


def _stability(median: float, low: float, draws: int) -> str:
    return _(
        "adjusted Rand index over {draws} draws of people: median {median}, 10th percentile {low}",
        draws=draws,
        median=number(median, 2),
        low=number(low, 2),
    )


def _stance(stance: str) -> str:
    return {"agree": _("agree"), "disagree": _("disagree")}[stance]


def _print(told: dict[str, Any]) -> None:
    texts = told["texts"]

    def titled(name: str) -> str:
        return shortened(f"{name}  {texts[name]}" if name in texts else name, 64)

    _print_stability(told)
    columns = (_("statement"), _("stance"), _("votes"), _("share"))

    def rows(supports: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [
            (
                titled(one["statement"]),
                _stance(one["stance"]),
                f"{one['votes']}/{one['of']}",
                _.percent(one["share"]),
            )
            for one in supports
        ]

    for place, one in enumerate(told["groups"], start=1):
        title = _("Group {n}: {people} people", n=one.get("group", place), people=one["people"])
        print_table(title, columns, rows(one["representative"]))
    print_table(_("What most people say, whatever their group"), columns, rows(told["consensus"]))
    standing = [one for one in told["group_informed"] if not one["rejected"]]
    known = any(not math.isnan(one["published"]) for one in standing)
    print_table(
        _("Group-informed consensus: high where every group agrees"),
        (_("statement"), _("consensus"), *((_("published"),) if known else ())),
        (
            (
                titled(one["statement"]),
                number(one["consensus"]),
                *((number(one["published"]),) if known else ()),
            )
            for one in standing[:_MOST_INFORMED]
        ),
    )


# --- a case ----------------------------------------------------------------------------------


def _case(folder: Path, *, as_json: bool) -> None:
    case, results = assessed(folder)
    if as_json:
        print_json("elicit-groups", {**head(results), "opinions": results.opinions})
        return
    names = names_of(case)
    print_head(names, results)
    _print_opinions(names, results)


def _print_opinions(names: Names, results: ElicitationResults) -> None:
    found = results.opinions
    if found is None:
        say(_("Nobody voted, or too few to group."))
        return
    say(_verdict(stable=found.stable))
    say(_stability(found.ari_median, found.ari_low, found.draws))
    if found.stable and not found.groups:
        say(_("The groups may not be shown."))
    say("")
    for place, group in enumerate(found.groups, start=1):
        print_table(
            _("Group {n}: {people} people", n=place, people=group.people),
            (_("statement"), _("stance"), _("votes")),
            (
                (
                    f"{one.statement}  {names.statement(one.statement)}",
                    _stance(one.stance),
                    tally(one.low, one.high, one.people),
                )
                for one in group.representative
            ),
        )
