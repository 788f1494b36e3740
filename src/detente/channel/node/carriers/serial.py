"""A bundle over a serial line, a modem or a radio: `arq` behind a device of the system."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from detente.channel.node.carriers.arq import MOST_BLOB, Arq
from detente.channel.node.carriers.carrier import Desk
from detente.channel.node.notice import Notice
from detente.ground.errors import UsageError

termios: Any
try:
    import termios
    import tty
except ImportError:  # no such devices on this system
    termios = None

REPEATS = 4  # how much longer than by itself a bundle may take on a bad line
_CHUNK = 4_096


@dataclass
class Serial:
    """A carrier over the device at ``path`` to one other party, at ``bit_rate`` in both ways."""

    path: str
    bit_rate: int
    party: str

    name = "serial line"
    most_bytes = 8_192
    is_whole = False

    def __post_init__(self) -> None:
        if termios is None:
            raise UsageError("This system has no serial lines that can be used here.")
        self._arq = Arq(self.bit_rate)
        self._is_open = False
        self._desk: Desk | None = None
        self._ready = asyncio.Event()

    # --- what the loop asks -------------------------------------------------------------------

    def is_ready(self, party: str) -> bool:
        """Whether the line is open and the last bundle has arrived."""
        return self._is_open and party == self.party and self._arq.is_free

    def give(self, _: str, raw: bytes) -> None:
        """Send a bundle."""
        if not self._arq.send(raw) and self._desk is not None:
            self._desk.say(Notice("carrier failed", self.party, f"{self.name}: too long a bundle."))
        self._ready.set()

    def patience_ms(self, size: int) -> int:
        """How long an answer may take: both ways, with repeats."""
        return 5_000 + 2 * REPEATS * self._arq.wire_ms(size)

    async def serve(self, desk: Desk) -> None:
        """Move bytes between the device and the protocol until cancelled."""
        self._desk = desk
        device = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        loop = asyncio.get_running_loop()
        failed: asyncio.Future[None] = loop.create_future()
        arrived: asyncio.Queue[bytes] = asyncio.Queue()
        tasks: list[asyncio.Task[None]] = []
        try:
            _set_up(device, self.bit_rate)
            loop.add_reader(device, self._read, device, arrived, failed)
            self._is_open = True
            desk.reached(self.party)
            work = (self._write(device), self._bring(desk, arrived), _raise(failed))
            tasks += [asyncio.create_task(each) for each in work]
            await asyncio.gather(*tasks)
        finally:
            self._is_open = False
            loop.remove_reader(device)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            os.close(device)

    # --- the device ---------------------------------------------------------------------------

    def _read(
        self, device: int, arrived: asyncio.Queue[bytes], failed: asyncio.Future[None]
    ) -> None:
        try:
            data = os.read(device, _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            data, problem = b"", error
        else:
            problem = OSError("the line was closed")
        if not data:
            asyncio.get_running_loop().remove_reader(device)
            if not failed.done():
                failed.set_exception(problem)
            return
        was_free = self._arq.is_free
        for blob in self._arq.feed(data, self._ms()):
            arrived.put_nowait(blob)
        if self._desk is not None and self._arq.is_free != was_free:
            self._desk.wake()
        self._ready.set()

    async def _write(self, device: int) -> None:
        """Put out frames as fast as the line takes them."""
        while True:
            self._ready.clear()
            rest = self._arq.frame(self._ms())
            while rest:
                try:
                    rest = rest[os.write(device, rest) :]
                except BlockingIOError:
                    await asyncio.sleep(0.02)
            wait_ms = self._arq.next_ms(self._ms()) - self._ms()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), max(wait_ms, 1) / 1_000)

    @staticmethod
    async def _bring(desk: Desk, arrived: asyncio.Queue[bytes]) -> None:
        while True:
            blob = await arrived.get()
            assert len(blob) <= MOST_BLOB
            await desk.bring(blob)

    @staticmethod
    def _ms() -> int:
        return int(asyncio.get_running_loop().time() * 1_000)


async def _raise(failed: asyncio.Future[None]) -> None:
    await failed


def _set_up(device: int, bit_rate: int) -> None:
    """Let every byte through as it is, at that rate where the device has one of that name."""
    if not os.isatty(device):
        return
    try:
        tty.setraw(device)
        modes = termios.tcgetattr(device)
        modes[4] = modes[5] = getattr(termios, f"B{bit_rate}", modes[5])
        modes[2] |= termios.CLOCAL | termios.CREAD
        termios.tcsetattr(device, termios.TCSANOW, modes)
    except termios.error as error:
        raise OSError(str(error)) from error
