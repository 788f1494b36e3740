import sqlite3

import pytest

from detente.channel.canonical import decode
from detente.channel.envelope import digest
from detente.channel.sealing import CLASSICAL, SealingKey
from detente.channel.step import Step
from detente.channel.store import PRAGMAS, Store


def opened(path=":memory:"):
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        database.execute(pragma)
    store = Store(database)
    store.create()
    return store


def test_what_was_written_is_held_after_another_start(world, tmp_path):
    store = opened(tmp_path / "log.db")
    step = Step(secrets=[(4, SealingKey(CLASSICAL, b"k" * 32))], texts=[(("AAA", 9), b"text")])
    step.entries = [world.signed("lost", {"of": []})]
    step.say("open")
    store.write(step, 7)
    again = opened(tmp_path / "log.db")
    place = ("AAA", step.entries[0].seq)
    raw = step.entries[0].raw
    assert list(again.held().entries) == [(place, digest(raw), raw)]
    assert list(again.held().secrets) == [(4, SealingKey(CLASSICAL, b"k" * 32))]
    assert again.text(("AAA", 9)) == b"text"
    assert (again.entry(place), again.entry(("AAA", 99)), again.text(place)) == (raw, None, None)
    ((at, event),) = again.journal()
    assert (at, decode(event)["kind"]) == (7, "open")


def test_it_flushes_before_it_returns():
    database = sqlite3.connect(":memory:", isolation_level=None)
    for pragma in PRAGMAS:
        database.execute(pragma)
    full, secure = 2, 1
    assert database.execute("PRAGMA synchronous").fetchone() == (full,)
    assert database.execute("PRAGMA secure_delete").fetchone() == (secure,)


def test_a_step_is_written_whole_or_not_at_all(world):
    store = opened()
    entry = world.signed("lost", {"of": []})
    store.write(Step(entries=[entry]), 1)
    twice = Step(texts=[(("AAA", 9), b"text")], entries=[entry])
    with pytest.raises(sqlite3.IntegrityError):
        store.write(twice, 2)
    assert store.text(("AAA", 9)) is None
    store.write(Step(texts=[(("AAA", 9), b"text")]), 3)
    assert store.text(("AAA", 9)) == b"text"


def test_what_is_erased_or_dropped_is_gone(world):
    store = opened()
    entry = world.signed("lost", {"of": []})
    key = SealingKey(CLASSICAL, b"k" * 32)
    place = ("AAA", entry.seq)
    store.write(Step(entries=[entry], texts=[(place, b"t")], secrets=[(1, key), (2, key)]), 1)
    store.write(Step(dropped=[place], dropped_texts=[place], erased=[1]), 2)
    assert list(store.held().entries) == []
    assert store.text(place) is None
    assert [epoch for epoch, _ in store.held().secrets] == [2]


def test_items_leave_the_queue_with_what_they_led_to():
    store = opened()
    numbers = [store.queue(item) for item in (b"a", b"b", b"c")]
    assert store.queued() == list(zip(numbers, (b"a", b"b", b"c"), strict=True))
    store.write(Step(done=[numbers[0]]), 1)
    assert store.queued(after=numbers[1]) == [(numbers[2], b"c")]
    assert store.queued(most=1) == [(numbers[1], b"b")]
    assert store.queue(b"d") > numbers[2]  # a number is never given twice


def test_what_a_party_lacks_in_the_order_in_which_it_came(world):
    store = world.stores["BBB"]
    every = [(place, raw) for place, _, raw in store.held().entries]
    assert store.missing({"AAA": 0, "BBB": 0}, 10**9) == every
    some = store.missing({"AAA": 3, "BBB": 10**6}, 10**9)
    assert some == [(place, raw) for place, raw in every if place[0] == "AAA" and place[1] >= 3]
    assert store.missing({"AAA": 0, "BBB": 0}, 0) == every[:1]
    two = len(every[0][1]) + len(every[1][1]) + 2
    assert store.missing({"AAA": 0, "BBB": 0}, two) == every[:2]
    assert store.missing({"AAA": 0, "BBB": 0}, two - 1) == every[:1]


def test_evidence_is_kept_once_and_in_order():
    store = opened()
    store.write(Step(evidence=[(b"a", b"b"), (b"c",), (b"a", b"b")]), 1)
    assert store.evidence() == [(b"a", b"b"), (b"c", b"")]
    assert list(store.held().evidence) == store.evidence()


def test_nothing_is_written_where_there_is_nothing_to_write():
    store = opened()
    before = store._db.total_changes
    store.write(Step(), 1)
    assert store._db.total_changes == before
