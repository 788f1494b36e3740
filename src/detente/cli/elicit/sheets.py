"""Who is asked what, as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.elicitation.burden import Person
    from detente.elicitation.plan import Plan

COLUMNS = ("party", "person", "track", "kind", "question", "item", "about")


def number_of(person: Person) -> int:
    """The number of a person within the party."""
    return int(person.id.removeprefix(f"{person.party}-"))


def sheets_csv(plan: Plan) -> bytes:
    """A row for everything that is asked; people are numbers within their party."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for sheet in plan.sheets:
        person = sheet.person
        writer.writerows(
            (person.party, number_of(person), person.track, kind, question, item, about or "")
            for kind, question, asks in sheet.asks
            for item, about in asks
        )
    return text.getvalue().encode()
