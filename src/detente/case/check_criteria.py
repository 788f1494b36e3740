"""Criteria have ranges where they are weighed; weights, trends and scores belong to parties."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from detente.case import model
from detente.case.case import Case
from detente.case.check_numbers import TINY, check_provenance
from detente.case.draft import Draft
from detente.ground.basis import Basis
from detente.ground.text import Path_

CRITERIA, SCORES = "criteria.yaml", "scores.csv"
ONCE = ("risk", "reassurance")
RATINGS = (0.0, 10.0)
FACTS = (Basis.SOURCE, Basis.COMPUTED)
OPINIONS = (Basis.SOURCE, Basis.ELICITED)
MOST_TIMES = 1000.0
ROOM = 1e-3  # of bounds, in logarithms: a set that is narrower cannot be drawn from

Fault = tuple[Path_, str, str]


def check_criteria(case: Case, draft: Draft) -> None:
    """Record every finding about criteria, weights, trends and scores."""
    _ranges(case, draft)
    _once_only(case, draft)
    _beliefs(case, draft)
    _weights(case, draft)
    _trends(case, draft)
    _scores(case, draft)


# --- criteria -------------------------------------------------------------------------------------


def _ranges(case: Case, draft: Draft) -> None:
    scored = {row.criterion for row in case.scores}
    for i, criterion in enumerate(case.criteria):
        ends = criterion.range
        if ends is None:
            continue
        path: Path_ = ("criteria", i)
        if abs(ends[1] - ends[0]) < TINY * max(1.0, *map(abs, ends)):
            problem = "has a range that is too narrow to compute with."
            draft.find(CRITERIA, path, problem, "use a smaller unit.")
        elif criterion.kind == "risk" and min(ends) < 0:
            problem = "has a range below 0, though a risk is a ratio with : without."
            draft.find(CRITERIA, path, problem, "write ratios; 1 is no difference.")
        elif not within(ends, criterion.today):
            problem = f"has no place for {criterion.today:g}, the score where nothing changes."
            draft.find(CRITERIA, path, problem, "widen the range, or state `unchanged`.")
        rated = criterion.kind == "reassurance" or (
            criterion.kind == "cost" and criterion.id not in scored and _asked(case, "cost")
        )
        if rated and not all(within(RATINGS, end) for end in ends):
            problem = "has a range beyond 0 to 10, on which its answers lie."
            draft.find(CRITERIA, path, problem, "keep the range within 0 to 10.")


def within(ends: tuple[float, float], score: float) -> bool:
    """Whether a score lies within a range, whichever end is the worse."""
    return min(ends) <= score <= max(ends)


def _asked(case: Case, kind: str) -> bool:
    return any(question.kind == kind for question in case.questions)


def _once_only(case: Case, draft: Draft) -> None:
    """What has one source of scores has one criterion; what is held twice is told of."""
    for kind in ONCE:
        places = [i for i, one in enumerate(case.criteria) if one.kind == kind]
        for i in places[1:]:
            problem = f"is a second criterion of kind {kind}, with the same scores."
            draft.find(CRITERIA, ("criteria", i, "kind"), problem, "keep one of them.")
    rated = next((one.id for one in case.criteria if one.kind == "reassurance"), None)
    for i, criterion in enumerate(case.criteria):
        if rated is not None and criterion.holds_reassurance and criterion.kind != "reassurance":
            problem = f"holds reassurance, so that `{rated}` counts only where this is not weighed."
            path = ("criteria", i, "holds_reassurance")
            draft.find(CRITERIA, path, problem, "keep one of the two, or both knowingly.", "note")


def _beliefs(case: Case, draft: Draft) -> None:
    if not any(one.kind == "risk" for one in case.criteria):
        return
    holders: dict[str, str] = {}
    for i, belief in enumerate(case.ladder.beliefs):
        first = holders.setdefault(belief.held_by or "", belief.id)
        if belief.held_by and first != belief.id:
            problem = f"is a second belief of `{belief.held_by}`: its risk is read from `{first}`."
            mend = "put the one to be weighed first."
            draft.find("ladder.yaml", ("beliefs", i, "held_by"), problem, mend, "note")


# --- weights and trends ---------------------------------------------------------------------------


def _weights(case: Case, draft: Draft) -> None:
    known = draft.ids(CRITERIA, "criteria")
    ranges = {one.id: one.range for one in reversed(case.criteria)}
    seen: set[str] = set()
    for i, stated in enumerate(case.criteria_file.weights):
        path: Path_ = ("weights", i)
        _party(case, draft, path, stated, stated.party)
        if stated.party in seen:
            problem = f"`{stated.party}` states weights twice."
            draft.find(CRITERIA, (*path, "party"), problem, "keep one statement of each party.")
        seen.add(stated.party)
        places = {name: place for place, name in reversed(list(_named(stated)))}
        for name, place in reversed(places.items()):
            draft.known(CRITERIA, (*path, *place), name, known, "criterion")
            if name in ranges and ranges[name] is None:
                problem = f"`{name}` is weighed, though no range of it is stated."
                mend = "state its `worst` and `best`, or leave it out here."
                draft.find(CRITERIA, (*path, *place), problem, mend)
        for key, problem, mend in statement_faults(stated):
            draft.find(CRITERIA, (*path, *key), problem, mend)


def _named(stated: model.Weights) -> Iterator[tuple[Path_, str]]:
    """Every criterion that a statement names, with its place."""
    for form in ("swing", "exact"):
        for name in getattr(stated, form) or ():
            yield (form, name), name
    for j, chain in enumerate(stated.order or ()):
        for k, name in enumerate(chain):
            yield ("order", j, k), name
    for form in ("ratios", "pairs"):
        for j, pair in enumerate(getattr(stated, form) or ()):
            yield (form, j, "of"), pair.of
            yield (form, j, "to"), pair.to
    told = stated.best_worst
    if told is not None:
        yield ("best_worst", "best"), told.best
        yield ("best_worst", "worst"), told.worst
        for key in ("best_to", "to_worst"):
            for name in getattr(told, key):
                yield ("best_worst", key, name), name


def statement_faults(stated: model.Weights) -> list[Fault]:
    """What is wrong within one statement of weights: place, problem, mend."""
    faults = [*_points(stated), *_bounds(stated), *_pairs(stated)]
    if stated.best_worst is not None:
        faults += _best_worst(stated.best_worst)
    if faults:
        return faults
    if contradict(stated):
        mend = "no weights fit them all: drop or mend one."
        return [((stated.form,), "holds statements that contradict each other.", mend)]
    if contradict(stated, room=ROOM):
        mend = "write equal `low` and `high` where a ratio is known, and else wider bounds."
        return [((stated.form,), "leaves hardly any weights between its bounds.", mend)]
    return []


def _points(stated: model.Weights) -> Iterator[Fault]:
    if not stated.named:
        yield (stated.form,), "gives no criterion any weight.", "give at least one more than 0."
    points = (stated.swing or stated.exact or {}).items()
    most = max((own for _, own in points), default=0.0)
    for name, own in points:
        if 0 < own < most / MOST_TIMES:
            problem = f"{own:g} is less than a thousandth of {most:g}."
            yield (stated.form, name), problem, "write 0, or more."


def _bounds(stated: model.Weights) -> Iterator[Fault]:
    for j, bound in enumerate(stated.ratios or ()):
        if bound.low == 0 and bound.high is None:
            yield ("ratios", j), "states no bound.", "write `low`, `high` or both."
        elif bound.high is not None and bound.low > bound.high:
            yield ("ratios", j, "low"), "is above `high`.", "put the two in order."
        if 0 < bound.low < 1 / MOST_TIMES:
            yield ("ratios", j, "low"), f"{bound.low:g} says too little.", "leave it out."


def _pairs(stated: model.Weights) -> Iterator[Fault]:
    for form in ("ratios", "pairs"):
        for j, pair in enumerate(getattr(stated, form) or ()):
            if pair.of == pair.to:
                yield (form, j, "to"), f"sets `{pair.of}` against itself.", "name another one."
    pairs = [tuple(sorted((pair.of, pair.to))) for pair in stated.pairs or ()]
    for j, names in enumerate(pairs):
        if names in pairs[:j]:
            yield ("pairs", j), f"compares {' and '.join(names)} twice.", "keep one of them."


def _best_worst(told: model.BestWorst) -> Iterator[Fault]:
    if told.best == told.worst:
        problem = "is the best criterion too."
        yield ("best_worst", "worst"), problem, "name the one that weighs least."
    if told.whole == 1:
        problem = "weighs as much as the best: then all weigh the same."
        yield ("best_worst", "worst"), problem, "write how many times as much, above 1."
    for key, own in (("best_to", told.best), ("to_worst", told.worst)):
        for name, times in getattr(told, key).items():
            if told.whole is not None and times > told.whole > 1:
                problem = f"{times:g} is more than the {told.whole:g} of the best to the worst."
                yield ("best_worst", key, name), problem, "correct one of them."
        if getattr(told, key).get(own, 1) != 1:
            path: Path_ = ("best_worst", key, own)
            yield path, f"sets `{own}` against itself.", "write 1, or leave it out."
    for key, name in left_out(told):
        problem = f"leaves out `{name}`."
        yield ("best_worst", key), problem, "set every criterion against the best and the worst."
    twice = told.best_to.get(told.worst), told.to_worst.get(told.best)
    if None not in twice and twice[0] != twice[1]:
        problem = f"sets `{told.best}` against `{told.worst}` once more, and differently."
        yield ("best_worst", "to_worst", told.best), problem, "write it once."


def left_out(told: model.BestWorst) -> Iterator[tuple[str, str]]:
    """The comparisons that are missing; that of the best with the worst may stand in one place."""
    for name in told.named:
        if name not in (told.best, *told.best_to) and (name != told.worst or told.whole is None):
            yield "best_to", name
        if name not in (told.worst, *told.to_worst) and (name != told.best or told.whole is None):
            yield "to_worst", name


def contradict(stated: model.Weights, *, room: float = 0.0) -> bool:
    """Whether no weights above 0 fit the order or the bounds on ratios of a statement.

    Bounds that differ are held to be closer by ``room``, a difference of logarithms.

    In logarithms these are bounds on differences, which fit where no circle of them has a sum
    below 0 (Bellman 1958, "On a routing problem", Quarterly of Applied Mathematics 16:87-90). A
    circle of an order can only stand where all in it weigh the same: that counts as one too.
    """
    names = stated.named
    steps = list(_steps(stated, room))
    most = dict.fromkeys(names, 0.0)
    for _ in range(len(names)):
        moved = False
        for one, other, log_most in steps:
            if most[one] + log_most < most[other] - 1e-12:
                most[other], moved = most[one] + log_most, True
        if not moved:
            return False
    return bool(names)


def _steps(stated: model.Weights, room: float) -> Iterator[tuple[str, str, float]]:
    """Each bound as (a, b, d): log w_b is at most log w_a + d."""
    for chain in stated.order or ():
        for before, after in pairwise(chain):
            yield before, after, -max(room, 1e-6)
    for bound in stated.ratios or ():
        less = 0.0 if bound.low == bound.high else room
        if bound.low > 0:
            yield bound.of, bound.to, -math.log(bound.low) - less
        if bound.high is not None:
            yield bound.to, bound.of, math.log(bound.high) - less


def _party(
    case: Case, draft: Draft, path: Path_, stated: model.Weights | model.Trend, name: str
) -> None:
    defaults = case.criteria_file.defaults
    draft.known(CRITERIA, (*path, "party"), name, draft.ids("case.yaml", "parties"), "party")
    check_provenance(case, draft, CRITERIA, path, stated, defaults)
    for problem, mend in invented(case, name, stated.basis or defaults.basis, OPINIONS):
        draft.find(CRITERIA, (*path, "basis"), problem, mend)


def invented(
    case: Case, name: str, basis: Basis | None, allowed: tuple[Basis, ...]
) -> Iterator[tuple[str, str]]:
    """What a basis may not be for a party that is real, or that was not asked."""
    party = case.party_by_id.get(name)
    if party is None or basis is None:
        return
    if party.real and basis not in allowed:
        mend = "leave it out, or give its source; no opinion is invented for a party that exists."
        yield f"is `{basis}` for a real party.", mend
    if party.heard != "panel" and basis is Basis.ELICITED:
        problem = f"is `elicited` from `{name}`, though case.yaml says `heard: {party.heard}`."
        yield problem, "write `heard: panel`, or leave it out."


def _trends(case: Case, draft: Draft) -> None:
    known = draft.ids(CRITERIA, "criteria")
    by_id = {one.id: one for one in reversed(case.criteria)}
    seen: set[tuple[str, str]] = set()
    for i, trend in enumerate(case.criteria_file.trend):
        path: Path_ = ("trend", i)
        _party(case, draft, path, trend, trend.party)
        draft.known(CRITERIA, (*path, "criterion"), trend.criterion, known, "criterion")
        if (trend.party, trend.criterion) in seen:
            problem = f"`{trend.party}` expects something of `{trend.criterion}` twice."
            draft.find(CRITERIA, path, problem, "keep one trend.")
        seen.add((trend.party, trend.criterion))
        criterion = by_id.get(trend.criterion)
        stated = ((key, getattr(trend, key)) for key in ("value", "low", "mid", "high"))
        for key, problem, mend in _outside(criterion, stated):
            draft.find(CRITERIA, (*path, key), problem, mend)


def _outside(
    criterion: model.Criterion | None, stated: Iterable[tuple[str, float | None]]
) -> Iterator[tuple[str, str, str]]:
    """What of the stated scores lies outside the range of a criterion."""
    ends = criterion.range if criterion is not None else None
    if criterion is None or ends is None:
        return
    for key, score in stated:
        if score is not None and criterion.kind == "risk" and score < TINY:
            yield key, f"{score:g} is no ratio.", f"write {TINY:g} or more."
        elif score is not None and not within(ends, score):
            problem = f"{score:g} lies outside the range of `{criterion.id}`."
            yield key, problem, f"keep it between {min(ends):g} and {max(ends):g}, or widen that."


# --- scores ---------------------------------------------------------------------------------------


def _scores(case: Case, draft: Draft) -> None:
    known = draft.ids(CRITERIA, "criteria") if CRITERIA in draft.marked else None
    parties, measures = draft.ids("case.yaml", "parties"), draft.ids("measures.yaml", "measures")
    by_id = {one.id: one for one in reversed(case.criteria)}
    seen: set[tuple[str, str, str]] = set()
    for i, row in enumerate(case.scores):
        draft.known(SCORES, (i, "party"), row.party, parties, "party")
        draft.known(SCORES, (i, "measure"), row.measure, measures, "measure")
        draft.known(SCORES, (i, "criterion"), row.criterion, known, "criterion")
        cell = (row.party, row.measure, row.criterion)
        if cell in seen:
            problem = f"scores `{row.measure}` on `{row.criterion}` for `{row.party}` twice."
            draft.find(SCORES, (i,), problem, "keep one score.")
        seen.add(cell)
        check = [*_score(row, by_id.get(row.criterion)), *_origin(case, draft, row)]
        for column, problem, mend in check:
            draft.find(SCORES, (i, column), problem, mend)


def _score(row: model.Score, criterion: model.Criterion | None) -> Iterator[tuple[str, str, str]]:
    if criterion is not None and criterion.from_elsewhere:
        where = "the ladders" if criterion.kind == "risk" else "answers"
        yield "criterion", f"is of kind {criterion.kind}, scored from {where}.", "remove the row."
        return
    ends = [(key, getattr(row, key)) for key in ("low", "value", "high")]
    numbers = [end for _, end in ends if end is not None]
    if len(numbers) == 2:
        missing = "low" if row.low is None else "high"
        yield missing, "is empty, though the other end is stated.", "state both ends, or neither."
    elif numbers != sorted(numbers):
        yield "low", "is not in the order low, value, high.", "put the three in order."
    elif len(numbers) == 3 and row.low == row.high:
        yield "low", "has an interval of no width.", "leave both ends empty, or widen it."
    yield from _outside(criterion, ends)


def _origin(case: Case, draft: Draft, row: model.Score) -> Iterator[tuple[str, str, str]]:
    for problem, mend in invented(case, row.party, row.basis, (*OPINIONS, *FACTS)):
        yield "basis", problem, mend
    sources = draft.ids("sources.yaml", "sources")
    if row.basis is Basis.SOURCE and sources is not None and row.source not in sources:
        yield "source", f"`{row.source}` is no source of the case.", "add it to sources.yaml."
    if row.status == "verified" and row.basis in (Basis.ASSUMED, Basis.ILLUSTRATIVE):
        problem = f"is verified, though the basis is {row.basis}."
        yield "status", problem, "write unverified, or give a source."
