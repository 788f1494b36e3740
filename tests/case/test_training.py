"""What was planted in the training case, and what its README says of it, stands in its answers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest

from detente.case.case import Case
from detente.case.model import Answer
from detente.case.read import examine

Rows = Callable[..., list[Answer]]
SIDES = {"highland": "lowland", "lowland": "highland"}
ROWS = {"Q9": 253, "Q10": 736, "Q11": 184, "Q12": 92, "Q13": 46, "Q14": 210, "Q15": 286}
AGREED, PARTED = ("S01", "S02", "S03", "S04", "S09", "S10"), ("S05", "S06", "S07", "S11")


@pytest.fixture(scope="module")
def training(root: Path) -> Case:
    case, findings = examine(root / "cases" / "training")
    assert findings == ()
    assert case is not None
    return case


@pytest.fixture(scope="module")
def rows(training: Case) -> Rows:
    """The answers to a question, of an item, a side and a round where these are stated."""

    def chosen(question: str, item: str = "", side: str = "", number: int = 0) -> list[Answer]:
        return [
            row
            for row in training.answers
            if row.question == question
            and item in ("", row.item)
            and side in ("", training.side_of[row.party])
            and number in (0, row.round)
        ]

    return chosen


def _value(row: Answer) -> float:
    assert row.value is not None
    return row.value


def _logit(row: Answer) -> float:
    return math.log(_value(row) / (1 - _value(row)))


def test_the_case_stays_readable(training, rows):
    assert {question: len(rows(question)) for question in ROWS} == ROWS
    assert len(training.answers) < 6_000
    assert len({row.participant for row in training.answers}) == 23


def test_more_were_expected_than_came_and_one_group_cleared_no_reason(training):
    came = Counter({row.participant: row.party for row in training.answers}.values())
    expected = {party: n for track in training.about.tracks for party, n in track.expected.items()}
    assert came == {"ALD": 6, "BRE": 5, "COR": 6, "DAL": 6}
    assert expected == {"ALD": 7, "BRE": 6, "COR": 6, "DAL": 6}
    released = [party for track in training.about.tracks for party in track.released_reasons]
    assert released == ["ALD", "COR", "DAL"]


@pytest.mark.parametrize(
    ("side", "risk", "low", "high"),
    [
        ("highland", "R4", 7.5, 9),
        ("lowland", "R4", 5, 6.5),
        ("highland", "R7", 2.5, 4),
        ("lowland", "R7", 6, 7.5),
        ("highland", "R3", 8, 9),
        ("lowland", "R3", 8, 9),
    ],
)
def test_the_sides_part_on_how_grave_two_risks_are(rows, side, risk, low, high):
    assert low < mean(map(_value, rows("Q9", risk, side, 1))) < high


def test_four_people_gave_narrower_intervals_and_said_so(rows):
    stated = defaultdict(set)
    for row in rows("Q9"):
        stated[row.confidence].add(row.participant)
    assert stated.pop(0.8) == {"p05", "p09", "p11", "p14"}
    assert len(stated.pop(None)) == 19
    assert not stated


def test_everybody_saw_eight_sets_and_each_risk_four_times(training, rows):
    sets, seen = defaultdict(dict), defaultdict(Counter)
    for row in rows("Q10"):
        sets[row.participant, row.about][row.item] = row.value
        seen[row.participant][row.item] += 1
    assert all(sorted(values.values()) == [-1, 0, 0, 1] for values in sets.values())
    every = Counter({risk.id: 4 for risk in training.risks})
    assert len(seen) == 23
    assert all(own == every for own in seen.values())
    members = defaultdict(set)
    for (_, name), values in sets.items():
        members[name].add(frozenset(values))
    assert len(members) == 14
    assert all(len(each) == 1 for each in members.values())


@pytest.mark.parametrize("side", SIDES)
def test_first_and_last_agree_with_the_order(training, rows, side):
    ranks = {risk.id: mean(map(_value, rows("Q2", risk.id, side))) for risk in training.risks}
    scores = {risk.id: mean(map(_value, rows("Q10", risk.id, side))) for risk in training.risks}
    by_rank, by_score = (
        sorted(ranks, key=ranks.__getitem__),
        sorted(scores, key=lambda r: -scores[r]),
    )
    places = [(by_rank.index(risk) - by_score.index(risk)) ** 2 for risk in ranks]
    assert by_rank[0] == by_score[0]
    assert 1 - 6 * sum(places) / (8 * 63) > 0.8


def _gaps(training: Case, rows: Rows, side: str) -> dict[str, float]:
    """How much more the side expects the other to say than that says, in logits, by risk."""
    return {
        risk.id: mean(map(_logit, rows("Q11", risk.id, side)))
        - mean(map(_logit, rows("Q1", risk.id, SIDES[side], 2)))
        for risk in training.risks
    }


def test_highland_is_accurate_but_for_two_risks(training, rows):
    gaps = _gaps(training, rows, "highland")
    assert gaps.pop("R5") == pytest.approx(1.5, abs=0.1)
    assert gaps.pop("R7") == pytest.approx(1.5, abs=0.1)
    assert all(abs(gap) < 0.1 for gap in gaps.values())


def test_lowland_takes_itself_for_highland(training, rows):
    gaps = _gaps(training, rows, "lowland")
    assert gaps["R4"] < -1.5
    assert gaps["R8"] > 1
    for question, own in (("Q11", "highland"), ("Q11", "lowland")):
        judged = {(row.participant, row.item): _logit(row) for row in rows("Q1", "", own, 2)}
        apart = mean(
            abs(_logit(r) - judged[r.participant, r.item]) for r in rows(question, "", own)
        )
        assert (apart < 0.5) == (own == "lowland")


def test_highland_takes_one_fear_for_smaller_than_what_is_said(rows):
    def less(side: str, risk: str) -> float:
        said, held = rows("Q11", risk, side), rows("Q12", risk, side)
        return mean(map(_logit, said)) - mean(map(_logit, held))

    assert {row.item for row in rows("Q12")} == {"R1", "R2", "R4", "R8"}
    assert less("highland", "R8") == pytest.approx(0.9, abs=0.1)
    others = [("highland", "R1"), ("highland", "R2"), ("highland", "R4"), ("lowland", "R8")]
    assert all(abs(less(*other)) < 0.1 for other in others)


def test_what_happened_was_held_for_less_likely_than_not(training, rows):
    known = {one.id: one.known for one in training.quantities}
    for side, other in SIDES.items():
        assert known[f"notice-{other}"] == 1
        assert known[f"observers-{other}"] is None
        assert mean(map(_value, rows("Q13", f"notice-{other}", side))) < 0.5
        assert {row.item for row in rows("Q13", "", side)} == {
            f"notice-{other}",
            f"observers-{other}",
        }


@pytest.mark.parametrize(
    ("party", "low", "high"),
    [("ALD", 0.7, 1.4), ("BRE", 0.7, 1.4), ("COR", 2.5, 4.5), ("DAL", 2.5, 4.5)],
)
def test_the_direct_estimate_does_not_fit_its_steps_in_lowland(rows, party, low, high):
    items = ("long-fight", "moved-forward", "shots", "lasting")
    own = {
        item: mean(math.log(_value(row)) for row in rows("Q14", item) if row.party == party)
        for item in items
    }
    factor = math.exp(own["long-fight"] - own["moved-forward"] - own["shots"] - own["lasting"])
    assert low < factor < high
    assert len(rows("Q14", "long-fight")) == 20


@pytest.mark.parametrize("side", SIDES)
def test_the_month_and_the_year_fit(rows, side):
    month, year = (mean(map(_value, rows("Q14", f"damage-{s}", side))) for s in ("month", "year"))
    assert (1 - (1 - month) ** 12) / year == pytest.approx(1, abs=0.25)
    assert len(rows("Q14", "damage-year")) == 23


def test_two_people_hold_all_that_is_known_and_two_hold_nothing(training, rows):
    held = Counter()
    seeds = {one.id: one.known for one in training.quantities if one.id.startswith("seed-")}
    for row in rows("Q14"):
        if row.item in seeds:
            held[row.participant] += row.low <= seeds[row.item] <= row.high
    assert len(held) == 21
    assert {person: held[person] for person in ("p08", "p09", "p12", "p16")} == {
        "p08": 4,
        "p09": 4,
        "p12": 0,
        "p16": 0,
    }
    published = {count.count for count in training.counts}
    assert len(seeds) == 4
    assert set(seeds.values()) <= published


def test_the_sides_agree_part_and_pass_on_sentences(training, rows):
    assert len(training.statements) == 14
    shares, people = {}, {}
    for one in training.statements:
        for side in SIDES:
            votes = [row.value for row in rows("Q15", one.id, side)]
            people[one.id, side] = len(votes)
            shares[one.id, side] = votes.count(1) / len(votes)
    few = {place for place, number in people.items() if number < training.about.min_cell}
    assert few == {("S13", "highland"), ("S13", "lowland"), ("S14", "lowland")}
    least = training.statements_file.threshold
    agreed = [place for place in shares if shares[place] > least and place not in few]
    both = {name for name, _ in agreed if all((name, side) in agreed for side in SIDES)}
    one_only = {name for name, _ in agreed} - both
    assert both == {*AGREED}
    assert {*PARTED} <= one_only
    assert shares["S01", "highland"] == 1
    assert shares["S01", "lowland"] < 1


def test_two_coders_differ_on_four_of_24_reasons(training):
    themes = defaultdict(list)
    for code in training.codes:
        themes[code.reason].append(code.theme)
    assert [len(pair) for pair in themes.values()] == [2] * 24
    differ = {reason for reason, (one, other) in themes.items() if one != other}
    assert differ == {"W09", "W18", "W20", "W23"}
    assert Counter(reason.party for reason in training.reasons) == dict.fromkeys(
        ("ALD", "BRE", "COR", "DAL"), 6
    )
    assert {reason.basis for reason in training.reasons} == {"illustrative"}


def test_every_reason_explains_an_answer(training):
    answered = {(row.participant, row.question, row.item) for row in training.answers}
    told = {(row.participant, row.question, row.item) for row in training.reasons}
    assert told <= answered
