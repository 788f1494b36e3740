"""Why people answered so: reasons by theme and side, once their groups cleared them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from detente.case.case import Case
from detente.case.model import Reason
from detente.elicitation.agreement import krippendorff_alpha
from detente.elicitation.results import Coding, Group, ReasonLine, Spread, ThemeShare
from detente.elicitation.tallies import share
from detente.ground.chance import stream


def theme_shares(case: Case, groups: Sequence[Group]) -> tuple[ThemeShare, ...]:
    """How many people of every shown side gave a reason under each theme.

    Only reasons that were cleared count, a person once for each theme; see `tallies` for what is
    told of small numbers.
    """
    theme = themes(case)
    found = []
    for group, own in _by_side(case, groups).items():
        people = len({reason.participant for reason in own})
        if people < case.about.min_cell:
            continue
        for one in case.themes:
            said = len({r.participant for r in own if theme.get(r.id) == one.id})
            tally = share(said, people, least=case.about.min_cell)
            found.append(ThemeShare(group, one.id, tally.low, tally.high, people))
    return tuple(found)


def reason_lines(case: Case, groups: Sequence[Group]) -> tuple[ReasonLine, ...]:
    """The cleared reasons of sides from which enough people gave any.

    By side, item, theme and the words themselves: neither the people nor the order in which they
    spoke can be seen.
    """
    theme = themes(case)
    lines = [
        ReasonLine(group, reason.question, reason.item, theme[reason.id], reason.words)
        for group, own in _by_side(case, groups).items()
        if len({reason.participant for reason in own}) >= case.about.min_cell
        for reason in own
        if reason.id in theme
    ]
    order = {side.id: place for place, side in enumerate(case.about.sides)}
    return tuple(
        sorted(lines, key=lambda line: (order[line.group], line.item, line.theme, line.words))
    )


def coding(case: Case) -> Coding | None:
    """How far the coders agree; None where nothing was coded."""
    if not case.codes:
        return None
    coders = sorted({code.coder for code in case.codes})
    units = sorted({code.reason for code in case.codes})
    number = {theme.id: float(place) for place, theme in enumerate(case.themes)}
    table = np.full((len(coders), len(units)), np.nan)
    for code in case.codes:
        table[coders.index(code.coder), units.index(code.reason)] = number[code.theme]
    return Coding(len(coders), len(units), _alpha(case, table))


def _alpha(case: Case, table: np.ndarray) -> Spread | None:
    """Alpha with its interval; None for one coder, and where only one theme was ever used."""
    pairs = (~np.isnan(table)).sum(axis=0) >= 2
    if len(np.unique(table[:, pairs][~np.isnan(table[:, pairs])])) < 2:
        return None
    found = krippendorff_alpha(table, "nominal", rng=stream(case.about.seed, "coding"))
    return Spread(found.low, found.alpha, found.high)


def themes(case: Case) -> dict[str, str]:
    """The theme of every coded reason: the one most coders chose, else the first of the case."""
    chosen: Mapping[str, Counter[str]] = defaultdict(Counter)
    for code in case.codes:
        chosen[code.reason][code.theme] += 1
    order = [theme.id for theme in case.themes]
    return {
        reason: max(counts, key=lambda theme: (counts[theme], -order.index(theme)))
        for reason, counts in chosen.items()
    }


def _by_side(case: Case, groups: Sequence[Group]) -> dict[str, list[Reason]]:
    """The cleared reasons of every shown side that gave any."""
    shown = {group.id for group in groups if group.kind == "side"}
    cleared = {track.id: frozenset(track.released_reasons) for track in case.about.tracks}
    found: dict[str, list[Reason]] = {side: [] for side in _sides(case) if side in shown}
    for reason in case.reasons:
        side = case.side_of.get(reason.party)
        if side in found and reason.party in cleared.get(reason.track, ()):
            found[side].append(reason)
    return {side: own for side, own in found.items() if own}


def _sides(case: Case) -> Iterable[str]:
    return (side.id for side in case.about.sides)
