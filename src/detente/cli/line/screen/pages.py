"""Pages of the screen: whom to call, heads to read out, the journal, the keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from detente.channel.keys import Party
from detente.channel.results import LineView
from detente.cli.line import sayings
from detente.cli.line.heads import LEAST_DIGITS, hexadecimal, spaced
from detente.cli.line.place import Line, others
from detente.cli.line.screen.theme import BADGES, PLAIN, STRONG
from detente.cli.words import _
from detente.ground.contacts import Call, whom_to_call
from detente.report.wallet_card import role_words

_Row = tuple[str, str]  # words, and their style


def _content(rows: Iterator[_Row]) -> Content:
    return Content("\n").join(Content.styled(words, style) for words, style in rows)


# --- whom to call -------------------------------------------------------------------------------


def whom(line: Line, languages: Sequence[str]) -> Content:
    """Whom to call now at each other party, who to call first foremost."""
    return _content(row for party in others(line, None) for row in _whom(line, party, languages))


def _whom(line: Line, party: Party, languages: Sequence[str]) -> Iterator[_Row]:
    yield _("Whom to call at {id}, {name}, at {at}", id=party.id, name=party.name,
            at=sayings.minute(line.at)), STRONG  # fmt: skip
    yield "", PLAIN
    roster = line.roster(party.id)
    if roster is None:
        yield _("{id} has put no roster on this line. Use the wallet card.", id=party.id), STRONG
        return
    if line.at >= roster.expires:
        words = _("THIS ROSTER EXPIRED at {at}; its numbers may be old.",
                  at=sayings.minute(roster.expires))  # fmt: skip
        yield words, BADGES["red"]
    for place, call in enumerate(whom_to_call(roster, line.at, languages), start=1):
        yield from _call(place, call)
    yield _("Roster edition {edition}, good until {until}. Phones are as {id} wrote them.",
            edition=roster.edition, until=sayings.minute(roster.expires),
            id=party.id), PLAIN  # fmt: skip
    yield "", PLAIN


def _call(place: int, call: Call) -> Iterator[_Row]:
    contact = call.contact
    who = f"{contact.name}, {role_words(contact.role, _)}, {' '.join(contact.languages)}"
    yield f"{place:>2}. {contact.phone:<20} {who}", STRONG if call.on_duty else PLAIN
    said = [sayings.call_reason(reason) for reason in call.reasons]
    if call.on_duty and call.until is not None:
        said.append(_("until {at}", at=sayings.minute(call.until)))
    elif not call.on_duty and call.next_begin is not None:
        said.append(_("next on duty {at}", at=sayings.minute(call.next_begin)))
    yield "    " + "; ".join(said), PLAIN
    for way in contact.other_ways:
        yield f"    {way}", PLAIN
    yield "", PLAIN


# --- heads --------------------------------------------------------------------------------------


def heads(line: Line, folder: str) -> Content:
    """Size and short root of each log, to be read out."""
    return _content(_heads(line, folder))


def _heads(line: Line, folder: str) -> Iterator[_Row]:
    yield _("Logs as held here; read them out slowly, digit by digit"), STRONG
    yield "", PLAIN
    for head in line.node.log.heads():
        root = spaced(hexadecimal(head.root)[:LEAST_DIGITS])
        yield _("log of {party}: {size} entries, root {root}", party=head.party, size=head.size,
                root=root), STRONG  # fmt: skip
    yield "", PLAIN
    yield _("Their officer types in what you read of their log, and you what they read of yours: "
            "detente line confirm {path} PARTY --size … --root …", path=folder), PLAIN  # fmt: skip
    yield _("Do it only where you know the voice."), PLAIN


# --- journal ------------------------------------------------------------------------------------


def journal(view: LineView, folder: str) -> Content:
    """Entries that break a rule, evidence, then what the node saw, newest first."""
    return _content(_journal(view, folder))


def _journal(view: LineView, folder: str) -> Iterator[_Row]:
    if view.irregular:
        yield _("Entries that are kept and break a rule"), STRONG
    for entry in view.irregular:
        yield _("entry {seq} of {party}: {why}", seq=entry.seq, party=entry.party,
                why=" ".join(entry.sentences)), PLAIN  # fmt: skip
    for proof in view.evidence:
        seqs = ", ".join(map(str, proof.seqs))
        yield _("Evidence is kept of the log of {party}, entry {seqs}: "
                "detente line evidence {path}",
                party=proof.party, seqs=seqs, path=folder), STRONG  # fmt: skip
    if view.irregular or view.evidence:
        yield "", PLAIN
    yield _("What this side’s node saw, newest first"), STRONG
    for one in reversed(view.journal):
        parts = (one.of, sayings.event(one.kind), one.number, one.detail)
        yield sayings.minute(one.at) + "  " + " · ".join(filter(None, parts)), PLAIN
    if not view.journal:
        yield _("Nothing yet."), PLAIN


# --- keys ---------------------------------------------------------------------------------------


def keys(folder: str) -> Content:
    """Every key, what it does, and what this screen never does."""
    return _content(_keys(folder))


def _keys(folder: str) -> Iterator[_Row]:
    yield _("Keys"), STRONG
    yield "", PLAIN
    for key, words in (
        (_("↑ ↓ Tab"), _("choose a message; the other list")),
        (_("Enter"), _("open it: the other side is told that it was shown here")),
        ("n", _("open the next message that is not read, the most urgent first")),
        ("r", _("read: an officer reads it back and signs")),
        ("a", _("answer: a short reply, read back and released by an officer")),
        ("l", _("language of the form: en, ru, fr, pl, de")),
        ("w", _("whom to call now")),
        ("h", _("heads of the logs, to be read out")),
        ("j", _("journal, and entries that break a rule")),
        (_("Esc"), _("back; while typing: stop, nothing is signed or sent")),
        ("q", _("leave; the node runs on")),
    ):
        yield f"  {key:<10} {words}", PLAIN
    yield "", PLAIN
    yield _("Nothing is answered and nothing is sent by itself. A longer message: "
            "detente line forms FORM --line {path} > FILE; fill it in; "
            "detente line send {path} FILE --officer N",
            path=folder), PLAIN  # fmt: skip
    yield _("Colours: ● GREEN good, ▲ AMBER watch, ■ RED act. The words say the same."), PLAIN
