from types import SimpleNamespace

import pytest

from detente.channel.deadlines import Rule, all_dues, dues, is_expired, rules_of, starting_rules
from detente.channel.envelope import Head
from detente.channel.message import Message, Slip
from detente.channel.receipts import Act, receipt_body
from detente.channel.record import Record
from detente.ground.errors import CaseError
from detente.ground.text import Marked
from detente.ground.time import HOUR

AT = 1_795_900_000
LINE = "A" * 43


class Told:
    """A record, filled entry by entry."""

    def __init__(self):
        self.record = Record()
        self.sizes = {}

    def take(self, sender, kind, at, body):
        seq = self.sizes.get(sender, 0)
        self.sizes[sender] = seq + 1
        made = SimpleNamespace(
            sender=sender, seq=seq, kind=kind, at=at, body=body, line=LINE, seen=self.seen()
        )
        self.record.take(made, ())
        return sender, seq

    def seen(self):
        return tuple(Head(party, size, LINE) for party, size in self.sizes.items())

    def message(self, number, at, *, form="unusual-activity", to=("BBB",), answers="", drill=0):
        sender = number.split("-")[0]
        slip = Slip(LINE, sender, number, "routine", drill, form, 1, to, at, 0, answers, LINE)
        return self.take(sender, "message", at, Message(slip, ()).as_body())

    def stored(self, by, place, at):
        return self.take(
            by, "receipt", at, receipt_body((Act("stored", place[0], place[1], LINE),))
        )


@pytest.fixture
def told():
    return Told()


def one(told, place, at):
    (found,) = dues(told.record, place, at)
    return found


def test_the_table_has_a_source_and_how_far_it_was_checked_in_every_row():
    """Vienna Document 2011, III/16: the reply was read in the press, the meeting is memory."""
    rows = {each.id: each for each in starting_rules()}
    assert [each.hours for each in rows.values()] == [48, 48]
    assert rows["vd-2011-reply"].status == "second-hand"
    assert rows["vd-2011-meeting"].status == "unverified"
    assert all("chapter III, paragraph 16" in each.source for each in rows.values())


def test_a_reply_runs_from_the_recipients_own_stored_receipt(told):
    place = told.message("AAA-1", AT)
    begun = one(told, place, AT + 90 * HOUR)
    assert (begun.state, begun.begins, begun.ends, begun.left) == ("not-begun", None, None, 0)
    told.stored("BBB", place, AT + 5 * HOUR)
    ends = AT + 53 * HOUR
    found = [one(told, place, at) for at in (AT + 5 * HOUR, ends, ends + 1)]
    assert [each.state for each in found] == ["open", "open", "overdue"]
    assert [each.left for each in found] == [48 * HOUR, 0, 0]
    assert [each.over for each in found] == [0, 0, 1]


@pytest.mark.parametrize(("after", "state"), [(48 * HOUR, "met"), (48 * HOUR + 1, "late")])
def test_an_answer_meets_it_in_time_or_late(told, after, state):
    place = told.message("AAA-1", AT)
    told.stored("BBB", place, AT)
    told.message("BBB-1", AT + after, form="reply", to=("AAA",), answers="AAA-1")
    found = one(told, place, AT + 1_000 * HOUR)
    assert (found.state, found.done, found.left, found.over) == (state, AT + after, 0, 0)


@pytest.mark.parametrize(
    "other", [{"to": ("CCC",)}, {"drill": 1}, {"answers": "AAA-2"}, {"answers": ""}]
)
def test_what_is_no_answer_to_the_sender_meets_nothing(told, other):
    place = told.message("AAA-1", AT)
    told.stored("BBB", place, AT)
    told.message("BBB-1", AT + 1, **{"form": "reply", "to": ("AAA",), "answers": "AAA-1"} | other)
    assert one(told, place, AT + 2).state == "open"


def test_each_recipient_owes_its_own_reply(told):
    place = told.message("AAA-1", AT, to=("BBB", "CCC"))
    told.stored("BBB", place, AT)
    told.stored("CCC", place, AT + HOUR)
    told.message("CCC-1", AT + 2 * HOUR, form="reply", to=("AAA",), answers="AAA-1")
    found = dues(told.record, place, AT + 3 * HOUR)
    assert [(each.party, each.state, each.begins) for each in found] == [
        ("BBB", "open", AT),
        ("CCC", "met", AT + HOUR),
    ]


def test_a_meeting_is_due_only_in_a_thread_of_an_unusual_activity(told):
    alone = told.message("AAA-1", AT, form="meeting-request")
    told.message("AAA-2", AT)
    told.message("BBB-1", AT, form="reply", to=("AAA",), answers="AAA-2")
    after = told.message("AAA-3", AT, form="meeting-request", answers="BBB-1")
    told.stored("BBB", after, AT)
    assert dues(told.record, alone, AT) == ()
    assert [one(told, after, at).state for at in (AT, AT + 49 * HOUR)] == ["open", "not-told"]


def test_messages_that_answer_each_other_in_a_ring_come_to_an_end(told):
    place = told.message("AAA-1", AT, form="meeting-request", answers="BBB-1")
    told.message("BBB-1", AT, form="reply", to=("AAA",), answers="AAA-1")
    assert dues(told.record, place, AT) == ()


def test_all_dues_stand_in_the_order_of_their_ends(told):
    places = [told.message(f"AAA-{place}", AT) for place in (1, 2, 3)]
    told.stored("BBB", places[2], AT)
    told.stored("BBB", places[1], AT + 1)
    assert [each.number for each in all_dues(told.record, AT)] == ["AAA-3", "AAA-2", "AAA-1"]
    rule = Rule("short", "unusual-activity", "reply", 1, "answer", "an agreement", "verified")
    assert {each.rule for each in all_dues(told.record, AT, (rule,))} == {"short"}


def test_a_table_gets_all_its_findings_at_once():
    text = """format: detente/deadlines-1
deadlines:
- {id: a, form: reply, act: reply, hours: 0, told_by: answer, source: s, status: verified}
- {id: a, form: reply, act: dinner, hours: 1, told_by: answer, source: s, status: heard}
- {id: b, form: reply, act: reply, hours: 1, told_by: answer, source: s, status: verified}
- {id: b, form: reply, act: reply, hours: 1, told_by: answer, source: s, status: verified, x: 1}
- {id: b, form: reply, act: reply, hours: 1, told_by: answer, source: s, status: verified}
"""
    with pytest.raises(CaseError) as error:
        rules_of(text, Marked("deadlines.yaml"))
    assert [each.line for each in error.value.findings] == [3, 4, 4, 6, 7]


@pytest.mark.parametrize("text", ["", "[]", "format: detente/deadlines-1", "deadlines: []", "{"])
def test_what_is_no_table_is_told(text):
    with pytest.raises(CaseError):
        rules_of(text, Marked("deadlines.yaml"))


@pytest.mark.parametrize(
    ("expires", "at", "expired"), [(0, AT, False), (AT, AT, True), (AT, AT - 1, False)]
)
def test_a_message_expires_at_its_instant(expires, at, expired):
    slip = Slip(LINE, "AAA", "AAA-1", "routine", 0, "reply", 1, ("BBB",), 0, expires, "", LINE)
    assert is_expired(slip, at) == expired
