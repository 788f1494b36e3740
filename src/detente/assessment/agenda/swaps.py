"""What each belief would prefer if it held one number that another belief holds: the pivot test.

A belief prefers the measure with the lowest expected frequency, or none. Where the numbers are
independent within each ladder, the expected frequency E f is linear in the mean powers of each
parameter: E f = sum over powers of c_k E[x^a (1 - x)^b]. The factors c are those of the gradient,
the same for every number, so that one evaluation of a belief and one of the other's mean powers
answer for all parameters at once, without sampling. What a measure does is put in the place of an
option. Else the averages over common points are taken anew, for the ladders that rest on the
number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.escalation.effects import change_all, headline
from detente.escalation.ladder import CompiledLadder, Values
from detente.escalation.moments.frequency import expected_frequency
from detente.escalation.moments.options import ExpectedFrequency, Options, choice
from detente.escalation.moments.polynomial import TooManyPathsError, parameters_of
from detente.escalation.prepare import Prepared, Structure
from detente.escalation.uncertainty import Belief, Change, Sample
from detente.ground.chance import Floats, TwoPiece

NOTHING = ""  # the option of no measure
_SAME = 1e-13  # of the largest: differences below it are rounding
Acts = tuple[Change, ...]


@dataclass(frozen=True)
class Swap:
    """What ``belief`` prefers, and what it would prefer with what ``by`` holds.

    Of one parameter, ``number``, or of all that ``measure`` does. Preferred measures are empty for
    none.
    """

    belief: str
    by: str
    number: str
    measure: str
    before: str
    after: str


def swaps(made: Prepared) -> tuple[Swap, ...]:
    """The pivot test of every ordered pair of beliefs on every number on which they part.

    Of beliefs that refuse no number, and of parameters on which the ladders of the one who changes
    rest. The order is that of the beliefs, and of the numbers in the case.
    """
    found: list[Swap] = []
    polynomials: dict[Structure, ExpectedFrequency | None] = {}
    for belief in made.telling:
        structure = made.at_headline[belief.id]
        if structure not in polynomials:
            polynomials[structure] = _polynomial(structure)
        frequency = polynomials[structure]
        others = [one for one in made.telling if one is not belief]
        asked = _Asked.of(made, belief, others)
        if frequency is None or not apart_in_ladders(structure, belief, made.together.block):
            found += _sampled(asked, structure, made.sample)
        else:
            found += _exact(asked, frequency)
    return tuple(found)


def preferred_when_scaled(
    made: Prepared, ladders: Sequence[CompiledLadder], factors: Sequence[float]
) -> tuple[str, ...]:
    """What the case's own numbers prefer where the frequency of some ladders is multiplied.

    Of averages over the common points; ``ladders`` are among those of the base.
    """
    belief, structure = made.base, made.at_headline[made.base.id]
    asked = _Asked.of(made, belief, ())
    values, acts = made.sample.parameters(belief), list(asked.options.values())
    rows = {one: _row(one, values, acts, made.sample) for one in structure}
    some = sum((rows[one] for one in ladders), np.zeros(len(acts)))
    whole = sum(rows.values(), np.zeros(len(acts)))
    return tuple(asked.best(whole + (factor - 1) * some) for factor in factors)


def apart_in_ladders(structure: Structure, belief: Belief, block: Iterable[str]) -> bool:
    """Whether no ladder rests on two correlated numbers, so that means of products are products."""
    together = {*block}
    acts = [act for own in belief.changes.values() for act in own]
    return all(
        len(together & {*one.rests_on, *(a.size.id for a in acts if a.on in one.rests_on)}) <= 1
        for one in structure
    )


# --- what is asked --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Asked:
    """The options of a belief, and what others hold otherwise.

    ``options`` has the acts of each measure by the belief's own numbers. ``numbers`` are (other,
    parameter) pairs, ``acts`` what another holds that a measure does, by (other, measure).
    """

    belief: Belief
    options: Mapping[str, Acts]
    others: Mapping[str, Belief]
    numbers: tuple[tuple[str, str], ...]
    acts: Mapping[tuple[str, str], Acts]

    @classmethod
    def of(cls, made: Prepared, belief: Belief, others: Sequence[Belief]) -> _Asked:
        known = frozenset(parameters_of(made.at_headline[belief.id]))
        acting = {one: _acts(belief, one, known) for one in made.measures}
        differ = {
            (other.id, one): _acts(other, one, known)
            for other in others
            for one in made.measures
            if _signature(_acts(other, one, known)) != _signature(acting[one])
        }
        measures = [m for m in made.measures if acting[m] or any(one == m for _, one in differ)]
        return cls(
            belief=belief,
            options={NOTHING: (), **{one: acting[one] for one in measures}},
            others={other.id: other for other in others},
            numbers=tuple(
                (other.id, name)
                for other in others
                for name in belief.parameters
                if name in known and _spread(other, name) != _spread(belief, name)
            ),
            acts={key: _named(acts, key[0]) for key, acts in differ.items()},
        )

    def best(self, expected: Floats) -> str:
        """The option with the lowest expected frequency; of equals the first."""
        margin = _SAME * float(np.abs(expected).max())
        return tuple(self.options)[int(np.argmax(expected <= expected.min() + margin))]

    def told(
        self,
        before: Floats,
        by_number: Mapping[tuple[str, str], Floats],
        by_acts: Mapping[tuple[str, str], float],
    ) -> Iterator[Swap]:
        """The swaps from expected frequencies, by number of all options, by acts of one option."""
        own, places = self.best(before), tuple(self.options)
        for (other, name), after in by_number.items():
            yield Swap(self.belief.id, other, name, "", own, self.best(after))
        for (other, measure), one in by_acts.items():
            after = before.copy()
            after[places.index(measure)] = one
            yield Swap(self.belief.id, other, "", measure, own, self.best(after))


def _acts(belief: Belief, measure: str, known: frozenset[str]) -> Acts:
    return tuple(act for act in belief.changes.get(measure, ()) if act.on in known)


def _signature(acts: Acts) -> tuple[tuple[str, str, TwoPiece], ...]:
    return tuple((act.on, act.how, act.size.spread) for act in acts)


def _spread(belief: Belief, name: str) -> TwoPiece:
    return belief.parameters[name].spread


def _named(acts: Acts, owner: str) -> Acts:
    """The acts with sizes of their owner's, so that those of two beliefs can stand side by side."""
    return tuple(replace(a, size=replace(a.size, id=f"{a.size.id} of {owner}")) for a in acts)


# --- exact ----------------------------------------------------------------------------------------


def _polynomial(structure: Structure) -> ExpectedFrequency | None:
    try:
        return expected_frequency(structure)
    except TooManyPathsError:
        return None


def _exact(asked: _Asked, frequency: ExpectedFrequency) -> Iterator[Swap]:
    own = [*asked.options.values()]
    options = _options(frequency, asked.belief, [*own, *asked.acts.values()])
    expected, multiply = frequency.expectations(options.means)
    column = {name: place for place, name in enumerate(frequency.parameters)}
    theirs = {
        other: _options(frequency, asked.others[other], own).means
        for other in dict.fromkeys(other for other, _ in asked.numbers)
    }
    by_number = {
        (other, name): np.einsum(
            "or,or->o", multiply[: len(own), column[name]], theirs[other][:, column[name]]
        )
        for other, name in asked.numbers
        if name in column
    }
    by_acts = dict(zip(asked.acts, expected[len(own) :].tolist(), strict=True))
    yield from asked.told(expected[: len(own)], by_number, by_acts)


def _options(frequency: ExpectedFrequency, belief: Belief, acts: Sequence[Acts]) -> Options:
    """The options with the belief's parameters."""
    spreads = {name: one.spread for name, one in belief.parameters.items()}
    return choice(frequency, spreads, acts)


# --- by common points -----------------------------------------------------------------------------


def _sampled(asked: _Asked, structure: Structure, sample: Sample) -> Iterator[Swap]:
    values, acts = sample.parameters(asked.belief), [*asked.options.values()]
    rows = [_row(ladder, values, acts, sample) for ladder in structure]
    by_number = {}
    for other, name in asked.numbers:
        swapped = {**values, name: sample.values(asked.others[other].parameters[name])}
        by_number[other, name] = sum(
            (
                _row(ladder, swapped, acts, sample) if name in ladder.rests_on else row
                for ladder, row in zip(structure, rows, strict=True)
            ),
            np.zeros(len(acts)),
        )
    by_acts = {}
    for (other, measure), named in asked.acts.items():
        theirs = _acts(asked.others[other], measure, frozenset(act.on for act in named))
        cells = (_row(ladder, values, [theirs], sample)[0] for ladder in structure)
        by_acts[other, measure] = float(sum(cells))
    yield from asked.told(sum(rows, np.zeros(len(acts))), by_number, by_acts)


def _row(ladder: CompiledLadder, values: Values, options: Sequence[Acts], sample: Sample) -> Floats:
    """The mean frequency of one ladder under each option."""
    found = np.empty(len(options))
    plain: float | None = None
    for place, acts in enumerate(options):
        if any(act.on in ladder.rests_on for act in acts):
            after = change_all(values, acts, sample.values)
            found[place] = headline(ladder, after).mean()
        else:
            plain = float(headline(ladder, values).mean()) if plain is None else plain
            found[place] = plain
    return found
