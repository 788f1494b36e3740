"""How each party sees the options: what they score, and which weights it allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assessment.foreign.drugis import Inputs, read_drugis
from detente.assessment.foreign.tables import read_tables
from detente.cli.elicit.files import Reader
from detente.cli.files import contents, waiting
from detente.cli.options.arguments import Kind, print_measures
from detente.cli.show import say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.assessment.value import PartyGains
    from detente.case.case import Case
    from detente.report.names import Names


@dataclass(frozen=True, eq=False)
class View:
    """The inputs of one party, by the name of its file."""

    party: str
    inputs: Inputs


def read_views(files: Sequence[Path], kind: Kind) -> tuple[View, ...]:
    """A view of each drugis file; or of each table of weights, on one table of scores.

    Raises
    ------
    CaseError
        With the findings of all files.
    UsageError
        Where the files have no scores on criteria.

    """
    if kind == "drugis":
        return _named(files, _drugis(files))
    if kind == "tables":
        return _tables(files)
    raise UsageError(
        _(
            "Ranks of options need scores on criteria and weights: name drugis JSON, a table of "
            "scores with one of weights for each party, or a case; for GENIUS XML there is "
            "`detente options packages`."
        )
    )


def _drugis(files: Sequence[Path]) -> list[Inputs]:
    reader = Reader()
    found = [reader.read(path, read_drugis) for path in files]
    reader.done()
    return [one for one in found if one is not None]


def _tables(files: Sequence[Path]) -> tuple[View, ...]:
    from detente.elicitation.foreign.rows import read_rows

    reader = Reader()
    tables = {path: reader.read(path, read_rows) for path in files}
    reader.done()
    scores = [path for path, rows in tables.items() if rows and "option" in rows.columns]
    weights = [path for path in tables if path not in scores]
    if len(scores) != 1 or not weights:
        raise UsageError(
            _(
                "Name one table of scores, with the columns option, criterion and low, mid, high "
                "or mean, sd; and a table of weights for each party, with the columns criterion, "
                "worst, best and points, rank, or low, high."
            )
        )
    name, data = str(scores[0]), contents(scores[0])
    found = [
        reader.read(path, lambda file, own: read_tables(name, data, file, own)) for path in weights
    ]
    reader.findings = list(dict.fromkeys(reader.findings))  # those of the scores come every time
    reader.done()
    return _named(weights, [one for one in found if one is not None])


def _named(files: Sequence[Path], inputs: Sequence[Inputs]) -> tuple[View, ...]:
    if len({path.stem for path in files}) < len(files):
        raise UsageError(_("Each file names a party: give each a name of its own."))
    return tuple(View(path.stem, own) for path, own in zip(files, inputs, strict=True))


@dataclass(frozen=True, eq=False)
class CaseGains:
    """A case, the gains of its parties that may be told, and the ids of those of whom none are."""

    case: Case
    told: tuple[PartyGains, ...]
    not_told: tuple[str, ...]

    def left_out(self) -> dict[str, Any]:
        """Who and what is left out, for JSON."""
        missing = [
            {"party": one.party, "measure": measure, "criteria": criteria}
            for one in self.told
            for measure, criteria in one.missing.items()
        ]
        return {"not_told": self.not_told, "missing": missing}


def case_gains(folder: Path, *, points: int | None) -> CaseGains:
    """The gains of parties of a case that may be shown and have a measure with a value.

    Raises
    ------
    UsageError
        Where there is none.

    """
    from detente.assessment.ledger import ledger
    from detente.assessment.value import POINTS, party_gains
    from detente.cli.elicit.files import assessed

    case, results = assessed(folder)
    entries = ledger(case, results.groups)
    with waiting(_("weighing")):
        every = party_gains(case, entries, points=points or POINTS, answers=results.quantities)
    if not every:
        raise UsageError(
            _(
                "{path} states no weights of criteria: fill in criteria.yaml, which says what "
                "parties judge measures by, and scores.csv.",
                path=folder,
            )
        )
    found = tuple(one for one in every if one.shown and one.measures)
    if not found:
        raise UsageError(
            _(
                "No party of {path} has both weights that may be shown and a measure with a score "
                "on all its criteria.",
                path=folder,
            )
        )
    told = {one.party for one in found}
    return CaseGains(case, found, tuple(one.id for one in case.about.parties if one.id not in told))


def print_case(names: Names, gains: CaseGains) -> None:
    """The measures that are weighed, and who and what is left out."""
    every = {measure for one in gains.told for measure in one.measures}
    print_measures(names, every)
    if gains.not_told:
        parties = _.list([names.party(one) for one in gains.not_told])
        told = _(
            "Not told: {parties}; no weights that may be shown, or no measure with every score.",
            parties=parties,
        )
        say(told)
    for one in gains.told:
        for measure, criteria in one.missing.items():
            lacks = ", ".join(criteria)
            told = _(
                "{party} has no value of {measure}: no score on {criteria}.",
                party=names.party(one.party),
                measure=measure,
                criteria=lacks,
            )
            say(told)
    say("")
