"""Bundles over sockets: length and bytes, by TLS 1.3 with certificates known beforehand.

Each side trusts exactly the certificates of the cards that were agreed, and no authority; each
shows its own. Without TLS a socket stays on the loopback. Both first say which line they are of,
and which party; then either side sends bundles at any time, each after its length in four bytes. A
length of zero is a sign of life, so that a dead connection is noticed and another carrier can take
over. Whoever knows the other's address calls, and calls again.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from detente.channel import bundle
from detente.channel.canonical import Malformed, decode, encode
from detente.channel.node.carriers.carrier import Desk
from detente.channel.node.notice import Notice
from detente.channel.take import Fields
from detente.ground.errors import UsageError

MOST_GREETING = 512
GREETING_S = 10.0
ALIVE_S, DEAD_S = 10.0, 35.0
RECALL_S, LONGEST_RECALL_S = 0.2, 30.0
FULL_BYTES = 131_072  # what may wait in a socket before no more bundles are made for it
PATIENCE_MS = 2_000
MOST_STRANGERS = 16
MOST_CONNECTIONS = 4  # with one party
_READ_AHEAD = 1_048_576
_LENGTH = 4


@dataclass(frozen=True)
class Pins:
    """Files of this node's certificate and key, and the others' certificates (DER) by party."""

    certificate_file: str
    key_file: str
    others: Mapping[str, bytes]

    def context(self, *, is_server: bool) -> ssl.SSLContext:
        """A context that shows ours and takes the others' alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if is_server else ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the certificate is known by its bytes, not by a name
        context.verify_mode = ssl.CERT_REQUIRED
        for der in self.others.values():
            context.load_verify_locations(cadata=der)
        context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    def party(self, certificate: bytes | None) -> str:
        """Whose certificate it is; empty where it is nobody's."""
        return next((party for party, der in self.others.items() if der == certificate), "")


@dataclass
class Sockets:
    """A carrier over sockets: where it listens, whom it calls, and who is connected.

    ``listen`` is host and port, port 0 for any; ``calls`` gives host and port by party. Without
    ``pins`` there is no TLS, and every address must be on the loopback.
    """

    line: str
    me: str
    others: tuple[str, ...]
    listen: tuple[str, int] | None = None
    calls: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    pins: Pins | None = None

    name = "sockets"
    most_bytes = 524_288
    is_whole = False

    def __post_init__(self) -> None:
        self._writers: dict[str, list[asyncio.StreamWriter]] = {}
        self._draining: set[asyncio.Task[None]] = set()
        self._desk: Desk | None = None
        self._strangers = 0
        self.port = 0
        addresses = [*self.calls.values(), *([self.listen] if self.listen else [])]
        if self.pins is None and not all(is_loopback(host) for host, _ in addresses):
            raise UsageError("Without TLS a socket stays on the loopback: 127.0.0.1 or ::1.")

    # --- what the loop asks -------------------------------------------------------------------

    def is_ready(self, party: str) -> bool:
        """Whether the party is connected and what it was sent before has mostly left."""
        writer = self._writer(party)
        return writer is not None and writer.transport.get_write_buffer_size() < FULL_BYTES

    def give(self, party: str, raw: bytes) -> None:
        """Send a bundle."""
        writer = self._writer(party)
        assert writer is not None
        writer.write(len(raw).to_bytes(_LENGTH, "big"))
        writer.write(raw)
        if writer.transport.get_write_buffer_size() >= FULL_BYTES:
            task = asyncio.create_task(self._drain(writer))
            self._draining.add(task)
            task.add_done_callback(self._draining.discard)

    def _writer(self, party: str) -> asyncio.StreamWriter | None:
        """The newest connection with a party that is open."""
        writers = reversed(self._writers.get(party, []))
        return next((each for each in writers if not each.transport.is_closing()), None)

    async def _drain(self, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await writer.drain()
        if self._desk is not None:
            self._desk.wake()

    def patience_ms(self, _: int) -> int:
        """How long an answer may take."""
        return PATIENCE_MS

    async def serve(self, desk: Desk) -> None:
        """Listen and call until cancelled."""
        self._desk = desk
        server = await self._open(desk)
        tasks = [asyncio.create_task(self._call(desk, party)) for party in self.calls]
        try:
            await asyncio.gather(asyncio.Event().wait(), *tasks)
        finally:
            for task in (*tasks, *self._draining):
                task.cancel()
            if server is not None:
                server.close()
            for writer in [each for writers in self._writers.values() for each in writers]:
                writer.transport.abort()
            await asyncio.gather(*tasks, return_exceptions=True)

    # --- connections --------------------------------------------------------------------------

    async def _open(self, desk: Desk) -> asyncio.Server | None:
        if self.listen is None:
            return None

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.CancelledError):  # the end of the loop, not of this connection
                await self._answer(desk, reader, writer)

        context = self.pins.context(is_server=True) if self.pins else None
        host, port = self.listen
        server = await asyncio.start_server(
            answer, host, port, ssl=context, limit=_READ_AHEAD, **self._handshake
        )
        self.port = server.sockets[0].getsockname()[1]
        desk.say(Notice("listening", detail=f"{host}:{self.port}"))
        return server

    @property
    def _handshake(self) -> dict[str, float]:
        return {"ssl_handshake_timeout": GREETING_S} if self.pins else {}

    async def _call(self, desk: Desk, party: str) -> None:
        """Call a party, and call again whenever the connection ends, after a wait that doubles."""
        wait_s = RECALL_S
        context = self.pins.context(is_server=False) if self.pins else None
        host, port = self.calls[party]
        while True:
            if self._writer(party) is None:
                with suppress(OSError, TimeoutError):
                    opened = asyncio.open_connection(
                        host, port, ssl=context, limit=_READ_AHEAD, **self._handshake
                    )
                    reader, writer = await asyncio.wait_for(opened, GREETING_S)
                    if await self._talk(desk, reader, writer, party):
                        wait_s = RECALL_S
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_RECALL_S)

    async def _answer(
        self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        peer = writer.get_extra_info("peername")
        is_strange = self.pins is None and not (peer and is_loopback(peer[0]))
        if is_strange or self._strangers >= MOST_STRANGERS:
            writer.transport.abort()
            return
        await self._talk(desk, reader, writer, "")

    async def _talk(
        self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, party: str
    ) -> bool:
        """Greet, then take bundles until the connection ends; whether the other side greeted."""
        self._strangers += 1
        try:
            came = await asyncio.wait_for(self._greet(reader, writer, party), GREETING_S)
        except (OSError, EOFError, TimeoutError, Malformed) as error:
            writer.transport.abort()
            if isinstance(error, Malformed):
                desk.say(Notice("carrier failed", party, f"{self.name}: {error}"))
            return False
        finally:
            self._strangers -= 1
        # Both may have called at once, so neither connection ends the other; the newest is used.
        writers = self._writers.setdefault(came, [])
        if self._writer(came) is None:
            desk.say(Notice("connected", came))
        writers.append(writer)
        if len(writers) > MOST_CONNECTIONS:
            writers[0].transport.abort()
        writer.transport.set_write_buffer_limits(high=FULL_BYTES)
        desk.reached(came)
        signs = asyncio.create_task(self._live(writer))
        try:
            with suppress(OSError, EOFError, TimeoutError):
                await self._take(desk, reader)
        finally:
            signs.cancel()
            writer.transport.abort()
            writers.remove(writer)
            if self._writer(came) is None:
                desk.say(Notice("disconnected", came))
        return True

    async def _greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, party: str
    ) -> str:
        """Say who we are and hear who the other is; `Malformed` where it is not one we know."""
        mine = encode({"v": 1, "line": self.line, "from": self.me})
        writer.write(len(mine).to_bytes(_LENGTH, "big") + mine)
        length = int.from_bytes(await reader.readexactly(_LENGTH), "big")
        if length > MOST_GREETING:
            raise Malformed("The greeting is too long.")
        fields = Fields(decode(await reader.readexactly(length)), "greeting")
        fields.number("v", 1, 1)
        line, came = fields.text("line", 43), fields.choice("from", self.others)
        fields.end()
        if line != self.line or (party and came != party):
            raise Malformed("It is another line or party than was called.")
        if self.pins is not None:
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            if self.pins.party(shown) != came:
                raise Malformed(f"It does not show the certificate of {came}.")
        return came

    async def _take(self, desk: Desk, reader: asyncio.StreamReader) -> None:
        """Hand in each bundle that comes; a length that no bundle has ends it."""
        while True:
            length = int.from_bytes(await _read(reader, _LENGTH), "big")
            if length > bundle.MAX_BYTES:
                raise EOFError
            if length:
                await desk.bring(await _read(reader, length))

    async def _live(self, writer: asyncio.StreamWriter) -> None:
        """Give a sign of life now and then."""
        while not writer.transport.is_closing():
            await asyncio.sleep(ALIVE_S)
            if writer.transport.get_write_buffer_size() == 0:
                writer.write(bytes(_LENGTH))


async def _read(reader: asyncio.StreamReader, size: int) -> bytes:
    """So many bytes, however slowly they come; `TimeoutError` once none come any more."""
    parts = []
    while size:
        part = await asyncio.wait_for(reader.read(size), DEAD_S)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by its number or as ``localhost``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
