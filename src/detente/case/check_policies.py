"""What policies raise for others is said by parties of the case, once, and on its scale."""

from __future__ import annotations

from typing import Literal

from detente.case import model
from detente.case.case import Case
from detente.case.check_criteria import OPINIONS, RATINGS, invented, within
from detente.case.check_numbers import check_provenance
from detente.case.draft import Draft
from detente.ground.text import Path_

POLICIES = "policies.yaml"
View = Literal["felt", "own_view"]


def check_policies(case: Case, draft: Draft) -> None:
    """Record every finding about what policies raise for others, and what would cut it."""
    for i, policy in enumerate(case.policies):
        _views(case, draft, i, policy, "felt")
        _views(case, draft, i, policy, "own_view")
        _cuts(draft, i, policy)


def _views(case: Case, draft: Draft, i: int, policy: model.Policy, view: View) -> None:
    parties, risks = draft.ids("case.yaml", "parties"), draft.ids("risks.yaml", "risks")
    defaults = case.policies_file.defaults
    seen: set[tuple[str, str]] = set()
    for j, one in enumerate(getattr(policy, view)):
        place: Path_ = ("policies", i, view, j)
        draft.known(POLICIES, (*place, "party"), one.party, parties, "party")
        draft.known(POLICIES, (*place, "risk"), one.risk, risks, "risk")
        if one.party == policy.party:
            problem = f"`{one.party}` is the party whose policy it is."
            draft.find(POLICIES, (*place, "party"), problem, "name another party.")
        if (one.party, one.risk) in seen:
            problem = f"tells of `{one.risk}` for `{one.party}` twice."
            draft.find(POLICIES, place, problem, "keep one of them.")
        seen.add((one.party, one.risk))
        path = (*place, "raises")
        for key in ("value", "low", "mid", "high"):
            rating = getattr(one.raises, key)
            if rating is not None and not within(RATINGS, rating):
                problem = f"{rating:g} is no rating."
                draft.find(POLICIES, (*path, key), problem, "keep it between 0 and 10.")
        check_provenance(case, draft, POLICIES, path, one.raises, defaults)
        basis = one.raises.basis or defaults.basis
        who = one.party if view == "felt" else policy.party
        for problem, mend in invented(case, who, basis, OPINIONS):
            draft.find(POLICIES, (*path, "basis"), problem, mend)


def _cuts(draft: Draft, i: int, policy: model.Policy) -> None:
    measures = draft.ids("measures.yaml", "measures")
    touched = frozenset(one.party for one in (*policy.felt, *policy.own_view))
    seen: set[tuple[str, str | None]] = set()
    for j, cut in enumerate(policy.cut_by):
        place: Path_ = ("policies", i, "cut_by", j)
        draft.known(POLICIES, (*place, "measure"), cut.measure, measures, "measure")
        if not touched:
            problem = "cuts nothing, since the policy raises no risk for others."
            draft.find(POLICIES, place, problem, "state `felt` or `own_view`, or leave it out.")
        elif cut.party is not None and cut.party not in touched:
            problem = f"`{cut.party}` is no party for whom the policy raises a risk."
            mend = f"use one of {', '.join(sorted(touched))}, or leave `party` out."
            draft.find(POLICIES, (*place, "party"), problem, mend)
        if (cut.measure, cut.party) in seen:
            draft.find(POLICIES, place, f"names `{cut.measure}` twice.", "keep one of them.")
        seen.add((cut.measure, cut.party))
