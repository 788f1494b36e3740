"""Whose craft a track is said to be: by what it transmits, registers, reports and a user's table.

Nothing here proves an identity. Addresses and names can be mistyped, borrowed and forged, registers
are behind the times, and what follows from a claim is no better than the claim.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from detente.encounters.results import Evidence, Identity, State
from detente.encounters.tracks import Craft
from detente.ground.errors import CaseError, Finding
from detente.ground.text import Marked, Path_, parse_yaml

FORMAT = "detente/sides/1"
BLOCKS = "ICAO Annex 10 Vol. III, Table 9-1"
DIGITS = "ITU, Maritime Identification Digits"
SHIP_TYPES = "ITU-R M.1371-5, Table 53"
MOST_PATTERNS = 2_000

_MATCHED = ("countries", "operators", "callsigns", "names", "registrations", "addresses", "mmsi")
_LEVELS = (("callsign", "name", "registration", "icao24", "mmsi"), ("operator",), ("country",))
_PATTERN = ("callsign", "name", "side", "state", "kind", "source")
_REGISTER = {  # names of columns of known registers
    "icao24": ("icao24", "icao", "$icao", "hex", "modes"),
    "registration": ("registration", "$registration", "reg"),
    "operator": ("operator", "$operator", "owner"),
    "kind": ("type", "$type", "model"),
    "group": ("cmpg", "#cmpg", "group", "category"),
}
_GROUPS: dict[str, State] = {
    "mil": "state",
    "military": "state",
    "pol": "state",
    "police": "state",
    "customs": "state",
    "civ": "civil",
    "civil": "civil",
}


# --- registers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """What a register says of one aircraft."""

    registration: str
    operator: str
    kind: str
    state: State


@dataclass(frozen=True)
class Register:
    """Aircraft by their 24-bit address, and who keeps the list.

    ``unread`` are the lines whose address is none, as where a spreadsheet dropped its first zero.
    """

    name: str
    entries: Mapping[str, Entry]
    unread: tuple[int, ...] = ()


def read_register(file: str, text: str, name: str = "") -> Register:
    """A register in a CSV text with a column of addresses, such as plane-alert-db's.

    ``name`` is how evidence names it, the file's name where it is empty.

    Raises
    ------
    CaseError
        Where there is no column of addresses, it is no CSV, or no address can be read.

    """
    reader = csv.reader(io.StringIO(text), strict=True)
    entries, unread = {}, []
    try:
        header = next(reader, [])
        columns = _register_columns(file, header)
        for cells in reader:
            own = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
            said = {key: own[place] if place is not None else "" for key, place in columns.items()}
            if not _is_address(said["icao24"]):
                unread.append(reader.line_num)
                continue
            state = _GROUPS.get(said["group"].lower(), "unknown")
            entry = Entry(said["registration"], said["operator"], said["kind"], state)
            entries[said["icao24"].lower()] = entry
    except csv.Error as error:
        problem = f"is no CSV from here on: {error}."
        finding = Finding(file, reader.line_num, "", problem, "check and close the quotes.")
        raise CaseError((finding,)) from error
    if not entries:
        mend = "write six hexadecimal digits a row."
        raise CaseError((Finding(file, 0, "icao24", "has no address.", mend),))
    return Register(name or file, entries, tuple(unread))


def _register_columns(file: str, header: Sequence[str]) -> dict[str, int | None]:
    """The place of each column that a register may have."""
    lower = [column.strip().lower().removeprefix("\ufeff") for column in header]
    found = {
        key: next((lower.index(one) for one in names if one in lower), None)
        for key, names in _REGISTER.items()
    }
    if found["icao24"] is None:
        mend = f"name it; there are: {', '.join(header[:12])}."
        raise CaseError((Finding(file, 1, "icao24", "is no column of the table.", mend),))
    return found


def _is_address(text: str) -> bool:
    return len(text) == 6 and all(one in "0123456789abcdefABCDEF" for one in text)


@cache
def _table(name: str) -> tuple[tuple[str, ...], ...]:
    text = files("detente.encounters.registers").joinpath(name).read_text("utf-8")
    return tuple(tuple(line.split(",")) for line in text.splitlines()[2:])


@cache
def _blocks() -> tuple[tuple[int, int, str], ...]:
    return tuple((int(low, 16), int(high, 16), who) for who, low, high in _table("addresses.csv"))


def country_of_address(icao24: str) -> str | None:
    """The state to which a 24-bit address is allotted, as ISO 3166-1 alpha-2; None where unknown.

    >>> country_of_address("ae0455"), country_of_address("f00001")
    ('US', None)
    """
    if not _is_address(icao24):
        return None
    number = int(icao24, 16)
    return next((who for low, high, who in _blocks() if low <= number <= high), None)


def country_of_mmsi(mmsi: str) -> str | None:
    """The administration whose digits an MMSI has, as ISO 3166-1 alpha-2; None where unknown.

    Ships begin with the digits, aircraft of search and rescue have them after 111.

    >>> country_of_mmsi("273123456"), country_of_mmsi("111219501"), country_of_mmsi("12345")
    ('RU', 'DK', None)
    """
    if len(mmsi) != 9 or not mmsi.isdecimal():
        return None
    digits = mmsi[3:6] if mmsi.startswith("111") else mmsi[:3]
    return next((who for mid, who in _table("mids.csv") if mid == digits), None)


def ship_type(value: str) -> tuple[str, State] | None:
    """The kind that a ship says it is, by the number of its type or by words; None where unclear.

    >>> ship_type("35"), ship_type("Military"), ship_type("70"), ship_type("90")
    (('military operations', 'state'), ('military operations', 'state'), ('cargo', 'civil'), None)
    """
    text = value.strip().lower()
    if text in ("35", "military", "military ops", "engaged in military operations"):
        return "military operations", "state"
    if text in ("55", "law enforcement"):
        return "law enforcement", "state"
    words = {"30": "fishing", "36": "sailing", "37": "pleasure", "52": "tug"}
    tens = {"6": "passenger", "7": "cargo", "8": "tanker"}
    named = {*words.values(), *tens.values()}
    kind = words.get(text) or (tens.get(text[:1]) if text.isdecimal() and len(text) == 2 else None)
    kind = kind or (text if text in named else None)
    return (kind, "civil") if kind else None


# --- sides --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """What belongs to a side; ``*`` and ``?`` stand for any letters and any one.

    ``addresses`` are 24-bit addresses, single or ``ae0000-afffff``.
    """

    name: str
    countries: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    callsigns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    mmsi: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """What a callsign or name tells by its form, and who says so."""

    source: str
    callsign: str = ""
    name: str = ""
    side: str = ""
    state: State = "unknown"
    kind: str = ""


@dataclass(frozen=True)
class Sides:
    """A user's table of sides and patterns."""

    sides: tuple[Side, ...] = ()
    patterns: tuple[Pattern, ...] = field(default=())


def read_sides(file: str, text: str) -> Sides:
    """The table in a YAML text from `read_text`.

    .. code-block:: yaml

        format: detente/sides/1
        sides:
          A: {countries: [US, GB], operators: ["Royal Air Force"], callsigns: ["FORTE*"]}
          B: {countries: [RU], addresses: ["150000-15ffff"], names: ["RFS *"]}
        patterns:
          - {callsign: "RFF*", state: state, kind: transport, source: "list of callsigns, 2024"}

    Raises
    ------
    CaseError
        With every finding: unknown keys, lists that are none, addresses that are none, a value that
        belongs to two sides, a pattern without a source.

    """
    marked = parse_yaml(text, Marked(file))
    value = marked.value if isinstance(marked.value, dict) else {}
    if value.get("format") != FORMAT and not marked.findings:
        marked.find(("format",), "is not known.", f"begin with `format: {FORMAT}`.")
    _only(marked, (), value, ("format", "sides", "patterns"))
    sides = tuple(_sides(marked, value.get("sides")))
    patterns = tuple(_patterns(marked, value.get("patterns"), {side.name for side in sides}))
    if marked.findings:
        raise CaseError(tuple(sorted(marked.findings)))
    return Sides(sides, patterns)


def _only(marked: Marked, path: Path_, said: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in said:
        if key not in known:
            marked.find((*path, key), "is not known.", f"remove it; there are: {', '.join(known)}.")


def _sides(marked: Marked, value: Any) -> Iterable[Side]:
    if not isinstance(value, dict):
        marked.find(("sides",), "is no mapping.", "write `sides: {A: {countries: [...]}}`.")
        return
    owner: dict[tuple[str, str], str] = {}
    for name, said in value.items():
        path: Path_ = ("sides", name)
        if not isinstance(said, dict):
            marked.find(path, "is no mapping.", "write `countries: [...]` and so on.")
            continue
        _only(marked, path, said, _MATCHED)
        own: dict[str, tuple[str, ...]] = {}
        for key in _MATCHED:
            own[key] = _listed(marked, (*path, key), said.get(key, []))
            for one in own[key]:
                other = owner.setdefault((key, one.lower()), name)
                if other != name:
                    problem = f"`{one[:40]}` belongs to `{other}` too."
                    marked.find((*path, key), problem, "keep it at one side.")
        for one in own["addresses"]:
            if not all(_is_address(end) for end in one.split("-")) or one.count("-") > 1:
                mend = "write `ae0455` or `ae0000-afffff`."
                marked.find((*path, "addresses"), f"`{one[:40]}` is no address.", mend)
        yield Side(name, **own)


def _listed(marked: Marked, path: Path_, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or any(isinstance(v, dict | list | bool) for v in value):
        marked.find(path, "is no list of texts.", "write `[...]`.")
        return ()
    if len(value) > MOST_PATTERNS:
        marked.find(path, f"has more than {MOST_PATTERNS} entries.", "use `*`.")
        return ()
    return tuple(str(one) for one in value)


def _patterns(marked: Marked, value: Any, sides: set[str]) -> Iterable[Pattern]:
    if value is None:
        return
    if not isinstance(value, list) or len(value) > MOST_PATTERNS:
        marked.find(("patterns",), "is no list.", "write `- {callsign: ..., source: ...}`.")
        return
    for number, said in enumerate(value):
        path: Path_ = ("patterns", number)
        if not isinstance(said, dict):
            marked.find(path, "is no mapping.", "write `{callsign: ..., source: ...}`.")
            continue
        _only(marked, path, said, _PATTERN)
        own = {key: str(said[key]) for key in _PATTERN if said.get(key) not in (None, "")}
        if not own.get("source"):
            marked.find(path, "has no source.", "say who tells so.")
        if ("callsign" in own) == ("name" in own):
            marked.find(path, "has not one of callsign and name.", "write one of them.")
        if own.get("state", "unknown") not in ("state", "civil", "unknown"):
            marked.find((*path, "state"), "is not known.", "write state, civil or unknown.")
        if own.get("side") and own["side"] not in sides:
            marked.find((*path, "side"), "is no side above.", "name one of the sides.")
        yield Pattern(**{"source": "", **own})  # type: ignore[arg-type]


# --- the summary --------------------------------------------------------------------------------


def identify(
    craft: Craft, registers: Sequence[Register] = (), sides: Sides | None = None
) -> Identity:
    """What is said of ``craft``, with what registers and the user's table make of it.

    A side by callsign, name, registration or address counts before one by operator, and that before
    one by country; where things of one level tell different sides there is none.
    """
    table = sides or Sides()
    evidence = [Evidence(claim.key, claim.value, claim.source) for claim in craft.claims]
    evidence += _registered(evidence, registers)
    evidence += _countries(evidence)
    evidence += _typed(evidence)
    evidence += _matched(evidence, table)
    evidence = list(dict.fromkeys(evidence))
    side, disputed_side = _side(evidence, table)
    states = {one.value for one in evidence if one.key == "state"} - {"unknown"}
    countries = {one.value for one in evidence if one.key == "country"}
    holds = {"side": disputed_side, "state": len(states) > 1, "country": len(countries) > 1}
    state: State = "unknown"
    if len(states) == 1:
        state = "state" if "state" in states else "civil"
    return Identity(
        id=craft.id,
        domain=craft.domain,
        side=side,
        state=state,
        kind=_kind(evidence),
        single_source=len(_origins(evidence)) < 2,
        disputed=tuple(name for name, held in holds.items() if held),
        evidence=tuple(evidence),
    )


def _registered(said: Sequence[Evidence], registers: Sequence[Register]) -> list[Evidence]:
    found = []
    addresses = {one.value.lower() for one in said if one.key == "icao24"}
    for register in registers:
        for address in sorted(addresses & register.entries.keys()):
            entry = register.entries[address]
            values = {
                "registration": entry.registration,
                "operator": entry.operator,
                "type": entry.kind,
                "state": entry.state if entry.state != "unknown" else "",
            }
            found += [Evidence(key, one, register.name) for key, one in values.items() if one]
    return found


def _countries(said: Sequence[Evidence]) -> list[Evidence]:
    found = []
    for one in said:
        if one.key == "icao24" and (who := country_of_address(one.value)):
            found.append(Evidence("country", who, BLOCKS))
        if one.key == "mmsi" and (who := country_of_mmsi(one.value)):
            found.append(Evidence("country", who, DIGITS))
    return found


def _typed(said: Sequence[Evidence]) -> list[Evidence]:
    found = []
    for one in said:
        if one.key == "ship-type" and (typed := ship_type(one.value)):
            found.append(Evidence("kind", typed[0], SHIP_TYPES))
            found.append(Evidence("state", typed[1], SHIP_TYPES))
    return found


def _matched(said: Sequence[Evidence], table: Sides) -> list[Evidence]:
    """What patterns of callsigns and names tell."""
    found = []
    for pattern in table.patterns:
        key, form = ("callsign", pattern.callsign) if pattern.callsign else ("name", pattern.name)
        if any(one.key == key and _fits(one.value, form) for one in said):
            values = {"side": pattern.side, "kind": pattern.kind}
            values["state"] = "" if pattern.state == "unknown" else pattern.state
            found += [Evidence(key, one, pattern.source) for key, one in values.items() if one]
    return found


def _fits(value: str, form: str) -> bool:
    return fnmatchcase(value.strip().lower(), form.lower().replace("[", "[[]"))


def _side(evidence: Sequence[Evidence], table: Sides) -> tuple[str | None, bool]:
    """The side, and whether the evidence tells several."""
    levels = [
        {s.name for s in table.sides for one in evidence if one.key in keys and _belongs(one, s)}
        for keys in _LEVELS
    ]
    levels[0].update(one.value for one in evidence if one.key == "side")
    first = next((level for level in levels if level), set())
    told = set().union(*levels)
    return (next(iter(first)) if len(first) == 1 else None), len(told) > 1


def _belongs(one: Evidence, side: Side) -> bool:
    forms = {
        "country": side.countries,
        "operator": side.operators,
        "callsign": side.callsigns,
        "name": side.names,
        "registration": side.registrations,
        "mmsi": side.mmsi,
    }.get(one.key, ())
    if one.key == "icao24":
        return any(_in_block(one.value, block) for block in side.addresses)
    return any(_fits(one.value, form) for form in forms)


def _in_block(address: str, block: str) -> bool:
    low, _, high = block.lower().partition("-")
    return low <= address.lower() <= (high or low)


def _kind(evidence: Sequence[Evidence]) -> str:
    """The most specific type that is said: of a pattern or register before that of a ship."""
    for key in ("type", "kind"):
        found = [one.value for one in evidence if one.key == key]
        if found:
            return found[0]
    return ""


def _origins(evidence: Sequence[Evidence]) -> set[str]:
    """Who says that the craft was there: its own transmissions once, and each who reports it."""
    found = {f"report: {one.value}" for one in evidence if one.key == "reported-by"}
    transmitted = {one.source for one in evidence if one.key in ("mmsi", "icao24")}
    reported = {one.source for one in evidence if one.key == "reported-by"}
    sent = any(not any(source.startswith(told) for told in reported) for source in transmitted)
    return found | ({"transmission"} if sent else set())
