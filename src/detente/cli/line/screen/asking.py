"""What an officer is asked before something is signed: who they are, and the numbers again."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from detente.channel.message import PRECEDENCES
from detente.cli.line.screen import desk
from detente.cli.line.screen.theme import DIFFERS, HOLDS, STRONG
from detente.cli.words import _
from detente.ground.errors import UsageError
from detente.ground.forms.catalogue import catalogue
from detente.ground.forms.model import Message
from detente.ground.forms.read_back import Critical, Difference, critical, differences

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from detente.channel.results import MessageView
    from detente.cli.line.screen.app import LineScreen


class Stopped(Exception):  # noqa: N818 - no error: the officer went back
    """The officer stopped; nothing is signed."""


async def _ask(
    app: LineScreen, question: str, remark: Content | str = "", *, secret: bool = False
) -> str:
    said = await app.panel.ask(question, remark=remark, secret=secret)
    if said is None:
        raise Stopped
    return said if secret else unicodedata.normalize("NFC", " ".join(said.split()))


# --- who ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """An officer who gave the passphrase."""

    number: int
    name: str
    key: Ed25519PrivateKey


async def officer(app: LineScreen, purpose: str, *, but: Collection[int] = ()) -> Signer:
    """An officer of this side, by number and passphrase; asked again until both fit."""
    names = await app.at_desk(desk.names)
    choice = ", ".join(f"{number} {name}" for number, name in names.items() if number not in but)
    remark = ""
    while True:
        said = await _ask(app, _("{purpose} Officer’s number: {choice}", purpose=purpose,
                                 choice=choice), remark)  # fmt: skip
        if said.isdecimal() and int(said) in names and int(said) not in but:
            break
        remark = _("{said} is no officer who may sign this.", said=said or "–")
    number, remark = int(said), ""
    while True:
        asked = _("Passphrase of {number} {name}", number=number, name=names[number])
        passphrase = await _ask(app, asked, remark, secret=True)
        try:
            key = await app.at_desk(desk.key_of, number, passphrase)
        except UsageError as error:
            remark = str(error)
        else:
            return Signer(number, names[number], key)


# --- the numbers again ----------------------------------------------------------------------------


async def read_back(app: LineScreen, message: Message, language: str) -> dict[str, str]:
    """What the officer typed, by field, once all of it repeats the message."""
    items = critical(message)
    said: dict[str, str] = {}
    found: Sequence[Difference] = ()
    while True:
        wrong = {one.critical.id for one in found}
        for place, one in enumerate(items, start=1):
            if one.id in said and one.id not in wrong:
                continue
            app.show_field(one.label(language))
            asked = _("Read-back {n} of {all}. Type again: {label}", n=place, all=len(items),
                      label=one.label(language))  # fmt: skip
            said[one.id] = await _ask(app, asked, marks(items, said, found, language))
            found = [each for each in found if each.critical.id != one.id]
        found = differences(message, said)
        if not found:
            return said


def marks(
    items: Sequence[Critical],
    said: Mapping[str, str],
    found: Sequence[Difference],
    language: str,
) -> Content:
    """What was typed so far, and what of it does not repeat the message."""
    reasons = {
        "not-said": _("not typed"),
        "unreadable": _("cannot be read as a value"),
        "differs": _("differs from the message"),
    }
    wrong = {one.critical.id: one for one in found}
    parts: list[tuple[str, str]] = []
    for one in items:
        if one.id in wrong:
            why = reasons[wrong[one.id].reason]
            parts.append((f"{DIFFERS} {one.label(language)}: {said[one.id]} {why}  ", STRONG))
        elif one.id in said:
            parts.append((f"{HOLDS if found else '·'} {one.label(language)}  ", ""))
    return Content.assemble(*parts)


# --- the two flows --------------------------------------------------------------------------------


async def read(app: LineScreen, number: str, form: Message) -> str:
    """Let an officer read a message back and sign that they read it; what to say of it."""
    why = await app.at_desk(desk.why_not_read, number)
    if why:
        return why
    signer = await officer(app, _("Read {number}.", number=number))
    said = await read_back(app, form, app.language)
    await app.at_desk(desk.queue_read, number, signer.number, said, signer.key)
    return _("The receipt *read* of {number}, signed by officer {officer} {name}, is queued.",
             number=number, officer=signer.number, name=signer.name)  # fmt: skip


async def answer(app: LineScreen, asked: MessageView) -> str:
    """Let officers write a short reply, read it back and release it; what to say of it."""
    why = await app.at_desk(desk.why_not_answered, asked)
    if why:
        return why
    wording = await _wording(app, asked)
    reply = await app.at_desk(desk.reply_to, asked, wording)
    app.preview(reply)
    number = reply.header.number
    await read_back(app, reply, app.language)
    signers = [await officer(app, _("Release {number}.", number=number))]
    if await app.at_desk(desk.needed, wording.precedence) > 1:
        second = _("Release {number}, second officer.", number=number)
        signers.append(await officer(app, second, but=[signers[0].number]))
    keys = {one.number: one.key for one in signers}
    await app.at_desk(desk.queue_reply, reply, keys)
    return _("Released and queued: {number}. It leaves while this side’s node runs and all others "
             "have confirmed this side’s log.", number=number)  # fmt: skip


async def _wording(app: LineScreen, asked: MessageView) -> desk.Wording:
    found, language = catalogue(), app.language
    among = next(one.among for one in found.form("reply").fields if one.id == "answer")
    phrases = [found.phrases[id_][language] for id_ in among]
    phrase = await _choice(app, _("Answer to {number}:", number=asked.number), phrases)
    text = await _ask(app, _("Words of your own, in {language}; Enter for none",
                             language=found.phrases[language][language]))  # fmt: skip
    labels = [found.phrases[id_][language] for id_ in PRECEDENCES]
    same = PRECEDENCES.index(asked.precedence)
    urgency = await _choice(app, _("Precedence; Enter for that of the message:"), labels, same)
    return desk.Wording(among[phrase], text, PRECEDENCES[urgency], language)


async def _choice(
    app: LineScreen, question: str, labels: Sequence[str], default: int | None = None
) -> int:
    """Which of the labels, by the number that is typed."""
    words = "  ".join(f"{number} {label}" for number, label in enumerate(labels, start=1))
    remark = ""
    while True:
        said = await _ask(app, f"{question} {words}", remark)
        if not said and default is not None:
            return default
        if said.isdecimal() and 1 <= int(said) <= len(labels):
            return int(said) - 1
        remark = _("Type a number from 1 to {n}.", n=len(labels))
