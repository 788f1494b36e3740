"""Importance factors of events, all from the probability P and Birnbaum's derivatives B."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.escalation.engine.arrays import Floats

ROUNDING = 1e-14


@dataclass(frozen=True)
class Importance:
    """Importance factors of E events, each (E,), as SCRAM 0.16 and Open-PSA tools define them.

    With p the event's probability, P that of the function, and B = P(given event) - P(given not):

    - ``birnbaum`` (marginal, MIF): B
    - ``critical`` (CIF): p B / P
    - ``diagnostic`` (DIF): the probability of the event given the function, p RAW
    - ``achievement`` (risk achievement worth, RAW): P(given event) / P = 1 + (1 - p) B / P
    - ``reduction`` (risk reduction worth, RRW): P / P(given not) = P / (P - p B)

    Where P is 0 the ratios are not defined, and so NaN; ``reduction`` is infinite for an event
    without which the function cannot hold.
    """

    birnbaum: Floats
    critical: Floats
    diagnostic: Floats
    achievement: Floats
    reduction: Floats


def importance(top: float, birnbaum: Floats, probabilities: Floats) -> Importance:
    """The factors from P, B and p (Cheok, Parry & Sherry 1998, Reliability Eng. 60(3))."""
    if top == 0.0:
        none = np.full_like(birnbaum, np.nan)
        return Importance(birnbaum, none, none, none, none)
    critical = probabilities * birnbaum / top
    achievement = 1.0 + (1.0 - probabilities) * birnbaum / top
    without = 1.0 - critical
    needless = without > ROUNDING
    reduction = np.divide(1.0, without, where=needless, out=np.full_like(without, np.inf))
    return Importance(birnbaum, critical, probabilities * achievement, achievement, reduction)
