"""Reasons by theme: who cleared them, how many gave them, how far coders agree."""

from __future__ import annotations

import numpy as np
import pytest

from detente.elicitation.disclosure import showable
from detente.elicitation.reasons import coding, reason_lines, theme_shares, themes

SIDES = {"X": ["A", "B"], "Y": ["C", "D"]}
THEMES = {"themes": [{"id": name, "title": name} for name in ("time", "intent", "rules")]}
ALL = {"released_reasons": ["A", "B", "C", "D"]}


def reason(name: str, person: str, item: str = "r1", words: str = "") -> dict[str, object]:
    return {"id": name, "participant": person, "party": person[0], "track": "t"} | {
        "question": "likelihood",
        "item": item,
        "words": words or f"Because of {name}.",
        "basis": "illustrative",
    }


def code(name: str, theme: str, coder: str = "k1") -> dict[str, str]:
    return {"reason": name, "coder": coder, "theme": theme}


def case_of(make_case, reasons, codes, *, track=ALL, **more):
    people = [f"{party}{i}" for party in "ABCD" for i in range(6)]
    answers = [{"participant": person, "party": person[0]} for person in people]
    return make_case(
        SIDES, answers, reasons=reasons, codes=codes, questions=THEMES, track=track, **more
    )


def of(case):
    groups = showable(case)[0]
    return theme_shares(case, groups), reason_lines(case, groups)


def ten() -> tuple[list[dict[str, object]], list[dict[str, str]]]:
    """Seven of ten people of X name time, three of them intent; nobody rules."""
    people = [f"A{i}" for i in range(5)] + [f"B{i}" for i in range(5)]
    reasons = [reason(f"w{i}", person) for i, person in enumerate(people)]
    return reasons, [code(f"w{i}", "time" if i < 7 else "intent") for i in range(10)]


def test_people_are_counted_once_for_each_theme(make_case):
    reasons, codes = ten()
    # A0 says the same again, and once more of another theme; both are still one person.
    reasons += [reason("again", "A0", "r2"), reason("other", "A0", "r3")]
    codes += [code("again", "time"), code("other", "intent")]
    shares, lines = of(case_of(make_case, reasons, codes))
    assert [(one.group, one.theme, one.low, one.high, one.people) for one in shares] == [
        ("X", "time", 7, 7, 10),
        ("X", "intent", 4, 4, 10),
        ("X", "rules", 0, 2, 10),
    ]
    assert len(lines) == 12


def test_what_was_not_cleared_counts_for_nothing(make_case):
    shares, lines = of(case_of(make_case, *ten(), track={"released_reasons": ["A"]}))
    assert {one.people for one in shares} == {5}
    assert {line.words for line in lines} == {f"Because of w{i}." for i in range(5)}
    assert of(case_of(make_case, *ten(), track={})) == ((), ())


def test_a_clearing_in_one_track_does_not_clear_another(make_case):
    reasons, codes = ten()
    reasons = [one | {"track": "t2"} for one in reasons]
    assert of(case_of(make_case, reasons, codes)) == ((), ())


@pytest.mark.parametrize(("people", "told"), [(2, 0), (3, 3)])
def test_fewer_than_the_least_cell_are_not_told(make_case, people, told):
    reasons, codes = ten()
    # Two reasons each do not make more people.
    few = [*reasons[:people], *(one | {"id": f"{one['id']}b"} for one in reasons[:people])]
    shares, lines = of(case_of(make_case, few, codes))
    assert {(one.low, one.high, one.people) for one in shares} == ({(0, 3, 3)} if told else set())
    assert len(lines) == told


def test_a_side_that_is_not_shown_gives_no_reasons(make_case):
    case = case_of(make_case, *ten())
    only_y = [group for group in showable(case)[0] if group.id == "Y"]
    assert theme_shares(case, only_y) == reason_lines(case, only_y) == ()


def test_lines_stand_by_item_theme_and_words_whoever_spoke_first(make_case):
    reasons = [
        reason("w1", "A0", "r2", "Zebra."),
        reason("w2", "A1", "r1", "Yak."),
        reason("w3", "B0", "r1", "Ant."),
        reason("w4", "B1", "r1", "Bee."),
        reason("w5", "B2", "r1", "Nobody coded this."),
    ]
    codes = [code("w1", "time"), code("w2", "intent"), code("w3", "time"), code("w4", "intent")]
    case = case_of(make_case, reasons, codes)
    _, lines = of(case)
    assert [(line.item, line.theme, line.words) for line in lines] == [
        ("r1", "intent", "Bee."),
        ("r1", "intent", "Yak."),
        ("r1", "time", "Ant."),
        ("r2", "time", "Zebra."),
    ]
    shuffled = [codes[i] for i in np.random.default_rng(1).permutation(len(codes))]
    mixed = case_of(make_case, reasons[::-1], shuffled)
    assert of(mixed) == of(case)
    assert coding(mixed) == coding(case)


def test_the_theme_is_the_one_of_most_coders_else_the_first_of_the_case(make_case):
    codes = [code("w0", "rules", "k1"), code("w0", "intent", "k2"), code("w0", "intent", "k3")]
    codes += [code("w1", "rules", "k1"), code("w1", "time", "k2")]
    reasons = [reason("w0", "A0"), reason("w1", "A1")]
    assert themes(case_of(make_case, reasons, codes)) == {"w0": "intent", "w1": "time"}


def test_alpha_by_hand(make_case):
    # Four reasons, two coders, one difference: coincidences time-time 4, intent-intent 2 and one
    # each of time-intent and intent-time; so n = 8, margins 5 and 3.
    # D_o = 2 / 8, D_e = 2 * 5 * 3 / (8 * 7), alpha = 1 - (1/4) / (30/56).
    pairs = [("time", "time"), ("time", "time"), ("intent", "intent"), ("time", "intent")]
    codes = [
        code(f"w{i}", theme, f"k{k}")
        for i, both in enumerate(pairs)
        for k, theme in enumerate(both)
    ]
    reasons = [reason(f"w{i}", f"A{i}") for i in range(4)]
    told = coding(case_of(make_case, reasons, codes))
    assert (told.coders, told.reasons) == (2, 4)
    assert told.alpha.mid == pytest.approx(1 - (1 / 4) / (30 / 56))
    assert told.alpha.low <= told.alpha.mid <= told.alpha.high


def test_alpha_needs_two_coders_of_one_reason_and_two_themes(make_case):
    reasons = [reason(f"w{i}", f"A{i}") for i in range(4)]
    one_coder = [code(f"w{i}", "time" if i % 2 else "intent") for i in range(4)]
    apart = one_coder[:2] + [one | {"coder": "k2"} for one in one_coder[2:]]
    one_theme = [code(f"w{i}", "time", f"k{k}") for i in range(4) for k in range(2)]
    for codes, coders in ((one_coder, 1), (apart, 2), (one_theme, 2)):
        told = coding(case_of(make_case, reasons, codes))
        assert (told.coders, told.alpha) == (coders, None)
    assert coding(case_of(make_case, reasons, [])) is None
