"""Laws of failure that expressions have built in: the probability to be failed at a time.

All take and give arrays of shapes that broadcast. Rates are per hour, times in hours.

References
----------
Epstein, Rauzy and Reinhart, "Open-PSA Model Exchange Format", version 2.0 (2017), "Built-Ins".
"""

from __future__ import annotations

import numpy as np

from detente.ground.chance import Floats

MOST_TESTS = 1_000_000


def exponential(rate: Floats, time: Floats) -> Floats:
    """1 - exp(-lambda t)."""
    return -np.expm1(-rate * time)


def repairable(on_demand: Floats, rate: Floats, repair: Floats, time: Floats) -> Floats:
    """The generalised life model: (l - (l - g (l + m)) exp(-(l + m) t)) / (l + m)."""
    both = rate + repair
    lasting = np.where(both > 0, rate / np.where(both > 0, both, 1), 0.0)
    return lasting - (lasting - on_demand) * np.exp(-both * time)


def weibull(scale: Floats, shape: Floats, shift: Floats, time: Floats) -> Floats:
    """1 - exp(-((t - t0) / alpha)^beta) from t0 on, and 0 before."""
    return -np.expm1(-((np.maximum(time - shift, 0.0) / scale) ** shape))


def periodic_test(*inputs: Floats) -> Floats:
    """A component that tests, at theta and then every tau, find failed and send to repair.

    With 4 inputs (lambda, tau, theta, t) test and repair take no time; with 5 (lambda, mu, tau,
    theta, t) the test takes none; with 11 (lambda, lambda*, mu, tau, theta, gamma, pi, x, sigma,
    omega, t) see `_tested`.
    """
    if len(inputs) == 4:
        return _as_good_as_new(*inputs)
    every = np.broadcast_arrays(*inputs)
    law = _repaired if len(inputs) == 5 else _tested
    found = [law(*point) for point in zip(*(one.ravel().tolist() for one in every), strict=True)]
    return np.array(found).reshape(every[0].shape)


def _as_good_as_new(rate: Floats, between: Floats, first: Floats, time: Floats) -> Floats:
    """At the moment of a test the component is still as the time before left it."""
    since = np.fmod(time - first, between)
    since = np.where(since == 0, between, since)
    return exponential(rate, np.where(time <= first, time, since))


def _law(rate: float, time: float) -> float:
    return float(-np.expm1(-rate * time))


def _failed_again(repair: float, rate: float, time: float) -> float:
    """The probability that a repair is done within a time, and the next failure too."""
    if np.isclose(repair, rate, rtol=1e-9, atol=0):
        return _law(rate, time) - rate * time * float(np.exp(-rate * time))
    return (repair * _law(rate, time) - rate * _law(repair, time)) / (repair - rate)


def _repaired(rate: float, repair: float, between: float, first: float, time: float) -> float:
    """Instant tests: who is found failed is in repair, and works again at rate mu."""
    return _tested(rate, rate, repair, between, first, 0.0, 0.0, 1.0, 1.0, 0.0, time)


def _tested(  # noqa: PLR0913, PLR0917 (the inputs of the standard)
    rate: float,
    rate_in_test: float,
    repair: float,
    between: float,
    first: float,
    by_test: float,
    duration: float,
    available_in_test: float,
    found: float,
    badly: float,
    time: float,
) -> float:
    """The probability not to be available; three states: failed, in repair, available.

    A test begins: the available fail with gamma, and of the failed sigma go into repair. During a
    test the available fail at lambda*, else at lambda. A repair ends at rate mu and leaves the
    component failed with omega.
    """
    if time <= first:
        return _law(rate, time)
    if not (between > 0 and 0 <= duration <= between and time <= MOST_TESTS * between):
        return float("nan")
    failed, mending = _law(rate, first), 0.0
    ahead = time - first
    while True:
        in_test = min(duration, ahead)
        working = 1 - failed - mending
        broken = failed + working * (by_test + (1 - by_test) * _law(rate_in_test, in_test))
        still = 1 - _law(repair, in_test)
        again = badly * (1 - still) + (1 - badly) * _failed_again(repair, rate, in_test)
        failed, mending = mending * again + (1 - found) * broken, mending * still + found * broken
        if ahead <= duration and duration > 0:
            held_back = 0.0 if available_in_test else working * (1 - by_test)
            held_back *= 1 - _law(rate_in_test, in_test)
            return failed + mending + held_back
        lasting = min(between, ahead) - in_test
        still = 1 - _law(repair, lasting)
        again = badly * (1 - still) + (1 - badly) * _failed_again(repair, rate, lasting)
        working = 1 - failed - mending
        failed, mending = failed + working * _law(rate, lasting) + mending * again, mending * still
        ahead -= between
        if ahead < 0:
            return failed + mending
