from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import mini, write

from detente.case.digest import digest
from detente.case.read import read_case

words = st.text(st.characters(codec="utf-8"), max_size=4)
texts = st.dictionaries(words, words)


def test_it_is_sha_256_of_names_and_texts_each_after_its_length():
    zeros = b"\0" * 7
    whole = zeros + b"\x01a" + zeros + b"\x02\xc3\xb5" + zeros + b"\x01b" + zeros + b"\0"
    assert digest({"b": "", "a": "õ"}) == hashlib.sha256(whole).hexdigest()
    assert digest({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(texts, texts)
def test_two_cases_have_one_digest_only_where_they_are_the_same(one, other):
    assert (digest(one) == digest(other)) == (one == other)


@given(texts, st.randoms())
def test_the_order_of_files_does_not_count(files, random):
    names = list(files)
    random.shuffle(names)
    assert digest({name: files[name] for name in names}) == digest(files)


def test_line_ends_and_other_files_do_not_count_and_every_word_does(tmp_path):
    plain = read_case(write(tmp_path / "a", mini())).digest
    crossed = {name: text.replace("\n", "\r\n") for name, text in mini().items()}
    assert read_case(write(tmp_path / "b", {**crossed, "README.md": "x"})).digest == plain
    for name, text in mini().items():
        assert read_case(write(tmp_path / "c", {**mini(), name: text + "\n"})).digest != plain
