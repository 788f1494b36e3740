import pytest

from detente.channel.envelope import read
from detente.channel.receipts import Act
from detente.channel.record import Record


def test_where_a_message_stands_at_its_recipient(world):
    place = world.nodes["AAA"].record.by_number["AAA-1"]
    passage = world.nodes["AAA"].record.passage(place, "BBB")
    assert passage.standing == "answered"
    assert [step for step, _ in passage.steps] == ["stored", "shown", "read", "answered"]
    read_by = dict(passage.steps)["read"].act
    assert (read_by.officer, read_by.said) == (2, (("date", "4 March"),))
    assert passage == world.nodes["BBB"].record.passage(place, "BBB")


def test_a_message_goes_step_by_step(make_world):
    world = make_world()
    world.pump()
    world.send("AAA-1")
    place = world.nodes["AAA"].record.by_number["AAA-1"]
    standing = lambda: world.nodes["AAA"].record.passage(place, "BBB").standing  # noqa: E731
    assert standing() == "sent"
    world.pump()
    assert standing() == "stored"
    world.read("BBB", place)
    world.pump()
    assert standing() == "read"
    world.send("BBB-1", "BBB", ("AAA",), answers="AAA-1")
    world.pump()
    assert standing() == "answered"


def test_an_answer_to_what_was_not_read_does_not_answer_it(make_world):
    world = make_world()
    world.pump()
    world.send("AAA-1")
    world.pump()
    world.send("BBB-1", "BBB", ("AAA",), answers="AAA-1")
    world.pump()
    place = world.nodes["AAA"].record.by_number["AAA-1"]
    assert world.nodes["AAA"].record.passage(place, "BBB").standing == "stored"


def late(entries):
    """The same entries, each as late as what follows it allows: another causal order."""
    waiting, sizes = list(entries), dict.fromkeys((each.sender for each in entries), 0)
    while waiting:
        ready = [
            each
            for each in waiting
            if each.seq == sizes[each.sender]
            and all(head.size <= sizes[head.party] for head in each.seen)
        ]
        waiting.remove(ready[-1])
        sizes[ready[-1].sender] += 1
        yield ready[-1]


def test_every_causal_order_leads_to_one_record(world):
    entries = [read(raw) for raw in world.entries("AAA")]
    other = list(late(entries))
    assert other != entries
    records = []
    for order in (entries, other, [read(raw) for raw in world.entries("BBB")]):
        records.append(record := Record())
        for entry in order:
            record.take(entry, ())
        for place, message in record.messages.items():
            for party in message.slip.to:
                expected = world.nodes["AAA"].record.passage(place, party)
                assert record.passage(place, party) == expected
    assert all(each.tests == records[0].tests for each in records)
    assert len(records[0].messages) == 2


def test_what_was_said_first_counts(world):
    record, at = Record(), world.at
    digest = world.nodes["AAA"].log.chains["BBB"].digests[1]
    rows = [Act("stored", "BBB", 1, digest).as_row()]
    for later in (5, 0):
        record.take(world.signed("receipt", {"acts": rows}, at=at + later), ())
    assert record.said(("BBB", 1), "AAA")["stored"].at == at + 5


@pytest.mark.parametrize("kind", ["message", "receipt", "test", "again"])
def test_what_is_irregular_moves_nothing(world, kind):
    record = Record()
    record.take(world.signed(kind, {"acts": 7}), ("It is odd.",))
    assert list(record.irregular.values()) == [("It is odd.",)]
    assert not record.messages
    assert not record.tests


def test_messages_to_a_party_in_the_order_of_their_chains(make_world):
    world = make_world(parties=3)
    world.pump()
    world.send("AAA-1", to=("BBB", "CCC"))
    world.send("AAA-2", to=("CCC",))
    world.pump()
    record = world.nodes["CCC"].record
    assert [message.slip.number for _, message in record.to("CCC")] == ["AAA-1", "AAA-2"]
    assert [message.slip.number for _, message in record.to("BBB")] == ["AAA-1"]
