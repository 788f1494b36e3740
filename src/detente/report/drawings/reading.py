"""A ladder read from its foot to its ends: the steps of its paths, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from detente.case import model
from detente.report.drawings.pulls import TURNED, Pull, Way, pulls, together
from detente.report.names import Names


@dataclass(frozen=True)
class Leg:
    """One number that a step rests on, or the words of a gate that joins those below it.

    ``depth`` counts the gates that it stands in. ``number`` is None for a gate; ``in_crisis`` is
    the number that stands in its place in a crisis. ``turned`` says which way the step goes where
    the number rises: the same way, the other, or, under a gate "not both", either.
    """

    depth: int
    words: str
    number: model.Parameter | None = None
    in_crisis: model.Parameter | None = None
    turned: Way = "raises"


@dataclass(frozen=True)
class Step:
    """A rung. ``otherwise`` is the level that it leaves to; None where a further path begins.

    ``depth`` counts the paths that it branched off from, ``first`` says that its path begins
    with it.
    """

    label: str
    depth: int
    first: bool
    event: str
    legs: tuple[Leg, ...]
    otherwise: str | None


@dataclass(frozen=True)
class End:
    """Where a path arrives when all its ``rungs`` happen."""

    label: str
    depth: int
    rungs: int
    level: str


class Reader:
    """Reads the ladders of one file in the words of a reader."""

    def __init__(
        self, file: model.LadderFile, measures: Sequence[model.Measure], names: Names
    ) -> None:
        self._numbers = {one.id: one for one in file.parameters}
        self._events = {one.id: one for one in file.events}
        self._instead = file.crisis.instead if file.crisis else {}
        self._measures = measures
        self._names = names

    def steps(self, branches: model.Branches) -> Iterator[Step | End]:
        """The steps of a path and its end; after a step, those of the path that leaves there."""
        yield from self._path(branches, "", 0)

    def number(
        self, parameter: str, words: str = "", depth: int = 0, turned: Way = "raises"
    ) -> Leg:
        """One number as a leg."""
        instead = self._instead.get(parameter)
        return Leg(
            depth,
            words,
            self._numbers[parameter],
            self._numbers[instead] if instead else None,
            turned,
        )

    def pulls(self, leg: Leg) -> tuple[Pull, ...]:
        """The measures that act on a leg's number, in calm times or in a crisis."""
        return self._in_order(together((*self.calm(leg), *self.crisis(leg))))

    def calm(self, leg: Leg) -> tuple[Pull, ...]:
        """The measures that act on the number itself."""
        return pulls(leg.number, self._measures) if leg.number else ()

    def crisis(self, leg: Leg) -> tuple[Pull, ...]:
        """The measures that act on the number that stands in its place in a crisis."""
        return pulls(leg.in_crisis, self._measures) if leg.in_crisis else ()

    def step_pulls(self, step: Step) -> tuple[Pull, ...]:
        """Which way each measure pulls the step as a whole, through all gates."""
        found = together(
            Pull(pull.measure, _through(pull.way, leg.turned))
            for leg in step.legs
            for pull in self.pulls(leg)
        )
        return self._in_order(found)

    def _in_order(self, found: Iterable[Pull]) -> tuple[Pull, ...]:
        """Pulls in the order of the measures."""
        order = [measure.id for measure in self._measures]
        return tuple(sorted(found, key=lambda pull: order.index(pull.measure)))

    def _path(self, branches: model.Branches, above: str, depth: int) -> Iterator[Step | End]:
        for place, rung in enumerate(branches.path):
            label = _label(above, place)
            aside = rung.otherwise if isinstance(rung.otherwise, model.Branches) else None
            yield Step(
                label,
                depth,
                place == 0,
                self._names.text(rung.event),
                tuple(self._legs(rung.p)),
                rung.otherwise if isinstance(rung.otherwise, str) else None,
            )
            if aside is not None:
                yield from self._path(aside, label, depth + 1)
        yield End(above, depth, len(branches.path), branches.ends)

    def _legs(self, name: str) -> Iterator[Leg]:
        event = self._events.get(name)
        if event is None:
            yield self.number(name)
        elif event.p is not None:
            yield self.number(event.p)
        else:
            yield from self._gate(event, "", 0, "raises", set())

    def _gate(
        self, event: model.Event, before: str, depth: int, turned: Way, met: set[str]
    ) -> Iterator[Leg]:
        """The words of a gate, then what it joins; a gate that was told is not told again."""
        yield Leg(depth, f"{before}{self._joins(event)}")
        met.add(event.id)
        below = _below(event, turned)
        for name in event.operands:
            operand = self._events.get(name)
            if operand is None:
                yield self.number(name, self._title(None, name), depth + 1, below)
            elif operand.p is not None:
                yield self.number(operand.p, self._title(operand, operand.p), depth + 1, below)
            elif name in met:
                again = self._names.phrases("as above")
                yield Leg(depth + 1, f"{self._title(operand, name)} ({again})")
            else:
                title = f"{self._title(operand, name)}: "
                yield from self._gate(operand, title, depth + 1, below, met)

    def _title(self, event: model.Event | None, name: str) -> str:
        """The words of an event, else of its number, else its id with blanks."""
        if event is not None and event.title is not None:
            return self._names.text(event.title)
        number = self._numbers.get(name)
        if number is not None and number.title is not None:
            return self._names.text(number.title)
        return name.replace("-", " ")

    def _joins(self, event: model.Event) -> str:
        _ = self._names.phrases
        several = len(event.operands)
        match event.gate:
            case "any_of":
                return _("one suffices:")
            case "all_of":
                return _("both:") if several == 2 else _("all of:")
            case "none_of":
                return _("neither:") if several == 2 else _("none of:")
            case "either_of":
                return _("one of both, not both:")
            case _:
                return _("at least {n} of:", n=event.at_least)


def _below(event: model.Event, turned: Way) -> Way:
    if event.gate == "either_of":
        return "either"
    return TURNED[turned] if event.gate == "none_of" else turned


def _through(pull: Way, turned: Way) -> Way:
    """Which way a step goes where one of its numbers is pulled."""
    if turned == "raises" or pull == "leaves":
        return pull
    return TURNED[pull] if turned == "lowers" else "either"


def _label(above: str, place: int) -> str:
    """Numbers on the main path, letters on a path that leaves it, and so on: 3, 3a, 3a1."""
    if not above or above[-1] in ascii_lowercase:
        return f"{above}{place + 1}"
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = ascii_lowercase[rest] + letters
    return above + letters
