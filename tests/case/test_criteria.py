from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import faults, found, mini, plant, replaced, write

from detente.case import model
from detente.case.check_criteria import contradict
from detente.case.read import examine

# --- criteria, then weights, trends and scores
FAULTS = r"""
criteria.yaml | worst: 1.5, best: 0.2 | worst: 1.5
    criteria[0] | has one of `worst` and `best` alone. | \
    state both, one of them better than the other, or neither.
criteria.yaml | worst: 10, best: 0, unit | worst: 10, best: 10, unit
    criteria[2] | has a range of no width. | \
    state both, one of them better than the other, or neither.
criteria.yaml | worst: 1.5, best: 0.2 | worst: 1.5, best: -0.2
    criteria[0] | has a range below 0, though a risk is a ratio with : without. | \
    write ratios; 1 is no difference.
criteria.yaml | worst: 1.5, best: 0.2 | worst: 1, best: 0.9999999999999999
    criteria[0] | has a range that is too narrow to compute with. | use a smaller unit.
criteria.yaml | worst: 1.5, best: 0.2 | worst: 0.9, best: 0.2
    criteria[0] | has no place for 1, the score where nothing changes. | \
    widen the range, or state `unchanged`.
criteria.yaml | worst: 10, best: 0, unit | worst: 10, best: 0, unchanged: 11, unit
    criteria[2] | has no place for 11, the score where nothing changes. | \
    widen the range, or state `unchanged`.
criteria.yaml | worst: 0, best: 10} | worst: 0, best: 100}
    criteria[3] | has a range beyond 0 to 10, on which its answers lie. | \
    keep the range within 0 to 10.
criteria.yaml | worst: 10, best: 0, unit | worst: 100, best: 0, unit
    criteria[2] | has a range beyond 0 to 10, on which its answers lie. | \
    keep the range within 0 to 10.
criteria.yaml | Standing, kind: other | Standing, kind: reassurance
    criteria[4].kind | is a second criterion of kind reassurance, with the same scores. | \
    keep one of them.
criteria.yaml | id: OT | id: RE
    criteria[4].id | `RE` stands twice. | rename or remove one.
criteria.yaml | party: AA, swing | party: AAA, swing
    weights[0].party | `AAA` is no party of the case. | did you mean `AA`?
criteria.yaml | CO: 20, RE: 20 | CO: 20, REE: 20
    weights[0].swing.REE | `REE` is no criterion of the case. | did you mean `RE`?
criteria.yaml | CO: 20, RE: 20 | CO: 20, OT: 20
    weights[0].swing.OT | `OT` is weighed, though no range of it is stated. | \
    state its `worst` and `best`, or leave it out here.
criteria.yaml | to: CL, low: 1, high: 3 | to: OT, low: 1, high: 3
    weights[1].ratios[0].to | `OT` is weighed, though no range of it is stated. | \
    state its `worst` and `best`, or leave it out here.
criteria.yaml | party: NO\n    ratios | party: AA\n    ratios
    weights[1].party | `AA` states weights twice. | \
    keep one statement of each party. | party: AA\n    ratios
criteria.yaml | swing: {CL: 100, FR: 60, CO: 20, RE: 20} | swing: {CL: 0}
    weights[0].swing | gives no criterion any weight. | give at least one more than 0.
criteria.yaml | swing: {CL: 100, | swing: {CL: -100,
    weights[0].swing.CL | is `-100`, not at least 0. | \
    correct it (points for the swing from worst to best, 100 for the first).
criteria.yaml | note: In the room | exact: {CL: 1}
    weights[0] | needs exactly one of swing, order, ratios, pairs, best_worst, exact. | \
    state one form, and nothing of the others.
criteria.yaml | to: CL, low: 1, high: 3 | to: CL, low: 4, high: 3
    weights[1].ratios[0].low | is above `high`. | put the two in order.
criteria.yaml | to: CL, low: 1, high: 3 | to: CL, low: 0
    weights[1].ratios[0] | states no bound. | write `low`, `high` or both.
criteria.yaml | to: CL, low: 1, high: 3 | to: FR, low: 1, high: 3
    weights[1].ratios[0].to | sets `FR` against itself. | name another one.
criteria.yaml | - {of: CL, to: RE, low: 1} | - {of: CL, to: FR, low: 1.5}
    weights[1].ratios | holds statements that contradict each other. | \
    no weights fit them all: drop or mend one. | ratios:
criteria.yaml | criterion: FR, low | criterion: FRR, low
    trend[0].criterion | `FRR` is no criterion of the case. | did you mean `FR`?
criteria.yaml | low: -3, high: -1 | low: -30, high: -1
    trend[0].low | -30 lies outside the range of `FR`. | keep it between -10 and 10, or widen that.
criteria.yaml | criterion: FR, low: -3, high: -1 | criterion: CL, low: 0, high: 1.2
    trend[0].low | 0 is no ratio. | write 1e-15 or more.
criteria.yaml | criterion: FR, low: -3, high: -1 | criterion: CL, low: 0.1, high: 1.2
    trend[0].low | 0.1 lies outside the range of `CL`. | \
    keep it between 0.2 and 1.5, or widen that.
criteria.yaml | criterion: FR, low | criterion: FR, status: verified, low
    trend[0].status | is verified, though the basis is illustrative. | \
    write unverified, or give a source.
criteria.yaml | CO: 20, RE: 20 | CO: 20, RE: 0.05
    weights[0].swing.RE | 0.05 is less than a thousandth of 100. | write 0, or more.
criteria.yaml | to: CL, low: 1, high: 3 | to: CL, low: 0.0005, high: 3
    weights[1].ratios[0].low | 0.0005 says too little. | leave it out.
criteria.yaml | to: CL, low: 1, high: 3 | to: CL, low: 1, high: 1.0001
    weights[1].ratios | leaves hardly any weights between its bounds. | \
    write equal `low` and `high` where a ratio is known, and else wider bounds. | ratios:
scores.csv | NO,M2,FR | N,M2,FR
    party | `N` is no party of the case. | did you mean `NO`?
scores.csv | NO,M2,FR | NO,M7,FR
    measure | `M7` is no measure of the case. | add it, or use one of M1, M2, M3.
scores.csv | NO,M2,FR | NO,M2,FF
    criterion | `FF` is no criterion of the case. | \
    add it, or use one of CL, CO, FR, OT, RE.
scores.csv | NO,M2,FR | NO,M2,RE
    criterion | is of kind reassurance, scored from answers. | remove the row.
scores.csv | NO,M2,FR | NO,M2,CL
    criterion | is of kind risk, scored from the ladders. | remove the row.
scores.csv | NO,M2,FR | NO,M1,FR
    - | scores `M1` on `FR` for `NO` twice. | keep one score.
scores.csv | 0,2,5 | 3,2,5
    low | is not in the order low, value, high. | put the three in order.
scores.csv | 0,2,5 | 2,2,2
    low | has an interval of no width. | leave both ends empty, or widen it.
scores.csv | 0,2,5 | ,2,5
    low | is empty, though the other end is stated. | state both ends, or neither.
scores.csv | 0,2,5 | 0,2,50
    high | 50 lies outside the range of `FR`. | keep it between -10 and 10, or widen that.
scores.csv | NO,M2,FR,0,2,5,illustrative,invented | NO,M2,FR,0,2,5,source,paper
    source | `paper` is no source of the case. | add it to sources.yaml.
scores.csv | 0,2,5,illustrative,invented,2021-01-31,unverified | \
0,2,5,illustrative,invented,2021-01-31,verified
    status | is verified, though the basis is illustrative. | write unverified, or give a source.
scores.csv | NO,M2,FR,0,2,5,illustrative | CC,M2,FR,0,2,5,elicited
    basis | is `elicited` from `CC`, though case.yaml says `heard: not-heard`. | \
    write `heard: panel`, or leave it out.
"""


@pytest.mark.parametrize("fault", faults(FAULTS), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


@pytest.mark.parametrize("basis", ["illustrative", "assumed"])
def test_nothing_is_invented_for_a_party_that_exists(tmp_path, basis):
    case = replaced(mini()["case.yaml"], "name: Norland, real: false", "name: Norland, real: true")
    files = {"case.yaml": case.replace("illustrative: true", "illustrative: false")}
    for name in ("criteria.yaml", "scores.csv"):
        files[name] = mini()[name].replace("illustrative", basis)
    told = [one for one in found(tmp_path, files) if one.file in ("criteria.yaml", "scores.csv")]
    assert {one.problem for one in told} == {f"is `{basis}` for a real party."}
    assert [one.key for one in told] == ["weights[1].basis", "trend[0].basis", "basis", "basis"]
    assert all("no opinion is invented for a party that exists" in one.mend for one in told)


def test_a_criterion_that_holds_reassurance_beside_the_ratings_gives_a_note(tmp_path):
    text = replaced(
        mini()["criteria.yaml"], "unit: points\n  - {id: CO", "holds_reassurance: true\n  - {id: CO"
    )
    [note] = found(tmp_path, {"criteria.yaml": text})
    assert (note.level, note.key) == ("note", "criteria[1].holds_reassurance")
    assert note.problem == "holds reassurance, so that `RE` counts only where this is not weighed."


def test_of_two_beliefs_of_one_party_the_first_is_weighed_and_that_is_told(tmp_path):
    other = "beliefs:\n  - {id: other, title: Once more, held_by: NO}\n"
    text = replaced(mini()["ladder.yaml"], "beliefs:\n", other)
    [note] = found(tmp_path, {"ladder.yaml": text})
    assert (note.level, note.key) == ("note", "beliefs[1].held_by")
    assert note.problem == "is a second belief of `NO`: its risk is read from `other`."


def test_a_cost_that_is_scored_may_have_a_range_of_its_own(tmp_path):
    wide = replaced(mini()["criteria.yaml"], "worst: 10, best: 0, unit", "worst: 90, best: 0, unit")
    row = "AA,M1,CO,,50,,illustrative,invented,2021-01-31,unverified,\n"
    assert found(tmp_path, {"criteria.yaml": wide, "scores.csv": mini()["scores.csv"] + row}) == []


def test_scores_without_criteria_miss_the_file_and_criteria_need_no_scores(tmp_path):
    folder = write(tmp_path, mini())
    (folder / "criteria.yaml").unlink()
    [finding] = examine(folder)[1]
    assert (finding.file, finding.problem) == ("criteria.yaml", "is missing.")
    assert "format: detente/criteria/1" in finding.mend
    (folder / "scores.csv").unlink()
    assert examine(folder)[1] == ()


def test_a_statement_of_two_trends_or_without_a_source_is_found(tmp_path):
    text = mini()["criteria.yaml"]
    twice = text + "  - {party: NO, criterion: FR, value: -2}\n"
    [finding] = found(tmp_path, {"criteria.yaml": twice})
    assert (finding.key, finding.problem) == ("trend[1]", "`NO` expects something of `FR` twice.")
    bare = replaced(text, "basis: illustrative, source: invented, ", "")
    problems = {one.key: one.problem for one in found(tmp_path, {"criteria.yaml": bare})}
    assert problems == dict.fromkeys(
        ("weights[0].basis", "weights[1].basis", "trend[0].basis"), "is missing."
    )


# --- the forms of a statement ---------------------------------------------------------------------

FORMS = {
    "swing": ({"a": 100, "b": 50, "c": 0}, ("a", "b")),
    "exact": ({"a": 0.5, "c": 0.5}, ("a", "c")),
    "order": ([["a", "b"], ["a", "c"]], ("a", "b", "c")),
    "ratios": (
        [{"of": "a", "to": "b", "low": 2}, {"of": "c", "to": "a", "high": 1}],
        ("a", "b", "c"),
    ),
    "pairs": ([{"of": "b", "to": "a", "times": 2}], ("b", "a")),
    "best_worst": (
        {"best": "a", "worst": "c", "best_to": {"b": 2, "c": 6}, "to_worst": {"b": 3}},
        ("a", "b", "c"),
    ),
}


def statement(form: str, said: object) -> model.Weights:
    return model.Weights.model_validate({"party": "P", form: said})


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_its_criteria_once(form):
    said, names = FORMS[form]
    stated = statement(form, said)
    assert (stated.form, stated.named) == (form, names)
    assert set(model.Weights.FORMS) == set(FORMS)


def test_comparisons_tell_each_pair_once():
    best_worst = statement("best_worst", FORMS["best_worst"][0])
    assert sorted(best_worst.comparisons) == [("a", "b", 2), ("a", "c", 6), ("b", "c", 3)]
    assert statement("pairs", FORMS["pairs"][0]).comparisons == (("b", "a", 2),)
    assert statement("swing", FORMS["swing"][0]).comparisons == ()


BEST_WORST = """\
best_worst:
      best: CL
      worst: CO
      best_to: {FR: 2, CO: 6}
      to_worst: {CL: 6, FR: 3}
"""


MORE = "7 is more than the 6 of the best to the worst."
ALIKE = "weighs as much as the best: then all weigh the same."
TWICE = "sets `CL` against `CO` once more, and differently."


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("", "", "", ""),
        ("{CL: 6, FR: 3}", "{FR: 3}", "", ""),
        ("{FR: 2, CO: 6}", "{FR: 2}", "", ""),
        ("worst: CO", "worst: CL", "worst", "is the best criterion too."),
        ("{FR: 2, CO: 6}", "{FR: 2, CO: 6, CL: 2}", "best_to.CL", "sets `CL` against itself."),
        ("{CL: 6, FR: 3}", "{CL: 5, FR: 3}", "to_worst.CL", TWICE),
        ("{CL: 6, FR: 3}", "{CL: 6}", "to_worst", "leaves out `FR`."),
        ("{FR: 2, CO: 6}", "{CO: 6}", "best_to", "leaves out `FR`."),
        ("{FR: 2, CO: 6}", "{FR: 7, CO: 6}", "best_to.FR", MORE),
        ("CO: 6}\n      to_worst: {CL: 6, ", "CO: 1}\n      to_worst: {", "worst", ALIKE),
        ("{FR: 2, CO: 6}", "{FR: 10, CO: 6}", "best_to.FR", "is `10`, not at most 9."),
    ],
)  # fmt: skip
def test_best_and_worst_are_set_against_all_others(tmp_path, old, new, key, problem):
    said = replaced(BEST_WORST, old, new) if old else BEST_WORST
    text = mini()["criteria.yaml"]
    start, end = text.index("ratios:"), text.index("trend:")
    told = found(tmp_path, {"criteria.yaml": text[:start] + said + text[end:]})
    wanted = [(f"weights[1].best_worst.{key}", problem)] if key else []
    assert [(one.key, one.problem) for one in told][:1] == wanted


def test_a_pair_that_is_compared_twice_is_found(tmp_path):
    text = mini()["criteria.yaml"]
    start, end = text.index("ratios:"), text.index("trend:")
    said = "pairs:\n      - {of: CL, to: FR, times: 2}\n      - {of: FR, to: CL, times: 0.5}\n"
    [finding] = found(tmp_path, {"criteria.yaml": text[:start] + said + text[end:]})
    assert (finding.key, finding.problem) == ("weights[1].pairs[1]", "compares CL and FR twice.")


def test_a_circle_contradicts_itself_and_an_exact_one_does_not():
    assert contradict(statement("order", [["a", "b"], ["b", "c"], ["c", "a"]]))
    assert not contradict(statement("order", [["a", "b"], ["a", "c"], ["b", "c"]]))
    fits = [
        {"of": "a", "to": "b", "low": 2, "high": 2},
        {"of": "b", "to": "c", "low": 3, "high": 3},
    ]
    assert not contradict(statement("ratios", [*fits, {"of": "a", "to": "c", "low": 6, "high": 6}]))
    assert contradict(statement("ratios", [*fits, {"of": "a", "to": "c", "high": 5.99}]))


weights = st.lists(st.floats(0.01, 1), min_size=3, max_size=5)


@given(weights, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8))
def test_bounds_that_some_weights_meet_never_contradict(drawn, pairs):
    bounds = []
    for one, other in pairs:
        i, j = one % len(drawn), other % len(drawn)
        if i != j:
            ratio = drawn[i] / drawn[j]
            ends = {"low": ratio / 1.1, "high": ratio * 1.1}
            bounds.append({"of": f"c{i}", "to": f"c{j}", **ends})
    if bounds:
        assert not contradict(statement("ratios", bounds))
        tight = {**bounds[0], "low": bounds[0]["high"] * 1.01, "high": None}
        assert contradict(statement("ratios", [*bounds, tight]))
        assert math.isfinite(tight["low"])
