"""Which replies are due by when: from the form of a message, and the record of the line alone.

The span runs on what the owing party itself claimed, its stored receipt and its answer, so that no
clock but its own is judged, and both sides compute the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from detente.channel.message import Slip
from detente.channel.record import Place, Record
from detente.channel.results import DueState, ReplyDue
from detente.ground.errors import CaseError
from detente.ground.fields import Field, choice, number, pattern, read_mapping, words
from detente.ground.text import Marked, Path_, parse_yaml
from detente.ground.time import HOUR, Deadline

FORMAT = "detente/deadlines-1"
ACTS = ("reply", "meeting")
STATUSES = ("verified", "second-hand", "unverified")
_ID = pattern(r"[a-z0-9][a-z0-9-]{0,39}", "an id of small letters, digits and hyphens")
_KEYS = {
    "id": _ID,
    "form": _ID,
    "thread": replace(_ID, is_needed=False),
    "act": choice(ACTS),
    "hours": number(1, 8_784, "a whole number of hours up to a year"),
    "told_by": choice(("answer", "nothing")),
    "source": words(200, "a source in one line"),
    "status": choice(STATUSES),
}
_WHOLE = {
    "format": choice((FORMAT,)),
    "deadlines": Field("rows with an id, form, act and hours", lambda row: row, least=0, most=200),
}


@dataclass(frozen=True)
class Rule:
    """What is due within so many hours after a message of a form was stored.

    With ``thread`` the rule holds only where the messages it answers began with that form.
    ``told_by`` is ``nothing`` where the record cannot tell whether it was done.
    """

    id: str
    form: str
    act: str
    hours: int
    told_by: str
    source: str
    status: str
    thread: str = ""


@cache
def starting_rules() -> tuple[Rule, ...]:
    """The table that detente comes with."""
    text = files("detente.channel").joinpath("deadlines.yaml").read_text("utf-8")
    return rules_of(text, Marked("deadlines.yaml"))


def rules_of(text: str, marked: Marked) -> tuple[Rule, ...]:
    """The rules in a text of YAML.

    Raises
    ------
    CaseError
        With all that is to mend: file, line, key and mend.
    """
    rules: tuple[Rule, ...] = ()
    if not parse_yaml(text, marked).findings:
        rules = _rules(marked)
    if marked.findings:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return rules


def _rules(marked: Marked) -> tuple[Rule, ...]:
    rows = read_mapping(marked, (), marked.value, _WHOLE).get("deadlines", ())
    rules, seen = [], set()
    for place, row in enumerate(rows):
        path: Path_ = ("deadlines", place)
        known = len(marked.findings)
        found = read_mapping(marked, path, row, _KEYS)
        if len(marked.findings) > known:
            continue
        if found["id"] in seen:
            problem = f"repeats the id {found['id']}."
            marked.find((*path, "id"), problem, "give each an id of its own.")
        seen.add(found["id"])
        rules.append(Rule(**found))
    return tuple(rules)


# --- what is due --------------------------------------------------------------------------------


def dues(
    record: Record, place: Place, at: int, rules: tuple[Rule, ...] | None = None
) -> tuple[ReplyDue, ...]:
    """What the recipients of a message owe it, by rule and recipient.

    Parameters
    ----------
    record
        The record of the line.
    place
        A message's party and place in its chain.
    at
        The instant for which time left is told.
    rules
        The table; the one that detente comes with where none is given.
    """
    slip = record.messages[place].slip
    rules = starting_rules() if rules is None else rules
    held = [each for each in rules if each.form == slip.form and _in_thread(record, slip, each)]
    return tuple(_due(record, place, at, rule, party) for rule in held for party in slip.to)


def all_dues(
    record: Record, at: int, rules: tuple[Rule, ...] | None = None
) -> tuple[ReplyDue, ...]:
    """What all messages are owed: what ends first stands first, what has not begun last."""
    found = [due for place in record.messages for due in dues(record, place, at, rules)]
    return tuple(sorted(found, key=_order))


def _order(due: ReplyDue) -> tuple[bool, int, str, str, str]:
    return due.ends is None, due.ends or 0, due.number, due.party, due.rule


def _in_thread(record: Record, slip: Slip, rule: Rule) -> bool:
    """Whether the rule asks for no thread, or a message that this one answers is of its form."""
    return not rule.thread or any(each.form == rule.thread for each in _answered(record, slip))


def _answered(record: Record, slip: Slip) -> Iterator[Slip]:
    """The messages that this one answers, the nearest first; each once, if they go in a ring."""
    seen = {slip.number}
    while slip.answers in record.by_number and slip.answers not in seen:
        slip = record.messages[record.by_number[slip.answers]].slip
        seen.add(slip.number)
        yield slip


def _due(record: Record, place: Place, at: int, rule: Rule, party: str) -> ReplyDue:
    slip = record.messages[place].slip
    stored = record.said(place, party).get("stored")
    done = _answer(record, slip, party) if rule.told_by == "answer" else None
    begins = None if stored is None else stored.at
    span = None if begins is None else Deadline(rule.id, begins, rule.hours * HOUR)
    state = _state(span, done, at, rule)
    runs = span is not None and done is None
    return ReplyDue(
        rule=rule.id,
        act=rule.act,
        number=slip.number,
        party=party,
        state=state,
        begins=begins,
        ends=None if span is None else span.ends,
        done=done,
        left=span.left(at) if span is not None and runs else 0,
        over=span.overdue(at) if span is not None and runs else 0,
        source=rule.source,
        status=rule.status,
    )


def _state(span: Deadline | None, done: int | None, at: int, rule: Rule) -> DueState:
    if done is not None:
        return "late" if span is not None and span.overdue(done) else "met"
    if span is None:
        return "not-begun"
    if not span.overdue(at):
        return "open"
    return "overdue" if rule.told_by == "answer" else "not-told"


def _answer(record: Record, slip: Slip, party: str) -> int | None:
    """When a recipient first answered, as it claimed.

    It counts here also where the receipts that should precede it are not in the record.
    """
    place = record.answer(party, slip.number)
    return None if place is None else record.sent_at[place]


# --- expiry -------------------------------------------------------------------------------------


def is_expired(slip: Slip, at: int) -> bool:
    """Whether a message has expired; one without an end never does."""
    return bool(slip.expires) and at >= slip.expires
