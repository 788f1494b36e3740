"""All files of a dossier."""

from __future__ import annotations

from detente.encounters.dossier.results import Dossier
from detente.report.dossier import page
from detente.report.language import Phrases
from detente.report.write.csv import tables
from detente.report.write.geojson import geojson
from detente.report.write.html import html
from detente.report.write.json import encode
from detente.report.write.kml import kml
from detente.report.write.pdf import pdf

FORMAT = "detente/results/dossier-1"


def files(found: Dossier, phrases: Phrases, *, digest: str, as_of: str) -> dict[str, bytes]:
    """The files of a dossier by name: page, PDF, results, tables, and ways for maps.

    Parameters
    ----------
    found
        The dossier; what it withholds is in none of the files.
    phrases
        The reader's language.
    digest
        SHA-256 of the files that it was built from.
    as_of
        The day of this edition, as ISO 8601.

    """
    document = page(found, phrases, digest=digest, as_of=as_of)
    written = {
        "index.html": html(document),
        "dossier.pdf": pdf(document),
        "results.json": encode({"format": FORMAT, "results": found}),
        "encounter.geojson": geojson(found),
        "encounter.kml": kml(found, phrases),
    }
    return written | {f"tables/{name}.csv": data for name, data in tables(document).items()}
