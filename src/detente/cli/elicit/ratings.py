"""Several tables of ratings as one: files of one round, one track or one day each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from detente.elicitation.idea.ratings import Ratings
from detente.ground.errors import CaseError, Finding


def together(files: Sequence[str], parts: Sequence[Ratings]) -> Ratings:
    """The ratings of all ``files``, on the axes of all; rounds by name, as each file has them.

    Raises
    ------
    CaseError
        Where two files hold an answer of one person to one question in one round.

    """
    if len(parts) == 1:
        return parts[0]
    rounds, people, questions = (
        tuple(sorted(set(chain.from_iterable(names)), key=lambda name: (len(name), name)))
        for names in (
            [part.rounds for part in parts],
            [part.people for part in parts],
            [part.questions for part in parts],
        )
    )
    shape = (len(rounds), len(people), len(questions))
    answers = np.full((*shape, 3), np.nan)
    comprehension, confidence = np.full(shape, np.nan), np.full(shape, np.nan)
    groups = dict.fromkeys(people, "")
    findings: list[Finding] = []
    for file, part in zip(files, parts, strict=True):
        at = np.ix_(
            [rounds.index(name) for name in part.rounds],
            [people.index(name) for name in part.people],
            [questions.index(name) for name in part.questions],
        )
        twice = np.isfinite(answers[at]).any(axis=-1) & np.isfinite(part.answers).any(axis=-1)
        if twice.any():
            place = tuple(int(i) for i in np.argwhere(twice)[0])
            said = f"{part.people[place[1]]} on {part.questions[place[2]]}"
            problem = f"repeats {twice.sum()} answers of another file, first that of {said}."
            mend = "keep one of them, or give the rows another round."
            findings.append(Finding(file, 0, "round", problem, mend))
        answers[at] = np.where(np.isfinite(part.answers), part.answers, answers[at])
        comprehension[at] = np.where(
            np.isfinite(part.comprehension), part.comprehension, comprehension[at]
        )
        confidence[at] = np.where(np.isfinite(part.confidence), part.confidence, confidence[at])
        groups |= {name: own for name, own in zip(part.people, part.groups, strict=True) if own}
    if findings:
        raise CaseError(tuple(findings))
    return Ratings(
        people,
        questions,
        rounds,
        answers=answers,
        comprehension=comprehension,
        confidence=confidence,
        groups=tuple(groups.values()),
        percent=any(part.percent for part in parts),
    )
