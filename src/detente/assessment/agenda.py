"""Which disagreements are worth an hour: one of each kind first, the largest first.

The kind follows a rule, not a reading of motives. Parties that differ on how likely something is,
or on what a measure does, differ on facts (joint fact-finding). Where one gains and another loses,
they differ in value (trade). Where they differ on whether the other would keep it, in trust
(verification). Where only public positions are known, the stand itself is the disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from detente.assessment.results import Disagreement, Ground, LedgerEntry, Stake, Stand
from detente.case.case import Case
from detente.elicitation.results import ElicitationResults
from detente.escalation.results import EscalationResults

MOST = 3
MINUTES = 60
TRUST_GAP = 0.2
LEAST_GAP = 0.3


def agenda(
    case: Case,
    elicitation: ElicitationResults,
    escalation: EscalationResults,
    entries: Sequence[LedgerEntry],
    all_stakes: Sequence[Stake],
    ground: Sequence[Ground],
    stands: Sequence[Stand],
) -> tuple[Disagreement, ...]:
    """Up to three disagreements, of different kinds where there are such."""
    kinds = (
        _risks(case, elicitation),
        _values(case, elicitation, all_stakes, ground),
        _trust(entries),
        _stands(ground, stands, case),
        _effects(escalation),
    )
    in_turn = (one for rank in zip_longest(*kinds) for one in rank if one is not None)
    return tuple(one for _, one in zip(range(MOST), in_turn, strict=False))


def _risks(case: Case, elicitation: ElicitationResults) -> list[Disagreement]:
    """Risks on whose likelihood two sides part beyond the interval, the widest first."""
    sides = {side.id for side in case.about.sides}
    parted = [d for d in elicitation.differences if d.tells and {d.a, d.b} <= sides]
    parted.sort(key=lambda d: -max(d.odds_ratio.mid, 1 / d.odds_ratio.mid))
    means = {(one.group, one.risk): one.spread.mid for one in elicitation.perceptions}
    return [
        Disagreement(
            "factual", d.risk, "", d.a, d.b, means[d.a, d.risk], means[d.b, d.risk], MINUTES
        )
        for d in parted
    ]


def _values(
    case: Case,
    elicitation: ElicitationResults,
    all_stakes: Sequence[Stake],
    ground: Sequence[Ground],
) -> list[Disagreement]:
    """Tradeable and contested measures: between sides where they part, else between parties."""
    shown = {group.id: group.people for group in elicitation.groups if group.kind == "side"}
    found = []
    for one in ground:
        if one.kind not in ("tradeable", "contested"):
            continue
        stakes = [stake for stake in all_stakes if stake.measure == one.measure]
        gains = _side_gains(case, stakes, shown)
        if not gains or max(gains.values()) - min(gains.values()) < LEAST_GAP:
            gains = {stake.party: stake.gain for stake in stakes if stake.shown}
        if len(gains) > 1:
            most, least = max(gains, key=gains.__getitem__), min(gains, key=gains.__getitem__)
            found.append(
                Disagreement(
                    "value", "", one.measure, most, least, gains[most], gains[least], MINUTES
                )
            )
    return sorted(found, key=lambda d: float(d.in_b) - float(d.in_a))


def _side_gains(case: Case, stakes: Sequence[Stake], shown: Mapping[str, int]) -> dict[str, float]:
    """The chance of a gain by side; empty unless all the people of every side answered.

    With fewer, the means of sides and parties together could tell of those who are left out.
    """
    gains = {}
    for side in case.about.sides:
        own = [stake for stake in stakes if stake.party in side.parties]
        people = sum(stake.people for stake in own)
        if people != shown.get(side.id):
            return {}
        gains[side.id] = sum(stake.gain * stake.people for stake in own) / people
    return gains


def _trust(entries: Sequence[LedgerEntry]) -> list[Disagreement]:
    """Valued measures that the receiver doubts the giver would keep, the widest gap first."""
    found = [
        Disagreement(
            "trust",
            "",
            entry.measure,
            entry.giver,
            entry.receiver,
            entry.kept_by_own_view.mid,
            entry.kept_by_other_view.mid,
            MINUTES,
        )
        for entry in entries
        if entry.kept_by_own_view is not None
        and entry.kept_by_other_view is not None
        and entry.said is not None
        and entry.said.mid > 5
        and entry.kept_by_own_view.mid - entry.kept_by_other_view.mid >= TRUST_GAP
    ]
    return sorted(found, key=lambda d: float(d.in_b) - float(d.in_a))


def _stands(ground: Sequence[Ground], stands: Sequence[Stand], case: Case) -> list[Disagreement]:
    """Measures that one side offers and the other refuses, where only positions are known."""
    open_kinds = {g.measure for g in ground if g.by == "positions" and g.kind == "tradeable"}
    found = []
    for measure in [m.id for m in case.measures if m.id in open_kinds]:
        cells = [s for s in stands if s.measure == measure and s.row is not None]
        willing = next((s for s in cells if s.position in ("offered", "accepted")), None)
        refusing = next((s for s in cells if s.position == "refused"), None)
        if willing and refusing and not (willing.second_hand or refusing.second_hand):
            found.append(
                Disagreement(
                    "stand",
                    "",
                    measure,
                    willing.party,
                    refusing.party,
                    willing.position,
                    refusing.position,
                    MINUTES,
                )
            )
    return found


def _effects(escalation: EscalationResults) -> list[Disagreement]:
    """Measures that one belief finds better and another worse."""
    found = []
    for measure in dict.fromkeys(effect.measure for effect in escalation.effects):
        cells = [e for e in escalation.effects if e.measure == measure and e.ratio is not None]
        better = [e for e in cells if e.verdict == "better"]
        worse = [e for e in cells if e.verdict == "worse"]
        if better and worse:
            low = min(better, key=lambda e: e.ratio.mid if e.ratio else 1.0)
            high = max(worse, key=lambda e: e.ratio.mid if e.ratio else 1.0)
            assert low.ratio is not None
            assert high.ratio is not None
            found.append(
                Disagreement(
                    "factual",
                    "",
                    measure,
                    low.belief,
                    high.belief,
                    low.ratio.mid,
                    high.ratio.mid,
                    MINUTES,
                )
            )
    return found
