"""Two nodes in one process over sockets: both ways, strangers, a full disk, a damaged log."""

import asyncio
import os
import pty
import socket
import sqlite3
import tty

import pytest

from detente.channel import bundle
from detente.channel.canonical import encode
from detente.channel.node import home as homes
from detente.channel.node import loop as loops
from detente.channel.node.carriers import tls
from detente.channel.node.carriers.tls import Sockets
from detente.channel.node.clock import moment
from detente.channel.node.database import is_damage
from detente.channel.node.loop import run
from detente.channel.store import Store
from detente.ground.errors import UsageError

from .conftest import at_work, entries, make_line, parsed, text, until, waits

KIND = pytest.mark.parametrize("kind", ["tls", "tcp"])


def kinds(heard):
    return [each.kind for each in heard]


def numbers(heard, kind):
    return [each.number for each in heard if each.kind == kind]


async def pair(line, heard, body, kind="tls"):
    """BBB listens, AAA calls; ``body`` gets both nodes and the listening carrier."""
    listener = parsed(line["BBB"], f"{kind}-listen:127.0.0.1:0")
    async with at_work(line["BBB"], listener, heard["BBB"]) as other:
        await until(lambda: listener[0].port)
        caller = parsed(line["AAA"], f"{kind}:BBB@127.0.0.1:{listener[0].port}")
        async with at_work(line["AAA"], caller, heard["AAA"]) as one:
            await until(lambda: one.node.standing == other.node.standing == "open")
            await body(one, other, listener[0])


@pytest.fixture
def heard():
    return {"AAA": [], "BBB": []}


# --- sockets ----------------------------------------------------------------------------------


@KIND
def test_messages_go_both_ways(line, author, answerer, heard, kind):
    async def body(one, other, _):
        for _ in range(5):
            author.queue(size=1_500)
            answerer.queue(size=1_500)
        await until(lambda: kinds(heard["AAA"]).count("stored") == 5)
        await until(lambda: kinds(heard["BBB"]).count("stored") == 5)
        await until(lambda: one.node.sizes() == other.node.sizes())

    asyncio.run(pair(line, heard, body, kind))
    assert numbers(heard["AAA"], "message") == answerer.written
    assert numbers(heard["BBB"], "message") == author.written
    assert entries(line["AAA"]) == entries(line["BBB"])
    assert not any(waits(home) for home in line.values())
    assert kinds(heard["BBB"])[:2] == ["listening", "connected"]
    place = next(each.place for each in heard["BBB"] if each.kind == "message")
    assert text(line["BBB"], place) == text(line["AAA"], place) is not None


def test_more_waits_than_one_bundle_or_one_turn_holds(line, author, heard, monkeypatch):
    monkeypatch.setattr(Sockets, "most_bytes", 20_000)
    monkeypatch.setattr(loops, "_TURN_ITEMS", 7)
    for _ in range(60):
        author.queue(size=1_500)

    async def body(*_):
        await until(lambda: kinds(heard["AAA"]).count("stored") == 60)

    asyncio.run(pair(line, heard, body))
    assert numbers(heard["BBB"], "message") == author.written


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_both_sides_may_call_each_other(line, author, answerer, heard):
    ports = {party: free_port() for party in line}

    async def body():
        carriers = {
            party: parsed(
                line[party],
                f"tls-listen:127.0.0.1:{ports[party]}",
                f"tls:{other}@127.0.0.1:{ports[other]}",
            )
            for party, other in (("AAA", "BBB"), ("BBB", "AAA"))
        }
        async with (
            at_work(line["AAA"], carriers["AAA"], heard["AAA"]),
            at_work(line["BBB"], carriers["BBB"], heard["BBB"]),
        ):
            for _ in range(20):
                author.queue(1_500)
                answerer.queue(1_500)
            await until(lambda: kinds(heard["AAA"]).count("stored") == 20)
            await until(lambda: kinds(heard["BBB"]).count("stored") == 20)

    asyncio.run(body())
    assert numbers(heard["AAA"], "message") == answerer.written
    assert kinds(heard["AAA"]).count("connected") == 1


def test_a_stranger_s_certificate_is_not_let_in(line, heard, tmp_path):
    strangers = make_line(tmp_path / "strangers", ("AAA", "CCC"))
    pins = parsed(line["AAA"], "tls:BBB@127.0.0.1:1")[0].pins
    folder = strangers["CCC"].keys  # another key, though it claims to be AAA
    false = tls.Pins(str(folder / "tls.crt"), str(folder / "tls.pem"), pins.others)

    async def body(_one, _other, listener):
        false_context = false.context(is_server=False)
        with pytest.raises((OSError, EOFError)):
            await speak(listener.port, b"", context=false_context)
        with pytest.raises((OSError, EOFError)):
            await speak(listener.port, b"GET / HTTP/1.1\r\n\r\n")

    asyncio.run(pair(line, heard, body))


async def speak(port, data, *, context=None):
    """Say something to a node and read until it hangs up; never returns otherwise."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(data)
        await reader.readexactly(1_000_000)
    finally:
        writer.transport.abort()


def frame(raw):
    return len(raw).to_bytes(4, "big") + raw


def greeting(line, party):
    return frame(encode({"v": 1, "line": line, "from": party}))


@pytest.mark.parametrize(
    "greet",
    [
        lambda _: greeting("A" * 43, "AAA"),
        lambda line: greeting(line, "BBB"),
        lambda line: greeting(line, "CCC"),
        lambda _: frame(b"{}"),
        lambda _: frame(b"\xff" * 512),
        lambda _: (2**32 - 1).to_bytes(4, "big"),
        lambda line: greeting(line, "AAA") + (bundle.MAX_BYTES + 1).to_bytes(4, "big"),
    ],
    ids=["line", "itself", "stranger", "empty", "noise", "long", "long bundle"],
)
def test_who_does_not_speak_the_protocol_is_cut_off(line, heard, greet):
    async def body():
        listener = parsed(line["BBB"], "tcp-listen:127.0.0.1:0")
        async with at_work(line["BBB"], listener, heard["BBB"]):
            await until(lambda: listener[0].port)
            with pytest.raises((OSError, EOFError)):
                await speak(listener[0].port, greet(homes.agreement(line["BBB"]).line))

    asyncio.run(body())


def test_a_connection_on_which_nothing_comes_any_more_is_given_up(line, heard, monkeypatch):
    monkeypatch.setattr(tls, "DEAD_S", 0.1)

    async def body():
        listener = parsed(line["BBB"], "tcp-listen:127.0.0.1:0")
        async with at_work(line["BBB"], listener, heard["BBB"]):
            await until(lambda: listener[0].port)
            with pytest.raises((OSError, EOFError)):
                await speak(
                    listener[0].port,
                    greeting(homes.agreement(line["BBB"]).line, "AAA") + frame(b"half")[:-2],
                )
            await until(lambda: "disconnected" in kinds(heard["BBB"]))
            assert not listener[0].is_ready("AAA")

    asyncio.run(body())


def test_what_is_no_bundle_is_refused_and_said(line, heard):
    async def body():
        listener = parsed(line["BBB"], "tcp-listen:127.0.0.1:0")
        async with at_work(line["BBB"], listener, heard["BBB"]):
            await until(lambda: listener[0].port)
            reader, writer = await asyncio.open_connection("127.0.0.1", listener[0].port)
            writer.write(greeting(homes.agreement(line["BBB"]).line, "AAA") + bytes(4))
            writer.write(frame(b"no bundle"))
            await until(lambda: "refused" in kinds(heard["BBB"]))
            assert await reader.readexactly(4)
            writer.transport.abort()

    asyncio.run(body())
    assert {"carrier failed", "not written"}.isdisjoint(kinds(heard["BBB"]))


def test_a_port_that_is_taken_is_said_and_tried_again(line, heard):
    async def body():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        listener = parsed(line["BBB"], f"tcp-listen:127.0.0.1:{port}")
        async with at_work(line["BBB"], listener, heard["BBB"]):
            await until(lambda: "carrier failed" in kinds(heard["BBB"]))
            server.close()
            await server.wait_closed()
            await until(lambda: "listening" in kinds(heard["BBB"]))

    asyncio.run(body())


# --- the disk ---------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_nothing_is_acknowledged(line, author, heard, monkeypatch):
    write, full = Store.write, []

    def fails(store, step, at):
        if full and any(each.kind == "message" for each in step.events):
            full.pop()
            raise sqlite3.OperationalError("database or disk is full")
        write(store, step, at)

    monkeypatch.setattr(Store, "write", fails)

    async def body(*_):
        full.append(True)
        author.queue()
        await until(lambda: "not written" in kinds(heard["BBB"]))
        assert "stored" not in kinds(heard["AAA"])
        assert "message" not in kinds(heard["BBB"])
        await until(lambda: "stored" in kinds(heard["AAA"]))

    asyncio.run(pair(line, heard, body))
    said = [each for each in heard["BBB"] if each.kind in {"not written", "written again"}]
    assert kinds(said) == ["not written", "written again"]
    assert "disk is full" in said[0].detail
    assert numbers(heard["BBB"], "message") == author.written


@pytest.mark.parametrize("how", ["damaged", "missing"])
def test_a_lost_log_is_said_and_comes_back_with_its_texts(line, author, answerer, heard, how):
    async def work(*_):
        author.queue()
        answerer.queue()
        await until(lambda: "stored" in kinds(heard["AAA"]) and "stored" in kinds(heard["BBB"]))

    asyncio.run(pair(line, heard, work))
    whole = entries(line["BBB"])
    if how == "damaged":
        line["AAA"].log.write_bytes(b"\xff" * 40_000)
    else:
        line["AAA"].log.unlink()
    later = {"AAA": [], "BBB": []}

    async def come_back(*_):
        await until(lambda: kinds(later["AAA"]).count("text back") == 2)

    asyncio.run(pair(line, later, come_back))
    notice = "log set aside" if how == "damaged" else "log missing"
    assert kinds(later["AAA"])[0] == notice
    assert kinds(later["AAA"]).count("restored") == 1
    assert all(entries(line["AAA"])[party][: len(whole[party])] == whole[party] for party in whole)
    for party in ("AAA", "BBB"):
        place = next(each.place for each in heard[party] if each.kind == "sent")
        assert text(line["AAA"], place) == text(line["BBB"], place) is not None
    assert len(list(line["AAA"].path.glob("log.sqlite.damaged-*"))) == (how == "damaged")


def test_only_damage_is_damage():
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(":memory:").execute("SELECT 1 FROM nothing")
    assert not is_damage(caught.value)
    assert not is_damage(sqlite3.OperationalError("database or disk is full"))


# --- start and end ----------------------------------------------------------------------------


def test_run_needs_a_line_and_ends_when_it_is_told(line, tmp_path):
    with pytest.raises(UsageError):
        asyncio.run(run(homes.Home(tmp_path), [], tell=print, moment=moment))

    async def body():
        stop = asyncio.Event()
        stop.set()
        await run(line["AAA"], [], tell=print, moment=moment, stop=stop)

    asyncio.run(body())
    assert not line["AAA"].wake.exists()


def test_a_queued_item_wakes_a_node_that_would_sleep_long(line, author, heard, monkeypatch):
    monkeypatch.setattr(loops, "POLL_S", 3_600.0)

    async def body(*_):
        await asyncio.to_thread(author.queue)
        await until(lambda: "stored" in kinds(heard["AAA"]))

    asyncio.run(pair(line, heard, body))


def test_a_fault_of_a_carrier_ends_the_node(line):
    class Broken(Sockets):
        async def serve(self, _):
            raise ZeroDivisionError

    carrier = Broken(homes.agreement(line["AAA"]).line, "AAA", ("BBB",))
    with pytest.raises(ZeroDivisionError):
        asyncio.run(run(line["AAA"], [carrier], tell=print, moment=moment))


# --- a serial line ----------------------------------------------------------------------------


def test_two_nodes_talk_over_a_pair_of_terminals(line, author, heard):
    """Each node has a terminal; what it puts out is put into the other's."""
    ends = [pty.openpty() for _ in range(2)]
    names = [os.ttyname(inner) for _, inner in ends]
    for outer, inner in ends:
        tty.setraw(inner)
        os.set_blocking(outer, False)

    async def body():
        loop = asyncio.get_running_loop()
        for at, (outer, _) in enumerate(ends):
            other = ends[1 - at][0]
            loop.add_reader(outer, lambda o=outer, t=other: os.write(t, os.read(o, 4_096)))
        one = parsed(line["AAA"], f"serial:{names[0]}@1000000")
        two = parsed(line["BBB"], f"serial:{names[1]}@1000000")
        async with (
            at_work(line["AAA"], one, heard["AAA"]),
            at_work(line["BBB"], two, heard["BBB"]),
        ):
            author.queue(size=2_000)
            author.queue(size=2_000)
            await until(lambda: kinds(heard["AAA"]).count("stored") == 2)

    try:
        asyncio.run(body())
    finally:
        for pair_ in ends:
            for descriptor in pair_:
                os.close(descriptor)
    assert numbers(heard["BBB"], "message") == author.written


def test_a_terminal_that_is_not_there_is_said(line, heard, tmp_path):
    async def body():
        carrier = parsed(line["AAA"], f"serial:{tmp_path / 'tty'}@1200")
        async with at_work(line["AAA"], carrier, heard["AAA"]):
            await until(lambda: "carrier failed" in kinds(heard["AAA"]))

    asyncio.run(body())
