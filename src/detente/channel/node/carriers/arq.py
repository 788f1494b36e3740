"""Whole blobs over a byte stream that loses and changes bytes: selective repeat, in frames.

Theory of operation
-------------------
A blob is compressed and cut into pieces of `PIECE` bytes. Each travels in a frame: a zero byte, the
frame in COBS (Cheshire and Baker 1999: a coding without zero bytes), a zero byte. So a reader finds
the next frame after any noise. A frame is

    kind (1) | blob (4) | index (2) | count (2) | piece | CRC-32 (4)

``blob`` is the CRC-32 of the compressed blob, so that the very same blob goes on where it stopped,
whichever side started anew meanwhile. The sender sends all pieces that it does not know to have
arrived, then *asks*; the answer names what is missing, as a bitmap, and those are sent again. An
answer counts only if it repeats the number of a question asked since, so no earlier one is. A
question without answer is asked again, ever more slowly up to `LONGEST_ASK_MS`: through an outage
of hours nothing is lost but time. Both directions are independent.

A full frame of 13 + 180 bytes takes 196 on the line: 9 % for framing, beside what loss repeats.
Nothing here reads a clock or a line: bytes and milliseconds in, bytes out.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

from detente.ground.errors import UsageError

PIECE = 180
MOST_PIECES = 1_400  # so that a bitmap of all fits a frame
MOST_BLOB = 4_194_304
LEAST_ASK_MS, LONGEST_ASK_MS = 400, 30_000
BITS_A_BYTE = 10  # start bit, eight, stop bit
_HEAD = struct.Struct(">BIHH")
_CRC = struct.Struct(">I")
_DATA, _ASK, _ANSWER = 1, 2, 3
_MOST_FRAME = _HEAD.size + PIECE + _CRC.size
_MOST_CODED = _MOST_FRAME + 2
_REMEMBERED = 32  # blobs that arrived, so that a late question is still answered


@dataclass(frozen=True)
class Frame:
    """One frame: what it is, of which blob, which piece of how many (or question), and bytes."""

    kind: int
    blob: int
    index: int
    count: int
    body: bytes = b""


def write_frame(frame: Frame) -> bytes:
    """The bytes of a frame on the line."""
    raw = _HEAD.pack(frame.kind, frame.blob, frame.index, frame.count) + frame.body
    return b"\0" + cobs(raw + _CRC.pack(zlib.crc32(raw))) + b"\0"


def read_frame(coded: bytes) -> Frame | None:
    """The frame in the bytes between two zeros; None where they are not a whole one."""
    raw = uncobs(coded)
    if not _HEAD.size + _CRC.size <= len(raw) <= _MOST_FRAME:
        return None
    if zlib.crc32(raw[: -_CRC.size]) != _CRC.unpack(raw[-_CRC.size :])[0]:
        return None
    kind, blob, index, count = _HEAD.unpack_from(raw)
    if kind not in {_DATA, _ASK, _ANSWER} or not 0 < count <= MOST_PIECES:
        return None
    if kind == _DATA and index >= count:
        return None
    return Frame(kind, blob, index, count, raw[_HEAD.size : -_CRC.size])


def cobs(data: bytes) -> bytes:
    r"""The data without zero bytes; `uncobs` reads it. Up to 254 bytes grow by one.

    >>> cobs(bytes([5, 0, 0, 7]))
    b'\x02\x05\x01\x02\x07'
    """
    coded = bytearray()
    for block in data.split(b"\0"):
        for first in range(0, max(len(block), 1), 254):
            piece = block[first : first + 254]
            coded += bytes([len(piece) + 1]) + piece
        if block and len(block) % 254 == 0:
            coded.append(1)  # a full block stands for no zero
    return bytes(coded)


def uncobs(coded: bytes) -> bytes:
    """The data that `cobs` coded; empty, or whatever comes out, of bytes that it did not write."""
    data, at = bytearray(), 0
    while at < len(coded):
        length = max(coded[at], 1)
        if at + length > len(coded):
            return b""
        data += coded[at + 1 : at + length]
        at += length
        if length < 255 and at < len(coded):
            data.append(0)
    return bytes(data)


def inflate(data: bytes) -> bytes:
    """The blob that was compressed; empty where it is none or larger than `MOST_BLOB`."""
    reader = zlib.decompressobj()
    try:
        blob = reader.decompress(data, MOST_BLOB)
    except zlib.error:
        return b""
    return blob if reader.eof and not reader.unused_data else b""


@dataclass
class _Coming:
    """A blob on its way in: its pieces so far, by index."""

    blob: int
    count: int
    pieces: dict[int, bytes] = field(default_factory=dict)


class Outgoing:
    """The blob on its way out: which pieces to send now, and when to ask what arrived."""

    def __init__(self, data: bytes) -> None:
        self.pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
        self.blob = zlib.crc32(data)
        self.to_send = list(range(len(self.pieces)))
        self.missing = set(self.to_send)
        self.question = 0
        self.asked: set[int] = set()  # questions since the last piece was sent
        self.ask_at: int | None = None
        self.ask_ms = 0

    def frame(self, ms: int, least_ask_ms: int) -> Frame | None:
        """The next frame to send, if one is due."""
        count = len(self.pieces)
        if self.to_send:
            index = self.to_send.pop(0)
            self.ask_at, self.ask_ms = ms, least_ask_ms
            self.asked.clear()
            return Frame(_DATA, self.blob, index, count, self.pieces[index])
        if self.ask_at is not None and ms >= self.ask_at:
            self.question = (self.question + 1) % 65_536
            self.asked.add(self.question)
            self.ask_at = ms + self.ask_ms
            self.ask_ms = min(self.ask_ms * 3 // 2, LONGEST_ASK_MS)
            return Frame(_ASK, self.blob, self.question, count)
        return None

    def heed(self, answer: Frame) -> None:
        """Learn what is still missing there, where it is the answer to the last question."""
        if answer.blob != self.blob or answer.count != len(self.pieces):
            return
        if answer.body == b"":
            self.missing.clear()
        elif answer.index in self.asked and not self.to_send:
            bits = int.from_bytes(answer.body, "big")
            self.missing = {at for at in range(answer.count) if bits >> at & 1}
            self.to_send = sorted(self.missing)


class Arq:
    """One end of the line: `send` a blob, `feed` what comes, and put out what `frame` gives."""

    def __init__(self, bit_rate: int) -> None:
        if not 50 <= bit_rate <= 10_000_000:
            raise UsageError(f"A line of {bit_rate} bit/s is not of 50 to 10,000,000.")
        self._bit_rate = bit_rate
        self._buffer = bytearray()
        self._outgoing: Outgoing | None = None
        self._coming: _Coming | None = None
        self._arrived: dict[int, None] = {}
        self._answers: dict[int, Frame] = {}
        self._free_at = 0
        self.heard_ms: int | None = None

    def wire_ms(self, size: int) -> int:
        """How long so many bytes take on the line."""
        return -(-size * BITS_A_BYTE * 1_000 // self._bit_rate)

    @property
    def is_free(self) -> bool:
        """Whether it can take a blob to send."""
        return self._outgoing is None

    def send(self, blob: bytes) -> bool:
        """Send a blob; False where it is longer than the line takes, even compressed."""
        data = zlib.compress(blob, 9)
        if len(data) > PIECE * MOST_PIECES or len(blob) > MOST_BLOB:
            return False
        self._outgoing = Outgoing(data)
        return True

    def frame(self, ms: int) -> bytes:
        """What to put on the line now; empty while the last frame is still on its way."""
        if ms < self._free_at:
            return b""
        raw = b""
        if self._answers:
            raw = write_frame(self._answers.pop(next(iter(self._answers))))
        elif self._outgoing is not None:
            size = 2 * (_HEAD.size + _CRC.size) + len(self._outgoing.pieces) // 8
            least_ask_ms = LEAST_ASK_MS + self.wire_ms(size)
            frame = self._outgoing.frame(ms, least_ask_ms)
            raw = b"" if frame is None else write_frame(frame)
        self._free_at = ms + self.wire_ms(len(raw))
        return raw

    def next_ms(self, ms: int) -> int:
        """When to ask for the next frame, if nothing comes before."""
        if self._answers:
            return max(ms, self._free_at)
        out = self._outgoing
        if out is None:
            return ms + LONGEST_ASK_MS
        due = ms if out.to_send or out.ask_at is None else out.ask_at
        return max(due, self._free_at)

    def feed(self, data: bytes, ms: int) -> list[bytes]:
        """Take in bytes from the line; the blobs that became whole by them."""
        whole: list[bytes] = []
        *ended, left = (bytes(self._buffer) + data).split(b"\0")
        # What is longer than a frame without a zero is noise, up to the next one.
        self._buffer[:] = left[: _MOST_CODED + 1]
        for coded in ended:
            frame = read_frame(coded) if len(coded) <= _MOST_CODED else None
            if frame is not None:
                self.heard_ms = ms
                whole += self._take(frame)
        return whole

    def _take(self, frame: Frame) -> list[bytes]:
        if frame.kind == _ANSWER:
            if self._outgoing is not None:
                self._outgoing.heed(frame)
                if not self._outgoing.missing:
                    self._outgoing = None
            return []
        if frame.blob in self._arrived:
            self._answer(frame, b"")
            return []
        if self._coming is None or (self._coming.blob, self._coming.count) != (
            frame.blob,
            frame.count,
        ):
            self._coming = _Coming(frame.blob, frame.count)
        if frame.kind == _ASK:
            self._answer(frame, _bitmap(self._coming))
            return []
        self._coming.pieces[frame.index] = frame.body
        return self._ended(frame)

    def _ended(self, frame: Frame) -> list[bytes]:
        """The blob, if this frame was the last that was missing."""
        coming = self._coming
        if coming is None or len(coming.pieces) < coming.count:
            return []
        self._coming = None
        data = b"".join(coming.pieces[at] for at in range(coming.count))
        if zlib.crc32(data) != coming.blob:  # a changed frame passed its own check: all again
            return []
        self._arrived[coming.blob] = None
        if len(self._arrived) > _REMEMBERED:
            del self._arrived[next(iter(self._arrived))]
        self._answer(frame, b"")
        blob = inflate(data)
        return [blob] if blob else []

    def _answer(self, frame: Frame, missing: bytes) -> None:
        """Answer a question, or say unasked that all has arrived."""
        self._answers[frame.blob] = Frame(_ANSWER, frame.blob, frame.index, frame.count, missing)
        if len(self._answers) > _REMEMBERED:
            del self._answers[next(iter(self._answers))]


def _bitmap(coming: _Coming) -> bytes:
    bits = sum(1 << at for at in range(coming.count) if at not in coming.pieces)
    return bits.to_bytes((bits.bit_length() + 7) // 8, "big")
