"""Operations, laws and deviates against closed forms, other programs and SciPy's distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad, solve_ivp

from detente.escalation.openpsa import laws
from detente.escalation.openpsa.evaluate import Numbers, deviates, sample, values
from detente.escalation.openpsa.names import names_of
from detente.escalation.openpsa.operations import DEVIATES
from detente.ground.chance import Floats, sobol
from detente.ground.errors import UsageError


def floats(*numbers: float) -> str:
    return "".join(f'<float value="{number!r}"/>' for number in numbers)


@pytest.fixture
def value(read):
    """The value of an expression; T is a mission time of 100 hours."""

    def evaluated(text):
        text = text.replace("<T/>", "<system-mission-time/>")
        inside = f'<define-parameter name="p">{text}</define-parameter>'
        model = read(f"<model-data>{inside}</model-data>")
        (parameter,) = model.data
        return float(Numbers(names_of(model), 100.0).of(parameter.expression))

    return evaluated


ARITHMETIC = {
    f"<neg>{floats(2.5)}</neg>": -2.5,
    f"<abs>{floats(-2.5)}</abs>": 2.5,
    f"<add>{floats(1, 2, 4)}</add>": 7,
    f"<sub>{floats(10, 2, 3)}</sub>": 5,
    f"<mul>{floats(2, 3, 4)}</mul>": 24,
    f"<div>{floats(24, 2, 3)}</div>": 4,
    f"<pow>{floats(2, 10)}</pow>": 1024,
    f"<mod>{floats(17, 5)}</mod>": 2,
    f"<min>{floats(3, 1, 2)}</min>": 1,
    f"<max>{floats(3, 1, 2)}</max>": 3,
    f"<mean>{floats(1, 2, 6)}</mean>": 3,
    f"<exp>{floats(1.5)}</exp>": math.exp(1.5),
    f"<log>{floats(1.5)}</log>": math.log(1.5),
    f"<log10>{floats(0.01)}</log10>": -2,
    f"<sqrt>{floats(2)}</sqrt>": math.sqrt(2),
    f"<ceil>{floats(1.2)}</ceil>": 2,
    f"<floor>{floats(-1.2)}</floor>": -2,
    f"<sin>{floats(0.7)}</sin>": math.sin(0.7),
    f"<cos>{floats(0.7)}</cos>": math.cos(0.7),
    f"<tan>{floats(0.7)}</tan>": math.tan(0.7),
    f"<asin>{floats(0.7)}</asin>": math.asin(0.7),
    f"<acos>{floats(0.7)}</acos>": math.acos(0.7),
    f"<atan>{floats(0.7)}</atan>": math.atan(0.7),
    f"<sinh>{floats(0.7)}</sinh>": math.sinh(0.7),
    f"<cosh>{floats(0.7)}</cosh>": math.cosh(0.7),
    f"<tanh>{floats(0.7)}</tanh>": math.tanh(0.7),
    "<pi/>": math.pi,
    "<T/>": 100,
    '<bool value="true"/>': 1,
    '<int value="-3"/>': -3,
    f"<not>{floats(0)}</not>": 1,
    f"<not>{floats(0.5)}</not>": 0,
    f"<and>{floats(1, 2)}</and>": 1,
    f"<and>{floats(1, 0)}</and>": 0,
    f"<or>{floats(0, 0)}</or>": 0,
    f"<or>{floats(0, 2)}</or>": 1,
    f"<eq>{floats(1, 1)}</eq>": 1,
    f"<df>{floats(1, 1)}</df>": 0,
    f"<lt>{floats(1, 2)}</lt>": 1,
    f"<gt>{floats(1, 2)}</gt>": 0,
    f"<leq>{floats(2, 2)}</leq>": 1,
    f"<geq>{floats(1, 2)}</geq>": 0,
    f"<ite>{floats(0, 5, 6)}</ite>": 6,
    f"<ite>{floats(2, 5, 6)}</ite>": 5,
    f"<switch>{floats(7)}</switch>": 7,
    f"<switch><case>{floats(0, 1)}</case><case>{floats(1, 2)}</case>{floats(3)}</switch>": 2,
    f"<switch><case>{floats(1, 1)}</case><case>{floats(1, 2)}</case>{floats(3)}</switch>": 1,
    f"<exponential>{floats(0.02)}<T/></exponential>": 1 - math.exp(-2),
    f"<GLM>{floats(0.1, 0.01, 0.03)}<T/></GLM>": 0.25 - 0.15 * math.exp(-4),
    f"<GLM>{floats(0.1, 0.0, 0.0)}<T/></GLM>": 0.1,
    f"<Weibull>{floats(50, 2, 20)}<T/></Weibull>": 1 - math.exp(-(1.6**2)),
    f"<Weibull>{floats(50, 2, 120)}<T/></Weibull>": 0,
    f"<uniform-deviate>{floats(2, 5)}</uniform-deviate>": 3.5,
    f"<normal-deviate>{floats(2, 5)}</normal-deviate>": 2,
    f"<lognormal-deviate>{floats(2, 5, 0.95)}</lognormal-deviate>": 2,
    f"<lognormal-deviate>{floats(0.5, 1)}</lognormal-deviate>": math.e,
    f"<gamma-deviate>{floats(2, 5)}</gamma-deviate>": 10,
    f"<beta-deviate>{floats(2, 6)}</beta-deviate>": 0.25,
    f"<histogram><bin>{floats(1, 3)}</bin><bin>{floats(3, 1)}</bin></histogram>": 0.875,
    f"<histogram>{floats(1)}<bin>{floats(2, 3)}</bin><bin>{floats(4, 1)}</bin></histogram>": 1.875,
}


@pytest.mark.parametrize("text", ARITHMETIC)
def test_operations_have_their_values(value, text):
    assert value(text) == pytest.approx(ARITHMETIC[text], rel=1e-14)


TESTED = (7e-4, 2e-4, 4e-3, 730.0, 200.0, 0.01, 20.0)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        # printed by SCRAM 0.16.2
        ((1e-4, 730.0, 200.0, 8760.0), 0.05162),
        ((1e-4, 0.01, 730.0, 200.0, 8760.0), 0.0513033),
        ((*TESTED, 1.0, 0.9, 0.02, 8000.0), 0.327599),
        ((*TESTED, 1.0, 0.9, 0.02, 8240.0), 0.405046),
        ((*TESTED, 0.0, 0.9, 0.02, 8240.0), 0.999179),
        ((*TESTED, 0.0, 0.9, 0.02, 8210.0), 0.391948),
        ((7e-4, 2e-4, 7e-4, *TESTED[3:], 1.0, 0.9, 0.02, 8760.0), 0.571036),
    ],
)
def test_periodic_tests_agree_with_another_program(inputs, expected):
    found = laws.periodic_test(*map(np.asarray, inputs))
    assert found == pytest.approx(expected, rel=2e-6, abs=5e-7)


def _markov(inputs: tuple[float, ...]) -> float:
    """The same component as differential equations between the moments of tests."""
    rate, in_test, repair, between, first, by_test, lasts, there, finds, badly, time = inputs
    state = np.array([0.0, 0.0, 1.0])  # failed, in repair, available

    def run(state: Floats, fails: float, hours: float) -> Floats:
        def flow(_: float, now: Floats) -> list[float]:
            _, mending, working = now
            out, ended = fails * working, repair * mending
            return [out + badly * ended, -ended, (1 - badly) * ended - out]

        return solve_ivp(flow, (0, hours), state, rtol=1e-10, atol=1e-13).y[:, -1]

    state = run(state, rate, min(first, time))
    ahead = time - first
    while ahead > 0:
        # the tested fail at their own rate and are sorted when the test ends; those in repair
        # go on with the rate of service; so they run apart
        failed, mending, working = state
        hours = min(lasts, ahead)
        fail = by_test + (1 - by_test) * -math.expm1(-in_test * hours)
        broken = failed + working * fail
        aside = run(np.array([0.0, mending, 0.0]), rate, hours)
        state = aside + np.array([(1 - finds) * broken, finds * broken, working * (1 - fail)])
        if ahead <= lasts:
            return 1 - (state[2] if there else aside[2])
        state = run(state, rate, min(between, ahead) - hours)
        ahead -= between
    return 1 - state[2]


@pytest.mark.parametrize("time", [150.0, 205.0, 700.0, 935.0, 941.0, 3000.0])
@pytest.mark.parametrize("there", [0.0, 1.0])
def test_periodic_tests_solve_their_markov_chain(time, there):
    inputs = (7e-4, 2e-4, 4e-3, 730.0, 200.0, 0.01, 20.0, there, 0.9, 0.02, time)
    found = laws.periodic_test(*map(np.asarray, inputs))
    assert found == pytest.approx(_markov(inputs), abs=1e-7)


def test_short_forms_of_periodic_tests_are_limits_of_the_long_one():
    time = np.array([100.0, 500.0, 1000.0, 4000.0])
    long = laws.periodic_test(*map(np.asarray, (1e-3, 1e-3, 0.02, 730.0, 200.0, 0.0, 1e-9)),
                              np.asarray(1.0), np.asarray(1.0), np.asarray(0.0), time)  # fmt: skip
    five = laws.periodic_test(*map(np.asarray, (1e-3, 0.02, 730.0, 200.0)), time)
    np.testing.assert_allclose(long, five, rtol=1e-6)
    soon = laws.periodic_test(*map(np.asarray, (1e-3, 1e5, 730.0, 200.0)), time)
    four = laws.periodic_test(*map(np.asarray, (1e-3, 730.0, 200.0)), time)
    np.testing.assert_allclose(soon, four, rtol=1e-6)


def test_a_periodic_test_that_cannot_be_has_no_value(value):
    with pytest.raises(Exception, match="no finite value"):
        value(f"<periodic-test>{floats(1e-3, 0.1, 0.0, 1.0)}<T/></periodic-test>")


KNOWN = [
    ("uniform-deviate", (2.0, 5.0), stats.uniform(2, 3)),
    ("normal-deviate", (2.0, 5.0), stats.norm(2, 5)),
    ("lognormal-deviate", (0.5, 0.8), stats.lognorm(0.8, scale=math.exp(0.5))),
    ("gamma-deviate", (0.3, 5.0), stats.gamma(0.3, scale=5)),
    ("beta-deviate", (3.0, 400.0), stats.beta(3, 400)),
    (
        "histogram",
        (1.0, 2.0, 3.0, 4.0, 0.0, 5.0, 1.0),
        stats.rv_histogram(([3, 0, 1], [1, 2, 4, 5]), density=False),
    ),
]


@pytest.mark.parametrize(("name", "inputs", "known"), KNOWN)
@settings(max_examples=20)
@given(unit=st.floats(1e-9, 1 - 1e-9))
def test_quantiles_and_means_are_those_of_the_distribution(name, inputs, known, unit):
    deviate = DEVIATES[name]
    inputs = [np.asarray(one) for one in inputs]
    assert float(deviate.mean(*inputs)) == pytest.approx(known.mean(), rel=1e-12)
    found = deviate.quantile(np.array([unit]), *inputs)
    assert known.cdf(found)[0] == pytest.approx(unit, rel=1e-8, abs=1e-12)


def test_the_lognormal_of_an_error_factor_has_its_mean_and_quantile():
    mean, factor, level = (np.asarray(one) for one in (2e-5, 3.0, 0.95))
    deviate = DEVIATES["lognormal-deviate"]

    def quantile(unit: float) -> float:
        return float(deviate.quantile(np.asarray(unit), mean, factor, level))

    assert quantile(0.95) / quantile(0.5) == pytest.approx(3, rel=1e-12)
    assert quad(quantile, 0, 1, epsabs=1e-12)[0] == pytest.approx(2e-5, rel=1e-4)


SHARED = """<model-data>
<define-basic-event name="a"><parameter name="p"/></define-basic-event>
<define-basic-event name="b"><sub><int value="1"/><parameter name="p"/></sub></define-basic-event>
<define-basic-event name="c"><uniform-deviate><parameter name="p"/>
<add><parameter name="p"/><float value="0.5"/></add></uniform-deviate></define-basic-event>
<define-basic-event name="d"><float value="0.5"/></define-basic-event>
<define-basic-event name="e"><normal-deviate><float value="0.5"/><float value="1"/></normal-deviate>
</define-basic-event>
<define-parameter name="p"><uniform-deviate><float value="0"/><float value="0.5"/></uniform-deviate>
</define-parameter></model-data>"""


def test_a_parameter_is_one_random_number_and_may_rule_another(read):
    model = read(SHARED)
    assert list(deviates(model)) == ["basic-event c", "basic-event e", "parameter p"]
    units = sobol(64, 3, seed=1)
    found = sample(model, units)
    np.testing.assert_allclose(found["a"], units[:, 2] / 2)
    np.testing.assert_allclose(found["a"] + found["b"], 1)
    np.testing.assert_allclose(found["c"], found["a"] + units[:, 0] / 2)
    assert found["d"].shape == (64,)
    assert (found["e"].min(), found["e"].max()) == (0, 1)  # cut to probabilities
    assert values(model) == {"a": 0.25, "b": 0.75, "c": 0.5, "d": 0.5, "e": 0.5}
    with pytest.raises(UsageError, match="3 deviates"):
        sample(model, units[:, :2])


def test_the_mission_time_is_an_argument(read):
    inside = f"<exponential>{floats(0.01)}<system-mission-time/></exponential>"
    model = read(
        f'<model-data><define-basic-event name="a">{inside}</define-basic-event></model-data>'
    )
    assert values(model, time=100)["a"] == pytest.approx(1 - math.exp(-1))
    assert values(model)["a"] == pytest.approx(1)  # a year


def test_events_without_a_probability_are_told(read):
    model = read('<model-data><define-basic-event name="a"/></model-data>')
    with pytest.raises(UsageError, match="Without a probability: a"):
        values(model)
