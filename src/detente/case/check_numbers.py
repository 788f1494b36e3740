"""Every number has a basis, a source, a date and a status, and lies where its kind allows."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft
from detente.ground.basis import Basis, Status
from detente.ground.text import Path_

LADDER, MEASURES = "ladder.yaml", "measures.yaml"
Placed = tuple[str, Path_, model.Number, model.Origin, str]
TINY = 1e-15  # as far below 1 as the largest number that a file may state is above


def reported_shares(case: Case) -> Iterator[Placed]:
    """The stated shares of events that are reported, as `numbers`."""
    for file, path, number, defaults, _ in numbers(case):
        counted = number.counted if isinstance(number, model.Parameter) else None
        if counted is not None and counted.reported is not None:
            place = (*path, "counted", "reported")
            yield file, place, counted.reported, defaults, "probability"


def numbers(case: Case) -> Iterator[Placed]:
    """Every number of the case: file, place, number, the file's defaults, and its kind.

    The kind is ``rate``, ``probability``, ``ratio`` or ``replacement of <kind>``.
    """
    measures, ladder = case.measures_file, case.ladder
    for i, measure in enumerate(measures.measures):
        for j, act in enumerate(measure.acts):
            path: Path_ = ("measures", i, "acts", j, "value")
            yield MEASURES, path, act.value, measures.defaults, _act_kind(case, act)
    for i, parameter in enumerate(ladder.parameters):
        yield LADDER, ("parameters", i), parameter, ladder.defaults, parameter.kind
    for i, belief in enumerate(ladder.beliefs):
        for j, number in enumerate(belief.numbers):
            yield LADDER, ("beliefs", i, "numbers", j), number, ladder.defaults, number.kind
        for j, own in enumerate(belief.acts):
            path = ("beliefs", i, "acts", j, "value")
            yield LADDER, path, own.value, ladder.defaults, _act_kind(case, own)
    for i, published in enumerate(ladder.published):
        yield LADDER, ("published", i), published, ladder.defaults, "probability"


def _act_kind(case: Case, act: model.Act) -> str:
    parameter = case.parameter_by_id.get(act.on)
    if act.how == "replacement":
        return parameter.kind if parameter else "ratio"
    return "ratio"


def check_numbers(case: Case, draft: Draft) -> None:
    """Record findings on ranges, provenance and illustrative numbers."""
    real = any(party.real for party in case.about.parties)
    for file, path, number, defaults, kind in (*numbers(case), *reported_shares(case)):
        _range(draft, file, path, number, kind)
        if number.from_elsewhere:
            continue
        check_provenance(case, draft, file, path, number, defaults)
        basis = number.basis or defaults.basis
        if real and basis is Basis.ILLUSTRATIVE:
            problem = "is illustrative in a case with real parties."
            mend = "give its source, write assumed with a reason, or leave the number out."
            draft.find(file, (*path, "basis"), problem, mend)


def _range(draft: Draft, file: str, path: Path_, number: model.Number, kind: str) -> None:
    ends = {key: getattr(number, key) for key in ("value", "low", "mid", "high")}
    for key, end in ends.items():
        if end is None:
            continue
        if kind == "probability" and not _is_probability(end, closed=key == "value"):
            mend = "keep it between 0 and 1, the ends of an interval strictly between."
            draft.find(file, (*path, key), f"{end:g} is no probability.", mend)
        if kind != "probability" and end <= 0 and (kind, key, end) != ("rate", "value", 0):
            draft.find(file, (*path, key), f"{end:g} is no {kind}.", "write a number above 0.")
        if 0 < end < TINY:
            mend = f"write {TINY:g} or more."
            draft.find(file, (*path, key), f"{end:g} is too small to compute with.", mend)


def _is_probability(number: float, *, closed: bool) -> bool:
    return 0 <= number <= 1 if closed else 0 < number < 1


def check_provenance(
    case: Case, draft: Draft, file: str, path: Path_, number: model.Origin, defaults: model.Origin
) -> None:
    """Record what is missing of basis, source, date and status, of a number or a statement."""
    basis, source = number.basis or defaults.basis, number.source or defaults.source
    sources = draft.ids("sources.yaml", "sources")
    if basis is None:
        mend = "add source, elicited, computed, assumed or illustrative, or `defaults` to the file."
        draft.find(file, (*path, "basis"), "is missing.", mend)
        return
    if not source:
        mend = "name the document in sources.yaml." if basis is Basis.SOURCE else "say who and why."
        draft.find(file, (*path, "source"), "is missing.", mend)
    elif basis is Basis.SOURCE:
        draft.known(file, (*path, "source"), source, sources, "source")
    known = basis is not Basis.SOURCE or source in case.source_by_id
    if known and not case.provenance(number, defaults).date:
        draft.find(file, (*path, "date"), "is missing.", "add the day for which the number holds.")
    stated = number.status or defaults.status
    if stated is Status.VERIFIED and basis in (Basis.ASSUMED, Basis.ILLUSTRATIVE):
        problem = f"is verified, though the basis is {basis}."
        draft.find(file, (*path, "status"), problem, "write unverified, or give a source.")
