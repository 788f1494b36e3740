"""Ladders of a case as a model of the Model Exchange Format, and what it cannot hold.

A ladder becomes an initiating event with its rate and an event tree; each rung a functional event,
whose fork asks an event; each level of a ladder a sequence, ``<ladder>_<level>``, for tools know
sequences by name alone. A rung that names a parameter has a basic event of
its own, so that only formulas are collected and cut sets can be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.case import model as case
from detente.escalation.openpsa import model as mef
from detente.escalation.openpsa.two_piece import Form, uncertain
from detente.ground.basis import Basis, Provenance, Status
from detente.ground.chance import Scale, fit

SCALES: Mapping[str, Scale] = {"rate": "log", "probability": "logit"}
Rates = Literal["elements", "attributes"]


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
        The ladders, whose references hold (`detente.case.check`).
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

    """
    return _Exporter(file, tuple(measures), form, rates).exported()


@dataclass
class _Exporter:
    file: case.LadderFile
    measures: tuple[case.Measure, ...]
    form: Form
    rates: Rates
    lost: list[str] = field(default_factory=list)
    _called: dict[str, str] = field(default_factory=dict)
    _definitions: dict[str, mef.Definition] = field(default_factory=dict)

    def exported(self) -> Exported:
        self._events = {event.id: event for event in self.file.events}
        trees = tuple(self._tree(ladder) for ladder in self.file.ladders)
        starts = tuple(self._start(ladder) for ladder in self.file.ladders)
        numbers = [one for number in self.file.parameters for one in self._number(number)]
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
        if id_ not in self._called:
            name = _allowed(id_)
            while name in self._called.values():
                name += "_"
            self._called[id_] = name
        return self._called[id_]

    # --- event trees ---

    def _start(self, ladder: case.Ladder) -> mef.InitiatingEvent:
        label, attributes = _words(ladder.title)
        rate = self._name(ladder.starts)
        told = _told(branch=ladder.branch, risk=ladder.risk or "")
        within = self.rates == "elements"
        told = told if within else (*told, *_told(frequency=rate))
        return mef.InitiatingEvent(
            name=self._name(ladder.id),
            label=label,
            attributes=(*attributes, *told),
            event_tree=self._name(ladder.id),
            frequency=mef.Expression("parameter", name=rate) if within else None,
        )

    def _tree(self, ladder: case.Ladder) -> mef.EventTree:
        asked: list[mef.FunctionalEvent] = []
        ends: dict[str, None] = {}
        initial = self._branch(ladder, ladder, asked, ends)
        levels = [level for level in self.file.levels if level in ends]
        return mef.EventTree(
            name=self._name(ladder.id),
            functional_events=tuple(asked),
            sequences=tuple(
                mef.Sequence(name=self._sequence(ladder, level), label=level) for level in levels
            ),
            initial=initial,
        )

    def _branch(
        self,
        ladder: case.Ladder,
        branches: case.Branches,
        asked: list[mef.FunctionalEvent],
        ends: dict[str, None],
        *,
        rung: int = 0,
    ) -> mef.Branch:
        """The branch from a rung of a path on."""
        if rung == len(branches.path):
            return self._end(ladder, branches.ends, ends)
        stated = branches.path[rung]
        number = len(asked) + 1
        label, attributes = _words(stated.event)
        name = f"{self._name(ladder.id)}_{number}"
        asked.append(mef.FunctionalEvent(name=name, label=label, attributes=attributes))
        event = self._asked(stated, name, label)
        if isinstance(stated.otherwise, str):
            otherwise = self._end(ladder, stated.otherwise, ends)
        else:
            otherwise = self._branch(ladder, stated.otherwise, asked, ends)
        then = self._branch(ladder, branches, asked, ends, rung=rung + 1)
        paths = (
            mef.Path("yes", _collecting(event, then)),
            mef.Path("no", _collecting(mef.Formula("not", (event,)), otherwise)),
        )
        return mef.Branch((), mef.Fork(name, paths))

    def _sequence(self, ladder: case.Ladder, level: str) -> str:
        return f"{self._name(ladder.id)}_{self._name(level)}"

    def _end(self, ladder: case.Ladder, level: str, ends: dict[str, None]) -> mef.Branch:
        ends[level] = None
        return mef.Branch((), mef.Target("sequence", self._sequence(ladder, level)))

    # --- events ---

    def _asked(self, rung: case.Rung, name: str, label: str) -> mef.Formula:
        """The event of a rung: a named one, or one that no other rung has."""
        if rung.p in self._events:
            return self._event(rung.p)
        self._define(mef.BasicEvent(name=name, label=label, expression=self._parameter(rung.p)))
        return mef.Formula("basic-event", name=name)

    def _event(self, id_: str) -> mef.Formula:
        """A named event, or a parameter that a gate takes for one."""
        name, event = self._name(id_), self._events.get(id_)
        if event is None or event.p is not None:
            label, attributes = _words(event.title if event else None)
            expression = self._parameter(event.p if event and event.p else id_)
            self._define(
                mef.BasicEvent(name=name, label=label, attributes=attributes, expression=expression)
            )
            return mef.Formula("basic-event", name=name)
        if name not in self._definitions:
            op, listed = next(
                (op, inputs)
                for op, inputs in (
                    ("or", event.any_of),
                    ("and", event.all_of),
                    ("nor", event.none_of),
                )
                if inputs
            )
            label, attributes = _words(event.title)
            formula = mef.Formula(op, tuple(self._event(one) for one in listed))
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
        if self.file.beliefs:
            names = ", ".join(belief.id for belief in self.file.beliefs)
            self.lost.append(
                f"Beliefs ({names}) stand in attributes, which no tool computes with; which "
                "ladders a belief does not hold to exist is left out."
            )
        if any(measure.acts for measure in self.measures):
            self.lost.append(
                "Acts of measures stand in attributes; which measures need, exclude or saturate "
                "each other is left out."
            )
        if self.file.published:
            self.lost.append("Published estimates stand in attributes of the model.")
        for id_, name in self._called.items():
            if id_ != name:
                self.lost.append(f"`{id_}` is called `{name}`, as the format needs it.")


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
