"""From a case folder to a `Case`, or to every finding at once."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from detente.case import model
from detente.case.case import Case
from detente.case.check import check_case
from detente.case.digest import digest
from detente.case.draft import Draft
from detente.case.parse import parse_record, parse_rows
from detente.ground.errors import CaseError, Finding, UsageError
from detente.ground.text import Marked, parse_csv, parse_yaml, read_text

YAML_FILES: dict[str, type[model.Record]] = {
    "case.yaml": model.CaseFile,
    "sources.yaml": model.SourcesFile,
    "risks.yaml": model.RisksFile,
    "measures.yaml": model.MeasuresFile,
    "ladder.yaml": model.LadderFile,
    "questions.yaml": model.QuestionsFile,
    "policies.yaml": model.PoliciesFile,
    "commitments.yaml": model.CommitmentsFile,
}
CSV_FILES: dict[str, type[model.Row]] = {
    "positions.csv": model.Position,
    "incidents.csv": model.Incident,
    "grades.csv": model.Grade,
    "counts.csv": model.Count,
}
REQUIRED = tuple(YAML_FILES)[:5] + tuple(CSV_FILES)[:2]
ANSWERS = "answers"
MAX_FILES = 200


def read_case(folder: Path) -> Case:
    """The case in ``folder``; raises `CaseError` with every finding where one is an error."""
    case, findings = examine(folder)
    errors = tuple(finding for finding in findings if finding.level == "error")
    if errors or case is None:
        raise CaseError(errors)
    return case


def examine(folder: Path) -> tuple[Case | None, tuple[Finding, ...]]:
    """The case as far as it could be read, and all findings, errors and notes, in file order."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. A case is a folder; `detente new` makes one.")
    draft = Draft()
    _read_files(folder, draft)
    case = _assemble(draft)
    if case is not None:
        check_case(case, draft)
    for marked in draft.marked.values():
        draft.findings.extend(marked.findings)
    return case, tuple(sorted(set(draft.findings)))


def _read_files(folder: Path, draft: Draft) -> None:
    present = sorted(path.name for path in folder.iterdir())
    for name in [*YAML_FILES, *CSV_FILES]:
        if name in present:
            _read_file(folder, name, draft)
        elif name in REQUIRED:
            draft.find(name, (), "is missing.", f"add it; it may be empty but for `{_head(name)}`.")
    for name in _answer_files(folder, draft):
        _read_file(folder, name, draft)
    for name in present:
        _stranger(name, draft)


def _answer_files(folder: Path, draft: Draft) -> list[str]:
    answers = folder / ANSWERS
    if not answers.is_dir():
        return []
    if not answers.resolve().is_relative_to(folder.resolve()):
        draft.find(ANSWERS, (), "points outside the case folder.", "copy the files into it.")
        return []
    names = sorted(path.name for path in answers.iterdir())
    if len(names) > MAX_FILES:
        draft.find(ANSWERS, (), f"has more than {MAX_FILES} files.", "join some of them.")
    return [f"{ANSWERS}/{name}" for name in names[:MAX_FILES] if name.endswith(".csv")]


def _head(name: str) -> str:
    if name in YAML_FILES:
        return f"format: {YAML_FILES[name].FORMAT}"  # type: ignore[attr-defined]
    return f"# {CSV_FILES[name].FORMAT}` and `{','.join(CSV_FILES[name].model_fields)}"


def _stranger(name: str, draft: Draft) -> None:
    known = [*YAML_FILES, *CSV_FILES, ANSWERS]
    if name in known or not name.endswith((".yaml", ".yml", ".csv", ".json", ".toml")):
        return
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    mend = f"did you mean {close[0]}?" if close else f"known files: {', '.join(known)}."
    draft.find(name, (), "is no file of a case and is not read.", mend)


def _read_file(folder: Path, name: str, draft: Draft) -> None:
    marked = draft.marked[name] = Marked(name)
    text = read_text(folder, name, marked)
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


def _assemble(draft: Draft) -> Case | None:
    about = draft.records.get("case.yaml")
    if about is None:
        return None

    def items(name: str) -> tuple[Any, ...]:
        record = draft.records.get(name)
        if name.endswith(".csv"):
            return tuple(record or ())
        return getattr(record, name.removesuffix(".yaml")) if record is not None else ()

    answers = [row for name in draft.records if name.startswith(ANSWERS) for row in items(name)]
    return Case(
        about=about,
        sources=items("sources.yaml"),
        risks=items("risks.yaml"),
        measures_file=draft.records.get("measures.yaml") or Case.measures_file,
        ladder=draft.records.get("ladder.yaml") or Case.ladder,
        questions=items("questions.yaml"),
        policies=items("policies.yaml"),
        commitments=items("commitments.yaml"),
        positions=items("positions.csv"),
        incidents=items("incidents.csv"),
        grades=items("grades.csv"),
        counts=items("counts.csv"),
        answers=tuple(answers),
        digest=digest(draft.texts),
    )
