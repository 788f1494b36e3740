"""The smallest difference that panels of given sizes are likely to find."""

from __future__ import annotations

import math

from scipy.special import nctdtr, stdtrit

from detente.ground.errors import UsageError

_HALVINGS = 60
_FARTHEST = 2.0**30  # noncentrality; beyond it the search gives up


def detectable(
    n_a: int, n_b: int, *, sd: float = 1.0, power: float = 0.8, level: float = 0.05
) -> float:
    """The smallest true difference of two means that a one-sided two-sample t test detects.

    Parameters
    ----------
    n_a, n_b
        The people on either side, at least two each; the sizes may differ.
    sd
        The standard deviation between the people of one side, in logits (or any unit).
    power
        The probability with which the difference is found.
    level
        The probability with which the test finds one where there is none.

    Returns
    -------
    The difference in the unit of ``sd``: d with P(t' > t_{1 - level}) = ``power``, where t' is
    noncentral t with n_a + n_b - 2 degrees of freedom and noncentrality d / (sd sqrt(1/n_a +
    1/n_b)). For log-odds exp(d) is the ratio of odds: 5.6, 3.7 and 2.9 at 5, 8 and 12 a side.

    Raises
    ------
    UsageError
        Where a side has fewer than two people, ``sd`` is not positive and finite, or not
        0 < ``level`` < ``power`` < 1, or no difference that could be told is large enough.

    References
    ----------
    Johnson and Welch (1940), "Applications of the non-central t-distribution", Biometrika
    31(3/4):362-389.

    """
    if min(n_a, n_b) < 2:
        raise UsageError(f"Panels of {n_a} and {n_b} people: at least two are needed on each side.")
    if not 0 < sd < math.inf:
        raise UsageError(f"A standard deviation of {sd}: it must be positive and finite.")
    if not 0 < level < power < 1:
        raise UsageError(f"Level {level}, power {power}: 0 < level < power < 1 is needed.")
    return _noncentrality(n_a + n_b - 2, power, level) * sd * math.sqrt(1 / n_a + 1 / n_b)


def _noncentrality(freedom: int, power: float, level: float) -> float:
    """The root of P(t' > t_{1 - level}) = ``power``, which rises with the noncentrality."""
    critical = float(stdtrit(freedom, 1 - level))

    def found(noncentrality: float) -> bool:
        return 1 - float(nctdtr(freedom, noncentrality, critical)) >= power

    low, high = 0.0, 1.0
    while not found(high):
        low, high = high, 2 * high
        if high > _FARTHEST:
            raise UsageError(f"No difference is found with power {power} at level {level}.")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high
