"""Two-piece normals as expressions of the Model Exchange Format, which has no such deviate."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtr

from detente.escalation.openpsa import model as mef
from detente.ground.chance import TwoPiece, to_scale

BINS = np.linspace(-3.8, 3.8, 77)  # standard normals; no number lies beyond
Form = Literal["exact", "deviates"]


def _float(value: float) -> mef.Expression:
    return mef.Expression("float", value=float(value))


def uncertain(
    name: str, spread: TwoPiece, form: Form
) -> tuple[list[mef.Parameter], mef.Expression]:
    """The parameters that an uncertain number needs besides, and the number as an expression.

    Parameters
    ----------
    name
        The number's name in the model; a parameter besides is called ``<name>_z``.
    spread
        The number.
    form
        ``exact`` or ``deviates``; see `detente.escalation.openpsa.ladder.ladder_to_openpsa`.

    """
    if spread.below == spread.above == 0:
        return [], _float(spread.mid)
    if form == "deviates":
        return [], _deviate(spread)
    normal = f"{name}_z"
    deviate = mef.Expression("normal-deviate", (_float(0), _float(1)))
    z = mef.Parameter(name=normal, label="standard normal", expression=deviate)
    return [z], _exact(spread, normal)


def _exact(spread: TwoPiece, normal: str) -> mef.Expression:
    """The number as an expression of a standard normal."""

    def z() -> mef.Expression:
        return mef.Expression("parameter", name=normal)

    side = _float(spread.below)
    if spread.below != spread.above:
        falls = mef.Expression("lt", (z(), _float(0)))
        side = mef.Expression("ite", (falls, side, _float(spread.above)))
    middle = _float(float(to_scale(spread.mid, spread.scale)))
    scaled = mef.Expression("add", (middle, mef.Expression("mul", (z(), side))))
    if spread.scale == "log":
        return mef.Expression("exp", (scaled,))
    odds = mef.Expression("exp", (mef.Expression("neg", (scaled,)),))
    return mef.Expression("div", (_float(1), mef.Expression("add", (_float(1), odds))))


def _deviate(spread: TwoPiece) -> mef.Expression:
    """The number as one deviate of the standard."""
    if spread.scale == "log" and np.isclose(spread.below, spread.above, rtol=1e-9, atol=0):
        mean = spread.mid * np.exp(spread.above**2 / 2)
        factor = np.exp(spread.above * _Z95)
        return mef.Expression("lognormal-deviate", (_float(mean), _float(factor), _float(0.95)))
    bounds = spread.at_normal(BINS)
    weights = np.diff([0.0, *ndtr(BINS[1:-1]), 1.0])  # the tails lie in the outer bins
    pairs = [_float(one) for pair in zip(bounds[1:], weights, strict=True) for one in pair]
    return mef.Expression("histogram", (_float(bounds[0]), *pairs))


_Z95 = 1.6448536269514722  # the standard normal quantile of 0.95
