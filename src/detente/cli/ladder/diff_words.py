"""The words of `detente ladder diff`: each change a sentence, and tables of what moved."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import click

from detente.cli.show import WIDTH, chance, number, print_table, say, shortened
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.escalation.changes import Change, Group, Size
    from detente.escalation.moved import Appeared, FrequencyMoved, Moved, VerdictMoved
    from detente.escalation.results import Flip, Verdict
    from detente.report.names import Names

SIGNS = {"added": "+", "removed": "−", "changed": "~", "moved": "↕"}
MOST_VERDICTS = 20
MOST_TURNS = 6


# --- what changed ----------------------------------------------------------------------------


def print_changes(found: Sequence[Change], old: str, new: str, *, remark: str = "") -> None:
    """The changes by group, a sentence each."""
    say(_("From {old} to {new}", old=old, new=new))
    if remark:
        say(remark)
    if not found:
        say(_("No change in the model."))
        return
    say(_.n("{n} change in the model.", "{n} changes in the model.", len(found)))
    for group, title in _groups().items():
        told = [one for one in found if one.group == group]
        if told:
            say("")
            click.secho(f"{title} ({len(told)})", bold=True)
            for one in told:
                _print_line(SIGNS[one.kind], sentence(one))


def _groups() -> dict[Group, str]:
    return {
        "ladders": _("Ladders"),
        "numbers": _("Numbers"),
        "measures": _("What measures do"),
        "beliefs": _("Beliefs"),
        "beside": _("Told beside the ladders"),
    }


def _print_line(sign: str, text: str) -> None:
    """A line behind its sign, folded between words but not between a number and its sign."""
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    folded = fill(
        text.replace("× ", "×\u00a0").replace(" %", "\u00a0%"),
        max(width, 40),
        initial_indent=f"  {sign} ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    say(folded.replace("\u00a0", " "))


def sentence(change: Change) -> str:
    """A change as one sentence."""
    subject = _subject(change)
    if change.kind == "added":
        said = _("{subject} is new: {new}", subject=subject, new=change.new)
    elif change.kind == "removed":
        said = _("{subject} is gone; it was: {old}", subject=subject, old=change.old)
    elif change.kind == "moved":
        texts = {"old": change.old, "new": change.new}
        said = _("{subject} moved from place {old} to place {new}", subject=subject, **texts)
    elif change.of in {"number", ""}:
        texts = {"old": change.old, "new": change.new}
        said = _("{subject} went from {old} to {new}", subject=subject, **texts)
    else:
        texts = {"old": change.old, "new": change.new}
        said = _("{subject}: {of} {old} → {new}", subject=subject, of=respect(change.of), **texts)
    parts = [said, *_size(change.size)]
    parts += [
        _("{of} {old} → {new}", of=respect(one.of), old=one.old, new=one.new) for one in change.also
    ]
    return "; ".join(parts).rstrip(".") + "."


def _subject(change: Change) -> str:
    noun = item(change.what)
    named = f"{noun} `{change.where}`" if change.where else noun
    if change.title and change.title != change.where:
        named = f"{named} ({change.title})"
    if change.belief:
        return _("Under {belief}, {item}", belief=change.belief, item=named)
    return named[:1].upper() + named[1:]


def item(what: str) -> str:
    """A kind of item, as the subject of a sentence."""
    return {
        "headline": _("the headline level"),
        "level": _("the level"),
        "ladder": _("the ladder"),
        "rung": _("the rung"),
        "event": _("the event"),
        "crisis": _("the crisis switch"),
        "parameter": _("the number"),
        "correlation": _("the correlation of"),
        "defaults": _("the origin of all numbers in"),
        "measure": _("the measure"),
        "act": _("the effect of"),
        "belief": _("the belief"),
        "published": _("the published estimate"),
        "quiet": _("the quiet years"),
    }[what]


def respect(of: str) -> str:
    """A respect in which an item differs; the key of a new field as it is."""
    if of.startswith("reported "):
        return _("{of} of the reported share", of=respect(of.removeprefix("reported ")))
    return respects().get(of, of)


def respects() -> dict[str, str]:
    """The words of the respects in which items differ."""
    return {
        "number": _("number"),
        "note": _("remark"),
        "basis": _("basis"),
        "source": _("source"),
        "date": _("date"),
        "status": _("status"),
        "kind": _("kind"),
        "title": _("title"),
        "gate": _("condition"),
        "words": _("words"),
        "p": _("number"),
        "otherwise": _("otherwise"),
        "side path ends": _("its side path ends at"),
        "place": _("place in the order"),
        "starts": _("starts with"),
        "ends": _("ends at"),
        "branch": _("branch"),
        "risk": _("risk"),
        "how": _("kind of effect"),
        "without": _("ladders left out"),
        "held_by": _("held by"),
        "r": "r",
        "share": _("share of time"),
        "instead": _("in their place"),
        "about": _("outcome"),
        "unit": _("unit"),
        "period": _("years"),
        "beside": _("set beside"),
        "level": _("level"),
        "years": _("years"),
        "needs": _("needs"),
        "excludes": _("excludes"),
        "saturates_with": _("does the same work as"),
    }


def _size(size: Size | None) -> list[str]:
    """How far a number moved, and whether its interval is wider."""
    if size is None:
        return []
    parts = []
    if size.factor is not None and abs(math.log(size.factor)) > 0.005:  # else the same middle
        factor = number(size.factor, 2)
        parts.append(
            {
                "odds": _("odds × {factor}", factor=factor),
                "rate": _("rate × {factor}", factor=factor),
                "ratio": _("ratio × {factor}", factor=factor),
            }[size.of]
        )
    width = {
        "wider": _("interval wider"),
        "narrower": _("interval narrower"),
        "as-wide": _("interval as wide as before"),
        "none": "",
    }[size.interval]
    return [*parts, width] if width else parts


# --- what it moved ---------------------------------------------------------------------------


def print_moved(moved: Moved, old: Case, new: Case) -> None:
    """What the changes moved, in words and tables that fit a page."""
    from detente.report.names import Names

    names, former = Names(new, _), Names(old, _)
    say("")
    click.secho(_("What this moved"), bold=True)
    if moved.headlines[0] != moved.headlines[1]:
        texts = {"old": moved.headlines[0] or "–", "new": moved.headlines[1] or "–"}
        say(_("Verdicts spoke of {old} or worse, and now speak of {new} or worse.", **texts))
    _print_frequencies(moved, names)
    _print_verdicts(moved, names)
    _print_appeared(moved.new, names, new=True)
    _print_appeared(moved.gone, former, new=False)


def _print_frequencies(moved: Moved, names: Names) -> None:
    if not moved.frequencies:
        return
    level = names.level(moved.frequencies[0].level)
    shifted = [one for one in moved.frequencies if one.factor != 1]
    if not shifted:
        say(_("{level} or worse: about as often as before under every belief.", level=level))
        return
    print_table(
        _("How often {level} or worse is reached, now and before", level=level),
        (_("belief"), _("now"), _("orders of magnitude")),
        [
            (_holder(one, names), _often(one), _orders(one))
            for one in sorted(shifted, key=lambda one: -abs(one.orders or math.inf))
        ],
        note=_("Under all other beliefs about as often as before.")
        if len(shifted) < len(moved.frequencies)
        else "",
    )


def _holder(one: FrequencyMoved, names: Names) -> str:
    held = _belief(one.belief)
    if one.of != "median":
        least = one.of == "least"
        return (
            _("{belief}, at least", belief=held) if least else _("{belief}, at most", belief=held)
        )
    return held if one.belief == "base" else shortened(f"{held} ({names.belief(one.belief)})", 56)


def _belief(belief: str) -> str:
    return _("the case's own") if belief == "base" else belief


def _often(one: FrequencyMoved) -> str:
    if one.factor is None:
        if one.before == one.after:
            return _("never, as before")
        return _("before never") if one.before == 0 else _("now never")
    n = number(one.factor)
    if one.after > one.before:
        return _("{n} times as often", n=n)
    return _("{n} times as seldom", n=n)


def _orders(one: FrequencyMoved) -> str:
    if one.orders is None:
        return "–"
    sign = "+" if one.orders > 0 else ""
    return sign + number(round(one.orders, 1))


def _print_verdicts(moved: Moved, names: Names) -> None:
    if not moved.verdicts:
        return
    said = {"all": moved.verdicts}
    if not moved.changed:
        say(_("None of {all} verdicts changed.", **said))
        return
    print_table(
        _("{n} of {all} verdicts changed", n=len(moved.changed), **said),
        (_("measure"), _("belief"), _("before"), _("now"), _("chance to lower")),
        [_verdict_row(one, names) for one in moved.changed[:MOST_VERDICTS]],
        note=_("*: so near the line that chance may have made the difference.")
        if any(one.near for one in moved.changed[:MOST_VERDICTS])
        else "",
    )
    _more(len(moved.changed) - MOST_VERDICTS)


def _verdict_row(one: VerdictMoved, names: Names) -> tuple[str, ...]:
    chances = f"{chance(one.lower_before)} → {chance(one.lower_after)}"
    return (
        shortened(names.measure(one.measure), 34),
        _belief(one.belief),
        _verdict(one.before, names),
        _verdict(one.after, names) + (" *" if one.near else ""),
        chances,
    )


def _verdict(verdict: Verdict | None, names: Names) -> str:
    return names.verdict(verdict) if verdict else _("bounds alone")


def _print_appeared(found: Appeared, names: Names, *, new: bool) -> None:
    if found.beliefs:
        told = "; ".join(shortened(names.belief(one)) for one in found.beliefs)
        say(
            _("New beliefs: {names}", names=told) if new else _("Gone beliefs: {names}", names=told)
        )
    if found.measures:
        told = "; ".join(shortened(names.measure(one)) for one in found.measures)
        say(
            _("New measures: {names}", names=told)
            if new
            else _("Gone measures: {names}", names=told)
        )
    if found.flips:
        say("")
        click.secho(
            _("Turning points that appeared") if new else _("Turning points that vanished"),
            bold=True,
        )
        for flip in found.flips[:MOST_TURNS]:
            _print_line("+" if new else "−", _turn(flip, names))
        _more(len(found.flips) - MOST_TURNS)


def _turn(flip: Flip, names: Names) -> str:
    ends = {"low": _("low end"), "high": _("high end")}
    return _(
        "{number} at its {end}: {measure} {before} → {after}",
        number=flip.number,
        end=ends[flip.end],
        measure=flip.measure,
        before=names.verdict(flip.before),
        after=names.verdict(flip.after),
    )


def _more(left: int) -> None:
    if left > 0:
        say(_.n("  and {n} more; --json tells all.", "  and {n} more; --json tells all.", left))
