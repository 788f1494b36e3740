"""Small ladders to draw, and what stands where in a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from detente.case import model
from detente.report.document import Chart
from detente.report.drawings.canvas import LOOKS
from detente.report.drawings.letters import width_of

LEVELS = ("calm", "crisis", "clash", "war")


class Box(NamedTuple):
    """A rectangle of the view, and the words in it."""

    left: float
    top: float
    right: float
    bottom: float
    words: str = ""


def chance(name: str, low: float = 0.1, high: float = 0.4, **more: Any) -> model.Parameter:
    return model.Parameter(id=name, kind="probability", low=low, high=high, **more)


def rate(name: str, low: float = 1, high: float = 4) -> model.Parameter:
    return model.Parameter(id=name, kind="rate", low=low, high=high)


def rung(event: str, p: str, otherwise: str | model.Branches) -> model.Rung:
    return model.Rung(event={"": event}, p=p, otherwise=otherwise)


def ladder(*rungs: model.Rung, ends: str = "war", **more: Any) -> model.Ladder:
    words = {"id": "one", "title": {"": "What starts it"}, "branch": "accident", **more}
    return model.Ladder(starts="often", path=rungs, ends=ends, **words)


def file(
    *ladders: model.Ladder,
    parameters: Sequence[model.Parameter] = (),
    events: Sequence[model.Event] = (),
    crisis: model.Crisis | None = None,
    headline: str | None = "clash",
) -> model.LadderFile:
    return model.LadderFile(
        format="detente/ladder/1",
        levels=LEVELS,
        headline=headline,
        parameters=(rate("often"), *parameters),
        events=tuple(events),
        ladders=ladders,
        crisis=crisis,
    )


def act(on: str, low: float, high: float, how: str = "odds-ratio") -> model.Act:
    return model.Act(on=on, how=how, value=model.Uncertain(low=low, high=high))


def measure(name: str, *acts: model.Act) -> model.Measure:
    return model.Measure(
        id=name,
        area=1,
        title={"": f"Measure {name}"},
        seen="verified",
        acts=acts,
        unilateral=True,
        verifiability="none",
    )


def layers(chart: Chart, mark: str) -> Iterator[dict[str, Any]]:
    return (layer for layer in chart.spec["layer"] if layer["mark"]["type"] == mark)


def said(chart: Chart) -> list[Box]:
    """Every line of text with the room that it takes, from the top down."""
    found = []
    for layer in layers(chart, "text"):
        size, bold = layer["mark"]["fontSize"], layer["mark"]["fontWeight"] == "bold"
        for one in layer["data"]["values"]:
            wide = width_of(one["words"], size, bold=bold)
            left = one["x"] - {"left": 0, "center": wide / 2, "right": wide}[layer["mark"]["align"]]
            box = (left, one["y"] - size / 2, left + wide, one["y"] + size / 2)
            found.append(Box(*box, one["words"]))
    return sorted(found, key=lambda box: (box.top, box.left))


def words(chart: Chart) -> str:
    """All text of a drawing in one line, from the top down."""
    return " ".join(box.words for box in said(chart))


def shapes(chart: Chart) -> list[Box]:
    """Every rectangle, line and sign."""
    return [
        Box(one["x"], one["y"], one.get("x2", one["x"]), one.get("y2", one["y"]))
        for mark in ("rect", "rule", "point")
        for layer in layers(chart, mark)
        for one in layer["data"]["values"]
    ]


def signs(chart: Chart, shape: str) -> list[tuple[float, float]]:
    """Where the signs of a shape stand, from the top down."""
    found = [
        (one["y"], one["x"])
        for layer in layers(chart, "point")
        if layer["mark"]["shape"] == shape
        for one in layer["data"]["values"]
    ]
    return sorted(found)


def cards(chart: Chart) -> list[Box]:
    """The frames that words stand in."""
    looks = [LOOKS[look] for look in ("card", "side-card", "start", "dark")]
    return [
        Box(one["x"], one["y"], one["x2"], one["y2"])
        for layer in layers(chart, "rect")
        if layer["mark"] in looks
        for one in layer["data"]["values"]
    ]


def cut(text: Box, card: Box) -> bool:
    """Whether the edge of a card goes through a text."""
    meets = min(text.right, card.right) - max(text.left, card.left) > 1
    meets = meets and min(text.bottom, card.bottom) - max(text.top, card.top) > 1
    inside = card.left <= text.left and text.right <= card.right
    return meets and not (inside and card.top <= text.top and text.bottom <= card.bottom)


def faults(chart: Chart) -> list[str]:
    """What stands outside the view or a card, and which texts lie on each other."""
    width, height = chart.spec["width"], chart.spec["height"]
    texts = said(chart)
    outside = [
        f"{box} is outside"
        for box in (*texts, *shapes(chart))
        if min(box.left, box.right, box.top, box.bottom) < -0.02
        or max(box.left, box.right) > width + 0.02
        or max(box.top, box.bottom) > height + 0.02
    ]
    across = [
        f"{text} goes over the edge of {card}"
        for text in texts
        for card in cards(chart)
        if cut(text, card)
    ]
    return (
        outside
        + across
        + [
            f"{a.words!r} lies on {b.words!r}"
            for a, b in combinations(texts, 2)
            if min(a.right, b.right) - max(a.left, b.left) > 1
            and min(a.bottom, b.bottom) - max(a.top, b.top) > 1
        ]
    )
