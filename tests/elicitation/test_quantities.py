"""What groups believe of quantities, and how grave they hold risks to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import expit, logit

from detente.elicitation.disclosure import showable
from detente.elicitation.perceptions import consequences, quantity_beliefs

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
QUESTIONS = {
    "quantities": [
        {"id": "chance", "title": "chance", "scale": "probability", "known": 0},
        {"id": "number", "title": "number", "scale": "positive", "known": 52},
        {"id": "balance", "title": "balance", "scale": "real"},
    ]
}
SCALES = {
    "chance": (logit, expit),
    "number": (np.log, np.exp),
    "balance": (lambda x: x, lambda x: x),
}
SAID: dict[str, list[tuple[float, float, float]]] = {
    "chance": [(0.05, 0.1, 0.2), (0.1, 0.3, 0.4), (0.01, 0.02, 0.1), (0.4, 0.5, 0.9)],
    "number": [(20, 40, 90), (10, 25, 30), (50, 60, 61), (5, 100, 400)],
    "balance": [(-5, -1, 0), (-2, 3, 4), (0, 1, 9), (-30, -20, -10)],
}


def rows_of(item: str, said, kind="quantity", **more) -> list[dict[str, object]]:
    return [
        {"participant": f"{'AB'[i % 2]}{i}", "party": "AB"[i % 2], "question": kind, "item": item}
        | {"low": low, "value": value, "high": high}
        | more
        for i, (low, value, high) in enumerate(said)
    ]


def believed(make_case, rows, **more):
    case = make_case(SIDES, rows, questions=QUESTIONS, **more)
    return quantity_beliefs(case, showable(case)[0])


def mixed(said, to, back, coverage: float = 0.9) -> list[float]:
    """Quantiles of the mixture of two-piece normals, from scipy's own normal and root finder."""
    z = stats.norm.ppf((1 + coverage) / 2)
    parts = [tuple(map(float, to(np.array(one, dtype=float)))) for one in said]

    def cdf(x: float) -> float:
        return float(
            np.mean(
                [
                    stats.norm.cdf((x - mid) / ((mid - low if x < mid else high - mid) / z))
                    for low, mid, high in parts
                ]
            )
        )

    least = min(low for low, _, _ in parts) - 50
    most = max(high for _, _, high in parts) + 50
    return [
        float(back(optimize.brentq(lambda x, p=p: cdf(x) - p, least, most, xtol=1e-12)))
        for p in (0.05, 0.5, 0.95)
    ]


@pytest.mark.parametrize("item", SAID)
def test_the_spread_is_the_mixture_on_the_scale_of_the_quantity(make_case, item):
    (told,) = believed(make_case, rows_of(item, SAID[item]))
    to, back = SCALES[item]
    spread = [told.spread.low, told.spread.mid, told.spread.high]
    assert spread == pytest.approx(mixed(SAID[item], to, back), rel=1e-6)
    # Of four people none is trimmed: the marker is the mean on the scale.
    middles = to(np.array([value for _, value, _ in SAID[item]], dtype=float))
    assert told.marker == pytest.approx(float(back(middles.mean())))
    assert (told.group, told.quantity, told.people) == ("X", item, 4)


def test_of_chances_the_ends_are_trimmed_and_of_numbers_none(make_case):
    five = [(0.05, 0.1, 0.2), (0.1, 0.3, 0.4), (0.01, 0.02, 0.1), (0.4, 0.5, 0.9), (0.1, 0.2, 0.4)]
    (chance,) = believed(make_case, rows_of("chance", five))
    assert chance.marker == pytest.approx(float(expit(logit([0.1, 0.2, 0.3]).mean())))
    (number,) = believed(make_case, rows_of("number", five))
    assert number.marker == pytest.approx(math.prod((0.1, 0.3, 0.02, 0.5, 0.2)) ** 0.2)


def test_a_stated_confidence_widens_or_narrows_what_is_meant(make_case):
    rows = rows_of("number", SAID["number"], confidence=0.6)
    (told,) = believed(make_case, rows)
    spread = [told.spread.low, told.spread.mid, told.spread.high]
    assert spread == pytest.approx(mixed(SAID["number"], np.log, np.exp, 0.6), rel=1e-6)


def test_what_is_known_stands_beside_it(make_case):
    rows = [row for item in SAID for row in rows_of(item, SAID[item])]
    told = {one.quantity: one.known for one in believed(make_case, rows)}
    assert told == {"chance": 0, "number": 52, "balance": None}
    assert list(told) == ["chance", "number", "balance"]


@pytest.mark.parametrize(
    "said", [SAID["number"][:2], [(10, 20, 30 + i) for i in range(4)]], ids=["few", "of one mind"]
)
def test_too_few_or_of_one_mind_are_not_told(make_case, said):
    assert believed(make_case, rows_of("number", said)) == ()


def test_a_party_alone_needs_its_release(make_case):
    rows = [row for row in rows_of("number", SAID["number"] * 2) if row["party"] == "A"]
    assert believed(make_case, rows) == ()
    assert {one.group for one in believed(make_case, rows, released=["A"])} == {"X", "A"}


def test_the_order_of_rows_changes_nothing(make_case):
    rows = [row for item in SAID for row in rows_of(item, SAID[item])]
    shuffled = [rows[i] for i in np.random.default_rng(4).permutation(len(rows))]
    assert believed(make_case, rows) == believed(make_case, shuffled)


# --- consequences -------------------------------------------------------------------------------


def gravity(make_case, said, **more):
    case = make_case(SIDES, rows_of("r2", said, "consequence", **more))
    return consequences(case, showable(case)[0])


def test_gravity_is_a_mixture_on_the_plain_scale(make_case):
    said = [(2, 4, 5), (3, 5, 8), (1, 2.5, 4), (4, 6, 6.5)]
    (told,) = gravity(make_case, said)
    assert (told.group, told.risk, told.people) == ("X", "r2", 4)
    spread = [told.spread.low, told.spread.mid, told.spread.high]
    assert spread == pytest.approx(mixed(said, *SCALES["balance"]), rel=1e-6)


def test_the_ends_of_the_scale_are_kept(make_case):
    said = [(0, 0.5, 10), (0, 9.5, 10), (0, 5, 10), (0, 5.5, 10)]
    low, mid, high = mixed(said, *SCALES["balance"], 0.6)
    assert low < -1
    assert high > 11
    (told,) = gravity(make_case, said, confidence=0.6)
    assert (told.spread.low, told.spread.high) == (0, 10)
    assert told.spread.mid == pytest.approx(mid)


def test_gravity_of_one_mind_is_not_told(make_case):
    assert gravity(make_case, [(2, 5, 8)] * 4) == ()
