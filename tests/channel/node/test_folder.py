"""Bundles as files and in mails: whole, doubled, damaged, half-written."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.canonical import Malformed
from detente.channel.node import home as homes
from detente.channel.node.carriers import folder, mail
from detente.channel.node.carriers.carrier import NOT_WRITTEN
from detente.channel.node.carriers.folder import Folder
from detente.ground.errors import UsageError

from .conftest import at_work, entries, make_line, parsed, until


class Desk:
    """Takes bundles, and answers as it is told."""

    def __init__(self, verdict=""):
        self.verdict, self.brought, self.said = verdict, [], []

    async def bring(self, raw):
        self.brought.append(raw)
        future = asyncio.get_running_loop().create_future()
        future.set_result(self.verdict)
        return future

    def wake(self):
        pass

    def reached(self, party):
        raise AssertionError(party)

    def say(self, notice):
        self.said.append(notice)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A bundle that a node wrote."""
    path = tmp_path_factory.mktemp("line")
    line = make_line(path)
    carrier = parsed(line["AAA"], "folder")[0]

    async def write():
        async with at_work(line["AAA"], [carrier], []):
            await until(lambda: list((line["AAA"].carry / "out").glob("*.bundle")))

    asyncio.run(write())
    return next((line["AAA"].carry / "out").glob("*.bundle")).read_bytes()


@pytest.fixture
def carrier(tmp_path):
    made = Folder("BBB", tmp_path)
    asyncio.run(made.look(Desk(), 0))
    return made


def look(carrier, desk, *instants):
    for ms in instants:
        asyncio.run(carrier.look(desk, ms))


def names(carrier, folder):
    return sorted(path.name for path in (carrier.path / folder).iterdir())


# --- in ---------------------------------------------------------------------------------------


def test_a_whole_file_is_taken_at_the_second_look_and_moved(carrier, bundle):
    (carrier.path / "in" / "AAA-BBB-1.bundle").write_bytes(bundle)
    (carrier.path / "in" / "notes.txt").write_bytes(b"none of ours")
    (carrier.path / "in" / ".hidden.bundle").write_bytes(bundle)
    (carrier.path / "in" / "a.bundle").mkdir()
    (carrier.path / "in" / "link.bundle").symlink_to(carrier.path / "in" / "notes.txt")
    desk = Desk()
    look(carrier, desk, 1_000)
    assert desk.brought == []
    look(carrier, desk, 2_000, 3_000)
    assert desk.brought == [bundle]
    assert names(carrier, "done") == ["AAA-BBB-1.bundle"]
    assert names(carrier, "in") == [".hidden.bundle", "a.bundle", "link.bundle", "notes.txt"]


def test_a_file_that_comes_again_keeps_a_name_of_its_own(carrier, bundle):
    desk = Desk()
    for start in (1_000, 5_000):
        (carrier.path / "in" / "x.bundle").write_bytes(bundle)
        look(carrier, desk, start, start + 1_000)
    assert desk.brought == [bundle, bundle]
    assert names(carrier, "done") == ["x-2.bundle", "x.bundle"]


def test_a_file_that_is_still_copied_is_waited_for(carrier, bundle):
    path, desk = carrier.path / "in" / "x.bundle", Desk()
    for ms, part in enumerate((10, 200, 600)):
        path.write_bytes(bundle[:part])
        look(carrier, desk, 1_000 * ms, 1_000 * ms + 500)
    look(carrier, desk, 2_500 + folder.SETTLE_MS - 1_000)
    assert names(carrier, "in") == ["x.bundle"]
    path.write_bytes(bundle)
    look(carrier, desk, 20_000, 21_000)
    assert desk.brought == [bundle]
    assert desk.said == []


def test_a_damaged_file_is_set_aside_with_the_reason(carrier, bundle):
    middle = len(bundle) // 2
    damaged = bundle[:middle] + bytes([bundle[middle] ^ 1]) + bundle[middle + 1 :]
    (carrier.path / "in" / "x.bundle").write_bytes(damaged)
    desk = Desk()
    look(carrier, desk, 0, 1_000, 5_000)
    assert names(carrier, "in") == ["x.bundle"]
    look(carrier, desk, folder.SETTLE_MS, 20_000)
    assert desk.brought == []
    assert names(carrier, "refused") == ["x.bundle", "x.bundle.txt"]
    reason = (carrier.path / "refused" / "x.bundle.txt").read_text()
    assert reason.strip()
    assert [each.kind for each in desk.said] == ["file refused"]
    assert reason.strip() in desk.said[0].detail


def test_a_file_that_the_node_refuses_is_set_aside_and_one_not_written_stays(carrier, bundle):
    (carrier.path / "in" / "x.bundle").write_bytes(bundle)
    desk = Desk(NOT_WRITTEN)
    look(carrier, desk, 0, 1_000, 2_000)
    assert len(desk.brought) == 2  # it is tried again
    assert names(carrier, "in") == ["x.bundle"]
    desk.verdict = "The bundle is of another line."
    look(carrier, desk, 3_000)
    assert names(carrier, "refused") == ["x.bundle", "x.bundle.txt"]


def test_a_file_that_is_too_long_is_not_read(carrier):
    with (carrier.path / "in" / "x.bundle").open("wb") as file:
        file.truncate(folder.MOST_FILE + 1)
    look(carrier, Desk(), 0, 1_000)
    assert "are the most" in (carrier.path / "refused" / "x.bundle.txt").read_text()


def test_a_stick_that_cannot_be_written_is_read_once(carrier, bundle, monkeypatch):
    (carrier.path / "in" / "x.bundle").write_bytes(bundle)
    monkeypatch.setattr(type(carrier.path), "replace", _refuse)
    desk = Desk()
    look(carrier, desk, 0, 1_000, 2_000, 3_000)
    assert desk.brought == [bundle]


def _refuse(*_):
    raise OSError(30, "Read-only file system")


# --- out --------------------------------------------------------------------------------------


def test_the_newest_file_for_a_party_takes_the_place_of_the_last(carrier):
    desk = Desk()
    for count in (1, 2):
        assert carrier.is_ready("AAA")
        carrier.give("AAA", b"bundle %d" % count)
        assert not carrier.is_ready("AAA")
        assert carrier.is_ready("CCC")
        look(carrier, desk, count)
    assert names(carrier, "out") == [".BBB-AAA-count", "BBB-AAA-000002.bundle"]
    assert (carrier.path / "out" / "BBB-AAA-000002.bundle").read_bytes() == b"bundle 2"
    (carrier.path / "out" / "BBB-AAA-000002.bundle").unlink()  # a person took it
    assert carrier.put("AAA", b"3").name == "BBB-AAA-000003.bundle"


def test_a_folder_that_is_gone_is_an_error_of_the_system(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        asyncio.run(Folder("BBB", tmp_path / "file").look(Desk(), 0))


# --- the whole way ----------------------------------------------------------------------------


def test_two_nodes_talk_by_files_that_are_carried_by_hand(line, author, monkeypatch):
    monkeypatch.setattr(folder, "SCAN_S", 0.02)
    heard = {party: [] for party in line}

    def carry():
        for party, other in (("AAA", "BBB"), ("BBB", "AAA")):
            for path in (line[party].carry / "out").glob("*.bundle"):
                path.replace(line[other].carry / "in" / path.name)
        return [each.kind for each in heard["AAA"]].count("stored") == 3

    async def work():
        parts = {party: parsed(line[party], "folder") for party in line}
        async with (
            at_work(line["AAA"], parts["AAA"], heard["AAA"]),
            at_work(line["BBB"], parts["BBB"], heard["BBB"]),
        ):
            for _ in range(3):
                author.queue()
            await until(carry)

    asyncio.run(work())
    numbers = [each.number for each in heard["BBB"] if each.kind == "message"]
    assert numbers == author.written
    assert entries(line["BBB"])["AAA"] == entries(line["AAA"])["AAA"]


def test_files_are_written_while_no_call_gets_through(line):
    carriers = parsed(line["AAA"], "tls:BBB@127.0.0.1:1", "folder")

    async def body():
        async with at_work(line["AAA"], carriers, []):
            await until(lambda: list((line["AAA"].carry / "out").glob("*.bundle")))

    asyncio.run(body())


# --- mail -------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=3_000))
def test_a_mail_gives_back_what_was_attached(raw):
    packed = mail.pack(raw, sender="line@a.example", recipient="line@b.example")
    assert mail.unpack(packed) == [raw]
    assert packed == mail.pack(raw, sender="line@a.example", recipient="line@b.example")
    assert mail.unpack(packed.replace(b"\r\n", b"\n")) == [raw]
    assert max(map(len, packed.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


def test_a_mail_that_was_forwarded_still_holds_it():
    inner = mail.pack(b"bundle", sender="a@a.example", recipient="b@b.example")
    outer = b"Content-Type: message/rfc822\r\n\r\n" + inner
    assert mail.unpack(outer) == [b"bundle"]


def test_a_name_that_would_add_a_header_is_refused():
    with pytest.raises(UsageError):
        mail.pack(b"x", sender="a@a.example\r\nBcc: c@c.example", recipient="b@b.example")


@given(st.binary(max_size=500) | st.text(alphabet='mixed/;:="-\r\n .boundary', max_size=300).map(
    lambda text: b"Content-Type: multipart/" + text.encode()))  # fmt: skip
def test_no_mail_breaks_the_reader(data):
    with pytest.raises(Malformed):
        mail.unpack(data)


def test_a_folder_with_addresses_writes_mails_and_reads_them(tmp_path, bundle):
    addresses = {"BBB": "b@b.example", "AAA": "a@a.example"}
    carrier = Folder("BBB", tmp_path, addresses)
    asyncio.run(carrier.look(Desk(), 0))
    path = carrier.put("AAA", bundle)
    assert path.name == "BBB-AAA-000001.eml"
    path.replace(carrier.path / "in" / path.name)
    desk = Desk()
    look(carrier, desk, 0, 1_000)
    assert desk.brought == [bundle]
    (carrier.path / "in" / "x.eml").write_bytes(b"Subject: lunch\r\n\r\nAt one?\r\n")
    look(carrier, desk, 0, 1_000, folder.SETTLE_MS)
    assert "No bundle" in (carrier.path / "refused" / "x.eml.txt").read_text()


def test_words_for_carriers(line):
    made = parsed(line["AAA"], "tls-listen:127.0.0.1:0", "tls:BBB@[::1]:7", "folder")
    assert made[0].listen == ("127.0.0.1", 0)
    assert made[0].calls == {"BBB": ("::1", 7)}
    assert made[1].path == line["AAA"].carry
    serial = parsed(line["AAA"], "serial:/dev/ttyS0@1200", "serial:BBB@/dev/tty@1@9600")
    assert [(each.path, each.bit_rate, each.party) for each in serial] == [
        ("/dev/ttyS0", 1_200, "BBB"), ("/dev/tty@1", 9_600, "BBB"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("pigeon", "is no carrier"),
        ("tls:CCC@host:1", "no other party"),
        ("tls:AAA@host:1", "no other party"),
        ("tls:BBB", "no address"),
        ("tls-listen:7441", "no address"),
        ("tls:BBB@host:99999", "no address"),
        ("tcp-listen:192.0.2.1:0", "loopback"),
        ("tcp:BBB@example.org:1", "loopback"),
        ("serial:/dev/ttyS0", "write it as"),
        ("serial:CCC@/dev/ttyS0@1200", "write it as"),
        ("serial:/dev/ttyS0@1", "bit/s"),
    ],
)
def test_words_that_name_no_carrier(line, word, problem):
    with pytest.raises(UsageError, match=problem):
        parsed(line["AAA"], "folder", word)


def test_all_wrong_words_are_said_at_once(line):
    with pytest.raises(UsageError, match=r"pigeon.*no address"):
        parsed(line["AAA"], "pigeon", "tls:BBB")
    assert homes.own_card(line["AAA"]).address == ""
