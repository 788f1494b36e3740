"""Votes and the words of the statements, from the files of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detente.cli.files import contents
from detente.cli.words import _
from detente.elicitation.foreign.polis import read_conversation
from detente.elicitation.foreign.rows import read_rows
from detente.elicitation.opinion.votes import Conversation
from detente.ground.errors import UsageError


def read_votes(files: Sequence[Path]) -> tuple[Conversation, dict[str, str]]:
    """The conversation in a file of votes, with the words of statements from a second one.

    Raises
    ------
    CaseError
        With every finding of both.

    """
    if len(files) > 2:
        raise UsageError(_("Name the votes, and perhaps the comments."))
    votes, comments = files[0], files[1] if len(files) == 2 else None
    told = contents(comments) if comments else None
    found = read_conversation(
        str(votes), contents(votes), str(comments) if comments else None, told
    )
    if comments is None or told is None:
        return found, {}
    rows = read_rows(str(comments), told)
    if "comment-body" not in rows.columns:
        return found, {}
    return found, {
        row["comment-id"].strip(): row["comment-body"].strip() for _line, row in rows.each()
    }
