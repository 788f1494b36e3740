"""The ways to the headline level, ranked: what starts each, and what must happen on it."""

from __future__ import annotations

from detente.assessment.results import AssessmentResults
from detente.escalation.results import Way, WayCount
from detente.report.document import Block, Cell, Column, Frame, Heading, Paragraph, Table
from detente.report.names import Names
from detente.report.pages.beliefs import told_first
from detente.report.pages.rarity import about, years


def ways_page(results: AssessmentResults, names: Names) -> list[Block]:
    """All ways under one belief, and the first way under every other."""
    _ = names.phrases
    found = results.escalation
    if not found.way_counts:
        return []
    headline = names.level(found.headline)
    own = told_first(results)
    text = _(
        "A way is what starts a ladder and the fewest events that then suffice. Its share is that "
        "of all frequency, on average, to the nearest 5 %; ways overlap, so that shares may add up "
        "to more than the whole."
    )
    blocks: list[Block] = [
        Heading(_("Ways to “{headline}” or worse, ranked", headline=headline), 1, "ways"),
        Paragraph((text,)),
    ]
    frame = _ways(results, own, names)
    if frame.rows:
        blocks.append(Table(frame, names.belief(own), "ways-table"))
    first = _("The first way under every belief, and how many there are")
    blocks.append(Table(_first(results, names), first, "first-ways"))
    return [*blocks, *_incoherent(results, names)]


def _ways(results: AssessmentResults, belief: str, names: Names) -> Frame:
    _ = names.phrases
    own = [way for way in results.escalation.ways if way.belief == belief]
    return Frame(
        "ways",
        (
            Column("rank", _("rank"), "right", 0, width=0.8),
            Column("starts", _("what starts it"), width=2.2),
            Column("events", _("what must happen"), width=5),
            Column("years", _("once in about … years"), "right", width=1.2),
            Column("share", _("share"), "right", width=0.8),
        ),
        tuple(
            (
                rank,
                _starts(way, names),
                _events(way, names),
                years(way.per_year.mid, names),
                about(way.share, names),
            )
            for rank, way in enumerate(own, start=1)
        ),
    )


def _starts(way: Way, names: Names) -> str:
    crisis = names.phrases("in a crisis")
    title = names.ladder(way.ladder)
    return f"{title} ({crisis})" if way.in_crisis else title


def _events(way: Way, names: Names) -> str:
    return "; ".join(names.text(event) for event in way.events) or names.phrases("at once")


def _first(results: AssessmentResults, names: Names) -> Frame:
    _ = names.phrases
    first: dict[str, Way] = {}
    for way in results.escalation.ways:
        first.setdefault(way.belief, way)
    return Frame(
        "first-ways",
        (
            Column("belief", _("numbers of"), width=3),
            Column("starts", _("what starts it"), width=2),
            Column("events", _("what must happen"), width=3.5),
            Column("share", _("share"), "right", width=0.8),
            Column("ways", _("ways"), "right", 0, width=0.7),
            Column("order", _("events on each"), "right", width=0.8),
        ),
        tuple(
            _count(count, first.get(count.belief), names) for count in results.escalation.way_counts
        ),
    )


def _count(count: WayCount, way: Way | None, names: Names) -> tuple[Cell, ...]:
    orders = [order for order, many in enumerate(count.by_order) if many]
    ends = dict.fromkeys(str(order) for order in (orders[:1] + orders[-1:]))
    return (
        names.belief(count.belief),
        _starts(way, names) if way else None,
        _events(way, names) if way else None,
        about(way.share, names) if way else None,
        sum(count.by_order),
        "–".join(ends),
    )


def _incoherent(results: AssessmentResults, names: Names) -> list[Block]:
    """Where events can also hold off the headline by happening, in words."""
    _ = names.phrases
    counts = results.escalation.way_counts
    bent = [names.belief(count.belief) for count in counts if not count.coherent]
    if not bent:
        return []
    text = _(
        "Some events can also keep “{headline}” away by happening. The ways leave that out, so "
        "that their frequencies and shares may be too high.",
        headline=names.level(results.escalation.headline),
    )
    where = "" if len(bent) == len(counts) else f"{'; '.join(bent)}: "
    return [Paragraph((f"{where}{text}",), "small")]
