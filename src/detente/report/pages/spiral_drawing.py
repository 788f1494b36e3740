"""A loop of policies as a drawing: who perceives what, the policy that answers it, and so round.

From the head down, perceptions and the turns between them; the last turn leads back to the head. An
arrow is as thick as its turn is strong, and broken where one side alone states it; the weakest turn
is named in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from detente.assessment.results import Spiral, SpiralEdge
from detente.report.document import Chart, Column, Frame
from detente.report.names import Names
from detente.report.pages.marks import BLACK

WIDTH = 380  # CSS pixels, so that two drawings stand side by side
LINE = 15  # between the feet of two lines of text
BACK, PERCEIVED, ARROW, WORDS = 8, 22, 34, 56  # where the way back, words and arrows begin
LETTER = 7  # pixels of a letter, a little too wide rather than too slim
ROOM = 10  # above and below an arrow
THIN, THICK = 1.0, 0.6  # pixels of an arrow of strength 0, and more for each of 10


@dataclass
class _Sheet:
    """What is drawn so far, and how far down."""

    y: float = LINE
    texts: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, Any]] = field(default_factory=list)

    def write(self, text: str, x: int, weight: str = "normal") -> None:
        for line in wrap(text, (WIDTH - x) // LETTER):
            self.texts.append({"x": x, "y": self.y, "text": line, "weight": weight})
            self.y += LINE

    def line(self, start: tuple[float, float], end: tuple[float, float], edge: SpiralEdge) -> None:
        (x, y), (x2, y2) = start, end
        width = THIN + THICK * edge.strength.mid
        whole = {"width": width, "dash": [1, 0] if edge.confirmed else [5, 4]}
        self.lines.append({"x": x, "y": y, "x2": x2, "y2": y2, **whole})

    def head(self, x: float, y: float, shape: str) -> None:
        self.heads.append({"x": x, "y": y, "shape": shape})


def drawing(number: int, spiral: Spiral, alt: str, names: Names) -> Chart:
    """The drawing of a loop, ``number`` in its order; ``alt`` is the loop in words."""
    sheet = _Sheet()
    for place, edge in enumerate(spiral.edges):
        _perception(sheet, edge, names)
        _turn(sheet, spiral, place, f"{number}{letter(place)}", names)
    caption = names.phrases("Loop {n}", n=number)
    frame = _frame(number, spiral, names)
    return Chart(frame, _spec(sheet), caption, alt, f"spiral-{number}")


def letter(place: int) -> str:
    """What a turn of a loop is called: a, b, c or d."""
    return "abcd"[place]


def _perception(sheet: _Sheet, edge: SpiralEdge, names: Names) -> None:
    _ = names.phrases
    if sheet.heads:  # the last arrow ends here
        sheet.y += ROOM
    sheet.write(_("{party} perceives:", party=names.party(edge.party)), PERCEIVED, "bold")
    sheet.write(names.risk(edge.answers), PERCEIVED)


def _turn(sheet: _Sheet, spiral: Spiral, place: int, called: str, names: Names) -> None:
    """An arrow with its policy, how strong both sides say it is and what would cut it."""
    _ = names.phrases
    edge = spiral.edges[place]
    start = sheet.y - LINE / 2
    sheet.y += ROOM
    sheet.write(f"{called} {names.policy(edge.policy)}", WORDS)
    sheet.write(_rated(edge, names, weakest=place == spiral.weakest), WORDS)
    if edge.cut_by:
        cuts = _.list([cut.measure for cut in edge.cut_by])
        sheet.write(_("cut by {measures}", measures=cuts), WORDS)
    end = sheet.y - LINE / 2
    sheet.line((ARROW, start), (ARROW, end), edge)
    if place < len(spiral.edges) - 1:
        sheet.head(ARROW, end, "triangle-down")
        return
    top = LINE
    sheet.line((ARROW, end), (BACK, end), edge)
    sheet.line((BACK, end), (BACK, top), edge)
    sheet.head(BACK, top, "triangle-up")


def _rated(edge: SpiralEdge, names: Names, *, weakest: bool) -> str:
    _ = names.phrases
    strength = _.number(edge.strength.mid, 0)
    if not edge.confirmed:
        return _("one side alone states it: at most {strength} of 10", strength=strength)
    if weakest:
        return _("both sides confirm {strength} of 10: the weakest turn", strength=strength)
    return _("both sides confirm {strength} of 10", strength=strength)


def _frame(number: int, spiral: Spiral, names: Names) -> Frame:
    """A row for each turn, with why each measure cuts it."""
    _ = names.phrases

    def cuts(edge: SpiralEdge) -> str:
        return " ".join(f"{cut.measure}: {names.text(cut.why)}" for cut in edge.cut_by)

    return Frame(
        f"spiral-{number}",
        (
            Column("turn", _("turn"), width=0.6),
            Column("policy", _("policy"), width=2),
            Column("strength", _("both sides confirm"), "right", 1, width=1.2),
            Column("cut_by", _("cut by"), width=2.6),
        ),
        tuple(
            (
                f"{number}{letter(place)}",
                names.policy(edge.policy),
                edge.strength.mid if edge.confirmed else None,
                cuts(edge),
            )
            for place, edge in enumerate(spiral.edges)
        ),
    )


def _spec(sheet: _Sheet) -> dict[str, Any]:
    height = sheet.y

    def at(name: str, most: float, *, down: bool) -> dict[str, Any]:
        scale = {"domain": [0, most], "reverse": down, "nice": False, "zero": False}
        return {"field": name, "type": "quantitative", "axis": None, "scale": scale}

    x, y = at("x", WIDTH, down=False), at("y", height, down=True)
    plain = {"type": "nominal", "scale": None, "legend": None}
    text = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12, "limit": 0}
    return {
        "width": WIDTH,
        "height": height,
        "layer": [
            *(
                {
                    "data": {"values": [line]},
                    "mark": {
                        "type": "rule",
                        "stroke": BLACK,
                        "strokeWidth": line["width"],
                        "strokeDash": line["dash"],
                    },
                    "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
                }
                for line in sheet.lines
            ),
            {
                "data": {"values": sheet.heads},
                "mark": {"type": "point", "size": 130, "fill": BLACK, "stroke": BLACK},
                "encoding": {"x": x, "y": y, "shape": {**plain, "field": "shape"}},
            },
            *(
                {
                    "data": {"values": [one for one in sheet.texts if one["weight"] == weight]},
                    "mark": {**text, "fontWeight": weight},
                    "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
                }
                for weight in ("bold", "normal")
            ),
        ],
    }
