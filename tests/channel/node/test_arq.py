"""The serial line's protocol under loss and noise, in simulated time."""

import random
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.node.carriers.arq import (
    MOST_BLOB,
    MOST_PIECES,
    PIECE,
    Arq,
    Frame,
    cobs,
    inflate,
    read_frame,
    uncobs,
    write_frame,
)
from detente.channel.protocol.intake import receive
from detente.channel.protocol.items import take
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import due, make
from detente.channel.protocol.own import tick
from detente.channel.protocol.state import Moment
from detente.channel.simulator.drafts import Draft
from detente.channel.simulator.parties import cast
from detente.ground.errors import UsageError
from detente.ground.forms.model import Header
from detente.ground.forms.model import Message as Form
from detente.ground.forms.plain import as_plain

from .memory import memory_store

RATE = 1_200
AT = 1_795_893_365


def drawn(seed):
    return random.Random(seed)  # noqa: S311 - chance, not a secret


class Line:
    """Two ends and what is between them: frames are lost, bits flip, and it may be out."""

    def __init__(self, chance, *, loss=0.0, flips=0.0, out=()):
        self.ends = (Arq(RATE), Arq(RATE))
        self.ms, self.bytes = 0, [0, 0]
        self._chance, self._loss, self._flips, self._out = chance, loss, flips, out
        self._on_way = []

    def step(self, most_ms=60_000):
        """Go on to when something happens, at most so far; what came whole at each end."""
        due = [end.next_ms(self.ms) for end in self.ends] + [each[0] for each in self._on_way]
        self.ms = min(max(min(due), self.ms + 1), self.ms + most_ms)
        for side, end in enumerate(self.ends):
            raw = end.frame(self.ms)
            if raw:
                self.bytes[side] += len(raw)
                self._on_way.append((self.ms + end.wire_ms(len(raw)), 1 - side, self._spoilt(raw)))
        came = ([], [])
        arrived = [each for each in self._on_way if each[0] <= self.ms]
        self._on_way = [each for each in self._on_way if each[0] > self.ms]
        for _, side, raw in arrived:
            came[side].extend(self.ends[side].feed(raw, self.ms))
        return came

    def _spoilt(self, raw):
        if self._chance.random() < self._loss or any(a <= self.ms < b for a, b in self._out):
            return b""
        data = bytearray(raw)
        for bit in range(8 * len(data) if self._flips else 0):
            if self._chance.random() < self._flips:
                data[bit // 8] ^= 1 << bit % 8
        return bytes(data)


def carry(line, blob, *, most_ms=3_600_000):
    assert line.ends[0].send(blob)
    whole = []
    while not line.ends[0].is_free or not whole:
        whole += line.step()[1]
        assert line.ms < most_ms
    return whole


# --- frames -----------------------------------------------------------------------------------


@given(st.binary(max_size=700))
def test_cobs_has_no_zero_and_reads_back(data):
    coded = cobs(data)
    assert 0 not in coded
    assert uncobs(coded) == data
    assert len(coded) <= len(data) + 1 + len(data) // 254


def test_cobs_of_its_paper():
    """Cheshire and Baker 1999, figure 3."""
    plain = bytes.fromhex("450000 2c4c790000 4006 4f37")
    assert cobs(plain).hex() == "024501042c4c79010540064f37"


@given(st.binary(max_size=PIECE), st.integers(0, MOST_PIECES - 1))
def test_a_frame_reads_back_and_no_flipped_bit_passes(body, index):
    frame = Frame(1, 2**32 - 1, index, MOST_PIECES, body)
    raw = write_frame(frame)
    assert len(raw) <= 200
    assert read_frame(raw[1:-1]) == frame
    for bit in range(8, 8 * (len(raw) - 1), 7):
        spoilt = bytearray(raw)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert [read_frame(part) for part in bytes(spoilt)[1:-1].split(b"\0")].count(None) >= 1
        assert frame not in [read_frame(part) for part in bytes(spoilt)[1:-1].split(b"\0")]


@given(st.lists(st.binary(max_size=600), max_size=12))
def test_no_bytes_break_an_end_or_fill_its_memory(chunks):
    end = Arq(RATE)
    end.send(b"x" * 500)
    for ms, chunk in enumerate(chunks):
        assert end.feed(chunk, ms) == []
        end.frame(ms * 10_000)
        assert len(end._buffer) < 300


frames = st.builds(
    Frame,
    st.sampled_from([1, 2, 3]),
    st.integers(0, 3),
    st.integers(0, 65_535),
    st.integers(1, MOST_PIECES),
    st.binary(max_size=PIECE),
)


@given(st.lists(frames, max_size=40))
def test_no_frames_break_an_end_or_fill_its_memory(sent):
    end = Arq(RATE)
    end.send(b"x" * 500)
    for ms, frame in enumerate(sent):
        end.feed(write_frame(frame), ms)
        end.frame(ms * 10_000)
        held = end._coming.pieces if end._coming else {}
        assert len(held) <= MOST_PIECES
        assert len(end._answers) + len(end._arrived) <= 66


def test_what_inflates_too_far_is_nothing():
    assert inflate(zlib.compress(b"x" * 1_000)) == b"x" * 1_000
    assert inflate(zlib.compress(bytes(MOST_BLOB + 1))) == b""
    assert inflate(b"no zlib") == inflate(zlib.compress(b"x" * 1_000)[:-1]) == b""


def test_what_is_too_long_or_too_slow_is_refused():
    end = Arq(RATE)
    assert not end.send(drawn(1).randbytes(PIECE * MOST_PIECES))
    assert end.is_free
    assert end.send(bytes(PIECE * MOST_PIECES))
    with pytest.raises(UsageError, match="0 bit/s"):
        Arq(0)


# --- blobs ------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(1, 3_000), st.sampled_from([0.0, 0.3, 0.6]))
def test_a_blob_arrives_once_and_as_it_was(seed, size, loss):
    chance = drawn(seed)
    blob = chance.randbytes(size)
    assert carry(Line(chance, loss=loss), blob) == [blob]


def test_a_quiet_line_carries_with_little_more_than_its_framing():
    chance = drawn(2)
    blob = chance.randbytes(20_000)
    line = Line(chance)
    carry(line, blob)
    assert sum(line.bytes) / len(blob) < 1.10
    assert line.ms / 1_000 < 1.12 * len(blob) * 10 / RATE


def test_flipped_bits_are_repeated():
    chance = drawn(3)
    blob = chance.randbytes(4_000)
    assert carry(Line(chance, flips=2e-4), blob) == [blob]


def test_a_blob_goes_on_after_an_outage_of_six_hours():
    chance = drawn(4)
    blob = chance.randbytes(6_000)
    line = Line(chance, loss=0.3, out=[(20_000, 21_620_000)])
    assert carry(line, blob, most_ms=30_000_000) == [blob]
    assert 21_620_000 < line.ms < 21_620_000 + 150_000
    assert line.bytes[0] < 4 * len(blob) + 720 * 23  # asked twice a minute meanwhile


def test_a_new_start_of_either_end_only_costs_what_it_held():
    chance = drawn(5)
    blob = chance.randbytes(4_000)
    line = Line(chance, loss=0.1)
    line.ends[0].send(blob)
    while line.ms < 20_000:
        line.step()
    line.ends = (Arq(RATE), line.ends[1])  # the sender starts anew with the same bundle
    assert carry(line, blob) == [blob]
    before = line.bytes[0]
    line.ends = (Arq(RATE), line.ends[1])  # and once more, after all had arrived
    line.ends[0].send(blob)
    while not line.ends[0].is_free:
        assert line.step() == ([], [])
    assert line.bytes[0] - before < 6_000


# --- the whole way ----------------------------------------------------------------------------


class Side:
    def __init__(self, made, party):
        self.store = memory_store()
        chance = np.random.default_rng(ord(party[0]))
        self.store.write(made.found(party, chance.bytes, AT), AT)
        self.node, step = load(
            made.identity(party), made.agreement, self.store.held(), self.store, chance.bytes
        )
        self.store.write(step, AT)
        self.events = []

    def do(self, step, ms):
        self.store.write(step, AT)
        self.node.unwritten.clear()
        self.events += [(ms, each) for each in step.events]


def notice(made, number):
    """The item of a form whose text has 2 KiB."""
    header = Header(number, "routine", "AAA", ("BBB",), AT, "en")
    values = {"level": "experts", "manner": "by_voice", "proposed": AT + 86_400}
    subject = drawn(number).randbytes(900).hex()[:1_764]
    draft = Draft(Form(header, "meeting-request", 1, values | {"subject": subject}), bytes(16))
    assert len(draft.text) == 2_048
    return made.draft(draft.slip(made.agreement.line), as_plain(draft.form), draft.salt)


def test_a_notice_of_2_kib_and_its_receipt_over_1200_bits_with_30_per_cent_loss():
    made = cast(np.random.default_rng(1), test_every=86_400)
    sides = [Side(made, "AAA"), Side(made, "BBB")]
    line = Line(drawn(6), loss=0.3, flips=2e-5)
    names = ("AAA", "BBB")
    for side in sides:
        side.node.links[names[1 - sides.index(side)]].patience_ms = 600_000
    began, ticked, numbers = None, 0, []
    while sum(each.kind == "stored" for _, each in sides[0].events) < 3:
        assert line.ms < 3_600_000
        moment = Moment(AT + line.ms // 1_000, line.ms)
        if began is None and all(side.node.standing == "open" for side in sides):
            began, sent = line.ms, list(line.bytes)
        if began is not None and len(numbers) < 3:
            numbers.append(f"AAA-2026-{len(numbers) + 1:04}")
            item = notice(made, numbers[-1])
            number = sides[0].store.queue(item)
            sides[0].do(take(sides[0].node, number, item, moment), line.ms)
        for at, side in enumerate(sides):
            other = names[1 - at]
            if line.ms // 1_000 > ticked:
                side.do(tick(side.node, moment, "Test."), line.ms)
            if line.ends[at].is_free and other in due(side.node, moment):
                line.ends[at].send(make(side.node, other, moment, most_bytes=8_192))
        ticked = line.ms // 1_000
        for side, blobs in zip(sides, line.step(1_000), strict=True):
            for blob in blobs:
                side.do(receive(side.node, blob, Moment(AT, line.ms)), line.ms)
    shown = [each.number for _, each in sides[1].events if each.kind == "message"]
    stored = [(ms, each.number) for ms, each in sides[0].events if each.kind == "stored"]
    assert shown == numbers == [number for _, number in stored]
    strange = {"refused", "irregular", "draft refused"}
    assert not any(each.kind in strange for side in sides for _, each in side.events)
    minutes = [(ms - began) / 60_000 for ms, _ in stored]
    assert minutes[0] < 3
    assert minutes[-1] < 6
    spent = [after - before for after, before in zip(line.bytes, sent, strict=True)]
    assert sum(spent) < 3 * 3 * 4_000  # three envelopes of 4 kB: three times that, both ways
