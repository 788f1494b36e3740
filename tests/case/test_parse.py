from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.case.mini import ANSWERS, faults, found, line_of, mini, plant, replaced

from detente.case import model
from detente.case.parse import parse_record, parse_rows, stand_in
from detente.case.read import CSV_FILES, YAML_FILES
from detente.ground.text import Marked, parse_csv

YAML = r"""
case.yaml | format: detente/case/1 | format: detente/case/2
    format | is `detente/case/2`. | write detente/case/1.
case.yaml | edition: 2020-12 | edition: 2020
    edition | is `2020`, not a text. | put it in quotes.
case.yaml | edition: 2020-12 | edition: 1e-3
    edition | is `0.001`, not a text. | put it in quotes.
case.yaml | edition: 2020-12 | edition: true
    edition | is `true`, not a text. | put it in quotes.
case.yaml | edition: 2020-12 | edition: December 2020
    edition | is `December 2020`. | \
    use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit.
case.yaml | date: 2021-01-31\nas | date: 2021-02-30\nas
    date | `2021-02-30` is no day that exists. | write it as 2021, 2021-01 or 2021-01-31. | \
    date: 2021
case.yaml | date: 2021-01-31\nas | date: 31.1.2021\nas
    date | `31.1.2021` is no date of the form YYYY, YYYY-MM or YYYY-MM-DD. | \
    write it as 2021, 2021-01 or 2021-01-31. | date: 31
case.yaml | as_of: 2021-01-31 | as_of: 2021-13
    as_of | `2021-13` is no month that exists. | write it as 2021, 2021-01 or 2021-01-31.
case.yaml | as_of: 2021-01-31 | as_of: "２０２１"
    as_of | `２０２１` is no date of the form YYYY, YYYY-MM or YYYY-MM-DD. | \
    write it as 2021, 2021-01 or 2021-01-31.
case.yaml | title: {en: Two shores, fr: Deux rives} | title: {}
    title | is empty. | fill it (the title of the report).
case.yaml | title: {en: Two shores, fr: Deux rives} | title:
    title | is empty. | fill it (the title of the report).
case.yaml | title: {en: Two shores, fr: Deux rives} | title: " \u00a0"
    title | is empty. | fill it (the title of the report).
case.yaml | title: {en: Two shores, fr: Deux rives} | title: 7
    title | is `7`, not a text. | write a text, or one for each language (the title of the report).
case.yaml | fr: Deux rives | fr: [Deux, rives]
    title.fr | is a list, not a text. | write a text (the title of the report).
case.yaml | fr: Deux rives | fr: ""
    title.fr | is empty. | fill it (the title of the report).
case.yaml | languages: [en, fr] | languages: [en, fr, eng]
    languages[2] | is `eng`. | write two small letters, such as en.
case.yaml | horizon_years: 10 | horizon_years: 0
    horizon_years | is `0`, not above 0. | correct it (exposure for which P(T) is told).
case.yaml | horizon_years: 10 | horizon_years: 1000
    horizon_years | is `1000`, not at most 100. | correct it (exposure for which P(T) is told).
case.yaml | horizon_years: 10 | horizon_years: .nan
    horizon_years | is `nan`, not at most 100. | correct it (exposure for which P(T) is told).
case.yaml | horizon_years: 10 | horizon_years: "10"
    horizon_years | is the text `10`, not a number. | remove the quotes.
case.yaml | illustrative: true | illustrative: "true"
    illustrative | is the text `true`, not true or false. | remove the quotes.
case.yaml | horizon_years: 10 | horizon_years: 10,5
    horizon_years | is `10,5`, not a number. | \
    write a number, with a point before decimals (exposure for which P(T) is told).
case.yaml | seed: 7 | seed: 7.5
    seed | is `7.5`, not a whole number. | \
    write a whole number (the one source of chance; same case, same seed, same report).
case.yaml | seed: 7 | seed: 99999999999999999999
    seed | is `1e+20`, not a whole number. | \
    write a whole number (the one source of chance; same case, same seed, same report).
case.yaml | min_cell: 2 | min_cell: 0
    min_cell | is `0`, not at least 2. | correct it (no table cell speaks of fewer people).
case.yaml | illustrative: true | illustrative: 0
    illustrative | is `0`, not true or false. | \
    write true or false (every number is invented for training; said on every page).
case.yaml | min_cell: 2 | min_cell: 1
    min_cell | is `1`, not at least 2. | correct it (no table cell speaks of fewer people).
case.yaml | illustrative: true | illustrative: yes
    illustrative | is `yes`, not true or false. | \
    write true or false (every number is invented for training; said on every page).
case.yaml | expected: {AA: 3, NO: 3} | expected: {AA: 3, NO: 0}
    tracks[0].expected.NO | is `0`, not at least 1. | \
    correct it (people who are to be asked, by party; for the plan).
case.yaml | expected: {AA: 3, NO: 3} | expected: {AA: 3, N O: 3}
    tracks[0].expected.N O | is `N O`. | \
    use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit.
case.yaml | expected: {AA: 3, NO: 3} | expected: [3, 3]
    tracks[0].expected | is a list, not keys with values. | \
    write keys with values (people who are to be asked, by party; for the plan).
case.yaml | affected: Its boats fish in the strait. | affect: x
    parties[2].affect | is no key here. | did you mean `affected`?
case.yaml | affected: Its boats fish in the strait. | xyz: x
    parties[2].xyz | is no key here. | use one of affected, heard, id, name, real.
case.yaml | affected: Its boats fish in the strait. | <<: {real: true}
    parties[2].<< | is no key here. | use one of affected, heard, id, name, real.
case.yaml | min_cell: 2 | mincell: 2
    mincell | is no key here. | did you mean `min_cell`?
sources.yaml | sources:\n  - id: note | sources:\n  - Joint note\n  - id: note
    sources[0] | is `Joint note`, not keys with values. | \
    write keys with values (the documents). | - J
risks.yaml | pathway: escalatory | pathway: nuclear
    risks[0].pathway | is `nuclear`. | write doctrinal, escalatory, unauthorised or accidental.
case.yaml | parties: [AA]} | parties: [A A]}
    sides[0].parties[0] | is `A A`. | \
    use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit.
case.yaml | parties: [AA]} | parties: []}
    sides[0].parties | is empty. | fill it (ids of the parties that stand on this side).
measures.yaml | - {by: east, does: Its boats stay away.}\n |       #\n
    measures[1].step.parts | has fewer than 2 items. | add to it (who does what; two or more). | \
    parts:
measures.yaml | seen: second-hand | seen: secondhand
    measures[0].seen | is `secondhand`. | write verified, second-hand or unverified.
measures.yaml | seen: second-hand | seen: [verified]
    measures[0].seen | is a list. | write verified, second-hand or unverified.
measures.yaml | area: 3 | area: three
    measures[0].area | is `three`, not a whole number. | \
    write a whole number (area of the experts' recommendations).
measures.yaml | value: {low: 0.2, high: 0.8} | value: 0.5
    measures[0].acts[0].value | is `0.5`, not keys with values. | \
    write keys with values (the ratio, or the new number).
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2, high: 0.8, value: 0.5}
    measures[0].acts[0].value | has both `value` and an interval. | \
    write `value` alone, or `low` and `high` with or without `mid`.
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2}
    measures[0].acts[0].value | has neither `value` nor both `low` and `high`. | \
    write `value` alone, or `low` and `high` with or without `mid`.
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.8, high: 0.2}
    measures[0].acts[0].value | is not in the order low <= mid <= high. | \
    write `value` alone, or `low` and `high` with or without `mid`.
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2, high: 0.2}
    measures[0].acts[0].value | has an interval of no width. | \
    write `value` alone, or `low` and `high` with or without `mid`.
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2, high: 1e400}
    measures[0].acts[0].value.high | is `inf`, not finite. | \
    correct it (the upper end of the interval).
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2, high: 1e16}
    measures[0].acts[0].value.high | is `1e+16`, not at most 1e+15. | \
    correct it (the upper end of the interval).
measures.yaml | value: {low: 0.2, high: 0.8} | value: {low: 0.2, high: 0.8, ci: 100}
    measures[0].acts[0].value.ci | is `100`, not at most 99. | \
    correct it (per cent held between `low` and `high`).
ladder.yaml | - {id: slow, p: call-late} | - {id: slow, p: call-late, any_of: [misread]}
    events[0] | needs exactly one of p, any_of, all_of, none_of, either_of, at_least with of. | \
    keep one of them.
ladder.yaml | p: damage, otherwise: contained | p: damage, otherwise: 7
    ladders[0].path[0].otherwise | is `7`, not keys with values. | \
    write keys with values (a level, or a further path).
ladder.yaml | all_of: [slow, misread] | all_of: []
    events[1].all_of | is empty. | fill it (events or probabilities that must all happen).
"""
CSV = r"""
positions.csv | # detente/positions/1 | # detente/positions/2
    - | has the format line `# detente/positions/2`. | \
    write `# detente/positions/1` as the first line.
positions.csv | # detente/positions/1 | # Positions, by document
    - | has the format line `# Positions, by document`. | \
    write `# detente/positions/1` as the first line.
positions.csv | refused,2020-07 | declined,2020-07
    position | is `declined`. | \
    write offered, accepted, conditional, refused, silent or not-found.
positions.csv | refused,2020-07 |   ,2020-07
    position | is empty. | fill it (what the document says about the measure).
positions.csv | refused,2020-07 | ,2020-07
    position | is empty. | fill it (what the document says about the measure).
positions.csv | refused,2020-07 | refused,7/2020
    date | `7/2020` is no date of the form YYYY, YYYY-MM or YYYY-MM-DD. | \
    write it as 2021, 2021-01 or 2021-01-31.
incidents.csv | strait,55.5,20.25 | strait,91,20.25
    lat | is `91`, not at most 90. | correct it (degrees north, WGS 84).
incidents.csv | strait,55.5,20.25 | strait,55.5,20°15'
    lon | is `20°15'`, not a number. | \
    write a number, with a point before decimals (degrees east, WGS 84).
incidents.csv | strait,55.5,20.25 | strait,nan,20.25
    lat | is `nan`, not finite. | correct it (degrees north, WGS 84).
incidents.csv | close-approach,60 | close approach,60
    activity | is `close approach`. | \
    use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit.
counts.csv | approaches,5, | approaches,many,
    count | is `many`, not a number. | write a number, with a point before decimals (the total).
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-1,AA,T1,1.5,Q7,M1
    round | is `1.5`, not a whole number. | \
    write a whole number (the round of the question, from 1).
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | a-1,AA,T1,10,Q7,M1
    round | is `10`, not at most 9. | correct it (the round of the question, from 1).
answers/T1.csv | a-1,AA,T1,1,Q7,M1 | -1,AA,T1,1,Q7,M1
    participant | is `-1`. | \
    use letters, digits, '.', '_' and '-', 64 at most, the first a letter or a digit.
"""


@pytest.mark.parametrize("fault", faults(YAML + CSV), ids=str)
def test_a_planted_fault_is_found_where_it_stands_and_nothing_else_is(tmp_path, fault):
    plant(tmp_path, fault)


@pytest.mark.parametrize("file", YAML_FILES)
def test_a_file_without_its_format_says_so(tmp_path, file):
    text = mini()[file].partition("\n")[2]
    [finding] = found(tmp_path, {file: text})
    assert (finding.file, finding.line, finding.key) == (file, 1, "format")
    assert finding.problem == "is missing."
    assert finding.mend == "add `format` (the format of this file and its version)."


@pytest.mark.parametrize("file", [*CSV_FILES, "answers/T1.csv"])
def test_a_table_without_its_format_says_so(tmp_path, file):
    kind = CSV_FILES.get(file, model.Answer)
    [finding] = found(tmp_path, {file: mini()[file].partition("\n")[2]})
    assert (finding.file, finding.line, finding.key) == (file, 1, "")
    assert finding.problem == "has no format line."
    assert finding.mend == f"write `# {kind.FORMAT}` as the first line."


@pytest.mark.parametrize("file", YAML_FILES)
def test_a_file_of_another_form_is_no_mapping(tmp_path, file):
    [finding] = found(tmp_path, {file: "- format\n- other\n"})
    assert (finding.file, finding.line, finding.key) == (file, 1, "")
    assert finding.problem == "is no mapping of keys to values."
    assert finding.mend == "start from `detente new`."


@pytest.mark.parametrize("file", [*CSV_FILES, "answers/T1.csv"])
def test_every_column_is_missed_or_not_by_its_name(tmp_path, file):
    kind = CSV_FILES.get(file, model.Answer)
    head, header, *_ = mini()[file].split("\n")
    assert header.split(",") == list(kind.model_fields)
    needed = [name for name, field in kind.model_fields.items() if field.is_required()]
    optional = [name for name in kind.model_fields if name not in needed]
    findings = found(tmp_path, {file: f"{head}\n{','.join([*optional, 'strange'])}\n"})
    told = [(one.line, one.key, one.problem) for one in findings if one.file == file]
    assert sorted(told) == sorted(
        [
            (2, "strange", "is no column here."),
            *((2, name, "is missing in the header.") for name in needed),
        ]
    )


def test_a_misspelt_column_is_named_with_the_right_one(tmp_path):
    text = replaced(mini()["grades.csv"], "incident,coder,grade", "incident,coder,grad")
    strange, missing = found(tmp_path, {"grades.csv": text})
    assert (strange.line, strange.key, strange.mend) == (2, "grad", "did you mean `grade`?")
    assert (missing.key, missing.mend) == (
        "grade",
        "add the column (how serious it was held to be).",
    )


def test_columns_stand_in_any_order_and_optional_ones_may_be_left_out(tmp_path):
    text = "# detente/counts/1\nstatus,by,count,what,end,start,id\nunverified,A,5,B,2020,2020,N1\n"
    assert found(tmp_path, {"counts.csv": text}) == []


def test_an_empty_cell_takes_the_default_of_its_column():
    marked = parse_csv(f"{ANSWERS}a,P,T,, Q ,I, ,,1,,,2020,elicited\n", Marked("a.csv"))
    [row], [place] = parse_rows(model.Answer, marked)
    assert (row.round, row.question, row.about, row.low, row.value) == (1, "Q", None, None, 1)
    assert (row.confidence, place) == (None, 0)
    assert marked.findings == []


def test_a_ragged_row_gives_one_finding_and_its_id_is_still_known(tmp_path):
    text = replaced(mini()["incidents.csv"], "I2,2020-04,Mid strait,,,air,NO", "I2,2020-04,air,NO")
    [finding] = found(tmp_path, {"incidents.csv": text})
    assert finding.line == line_of(text, "I2,2020-04")
    assert finding.problem == "has 16 cells where the header has 19."


def test_a_fault_in_a_cell_of_many_lines_stands_on_the_line_of_its_row(tmp_path):
    text = replaced(mini()["positions.csv"], 'as a next step",verified', 'as a next step",checked')
    [finding] = found(tmp_path, {"positions.csv": text})
    assert (finding.line, finding.key) == (3, "status")
    text = replaced(mini()["positions.csv"], "Once tested,verified", "Once tested,checked")
    [finding] = found(tmp_path, {"positions.csv": text})
    assert (finding.line, finding.key) == (5, "status")


def test_all_faults_of_one_item_are_told():
    value = {"id": "a b", "title": "", "pathway": "x", "strange": 1}
    marked = Marked("risks.yaml", {"format": "detente/risks/1", "risks": [value]})
    record, kept = parse_record(model.RisksFile, marked)
    assert record is not None
    assert (record.risks, kept) == ((), {"risks": []})
    assert {one.key for one in marked.findings} == {
        f"risks[0].{key}" for key in ("id", "title", "pathway", "domain", "strange")
    }


def test_sound_items_beside_faulty_ones_are_kept_with_their_places():
    sound = {"id": "R", "title": "t", "pathway": "accidental", "domain": "sea"}
    items = [sound, 7, sound | {"domain": ""}, sound | {"id": "R3"}]
    marked = Marked("risks.yaml", {"format": "detente/risks/1", "risks": items})
    record, kept = parse_record(model.RisksFile, marked)
    assert record is not None
    assert [risk.id for risk in record.risks] == ["R", "R3"]
    assert kept == {"risks": [0, 3]}


@pytest.mark.parametrize("kind", YAML_FILES.values())
def test_a_stand_in_is_a_record(kind):
    assert isinstance(stand_in(kind), kind)


@pytest.mark.parametrize("file", YAML_FILES)
@pytest.mark.parametrize("other", YAML_FILES)
def test_a_file_in_the_place_of_another_is_told_of(tmp_path, file, other):
    findings = found(tmp_path, {file: mini()[other]})
    assert (file == other) == (findings == [])
    assert {one.file for one in findings} <= {file}


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3)
    ),
    max_leaves=6,
)


EVERY_KEY = sorted({key for kind in YAML_FILES.values() for key in kind.model_fields})


@given(st.data(), st.sampled_from(sorted(YAML_FILES)))
def test_any_value_is_a_record_with_every_fault_told(data, file):
    kind = YAML_FILES[file]
    keys = st.sampled_from(list(kind.model_fields)) | st.sampled_from(EVERY_KEY)
    value = data.draw(st.dictionaries(keys | st.text(max_size=3), json, max_size=5))
    marked = Marked(file, value)
    record, _ = parse_record(kind, marked)
    assert isinstance(record, kind)
    assert marked.findings or kind.model_validate(value) == record
    for one in marked.findings:
        assert one.problem.endswith(".")
        assert one.mend.endswith((".", "?"))
