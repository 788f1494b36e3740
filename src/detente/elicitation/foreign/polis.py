"""Votes from Polis exports, or from a plain table with a row a vote."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field

import numpy as np

from detente.elicitation.foreign.rows import EMPTY, Rows, read_rows
from detente.elicitation.opinion.votes import Conversation
from detente.ground.errors import CaseError, Finding

_PERSON = ("person", "participant", "voter", "voter-id", "participant-id")
_STATEMENT = ("statement", "comment", "comment-id", "item", "statement-id")
_GROUP = ("group", "group-id", "camp", "party")
_VOTES = {
    "1": 1, "1.0": 1, "+1": 1, "agree": 1, "a": 1, "yes": 1,
    "0": 0, "0.0": 0, "pass": 0, "unsure": 0, "neutral": 0,
    "-1": -1, "-1.0": -1, "disagree": -1, "d": -1, "no": -1,
}  # fmt: skip
_SEEN = {"true": True, "1": True, "t": True, "yes": True, "": False, "false": False, "0": False}
_MODERATION = {"-1": -1, "0": 0, "1": 1}


@dataclass
class _Ballot:
    """Votes as they are read, person by person."""

    people: list[str] = field(default_factory=list)
    camps: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q", [0]))
    columns: array[int] = field(default_factory=lambda: array("i"))
    values: array[int] = field(default_factory=lambda: array("b"))


@dataclass(frozen=True)
class _Moderation:
    """What the table of statements says: who is out, and the published figure of each."""

    rejected: frozenset[str]
    published: dict[str, float]


def read_conversation(
    votes_file: str,
    votes: bytes,
    comments_file: str | None = None,
    comments: bytes | None = None,
    *,
    unmoderated: str = "kept",
) -> Conversation:
    """The conversation in a table of votes, moderated as the table of statements says.

    Parameters
    ----------
    votes_file, votes
        Polis's ``participants-votes.csv``, one row a person and one column a statement, with 1
        for agree, -1 for disagree, 0 for pass and nothing for unseen; or a table with a row a
        vote, CSV or Excel, and the columns ``person``, ``statement``, ``vote`` and perhaps
        ``group``.
    comments_file, comments
        Polis's ``comments.csv``: ``comment-id`` and ``moderated`` (-1 out, 0 nobody looked, 1 in),
        perhaps ``is-meta`` (a question about the person: out) and ``group-informed-consensus``.
    unmoderated
        ``rejected`` where statements that nobody looked at are out too (strict moderation). The
        mathematics of the Polis server keeps them even in a strict conversation.

    Raises
    ------
    CaseError
        With every finding of both tables.

    """
    findings: list[Finding] = []
    try:
        ballot = _read_votes(votes_file, votes)
    except CaseError as error:
        findings += error.findings
    try:
        moderation = _read_comments(comments_file or "comments.csv", comments, unmoderated)
    except CaseError as error:
        findings += error.findings
    if findings:
        raise CaseError(tuple(sorted(findings)))
    names = ballot.statements
    return Conversation(
        people=tuple(ballot.people),
        statements=tuple(names),
        starts=np.frombuffer(ballot.starts, dtype=np.int64),
        columns=np.frombuffer(ballot.columns, dtype=np.int32),
        values=np.frombuffer(ballot.values, dtype=np.int8),
        rejected=np.array([name in moderation.rejected for name in names], dtype=bool),
        camps=tuple(ballot.camps),
        published=np.array([moderation.published.get(name, math.nan) for name in names]),
    )


def _read_votes(file: str, data: bytes) -> _Ballot:
    rows = read_rows(file, data)
    wide = "participant" in rows.columns and "vote" not in rows.columns
    return _wide(rows) if wide else _long(rows)


def _wide(rows: Rows) -> _Ballot:
    """One row a person: the columns whose names are whole numbers are statements."""
    places = [place for place, name in enumerate(rows.columns) if name.isdecimal()]
    if not places:
        rows.find(1, "", "has no column of votes.", "name the columns of votes by statement.")
    rows.done()
    ballot = _Ballot(statements=[rows.columns[place] for place in places])
    person = rows.columns.index("participant")
    camp = rows.columns.index("group-id") if "group-id" in rows.columns else None
    seen: set[str] = set()
    for line, cells in rows.lines:
        _new_person(rows, line, cells[person].strip(), seen)
        ballot.people.append(cells[person].strip())
        ballot.camps.append("" if camp is None else _camp(cells[camp]))
        for column, place in enumerate(places):
            if cells[place]:
                _cast(rows, line, cells[place], column, ballot)
        ballot.starts.append(len(ballot.values))
    rows.done()
    return ballot


def _new_person(rows: Rows, line: int, name: str, seen: set[str]) -> None:
    if not name:
        rows.find(line, "participant", "names nobody.", "name the person.")
    elif name in seen:
        rows.find(line, "participant", f"`{name}` has a row already.", "keep one row a person.")
    seen.add(name)


def _camp(cell: str) -> str:
    text = cell.strip()
    return "" if text in EMPTY else text.removesuffix(".0")


def _cast(rows: Rows, line: int, cell: str, column: int, ballot: _Ballot) -> None:
    vote = _VOTES.get(cell)
    if vote is None:
        vote = _vote(rows, line, ballot.statements[column], cell)
    if vote is not None:
        ballot.columns.append(column)
        ballot.values.append(vote)


def _vote(rows: Rows, line: int, column: str, cell: str) -> int | None:
    text = cell.strip()
    if text in EMPTY:
        return None
    vote = _VOTES.get(text.lower())
    if vote is None:
        rows.find(
            line, column, f"`{text[:40]}` is no vote.", "write 1, 0, -1, agree, pass or disagree."
        )
    return vote


def _long(rows: Rows) -> _Ballot:
    """One row a vote; people and statements in the order in which they first appear."""
    person = _named(rows, _PERSON)
    statement = _named(rows, _STATEMENT)
    rows.need((person, statement, "vote"))
    camp = next((name for name in _GROUP if name in rows.columns), None)
    people: dict[str, dict[int, int]] = {}
    camps: dict[str, str] = {}
    columns: dict[str, int] = {}
    for line, row in rows.each():
        who, what = row[person].strip(), row[statement].strip().removesuffix(".0")
        for column, name in ((person, who), (statement, what)):
            if not name:
                rows.find(line, column, "is empty.", "fill it.")
        vote = _vote(rows, line, "vote", row["vote"])
        cast = people.setdefault(who, {})
        place = columns.setdefault(what, len(columns))
        if place in cast:
            rows.find(line, statement, f"`{who}` voted on `{what}` before.", "keep one vote.")
        elif vote is not None:
            cast[place] = vote
        group = "" if camp is None else _camp(row[camp])
        if camps.setdefault(who, group) != group:
            problem = f"`{who}` was of `{camps[who]}` before."
            rows.find(line, camp or "", problem, "give each person one group.")
    rows.done()
    return _gathered(people, camps, list(columns))


def _named(rows: Rows, names: tuple[str, ...]) -> str:
    return next((name for name in names if name in rows.columns), names[0])


def _gathered(
    people: dict[str, dict[int, int]], camps: dict[str, str], statements: list[str]
) -> _Ballot:
    ballot = _Ballot(list(people), [camps[name] for name in people], statements)
    for cast in people.values():
        for column in sorted(cast):
            ballot.columns.append(column)
            ballot.values.append(cast[column])
        ballot.starts.append(len(ballot.values))
    return ballot


def _read_comments(file: str, data: bytes | None, unmoderated: str) -> _Moderation:
    if data is None:
        return _Moderation(frozenset(), {})
    rows = read_rows(file, data)
    rows.need(("comment-id", "moderated"))
    rejected, published, known = set(), {}, set()
    for line, row in rows.each():
        name = row["comment-id"].strip()
        if name in known:
            rows.find(line, "comment-id", f"`{name}` has a row already.", "keep one row.")
        known.add(name)
        ruling = _MODERATION.get(row["moderated"].strip())
        if ruling is None:
            problem = f"`{row['moderated'][:40]}` is no ruling."
            rows.find(line, "moderated", problem, "write -1 (out), 0 (not looked at) or 1 (in).")
        meta = _SEEN.get(row.get("is-meta", "").strip().lower())
        if meta is None:
            rows.find(
                line, "is-meta", f"`{row['is-meta'][:40]}` is no mark.", "write true or false."
            )
        if ruling == -1 or meta or (ruling == 0 and unmoderated == "rejected"):
            rejected.add(name)
        cell = row.get("group-informed-consensus", "")
        figure = rows.number(line, "group-informed-consensus", cell, low=0, high=1)
        if figure is not None:
            published[name] = figure
    rows.done()
    return _Moderation(frozenset(rejected), published)
