"""Who enters the mirror of a pair, what is withheld of it, and forecasts once they are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from detente.elicitation.disclosure import showable
from detente.elicitation.mirrors import forecasts, mirror_results

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
RISKS = ["r1", "r2", "r3", "r4"]
PEOPLE = {
    "X": ["A0", "A1", "A2", "B0", "B1", "B2"],
    "Y": ["C0", "C1", "C2", "D0", "D1", "D2"],
}
BASE = {"X": [0.3, 0.1, 0.5, 0.2], "Y": [0.1, 0.4, 0.25, 0.6]}
EVENTS = {
    "quantities": [
        {"id": "e1", "title": "e1", "scale": "probability", "known": 1},
        {"id": "e2", "title": "e2", "scale": "probability"},
    ]
}


def row(person: str, kind: str, item: str, value: float, about: str | None = None):
    return {"participant": person, "party": person[0], "question": kind, "item": item} | {
        "value": value,
        "about": about,
    }


def near(chance: float, place: int) -> float:
    """Six people about a chance: their log-odds differ by tenths and sum to those of six."""
    return float(expit(logit(chance) + 0.1 * (place - 2.5)))


def asked(kind: str, holder: str, about: str | None = None, risks=RISKS, shift=0.0):
    of = BASE[about or holder]
    return [
        row(person, kind, risk, near(float(expit(logit(of[RISKS.index(risk)]) + shift)), place),
            about)
        for place, person in enumerate(PEOPLE[holder])
        for risk in risks
    ]  # fmt: skip


def own_views() -> list[dict[str, object]]:
    return asked("likelihood", "X") + asked("likelihood", "Y")


def results(make_case, rows, **more):
    case = make_case(SIDES, rows, risks=RISKS, **more)
    return mirror_results(case, showable(case)[0])


def test_the_cell_holds_what_was_expected_and_said(make_case):
    rows = own_views() + asked("expected-say", "X", "Y", shift=1.0)
    rows += asked("expected-fear", "X", "Y", risks=["r2"], shift=-0.5)
    (pair,), cells = results(make_case, rows)
    assert (pair.holder, pair.about, pair.risks) == ("X", "Y", 4)
    assert (pair.people_holder, pair.people_about) == (6, 6)
    assert [cell.risk for cell in cells] == RISKS
    spread = stats.t(5).ppf(0.95) * np.std(np.arange(6) / 10, ddof=1) / np.sqrt(6)
    for cell, said, own in zip(cells, BASE["Y"], BASE["X"], strict=True):
        assert cell.said.mid == pytest.approx(said)
        assert cell.expected.mid == pytest.approx(expit(logit(said) + 1))
        assert cell.expected.low == pytest.approx(expit(logit(said) + 1 - spread))
        assert cell.expected.high == pytest.approx(expit(logit(said) + 1 + spread))
        assert cell.own.mid == pytest.approx(own)
    feared = {cell.risk: cell.feared for cell in cells if cell.feared}
    assert feared.keys() == {"r2"}
    assert feared["r2"].mid == pytest.approx(expit(logit(0.4) - 0.5))


def test_the_model_finds_a_shift_as_bias_and_the_own_view_as_projection(make_case):
    rows = own_views() + asked("expected-say", "X", "Y", shift=1.0)
    rows += asked("expected-say", "Y", "X")
    (by_y, by_x), _ = results(make_case, rows)
    assert (by_x.holder, by_y.holder) == ("X", "Y")
    assert by_x.bias.low < np.e < by_x.bias.high  # one logit more than was said, as a ratio
    assert by_x.bias.low > 1
    assert by_y.bias.low < 1 < by_y.bias.high
    assert by_y.skilled > 0.95


@pytest.mark.parametrize("missing", ["expected-say", "likelihood of X", "likelihood of Y"])
def test_a_pair_needs_all_three_answers(make_case, missing):
    rows = {
        "likelihood of X": asked("likelihood", "X"),
        "likelihood of Y": asked("likelihood", "Y"),
        "expected-say": asked("expected-say", "X", "Y"),
    }
    # Who answered one question only still stands in the case.
    del rows[missing]
    assert results(make_case, [one for own in rows.values() for one in own]) == ((), ())


@pytest.mark.parametrize(("risks", "pairs"), [(RISKS[:2], 0), (RISKS[:3], 1)])
def test_a_pair_needs_three_risks(make_case, risks, pairs):
    rows = own_views() + asked("expected-say", "X", "Y", risks=risks)
    told, cells = results(make_case, rows)
    assert len(told) == pairs
    assert [cell.risk for cell in cells] == risks[: 3 * pairs]


def test_a_risk_on_which_all_said_the_same_is_left_out(make_case):
    rows = own_views() + asked("expected-say", "X", "Y")
    for one in rows:
        if (one["question"], one["item"]) == ("expected-say", "r3"):
            one["value"] = 0.25
    (pair,), cells = results(make_case, rows)
    assert pair.risks == 3
    assert [cell.risk for cell in cells] == ["r1", "r2", "r4"]


def test_a_risk_that_too_few_expected_is_left_out(make_case):
    rows = own_views() + asked("expected-say", "X", "Y", risks=RISKS[:3])
    rows += [one for one in asked("expected-say", "X", "Y", risks=["r4"])
             if one["participant"] in ("A0", "B0")]  # fmt: skip
    (pair,), cells = results(make_case, rows)
    assert pair.risks == len(cells) == 3
    assert pair.people_holder == 6


def test_expectations_of_a_party_make_no_pair_of_sides(make_case):
    rows = own_views() + [one | {"about": "C"} for one in asked("expected-say", "X", "Y")]
    assert results(make_case, rows) == ((), ())
    # Where parties may be shown, the party's own answers stand beside it.
    pairs, _ = results(make_case, rows, released="ABCD")
    assert {(pair.holder, pair.about) for pair in pairs} == {("A", "C"), ("B", "C")}


def test_the_order_of_rows_changes_nothing(make_case):
    rows = own_views() + asked("expected-say", "X", "Y", shift=0.3)
    shuffled = [rows[i] for i in np.random.default_rng(3).permutation(len(rows))]
    assert results(make_case, rows) == results(make_case, shuffled)


def test_no_expectations_give_no_mirror(make_case):
    assert results(make_case, own_views()) == ((), ())
    assert results(make_case, []) == ((), ())


# --- forecasts ----------------------------------------------------------------------------------


def do(person: str, event: str, value: float, about: str) -> dict[str, object]:
    return row(person, "expected-do", event, value, about)


def forecast(make_case, rows, **more):
    case = make_case(SIDES, rows, questions=EVENTS, **more)
    return forecasts(case, showable(case)[0])


def test_the_brier_score_is_the_mean_over_people(make_case):
    said = dict(zip(PEOPLE["X"], (0.1, 0.2, 0.4, 0.5, 0.7, 0.9), strict=True))
    rows = [do(person, event, p, "Y") for person, p in said.items() for event in ("e1", "e2")]
    known, unknown = forecast(make_case, rows)
    assert (known.quantity, known.holder, known.about, known.people) == ("e1", "X", "Y", 6)
    # .81 + .64 + .36 + .25 + .09 + .01 = 2.16
    assert known.brier == pytest.approx(2.16 / 6)
    assert known.known == 1
    assert (unknown.known, unknown.brier) == (None, None)
    interval = stats.ttest_1samp(logit(list(said.values())), 0).confidence_interval(0.9)
    assert known.chance == unknown.chance
    assert known.chance.low == pytest.approx(expit(interval.low))
    assert known.chance.high == pytest.approx(expit(interval.high))


def test_forecasts_are_apart_by_whom_they_are_about(make_case):
    rows = [do(p, "e1", 0.1 + 0.1 * i, "C") for i, p in enumerate(PEOPLE["X"])]
    rows += [do(p, "e1", 0.2 + 0.1 * i, "D") for i, p in enumerate(PEOPLE["X"])]
    told = forecast(make_case, rows)
    assert [(one.holder, one.about) for one in told] == [("X", "C"), ("X", "D")]
    assert told[0].chance.mid < told[1].chance.mid


@pytest.mark.parametrize("said", [(0.4,) * 6, (0.4, 0.5)])
def test_forecasts_of_too_few_or_of_one_mind_are_not_told(make_case, said):
    rows = [do(p, "e1", value, "Y") for p, value in zip(PEOPLE["X"], said, strict=False)]
    assert forecast(make_case, rows) == ()
