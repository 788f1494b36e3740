"""Verify a file of evidence of a detente line: offline, and on its own.

Run `python verify_offline.py FILE`; it needs `cryptography`. Exits with 0: proved, 1: not proved,
2: no such file. Trust begins at the root keys in the file: compare the line's id that is printed,
the SHA-256 of the agreement that names them, with the one you know.
"""

# ruff: noqa: D103, T201, PTH123 - to be read by outsiders from top to bottom
# fmt: off
import base64
import hashlib
import json
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P, Y8 = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK = {0, 1, P - 1, Y8, P - Y8}  # the y of points of small order (RFC 8032): they sign anything
BAD = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

def need(fact: Any, problem: str) -> None:
    if not fact:
        raise ValueError(problem)
def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
def text64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
def raw64(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(text64(raw) == text, "a key, hash or signature is damaged")
    return raw
def canonical(value: Any) -> bytes:  # RFC 8785; without floats it is no more than this
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def parse(text: str) -> Any:
    value = json.loads(text)
    need(canonical(value) == text.encode(), "a part is not in canonical form")
    return value

def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return int.from_bytes(key, "little") % 2**255 % P not in WEAK
def check(what: str, plain: Any, signature: str, keys: list[str]) -> None:
    message = f"detente {what} v1\n".encode() + canonical(plain)
    fine = any(signed(raw64(key), raw64(signature), message) for key in keys)
    need(fine, f"the signature under a part ({what}) does not hold")
def certificate(statement: Any, agreement: Any) -> Any:  # a key that the root of a party lets sign
    plain, signature = statement
    roots = [root for party, _, root in agreement["parties"] if party == plain["party"]]
    check("certificate", plain, signature, roots)
    need(plain["line"] == text64(sha256(canonical(agreement))), "a key is of another line")
    return plain
def find(keys: list[Any], party: str, role: str, number: int, at: int) -> list[str]:
    mine = [c for c in keys if (c["party"], c["role"], c["serial"]) == (party, role, number)]
    return [c["key"] for c in mine if not c["revoked"] and c["since"] <= at < c["until"]]
def entry(raw: str, line: str, keys: list[Any]) -> Any:  # one entry of a chain, signed by a device
    head, signature = parse(raw)
    keys = find(keys, head["from"], "device", head["device"], head["at"])
    check("envelope", head, signature, keys)
    need((head["v"], head["line"]) == (1, line), "an entry is of another line")
    return head | {"digest": text64(sha256(raw.encode())), "leaf": sha256(b"\0", raw.encode())}

# Whose head, of what size and root, cosigned by whom: C2SP signed-note and tlog-cosignature.
def note(text: str, agreement: Any, line: str, keys: list[Any]) -> tuple[str, int, str, list[str]]:
    body, _, rest = text.rpartition("\n\n")
    (origin, size, root), (*lines, last), names = body.split("\n"), rest.split("\n"), []
    party, devices = origin.rpartition("/")[2], [each for each in keys if each["role"] == "device"]
    of = dict(agreement["witnesses"]) | {f"{c['party']}/{c['serial']}": c["key"] for c in devices}
    own = {f"{party}/{each['serial']}" for each in devices if each["party"] == party}
    for dash, name, value in (each.split(" ") for each in lines):
        key, data, message = raw64(of[name]), base64.b64decode(value), f"{body}\n".encode()
        intact = base64.b64encode(data).decode() == value and dash == "—" and not last
        kind = 4 if data[:4] == sha256(f"{name}\n\4".encode(), key)[:4] else 1
        intact = intact and data[:4] == sha256(f"{name}\n".encode(), bytes([kind]), key)[:4]
        if kind == 4:  # a cosigner signs an instant too
            at, data = int.from_bytes(data[4:12], "big"), data[8:]
            message = f"cosignature/v1\ntime {at}\n".encode() + message
        need(intact and signed(key, data[4:], message), "a signature under a head does not hold")
        names.append(name)
    need(origin == f"detente.line/{line}/{party}" and own & {*names}, "its party did not sign it")
    return party, int(size), text64(base64.b64decode(root)), [n for n in names if n not in own]

def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:  # RFC 9162, 2.1.3
    if size == 1:
        return sha256(leaf, *path) if path else leaf
    half, beside = 1 << (size - 1).bit_length() - 1, path[-1]
    if index < half:
        return sha256(b"\1", climb(leaf, index, half, path[:-1]), beside)
    return sha256(b"\1", beside, climb(leaf, index - half, size - half, path[:-1]))

def fork(one: Any, two: Any) -> str:
    old, new = ({party: [size, root] for party, size, root in each["seen"]} for each in (one, two))
    less = any(p in new and new[p] != old[p] and new[p][0] <= old[p][0] for p in old)
    step, what = two["seq"] - one["seq"], "an entry that takes back what an earlier one saw"
    if step == 0 and one["digest"] != two["digest"]:
        what = "two entries for one place"
    elif step == 1 and two["prev"] != one["digest"]:
        what = "an entry that denies the one before"
    elif step < 1 or not less:
        what = ""
    need(what and one["from"] == two["from"], "the two entries can stand in one chain")
    return f"{one['from']} signed {what}: {two['seq']}, device {two['device']}."

def verify(data: bytes) -> str:
    """What a file of evidence proves, in plain words; raises one of `BAD` where it does not."""
    file = parse(data.decode())
    agreement, line = file["agreement"], text64(sha256(canonical(file["agreement"])))
    keys, kind = [certificate(each, agreement) for each in file["certificates"]], file["kind"]
    need(file["v"] == 1 and kind in {"fork", "heads", "message"}, "the kind of file is unknown")
    if kind == "fork":
        return fork(entry(file["first"], line, keys), entry(file["second"], line, keys))
    if kind == "heads":
        first, second = (note(file[key], agreement, line, keys) for key in ("first", "second"))
        need(first[:2] == second[:2] and first[2] != second[2], "the two heads can both be true")
        return f"{first[0]} signed two different heads of its chain, both of {first[1]} entries."
    party, size, root, others = note(file["note"], agreement, line, keys)
    one, text = entry(file["entry"], line, keys), file["text"]
    slip = one["body"] | {"line": line, "from": one["from"]}
    releases, _ = slip.pop("releases"), slip.pop("boxes")
    for officer, signature in releases:
        check("release", slip, signature, find(keys, party, "officer", officer, slip["written"]))
    people = {officer for officer, _ in releases}
    enough = len(people) == len(releases) > (slip["precedence"] in agreement["two_person"])
    need(enough and slip["digest"] == text64(sha256(text.encode())), "nobody released this text")
    top = climb(one["leaf"], one["seq"], size, [raw64(each) for each in file["path"]])
    need(one["from"] == party and one["seq"] < size and text64(top) == root, "it is in no tree")
    need(others and one["kind"] == "message", "nobody else signed the head of this chain")
    return (f"Officers {sorted(people)} of {party} released message {slip['number']}: {text}\n"
            f"It was entry {one['seq']} when {', '.join(others)} cosigned {size} entries.")

def main() -> int:
    line = ""
    try:
        with open(sys.argv[1], "rb") as file:
            data = file.read()
        line = text64(sha256(canonical(json.loads(data)["agreement"])))
        print(f"PROVED, on the line {line}: {verify(data)}")
    except (OSError, *BAD) as error:
        print(f"NOT PROVED: {error}." if line else f"This is no file of evidence: {error}")
        return 1 if line else 2
    print("Not proved: who held the keys, when they signed, and whether what they say is so.")
    return 0

if __name__ == "__main__":
    sys.exit(main())
