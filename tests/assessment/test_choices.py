"""Which measures survive, and in which order they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.assessment.choices import choices, survives
from detente.assessment.results import Ground, GroundClass, MeasureState, Stake
from detente.elicitation.results import Spread
from detente.escalation.results import Effect, EscalationResults, Verdict

VERDICTS = st.sampled_from(["better", "no-difference", "worse", "unknown"])


def effect(measure: str, verdict: Verdict, ratio: float = 0.5, belief: str = "base") -> Effect:
    return Effect(belief, measure, Spread(ratio, ratio, ratio), 1.0, verdict)


def results(*effects: Effect) -> EscalationResults:
    return EscalationResults(64, "war", (), (), effects, (), (), ())


def ground(measure: str, kind: GroundClass) -> Ground:
    return Ground(measure, kind, "answers", None, None, ())


def state(measure: str, *, possible: bool = True) -> MeasureState:
    return MeasureState(measure, "needs-agreement", "", possible, "", "")


@pytest.mark.parametrize(
    ("verdicts", "survivor"),
    [
        (["better", "better"], True),
        (["better", "no-difference"], True),
        (["better", "worse"], False),
        (["better", "unknown"], False),
        (["no-difference", "no-difference"], False),
    ],
)
def test_survival_by_the_rule_as_printed(verdicts: list[Verdict], *, survivor: bool) -> None:
    assert survives([effect("m", verdict) for verdict in verdicts]) is survivor


@given(st.lists(VERDICTS, min_size=1, max_size=6), VERDICTS)
def test_a_further_belief_never_saves_a_measure_that_one_finds_harmful(
    verdicts: list[Verdict], further: Verdict
) -> None:
    if {"worse", "unknown"} & set(verdicts):
        assert not survives([effect("m", verdict) for verdict in [*verdicts, further]])


def test_possible_comes_first_then_common_ground_then_the_strongest_worst_case() -> None:
    names = ("lapsed", "weak", "strong", "disputed")
    found = choices(
        results(
            effect("lapsed", "better", 0.1),
            effect("weak", "better", 0.2),
            effect("weak", "better", 0.9, belief="other"),
            effect("strong", "better", 0.4),
            effect("disputed", "better", 0.1),
        ),
        tuple(
            ground(name, "contested" if name == "disputed" else "shared-ground") for name in names
        ),
        (),
        tuple(state(name, possible=name != "lapsed") for name in names),
    )
    assert [one.measure for one in found] == ["strong", "weak", "disputed", "lapsed"]
    assert found[1].worst_ratio == 0.9


def test_red_lines_are_named_by_party() -> None:
    stakes = tuple(
        Stake("m", party, 0.9, 0.8, red, 6, shown=True) for party, red in (("A", 0.0), ("B", 0.3))
    )
    (found,) = choices(results(effect("m", "better")), (), stakes, (state("m"),))
    assert found.red_lines == ("B",)
