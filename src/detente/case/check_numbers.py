"""Every number has a basis, a source, a date and a status, and lies where its kind allows."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case import model
from detente.case.case import Case
from detente.case.draft import Draft
from detente.ground.basis import Basis, Status
from detente.ground.text import Path_

LADDER, MEASURES = "ladder.yaml", "measures.yaml"


def numbers(case: Case) -> Iterator[tuple[str, Path_, model.Number, model.Origin, str]]:
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
    for file, path, number, defaults, kind in numbers(case):
        _range(draft, file, path, number, kind)
        _provenance(case, draft, file, path, number, defaults)
        basis = number.basis or defaults.basis
        if real and basis is Basis.ILLUSTRATIVE:
            problem = "is `illustrative` in a case with real parties."
            mend = "give its source, mark it `assumed` with a reason, or leave it out."
            draft.find(file, path, problem, mend)


def _range(draft: Draft, file: str, path: Path_, number: model.Number, kind: str) -> None:
    ends = number.ends()
    if kind == "probability":
        closed = number.value is not None
        if not all(0 <= end <= 1 if closed else 0 < end < 1 for end in ends):
            problem = f"{ends} is no probability."
            mend = "keep it between 0 and 1; the ends of an interval strictly between."
            draft.find(file, path, problem, mend)
    elif not all(end > 0 for end in ends) and not (kind == "rate" and ends == (0.0,)):
        draft.find(file, path, f"{ends} is no {kind}.", "write numbers above 0.")


def _provenance(
    case: Case, draft: Draft, file: str, path: Path_, number: model.Number, defaults: model.Origin
) -> None:
    basis, source = number.basis or defaults.basis, number.source or defaults.source
    sources = draft.ids("sources.yaml", "sources")
    if basis is None:
        mend = "add source, elicited, computed, assumed or illustrative, or `defaults` to the file."
        draft.find(file, (*path, "basis"), "has no basis.", mend)
        return
    if not source:
        mend = "name the document in sources.yaml." if basis is Basis.SOURCE else "say who and why."
        draft.find(file, (*path, "source"), "has no source.", mend)
    elif basis is Basis.SOURCE:
        draft.known(file, (*path, "source"), source, sources, "source")
    if not case.provenance(number, defaults).date:
        draft.find(file, (*path, "date"), "has no date.", "add the date of the number.")
    stated = number.status or defaults.status
    if stated is Status.VERIFIED and basis in (Basis.ASSUMED, Basis.ILLUSTRATIVE):
        problem = f"is `{basis}` and `verified` at once."
        draft.find(file, (*path, "status"), problem, "mark it unverified, or give its source.")
