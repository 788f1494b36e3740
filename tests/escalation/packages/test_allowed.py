"""Which packages stand, against the rule read measure by measure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.escalation.packages.allowed import allowed, members, number, stands, with_needs
from detente.ground.errors import UsageError

MEASURES = "abcdef"
LINKS = st.dictionaries(
    st.sampled_from(MEASURES), st.sets(st.sampled_from(MEASURES + "z"), max_size=2)
)


@given(LINKS, LINKS)
def test_the_rule_by_brute_force(needs, excludes):
    excludes = {one: others - {one} for one, others in excludes.items()}
    found = allowed(MEASURES, needs, excludes)
    for package in range(64):
        held = members(MEASURES, package)
        closed = all(other in held for one in held for other in needs.get(one, ()))
        apart = not any(other in held for one in held for other in excludes.get(one, ()))
        assert found[package] == stands(held, needs, excludes) == (closed and apart)


def test_counts():
    assert allowed("abcdefghijkl", {}, {}).sum() == 4096
    chain = {"b": "a", "c": "b", "d": "c"}
    assert allowed("abcd", chain, {}).sum() == 5
    rivals = {"a": "bcd", "b": "cd", "c": "d"}
    assert allowed("abcd", {}, rivals).sum() == 5
    # Of packages in a row of ten without neighbours there are F(12), a Fibonacci number.
    row = {one: [other] for one, other in zip("abcdefghi", "bcdefghij", strict=True)}
    assert allowed("abcdefghij", {}, row).sum() == 144


def test_a_need_outside_the_list_bars_a_measure():
    assert np.flatnonzero(allowed("ab", {"b": "z"}, {})).tolist() == [0, 1]


@given(LINKS, st.sets(st.sampled_from(MEASURES)))
def test_with_its_needs_a_package_is_closed_and_no_larger_than_it_must_be(needs, package):
    found = with_needs(package, needs)
    assert stands(found, needs, {})
    supersets = [members(MEASURES + "z", one) for one in range(128)]
    closed = [one for one in supersets if package <= one and stands(one, needs, {})]
    assert found == frozenset.intersection(*closed)


@given(st.integers(0, 63))
def test_numbers_and_members_are_inverse(package):
    assert number(MEASURES, members(MEASURES, package)) == package


def test_what_cannot_be_asked():
    with pytest.raises(UsageError, match="holds q"):
        number("ab", "aq")
    with pytest.raises(UsageError, match="at most 20"):
        allowed([str(i) for i in range(21)], {}, {})
