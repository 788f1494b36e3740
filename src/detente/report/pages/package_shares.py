"""What pages on packages share: the recommended one, and what each side gets of its most."""

from __future__ import annotations

from detente.assessment.bargain.results import Bargain
from detente.assessment.results import Bargaining
from detente.report.document import Column
from detente.report.names import Names


def recommended(found: Bargaining) -> Bargain:
    """The Nash package."""
    return next(one for one in found.packages if one.solution == "nash")


def best_for_each(found: Bargaining) -> dict[str, Bargain]:
    """Each side's best acceptable package; they stand in the order of the sides."""
    own = (one for one in found.packages if one.solution == "best-for-one")
    return dict(zip(found.parties, own, strict=True))


def shares_of_most(
    found: Bargaining, gains: tuple[tuple[str, float], ...]
) -> tuple[float | None, ...]:
    """Each side's gain in per cent of its best acceptable one; None where it can gain nothing.

    A share means the same whatever the unit of a side's gains, which are never compared.
    """
    own = dict(gains)
    most = {party: dict(one.gains).get(party, 0.0) for party, one in best_for_each(found).items()}
    return tuple(
        100 * own[party] / most[party] if party in own and most[party] > 0 else None
        for party in found.parties
    )


def share_columns(found: Bargaining, names: Names) -> tuple[Column, ...]:
    """A column for what each side gets, in per cent of the most that it could."""
    _ = names.phrases
    return tuple(
        Column(
            f"share_{party}",
            _("{side}: % of the most it could gain", side=names.group(party)),
            "right",
            0,
            width=1.6,
        )
        for party in found.parties
    )
