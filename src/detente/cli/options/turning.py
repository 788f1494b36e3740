"""What the recommended package turns on, and what is worth talking about in a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assessment.bargain.manipulation import smallest_misreports
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.pivot import pivots, value_of_agreement
from detente.assessment.bargain.results import Bargain, Misreport, Pivot, Settlement
from detente.cli.files import waiting
from detente.cli.options.problems import Choice
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.results import Disagreement
    from detente.report.names import Names


@dataclass(frozen=True, eq=False)
class Turning:
    """The package of Nash, and what changes it; nothing where no package is acceptable."""

    choice: Choice
    package: Bargain
    settlements: tuple[Settlement, ...] = ()
    pivots: tuple[Pivot, ...] = ()
    misreports: tuple[tuple[str, Misreport | None], ...] = ()

    @classmethod
    def of(cls, choice: Choice, *, fast: bool) -> Turning:
        """Ask measure by measure, pair by pair, and party by party."""
        problem = choice.problem
        package = nash(problem)
        if package.status == "infeasible":
            return cls(choice, package)
        with waiting(_("agreeing on each measure")):
            settlements = value_of_agreement(problem)
        with waiting(_("exchanging views")):
            found = pivots(problem)
        with waiting(_("changing statements")):
            parties = () if fast else problem.parties
            misreports = tuple((one, smallest_misreports(problem, one)) for one in parties)
        return cls(choice, package, settlements, found, misreports)

    def told(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            **self.choice.told(),
            "package": self.package,
            "value_of_agreement": self.settlements,
            "pivots": self.pivots,
            "misreports": [{"party": party, "smallest": one} for party, one in self.misreports],
        }


@dataclass(frozen=True, eq=False)
class CaseAgenda:
    """The agenda of a case, as its assessment has it."""

    names: Names
    points: tuple[Disagreement, ...]

    @classmethod
    def of(cls, folder: Path) -> CaseAgenda:
        """Assess the case in a folder."""
        from detente.assessment.assess import assess
        from detente.case.read import read_case
        from detente.report.names import Names

        with waiting(_("assessing")):
            case = read_case(folder)
            return cls(Names(case, _), assess(case).agenda)
