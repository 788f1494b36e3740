"""`detente elicit statements`: on which sentences every camp agrees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.elicit.files import assessed, is_case
from detente.cli.elicit.of_case import head, names_of, print_head
from detente.cli.files import AS_JSON, FILE, findings_told, waiting
from detente.cli.show import chance, print_json, print_table, say, shortened, tally
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.elicitation.opinion.votes import Conversation
    from detente.elicitation.results import ElicitationResults
    from detente.report.names import Names

THRESHOLD = 0.6


@click.command(
    short_help=_("On which statements every camp agrees."),
    help=_(
        "Say of each statement whether every camp agrees, or every camp disagrees. FILES: Polis's "
        "participants-votes.csv and perhaps its comments.csv, or a table with the columns person, "
        "statement, vote and group; the camps are its groups. Or a case folder, whose camps are "
        "its sides."
    ),
    epilog=_(
        "Example: detente elicit statements votes.csv --threshold 0.6. Example: detente elicit "
        "statements cases/training"
    ),
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help=_("The share of each camp that makes agreement; 0.6, or what the case says."),
)
@AS_JSON
def statements(files: tuple[Path, ...], *, threshold: float | None, as_json: bool) -> None:
    """Print the verdicts, of files or of a case."""
    with findings_told("elicit-statements", as_json=as_json):
        if is_case(files):
            _case(files[0], threshold, as_json=as_json)
            return
        told = _judged(files, THRESHOLD if threshold is None else threshold)
    if as_json:
        print_json("elicit-statements", told)
    else:
        _print(told)


def _judged(files: tuple[Path, ...], threshold: float) -> dict[str, Any]:
    from detente.cli.elicit.votes import read_votes

    with waiting(_("reading")):
        votes, texts = read_votes(files)
    camps = sorted({camp for camp in votes.camps if camp})
    if len(camps) < 2:
        raise UsageError(
            _("The votes name fewer than two camps; add a column `group` to the table.")
        )
    with waiting(_("counting")):
        verdicts = _verdicts(votes, camps, threshold)
    return {
        "threshold": threshold,
        "camps": [{"camp": camp, "people": votes.camps.count(camp)} for camp in camps],
        "statements": [one | {"text": texts.get(one["statement"], "")} for one in verdicts],
    }


def _verdicts(votes: Conversation, camps: list[str], threshold: float) -> list[dict[str, Any]]:
    import numpy as np

    from detente.elicitation.camps import verdict
    from detente.elicitation.opinion.representative import count

    labels = np.array([camps.index(camp) if camp else -1 for camp in votes.camps])
    counts = count(votes, labels)
    found = []
    for place, statement in enumerate(votes.statements):
        if votes.rejected[place]:
            continue
        agree, disagree, cast = (
            [int(x) for x in table[:, place]]
            for table in (counts.agrees, counts.disagrees, counts.votes)
        )
        kind, all_agree, all_disagree = verdict(
            list(zip(agree, cast, strict=True)),
            list(zip(disagree, cast, strict=True)),
            threshold=threshold,
        )
        found.append(
            {
                "statement": statement,
                "kind": kind,
                "stance": "agree" if all_agree >= all_disagree else "disagree",
                "chance_agree": all_agree,
                "chance_disagree": all_disagree,
                "camps": [
                    {"camp": camp, "agree": yes, "disagree": no, "votes": people}
                    for camp, yes, no, people in zip(camps, agree, disagree, cast, strict=True)
                ],
            }
        )
    order = {"consensus": 0, "divided": 1, "too-few": 2}
    return sorted(
        found,
        key=lambda one: (order[one["kind"]], -max(one["chance_agree"], one["chance_disagree"])),
    )


def kind_word(kind: str) -> str:
    """A verdict in words."""
    return {
        "consensus": _("consensus"),
        "divided": _("divided"),
        "too-few": _("too few to tell"),
    }[kind]


def stance_word(stance: str) -> str:
    """A stance in a word."""
    return {"agree": _("agree"), "disagree": _("disagree")}[stance]


def _print(told: dict[str, Any]) -> None:
    camps = [f"{one['camp']} ({one['people']})" for one in told["camps"]]
    say(_("Camps: {camps}", camps=_.list(camps)))
    say("")
    for kind in ("consensus", "divided", "too-few"):
        some = [one for one in told["statements"] if one["kind"] == kind]
        print_table(
            f"{kind_word(kind)} ({len(some)})",
            (_("statement"), _("stance"), _("chance"), *(one["camp"] for one in told["camps"])),
            (
                (
                    _titled(one["statement"], one["text"]),
                    stance_word(one["stance"]),
                    chance(one[f"chance_{one['stance']}"]),
                    *(f"{camp[one['stance']]}/{camp['votes']}" for camp in one["camps"]),
                )
                for one in some
            ),
        )
    share = _.percent(told["threshold"])
    say(
        _(
            "Chance: that {share} or more of every camp take the stance. Consensus at 0.8. "
            "Who passed took neither stance.",
            share=share,
        )
    )


def _titled(name: str, text: str) -> str:
    return shortened(f"{name}  {text}" if text else name, 58)


def _case(folder: Path, asked: float | None, *, as_json: bool) -> None:
    case, results = assessed(folder)
    threshold = case.statements_file.threshold
    if asked is not None and asked != threshold:
        threshold = asked
        results = _at(threshold, case, results)
    if as_json:
        told = {**head(results), "threshold": threshold, "statements": results.statements}
        print_json("elicit-statements", told)
        return
    names = names_of(case)
    print_head(names, results)
    _print_case(names, results, threshold)


def _at(threshold: float, case: Case, results: ElicitationResults) -> ElicitationResults:
    """The results with the verdicts that another threshold gives on the same counts."""
    from detente.elicitation.statements import statements as judge

    file = case.statements_file.model_copy(update={"threshold": threshold})
    return replace(results, statements=judge(replace(case, statements_file=file), results.groups))


def _print_case(names: Names, results: ElicitationResults, threshold: float) -> None:
    sides = [one.id for one in results.groups if one.kind == "side"]
    for kind in ("consensus", "divided", "too-few"):
        some = [one for one in results.statements if one.kind == kind]
        rows = []
        for one in some:
            votes = {camp.group: camp for camp in one.camps}
            camps = [votes.get(side) for side in sides]
            cells = [
                "–"
                if camp is None
                else f"{stance_word(camp.stance)} {tally(camp.low, camp.high, camp.people)}"
                for camp in camps
            ]
            words = f"{one.statement}  {names.statement(one.statement)}"
            rows.append((words, chance(one.chance), *cells))
        columns = (_("statement"), _("chance"), *(names.group(side) for side in sides))
        print_table(f"{kind_word(kind)} ({len(some)})", columns, rows)
    if not results.statements:
        say(_("Nobody who may be shown voted on a statement."))
        return
    share = _.percent(threshold)
    say(_("Chance: that {share} or more of every side take the stance.", share=share))
