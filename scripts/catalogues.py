"""Compile the catalogues of phrases.

Run by `make i18n`; a test holds that the compiled ones are current. Babel's own command is not
used: it takes "90 % from" for a place in the old form of formatting, and refuses translations.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "src" / "detente" / "locale"


def main() -> None:
    """Write a .mo beside every .po."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/detente.po")):
        language = path.parents[1].name
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    main()
