"""The documentation cannot lie: what is made from the code is current, and nothing is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import case_format
import reference
from detente.cli.main import cli

DECISIONS = sorted((reference.ROOT / "docs" / "decisions").glob("*.md"))
PAGES = sorted([*(reference.ROOT / "docs").rglob("*.md"), *reference.ROOT.glob("*.md")])
RESULTS = sorted(reference.PACKAGE.glob("*/results.py"))
DESIGN_WORDS = {
    *("case", "party", "track", "workshop", "round", "participant", "risk", "perception"),
    *("mirror perception", "measure", "incident", "encounter", "initiator", "ladder", "rung"),
    *("package", "path", "side", "position", "trend", "reassurance", "ledger", "edition", "basis"),
}


@pytest.fixture(scope="module")
def docs(root: Path) -> Path:
    return root / "docs"


@pytest.fixture(scope="module")
def terms(docs: Path) -> set[str]:
    """Every term that the glossary explains: the bold words at the start of an entry."""
    glossary = (docs / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^- (\*\*.+?\*\*(?:, \*\*.+?\*\*)*)", glossary, re.MULTILINE)
    return {term for entry in entries for term in re.findall(r"\*\*(.+?)\*\*", entry)}


@pytest.mark.parametrize("path", case_format.files())
def test_what_make_schema_writes_is_current(root, path):
    assert (root / path).read_text(encoding="utf-8") == case_format.files()[path]


def test_what_make_reference_writes_is_current(docs):
    assert (docs / "reference.md").read_text(encoding="utf-8") == reference.reference()
    assert (docs / "cli.md").read_text(encoding="utf-8") == reference.cli_reference(cli)


def test_every_verb_is_documented(docs):
    page = (docs / "cli.md").read_text(encoding="utf-8")
    missing = [name for name, _ in reference.verbs(cli, "detente") if f"## {name}\n" not in page]
    assert missing == []


def test_every_public_function_is_documented(docs):
    page = (docs / "reference.md").read_text(encoding="utf-8")
    for path, tree in reference.modules():
        if path.parent == reference.PACKAGE:
            continue
        for node in reference.public(tree):
            name = f"class {node.name}`" if isinstance(node, ast.ClassDef) else f"{node.name}("
            assert f"`{name}" in page, f"{path.name}: {node.name}"


def test_every_key_of_a_case_says_what_it_means():
    unsaid = r"^\| `(\w+)` \|[^|]*\|[^|]*\|\s*\|$"
    silent = re.findall(unsaid, case_format.reference(), re.MULTILINE)
    assert silent == []


def test_the_glossary_has_the_words_of_the_design(terms):
    assert terms >= DESIGN_WORDS


@pytest.mark.parametrize("path", RESULTS, ids=[path.parent.name for path in RESULTS])
def test_the_glossary_names_every_result(docs, path):
    glossary = (docs / "glossary.md").read_text(encoding="utf-8")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [node.name for node in reference.public(tree) if f"`{node.name}`" not in glossary]
    assert missing == []


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_is_short_and_has_its_three_parts(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_every_link_within_the_documentation_leads_somewhere(path):
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if not (path.parent / target).exists()] == []
