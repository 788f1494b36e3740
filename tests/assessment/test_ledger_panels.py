"""How often the ledger tells the truth: simulated panels of five people a side.

A person rates a measure in whole numbers from 0 to 10, about the true mean of the side. The spread
of real panels on such scales is 1 to 2.5 points. Only what people answer reaches the rule.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.assessment.ledger import ledger_class
from detente.elicitation.compare import t_interval
from detente.elicitation.results import Spread

PANELS = 1_000
MANY = 20_000
PEOPLE = 5
SPREADS = (1.0, 1.5, 2.0, 2.5)
T95 = 2.1318467863266495  # of 4 degrees of freedom, two-sided 90 % (Student's table)
CLASSES = {  # the signs of expected - 5, said - 5 and cost - 5
    "valued-and-cheap": (1, 1, -1),
    "valued-and-dear": (1, 1, 1),
    "gift-nobody-wants": (1, -1, -1),
    "unnoticed-opening": (-1, 1, 1),
    "cannot-tell": (-1, -1, -1),
}

Floats = NDArray[np.float64]


def panels(means: tuple[float, ...], sd: float, count: int, seed: int) -> Floats:
    """The answers of ``count`` panels; shape (count, 3 ratings, people)."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(np.array(means)[:, None], sd, (count, 3, PEOPLE))
    return np.clip(np.rint(drawn), 0, 10)


def sides(answers: Floats) -> NDArray[np.int64]:
    """1 where a whole interval lies above 5, -1 where below, else 0; shape (count, 3)."""
    mean = answers.mean(axis=-1)
    half = T95 * answers.std(axis=-1, ddof=1) / np.sqrt(PEOPLE)
    return np.where(mean - half > 5, 1, np.where(mean + half < 5, -1, 0))


def told(answers: Floats) -> NDArray[np.str_]:
    """The class of each panel: by the rule itself, once for each of the 27 patterns of sides."""
    spread = {1: Spread(6, 7, 8), 0: Spread(4, 5, 6), -1: Spread(2, 3, 4)}
    signs = (-1, 0, 1)
    table = np.array(
        [ledger_class(*(spread[s] for s in pattern)) for pattern in product(signs, repeat=3)]
    )
    return table[(sides(answers) + 1) @ np.array([9, 3, 1])]


def shares(means: tuple[float, ...], sd: float, true: str, count: int) -> tuple[float, float]:
    """How often the true class is told, and how often another one."""
    found = told(panels(means, sd, count, seed=round(1e6 * sd) + 7))
    right = float(np.mean(found == true))
    return right, float(np.mean((found != true) & (found != "cannot-tell")))


def test_the_short_way_of_this_test_is_the_rule() -> None:
    answers = np.concatenate([panels((m, 6.5, 4.2), 1.5, PANELS, seed=1) for m in (3.5, 6.5)])
    long_way = [ledger_class(*(t_interval(rating) for rating in panel)) for panel in answers]
    assert told(answers).tolist() == long_way
    assert set(long_way) == CLASSES.keys() - {"gift-nobody-wants"}


@pytest.mark.parametrize("sd", SPREADS)
@pytest.mark.parametrize("true", [name for name in CLASSES if name != "cannot-tell"])
def test_a_class_two_spreads_from_every_border_is_found(true: str, sd: float) -> None:
    means = tuple(5 + 2 * sd * sign for sign in CLASSES[true])
    right, wrong = shares(means, sd, true, PANELS)
    assert right >= 0.80
    assert wrong <= 0.05


@pytest.mark.parametrize("sd", SPREADS)
def test_a_class_next_to_a_border_is_not_taken_for_another(sd: float) -> None:
    """One rating 0.1 sd from the middle, the others far away: the worst case, every way round."""
    assert worst(sd, near=0.1, far=2.0) <= 0.05


@pytest.mark.long
@pytest.mark.parametrize("sd", SPREADS)
@pytest.mark.parametrize("far", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("near", [0.1, 0.25, 0.5, 1.0])
def test_no_class_near_a_border_is_taken_for_another(near: float, far: float, sd: float) -> None:
    assert worst(sd, near=near, far=far) <= 0.05


def worst(sd: float, *, near: float, far: float) -> float:
    """The largest share of wrong classes over all sides, with each rating ``near`` in turn."""
    found = []
    for signs in product((-1, 1), repeat=3):
        for place in range(3):
            means = [5 + far * sd * sign for sign in signs]
            means[place] = 5 + near * sd * signs[place]
            found.append(shares(tuple(means), sd, _class_of(signs), MANY)[1])
    return max(found)


def _class_of(signs: tuple[int, ...]) -> str:
    """The class of true means on these sides of the middle."""
    spreads = [Spread(6, 7, 8) if sign > 0 else Spread(2, 3, 4) for sign in signs]
    return ledger_class(*spreads)


@pytest.mark.parametrize("sd", [0.5, *SPREADS])
def test_on_the_border_itself_rounding_costs_one_in_a_hundred(sd: float) -> None:
    """Student's 5 % a side is of answers that are not rounded; in whole numbers it is up to 6 %."""
    answers = panels((5.0, 9.0, 1.0), sd, 100_000, seed=3)
    missed = np.abs(sides(answers)[:, 0])
    assert 0 < missed.mean() / 2 <= 0.062


@pytest.mark.parametrize("sd", SPREADS)
def test_in_the_middle_of_everything_nothing_is_told(sd: float) -> None:
    found = told(panels((5.0, 5.0, 5.0), sd, MANY, seed=4))
    assert np.mean(found == "cannot-tell") > 0.98
