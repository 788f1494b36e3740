"""`detente line verify`: judge a log, a bundle or evidence by its bytes; two logs by each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, FILE, contents
from detente.cli.line.heading import head, wrapped
from detente.cli.line.heads import LEAST_DIGITS, hexadecimal, spaced
from detente.cli.show import print_json, print_table, say, yes_no
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.channel.audit import Audit, TwoLogs
    from detente.channel.bundle import Bundle
    from detente.channel.evidence import Proved

_NOTE = b"detente.line/"  # so begins the origin in a note (`checkpoints.origin`)


@click.command(
    short_help=_("Judge a log, bundle or evidence; prove that two logs agree."),
    help=_(
        "Judge A by its bytes alone: a party's folder, an exported log, a bundle or a file of "
        "evidence. With B, another log of the same line, prove that both agree, or where they "
        "part. No network and no key is needed. B may also be a witness's note on log A."
    ),
    epilog=_(
        "Example: detente line verify arland.log borland.log. Exit code 1 where something does not "
        "hold, or where evidence proves what a party did."
    ),
)
@click.argument("a", type=FILE)
@click.argument("b", type=FILE, required=False)
@AS_JSON
def verify(a: Path, b: Path | None, *, as_json: bool) -> None:
    """Say what holds; leave with 1 where something does not."""
    from detente.channel.canonical import Malformed

    try:
        holds = _judged(a, b, as_json=as_json)
    except Malformed as error:
        holds = False
        if as_json:
            print_json("line-verify", {"kind": None, "sound": False, "problem": str(error)})
        else:
            head()
            say(_("It proves nothing: {why}", why=str(error)))
    if not holds:
        sys.exit(1)


def _judged(a: Path, b: Path | None, *, as_json: bool) -> bool:
    if b is not None:
        return _two(a, b, as_json=as_json)
    data = log_bytes(a)
    return bool(_ONE[_kind(data, a)](data, as_json=as_json))


def log_bytes(path: Path) -> bytes:
    """The log in a party's folder, or in an exported file."""
    if not path.is_dir():
        return contents(path)
    from detente.channel.audit import export
    from detente.cli.line.place import opened

    with opened(path) as line:
        return export(line.agreement, line.entries())


def _kind(data: bytes, path: Path) -> str:
    """What a file is, by its first line."""
    from detente.channel.audit import MAX_HEADER
    from detente.channel.canonical import Malformed, decode
    from detente.channel.evidence import MAX_BYTES

    first = data.partition(b"\n")[0]
    try:
        value = decode(first, most=MAX_BYTES if first == data else MAX_HEADER)
    except Malformed:
        value = None
    if isinstance(value, list):
        return "bundle"
    if isinstance(value, dict) and "agreement" in value:
        return "evidence" if "kind" in value else "log"
    raise UsageError(
        _("{path} is no log, no bundle and no evidence, or its first line is damaged.", path=path)
    )


# --- one ----------------------------------------------------------------------------------------


def _log(data: bytes, *, as_json: bool) -> bool:
    from detente.channel.audit import audit

    found = audit(data)
    if as_json:
        print_json("line-verify", {"kind": "log", **_told(found)})
    else:
        head(_("Log of the line “{title}”", title=found.agreement.title))
        print_audit(found)
    return found.sound


def _told(found: Audit) -> dict[str, Any]:
    return {
        "line": found.line,
        "sound": found.sound,
        "chains": [{"party": c.party, "size": c.size, "root": c.root} for c in found.chains],
        "damage": found.damage,
        "forks": len(found.forks),
        "checkpoints": [_checkpoint(one) for one in found.checkpoints],
        "denied": [_checkpoint(one) for one in found.denied],
        "irregular": found.irregular,
    }


def _checkpoint(one: Any) -> dict[str, Any]:
    return {"party": one.party, "size": one.size, "root": one.root, "cosigners": one.cosigners}


def print_audit(found: Audit) -> None:
    """What a log is found to be."""
    from detente.channel.keys import fingerprint

    say(_("Line {print}", print=fingerprint(found.line)))
    cosigned = {one.party: one for one in found.checkpoints if one.cosigners}
    rows = []
    for chain in found.chains:
        mark = cosigned.get(chain.party)
        until = f"{mark.size} ({', '.join(mark.cosigners)})" if mark else "–"
        root = spaced(hexadecimal(chain.root)[:LEAST_DIGITS])
        rows.append((chain.party, str(chain.size), root, until))
    print_table(
        _("Chains"),
        (_("party"), _("entries"), _("root, first 16 digits"), _("cosigned up to entry")),
        rows,
    )
    for words in _complaints(found):
        for line in wrapped(words, first="  - ", then="    "):
            say(line)
    if found.sound:
        say(_("Every signature, every link and every tree head in it holds."))
    else:
        say(_("This log does not hold; see above."))


def _complaints(found: Audit) -> list[str]:
    words = [*found.damage]
    words += [
        _(
            "Entry {seq} of {party} breaks a rule: {why}",
            seq=each.place[1],
            party=each.place[0],
            why=" ".join(each.sentences),
        )
        for each in found.irregular
    ]
    if found.forks:
        words.append(
            _.n(
                "{n} pair of entries cannot stand in one chain.",
                "{n} pairs of entries cannot stand in one chain.",
                len(found.forks),
            )
        )
    words += [
        _("A tree head that {party} signed is not that of its entries.", party=each.party)
        for each in found.denied
    ]
    return words


def _bundle(data: bytes, *, as_json: bool) -> bool:
    from detente.channel.bundle import read
    from detente.cli.line.sayings import minute

    came: Bundle = read(data)
    hello = came.hello
    if as_json:
        told = {"line": hello.line, "from": hello.sender, "to": hello.to, "at": hello.at}
        print_json("line-verify", {"kind": "bundle", **told, "entries": len(came.entries)})
        return True
    head(_("Bundle from {sender} to {to}", sender=hello.sender, to=hello.to))
    say(_("made {at} by its clock", at=minute(hello.at)))
    say(_.n("{n} entry; the file is whole.", "{n} entries; the file is whole.", len(came.entries)))
    say(_("Its signatures are verified where it is taken in, beside the log."))
    return True


def _evidence(data: bytes, *, as_json: bool) -> bool:
    from detente.channel.evidence import RELEASED, verify_evidence

    proved = verify_evidence(data)
    if as_json:
        print_json("line-verify", {"kind": "evidence", "proved": proved})
    else:
        head(_("Evidence"))
        print_proved(proved)
    return proved.what == RELEASED


def print_proved(proved: Proved) -> None:
    """What a file of evidence proves, and what it rests on."""
    from detente.channel.keys import fingerprint

    say(_("It proves, of {party}: {what}", party=proved.party, what=_what(proved.what)))
    say(_("Place in its chain: entry {seq}", seq=proved.seq))
    if proved.number:
        say(_("Message {number}", number=proved.number))
        say(_("Cosigned by: {names}", names=", ".join(proved.cosigners)))
    say(_("Line {print}", print=fingerprint(proved.line)))
    say(_("Compare this line's fingerprint with yours: all trust starts there."))


def _what(what: str) -> str:
    from detente.channel import evidence

    return {
        evidence.TWO_ENTRIES: _("it signed two entries for one place"),
        evidence.DENIES: _("it signed an entry that denies the one before"),
        evidence.TAKES_BACK: _("it signed an entry that takes back what an earlier one saw"),
        evidence.TWO_HEADS: _("it signed two tree heads of one size"),
        evidence.DENIED: _("it signed a tree head that its own entries deny"),
        evidence.RELEASED: _("its officers released this message, and it stood in the chain"),
    }[what]


_ONE: dict[str, Any] = {"log": _log, "bundle": _bundle, "evidence": _evidence}


# --- two ----------------------------------------------------------------------------------------


def _two(a: Path, b: Path, *, as_json: bool) -> bool:
    from detente.channel.audit import agree, audit

    if b.is_file() and (data := contents(b)).startswith(_NOTE):
        return _noted(audit(log_bytes(a)), data, as_json=as_json)
    logs = [audit(log_bytes(path)) for path in (a, b)]
    found = agree(*logs)
    holds = found.agree and all(log.sound for log in logs)
    if as_json:
        told = {"kind": "two-logs", "agree": found.agree, "same_line": found.same_line}
        told["sound"] = [log.sound for log in logs]
        told["chains"] = [
            {
                "party": each.party,
                "sizes": each.sizes,
                "roots": each.roots,
                "common": each.common,
                "agrees": each.agrees,
                "proof": [part.hex() for part in each.proof],
            }
            for each in found.chains
        ]
        print_json("line-verify", told)
        return holds
    head(_("Two logs of the line “{title}”", title=logs[0].agreement.title))
    for path, log in zip((a, b), logs, strict=True):
        for words in _complaints(log):
            say(f"{path}: {words}")
    print_two(found, (a.name, b.name))
    return holds


def _noted(log: Audit, data: bytes, *, as_json: bool) -> bool:
    """Whether a log is sound and bears out the head that a note says was seen."""
    from detente.channel.witness_file import borne_out

    party, size, names = borne_out(log, data.decode(errors="replace"))
    if as_json:
        told = {"party": party, "size": size, "signers": names}
        print_json("line-verify", {"kind": "note", "sound": log.sound, "note": told})
        return log.sound
    head(_("Log of the line “{title}”", title=log.agreement.title))
    print_audit(log)
    words = _("The log bears out the note: head of {party} of size {size}, signed by {names}.",
              party=party, size=size, names=", ".join(names))  # fmt: skip
    say("\n".join(wrapped(words)))
    return log.sound


def print_two(found: TwoLogs, names: tuple[str, str]) -> None:
    """Whether two logs agree, chain by chain, with the proof."""
    if not found.same_line:
        say(_("These are logs of two lines; there is nothing to compare."))
        return
    rows = []
    for each in found.chains:
        smaller = each.roots[each.sizes.index(min(each.sizes))]
        rows.append(
            (
                each.party,
                str(each.sizes[0]),
                str(each.sizes[1]),
                str(each.common),
                spaced(hexadecimal(smaller)[:LEAST_DIGITS]) if min(each.sizes) else "–",
                str(len(each.proof)),
                yes_no(holds=each.agrees),
            )
        )
    columns = (
        _("chain of"),
        names[0],
        names[1],
        _("in common"),
        _("root of the shorter, 16 digits"),
        _("hashes of proof"),
        _("same in both"),
    )
    print_table(_("Entries of each chain, as each log has them"), columns, rows)
    if found.agree and not any(each.common for each in found.chains):
        say(_("The logs hold no entry in common yet: they neither agree nor part."))
    elif found.agree:
        say(_("Both logs agree: each chain of one is the beginning of the other's, or the same."))
    else:
        say(_("The logs part. Write the proof with: detente line evidence DIR --out DIR"))
