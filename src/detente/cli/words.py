"""The language of the command line: DETENTE_LANG, else English."""

from __future__ import annotations

import os

from detente.report.language import Phrases, phrases

_: Phrases = phrases(os.environ.get("DETENTE_LANG", "en"))
