"""A reader's language: translated phrases, and numbers, dates and lists as it writes them.

Pages ask a ``Phrases`` for every word a reader sees. The words are gettext catalogues under
``detente/locale``; numbers and dates come from the Unicode CLDR by way of Babel.
"""

from __future__ import annotations

import datetime as dt
import gettext
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).resolve().parents[1] / "locale"
_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_REGION = {"en": "en_GB"}  # day before month, as the other languages have it


@dataclass(frozen=True)
class Phrases:
    """Translates and formats for one language; made by `phrases`.

    Called with a text in English it returns the text in the language, with ``{name}`` filled from
    the keyword arguments.
    """

    language: str
    _catalogue: gettext.NullTranslations = field(repr=False, compare=False)

    def __call__(self, text: str, **values: object) -> str:
        """The phrase in the reader's language, filled with the values."""
        # gettext answers the empty text with the header of the catalogue.
        said = self._catalogue.gettext(text) if text else ""
        return said.format(**values) if values else said

    def n(self, singular: str, plural: str, n: int, **values: object) -> str:
        """The form of the phrase that the number asks for; ``{n}`` is the number itself."""
        said = self._catalogue.ngettext(singular, plural, n)
        return said.format(n=self.number(n, 0), **values)

    def number(self, x: float, digits: int) -> str:
        """A number with a fixed number of decimals.

        >>> phrases("en").number(-12345.678, 1)
        '−12,345.7'
        """
        return f"{_plain(x, digits):,.{digits}f}".translate(_marks(self.language))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share (1 is the whole) in per cent, with a fixed number of decimals."""
        pattern: str = locale(self.language).percent_formats[None].pattern
        return pattern.replace("#,##0", self.number(100 * share, digits))

    def cell(self, x: float) -> str:
        """A number as it is: whole numbers without separators, others with six digits.

        >>> [phrases("en").cell(x) for x in (2026, 0.1234567, 1200000.0, -2.5e-9)]
        ['2026', '0.123457', '1200000', '−2.5 × 10⁻⁹']
        """
        marks = _marks(self.language)
        if isinstance(x, int):
            return str(x).translate(marks)
        large = 1e5 < abs(x) < 1e15
        shown = f"{x:.0f}" if large else f"{_plain(x, 300):.6g}"
        mantissa, _, power = shown.translate(marks).partition("e")
        if not power:
            return mantissa
        return f"{mantissa} × 10{power.lstrip('+0').replace('−0', '−').translate(_RAISED)}"

    def date(self, date: str) -> str:
        """``2020-12-06``, ``2020-12`` or ``2020`` in words; any other text as it is.

        >>> [phrases("en").date(date) for date in ("2020-12-06", "2020-12", "2020")]
        ['6 December 2020', 'December 2020', '2020']
        """
        from babel.dates import format_date, format_skeleton

        day, is_month = _day(date)
        if day is None:
            return date
        if is_month:
            return format_skeleton("yMMMM", day, locale=locale(self.language))
        return format_date(day, "long", locale=locale(self.language))

    def short_date(self, date: str) -> str:
        """As `date`, with the month cut short where the language does so.

        >>> [phrases("en").short_date(date) for date in ("2020-12-06", "2020-12", "2020")]
        ['6 Dec 2020', 'Dec 2020', '2020']
        """
        from babel.dates import format_skeleton

        day, is_month = _day(date)
        if day is None:
            return date
        skeleton = "yMMM" if is_month else "yMMMd"
        return format_skeleton(skeleton, day, locale=locale(self.language))

    def days(self, first: str, last: str) -> str:
        """The days from the first to the last (ISO 8601), short, what they share told once.

        >>> phrases("en").days("2020-12-06", "2020-12-08")
        '6–8 Dec 2020'
        """
        from babel.dates import format_interval

        begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        return format_interval(begins, ends, "yMMMd", locale=locale(self.language))

    def list(self, items: Sequence[str]) -> str:
        """The items as running text: ``a, b and c``."""
        from babel.lists import format_list

        return format_list(list(items), locale=locale(self.language))


def locale(language: str) -> Locale:
    """What Babel knows of a language."""
    from babel import Locale

    return Locale.parse(_REGION.get(language, language))


@lru_cache(maxsize=8)
def _marks(language: str) -> dict[int, str]:
    """The marks of numbers, in place of those that Python writes."""
    symbols = locale(language).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": "−"})


def phrases(language: str, folder: Path = FOLDER) -> Phrases:
    """The phrases of a language.

    Parameters
    ----------
    language
        A code of two letters, as in ``case.yaml``.
    folder
        Where the catalogues lie: ``<language>/LC_MESSAGES/detente.mo``.

    Raises
    ------
    UsageError
        No catalogue has this language; the message names those that there are.
    """
    if language == "en":
        return Phrases(language, gettext.NullTranslations())
    if language not in languages(folder):
        known = ", ".join(languages(folder))
        raise UsageError(f"There are no phrases in the language {language!r}; choose of: {known}.")
    with (folder / language / "LC_MESSAGES" / "detente.mo").open("rb") as catalogue:
        return Phrases(language, gettext.GNUTranslations(catalogue))


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that reports can be written in, English first."""
    found = sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/detente.mo"))
    return ("en", *(language for language in found if language != "en"))


def _plain(x: float, digits: int) -> float:
    """The number, with a zero that has no sign."""
    if not math.isfinite(x):
        raise ValueError(f"{x} cannot be shown as a number.")
    return x if round(x, digits) else 0


def _day(date: str) -> tuple[dt.date | None, bool]:
    """The first day that a date names, and whether it names a month only."""
    is_month = len(date) == 7
    try:
        return dt.date.fromisoformat(f"{date}-01" if is_month else date), is_month
    except ValueError:
        return None, False
