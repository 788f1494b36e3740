"""The bow tie of a case: all that can lead to the headline level, and all that can follow.

On the left the ladders, each with the rungs that must happen before the headline level is reached
(where one of them does not, the path ends below it); in the middle that level; on the right the
worse levels, each with the rungs that lead there. Measures stand at what they act on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from detente.case.case import Case
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
from detente.report.drawings.letters import longest_word
from detente.report.drawings.pulls import Pull, by_way
from detente.report.drawings.tie import Cause, Consequence, Item, Start, Tie, tie
from detente.report.names import Names

MOST_ROWS = 7  # with more ladders, those that begin alike share a row
_LEFT, _RIGHT = 336.0, 156.0  # of the cards
_BEFORE, _AFTER = 40.0, 52.0  # from a card to where its line turns; from the knot to a card
_FAN = 0.6  # of the height of the left wing, over which the right one spreads
_PAD = 7.0
_BETWEEN = 12.0
_BAR = 4.0


def bow_tie_chart(case: Case, names: Names) -> Chart:
    """The bow tie of a case, with its rows as a table.

    Parameters
    ----------
    case
        The case, whose ladders name a headline level.
    names
        The words of the reader.

    Raises
    ------
    ValueError
        The case names no headline level.
    """
    if case.ladder.headline is None:
        raise ValueError("A bow tie needs a headline level.")
    _ = names.phrases
    rows = tie(case, names)
    if len(rows.causes) > MOST_ROWS or _marks(rows, names)[1] > TALLEST * WIDTH:
        rows = tie(case, names, by_branch=True)
    said = _("What can lead to “{headline}”, and what can follow", headline=rows.headline)
    spec = _specification(rows, case, names)
    return Chart(_frame(rows, names), spec, said, _alternative(rows, names), "bow-tie")


def _specification(rows: Tie, case: Case, names: Names) -> dict[str, Any]:
    """The layers; with the titles of the measures where a page of paper has room for them."""
    marks, height = _marks(rows, names)
    below = key.titles(case.measures, {pull.measure for pull in rows.pulls()}, WIDTH, names)
    if below.marks and height + 14 + below.height <= TALLEST * WIDTH:
        marks += below.at(0, height + 14)
        height += 14 + below.height
    return specification(marks, WIDTH, height + 2)


def _marks(rows: Tie, names: Names) -> tuple[list[Mark], float]:
    guide = _guide(rows, names)
    causes = [_cause_card(one, names) for one in rows.causes]
    consequences = [_consequence_card(one, names) for one in rows.consequences]
    knot, knot_width = _knot(rows, names)
    knot_x = WIDTH - _RIGHT - _AFTER - knot_width
    tallest = max(_height(causes), _height(consequences), knot.height)
    top = guide.height + 10
    middle = top + tallest / 2
    fan = max(_height(consequences), _FAN * tallest) if len(consequences) > 1 else 0
    between = (fan - _height(consequences)) / max(len(consequences) - 1, 1) + _BETWEEN
    marks = [*guide.marks, *knot.at(knot_x, middle - knot.height / 2)]
    lefts = list(_centred(causes, middle, _BETWEEN))
    rights = list(_centred(consequences, middle, between))
    marks += [mark for card, y in lefts for mark in card.at(0, y)]
    marks += [mark for card, y in rights for mark in card.at(WIDTH - _RIGHT, y)]
    lines = [
        (cause, start, y + card.height * (place + 1) / (len(cause.starts) + 1))
        for cause, (card, y) in zip(rows.causes, lefts, strict=True)
        for place, start in enumerate(cause.starts)
        if start.passes
    ]
    for (cause, start, y), aim in zip(lines, _meets(len(lines), middle, knot.height), strict=True):
        marks += _wing(start, y, (knot_x, aim))
        if len(cause.starts) > 1:
            marks.append(Words("small-strong", _LEFT + 7, y + 17, start.letter))
    for (card, y), aim in zip(rights, _meets(len(rights), middle, knot.height), strict=True):
        marks += _onward((knot_x + knot_width, aim), y + card.height / 2)
    return marks, top + tallest


def _guide(rows: Tie, names: Names) -> Piece:
    """What the arrows mean, and the titles of both sides."""
    _ = names.phrases
    said = _("Each bar is a step that must happen on the way.")
    if any(item.side for cause in rows.causes for item in cause.barriers):
        said += " " + _(
            "Open bars are another way there, where the step above them does not happen."
        )
    heads = (
        paragraph("small-strong", _("What can lead there"), _LEFT + _BEFORE),
        paragraph("small-strong", _("What can follow"), _RIGHT, x=WIDTH - _RIGHT),
    )
    titles = Piece(
        tuple(mark for head in heads for mark in head.marks), max(head.height for head in heads)
    )
    arrows = key.arrows({pull.way for pull in rows.pulls()}, WIDTH, names)
    texts = stacked((paragraph("small", said, WIDTH), arrows), 2)
    return stacked((texts, titles), 8)


def _knot(rows: Tie, names: Names) -> tuple[Piece, float]:
    """The headline level, and how wide it stands."""
    words = names.phrases("{level} or worse", level=rows.headline)
    letters = LETTERS["on-dark"]
    width = min(max(longest_word(words, letters.size, bold=letters.bold) + 14, 70), 116)
    text = paragraph("on-dark", words, width - 10, x=width / 2, align="center")
    lines = max(sum(len(cause.starts) for cause in rows.causes), len(rows.consequences), 3)
    height = max(text.height + 24, min(26.0 * lines, 260))
    content = text.at(0, (height - text.height) / 2)
    return Piece((Rect("dark", 0, 0, width, height), *content), height), width


def _cause_card(cause: Cause, names: Names) -> Piece:
    """Ladders that begin alike under a band, and their rungs below it."""
    inner = _LEFT - 2 * _PAD
    starts = stacked((_start(one, cause.branch, inner) for one in cause.starts), 4)
    pieces = [_item(item, inner) for item in cause.barriers]
    if not any(start.passes for start in cause.starts):
        pieces = [paragraph("small", names.phrases("No path leads there."), inner)]
    return _card(starts, stacked(pieces, 3), _LEFT)


def _start(start: Start, branch: str, width: float) -> Piece:
    letters = LETTERS["strong"]
    indent = max(18.0, letters.width(start.letter) + 6)
    room = width - indent
    label = Words("strong", 0, letters.line / 2, start.letter)
    words = f"{branch} · {start.rate}"
    rate = paragraph("small", words, room)
    acts = key.acting(start.pulls, room, words)
    content = stacked(
        (
            paragraph("strong", start.title, room),
            acts
            if acts.height == rate.height == LETTERS["small"].line
            else stacked((rate, key.acting(start.pulls, room))),
        )
    )
    return Piece((label, *content.at(indent, 0)), content.height)


def _consequence_card(consequence: Consequence, names: Names) -> Piece:
    _ = names.phrases
    inner = _RIGHT - 2 * _PAD
    pieces = [_item(item, inner) for item in consequence.steps]
    if consequence.at_once:
        said = _("directly from {ladders}", ladders=", ".join(consequence.at_once))
        pieces.append(paragraph("small", said, inner))
    if not pieces:
        pieces.append(paragraph("small", _("No path leads there."), inner))
    return _card(paragraph("strong", consequence.level, inner), stacked(pieces, 3), _RIGHT)


def _item(item: Item, width: float) -> Piece:
    """A rung behind its bar and label, and the measures that act there."""
    letters = LETTERS["small-strong"]
    beside = letters.width(item.label) <= 24
    indent = 8 + max(18.0, letters.width(item.label) + 5) if beside else 8.0
    room = width - indent
    label = paragraph("small-strong", item.label, width - 8, x=8)
    body = _with_acts(item, room)
    y = 0 if beside else label.height
    bar = Rect("side-barrier" if item.side else "barrier", 0, 2, _BAR, y + body.height - 1)
    return Piece((bar, *label.marks, *body.at(indent, y)), y + body.height)


def _with_acts(item: Item, width: float) -> Piece:
    """An event and its measures: on one line where both fit, else below each other."""
    acts = key.acting(item.pulls, width, item.event)
    if acts.marks and acts.height == LETTERS["small"].line:
        return acts
    return stacked((paragraph("small", item.event, width), key.acting(item.pulls, width)))


def _card(head: Piece, body: Piece, width: float) -> Piece:
    """A card with a band at its head."""
    band = head.height + 2 * _PAD - 3
    height = band + (body.height + 2 * _PAD - 2 if body.marks else 0)
    marks = (
        Rect("card", 0, 0, width, height),
        Rect("band", 1, 1, width - 1, band - (0 if body.marks else 1)),
        *head.at(_PAD, _PAD - 2),
        *body.at(_PAD, band + _PAD - 2),
    )
    return Piece(marks, height)


def _height(cards: Sequence[Piece]) -> float:
    return sum(card.height for card in cards) + _BETWEEN * max(len(cards) - 1, 0)


def _centred(
    cards: Sequence[Piece], middle: float, between: float
) -> Iterator[tuple[Piece, float]]:
    """Each card and where it begins, all of them around the middle."""
    y = middle - (sum(card.height for card in cards) + between * (len(cards) - 1)) / 2
    for card in cards:
        yield card, y
        y += card.height + between


def _meets(count: int, middle: float, height: float) -> list[float]:
    """Where so many lines meet the knot, one below the other."""
    step = height / (count + 1)
    return [middle - height / 2 + step * (place + 1) for place in range(count)]


def _wing(start: Start, y: float, aim: tuple[float, float]) -> Iterator[Mark]:
    """The line from a card to the knot, with a bar for each step that must happen."""
    turn = _LEFT + _BEFORE
    yield Line("wing", _LEFT, y, turn, y)
    yield Line("wing", turn, y, aim[0] - 8, aim[1])
    yield Sign("arrow-right", aim[0] - 5, aim[1])
    step = min(9.0, (_BEFORE - 6) / max(start.bars, 1))
    for place in range(start.bars):
        x = _LEFT + 7 + step * place
        yield Rect("barrier", x, y - 8, x + min(_BAR, step / 2), y + 8)


def _onward(knot: tuple[float, float], y: float) -> Iterator[Mark]:
    """The line from the knot to a card on the right."""
    x = WIDTH - _RIGHT
    yield Line("wing", knot[0], knot[1], x - 12, y)
    yield Line("wing", x - 12, y, x - 5, y)
    yield Sign("arrow-right", x - 5, y)


def _frame(rows: Tie, names: Names) -> Frame:
    """Both sides as rows: what starts, each step before the middle, and each beyond it."""
    _ = names.phrases
    columns = (
        Column("side", _("side"), width=0.9),
        Column("what", _("ladder or level"), width=2.4),
        Column("step", "", width=0.7),
        Column("event", _("what happens next"), width=3.6),
        Column("lowers", _("lowered by"), width=1.5),
        Column("raises", _("raised by"), width=1.5),
        Column("either", _("lowered or raised by"), width=1.5),
    )
    return Frame("bow-tie", columns, tuple(_rows(rows, names)))


def _rows(rows: Tie, names: Names) -> Iterator[tuple[Cell, ...]]:
    _ = names.phrases
    before, after = _("before"), _("after")
    for cause in rows.causes:
        for start in cause.starts:
            title = f"{start.letter} {start.title}"
            yield before, title, None, f"{cause.branch} · {start.rate}", *_cells(start.pulls)
        letters = "; ".join(f"{start.letter} {start.title}" for start in cause.starts)
        for item in cause.barriers:
            yield before, letters, item.label, item.event, *_cells(item.pulls)
    for one in rows.consequences:
        for item in one.steps:
            yield after, one.level, item.label, item.event, *_cells(item.pulls)
        if one.at_once:
            said = _("directly from {ladders}", ladders=", ".join(one.at_once))
            yield after, one.level, None, said, None, None, None


def _cells(pulled: Iterable[Pull]) -> tuple[Cell, Cell, Cell]:
    ids = {way: ", ".join(measures) for way, measures in by_way(pulled).items()}
    return ids.get("lowers"), ids.get("raises"), ids.get("either")


def _alternative(rows: Tie, names: Names) -> str:
    _ = names.phrases
    starts = [(cause.branch, start.title) for cause in rows.causes for start in cause.starts]
    causes = ". ".join(
        f"{branch}: {'; '.join(title for _branch, title in row)}"
        for branch, row in groupby(starts, key=lambda one: one[0])
    )
    said = [
        _("Left, what can lead to “{headline}”: {causes}.", headline=rows.headline, causes=causes)
    ]
    if rows.consequences:
        worse = _.list([one.level for one in rows.consequences])
        said.append(_("Right, what can follow: {levels}.", levels=worse))
    return " ".join(said)
