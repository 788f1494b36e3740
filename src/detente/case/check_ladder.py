"""The ladder holds together: references, kinds, circles, and whose framing it is."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import model
from detente.case.case import Case
from detente.case.cycles import cycle_through
from detente.case.draft import Draft
from detente.ground.text import Path_

LADDER, MEASURES = "ladder.yaml", "measures.yaml"


def check_ladder(case: Case, draft: Draft) -> None:
    """Record every finding about the escalation model."""
    _levels(case, draft)
    _events(case, draft)
    _ladders(case, draft)
    _beliefs(case, draft)
    _acts(case, draft)


def _levels(case: Case, draft: Draft) -> None:
    ladder, levels = case.ladder, frozenset(case.ladder.levels)
    if ladder.ladders and ladder.headline is None:
        draft.find(LADDER, ("headline",), "is missing.", "name the level that ratios count from.")
    draft.known(LADDER, ("headline",), ladder.headline, levels, "level")
    if len(levels) != len(ladder.levels):
        draft.find(LADDER, ("levels",), "names a level twice.", "keep one of them.")
    if ladder.ladders and all(one.branch != "deliberate" for one in ladder.ladders):
        problem = "has no deliberate branch: it frames every war as an accident."
        draft.find(LADDER, ("ladders",), problem, "add one, or say in the summary why not.", "note")


def _parameters(case: Case, draft: Draft, kind: str) -> frozenset[str]:
    known = draft.ids(LADDER, "parameters")
    return frozenset(
        name
        for name in known
        if name not in case.parameter_by_id or case.parameter_by_id[name].kind == kind
    )


def _events(case: Case, draft: Draft) -> None:
    probabilities = _parameters(case, draft, "probability")
    events = draft.ids(LADDER, "events")
    gates = {event.id: operands(event) for event in case.ladder.events}
    for i, event in enumerate(case.ladder.events):
        place: Path_ = ("events", i)
        what = "parameter of kind probability"
        draft.known(LADDER, (*place, "p"), event.p, probabilities, what)
        for name in operands(event):
            draft.known(LADDER, place, name, events | probabilities, "event or probability")
        chain = cycle_through(event.id, gates)
        if chain:
            problem = f"contains itself: {' > '.join(chain)}."
            draft.find(LADDER, place, problem, "break the circle.")
        if event.id in draft.ids(LADDER, "parameters"):
            problem = f"`{event.id}` is also a parameter."
            draft.find(LADDER, (*place, "id"), problem, "give the event another id.")


def operands(event: model.Event) -> tuple[str, ...]:
    """The events that a gate combines; none for a basic event."""
    return event.any_of or event.all_of or event.none_of or ()


def _ladders(case: Case, draft: Draft) -> None:
    rates = _parameters(case, draft, "rate")
    branches = _parameters(case, draft, "probability") | draft.ids(LADDER, "events")
    levels = frozenset(case.ladder.levels)
    risks = draft.ids("risks.yaml", "risks")
    for i, ladder in enumerate(case.ladder.ladders):
        place: Path_ = ("ladders", i)
        draft.known(LADDER, (*place, "starts"), ladder.starts, rates, "parameter of kind rate")
        draft.known(LADDER, (*place, "risk"), ladder.risk, risks, "risk")
        for path, rung in rungs(ladder, place):
            draft.known(LADDER, (*path, "p"), rung.p, branches, "probability or event")
        for path, level in end_levels(ladder, place):
            draft.known(LADDER, path, level, levels, "level")


def rungs(branches: model.Branches, place: Path_) -> Iterator[tuple[Path_, model.Rung]]:
    """Every rung below ``place``, those of side paths too."""
    for i, rung in enumerate(branches.path):
        path = (*place, "path", i)
        yield path, rung
        if isinstance(rung.otherwise, model.Branches):
            yield from rungs(rung.otherwise, (*path, "otherwise"))


def end_levels(branches: model.Branches, place: Path_) -> Iterator[tuple[Path_, str]]:
    """Every level at which a path below ``place`` can end."""
    yield (*place, "ends"), branches.ends
    for path, rung in rungs(branches, place):
        if isinstance(rung.otherwise, model.Branches):
            yield (*path, "otherwise", "ends"), rung.otherwise.ends
        else:
            yield (*path, "otherwise"), rung.otherwise


def _beliefs(case: Case, draft: Draft) -> None:
    parameters = draft.ids(LADDER, "parameters")
    ladders, measures = draft.ids(LADDER, "ladders"), draft.ids(MEASURES, "measures")
    for i, belief in enumerate(case.ladder.beliefs):
        place: Path_ = ("beliefs", i)
        parties, sources = draft.ids("case.yaml", "parties"), draft.ids("sources.yaml", "sources")
        draft.known(LADDER, (*place, "held_by"), belief.held_by, parties, "party")
        draft.known(LADDER, (*place, "source"), belief.source, sources, "source")
        party = case.party_by_id.get(belief.held_by or "")
        if party is not None and party.real and belief.source is None:
            problem = f"is held by {party.id} without a source."
            mend = "name the document, or leave `held_by` empty; no belief is invented for a state."
            draft.find(LADDER, (*place, "source"), problem, mend)
        for j, name in enumerate(belief.without):
            draft.known(LADDER, (*place, "without", j), name, ladders, "ladder")
        for j, number in enumerate(belief.numbers):
            path = (*place, "numbers", j)
            draft.known(LADDER, (*path, "id"), number.id, parameters, "parameter")
            base = case.parameter_by_id.get(number.id)
            if base is not None and base.kind != number.kind:
                mend = f"write `kind: {base.kind}`."
                draft.find(LADDER, (*path, "kind"), f"is not that of `{number.id}`.", mend)
        for j, act in enumerate(belief.acts):
            path = (*place, "acts", j)
            draft.known(LADDER, (*path, "measure"), act.measure, measures, "measure")
            _act(case, draft, LADDER, path, act)


def _acts(case: Case, draft: Draft) -> None:
    for i, measure in enumerate(case.measures):
        for j, act in enumerate(measure.acts):
            _act(case, draft, MEASURES, ("measures", i, "acts", j), act)


def _act(case: Case, draft: Draft, file: str, path: Path_, act: model.Act) -> None:
    draft.known(file, (*path, "on"), act.on, draft.ids(LADDER, "parameters"), "parameter")
    parameter = case.parameter_by_id.get(act.on)
    wanted = {"rate-ratio": "rate", "odds-ratio": "probability"}.get(act.how)
    if parameter is not None and wanted is not None and parameter.kind != wanted:
        fitting = "rate-ratio" if parameter.kind == "rate" else "odds-ratio"
        problem = f"is `{act.how}` on a {parameter.kind}."
        draft.find(file, (*path, "how"), problem, f"write {fitting} or replacement.")
