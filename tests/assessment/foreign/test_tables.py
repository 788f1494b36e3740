"""Options, criteria and weights from two plain tables."""

from __future__ import annotations

import numpy as np
import pytest

from detente.assessment.foreign.tables import read_tables
from detente.assessment.smaa.laws import normal, point
from detente.ground.errors import CaseError

SCORES = """option,criterion,low,mid,high,mean,sd
x,cost,10,20,50,,
y,cost,,30,,,
x,trust,,,,5,1
y,trust,,,,4,
"""
WEIGHTS = """criterion,worst,best,points
cost,100,0,50
trust,0,10,100
"""


def read(scores=SCORES, weights=WEIGHTS):
    return read_tables("s.csv", scores.encode(), "w.csv", weights.encode())


def test_scores_and_swings():
    found = read()
    assert found.problem.options == ("x", "y")
    assert found.problem.criteria == ("cost", "trust")
    (cost, trust), (other, plain) = found.problem.scores
    assert np.allclose(cost.quantile([0.05, 0.5, 0.95]), [10, 20, 50])
    assert (trust, other, plain) == (normal(5.0, 1.0), point(30.0), point(4.0))
    assert [value.ascending for value in found.problem.values] == [False, True]
    assert np.allclose(found.weights.ranges(), [[1 / 3] * 2, [2 / 3] * 2])


@pytest.mark.parametrize(
    ("column", "cells", "ranges"),
    [
        ("rank", ("1", "2"), [[0.5, 1], [0, 0.5]]),
        ("rank", ("1", ""), [[0, 1], [0, 1]]),
        ("rank", ("1", "1"), [[0, 1], [0, 1]]),
        ("low", ("0.3", "0.2"), [[0.3, 0.8], [0.2, 0.7]]),
        ("high", ("0.6", ""), [[0, 0.6], [0.4, 1]]),
        ("note", ("", ""), [[0, 1], [0, 1]]),
    ],
)
def test_kinds_of_statements(column, cells, ranges):
    text = f"criterion,worst,best,{column}\ncost,100,0,{cells[0]}\ntrust,0,10,{cells[1]}\n"
    assert np.allclose(read(weights=text).weights.ranges(), ranges)


@pytest.mark.parametrize(
    ("scores", "weights", "file", "line", "words"),
    [
        (SCORES.replace("x,cost,10,20,50", "x,cost,30,20,50"), WEIGHTS, "s.csv", 2, "no score"),
        (SCORES.replace("5,1\n", "5,-1\n"), WEIGHTS, "s.csv", 4, "no score"),
        (SCORES.replace(",5,1\n", ",five,1\n"), WEIGHTS, "s.csv", 4, "no number"),
        (SCORES.replace("y,trust,,,,4,\n", ""), WEIGHTS, "s.csv", 1, "no score of y"),
        (SCORES + "y,trust,,,,4,\n", WEIGHTS, "s.csv", 6, "already"),
        (SCORES + ",trust,,,,4,\n", WEIGHTS, "s.csv", 6, "is empty"),
        (SCORES + "y,noise,,,,4,\n", WEIGHTS, "s.csv", 1, "no criterion with a range"),
        ("option,criterion,mid\n", WEIGHTS, "s.csv", 1, "has no score."),
        (SCORES, WEIGHTS.replace("trust,0,10", "trust,0,"), "w.csv", 3, "no range"),
        (SCORES, WEIGHTS.replace("trust,0,10", "trust,3,3"), "w.csv", 3, "no range"),
        (SCORES, WEIGHTS.replace("trust", "cost"), "w.csv", 3, "stands twice"),
        (SCORES, WEIGHTS.replace(",100\n", ",\n"), "w.csv", 1, "trust has no points"),
        (SCORES, WEIGHTS.replace(",100\n", ",-5\n"), "w.csv", 1, "trust has -5"),
        (SCORES, "criterion,worst,best\n", "w.csv", 1, "no criterion"),
        (
            SCORES,
            "criterion,worst,best,points,rank\ncost,9,0,1,\ntrust,0,9,,1\n",
            "w.csv",
            1,
            "several kinds",
        ),
        (
            SCORES,
            "criterion,worst,best,low\ncost,9,0,0.7\ntrust,0,9,0.7\n",
            "w.csv",
            1,
            "No weights fit",
        ),
        ("option,mid\nx,1\n", WEIGHTS, "s.csv", 1, "no column"),
        (SCORES, "criterion,worst\ncost,1\n", "w.csv", 1, "no column"),
    ],
)
def test_findings(scores, weights, file, line, words):
    with pytest.raises(CaseError) as raised:
        read(scores, weights)
    assert any(
        one.file == file and one.line == line and words in one.problem
        for one in raised.value.findings
    ), raised.value
