"""Both accounts and the tracks on one line of time, and how far they are apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.encounters.accounts.results import Apart, TwoAccounts
from detente.encounters.dossier.results import Beside, Dossier, TimeMark
from detente.report.document import (
    Block,
    Chart,
    Column,
    Frame,
    Heading,
    Note,
    Paragraph,
    Table,
)
from detente.report.language import Phrases
from detente.report.maps import degrees_east, degrees_north
from detente.report.pages import account_words
from detente.report.pages.encounter_words import Measure, amount, instant, iso, off

_INK, _BAND = "#22303f", "#8a949e"


def section(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """The line of time and the table; nothing where there are no accounts."""
    _ = phrases
    if found.accounts is None:
        return
    yield Heading(_("The accounts beside the tracks"), 1, "beside")
    if found.reconstruction:
        text = _(
            "The tracks were entered from published reports, some of them those of an account. "
            "That they agree with it proves nothing; they show how much its words leave open."
        )
        yield Note(_("A reconstruction"), ((text,),))
    yield _line(found, found.accounts, phrases)
    if found.beside:
        yield Table(
            _frame(found, found.accounts, phrases),
            _("How far each account is apart from the tracks; 0 where both can be right"),
            "beside-table",
        )
    else:
        yield Paragraph((_("No account claims anything that the tracks could show."),))


def _who(accounts: TwoAccounts, phrases: Phrases) -> dict[str, str]:
    _ = phrases
    first, second = accounts.accounts
    other = second.side if second.received else _("the other side")
    return {"first": first.side, "second": other, "tracks": _("tracks")}


def _line(found: Dossier, accounts: TwoAccounts, phrases: Phrases) -> Chart:
    _ = phrases
    names = _who(accounts, phrases)
    craft = dict(accounts.craft)
    columns = (
        Column("who", _("who tells it"), width=1.4),
        Column("what", _("what"), width=2.6),
        Column("low", _("not before (UTC)"), width=2),
        Column("instant", _("instant (UTC)"), width=2),
        Column("high", _("not after (UTC)"), width=2),
    )
    rows = tuple(
        (
            names[one.who],
            _what(one, craft, phrases),
            iso(one.low),
            iso(one.instant),
            iso(one.high),
        )
        for one in found.timeline
    )
    return Chart(
        Frame("timeline", columns, rows),
        _lanes([*names.values()]),
        _("One line of time: what each account and the tracks put when"),
        _(
            "A line of time with a lane for each account and one for the tracks; each mark is an "
            "instant with how far off it may be. The instants are in the table."
        ),
        "timeline",
    )


def _what(one: TimeMark, craft: dict[str, str], phrases: Phrases) -> str:
    _ = phrases
    what = _("not seen") if one.what == "gap" else account_words.subject(one.what, phrases)
    named = ", ".join(part for part in (craft.get(one.of, one.of), one.which) if part)
    return f"{what} ({named})" if named else what


def _lanes(order: list[str]) -> dict[str, Any]:
    lane = {
        "field": "who",
        "type": "nominal",
        "title": None,
        "sort": order,
        "scale": {"domain": order},
    }
    time = {
        "field": "low",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "nice": True},
        "axis": {"format": "%d %b, %H:%M", "labelOverlap": True, "tickCount": 5},
    }
    span = {
        "mark": {"type": "rule", "strokeWidth": 7, "color": _BAND},
        "encoding": {"y": lane, "x": time, "x2": {"field": "high"}},
    }
    point = {
        "mark": {"type": "point", "shape": "diamond", "color": _INK, "size": 70},
        "encoding": {"y": lane, "x": {**time, "field": "instant"}},
    }
    return {"height": {"step": 42}, "layer": [span, point]}


def _frame(found: Dossier, accounts: TwoAccounts, phrases: Phrases) -> Frame:
    _ = phrases
    names = _who(accounts, phrases)
    craft = dict(accounts.craft)
    claims = {(one.about, one.of, one.which): one for one in accounts.compared}
    columns = (
        Column("subject", _("subject"), width=2),
        Column("tracks", _("the tracks show"), width=2.6),
        Column("first", names["first"], width=2.6),
        Column("second", names["second"], width=2.6),
    )

    def row(one: Beside) -> tuple[str, ...]:
        claim = claims[one.about, one.of, one.which]
        sides = ((claim.first, one.first), (claim.second, one.second))
        said = (
            f"{account_words.claim(told, phrases, source=False)}. {_apart(gap, phrases)}"
            if told is not None
            else "–"
            for told, gap in sides
        )
        return account_words.title(claim, craft, phrases), _shown(one, phrases), *said

    return Frame("beside", columns, tuple(row(one) for one in found.beside))


def _apart(gap: Apart | None, phrases: Phrases) -> str:
    _ = phrases
    if gap is None:
        return ""
    told = account_words.apart(gap, phrases)
    if gap.least == 0:
        return _("Both can be right; apart by {gap}.", gap=told)
    return _("Apart by {gap}.", gap=told)


def _shown(one: Beside, phrases: Phrases) -> str:
    if one.lat is not None and one.lon is not None:
        place = f"{degrees_north(one.lat, phrases)}, {degrees_east(one.lon, phrases)}"
        return f"{place} ({off(one.shown.high, 'length', phrases)})"
    if one.about in ("begins", "ends", "closest-approach"):
        within = one.shown.high - one.shown.value
        when = instant(one.shown.value, phrases, within=within)
        return f"{when} ({off(within, 'duration', phrases)})"
    kinds: dict[str, Measure] = {"m": "length", "s": "duration", "m/s": "speed", "deg": "angle"}
    return amount(one.shown, kinds.get(one.unit, "count"), phrases)
