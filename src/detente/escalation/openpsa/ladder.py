"""Ladders of a case as a model of the Model Exchange Format, and what it cannot hold.

A ladder becomes an initiating event with its rate and an event tree; each rung a functional event,
whose fork asks an event; each level of a ladder a sequence, ``<ladder>_<level>``, for tools know
sequences by name alone. A rung that names a parameter has a basic event of
its own, so that only formulas are collected and cut sets can be told.

A ladder that rests on what a crisis changes becomes two trees with an initiating event each. Both
begin with the event that there is a crisis: the tree for calm times collects that it is not so and
the one for a crisis, ``<ladder>_crisis``, that it is; their frequencies add.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.case import model as case
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.two_piece import Form, uncertain
from detente.ground.basis import Basis, Provenance, Status
from detente.ground.chance import Scale, fit
from detente.ground.errors import UsageError

SCALES: Mapping[str, Scale] = {"rate": "log", "probability": "logit"}
OPS: Mapping[str, str] = {
    "any_of": "or",
    "all_of": "and",
    "none_of": "nor",
    "either_of": "xor",
    "of": "atleast",
}
Rates = Literal["elements", "attributes"]
BELIEFS_LOST = (
    "Beliefs ({names}) stand in attributes, which no tool computes with; which ladders a belief "
    "does not hold to exist is left out."
)
ACTS_LOST = (
    "Acts of measures stand in attributes; which measures need, exclude or saturate each other is "
    "left out."
)
CORRELATIONS_LOST = "Correlations are left out: all numbers of the model are independent."


@dataclass(frozen=True)
class Exported:
    """A model, and in sentences what of the ladders it does not hold, or not as it was."""

    model: mef.MefModel
    lost: tuple[str, ...]


def ladder_to_openpsa(
    file: case.LadderFile,
    *,
    measures: Iterable[case.Measure] = (),
    form: Form = "exact",
    rates: Rates = "elements",
) -> Exported:
    """A ladder file as a model.

    Parameters
    ----------
    file
        The ladders, whose references hold (`detente.case.check`), and whose numbers stand in them:
        those from counts and answers are put in place before (`detente.escalation.stated`).
    measures
        Measures whose acts are told as attributes of the parameters that they act on.
    form
        How an uncertain number is written. ``exact``: a standard normal deviate z, and the number
        as an expression of it, m + z (below if z < 0 else above) on the log or logit scale; the
        value at the point is the median. ``deviates``: one deviate of the standard; lognormal
        where it is just that, else a histogram of 76 bins, whose quantiles are within 0.5 per cent
        and which ends at the quantiles of 7e-5 and 1 - 7e-5; the value at the point is the mean.
    rates
        Whether an initiating event has its rate as an element, as the standard lets it, or names it
        in an attribute ``frequency``, for tools that refuse the element, as SCRAM 0.16 does.

    Raises
    ------
    UsageError
        Where a number is still to be taken from counts or answers.

    """
    open_ = ", ".join(one.id for one in file.parameters if one.from_elsewhere)
    if open_:
        raise UsageError(f"Numbers are still to be taken from counts or answers: {open_}.")
    return _Exporter(file, tuple(measures), form, rates).exported()


def taken_from_elsewhere(file: case.LadderFile) -> tuple[str, ...]:
    """In a sentence, which numbers of a file are taken from counts or answers, if any are."""
    beside = (number for belief in file.beliefs for number in belief.numbers)
    listed = [one.id for one in (*file.parameters, *beside) if one.from_elsewhere]
    names = ", ".join(dict.fromkeys(listed))
    if not names:
        return ()
    return (f"Counts and answers behind numbers are left out, and what they give stands: {names}.",)


@dataclass(frozen=True)
class _State:
    """A ladder at all times, in calm times or in a crisis; ``instead`` is what a crisis changes.

    ``begins`` is what its tree collects first.
    """

    told: str = ""
    begins: mef.Formula | None = None
    instead: Mapping[str, str] = field(default_factory=dict)


AT_ALL_TIMES = _State()


@dataclass
class _Exporter:
    file: case.LadderFile
    measures: tuple[case.Measure, ...]
    form: Form
    rates: Rates
    lost: list[str] = field(default_factory=list)
    _called: dict[str, str] = field(default_factory=dict)
    _added: dict[str, str] = field(default_factory=dict)
    _definitions: dict[str, mef.Definition] = field(default_factory=dict)

    def exported(self) -> Exported:
        self._events = {event.id: event for event in self.file.events}
        for ladder in self.file.ladders:  # so that no event in between takes the name of one
            self._name(ladder.id)
        states = [(ladder, one) for ladder in self.file.ladders for one in self._states(ladder)]
        trees = tuple(self._tree(ladder, state) for ladder, state in states)
        starts = tuple(self._start(ladder, state) for ladder, state in states)
        apart = self._of_beliefs_alone()
        numbers = [
            one
            for number in self.file.parameters
            if number.id not in apart
            for one in self._number(number)
        ]
        gates = mef.Container(name="events", definitions=tuple(self._definitions.values()))
        model = mef.MefModel(
            attributes=self._about(),
            initiating_events=starts,
            event_trees=trees,
            fault_trees=(gates,) if self._definitions else (),
            data=tuple(numbers),
        )
        self._tell()
        return Exported(model, tuple(self.lost))

    def _name(self, id_: str) -> str:
        """An id as the standard allows it, another for every id."""
        return self._free(self._called, id_)

    def _own(self, text: str) -> str:
        """The name of something that the file has no id for, another than that of any id."""
        return self._free(self._added, text)

    def _free(self, called: dict[str, str], text: str) -> str:
        if text not in called:
            name = _allowed(text)
            while name in self._called.values() or name in self._added.values():
                name += "_"
            called[text] = name
        return called[text]

    # --- calm times and a crisis ---

    def _states(self, ladder: case.Ladder) -> tuple[_State, ...]:
        """The states that a ladder is told in, as `ladder.compile_states` has them."""
        crisis = self.file.crisis
        if crisis is None or not crisis.instead.keys() & self._named(ladder):
            return (AT_ALL_TIMES,)
        name = self._own(f"{crisis.share}.now")
        expression = self._parameter(crisis.share)
        self._define(mef.BasicEvent(name=name, label="there is a crisis", expression=expression))
        event = mef.Formula("basic-event", name=name)
        calm = _State("calm", mef.Formula("not", (event,)))
        return calm, _State("crisis", event, crisis.instead)

    def _of_beliefs_alone(self) -> set[str]:
        """The parameters that only what beliefs have of their own names."""
        own: set[str] = set()
        for belief in self.file.beliefs:
            own.update(one.starts for one in belief.ladders)
            own.update(rung.p for one in belief.ladders for rung in _rungs(one))
            own.update(name for one in belief.events for name in (*one.operands, one.p or ""))
        crisis = self.file.crisis
        common = {crisis.share, *crisis.instead.values()} if crisis else set[str]()
        return own - common.union(*(self._named(one) for one in self.file.ladders))

    def _named(self, ladder: case.Ladder) -> set[str]:
        """The parameters that a ladder names, by itself and in events."""
        found = {ladder.starts}
        for rung in _rungs(ladder):
            found |= self._below(rung.p)
        return found

    def _below(self, id_: str) -> set[str]:
        """The parameters of an event; of a parameter that one itself."""
        event = self._events.get(id_)
        if event is None:
            return {id_}
        if event.p is not None:
            return {event.p}
        return set[str]().union(*(self._below(one) for one in event.operands))

    def _tree_name(self, ladder: case.Ladder, state: _State) -> str:
        if state.told == "crisis":
            return self._own(f"{ladder.id}.crisis")
        return self._name(ladder.id)

    # --- event trees ---

    def _start(self, ladder: case.Ladder, state: _State) -> mef.InitiatingEvent:
        label, attributes = _words(ladder.title)
        rate = self._name(state.instead.get(ladder.starts, ladder.starts))
        told = _told(branch=ladder.branch, risk=ladder.risk or "", state=state.told)
        within = self.rates == "elements"
        told = told if within else (*told, *_told(frequency=rate))
        return mef.InitiatingEvent(
            name=self._tree_name(ladder, state),
            label=label,
            attributes=(*attributes, *told),
            event_tree=self._tree_name(ladder, state),
            frequency=mef.Expression("parameter", name=rate) if within else None,
        )

    def _tree(self, ladder: case.Ladder, state: _State) -> mef.EventTree:
        name = self._tree_name(ladder, state)
        growing = _Growing(name, state)
        initial = self._branch(growing, ladder)
        if state.begins is not None:
            initial = _collecting(state.begins, initial)
        levels = [level for level in self.file.levels if level in growing.ends]
        return mef.EventTree(
            name=name,
            functional_events=tuple(growing.asked),
            sequences=tuple(
                mef.Sequence(name=self._sequence(name, level), label=level) for level in levels
            ),
            initial=initial,
        )

    def _branch(self, tree: _Growing, branches: case.Branches, *, rung: int = 0) -> mef.Branch:
        """The branch from a rung of a path on."""
        if rung == len(branches.path):
            return self._end(tree, branches.ends)
        stated = branches.path[rung]
        name = self._own(f"{tree.name}_{len(tree.asked) + 1}")
        label, attributes = _words(stated.event)
        tree.asked.append(mef.FunctionalEvent(name=name, label=label, attributes=attributes))
        event = self._asked(stated, name, label, tree.state)
        if isinstance(stated.otherwise, str):
            otherwise = self._end(tree, stated.otherwise)
        else:
            otherwise = self._branch(tree, stated.otherwise)
        then = self._branch(tree, branches, rung=rung + 1)
        paths = (
            mef.Path("yes", _collecting(event, then)),
            mef.Path("no", _collecting(mef.Formula("not", (event,)), otherwise)),
        )
        return mef.Branch((), mef.Fork(name, paths))

    def _sequence(self, tree: str, level: str) -> str:
        return f"{tree}_{self._name(level)}"

    def _end(self, tree: _Growing, level: str) -> mef.Branch:
        tree.ends.add(level)
        return mef.Branch((), mef.Target("sequence", self._sequence(tree.name, level)))

    # --- events ---

    def _asked(self, rung: case.Rung, name: str, label: str, state: _State) -> mef.Formula:
        """The event of a rung: a named one, or one that no other rung has."""
        if rung.p in self._events:
            return self._event(rung.p, state)
        expression = self._parameter(state.instead.get(rung.p, rung.p))
        self._define(mef.BasicEvent(name=name, label=label, expression=expression))
        return mef.Formula("basic-event", name=name)

    def _event(self, id_: str, state: _State) -> mef.Formula:
        """A named event, or a parameter that a gate takes for one, as it is in a state."""
        changed = bool(state.instead.keys() & self._below(id_))
        name = self._own(f"{id_}.crisis") if changed else self._name(id_)
        event = self._events.get(id_)
        if event is None or event.p is not None:
            label, attributes = _words(event.title if event else None)
            p = event.p if event and event.p else id_
            expression = self._parameter(state.instead.get(p, p))
            self._define(
                mef.BasicEvent(name=name, label=label, attributes=attributes, expression=expression)
            )
            return mef.Formula("basic-event", name=name)
        if name not in self._definitions:
            label, attributes = _words(event.title)
            inputs = tuple(self._event(one, state) for one in event.operands)
            formula = mef.Formula(OPS[event.gate], inputs, least=event.at_least or 0)
            self._define(mef.Gate(name=name, label=label, attributes=attributes, formula=formula))
        return mef.Formula("gate", name=name)

    def _define(self, one: mef.Definition) -> None:
        self._definitions.setdefault(one.name, one)

    def _parameter(self, id_: str) -> mef.Expression:
        return mef.Expression("parameter", name=self._name(id_))

    # --- numbers ---

    def _number(self, number: case.Parameter) -> list[mef.Parameter]:
        scale = SCALES[number.kind]
        spread = fit(number.estimate(scale, _UNTOLD), scale)
        label, attributes = _words(number.title)
        attributes = (
            *attributes,
            *_told(kind=number.kind, **_stated(number), **_origin(number, self.file.defaults)),
            *self._beliefs(number.id),
            *self._acts(number.id),
        )
        name = self._name(number.id)
        unit = "years-1" if number.kind == "rate" else ""
        own, expression = uncertain(name, spread, self.form)
        whole = mef.Parameter(
            name=name, label=label, attributes=attributes, unit=unit, expression=expression
        )
        if expression.op == "histogram":
            self.lost.append(f"Parameter {name} is a histogram of its quantiles.")
        return [*own, whole]

    def _beliefs(self, parameter: str) -> mef.Attributes:
        return tuple(
            (f"belief_{_allowed(belief.id)}", _interval(number), "")
            for belief in self.file.beliefs
            for number in belief.numbers
            if number.id == parameter
        )

    def _acts(self, parameter: str) -> mef.Attributes:
        rival = [(f"{one.id}_{act.measure}", act) for one in self.file.beliefs for act in one.acts]
        every = [*((one.id, act) for one in self.measures for act in one.acts), *rival]
        return tuple(
            (f"measure_{_allowed(name)}", f"{act.how} {_interval(act.value)}", "")
            for name, act in every
            if act.on == parameter
        )

    def _about(self) -> mef.Attributes:
        told = _told(
            levels=" ".join(self._name(level) for level in self.file.levels),
            headline=self._name(self.file.headline) if self.file.headline else "",
        )
        published = tuple(
            (f"published_{_allowed(one.id)}", f"{one.unit} {_interval(one)}", "")
            for one in self.file.published
        )
        return (*told, *published)

    def _tell(self) -> None:
        """What the format has no place for."""
        self.lost += [told for told, there in self._without_place() if there]
        refused = [one.id for one in self.file.parameters if one.bounds_only]
        if refused:
            self.lost.append(
                f"Of {', '.join(refused)} bounds alone are granted; the model has a spread between "
                "them, which nobody holds."
            )
        for id_, name in self._called.items():
            if id_ != name:
                self.lost.append(f"`{id_}` is called `{name}`, as the format needs it.")

    def _without_place(self) -> Iterator[tuple[str, bool]]:
        """What is lost, and whether the file has it."""
        file = self.file
        names = ", ".join(belief.id for belief in file.beliefs)
        yield BELIEFS_LOST.format(names=names), bool(file.beliefs)
        own = ", ".join(belief.id for belief in file.beliefs if belief.events or belief.ladders)
        yield f"Ladders and events that beliefs have of their own ({own}) are left out.", bool(own)
        yield ACTS_LOST, any(measure.acts for measure in self.measures)
        yield "Published estimates stand in attributes of the model.", bool(file.published)
        yield CORRELATIONS_LOST, bool(file.correlations)
        yield "Years in which nothing happened are left out.", bool(file.quiet)


@dataclass
class _Growing:
    """A tree while it is made: what it asked so far, and the levels where it ends."""

    name: str
    state: _State
    asked: list[mef.FunctionalEvent] = field(default_factory=list)
    ends: set[str] = field(default_factory=set)


def _rungs(branches: case.Branches) -> Iterator[case.Rung]:
    """All rungs of a ladder, those of further paths as well."""
    for rung in branches.path:
        yield rung
        if not isinstance(rung.otherwise, str):
            yield from _rungs(rung.otherwise)


def _allowed(id_: str) -> str:
    """An id without dots and hyphens in a row, and with a letter first."""
    name = re.sub(r"[-.]*[.][-.]*|--+", "_", id_).strip("-_")
    return name if name[:1].isalpha() else f"n_{name}"


def _collecting(formula: mef.Formula, branch: mef.Branch) -> mef.Branch:
    return mef.Branch((mef.CollectFormula(formula), *branch.instructions), branch.target)


_UNTOLD = Provenance(Basis.ASSUMED, "", "", Status.UNVERIFIED)


def _words(texts: case.Texts | None) -> tuple[str, mef.Attributes]:  # type: ignore[name-defined]
    """The first language as label, the others as attributes."""
    if not texts:
        return "", ()
    (_, first), *others = texts.items()
    return " ".join(first.split()), tuple((f"label_{lang}", text, "") for lang, text in others)


def _told(**values: str) -> mef.Attributes:
    return tuple((name, value, "") for name, value in values.items() if value)


def _origin(number: case.Number, defaults: case.Origin) -> dict[str, str]:
    def of(name: str) -> str:
        value = getattr(number, name) or getattr(defaults, name)
        return "" if value is None else str(value)

    return {name: of(name) for name in ("basis", "source", "date", "status")}


def _stated(number: case.Parameter) -> dict[str, str]:
    return {"stated": _interval(number), "note": " ".join(number.note.split())}


def _interval(number: case.Number) -> str:
    if number.value is not None:
        return repr(number.value)
    middle = "" if number.mid is None else f" mid {number.mid!r}"
    return f"low {number.low!r}{middle} high {number.high!r} ci {number.ci!r}"
