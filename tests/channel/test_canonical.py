import base64
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.channel.canonical import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_INTEGER,
    Malformed,
    decode,
    encode,
    from_text,
    to_text,
)

KEYS = st.text("abcxyz_", min_size=1, max_size=32)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t")).map(
    lambda text: unicodedata.normalize("NFC", text)
)
VALUES = st.recursive(
    TEXTS | st.integers(-MOST_INTEGER, MOST_INTEGER),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


# --- the form -------------------------------------------------------------------------------------


def test_form_is_that_of_rfc_8785():
    """Its example of 3.2.3, cut down: no blanks, sorted keys, two-letter escapes, else as it is."""
    value = {
        "string": '€$\n\tA\'B"\\\\"/',
        "numbers": [0, -7, 2**53 - 1],
        "a": {},
        "_": [],
        "b": "",
    }
    assert (
        encode(value)
        == (
            '{"_":[],"a":{},"b":"","numbers":[0,-7,9007199254740991],'
            '"string":"€$\\n\\tA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


@given(VALUES)
def test_what_is_encoded_is_decoded(value):
    data = encode(value)
    assert decode(data) == value
    assert json.loads(data) == value


@given(VALUES)
def test_bytes_do_not_hang_on_the_order_of_keys(value):
    def turned(inner):
        if isinstance(inner, dict):
            return {key: turned(inner[key]) for key in reversed(inner)}
        return [turned(each) for each in inner] if isinstance(inner, list) else inner

    assert encode(turned(value)) == encode(value)


@given(st.binary(max_size=60) | VALUES.map(encode), st.data())
def test_a_reader_takes_canonical_bytes_or_none(data, draw):
    """One byte anywhere may be another; what is then taken is the form of what it says."""
    if data:
        place = draw.draw(st.integers(0, len(data) - 1))
        data = data[:place] + draw.draw(st.binary(min_size=1, max_size=2)) + data[place + 1 :]
    try:
        value = decode(data)
    except Malformed:
        return
    assert encode(value) == data


# --- what is refused ------------------------------------------------------------------------------

OTHER_FORMS = {
    "blank": b'{"a": 1}',
    "blank before": b" 1",
    "blank after": b"1\n",
    "more after": b"1 1",
    "mark of byte order": b"\xef\xbb\xbf1",
    "keys out of order": b'{"b":1,"a":2}',
    "key twice": b'{"a":1,"a":1}',
    "key twice, other value": b'{"a":1,"a":2}',
    "escaped slash": rb'"\/"',
    "escaped letter": rb'"\u0041"',
    "escaped letter outside ASCII": rb'"\u00e9"',
    "escaped line feed in the long form": rb'"\u000a"',
    "pair of surrogates": rb'"\ud83d\ude00"',
    "half a pair": rb'"\ud83d"',
    "half a pair in UTF-8": b'"\xed\xa0\xbd"',
    "long form of UTF-8": b'"\xc1\x81"',
    "no UTF-8": b'"\xff"',
    "not in normal form C": '"e\u0301"'.encode(),
    "null character": rb'"\u0000"',
    "raw line feed": b'"\n"',
    "carriage return": rb'"\r"',
    "backspace": rb'"\b"',
    "delete": b'"\x7f"',
    "control character of eight bits": b'"\xc2\x85"',
    "float": b"1.0",
    "float without a fraction": b"1e3",
    "float beyond floats": b"1e999",
    "minus zero": b"-0",
    "leading zero": b"01",
    "plus": b"+1",
    "beyond 2**53 - 1": b"9007199254740992",
    "below -(2**53 - 1)": b"-9007199254740992",
    "many digits": b"1" * 60_000,
    "true": b"true",
    "null": b"[null]",
    "not a number": b"NaN",
    "infinity": b"-Infinity",
    "empty": b"",
    "comma at the end": b"[1,]",
    "open": b'["a',
    "closed too often": b"[]]",
    "key with a capital": b'{"A":1}',
    "key with a digit": b'{"a1":1}',
    "empty key": b'{"":1}',
    "key with a line feed": rb'{"a\n":1}',
    "key outside ASCII": '{"ä":1}'.encode(),
    "long key": b'{"' + b"a" * 33 + b'":1}',
}


@pytest.mark.parametrize("data", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_other_forms_are_refused(data):
    with pytest.raises(Malformed):
        decode(data)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 1.0, float("nan"), b"a", (1,), {1}, 2**53, -(2**53)),
        *("\ud800", "\0", "\r", "\x7f", "\x85", "e\u0301"),
        *({1: 1}, {True: 1}, {"A": 1}, {"": 1}, {"a\n": 1}, {"a" * 33: 1}, [[{"a": None}]]),
    ],
)
def test_values_without_a_form_are_refused(value):
    with pytest.raises(Malformed):
        encode(value)


def test_depth_has_an_end_before_the_parser_sees_it():
    assert decode(encode(nested(MOST_DEPTH))) == nested(MOST_DEPTH)
    with pytest.raises(Malformed, match="within each other"):
        encode(nested(MOST_DEPTH + 1))
    for data in (b"[" * 60_000, b'{"a":' * 13_000, b'["' + b"[" * 100 + b'",' + b"[" * 100):
        with pytest.raises(Malformed, match="within each other"):
            decode(data)


def test_brackets_in_texts_and_beside_each_other_are_no_depth():
    value = {"text": '[{"\\' * 1000, "list": [[]] * 1000}
    assert decode(encode(value)) == value


def test_what_holds_itself_is_too_deep():
    ring = []
    ring.append(ring)
    with pytest.raises(Malformed, match="within each other"):
        encode(ring)


def test_texts_without_end_take_no_time():
    """A search that began again at each of these quotes would read a thousand million letters."""
    for data in (b"[" * 30 + b'"' + rb"\"" * 32_000, b"[" * 30 + b'"' * 65_001 + b"\\"):
        with pytest.raises(Malformed):
            decode(data)


def test_long_digits_are_refused_before_they_are_a_number():
    with pytest.raises(Malformed, match=r"beyond 2\*\*53"):
        decode(b"1" * 60_000)


def test_size_has_an_end():
    longest = b'"' + b"a" * (MOST_BYTES - 2) + b'"'
    assert encode(decode(longest)) == longest
    with pytest.raises(Malformed, match="65,537 bytes"):
        decode(longest + b"a")
    assert decode(b"[1]", most=3) == [1]
    with pytest.raises(Malformed, match="3 bytes"):
        decode(b"[1]", most=2)


def test_every_changed_bit_of_a_sample_is_refused_or_says_something_else():
    sample = encode({"at": 1795893365, "to": ["A", "Б"], "text": "Нет.\n", "seq": 12})
    for bit in range(8 * len(sample)):
        changed = (int.from_bytes(sample, "big") ^ 1 << bit).to_bytes(len(sample), "big")
        try:
            assert encode(decode(changed)) == changed
        except Malformed:
            continue


# --- bytes as text --------------------------------------------------------------------------------


@given(st.binary(max_size=200))
def test_bytes_as_text_are_those_of_the_standard_library(data):
    text = to_text(data)
    assert text == base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert from_text(text) == from_text(text, len(data)) == data
    with pytest.raises(Malformed, match="stands for"):
        from_text(text, len(data) + 1)


def test_a_text_has_one_form():
    """A to P all give the byte 0 in second place; only A leaves no bits over."""
    assert from_text("AA") == b"\0"
    for text in ("AB", "AC", "AP", "AAB"):
        with pytest.raises(Malformed):
            from_text(text)


@pytest.mark.parametrize(
    "text", ["A", "AA==", "AA=", "A A", "AA\n", "+/8", "AAAAA", "AÄ", "A\0", "-_8=", "=", None, 7]
)
def test_other_texts_are_refused(text):
    with pytest.raises(Malformed):
        from_text(text)
