"""Any model is the same again after it was written and read."""

# ruff: noqa: E501 (a row of a table is a line)

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.operations import DEVIATES, OPERATIONS
from detente.escalation.openpsa.read import read_openpsa
from detente.escalation.openpsa.write import write_openpsa

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from("<&>\"'"),
    max_size=8,
)
HEAD = {
    "label": TEXT,
    "attributes": st.lists(
        st.tuples(st.sampled_from(["k", "l"]), st.text("ab <&\"'\n\t", max_size=5), st.just("")),
        max_size=2,
    ).map(tuple),
}
EVENTS = st.sampled_from(
    [
        mef.Formula("gate", name="g"),
        mef.Formula("basic-event", name="b"),
        mef.Formula("event", name="T.C.h"),
        mef.Formula("constant", holds=True),
        mef.Formula("constant"),
    ]
)


def _connected(inner: st.SearchStrategy[mef.Formula]) -> st.SearchStrategy[mef.Formula]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            mef.Formula, st.sampled_from(["and", "or", "nand", "nor", "xor", "iff"]), several
        ),
        inner.map(lambda one: mef.Formula("not", (one,))),
        several.map(lambda listed: mef.Formula("imply", listed[:2])),
        several.map(lambda listed: mef.Formula("atleast", listed, least=2)),
        several.map(lambda listed: mef.Formula("cardinality", listed, least=1, most=2)),
    )


FORMULAS = st.recursive(EVENTS, _connected, max_leaves=8)
NUMBERS = st.one_of(
    st.floats(0, 1).map(lambda value: mef.Expression("float", value=value)),
    st.integers(0, 1).map(lambda value: mef.Expression("int", value=value)),
    st.booleans().map(lambda value: mef.Expression("bool", value=value)),
    st.just(mef.Expression("parameter", name="p", unit="hours")),
    st.just(mef.Expression("system-mission-time")),
    st.just(mef.Expression("test-initiating-event", name="I")),
    st.just(mef.Expression("test-functional-event", name="F", state="on")),
)


def _computed(inner: st.SearchStrategy[mef.Expression]) -> st.SearchStrategy[mef.Expression]:
    def of(op: str) -> st.SearchStrategy[mef.Expression]:
        counts = (OPERATIONS.get(op) or DEVIATES[op]).counts
        count = next(iter(counts)) if isinstance(counts, tuple) else counts[1]
        return st.lists(inner, min_size=count, max_size=count).map(
            lambda inputs: mef.Expression(op, tuple(inputs))
        )

    return st.sampled_from([*OPERATIONS]).flatmap(of)


EXPRESSIONS = st.recursive(NUMBERS, _computed, max_leaves=10)
INSTRUCTIONS = st.recursive(
    st.one_of(
        st.builds(mef.CollectFormula, FORMULAS),
        st.builds(mef.SetHouseEvent, st.just("T.C.h"), st.booleans()),
        st.just(mef.UseRule("R")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda listed: mef.Block(tuple(listed))),
        st.builds(mef.If, st.just(mef.Expression("pi")), inner, st.none() | inner),
    ),
    max_leaves=5,
)
SEVERAL = st.lists(INSTRUCTIONS, max_size=3).map(tuple)
END = st.builds(mef.Branch, SEVERAL, st.just(mef.Target("sequence", "S")))
ONWARD = END | st.builds(mef.Branch, SEVERAL, st.just(mef.Target("branch", "B")))


@st.composite
def models(draw: st.DrawFn) -> mef.MefModel:
    def head(name: str) -> dict[str, Any]:
        return {"name": name, **{key: draw(value) for key, value in HEAD.items()}}

    house = mef.HouseEvent(**head("h"), holds=draw(st.none() | st.booleans()))
    group = mef.CommonCause(
        **head("G"),
        model="MGL",
        members=(mef.Formula("basic-event", name="b"), mef.Formula("basic-event", name="c")),
        distribution=mef.Expression("float", value=0.5),
        factors=((2, mef.Expression("float", value=0.25)),),
    )
    component = mef.Container(**head("C"), role="private", definitions=(house, group))
    outer = mef.Gate(
        **head("top"), formula=draw(FORMULAS), role=draw(st.sampled_from([None, "public"]))
    )
    gate = mef.Gate(**head("g"), formula=mef.Formula("event", name="C.c"))
    paths = (mef.Path("on", draw(ONWARD)), mef.Path("off", draw(END)))
    tree = mef.EventTree(
        **head("E"),
        functional_events=(mef.FunctionalEvent(**head("F")),),
        sequences=(mef.Sequence(**head("S"), instructions=draw(SEVERAL)),),
        branches=(mef.NamedBranch(**head("B"), branch=draw(END)),),
        initial=mef.Branch(draw(SEVERAL), mef.Fork("F", paths)),
    )
    collected = mef.CollectExpression(draw(EXPRESSIONS))
    return mef.MefModel(
        **head("M"),
        initiating_events=(mef.InitiatingEvent(**head("I"), event_tree="E", frequency=mef.Formula("gate", name="g")),),
        rules=(mef.Rule(**head("R"), instructions=(collected,)),),
        event_trees=(tree,),
        fault_trees=(mef.Container(**head("T"), definitions=(component, outer, gate)),),
        data=(
            mef.BasicEvent(**head("b"), expression=None),
            mef.BasicEvent(**head("d"), expression=mef.Expression("float", value=draw(st.floats(0, 1)))),
            mef.Parameter(**head("p"), expression=mef.Expression("pi"), unit="years-1"),
        ),
    )  # fmt: skip


@settings(max_examples=20)
@given(model=models())
def test_a_model_that_was_written_is_read_as_the_same(model):
    data = write_openpsa(model)
    again = read_openpsa({"m.xml": data})
    assert again == model
    assert write_openpsa(again) == data


def test_histograms_and_switches_keep_their_pairs():
    numbers = tuple(mef.Expression("float", value=value) for value in (0.1, 0.2, 3.0, 0.4, 5.0))
    listed = tuple(
        mef.Parameter(name=name, expression=mef.Expression(op, numbers))
        for name, op in (("s", "switch"), ("h", "histogram"))
    )
    model = mef.MefModel(data=listed)
    data = write_openpsa(model)
    assert (data.count(b"<case>"), data.count(b"<bin>")) == (2, 2)
    assert read_openpsa({"m.xml": data}) == model


def test_what_is_written_is_plain(read):
    model = read('<define-fault-tree name="T"><define-house-event name="h"/></define-fault-tree>')
    assert write_openpsa(model).decode().splitlines() == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<opsa-mef>",
        '  <define-fault-tree name="T">',
        '    <define-house-event name="h"/>',
        "  </define-fault-tree>",
        "</opsa-mef>",
    ]
