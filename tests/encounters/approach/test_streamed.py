"""A search in stretches of time gives what the whole gives, in memory that does not grow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.encounters.approach import streamed


def test_stretches_give_what_the_whole_gives():
    parts, one = streamed.streamed(2_000, 5, 20), streamed.whole(2_000, 5, 20)
    for name in ("a", "b", "start", "end", "closest", "horizontal", "closure"):
        assert np.array_equal(getattr(parts, name), getattr(one, name))


def run(ships: int, stretches: int, fixes: int):
    program = Path(streamed.__file__)
    asked = [sys.executable, program, ships, stretches, fixes]
    done = subprocess.run([*map(str, asked)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def near(ships: int, seconds: float, found: list[list[int]]) -> None:
    """Pairs are those of the closed form, but for what a plane does to distances at the limit."""
    expected = streamed.pairs_met(ships, seconds)
    assert len(expected) > 1_000
    assert len(expected ^ {tuple(pair) for pair in found}) <= 0.01 * len(expected)


@pytest.mark.long
def test_a_hundred_million_points_in_two_gigabytes():
    told = run(100_000, 10, 100)
    assert told["points"] == 10**8
    assert told["peak"] < 2_000
    near(100_000, 10_000 - streamed.TICK, told["pairs"])
