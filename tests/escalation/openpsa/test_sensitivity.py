"""Sobol indices of Open-PSA models: closed forms, brute force, and the ladders' own."""

from __future__ import annotations

import numpy as np
import pytest

from detente.escalation.ladder import compile_ladder
from detente.escalation.moments.frequency import frequency_indices
from detente.escalation.openpsa import variance
from detente.escalation.openpsa.ladder import ladder_to_openpsa
from detente.escalation.openpsa.outcomes import Functions, gate_outcomes, sequence_outcomes
from detente.escalation.openpsa.read import read_openpsa
from detente.escalation.openpsa.sensitivity import sensitivity
from detente.escalation.openpsa.write import write_openpsa
from detente.escalation.uncertainty import beliefs


def indices(model, outcome, **options):
    return sensitivity(model, outcome, Functions(), **{"samples": 2**12, "seed": 1, **options})


def uniform(name, low, high):
    return (
        f'<define-basic-event name="{name}"><uniform-deviate><float value="{low}"/>'
        f'<float value="{high}"/></uniform-deviate></define-basic-event>'
    )


def tree(formula, *events):
    top = f'<define-gate name="top">{formula}</define-gate>'
    return f'<define-fault-tree name="T">{top}{"".join(events)}</define-fault-tree>'


AND = '<and><basic-event name="a"/><basic-event name="b"/></and>'


def test_a_product_has_the_indices_of_a_product(read):
    """With c = Var / mean^2 of each: S_a = c_a / C, T_a = c_a (1 + c_b) / C."""
    model = read(tree(AND, uniform("a", 0, 0.6), uniform("b", 0.2, 0.4)))
    found = indices(model, *gate_outcomes(model))
    assert found.exact
    assert found.numbers == ("basic-event a", "basic-event b")
    a, b = 0.36 / 12 / 0.09, 0.04 / 12 / 0.09
    whole = (1 + a) * (1 + b) - 1
    np.testing.assert_allclose(found.first, [a / whole, b / whole], rtol=1e-9)
    np.testing.assert_allclose(found.total, [a * (1 + b) / whole, b * (1 + a) / whole], rtol=1e-9)
    assert found.variance == pytest.approx(whole * 0.09**2, rel=1e-9)
    assert found.mean == pytest.approx(0.09, rel=1e-12)
    assert not found.first_error.any()


def test_lognormal_and_histogram_moments_are_exact(read):
    lognormal = (
        '<define-basic-event name="a"><lognormal-deviate><float value="1e-4"/><float value="3"/>'
        '<float value="0.95"/></lognormal-deviate></define-basic-event>'
    )
    histogram = (
        '<define-basic-event name="b"><histogram><float value="0.1"/><bin><float value="0.2"/>'
        '<float value="3"/></bin><bin><float value="0.5"/><float value="1"/></bin></histogram>'
        "</define-basic-event>"
    )
    model = read(tree(AND, lognormal, histogram))
    found = indices(model, *gate_outcomes(model))
    sigma = np.log(3) / 1.6448536269514722
    mean_b = (3 * 0.15 + 0.35) / 4
    second_b = (3 * (0.2**3 - 0.1**3) / 0.3 + (0.5**3 - 0.2**3) / 0.9) / 4
    second = 1e-8 * np.exp(sigma**2) * second_b
    assert found.mean == pytest.approx(1e-4 * mean_b, rel=1e-9)
    assert found.variance == pytest.approx(second - (1e-4 * mean_b) ** 2, rel=1e-8)


SHARED = (
    '<define-basic-event name="a"><parameter name="p"/></define-basic-event>'
    '<define-basic-event name="b"><parameter name="p"/></define-basic-event>'
    '<define-parameter name="p"><uniform-deviate><float value="0"/><float value="1"/>'
    "</uniform-deviate></define-parameter>"
)


def test_events_that_share_a_number_are_sampled_with_errors(read):
    model = read(tree(AND, SHARED))
    found = indices(model, *gate_outcomes(model))
    assert (found.why, found.exact) == ("shared-numbers", False)
    assert found.numbers == ("parameter p",)
    # f = p^2 rests on one number: both indices are 1, and the variance is 1/5 - 1/9
    assert found.variance == pytest.approx(4 / 45, rel=1e-3)
    assert found.total[0] == pytest.approx(1, abs=5 * found.total_error[0] + 1e-12)
    assert found.first[0] == pytest.approx(1, abs=5 * found.first_error[0] + 1e-12)


MIXED = tree(
    '<or><and><basic-event name="a"/><basic-event name="b"/></and><xor><basic-event name="c"/>'
    '<not><atleast min="2"><basic-event name="a"/><basic-event name="d"/><basic-event name="e"/>'
    "</atleast></not></xor></or>",
    *(uniform(name, 0.1, high) for name, high in zip("abcde", (0.9, 0.5, 0.6, 0.7, 0.8))),  # noqa: B905
)


def test_exact_and_sampled_indices_agree(read, monkeypatch):
    model = read(MIXED)
    (outcome,) = gate_outcomes(model)
    exact = indices(model, outcome)
    monkeypatch.setattr(variance, "MOST_PAIRS", 2)
    sampled = indices(model, outcome, samples=2**14)
    assert (exact.why, sampled.why) == ("", "too-large")
    assert sampled.numbers == exact.numbers
    assert sampled.mean == pytest.approx(exact.mean, rel=1e-3)
    assert sampled.variance == pytest.approx(exact.variance, rel=1e-2)
    assert (np.abs(sampled.first - exact.first) < 4 * sampled.first_error).all()
    assert (np.abs(sampled.total - exact.total) < 4 * sampled.total_error).all()
    assert (sampled.first_error < 0.01).all()


def test_errors_cover_the_truth(read):
    """Over seeds, the standardised error is about 1."""
    model = read(MIXED)
    (outcome,) = gate_outcomes(model)
    exact = indices(model, outcome)
    scores = []
    for seed in range(12):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(variance, "MOST_PAIRS", 2)
            found = indices(model, outcome, samples=2**9, seed=seed)
        scores += [*((found.first - exact.first) / found.first_error)]
        scores += [*((found.total - exact.total) / found.total_error)]
    assert 0.7 < np.std(scores) < 1.5
    assert abs(np.mean(scores)) < 0.35


FACTORS = """
<define-event-tree name="after">
  <define-functional-event name="holds"/>
  <define-sequence name="bad"/>
  <initial-state><fork functional-event="holds">
    <path state="no"><collect-expression><parameter name="p"/></collect-expression>
      <collect-expression><parameter name="q"/></collect-expression><sequence name="bad"/></path>
  </fork></initial-state>
</define-event-tree>
<model-data>
  <define-parameter name="p"><uniform-deviate><float value="0"/><float value="0.6"/>
  </uniform-deviate></define-parameter>
  <define-parameter name="q"><uniform-deviate><float value="0.2"/><float value="0.4"/>
  </uniform-deviate></define-parameter>
</model-data>
"""


def test_factors_are_sampled(read):
    model = read(FACTORS)
    found = indices(model, *sequence_outcomes(model))
    a, b = 0.36 / 12 / 0.09, 0.04 / 12 / 0.09
    whole = (1 + a) * (1 + b) - 1
    assert found.why == "factors"
    np.testing.assert_allclose(found.first, [a / whole, b / whole], atol=0.01)


def test_a_model_without_uncertain_numbers_has_no_indices(read):
    text = FACTORS.replace("<uniform-deviate>", "<add>").replace("</uniform-deviate>", "</add>")
    model = read(text)
    found = indices(model, *sequence_outcomes(model))
    assert (found.numbers, found.variance, found.exact) == ((), 0.0, True)
    assert found.mean == pytest.approx(0.36)


LADDER = """
levels: [calm, war]
headline: war
parameters:
  - {id: starts, kind: rate, low: 1, high: 9}
  - {id: p1, kind: probability, low: 0.1, high: 0.4}
  - {id: p2, kind: probability, low: 0.01, mid: 0.3, high: 0.4}
  - {id: p3, kind: probability, low: 0.2, high: 0.5}
events:
  - {id: both, any_of: [p1, p2]}
ladders:
  - id: one
    title: A ladder
    branch: accident
    starts: starts
    path:
      - {event: first, p: both, otherwise: calm}
      - {event: second, p: p3, otherwise: calm}
    ends: war
"""


def test_an_exported_ladder_has_the_indices_of_the_ladder(make_case):
    case = make_case(LADDER)
    (base,) = beliefs(case)
    own = frequency_indices(
        [compile_ladder(case.ladder, case.ladder.ladders[0], {"war": 0})],
        {name: one.spread for name, one in base.parameters.items()},
    )
    model = read_openpsa({"m": write_openpsa(ladder_to_openpsa(case.ladder).model)})
    found = indices(model, *(one for one in sequence_outcomes(model) if one.name == "one_war"))
    assert found.exact
    names = [name.removeprefix("parameter ").removesuffix("_z") for name in found.numbers]
    order = [own.parameters.index(name) for name in names]
    assert found.mean == pytest.approx(own.indices.mean, rel=1e-8)
    assert found.variance == pytest.approx(own.indices.variance, rel=1e-8)
    np.testing.assert_allclose(found.first, own.indices.first[order], rtol=1e-7)
    np.testing.assert_allclose(found.total, own.indices.total[order], rtol=1e-7)
