"""What tracks show of one encounter: where, how near, how fast, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator

from detente.encounters.dossier.results import Dossier, Path, Position
from detente.encounters.results import Bound, Identity, Measured
from detente.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Columns,
    Frame,
    Heading,
    Note,
    Paragraph,
    Table,
)
from detente.report.language import Phrases
from detente.report.maps import LEAST_KM, Spot, Trace, degrees_east, degrees_north, drawn
from detente.report.pages import encounter_plots
from detente.report.pages.encounter_words import (
    amount,
    between,
    claim_key,
    domain,
    flag,
    instant,
    iso,
    measured,
    metric,
    moment,
    off,
    state,
)

_MOST_PASSES = 20
_MOST_ROWS = 60  # of positions in a table; the files have all


def section(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """Times, identities, the map, and one craft as seen from the other."""
    _ = phrases
    yield Heading(_("What the tracks show"), 1, "encounter")
    yield Paragraph((" ".join(_lead(found, phrases)),), "lead")
    yield from _kept_back(found, phrases)
    yield Heading(_("When"), 2, "times")
    yield Table(_times(found, phrases), _("Each time they came near, or could have"), "times-table")
    if len(found.encounter.passes) > _MOST_PASSES:
        told = _("The first {n} of {all}.", n=_MOST_PASSES, all=len(found.encounter.passes))
        yield Paragraph((told,), "small")
    yield Heading(_("Who, by what is said"), 2, "identities")
    yield Table(
        _identities(found, phrases), _("Claims with their sources, never proof"), "identities-table"
    )
    yield Heading(_("Where"), 2, "where")
    yield from _where(found, phrases)
    yield from encounter_plots.section(found, phrases)


def _lead(found: Dossier, phrases: Phrases) -> Iterator[str]:
    _ = phrases
    one = found.encounter
    when = instant(one.closest, phrases, within=found.instant_within_s)
    within = off(found.instant_within_s, "duration", phrases)
    distance = amount(one.separation, "length", phrases)
    if one.met == "met":
        yield _(
            "{a} and {b} were closest on {when} ({within}): {distance} apart along the ground.",
            a=one.a, b=one.b, when=when, within=within, distance=distance,
        )  # fmt: skip
    else:
        yield _(
            "{a} and {b} could have met about {when} ({within}); nothing saw that they did. Then "
            "they were {distance} apart along the ground.",
            a=one.a, b=one.b, when=when, within=within, distance=distance,
        )  # fmt: skip
    if one.vertical_separation is not None:
        yield _(
            "Their heights differed by {height}.",
            height=amount(one.vertical_separation, "length", phrases),
        )
    if one.met == "met":
        yield _.n("They came near {n} time.", "They came near {n} times.", len(one.passes))


def _kept_back(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    told, lines = found.withheld, []
    if told.after is not None:
        lines.append(_("Nothing is told of after {when}.", when=instant(told.after, phrases)))
    if told.grid_km is not None and told.grid_s is not None:
        lines.append(
            _(
                "Places are told to a fixed grid of {km} km, and instants to stretches of {span}. "
                "What is measured all along the way, and distances to borders, are withheld.",
                km=_.cell(told.grid_km),
                span=amount(Bound(told.grid_s, told.grid_s, told.grid_s), "duration", phrases),
            )
        )
    if lines:
        yield Note(_("What is kept back"), tuple((line,) for line in lines))


def _times(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("start", _("from"), width=2.2),
        Column("closest", _("closest"), width=2.2),
        Column("end", _("to"), width=2.2),
        Column("horizontal_m", _("horizontal, m"), "right", 0, width=1.2),
        Column("vertical_m", _("in height, m"), "right", 0, width=1.2),
    )
    within = found.instant_within_s
    rows: list[tuple[Cell, ...]] = [
        (
            *(instant(at, phrases, within=within) for at in (one.start, one.closest, one.end)),
            one.horizontal,
            one.vertical,
        )
        for one in found.encounter.passes[:_MOST_PASSES]
    ]
    return Frame("times", columns, tuple(rows))


def _identities(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.6),
        Column("side", _("side, as said"), width=1.4),
        Column("what", _("what it is said to be"), width=2.6),
        Column("sources", _("who says so"), width=3),
        Column("single", _("sources"), width=1.6),
    )

    def row(one: Identity) -> tuple[str, ...]:
        what = [one.kind, state(one.state, phrases), domain(one.domain, phrases)]
        if one.disputed:
            disputed = ", ".join(claim_key(key, phrases) for key in one.disputed)
            what.append(_("contradicted: {what}", what=disputed))
        every = dict.fromkeys(each.source for each in one.evidence)
        # One that begins another is the same, less told.
        sources = "; ".join(a for a in every if not any(a != b and b.startswith(a) for b in every))
        count = _("one alone") if one.single_source else _("more than one")
        side = one.side or _("not told")
        return one.id, side, ", ".join(part for part in what if part), sources, count

    return Frame("identities", columns, tuple(row(one) for one in found.identities))


# --- where ----------------------------------------------------------------------------------------


def _where(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    frame = _positions(found, phrases)
    lat, lon = found.encounter.place
    spot = Spot(lat, lon, found.place_within_m)
    traces = [Trace(_name(found, one), _spots(one)) for one in found.paths]
    picture = Chart(
        frame,
        drawn(traces, spot, phrases, least_km=LEAST_KM),
        _("Where both were"),
        _(
            "A map with north up around {lat}, {lon}: the ways of {a} and {b}, and how far off "
            "each may be. The positions are in the table.",
            lat=degrees_north(lat, phrases),
            lon=degrees_east(lon, phrases),
            a=found.encounter.a,
            b=found.encounter.b,
        ),
        "map",
    )
    yield Columns(((picture,), tuple(_beside_map(found, phrases))))


def _beside_map(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    yield Table(_closest(found, phrases), _("At the positions nearest in time"), "closest-table")
    yield Note(
        _("About the map"),
        (
            (
                _("Coast only; no borders are drawn."),
                " ",
                _("The coast is Natural Earth's at 1:50 million; it can be off by a kilometre."),
            ),
            (_("Distances from the middle are true; north is up in the middle."),),
        ),
    )


def _name(found: Dossier, path: Path) -> str:
    kind = next((one.kind for one in found.identities if one.id == path.id), "")
    return f"{path.id} ({kind})" if kind else path.id


def _spots(path: Path) -> tuple[Spot, ...]:
    return tuple(Spot(one.lat, one.lon, one.within_m) for one in path.positions)


def _positions(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.6),
        Column("instant", _("instant (UTC)"), width=2.2),
        Column("lat", _("degrees north"), "right", 4),
        Column("lon", _("degrees east"), "right", 4),
        Column("within_km", _("off by at most, km"), "right", 2),
        Column("height_m", _("height, m"), "right", 0),
    )
    rows: list[tuple[Cell, ...]] = []
    for path in found.paths:
        step = max(1, -(-2 * len(path.positions) // _MOST_ROWS))
        rows += [
            (
                path.id, iso(one.instant), one.lat, one.lon,
                None if one.within_m is None else one.within_m / 1000, one.height,
            )
            for one in path.positions[::step]
        ]  # fmt: skip
    return Frame("positions", columns, tuple(rows))


def _closest(found: Dossier, phrases: Phrases) -> Frame:
    """The position of each craft that is nearest in time to the closest instant."""
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.2),
        Column("place", _("position"), width=2.4),
        Column("height", _("height"), width=1.4),
    )
    rows = []
    for path in found.paths:
        near = min(
            path.positions, key=lambda one: abs(one.instant - found.encounter.closest), default=None
        )
        if near is not None:
            height = "" if path.domain == "sea" else _height(near, phrases)
            rows.append((path.id, _place(near, phrases), height))
    return Frame("closest", columns, tuple(rows))


def _place(one: Position, phrases: Phrases) -> str:
    lat, lon = degrees_north(one.lat, phrases), degrees_east(one.lon, phrases)
    within = off(one.within_m, "length", phrases)
    return f"{lat}, {lon} ({within}), {moment(round(one.instant)):%H:%M:%S} UTC"


def _height(one: Position, phrases: Phrases) -> str:
    _ = phrases
    if one.height is None:
        return _("not known")
    within = off(one.height_within, "length", phrases)
    return f"{_.number(one.height, 0)} {_('m')} ({within})"


# --- evidence -------------------------------------------------------------------------------------


def evidence(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    """Everything with its source, what lowers confidence, and where nothing could be seen."""
    _ = phrases
    yield Heading(_("Evidence, and what it leaves open"), 1, "evidence")
    measured_ = _measured(found, phrases)
    if measured_.rows:
        yield Table(measured_, _("What was measured in the tracks"), "measured-table")
    said = _said(found, phrases)
    if said.rows:
        yield Table(said, _("What is said of each craft"), "said-table")
    yield Heading(_("What lowers confidence"), 2, "flags")
    if found.flags:
        yield Table(_flags(found, phrases), _("Flags; nothing was deleted for them"), "flags-table")
    else:
        yield Paragraph((_("No flag was raised. A track without a flag is not proven."),))
    yield Heading(_("Where and when nothing could have been seen"), 2, "coverage")
    yield from _coverage(found, phrases)


def _measured(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("what", _("what"), width=2.6),
        Column("value", _("value, and its bounds"), width=2.6),
        Column("sources", _("source"), width=2.6),
        Column("single", _("sources"), width=1.4),
    )
    rows = tuple(
        (
            metric(one.what, phrases),
            measured(
                Measured(one.what, one.bound, one.flag, single_source=one.single_source), phrases
            ),
            "; ".join(one.sources),
            _("one alone") if one.single_source else _("more than one"),
        )
        for one in found.evidence
        if one.kind == "measured"
    )
    return Frame("measured", columns, rows)


def _said(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.4),
        Column("what", _("what"), width=1.6),
        Column("value", _("as said"), width=2.4),
        Column("source", _("source"), width=3),
    )
    rows = tuple(
        (one.of, claim_key(one.what, phrases), one.value, "; ".join(one.sources))
        for one in found.evidence
        if one.kind == "said"
    )
    return Frame("said", columns, rows)


def _flags(found: Dossier, phrases: Phrases) -> Frame:
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.4),
        Column("flag", _("what does not fit"), width=3),
        Column("fixes", _("fixes"), width=1.4),
        Column("when", _("when"), width=3),
    )
    rows = tuple(
        (
            one.craft,
            flag(one.kind, phrases),
            _("{n} of {all}", n=one.fixes, all=one.of),
            "; ".join(between(*stretch, phrases) for stretch in one.intervals[:3]),
        )
        for one in found.flags
    )
    return Frame("flags", columns, rows)


def _coverage(found: Dossier, phrases: Phrases) -> Iterator[Block]:
    _ = phrases
    yield Paragraph(
        (
            _(
                "Where no fix was received there was no receiver, or no craft that told of itself. "
                "Nothing follows from it, for any side: some transmit as a rule, and others do not."
            ),
        )
    )
    if found.covered:
        columns = (
            Column("domain", _("craft"), width=1.4),
            Column("when", _("time"), width=3),
            Column("share", _("of area and time seen, %"), "right", 0, width=1.4),
            Column("silent", _("when nothing was seen anywhere"), width=3),
        )
        rows = tuple(
            (
                domain(one.domain, phrases),
                between(one.start, one.end, phrases),
                100 * one.share,
                "; ".join(between(*stretch, phrases) for stretch in one.silent[:3]),
            )
            for one in found.covered
        )
        frame = Frame("covered", columns, rows)
        yield Table(frame, _("Of the area and the time, how much had a fix"), "covered-table")
    else:
        yield Paragraph((_("How much of the area was seen was not computed."),))
    if found.gaps:
        yield _gaps(found, phrases)


def _gaps(found: Dossier, phrases: Phrases) -> Block:
    _ = phrases
    columns = (
        Column("craft", _("craft"), width=1.6),
        Column("when", _("not seen"), width=4),
        Column("km", _("way between, km"), "right", 1, width=1.4),
    )
    rows = tuple(
        (one.craft, between(one.start, one.end, phrases), one.metres / 1000) for one in found.gaps
    )
    return Table(Frame("gaps", columns, rows), _("When a craft was not seen"), "gaps-table")
