"""What stands in policies.yaml: what parties already do, why, and what others feel of it.

A policy answers risks as its party perceives them, and may raise risks as others perceive them,
whose policies answer these in turn. Each side says its part; neither speaks for the other.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from detente.case.fields import Id, Record, Texts
from detente.case.number import Number, Origin


class Raises(Record):
    """How much a policy raises a risk for another party: `felt` by that one, or in the `own_view`.

    Asked as: how much does what they do raise this risk for you; and of the party itself: for them.
    """

    party: Id = Field(description="the other party, for whom the risk is raised")
    risk: Id = Field(description="an id of risks.yaml")
    raises: Number = Field(description="from 0 (not at all) to 10 (very much)")


class Cut(Record):
    """A measure that would keep a policy from raising risks for others."""

    measure: Id = Field(description="an id of measures.yaml")
    party: Id | None = Field(
        None,
        description="the one party for whom it would; left out, for all whom the policy touches",
    )
    why: Texts = Field(description="how it would, in one sentence")


class Policy(Record):
    """An existing policy, the perception that it answers, and those that it causes."""

    id: Id
    party: Id = Field(description="an id of case.yaml")
    title: Texts = Field(description="the policy in a few words")
    answers: Annotated[tuple[Id, ...], Field(strict=False)] = Field(
        (), description="risks, as its party perceives them, that the policy is meant to lower"
    )
    felt: Annotated[tuple[Raises, ...], Field(strict=False)] = Field(
        (), description="what other parties say that it raises for them"
    )
    own_view: Annotated[tuple[Raises, ...], Field(strict=False)] = Field(
        (), description="what its own party expects it to raise for others"
    )
    cut_by: Annotated[tuple[Cut, ...], Field(strict=False)] = Field(
        (), description="measures that would lower what it raises for others"
    )
    source: Id = Field(description="an id of sources.yaml")


class PoliciesFile(Record):
    """`policies.yaml`: existing policies."""

    FORMAT: ClassVar[str] = "detente/policies/1"
    format: Literal["detente/policies/1"] = Field(
        description="the format of this file and its version"
    )
    defaults: Origin = Field(
        Origin(), description="basis, source, date and status of numbers here that state none"
    )
    policies: Annotated[tuple[Policy, ...], Field(strict=False)] = Field(
        (), description="the policies"
    )
