"""Measures in a drawing: behind arrows at what they act on, and the key of both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from detente.case import model
from detente.report.drawings.canvas import LETTERS, Mark, Piece, Sign, paragraph, stacked
from detente.report.drawings.pulls import WAYS, Pull, Way, by_way
from detente.report.names import Names

_GUTTER = 20.0
_ARROW = 13.0  # from the left of an arrow to the words behind it
_BETWEEN = 12.0


def arrows(ways: Collection[Way], width: float, names: Names) -> Piece:
    """The arrows that a drawing uses, in words."""
    _ = names.phrases
    said: Mapping[Way, str] = {
        "lowers": _("lower the number"),
        "raises": _("raise the number"),
        "either": _("may lower or raise it"),
        "leaves": _("leave it as it is"),
    }
    groups = [(one, said[one]) for one in WAYS if one in ways]
    return _flowing(groups, width, _("Measures that")) if groups else Piece((), 0)


def acting(found: Iterable[Pull], width: float, before: str = "") -> Piece:
    """Measures by their ids, those of one way behind its arrow; nothing where none acts."""
    groups = [(one, ", ".join(measures)) for one, measures in by_way(found).items()]
    return _flowing(groups, width, before) if groups else Piece((), 0)


def _flowing(groups: Sequence[tuple[Way, str]], width: float, before: str = "") -> Piece:
    """Groups of words behind arrows, side by side while they fit, else on lines of their own."""
    letters = LETTERS["small"]
    marks: list[Mark] = []
    x = y = 0.0
    if before:
        marks += paragraph("small", before, width).marks
        x = letters.width(before) + 8
    for way, words in groups:
        needed = _ARROW + letters.width(words)
        if x and x + needed > width:
            x, y = 0, y + letters.line
        piece = paragraph("small", words, width - x - _ARROW, x=x + _ARROW)
        marks += [Sign(way, x + _ARROW / 2 - 1, y + letters.line / 2), *piece.at(0, y)]
        y += piece.height - letters.line
        x += needed + _BETWEEN
    return Piece(tuple(marks), y + letters.line if marks else 0)


def titles(
    measures: Sequence[model.Measure], shown: Collection[str], width: float, names: Names
) -> Piece:
    """The measures that a drawing names by their ids, with their titles, in two columns."""
    column = (width - _GUTTER) / 2
    items = [
        _item(measure.id, names.text(measure.title), column)
        for measure in measures
        if measure.id in shown
    ]
    half = (len(items) + 1) // 2
    left, right = stacked(items[:half], 2), stacked(items[half:], 2)
    marks = (*left.marks, *right.at(column + _GUTTER, 0))
    return Piece(marks, max(left.height, right.height))


def _item(measure: str, title: str, width: float) -> Piece:
    indent = max(34.0, LETTERS["small-strong"].width(measure) + 6)
    head = paragraph("small-strong", measure, indent + width)
    words = paragraph("small", title, width - indent, x=indent)
    return Piece((*head.marks, *words.marks), max(head.height, words.height))
