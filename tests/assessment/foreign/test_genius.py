"""GENIUS domains: published fronts and solutions, and every finding for a wrong file."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.assessment.bargain.enumeration import acceptable_packages, count
from detente.assessment.bargain.front import bargaining_front, enumerated_front
from detente.assessment.bargain.nash import nash
from detente.assessment.bargain.problem import gains_of
from detente.assessment.bargain.solutions import leximin
from detente.assessment.foreign.genius import problem, read_domain, read_profile
from detente.ground.errors import CaseError, UsageError

FOLDERS = {
    "england": ("y2010/EnglandZimbabwe", "EnglandZimbabwe_domain", ("England", "Zimbabwe")),
    "itex": (
        "y2010/ItexvsCypress",
        "ItexvsCypress_domain",
        ("ItexvsCypress_Cypress", "ItexvsCypress_Itex"),
    ),
    "nice": ("y2011/NiceOrDie", "NiceOrDie", ("NiceOrDie1", "NiceOrDie2")),
    "politics": (
        "y2015/group2-politics",
        "Politics",
        tuple(f"Politics_util{i}" for i in (1, 2, 3)),
    ),
    "zoning": (
        "y2015/group4-zoning_plan",
        "Group4",
        tuple(f"Group4_util{i}" for i in range(1, 10)),
    ),
    "ten": ("y2014/10issues", "10issues-domain", ("profile-1", "profile-2")),
}


@pytest.fixture(scope="session")
def read(shared_data):
    """The domain and the profiles of one folder."""

    def of(name: str):
        folder, file, profiles = FOLDERS[name]
        base = shared_data / "options/negotiation-genius/anac" / folder
        domain = read_domain(file, (base / f"{file}.xml").read_bytes())
        return domain, {
            one: read_profile(one, (base / f"{one}.xml").read_bytes(), domain) for one in profiles
        }

    return of


@pytest.fixture(scope="session")
def ten(shared_data):
    """The published Pareto points of the ten issues, normalised."""
    file = shared_data / "options/negotiation-genius/anac/y2014/10issues/pareto.xml"
    rows = file.read_text(encoding="utf-8").split("\n")
    return [tuple(map(float, row.split(","))) for row in rows if row.strip()]


def gains(found) -> tuple[float, ...]:
    return tuple(gain for _, gain in found.gains)


# --- published values -----------------------------------------------------------------------------


@pytest.mark.conformance
def test_ten_issues_have_the_ten_published_points(read, ten):
    domain, profiles = read("ten")
    made = problem(domain, profiles, units="normalised")
    assert domain.outcomes == 10**10
    found = sorted(gains(point) for point in bargaining_front(made, ("profile-1", "profile-2")))
    assert len(found) == len(ten) == 10
    assert np.array(found) == pytest.approx(np.array(sorted(ten)), abs=1e-6)


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "outcomes", "front"),
    [
        ("england", 576, 23),
        ("itex", 180, 17),
        ("nice", 3, 3),
        ("politics", 23_040, 121),
        ("zoning", 448, 179),
    ],
)
def test_fronts_are_those_of_negmas(read, name, outcomes, front):
    domain, profiles = read(name)
    made = problem(domain, profiles)
    assert domain.outcomes == count(made) == outcomes
    found = enumerated_front(made)
    assert len(found) == front
    if len(profiles) == 2:
        assert {one.gains for one in bargaining_front(made, made.parties)} == {
            one.gains for one in found
        }


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("england", (8.20749, 8.54440)),
        ("itex", (22.69952, 18.51842)),
        ("politics", (3.72305, 4.93275, 7.24156)),
    ],
)
def test_nash_is_that_of_negmas(read, name, expected):
    domain, profiles = read(name)
    found = nash(problem(domain, profiles))
    assert sorted(gains(found)) == pytest.approx(sorted(expected), abs=1e-5)
    # NegMAS measures from the worst outcome where that is above the reservation value.
    worst = nash(problem(domain, profiles, disagreement="worst"))
    assert worst.package == found.package


@pytest.mark.conformance
def test_nash_of_nice_or_die_rests_on_the_point_of_disagreement(read):
    domain, profiles = read("nice")
    # From the worst outcomes (160, 160), as NegMAS has it, the point is (299, 299) ...
    made = problem(domain, profiles, disagreement="worst")
    found = nash(made)
    assert found.package == ("NiceOrDie = 29_29",)
    assert gains(found) == (139.0, 139.0)
    assert gains_of(problem(domain, profiles), np.array([[False, False, True]])).tolist() == [
        [299.0, 299.0]
    ]
    # ... and from the reservation values of 0 it is one of the others: 1000 * 160 > 299 * 299.
    zero = nash(problem(domain, profiles))
    assert sorted(gains(zero)) == [160.0, 1000.0]


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("england", None),
        ("itex", (19.40941, 19.67092)),
        ("politics", (4.76847, 4.81277, 4.64884)),
    ],
)
def test_kalai_is_that_of_negmas(read, name, expected):
    domain, profiles = read(name)
    made = problem(domain, profiles)
    found = leximin(made)
    least = gains_of(made, acceptable_packages(made)).min(axis=1).max()
    assert found.objective == pytest.approx(least, abs=1e-6)
    if expected:
        assert sorted(gains(found)) == pytest.approx(sorted(expected), abs=1e-5)


# --- what is read ---------------------------------------------------------------------------------

DOMAIN = b"""<negotiation_template><utility_space><objective name="talks">
<issue index="1" name="forces" type="discrete"><item value="stay"/><item value="leave"/></issue>
<issue index="2" name="days" type="integer" lowerbound="3" upperbound="5"/>
</objective></utility_space></negotiation_template>"""
ISSUE = b"""<negotiation_template><utility_space><objective name="talks">
<issue index="1" name="forces" type="discrete"><item value="stay"/><item value="leave"/></issue>
</objective></utility_space></negotiation_template>"""
PROFILE = b"""<utility_space><objective name="talks">
<issue index="1" name="forces" type="discrete">
<item value="stay" evaluation="2"/><item value="leave" evaluation="4"/></issue>
<weight index="1" value="0.5"/></objective><reservation value="0.25"/>
<discount_factor value="0.9"/></utility_space>"""
CUBES = b"""<utility_space type="nonlinear"><objective name="talks">
<issue index="1" name="forces" type="discrete"/>
<issue index="2" name="days" type="integer" lowerbound="3" upperbound="5"/>
<utility maxutility="20"><ufun type="PlainUfun" weight="2" aggregation="sum">
<hyperRectangle utility="4"><INCLUDES index="2" min="4" max="5"/></hyperRectangle>
<hyperRectangle utility="1"><INCLUDES index="2" min="3" max="5"/></hyperRectangle>
</ufun></utility></objective></utility_space>"""


def test_a_domain_is_read():
    domain = read_domain("d.xml", DOMAIN)
    assert domain.name == "talks"
    assert [issue.values for issue in domain.issues] == [("stay", "leave"), ("3", "4", "5")]
    assert domain.outcomes == 6


def test_a_profile_is_read_raw_and_normalised():
    domain = read_domain("d.xml", ISSUE)
    profile = read_profile("p.xml", PROFILE, domain)
    assert (profile.reservation, profile.discount) == (0.25, 0.9)
    raw = problem(domain, {"a": profile})
    assert raw.measures == ("forces = stay", "forces = leave")
    assert raw.gains.tolist() == [[1.0, 2.0]]
    assert raw.constants.tolist() == [-0.25]
    assert problem(domain, {"a": profile}, units="normalised").gains.tolist() == [[0.25, 0.5]]
    assert problem(domain, {"a": profile}, disagreement="worst").constants.tolist() == [-1.0]


def test_hyper_rectangles_are_read():
    domain = read_domain("d.xml", DOMAIN)
    profile = read_profile("p.xml", CUBES, domain)
    made = problem(domain, {"a": profile}, units="normalised")
    # One side alone is linear, and a side over all values holds always.
    assert made.synergies == ()
    assert made.gains.tolist() == [[0.0, 0.0, 0.0, 0.4, 0.4]]
    assert made.constants.tolist() == [pytest.approx(0.1)]
    with pytest.raises(UsageError, match="worst"):
        problem(domain, {"a": profile}, disagreement="worst")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"<objective", b"<goal", "no well-formed XML"),
        (DOMAIN, b"<other/>", "no domain or profile"),
        (DOMAIN, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "document type"),
        (b'type="discrete"', b'type="real"', "`real`, which is not read"),
        (b'index="2"', b'index="1"', "index `1` twice"),
        (b'name="days"', b'name="forces"', "name `forces` twice"),
        (b'value="leave"', b'value="stay"', "value `stay` twice"),
        (b'value="leave"', b"", "without a name"),
        (b'upperbound="5"', b'upperbound="2"', "runs from 3 to 2"),
        (b'upperbound="5"', b'upperbound="99999"', "runs from 3 to 99999"),
        (b'upperbound="5"', b'upperbound="4.5"', "is 4.5"),
        (b'upperbound="5"', b"", "upperbound is missing"),
        (b'index="2"', b'index="two"', "`two` is no number"),
        (b'name="talks">', b'name="talks"><objective name="in"/>', "inside an objective"),
    ],
)
def test_a_wrong_domain_is_told(old, new, told):
    with pytest.raises(CaseError, match=told) as caught:
        read_domain("d.xml", DOMAIN.replace(old, new))
    assert all(one.file == "d.xml" and one.mend for one in caught.value.findings)


def test_a_domain_without_issues_is_told():
    with pytest.raises(CaseError, match="no issue"):
        read_domain("d.xml", b"<utility_space><objective name='talks'/></utility_space>")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b'evaluation="2"', b'evaluation="much"', "`much` is no number"),
        (b'evaluation="2"', b"", "evaluation is missing"),
        (b'value="stay"', b'value="go"', "no value of the issue"),
        (b'value="stay"', b'value="leave"', "evaluated twice"),
        (b'<weight index="1" value="0.5"/>', b"", "no weight of issue `forces`"),
        (b'issue index="1"', b'issue index="7"', "no issue of the domain"),
        (b'issue index="1"', b'issue index="7"', "lacks issue `forces`"),
        (b'<reservation value="0.25"/>', b'<reservation value="nan"/>', "`nan` is no number"),
    ],
)
def test_a_wrong_profile_is_told(old, new, told):
    domain = read_domain("d.xml", ISSUE)
    with pytest.raises(CaseError, match=told):
        read_profile("p.xml", PROFILE.replace(old, new), domain)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b'index="2" min="4"', b'index="1" min="4"', "no side on an integer issue"),
        (b'min="4"', b'min="1"', "runs from 1 to 5"),
        (b'max="5"', b'max="x"', "`x` is no number"),
        (b'aggregation="sum"', b'aggregation="max"', "`max`, which is not read"),
        (b'utility="4"', b"", "utility is missing"),
    ],
)
def test_a_wrong_rectangle_is_told(old, new, told):
    domain = read_domain("d.xml", DOMAIN)
    with pytest.raises(CaseError, match=told):
        read_profile("p.xml", CUBES.replace(old, new), domain)


def test_an_integer_issue_needs_rectangles():
    domain = read_domain("d.xml", DOMAIN)
    whole = b'</issue><issue index="2" name="days" type="integer"/><weight index="2" value="1"/>'
    with pytest.raises(CaseError, match="by a function"):
        read_profile("p.xml", PROFILE.replace(b"</issue>", whole), domain)


def test_every_finding_comes_at_once():
    domain = read_domain("d.xml", ISSUE)
    wrong = PROFILE.replace(b'evaluation="2"', b"").replace(b'value="0.5"', b'value="x"')
    with pytest.raises(CaseError) as caught:
        read_profile("p.xml", wrong, domain)
    assert len(caught.value.findings) == 2
    assert [one.line for one in caught.value.findings] == [3, 4]


def test_a_party_with_nothing_to_gain_is_finite():
    domain = read_domain("d.xml", ISSUE)
    nothing = PROFILE.replace(b'evaluation="2"', b'evaluation="0"').replace(b'="4"', b'="0"')
    profile = read_profile("p.xml", nothing, domain)
    made = problem(domain, {"a": profile}, units="normalised")
    assert not made.gains.any()
    assert math.isfinite(made.constants[0])
