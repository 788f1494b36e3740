"""Hold an encounter against rules, by logic with four answers.

A condition is true, false, undetermined (what is known of a metric reaches to both sides of its
threshold, or nothing is), or needs a report. Of *all*: false where one is; of *any*: true where
one is. Else undetermined goes before needs-report, as a report alone would not decide it (Kleene
1952, "Introduction to Metamathematics", par. 64, with two kinds of the third value).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from detente.encounters.results import Bound, Measured, Outcome, RuleFinding, Used
from detente.encounters.rules.metrics import PROFILES, Profile
from detente.encounters.rules.model import Compare, Predicate, Rule, RuleTable, Threshold

Value = Bound | bool | None
UNSURE: tuple[Outcome, ...] = ("undetermined", "needs-report")


@dataclass(frozen=True)
class Known:
    """What is known of one encounter, or of a craft and a zone.

    ``domains`` is the pair, as in the rules; ``zone`` the kind of zone, empty where none.
    ``metrics`` holds bounds in the units of `metrics.METRICS`, and flags; what is not there, or
    None, is not known. ``reports`` holds what was reported: True, False, or not there.
    ``single_source`` names metrics that rest on one source's word alone: they decide nothing for
    a condition to be true.
    """

    domains: str
    zone: str = ""
    metrics: Mapping[str, Value] = field(default_factory=dict)
    reports: Mapping[str, bool] = field(default_factory=dict)
    single_source: frozenset[str] = frozenset()


def evaluate(
    table: RuleTable, known: Known, *, profiles: Sequence[Profile] = PROFILES
) -> tuple[RuleFinding, ...]:
    """What each rule of the table that fits the domains says.

    Parameters
    ----------
    table
        The rules.
    known
        What is known.
    profiles
        In which order a threshold is looked for; a rule of which a threshold has none of them is
        left out.

    """
    found = []
    for rule in table.rules:
        if known.domains not in rule.domains and "any" not in rule.domains:
            continue
        if rule.zone is not None and rule.zone != known.zone:
            continue
        chosen = {name: _chosen(stated, profiles) for name, stated in rule.thresholds.items()}
        if all(one is not None for one in chosen.values()):
            used = {name: one for name, one in chosen.items() if one is not None}
            found.append(_finding(table, rule, used, known))
    return tuple(found)


def _chosen(stated: Iterable[Threshold], profiles: Sequence[Profile]) -> Threshold | None:
    by_profile = {one.profile: one for one in stated}
    return next((by_profile[one] for one in profiles if one in by_profile), None)


def _finding(
    table: RuleTable, rule: Rule, thresholds: Mapping[str, Threshold], known: Known
) -> RuleFinding:
    leaves = [*_leaves(rule.when)]
    outcome = _outcome(rule.when, thresholds, known)
    metrics = dict.fromkeys(leaf.metric for leaf in leaves if leaf.metric is not None)
    return RuleFinding(
        rule=rule.id,
        title=rule.title,
        instrument=rule.instrument,
        article=rule.article,
        version=f"{table.table} {table.version}",
        outcome=outcome,
        metrics=tuple(_measured(name, known) for name in metrics),
        thresholds=tuple(
            Used(name, one.profile, one.value, one.unit, one.source, one.verified)
            for name, one in thresholds.items()
        ),
        text_verified=rule.verified,
        unverified=tuple(name for name, one in thresholds.items() if one.verified is False),
        would_change=tuple(_would_change(leaves, thresholds, known, outcome)),
    )


def _leaves(one: Predicate) -> Iterator[Predicate]:
    for part in (*one.all, *one.any, *([one.not_] if one.not_ is not None else [])):
        yield from _leaves(part)
    if one.metric is not None or one.reported is not None:
        yield one


def _measured(name: str, known: Known) -> Measured:
    value = known.metrics.get(name)
    single = name in known.single_source
    if isinstance(value, bool):
        return Measured(name, None, value, single_source=single)
    return Measured(name, value, None, single_source=single)


def _would_change(
    leaves: Iterable[Predicate],
    thresholds: Mapping[str, Threshold],
    known: Known,
    outcome: Outcome,
) -> Iterator[str]:
    """The metrics and reports whose knowledge could still change the outcome."""
    if outcome in UNSURE:
        open_ = (leaf for leaf in leaves if _outcome(leaf, thresholds, known) in UNSURE)
        yield from dict.fromkeys(leaf.metric or leaf.reported or "" for leaf in open_)


def _outcome(one: Predicate, thresholds: Mapping[str, Threshold], known: Known) -> Outcome:
    if one.all:
        return conjunction([_outcome(part, thresholds, known) for part in one.all])
    if one.any:
        return negation(
            conjunction([negation(_outcome(part, thresholds, known)) for part in one.any])
        )
    if one.not_ is not None:
        return negation(_outcome(one.not_, thresholds, known))
    if one.reported is not None:
        told = known.reports.get(one.reported)
        return "needs-report" if told is None else "true" if told else "false"
    assert one.metric is not None
    answer = _compared(one, known.metrics.get(one.metric), thresholds)
    single = answer == "true" and one.metric in known.single_source
    return "undetermined" if single else answer


def conjunction(parts: Sequence[Outcome]) -> Outcome:
    """True where all are, false where one is; else what keeps it from being true."""
    if "false" in parts:
        return "false"
    return next((one for one in UNSURE if one in parts), "true")


def negation(outcome: Outcome) -> Outcome:
    """The opposite; what is not known stays so."""
    return {"true": "false", "false": "true"}.get(outcome, outcome)  # type: ignore[return-value]


def _compared(one: Predicate, value: Value, thresholds: Mapping[str, Threshold]) -> Outcome:
    if value is None:
        return "undetermined"
    if isinstance(value, bool):
        return "true" if value == (one.is_ == "yes") else "false"
    comparison = one.comparison
    assert comparison is not None
    how, name = comparison
    return compared(value, how, thresholds[name].si)


def compared(value: Bound, how: Compare, threshold: float) -> Outcome:
    """Whether a bound lies on the asked side of a threshold, wholly or in part."""
    if how == "below":
        ends = value.high < threshold, value.low < threshold
    elif how == "at-most":
        ends = value.high <= threshold, value.low <= threshold
    elif how == "above":
        ends = value.low > threshold, value.high > threshold
    else:
        ends = value.low >= threshold, value.high >= threshold
    wholly, partly = ends
    return "true" if wholly else "undetermined" if partly else "false"
