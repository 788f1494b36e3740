"""Every id that one file states about another names something."""

from __future__ import annotations

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft
from detente.ground.text import Path_

CASE, SOURCES, RISKS, MEASURES = "case.yaml", "sources.yaml", "risks.yaml", "measures.yaml"
LADDER, POLICIES, COMMITMENTS = "ladder.yaml", "policies.yaml", "commitments.yaml"
POSITIONS, INCIDENTS, GRADES = "positions.csv", "incidents.csv", "grades.csv"


def check_references(case: Case, draft: Draft) -> None:
    """Record every id that leads nowhere, but for those of ladders, questions and answers."""
    _parties(case, draft)
    _measures(case, draft)
    _yaml(case, draft)
    _csv(case, draft)


def _parties(case: Case, draft: Draft) -> None:
    parties = draft.ids(CASE, "parties")
    for i, side in enumerate(case.about.sides):
        for j, party in enumerate(side.parties):
            draft.known(CASE, ("sides", i, "parties", j), party, parties, "party")
    for i, track in enumerate(case.about.tracks):
        for j, party in enumerate(track.parties):
            draft.known(CASE, ("tracks", i, "parties", j), party, parties, "party")
        for key in ("released", "released_reasons"):
            for j, party in enumerate(getattr(track, key)):
                path: Path_ = ("tracks", i, key, j)
                draft.known(CASE, path, party, frozenset(track.parties), "party of this track")
        for party in track.expected:
            path = ("tracks", i, "expected", party)
            draft.known(CASE, path, party, frozenset(track.parties), "party of this track")


def _measures(case: Case, draft: Draft) -> None:
    sources, measures = draft.ids(SOURCES, "sources"), draft.ids(MEASURES, "measures")
    actors = draft.ids(CASE, "parties", "sides")
    for i, measure in enumerate(case.measures):
        place: Path_ = ("measures", i)
        draft.known(MEASURES, (*place, "source"), measure.source, sources, "source")
        for key in ("needs", "excludes", "saturates_with"):
            for j, other in enumerate(getattr(measure, key)):
                draft.known(MEASURES, (*place, key, j), other, measures, "measure")
        for j, decider in enumerate(measure.decided_by):
            path = (*place, "decided_by", j, "party")
            draft.known(MEASURES, path, decider.party, actors, "party or side")
        for j, status in enumerate(measure.status):
            path = (*place, "status", j, "source")
            draft.known(MEASURES, path, status.source, sources, "source")
        for j, part in enumerate(_parts(measure)):
            path = (*place, "step", "parts", j, "by")
            draft.known(MEASURES, path, part.by, actors, "party or side")


def _parts(measure: model.Measure) -> tuple[model.StepPart, ...]:
    return measure.step.parts if measure.step else ()


def _yaml(case: Case, draft: Draft) -> None:
    sources, measures = draft.ids(SOURCES, "sources"), draft.ids(MEASURES, "measures")
    risks, parties = draft.ids(RISKS, "risks"), draft.ids(CASE, "parties")
    for i, risk in enumerate(case.risks):
        draft.known(RISKS, ("risks", i, "source"), risk.source, sources, "source")
    for i, policy in enumerate(case.policies):
        draft.known(POLICIES, ("policies", i, "party"), policy.party, parties, "party")
        draft.known(POLICIES, ("policies", i, "source"), policy.source, sources, "source")
        for j, risk_id in enumerate(policy.answers):
            draft.known(POLICIES, ("policies", i, "answers", j), risk_id, risks, "risk")
    for i, kept in enumerate(case.commitments):
        place: Path_ = ("commitments", i)
        draft.known(COMMITMENTS, (*place, "party"), kept.party, parties, "party")
        draft.known(COMMITMENTS, (*place, "measure"), kept.measure, measures, "measure")
        draft.known(COMMITMENTS, (*place, "source"), kept.source, sources, "source")


def _csv(case: Case, draft: Draft) -> None:
    parties, measures = draft.ids(CASE, "parties"), draft.ids(MEASURES, "measures")
    ladders, incidents = draft.ids(LADDER, "ladders"), draft.column(INCIDENTS, "id")
    for i, row in enumerate(case.positions):
        draft.known(POSITIONS, (i, "party"), row.party, parties, "party")
        draft.known(POSITIONS, (i, "measure"), row.measure, measures, "measure")
    for i, incident in enumerate(case.incidents):
        draft.known(INCIDENTS, (i, "initiates"), incident.initiates, ladders, "ladder")
    for i, grade in enumerate(case.grades):
        draft.known(GRADES, (i, "incident"), grade.incident, incidents, "incident")
