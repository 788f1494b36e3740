"""Conversations with groups that are known: planted ones, and those that Polis served."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.elicitation.foreign.polis import read_conversation
from detente.elicitation.opinion.votes import Conversation, conversation

OPEN_DATA = (
    "15-per-hour-seattle",
    "bg2050-volunteers",
    "brexit-consensus",
    "canadian-electoral-reform",
    "football-concussions",
    "london.youth.policing",
    "scoop-hivemind.taxes",
    "vtaiwan.uberx",
)


def planted(
    people: int, statements: int, *, groups: int = 3, density: float = 0.5, seed: int = 0
) -> tuple[Conversation, np.ndarray]:
    """People of groups that each have their own chance to agree with each statement."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, groups, people)
    chance = rng.beta(0.3, 0.3, (groups, statements))[labels]
    voted = rng.random((people, statements)) < density
    votes = np.where(rng.random((people, statements)) < chance, 1, -1)
    passed = rng.random((people, statements)) < 0.1
    return conversation(np.where(passed, 0, votes).astype(np.int8), voted), labels


def noise(people: int, statements: int, *, seed: int = 0) -> Conversation:
    """People who vote by the toss of a coin."""
    rng = np.random.default_rng(seed)
    votes = rng.choice(np.array([-1, 1], dtype=np.int8), (people, statements))
    return conversation(votes, rng.random((people, statements)) < 0.6)


def open_data(shared: Path, name: str) -> Conversation:
    """One of the conversations that Polis published."""
    folder = shared / "elicitation" / "polis-open-data" / name
    files = ("participants-votes.csv", "comments.csv")
    votes, comments = ((folder / file).read_bytes() for file in files)
    return read_conversation(files[0], votes, files[1], comments)


@dataclass(frozen=True)
class Served:
    """A conversation and what the Polis server made of it."""

    conversation: Conversation
    answer: dict[str, Any]
    placed: np.ndarray
    labels: np.ndarray
    base: list[list[int]]


def served(shared: Path, name: str) -> Served:
    """One of the production answers; people are numbered as Polis does.

    Polis's own sign is the reverse: there -1 is agree. The votes of one person of 50ptpt are not
    in its votes.json, but the published means and vote counts tell them.
    """
    folder = shared / "elicitation" / "polis-math-fixtures" / name
    votes, comments, answer = (
        json.loads((folder / file).read_text())
        for file in ("votes.json", "comments.json", "math-pca2.json")
    )
    shape = answer["n"], answer["n-cmts"]
    table, voted = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=bool)
    for row in votes:
        place = _key(row, "pid", "participant_id"), _key(row, "tid", "statement_id")
        table[place], voted[place] = row["vote"], True
    rejected = np.zeros(shape[1], dtype=bool)
    for row in comments:
        out = _key(row, "mod", "moderated") == -1 or row["is_meta"]
        rejected[_key(row, "tid", "statement_id")] = out
    _restore(table, voted, rejected, answer)
    base = answer["base-clusters"]["members"]
    members = dict(zip(answer["base-clusters"]["id"], base, strict=True))
    labels = np.full(shape[0], -1)
    for group in answer["group-clusters"]:
        for one in group["members"]:
            labels[members[one]] = group["id"]
    placed = np.zeros(shape[0], dtype=bool)
    placed[answer["in-conv"]] = True
    return Served(conversation(table, voted, rejected=rejected), answer, placed, labels, base)


def _restore(table, voted, rejected, answer) -> None:
    counts, totals = voted.sum(axis=0), table.sum(axis=0)
    means = -np.array(answer["pca"]["center"])
    differs = np.abs(means - totals / np.maximum(counts, 1)) > 1e-9
    lacking = [
        person
        for person in range(len(table))
        if answer["user-vote-counts"][str(person)] != voted[person].sum()
    ]
    assert len(lacking) <= 1
    for person in lacking:
        for place in np.flatnonzero(differs & ~rejected):
            vote = means[place] * (counts[place] + 1) - totals[place]
            assert vote == pytest.approx(round(vote), abs=1e-9)
            table[person, place], voted[person, place] = round(vote), True


def _key(row: dict[str, Any], *names: str) -> int:
    return int(next(row[name] for name in names if name in row))


@pytest.fixture(name="planted", scope="session")
def _planted() -> Callable[..., Any]:
    return planted


@pytest.fixture(name="noise", scope="session")
def _noise() -> Callable[..., Any]:
    return noise


@pytest.fixture(name="open_data", scope="session")
def _open_data(shared_data) -> Callable[..., Conversation]:
    return lambda name: open_data(shared_data, name)


@pytest.fixture(name="served", scope="session")
def _served(shared_data) -> Callable[..., Served]:
    return lambda name: served(shared_data, name)
