"""No sum over few people, and none within a closed set, can be worked out from what is taken.

The attacker here knows nothing of atoms or ranks: it forms sums and differences of whole tables,
person by person, and looks at whom each speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from detente.elicitation import audit
from detente.elicitation.audit import Closed, People, publish
from detente.ground.errors import UsageError

CROWD = "abcdefghijkl"


def sums(tables: Sequence[People], most: int = 6) -> Iterator[frozenset[str]]:
    """Whom every combination of at most ``most`` tables with factors from -2 to 2 speaks of."""
    rows = np.array([[person in table for person in CROWD] for table in tables], dtype=int)
    for size in range(1, min(most, len(tables)) + 1):
        factors = np.array(list(product((-2, -1, 1, 2), repeat=size)))
        for some in combinations(range(len(tables)), size):
            for told in np.unique(factors @ rows[list(some)] != 0, axis=0):
                if told.any():
                    yield frozenset(np.array(list(CROWD))[told])


def exposed(tables: Sequence[People], least: int, closed: Iterable[Closed]) -> bool:
    walls = tuple(closed)
    return any(
        len(told) < least or any(told <= w.people and not told <= w.released for w in walls)
        for told in sums(tables)
    )


def people(letters: str) -> People:
    return frozenset(letters)


def named(*tables: str) -> dict[str, list[People]]:
    return {table: [people(table)] for table in tables}


def test_disjoint_tables_are_all_published():
    assert publish(named("abc", "def", "ghijkl"), 3) == ("abc", "def", "ghijkl")


def test_nested_tables_are_published_where_the_rest_is_wide_enough():
    assert publish(named("abcdefgh", "abc", "def"), 3) == ("abcdefgh", "abc")
    assert publish(named("abcdefghi", "abc", "def"), 3) == ("abcdefghi", "abc", "def")


def test_all_and_all_but_one_do_not_stand_together():
    assert publish(named("abcdefgh", "abcdefg"), 3) == ("abcdefgh",)
    assert publish(named("abcdefgh", "abcde"), 3) == ("abcdefgh", "abcde")
    assert publish(named("abcdefg"), 3, before=[people("abcdefgh")]) == ()


def test_a_table_told_twice_tells_nothing_more():
    assert publish({1: [people("abcd")], 2: [people("abcd")]}, 3) == (1, 2)


def test_three_tables_that_only_together_tell_of_few():
    # ab + cdef, cdef + gh, ab + gh: half of the first less the second and with the third is ab.
    tables = named("abcdef", "cdefgh", "abgh")
    assert publish(tables, 3) == ("abcdef", "cdefgh")
    assert publish(tables, 2) == ("abcdef", "cdefgh", "abgh")


def test_tables_that_come_together_are_taken_together():
    both = {"both": [people("abcdef"), people("abcdeg")], "later": [people("ghi")]}
    assert publish(both, 3) == ("later",)
    assert publish({"none": [frozenset()]}, 3) == ("none",)


def test_a_closed_set_is_told_of_only_with_others():
    closed = [Closed(people("abcd"))]
    assert publish(named("abcd", "abcdefgh", "efgh"), 2, closed=closed) == ("abcdefgh",)
    assert publish(named("efgh", "abcdefgh", "abefgh"), 2, closed=closed) == ("efgh",)
    part = [Closed(people("abcd"), released=people("ab"))]
    assert publish(named("ab", "cd", "abc"), 2, closed=part) == ("ab",)


def test_an_unsafe_past_admits_nothing_more():
    assert publish(named("cdef"), 3, before=[people("ab")]) == ()


def test_a_search_too_long_holds_back(monkeypatch):
    tables = named("abcdef", "abcghi", "adgjk")
    audit._taken.cache_clear()
    assert publish(tables, 3) == tuple(tables)
    monkeypatch.setattr(audit, "MOST", 1)
    audit._taken.cache_clear()
    assert publish(tables, 3) == ("abcdef",)
    audit._taken.cache_clear()


def test_least_must_be_a_number_of_people():
    with pytest.raises(UsageError):
        publish({}, 0)


crowds = st.frozensets(st.sampled_from(CROWD), min_size=1)
walls = st.lists(st.builds(Closed, crowds, crowds), max_size=2)
Publisher = Callable[..., tuple[int, ...]]


def assert_safe(publisher: Publisher, tables, before, least, closed) -> None:
    past = [*before] if not exposed(before, least, closed) else []
    candidates = {i: [table] for i, table in enumerate(tables)}
    taken = publisher(candidates, least, closed=closed, before=past)
    published = past + [tables[i] for i in taken]
    assert not exposed(published, least, closed)


several = st.lists(crowds, min_size=1, max_size=5)


@given(several, st.lists(crowds, max_size=1), st.integers(2, 5), walls)
def test_nobody_is_exposed_by_a_sequence_of_tables(tables, before, least, closed):
    assert_safe(publish, tables, before, least, closed)


def one_short(candidates, least, **more):
    return publish(candidates, least - 1, **more)


def without_walls(candidates, least, *, closed, before):
    return publish(candidates, least, before=before)


def without_past(candidates, least, *, closed, before):
    return publish(candidates, least, closed=closed)


@pytest.mark.parametrize("broken", [one_short, without_walls, without_past])
def test_the_attacker_catches_a_broken_audit(broken):
    @settings(max_examples=200, phases=[Phase.generate])
    @given(several, st.lists(crowds, max_size=1), st.integers(2, 5), walls)
    def attacked(tables, before, least, closed):
        assert_safe(broken, tables, before, least, closed)

    with pytest.raises(AssertionError):
        attacked()


@given(st.lists(crowds, min_size=1, max_size=4), st.integers(1, 5), walls)
def test_a_table_is_held_back_only_where_it_exposes_somebody(tables, least, closed):
    # Factors up to 2 reach all that four tables can tell: 3 x 3 minors of 0s and 1s are at most 2.
    candidates = {i: [table] for i, table in enumerate(tables)}
    taken = publish(candidates, least, closed=closed)
    for i, table in enumerate(tables):
        earlier = [tables[j] for j in taken if j < i]
        assert (i in taken) != exposed([*earlier, table], least, closed)


@given(st.lists(crowds, min_size=1, max_size=9), st.integers(2, 4))
def test_the_search_agrees_with_ranks_of_all_small_sets(tables, least):
    # Some vector of the row space lies within a set where the rank falls without its columns.
    candidates = {i: [table] for i, table in enumerate(tables)}
    rows = np.array([[p in table for p in CROWD] for table in tables], dtype=float)
    expected: list[int] = []
    for i in candidates:
        some = rows[[*expected, i]]
        rank = np.linalg.matrix_rank(some)
        rest = [np.delete(some, few, axis=1) for few in combinations(range(12), least - 1)]
        if all(np.linalg.matrix_rank(one) == rank for one in rest):
            expected.append(i)
    assert publish(candidates, least) == tuple(expected)


@given(several, st.integers(2, 4), walls, st.permutations(CROWD))
def test_names_do_not_matter(tables, least, closed, others):
    new = dict(zip(CROWD, others, strict=True))

    def renamed(some: People) -> People:
        return frozenset(new[person] for person in some)

    candidates = {i: [table] for i, table in enumerate(tables)}
    again = {i: [renamed(table)] for i, table in enumerate(tables)}
    there = [Closed(renamed(w.people), renamed(w.released)) for w in closed]
    assert publish(candidates, least, closed=closed) == publish(again, least, closed=there)
