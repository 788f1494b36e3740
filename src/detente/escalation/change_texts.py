"""Short texts of the parts of an escalation model, for telling what is different in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from detente.case import model
from detente.case.case import RATE_SCALE, Case
from detente.ground.basis import Basis

LONG = 72  # characters after which words are cut
_FEW = 15  # characters that are told before the first difference of long words


class Words(Protocol):
    """A language: phrases and numbers. The phrases of the reports are one."""

    @property
    def language(self) -> str:
        """Its code of two letters."""

    def __call__(self, text: str, **values: object) -> str:
        """The phrase, filled with the values."""

    def cell(self, x: float) -> str:
        """A number as it is."""


@dataclass(frozen=True)
class English:
    """English as it stands in the code, for programs that read texts.

    >>> English()("any of {events}", events="a, b")
    'any of a, b'
    """

    language: str = "en"

    def __call__(self, text: str, **values: object) -> str:
        """The phrase, filled with the values."""
        return text.format(**values) if values else text

    def cell(self, x: float) -> str:
        """A number as it is, with twelve digits."""
        return f"{x:.12g}"


ENGLISH = English()


@dataclass(frozen=True)
class Side:
    """One of two versions, and the language in which it is told."""

    case: Case
    words: Words

    def by_language(self, texts: dict[str, str] | None) -> dict[str, str]:
        """A text by language; a bare one is in the first language of the case."""
        first = self.case.about.languages[0]
        return {key or first: text for key, text in (texts or {}).items()}

    def text(self, texts: dict[str, str] | None) -> str:
        """A text in the language of the reader, as far as there is one."""
        return short(self.case.words(texts, self.words.language)) if texts else ""

    def kind_of(self, parameter: str) -> str:
        """The kind of a parameter; nothing where it is not there."""
        found = self.case.parameter_by_id.get(parameter)
        return found.kind if found else ""

    def document(self, source: str | None) -> str:
        """The title of a document; its id, or any other words, where it has none."""
        _ = self.words
        found = self.case.source_by_id.get(source or "")
        return short(found.title) if found else source or _("none")


def scale_of(side: Side, record: model.Record) -> str:
    """The scale of the number in a record: log, logit, or linear where nothing tells it."""
    if isinstance(record, model.Parameter):
        return RATE_SCALE[record.kind]
    if isinstance(record, model.Act):
        kind = side.kind_of(record.on)
        return "log" if record.how != "replacement" else RATE_SCALE.get(kind, "linear")
    return "logit"


# --- words -----------------------------------------------------------------------------------


def short(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONG else line[: LONG - 1].rstrip() + "…"


def short_pair(old: str, new: str) -> tuple[str, str]:
    """Two different texts, cut where they are long, but never before their first difference.

    >>> short_pair("a " * 50 + "b", "a " * 50 + "c")
    ('… a a a a a a a b', '… a a a a a a a c')
    """
    before, after = (" ".join(text.split()) for text in (old, new))
    if short(before) != short(after) or before == after:
        return short(before), short(after)
    places = zip(before, after, strict=False)
    first = next((i for i, (a, b) in enumerate(places) if a != b), min(len(before), len(after)))
    start = first - _FEW
    return tuple(short(f"…{text[start:]}") for text in (before, after))  # type: ignore[return-value]


def plain_text(side: Side, value: Any) -> str:
    """A value of a field: ids, a number, yes or no, or words."""
    _ = side.words
    if value is None or value in ("", (), {}):
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return _.cell(value)
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in sorted(set(value)))
    if isinstance(value, dict):
        return ", ".join(f"{key} → {value[key]}" for key in sorted(value))
    if isinstance(value, model.Branches):
        return branches_text(side, value)
    if isinstance(value, model.Record):  # by the keys of its file
        stated = {key: one for key, one in value if one is not None}
        return ", ".join(f"{key} {plain_text(side, one)}" for key, one in stated.items())
    return str(value)


def gate_text(side: Side, event: model.Event) -> str:
    """What an event consists of."""
    _ = side.words
    if not event.gate:
        return _("happens with {number}", number=event.p)
    events = ", ".join(sorted(event.operands))
    return {
        "any_of": _("any of {events}", events=events),
        "all_of": _("all of {events}", events=events),
        "none_of": _("none of {events}", events=events),
        "either_of": _("one of {events}, not both", events=events),
        "of": _("at least {n} of {events}", n=event.at_least, events=events),
    }[event.gate]


def rung_text(side: Side, rung: model.Rung) -> str:
    """The number of a rung, and where the path leaves."""
    _ = side.words
    return _("{number}, else {level}", number=rung.p, level=plain_text(side, rung.otherwise))


def branches_text(side: Side, path: model.Branches) -> str:
    """The numbers of a path in order, and its end."""
    _ = side.words
    numbers = ", ".join(rung.p for rung in path.path)
    if not numbers:
        return _("ends at {level}", level=path.ends)
    return _("by {numbers} to {level}", numbers=numbers, level=path.ends)


# --- numbers ---------------------------------------------------------------------------------


def number_text(side: Side, record: model.Record, digits: int = 3) -> str:
    """The number in a record: its value or interval, or where else it is taken from."""
    _ = side.words
    number = record.value if isinstance(record, model.Act) else record
    assert isinstance(number, model.Number)
    if isinstance(number, model.Uncertain) and number.elicited is not None:
        answers = number.elicited
        return _("answers of {group} on {quantity}", group=answers.group, quantity=answers.quantity)
    if isinstance(number, model.Parameter) and number.counted is not None:
        return _counted_text(side, number.counted, digits)
    text = _stated_text(side, number, digits, percent=scale_of(side, record) == "logit")
    if isinstance(record, model.Parameter) and record.kind == "rate":
        text = _("{number} a year", number=text)
    if isinstance(record, model.Act) and record.how != "replacement":
        text = f"× {text}"
    return text + _remarks(side, number)


def _stated_text(side: Side, number: model.Number, digits: int, *, percent: bool) -> str:
    _ = side.words
    values = [one for one in (number.value, number.low, number.mid, number.high) if one is not None]
    percent = percent and all(one == 0 or one >= 1e-4 for one in values)

    def cell(x: float) -> str:
        return _.cell(float(f"{100 * x if percent else x:.{digits}g}"))

    if number.value is not None:
        text = cell(number.value)
    else:
        assert number.low is not None
        assert number.high is not None
        text = f"{cell(number.low)}–{cell(number.high)}"
        if number.mid is not None:
            mid = _("{number} %", number=cell(number.mid)) if percent else cell(number.mid)
            text = f"{mid} ({_('{number} %', number=text) if percent else text})"
    if percent and number.mid is None:
        text = _("{number} %", number=text)
    return text


def _remarks(side: Side, number: model.Number) -> str:
    """What else must be told of an interval: that it holds other than 90 %, or is bounds only."""
    _ = side.words
    if isinstance(number, model.Uncertain) and number.bounds_only:
        return _(", bounds only")
    if number.value is None and number.ci != 90:
        return _(", {share} % interval", share=_.cell(number.ci))
    return ""


def _counted_text(side: Side, counted: model.Counted, digits: int) -> str:
    _ = side.words
    if counted.counts:
        text = _("counts {rows}", rows=", ".join(sorted(counted.counts)))
    else:
        ladder, start, end = counted.incidents, counted.start, counted.end
        text = _("incidents of {ladder}, {start} to {end}", ladder=ladder, start=start, end=end)
    if counted.reported is None:
        return text
    share = _stated_text(side, counted.reported, digits, percent=True)
    share += _remarks(side, counted.reported)
    return _("{counts}; reported {share}", counts=text, share=share)


def basis_text(side: Side, basis: Basis | None, source: str | None) -> str:
    """A basis, and of a document or words of its own the source."""
    _ = side.words
    if basis is None:
        name = _("none")
    else:
        name = {
            Basis.SOURCE: _("source"),
            Basis.ELICITED: _("elicited"),
            Basis.COMPUTED: _("computed"),
            Basis.ASSUMED: _("assumed"),
            Basis.ILLUSTRATIVE: _("illustrative"),
        }[basis]
    if not source:
        return name
    told = short(side.document(source))
    return f"{name} {told}" if basis is Basis.SOURCE else f"{name} ({told})"
