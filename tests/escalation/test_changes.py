"""What is different between two versions of a model."""

from __future__ import annotations

import types
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from tests.case.mini import LADDER, MEASURES, mini, replaced, write

from detente.case import model
from detente.case.case import Case
from detente.case.parse import parse_record
from detente.case.read import read_case
from detente.escalation.change_records import APART, FIELDS, NAME, Pair, compared
from detente.escalation.change_texts import ENGLISH, Side
from detente.escalation.changes import GROUP_OF, GROUPS, changes
from detente.ground.basis import Basis, Status
from detente.ground.text import Marked, parse_yaml

SWAPPED = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}


def parsed(kind, text):
    marked = parse_yaml(text, Marked("test.yaml"))
    record, _ = parse_record(kind, marked)
    assert not marked.findings, marked.findings
    return record


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return read_case(write(tmp_path_factory.mktemp("mini"), mini()))


@pytest.fixture
def edited(case):
    """The mini case with an edit of its ladders or measures."""

    def made(*edits, base=None):
        ladder, measures = LADDER, MEASURES
        for old, new in edits:
            if old in ladder:
                ladder = replaced(ladder, old, new)
            else:
                measures = replaced(measures, old, new)
        return replace(
            base or case,
            ladder=parsed(model.LadderFile, ladder),
            measures_file=parsed(model.MeasuresFile, measures),
        )

    return made


# --- no change -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["training", "euro-atlantic"])
def test_a_case_has_no_change_against_itself(root, name):
    folder = root / "cases" / name
    assert changes(read_case(folder), read_case(folder)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("low: 2, high: 8", "low: 2.0, high: 8e0"),
        ("low: 2, high: 8", "low: 2, mid: 4, high: 8, ci: 90"),
        ("low: 2, high: 8", "low: 2, high: 8, basis: illustrative, source: invented"),
        ("value: 1e-3", "value: 0.001\n    ci: 80"),
        ("all_of: [slow, misread]", "all_of: [misread, slow]"),
        ("title: As the east reads it", "title: {en: As the east reads it}"),
        ("{low: 0.2, high: 0.8}", "{low: 0.2, high: 0.80, mid: 0.4}"),
        (
            "  - {id: slow, p: call-late}\n  - {id: taken-for-attack, all_of: [slow, misread]}\n",
            "  - {id: taken-for-attack, all_of: [slow, misread]}\n  - {id: slow, p: call-late}\n",
        ),
        (
            "  - {id: approaches, kind: rate, low: 2, high: 8}\n",
            "  - {low: 2, id: approaches, high: 8, kind: rate, note: ''}\n",
        ),
    ],
)
def test_another_spelling_or_order_is_no_change(case, edited, old, new):
    assert changes(case, edited((old, new))) == ()
    assert changes(edited((old, new)), case) == ()


# --- one edit, one change --------------------------------------------------------------------

# The edit, and kind, what, belief, where, of, old, new of the one change that it gives.
DAMAGE = "damage, kind: probability, low: 0.02, high: 0.10"
EDITS = {
    "number": (
        (DAMAGE, "damage, kind: probability, low: 0.02, mid: 0.05, high: 0.2"),
        ("changed", "parameter", "", "damage", "number", "2–10 %", "5 % (2–20 %)"),
    ),
    "rate": (
        ("low: 2, high: 8}", "low: 2, high: 10}"),
        ("changed", "parameter", "", "approaches", "number", "2–8 a year", "2–10 a year"),
    ),
    "last digits": (
        ("low: 2, high: 8}", "low: 2, high: 8.0001}"),
        ("changed", "parameter", "", "approaches", "number", "2–8 a year", "2–8.0001 a year"),
    ),
    "coverage": (
        ("low: 2, high: 8}", "low: 2, high: 8, ci: 50}"),
        ("changed", "parameter", "", "approaches", "number", "2–8 a year",
         "2–8 a year, 50 % interval"),
    ),
    "refused": (
        ("low: 2, high: 8}", "low: 2, high: 8, bounds_only: true}"),
        ("changed", "parameter", "", "approaches", "number", "2–8 a year",
         "2–8 a year, bounds only"),
    ),
    "counted": (
        ("low: 2, high: 8}", "counted: {counts: [N1], reported: {low: 0.5, high: 0.9}}}"),
        ("changed", "parameter", "", "approaches", "number", "2–8 a year",
         "counts N1; reported 50–90 %"),
    ),
    "elicited": (
        (DAMAGE, ("damage, kind: probability, "
         "elicited: {quantity: E3, group: T1}")),
        ("changed", "parameter", "", "damage", "number", "2–10 %", "answers of T1 on E3"),
    ),
    "basis": (
        (DAMAGE, f"{DAMAGE}, basis: source, source: note"),
        ("changed", "parameter", "", "damage", "basis", "illustrative", "source Joint note"),
    ),
    "source": (
        ("    source: note\nevents", "    source: another\nevents"),
        ("changed", "parameter", "", "ordered", "source", "Joint note", "another"),
    ),
    "number added": (
        ("events:\n", "  - {id: extra, kind: probability, value: 0.5, title: A half}\nevents:\n"),
        ("added", "parameter", "", "extra", "", "", "50 %"),
    ),
    "defaults": (
        ("source: invented, date: 2021-01-31, status: unverified}\nlevels",
         "source: made up, date: 2021-01-31, status: unverified}\nlevels"),
        ("changed", "defaults", "", "ladder.yaml", "source", "invented", "made up"),
    ),
    "defaults of measures": (
        ("source: invented, date: 2021-01-31, status: unverified}\nmeasures",
         "source: invented, date: 2022-01, status: unverified}\nmeasures"),
        ("changed", "defaults", "", "measures.yaml", "date", "2021-01-31", "2022-01"),
    ),
    "level added": (
        ("[contained, exchange, war]", "[contained, crisis, exchange, war]"),
        ("added", "level", "", "crisis", "", "", "worse than contained"),
    ),
    "level moved": (
        ("[contained, exchange, war]", "[exchange, contained, war]"),
        ("moved", "level", "", "contained", "place", "1", "2"),
    ),
    "headline": (
        ("headline: exchange", "headline: war"),
        ("changed", "headline", "", "", "", "exchange", "war"),
    ),
    "gate": (
        ("all_of: [slow, misread]", "any_of: [slow, misread]"),
        ("changed", "event", "", "taken-for-attack", "gate", "all of misread, slow",
         "any of misread, slow"),
    ),
    "how many": (
        ("all_of: [slow, misread]", "at_least: 1, of: [slow, misread]"),
        ("changed", "event", "", "taken-for-attack", "gate", "all of misread, slow",
         "at least 1 of misread, slow"),
    ),
    "basic event": (
        ("{id: slow, p: call-late}", "{id: slow, p: misread}"),
        ("changed", "event", "", "slow", "gate", "happens with call-late", "happens with misread"),
    ),
    "rung number": (
        ("p: damage, otherwise", "p: misread, otherwise"),
        ("changed", "rung", "", "at-sea, rung 1", "p", "damage", "misread"),
    ),
    "rung words": (
        ("A boat is damaged", "A boat is sunk"),
        ("changed", "rung", "", "at-sea, rung 1", "words", "A boat is damaged", "A boat is sunk"),
    ),
    "rung end": (
        ("p: damage, otherwise: contained", "p: damage, otherwise: exchange"),
        ("changed", "rung", "", "at-sea, rung 1", "otherwise", "contained", "exchange"),
    ),
    "rung added": (
        ("      - event: It is taken", ("      - {event: No call, p: slow, otherwise: contained}\n"
         "      - event: It is taken")),
        ("added", "rung", "", "at-sea, rung 2", "", "", "slow, else contained"),
    ),
    "rung removed": (
        ("      - {event: A boat is damaged, p: damage, otherwise: contained}\n", ""),
        ("removed", "rung", "", "at-sea, rung 1", "", "damage, else contained", ""),
    ),
    "side path": (
        ("answered, p: misread, otherwise: contained", "answered, p: misread, otherwise: war"),
        ("changed", "rung", "", "at-sea, beside rung 2, rung 1", "otherwise", "contained", "war"),
    ),
    "side path end": (
        ("          ends: exchange", "          ends: war"),
        ("changed", "rung", "", "at-sea, rung 2", "side path ends", "exchange", "war"),
    ),
    "ladder end": (
        ("    ends: war\n  - id: attack", "    ends: exchange\n  - id: attack"),
        ("changed", "ladder", "", "at-sea", "ends", "war", "exchange"),
    ),
    "ladder start": (
        ("    starts: approaches", "    starts: ordered"),
        ("changed", "ladder", "", "at-sea", "starts", "approaches", "ordered"),
    ),
    "ladder added": (
        ("beliefs:\n", ("  - {id: fog, title: Fog, branch: accident, starts: approaches, ends: war,"
         " path: [{event: Lost, p: damage, otherwise: contained}]}\nbeliefs:\n")),
        ("added", "ladder", "", "fog", "", "", "from approaches by damage to war"),
    ),
    "crisis": (
        ("ladders:\n", "crisis: {share: damage, instead: {misread: call-late}}\nladders:\n"),
        ("added", "crisis", "", "", "", "", "share of time damage; misread → call-late"),
    ),
    "correlation": (
        ("ladders:\n", "correlations: [{between: [misread, damage], r: 0.5}]\nladders:\n"),
        ("added", "correlation", "", "damage, misread", "", "", "r 0.5"),
    ),
    "quiet": (
        ("published:\n", "quiet: [{id: calm, level: war, years: 70, title: Calm}]\npublished:\n"),
        ("added", "quiet", "", "calm", "", "", "no war in 70 years"),
    ),
    "published": (
        ("low: 0.005, high: 0.05}", "low: 0.005, high: 0.05, beside: {level: war, years: 2}}"),
        ("changed", "published", "", "almanac", "beside", "none",
         "level war, years 2, comparable yes"),
    ),
    "belief number": (
        ("low: 0.2, high: 0.6}\n    without", "low: 0.3, high: 0.6}\n    without"),
        ("changed", "parameter", "eastern", "misread", "number", "20–60 %", "30–60 %"),
    ),
    "belief leaves out": (
        ("without: [attack]", "without: [at-sea, attack]"),
        ("changed", "belief", "", "eastern", "without", "attack", "at-sea, attack"),
    ),
    "belief event": (
        ("    without: [attack]", "    events: [{id: slow, p: damage}]\n    without: [attack]"),
        ("added", "event", "eastern", "slow", "", "", "happens with damage"),
    ),
    "belief ladder": (
        ("    without: [attack]", ("    without: [attack]\n    ladders: [{id: fog, title: Fog, "
         "branch: accident, starts: approaches, ends: war}]")),
        ("added", "ladder", "eastern", "fog", "", "", "from approaches ends at war"),
    ),
    "belief act": (
        ("value: {low: 0.7, high: 1.2}", "value: {low: 0.7, high: 1.4}"),
        ("changed", "act", "eastern", "M2 on approaches", "number", "× 0.7–1.2", "× 0.7–1.4"),
    ),
    "belief added": (
        ("published:\n", ("  - {id: calm, title: Calm, numbers: [{id: damage, kind: probability, "
         "value: 0}], without: [attack]}\npublished:\n")),
        ("added", "belief", "", "calm", "", "", "numbers for damage; without attack"),
    ),
    "holder": (
        ("    held_by: NO\n", ""),
        ("changed", "belief", "", "eastern", "held_by", "NO", "none"),
    ),
    "act": (
        ("value: {low: 0.2, high: 0.8}", "value: {low: 0.2, high: 0.9}"),
        ("changed", "act", "", "M1 on call-late", "number", "× 0.2–0.8", "× 0.2–0.9"),
    ),
    "act added": (
        ("    needs: [M1]", ("      - {on: misread, how: replacement, value: {low: 0.01, "
         "high: 0.1}}\n    needs: [M1]")),
        ("added", "act", "", "M2 on misread", "", "", "1–10 %"),
    ),
    "needs": (
        ("    needs: [M1]\n", ""),
        ("changed", "measure", "", "M2", "needs", "M1", "none"),
    ),
    "excludes": (
        ("excludes: [M2]", "excludes: [M1, M2]"),
        ("changed", "measure", "", "M3", "excludes", "M2", "M1, M2"),
    ),
    "same work": (
        ("saturates_with: [M1]", "saturates_with: [M2]"),
        ("changed", "measure", "", "M3", "saturates_with", "M1", "M2"),
    ),
    "measure removed": (
        (MEASURES[MEASURES.index("  - id: M3") :], ""),
        ("removed", "measure", "", "M3", "", "no effect stated", ""),
    ),
}  # fmt: skip


def told(change):
    return (
        change.kind, change.what, change.belief, change.where, change.of, change.old, change.new
    )  # fmt: skip


@pytest.mark.parametrize(("edit", "wanted"), EDITS.values(), ids=EDITS)
def test_one_edit_gives_one_change_either_way(case, edited, edit, wanted):
    after = edited(edit)
    (found,), (back,) = changes(case, after), changes(after, case)
    assert told(found) == wanted
    assert (back.kind, back.what, back.of) == (SWAPPED[found.kind], found.what, found.of)
    assert (back.old, back.new) == (found.new, found.old)
    assert [(one.old, one.new) for one in back.also] == [(one.new, one.old) for one in found.also]
    assert found.group in GROUPS


def test_every_kind_of_item_is_edited():
    assert {wanted[1] for _edit, wanted in EDITS.values()} == GROUP_OF.keys()


def test_a_number_tells_all_that_differs_in_one_change(case, edited):
    edit = (
        "damage, kind: probability, low: 0.02, high: 0.10",
        (
            "damage, kind: probability, low: 0.04, high: 0.10, title: Damage, note: Seen, "
            "basis: source, source: note"
        ),
    )
    (found,) = changes(case, edited(edit))
    assert [found.of, *(one.of for one in found.also)] == ["number", "note", "title", "basis"]
    assert found.title == "Damage"
    assert not found.words_alone


def test_a_rung_can_move_and_change_at_once(case, edited):
    first = "      - {event: A boat is damaged, p: damage, otherwise: contained}\n"
    last = first.replace("otherwise: contained", "otherwise: exchange")
    after = edited((first, ""), ("          ends: exchange\n", f"          ends: exchange\n{last}"))
    (found,) = changes(case, after)
    assert told(found)[:1] + told(found)[3:] == ("moved", "at-sea, rung 2", "place", "1", "2")
    assert [(one.of, one.old, one.new) for one in found.also] == [
        ("otherwise", "contained", "exchange")
    ]


def test_long_words_are_cut_but_show_their_difference(case, edited):
    long = "word " * 60
    before = edited(("title: As the east reads it", f"title: {long}one"))
    after = edited(("title: As the east reads it", f"title: {long}two"))
    (found,) = changes(before, after)
    assert max(len(found.old), len(found.new)) <= 72
    assert (found.old[-3:], found.new[-3:]) == ("one", "two")


def test_the_most_important_comes_first(case, edited):
    after = edited(
        ("value: {low: 0.2, high: 0.8}", "value: {low: 0.2, high: 0.9}"),
        ("As the east reads it", "The east"),
        ("low: 2, high: 8}", "low: 2, high: 9}"),
        (
            "damage, kind: probability, low: 0.02, high: 0.10",
            "damage, kind: probability, value: 0.5",
        ),
        ("A boat is damaged", "A boat is sunk"),
        ("all_of: [slow", "any_of: [slow"),
        ("without: [attack]", "without: [at-sea]"),
        ("An exchange, unit", "An exchange of fire, unit"),
    )
    found = [(one.group, one.where) for one in changes(case, after)]
    assert found == [
        ("ladders", "taken-for-attack"),
        ("ladders", "at-sea, rung 1"),  # words alone
        ("numbers", "damage"),
        ("numbers", "approaches"),
        ("measures", "M1 on call-late"),
        ("beliefs", "eastern"),
        ("beside", "almanac"),
    ]


def test_one_translation_is_told_with_its_language(case, edited):
    texts = "title: {{en: As the east reads it, fr: {}}}"
    before, after = (
        edited(("title: As the east reads it", texts.format(word))) for word in ("Est", "Orient")
    )
    (found,) = changes(before, after)
    assert (found.of, found.old, found.new) == ("title", "fr: Est", "fr: Orient")
    assert found.words_alone


# --- how far a number moved ------------------------------------------------------------------


def test_the_size_of_a_step_in_closed_form(case, edited):
    old = "damage, kind: probability, low: 0.02, high: 0.10"
    (found,) = changes(
        edited((old, "damage, kind: probability, low: 0.1, mid: 0.2, high: 0.5")),
        edited((old, "damage, kind: probability, low: 0.2, mid: 0.5, high: 0.8")),
    )
    assert found.size.of == "odds"
    assert found.size.factor == pytest.approx((0.5 / 0.5) / (0.2 / 0.8))
    assert found.size.interval == "wider"  # odds 1/4 to 4 instead of 1/9 to 1


@pytest.mark.parametrize(
    ("new", "factor", "interval"),
    [
        ("low: 4, high: 16", 2.0, "as-wide"),
        ("low: 2, high: 8, ci: 95", 1.0, "narrower"),
        ("value: 4", 1.0, "narrower"),
        ("value: 0", None, "narrower"),
        ("low: 1, high: 16", 1.0, "wider"),
    ],
)
def test_rates_are_compared_on_the_log_scale(case, edited, new, factor, interval):
    (found,) = changes(case, edited(("low: 2, high: 8", new)))
    assert found.size.of == "rate"
    assert found.size.factor == (factor if factor is None else pytest.approx(factor))
    assert found.size.interval == interval


ENDS = st.floats(0.001, 0.998)


@given(ENDS, ENDS, ENDS, ENDS)
def test_the_way_back_is_the_inverse(a, b, c, d):
    about = Side(_bare(), ENGLISH)
    old, new = (
        model.Parameter(id="x", kind="probability", low=low, high=high + 0.001)
        for low, high in (sorted((a, b)), sorted((c, d)))
    )
    (there, size), (back, inverse) = (
        compared(Pair(about, about), *pair) for pair in ((old, new), (new, old))
    )
    assert [(one.old, one.new) for one in there] == [(one.new, one.old) for one in back]
    if there:
        assert size.factor * inverse.factor == pytest.approx(1)
        flip = {"wider": "narrower", "narrower": "wider"}
        assert inverse.interval == flip.get(size.interval, size.interval)


@cache
def _bare():
    about = parsed(model.CaseFile, mini()["case.yaml"])
    return Case(about=about)


@given(st.permutations(list("abcdef")))
def test_the_fewest_levels_move_and_the_same_ones_back(order):
    bare = _bare()
    files = [
        replace(bare, ladder=model.LadderFile(format="detente/ladder/1", levels=tuple(one)))
        for one in ("abcdef", order)
    ]
    there, back = changes(*files), changes(*reversed(files))
    longest = [1] * len(order)
    for i, level in enumerate(order):
        longest[i] += max((longest[j] for j in range(i) if order[j] < level), default=0)
    assert len(there) == len(order) - max(longest)
    assert {one.kind for one in there} <= {"moved"}
    assert sorted(one.where for one in there) == sorted(one.where for one in back)


# --- no field is forgotten -------------------------------------------------------------------


def records(annotation, found):
    """Every kind of record that an annotation leads to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in found:
            found.add(annotation)
            for field in annotation.model_fields.values():
                records(field.annotation, found)
    elif get_origin(annotation) in {tuple, dict, Union, types.UnionType} or hasattr(
        annotation, "__metadata__"
    ):
        for part in get_args(annotation):
            records(part, found)
    return found


def of_the_model():
    found = records(model.LadderFile, set()) | records(model.Act, {model.Measure})
    return {model.MeasuresFile, *found}


def test_it_is_said_of_every_field_how_it_is_compared():
    assert {kind.__name__ for kind in of_the_model()} >= {"Rung", "Counted", "BeliefAct", "Crisis"}
    for kind in of_the_model():
        assert FIELDS[kind].keys() == kind.model_fields.keys(), kind


RICH = """\
format: detente/ladder/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
levels: [contained, exchange, war]
headline: exchange
parameters:
  - {id: a, kind: rate, low: 2, mid: 3, high: 8, ci: 80, note: N, title: T, basis: assumed, \
source: S, date: 2020-01, status: unverified}
  - {id: b, kind: probability, value: 0.1}
  - {id: c, kind: probability, elicited: {quantity: E, group: G}}
  - {id: d, kind: rate, counted: {incidents: up, start: 2019-01, end: 2020-01, \
reported: {low: 0.4, mid: 0.5, high: 0.8, ci: 80, note: N, basis: assumed, source: S, \
date: 2020-01, status: unverified}}}
  - {id: e, kind: rate, counted: {counts: [N1, N2], reported: {value: 0.5}}}
  - {id: f, kind: probability, low: 0.1, high: 0.2, bounds_only: true}
events:
  - {id: one, p: b, title: T}
  - {id: two, any_of: [one, c]}
  - {id: three, all_of: [one, c]}
  - {id: four, none_of: [one, c]}
  - {id: five, either_of: [one, c]}
  - {id: six, at_least: 2, of: [one, c, f]}
ladders:
  - id: up
    title: T
    branch: accident
    starts: a
    risk: R1
    path:
      - {event: E1, p: b, otherwise: contained}
      - {event: E2, p: c, otherwise: {path: [{event: E3, p: f, otherwise: contained}], ends: war}}
    ends: war
beliefs:
  - id: other
    title: T
    held_by: AA
    source: note
    numbers: [{id: b, kind: probability, value: 0.2}]
    without: [up]
    events: [{id: one, p: c}]
    ladders: [{id: down, title: T, branch: deliberate, starts: a, ends: war}]
    acts: [{measure: M1, on: a, how: rate-ratio, value: {low: 0.5, mid: 0.6, high: 0.9, ci: 80, \
note: N, basis: assumed, source: S, date: 2020-01, status: unverified}}]
published:
  - {id: p, about: A, unit: probability-per-year, low: 0.1, mid: 0.2, high: 0.5, period: P, \
ci: 80, note: N, basis: assumed, source: S, date: 2020-01, status: unverified, \
beside: {level: war, ladder: up, years: 2}}
  - {id: q, about: A, unit: probability-per-year, value: 0.5}
crisis: {share: b, instead: {c: f}}
correlations: [{between: [a, b], r: 0.5, note: N}]
quiet: [{id: calm, level: war, years: 70, title: T, source: note, note: N}]
"""
RICH_MEASURES = """\
format: detente/measures/1
defaults: {basis: illustrative, source: invented, date: 2021-01-31, status: unverified}
measures:
  - {id: M1, area: 1, title: M1, seen: unverified, unilateral: true, verifiability: none, \
needs: [M2], excludes: [M3], saturates_with: [M4], \
acts: [{on: a, how: rate-ratio, value: {value: 0.5}}, \
{on: b, how: odds-ratio, value: {low: 0.5, high: 0.9, bounds_only: true}}, \
{on: b, how: odds-ratio, value: {elicited: {quantity: E, group: G}}}]}
"""


def other(name, value):
    """Another value of the same kind."""
    choices = {
        "kind": ("rate", "probability"),
        "how": ("rate-ratio", "replacement"),
        "basis": (Basis.ASSUMED, Basis.COMPUTED),
        "status": (Status.UNVERIFIED, Status.VERIFIED),
    }
    if name in choices:
        return next(one for one in choices[name] if one != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 1.01 if isinstance(value, float) else value - 1
    if isinstance(value, dict):
        return {key: f"other {one}" for key, one in value.items()}
    if isinstance(value, tuple):
        return value[:-1]
    return f"other-{value}"


def variants(record):
    """Every record with one field of it, or of a record within it, made another one."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if value is None or value in ((), "", False):
            continue
        if isinstance(value, BaseModel):
            for label, made in variants(value):
                yield label, record.model_copy(update={name: made})
            yield (type(record), name), record  # its own fields stand for it
            continue
        if isinstance(value, tuple) and isinstance(value[0], BaseModel):
            for i, one in enumerate(value):
                for label, made in variants(one):
                    yield (
                        label,
                        record.model_copy(update={name: (*value[:i], made, *value[i + 1 :])}),
                    )
        yield (type(record), name), record.model_copy(update={name: other(name, value)})


def test_every_field_of_every_record_is_looked_at():
    """A new field must be given a value in RICH, and is then found to be compared."""
    bare = _bare()
    rich = replace(
        bare,
        ladder=parsed(model.LadderFile, RICH),
        measures_file=parsed(model.MeasuresFile, RICH_MEASURES),
    )
    assert changes(rich, rich) == ()
    found = [(label, replace(rich, ladder=made)) for label, made in variants(rich.ladder)]
    found += [
        (label, replace(rich, measures_file=made)) for label, made in variants(rich.measures_file)
    ]
    told_of = set()
    for (kind, name), made in found:
        same = (made.ladder, made.measures_file) == (rich.ladder, rich.measures_file)
        if same or (changes(rich, made) and changes(made, rich)):
            told_of.add((kind, name))
    wanted = {
        (kind, name)
        for kind in of_the_model() - {model.Act}  # which stands within a measure and a belief
        for name in kind.model_fields
        if FIELDS[kind][name] != APART
    }
    assert {(kind.__name__, name) for kind, name in wanted - told_of} == set()
    apart = {(kind, name) for kind, name in told_of if FIELDS[kind][name] == APART}
    assert apart == set()


def test_a_field_that_nobody_thought_of_is_told():
    class Louder(model.Quiet):
        loud: int = Field(0, description="new")

    quiet = {"id": "calm", "level": "war", "years": 1.0, "title": {"": "Calm"}}
    two = Pair(Side(_bare(), ENGLISH), Side(_bare(), ENGLISH))
    (found,), _size = compared(two, Louder(**quiet), Louder(**quiet, loud=2))
    assert (found.of, found.old, found.new) == ("loud", "0", "2")


def test_what_a_name_is_has_a_name():
    named = {kind for kind, how in FIELDS.items() if NAME in how.values()}
    assert named >= {model.Parameter, model.Event, model.Ladder, model.Belief, model.Measure}


def test_two_quite_different_models_are_told_either_way(root):
    """Every item of one that is not in the other is gone, or new, when they are swapped."""
    cases = [read_case(root / "cases" / name) for name in ("training", "euro-atlantic")]
    there, back = changes(*cases), changes(*reversed(cases))
    counted = Counter((one.what, one.kind) for one in there)
    assert counted == Counter((one.what, SWAPPED[one.kind]) for one in back)
    assert counted["parameter", "added"] == len(
        {one.id for one in cases[1].ladder.parameters} - cases[0].parameter_by_id.keys()
    )
