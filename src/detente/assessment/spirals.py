"""Insecurity spirals: policies that answer each other, each raising what the next one answers.

A party perceives a risk and has a policy against it; another party feels a risk raised by this
policy and has a policy of its own against that; and so on, until a risk is raised that the first
policy answers. Nobody in a spiral need mean harm, and nobody is said to have begun: it has no first
edge (Jervis 1978, "Cooperation under the security dilemma", World Politics 30(2):167-214).

An edge counts as far as both sides see it. The other party says how much the policy raises a risk
for it, the party itself how much it expects that; the lower of the two is confirmed by both. What
one side alone states is told, and told apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from detente.assessment.results import Spiral, SpiralCut, SpiralEdge
from detente.case import model
from detente.case.case import Case
from detente.elicitation.results import Spread
from detente.ground.basis import Basis
from detente.ground.chance import fit
from detente.ground.errors import UsageError

MOST_POLICIES = 4  # longer loops can hardly be told in a room
MOST_FOUND = 10_000
FROM_PEOPLE = (Basis.ELICITED, Basis.ILLUSTRATIVE)
RATINGS = (0.0, 10.0)

Perception = tuple[str, str]


def spirals(case: Case) -> tuple[Spiral, ...]:
    """Every closed loop of at most four policies, from the strongest; unconfirmed ones last."""
    return ranked(loops(edges(case)))


# --- the graph ------------------------------------------------------------------------------------


def edges(case: Case) -> tuple[SpiralEdge, ...]:
    """The turns that policies state, in the order of the case.

    One for each risk that a policy answers and each that it raises for another party; none where
    that one says that it raises nothing. What people of a party said is left out unless its group
    released tables under its own name.
    """
    return tuple(edge for policy in case.policies for edge in _turns(case, policy))


def _turns(case: Case, policy: model.Policy) -> Iterator[SpiralEdge]:
    felt = {(one.party, one.risk): _told(case, one.party, one.raises) for one in policy.felt}
    own = {(one.party, one.risk): _told(case, policy.party, one.raises) for one in policy.own_view}
    for answers in policy.answers:
        for other, raises in dict.fromkeys((*felt, *own)):
            by_other, by_self = felt.get((other, raises)), own.get((other, raises))
            stated = [view for view in (by_other, by_self) if view is not None]
            if stated and stated[0].mid > 0 and other != policy.party:
                yield SpiralEdge(
                    party=policy.party,
                    answers=answers,
                    policy=policy.id,
                    other=other,
                    raises=raises,
                    felt=by_other,
                    own_view=by_self,
                    confirmed=len(stated) > 1,
                    strength=lowest(stated),
                    cut_by=tuple(
                        SpiralCut(cut.measure, dict(cut.why))
                        for cut in policy.cut_by
                        if cut.party in (None, other)
                    ),
                )


def _told(case: Case, speaker: str, number: model.Number) -> Spread | None:
    """A rating as it may be told; None where it is what people of an unreleased group said."""
    estimate = case.estimate(number, "linear", case.policies_file.defaults)
    if estimate.provenance.basis in FROM_PEOPLE and not _released(case, speaker):
        return None
    if estimate.is_point:
        return Spread(estimate.mid, estimate.mid, estimate.mid)
    ends = fit(estimate, "linear").quantile((0.05, 0.5, 0.95))
    low, mid, high = (min(max(float(end), RATINGS[0]), RATINGS[1]) for end in ends)
    return Spread(low, mid, high)


def _released(case: Case, party: str) -> bool:
    """Whether a table of the party may be shown: it was not asked, or released it in each track."""
    if case.party_by_id[party].heard != "panel":
        return True
    tracks = [track for track in case.about.tracks if party in track.parties]
    return bool(tracks) and all(party in track.released for track in tracks)


def lowest(views: Sequence[Spread]) -> Spread:
    """The smallest of ratings that rise and fall together: by each quantile the smallest."""
    return Spread(
        min(view.low for view in views),
        min(view.mid for view in views),
        min(view.high for view in views),
    )


# --- loops ----------------------------------------------------------------------------------------


def loops(
    turns: Sequence[SpiralEdge], *, most: int = MOST_POLICIES
) -> tuple[tuple[SpiralEdge, ...], ...]:
    """Every simple cycle of at most ``most`` policies: no policy and no perception comes twice.

    A perception is a risk as one party perceives it; a turn leads from the one that its policy
    answers to the one that it raises. Since each turn leads to another party, a cycle has two or
    more. Each is told once, from the perception that comes first in ``turns``.

    Raises
    ------
    UsageError
        Where there are more than 10,000.

    """
    following: dict[Perception, list[SpiralEdge]] = defaultdict(list)
    for turn in turns:
        following[turn.party, turn.answers].append(turn)
    found: list[tuple[SpiralEdge, ...]] = []
    ahead = set(following)
    for start in following:
        far = _distances(turns, start, ahead)
        for cycle in _from(start, (), following, far, most):
            found.append(cycle)
            if len(found) > MOST_FOUND:
                raise UsageError(f"Over {MOST_FOUND:,} spirals: state fewer policies or risks.")
        ahead.remove(start)
    return tuple(found)


def _from(
    at: Perception,
    chain: tuple[SpiralEdge, ...],
    following: Mapping[Perception, Sequence[SpiralEdge]],
    far: Mapping[Perception, int],
    left: int,
) -> Iterator[tuple[SpiralEdge, ...]]:
    """The cycles that go on from a chain; ``far`` are the fewest turns back to its start."""
    passed = {(turn.party, turn.answers) for turn in chain} | {at}
    for turn in following[at]:
        to = turn.other, turn.raises
        if any(turn.policy == before.policy for before in chain) or far.get(to, left) >= left:
            continue
        if far[to] == 0:
            yield (*chain, turn)
        elif to not in passed:
            yield from _from(to, (*chain, turn), following, far, left - 1)


def _distances(
    turns: Iterable[SpiralEdge], start: Perception, among: Container[Perception]
) -> dict[Perception, int]:
    """The fewest turns that lead from each perception ``among`` some back to ``start``."""
    before: dict[Perception, list[Perception]] = defaultdict(list)
    for turn in turns:
        before[turn.other, turn.raises].append((turn.party, turn.answers))
    far, ring = {start: 0}, [start]
    while ring:
        ring = [one for at in ring for one in before[at] if one in among and far.get(one) is None]
        ring = list(dict.fromkeys(ring))
        far |= dict.fromkeys(ring, max(far.values()) + 1)
    return far


def ranked(cycles: Iterable[tuple[SpiralEdge, ...]]) -> tuple[Spiral, ...]:
    """The loops as spirals: those confirmed at every edge first, then the stronger.

    Among equals the shorter come first, and else they stay in their order.
    """
    found = [_spiral(cycle) for cycle in cycles]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not one.confirmed,
                -one.strength.mid,
                -one.strength.low,
                len(one.edges),
            ),
        )
    )


def _spiral(cycle: tuple[SpiralEdge, ...]) -> Spiral:
    strengths = [edge.strength for edge in cycle]
    return Spiral(
        edges=cycle,
        parties=tuple(dict.fromkeys(edge.party for edge in cycle)),
        confirmed=all(edge.confirmed for edge in cycle),
        strength=lowest(strengths),
        weakest=min(range(len(cycle)), key=lambda at: strengths[at].mid),
        cut_by=tuple(dict.fromkeys(cut.measure for edge in cycle for cut in edge.cut_by)),
    )


def open_edges(case: Case) -> tuple[SpiralEdge, ...]:
    """The turns that stand in no loop: what is felt, and answered by nobody in return."""
    every = edges(case)
    inside = {edge for cycle in loops(every) for edge in map(_name, cycle)}
    return tuple(edge for edge in every if _name(edge) not in inside)


def _name(edge: SpiralEdge) -> tuple[str, str, str, str]:
    return edge.answers, edge.policy, edge.other, edge.raises


def cutting(found: Iterable[Spiral]) -> tuple[tuple[str, int], ...]:
    """Of each measure that cuts a spiral, how many it cuts; the most first."""
    return tuple(Counter(measure for one in found for measure in one.cut_by).most_common())
