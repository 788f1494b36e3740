from __future__ import annotations

import pytest

from detente.ground.basis import Basis, Estimate, Provenance, Status


def test_the_words_of_basis_and_status_are_those_of_the_files():
    assert list(Basis) == ["source", "elicited", "computed", "assumed", "illustrative"]
    assert list(Status) == ["verified", "second-hand", "unverified"]
    assert f"{Basis.SOURCE} {Status.SECOND_HAND}" == "source second-hand"


@pytest.mark.parametrize(("high", "point"), [(2.0, True), (2.5, False)])
def test_an_estimate_without_width_is_a_point(high, point):
    provenance = Provenance(Basis.ASSUMED, "us", "2020", Status.UNVERIFIED)
    assert Estimate(2.0, 2.0, high, 0.9, provenance).is_point is point
