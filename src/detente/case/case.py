"""The whole case: everything that its results depend on, validated and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from detente.case import model
from detente.ground.basis import Basis, Estimate, Provenance, Status

RATE_SCALE = {"rate": "log", "probability": "logit"}


@dataclass(frozen=True)
class Case:
    """One assessment: the records of all files of a case folder, and their digest."""

    about: model.CaseFile
    sources: tuple[model.Source, ...] = ()
    risks: tuple[model.Risk, ...] = ()
    measures_file: model.MeasuresFile = model.MeasuresFile(format="detente/measures/1")
    ladder: model.LadderFile = model.LadderFile(format="detente/ladder/1")
    questions_file: model.QuestionsFile = model.QuestionsFile(format="detente/questions/1")
    statements_file: model.StatementsFile = model.StatementsFile(format="detente/statements/1")
    criteria_file: model.CriteriaFile = model.CriteriaFile(format="detente/criteria/1")
    policies_file: model.PoliciesFile = model.PoliciesFile(format="detente/policies/1")
    packages_file: model.PackagesFile = model.PackagesFile(format="detente/packages/1")
    calendar_file: model.CalendarFile = model.CalendarFile(format="detente/calendar/1")
    commitments: tuple[model.Commitment, ...] = ()
    positions: tuple[model.Position, ...] = ()
    incidents: tuple[model.Incident, ...] = ()
    grades: tuple[model.Grade, ...] = ()
    counts: tuple[model.Count, ...] = ()
    answers: tuple[model.Answer, ...] = ()
    reasons: tuple[model.Reason, ...] = ()
    codes: tuple[model.Code, ...] = ()
    scores: tuple[model.Score, ...] = ()
    digest: str = ""

    @property
    def measures(self) -> tuple[model.Measure, ...]:
        """The options, in the order of their file."""
        return self.measures_file.measures

    @property
    def criteria(self) -> tuple[model.Criterion, ...]:
        """What parties judge measures by, in the order of the file."""
        return self.criteria_file.criteria

    @property
    def policies(self) -> tuple[model.Policy, ...]:
        """What parties already do, in the order of the file."""
        return self.policies_file.policies

    @property
    def questions(self) -> tuple[model.Question, ...]:
        """What was asked, in the order of the file."""
        return self.questions_file.questions

    @property
    def quantities(self) -> tuple[model.Quantity, ...]:
        """The numbers and events that people estimate, in the order of the file."""
        return self.questions_file.quantities

    @property
    def chains(self) -> tuple[model.Chain, ...]:
        """Which estimates must fit together, in the order of the file."""
        return self.questions_file.chains

    @property
    def themes(self) -> tuple[model.Theme, ...]:
        """The themes of reasons, in the order of the file."""
        return self.questions_file.themes

    @property
    def statements(self) -> tuple[model.Statement, ...]:
        """The sentences to agree or disagree with, in the order of their file."""
        return self.statements_file.statements

    @cached_property
    def source_by_id(self) -> dict[str, model.Source]:
        """The documents by id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def party_by_id(self) -> dict[str, model.Party]:
        """The parties by id."""
        return {party.id: party for party in self.about.parties}

    @cached_property
    def side_of(self) -> dict[str, str]:
        """The side of each party that stands on one."""
        return {party: side.id for side in self.about.sides for party in side.parties}

    @cached_property
    def parameter_by_id(self) -> dict[str, model.Parameter]:
        """The parameters of the ladder by id."""
        return {parameter.id: parameter for parameter in self.ladder.parameters}

    def words(self, texts: dict[str, str], language: str = "") -> str:
        """A text in ``language``, else in the case's first language."""
        first = self.about.languages[0]
        for key in (language, first, ""):
            if key in texts:
                return texts[key]
        return next(iter(texts.values()))

    def provenance(self, number: model.Origin, defaults: model.Origin | None = None) -> Provenance:
        """Where ``number`` comes from: its own words, else the file's defaults, else its source."""
        origin = defaults or model.Origin()
        basis = number.basis or origin.basis or Basis.ASSUMED
        source = number.source or origin.source or ""
        document = self.source_by_id.get(source) if basis is Basis.SOURCE else None
        date = number.date or (document.date if document else None) or origin.date or ""
        stated = number.status or (document.status if document else None) or origin.status
        return Provenance(basis, source, date, stated or Status.UNVERIFIED)

    def estimate(
        self, number: model.Number, scale: str, defaults: model.Origin | None = None
    ) -> Estimate:
        """``number`` as three quantiles with its provenance; ``scale`` is log, logit or linear."""
        return number.estimate(scale, self.provenance(number, defaults))
