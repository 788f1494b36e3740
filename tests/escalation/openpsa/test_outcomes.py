"""What a model tells a number of."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.openpsa.outcomes import (
    Evaluation,
    Functions,
    gate_outcomes,
    sampled_values,
    sequence_outcomes,
    top_gates,
)
from detente.ground.errors import UsageError

TREES = """
<define-initiating-event name="start" event-tree="after"><parameter name="rate"/>
</define-initiating-event>
<define-event-tree name="after">
  <define-functional-event name="holds"/>
  <define-sequence name="good"/><define-sequence name="bad"/>
  <initial-state><fork functional-event="holds">
    <path state="yes"><collect-formula><not><gate name="top"/></not></collect-formula>
      <sequence name="good"/></path>
    <path state="no"><collect-formula><gate name="top"/></collect-formula>
      <sequence name="bad"/></path>
  </fork></initial-state>
</define-event-tree>
<define-fault-tree name="T">
  <define-gate name="top"><or><basic-event name="a"/><gate name="inner"/></or></define-gate>
  <define-gate name="inner"><and><basic-event name="b"/><basic-event name="c"/></and></define-gate>
  <define-gate name="apart"><not><basic-event name="c"/></not></define-gate>
</define-fault-tree>
<model-data>
  <define-parameter name="rate"><float value="4"/></define-parameter>
  <define-basic-event name="a"><float value="0.1"/></define-basic-event>
  <define-basic-event name="b"><uniform-deviate><float value="0.2"/><float value="0.4"/>
  </uniform-deviate></define-basic-event>
  <define-basic-event name="c"><float value="0.5"/></define-basic-event>
</model-data>
"""


def test_top_gates_are_those_that_no_gate_takes(read):
    assert top_gates(read(TREES)) == ("top", "apart")


def test_frequencies_are_probabilities_times_that_of_the_start(read):
    model = read(TREES)
    at = Evaluation(model, Functions())
    found = {one.name: one for one in sequence_outcomes(model)}
    assert found.keys() == {"good", "bad"}
    share = 0.1 + 0.9 * 0.3 * 0.5
    assert float(at.probability(found["bad"])[0]) == pytest.approx(share)
    assert float(at.frequency(found["bad"])[0]) == 4
    assert float(at.whole(found["good"])[0]) == pytest.approx(4 * (1 - share))
    (top,) = gate_outcomes(model, ["top"])
    assert at.frequency(top) is None
    assert float(at.whole(top)[0]) == pytest.approx(share)


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [("<gate name='inner'/>", 0.15), ("<basic-event name='a'/>", 0.1)],
)
def test_a_frequency_may_be_that_of_an_event(read, frequency, expected):
    model = read(TREES.replace('<parameter name="rate"/>', frequency, 1))
    (first, _) = sequence_outcomes(model)
    found = Evaluation(model, Functions()).frequency(first)
    assert float(found[0]) == pytest.approx(expected)


def test_a_tree_that_nothing_starts_is_told_too(read):
    text = TREES[TREES.index("<define-event-tree") :]
    found = sequence_outcomes(read(text))
    assert {one.starts for one in found} == {"after"}
    assert all(one.frequency is None for one in found)


def test_sampled_values_come_in_blocks_of_one_net(read, monkeypatch):
    model = read(TREES)
    outcomes = gate_outcomes(model)
    whole = sampled_values(model, outcomes, Functions(), samples=64, seed=3)
    monkeypatch.setattr("detente.escalation.openpsa.outcomes.BLOCK", 16)
    parts = sampled_values(model, outcomes, Functions(), samples=64, seed=3)
    np.testing.assert_array_equal(whole[0], parts[0])
    assert whole[0].mean() == pytest.approx(0.1 + 0.9 * 0.3 * 0.5, abs=1e-3)
    np.testing.assert_allclose(whole[1], 0.5)


def test_an_unknown_gate_is_refused(read):
    with pytest.raises(UsageError, match="those on top are: top, apart"):
        gate_outcomes(read(TREES), ["topp"])
