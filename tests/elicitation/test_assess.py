"""The room's results as a whole."""

from __future__ import annotations

import subprocess
import sys

from detente.elicitation.assess import assess_elicitation
from detente.elicitation.results import ElicitationResults

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}


def everybody() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for party, shift in zip("ABCD", (0, 2, 30, 33), strict=True):
        for i in range(3):
            value = (shift + i + 5) / 100
            person: dict[str, object] = {"participant": f"{party}{i}", "party": party}
            rows.append(person | {"low": value / 2, "value": value, "high": value * 1.5})
            order = ["r1", "r2", "r3"]
            order = order[i:] + order[:i]
            rows += [
                person | {"question": "priority", "item": risk, "value": place}
                for place, risk in enumerate(order, start=1)
            ]
    return rows


def test_no_answers_give_no_people_and_nothing_else(make_case):
    assert assess_elicitation(make_case(SIDES, [])) == ElicitationResults(0, (), (), (), (), ())


def test_a_whole_panel(make_case):
    found = assess_elicitation(make_case(SIDES, everybody(), released=["A", "B", "C"]))
    assert found.people == 12
    # D has no release, so that C, alone beside it, is withheld too.
    assert [group.id for group in found.groups] == ["X", "Y", "A", "B"]
    assert {one.group: one.reason for one in found.withheld} == {
        "C": "complementary",
        "D": "not-released",
    }
    assert [(one.group, one.risk) for one in found.perceptions] == [
        (group, "r1") for group in ("X", "Y", "A", "B")
    ]
    assert len(found.priorities) == 4 * 3
    assert [(one.a, one.b, one.tells) for one in found.differences] == [("X", "Y", True)]


def test_all_withheld_still_says_who_was_heard(make_case):
    found = assess_elicitation(make_case(SIDES, everybody()[:8]))
    assert (found.people, found.groups, found.perceptions) == (2, (), ())
    assert {one.reason for one in found.withheld} == {"too-few"}


def test_the_room_never_loads_scipy_stats():
    command = "import sys, detente.elicitation.assess; sys.exit('scipy.stats' in sys.modules)"
    subprocess.run([sys.executable, "-c", command], check=True)
