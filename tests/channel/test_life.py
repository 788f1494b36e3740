from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from detente.channel.canonical import decode
from detente.channel.envelope import Head
from detente.channel.keys import Agreement, Party
from detente.channel.life import TOLERANCE, colour, sheet, sheet_bytes, sheet_text
from detente.channel.log import Log
from detente.channel.receipts import Act, receipt_body
from detente.channel.record import Record
from detente.channel.results import Direction
from detente.ground.time import DAY, HOUR, month

MONTH = "2026-11"
BEGINS = month(MONTH).begins
ROOT = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
YEAR = 365 * DAY


def entry(sender, seq, kind, at, body):
    """An entry as a log has judged it: what `Log.append` and `Record.take` read of it."""
    raw = f"{sender} {seq} {kind} {at} {body}".encode()
    return SimpleNamespace(
        sender=sender, seq=seq, kind=kind, at=at, body=body, seen=(), raw=raw, digest=str(raw)
    )


class Side:
    """The chains of AAA and BBB, written without keys: life reads slots, places and times alone."""

    def __init__(self, ids=("AAA", "BBB"), every=HOUR):
        parties = tuple(Party(name, name, ROOT) for name in ids)
        self.log = Log(Agreement("Test", parties, (), ("x25519",), (), every))
        self.record = Record()
        self.entries = []

    def take(self, one):
        self.log.append(one, ())
        self.record.take(one, ())
        self.entries.append(one)

    def next(self, sender, kind, at, body):
        one = entry(sender, self.log.chains[sender].size, kind, at, body)
        self.take(one)
        return one

    def test(self, sender, at):
        every = self.log.agreement.test_every
        return self.next(sender, "test", at, {"slot": at // every, "text": "", "notes": []})

    def receipt(self, by, of, at):
        act = Act("stored", of.sender, of.seq, "A" * 43)
        return self.next(by, "receipt", at, receipt_body((act,)))

    def begin(self, party, at):
        body = {"number": 1, "suite": "x25519", "public": ROOT}
        return self.next(party, "epoch", at, body)

    def exchange(self, first, hours, *, without=(), unreceipted=(), delay=30):
        """Tests in so many slots from the hour ``first`` of the month on, receipted."""
        for hour in range(first, first + hours):
            if hour not in without:
                at = BEGINS + hour * HOUR + 60
                ids = self.log.agreement.ids
                sender = ids[(at // HOUR) % len(ids)]
                of = self.test(sender, at)
                for other in ids:
                    if other != sender and hour not in unreceipted:
                        self.receipt(other, of, at + delay)

    def colour(self, hour, me="AAA"):
        return colour(self.log, self.record, BEGINS + hour * HOUR, me)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def side():
    one = Side()
    one.begin("AAA", BEGINS - 5)
    one.begin("BBB", BEGINS - 5)
    return one


# --- the sheet ----------------------------------------------------------------------------------


def test_a_month_with_known_gaps(side):
    """720 hours; even ones are AAA's, as 1970-01-01 00:00Z was even and days have 24 hours."""
    side.exchange(0, 720, without={4, 6, 7}, unreceipted={10, 13, 15})
    late = side.test("AAA", BEGINS + 6 * HOUR + 1)
    side.receipt("BBB", late, BEGINS + 7 * HOUR)
    one = sheet(side.log, side.record, MONTH)
    assert len(one.slots) == 720
    assert one.directions == (
        Direction("AAA", "BBB", due=360, sent=359, receipted=358, late=1),
        Direction("BBB", "AAA", due=360, sent=359, receipted=357, late=0),
    )
    text = sheet_text(one)
    assert max(map(len, text.splitlines())) <= 80
    gaps = [
        line.split("  ", 1)[0] + line[44:] for line in text.splitlines() if "2026-11-01 " in line
    ]
    assert [line for line in text.splitlines() if line.endswith("not sent")] == [
        "AAA      2026-11-01 04:00Z to 2026-11-01 04:00Z     1  not sent",
        "BBB      2026-11-01 07:00Z to 2026-11-01 07:00Z     1  not sent",
    ]
    assert "BBB      2026-11-01 13:00Z to 2026-11-01 15:00Z     2  not stored by AAA" in text
    assert "AAA      2026-11-01 06:00Z to 2026-11-01 06:00Z     1  late at BBB" in text
    assert len(gaps) == 6  # the five runs and the head line
    assert "99.4 %" in text  # 358 of 360, rounded down
    assert "99.1 %" in text  # 357 of 360


def test_counts_are_those_of_a_brute_count(side, rng):
    lost = set(rng.choice(700, 60, replace=False).tolist())
    silent = set(rng.choice(700, 60, replace=False).tolist())
    side.exchange(0, 700, without=lost, unreceipted=silent)
    one = sheet(side.log, side.record, MONTH)
    for place, (sender, to) in enumerate((("AAA", "BBB"), ("BBB", "AAA"))):
        hours = range(place, 720, 2)
        sent = [hour for hour in hours if hour < 700 and hour not in lost]
        heard = [hour for hour in sent if hour not in silent]
        assert one.directions[place] == Direction(sender, to, 360, len(sent), len(heard), 0)


def test_a_sheet_is_80_columns_wide_for_the_longest_ids():
    ids = ("ABCDEFGH", "IJKLMNOP")
    side = Side(ids)
    side.exchange(0, 9, without={3, 4}, unreceipted={5, 6})
    lines = sheet_text(sheet(side.log, side.record, MONTH)).splitlines()
    assert max(map(len, lines)) <= 80
    assert {party for party in ids if any(party in line for line in lines)} == set(ids)


def test_three_parties_take_turns():
    side = Side(("AAA", "BBB", "CCC"))
    side.exchange(0, 30)
    one = sheet(side.log, side.record, MONTH, until=BEGINS + 30 * HOUR)
    assert {(each.due, each.sent, each.receipted) for each in one.directions} == {(10, 10, 10)}
    assert len(one.directions) == 6


def test_sides_that_read_in_another_order_compute_the_same_bytes(side, rng):
    side.exchange(0, 200, without={3, 50, 51}, unreceipted={9})
    other = Side()
    chains = {
        party: [one for one in side.entries if one.sender == party] for party in ("AAA", "BBB")
    }
    while chains["AAA"] or chains["BBB"]:
        party = ("AAA", "BBB")[rng.integers(2)]
        if chains[party]:
            other.take(chains[party].pop(0))
    assert other.log.heads() == side.log.heads()
    ours, theirs = (sheet(each.log, each.record, MONTH) for each in (side, other))
    assert ours == theirs
    assert sheet_bytes(ours) == sheet_bytes(theirs)
    assert decode(sheet_bytes(ours), most=2**20)["heads"][0][1] == ours.heads[0].size


def test_a_sheet_stays_the_same_while_chains_grow(side):
    side.exchange(0, 20)
    until = BEGINS + 20 * HOUR
    before = sheet(side.log, side.record, MONTH, until=until)
    assert [Head(*head.__dict__.values()) for head in before.heads] == list(side.log.heads())
    side.exchange(20, 20)
    assert sheet(side.log, side.record, MONTH, until=until) == before
    assert sheet(side.log, side.record, MONTH, until=until + 59 * 60) == before
    assert sheet(side.log, side.record, MONTH, until=until + HOUR) != before


def test_a_receipt_that_one_side_lacks_shows_in_the_heads(side):
    side.exchange(0, 3)
    of = side.test("BBB", BEGINS + 3 * HOUR)
    before = sheet(side.log, side.record, MONTH)
    side.receipt("AAA", of, BEGINS + 3 * HOUR + 9)
    after = sheet(side.log, side.record, MONTH)
    assert (before.heads[0].size + 1, before.heads[1]) == (after.heads[0].size, after.heads[1])


def test_a_month_that_has_not_begun_has_no_slot(side):
    one = sheet(side.log, side.record, MONTH, until=BEGINS - 9)
    assert (one.slots, one.last - one.first) == ((), -1)
    assert "none due" in sheet_text(one)


# --- the colour ---------------------------------------------------------------------------------


def test_a_line_that_was_never_heard_is_grey_and_after_two_turns_one_calls(side):
    one = side.colour(0.1).parties[0]
    assert (one.colour, one.reasons, one.advice) == ("grey", ("not-heard-yet",), ("watch",))
    later = side.colour(6)
    assert later.colour == "red"  # our own test messages are missing too
    assert later.parties[0].colour == "grey"
    assert later.parties[0].advice == ("call-phone-of-last-resort",)
    assert later.parties[0].since == BEGINS - 5


def test_a_line_that_runs_is_green(side):
    side.exchange(0, 12)
    one = side.colour(12)
    assert (one.colour, one.reasons, one.advice, one.unsent) == ("green", (), (), 0)
    assert one.parties[0].last_test == one.since == BEGINS + 11 * HOUR + 60
    assert one.parties[0].next_test == BEGINS + 14 * HOUR


# AAA sees; BBB's odd slots from 11 on are missing, and each is due 10 minutes after it ended.
@pytest.mark.parametrize(
    ("hour", "missed", "shade"),
    [
        (12, 0, "green"),
        (12 + 1 / 6 - 0.01, 0, "green"),
        (12 + 1 / 6, 1, "amber"),
        (14, 1, "amber"),
        (14 + 1 / 6, 2, "red"),
        (24, 6, "red"),
    ],
)
def test_missed_tests_turn_the_line_amber_and_then_red(side, hour, missed, shade):
    side.exchange(0, 11)
    for own in range(12, int(hour), 2):
        of = side.test("AAA", BEGINS + own * HOUR)
        side.receipt("BBB", of, of.at + 1)  # it hears us, and sends no test message of its own
    one = colour(side.log, side.record, round(BEGINS + hour * HOUR), "AAA").parties[0]
    assert (one.missed, one.colour, one.unreceipted) == (missed, shade, 0)
    assert one.reasons == (("test-missed",) if missed else ())
    assert one.since == (BEGINS + 12 * HOUR if missed else BEGINS + 9 * HOUR + 60)
    assert ("call-phone-of-last-resort" in one.advice) == (shade == "red")


def test_own_tests_that_are_not_receipted_count_likewise(side):
    side.exchange(0, 12, unreceipted={8, 10})
    one = side.colour(12)
    assert (one.colour, one.reasons) == ("red", ("own-test-not-receipted",))
    assert one.parties[0].unreceipted == 2
    assert one.since == BEGINS + 9 * HOUR
    side.receipt("BBB", next(x for x in side.entries if x.at == BEGINS + 10 * HOUR + 60), BEGINS)
    assert side.colour(12).parties[0].unreceipted == 0


def test_a_side_that_sends_none_itself_is_told_so(side):
    side.exchange(0, 12, without={8, 10})
    one = side.colour(12)
    assert (one.colour, one.unsent, one.since) == ("red", 2, BEGINS + 9 * HOUR)
    assert (one.reasons, one.advice) == (("own-test-not-sent",), ("check-own-node",))
    assert one.parties[0].colour == "green"
    assert side.colour(12, "BBB").parties[0].reasons == ("test-missed",)


def test_a_short_slot_is_missed_a_slot_after_it_ended():
    side = Side(every=60)
    side.test("AAA", 0)
    side.test("BBB", 60)
    assert [colour(side.log, side.record, at, "AAA").parties[0].missed for at in (299, 300)] == [
        0,
        1,
    ]


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_the_other_clock_a_year_off_is_said(side, jump):
    side.exchange(0, 12)
    of = side.test("BBB", BEGINS + 13 * HOUR + jump)
    side.receipt("AAA", of, BEGINS + 13 * HOUR + 1)
    own = side.test("AAA", BEGINS + 14 * HOUR)
    side.receipt("BBB", own, BEGINS + 14 * HOUR + 3 + jump)
    one = side.colour(14.5).parties[0]
    assert one.clocks == (jump - 1 if jump > 0 else jump + 3)
    assert "clocks-differ" in one.reasons
    assert "compare-clocks" in one.advice
    assert one.colour in {"amber", "red"}
    back = side.test("BBB", BEGINS + 15 * HOUR)  # its clock is right again
    side.receipt("AAA", back, BEGINS + 15 * HOUR + 1)
    own = side.test("AAA", BEGINS + 16 * HOUR)
    side.receipt("BBB", own, BEGINS + 16 * HOUR + 1)
    assert side.colour(17).colour == "green"


def test_a_slow_carrier_is_no_difference_of_clocks(side):
    side.exchange(0, 12, delay=5 * DAY)
    assert side.colour(12).parties[0].clocks == 0


@pytest.mark.parametrize(("ahead", "said"), [(TOLERANCE, 0), (TOLERANCE + 1, TOLERANCE + 1)])
def test_ten_minutes_are_within_tolerance(side, ahead, said):
    of = side.test("BBB", BEGINS + HOUR + ahead)
    side.receipt("AAA", of, BEGINS + HOUR)
    assert side.colour(1).parties[0].clocks == said


@pytest.mark.parametrize("jump", [YEAR, -YEAR, 50 * YEAR])
def test_our_own_clock_a_year_off_ends_in_a_colour(side, jump):
    side.exchange(0, 12)
    one = colour(side.log, side.record, BEGINS + 12 * HOUR + jump, "AAA")
    assert one.colour == ("red" if jump > 0 else "grey")
    assert (one.parties[0].clocks > 0) == (jump < 0)


def test_another_month_has_other_bytes(side):
    one = sheet(side.log, side.record, MONTH)
    assert sheet_bytes(replace(one, month="2026-12")) != sheet_bytes(one)
