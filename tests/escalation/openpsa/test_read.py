"""What is wrong in a file is found: all of it, each with line, name and mend."""

# ruff: noqa: E501 (a row of a table is a line)

from __future__ import annotations

import pytest

from detente.escalation.openpsa.read import read_openpsa
from detente.ground.errors import CaseError

BASE = '<define-basic-event name="{}"><float value="0.5"/></define-basic-event>'
A, B, C = (BASE.format(name) for name in "abc")


def gate(formula: str, name: str = "top") -> str:
    return f'<define-gate name="{name}">{formula}</define-gate>'


def tree(*inside: str, name: str = "T") -> str:
    return f'<define-fault-tree name="{name}">\n' + "\n".join(inside) + "\n</define-fault-tree>"


def event_tree(initial: str, *defined: str, name: str = "E") -> str:
    return (
        f'<define-initiating-event name="I{name}" event-tree="{name}"/>\n'
        f'<define-event-tree name="{name}">\n'
        + "\n".join(defined)
        + f"\n<initial-state>{initial}</initial-state></define-event-tree>"
    )


def refers(*names: str) -> str:
    return "".join(f'<event name="{name}"/>' for name in names)


def fork(name: str, inside: str) -> str:
    return f'<fork functional-event="{name}"><path state="on">{inside}</path></fork>'


def group(model: str, factors: str, members: str = "ab", distribution: str = "0.1") -> str:
    listed = "".join(f'<basic-event name="{one}"/>' for one in members)
    return (
        f'<define-CCF-group name="G" model="{model}"><members>{listed}</members>'
        f'<distribution><float value="{distribution}"/></distribution>'
        f"<factors>{factors}</factors></define-CCF-group>"
    )


def factor(level: int, value: str = "0.1") -> str:
    return f'<factor level="{level}"><float value="{value}"/></factor>'


SEQUENCE, END = '<define-sequence name="S"/>', '<sequence name="S"/>'
F1, F2 = (f'<define-functional-event name="F{n}"/>' for n in "12")

# name: inside of <opsa-mef> from line 2 on, line, key, a part of the problem
WRONG = {
    # formulas
    "not of two": (tree(A, B, gate(f"<not>{refers('a', 'b')}</not>")), 5, "not", "takes exactly 1"),
    "imply of one": (tree(A, gate(f"<imply>{refers('a')}</imply>")), 4, "imply", "exactly 2"),
    "xor of one": (tree(A, gate(f"<xor>{refers('a')}</xor>")), 4, "xor", "at least 2"),
    "and of none": (tree(gate("<and/>")), 3, "and", "at least 1"),
    "atleast too many": (
        tree(A, gate(f'<atleast min="2">{refers("a")}</atleast>')),
        4,
        "atleast",
        "min 2 and only 1 inputs",
    ),
    "atleast no min": (tree(A, gate(f"<atleast>{refers('a')}</atleast>")), 4, "atleast", "no `min`"),
    "atleast -1": (
        tree(A, gate(f'<atleast min="-1">{refers("a")}</atleast>')),
        4,
        "atleast",
        "no whole number",
    ),
    "cardinality turned": (
        tree(A, B, gate(f'<cardinality min="2" max="1">{refers("a", "b")}</cardinality>')),
        5,
        "cardinality",
        "min 2 above max 1",
    ),
    "unknown connective": (tree(A, gate(f"<inhibit>{refers('a')}</inhibit>")), 4, "inhibit", "<inh"),
    "two formulas": (tree(A, B, gate(refers("a", "b"))), 5, "top", "2 of formula"),
    "no formula": (tree(gate("")), 3, "top", "0 of formula"),
    "constant": (tree(gate('<constant value="yes"/>')), 3, "constant", "neither true nor false"),
    "text": (tree(A, gate(f"<or>hello{refers('a')}</or>")), 4, "or", "text `hello`"),
    "unknown attribute": (tree(A, gate('<event name="a" k="1"/>')), 4, "a", "attribute `k`"),
    "unknown type": (tree(A, gate('<event name="a" type="x"/>')), 4, "a", "`x` is no type"),
    # names
    "undefined": (tree(gate(refers("a"))), 3, "a", "event `a` is not defined"),
    "wrong kind": (tree(A, gate('<gate name="a"/>')), 4, "a", "called a gate and is a basic event"),
    "defined twice": (tree(A, gate(refers("a")), A), 5, "a", "first definition is at model.xml:3"),
    "gate and event": (tree(A, gate(refers("a")), gate(refers("a"), "a")), 5, "a", "defined again"),
    "two trees": (tree() + "\n" + tree(), 5, "T", "defined again"),
    "no name": (tree("<define-house-event/>"), 3, "define-house-event", "no `name`"),
    "dot": (tree(BASE.format("a.b")), 3, "a.b", "has a dot"),
    "role": (tree('<define-house-event name="h" role="x"/>'), 3, "h", "`x` is no role"),
    "private data": (
        '<model-data>\n<define-house-event name="h" role="private"/></model-data>',
        3,
        "h",
        "no container to be private in",
    ),
    "private from outside": (
        tree('<define-house-event name="h" role="private"/>')
        + tree(gate('\n<house-event name="h"/>'), name="U"),
        6,
        "h",
        "`h` is private",
    ),
    # circles
    "gates": (
        tree(gate('<not><gate name="b"/></not>', "a"), gate('<gate name="a"/>', "b")),
        3,
        "a",
        "gates a -> b -> a rest",
    ),
    "gate itself": (tree(gate('<gate name="a"/>', "a")), 3, "a", "a -> a"),
    "parameters": (
        tree(
            '<define-parameter name="p"><parameter name="q"/></define-parameter>',
            '<define-parameter name="q"><neg><parameter name="p"/></neg></define-parameter>',
        ),
        3,
        "p",
        "parameters p -> q -> p",
    ),
    # numbers
    "above 1": (tree(BASE.format("a").replace("0.5", "1.5")), 3, "a", "1.5, which is not in [0, 1]"),
    "negative": (tree(BASE.format("a").replace("0.5", "-1e-9")), 3, "a", "not in [0, 1]"),
    "no number": (tree(BASE.format("a").replace("0.5", "nan")), 3, "float", "`nan` is no float"),
    "two numbers": (
        tree('<define-basic-event name="a"><pi/><pi/></define-basic-event>'),
        3,
        "a",
        "2 of expression",
    ),
    "no expression": (tree('<define-parameter name="p"/>'), 3, "p", "0 of expression"),
    "arguments": (
        tree('<define-parameter name="p"><exponential><pi/></exponential></define-parameter>'),
        3,
        "exponential",
        "has 1 inputs and takes 2",
    ),
    "periodic test": (
        tree(f'<define-parameter name="p"><periodic-test>{"<pi/>" * 6}</periodic-test></define-parameter>'),
        3,
        "periodic-test",
        "takes 4 or 5 or 11",
    ),
    "uniform": (
        tree('<define-parameter name="p"><uniform-deviate><pi/><pi/></uniform-deviate></define-parameter>'),
        3,
        "p",
        "lower bound is not below",
    ),
    "division": (
        tree('<define-parameter name="p"><div><pi/><int value="0"/></div></define-parameter>'),
        3,
        "p",
        "<div> has no finite value",
    ),
    "bin": (
        tree('<define-parameter name="p"><histogram><bin><pi/></bin></histogram></define-parameter>'),
        3,
        "bin",
        "takes 2",
    ),
    "switch": (
        tree('<define-parameter name="p"><switch><case><pi/><pi/></case></switch></define-parameter>'),
        3,
        "switch",
        "default",
    ),
    "unit": (tree('<define-parameter name="p" unit="km"><pi/></define-parameter>'), 3, "p", "`km`"),
    "extern": (
        tree('<define-parameter name="p"><extern-function name="f"/></define-parameter>'),
        3,
        "f",
        "<extern-function> is not supported",
    ),
    "test in an event": (
        event_tree(END, SEQUENCE)
        + tree('<define-basic-event name="a"><test-initiating-event name="IE"/></define-basic-event>'),
        6,
        "a",
        "rests on a test",
    ),
    # common causes
    "one member": (group("MGL", factor(2), members="a"), 2, "G", "1 members"),
    "beta level": (group("beta-factor", factor(1)), 2, "factor", "level 2 next"),
    "two betas": (group("beta-factor", factor(2) + factor(3)), 2, "G", "beta-factor has 1"),
    "levels in order": (group("alpha-factor", factor(2)), 2, "factor", "level 1 next"),
    "too many levels": (group("MGL", factor(2) + factor(3)), 2, "G", "level 3 and 2 members"),
    "no factor": (group("MGL", ""), 2, "G", "no factor"),
    "bad factor": (group("MGL", factor(2, "1.1")), 2, "G", "a factor is 1.1"),
    "bad whole": (group("MGL", factor(2), distribution="2"), 2, "G", "distribution is 2"),
    "model": (group("gamma", factor(1)), 2, "G", "`gamma` is no model"),
    "own probability": (tree(A, group("MGL", factor(2))), 3, "a", "probability of its own"),
    "member twice": (group("MGL", factor(2), members="aa"), 2, "a", "more than once"),
    # event trees
    "functional event": (event_tree(fork("F1", END), SEQUENCE), 5, "F1", "does not define"),
    "fork twice": (
        event_tree(fork("F1", fork("F1", END)), F1, SEQUENCE),
        6,
        "F1",
        "second time on one path",
    ),
    "fork order": (
        event_tree(fork("F2", fork("F1", END)), F1, F2, SEQUENCE),
        7,
        "F1",
        "after `F2`",
    ),
    "state twice": (
        event_tree(fork("F1", END).replace("</fork>", f'<path state="on">{END}</path></fork>'), F1, SEQUENCE),
        6,
        "fork",
        "more than one path for the state `on`",
    ),
    "no path": (event_tree('<fork functional-event="F1"/>', F1), 5, "fork", "has no path"),
    "no end": (event_tree("", SEQUENCE), 5, "initial-state", "0 of <fork>"),
    "after the end": (event_tree(END + "<block/>", SEQUENCE), 5, "initial-state", "instructions after"),
    "sequence": (event_tree(END), 5, "S", "sequence `S` is not defined"),
    "branch": (event_tree('<branch name="B"/>'), 5, "B", "branch `B` is not defined"),
    "rule": (event_tree('<rule name="R"/>' + END, SEQUENCE), 5, "R", "rule `R`"),
    "event tree": ('<define-initiating-event name="I" event-tree="E"/>', 2, "E", "event tree `E`"),
    "link on a path": (
        event_tree(END, SEQUENCE) + event_tree('<event-tree name="E"/>' + END, SEQUENCE, name="L"),
        8,
        "E",
        "on a path that goes on",
    ),
    "link circle": (
        event_tree(END, '<define-sequence name="S"><event-tree name="E"/></define-sequence>'),
        3,
        "E",
        "event trees E -> E",
    ),
    "branch circle": (
        event_tree(
            '<branch name="B"/>', '<define-branch name="B"><branch name="B"/></define-branch>'
        ),
        4,
        "B",
        "branches B -> B",
    ),
    "rule circle": (
        '<define-rule name="R"><block><rule name="R"/></block></define-rule>',
        2,
        "R",
        "rules R -> R",
    ),
    "empty rule": ('<define-rule name="R"/>', 2, "R", "no instruction"),
    "set no house": (
        tree(A) + event_tree('<set-house-event name="a"><constant value="true"/></set-house-event>' + END, SEQUENCE),
        7,
        "a",
        "called a house event and is a basic event",
    ),
    "set backward": (
        tree('<define-house-event name="h"/>')
        + event_tree(
            '<set-house-event name="h" direction="backward"><constant value="true"/></set-house-event>' + END,
            SEQUENCE,
        ),
        7,
        "h",
        "direction `backward`",
    ),
    "set gate": (event_tree('<set-gate name="g"/>' + END, SEQUENCE), 5, "g", "<set-gate> is not"),
    "if": (event_tree("<if><pi/></if>" + END, SEQUENCE), 5, "if", "takes 2 or 3"),
    "test": (
        event_tree(
            '<if><test-functional-event name="X" state="on"/><block/></if>' + END, SEQUENCE
        ),
        5,
        "X",
        "functional event `X` is not defined",
    ),
    # models
    "unknown part": ("<define-substitution/>", 2, "define-substitution", "not supported in a model"),
    "include": ('<include file="x.xml"/>', 2, "include", "<include> is not supported"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_one_slip_is_one_error_at_its_line(read, name):
    inside, line, key, problem = WRONG[name]
    with pytest.raises(CaseError) as caught:
        read(inside)
    errors = [one for one in caught.value.findings if one.level == "error"]
    assert [(one.file, one.line, one.key) for one in errors] == [("model.xml", line, key)]
    assert problem in errors[0].problem
    assert errors[0].mend


def test_all_findings_come_at_once(read):
    inside = tree(
        gate(f"<not>{refers('a', 'x')}</not>"),
        BASE.format("a").replace("0.5", "7"),
        '<define-parameter name="p"><parameter name="p"/></define-parameter>',
        "<define-house-event/>",
    ) + event_tree(fork("F1", END))
    with pytest.raises(CaseError) as caught:
        read(inside)
    errors = [one for one in caught.value.findings if one.level == "error"]
    assert {one.line for one in errors} == {3, 5, 6, 10}
    assert len(errors) == 6


def test_a_wrong_root_is_no_model():
    with pytest.raises(CaseError, match="not <opsa-mef>"):
        read_openpsa({"a.xml": b"<ladder/>"})


def test_several_files_make_one_model_and_findings_name_the_file():
    one = f"<opsa-mef>{tree(gate(refers('a')))}</opsa-mef>".encode()
    two = f"<opsa-mef name='m'><model-data>\n{A}</model-data></opsa-mef>".encode()
    model = read_openpsa({"1.xml": one, "2.xml": two})
    assert (model.name, len(model.fault_trees), len(model.data)) == ("m", 1, 1)
    assert not model.notes
    with pytest.raises(CaseError) as caught:
        read_openpsa({"1.xml": one, "2.xml": two, "3.xml": two})
    assert [(one.file, one.line) for one in caught.value.findings] == [("3.xml", 2)]


def test_what_is_undefined_is_a_note_in_a_part_of_a_model(read):
    inside = tree(gate(refers("a", "b").join(["<or>", "</or>"]))) + event_tree(
        '<rule name="R"/>' + END,
        '<define-sequence name="S"><event-tree name="X"/></define-sequence>',
    )
    notes = read(inside, undefined="note").notes
    assert {one.key for one in notes} == {"a", "b", "R", "X"}
    assert {one.level for one in notes} == {"note"}


NOTES = {
    "unused event": (tree(A), "a", "nothing uses it"),
    "unused parameter": (tree('<define-parameter name="p"><pi/></define-parameter>'), "p", "uses"),
    "unused house": (tree('<define-house-event name="h"/>'), "h", "house event is defined and not"),
    "unused sequence": (event_tree(END, SEQUENCE, '<define-sequence name="Z"/>'), "Z", "sequence"),
    "unused tree": (event_tree(END, SEQUENCE).split("\n", 1)[1], "E", "event tree is defined"),
    "no probability": (
        tree('<define-basic-event name="a"/>', gate(refers("a"))),
        "a",
        "has no probability",
    ),
    "repeated": (tree(A, gate(f"<or>{refers('a', 'a')}</or>")), "a", "more than once"),
    "atleast 0": (tree(A, gate(f'<atleast min="0">{refers("a")}</atleast>')), "atleast", "always"),
    "phi": (group("phi-factor", factor(1) + factor(2)), "G", "sum to 0.2"),
    "one name": (
        event_tree(END, SEQUENCE) + event_tree(END, SEQUENCE, name="L"),
        "S",
        "tree `E` has a sequence of this name",
    ),
}


@pytest.mark.parametrize("name", NOTES)
def test_what_does_not_hinder_is_noted(read, name):
    inside, key, problem = NOTES[name]
    notes = [one for one in read(inside).notes if problem in one.problem]
    assert [one.key for one in notes] == [key]


def test_rules_that_fan_out_are_checked_in_a_moment(read):
    rules = "".join(
        f'<define-rule name="R{n}"><rule name="R{n + 1}"/><rule name="R{n + 1}"/></define-rule>'
        for n in range(60)
    )
    last = '<define-rule name="R60"><block/></define-rule>'
    model = read(rules + last + event_tree('<rule name="R0"/>' + END, SEQUENCE))
    assert len(model.rules) == 61
