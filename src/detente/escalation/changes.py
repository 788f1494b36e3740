"""What is different between two versions of an escalation model, item by item.

Items are found again by their ids: a parameter, an event, a ladder, a belief. Rungs have none, and
are found again by their words, else by their number. The order of a list is no change, but for the
order of levels and of rungs, which means something; of two that changed places, one is told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

from detente.case import model
from detente.case.case import Case
from detente.escalation.change_records import Aspect, Found, Pair, Size, compared
from detente.escalation.change_texts import (
    ENGLISH,
    Side,
    Words,
    branches_text,
    gate_text,
    number_text,
    plain_text,
    rung_text,
    short,
)

__all__ = ["Aspect", "Change", "Size", "changes"]

Kind = Literal["added", "removed", "changed", "moved"]
Group = Literal["ladders", "numbers", "measures", "beliefs", "beside"]
GROUPS: tuple[Group, ...] = ("ladders", "numbers", "measures", "beliefs", "beside")
GROUP_OF: dict[str, Group] = {  # in each group the most important first
    "headline": "ladders",
    "level": "ladders",
    "ladder": "ladders",
    "rung": "ladders",
    "event": "ladders",
    "crisis": "ladders",
    "parameter": "numbers",
    "correlation": "numbers",
    "defaults": "numbers",
    "measure": "measures",
    "act": "measures",
    "belief": "beliefs",
    "published": "beside",
    "quiet": "beside",
}
_ORIGIN = ("note", "basis", "source", "date", "status")
WORDS_ALONE = frozenset(
    (
        *("title", "words", "about", "period", "risk", "held_by", "branch"),
        *(*_ORIGIN, *(f"reported {of}" for of in _ORIGIN)),
    )
)


@dataclass(frozen=True)
class Change:
    """One item that is different in the new version of a model.

    ``what`` is the kind of item (`GROUP_OF`), ``where`` its id or the way to it in words, within
    ``belief`` where it is part of one. ``old`` and ``new`` are short texts of the two versions in
    the respect ``of`` (``number``, ``gate``, ``place``; empty where the whole item is new or
    gone); ``also`` holds the other respects.
    """

    kind: Kind
    what: str
    belief: str
    where: str
    title: str
    of: str
    old: str
    new: str
    size: Size | None = None
    also: tuple[Aspect, ...] = ()

    @property
    def group(self) -> Group:
        """The heading under which it is told."""
        return "beliefs" if self.belief else GROUP_OF[self.what]

    @property
    def words_alone(self) -> bool:
        """Whether only words or an origin differ, so that no frequency moves by it."""
        respects = {self.of, *(one.of for one in self.also)}
        return self.kind == "changed" and respects <= WORDS_ALONE


def changes(old: Case, new: Case, *, words: Words = ENGLISH) -> tuple[Change, ...]:
    """Every difference in the ladders of two cases, and in what their measures do to them.

    Parameters
    ----------
    old, new
        Two versions of a case. Of the measures, only effects and ties to other measures count.
    words
        The language of the texts.

    Returns
    -------
    tuple of Change
        By group; within it what can move a result before what is words alone, and larger steps of
        numbers before smaller ones.

    """
    sides = Side(old, words), Side(new, words)
    ladders = _Walk(Pair(*sides, (old.ladder.defaults, new.ladder.defaults)))
    files = old.measures_file, new.measures_file
    measures = _Walk(Pair(*sides, (files[0].defaults, files[1].defaults)))
    found = chain(
        _ladder_file(ladders, old.ladder, new.ladder),
        measures.once("defaults", "measures.yaml", files[0].defaults, files[1].defaults),
        measures.items("measure", files[0].measures, files[1].measures),
    )
    return tuple(sorted(found, key=_rank))


def _rank(change: Change) -> tuple[int, str, bool, int, float]:
    factor = change.size.factor if change.size else None
    step = abs(math.log(factor)) if factor else math.inf
    belief = change.where if change.what == "belief" else change.belief
    what = -1 if change.what == "belief" else [*GROUP_OF].index(change.what)
    return GROUPS.index(change.group), belief, change.words_alone, what, -step


def _ladder_file(walk: _Walk, old: model.LadderFile, new: model.LadderFile) -> Iterator[Change]:
    if old.headline != new.headline:
        texts = (old.headline or "", new.headline or "")
        yield walk.change(_kind(old.headline, new.headline), "headline", "", texts=texts)
    yield from _levels(walk, old.levels, new.levels)
    yield from walk.items("ladder", old.ladders, new.ladders)
    yield from walk.items("event", old.events, new.events)
    yield from walk.once("crisis", "", old.crisis, new.crisis)
    yield from walk.items("parameter", old.parameters, new.parameters)
    yield from walk.items("correlation", old.correlations, new.correlations)
    yield from walk.once("defaults", "ladder.yaml", old.defaults, new.defaults)
    yield from walk.items("belief", old.beliefs, new.beliefs)
    yield from walk.items("published", old.published, new.published)
    yield from walk.items("quiet", old.quiet, new.quiet)


def _kind(old: object, new: object) -> Kind:
    return "changed" if old and new else "added" if new else "removed"


# --- items that have a name ------------------------------------------------------------------


@dataclass(frozen=True)
class _Walk:
    """Both versions, and the belief and the measure whose items are compared."""

    two: Pair
    belief: str = ""
    measure: str = ""

    def change(
        self, kind: Kind, what: str, where: str, title: str = "", texts: tuple[str, str] = ("", "")
    ) -> Change:
        """A change of a whole item, or of one that has a single respect."""
        return Change(kind, what, self.belief, where, title, "", *texts)

    def told(
        self, found: Found, what: str, where: str, title: str = "", *, kind: Kind = "changed"
    ) -> Iterator[Change]:
        """The change of an item that is in both versions, where anything about it differs."""
        if found[0]:
            first, *also = found[0]
            yield replace(
                self.change(kind, what, where, title, (first.old, first.new)),
                of=first.of,
                size=found[1],
                also=tuple(also),
            )

    def once(
        self, what: str, where: str, old: model.Record | None, new: model.Record | None
    ) -> Iterator[Change]:
        """The change of what a file has at most once."""
        if old is not None and new is not None:
            yield from self.told(compared(self.two, old, new), what, where)
        elif old is not new:
            texts = tuple(
                _SUMMARY[what](side, one) if one is not None else ""
                for side, one in ((self.two.old, old), (self.two.new, new))
            )
            yield self.change(_kind(old, new), what, where, texts=(texts[0], texts[1]))

    def items(self, what: str, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Change]:
        """The changes of a list whose order means nothing."""
        before, after = self._by_name(what, old), self._by_name(what, new)
        for name in {**before, **after}:
            one, other = before.get(name), after.get(name)
            where = name[0]
            title = self._title(what, one, other)
            if one is not None and other is not None:
                yield from self.told(compared(self.two, one, other), what, where, title)
                yield from _within(self, one, other)
            elif other is not None:
                texts = ("", _SUMMARY[what](self.two.new, other))
                yield self.change("added", what, where, title, texts)
            else:
                texts = (_SUMMARY[what](self.two.old, one), "")
                yield self.change("removed", what, where, title, texts)

    def _by_name(self, what: str, items: Iterable[Any]) -> dict[tuple[str, int], Any]:
        """The items by name; where two have one name, by their place among those of it."""
        seen: Counter[str] = Counter()
        found = {}
        for item in items:
            name = self._name(what, item)
            found[name, seen[name]] = item
            seen[name] += 1
        return found

    def _name(self, what: str, item: Any) -> str:
        if what == "correlation":
            return ", ".join(sorted(item.between))
        if what == "act":
            measure = item.measure if isinstance(item, model.BeliefAct) else self.measure
            _ = self.two.new.words
            return _("{measure} on {number}", measure=measure, number=item.on)
        return str(item.id)

    def _title(self, what: str, old: Any, new: Any) -> str:
        """The title of an item in words; that of its parameter where it has none."""
        for side, item in ((self.two.new, new), (self.two.old, old)):
            texts = getattr(item, "title", None) or getattr(item, "about", None)
            if not texts and item is not None and what in {"parameter", "act"}:
                name = item.on if what == "act" else item.id
                base = side.case.parameter_by_id.get(name)
                texts = base.title if base else None
            if texts:
                return side.text(texts)
        return ""


def _within(walk: _Walk, old: model.Record, new: model.Record) -> Iterator[Change]:
    """The changes of the items of an item that is in both versions."""
    if isinstance(old, model.Ladder) and isinstance(new, model.Ladder):
        yield from _rungs(walk, old.id, old.path, new.path)
    elif isinstance(old, model.Measure) and isinstance(new, model.Measure):
        yield from replace(walk, measure=old.id).items("act", old.acts, new.acts)
    elif isinstance(old, model.Belief) and isinstance(new, model.Belief):
        inside = replace(walk, belief=old.id)
        yield from inside.items("parameter", old.numbers, new.numbers)
        yield from inside.items("event", old.events, new.events)
        yield from inside.items("ladder", old.ladders, new.ladders)
        yield from inside.items("act", old.acts, new.acts)


# --- what a whole item is, in short ----------------------------------------------------------


def _ladder_text(side: Side, ladder: model.Ladder) -> str:
    _ = side.words
    path = branches_text(side, ladder)
    return short(_("from {number} {path}", number=ladder.starts, path=path))


def _belief_text(side: Side, belief: model.Belief) -> str:
    _ = side.words
    parts = [
        (_("numbers for {names}", names=_names(one.id for one in belief.numbers)), belief.numbers),
        (_("events {names}", names=_names(one.id for one in belief.events)), belief.events),
        (_("ladders {names}", names=_names(one.id for one in belief.ladders)), belief.ladders),
        (_("without {names}", names=_names(belief.without)), belief.without),
        (_("effects of {names}", names=_names(one.measure for one in belief.acts)), belief.acts),
    ]
    return "; ".join(text for text, stated in parts if stated) or _("the numbers of the case")


def _measure_text(side: Side, measure: model.Measure) -> str:
    _ = side.words
    if not measure.acts:
        return _("no effect stated")
    return _("effects on {names}", names=_names(one.on for one in measure.acts))


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def _crisis_text(side: Side, crisis: model.Crisis) -> str:
    _ = side.words
    swaps = plain_text(side, crisis.instead)
    return _("share of time {number}; {swaps}", number=crisis.share, swaps=swaps)


def _quiet_text(side: Side, quiet: model.Quiet) -> str:
    _ = side.words
    return _("no {level} in {years} years", level=quiet.level, years=_.cell(quiet.years))


_SUMMARY: dict[str, Callable[[Side, Any], str]] = {
    "ladder": _ladder_text,
    "event": gate_text,
    "crisis": _crisis_text,
    "parameter": number_text,
    "correlation": lambda side, one: f"r {side.words.cell(one.r)}",
    "measure": _measure_text,
    "act": number_text,
    "belief": _belief_text,
    "published": number_text,
    "quiet": _quiet_text,
}


# --- levels and rungs, whose order means something -------------------------------------------

Match = tuple[int, int]


def _levels(walk: _Walk, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    moved = _moved({(old.index(one), new.index(one)): one for one in old if one in new})
    for level in dict.fromkeys((*old, *new)):
        if level not in old:
            texts = ("", _place(walk.two.new, new, level))
            yield walk.change("added", "level", level, texts=texts)
        elif level not in new:
            texts = (_place(walk.two.old, old, level), "")
            yield walk.change("removed", "level", level, texts=texts)
        elif (pair := (old.index(level), new.index(level))) in moved:
            yield from walk.told(([_places(*pair)], None), "level", level, kind="moved")


def _place(side: Side, levels: Sequence[str], level: str) -> str:
    place = levels.index(level)
    _ = side.words
    return _("worse than {level}", level=levels[place - 1]) if place else _("the mildest")


def _places(old: int, new: int) -> Aspect:
    return Aspect("place", str(old + 1), str(new + 1))


def _rungs(
    walk: _Walk, where: str, old: Sequence[model.Rung], new: Sequence[model.Rung]
) -> Iterator[Change]:
    """The changes of a path: rungs that are gone, then those that are new, moved or changed."""
    two = walk.two
    names = [_rung_names(two.old, rung) for rung in old], [_rung_names(two.new, r) for r in new]
    pairs = _matched(*names)
    moved = _moved({(i, j): str(sorted(map(repr, (names[0][i], names[1][j])))) for i, j in pairs})
    for i in sorted({*range(len(old))} - {i for i, _j in pairs}):
        texts = (rung_text(two.old, old[i]), "")
        at = _rung_place(two.new, where, i)
        yield walk.change("removed", "rung", at, two.old.text(old[i].event), texts)
    before = {j: i for i, j in pairs}
    for j, rung in enumerate(new):
        at = _rung_place(two.new, where, j)
        if j not in before:
            texts = ("", rung_text(two.new, rung))
            yield walk.change("added", "rung", at, two.new.text(rung.event), texts)
            continue
        i = before[j]
        aspects, _size = compared(two, old[i], rung)
        found = [_places(i, j), *aspects] if (i, j) in moved else aspects
        kind: Kind = "moved" if (i, j) in moved else "changed"
        yield from walk.told((found, None), "rung", at, two.new.text(rung.event), kind=kind)
        yield from _side_path(walk, _rung_place(two.new, where, j, beside=True), old[i], rung)


def _side_path(walk: _Walk, where: str, old: model.Rung, new: model.Rung) -> Iterator[Change]:
    """The changes of a path beside a rung, where both versions have one."""
    paths = old.otherwise, new.otherwise
    if isinstance(paths[0], model.Branches) and isinstance(paths[1], model.Branches):
        yield from _rungs(walk, where, paths[0].path, paths[1].path)


def _rung_place(side: Side, path: str, place: int, *, beside: bool = False) -> str:
    _ = side.words
    if beside:
        return _("{path}, beside rung {n}", path=path, n=place + 1)
    return _("{path}, rung {n}", path=path, n=place + 1)


def _rung_names(side: Side, rung: model.Rung) -> tuple[Hashable, ...]:
    """By what a rung is found again, the surest first."""
    words = side.case.words(rung.event)
    beside = rung.otherwise if isinstance(rung.otherwise, str) else "a path"
    return (words, rung.p, beside), (words, rung.p), words, ("p", rung.p)


def _matched(
    old: Sequence[tuple[Hashable, ...]], new: Sequence[tuple[Hashable, ...]]
) -> list[Match]:
    """Which places of two lists hold the same item: by the surest name first, each once."""
    found: dict[int, int] = {}
    for one in range(max((len(names) for names in (*old, *new)), default=0)):
        for i, names in enumerate(old):
            if i not in found:
                left = (j for j in range(len(new)) if j not in found.values())
                place = next((j for j in left if new[j][one] == names[one]), None)
                if place is not None:
                    found[i] = place
    return sorted(found.items())


def _moved(names: Mapping[Match, str]) -> set[Match]:
    """The fewest pairs that are out of order; of several such sets the same one either way."""
    longest: list[tuple[int, tuple[str, ...], tuple[Match, ...]]] = []
    for pair in sorted(names):
        before = [one for one in longest if one[2][-1][1] < pair[1]]
        length, named, kept = max(before, default=(0, (), ()))
        longest.append((length + 1, (*named, names[pair]), (*kept, pair)))
    in_order = max(longest, default=(0, (), ()))[2]
    return {*names} - {*in_order}
