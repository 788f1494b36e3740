"""The ladder holds together: references, kinds, circles, and whose framing it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from detente.case import model
from detente.case.case import Case
from detente.case.cycles import cycles
from detente.case.draft import Draft, Ids
from detente.ground.text import Path_

LADDER, MEASURES = "ladder.yaml", "measures.yaml"
MOST_GATES = 30


def check_ladder(case: Case, draft: Draft) -> None:
    """Record every finding about the escalation model."""
    _levels(case, draft)
    _events(case, draft)
    _ladders(case, draft)
    _beliefs(case, draft)
    _acts(case, draft)


def _levels(case: Case, draft: Draft) -> None:
    ladder = case.ladder
    if draft.raw(LADDER, "ladders") and draft.marked[LADDER].value.get("headline") is None:
        draft.find(LADDER, ("headline",), "is missing.", "name the level that ratios count from.")
    draft.known(LADDER, ("headline",), ladder.headline, draft.ids(LADDER, "levels"), "level")
    if ladder.ladders and all(one.branch != "deliberate" for one in ladder.ladders):
        problem = "has no deliberate branch: it frames every war as an accident."
        draft.find(LADDER, ("ladders",), problem, "add one, or say in the summary why not.", "note")


def _parameters(case: Case, draft: Draft, kind: str) -> Ids:
    """The parameters of a kind, and those whose kind cannot be read."""
    known = draft.ids(LADDER, "parameters")
    other = {parameter.id for parameter in case.ladder.parameters if parameter.kind != kind}
    return None if known is None else known - other


def _branches(case: Case, draft: Draft, own: Iterable[model.Event] = ()) -> Ids:
    """The events, those of a belief too, and the parameters that can stand for one."""
    events, probabilities = draft.ids(LADDER, "events"), _parameters(case, draft, "probability")
    if events is None or probabilities is None:
        return None
    return events | probabilities | {event.id for event in own}


def _events(case: Case, draft: Draft) -> None:
    events = case.ladder.events
    _gates(case, draft, ("events",), events, _branches(case, draft))
    _circles(draft, {event.id: ("events", i) for i, event in enumerate(events)}, events)
    for i, belief in enumerate(case.ladder.beliefs):
        place: Path_ = ("beliefs", i, "events")
        known = _branches(case, draft, belief.events)
        _gates(case, draft, place, belief.events, known)
        places = {event.id: (*place, j) for j, event in enumerate(belief.events)}
        _circles(draft, places, case.ladder.under(belief).events)


def _gates(
    case: Case, draft: Draft, place: Path_, events: Iterable[model.Event], branches: Ids
) -> None:
    probabilities = _parameters(case, draft, "probability")
    for i, event in enumerate(events):
        what = "parameter of kind probability"
        draft.known(LADDER, (*place, i, "p"), event.p, probabilities, what)
        for j, name in enumerate(event.operands):
            path = (*place, i, event.gate, j)
            draft.known(LADDER, path, name, branches, "event or probability")
        if event.id in case.parameter_by_id:
            problem = f"`{event.id}` is also a parameter."
            draft.find(LADDER, (*place, i, "id"), problem, "give the event another id.")


def _circles(draft: Draft, places: Mapping[str, Path_], events: Iterable[model.Event]) -> None:
    """Record events that contain themselves; each circle at one of the events with a place."""
    gates = {event.id: event.operands for event in events}
    circles = [chain for chain in cycles(gates) if places.keys() & set(chain)]
    for chain in circles:
        first = next(name for name in chain if name in places)
        problem = f"contains itself: {' > '.join(chain)}."
        draft.find(LADDER, places[first], problem, "break the circle.")
    for name in () if circles else _too_deep(gates):
        if name in places:
            problem = f"stands on more than {MOST_GATES} gates, one on another."
            draft.find(LADDER, places[name], problem, "join some of them.")


def _too_deep(gates: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The gates below which more than `MOST_GATES` others stand, one on another."""
    deep = dict(gates)
    for _ in range(MOST_GATES):
        deep = {name: below for name, below in deep.items() if any(one in deep for one in below)}
    return list(deep)


def _ladders(case: Case, draft: Draft) -> None:
    _places(case, draft, ("ladders",), case.ladder.ladders, _branches(case, draft))
    for i, belief in enumerate(case.ladder.beliefs):
        known = _branches(case, draft, belief.events)
        _places(case, draft, ("beliefs", i, "ladders"), belief.ladders, known)


def _places(
    case: Case, draft: Draft, place: Path_, ladders: Iterable[model.Ladder], branches: Ids
) -> None:
    """Record what the ladders of one list name that is not there."""
    rates = _parameters(case, draft, "rate")
    levels, risks = draft.ids(LADDER, "levels"), draft.ids("risks.yaml", "risks")
    for i, ladder in enumerate(ladders):
        at: Path_ = (*place, i)
        draft.known(LADDER, (*at, "starts"), ladder.starts, rates, "parameter of kind rate")
        draft.known(LADDER, (*at, "risk"), ladder.risk, risks, "risk")
        for path, rung in rungs(ladder, at):
            draft.known(LADDER, (*path, "p"), rung.p, branches, "event or probability")
        for path, level in end_levels(ladder, at):
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
    ladders, measures = draft.ids(LADDER, "ladders"), draft.ids(MEASURES, "measures")
    for i, belief in enumerate(case.ladder.beliefs):
        place: Path_ = ("beliefs", i)
        _holder(case, draft, place, belief)
        _own_numbers(case, draft, place, belief)
        own = {ladder.id for ladder in belief.ladders}
        for j, name in enumerate(belief.without):
            draft.known(LADDER, (*place, "without", j), name, ladders, "ladder")
            if name in own:
                problem = f"leaves out `{name}`, which it states itself."
                draft.find(LADDER, (*place, "without", j), problem, "keep one of them.")
        for j, act in enumerate(belief.acts):
            path = (*place, "acts", j)
            draft.known(LADDER, (*path, "measure"), act.measure, measures, "measure")
            _act(case, draft, LADDER, path, act)
        _acts_once(draft, LADDER, place, [(act.measure, act.on) for act in belief.acts])


def _holder(case: Case, draft: Draft, place: Path_, belief: model.Belief) -> None:
    parties, sources = draft.ids("case.yaml", "parties"), draft.ids("sources.yaml", "sources")
    draft.known(LADDER, (*place, "held_by"), belief.held_by, parties, "party")
    draft.known(LADDER, (*place, "source"), belief.source, sources, "source")
    party = case.party_by_id.get(belief.held_by or "")
    if party is not None and party.real and belief.source is None:
        problem = f"is missing, though `{party.id}` is real."
        mend = "name the document, or leave `held_by` out; no belief is invented for a state."
        draft.find(LADDER, (*place, "source"), problem, mend)


def _own_numbers(case: Case, draft: Draft, place: Path_, belief: model.Belief) -> None:
    parameters = draft.ids(LADDER, "parameters")
    for j, number in enumerate(belief.numbers):
        path = (*place, "numbers", j)
        draft.known(LADDER, (*path, "id"), number.id, parameters, "parameter")
        base = case.parameter_by_id.get(number.id)
        if base is not None and base.kind != number.kind:
            problem = f"is {number.kind}, though `{number.id}` is a {base.kind}."
            draft.find(LADDER, (*path, "kind"), problem, f"write `kind: {base.kind}`.")


def _acts(case: Case, draft: Draft) -> None:
    for i, measure in enumerate(case.measures):
        for j, act in enumerate(measure.acts):
            _act(case, draft, MEASURES, ("measures", i, "acts", j), act)
        acts = [(measure.id, act.on) for act in measure.acts]
        _acts_once(draft, MEASURES, ("measures", i), acts)


def _act(case: Case, draft: Draft, file: str, path: Path_, act: model.Act) -> None:
    draft.known(file, (*path, "on"), act.on, draft.ids(LADDER, "parameters"), "parameter")
    parameter = case.parameter_by_id.get(act.on)
    wanted = {"rate-ratio": "rate", "odds-ratio": "probability"}.get(act.how)
    if parameter is not None and wanted is not None and parameter.kind != wanted:
        fitting = "rate-ratio" if parameter.kind == "rate" else "odds-ratio"
        problem = f"is {act.how}, though `{act.on}` is a {parameter.kind}."
        draft.find(file, (*path, "how"), problem, f"write {fitting} or replacement.")


def _acts_once(draft: Draft, file: str, place: Path_, acts: list[tuple[str, str]]) -> None:
    for j, act in enumerate(acts):
        if act in acts[:j]:
            problem = f"changes `{act[1]}` twice."
            draft.find(file, (*place, "acts", j, "on"), problem, "join the two acts.")
