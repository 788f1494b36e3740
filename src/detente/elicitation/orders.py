"""How strongly each group puts each risk first, and which groups put them in different orders.

Rankings, pairs and best-worst choices all say which of two risks a person puts before the other;
together they give worths, with people as clusters, since the pairs of one ranking are not
independent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.case import Case
from detente.elicitation.agreement import kendall_w
from detente.elicitation.answers import Judgement, latest
from detente.elicitation.comparisons import Comparisons, best_worst, pairwise, rankings
from detente.elicitation.disclosure import cells, members, sets_showable, unanimous
from detente.elicitation.partition import Node, permutation, tree
from detente.elicitation.priorities import FIRST, complete
from detente.elicitation.results import (
    Concordance,
    Group,
    PriorityContrast,
    SharedFirst,
    Spread,
    TreeNode,
    Worth,
)
from detente.elicitation.worths import (
    Worths,
    chance_among_first,
    chance_first_in_all,
    rank_intervals,
    worths,
)
from detente.ground.chance import stream
from detente.ground.errors import UsageError

KINDS = ("priority", "pairwise", "best-worst")
PRECISION = 0.1  # of a weak prior on log-worths: worths stay finite where all put one risk first
SIGNIFICANT = 0.1
NO_WIDTH = 1e-9  # of an interval of log-worths: rounding leaves a trace
DRAWS = 4_000


@dataclass(frozen=True)
class Orders:
    """Everything that comparisons of risks tell."""

    worths: tuple[Worth, ...] = ()
    shared_first: tuple[SharedFirst, ...] = ()
    concordances: tuple[Concordance, ...] = ()
    contrasts: tuple[PriorityContrast, ...] = ()
    tree: tuple[TreeNode, ...] = ()


def orders(case: Case, groups: Sequence[Group]) -> Orders:
    """Worths of the risks by group, what every side puts first, and who differs.

    Empty where nobody compared risks, or too few for any group to be shown. Who answered but put no
    risk before or beside another does not count; who all said the same are not shown.
    """
    judgements = [one for kind in KINDS for one in latest(case, kind)]
    if not judgements or len(case.risks) < 2:
        return Orders()
    compared = comparisons(case)
    some = np.flatnonzero((compared.wins + compared.ties).any(axis=(1, 2)))
    there = {compared.persons[row] for row in some}
    shown = cells(case, groups, [one for one in judgements if one.participant in there])
    if not shown:
        return Orders()
    person = {name: place for place, name in enumerate(compared.persons)}
    rows = {group.id: sorted({person[one.participant] for one in own}) for group, own in shown}
    fits = {name: worths(compared.of(some), alpha=PRECISION) for name, some in rows.items()}
    sides = [group.id for group, _ in shown if group.kind == "side"]
    return Orders(
        worths=tuple(_worths(case, fits)),
        shared_first=tuple(_shared_first(case, [fits[side] for side in sides])),
        concordances=tuple(_concordances(case, groups)),
        contrasts=tuple(_contrasts(case, compared, {side: rows[side] for side in sides})),
        tree=_tree(case, compared, [group for group, _ in shown]),
    )


# --- comparisons --------------------------------------------------------------------------------


def comparisons(case: Case) -> Comparisons:
    """All that people said about which risk comes before which, a row for each person."""
    said = {kind: latest(case, kind) for kind in KINDS}
    persons = sorted({one.participant for own in said.values() for one in own})
    items = [risk.id for risk in case.risks]
    who = {person: place for place, person in enumerate(persons)}
    what = {item: place for place, item in enumerate(items)}
    ranks = np.full((len(persons), len(items)), np.nan)
    for one in said["priority"]:
        ranks[who[one.participant], what[one.item]] = one.value
    parts = [rankings(items, persons, ranks=ranks, unranked="last")]
    if said["pairwise"]:
        parts.append(_pairs(items, persons, said["pairwise"], who, what))
    if said["best-worst"]:
        parts.append(_choices(items, persons, said["best-worst"], who, what))
    return Comparisons(
        items=tuple(items),
        persons=tuple(persons),
        wins=np.sum([part.wins for part in parts], axis=0),
        ties=np.sum([part.ties for part in parts], axis=0),
        basis="implied",
    )


def _pairs(
    items: Sequence[str],
    persons: Sequence[str],
    said: Sequence[Judgement],
    who: Mapping[str, int],
    what: Mapping[str, int],
) -> Comparisons:
    return pairwise(
        items,
        persons,
        person=[who[one.participant] for one in said],
        first=[what[one.item] for one in said],
        second=[what[one.about or ""] for one in said],
        result=[one.value for one in said],
    )


def _choices(
    items: Sequence[str],
    persons: Sequence[str],
    said: Sequence[Judgement],
    who: Mapping[str, int],
    what: Mapping[str, int],
) -> Comparisons:
    sets: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for one in said:
        sets[one.participant, one.about or ""].append(one)
    shown = np.zeros((len(sets), len(items)), dtype=bool)
    chosen = np.full((2, len(sets)), -1)
    for place, own in enumerate(sets.values()):
        for one in own:
            shown[place, what[one.item]] = True
            if one.value:
                chosen[0 if one.value > 0 else 1, place] = what[one.item]
    return best_worst(
        items,
        persons,
        person=[who[person] for person, _ in sets],
        shown=shown,
        best=chosen[0],
        worst=chosen[1],
    )


# --- what they tell -----------------------------------------------------------------------------


def _worths(case: Case, fits: Mapping[str, Worths]) -> Iterator[Worth]:
    for group, fit in fits.items():
        rng = stream(case.about.seed, "worths", group)
        interval = fit.interval()
        ranks = rank_intervals(fit, rng=rng, count=DRAWS)
        first = chance_among_first(fit, min(FIRST, len(fit.items)), rng=rng, count=DRAWS)
        hidden = _unanimous(np.diff(interval)[:, 0])
        for place, risk in enumerate(fit.items):
            if place in hidden:
                continue
            yield Worth(
                group=group,
                risk=risk,
                worth=Spread(
                    float(interval[place, 0]),
                    float(fit.log_worth[place]),
                    float(interval[place, 1]),
                ),
                rank_low=int(ranks[place, 0]),
                rank_high=int(ranks[place, 1]),
                in_first=float(first[place]),
                people=fit.people,
            )


def _unanimous(widths: np.ndarray) -> tuple[int, ...]:
    """The places of worths on which nobody differs, and with a single one the surest beside it.

    An interval without width tells of everybody; worths sum to 0, so that a single one left out
    would follow from the others.
    """
    same = np.flatnonzero(widths < NO_WIDTH)
    return tuple(int(place) for place in (np.argsort(widths)[:2] if len(same) == 1 else same))


def _shared_first(case: Case, fits: Sequence[Worths]) -> Iterator[SharedFirst]:
    if len(fits) < 2 or len(fits) < len(case.about.sides):
        return
    rng = stream(case.about.seed, "shared first")
    chances = chance_first_in_all(fits, min(FIRST, len(case.risks)), rng=rng, count=DRAWS)
    for risk, chance in zip(case.risks, chances, strict=True):
        yield SharedFirst(risk.id, float(chance))


def _concordances(case: Case, groups: Sequence[Group]) -> Iterator[Concordance]:
    """Of rankings alone: the other forms do not put every risk in a place.

    One order for all is not told, as it would tell of everybody.
    """
    said = latest(case, "priority")
    risks = [risk.id for risk in case.risks]
    for group, own in cells(case, groups, said):
        stated: dict[str, dict[str, float]] = defaultdict(dict)
        for one in own:
            stated[one.participant][one.item] = one.value
        table = [tuple(complete(ranks, risks).values()) for ranks in stated.values()]
        if not unanimous(table):
            yield Concordance(group.id, kendall_w(table).w, len(table))


def _contrasts(
    case: Case, compared: Comparisons, rows: Mapping[str, Sequence[int]]
) -> Iterator[PriorityContrast]:
    """A permutation test over all sides: it holds for few people, whose pairs depend."""
    if len(rows) < 2:
        return
    names = [name for name, some in rows.items() for _ in some]
    chosen = compared.of([row for some in rows.values() for row in some])
    rng = stream(case.about.seed, "contrast")
    p = permutation(chosen, names, rng=rng, alpha=PRECISION).p
    yield PriorityContrast(tuple(rows), p, p < SIGNIFICANT)


def _tree(case: Case, compared: Comparisons, groups: Sequence[Group]) -> tuple[TreeNode, ...]:
    """Who parts from whom, by side, track and released party; nothing where it may not be shown."""
    covariates = dict(_covariates(case, compared, groups))
    if not covariates:
        return ()
    try:
        root = tree(
            compared,
            covariates,
            significance=SIGNIFICANT,
            least=max(case.about.min_cell, 3),
            alpha=PRECISION,
            depth=3,
        )
    except UsageError:  # too few people for any test
        return ()
    nodes = list(_nodes(root))
    sets = {
        str(place): frozenset(compared.persons[row] for row in node.people)
        for place, (node, _) in enumerate(nodes)
    }
    before = [members(case, group) for group in groups]
    if len(sets_showable(case, sets, before=before)) < len(sets):
        return ()
    return tuple(
        _told(place, node, parent, covariates) for place, (node, parent) in enumerate(nodes)
    )


def _nodes(root: Node) -> Iterator[tuple[Node, int | None]]:
    """Every node with the place of its parent, parents before their branches."""
    ahead: list[tuple[Node, int | None]] = [(root, None)]
    for place, (node, parent) in enumerate(ahead):
        yield node, parent
        ahead.extend((branch, place) for branch in node.branches)


def _told(
    place: int, node: Node, parent: int | None, covariates: Mapping[str, Sequence[str]]
) -> TreeNode:
    finest = list(covariates.values())[-1]
    return TreeNode(
        id=place,
        parent=parent,
        values=tuple(sorted({finest[row] for row in node.people})) if parent is not None else (),
        by=node.split.covariate if node.split else None,
        p=min(test.adjusted for test in node.tests) if node.split else None,
        people=len(node.people),
        first=_first(node.worths),
    )


def _covariates(
    case: Case, compared: Comparisons, groups: Sequence[Group]
) -> Iterator[tuple[str, list[str]]]:
    """For each kind of group that is shown the one that each person stands in, where all do."""
    for kind in ("side", "track", "party"):
        stands: dict[str, str] = {}
        for group in groups:
            if group.kind == kind:
                stands |= dict.fromkeys(members(case, group), group.id)
        names = [stands.get(person, "") for person in compared.persons]
        if all(names) and len(set(names)) > 1:
            yield kind, names


def _first(fit: Worths) -> tuple[str, ...]:
    best = np.argsort(-fit.log_worth, kind="stable")[:FIRST]
    return tuple(fit.items[place] for place in best)
