"""Read a table of rules, and tell with file, line and key what cannot be right in it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from detente.case.draft import closest
from detente.case.parse import parse_whole
from detente.encounters.rules.metrics import METRICS, REPORTS, UNITS
from detente.encounters.rules.model import Predicate, Rule, RuleTable
from detente.ground.text import MAX_YAML_BYTES, Marked, Path_, read_text

Fault = tuple[Path_, str, str]


def read_table(file: Path) -> RuleTable:
    """The table in ``file``.

    Raises
    ------
    CaseError
        With all that is to mend in it.

    """
    marked = Marked(file.name)
    return table_of(read_text(file.parent, file.name, marked, most=MAX_YAML_BYTES), marked)


def starting_table() -> RuleTable:
    """The table that detente comes with."""
    text = files("detente.encounters.rules").joinpath("table.yaml").read_text("utf-8")
    return table_of(text, Marked("table.yaml"))


def table_of(text: str | None, marked: Marked) -> RuleTable:
    """The table of a text that was read as ``marked``."""
    return parse_whole(RuleTable, text, marked, _check)


def _check(one: RuleTable, marked: Marked) -> None:
    for path, problem, mend in _faults(one):
        marked.find(path, problem, mend)


def _faults(table: RuleTable) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, rule in enumerate(table.rules):
        path: Path_ = ("rules", place)
        if rule.id in seen:
            yield (*path, "id"), f"repeats the id {rule.id}.", "give each rule an id of its own."
        seen.add(rule.id)
        leaves = [*_leaves(rule.when, (*path, "when"))]
        for leaf, where in leaves:
            yield from _leaf(rule, leaf, where)
        used = {leaf.comparison[1] for leaf, _where in leaves if leaf.comparison}
        for name in rule.thresholds:
            yield from _threshold(rule, name, (*path, "thresholds", name), used)
        if any("zone" in domain for domain in rule.domains) != (rule.zone is not None):
            mend = "state `zone` where a rule is about a zone, and only there."
            yield path, "has a zone in one of `domains` and `zone` alone.", mend


def _leaves(one: Predicate, path: Path_) -> Iterator[tuple[Predicate, Path_]]:
    for key, parts in (("all", one.all), ("any", one.any)):
        for place, part in enumerate(parts):
            yield from _leaves(part, (*path, key, place))
    if one.not_ is not None:
        yield from _leaves(one.not_, (*path, "not"))
    if one.metric is not None or one.reported is not None:
        yield one, path


def _leaf(rule: Rule, leaf: Predicate, path: Path_) -> Iterator[Fault]:
    if leaf.reported is not None:
        if leaf.reported not in REPORTS:
            yield (*path, "reported"), f"is {leaf.reported}.", _near(leaf.reported, REPORTS)
        return
    assert leaf.metric is not None
    if leaf.metric not in METRICS:
        yield (*path, "metric"), f"is {leaf.metric}.", _near(leaf.metric, METRICS)
        return
    is_flag = METRICS[leaf.metric][0] == "flag"
    if is_flag != (leaf.is_ is not None):
        mend = "compare a flag by `is`, and a number with a threshold."
        yield path, f"compares {leaf.metric} in a way that does not fit it.", mend
    elif leaf.comparison is not None and leaf.comparison[1] not in rule.thresholds:
        how, name = leaf.comparison
        known = _near(name, rule.thresholds)
        yield (*path, how), f"names the threshold {name}, which the rule does not have.", known


def _threshold(rule: Rule, name: str, path: Path_, used: set[str]) -> Iterator[Fault]:
    if name not in used:
        yield path, "is used by no condition.", "use it in `when`, or remove it."
        return
    measures = {
        METRICS[leaf.metric][0]
        for leaf, _where in _leaves(rule.when, ())
        if leaf.comparison and leaf.comparison[1] == name and leaf.metric in METRICS
    }
    stated = rule.thresholds[name]
    for place, one in enumerate(stated):
        wrong = measures - {UNITS[one.unit][0]}
        if wrong:
            wanted = ", ".join(unit for unit, (of, _) in UNITS.items() if of in wrong)
            yield (*path, place), f"has the unit {one.unit}.", f"use one of: {wanted}."
    profiles = [one.profile for one in stated]
    for profile in {one for one in profiles if profiles.count(one) > 1}:
        yield path, f"has the profile {profile} twice.", "keep one value for each profile."


def _near(word: str, known: object) -> str:
    words = frozenset(known)  # type: ignore[call-overload]
    near = closest(word, words)
    return f"did you mean {near}?" if near else f"take one of: {', '.join(sorted(words))}."
