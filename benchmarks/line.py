"""How soon and how many messages are stored on both sides of a line, beside durable peers.

Run from the checkout: ``python benchmarks/line.py``. In one run, on one disk: a bare write of 4 KiB
with fsync and one SQLite commit (WAL, FULL), which bound what any durable thing can do; Redis
streams with ``appendonly yes`` and ``appendfsync always``, durable on one side; NATS JetStream as
Debian's nats-server has it, which acknowledges before the disk; and two nodes of a line in two
processes over TLS on loopback, where *stored* means: sealed and signed, in the sender's log, in the
recipient's log, and the signed receipt in the sender's log again, each with its own fsync. All
messages have the same size. Serial: the next is sent when the last was stored. Grouped: a window of
messages is under way at any time. A peer that is not installed is left out, and that is said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

from detente.channel.canonical import encode, to_text
from detente.channel.message import Message, release, text_of
from detente.channel.node.carriers.parse import parse
from detente.channel.node.clock import moment
from detente.channel.node.home import (
    Home,
    agree,
    agreement,
    agreement_of,
    create,
    officer_key,
    queue,
    reading,
)
from detente.channel.node.loop import run
from detente.channel.node.notice import Notice
from detente.channel.read_text import slip_of
from detente.channel.step import Event
from detente.ground.forms.model import Message as Form
from detente.ground.forms.plain import as_plain
from detente.ground.forms.template import example

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "benchmarks"
SIZE = 2_048
PAGE = 4_096
WINDOW = 256
PASSPHRASE = "a phrase for measuring"  # noqa: S105 - it guards keys that live for a minute


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serial", type=int, default=500, help="messages one after another")
    parser.add_argument("--grouped", type=int, default=10_000, help="messages with a window")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child)
        return
    WORK.mkdir(parents=True, exist_ok=True)
    print(f"load {os.getloadavg()[0]:.2f}, {os.cpu_count()} processors, {SIZE} bytes a message")
    print(f"{'':44} {'p50 ms':>8} {'p99 ms':>8} {'a second':>9}")
    for _ in range(asked.repeats):
        one_round(asked.serial, asked.grouped)


def one_round(serial: int, grouped: int) -> None:
    """All subjects once, so that they share the machine's mood."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        where = Path(folder)
        show("write 4 KiB and fsync", bare(where, serial))
        commit = bare_sqlite(where, serial)
        show("SQLite, one FULL commit of 4 KiB", commit)
        for name, peer in (("Redis stream, fsync always", redis), ("NATS JetStream", nats)):
            measured = peer(where, serial, grouped)
            if measured is None:
                print(f"{name}: not installed")
                continue
            note = " (acknowledges before the disk)" if peer is nats else ""
            show(f"{name}, serial{note}", measured[0])
            show(f"{name}, {WINDOW} under way", None, measured[1])
        times, rate, seconds = line(where, serial, grouped)
        show("a line: stored on both sides, serial", times)
        show(f"a line, {WINDOW} under way", None, rate)
        print(f"  {median(times) / median(commit):.1f} x one SQLite commit (goal: at most 4)")
        print(f"  {grouped:,} messages in {seconds:.1f} s (goal: 10,000 in 60 s)")
        print(f"  four commits in a row would take {4e3 * median(commit):.1f} ms")


def show(name: str, times: list[float] | None, rate: float | None = None) -> None:
    """One row of the table; times in seconds."""
    p50 = f"{1e3 * median(times):8.2f}" if times else " " * 8
    p99 = f"{1e3 * quantiles(times, n=100)[98]:8.2f}" if times else " " * 8
    a_second = rate if rate is not None else len(times or []) / sum(times or [1.0])
    print(f"{name:44} {p50} {p99} {a_second:9,.0f}", flush=True)


def timed(count: int, act: Callable[[int], object]) -> list[float]:
    """Seconds that each call took."""
    times = []
    for number in range(count):
        began = perf_counter()
        act(number)
        times.append(perf_counter() - began)
    return times


def bare(where: Path, count: int) -> list[float]:
    """Append a page and fsync."""
    with (where / "bare").open("wb", buffering=0) as file:

        def act(_: int) -> None:
            file.write(os.urandom(PAGE))
            os.fsync(file.fileno())

        return timed(count, act)


def bare_sqlite(where: Path, count: int) -> list[float]:
    """Insert a page in a transaction of its own."""
    database = sqlite3.connect(where / "bare.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE pages (page BLOB)")
    times = timed(
        count, lambda _: database.execute("INSERT INTO pages VALUES (?)", (os.urandom(PAGE),))
    )
    database.close()
    return times


# --- peers ------------------------------------------------------------------------------------


def redis(where: Path, serial: int, grouped: int) -> tuple[list[float], float] | None:
    """XADD with every append synced: seconds each, and a second with a window."""
    options = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", str(where)]
    with server("redis-server", ["--port", "{port}", "--bind", "127.0.0.1", *options]) as link:
        if link is None:
            return None
        add = b"*5\r\n$4\r\nXADD\r\n$4\r\nline\r\n$1\r\n*\r\n$1\r\nm\r\n$%d\r\n%s\r\n"
        answers = link.makefile("rb")

        def answered() -> None:
            head = answers.readline()
            assert head[:1] == b"$", head
            answers.read(int(head[1:]) + 2)

        def send(_: int = 0) -> None:
            link.sendall(add % (SIZE, os.urandom(SIZE)))

        return both(serial, grouped, send, answered)


def nats(where: Path, serial: int, grouped: int) -> tuple[list[float], float] | None:
    """Publish to a JetStream on file with its default of syncing: as `redis`."""
    store = ["-js", "-sd", str(where / "nats"), "-a", "127.0.0.1", "-p", "{port}"]
    with server("nats-server", store) as link:
        if link is None:
            return None
        answers = link.makefile("rb")
        answers.readline()
        link.sendall(b'CONNECT {"verbose":false}\r\nSUB reply 1\r\n')
        config = b'{"name":"line","subjects":["line"],"storage":"file"}'
        link.sendall(b"PUB $JS.API.STREAM.CREATE.line reply %d\r\n%s\r\n" % (len(config), config))

        def answered() -> None:
            head = answers.readline()
            while not head.startswith(b"MSG"):
                assert head, "nats-server went away"
                head = answers.readline()
            answers.read(int(head.split()[-1]) + 2)

        def send(_: int = 0) -> None:
            link.sendall(b"PUB line reply %d\r\n%s\r\n" % (SIZE, os.urandom(SIZE)))

        answered()
        return both(serial, grouped, send, answered)


def both(
    serial: int, grouped: int, send: Callable[[], object], answered: Callable[[], object]
) -> tuple[list[float], float]:
    """Seconds of each serial message, and how many a second with a window under way."""

    def one(_: int) -> None:
        send()
        answered()

    times = timed(serial, one)
    began = perf_counter()
    for number in range(grouped + WINDOW):
        if number < grouped:
            send()
        if number >= WINDOW:
            answered()
    return times, grouped / (perf_counter() - began)


@contextmanager
def server(program: str, options: list[str]) -> Iterator[socket.socket | None]:
    """The program at a free port, and a connection to it; None where it is not installed."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    filled = [option.format(port=port) for option in options]
    process = subprocess.Popen(
        [found, *filled], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with connected(port) as link:
            yield link
    finally:
        process.terminate()
        process.wait()


def connected(port: int) -> socket.socket:
    """A connection, once the server listens."""
    for _ in range(200):
        try:
            link = socket.create_connection(("127.0.0.1", port), timeout=60)
        except ConnectionRefusedError:
            sleep(0.05)
        else:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return link
    raise SystemExit(f"nothing listens at port {port}")


# --- ours -------------------------------------------------------------------------------------


def line(where: Path, serial: int, grouped: int) -> tuple[list[float], float, float]:
    """Two nodes in two processes: seconds of each serial message, a second grouped, seconds of all.

    The clock of a message starts once it is durable in its side's queue and stops when the signed
    receipt of the other side's disk is durable here.
    """
    homes = founded(where / "line")
    drafts = drafts_of(homes["AAA"], serial + grouped)
    command = [sys.executable, __file__, "--child", str(homes["BBB"].path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            port = int(other.stdout.readline())
            return asyncio.run(exchanged(homes["AAA"], port, drafts, serial))
        finally:
            other.terminate()


async def exchanged(
    home: Home, port: int, drafts: list[bytes], serial: int
) -> tuple[list[float], float, float]:
    """Send the drafts of one side, first one by one, then with a window."""
    stop, told = asyncio.Event(), Told()
    carriers = parse(home, [f"tls:BBB@127.0.0.1:{port}"])
    task = asyncio.create_task(run(home, carriers, tell=told, moment=moment, stop=stop))
    await told.opened.wait()
    times = []
    for draft in drafts[:serial]:
        queue(home, draft)
        began = perf_counter()
        await told.reach(told.stored + 1)
        times.append(perf_counter() - began)
    rest = drafts[serial:]
    began, before = perf_counter(), told.stored
    for first in range(0, len(rest), WINDOW):
        queue_all(home, rest[first : first + WINDOW])
        await told.reach(before + first)  # the window before this one
    await told.reach(before + len(rest))
    seconds = perf_counter() - began
    stop.set()
    await task
    return times, len(rest) / seconds, seconds


class Told:
    """Counts the receipts that the node tells of, and wakes who waits for one."""

    def __init__(self) -> None:
        self.stored = 0
        self.opened = asyncio.Event()
        self._changed = asyncio.Event()

    def __call__(self, what: Event | Notice) -> None:
        """Hear one event."""
        if what.kind == "open":
            self.opened.set()
        elif what.kind == "stored":
            self.stored += 1
            self._changed.set()

    async def reach(self, count: int) -> None:
        """Wait until so many messages were stored."""
        while self.stored < count:
            self._changed.clear()
            await self._changed.wait()


def queue_all(home: Home, items: list[bytes]) -> None:
    """Queue a window of items in one transaction, and the last of them so that the node wakes."""
    with reading(home) as store:
        store.queue_all(items[:-1])
    queue(home, items[-1])


def founded(where: Path) -> dict[str, Home]:
    """The folders of two parties that agreed a line."""
    cards, homes = [], {}
    for party in ("AAA", "BBB"):
        home = homes[party] = Home(where / party)
        officers = [("First", PASSPHRASE)]
        cards.append(
            create(
                home.path,
                party,
                f"Party {party}",
                officers=officers,
                root_passphrase=PASSPHRASE,
                at=moment().at,
                entropy=os.urandom,
            )
        )
    agreed = agreement_of(cards, title="A line for measuring", test_every=86_400)
    for home in homes.values():
        agree(home, cards, agreed, root_passphrase=PASSPHRASE, at=moment().at, entropy=os.urandom)
    return homes


def drafts_of(home: Home, count: int) -> list[bytes]:
    """Released drafts of one party, each with a form of `SIZE` bytes."""
    line_id, officer = agreement(home).line, officer_key(home, 2, PASSPHRASE)
    form = example("incident-clarification")
    drafts = []
    for number in range(1, count + 1):
        head = replace(form.header, number=f"AAA-2026-{number:04}", sender="AAA", to=("BBB",))
        message = filled_up(replace(form, header=head))
        text = text_of(as_plain(message), os.urandom(16))
        slip = slip_of(line_id, message, text)
        body = Message(slip, (release(slip, officer, 2),)).as_body()
        del body["boxes"]
        drafts.append(encode({"item": "draft", "message": body, "text": to_text(text)}))
    return drafts


def filled_up(message: Form) -> Form:
    """The form with remarks as long as makes its plain values `SIZE` bytes."""
    bare = replace(message, values={**message.values, "remarks": ""})
    room = SIZE - len(encode(as_plain(bare)))
    return replace(message, values={**message.values, "remarks": "x" * room})


def child(folder: str) -> None:
    """Be the other side: listen, say at which port, and run until terminated."""
    home = Home(Path(folder))
    carriers = parse(home, ["tls-listen:127.0.0.1:0"])

    async def serve() -> None:
        node = asyncio.create_task(run(home, carriers, tell=lambda _: None, moment=moment))
        while not (port := getattr(carriers[0], "port", 0)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        print(port, flush=True)
        await node

    asyncio.run(serve())


if __name__ == "__main__":
    main()
