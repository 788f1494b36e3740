"""A document as one HTML file that needs nothing else: no script, no font, no request."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from detente.report.charts import FULL_WIDTH, HALF_WIDTH, picture, stacks, width_of
from detente.report.document import Chart, Document
from detente.report.language import phrases
from detente.report.texts import clean
from detente.report.walk import check, contents
from detente.report.write.plain import edition, plain

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).resolve().parent / "template"
_NARROW = 350  # CSS pixels of a picture on a telephone


def html(document: Document) -> bytes:
    """The document as a self-contained HTML page, the same bytes each time.

    Raises
    ------
    UsageError
        There are no phrases in the document's language.
    ValueError
        A link leads nowhere, an anchor stands twice, the headings leave out a level, or a chart
        cannot be drawn.
    """
    check(document)
    words = phrases(document.language)
    pictures = _Pictures(document.language)
    template = _environment().get_template("document.html")
    text = template.render(
        _=words,
        document=document,
        edition=" · ".join(edition(document, words)),
        contents=contents(document) if document.contents else [],
        blocks=plain(document.blocks, words, pictures.draw),
    )
    return text.encode("utf-8")


class _Pictures:
    """Draws charts one after another, so that no two share an id."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._count = 0

    def draw(self, chart: Chart, beside: int) -> dict[str, Any]:
        """The picture for its place, and one for a telephone where it can be made to fit."""
        self._count += 1
        place = self._picture(chart, FULL_WIDTH if beside == 1 else HALF_WIDTH, "w")
        wide = width_of(place)
        fits = beside == 1 and (abs(wide - FULL_WIDTH) <= 1 or stacks(chart.spec))
        small = self._picture(chart, _NARROW, "n") if fits else Markup()
        return {"picture": place, "small": small, "pans": not fits and wide > HALF_WIDTH}

    def _picture(self, chart: Chart, width: int, size: str) -> Markup:
        prefix = f"picture-{self._count}{size}-"
        svg = picture(chart, width=width, language=self._language, prefix=prefix)
        return Markup(svg)  # noqa: S704 (an XML writer made it and escaped its texts)


def css_string(text: str) -> Markup:
    r"""A text as a CSS string: letters and digits as they are, all else by number.

    >>> css_string('a"</style>')
    Markup('"a\\22 \\3c \\2f style\\3e "')
    """
    shown = "".join(one if one.isalnum() else f"\\{ord(one):x} " for one in text)
    return Markup(f'"{shown}"')  # noqa: S704 (nothing is left that could end the string)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = css_string
    return environment
