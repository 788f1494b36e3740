"""From three quantiles of a person's belief to a distribution."""

from __future__ import annotations

from dataclasses import dataclass

from detente.elicitation.answers import Judgement
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import Scale, TwoPiece, fit
from detente.ground.errors import UsageError

PROBABILITIES = (0.05, 0.5, 0.95)  # the quantiles that results tell
_ELICITED = Provenance(Basis.ELICITED, "", "", Status.UNVERIFIED)


@dataclass(frozen=True)
class Achieved:
    """The quantiles that a person stated, and those of the distribution fitted to them."""

    asked: tuple[float, float, float]
    achieved: tuple[float, float, float]


def fit_answer(answer: Judgement, scale: Scale) -> TwoPiece:
    """The two-piece normal of an answer: ``logit`` for a likelihood, ``linear`` for a gain.

    Its median is the answer's ``value``; ``low`` and ``high`` are the ends of its central
    ``coverage``, 90 % where the person stated no confidence: see `detente.ground.chance.fit`.

    Raises
    ------
    UsageError
        Where the answer has no interval.

    """
    low, mid, high = _asked(answer)
    return fit(Estimate(low, mid, high, answer.coverage, _ELICITED), scale)


def achieved(answer: Judgement, distribution: TwoPiece) -> Achieved:
    """What was asked beside what ``distribution`` gives at the same probabilities."""
    tail = (1 - answer.coverage) / 2
    low, mid, high = (float(value) for value in distribution.quantile((tail, 0.5, 1 - tail)))
    return Achieved(_asked(answer), (low, mid, high))


def _asked(answer: Judgement) -> tuple[float, float, float]:
    if answer.low is None or answer.high is None:
        raise UsageError(f"An answer on {answer.item} has no interval, so no distribution.")
    return answer.low, answer.value, answer.high
