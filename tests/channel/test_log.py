import pytest

from detente.channel.canonical import to_text
from detente.channel.envelope import Head, read
from detente.channel.keys import Certificate, certify
from detente.channel.log import Log
from detente.channel.merkle import EMPTY_ROOT, leaf_hash, root


@pytest.fixture
def log(world):
    return world.nodes["BBB"].log


def place(log, entry):
    return log.place(read(entry.raw))


def test_the_next_entry(world, log):
    entry = world.signed("lost", {"of": []})
    assert place(log, entry) == ("next", "")
    assert log.follows(entry)
    log.append(entry, ())
    assert place(log, entry) == ("known", "")
    assert not log.follows(entry)


def test_heads_are_those_of_the_tree_over_the_entries_bytes(world, log):
    raws = {party: [] for party in log.chains}
    fresh = Log(world.agreement)
    for raw in world.entries("BBB"):
        entry = read(raw)
        assert fresh.place(entry) == ("next", "")
        fresh.append(entry, fresh.judge(entry))
        raws[entry.sender].append(leaf_hash(raw))
        expected = root(raws[entry.sender])
        assert fresh.chains[entry.sender].head.root == to_text(expected)
    assert fresh.heads() == log.heads()
    assert Log(world.agreement).heads()[0] == Head("AAA", 0, to_text(EMPTY_ROOT))


def test_what_is_missing_before_it(world, log):
    size = log.chains["AAA"].size
    assert place(log, world.signed("lost", {"of": []}, seq=size + 1)) == ("gap", "")
    head = Head("BBB", log.chains["BBB"].size + 1, to_text(bytes(32)))
    unseen = world.signed("lost", {"of": []}, seen=(head,))
    assert place(log, unseen) == ("gap", "")
    assert not log.follows(unseen)


def test_what_cannot_stand_in_the_chain(world, log):
    chain = log.chains["AAA"]
    other = world.signed("lost", {"of": []}, seq=3, prev=chain.digests[2])
    assert place(log, other) == ("fork", "")
    denies = world.signed("lost", {"of": []}, prev=chain.digests[2])
    assert place(log, denies) == ("fork", "")


@pytest.mark.parametrize("seq", [3, None])
def test_what_no_device_of_the_sender_signed(world, log, seq):
    place_ = {} if seq is None else {"seq": seq, "prev": log.chains["AAA"].digests[seq - 1]}
    officer, foreign = world.cast.officers["AAA"][0], world.cast.devices["BBB"]
    for changed in ({"by": foreign}, {"device": 7}, {"device": 2, "by": officer}):
        entry = world.signed("lost", {"of": []}, **(place_ | changed))
        assert place(log, entry)[0] == "refused"
    late = world.signed("lost", {"of": []}, **(place_ | {"at": 2**40}))
    assert place(log, late)[0] == "refused"


def test_entries_of_others_are_refused(world, make_world, log):
    stranger = make_world(seed=9)
    assert place(log, stranger.signed("lost", {"of": []})) == ("refused", "It is of another line.")
    third = make_world(seed=7, parties=3)
    assert place(log, third.signed("lost", {"of": []}, sender="CCC"))[0] == "refused"


def test_a_forked_chain_is_closed_but_what_is_known_is_known(world, log):
    log.chains["AAA"].forked = True
    assert place(log, world.signed("lost", {"of": []}))[0] == "refused"
    assert place(log, world.signed("lost", {"of": []}, sender="BBB"))[0] == "next"
    raw = world.entries("BBB")[0]
    assert log.place(read(raw))[0] == "known"


def statement(world, serial, key, **changed):
    plain = world.cast.certificate("AAA", serial, "device", key).__dict__ | changed
    return {"statement": certify(world.cast.roots["AAA"], Certificate(**plain))}


def test_a_new_device_signs_its_own_certificate_and_what_follows(world, log):
    new = world.cast.witness
    first = world.signed("credential", statement(world, 8, new), device=8, by=new)
    assert place(log, first) == ("next", "")
    assert log.judge(first) == ()
    log.append(first, ())
    follows = {"seq": first.seq + 1, "prev": first.digest, "device": 8, "by": new}
    assert place(log, world.signed("lost", {"of": []}, **follows)) == ("next", "")


def test_a_revoked_device_signs_no_more(world, log):
    gone = statement(world, 1, world.cast.devices["AAA"], revoked=1)
    last = world.signed("credential", gone)
    assert place(log, last) == ("next", "")
    log.append(last, log.judge(last))
    after = world.signed("lost", {"of": []}, seq=last.seq + 1, prev=last.digest)
    assert place(log, after)[0] == "refused"
    again = statement(world, 1, world.cast.devices["AAA"])
    back = world.signed("credential", again, seq=last.seq + 1, prev=last.digest)
    assert place(log, back)[0] == "refused"
