r"""AIS messages as receivers write them (IEC 61162-1, decoded by pyais), with the time of receipt.

A message does not tell its time, a receiver does: in a tag block (``\c:1635731889*..\``), before
the sentence (``2021-11-01T01:58:09Z !AIVDM``, ``1635731889 !AIVDM``), or after it, as the United
States Coast Guard writes (``...*7B,r003669945,1635731889``). Positions are of messages 1 to 3, 9,
18, 19 and 27, claims of 5, 19 and 24 (ITU-R M.1371-5); 4 and 21 are of stations and buoys.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from detente.encounters.fixes import Fixes
from detente.encounters.readers.columns import AIS_BOUND, CLAIM
from detente.encounters.readers.gather import Gather, Options, counted
from detente.encounters.readers.instants import LAST, Unreadable, recognised
from detente.encounters.readers.layouts import SPEEDS
from detente.encounters.readers.source import Source
from detente.encounters.results import Reading
from detente.encounters.tracks import Domain

BATCH = 50_000
MOST_OPEN = 2_000  # messages of which parts are missing
LONG_RANGE = 141.0  # AIS_BOUND and half a step of 1/10 minute in both directions, of message 27

SENTENCE = re.compile(
    rb"(?P<before>[^!$\\]*)(?:\\(?P<tag>[^\\]*)\\)?(?P<between>[^!]*)"
    rb"(?P<body>!(?:AI|AB|BS|AN|AR|AS|AT|AX|SA)VD[MO],(?P<total>\d),(?P<part>\d),(?P<id>\d?),"
    rb"(?P<channel>[^,]?),(?P<payload>[^,]*),(?P<fill>\d))\*(?P<sum>[0-9A-Fa-f]{2})(?P<after>.*)"
)
_STAMP = re.compile(rb"(?:^|,)c:(\d{9,16})")
_GROUP = re.compile(rb"(?:^|,)g:\d+-\d+-(\d+)")
_AFTER = re.compile(rb",(\d{9,10})\s*$")
_POSITIONS, _STATIC, _STATIONS = (1, 2, 3, 9, 18, 19, 27), (5, 19, 24), (4, 21)
_KEYS = {
    "shipname": "name",
    "callsign": "callsign",
    "ship_type": "ship-type",
    "imo": "imo",
}


@dataclass
class _Message:
    line: int
    seconds: float | None
    parts: dict[int, bytes] = field(default_factory=dict)


def read_nmea(source: Source, options: Options) -> tuple[Fixes, Reading]:
    """The fixes and claims in a file of AIS sentences.

    Raises
    ------
    CaseError
        Where no sentence has a time, or nothing in the file is a fix.

    """
    gather = Gather(source, "nmea", options, None)
    kinds: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    timed = messages = 0
    for message in _messages(source, gather):
        messages += 1
        timed += message.seconds is not None
        row = _row(gather, kinds, message)
        if row is not None:
            rows.append(row)
        if len(rows) >= BATCH:
            _flush(gather, rows)
            rows = []
        if messages == BATCH and not timed:
            break
    if messages and not timed:
        mend = "record them with tag blocks (`\\c:...*..\\`) or a time before each sentence."
        source.stop("has AIS sentences without any time of receipt.", mend)
    _flush(gather, rows)
    if kinds:
        gather.tell("other-messages", counted(kinds))
    return gather.done()


def _messages(source: Source, gather: Gather) -> Iterator[_Message]:
    """Whole messages in order; broken and unfinished ones are counted."""
    pending: dict[tuple[bytes, ...], _Message] = {}
    for line, found in _sentences(source, gather):
        sentence = found["body"] + b"*" + found["sum"]
        if found["total"] == b"1":
            yield _Message(line, _seconds(found), {1: sentence})
            continue
        key = (found["total"], found["id"], found["channel"], _group(found))
        message = pending.get(key)
        if message is None or int(found["part"]) in message.parts:
            if message is not None:
                gather.refuse("incomplete", [message.line])
            message = pending[key] = _Message(line, None)
        message.parts[int(found["part"])] = sentence
        if message.seconds is None:
            message.seconds = _seconds(found)
        if len(message.parts) == int(found["total"]):
            yield pending.pop(key)
        if len(pending) > MOST_OPEN:
            gather.refuse("incomplete", [pending.pop(next(iter(pending))).line])
    for message in pending.values():
        gather.refuse("incomplete", [message.line])


def _sentences(source: Source, gather: Gather) -> Iterator[tuple[int, re.Match[bytes]]]:
    """The sentences whose checksum holds, each with its line."""
    line = 0
    for block in source.blocks():
        for raw in block.split(b"\n")[:-1]:
            line += 1
            text = raw.strip()
            if not text or text.startswith(b"#"):
                continue
            found = SENTENCE.match(text)
            if found is None or int(found["part"]) == 0:
                gather.refuse("undecodable", [line])
            elif _checksum(found["body"]) != int(found["sum"], 16):
                gather.refuse("checksum", [line])
            else:
                yield line, found


def _checksum(body: bytes) -> int:
    found = 0
    for byte in body[1:]:
        found ^= byte
    return found


def _group(found: re.Match[bytes]) -> bytes:
    """What binds the parts of a message: the group of the tag block, else the station."""
    tag = found["tag"] or b""
    group = _GROUP.search(tag)
    if group is not None:
        return group[1]
    return next((part for part in tag.split(b",") if part.startswith(b"s:")), b"")


def _seconds(found: re.Match[bytes]) -> float | None:
    stamp = _STAMP.search((found["tag"] or b"").partition(b"*")[0])
    stamp = stamp or _AFTER.search(found["after"])
    if stamp is not None:
        number = float(stamp[1])
        return number / 1000 if number > 1e11 else number
    before = (found["before"] or found["between"]).strip(b" ,;\t").decode("ascii", "replace")
    if not before:
        return None
    time = pl.Series([before])
    try:
        seconds = recognised(time).seconds(time)[0]
    except Unreadable:
        return None
    return float(seconds) if seconds is not None else None


def _row(gather: Gather, kinds: Counter[str], message: _Message) -> dict[str, Any] | None:
    """What a message says as a row of a frame; None, counted, where it says nothing of a craft."""
    from pyais import decode
    from pyais.exceptions import AISBaseException

    first = message.parts.get(1, b"")
    kind = _kind(first)
    if kind not in (*_POSITIONS, *_STATIC):
        if kind in _STATIONS:
            gather.refuse("no-track", [message.line])
        else:
            kinds[str(kind)] += 1
        return None
    try:
        said = decode(*(message.parts[part] for part in sorted(message.parts))).asdict()
    except (AISBaseException, ValueError, TypeError, IndexError, KeyError):
        gather.refuse("undecodable", [message.line])
        return None
    if kind not in _POSITIONS:
        kinds[str(kind)] += 1
    mmsi = str(said["mmsi"]).zfill(9)
    row = {"row": message.line, "id": mmsi, "seconds": message.seconds, **_claims(said)}
    if mmsi.startswith(("00", "99")):
        return {**row, "reason": "no-track"}
    return {**row, **_position(kind, said, message.seconds)}


def _kind(sentence: bytes) -> int:
    """The type of a message: the first six bits of its payload."""
    payload = sentence.split(b",")[5] if sentence.count(b",") >= 6 else b""
    if not payload:
        return 0
    code = payload[0] - 48
    return code - 8 if code > 40 else code


def _claims(said: dict[str, Any]) -> dict[str, str]:
    found = {
        CLAIM + key: str(said[name]).strip()
        for name, key in _KEYS.items()
        if said.get(name) not in (None, "", 0)
    }
    if said.get("to_bow") is not None:
        length, width = said["to_bow"] + said["to_stern"], said["to_port"] + said["to_starboard"]
        found |= {CLAIM + "length": str(length)} if length else {}
        found |= {CLAIM + "width": str(width)} if width else {}
    return {key: value for key, value in found.items() if value}


def _position(kind: int, said: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    if kind not in _POSITIONS:
        return {"reason": "claims only"}
    lat, lon = float(said["lat"]), float(said["lon"])
    course, speed = float(said["course"]), float(said["speed"])
    found: dict[str, Any] = {"lat": lat, "lon": lon, "reason": None}
    found["domain"] = "air" if kind == 9 else "sea"
    if kind == 9 and said.get("alt", 4095) < 4094:
        found["height"] = float(said["alt"])
    if course < 360:
        found["course_deg"] = course
    limits = {9: 1023, 27: 63}
    if speed < limits.get(kind, 102.25):
        found["speed_ms"] = speed * SPEEDS["kn"]
    if said.get("accuracy"):
        found["error"] = LONG_RANGE if kind == 27 else AIS_BOUND
    if lat == 91 or lon == 181:
        found["reason"] = "no-position"
    elif not (abs(lat) <= 90 and abs(lon) <= 180):
        found["reason"] = "position"
    elif seconds is None:
        found["reason"] = "no-time"
    elif not 0 <= seconds < LAST:
        found["reason"] = "time"
    return found


_NUMBERS = ("seconds", "lat", "lon", "height", "course_deg", "speed_ms", "error")
_SCHEMA = {
    "row": pl.Int64,
    "id": pl.String,
    "domain": pl.String,
    "reason": pl.String,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    **{CLAIM + key: pl.String for key in (*_KEYS.values(), "length", "width")},
}


def _flush(gather: Gather, rows: list[dict[str, Any]]) -> None:
    domain: Domain = "sea"
    frame = pl.DataFrame(rows, schema=_SCHEMA).with_columns(
        domain=pl.col("domain").fill_null(domain)
    )
    gather.claims_only(frame.filter(pl.col("reason") == "claims only"), "mmsi")
    gather.add(frame.filter(pl.col("reason").ne_missing("claims only")), None, "mmsi")
