"""Loops of policies are all found, once each, ranked by the edge that both sides confirm least."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.assess import assess
from detente.assessment.results import SpiralCut, SpiralEdge
from detente.assessment.spirals import cutting, edges, loops, lowest, open_edges, ranked, spirals
from detente.case import model
from detente.case.case import Case
from detente.case.parse import stand_in
from detente.case.read import read_case
from detente.elicitation.results import Spread
from detente.ground.errors import UsageError

Perception = tuple[str, str]


def flat(value: float) -> Spread:
    return Spread(value, value, value)


def turn(
    policy: str,
    start: Perception,
    end: Perception,
    felt: float | None = 5,
    own: float | None = 5,
    *cuts: str,
) -> SpiralEdge:
    views = [flat(view) for view in (felt, own) if view is not None]
    return SpiralEdge(
        party=start[0], answers=start[1], policy=policy, other=end[0], raises=end[1],
        felt=None if felt is None else flat(felt), own_view=None if own is None else flat(own),
        confirmed=len(views) > 1, strength=lowest(views),
        cut_by=tuple(SpiralCut(cut, {"": "It does."}) for cut in cuts),
    )  # fmt: skip


A1, A2, B1, B2, C1 = ("a", "1"), ("a", "2"), ("b", "1"), ("b", "2"), ("c", "1")

# --- loops ----------------------------------------------------------------------------------------


def names(cycle: tuple[SpiralEdge, ...]) -> tuple[str, ...]:
    return tuple(edge.policy for edge in cycle)


def test_two_policies_that_raise_what_the_other_answers_are_a_loop():
    assert [names(one) for one in loops([turn("p", A1, B1), turn("q", B1, A1)])] == [("p", "q")]


def test_a_chain_that_does_not_come_back_is_none():
    assert loops([turn("p", A1, B1), turn("q", B1, C1), turn("r", C1, A2)]) == ()


def test_a_policy_against_another_risk_does_not_close_a_loop():
    assert loops([turn("p", A1, B1), turn("q", B2, A1)]) == ()


def test_a_policy_comes_once_in_a_loop_even_where_it_answers_two_risks():
    two = [turn("p", A1, B1), turn("p", A2, B2), turn("q", B1, A2), turn("r", B2, A1)]
    assert loops(two) == ()


def test_longer_loops_than_asked_for_are_left_out():
    ring = [turn(f"p{i}", (f"s{i}", "r"), (f"s{(i + 1) % 5}", "r")) for i in range(5)]
    assert loops(ring) == ()
    assert [names(one) for one in loops(ring, most=5)] == [("p0", "p1", "p2", "p3", "p4")]


PERCEPTIONS = [(party, risk) for party in "abc" for risk in "12"]


@st.composite
def graphs(draw) -> list[SpiralEdge]:
    """Up to six policies, each of one party, that answer and raise what they like."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        party = draw(st.sampled_from("abc"))
        answers = draw(st.lists(st.sampled_from("12"), unique=True, max_size=2))
        others = [one for one in PERCEPTIONS if one[0] != party]
        raised = draw(st.lists(st.sampled_from(others), unique=True, max_size=3))
        view = st.none() | st.integers(0, 10)
        for end in raised:
            felt, own = draw(view), draw(view)
            if felt is None and own is None:
                felt = 3
            found += [turn(f"p{number}", (party, risk), end, felt, own) for risk in answers]
    return found


def brute(turns: list[SpiralEdge], most: int) -> set[frozenset[tuple[str, ...]]]:
    """Every cycle as the set of its turns, by trying all orders of up to ``most`` of them."""
    found = set()
    for length in range(2, most + 1):
        for chain in permutations(turns, length):
            closed = all(
                (one.other, one.raises) == (then.party, then.answers)
                for one, then in zip(chain, (*chain[1:], chain[0]), strict=True)
            )
            perceptions = {(one.party, one.answers) for one in chain}
            if closed and len(perceptions) == len(set(names(chain))) == length:
                found.add(frozenset(map(identity, chain)))
    return found


def identity(edge: SpiralEdge) -> tuple[str, ...]:
    return edge.policy, edge.party, edge.answers, edge.other, edge.raises


@given(graphs().filter(lambda turns: len(turns) <= 14), st.integers(2, 4))
def test_all_loops_are_found_and_each_once(turns, most):
    found = loops(turns, most=most)
    sets = [frozenset(map(identity, cycle)) for cycle in found]
    assert len(sets) == len(set(sets))
    assert set(sets) == brute(turns, most)
    for cycle in found:
        assert len({edge.party for edge in cycle}) > 1


@given(graphs(), st.permutations("abc"), st.randoms(use_true_random=False))
def test_no_party_is_treated_otherwise_for_its_name_or_place(turns, new, shuffler):
    names_of = dict(zip("abc", new, strict=True))
    renamed = [replace(one, party=names_of[one.party], other=names_of[one.other]) for one in turns]
    shuffler.shuffle(renamed)

    def told(found: list[SpiralEdge], names_of: dict[str, str]) -> list[object]:
        return sorted(
            (
                one.confirmed,
                one.strength.mid,
                sorted((e.policy, names_of[e.party], e.answers, e.raises) for e in one.edges),
            )
            for one in ranked(loops(found))
        )  # fmt: skip

    assert told(turns, names_of) == told(renamed, {name: name for name in "abc"})


def test_too_many_loops_are_refused_and_not_cut_off():
    full = [
        turn(f"{party}{risk}", (party, risk), (other, raised))
        for party in "abcdef" for risk in "123"
        for other in "abcdef" for raised in "123" if other != party
    ]  # fmt: skip
    with pytest.raises(UsageError, match="Over 10,000 spirals"):
        loops(full)


# --- strength and rank ----------------------------------------------------------------------------


def test_strength_is_the_lower_view_of_the_weakest_edge():
    (one,) = ranked(loops([turn("p", A1, B1, 9, 4), turn("q", B1, A1, 3, 8)]))
    assert (one.strength, one.weakest, one.confirmed) == (flat(3), 1, True)
    assert one.parties == ("a", "b")


def test_what_one_side_alone_states_is_not_confirmed_and_comes_last():
    turns = [
        turn("p", A1, B1, 10, None), turn("q", B1, A1, 10, 10),
        turn("r", A2, B2, 2, 2), turn("s", B2, A2, 2, 2),
    ]  # fmt: skip
    weak, strong = ranked(loops(turns))
    assert (names(weak.edges), weak.confirmed) == (("r", "s"), True)
    assert (names(strong.edges), strong.confirmed) == (("p", "q"), False)
    assert [edge.confirmed for edge in strong.edges] == [False, True]


@given(graphs())
def test_the_order_is_confirmed_first_then_the_stronger(turns):
    found = ranked(loops(turns))
    keys = [(not one.confirmed, -one.strength.mid) for one in found]
    assert keys == sorted(keys)
    for one in found:
        assert one.strength.mid == min(edge.strength.mid for edge in one.edges)
        assert one.edges[one.weakest].strength.mid == one.strength.mid


@given(graphs(), st.data())
def test_a_view_that_falls_never_makes_a_loop_stronger(turns, data):
    if not turns:
        return
    place = data.draw(st.integers(0, len(turns) - 1))
    less = replace(turns[place], strength=flat(0))
    changed = [*turns[:place], less, *turns[place + 1 :]]

    def strengths(found: list[SpiralEdge]) -> dict[frozenset[tuple[str, ...]], float]:
        told = ranked(loops(found))
        return {frozenset(map(identity, one.edges)): one.strength.mid for one in told}

    before, after = strengths(turns), strengths(changed)
    assert before.keys() == after.keys()
    for loop, strength in after.items():
        assert strength == (0 if identity(less) in loop else before[loop])


def test_each_measure_is_named_at_the_edge_that_it_cuts():
    turns = [turn("p", A1, B1, 5, 5, "m", "n"), turn("q", B1, A1, 5, 5, "n")]
    (one,) = ranked(loops(turns))
    assert one.cut_by == ("m", "n")
    assert [[cut.measure for cut in edge.cut_by] for edge in one.edges] == [["m", "n"], ["n"]]
    assert cutting([one, one]) == (("m", 2), ("n", 2))


# --- from a case ----------------------------------------------------------------------------------


def case_with(*policies: dict, heard: str = "documents", released: tuple[str, ...] = ()) -> Case:
    party = {"name": "P", "real": False, "heard": heard}
    parties = tuple(model.Party.model_validate({"id": name, **party}) for name in "abc")
    track = model.Track(id="t", name={"": "T"}, parties=("a", "b", "c"), released=released)
    about = stand_in(model.CaseFile).model_copy(update={"parties": parties, "tracks": (track,)})
    defaults = {"basis": "elicited", "source": "s", "date": "2026", "status": "unverified"}
    file = {"format": "detente/policies/1", "defaults": defaults, "policies": list(policies)}
    return Case(about=about, policies_file=model.PoliciesFile.model_validate(file))


def policy(name: str, party: str, answers: list[str], **views: object) -> dict:
    return {"id": name, "party": party, "title": name, "answers": answers, "source": "s", **views}


def view(party: str, risk: str, **raises: object) -> dict:
    return {"party": party, "risk": risk, "raises": raises}


def test_a_policy_gives_a_turn_for_each_risk_that_it_answers_and_each_that_it_raises():
    one = policy(
        "p", "a", ["1", "2"], felt=[view("b", "1", value=4)], own_view=[view("c", "1", value=2)]
    )
    found = [(e.answers, e.other, e.confirmed, e.strength.mid) for e in edges(case_with(one))]
    assert found == [
        ("1", "b", False, 4),
        ("1", "c", False, 2),
        ("2", "b", False, 4),
        ("2", "c", False, 2),
    ]


def test_where_the_other_feels_nothing_there_is_no_turn_and_where_it_is_not_expected_a_weak_one():
    nothing = policy(
        "p", "a", ["1"], felt=[view("b", "1", value=0)], own_view=[view("b", "1", value=5)]
    )
    unseen = policy(
        "q", "a", ["1"], felt=[view("b", "1", value=8)], own_view=[view("b", "1", value=0)]
    )
    (found,) = edges(case_with(nothing, unseen))
    assert (found.policy, found.strength.mid, found.confirmed) == ("q", 0, True)


def test_an_interval_is_told_at_90_per_cent_within_the_scale():
    one = policy("p", "a", ["1"], felt=[view("b", "1", low=1, high=9, ci=50)])
    (found,) = edges(case_with(one))
    assert found.felt == Spread(0, 5, 10)


def test_a_cut_for_one_party_is_named_at_its_edges_alone():
    cuts = [{"measure": "m", "party": "b", "why": "So."}, {"measure": "n", "why": "So."}]
    felt = [view("b", "1", value=4), view("c", "1", value=4)]
    one = policy("p", "a", ["1"], felt=felt, cut_by=cuts)
    found = {e.other: [cut.measure for cut in e.cut_by] for e in edges(case_with(one))}
    assert found == {"b": ["m", "n"], "c": ["n"]}


@pytest.mark.parametrize(
    ("heard", "released", "told"),
    [
        ("documents", (), (True, True)),
        ("panel", (), None),
        ("panel", ("a",), (False, True)),
        ("panel", ("a", "b"), (True, True)),
    ],
)
def test_what_people_of_a_group_said_is_told_where_it_released_tables(heard, released, told):
    one = policy(
        "p", "a", ["1"], felt=[view("b", "1", value=4)], own_view=[view("b", "1", value=2)]
    )
    found = edges(case_with(one, heard=heard, released=released))
    assert told == ((found[0].felt is not None, found[0].own_view is not None) if found else None)


def test_what_a_document_says_is_told_of_anybody():
    one = policy("p", "a", ["1"], felt=[view("b", "1", value=4, basis="source")])
    assert len(edges(case_with(one, heard="panel"))) == 1


# --- the training case ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def training(root) -> Case:
    return read_case(root / "cases" / "training")


def test_the_two_planted_spirals_are_found_again_in_their_order(training):
    cable, shore = spirals(training)
    assert names(cable.edges) == ("P3", "P4")
    assert names(shore.edges) == ("P1", "P2")
    assert (round(cable.strength.mid, 9), round(shore.strength.mid, 9)) == (5, 3)
    assert cable.confirmed
    assert shore.confirmed
    assert [cable.edges[cable.weakest].policy, shore.edges[shore.weakest].policy] == ["P4", "P2"]
    assert cable.cut_by == ("M07", "M03")
    assert shore.cut_by == ("M09", "M05", "M06")


def test_the_planted_chain_stays_open(training):
    chain = [edge for edge in open_edges(training) if edge.policy in ("P5", "P6")]
    assert [(edge.party, edge.other) for edge in chain] == [("DAL", "ALD"), ("ALD", "COR")]
    assert [edge.confirmed for edge in chain] == [True, False]


def test_the_group_that_released_nothing_speaks_by_its_document_alone(training):
    held = [one.basis for p in training.policies for one in _of_brelis(p)]
    assert held == ["source", "source"]


def _of_brelis(policy: model.Policy) -> list[model.Number]:
    own = [one.raises for one in policy.own_view if policy.party == "BRE"]
    return own + [one.raises for one in policy.felt if one.party == "BRE"]


def test_the_results_carry_them(training):
    assert assess(training, points=64).spirals == spirals(training)
