"""A document as a tagged PDF for archives and for readers with a screen reader.

The template `template/report.typ` lays out plain values; no text is ever read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from detente.report.charts import FONTS, FULL_WIDTH, HALF_WIDTH, height_of, picture, width_of
from detente.report.document import Chart, Document
from detente.report.language import phrases
from detente.report.texts import each_text, with_an_end
from detente.report.walk import check, every_block
from detente.report.write.glyphs import displayable, drawable
from detente.report.write.plain import edition, plain
from detente.report.write.tall import in_parts

TEMPLATE = Path(__file__).resolve().parent / "template" / "report.typ"


def pdf(document: Document) -> bytes:
    """The document as PDF, the same bytes each time.

    It is PDF/UA-1 (ISO 14289), and PDF/A-2a (ISO 19005-2) too where the document has a date.

    Raises
    ------
    UsageError
        There are no phrases in the document's language.
    ValueError
        A link leads nowhere, an anchor stands twice, the headings leave out a level, or a chart
        cannot be drawn.
    """
    import typst

    check(document)
    day = _day(document.date)
    values = each_text({**_head(document), "day": day, **_body(document)}, _printable)
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(values, ensure_ascii=False, allow_nan=False)},
        pdf_standards=["a-2a", "ua-1"] if day else ["ua-1"],
    )


def _printable(text: str) -> str:
    return displayable(with_an_end(text))


def _head(document: Document) -> dict[str, Any]:
    _ = phrases(document.language)
    return {
        "language": document.language,
        "title": document.title,
        "subtitle": document.subtitle,
        "edition": " · ".join(edition(document, _)),
        "marking": document.marking,
        "contents": document.contents,
        "numbers": _("The numbers of the charts"),
        "page": _("The numbers of this chart: page"),
        "digest": _("Digest of the case: {digest}", digest=document.digest),
    }


def _body(document: Document) -> dict[str, Any]:
    """The blocks, and the tables of the folded charts for the annex."""
    words = phrases(document.language)

    def draw(chart: Chart, beside: int) -> dict[str, Any]:
        width = FULL_WIDTH if beside == 1 else HALF_WIDTH
        svgs = [picture(chart, width=width, language=document.language)]
        parts = in_parts(chart, height_of(svgs[0]))
        if len(parts) > 1:
            svgs = [picture(part, width=width, language=document.language) for part in parts]
        return {"pictures": [drawable(svg) for svg in svgs], "width": width_of(svgs[0])}

    charts = [block for block in every_block(document.blocks) if isinstance(block, Chart)]
    folded = {chart.frame.name: chart for chart in charts if chart.folded}
    annex = plain(folded.values(), words, lambda _chart, _beside: {})
    return {"blocks": plain(document.blocks, words, draw), "annex": annex}


def _day(date: str) -> list[int]:
    """Year, month and first day that a date names; empty where it names none."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date)
    try:
        day = dt.date(*(int(part or 1) for part in parts.groups())) if parts else None
    except ValueError:
        return []
    return [day.year, day.month, day.day] if day else []
