"""What each measure scores on each criterion for each party, at common points.

A point is one state of what is not known: at the same point all parties and measures meet the same
facts. Facts are drawn once: the numbers of the ladders, and scores with basis `source` or
`computed` that name one source. What a party holds is drawn for that party, and what a side said
of a measure for that side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from detente.assessment.results import LedgerEntry
from detente.case import model
from detente.case.case import Case
from detente.case.check_criteria import FACTS, RATINGS
from detente.elicitation.results import QuantityBelief, Spread
from detente.escalation.effects import ratios, world
from detente.escalation.prepare import Prepared, prepared
from detente.escalation.uncertainty import Belief
from detente.ground.chance import Floats, TwoPiece, fit, stream

Z = float(ndtri(0.95))
ByMeasure = dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What scores are drawn from.

    ``ratios`` are with : without of the headline frequency by party and measure, each of shape
    (points,), under the belief that the party holds, else the case's own; ``ledger`` is what may be
    shown of ratings.
    """

    case: Case
    points: int
    ratios: Mapping[str, Mapping[str, Floats]]
    ledger: tuple[LedgerEntry, ...]

    def normals(self, *names: str) -> Floats:
        """Standard normals (points,) of the stream that bears ``names``."""
        return stream(self.case.about.seed, "value", *names).standard_normal(self.points)


def evidence(
    case: Case,
    ledger: tuple[LedgerEntry, ...],
    *,
    points: int,
    answers: Iterable[QuantityBelief] = (),
) -> Evidence:
    """The evidence of a case, at ``points`` (a power of two) common points.

    Parameters
    ----------
    case
        A case that was checked; its seed fixes every draw.
    ledger
        Its reassurance ledger.
    points
        The number of points.
    answers
        What groups believe of quantities, where numbers of the ladders are taken from answers.

    """
    weighed = any(one.kind == "risk" for one in case.criteria)
    if not weighed or not case.ladder.ladders:
        return Evidence(case, points, {}, ledger)
    return Evidence(case, points, _ratios(prepared(case, points=points, answers=answers)), ledger)


def _ratios(made: Prepared) -> dict[str, ByMeasure]:
    """By party and measure; of a belief that refuses numbers, or an infinite ratio, none."""
    telling = {belief.id: belief for belief in made.telling}
    holds: dict[str, str] = {}
    for stated in made.case.ladder.beliefs:
        holds.setdefault(stated.held_by or "", stated.id)
    held = {one.id: holds.get(one.id, made.base.id) for one in made.case.about.parties}
    found = {name: _under(made, telling[name]) for name in {*held.values()} & {*telling}}
    return {party: found.get(belief, {}) for party, belief in held.items()}


def _under(made: Prepared, belief: Belief) -> ByMeasure:
    before = world(made.at_headline[belief.id], made.sample.parameters(belief))
    found = ratios(belief, made.measures, before, sample=made.sample, named=made.named)
    return {
        name: np.broadcast_to(row, made.points) for name, row in found.items()
        if np.isfinite(row).all()
    }  # fmt: skip


def expected(given: Evidence, party: str, criterion: model.Criterion) -> Floats:
    """What a party expects on a criterion without agreement: its trend, or no change; (points,)."""
    file = given.case.criteria_file
    for trend in file.trend:
        if (trend.party, trend.criterion) == (party, criterion.id):
            scale = "log" if criterion.kind == "risk" else "linear"
            spread = fit(given.case.estimate(trend, scale, file.defaults), scale)  # type: ignore[arg-type]
            return spread.at_normal(given.normals("trend", party, criterion.id))
    return np.full(given.points, criterion.today)


def scores(given: Evidence, party: str, criterion: model.Criterion) -> ByMeasure:
    """The scores of every measure that has any on a criterion for a party, each (points,).

    *Risk*: the trend times the ratio with : without. *Reassurance*: what the party's side says the
    measure brings it, on average over the givers. *Cost*: what its side says it costs, where
    scores.csv states nothing on the criterion. All else as stated.
    """
    if criterion.kind == "risk":
        trend = expected(given, party, criterion)
        own = given.ratios.get(party, {})
        return {measure: trend * row for measure, row in own.items()}
    if criterion.kind == "reassurance":
        return _received(given, party)
    stated = [row for row in given.case.scores if row.criterion == criterion.id]
    if criterion.kind == "cost" and not stated:
        return _costs(given, party)
    return {row.measure: _stated(given, row) for row in stated if row.party == party}


def _stated(given: Evidence, row: model.Score) -> Floats:
    shared = row.basis in FACTS
    owner = ("fact", row.source) if shared else ("opinion", row.party)
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    normals = given.normals(*owner, row.measure, row.criterion)
    return _spread(Spread(low, row.value, high), normals)


def _received(given: Evidence, party: str) -> ByMeasure:
    side = given.case.side_of.get(party)
    by_measure: dict[str, list[Floats]] = defaultdict(list)
    for entry in given.ledger:
        if entry.receiver == side and entry.said is not None:
            normals = given.normals("reassurance", entry.measure, entry.giver, entry.receiver)
            by_measure[entry.measure].append(_rating(entry.said, normals))
    return {measure: np.mean(rows, axis=0) for measure, rows in by_measure.items()}


def _costs(given: Evidence, party: str) -> ByMeasure:
    side = given.case.side_of.get(party)
    return {
        entry.measure: _rating(entry.cost, given.normals("cost", entry.measure, entry.giver))
        for entry in given.ledger
        if entry.giver == side and entry.cost is not None
    }


def _rating(told: Spread, normals: Floats) -> Floats:
    """Draws of a mean rating, kept on its scale, which the intervals of few people leave."""
    return np.clip(_spread(told, normals), *RATINGS)


def _spread(told: Spread, normals: Floats) -> Floats:
    """Draws of a two-piece normal with the stated median and central 90 %."""
    found = TwoPiece("linear", told.mid, (told.mid - told.low) / Z, (told.high - told.mid) / Z)
    return found.at_normal(normals)
