from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from tests.case.mini import found, mini, replaced, write

from detente.case.read import CSV_FILES, MAX_FILES, MOST_FINDINGS, YAML_FILES, examine, read_case
from detente.ground.errors import CaseError, Finding, UsageError

OPTIONAL = (
    *[*YAML_FILES][5:],
    "grades.csv",
    "counts.csv",
    "reasons.csv",
    "codes.csv",
    "scores.csv",
)
NEEDED = {
    "questions.yaml": ("questions.yaml", "is missing."),
    "criteria.yaml": ("criteria.yaml", "is missing."),
    "statements.yaml": ("questions.yaml", "has nothing to ask about."),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "case", mini())


def words(folder: Path) -> list[tuple[str, str]]:
    _, findings = examine(folder)
    return [(one.file, one.problem) for one in findings]


def test_the_mini_case_is_read_whole(folder):
    case, findings = examine(folder)
    assert findings == ()
    assert case is not None
    assert case == read_case(folder)
    assert [party.id for party in case.about.parties] == ["AA", "NO", "CC"]
    assert case.about.edition == "2020-12"
    assert case.parameter_by_id["ordered"].value == 0.001
    assert case.words(case.about.title, "fr") == "Deux rives"
    assert case.positions[0].words == "Names the line,\nas a next step"
    documents = [case.sources, case.risks, case.measures, case.questions, case.policies]
    assert [len(records) for records in documents] == [1, 2, 3, 16, 1]
    asked = [case.quantities, case.chains, case.themes, case.statements, case.reasons, case.codes]
    assert [len(records) for records in asked] == [6, 2, 2, 2, 2, 4]
    assert case.about.tracks[0].expected == {"AA": 3, "NO": 3}
    rows = [case.positions, case.incidents, case.grades, case.counts, case.commitments]
    assert [len(records) for records in rows] == [3, 2, 3, 1, 1]
    weighed = [case.criteria, case.criteria_file.weights, case.criteria_file.trend, case.scores]
    assert [len(records) for records in weighed] == [5, 2, 1, 4]
    assert len(case.answers) == mini()["answers/T1.csv"].count("\n") - 2


def test_an_error_leaves_no_case_and_is_raised_with_all_others(folder):
    write(folder, {"counts.csv": "", "grades.csv": ""})
    case, findings = examine(folder)
    assert case is None
    with pytest.raises(CaseError) as raised:
        read_case(folder)
    assert raised.value.findings == findings
    assert [one.file for one in findings] == ["counts.csv", "grades.csv"]


def test_a_note_leaves_the_case(folder):
    text = replaced(mini()["ladder.yaml"], "branch: deliberate", "branch: false-alarm")
    write(folder, {"ladder.yaml": text})
    case, [note] = examine(folder)
    assert note.level == "note"
    assert case == read_case(folder)


@pytest.mark.parametrize("file", [*YAML_FILES, *CSV_FILES, "answers/T1.csv"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_mark_and_other_line_ends_change_nothing(folder, file, mark):
    plain, _ = examine(folder)
    write(folder, {file: mark + mini()[file].replace("\n", "\r\n")})
    case, findings = examine(folder)
    assert findings == ()
    assert case == plain


@pytest.mark.parametrize("file", CSV_FILES)
def test_semicolons_change_nothing_but_the_digest(folder, file):
    plain, _ = examine(folder)
    quoted = mini()[file].replace('"Names the line,\nas', '"Names the line\x00\nas')
    write(folder, {file: quoted.replace(",", ";").replace("\x00", ",")})
    case, findings = examine(folder)
    assert findings == ()
    assert plain is not None
    assert case is not None
    assert (case.positions, case.incidents) == (plain.positions, plain.incidents)
    assert (case.grades, case.counts) == (plain.grades, plain.counts)


# --- what is missing ---------------------------------------------------------------------------


@pytest.mark.parametrize("file", [*YAML_FILES, *CSV_FILES])
def test_a_file_that_is_missing_gives_one_finding_or_none(folder, file):
    (folder / file).unlink()
    told = words(folder)
    if file in OPTIONAL and file not in NEEDED:
        assert told == []
    else:
        assert told == [NEEDED.get(file, (file, "is missing."))]


def test_questions_are_not_missed_without_answers(folder):
    (folder / "questions.yaml").unlink()
    shutil.rmtree(folder / "answers")
    assert words(folder) == []


@pytest.mark.parametrize("file", [*YAML_FILES, *CSV_FILES, "answers/T1.csv"])
def test_an_empty_file_lacks_its_format_or_header_and_nothing_depends_on_it(folder, file):
    write(folder, {file: ""})
    told = words(folder)
    assert {name for name, _ in told} == {file}
    assert len(told) == 1 or file == "case.yaml"


def test_an_empty_folder_lacks_what_is_needed(tmp_path):
    _, findings = examine(tmp_path)
    needed = [name for name in (*YAML_FILES, *CSV_FILES) if name not in OPTIONAL]
    assert sorted(one.file for one in findings) == sorted(needed)
    assert findings[0] == Finding(
        "case.yaml",
        0,
        "",
        "is missing.",
        "add it; it may be empty but for `format: detente/case/1`.",
    )


def test_what_the_findings_on_missing_files_say_to_write_is_enough(folder):
    for name in (*YAML_FILES, *CSV_FILES):
        if name != "case.yaml" and name not in OPTIONAL:
            (folder / name).unlink()
    _, findings = examine(folder)
    for one in findings:
        if one.problem == "is missing.":
            lines = one.mend.split("`")[1::2]
            write(folder, {one.file: "\n".join(lines) + "\n"})
    assert not [one for one in examine(folder)[1] if one.problem == "is missing."]


# --- what is no file ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nowhere", "case.yaml"])
def test_what_is_no_folder_cannot_be_used(folder, name):
    with pytest.raises(UsageError, match=r"is no folder\. A case is a folder; `detente new`"):
        examine(folder / name)


def test_a_folder_that_cannot_be_read_cannot_be_used(folder, monkeypatch):
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\)"):
        examine(folder)


@pytest.mark.parametrize("file", ["case.yaml", "measures.yaml", "incidents.csv", "answers/T1.csv"])
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_the_place_of_a_file_gives_one_finding(folder, file, make):
    (folder / file).unlink()
    make(folder / file)
    told: list[tuple[str, str]] = []
    reader = threading.Thread(target=lambda: told.extend(words(folder)), daemon=True)
    reader.start()
    reader.join(timeout=20)
    assert told == [(file, "is no regular file.")]


@pytest.mark.parametrize("file", ["case.yaml", "positions.csv", "answers/T1.csv"])
def test_a_link_out_of_the_folder_gives_one_finding(folder, tmp_path, file):
    (folder / file).rename(tmp_path / "outside")
    (folder / file).symlink_to(tmp_path / "outside")
    assert words(folder) == [(file, "points outside the case folder.")]


@pytest.mark.parametrize("file", ["case.yaml", "positions.csv", "answers/T1.csv"])
def test_a_link_to_itself_gives_one_finding(folder, file):
    (folder / file).unlink()
    (folder / file).symlink_to((folder / file).name)
    [(name, problem)] = words(folder)
    assert name == file
    assert problem in ("is a link to itself.", "is no regular file.")


def test_a_link_within_the_folder_and_a_link_to_the_folder_are_followed(folder, tmp_path):
    (folder / "case.yaml").rename(folder / "case.txt")
    (folder / "case.yaml").symlink_to("case.txt")
    (tmp_path / "link").symlink_to(folder)
    assert words(tmp_path / "link") == []


def test_answers_do_not_come_from_outside(folder, tmp_path):
    (folder / "answers").rename(tmp_path / "outside")
    (folder / "answers").symlink_to(tmp_path / "outside")
    assert words(folder) == [("answers", "points outside the case folder.")]


@pytest.mark.parametrize("target", ["answers", "nowhere", "case.yaml"])
def test_answers_stand_in_a_folder(folder, target):
    shutil.rmtree(folder / "answers")
    (folder / "answers").symlink_to(target)
    assert words(folder) == [("answers", "is no folder.")]


def test_answers_come_from_every_file_of_their_folder(folder):
    head, header, first, *rest = mini()["answers/T1.csv"].split("\n")
    write(folder, {"answers/T1.csv": "\n".join([head, header, *rest])})
    write(folder, {"answers/other.csv": f"{head}\n{header}\n{first}"})
    case, findings = examine(folder)
    assert findings == ()
    assert case is not None
    assert len(case.answers) == mini()["answers/T1.csv"].count("\n") - 2
    write(folder, {"answers/third.csv": f"{head}\n{header}\n{first}"})
    assert words(folder) == [("answers/third.csv", "answers the same question twice.")]


@pytest.mark.parametrize("name", ["T2.xlsx", "T2.CSV", "notes.txt", "T\x1b2.csv", "T\n2.csv"])
def test_what_is_no_file_of_answers_is_told(folder, name):
    write(folder, {f"answers/{name}": ""})
    shown = name.replace("\x1b", "?").replace("\n", "?")
    [finding] = examine(folder)[1]
    assert (finding.file, finding.problem) == (f"answers/{shown}", "is no file of answers.")
    assert finding.mend == "give it a plain name that ends in .csv, or move it elsewhere."


def test_a_name_that_is_no_text_is_told(folder):
    path = os.fsencode(folder) + b"/answers/T\xff.csv"
    Path(os.fsdecode(path)).write_text("")
    assert words(folder) == [("answers/T?.csv", "is no file of answers.")]


def test_there_are_not_too_many_files_of_answers(folder):
    for number in range(MAX_FILES):
        (folder / "answers" / f"x{number}.csv").write_text(
            mini()["answers/T1.csv"].partition("a-1")[0]
        )
    assert words(folder) == [("answers", f"has more than {MAX_FILES} files.")]


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("measure.yaml", "did you mean measures.yaml?"),
        ("case.yml", "did you mean case.yaml?"),
        ("Positions.csv", "did you mean positions.csv?"),
        ("Answers", "did you mean answers?"),
        ("answers.csv", "did you mean answers?"),
        (
            "xyz.json",
            "known: answers, calendar.yaml, case.yaml, codes.csv, commitments.yaml, counts.csv, ",
        ),
    ],
)
def test_what_looks_like_a_file_of_the_case_and_is_none_is_told(folder, name, mend):
    write(folder, {name: ""})
    [finding] = examine(folder)[1]
    assert (finding.file, finding.line, finding.key) == (name, 0, "")
    assert finding.problem == "is no file of a case and is not read."
    assert finding.mend.startswith(mend)


@pytest.mark.parametrize(
    "name",
    ["README.md", ".schema/case.json", ".git/config.yaml", "paper.pdf", ".x.csv", "answers/.x.csv"],
)
def test_what_stands_beside_the_files_of_a_case_is_left_alone(folder, name):
    write(folder, {name: b"\xff"})
    assert words(folder) == []


def test_of_very_many_findings_of_a_file_the_rest_is_counted(folder):
    rows = "X,M1,offered,2020,,,,,verified,\n" * (MOST_FINDINGS + 5)
    header = mini()["positions.csv"].partition("AA")[0]
    findings = found(folder, {"positions.csv": header + rows})
    assert len(findings) == MOST_FINDINGS + 1
    assert findings[-1] == Finding(
        "positions.csv", 0, "", "has 5 more findings.", "mend these and check again."
    )
