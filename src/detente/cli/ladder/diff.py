"""`detente ladder diff`: what changed between two versions of the ladders, and what that moved."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, FILE, findings_told, waiting
from detente.cli.show import print_json
from detente.cli.words import _
from detente.ground.errors import CaseError, Finding

if TYPE_CHECKING:
    from detente.case import model
    from detente.case.case import Case
    from detente.escalation.changes import Change
    from detente.escalation.moved import Moved
    from detente.escalation.results import EscalationResults


@click.command(
    short_help=_("What changed between two versions, and what that moved."),
    help=_(
        "Tell every change of the model from OLD to NEW: ladders, numbers, what measures do, and "
        "beliefs; then which verdicts, frequencies and turning points moved. OLD, NEW: a case "
        "folder, or a ladder.yaml."
    ),
    epilog=_(
        "Example: detente ladder diff session-1 session-2. Example: detente ladder diff old.yaml "
        "cases/training --fast. Exit code 0 whether or not there are changes."
    ),
)
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--fast", is_flag=True, help=_("Tell the changes alone, not what they moved."))
@AS_JSON
def diff(old: Path, new: Path, *, fast: bool, as_json: bool) -> None:
    """Print the changes, and what they moved; leave with 1 where one version has findings."""
    from detente.cli.ladder.diff_words import print_changes, print_moved
    from detente.escalation.change_texts import ENGLISH
    from detente.escalation.changes import changes

    with findings_told("ladder-diff", as_json=as_json):
        before, after, remark = _versions(old, new)
        found = changes(before, after, words=ENGLISH if as_json else _)
        unknown = [] if fast else _unknown(before, after)
        moved = None if fast or unknown else _moved(before, after)
    if as_json:
        told = {"old": str(old), "new": str(new), "changes": [_plain(one) for one in found]}
        print_json("ladder-diff", {**told, "moved": moved, "not_told_for": unknown})
        return
    print_changes(found, str(old), str(new), remark=remark)
    if moved is not None:
        print_moved(moved, before, after)
    elif unknown:
        names = ", ".join(unknown)
        click.echo(
            _(
                "What this moved is not told: a lone file has no counts and answers for {names}.",
                names=names,
            )
        )


def _plain(change: Change) -> dict[str, Any]:
    told = {one.name: getattr(change, one.name) for one in fields(change)}
    return {"group": change.group, **told, "words_alone": change.words_alone}


# --- the two versions ------------------------------------------------------------------------


def _versions(old: Path, new: Path) -> tuple[Case, Case, str]:
    """Both cases, and what must be known of them; a lone file is completed by the other case.

    Raises
    ------
    CaseError
        With the findings of both.

    """
    findings: list[Finding] = []
    cases = [case for path in (old, new) if (case := _read(path, findings)) is not None]
    if findings:
        raise CaseError(tuple(findings))
    before, after = cases
    alone = _is_alone(old), _is_alone(new)
    if alone == (False, False):
        return before, after, _other_data(before, after)
    if alone == (True, True):
        return before, after, _("Of lone files only the ladders are compared.")
    if alone[0]:
        before = replace(after, ladder=before.ladder)
    else:
        after = replace(before, ladder=after.ladder)
    if _fits(before, after):
        remark = _("The lone file has ladders alone; all else is taken from the case.")
        return before, after, remark
    none = after.measures_file.model_copy(update={"measures": ()})
    before, after = (replace(one, measures_file=none) for one in (before, after))
    remark = _("Measures are left out: they change numbers that the lone file does not have.")
    return before, after, remark


def _other_data(old: Case, new: Case) -> str:
    """What is said where numbers can differ that the model takes from tables of the case."""
    if _from_elsewhere(new) and any(
        getattr(old, name) != getattr(new, name) for name in ("answers", "counts", "incidents")
    ):
        names = ", ".join(_from_elsewhere(new))
        return _("Answers or counts differ as well, and with them it may be: {names}.", names=names)
    return ""


def _from_elsewhere(case: Case) -> dict[str, model.Uncertain]:
    """The numbers that are taken from answers or counts."""
    file = case.ladder
    numbers = [*file.parameters, *(one for belief in file.beliefs for one in belief.numbers)]
    acts = [act for measure in case.measures for act in measure.acts]
    acts += [act for belief in file.beliefs for act in belief.acts]
    named = [*((one.id, one) for one in numbers), *((act.on, act.value) for act in acts)]
    return {name: one for name, one in named if one.from_elsewhere}


def _read(path: Path, findings: list[Finding]) -> Case | None:
    """The case, or None where it has findings, which are told with the path of their file."""
    from detente.cli.ladder.of_case import read

    try:
        return read(path)
    except CaseError as error:
        folder = path if path.is_dir() else path.parent
        findings += [replace(one, file=str(folder / one.file)) for one in error.findings]
        return None


def _is_alone(path: Path) -> bool:
    """Whether a file is read by itself, and not within its case."""
    return path.is_file() and not (
        path.name == "ladder.yaml" and (path.parent / "case.yaml").is_file()
    )


def _fits(one: Case, other: Case) -> bool:
    """Whether all measures change numbers that both ladders have, and of the same kind."""
    names = {act.on for measure in one.measures for act in measure.acts}
    kinds = [
        {name: found.kind for name, found in case.parameter_by_id.items() if name in names}
        for case in (one, other)
    ]
    return kinds[0] == kinds[1] and kinds[0].keys() == names


# --- what it moved ---------------------------------------------------------------------------


def _unknown(*cases: Case) -> list[str]:
    """The numbers of a lone file that are taken from answers or counts which are not there."""
    return list(
        dict.fromkeys(
            name
            for case in cases
            for name, one in _from_elsewhere(case).items()
            if not _is_there(case, one)
        )
    )


def _is_there(case: Case, number: model.Uncertain) -> bool:
    """Whether the case has the rows that a number is taken from."""
    if number.elicited is not None:
        return any(one.item == number.elicited.quantity for one in case.answers)
    counted: model.Counted | None = getattr(number, "counted", None)
    if counted is None:
        return True
    if counted.incidents is not None:
        return any(one.initiates == counted.incidents for one in case.incidents)
    return {*counted.counts} <= {one.id for one in case.counts}


def _moved(old: Case, new: Case) -> Moved:
    """What differs in the results, both with the seed of the new version."""
    from detente.escalation.moved import moved

    same_seed = old.about.model_copy(update={"seed": new.about.seed})
    before = replace(old, about=same_seed)
    after = _assessed(new)
    same = replace(before, digest=new.digest) == new
    return moved(after if same else _assessed(before), after)


def _assessed(case: Case) -> EscalationResults:
    """The results; what stands beside the ladders moves nothing and is left out."""
    from detente.cli.ladder.of_case import answers_of
    from detente.escalation.assess import assess_escalation

    ladders = case.ladder.model_copy(update={"published": (), "quiet": ()})
    with waiting(_("assessing")):
        return assess_escalation(replace(case, ladder=ladders), answers=answers_of(case))
