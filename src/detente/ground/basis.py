"""A number never travels without where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Where a number comes from."""

    SOURCE = "source"
    ELICITED = "elicited"
    COMPUTED = "computed"
    ASSUMED = "assumed"
    ILLUSTRATIVE = "illustrative"


class Status(StrEnum):
    """How far the origin of a number or a fact was checked."""

    VERIFIED = "verified"
    SECOND_HAND = "second-hand"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Provenance:
    """Basis, source, date and status of one number."""

    basis: Basis
    source: str
    date: str
    status: Status


@dataclass(frozen=True)
class Estimate:
    """A number as three quantiles with its provenance.

    ``low`` and ``high`` are the ends of a central interval that holds ``coverage`` (a share in
    (0, 1)) of the belief; ``mid`` is its median. A point has ``low == mid == high``.
    """

    low: float
    mid: float
    high: float
    coverage: float
    provenance: Provenance

    @property
    def is_point(self) -> bool:
        """Whether the number is stated without any uncertainty."""
        return self.low == self.high
