"""Rules: the starting table, its lint, and logic with four answers."""

from __future__ import annotations

import math
from itertools import product

import pytest
import yaml

from detente.encounters.results import Bound
from detente.encounters.rules.evaluate import (
    Known,
    compared,
    conjunction,
    evaluate,
    negation,
)
from detente.encounters.rules.metrics import METRICS, PROFILES, REPORTS
from detente.encounters.rules.model import Predicate, Rule, RuleTable
from detente.encounters.rules.read import read_table, starting_table, table_of
from detente.ground.errors import CaseError
from detente.ground.text import Marked

TABLE = starting_table()
BY_ID = {rule.id: rule for rule in TABLE.rules}


def exactly(x: float) -> Bound:
    return Bound(x, x, x)


def leaves(one: Predicate) -> list[Predicate]:
    parts = [*one.all, *one.any, *([one.not_] if one.not_ else [])]
    own = [one] if one.metric or one.reported else []
    return own + [leaf for part in parts for leaf in leaves(part)]


# --- the starting table ---------------------------------------------------------------------------


def test_the_table_has_the_rules_of_the_field():
    assert len(BY_ID) == len(TABLE.rules) == 35
    assert {one.split("-")[0] for one in BY_ID} == {"SEA", "BLK", "AIR", "LND", "VD"}


def test_numbers_that_instruments_state():
    assert BY_ID["BLK-STAY"].thresholds["days"][0].si == 21 * 86400
    assert BY_ID["BLK-TON"].thresholds["all"][0].si == 30_000
    assert BY_ID["AIR-NMAC"].thresholds["lateral"][0].si == pytest.approx(152.4)
    assert BY_ID["AIR-SEP"].thresholds["lateral"][0].si == 9260
    assert BY_ID["AIR-SEP"].thresholds["height"][0].si == pytest.approx(304.8)


def test_no_word_accuses():
    words = yaml.safe_dump(TABLE.model_dump(mode="json")).lower()
    for accusing in ("violat", "breach", "offend", "illegal", "enemy", "hostile"):
        assert accusing not in words


# A value on the asked side of a threshold, and one on the other.
def sides(how: str, threshold: float) -> tuple[float, float, str]:
    """A value that holds, one that does not, and what the threshold itself gives."""
    small = max(abs(threshold), 1.0) * 1e-6
    below, above = threshold - small, threshold + small
    return {
        "below": (below, above, "false"),
        "at-most": (below, above, "true"),
        "above": (above, below, "false"),
        "at-least": (above, below, "true"),
    }[how]


def alone(rule: Rule, leaf: Predicate) -> RuleTable:
    """A table of one rule in which that condition stands alone."""
    name = leaf.comparison[1]
    kept = rule.model_copy(update={"when": leaf, "thresholds": {name: rule.thresholds[name]}})
    return TABLE.model_copy(update={"rules": (kept,)})


CONDITIONS = [
    (rule.id, place, threshold.profile)
    for rule in TABLE.rules
    for place, leaf in enumerate(leaves(rule.when))
    if leaf.comparison
    for threshold in rule.thresholds[leaf.comparison[1]]
]


@pytest.mark.parametrize(("rule_id", "place", "profile"), CONDITIONS)
def test_every_threshold_just_below_at_and_just_above(rule_id, place, profile):
    rule = BY_ID[rule_id]
    leaf = leaves(rule.when)[place]
    how, name = leaf.comparison
    threshold = next(one for one in rule.thresholds[name] if one.profile == profile)
    holds, fails, at = sides(how, threshold.si)

    def outcome(x: float) -> str:
        known = Known(rule.domains[0], rule.zone or "", {leaf.metric: exactly(x)})
        (found,) = evaluate(alone(rule, leaf), known, profiles=[profile])
        (used,) = found.thresholds
        assert (used.profile, used.verified) == (profile, threshold.verified)
        return found.outcome

    assert (outcome(holds), outcome(fails), outcome(threshold.si)) == ("true", "false", at)


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_every_rule_can_be_true_and_false_and_open(rule):
    found = {}
    for wanted in (True, False):
        metrics, reports = {}, {}
        _fill(rule.when, rule, metrics, reports, wanted=wanted)
        known = Known(rule.domains[0], rule.zone or "", metrics, reports)
        (one,) = evaluate(TABLE.model_copy(update={"rules": (rule,)}), known)
        found[wanted] = one.outcome
    assert found == {True: "true", False: "false"}
    (nothing,) = evaluate(
        TABLE.model_copy(update={"rules": (rule,)}), Known(rule.domains[0], rule.zone or "")
    )
    assert nothing.outcome in ("undetermined", "needs-report")
    assert set(nothing.would_change) == {leaf.metric or leaf.reported for leaf in leaves(rule.when)}


def _fill(one: Predicate, rule: Rule, metrics: dict, reports: dict, *, wanted: bool) -> None:
    """Values under which a predicate is as wanted; of two on one metric the span between."""
    for part in (*one.all, *one.any):
        _fill(part, rule, metrics, reports, wanted=wanted)
    if one.not_:
        _fill(one.not_, rule, metrics, reports, wanted=not wanted)
    if one.reported:
        reports[one.reported] = wanted
    if one.metric and one.is_:
        metrics[one.metric] = wanted == (one.is_ == "yes")
    elif one.metric:
        how, name = one.comparison
        limits = [
            (leaf.comparison[0], rule.thresholds[leaf.comparison[1]][0].si)
            for leaf in leaves(rule.when)
            if leaf.metric == one.metric and leaf.comparison
        ]
        least = max((x for how, x in limits if how in ("above", "at-least")), default=-math.inf)
        most = min((x for how, x in limits if how in ("below", "at-most")), default=math.inf)
        if math.isfinite(least) and math.isfinite(most) and least < most:
            x = (least + most) / 2 if wanted else least - 1
        else:
            x = sides(how, rule.thresholds[name][0].si)[0 if wanted else 1]
        metrics[one.metric] = exactly(x)


def test_what_rests_on_an_unverified_number_says_so():
    known = Known("air-air", "", {"separation": exactly(100), "dwell": exactly(100)})
    found = {one.rule: one for one in evaluate(TABLE, known)}
    assert found["AIR-CLOSE"].unverified == ("near",)
    assert not found["AIR-CLOSE"].text_verified
    assert found["AIR-NMAC"].unverified == ()


def test_profiles_choose_thresholds_and_leave_out_rules_without_one():
    known = Known("sea-sea", "", {"separation": exactly(500)})
    first = {one.rule: one for one in evaluate(TABLE, known)}
    near = {used.name: used.profile for used in first["SEA-CPA"].thresholds}
    assert near["near"] == "practice"
    strict = {one.rule: one for one in evaluate(TABLE, known, profiles=["analyst"])}
    assert {used.value for used in strict["SEA-CPA"].thresholds} == {0.1, 0}
    assert "SEA-XING" not in strict  # its thresholds have no analyst's value


def test_one_source_alone_decides_nothing():
    metrics = {
        "sides-differ": True,
        "warship-involved": True,
        "separation": exactly(100),
        "closure": exactly(5),
    }
    for single, expected in ((frozenset(), "true"), (frozenset({"warship-involved"}), None)):
        known = Known("sea-sea", "", metrics, {}, single)
        found = {one.rule: one for one in evaluate(TABLE, known)}["SEA-CPA"]
        assert found.outcome == (expected or "undetermined")
        assert found.would_change == (() if expected else ("warship-involved",))
    refuted = {**metrics, "separation": exactly(5000)}
    known = Known("sea-sea", "", refuted, {}, frozenset({"warship-involved"}))
    assert {one.rule: one for one in evaluate(TABLE, known)}["SEA-CPA"].outcome == "false"


# --- logic ----------------------------------------------------------------------------------------

FOUR = ("true", "false", "undetermined", "needs-report")
WORLDS = {
    "true": [True],
    "false": [False],
    "undetermined": [True, False],
    "needs-report": [True, False],
}


@pytest.mark.parametrize(("a", "b"), [*product(FOUR, FOUR)])
def test_conjunction_is_sound_in_every_world(a, b):
    values = {x and y for x, y in product(WORLDS[a], WORLDS[b])}
    found = conjunction([a, b])
    assert (found == "true") == (values == {True})
    assert (found == "false") == (values == {False})
    assert found == conjunction([b, a])
    if "undetermined" in (a, b) and len(values) > 1:
        assert found == "undetermined"


def test_negation_is_its_own_opposite():
    assert [negation(one) for one in FOUR] == ["false", "true", "undetermined", "needs-report"]
    assert all(negation(negation(one)) == one for one in FOUR)


@pytest.mark.parametrize(
    ("low", "high", "how", "expected"),
    [
        (1, 2, "below", "true"),
        (1, 3, "below", "undetermined"),
        (3, 4, "below", "false"),
        (1, 3, "at-most", "true"),
        (3, 4, "at-most", "undetermined"),
        (4, 5, "above", "true"),
        (3, 4, "above", "undetermined"),
        (2, 3, "above", "false"),
        (3, 4, "at-least", "true"),
        (2, 3, "at-least", "undetermined"),
        (1, 2, "at-least", "false"),
    ],
)
def test_bounds_against_three(low, high, how, expected):
    assert compared(Bound(low, (low + high) / 2, high), how, 3.0) == expected


# --- lint -----------------------------------------------------------------------------------------

RULE = """format: detente/rules/1
table: mine
version: "1"
rules:
  - id: MINE
    title: Two came near
    instrument: A proposal
    article: "1"
    source: a paper
    verified: true
    domains: [sea-sea]
    when: {metric: separation, below: near}
    thresholds:
      near: {profile: analyst, value: 1, unit: nm, source: chosen}
"""


def findings(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        table_of(text, Marked("mine.yaml"))
    return "\n".join(str(one) for one in caught.value.findings)


def test_a_sound_table_passes(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(RULE)
    assert read_table(file).rules[0].thresholds["near"][0].si == 1852


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("metric: separation", "metric: seperation", "did you mean separation?"),
        ("below: near", "below: far", "names the threshold far"),
        ("below: near", "is: 'yes'", "does not fit it"),
        ("unit: nm", "unit: kn", "has the unit kn"),
        ("domains: [sea-sea]", "domains: [sea-zone]", "zone"),
        ("{metric: separation, below: near}", "{reported: shouting}", "take one of"),
        ("{metric: separation, below: near}", "{metric: separation}", "needs one of"),
        ("{metric: separation, below: near}", "{all: [], any: []}", "has not just one"),
        ("profile: analyst", "profile: treaty", "verified"),
        ("source: chosen}", "source: chosen, verified: true}", "verified"),
        ("domains: [sea-sea]", "domains: [moon]", "domains"),
        ("profile: analyst, value: 1", "profile: analyst, value: .nan", "value"),
    ],
)
def test_lint_names_line_and_key(old, new, words):
    told = findings(RULE.replace(old, new))
    assert words in told
    assert told.startswith("mine.yaml:")


def test_lint_tells_all_at_once():
    twice = RULE + RULE.split("rules:\n")[1].replace("below: near", "above: far")
    told = findings(twice)
    for words in ("repeats the id MINE", "names the threshold far", "is used by no condition"):
        assert words in told


def test_lists_of_words_are_explained():
    assert all(words for _measure, words in METRICS.values())
    assert all(REPORTS.values())
    assert PROFILES == ("treaty", "guidance", "practice", "analyst")
