from detente.channel.links import HELLO_AFTER_MS, LONGEST_WAIT_MS, PATIENCE_MS, Link


def link(**changed):
    return Link("BBB", {"AAA": 2, "BBB": 5}, **({"confirmed": True, "hello_at": 10**9} | changed))


SIZES = {"AAA": 2, "BBB": 5}


def test_nothing_is_due_to_one_who_holds_all():
    assert not link().is_due(SIZES, 0)


def test_what_is_lacking_is_due_until_it_was_offered():
    one = link()
    assert one.is_due({"AAA": 3, "BBB": 5}, 0)
    one.told({"AAA": 3, "BBB": 5}, 0)
    assert one.next_of("AAA") == 3
    assert not one.is_due({"AAA": 3, "BBB": 5}, PATIENCE_MS - 1)


def test_what_was_not_confirmed_is_due_again_and_ever_later():
    one, sizes, at, waits = link(), {"AAA": 3, "BBB": 5}, 0, []
    for _ in range(8):
        one.told(sizes, at)
        wait = next(ms for ms in range(0, LONGEST_WAIT_MS + 2, 500) if one.is_due(sizes, at + ms))
        waits.append(wait)
        at += wait
    assert waits == [min(PATIENCE_MS * 2**n, LONGEST_WAIT_MS) for n in range(8)]
    one.holds("AAA", 3)
    assert (one.doublings, one.next_of("AAA")) == (0, 3)


def test_one_who_lost_entries_is_offered_them_again():
    one = link()
    one.told({"AAA": 9, "BBB": 5}, 0)
    one.holds("AAA", 9)
    one.holds("AAA", 4)
    assert one.next_of("AAA") == 4
    assert one.is_due({"AAA": 9, "BBB": 5}, 1)


def test_a_question_a_wish_and_silence_are_answered():
    for changed in ({"asked": True}, {"want": {"AAA": 0}}, {"acknowledge_at": 5}, {"hello_at": 5}):
        one = link(**changed)
        assert one.is_due(SIZES, 5)
        one.told(SIZES, 5)
        assert not one.is_due(SIZES, 6)
        assert one.is_due(SIZES, 5 + HELLO_AFTER_MS)
    assert not link(acknowledge_at=5).is_due(SIZES, 4)


def test_bundles_of_one_start_are_heeded_in_order_only():
    one = link()
    heeded = [not one.is_late("x", count) for count in (1, 2, 2, 1, 5, 4, 6)]
    assert heeded == [True, True, False, False, True, False, True]
    assert not one.is_late("y", 1)  # the other node started again, and counts anew
    assert one.is_late("y", 1)


def test_until_it_is_confirmed_a_node_says_hello_ever_less_often():
    one, at, waits = link(confirmed=False, hello_at=0), 0, []
    for _ in range(7):
        one.told(SIZES, at)
        waits.append(one.hello_at - at)
        at = one.hello_at
    assert waits == [min(PATIENCE_MS * 2**n, LONGEST_WAIT_MS) for n in range(7)]
