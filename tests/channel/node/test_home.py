import os
import sqlite3
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.channel import envelope
from detente.channel.canonical import Malformed
from detente.channel.keys import Witness, public_text
from detente.channel.node import database, files
from detente.channel.node import home as homes
from detente.channel.node.cards import read_card
from detente.channel.node.database import Damaged
from detente.channel.node.home import Home
from detente.channel.node.key_files import read_key
from detente.channel.sealing import CLASSICAL, HYBRID
from detente.ground.errors import StoreError, UsageError

from .conftest import AT, PASSPHRASE, drawn, entries, make_line, make_party, parsed


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


# --- a new party ------------------------------------------------------------------------------


def test_a_party_is_made_for_its_owner_s_eyes_and_its_card_for_all(tmp_path):
    home, card = make_party(tmp_path / "AAA", "AAA")
    private = [home.path, home.keys, *home.keys.iterdir()]
    assert {mode(path) for path in private if path.is_dir()} == {0o700}
    assert {mode(path) for path in private if path.is_file()} == {0o600}
    assert mode(home.path / "AAA.card.json") == 0o644
    assert homes.own_card(home) == card == homes.load_card(home.path / "AAA.card.json")
    assert card.root == public_text(homes.root_key(home, PASSPHRASE))
    named = homes.key_names(home)
    assert [(each.serial, each.role) for each in named] == [
        (1, "device"), (2, "officer"), (3, "officer"),
    ]  # fmt: skip
    assert named[0].key == public_text(homes.identity(home).device)
    assert named[2].key == public_text(homes.officer_key(home, 3, PASSPHRASE))
    assert b"ENCRYPTED" in (home.keys / "root.pem").read_bytes()
    assert b"ENCRYPTED" in (home.keys / "officer-3.pem").read_bytes()


def test_all_that_is_wrong_with_a_new_party_is_said_at_once(tmp_path):
    (tmp_path / "AAA").mkdir()
    (tmp_path / "AAA" / "something").touch()
    with pytest.raises(UsageError) as caught:
        homes.create(
            tmp_path / "AAA", "A A", "", officers=[("", "short")], root_passphrase="x" * 1_001,
            at=AT, entropy=drawn("A"),
        )  # fmt: skip
    told = str(caught.value)
    for part in ("no empty folder", "The id", "of a party", "of an officer", "has 5", "has 1001"):
        assert part in told
    assert [path.name for path in (tmp_path / "AAA").iterdir()] == ["something"]
    with pytest.raises(UsageError, match="1 to 64 officers"):
        homes.create(
            tmp_path / "B", "B", "B", officers=[], root_passphrase=PASSPHRASE, at=AT,
            entropy=drawn("B"),
        )  # fmt: skip


def test_a_key_needs_its_own_passphrase(tmp_path):
    home, _ = make_party(tmp_path / "AAA", "AAA")
    with pytest.raises(UsageError, match="passphrase is another"):
        homes.root_key(home, "wrong horse")
    with pytest.raises(UsageError, match="needs a passphrase"):
        homes.officer_key(home, 2, "")
    with pytest.raises(UsageError, match="needs no passphrase"):
        read_key(home.keys / "device.pem", PASSPHRASE)
    with pytest.raises(UsageError, match="No such file"):
        homes.officer_key(home, 9, PASSPHRASE)
    (home.keys / "officer-2.pem").write_bytes((home.keys / "officer-3.pem").read_bytes()[:-40])
    with pytest.raises(UsageError, match="it is no key"):
        homes.officer_key(home, 2, PASSPHRASE)


def test_every_changed_byte_of_a_card_is_found(tmp_path):
    _, card = make_party(tmp_path / "AAA", "AAA")
    for at in range(len(card.raw)):
        with pytest.raises(Malformed):
            read_card(card.raw[:at] + bytes([card.raw[at] ^ 1]) + card.raw[at + 1 :])


@given(st.binary(max_size=200))
def test_no_bytes_are_a_card_by_chance(raw):
    with pytest.raises(Malformed):
        read_card(raw)


# --- agreeing ---------------------------------------------------------------------------------


def test_all_sides_agree_the_same_line_in_any_order(tmp_path):
    cards = [make_party(tmp_path / party, party)[1] for party in ("BBB", "AAA", "CCC")]
    witnesses = [Witness("w2", cards[0].root), Witness("w1", cards[1].root)]
    one = homes.agreement_of(
        cards, title="T", witnesses=witnesses, suites=[CLASSICAL, HYBRID],
        two_person=["flash", "priority"],
    )  # fmt: skip
    other = homes.agreement_of(
        cards[::-1], title="T", witnesses=witnesses[::-1], suites=[HYBRID, CLASSICAL],
        two_person=["priority", "flash"],
    )  # fmt: skip
    assert one == other
    assert one.line == other.line
    assert one.ids == ("AAA", "BBB", "CCC")
    assert one.line != homes.agreement_of(cards, title="t").line


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"suites": ["none"]}, "'none'|called none"),
        ({"two_person": ["urgent"]}, "called urgent"),
        ({"suites": []}, "suite"),
        ({"test_every": 1}, "test_every"),
        ({"title": ""}, "title"),
    ],
)
def test_options_that_make_no_line_are_refused(tmp_path, options, problem):
    cards = [make_party(tmp_path / party, party)[1] for party in ("AAA", "BBB")]
    with pytest.raises(UsageError, match=problem):
        homes.agreement_of(cards, **{"title": "T", **options})


def test_a_line_is_agreed_once(tmp_path):
    line = make_line(tmp_path)
    home = line["AAA"]
    agreement, before = homes.agreement(home), entries(home)
    assert agreement == homes.agreement(line["BBB"])
    kinds = [envelope.read(raw).kind for raw in before["AAA"]]
    assert kinds == ["credential", "credential", "credential", "epoch"]
    assert mode(home.log) == mode(home.line) == mode(home.certificates) == 0o600
    cards = homes.agreed_cards(home)
    with pytest.raises(UsageError, match="on a line already"):
        again(home, cards, agreement)
    # Broken off before the agreement was written: it is completed, and no entry written twice.
    home.line.unlink()
    with pytest.raises(UsageError, match="on no line yet"):
        homes.agreement(home)
    again(home, cards, agreement)
    assert entries(home) == before
    home.line.unlink()
    other = homes.agreement_of(cards, title="Another")
    with pytest.raises(UsageError, match="of another line"):
        again(home, cards, other)


def again(home, cards, agreement, passphrase=PASSPHRASE):
    homes.agree(home, cards, agreement, root_passphrase=passphrase, at=AT, entropy=drawn("again"))


def test_a_line_is_agreed_by_its_own_parties_with_their_own_keys(tmp_path):
    (home, card), (_, other), (stranger, third) = (
        make_party(tmp_path / party, party) for party in ("AAA", "BBB", "CCC")
    )
    agreement = homes.agreement_of([card, other], title="T")
    with pytest.raises(UsageError, match="no party of that line"):
        again(stranger, [card, other], agreement)
    with pytest.raises(UsageError, match="The cards are not"):
        again(home, [card, third], agreement)
    with pytest.raises(UsageError, match="passphrase is another"):
        again(home, [card, other], agreement, "wrong horse")
    assert not home.line.exists()
    assert not home.log.exists()
    with pytest.raises(UsageError, match="not agreed yet"):
        homes.queue(home, b"{}")
    with pytest.raises(UsageError, match="no party's folder"):
        homes.own_card(Home(tmp_path))


def test_a_newer_card_is_taken_under_the_same_root_alone(tmp_path):
    line = make_line(tmp_path / "one")
    newer = homes.renew_card(
        line["BBB"], address="line.b.example:7441", root_passphrase=PASSPHRASE, at=AT + 1
    )
    assert homes.own_card(line["BBB"]) == newer
    homes.take_card(line["AAA"], newer)
    assert newer in homes.agreed_cards(line["AAA"])
    assert parsed(line["AAA"], "tls:BBB")[0].calls == {"BBB": ("line.b.example", 7_441)}
    _, card = make_party(tmp_path / "other", "CCC")
    with pytest.raises(UsageError, match="not of the root"):
        homes.take_card(line["AAA"], card)


def test_officers_come_and_go_by_items_for_the_queue(line):
    home = line["AAA"]
    serial, item = homes.add_officer(
        home, "Third Officer", passphrase=PASSPHRASE, root_passphrase=PASSPHRASE,
        entropy=drawn("third"),
    )  # fmt: skip
    assert serial == 4
    assert homes.key_names(home)[-1].key == public_text(homes.officer_key(home, 4, PASSPHRASE))
    assert b"credential" in item
    assert b'"revoked":1' in homes.revocation(home, 4, root_passphrase=PASSPHRASE)
    with pytest.raises(UsageError, match="number 9"):
        homes.revocation(home, 9, root_passphrase=PASSPHRASE)
    with pytest.raises(UsageError, match="A passphrase has"):
        homes.add_officer(home, "X", passphrase="", root_passphrase=PASSPHRASE, entropy=drawn("x"))


# --- the log ----------------------------------------------------------------------------------


def test_items_are_queued_in_order(line, author):
    numbers = [author.queue(), author.queue()]
    with homes.reading(line["AAA"]) as store:
        assert [number for number, _ in store.queued()] == numbers


def test_a_damaged_database_is_set_aside_with_its_drafts_kept(line, author):
    home, item = line["AAA"], author.draft()
    homes.queue(home, item)
    connection = database.open_database(home.log)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'texts'").fetchone()[
        0
    ]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    database.close(connection)
    with home.log.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(Damaged):
        database.open_database(home.log)
    aside = database.set_aside(home.log, AT)
    assert aside.name == "log.sqlite.damaged-20261128T191605Z"
    with homes.reading(home) as store:
        assert [raw for _, raw in store.queued()] == [item]
    assert entries(home) == {}
    home.log.write_bytes(b"no database at all, but quite long enough to be one" * 100)
    with pytest.raises(Damaged):
        database.open_database(home.log)
    assert database.set_aside(home.log, AT).name == "log.sqlite.damaged-20261128T191605Z-2"


def test_a_later_version_s_log_is_left_alone(line):
    connection = sqlite3.connect(line["AAA"].log)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match="later version"):
        database.open_database(line["AAA"].log)
    with pytest.raises(StoreError, match="later version"), homes.reading(line["AAA"]):
        pass


def test_a_log_that_cannot_be_opened_is_no_damage(line):
    line["AAA"].log.unlink()
    line["AAA"].log.mkdir()
    with pytest.raises(StoreError) as caught:
        database.open_database(line["AAA"].log)
    assert not isinstance(caught.value, Damaged)


# --- files ------------------------------------------------------------------------------------


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    files.write_whole(path, b"first")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        files.write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_one_node_holds_a_folder(line):
    with line["AAA"].held(), pytest.raises(UsageError, match="Another node runs"):
        line["AAA"].held().__enter__()
    with line["AAA"].held():
        pass


def test_one_node_holds_a_folder_where_there_are_no_locks(line, monkeypatch):
    monkeypatch.setattr(files, "fcntl", None)
    with line["AAA"].held(), pytest.raises(UsageError, match="remove"), line["AAA"].held():
        pass
    with line["AAA"].held():
        pass


def test_what_is_too_long_is_not_read(tmp_path):
    (tmp_path / "a").write_bytes(bytes(11))
    with pytest.raises(UsageError, match="more than 10 bytes"):
        files.read_file(tmp_path / "a", 10)
