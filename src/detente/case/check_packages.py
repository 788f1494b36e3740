"""Budgets, synergies and groups name measures and parties of the case, and can hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from detente.case import model
from detente.case.case import Case
from detente.case.check_criteria import OPINIONS, invented
from detente.case.check_numbers import check_provenance
from detente.case.draft import Draft
from detente.ground.basis import Basis
from detente.ground.text import Path_

PACKAGES = "packages.yaml"
MOST_GAIN = 100.0
ENDS = ("value", "low", "mid", "high")


def check_packages(case: Case, draft: Draft) -> None:
    """Record every finding about what holds for measures that are taken together."""
    for i, budget in enumerate(case.packages_file.budgets):
        _budget(case, draft, i, budget)
    _synergies(case, draft)
    for i, group in enumerate(case.packages_file.groups):
        _group(draft, i, group)


def _budget(case: Case, draft: Draft, i: int, budget: model.Budget) -> None:
    place: Path_ = ("budgets", i)
    actors = draft.ids("case.yaml", "parties", "sides")
    for j, payer in enumerate(budget.parties):
        draft.known(PACKAGES, (*place, "parties", j), payer, actors, "party or side")
    for name in budget.costs:
        _measure(draft, (*place, "costs", name), name)
    for key in ENDS:
        limit = getattr(budget.limit, key)
        if limit is not None and limit < 0:
            problem = f"{limit:g} is less than nothing."
            draft.find(PACKAGES, (*place, "limit", key), problem, "write 0 or more.")
    least = budget.limit.low if budget.limit.value is None else budget.limit.value
    if least is not None and sum(budget.costs.values()) <= least:
        problem = "limits nothing: all that it names costs no more together."
        draft.find(PACKAGES, (*place, "limit"), problem, "keep it knowingly, or remove it.", "note")
    real = any(party.real for party in case.about.parties)
    for path, number, defaults in _origins(case, place, budget):
        check_provenance(case, draft, PACKAGES, path, number, defaults)
        if real and (number.basis or defaults.basis) is Basis.ILLUSTRATIVE:
            problem = "is illustrative in a case with real parties."
            mend = "give its source, write assumed with a reason, or leave the number out."
            draft.find(PACKAGES, (*path, "basis"), problem, mend)


def _origins(
    case: Case, place: Path_, budget: model.Budget
) -> Iterator[tuple[Path_, model.Origin, model.Origin]]:
    """The budget with the file's defaults, and its limit where that states an origin of its own."""
    yield place, budget, case.packages_file.defaults
    if _states_origin(budget.limit):
        yield (*place, "limit"), budget.limit, case.packages_file.own(budget)


def _states_origin(number: model.Origin) -> bool:
    return any(getattr(number, key) is not None for key in model.Origin.model_fields)


def _synergies(case: Case, draft: Draft) -> None:
    excluding = {frozenset((one.id, other)) for one in case.measures for other in one.excludes}
    seen: set[frozenset[tuple[str, ...]]] = set()
    for i, synergy in enumerate(case.packages_file.synergies):
        place: Path_ = ("synergies", i)
        _clauses(draft, (*place, "measures"), synergy)
        alone = [clause[0] for clause in synergy.measures if len(clause) == 1]
        for a, b in combinations(dict.fromkeys(alone), 2):
            if frozenset((a, b)) in excluding:
                problem = f"can never be had: `{a}` and `{b}` exclude each other."
                mend = "remove it, or `excludes` in measures.yaml."
                draft.find(PACKAGES, (*place, "measures"), problem, mend)
        same = frozenset(tuple(sorted(clause)) for clause in synergy.measures)
        if same in seen:
            problem = "names the same measures as one before."
            draft.find(PACKAGES, (*place, "measures"), problem, "keep one of them.")
        seen.add(same)
        _gains(case, draft, place, synergy)


def _clauses(draft: Draft, place: Path_, synergy: model.Synergy) -> None:
    stood: dict[str, int] = {}
    for j, clause in enumerate(synergy.measures):
        for k, name in enumerate(clause):
            path: Path_ = (*place, j, k) if len(clause) > 1 else (*place, j)
            _measure(draft, path, name)
            if stood.setdefault(name, j) != j:
                problem = f"`{name}` stands twice."
                draft.find(PACKAGES, path, problem, "keep one of them.")


def _gains(case: Case, draft: Draft, place: Path_, synergy: model.Synergy) -> None:
    sides = draft.ids("case.yaml", "sides")
    members = {side.id: side.parties for side in case.about.sides}
    own = case.packages_file.own(synergy)
    if not all(_states_origin(gain) for gain in synergy.gains.values()):
        check_provenance(case, draft, PACKAGES, place, synergy, case.packages_file.defaults)
    for side, gain in synergy.gains.items():
        path: Path_ = (*place, "gains", side)
        draft.known(PACKAGES, path, side, sides, "side")
        for key in ENDS:
            points = getattr(gain, key)
            if points is not None and abs(points) > MOST_GAIN:
                problem = f"{points:g} is no change of a gain."
                draft.find(PACKAGES, (*path, key), problem, "keep it between -100 and 100.")
        if _states_origin(gain):
            check_provenance(case, draft, PACKAGES, path, gain, own)
        told: set[tuple[str, str]] = set()
        for party in members.get(side, ()):
            told.update(invented(case, party, gain.basis or own.basis, OPINIONS))
        for problem, mend in sorted(told):
            draft.find(PACKAGES, (*path, "basis"), problem, mend)


def _group(draft: Draft, i: int, group: model.MeasureGroup) -> None:
    place: Path_ = ("groups", i)
    for j, name in enumerate(group.measures):
        _measure(draft, (*place, "measures", j), name)
    if group.at_most is not None and group.at_most >= len(group.measures) and not group.at_least:
        problem = "limits nothing: it names no more measures than it allows."
        draft.find(PACKAGES, (*place, "at_most"), problem, "lower it, or remove the group.", "note")


def _measure(draft: Draft, place: Path_, name: str) -> None:
    measures = draft.ids("measures.yaml", "measures")
    draft.known(PACKAGES, place, name, measures, "measure")
