"""XML is read safely, and what cannot be read is told with its line."""

from __future__ import annotations

import pytest

from detente.escalation.openpsa import elements
from detente.escalation.openpsa.elements import parse
from detente.escalation.openpsa.read import read_openpsa
from detente.ground.errors import CaseError, Finding, UsageError


def found(data: bytes) -> list[tuple[int, str]]:
    findings: list[Finding] = []
    root = parse("a.xml", data, findings.append)
    assert (root is None) == bool(findings)
    return [(one.line, one.problem) for one in findings]


def test_elements_know_their_line_and_text():
    findings: list[Finding] = []
    root = parse("a.xml", b"<a>\n<b c='d'>x<!-- no -->y</b>\n <e/></a>", findings.append)
    assert [(one.tag, one.line, one.text) for one in root.children] == [
        ("b", 2, "xy"),
        ("e", 3, ""),
    ]
    assert root.children[0].attributes == {"c": "d"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_are_those_of_the_declaration(encoding):
    text = f"<?xml version='1.0' encoding='{encoding}'?><a b='é'/>"
    assert parse("a.xml", text.encode(encoding), [].append).attributes == {"b": "é"}


def test_a_document_type_may_be_named_and_is_not_looked_up():
    assert not found(b"<!DOCTYPE opsa-mef>\n<opsa-mef/>")
    assert not found(b"<!DOCTYPE opsa-mef SYSTEM 'file:///etc/passwd'>\n<opsa-mef/>")


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://localhost/x'> %b;]><a/>",
        b"<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
        b"<!DOCTYPE a SYSTEM 'x.dtd'><a>&b;</a>",
    ],
)
def test_declarations_and_entities_are_refused(data):
    ((line, problem),) = found(data)
    assert line == 1
    assert "declares" in problem


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"<a>\n<b>\n</a>", 3),
        (b"<a>\n</a>\n<b/>", 3),
        (b"<a b=1/>", 1),
        (b"<a>\xff</a>", 1),
        (b"<a>\n&nbsp;</a>", 2),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", 1),
        (b"PK\x03\x04", 1),
    ],
)
def test_what_is_no_xml_is_found_at_its_line(data, line):
    assert [one for one, _ in found(data)] == [line]


def test_depth_and_size_have_limits(monkeypatch):
    deep = elements.DEEPEST
    assert not found(b"<a>" * deep + b"</a>" * deep)
    assert "deeper" in found(b"<a>" * (deep + 1) + b"</a>" * (deep + 1))[0][1]
    monkeypatch.setattr(elements, "MOST_BYTES", 10)
    assert "at most 10" in found(b"<abcdefghi/>")[0][1]


def test_every_unreadable_file_is_told_and_none_hides_another():
    files = {"1.xml": b"<a", "2.xml": b"<opsa-mef/>", "3.xml": b"<b>"}
    with pytest.raises(CaseError) as caught:
        read_openpsa(files)
    assert [one.file for one in caught.value.findings] == ["1.xml", "3.xml"]
    with pytest.raises(UsageError):
        read_openpsa({})
