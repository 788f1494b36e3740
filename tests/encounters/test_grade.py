"""Grades: points by hand, reasons, labels of two sides; nothing is added over the two axes."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from detente.encounters.grade.grade import CLASSES, definition, disagreement, grade
from detente.encounters.grade.model import starting_grades, table_of
from detente.encounters.results import Bound, Given, RuleFinding
from detente.encounters.rules.evaluate import Known
from detente.encounters.rules.read import starting_table
from detente.ground.errors import CaseError, UsageError

FOOT, NM = 0.3048, 1852.0
TABLE = starting_grades()


def exactly(x):
    return Bound(x, x, x)


def known(domains="air-air", reports=None, single=frozenset(), **metrics):
    named = {name.replace("_", "-"): value for name, value in metrics.items()}
    return Known(domains, metrics=named, reports=reports or {}, single_source=single)


def finding(rule, outcome):
    return RuleFinding(rule, "", "", "", "", outcome, (), (), True, (), ())


def test_points_by_hand():
    own = grade(
        known(
            separation=exactly(2 * NM), vertical=exactly(300 * FOOT), closure=exactly(150.0),
            give_way_turn=exactly(20.0), stand_on_turn=exactly(0.0),
        ),
        [],
    ).geometry  # fmt: skip
    # 2 of 5 nm and 300 of 1,000 ft: 40 % was left, 7 points; 292 kn: 3; one turned: 0
    assert [one.value for one in own.points] == [7, 3, 0]
    assert (own.low, own.value, own.high, own.most) == (10, 10, 10, 20)
    assert own.near_collision == "false"


def test_what_is_not_known_widens_the_sum():
    own = grade(known(separation=Bound(NM, 2 * NM, 6 * NM), vertical=exactly(0.0)), []).geometry
    assert own.points[0].low == 0
    assert own.points[0].high == 10
    assert own.value is None
    assert (own.low, own.high) == (0, 20)


def test_a_pair_of_domains_without_reference_has_no_points():
    assert grade(known("land-air", separation=exactly(5.0)), []).geometry is None


@pytest.mark.parametrize(
    ("along", "height", "outcome"),
    [
        (exactly(499 * FOOT), exactly(99 * FOOT), "true"),
        (exactly(501 * FOOT), exactly(99 * FOOT), "false"),
        (exactly(499 * FOOT), None, "undetermined"),
        (Bound(0, 100 * FOOT, 900 * FOOT), exactly(0.0), "undetermined"),
    ],
)
def test_a_near_collision_by_distance(along, height, outcome):
    metrics = {"separation": along} | ({"vertical": height} if height else {})
    assert grade(known(**metrics), []).geometry.near_collision == outcome
    alone = grade(known(**metrics, single=frozenset({"separation"})), []).geometry
    assert alone.near_collision == ("undetermined" if outcome == "true" else outcome)


@given(st.lists(st.floats(0, 20_000), min_size=3, max_size=3), st.floats(0, 400))
def test_points_fall_as_distance_grows_and_keep_their_order(distances, height):
    distances.sort()
    sums = []
    for one in distances:
        bound = Bound(distances[0], one, distances[-1])
        own = grade(known(separation=bound, vertical=exactly(height)), []).geometry.points[0]
        assert own.low <= own.value <= own.high
        sums.append(own.value)
    assert all(a >= b for a, b in pairwise(sums))


def test_near_routine_needs_no_reason():
    own = grade(
        known("sea-sea", separation=exactly(900.0), passes=exactly(1.0), sides_differ=True), []
    ).escalation
    assert own.at_least == own.could_be == "near-routine"
    assert {one.outcome for one in own.reasons} == {"needs-report"}  # listed, and raises nothing


def test_reasons_are_told_with_what_they_rest_on():
    own = grade(
        known("sea-air", {"simulated-attack": True}, passes=exactly(20.0), sides_differ=True),
        [finding("AIR-OVERFLY", "true"), finding("AIR-SIMATT", "undetermined")],
    ).escalation
    assert own.at_least == "serious"
    held = {one.id: one.because for one in own.reasons if one.outcome == "true"}
    assert held == {
        "repeated": ("passes",),
        "low-or-close": ("AIR-OVERFLY",),
        "run": ("simulated-attack",),
    }


@pytest.mark.parametrize(
    ("rule", "outcome", "least", "could"),
    [
        ("AIR-SEP", "true", "high-risk", "high-risk"),
        ("AIR-SEP", "undetermined", "near-routine", "high-risk"),
        ("AIR-SEP", "needs-report", "near-routine", "near-routine"),
        ("AIR-SEP", "false", "near-routine", "near-routine"),
        ("AIR-VIOL", "true", "serious", "serious"),
    ],
)
def test_how_grave_a_rule_makes_it(rule, outcome, least, could):
    own = grade(known(passes=exactly(1.0)), [finding(rule, outcome)]).escalation
    assert (own.at_least, own.could_be) == (least, could)


def test_harm_is_high_risk():
    own = grade(known("sea-sea", {"people-hurt": True}, passes=exactly(1.0)), []).escalation
    assert own.at_least == "high-risk"


def test_a_single_source_raises_no_grade():
    own = grade(
        known(
            "sea-sea",
            single=frozenset({"passes", "separation"}),
            passes=exactly(9.0),
            separation=exactly(20.0),
            sides_differ=True,
        ),
        [],
    ).escalation
    assert (own.at_least, own.could_be) == ("near-routine", "high-risk")


@pytest.mark.parametrize(
    ("differ", "least"), [(True, "high-risk"), (None, "near-routine"), (False, "near-routine")]
)
def test_a_tug_beside_its_ship_is_no_incident(differ, least):
    sides = {} if differ is None else {"sides_differ": differ}
    own = grade(
        known("sea-sea", separation=exactly(20.0), passes=exactly(9.0), **sides), []
    ).escalation
    assert own.at_least == least
    assert own.could_be == ("near-routine" if differ is False else "high-risk")


def test_every_rule_of_the_reasons_is_in_the_starting_table():
    rules = {rule.id for rule in starting_table().rules}
    assert {name for one in TABLE.reasons for name in one.rules} <= rules
    assert {one.grade for one in TABLE.reasons} == set(CLASSES[1:])


# --- labels ---------------------------------------------------------------------------------------


def label(side, scheme="", letter="", words="as it was"):
    return Given(side, words, "ministry", "statement", scheme, letter)


def test_labels_are_kept_and_their_distance_shown():
    both = (label("A", "eln", "high-risk"), label("B", "eln", "near-routine"))
    own = grade(known(passes=exactly(1.0)), [], labels=both)
    assert own.labels == both
    (gap,) = own.gaps
    assert (gap.verdict, gap.steps) == ("apart", -2)
    assert disagreement(both[::-1])[0].steps == 2
    assert own.escalation.at_least == "near-routine"  # no label grades


@pytest.mark.parametrize(
    ("one", "other", "verdict", "steps"),
    [
        (("airprox", "A"), ("airprox", "C"), "apart", -2),
        (("airprox", "B"), ("airprox", "B"), "agreed", 0),
        (("airprox", "D"), ("airprox", "A"), "not-compared", None),  # D is no step of severity
        (("eln", "serious"), ("airprox", "A"), "not-compared", None),
        (("conduct", "unsafe"), ("", ""), "not-compared", None),
    ],
)
def test_only_letters_of_one_scheme_are_compared(one, other, verdict, steps):
    (gap,) = disagreement((label("A", *one), label("B", *other)))
    assert (gap.verdict, gap.steps) == (verdict, steps)


def test_two_labels_of_one_side_are_no_disagreement():
    assert disagreement((label("A", "eln", "serious"), label("A", "eln", "high-risk"))) == ()


def test_a_letter_comes_with_its_definition():
    assert definition(label("A", "airprox", "B")) == "safety not assured"
    assert definition(label("A")) == ""
    with pytest.raises(UsageError, match="no 'F'"):
        disagreement((label("A", "airprox", "F"),))
    with pytest.raises(UsageError, match="scheme"):
        disagreement((label("A", "mine", "x"),))


# --- the table ------------------------------------------------------------------------------------


def test_a_table_is_checked():
    raw = TABLE.model_dump(mode="json", exclude_none=True)
    raw["points"][0]["steps"].reverse()
    raw["reasons"][0]["metric"] = "speed-of-light"
    raw["reasons"][4]["reported"] = ["shouting"]
    raw["schemes"][0]["order"] = ["awful"]
    with pytest.raises(CaseError) as caught:
        table_of(yaml.safe_dump(raw), "mine.yaml")
    told = {one.key for one in caught.value.findings}
    assert len(caught.value.findings) == 4, told
    assert all(one.line for one in caught.value.findings)


def test_the_table_says_that_points_are_chosen():
    assert all("choice of this table" in one.source for one in TABLE.points)
    text = yaml.safe_dump(TABLE.model_dump(mode="json")).lower()
    for accusing in ("violat", "breach", "enemy", "hostile", "offend"):
        assert accusing not in text
