"""How near counts as close: from the command line, or from a file of limits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.cli.words import _
from detente.ground.errors import CaseError, UsageError
from detente.ground.text import Marked, Path_, parse_yaml, read_text

if TYPE_CHECKING:
    from detente.encounters.approach.limits import Limit, Limits

FORMAT = "detente/limits/1"
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(m|km|nm|ft|yd)\s*")
METRES = {"m": 1.0, "km": 1000.0, "nm": 1852.0, "ft": 0.3048, "yd": 0.9144}


def metres(text: str) -> float:
    """Metres of a length such as ``5nm`` or ``1000 ft``; `UsageError` where it is none."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        units = ", ".join(METRES)
        raise UsageError(_("{given} is no length; write 5nm or 300m, in {units}.",
                           given=text, units=units))  # fmt: skip
    return float(match[1]) * METRES[match[2]]


def limits(horizontal: str | None, vertical: str | None, file: Path | None) -> Limits:
    """The limits that were asked for, or those that are usual.

    A ``horizontal`` limit holds for all pairs of domains; a ``vertical`` one for those with
    aircraft, and there is none where it is ``any``.
    """
    from detente.encounters.approach.limits import PAIRS, Limit, Limits
    from detente.encounters.screen import USUAL_LIMITS

    if file is not None:
        if horizontal is not None or vertical is not None:
            raise UsageError(_("Give --limits, or --horizontal and --vertical; not both."))
        return _read(file)
    of = dict(USUAL_LIMITS)
    if horizontal is not None:
        usual = {pair: USUAL_LIMITS.get(pair, Limit(1, 1000 * METRES["ft"])) for pair in PAIRS}
        of = {pair: _flat(pair, metres(horizontal), usual[pair].vertical) for pair in PAIRS}
    if vertical is not None:
        high = None if vertical == "any" else metres(vertical)
        of = {pair: _flat(pair, one.horizontal, high) for pair, one in of.items()}
    return Limits(of)


def _flat(pair: str, horizontal: float, vertical: float | None) -> Limit:
    from detente.encounters.approach.limits import Limit

    return Limit(horizontal, vertical if "air" in pair else None)


def _read(file: Path) -> Limits:
    from detente.encounters.approach.limits import PAIRS, Limits

    marked = Marked(file.name)
    text = read_text(file.parent, file.name, marked)
    value = parse_yaml(text, marked).value if text is not None else None
    said: dict[str, Any] = value if isinstance(value, dict) else {}
    if said.get("format") != FORMAT and not marked.findings:
        marked.find(("format",), "is not known.", f"write `format: {FORMAT}`.")
    pairs = said.get("limits")
    if not isinstance(pairs, dict) or not pairs:
        mend = "write `limits: {sea-sea: {horizontal: 0.5 nm}}`."
        marked.find(("limits",), "is no mapping.", mend)
        pairs = {}
    found = {}
    for pair, one in pairs.items():
        if pair not in PAIRS:
            mend = f"take one of: {', '.join(PAIRS)}."
            marked.find(("limits", pair), "is no pair of domains.", mend)
        else:
            found[pair] = _limit(marked, ("limits", pair), one)
    if marked.findings:
        raise CaseError(tuple(sorted(set(marked.findings))))
    return Limits({pair: one for pair, one in found.items() if one is not None})


def _limit(marked: Marked, path: Path_, said: Any) -> Limit | None:
    from detente.encounters.approach.limits import WIDEST, Limit

    parts = said if isinstance(said, dict) else {}
    for key in parts:
        if key not in ("horizontal", "vertical"):
            marked.find((*path, key), "is not known.", "keep `horizontal` and `vertical`.")
    lengths: dict[str, float | None] = {"horizontal": None, "vertical": None}
    for key in lengths:
        text = str(parts.get(key, ""))
        match = _LENGTH.fullmatch(text)
        if match is not None and float(match[1]) > 0:
            lengths[key] = float(match[1]) * METRES[match[2]]
        elif key == "horizontal" or text:
            marked.find((*path, key), "is no length.", "write it as `0.5 nm` or `1000 ft`.")
    along = lengths["horizontal"]
    if along is not None and along > WIDEST:
        marked.find((*path, "horizontal"), "goes beyond 300 km.", "take a smaller length.")
        return None
    return Limit(along, lengths["vertical"]) if along is not None else None
