"""The agenda in words: what parts whom, what it would change, and how it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.assessment.results import Disagreement, Turn
from detente.report.document import Heading, Listing, Note, Table
from detente.report.pages.agenda import (
    agenda_lines,
    agenda_page,
    agenda_rows,
    agenda_sentence,
    question,
    turn_sentences,
)

TRADE = Disagreement("value", "", "M06", "highland", "lowland", 0.999, 0.15, 60)
NUMBER = Disagreement(
    "factual", "", "", "step-and-mishap", "misreading", 0.117, 0.296, 40, "read-as-preparation"
)


def pivot(of: str, holder: str, joins: tuple[str, ...], leaves: tuple[str, ...] = ()) -> Turn:
    return Turn(of, "pivot", holder, joins, leaves)


def test_page_two_has_three_points_and_the_way_to_all(assessed, names):
    (listing,) = agenda_lines(assessed, names)
    assert isinstance(listing, Listing)
    assert len(listing.items) == 3
    link = listing.items[-1][2]
    assert link.target == "#agenda-all"
    assert link.text == f"{len(assessed.agenda) - 3} more"


def test_the_annex_lists_all_in_their_order(assessed, names, frames_of, words_of):
    blocks = agenda_page(assessed, names)
    assert isinstance(blocks[0], Heading)
    assert blocks[0].anchor == "agenda-all"
    rows = frames_of(blocks)["agenda"].rows
    assert len(rows) == len(assessed.agenda)
    minutes = [row[0] for row in rows if row[0] != "–"]
    assert f"{sum(minutes)} minutes" in words_of(blocks)
    assert [row[0] for row in rows[: len(minutes)]] == minutes
    assert rows[-1][-1] == "It would change no recommendation."


def test_without_any_there_is_a_note_and_no_page(assessed, names):
    none = replace(assessed, agenda=())
    assert isinstance(agenda_lines(none, names)[0], Note)
    assert agenda_page(none, names) == []


def test_a_trade_says_who_gains_and_what_the_package_would_be(names):
    turns = (pivot("package", "lowland", ("M06",), ("M05", "M09")),)
    said = agenda_sentence(replace(TRADE, turns=turns), names)
    assert said == (
        "Trade, 60 min: M06 No large exercises within 50 km of the border. Chance of a gain: "
        "> 99% in Highland, 15% in Lowland. If Lowland gained by it as Highland does, the package "
        "would be another: with M06, without M05 and M09."
    )
    assert agenda_sentence(replace(TRADE, minutes=0), names).startswith("Trade: M06")


def test_a_number_says_whose_public_view_holds_what(names):
    turns = (
        pivot("preferred", "misreading", ("M05",), ("M06",)),
        pivot("preferred", "step-and-mishap", ("M05",), ("",)),
    )
    assert agenda_sentence(replace(NUMBER, turns=turns), names) == (
        "Fact-finding, 40 min: “The exercise is read as preparation for an attack”. Brelis (public "
        "view): 12%; Dalisk (public view): 30%. With the other's figure Brelis (public "
        "view) would prefer M05 to no measure, and Dalisk (public view) M05 to M06."
    )


def test_holders_stand_in_the_order_of_their_ids(names):
    turned = replace(TRADE, a=TRADE.b, b=TRADE.a, in_a=TRADE.in_b, in_b=TRADE.in_a)
    assert agenda_sentence(turned, names) == agenda_sentence(TRADE, names)
    turned = replace(NUMBER, a=NUMBER.b, b=NUMBER.a, in_a=NUMBER.in_b, in_b=NUMBER.in_a)
    assert "Brelis (public view): 12%; Dalisk (public view): 30%" in agenda_sentence(turned, names)


@pytest.mark.parametrize(
    ("number", "a", "ends", "told"),
    [
        ("close-approaches", "base", (20.0, 60.0), "Between 20 a year and 60 a year in"),
        ("island-crises", "base", (0.1, 0.4), "Between 0.10 a year and 0.40 a year in"),
        ("units-meet", "base", (0.005, 0.05), "Between 1 in 200 and 5% in"),
        ("M05#1", "base", (0.3, 0.7), "Between × 0.30 and × 0.70 in"),
        ("M07#1", "base", (0.02, 0.12), "Between 2% and 12% in"),  # a replacement
    ],
)
def test_a_number_is_told_in_its_unit(names, number, a, ends, told):
    one = Disagreement("factual", "", "", a, "", *ends, number=number)
    ((_, _, _, who, _),) = agenda_rows([one], names)
    assert who.replace("\N{NO-BREAK SPACE}", " ").startswith(told)


def test_learning_is_told_once_with_how_many_more_it_would_matter_to(names):
    turns = tuple(
        Turn("preferred", "learning", belief, ("M02",), ("M05",), chance, 0.02)
        for belief, chance in (("base", 0.2), ("misreading", 0.42), ("build-up", 0.1))
    )
    alone = replace(NUMBER, a="misreading", b="", turns=turns)
    assert turn_sentences(alone, names) == [
        (
            "Once it is known, another measure would be preferred in about 40% of the cases "
            "(mostly M02 to M05)."
        ),
        "It would matter in 2 more sets of numbers.",
    ]
    assert "“Dalisk's public view: the danger is misreading” would prefer another" in " ".join(
        turn_sentences(replace(NUMBER, turns=turns), names)
    )


@pytest.mark.parametrize(
    ("one", "turn", "said"),
    [
        (TRADE, Turn("package", "agreement", "", ("M06",), ()), "Agreed midway, the package"),
        (replace(TRADE, kind="trust"), pivot("package", "lowland", ("M06",)), "If Lowland trusted"),
        (replace(TRADE, kind="factual", a="base", b="build-up"), pivot("survivors", "", ("M06",)),
         "If all held what “The case's own numbers” holds, it would survive"),
        (replace(NUMBER, measure="M06"), pivot("survivors", "", ("M06",)),
         "If all held the “The exercise is read"),
        (replace(TRADE, kind="stand"), pivot("ground", "COR", ("M06",)), "This is the only"),
        (replace(TRADE, measure="", criterion="freedom"), pivot("gains", "COR", ("M11",)),
         "With the other's weights, Corvane would expect a gain by M11 too."),
        (replace(TRADE, measure="", criterion="freedom"), pivot("gains", "COR", (), ("M11",)),
         "With the other's weights, Corvane would expect no gain by M11."),
        (replace(TRADE, kind="factual", risk="R8", measure=""),
         pivot("preferred", "base", ("M11",), ("M05",)), "As likely as Lowland says"),
    ],
)  # fmt: skip
def test_every_turn_has_its_sentence(names, one, turn, said):
    (sentence,) = turn_sentences(replace(one, turns=(turn,)), names)
    assert sentence.startswith(said)


def test_questions_differ_by_what_is_known(names):
    stated = [
        TRADE, replace(TRADE, in_b=0.8), replace(TRADE, criterion="freedom"),
        replace(TRADE, kind="trust"), replace(TRADE, kind="stand"), NUMBER, replace(NUMBER, b=""),
        replace(NUMBER, number="close-approaches"), replace(NUMBER, number="M05#1"),
        replace(NUMBER, measure="M05"), replace(NUMBER, risk="R1"),
    ]  # fmt: skip
    asked = [question(one, names) for one in stated]
    assert len(set(asked)) == len(stated)
    assert all(one.endswith("?") for one in asked)


def test_a_question_is_asked_once(assessed, names):
    (listing,) = agenda_lines(
        replace(assessed, agenda=(TRADE, replace(TRADE, measure="M05"))), names
    )
    first, second = ("".join(map(str, item)) for item in listing.items)
    assert first.endswith("?")
    assert not second.endswith("?")


def test_all_rows_of_the_training_case_are_words(assessed, names):
    table = next(b for b in agenda_page(assessed, names) if isinstance(b, Table))
    for row in table.frame.rows:
        assert all(cell for cell in row)
        assert not any("{" in str(cell) for cell in row)
