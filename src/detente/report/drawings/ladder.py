"""One ladder as a picture: from what starts it at the foot, rung by rung, to its worst end.

To the right stand the levels as lanes, the mildest first. Each rung that does not happen leaves to
the lane of the level where it ends, so that the lanes show how far each rung leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.case import model
from detente.report.document import Cell, Chart, Column, Frame
from detente.report.drawings import key
from detente.report.drawings.canvas import (
    LETTERS,
    TALLEST,
    WIDTH,
    Line,
    Mark,
    Piece,
    Rect,
    Sign,
    Words,
    paragraph,
    specification,
    stacked,
)
from detente.report.drawings.figures import branch, ends, figures, interval
from detente.report.drawings.letters import longest_word
from detente.report.drawings.pulls import Pull, by_way
from detente.report.drawings.reading import End, Leg, Reader, Step
from detente.report.names import Names

WIDEST = 1.5 * WIDTH  # a long ladder is drawn wider, and so set smaller on a page of paper
_GAP, _TIGHT = 24.0, 17.0  # between two cards, where words stand at the line and where none do
_PAD_X, _PAD_Y = 10.0, 7.0
_INDENT = 26.0  # of a path that leaves another
_STEM = 14.0  # from the left edge of a card to the line that leads on
_LANE = 42.0  # the least width


def ladder_chart(
    file: model.LadderFile,
    ladder: model.Ladder,
    measures: Sequence[model.Measure],
    names: Names,
) -> Chart:
    """The drawing of one ladder, with its rows as a table.

    Parameters
    ----------
    file
        The ladder file, whose references hold (`detente.case.check`).
    ladder
        A ladder of it, or one of a belief.
    measures
        The options; those that act on a number of the ladder are marked there.
    names
        The words of the reader.
    """
    _ = names.phrases
    plan = _Plan(file, ladder, measures, names)
    title = names.text(ladder.title)
    return Chart(
        _frame(plan),
        plan.specification(),
        _("How far it can lead: {title}", title=title),
        _alternative(plan),
        f"drawing-{ladder.id}",
    )


@dataclass(frozen=True)
class _Row:
    """A card at its place: the item, its edges, and where its path's line runs."""

    item: Step | End
    card: Piece
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + self.card.height / 2

    @property
    def stem(self) -> float:
        return self.x + _STEM


class _Plan:
    """A ladder and what is said of it, before and while it is laid out."""

    def __init__(
        self,
        file: model.LadderFile,
        ladder: model.Ladder,
        measures: Sequence[model.Measure],
        names: Names,
    ) -> None:
        self.ladder = ladder
        self.names = names
        self.reader = Reader(file, measures, names)
        self.start = self.reader.number(ladder.starts)
        self.items = tuple(self.reader.steps(ladder))
        self.levels = file.levels
        self.headline = file.headline
        self._measures = measures
        share = file.crisis.share if file.crisis else ""
        self._crisis = next((one for one in file.parameters if one.id == share), None)

    def steps(self) -> Iterator[Step]:
        """The rungs, those of side paths where they leave."""
        return (item for item in self.items if isinstance(item, Step))

    def legs(self) -> Iterator[Leg]:
        """Everything that the ladder rests on, its start first."""
        yield self.start
        for step in self.steps():
            yield from step.legs

    def crisis_share(self) -> str:
        """How much of the time is a crisis, where that changes a number of the ladder."""
        if self._crisis is None or not any(leg.in_crisis for leg in self.legs()):
            return ""
        share = interval(self._crisis, self.names)
        return self.names.phrases("In a crisis: {share} of the time.", share=share)

    def pulls(self) -> list[Pull]:
        """Every measure that acts, once for each number."""
        return [pull for leg in self.legs() for pull in self.reader.pulls(leg)]

    def counts(self, level: str) -> bool:
        """Whether a level is the headline level or a worse one."""
        if self.headline is None:
            return False
        return self.levels.index(level) >= self.levels.index(self.headline)

    def specification(self) -> dict[str, object]:
        """The layers, on the narrowest view that a page of paper holds as a whole."""
        width = WIDTH
        while True:
            marks, height = self._marks(width)
            if height <= TALLEST * width or width >= WIDEST:
                return specification(marks, width, height)
            width += WIDTH / 4

    def _marks(self, width: float) -> tuple[list[Mark], float]:
        lanes = _lanes(self, width)
        edge = width - sum(b - a for a, b in lanes.values()) - 14
        head, bracket_y = _head(self, lanes, width)
        guide = self._guide(edge)
        deepest = max((item.depth for item in self.items), default=0)
        indent = min(_INDENT, 0.4 * edge / max(deepest, 1))
        cards = [self._card(item, edge - indent * item.depth) for item in self.items]
        names = _lane_names(self, lanes)
        start = self._start_card(edge, names.height + 10)
        top = max(head.height, guide.height)
        y = top + 8
        rows: list[_Row] = []
        below: tuple[Step | End | None, ...] = (None, *self.items[:-1])
        for item, card, under in reversed(list(zip(self.items, cards, below, strict=True))):
            rows.append(_Row(item, card, indent * item.depth, y))
            y += card.height + (_GAP if _leads_on_in_words(under) else _TIGHT)
        rows.reverse()
        foot = y + start.height
        marks = [
            *_lane_marks(self, lanes, bracket_y, (top, foot)),
            *head.at(0, top - head.height),
            *guide.marks,
            *names.at(0, y + 5),
            *start.at(0, y),
            *(mark for row in rows for mark in row.card.at(row.x, row.y)),
            *_connections(rows, y, edge, self.names),
            *(mark for row in rows for mark in self._exit(row, edge, lanes)),
        ]
        shown = {pull.measure for pull in self.pulls()}
        titles = key.titles(self._measures, shown, width, self.names)
        marks += titles.at(0, foot + 14)
        return marks, foot + 14 + titles.height if titles.marks else foot + 2

    def _guide(self, width: float) -> Piece:
        """How the picture is read, to the left of the names of the lanes."""
        said = self.names.phrases(
            "Read from the foot up. A number says how likely a step is once the steps before it "
            "have happened."
        )
        ways = {pull.way for pull in self.pulls()}
        pieces = (said, self.crisis_share())
        texts = stacked(paragraph("small", one, width) for one in pieces)
        return stacked((texts, key.arrows(ways, width, self.names)), 4)

    def _exit(
        self, row: _Row, edge: float, lanes: dict[str, tuple[float, float]]
    ) -> Iterator[Mark]:
        """The line from a card to the lane where it ends, if it ends there."""
        level = row.item.level if isinstance(row.item, End) else row.item.otherwise
        if level is None:
            return
        x = sum(lanes[level]) / 2
        yield Line("exit", edge, row.middle, x, row.middle)
        yield Sign("counted" if self.counts(level) else "below", x, row.middle)

    def _start_card(self, width: float, least: float) -> Piece:
        inner = width - 2 * _PAD_X
        kind = branch(self.ladder.branch, self.names)
        title = self.names.text(self.ladder.title)
        begins = self.names.phrases("how it begins: {branch}", branch=kind)
        content = self._said("strong", title, self.start, inner, under=begins)
        return _framed("start", content, width, least)

    def _card(self, item: Step | End, width: float) -> Piece:
        return self._end_card(item, width) if isinstance(item, End) else self._step(item, width)

    def _end_card(self, end: End, width: float) -> Piece:
        _ = self.names.phrases
        look, words = ("side-card", "plain") if end.depth else ("dark", "on-dark")
        happens = (_("at once"), _("it happens"))
        said = happens[end.rungs] if end.rungs < 2 else _("all of them happen")
        text = paragraph(
            words,
            f"{said}: {self.names.level(end.level)}",
            width - 2 * _PAD_X,
        )
        return _framed(look, text, width)

    def _step(self, step: Step, width: float) -> Piece:
        inner = width - 2 * _PAD_X
        indent = max(24.0, LETTERS["strong"].width(step.label) + 8)
        room = inner - indent
        legs = list(step.legs)
        own = legs.pop(0) if len(legs) == 1 else None
        pieces = [self._said("plain", step.event, own, room)]
        pieces += [self._leg(leg, room) for leg in legs]
        label = Words("strong", 0, LETTERS["strong"].line / 2, step.label)
        content = stacked(pieces, 1)
        shifted = Piece((label, *content.at(indent, 0)), content.height)
        return _framed("side-card" if step.depth else "card", shifted, width)

    def _leg(self, leg: Leg, width: float) -> Piece:
        """A number inside a gate, or the words of the gate."""
        indent = min(12.0 * leg.depth, 0.4 * width)
        room = width - indent
        content = self._said("small", leg.words, leg if leg.number else None, room)
        dash = (Words("small", indent - 10, LETTERS["small"].line / 2, "–"),) if leg.depth else ()
        return Piece((*dash, *content.at(indent, 0)), content.height)

    def _said(
        self, look: str, words: str, leg: Leg | None, width: float, *, under: str = ""
    ) -> Piece:
        """Words to the left, the number to the right, and the measures that act on it below.

        Where the room is short, the number stands below the words.
        """
        said = list(self.figures(leg)) if leg else []
        bold = "small-strong" if look == "small" else "strong"
        needed = max((LETTERS[bold].width(one) for one in said), default=0)
        numbers = stacked(paragraph(bold, one, width, x=width, align="right") for one in said)
        beside = needed <= 0.4 * width
        room = width - needed - 12 if said and beside else width
        text = stacked((paragraph(look, words, room), paragraph("small", under, room)), 1)
        if leg is None:
            return text
        if not beside:
            return stacked((text, numbers, self._measures_of(leg, width)), 1)
        if numbers.height > text.height:
            text = stacked((text, self._measures_of(leg, room)), 1)
            return Piece((*text.marks, *numbers.marks), max(text.height, numbers.height))
        row = Piece((*text.marks, *numbers.marks), text.height)
        return stacked((row, self._measures_of(leg, width)), 1)

    def figures(self, leg: Leg) -> Iterator[str]:
        """The number of a leg, and that in a crisis where it is another one."""
        return figures(leg.number, leg.in_crisis, self.names)

    def _measures_of(self, leg: Leg, width: float) -> Piece:
        in_crisis = self.names.phrases("in a crisis:")
        calm, crisis = self.reader.calm(leg), self.reader.crisis(leg)
        return stacked((key.acting(calm, width), key.acting(crisis, width, in_crisis)))


def _framed(look: str, content: Piece, width: float, least: float = 0) -> Piece:
    height = max(content.height + 2 * _PAD_Y, least)
    top = (height - content.height) / 2
    return Piece((Rect(look, 0, 0, width, height), *content.at(_PAD_X, top)), height)


def _leads_on_in_words(item: Step | End | None) -> bool:
    """Whether words stand at the lines that lead on from a card: at the first, and at a fork."""
    return isinstance(item, Step) and (item.label == "1" or item.otherwise is None)


def _connections(rows: Sequence[_Row], start: float, edge: float, names: Names) -> Iterator[Mark]:
    """The lines that lead on from card to card, each with its arrow."""
    _ = names.phrases
    last: dict[int, _Row] = {}
    for row in rows:
        item = row.item
        first = item.first if isinstance(item, Step) else not item.rungs
        bottom = row.y + row.card.height
        before = last.get(item.depth - 1) if first else last.get(item.depth)
        if first and item.depth and before:
            x = row.x + 0.4 * (edge - row.x)
            yield from _arrow("aside", x, before.y, bottom)
            yield Words("small", x + 9, before.y - _GAP / 2 + 1, _("otherwise"))
        else:
            from_y = before.y if before else start
            yield from _arrow("side-stem" if item.depth else "stem", row.stem, from_y, bottom)
            if before and _leads_on_in_words(before.item):
                words = _("if it happens")
                yield Words("small", row.stem + 9, before.y - _GAP / 2 + 1, words)
        last[item.depth] = row


def _arrow(look: str, x: float, from_y: float, to_y: float) -> Iterator[Mark]:
    yield Line(look, x, from_y, x, to_y + 3)
    yield Sign("arrow", x, to_y + 4.5)


def _lanes(plan: _Plan, width: float) -> dict[str, tuple[float, float]]:
    """The left and right edge of each level's lane, the mildest first."""
    widths = []
    for level in plan.levels:
        letters = LETTERS["small-strong"]
        word = longest_word(plan.names.level(level), letters.size, bold=letters.bold)
        widths.append(max(_LANE, word + 8))
    scale = min(1.0, 0.5 * width / max(sum(widths), 1))
    x = width - scale * sum(widths)
    lanes = {}
    for level, lane in zip(plan.levels, widths, strict=True):
        lanes[level] = (x, x + scale * lane)
        x += scale * lane
    return lanes


def _lane_names(plan: _Plan, lanes: dict[str, tuple[float, float]]) -> Piece:
    """The names of the levels in a row; the headline in bold."""
    pieces = []
    for level, (left, right) in lanes.items():
        look = "small-strong" if level == plan.headline else "small"
        room = right - left - 4
        middle = (left + right) / 2
        pieces.append(paragraph(look, plan.names.level(level), room, x=middle, align="center"))
    height = max((piece.height for piece in pieces), default=0)
    return Piece(tuple(mark for piece in pieces for mark in piece.marks), height)


def _head(plan: _Plan, lanes: dict[str, tuple[float, float]], width: float) -> tuple[Piece, float]:
    """What the lanes mean, a bracket from the headline level to the worst, and their names.

    The second value is how far the bracket stands above the foot of the piece.
    """
    _ = plan.names.phrases
    left = min((one for one, _right in lanes.values()), default=width)
    title = paragraph("small", _("otherwise it ends as"), width - left, x=left)
    names = _lane_names(plan, lanes)
    if plan.headline is None:
        return stacked((title, names), 2), 0
    words = _("“{level}” or worse", level=plan.names.level(plan.headline))
    said = paragraph("small-strong", words, width - left, x=width, align="right")
    x = lanes[plan.headline][0]
    bracket = (
        Line("bracket", x, 5, width, 5),
        Line("bracket", width - 0.75, 5, width - 0.75, 11),
        Sign("flag", x + 4, 5),
    )
    head = stacked((title, said, Piece(bracket, 11), names), 2)
    return head, names.height + 2 + 11 - 5


def _lane_marks(
    plan: _Plan,
    lanes: dict[str, tuple[float, float]],
    bracket: float,
    between: tuple[float, float],
) -> Iterator[Mark]:
    top, foot = between
    for level, (left, right) in lanes.items():
        look = "lane-counted" if plan.counts(level) else "lane"
        yield Rect(look, left + 1, top + 3, right - 1, foot)
    if plan.headline is not None:
        x = lanes[plan.headline][0]
        yield Line("threshold", x, top - bracket, x, foot)


def _frame(plan: _Plan) -> Frame:
    """A row for each number: what starts it, every rung, and under a gate all that it joins."""
    _ = plan.names.phrases
    columns = (
        Column("rung", "", width=0.4),
        Column("event", _("what happens next"), width=4),
        Column("number", _("number"), width=1.8),
        Column("low", _("low"), "right", width=0.9),
        Column("high", _("high"), "right", width=0.9),
        Column("otherwise", _("otherwise it ends as"), width=1.5),
        Column("lowers", _("lowered by"), width=1.3),
        Column("raises", _("raised by"), width=1.3),
        Column("either", _("lowered or raised by"), width=1.3),
    )
    title = f"{plan.names.text(plan.ladder.title)} ({branch(plan.ladder.branch, plan.names)})"
    rows = [_row(plan, "", title, plan.start, None)]
    for item in plan.items:
        if isinstance(item, End):
            words = _("all of them happen") if item.rungs > 1 else _("it happens")
            said = words if item.rungs else _("at once")
            level = plan.names.level(item.level)
            rows.append((item.label, said, None, None, None, level, None, None, None))
            continue
        leaves = item.otherwise
        other = plan.names.level(leaves) if leaves is not None else _("a further path")
        own, *rest = item.legs
        event = f"{item.event}: {own.words}" if own.words else item.event
        rows.append(_row(plan, item.label, event, own, other))
        rows += [_row(plan, item.label, f"– {leg.words}", leg, None) for leg in rest]
    return Frame(f"drawing-{plan.ladder.id}", columns, tuple(rows))


def _row(plan: _Plan, label: str, event: str, leg: Leg, other: str | None) -> tuple[Cell, ...]:
    low, high = ends(leg.number) if leg.number else (None, None)
    by = {one: ", ".join(ids) for one, ids in by_way(plan.reader.pulls(leg)).items()}
    return (
        label,
        event,
        "; ".join(plan.figures(leg)) or None,
        low if low == low else None,  # noqa: PLR0124 (not a number where none is stated)
        high if high == high else None,  # noqa: PLR0124
        other,
        by.get("lowers"),
        by.get("raises"),
        by.get("either"),
    )


def _alternative(plan: _Plan) -> str:
    """The ladder in a few sentences, for who sees no picture; the table holds the rest."""
    _ = plan.names.phrases
    main = [step for step in plan.steps() if step.depth == 0]
    count = len({pull.measure for pull in plan.pulls()})
    sentences = [
        _(
            "{title} ({branch}), {rate}.",
            title=plan.names.text(plan.ladder.title),
            branch=branch(plan.ladder.branch, plan.names),
            rate="; ".join(plan.figures(plan.start)),
        ),
        *(f"{step.label}. {step.event} ({_where(plan, step)})." for step in main),
        _("If all happen: {level}.", level=plan.names.level(plan.ladder.ends)),
        plan.names.phrases.n(
            "{n} measure acts on its numbers.", "{n} measures act on its numbers.", count
        ),
    ]
    return " ".join(sentences)


def _where(plan: _Plan, step: Step) -> str:
    _ = plan.names.phrases
    if step.otherwise is None:
        return _("otherwise: {level}", level=_("a further path"))
    return _("otherwise: {level}", level=plan.names.level(step.otherwise))
