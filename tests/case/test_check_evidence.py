"""What ladders take from elsewhere: every fault planted alone, and valid uses that pass."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import faults, found, mini, plant, replaced

from detente.case.check_evidence import is_possible
from detente.case.read import read_ladder
from detente.ground.errors import CaseError, UsageError

# --- the numbers themselves, then where they come from, then crisis, correlations and the rest
FAULTS = r"""
ladder.yaml | low: 2, high: 8 | low: 2, mid: 4, high: 8, bounds_only: true
    parameters[0] | has `bounds_only`, and so needs low and high alone. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | value: 2, bounds_only: true
    parameters[0] | has `bounds_only`, and so needs low and high alone. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E4, group: T1}, bounds_only: true
    parameters[0] | has `bounds_only`, and so needs low and high alone. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E4, group: T1}, value: 3
    parameters[0] | has both `elicited` and `value`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E4, group: T1}, low: 2, high: 8
    parameters[0] | has both `elicited` and an interval. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1]}, value: 3
    parameters[0] | has both `counted` and `value`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1]}, elicited: {quantity: E4, group: T1}
    parameters[0] | has both `elicited` and `counted`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | mid: 3
    parameters[0] | has neither `value` nor both `low` and `high`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
ladder.yaml | low: 2, high: 8 | counted: {}
    parameters[0].counted | needs either incidents with start and end, or counts. | \
    write `incidents`, `start` and `end`, or `counts` alone.
ladder.yaml | low: 2, high: 8 | counted: {incidents: at-sea, start: 2020-01-01}
    parameters[0].counted | needs either incidents with start and end, or counts. | \
    write `incidents`, `start` and `end`, or `counts` alone.
ladder.yaml | low: 2, high: 8 | counted: {incidents: at-sea, counts: [N1]}
    parameters[0].counted | needs either incidents with start and end, or counts. | \
    write `incidents`, `start` and `end`, or `counts` alone.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1], start: 2020-01, end: 2020-12}
    parameters[0].counted | needs either incidents with start and end, or counts. | \
    write `incidents`, `start` and `end`, or `counts` alone.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E9, group: T1}
    parameters[0].elicited.quantity | `E9` is no quantity of the case. | \
    add it, or use one of E1, E2, E3, E4, E5, E6.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E4, group: T2}
    parameters[0].elicited.group | `T2` is no track, side or party of the case. | \
    add it, or use one of AA, CC, NO, T1, east, west.
ladder.yaml | low: 2, high: 8 | elicited: {quantity: E2, group: T1}
    parameters[0].elicited.quantity | \
    `E2` is a quantity of scale probability, the number a rate. | ask for one of scale positive.
ladder.yaml | low: 0.02, high: 0.10 | elicited: {quantity: E4, group: west}
    parameters[1].elicited.quantity | \
    `E4` is a quantity of scale positive, the number a probability. | \
    ask for one of scale probability.
measures.yaml | value: {low: 0.2, high: 0.8} | value: {elicited: {quantity: E2, group: AA}}
    measures[0].acts[0].value.elicited.quantity | \
    `E2` is a quantity of scale probability, the number a ratio. | ask for one of scale positive.
ladder.yaml | low: 0.02, high: 0.10 | counted: {counts: [N1]}
    parameters[1].counted | gives a rate, not a probability. | state the number itself.
ladder.yaml | low: 2, high: 8 | counted: {incidents: on-land, start: 2020-01, end: 2020-12}
    parameters[0].counted.incidents | `on-land` is no ladder of the case. | \
    add it, or use one of at-sea, attack.
ladder.yaml | low: 2, high: 8 | counted: {incidents: at-sea, start: 2020-05, end: 2020-04-30}
    parameters[0].counted.end | is earlier than `start`. | correct one of them.
ladder.yaml | low: 2, high: 8 | counted: {incidents: at-sea, start: 2020-01, end: 2021-02}
    parameters[0].counted.end | \
    is later than `as_of` 2021-01-31: those days have not been counted yet. | \
    correct the date, or `as_of` in case.yaml.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1, N2]}
    parameters[0].counted.counts[1] | `N2` is no count of the case. | \
    add it, or use N1.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1, N1]}
    parameters[0].counted.counts[1] | `N1` stands twice. | keep one of them.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1], reported: {value: 0}}
    parameters[0].counted.reported.value | 0 of the events are reported. | write a share above 0.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1], reported: {low: 0.5, high: 1}}
    parameters[0].counted.reported.high | 1 is no probability. | \
    keep it between 0 and 1, the ends of an interval strictly between.
ladder.yaml | low: 2, high: 8 | counted: {counts: [N1], reported: {value: 0.5, basis: source}}
    parameters[0].counted.reported.source | `invented` is no source of the case. | \
    add it, or use note.
ladder.yaml | beliefs: | crisis: {share: call-lat, instead: {damage: misread}}\nbeliefs:
    crisis.share | `call-lat` is no probability of the case. | did you mean `call-late`? | crisis:
ladder.yaml | beliefs: | crisis: {share: approaches, instead: {damage: misread}}\nbeliefs:
    crisis.share | `approaches` is no probability of the case. | \
    add it, or use one of call-late, damage, misread. | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {damages: misread}}\nbeliefs:
    crisis.instead.damages | `damages` is no parameter of the case. | \
    did you mean `damage`? | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {damage: misreed}}\nbeliefs:
    crisis.instead.damage | `misreed` is no parameter of the case. | \
    did you mean `misread`? | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {damage: call-late}}\nbeliefs:
    crisis.instead.damage | names a number that is itself another one in a crisis. | \
    name a number that is the same at all times. | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {call-late: damage}}\nbeliefs:
    crisis.instead.call-late | names a number that is itself another one in a crisis. | \
    name a number that is the same at all times. | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {damage: damage}}\nbeliefs:
    crisis.instead.damage | names a number that is itself another one in a crisis. | \
    name a number that is the same at all times. | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {damage: ordered}}\nbeliefs:
    crisis.instead.damage | sets a rate beside a probability. | \
    name a number of the same kind. | crisis:
ladder.yaml | beliefs: | crisis: {share: call-late, instead: {}}\nbeliefs:
    crisis.instead | is empty. | \
    fill it (by parameter, the one that stands in its place in a crisis). | crisis:
ladder.yaml | beliefs: | correlations: [{between: [damage, misreed], r: 0.5}]\nbeliefs:
    correlations[0].between[1] | `misreed` is no parameter of the case. | \
    did you mean `misread`? | correlations:
ladder.yaml | beliefs: | correlations: [{between: [damage, damage], r: 0.5}]\nbeliefs:
    correlations[0].between[1] | `damage` stands twice. | keep one of them. | correlations:
ladder.yaml | beliefs: | correlations: [{between: [damage, ordered], r: 0.5}]\nbeliefs:
    correlations[0].between[1] | `ordered` is a point, which varies with nothing. | \
    give it an interval, or remove the pair. | correlations:
ladder.yaml | beliefs: | correlations: [{between: [damage, misread], r: 0.5}, \
{between: [misread, damage], r: 0.4}]\nbeliefs:
    correlations[1].between | stands twice. | keep one of them. | correlations:
ladder.yaml | beliefs: | correlations: [{between: [damage, misread], r: 0.9}, \
{between: [misread, call-late], r: 0.9}, {between: [damage, call-late], r: -0.9}]\nbeliefs:
    correlations | cannot all hold at once: the matrix is not positive definite. | \
    bring some of them nearer to 0. | correlations:
ladder.yaml | beliefs: | quiet: [{id: q, level: peace, years: 10, title: x}]\nbeliefs:
    quiet[0].level | `peace` is no level of the case. | \
    add it, or use one of contained, exchange, war. | quiet:
ladder.yaml | beliefs: | quiet: [{id: q, level: war, years: 10, title: x, source: no}]\nbeliefs:
    quiet[0].source | `no` is no source of the case. | did you mean `note`? | quiet:
ladder.yaml | beliefs: | quiet: [{id: q, level: war, years: 1, title: x}, \
{id: q, level: war, years: 2, title: x}]\nbeliefs:
    quiet[1].id | `q` stands twice. | rename or remove one. | quiet:
ladder.yaml | beliefs: | quiet: [{id: q, level: war, years: 0, title: x}]\nbeliefs:
    quiet[0].years | is `0`, not above 0. | correct it (how long, under like conditions). | quiet:
ladder.yaml | high: 0.05} | high: 0.05, beside: {level: wars}}
    published[0].beside.level | `wars` is no level of the case. | did you mean `war`?
ladder.yaml | high: 0.05} | high: 0.05, beside: {level: war, ladder: at-see}}
    published[0].beside.ladder | `at-see` is no ladder of the case. | did you mean `at-sea`?
ladder.yaml | unit: probability-per-year, low: 0.005, high: 0.05} | \
unit: probability-conditional, low: 0.005, high: 0.05, beside: {level: war}}
    published[0].beside | is set beside a frequency, though the estimate is conditional. | \
    leave `beside` out.
"""

# --- gates, and what a belief states itself
STRUCTURES = r"""
ladder.yaml | id: slow, p: call-late | id: slow, p: call-late, at_least: 1
    events[0] | needs `at_least` and `of` together. | keep one of them.
ladder.yaml | id: slow, p: call-late | id: slow, at_least: 1
    events[0] | needs exactly one of p, any_of, all_of, none_of, either_of, at_least with of. | \
    keep one of them.
ladder.yaml | id: slow, p: call-late | id: slow, of: [call-late]
    events[0] | needs `at_least` and `of` together. | keep one of them.
ladder.yaml | id: slow, p: call-late | id: slow, at_least: 3, of: [call-late, damage]
    events[0] | asks for more events than stand under `of`. | keep one of them.
ladder.yaml | id: slow, p: call-late | id: slow, at_least: 0, of: [call-late, damage]
    events[0].at_least | is `0`, not at least 1. | \
    correct it (how many of those under `of` must happen).
ladder.yaml | id: slow, p: call-late | id: slow, either_of: [call-late]
    events[0].either_of | has fewer than 2 items. | \
    add to it (two events or probabilities of which one happens, but not both).
ladder.yaml | id: slow, p: call-late | id: slow, either_of: [damage, damage]
    events[0].either_of[1] | `damage` stands twice. | keep one of them.
ladder.yaml | id: slow, p: call-late | id: slow, either_of: [damage, call-latr]
    events[0].either_of[1] | `call-latr` is no event or probability of the case. | \
    did you mean `call-late`?
ladder.yaml | id: slow, p: call-late | id: slow, at_least: 1, of: [damage, approaches]
    events[0].of[1] | `approaches` is no event or probability of the case. | \
    add it, or use one of call-late, damage, misread, slow, taken-for-attack.
ladder.yaml | id: slow, p: call-late | id: slow, at_least: 1, of: [damage, taken-for-attack]
    events[0] | contains itself: slow > taken-for-attack > slow. | break the circle.
ladder.yaml | without: [attack] | without: [attack]\n    events: [{id: own, p: ordered}]
    beliefs[0].events[0].p | `ordered` is no parameter of kind probability. | \
    add it, or use one of call-late, damage, misread.
ladder.yaml | without: [attack] | without: [attack]\n    events: [{id: own, any_of: [slow, x]}]
    beliefs[0].events[0].any_of[1] | `x` is no event or probability of the case. | \
    add it, or use one of call-late, damage, misread, own, slow, taken-for-attack.
ladder.yaml | without: [attack] | without: [attack]\n    events: [{id: misread, p: damage}]
    beliefs[0].events[0].id | `misread` is also a parameter. | give the event another id.
ladder.yaml | without: [attack] | without: [attack]\n    \
events: [{id: own, p: damage}, {id: own, p: misread}]
    beliefs[0].events[1] | `own` stands twice. | keep one of them.
ladder.yaml | without: [attack] | without: [attack]\n    \
events: [{id: slow, any_of: [taken-for-attack]}]
    beliefs[0].events[0] | contains itself: slow > taken-for-attack > slow. | break the circle.
ladder.yaml | without: [attack] | without: [attack]\n    \
events: [{id: one, any_of: [two]}, {id: two, any_of: [one]}]
    beliefs[0].events[0] | contains itself: one > two > one. | break the circle.
ladder.yaml | without: [attack] | ladders: [\
{id: own, title: x, branch: accident, starts: damage, ends: war}]
    beliefs[0].ladders[0].starts | `damage` is no parameter of kind rate. | \
    add it, or use one of approaches, ordered.
ladder.yaml | without: [attack] | ladders: [\
{id: own, title: x, branch: accident, starts: approaches, ends: peace}]
    beliefs[0].ladders[0].ends | `peace` is no level of the case. | \
    add it, or use one of contained, exchange, war.
ladder.yaml | without: [attack] | ladders: [\
{id: own, title: x, branch: accident, starts: approaches, ends: war, risk: R9}]
    beliefs[0].ladders[0].risk | `R9` is no risk of the case. | add it, or use one of R1, R2.
ladder.yaml | without: [attack] | ladders: [\
{id: own, title: x, branch: accident, starts: approaches, ends: war, \
path: [{event: x, p: slowly, otherwise: contained}]}]
    beliefs[0].ladders[0].path[0].p | `slowly` is no event or probability of the case. | \
    did you mean `slow`?
ladder.yaml | without: [attack] | without: [attack]\n    ladders: [\
{id: attack, title: x, branch: accident, starts: approaches, ends: war}]
    beliefs[0].without[0] | leaves out `attack`, which it states itself. | \
    keep one of them. | without:
"""


@pytest.mark.parametrize("fault", faults(FAULTS) + faults(STRUCTURES), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


COUNTED = "counted: {counts: [N1, N2]}"


def with_counts(rows: str, stated: str = COUNTED) -> dict[str, str]:
    return {
        "ladder.yaml": replaced(mini()["ladder.yaml"], "low: 2, high: 8", stated),
        "counts.csv": mini()["counts.csv"] + rows,
    }


@pytest.mark.parametrize("start", ["2020-12-31", "2020-12", "2020-06", "2020"])
def test_counts_of_periods_that_overlap_are_found_whatever_their_dates_leave_open(tmp_path, start):
    rows = f"N2,{start},2021,Close approaches,5,,Alder,,unverified,\n"
    [finding] = found(tmp_path, with_counts(rows))
    assert finding.key == "parameters[0].counted.counts"
    assert finding.problem == "`N2` begins before `N1` has ended: events count twice."


def test_a_month_within_a_year_is_an_overlap_though_it_sorts_behind_it(tmp_path):
    files = with_counts("N2,2020-06,2021-01,Close approaches,5,,Alder,,unverified,\n")
    files["counts.csv"] = replaced(files["counts.csv"], "2020-01-01,2020-12-31", "2020,2020")
    [finding] = found(tmp_path, files)
    assert finding.problem == "`N2` begins before `N1` has ended: events count twice."


def test_periods_that_touch_do_not_overlap(tmp_path):
    rows = "N2,2019,2019,x,5,,A,,unverified,\nN3,2021-01-01,2021-01,x,4,,A,,unverified,\n"
    assert found(tmp_path, with_counts(rows, "counted: {counts: [N1, N2, N3]}")) == []


def test_a_count_that_is_no_whole_number_is_no_count_of_events(tmp_path):
    rows = "N2,2019,2019,Close approaches,5.5,,Alder,,unverified,\n"
    [finding] = found(tmp_path, with_counts(rows))
    assert finding.key == "parameters[0].counted.counts"
    assert finding.problem == "`N2` is no whole number of events."


def test_an_illustrative_share_that_is_reported_is_found_in_a_real_case(tmp_path):
    share = "reported: {low: 0.5, high: 0.9, basis: illustrative}"
    numbers = "basis: illustrative, source: invented"
    files = {
        "case.yaml": mini()["case.yaml"]
        .replace("name: Cedar\n    real: false", "name: Cedar\n    real: true")
        .replace("illustrative: true", "illustrative: false"),
        "measures.yaml": mini()["measures.yaml"].replace(numbers, "basis: assumed, source: us"),
        "packages.yaml": mini()["packages.yaml"].replace(numbers, "basis: assumed, source: us"),
        "ladder.yaml": replaced(
            mini()["ladder.yaml"].replace(numbers, "basis: assumed, source: us"),
            "low: 2, high: 8",
            f"counted: {{counts: [N1], {share}}}",
        ),
    }
    [finding] = found(tmp_path, files)
    assert finding.key == "parameters[0].counted.reported.basis"
    assert finding.problem == "is illustrative in a case with real parties."


# --- what passes -----------------------------------------------------------------------------

OWN = """ladders:
      - {id: attack, title: x, branch: deliberate, starts: ordered, ends: exchange}
      - {id: own, title: x, branch: accident, starts: approaches, ends: war, path: [
          {event: x, p: slow, otherwise: contained}]}"""
NEW = """crisis: {share: call-late, instead: {damage: misread}}
correlations: [{between: [damage, call-late], r: 0.9}, {between: [misread, call-late], r: -0.4}]
quiet: [{id: q, level: war, years: 60, title: No war, source: note}]
beliefs:
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("low: 2, high: 8", "elicited: {quantity: E4, group: NO}"),
        ("low: 2, high: 8", "elicited: {quantity: E4, group: east}"),
        ("low: 0.02, high: 0.10", "elicited: {quantity: E3, group: T1}"),
        ("low: 2, high: 8", "low: 2, high: 8, bounds_only: true"),
        ("low: 2, high: 8", "counted: {incidents: at-sea, start: '2020', end: 2020-12-05}"),
        # the year holds June and the days after it
        ("low: 2, high: 8", "counted: {incidents: at-sea, start: 2020-06, end: '2020'}"),
        ("low: 2, high: 8", "counted: {counts: [N1], reported: {low: 0.3, high: 0.9}}"),
        ("low: 2, high: 8", "counted: {counts: [N1], reported: {value: 1}}"),
        ("low: 0.7, high: 1.2", "low: 0.7, high: 1.2, bounds_only: true"),
        ("low: 0.7, high: 1.2", "elicited: {quantity: E4, group: AA}"),
        ("low: 0.2, high: 0.6}\n    without", "elicited: {quantity: E5, group: AA}}\n    without"),
        ("id: slow, p: call-late", "id: slow, either_of: [call-late, damage]"),
        ("id: slow, p: call-late", "id: slow, at_least: 2, of: [call-late, damage, misread]"),
        ("id: slow, p: call-late", "id: slow, at_least: 1, of: [call-late]"),
        ("beliefs:\n", NEW),
        (
            "without: [attack]",
            "without: [attack]\n    events: [{id: slow, any_of: [late]}, {id: late, p: damage}]",
        ),
        (
            "without: [attack]",
            OWN,
        ),
        ("high: 0.05}", "high: 0.05, beside: {level: war, ladder: at-sea, years: 30}}"),
        ("high: 0.05}", "high: 0.05, beside: {level: exchange, comparable: false}}"),
    ],
)
def test_valid_uses_pass(tmp_path, old, new):
    assert found(tmp_path, {"ladder.yaml": replaced(mini()["ladder.yaml"], old, new)}) == []


def test_a_belief_may_count_and_ask_as_the_case_does(tmp_path):
    text = replaced(
        mini()["ladder.yaml"],
        "    numbers:\n",
        "    numbers:\n      - {id: approaches, kind: rate, counted: {counts: [N1]}}\n",
    )
    assert found(tmp_path, {"ladder.yaml": text}) == []


# --- correlations ----------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d")


@given(st.lists(st.one_of(st.just(0.0), st.floats(-0.99, 0.99)), min_size=6, max_size=6))
def test_correlations_can_be_where_no_eigenvalue_is_below_0(drawn):
    pairs = dict(zip(itertools.combinations(NAMES, 2), drawn, strict=True))
    matrix = np.eye(4)
    for (one, other), r in pairs.items():
        i, j = NAMES.index(one), NAMES.index(other)
        matrix[i, j] = matrix[j, i] = r
    least = np.linalg.eigvalsh(matrix)[0]
    stated = {pair: r for pair, r in pairs.items() if r != 0}
    if abs(least) > 1e-9:
        assert is_possible(stated) == (least > 0)


@pytest.mark.parametrize("r", [-1 / 3, 0.0, 0.5])
def test_equal_correlations_of_four_can_be_down_to_a_third_below_0(r):
    # eigenvalues 1 - r, three times, and 1 + 3 r
    pairs = dict.fromkeys(itertools.combinations(NAMES, 2), r)
    assert is_possible(pairs) == (r > -1 / 3)
    assert is_possible(dict.fromkeys(pairs, r + 1e-6))
    assert is_possible({})


# --- a file alone ----------------------------------------------------------------------------


def alone(folder, old: str = "", new: str = ""):
    text = mini()["ladder.yaml"]
    file = folder / "mine.yaml"
    file.write_text(replaced(text, old, new) if old else text, encoding="utf-8")
    return read_ladder(file)


def test_a_ladder_file_alone_is_read_whatever_it_names_elsewhere(tmp_path):
    case = alone(tmp_path)
    assert [one.id for one in case.ladder.ladders] == ["at-sea", "attack"]
    assert case.measures == ()
    counted = "counted: {incidents: at-sea, start: 2020-01, end: 2020-12}"
    assert alone(tmp_path, "low: 2, high: 8", counted).ladder.parameters[0].counted is not None
    asked = "elicited: {quantity: Z, group: Y}"
    assert alone(tmp_path, "low: 2, high: 8", asked).ladder.parameters[0].elicited is not None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("p: damage,", "p: damages,", "ladders.0..path.0..p: `damages` is no event"),
        ("beliefs:\n", "crisis: {share: x, instead: {damage: misread}}\nbeliefs:\n", "`x` is no"),
        (
            "beliefs:\n",
            "correlations: [{between: [x, damage], r: 0.5}]\nbeliefs:\n",
            "`x` is no parameter",
        ),
        ("low: 0.02, high: 0.10", "low: 0.02, high: 10", "10 is no probability"),
        (
            "  - {id: damage,",
            "  - {id: damage, kind: probability, value: 0.1}\n  - {id: damage,",
            "`damage` stands twice",
        ),
        ("  - {id: slow, p: call-late}", "  - {id: slow, at_least: 2, of: [damage]}", "asks for"),
    ],
)
def test_faults_of_a_ladder_file_alone_are_found(tmp_path, old, new, told):
    with pytest.raises(CaseError, match=told) as raised:
        alone(tmp_path, old, new)
    assert all(finding.file == "ladder.yaml" for finding in raised.value.findings)


def test_a_ladder_file_that_is_not_there(tmp_path):
    with pytest.raises((UsageError, CaseError)):
        read_ladder(tmp_path / "none.yaml")
