"""The fuzz targets under Hypothesis: any bytes, and valid samples that were cut, mixed and changed.

What a reader may raise is in its target; anything else fails here. That no input can cost much is
held by bounds on its size, which are judged before anything is parsed.
"""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.channel import audit, bundle, canonical, envelope
from detente.channel.canonical import Malformed
from detente.channel.protocol import intake
from detente.channel.protocol.state import Moment
from detente.ground.errors import CaseError
from detente.ground.forms import parse
from fuzz.targets import TARGETS, bundle_of, entries, node

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "flip", "insert", "end"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 400),
        st.sampled_from([b'"', b"[", b"}", b"\n", b"-", b"9" * 20, b"\xff", b"\\u0000", b":"])
        | st.binary(max_size=8),
    ),
    min_size=1,
    max_size=4,
)


def changed(data: bytes, change: tuple[str, float, int, bytes]) -> bytes:
    kind, where, length, new = change
    place = int(where * len(data))
    before, part, after = data[:place], data[place : place + length], data[place + length :]
    if kind == "cut":
        return before + after
    if kind == "double":
        return before + part + part + after
    if kind == "flip":
        return before + bytes(byte ^ 1 << length % 8 for byte in part[:1]) + part[1:] + after
    return before if kind == "end" else before + new + part + after


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.binary(max_size=300))
@FEW
def test_any_bytes_are_read_or_refused(name, data):
    TARGETS[name].one_input(data)


@pytest.mark.parametrize("name", TARGETS)
@given(drawn=st.data(), changes=CHANGES)
@FEW
def test_changed_samples_are_read_or_refused(name, drawn, changes):
    sample = drawn.draw(st.sampled_from(TARGETS[name].seeds()))
    *_, data = accumulate(changes, changed, initial=sample)
    TARGETS[name].one_input(data)


@pytest.mark.parametrize("name", TARGETS)
def test_the_samples_are_valid_and_may_be_fed(name):
    target = TARGETS[name]
    assert target.seeds()
    for seed in target.seeds():
        assert len(seed) <= target.most
        target.one_input(seed)


def test_the_sample_bundle_is_taken_whole():
    started, _ = node()
    step = intake.receive(started, bundle_of(entries()), Moment(1_800_000_000, 0))
    assert {event.kind for event in step.events} & {"refused", "gap", "fork"} == set()


def test_the_sample_log_is_sound():
    judged = audit.audit(TARGETS["log"].seeds()[0])
    assert judged.damage == ()
    assert judged.irregular == ()
    assert [chain.size for chain in judged.chains] == [8, 8]


# --- no input is parsed that is too large ---------------------------------------------------------


@pytest.fixture
def parsing(monkeypatch):
    """How often the parser was called."""
    calls = []

    class Counted:
        def raw_decode(self, text):
            calls.append(len(text))
            return decoder.raw_decode(text)

    decoder = canonical._DECODER
    monkeypatch.setattr(canonical, "_DECODER", Counted())
    return calls


def test_a_large_envelope_is_refused_before_it_is_parsed(parsing):
    with pytest.raises(Malformed, match="are the most"):
        envelope.read(b"[" * (envelope.MAX_BYTES + 1))
    assert parsing == []
    envelope.read(entries()[0])
    assert len(parsing) == 1


def test_deep_nesting_is_refused_before_it_is_parsed(parsing):
    with pytest.raises(Malformed, match="within each other"):
        envelope.read(b"[" * envelope.MAX_BYTES)
    assert parsing == []


def test_a_large_bundle_is_refused_before_it_is_parsed(parsing):
    for data in (
        b"\n" * (bundle.MAX_BYTES + 1),
        b"\n" * (bundle.MAX_ENTRIES + 3),
        b"x" * (bundle.MAX_HELLO + 1) + b"\n",
    ):
        with pytest.raises(Malformed):
            bundle.read(data)
    assert parsing == []


def test_a_bundle_of_rubbish_parses_no_line_twice_and_none_before_its_digest_holds(parsing):
    lines = [b"[%d]" % number for number in range(500)]
    whole = bundle_of(lines)
    started, _ = node()
    parsing.clear()
    intake.receive(started, whole, Moment(1_800_000_000, 0))
    assert len(parsing) <= 1 + len(lines)
    parsing.clear()
    intake.receive(started, whole[:-2] + b"]\n]\n", Moment(1_800_000_000, 0))
    assert len(parsing) == 1


def test_a_log_of_rubbish_parses_each_line_once(parsing):
    header = TARGETS["log"].seeds()[0].split(b"\n")[0]
    parsing.clear()
    judged = audit.audit(b"\n".join([header, *[b"[1]"] * 500, b""]))
    assert len(parsing) <= 501
    assert judged.damage


def test_a_long_form_is_refused_with_one_finding_before_its_lines_are_read(monkeypatch):
    monkeypatch.setattr(parse, "_lines", None)
    for text in ("1. " * parse.MOST_CHARACTERS, ("x" * parse.MOST_CHARACTERS * 4 + "x").encode()):
        with pytest.raises(CaseError) as caught:
            parse.parse(text)
        assert len(caught.value.findings) == 1
