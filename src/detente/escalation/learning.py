"""What to find out next: which number, once known, would change the choice of a measure.

For one belief alone: whose frequency is saved across rivals is not asked. The choice is that of
one measure, or of none; the expected frequency under each, given one number, is exact
(`moments.evppi`), but for numbers that are correlated, where it is the average over bins of points
with like values of the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from detente.escalation.correlated.copula import Copula
from detente.escalation.effects import change_all, headline, total
from detente.escalation.ladder import CompiledLadder, Values
from detente.escalation.moments.evppi import frequency_saved
from detente.escalation.moments.frequency import expected_frequency
from detente.escalation.moments.options import choice, option_curves
from detente.escalation.moments.polynomial import TooManyPathsError, parameters_of
from detente.escalation.results import Learning
from detente.escalation.uncertainty import Belief, Change, Sample
from detente.ground.chance import Floats

LEAST = 0.01  # a change that is less probable is left out
MOST = 10
NOTHING = ""  # the option of no measure
BINS = 64
SURE = 2.0  # standard errors by which a number that is taken by bins must save
Options = Mapping[str, tuple[Change, ...]]


def learning(
    belief: Belief,
    ladders: Sequence[CompiledLadder],
    together: Copula,
    *,
    measures: Sequence[str],
    sample: Sample,
) -> tuple[Learning, ...]:
    """The numbers whose knowledge would most often change the preferred measure.

    Parameters
    ----------
    belief
        A belief that refuses no number.
    ladders
        Its ladders, with the headline or worse as their only end.
    together
        The correlations of the numbers.
    measures
        The ids of all measures, in the order of the case.
    sample
        The common points, where the exact way is not open.

    Returns
    -------
    tuple of Learning
        By falling frequency saved; those that change the choice with a probability of at least
        `LEAST`, and at most `MOST`.

    """
    known = set(parameters_of(ladders))
    acts = {one: belief.changes.get(one, ()) for one in measures}
    options = {one: own for one, own in acts.items() if any(act.on in known for act in own)}
    if not options:
        return ()
    options = {NOTHING: (), **options}
    correlated = len(known & {*together.block}) > 1
    found = None if correlated else _exact(belief, ladders, options)
    if found is None:
        found = _binned(belief, ladders, options, sample)
    found = [one for one in found if one.changes >= LEAST and one.worth > 0]
    return tuple(sorted(found, key=lambda one: -one.worth)[:MOST])


def _exact(
    belief: Belief, ladders: Sequence[CompiledLadder], options: Options
) -> list[Learning] | None:
    spreads = {name: one.spread for name, one in belief.parameters.items()}
    try:
        frequency = expected_frequency(ladders)
    except TooManyPathsError:
        return None
    curves = option_curves(choice(frequency, spreads, list(options.values())))
    found = frequency_saved(curves)
    left = float(curves.expected[found.preferred])
    if left <= 0:  # what cannot happen leaves nothing to learn
        return []
    return [
        _told(belief.id, number, tuple(options), found.preferred, best, worth / left)
        for number, best, worth in zip(
            curves.numbers, found.best, found.worth.tolist(), strict=True
        )
    ]


def _told(
    belief: str, number: str, options: Sequence[str], preferred: int, best: Floats, worth: float
) -> Learning:
    others = np.delete(best, preferred)
    likeliest = int(np.argmax(others))
    instead = [name for place, name in enumerate(options) if place != preferred][likeliest]
    changes = float(1 - best[preferred])
    return Learning(belief, number, options[preferred], instead, changes, worth)


def _binned(
    belief: Belief, ladders: Sequence[CompiledLadder], options: Options, sample: Sample
) -> list[Learning]:
    """The same from common points: sorted by the number, cut into bins of like values."""
    values = sample.parameters(belief)
    rows = np.stack([_frequency(ladders, values, own, sample) for own in options.values()])
    expected = rows.mean(axis=1)
    preferred = int(expected.argmin())
    if expected[preferred] <= 0:
        return []
    sizes = {act.size.id: act.size for own in options.values() for act in own}
    numbers = {name: values[name] for name in parameters_of(ladders)}
    numbers |= {name: sample.values(one) for name, one in sizes.items()}
    return [
        _told(belief.id, name, tuple(options), preferred, best, saved / float(expected[preferred]))
        for name, known in numbers.items()
        for best, saved in _by_bins(rows, known, preferred)
    ]


def _by_bins(rows: Floats, known: Floats, preferred: int) -> Iterator[tuple[Floats, float]]:
    """How often each option is best in a bin of like values, and what is saved; or nothing.

    The best of a bin by one half of its points is judged by the other half: what is best by chance
    alone saves nothing. What does not stand out from its error by bins is left out.
    """
    if np.ptp(known) == 0:
        return
    bins = min(BINS, len(known) // 4)
    if bins == 0:
        return
    by_value = rows[:, np.argsort(known, kind="stable")].reshape(len(rows), bins, -1)
    halves = [by_value[:, :, side::2].mean(axis=2) for side in range(2)]
    first, second = (
        other[preferred] - other[one.argmin(axis=0), np.arange(bins)]
        for one, other in (halves, halves[::-1])
    )
    saved = float((first + second).mean()) / 2
    if saved > SURE * float(np.sqrt(np.sum((first - second) ** 2))) / 2 / bins:
        whole = by_value.mean(axis=2).argmin(axis=0)
        yield np.bincount(whole, minlength=len(rows)) / bins, saved


def _frequency(
    ladders: Sequence[CompiledLadder], values: Values, acts: tuple[Change, ...], sample: Sample
) -> Floats:
    after = change_all(values, acts, sample.values)
    return total({ladder.id: headline(ladder, after) for ladder in ladders})
