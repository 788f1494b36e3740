"""The plan keeps its budget, deals evenly, foresees what is shown, and tells what it cannot do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import ceil, inf

import pytest
from scipy.stats import binom

from detente.case import model
from detente.case.case import Case
from detente.elicitation.audit import Closed, publish
from detente.elicitation.burden import Asked, Brief, Budget, Person
from detente.elicitation.design import replications
from detente.elicitation.plan import Plan, plan, plan_of
from detente.ground.errors import UsageError

LEDGER = ("reassurance-expected", "reassurance-received", "cost", "kept")
MIRROR = ("likelihood", "expected-say", "expected-fear", "consequence")
KINDS = (*MIRROR, *LEDGER, "priority", "pairwise", "best-worst", "expected-do", "quantity")
KINDS += ("statement", "gain", "red-line")
PARTIES = ("ALD", "BRE", "COR", "DAL", "EVE")
FOUR = {"ALD": 8, "BRE": 7, "COR": 8, "DAL": 7}


def case_of(
    kinds: Sequence[str],
    *,
    risks: int,
    measures: int,
    statements: int = 0,
    expected: Sequence[tuple[str, int]] = (),
) -> Case:
    """Two sides of two parties each, in two tracks; all but BRE released their tables."""
    tracks = {"track-h": ["ALD", "BRE"], "track-l": ["COR", "DAL"]}
    about = {
        "format": "detente/case/1",
        "title": "A case",
        "edition": "2026-11",
        "date": "2026-11",
        "as_of": "2026-11",
        "summary": "Invented.",
        "parties": [
            {"id": party, "name": party, "real": False, "heard": "panel"} for party in PARTIES
        ],
        "sides": [
            {"id": "highland", "name": "Highland", "parties": ["ALD", "BRE"]},
            {"id": "lowland", "name": "Lowland", "parties": ["COR", "DAL"]},
        ],
        "tracks": [
            {
                "id": track,
                "name": track,
                "parties": parties,
                "released": sorted({*parties} - {"BRE"}),
            }
            | {"expected": {party: n for party, n in expected if party in parties}}
            for track, parties in tracks.items()
        ],
        "horizon_years": 5.0,
        "languages": ["en"],
        "seed": 7,
        "illustrative": True,
    }
    questions = {
        "format": "detente/questions/1",
        "questions": [{"id": f"Q-{kind}", "kind": kind, "text": "how so " * 7} for kind in kinds],
        "quantities": [
            {"id": f"q{i}", "title": "q", "scale": "probability" if i < 5 else "real"}
            for i in range(8)
        ],
    }
    votes = [{"id": f"s{i}", "text": "s"} for i in range(statements)]
    options = [
        {"id": f"M{i}", "area": 1, "title": "m", "seen": "unverified"}
        | {"unilateral": True, "verifiability": "observed"}
        for i in range(measures)
    ]
    return Case(
        about=model.CaseFile.model_validate(about),
        risks=tuple(
            model.Risk(id=f"R{i}", title={"": "r"}, pathway="accidental", domain="air")
            for i in range(risks)
        ),
        measures_file=model.MeasuresFile.model_validate(
            {"format": "detente/measures/1", "measures": options}
        ),
        questions_file=model.QuestionsFile.model_validate(questions),
        statements_file=model.StatementsFile.model_validate(
            {"format": "detente/statements/1", "statements": votes}
        ),
    )


@pytest.fixture(name="training", scope="module")
def _training():
    """As large as the training case: 8 risks, 12 measures, 8 questions of 14 words."""
    return case_of(("likelihood", "priority", "gain", "red-line", *LEDGER), risks=8, measures=12)


@pytest.fixture(name="large", scope="module")
def _large():
    """12 risks, 31 measures, 8 quantities and 40 statements, and every kind of question."""
    return case_of(KINDS, risks=12, measures=31, statements=40)


@pytest.fixture(name="shortened", scope="module")
def _shortened(large):
    """The plan of the large case in which every kind is asked, most of them on blocks."""
    return plan(large, people=FOUR, most_judgements=200, minutes=90)


def brief(
    heads: Mapping[str, int],
    kinds: Sequence[str] = ("likelihood",),
    *,
    items: int = 6,
    released: Iterable[str] = (),
    sides: Mapping[str, Sequence[str]] | None = None,
) -> Brief:
    """A brief whose sides are of one party each by default: party a stands on side A."""
    sides = {side: tuple(own) for side, own in (sides or {p.upper(): p for p in heads}).items()}
    side_of = {party: side for side, parties in sides.items() for party in parties}
    people = tuple(
        Person(f"{party}-{i}", party, "t", side_of.get(party))
        for party, number in heads.items()
        for i in range(number)
    )
    units = tuple(((f"i{n}", None),) for n in range(items))
    asked = tuple(Asked(kind, kind, "nobody", 0, units) for kind in kinds)
    return Brief(sides, people, asked, 3, frozenset(("t", party) for party in released))


def made(one: Brief, *, attendance: float = 0.8, most: int = 6000) -> Plan:
    return plan_of(one, Budget(600, most), attendance=attendance, seed=1)


def problems(one: Plan) -> list[str]:
    return [f"{finding.key}: {finding.problem}" for finding in one.findings]


def level(one: Plan, key: str) -> str:
    (found,) = {finding.level for finding in one.findings if finding.key == key}
    return found


# --- the burden, and what fits ---------------------------------------------------------------


def test_the_training_case_asks_140_numbers(training):
    one = plan(training, people=FOUR, most_judgements=140, minutes=33)
    # 8 risks x 3 numbers + 8 ranks; 12 measures x (3 + 1 + 1 + 1 + 1 + keeping of two sides)
    assert one.judgements == 8 * 3 + 8 + 12 * (3 + 1 + 1 + 1 + 1 + 2) == 140
    seconds = 8 * 45 + 8 * 6 + 12 * (45 + 10 + 12 + 12 + 12 + 2 * 15)
    assert one.minutes == pytest.approx(seconds / 60 + 8 * 14 / 238)
    assert one.complete
    assert one.left_out == ()
    assert {(sheet.judgements, round(sheet.minutes, 6)) for sheet in one.sheets} == {
        (140, round(one.minutes, 6))
    }


@pytest.mark.parametrize(("most", "minutes"), [(40, 45), (200, 30)])
def test_nobody_is_asked_more_than_was_given(large, most, minutes):
    one = plan(large, people=FOUR, most_judgements=most, minutes=minutes)
    assert not one.complete
    assert max(sheet.judgements for sheet in one.sheets) <= most
    assert max(sheet.minutes for sheet in one.sheets) <= minutes
    assert min(sheet.judgements for sheet in one.sheets) > most * 0.6


def test_with_what_the_smallest_blocks_need_nothing_is_left_out(training):
    short = plan(training, people=FOUR, most_judgements=40)
    most, minutes = short.least_judgements, short.least_minutes
    assert [one.kind for one in short.left_out]
    assert level(short, "questions") == "error"
    assert f"give {ceil(minutes)} minutes and {most} judgements" in short.findings[0].mend
    assert plan(training, people=FOUR, most_judgements=most, minutes=minutes).left_out == ()
    assert plan(training, people=FOUR, most_judgements=most - 1, minutes=minutes).left_out != ()


def test_kinds_that_are_compared_share_the_items_of_a_person(shortened):
    for sheet in shortened.sheets:
        items = {kind: {item for item, _ in asks} for kind, _, asks in sheet.asks}
        assert len({frozenset(items[kind]) for kind in LEDGER}) == 1
        assert len({frozenset(items[kind]) for kind in MIRROR}) == 1
        assert len(items["priority"]) == 12
        assert items["expected-do"] <= {f"q{i}" for i in range(5)}


def test_every_item_gets_nearly_the_same_number_of_people_on_every_side(shortened):
    sides = {sheet.person.side for sheet in shortened.sheets}
    assert sides == {"highland", "lowland"}
    for side in sides:
        blocks = [
            [int(item.removeprefix("M")) for item, _ in asks]
            for sheet in shortened.sheets
            for kind, _, asks in sheet.asks
            if kind == "cost" and sheet.person.side == side
        ]
        numbers = replications(blocks, 31)
        assert max(numbers) - min(numbers) <= 1
        (design,) = (d for d in shortened.designs if d.side == side and "cost" in d.kinds)
        assert design.replications == (min(numbers), max(numbers))
        assert design.efficiency > 0.9
        assert design.people == 15


def test_a_sheet_names_whom_a_question_is_about(large):
    one = plan(large, people=FOUR, most_judgements=600, minutes=200)
    asks = {kind: asks for kind, _, asks in one.sheets[0].asks}
    assert one.sheets[0].person == Person("ALD-1", "ALD", "track-h", "highland")
    assert {about for _, about in asks["expected-say"]} == {"lowland"}
    assert {about for _, about in asks["kept"]} == {"highland", "lowland"}
    assert {about for _, about in asks["cost"]} == {None}
    assert len(asks["pairwise"]) == 12 * 11 / 2
    sets = {about for _, about in asks["best-worst"]}
    assert len(sets) == 9
    assert all(sum(about == name for _, about in asks["best-worst"]) == 4 for name in sets)
    assert all(sum(item == f"R{i}" for item, _ in asks["best-worst"]) == 3 for i in range(12))


def test_who_stands_on_no_side_is_asked_about_every_side(training):
    one = plan(training, people={"EVE": 4, "ALD": 4, "COR": 4}, most_judgements=999, minutes=99)
    own = {sheet.person.party: {k: a for k, _, a in sheet.asks} for sheet in one.sheets}
    assert {about for _, about in own["EVE"]["reassurance-expected"]} == {"highland", "lowland"}
    assert {about for _, about in own["ALD"]["reassurance-expected"]} == {"lowland"}
    assert next(b.each for b in one.burdens if b.kind == "reassurance-expected") == 2


def test_the_same_seed_gives_the_same_plan_and_another_one_other_blocks(training):
    one, again, other = (plan(training, people=FOUR, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.sheets != other.sheets
    assert one.burdens == other.burdens


def test_people_expected_stand_in_the_tracks():
    expected = [("BRE", 6), ("COR", 5), ("DAL", 4)]
    one = plan(case_of(["likelihood"], risks=8, measures=0, expected=expected))
    assert [person.id for person in one.people[5:7]] == ["BRE-6", "COR-1"]
    assert {person.track for person in one.people[6:]} == {"track-l"}
    assert [finding.key for finding in one.findings if "nobody" in finding.problem] == [
        "tracks[0].expected"
    ]
    assert level(one, "tracks[0].expected") == "note"


# --- what will be shown ----------------------------------------------------------------------


def test_the_chance_of_enough_people_is_binomial():
    one = made(brief({"a": 5, "b": 9}, released="ab"), attendance=0.7)
    by_group = {table.group: table for table in one.tables}
    for group, people in (("A", 5), ("b", 9)):
        table = by_group[group]
        assert table.expected == pytest.approx(0.7 * people)
        assert table.enough == pytest.approx(binom.sf(2, people, 0.7))
        assert table.shown == pytest.approx(table.enough, abs=0.08)


def test_the_chance_of_being_shown_is_that_of_every_attendance_through_the_audit():
    heads = {"a": 4, "c": 3, "b": 4}
    sides = {"A": ("a", "c"), "B": ("b",)}
    one = made(brief(heads, released="ab", sides=sides), attendance=0.6)
    names = {person.id: person.party for person in one.people}
    chance = {"A": 0.0, "a": 0.0}
    for come in product((False, True), repeat=len(names)):
        here = {name for name, yes in zip(names, come, strict=True) if yes}
        of = {party: frozenset(name for name in here if names[name] == party) for party in heads}
        groups = {("side", "A"): of["a"] | of["c"], ("side", "B"): of["b"]}
        parties = sorted("ab", key=lambda party: -len(of[party]))
        groups |= {("party", party): of[party] for party in parties}
        weight = 0.6 ** len(here) * 0.4 ** (len(names) - len(here))
        shown = publish(
            {key: [people] for key, people in groups.items() if people}, 3, closed=[Closed(of["c"])]
        )
        for name in chance.keys() & {name for _, name in shown}:
            chance[name] += weight
    found = {table.group: table.shown for table in one.tables}
    assert chance["a"] < 0.3
    assert chance["A"] > 0.7
    for name, exact in chance.items():
        assert found[name] == pytest.approx(exact, abs=0.08)  # 500 draws: 4 standard errors


def test_only_groups_that_released_are_promised_a_table():
    one = made(brief({"a": 6, "b": 6, "c": 6}, released="b", sides={"A": "a", "B": ("b", "c")}))
    shown = {(table.group_kind, table.group): table.shown for table in one.tables}
    assert set(shown) == {("side", "A"), ("side", "B"), ("party", "b")}
    assert shown["side", "A"] == 0  # party a by another name
    assert shown["side", "B"] > 0.9
    assert shown["party", "b"] == 0  # else the rest of side B is party c
    (found,) = one.findings
    assert (found.key, found.level) == ("sides.A", "note")
    assert "withheld with a chance of at least 1.00" in found.problem
    assert "release of a" in found.mend


def test_a_table_that_will_probably_be_withheld_is_told():
    one = made(brief({"a": 3, "b": 9}, released="ab"), attendance=0.7)
    shown = next(table.shown for table in one.tables if table.group == "A")
    assert shown < 0.5
    assert f"sides.A: will be withheld with a chance of at least {1 - shown:.2f}" in " ".join(
        problems(one)
    )
    assert not [text for text in problems(one) if text.startswith("sides.B")]


# --- what will tell --------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "ratio"), [(5, 5.7), (8, 3.7), (12, 2.9)])
def test_the_smallest_ratio_of_odds_is_the_published_one(people, ratio):
    one = made(brief({"a": people, "b": people}, released="ab"), attendance=1)
    (contrast,) = one.contrasts
    assert (contrast.a, contrast.b, contrast.people_a) == ("A", "B", people)
    assert contrast.odds_ratio == pytest.approx(ratio, abs=0.1)
    assert not problems(one)


def test_fewer_people_on_an_item_see_less():
    full, part = (
        made(brief({"a": 12, "b": 12}, released="ab"), attendance=1, most=most) for most in (18, 9)
    )
    assert part.contrasts[0].people_a == 6  # 3 of 6 items
    assert part.contrasts[0].odds_ratio > 1.4 * full.contrasts[0].odds_ratio


def test_a_difference_that_nobody_can_see_is_told():
    few = made(brief({"a": 3, "b": 3}, released="ab"), attendance=1)
    assert few.contrasts[0].odds_ratio > 10
    assert "cannot be told apart: odds that part by over 12 times" in " ".join(problems(few))
    none = made(brief({"a": 1, "b": 9}, released="ab"))
    assert none.contrasts[0].odds_ratio == inf
    assert "part by any size" in " ".join(problems(none))


# --- what keeps the plan from answering its question -----------------------------------------


def test_a_plan_without_sides_people_or_questions_tells_so():
    empty = made(Brief({}, (), (), 3))
    assert {finding.key for finding in empty.findings} == {"tracks.expected", "sides", "questions"}
    assert {finding.level for finding in empty.findings} == {"error"}
    assert not any((empty.sheets, empty.tables, empty.designs, empty.contrasts))
    one_side = made(brief({"a": 9}, released="a"))
    assert "sides: names one side only." in problems(one_side)
    lonely = made(brief({"a": 1, "b": 9}, released="ab"))
    assert "sides.A: expects 1 of the two people that a spread needs." in problems(lonely)


@pytest.mark.parametrize(
    ("kinds", "key", "words"),
    [
        (["expected-say"], "expected-say", "no question of kind likelihood"),
        (["expected-fear", "consequence"], "expected-fear", "no question of kind likelihood"),
        (
            ["reassurance-expected", "cost", "kept"],
            "reassurance-expected",
            "one half of the ledger",
        ),
        (
            ["reassurance-received", "cost", "kept"],
            "reassurance-received",
            "one half of the ledger",
        ),
    ],
)
def test_a_question_without_the_one_it_is_compared_with_is_an_error(kinds, key, words):
    one = made(brief({"a": 9, "b": 9}, kinds, released="ab"))
    assert [words in text for text in problems(one)] == [True]
    assert level(one, key) == "error"


def test_a_ledger_without_cost_is_a_note_and_a_whole_one_is_none():
    short = made(brief({"a": 9, "b": 9}, LEDGER[:2], released="ab"))
    assert [finding.level for finding in short.findings] == ["note", "note"]
    assert made(brief({"a": 9, "b": 9}, LEDGER, released="ab")).findings == ()


def test_a_kind_without_items_is_an_error():
    one = made(brief({"a": 9, "b": 9}, ["gain"], items=0, released="ab"))
    assert problems(one) == ["gain: has nothing to ask about: no item for kind gain."]
    assert one.burdens == ()


def test_a_small_panel_is_told_what_cannot_be_asked(training):
    one = plan(training, people=dict.fromkeys(FOUR, 3))
    # 6 a side: each person must answer on 8 of 12 measures, 5 numbers each
    assert {kind for design in one.designs for kind in design.kinds} == set(LEDGER)
    assert {design.size for design in one.designs} == {8}
    out = {left.kind: left for left in one.left_out}
    assert set(out) == {"likelihood", "priority", "gain", "red-line"}
    assert (out["gain"].judgements, out["likelihood"].judgements) == (36, 24)
    seconds = 8 * (45 + 6) + 12 * (45 + 10) + 4 * 14 / 238 * 60
    assert sum(left.minutes for left in one.left_out) == pytest.approx(seconds / 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"attendance": 0},
        {"attendance": 1.1},
        {"minutes": 0},
        {"most_judgements": 0},
        {"people": {"X": 3}},
        {"people": {"ALD": -1}},
    ],
)
def test_numbers_out_of_range_are_refused(training, wrong):
    with pytest.raises(UsageError):
        plan(training, **{"people": FOUR, **wrong})
