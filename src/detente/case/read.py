"""From a case folder to a `Case`, or to every finding at once."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from detente.case import model
from detente.case.case import Case
from detente.case.check import check_case, check_lone_ladder
from detente.case.digest import digest
from detente.case.draft import Draft, closest
from detente.case.parse import parse_record, parse_rows, stand_in
from detente.ground.errors import CaseError, Finding, UsageError
from detente.ground.text import (
    MAX_BYTES,
    MAX_YAML_BYTES,
    Marked,
    parse_csv,
    parse_yaml,
    read_text,
)

YAML_FILES: dict[str, type[model.Record]] = {
    "case.yaml": model.CaseFile,
    "sources.yaml": model.SourcesFile,
    "risks.yaml": model.RisksFile,
    "measures.yaml": model.MeasuresFile,
    "ladder.yaml": model.LadderFile,
    "questions.yaml": model.QuestionsFile,
    "statements.yaml": model.StatementsFile,
    "policies.yaml": model.PoliciesFile,
    "packages.yaml": model.PackagesFile,
    "commitments.yaml": model.CommitmentsFile,
    "criteria.yaml": model.CriteriaFile,
    "calendar.yaml": model.CalendarFile,
}
CSV_FILES: dict[str, type[model.Row]] = {
    "positions.csv": model.Position,
    "incidents.csv": model.Incident,
    "grades.csv": model.Grade,
    "counts.csv": model.Count,
    "reasons.csv": model.Reason,
    "codes.csv": model.Code,
    "scores.csv": model.Score,
}
REQUIRED = tuple(YAML_FILES)[:5] + tuple(CSV_FILES)[:2]
ANSWERS = "answers"
MAX_FILES = 200
MOST_FINDINGS = 300


def read_case(folder: Path) -> Case:
    """The case in ``folder``; raises `CaseError` with every finding where one is an error."""
    case, findings = examine(folder)
    if case is None:
        raise CaseError(tuple(finding for finding in findings if finding.level == "error"))
    return case


def examine(folder: Path) -> tuple[Case | None, tuple[Finding, ...]]:
    """The case, and all findings, errors and notes, by file and line; errors leave no case.

    Of a file no more than `MOST_FINDINGS` are told, and how many more there are.
    """
    draft = Draft()
    try:
        _read_files(folder, draft)
    except OSError as error:
        raise UsageError(f"{folder} cannot be read ({error.strerror}).") from error
    case = _assemble(draft)
    check_case(case, draft)
    for marked in draft.marked.values():
        draft.findings.extend(marked.findings)
    sound = all(finding.level != "error" for finding in draft.findings)
    return case if sound else None, _in_order(draft.findings)


def read_ladder(file: Path) -> Case:
    """A case that holds the ladders of one file alone; raises as `read_case`.

    Documents, measures and parties that the file names cannot be looked up and are left out; what
    its numbers take from answers and counts is not there.
    """
    draft = Draft()
    try:
        _read_file(file.parent, file.name, draft, as_name="ladder.yaml")
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from error
    case = _assemble(draft)
    check_lone_ladder(case, draft)
    draft.findings += [one for marked in draft.marked.values() for one in marked.findings]
    errors = [finding for finding in draft.findings if finding.level == "error"]
    if errors:
        raise CaseError(_in_order(errors))
    return case


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    told: list[Finding] = []
    for file, found in groupby(sorted(set(findings)), key=lambda finding: finding.file):
        every = list(found)
        told += every[:MOST_FINDINGS]
        if len(every) > MOST_FINDINGS:
            problem = f"has {len(every) - MOST_FINDINGS} more findings."
            told.append(Finding(file, 0, "", problem, "mend these and check again."))
    return tuple(told)


def _read_files(folder: Path, draft: Draft) -> None:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. A case is a folder; `detente new` makes one.")
    present = sorted(path.name for path in folder.iterdir())
    answers = _answer_files(folder, draft) if ANSWERS in present else []
    asked_for = {
        *(["questions.yaml"] if answers else []),
        *(["criteria.yaml"] if "scores.csv" in present else []),
    }
    for name in [*YAML_FILES, *CSV_FILES]:
        if name in present:
            _read_file(folder, name, draft)
        elif name in REQUIRED or name in asked_for:
            draft.find(name, (), "is missing.", f"add it; it may be empty but for `{_head(name)}`.")
    for name in answers:
        _read_file(folder, name, draft)
    for name in present:
        _stranger(name, draft)


def _answer_files(folder: Path, draft: Draft) -> list[str]:
    answers = folder / ANSWERS
    if not answers.is_dir():
        draft.find(ANSWERS, (), "is no folder.", "make it a folder of CSV files.")
        return []
    if not answers.resolve().is_relative_to(folder.resolve()):
        draft.find(ANSWERS, (), "points outside the case folder.", "copy the files into it.")
        return []
    names = sorted(path.name for path in answers.iterdir() if not path.name.startswith("."))
    if len(names) > MAX_FILES:
        draft.find(ANSWERS, (), f"has more than {MAX_FILES} files.", "join some of them.")
    found = []
    for name in names[:MAX_FILES]:
        if name.endswith(".csv") and name.isprintable():
            found.append(f"{ANSWERS}/{name}")
        else:
            mend = "give it a plain name that ends in .csv, or move it elsewhere."
            draft.find(f"{ANSWERS}/{_printable(name)}", (), "is no file of answers.", mend)
    return found


def _printable(name: str) -> str:
    """The name of a file, with question marks for what is no readable character."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _head(name: str) -> str:
    if name in YAML_FILES:
        return f"format: {YAML_FILES[name].FORMAT}"  # type: ignore[attr-defined]
    return f"# {CSV_FILES[name].FORMAT}` and `{','.join(CSV_FILES[name].model_fields)}"


def _stranger(name: str, draft: Draft) -> None:
    known, plain = frozenset([*YAML_FILES, *CSV_FILES, ANSWERS]), name.lower()
    data = plain.endswith((".yaml", ".yml", ".csv", ".json", ".toml", ".xlsx"))
    if name in known or name.startswith(".") or not (data or plain in known):
        return
    close = closest(plain, known)
    mend = f"did you mean {close}?" if close else f"known: {', '.join(sorted(known))}."
    draft.find(_printable(name), (), "is no file of a case and is not read.", mend)


def _read_file(folder: Path, name: str, draft: Draft, *, as_name: str = "") -> None:
    """Read a file; ``as_name`` is the name of the format that it has, where not its own."""
    stated, name = name, as_name or name
    marked = draft.marked[name] = Marked(name)
    most = MAX_YAML_BYTES if name in YAML_FILES else MAX_BYTES
    text = read_text(folder, stated, marked, most=most)
    if text is None:
        return
    draft.texts[name] = text
    if name in YAML_FILES:
        parse_yaml(text, marked)
        if marked.value is None and not marked.findings:
            marked.value = {}
        if marked.value is not None:
            draft.records[name], draft.kept[name] = parse_record(YAML_FILES[name], marked)
    else:
        parse_csv(text, marked)
        rows, places = parse_rows(CSV_FILES.get(name, model.Answer), marked)
        draft.records[name], draft.kept[name] = rows, {"": places}


def _assemble(draft: Draft) -> Case:
    """The case of what could be read."""

    def items(name: str) -> tuple[Any, ...]:
        record = draft.records.get(name)
        if name.endswith(".csv"):
            return tuple(record or ())
        return getattr(record, name.removesuffix(".yaml")) if record is not None else ()

    answers = [row for name in draft.records if name.startswith(ANSWERS) for row in items(name)]
    return Case(
        about=draft.records.get("case.yaml") or stand_in(model.CaseFile),
        sources=items("sources.yaml"),
        risks=items("risks.yaml"),
        measures_file=draft.records.get("measures.yaml") or Case.measures_file,
        ladder=draft.records.get("ladder.yaml") or Case.ladder,
        questions_file=draft.records.get("questions.yaml") or Case.questions_file,
        statements_file=draft.records.get("statements.yaml") or Case.statements_file,
        criteria_file=draft.records.get("criteria.yaml") or Case.criteria_file,
        policies_file=draft.records.get("policies.yaml") or Case.policies_file,
        calendar_file=draft.records.get("calendar.yaml") or Case.calendar_file,
        packages_file=draft.records.get("packages.yaml") or Case.packages_file,
        commitments=items("commitments.yaml"),
        positions=items("positions.csv"),
        incidents=items("incidents.csv"),
        grades=items("grades.csv"),
        counts=items("counts.csv"),
        answers=tuple(answers),
        reasons=items("reasons.csv"),
        codes=items("codes.csv"),
        scores=items("scores.csv"),
        digest=digest(draft.texts),
    )
