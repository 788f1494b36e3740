from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.case import model
from detente.case.read import CSV_FILES, YAML_FILES, examine
from detente.case.schema import schema_text, schemas
from detente.case.template import template_files

YAML_MODELS = sorted(
    {
        kind
        for kind in vars(model).values()
        if isinstance(kind, type) and issubclass(kind, model.Record) and kind is not model.Record
    },
    key=lambda kind: kind.__name__,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in template_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_template_passes_the_check_without_a_note(folder):
    case, findings = examine(folder)
    assert findings == ()
    assert case is not None
    assert case.about.illustrative


def test_the_template_speaks_of_no_party_that_exists(folder):
    case, _ = examine(folder)
    assert case is not None
    assert not any(party.real for party in case.about.parties)


def test_the_template_has_a_question_and_an_answer_of_every_kind(folder):
    case, _ = examine(folder)
    assert case is not None
    kinds = {question.id: question.kind for question in case.questions}
    wanted = set(model.QuestionKind.__args__)  # type: ignore[attr-defined]
    assert set(kinds.values()) == wanted
    assert {kinds[answer.question] for answer in case.answers} == wanted


def _keys(text: str) -> Iterator[str]:
    """Every key of a YAML text, those in comments and in braces too."""
    yield from re.findall(r"(?:^|[{,\s#-])([a-z_]+):(?=\s|$)", text, re.MULTILINE)


@pytest.mark.parametrize("kind", YAML_MODELS, ids=lambda kind: kind.__name__)
def test_every_key_of_every_record_stands_in_the_template(kind):
    yaml = "\n".join(text for name, text in template_files().items() if name.endswith(".yaml"))
    assert set(kind.model_fields) <= set(_keys(yaml))


@pytest.mark.parametrize("file", YAML_FILES)
def test_every_top_level_key_stands_in_its_own_file(file):
    assert set(YAML_FILES[file].model_fields) <= set(_keys(template_files()[file]))


@pytest.mark.parametrize("file", [*CSV_FILES, "answers/T1.csv"])
def test_every_column_stands_in_the_template_and_is_explained(file):
    columns = list(CSV_FILES.get(file, model.Answer).model_fields)
    texts = template_files()
    assert texts[file].splitlines()[1].split(",") == columns
    assert all(f"- `{column}`: " in texts["README.md"] for column in columns)


@pytest.mark.parametrize("file", YAML_FILES)
def test_an_editor_finds_the_schema(file):
    texts = template_files()
    first = texts[file].splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert name == f".schema/{file.replace('.yaml', '.json')}"
    assert texts[name] == schema_text(schemas()[name.removeprefix(".schema/")])
