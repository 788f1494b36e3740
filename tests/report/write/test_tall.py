"""A picture too high for a page becomes several, with all rows once and one horizontal axis."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from tests.report.sample import bars, document, slope

from detente.report.charts import height_of, picture
from detente.report.document import Chart, Column, Frame
from detente.report.write.pdf import pdf
from detente.report.write.tall import TALLEST, in_parts

MANY = 60


def chart(*, step=40, sort=None, scale=None, domain=None) -> Chart:
    frame = Frame(
        "tall",
        (Column("name", "Name"), Column("low", "Low"), Column("high", "High")),
        tuple((f"Row {(7 * n) % MANY:02}", n + 1.0, 2.0 * n + 3) for n in range(MANY)),
    )
    y = {"field": "name", "type": "nominal", "sort": sort}
    if domain:
        y["scale"] = {"domain": domain}
    x = {"type": "quantitative", "field": "low", **({"scale": scale} if scale else {})}
    encoding = {"y": y, "x": x, "x2": {"field": "high"}}
    spec = {"height": {"step": step}, "layer": [{"mark": "rule", "encoding": encoding}]}
    return Chart(frame, spec, "A tall picture", "Words")


def parts_of(whole: Chart) -> list[Chart]:
    return in_parts(whole, height_of(picture(whole)))


def names(svg: str) -> list[str]:
    return re.findall(r">(Row \d\d)<", svg)


def numbers(svg: str) -> list[str]:
    return re.findall(r">(\d+)<", svg)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sort": "ascending"},
        {"domain": [f"Row {n:02}" for n in reversed(range(MANY))]},
        {"scale": {"type": "log"}},
        {"scale": {"domain": [0, 200]}},
    ],
    ids=["as in the frame", "sorted", "own order", "logarithmic", "own ends"],
)
def test_parts_fit_a_page_and_show_all_rows_in_order_on_one_axis(changes):
    whole = chart(**changes)
    drawn = [picture(part) for part in parts_of(whole)]
    assert len(drawn) == 3
    assert all(height_of(svg) <= TALLEST for svg in drawn)
    assert [name for svg in drawn for name in names(svg)] == names(picture(whole))
    assert len({tuple(numbers(svg)) for svg in drawn}) == 1
    assert numbers(drawn[0]) == numbers(picture(whole))


def test_what_fits_stays_whole():
    small = chart(step=12)
    assert parts_of(small) == [small]


@pytest.mark.parametrize("whole", [slope(), bars()], ids=["without names", "low"])
def test_others_stay_whole(whole):
    assert in_parts(whole, height_of(picture(whole))) == [whole]
    unnamed = replace(whole, spec={"hconcat": [whole.spec]})
    assert in_parts(unnamed, 5000.0) == [unnamed]


def test_the_parts_stand_on_pages_of_their_own_and_none_is_cut():
    made = PdfReader(io.BytesIO(pdf(document((chart(),)))))
    found = [re.findall(r"Row \d\d", page.extract_text()) for page in made.pages]
    drawn = [sorted(set(one)) for one in found[:3]]
    assert [len(one) for one in drawn] == [20, 20, 20]
    assert len({name for one in drawn for name in one}) == MANY
