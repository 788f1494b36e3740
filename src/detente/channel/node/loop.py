"""The loop around the protocol: gather all that waits, write it once, then say it and send it.

One turn takes in every bundle that came, every item that was queued and what the second asks for,
and writes all of it in one transaction. While the disk works, carriers go on reading, so the busier
the line, the more one transaction holds. Only then are events told, bundles acknowledged to their
carriers and new ones made.

If the disk does not take it, nothing of the turn is acknowledged: the protocol's state is dropped
and loaded again from what was written before, after a wait that doubles.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from detente.channel.node import database
from detente.channel.node import home as homes
from detente.channel.node.carriers.carrier import NOT_WRITTEN, Carrier, Verdict
from detente.channel.node.home import Home
from detente.channel.node.notice import Notice, Tell
from detente.channel.protocol.intake import receive
from detente.channel.protocol.items import take
from detente.channel.protocol.load import load
from detente.channel.protocol.outgoing import due, make
from detente.channel.protocol.own import tick
from detente.channel.protocol.state import Moment, Node
from detente.channel.step import Step
from detente.channel.store import Store
from detente.ground.errors import StoreError

POLL_S = 0.1
TICK_MS = 1_000
RETRY_S, LONGEST_RETRY_S = 0.5, 60.0
MOST_WAITING = 8_388_608  # bytes of bundles that wait for their turn
_TURN_BYTES = 2_097_152
_TURN_ITEMS = 256
_LONGEST_SOCKET_NAME = 100

Clock = Callable[[], Moment]
TestText = Callable[[Moment], str]


def plain_text(_: Moment) -> str:
    """What a test message says where nobody chose better words."""
    return "Test."


async def run(
    home: Home,
    carriers: Sequence[Carrier],
    *,
    tell: Tell,
    moment: Clock,
    test_text: TestText = plain_text,
    stop: asyncio.Event | None = None,
) -> None:
    """Run the node of a folder until SIGTERM, SIGINT or ``stop``.

    Parameters
    ----------
    carriers
        In order of preference: a bundle goes by the first that is ready for its party.
    tell
        Called with each event and notice, in order, once what it tells of is on the disk.
    moment
        The clock (`clock.moment`).
    test_text
        The words of the next test message.

    Raises
    ------
    UsageError
        The folder is on no line, or another node runs on it.
    StoreError
        The folder cannot be used at all.
    """
    stop = stop or asyncio.Event()
    with home.held():
        running = Running(home, carriers, tell, moment, test_text)
        _heed_signals(stop, running)
        try:
            await running.serve(stop)
        finally:
            running.close()


def _heed_signals(stop: asyncio.Event, running: Running) -> None:
    def end() -> None:
        stop.set()
        running.wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        # Not in every thread, not on every system: there the caller sets ``stop``.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(number, end)


class Running:
    """A node at work: the protocol's state, its store, and what waits for the next turn."""

    def __init__(
        self,
        home: Home,
        carriers: Sequence[Carrier],
        tell: Tell,
        moment: Clock,
        test_text: TestText = plain_text,
    ) -> None:
        self.home = home
        self.identity = homes.identity(home)
        self.agreement = homes.agreement(home)
        self._carriers = tuple(carriers)
        self._tell = tell
        self._moment = moment
        self._test_text = test_text
        self._woken = asyncio.Event()
        self._room = asyncio.Event()
        self._inbox: deque[tuple[bytes, asyncio.Future[Verdict]]] = deque()
        self._waiting_bytes = 0
        self._connection: sqlite3.Connection | None = None
        self._is_failing = False
        self.start()

    # --- the desk that carriers see -----------------------------------------------------------

    async def bring(self, raw: bytes) -> asyncio.Future[Verdict]:
        """Hand in a bundle that came; returns once there is room for the next one."""
        while self._waiting_bytes > MOST_WAITING:
            self._room.clear()
            await self._room.wait()
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._inbox.append((raw, verdict))
        self._waiting_bytes += len(raw)
        self._woken.set()
        return verdict

    def reached(self, party: str) -> None:
        """What this party was offered may be lost: offer it again at once."""
        link = self.node.links[party]
        link.offered.clear()
        link.doublings = 0
        link.hello_at = 0
        self._woken.set()

    def wake(self) -> None:
        """Begin the next turn now."""
        self._woken.set()

    def say(self, notice: Notice) -> None:
        """Tell what happened."""
        self._tell(notice)

    # --- start and end ------------------------------------------------------------------------

    def start(self) -> None:
        """Load the node from its disk; a damaged database is set aside, and that is said."""
        self.close()
        if not self.home.log.exists():
            self.say(Notice("log missing", detail=str(self.home.log)))
        try:
            self._load()
        except database.Damaged as error:
            self.close()
            aside = database.set_aside(self.home.log, self._moment().at)
            self.say(Notice("log set aside", detail=f"{error} It is now {aside.name}."))
            self._load()

    def _load(self) -> None:
        with database.told(self.home.log):
            self._connection = database.open_database(self.home.log)
            self.store = Store(self._connection)
            node, step = load(
                self.identity, self.agreement, self.store.held(), self.store, os.urandom
            )
            self.store.write(step, self._moment().at)
        self.node: Node = node
        node.unwritten.clear()
        self._version = -1
        self._after, self._standing = 0, node.standing
        self._tick_at = self._moment().ms
        for event in step.events:
            self._tell(event)

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            database.close(self._connection)
            self._connection = None

    async def serve(self, stop: asyncio.Event) -> None:
        """Take turn after turn, and run the carriers beside, until ``stop``."""
        bell = await _bell(self)
        tasks = [asyncio.create_task(self._carry(carrier)) for carrier in self._carriers]
        turns = asyncio.create_task(self._turns(stop))
        try:
            await asyncio.wait([turns, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            if bell is not None:
                bell.close()
                self.home.wake.unlink(missing_ok=True)
            stop.set()
            self.wake()
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(turns, *tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _carry(self, carrier: Carrier) -> None:
        """Run a carrier; one that fails is started again, after a wait that doubles."""
        wait_s = RETRY_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await carrier.serve(self)
            except OSError as error:
                self.say(Notice("carrier failed", detail=f"{carrier.name}: {error}."))
            if asyncio.get_running_loop().time() - began > LONGEST_RETRY_S:
                wait_s = RETRY_S
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_RETRY_S)

    # --- a turn -------------------------------------------------------------------------------

    async def _turns(self, stop: asyncio.Event) -> None:
        wait_s = RETRY_S
        while not stop.is_set():
            try:
                await self.turn()
                wait_s = RETRY_S
            except (sqlite3.Error, StoreError) as error:
                self._fail(error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait_s)
                wait_s = min(2 * wait_s, LONGEST_RETRY_S)
                continue
            if not self._inbox and not stop.is_set():
                await self._wait()

    async def _wait(self) -> None:
        timer = asyncio.get_running_loop().call_later(POLL_S, self._woken.set)
        await self._woken.wait()
        timer.cancel()

    def _fail(self, error: Exception) -> None:
        """Say that the disk did not take it, once, and that a new start is needed."""
        if not self._is_failing:
            self.say(Notice("not written", detail=f"{error}."))
        self._is_failing = True

    async def turn(self) -> None:
        """Take in what waits, write it, then say and send what follows from it."""
        if self._is_failing:
            self.start()
            self._is_failing = False
            self.say(Notice("written again"))
        self._woken.clear()
        moment = self._moment()
        step = Step()
        verdicts: list[tuple[asyncio.Future[Verdict], Verdict]] = []
        try:
            self._take_bundles(step, verdicts, moment)
            self._take_items(step, moment)
            self._take_time(step, moment)
            if step.writes or step.events:
                await self._write(step, moment.at)
        except BaseException:
            for future, _ in verdicts:
                _set(future, NOT_WRITTEN)
            raise
        for future, verdict in verdicts:
            _set(future, verdict)
        for event in step.events:
            self._tell(event)
        self._send(self._moment())

    async def _write(self, step: Step, at: int) -> None:
        """Commit in a thread: carriers go on reading while the disk works."""
        await asyncio.to_thread(self.store.write, step, at)
        self.node.unwritten.clear()

    def _take_bundles(
        self, step: Step, verdicts: list[tuple[asyncio.Future[Verdict], Verdict]], moment: Moment
    ) -> None:
        left = _TURN_BYTES
        while self._inbox and left > 0:
            raw, future = self._inbox.popleft()
            left -= len(raw)
            self._waiting_bytes -= len(raw)
            verdicts.append((future, NOT_WRITTEN))
            led_to = receive(self.node, raw, moment)
            verdicts[-1] = (future, _verdict(led_to))
            step.add(led_to)
        self._room.set()

    def _take_items(self, step: Step, moment: Moment) -> None:
        """Take what was queued, by this process or another, up to a turn's worth."""
        if self.node.standing != self._standing:  # what waited for this may go now
            self._after, self._version, self._standing = 0, -1, self.node.standing
        version = self._data_version()
        if version == self._version:
            return
        items = self.store.queued(self._after, _TURN_ITEMS)
        for number, raw in items:
            led_to = take(self.node, number, raw, moment)
            self._after = number
            if led_to is not None:
                step.add(led_to)
        # A full turn's worth may not be all that waits.
        self._version = version if len(items) < _TURN_ITEMS else -1

    def _data_version(self) -> int:
        """What changes whenever another connection has written."""
        assert self._connection is not None
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _take_time(self, step: Step, moment: Moment) -> None:
        if moment.ms >= self._tick_at:
            self._tick_at = moment.ms + TICK_MS
            step.add(tick(self.node, moment, self._test_text(moment)))

    def _send(self, moment: Moment) -> None:
        """Make bundles for the parties that are due one, while a carrier can take them."""
        for party in due(self.node, moment):
            carrier = next((each for each in self._carriers if each.is_ready(party)), None)
            if carrier is None:
                continue
            link = self.node.links[party]
            if carrier.is_whole:
                link.offered.clear()
            link.patience_ms = carrier.patience_ms(carrier.most_bytes)
            carrier.give(party, make(self.node, party, moment, most_bytes=carrier.most_bytes))
            self._woken.set()  # there may be more than one bundle holds


def _verdict(step: Step) -> Verdict:
    """Why a bundle as a whole was refused; empty where it was not."""
    refused = (each for each in step.events if each.kind == "refused" and each.place is None)
    return next((each.detail for each in refused), "")


def _set(future: asyncio.Future[Verdict], verdict: Verdict) -> None:
    if not future.done():
        future.set_result(verdict)


class _Bell(asyncio.DatagramProtocol):
    """Wakes the loop when another program has queued something."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def datagram_received(self, _data: bytes, _from: object) -> None:
        self._running.wake()


async def _bell(running: Running) -> asyncio.DatagramTransport | None:
    """Listen for a program that queued an item; without such sockets the queue is polled."""
    path = str(running.home.wake)
    if not hasattr(socket, "AF_UNIX") or len(path.encode()) > _LONGEST_SOCKET_NAME:
        return None
    running.home.wake.unlink(missing_ok=True)
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        bell.settimeout(0)
        bell.bind(path)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Bell(running), sock=bell)
    except OSError:
        bell.close()
        return None
    return transport
