"""Three-point answers of many people to many questions, round by round, and what was said beside.

Under the IDEA protocol (investigate, discuss, estimate, aggregate) everybody states a lowest, a
best and a highest value in private, sees the others', discusses, and states them again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ratings:
    """Answers as probabilities; NaN stands where nothing was said.

    Attributes
    ----------
    people, questions, rounds
        The names along the axes, in their order; rounds from the first to the last.
    answers
        Lowest, best and highest, shape (rounds, people, questions, 3).
    comprehension
        How well a question was understood, as marked, shape (rounds, people, questions).
    confidence
        The stated chance, in (0, 1], that the truth lies within, shape as ``comprehension``.
    groups
        The facilitated group of each person, empty where none is told.
    percent
        True where the file's values were percent.
    quiz
        A score of prior knowledge, shape (people,).
    words
        The length of the written justifications, in words, shape (people, questions).
    reasons
        How often each coded reason was given, shape (people, questions, codes).

    """

    people: tuple[str, ...]
    questions: tuple[str, ...]
    rounds: tuple[str, ...]
    answers: Floats
    comprehension: Floats
    confidence: Floats
    groups: tuple[str, ...]
    percent: bool
    quiz: Floats | None = None
    words: Floats | None = None
    reasons: Floats | None = None

    def at(self, name: str) -> Floats:
        """The answers of one round, shape (people, questions, 3).

        Raises
        ------
        UsageError
            Where there is no such round.

        """
        if name not in self.rounds:
            raise UsageError(f"There is no round {name}; there are: {', '.join(self.rounds)}.")
        return np.asarray(self.answers[self.rounds.index(name)])

    @property
    def last(self) -> Floats:
        """The answers of the last round, shape (people, questions, 3)."""
        return np.asarray(self.answers[-1])

    @property
    def best(self) -> Floats:
        """The best estimates of the last round, shape (people, questions)."""
        return np.asarray(self.answers[-1, ..., 1])
