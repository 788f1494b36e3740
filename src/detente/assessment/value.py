"""What each measure is worth to each party, by its own criteria, weights and trend.

gain_p(m) = sum_c w_pc (v_c(x_pmc) - v_c(t_pc)), with v_c(x) = (x - worst_c) / (best_c - worst_c):
x is what the measure scores, t what the party expects without agreement (Keeney & Raiffa 1976,
"Decisions with Multiple Objectives", ch. 3). Scores, trends and weights are samples, so a gain is
one. Its unit is the party's own: gains of two parties are never added or compared.

Nothing is imputed. A party that states no weights has no value, and a measure none where one of the
criteria that the party weighs has no score of it. Ratings of reassurance count only where no
criterion that the party weighs already holds reassurance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from detente.assessment.results import LedgerEntry, PartyValue, PartyWeight
from detente.assessment.scores import Evidence, evidence, expected, scores
from detente.assessment.stated_weights import inconsistency, weight_set
from detente.assessment.weights.sampling import sampler
from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import QuantityBelief, Spread
from detente.ground.basis import Basis
from detente.ground.chance import Floats, stream

POINTS = 2**12
FAR = 0.05  # the share of points beyond the range from which on it is told
FROM_PEOPLE = (Basis.ELICITED, Basis.ILLUSTRATIVE)
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class PartyGains:
    """The gains of one party at common points: N points, M measures with a value, C criteria.

    ``weights`` (N, C) add up to 1 at each point; ``differences`` (N, M, C) are v(measure) -
    v(trend); ``beyond`` (M, C) the shares of points at which a score lies outside its range.
    ``missing`` names, by measure without a value, the criteria without a score of it.
    ``reassurance`` is the place of that criterion, None where it does not enter; ``shown`` whether
    what is computed of this party may leave the room.
    """

    party: str
    form: str
    inconsistency: float
    criteria: tuple[str, ...]
    weights: Floats
    measures: tuple[str, ...]
    differences: Floats
    beyond: Floats
    missing: Mapping[str, tuple[str, ...]]
    reassurance: int | None
    shown: bool

    @property
    def parts(self) -> Floats:
        """What each criterion brings, w (v(measure) - v(trend)); shape (N, M, C)."""
        found: Floats = self.weights[:, None, :] * self.differences
        return found

    @property
    def gains(self) -> Floats:
        """The gain of each measure, shape (N, M)."""
        found: Floats = np.einsum("nc,nmc->nm", self.weights, self.differences)
        return found


def party_gains(
    case: Case,
    ledger: tuple[LedgerEntry, ...],
    *,
    points: int = POINTS,
    answers: Iterable[QuantityBelief] = (),
) -> tuple[PartyGains, ...]:
    """The gains of every party that states weights, in the order of the case.

    Parameters
    ----------
    case
        A case that was checked; its seed fixes every draw.
    ledger
        Its reassurance ledger, for what is reassuring and what it costs.
    points
        The number of common points, a power of two.
    answers
        What groups believe of quantities, where numbers of the ladders are taken from answers.

    """
    stated = {one.party: one for one in case.criteria_file.weights}
    if not stated:
        return ()
    given = evidence(case, ledger, points=points, answers=answers)
    parties = [party.id for party in case.about.parties if party.id in stated]
    found = (_gains(given, stated[party]) for party in parties)
    return tuple(one for one in found if one is not None)


def _gains(given: Evidence, stated: model.Weights) -> PartyGains | None:
    """None where nothing is left to weigh once reassurance counts no second time."""
    named = [one for one in given.case.criteria if one.id in stated.named]
    counted = [one for one in named if one.kind != "reassurance" or not _held_twice(named)]
    allowed = weight_set(stated, given.case.criteria)
    places = [allowed.criteria.index(one.id) for one in counted]
    rng = stream(given.case.about.seed, "value", "weights", stated.party)
    drawn = sampler(allowed).draw(given.points, rng)[:, places]
    sums = drawn.sum(axis=1, keepdims=True)
    if not counted or sums.min() <= TINY:
        return None
    found = [scores(given, stated.party, one) for one in counted]
    known = [one.id for one in given.case.measures if all(one.id in by for by in found)]
    trend = np.stack([expected(given, stated.party, one) for one in counted], axis=1)
    table = _table(found, known, given.points)
    ends = np.array([one.range for one in counted])
    span = ends[:, 1] - ends[:, 0]
    value = (table - ends[:, 0]) / span
    return PartyGains(
        party=stated.party,
        form=stated.form.replace("_", "-"),
        inconsistency=inconsistency(stated),
        criteria=tuple(one.id for one in counted),
        weights=drawn / sums,
        measures=tuple(known),
        differences=(table - trend[:, None, :]) / span,
        beyond=((value < -TINY) | (value > 1 + TINY)).mean(axis=0),
        missing=dict(_missing(given.case, counted, found)),
        reassurance=next((i for i, one in enumerate(counted) if one.kind == "reassurance"), None),
        shown=may_show(given.case, stated.party),
    )


def _held_twice(named: Iterable[model.Criterion]) -> bool:
    return any(one.holds_reassurance and one.kind != "reassurance" for one in named)


def _table(found: list[dict[str, Floats]], known: list[str], points: int) -> Floats:
    """The scores of measures that have all, shape (N, M, C)."""
    rows = [[by[measure] for measure in known] for by in found]
    return np.moveaxis(np.array(rows).reshape(len(found), len(known), points), (0, 1, 2), (2, 1, 0))


def _missing(
    case: Case, counted: list[model.Criterion], found: list[dict[str, Floats]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The criteria that lack a score, of each measure that has some scores and not all."""
    for measure in case.measures:
        pairs = zip(counted, found, strict=True)
        lacks = tuple(one.id for one, by in pairs if measure.id not in by)
        if 0 < len(lacks) < len(counted):
            yield measure.id, lacks


def may_show(case: Case, party: str) -> bool:
    """Whether a table of one party may be shown under its own name.

    It may where nothing in it was said by people of the party in a track; else where its group
    released its tables in every track that it takes part in (the Chatham House Rule).
    `illustrative` stands for what people say in a case without real parties, and is held to the
    same rule.
    """
    file, about = case.criteria_file, case.about
    heard = case.party_by_id[party].heard == "panel"
    own: list[model.Origin | model.Score] = [one for one in file.weights if one.party == party]
    own += [one for one in file.trend if one.party == party]
    own += [row for row in case.scores if row.party == party]
    stated = [one.basis or file.defaults.basis for one in own]
    if not heard or not any(basis in FROM_PEOPLE for basis in stated):
        return True
    tracks = [track for track in about.tracks if party in track.parties]
    return bool(tracks) and all(party in track.released for track in tracks)


# --- what is told ---------------------------------------------------------------------------------


def values(gains: Iterable[PartyGains]) -> tuple[PartyValue, ...]:
    """What is told of each party that may be shown and each measure that has any score."""
    return tuple(
        told for party in gains if party.shown for told in (*_valued(party), *_unvalued(party))
    )


def _valued(party: PartyGains) -> Iterator[PartyValue]:
    gains, parts = party.gains, party.parts
    means = parts.mean(axis=0)
    for place, measure in enumerate(party.measures):
        own = gains[:, place]
        carried, against = _carriers(party.criteria, means[place])
        rest = None
        if party.reassurance is not None:
            rest = _wins(own - parts[:, place, party.reassurance])
        low, mid, high = np.quantile(own, [0.05, 0.5, 0.95]).tolist()
        far = zip(party.criteria, party.beyond[place], strict=True)
        yield PartyValue(
            party=party.party,
            measure=measure,
            mean=float(own.mean()),
            gain=Spread(low, mid, high),
            wins=_wins(own),
            wins_without_reassurance=rest,
            carried_by=carried,
            against=against,
            beyond=tuple(name for name, share in far if share > FAR),
            missing=(),
        )


def _wins(gains: Floats) -> float:
    """The share of points with a gain; a change of nothing is none."""
    return float((gains > TINY).mean())


def _carriers(criteria: tuple[str, ...], means: Floats) -> tuple[str, str]:
    """The criterion that brings most in the direction of the gain, and most against it."""
    along = means if means.sum() >= 0 else -means
    first, last = int(np.argmax(along)), int(np.argmin(along))
    return (
        criteria[first] if along[first] > TINY else "",
        criteria[last] if along[last] < -TINY else "",
    )


def _unvalued(party: PartyGains) -> Iterator[PartyValue]:
    for measure, lacks in party.missing.items():
        yield PartyValue(
            party=party.party, measure=measure, mean=None, gain=None, wins=None,
            wins_without_reassurance=None, carried_by="", against="", beyond=(), missing=lacks,
        )  # fmt: skip


def weights_told(gains: Iterable[PartyGains]) -> tuple[PartyWeight, ...]:
    """The weights of each party that may be shown, as they were drawn."""
    found = []
    for party in gains:
        ends = np.quantile(party.weights, [0.05, 0.95], axis=0)
        for place, criterion in enumerate(party.criteria if party.shown else ()):
            found.append(
                PartyWeight(
                    party=party.party,
                    criterion=criterion,
                    form=party.form,
                    mean=float(party.weights[:, place].mean()),
                    low=float(ends[0, place]),
                    high=float(ends[1, place]),
                    inconsistency=party.inconsistency,
                )
            )
    return tuple(found)
