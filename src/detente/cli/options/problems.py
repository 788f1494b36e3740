"""The choice of a package in the files or the case that were named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.assessment.bargain.core_index import Information
from detente.assessment.bargain.problem import Problem
from detente.assessment.foreign.gains_csv import Gains, Marks, read_gains
from detente.cli.elicit.files import Reader
from detente.cli.files import contents, waiting
from detente.cli.options.arguments import Kind, for_kind, kind_of
from detente.cli.show import say
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.report.names import Names

_PROOF = {"none": 0.0, "declared": 1 / 3, "observed": 2 / 3, "inspected": 1.0}
_DOMAIN = re.compile(rb"<\s*negotiation_template")


@dataclass(frozen=True)
class Genius:
    """How GENIUS files are read; None for the default."""

    disagreement: Literal["reservation", "worst"] | None
    units: Literal["raw", "normalised"] | None


@dataclass(frozen=True, eq=False)
class Choice:
    """The problem, the intervals of its gains and its marks; ``names`` are those of a case."""

    kind: Kind
    problem: Problem
    low: np.ndarray
    high: np.ndarray
    marks: Marks
    names: Names | None = None

    def measure(self, measure: str) -> str:
        """What a measure is called."""
        return self.names.measure(measure) if self.names else measure

    def party(self, party: str) -> str:
        """What a party is called; in a case the sides are the parties."""
        return self.names.group(party) if self.names else party

    def side(self, side: str) -> str:
        """What a side is called; a party outside all sides is its own."""
        party = side.removesuffix(" alone")
        return self.party(party if party in self.problem.parties else side)

    def budget(self, budget: str) -> str:
        """What is spent of a budget; in files its name."""
        return self.names.budget(budget) if self.names else budget

    def group(self, group: str) -> str:
        """What the measures of a group have in common."""
        return self.names.measure_group(group) if self.names else group

    def package(self, package: Sequence[str]) -> str:
        """The measures of a package in a line."""
        return ", ".join(package) or _("nothing")

    @property
    def information(self) -> Information:
        """Gains within their intervals, and no weights excluded."""
        return Information(self.low, self.high, np.eye(len(self.problem.parties)))

    def told(self) -> dict[str, Any]:
        """The problem for JSON."""
        problem = self.problem
        return {
            "measures": problem.measures,
            "parties": [
                {"party": party, "side": side, "weight": weight}
                for party, side, weight in zip(
                    problem.parties, problem.own_sides, problem.weights.tolist(), strict=True
                )
            ],
        }


def read_choice(files: Sequence[Path], genius: Genius) -> Choice:
    """The problem of a case, of GENIUS files, or of tables of gains and rules.

    Raises
    ------
    CaseError
        With the findings of all files.
    UsageError
        Where there is nothing to choose from.

    """
    kind = kind_of(files)
    for_kind(kind, "genius", disagreement=genius.disagreement, units=genius.units)
    if kind == "case":
        return _of_case(files[0])
    if kind == "genius":
        return _of_genius(files, genius)
    if kind == "tables":
        return _of_tables(files)
    raise UsageError(
        _(
            "A package needs what each party gains by each measure: name a table of gains, GENIUS "
            "XML or a case; for drugis JSON there are `accept` and `relations`."
        )
    )


def print_head(choice: Choice) -> None:
    """What is chosen from, and by whom, in two lines."""
    problem = choice.problem
    if choice.names:
        say(choice.names.text(choice.names.case.about.title))
    weights = zip(problem.parties, problem.weights.tolist(), strict=True)
    parties = [f"{choice.party(name)} ({_.percent(weight, 1)})" for name, weight in weights]
    measures = _.n("{n} measure", "{n} measures", len(problem.measures))
    say(_("{measures}; weights: {parties}", measures=measures, parties=_.list(parties)))
    say("")


# --- a case ---------------------------------------------------------------------------------------


def _of_case(folder: Path) -> Choice:
    from detente.assessment.choice_problem import problem_of
    from detente.assessment.common_ground import ground_from_answers, releasable, stakes
    from detente.assessment.positions import ground_from_positions, stands
    from detente.assessment.states import measure_states
    from detente.case.read import read_case
    from detente.elicitation.disclosure import showable
    from detente.report.names import Names

    with waiting(_("reading")):
        case = read_case(folder)
        groups, _withheld = showable(case)
        found = stakes(case, groups)
        ground = releasable(ground_from_answers(found), found)
        ground = ground or ground_from_positions(case, stands(case))
        problem = problem_of(case, groups, measure_states(case), ground)
    if problem is None:
        raise UsageError(
            _(
                "{path} has no choice of a package: this needs answers to a question of the kind "
                "`gain` that may be shown of two sides, on measures that can still be taken.",
                path=folder,
            )
        )
    marks = _marks(case, problem)
    return Choice("case", problem, problem.gains, problem.gains, marks, Names(case, _))


def _marks(case: Case, problem: Problem) -> Marks:
    """What is known of a path: how measures are seen to be kept, and what sides say they receive.

    A receiver whose rating may not be shown is told as receiving nothing.
    """
    from detente.assessment.ledger import ledger
    from detente.elicitation.disclosure import showable

    known = {measure.id: measure for measure in case.measures}
    measures = [known[name] for name in problem.measures]
    received = np.zeros((2, 0))
    if len(problem.parties) == 2:
        received = np.zeros((2, len(measures)))
        for entry in ledger(case, showable(case)[0]):
            if entry.said is not None and entry.measure in problem.place:
                row = problem.parties.index(entry.receiver)
                received[row, problem.place[entry.measure]] = entry.said.mid
    return Marks(
        received=received,
        verifiable=np.array([_PROOF[one.verifiability] for one in measures]),
        unilateral=tuple(one.id for one in measures if one.unilateral),
    )


# --- files ----------------------------------------------------------------------------------------


def _of_genius(files: Sequence[Path], genius: Genius) -> Choice:
    from detente.assessment.foreign.genius import problem, read_domain, read_profile

    is_domain = {path: bool(_DOMAIN.search(contents(path))) for path in files}
    domains = [path for path in files if is_domain[path]]
    profiles = {path.stem: path for path in files if not is_domain[path]}
    if len(domains) > 1:
        raise UsageError(_("Name one domain; there are {files}.", files=_listed(domains)))
    if not profiles or len(profiles) + len(domains) < len(files):
        raise UsageError(
            _("Name the profile of each party, each file by a name of its own: they name parties.")
        )
    reader = Reader()
    domain = reader.read((domains or [*profiles.values()])[0], read_domain)
    reader.done()
    assert domain is not None  # else there was a finding
    read = {
        name: reader.read(path, lambda file, data: read_profile(file, data, domain))
        for name, path in profiles.items()
    }
    reader.done()
    whole = {name: profile for name, profile in read.items() if profile is not None}
    made = problem(
        domain,
        whole,
        units=genius.units or "raw",
        disagreement=genius.disagreement or "reservation",
    )
    return Choice("genius", made, made.gains, made.gains, Marks())


def _of_tables(files: Sequence[Path]) -> Choice:
    """The first table with gains, and the others as rules for it."""
    from detente.assessment.foreign.gains_csv import GAINS
    from detente.elicitation.foreign.rows import read_rows

    reader = Reader()
    tables = {path: reader.read(path, read_rows) for path in files}
    reader.done()
    gains = [path for path, rows in tables.items() if rows and set(GAINS) <= set(rows.columns)]
    if len(gains) > 1:
        raise UsageError(_("Name one table of gains; there are {files}.", files=_listed(gains)))
    first = gains[0] if gains else files[0]
    rules = [(str(path), contents(path)) for path in files if path != first]
    found: Gains = read_gains(str(first), contents(first), rules)
    return Choice("tables", found.problem, found.low, found.high, found.marks)


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths)
