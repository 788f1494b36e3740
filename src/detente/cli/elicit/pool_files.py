"""The tables of `detente elicit pool` from files: every question, method and round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detente.cli.elicit.files import Reader
from detente.cli.elicit.ratings import together
from detente.cli.files import contents, waiting
from detente.cli.words import _
from detente.elicitation.families import Family, Fitted, best_fit, fit_family
from detente.elicitation.fits import PROBABILITIES
from detente.elicitation.foreign.idea_csv import (
    read_by_question,
    read_idea,
    read_quiz,
    read_reasons,
    read_words,
)
from detente.elicitation.idea.methods import METHODS
from detente.elicitation.idea.ratings import Ratings
from detente.elicitation.pooling import mixture, trimmed_geometric_mean_of_odds
from detente.elicitation.pools import brier_score, linear_pool, log_score
from detente.elicitation.rounds import change
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.chance import fit, to_scale
from detente.ground.errors import CaseError, Finding, UsageError

Floats = NDArray[np.float64]
PLAIN = ("ArMean", "Median", "LOArMean", "BetaArMean", "DistribArMean", "IndIntWAgg")
END = 0.001  # odds need a chance within 0 and 1: nearer to them counts as this
PRIOR = "Prior"
_ELICITED = Provenance(Basis.ELICITED, "", "", Status.UNVERIFIED)


def pool_files(
    files: Sequence[Path],
    beside: Mapping[str, Path | None],
    *,
    methods: Sequence[str],
    family: str | None,
) -> dict[str, Any]:
    """Everything that the verb tells of ``files`` with the tables ``beside`` them."""
    with waiting(_("reading")):
        ratings, outcomes, priors = _read(files, beside)
    with waiting(_("pooling")):
        answers, moved = _inside(ratings)
        found, missing = _methods(ratings, methods)
        if priors:
            known = [priors.get(question, np.nan) for question in ratings.questions]
            found[PRIOR] = expit(np.array(known))
        told: dict[str, Any] = {
            "people": len(ratings.people),
            "rounds": ratings.rounds,
            "percent": ratings.percent,
            "moved_inside": moved,
            "questions": [
                _question(name, answers[-1][:, place], ratings.confidence[-1][:, place])
                for place, name in enumerate(ratings.questions)
            ],
            "methods": [_method(ratings, name, p, outcomes) for name, p in found.items()],
            "not_computed": missing,
            "movements": _movements(ratings, answers),
            "family": _fitted(ratings, answers[-1], family) if family else None,
        }
    return told


def _read(
    files: Sequence[Path], beside: Mapping[str, Path | None]
) -> tuple[Ratings, dict[str, float], dict[str, float]]:
    """The ratings with their supplements, outcomes and priors, or every finding at once."""
    reader = Reader()
    parts = [reader.read(path, read_idea) for path in files]
    outcomes = reader.take(lambda: _outcomes(beside["outcomes"])) or {}
    priors = reader.take(lambda: _by_question(beside["priors"], "prior_means")) or {}
    whole = [part for part in parts if part is not None]
    ratings = together([str(path) for path in files], whole) if len(whole) == len(parts) else None
    if ratings is not None:
        for path, known in ((beside["outcomes"], outcomes), (beside["priors"], priors)):
            if known and not known.keys() & set(ratings.questions):
                problem = "names no question of the answers."
                mend = "write the questions as they are named there."
                reader.findings.append(Finding(str(path), 0, "paper_id", problem, mend))
        if quiz := beside["quiz"]:
            ratings = replace(ratings, quiz=reader.read(quiz, partial(read_quiz, ratings=ratings)))
        if reasons := beside["reasons"]:
            coded = reader.read(reasons, partial(read_reasons, ratings=ratings))
            ratings = replace(ratings, reasons=coded.counts if coded else None)
        if words := beside["words"]:
            said = reader.read(words, partial(read_words, ratings=ratings))
            ratings = replace(ratings, words=said)
    reader.done()
    assert ratings is not None
    return ratings, outcomes, priors


def _by_question(path: Path | None, column: str) -> dict[str, float]:
    return {} if path is None else read_by_question(str(path), contents(path), column=column)


def _outcomes(path: Path | None) -> dict[str, float]:
    """What happened, 0 or 1, by question."""
    found = _by_question(path, "outcome")
    findings = tuple(
        Finding(str(path), 0, "outcome", f"of {question} is {value:g}.", "write 0 or 1.")
        for question, value in found.items()
        if value not in (0, 1)
    )
    if findings:
        raise CaseError(findings)
    return found


def _inside(ratings: Ratings) -> tuple[Floats, int]:
    """The answers with chances at the ends moved inwards, and how many were."""
    inside = np.clip(ratings.answers, END, 1 - END)
    return inside, int(np.sum((inside != ratings.answers) & ~np.isnan(ratings.answers)))


def _estimate(answer: Floats, sure: float) -> Estimate:
    low, mid, high = (float(x) for x in answer)
    coverage = float(sure) if 0 < sure < 1 else 0.9
    return Estimate(low, mid, high, coverage, _ELICITED)


def _question(name: str, answers: Floats, sure: Floats) -> dict[str, Any]:
    said = np.isfinite(answers).all(axis=1)
    told: dict[str, Any] = {"question": name, "people": int(said.sum())}
    if not said.any():
        return told | dict.fromkeys(("low", "mid", "high", "marker", "mean", "median"))
    members = [
        fit(_estimate(answer, one), "logit")
        for answer, one in zip(answers[said], sure[said], strict=True)
    ]
    low, mid, high = mixture(members).quantile(PROBABILITIES)
    best = answers[said, 1]
    return told | {
        "low": low,
        "mid": mid,
        "high": high,
        "marker": trimmed_geometric_mean_of_odds(best),
        "mean": best.mean(),
        "median": np.median(best),
    }


# --- methods ---------------------------------------------------------------------------------


def _methods(
    ratings: Ratings, asked: Sequence[str]
) -> tuple[dict[str, Floats], list[dict[str, str]]]:
    """What the methods give, by name, and which lack their data where all are asked for."""
    unknown = [name for name in asked if name not in METHODS and name != "all"]
    if unknown:
        known = ", ".join(METHODS)
        raise UsageError(
            _("No method: {names}. There are: {known}.", names=", ".join(unknown), known=known)
        )
    if "all" not in asked:
        return {name: METHODS[name](ratings) for name in asked or PLAIN}, []
    found, missing = {}, []
    for name, method in METHODS.items():
        try:
            values = method(ratings)
        except UsageError as error:
            missing.append({"method": name, "reason": str(error)})
            continue
        if name == "CompWAgg" and np.isnan(ratings.comprehension[-1]).all():
            missing.append({"method": name, "reason": _("CompWAgg needs marks of comprehension.")})
            continue
        found[name] = values
    return found, missing


def _method(
    ratings: Ratings, name: str, chances: Floats, outcomes: Mapping[str, float]
) -> dict[str, Any]:
    happened = np.array([outcomes.get(question, np.nan) for question in ratings.questions])
    scored = np.isfinite(happened) & np.isfinite(chances)
    p, out = np.clip(chances[scored], 0, 1), happened[scored]
    return {
        "method": name,
        "chances": dict(zip(ratings.questions, chances.tolist(), strict=True)),
        "scored": int(scored.sum()),
        "brier": brier_score(p, outcomes=out) if scored.any() else None,
        "log_score": log_score(p, outcomes=out) if scored.any() else None,
    }


# --- rounds ----------------------------------------------------------------------------------


def _movements(ratings: Ratings, answers: Floats) -> list[dict[str, Any]]:
    """What moved from the first round to the last, of those who answered in both."""
    if len(ratings.rounds) < 2:
        return []
    found = []
    for place, question in enumerate(ratings.questions):
        before, after = answers[0][:, place, 1], answers[-1][:, place, 1]
        both = np.isfinite(before) & np.isfinite(after)
        if both.sum() < 2:
            continue
        moved = change(to_scale(before[both], "logit"), to_scale(after[both], "logit"))
        low, mid, high = np.exp([moved.shift.low, moved.shift.mid, moved.shift.high])
        found.append(
            {
                "question": question,
                "before": trimmed_geometric_mean_of_odds(before[both]),
                "after": trimmed_geometric_mean_of_odds(after[both]),
                "shift": {"low": low, "mid": mid, "high": high},
                "spread_ratio": moved.spread_ratio,
                "toward": moved.toward,
                "settled": moved.settled,
                "changed": moved.changed,
                "people": moved.people,
            }
        )
    return found


# --- families --------------------------------------------------------------------------------


def _fitted(ratings: Ratings, answers: Floats, family: str) -> dict[str, Any]:
    """The family fitted to every answer whose three numbers rise, and where it misses."""
    pooled, misses, level, fits = [], [], 0, 0
    known: dict[Estimate, Fitted] = {}  # people like round numbers, and so the same answers
    for column, question in enumerate(ratings.questions):
        members = []
        for row, person in enumerate(ratings.people):
            answer = answers[row, column]
            if not np.isfinite(answer).all():
                continue
            if not (np.diff(answer) > 0).all():
                level += 1
                continue
            sure = float(ratings.confidence[-1, row, column])
            stated = _estimate(answer, sure)
            if stated not in known:
                known[stated] = _fit(family, stated)
            one = known[stated]
            members.append(one)
            misses += _gaps(question, person, one)
        fits += len(members)
        feasible = [one for one in members if one.feasible]
        ends = linear_pool(feasible).quantile(PROBABILITIES) if feasible else [None] * 3
        low, mid, high = ends
        pooled.append({"question": question, "low": low, "mid": mid, "high": high})
    return {
        "family": family,
        "fitted": fits,
        "not_rising": level,
        "questions": pooled,
        "missed": sorted(misses, key=lambda one: -abs(one["gap"] or 1)),
    }


def _fit(family: str, answer: Estimate) -> Fitted:
    tail = (1 - answer.coverage) / 2
    asked, values = (tail, 0.5, 1 - tail), (answer.low, answer.mid, answer.high)
    if family == "best":
        return best_fit(asked, values=values, low=0.0, high=1.0)
    name: Family = family  # type: ignore[assignment]  # one of the choices of the option
    return fit_family(name, asked, values=values, low=0.0, high=1.0)


def _gaps(question: str, person: str, one: Fitted) -> list[dict[str, Any]]:
    return [
        {
            "question": question,
            "person": person,
            "family": one.family,
            "probability": gap.probability,
            "asked": gap.asked,
            "achieved": gap.achieved if one.feasible else None,
            "gap": gap.fitted_probability - gap.probability if one.feasible else None,
        }
        for gap in one.gaps()
    ]
