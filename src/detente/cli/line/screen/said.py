"""The words at the head of the screen: which line, how it stands, whether the node runs."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from detente.channel.results import LineLife, LineView, PartyLife
from detente.cli.line import sayings
from detente.cli.line.screen.desk import UNREAD
from detente.cli.line.screen.theme import BADGES, SIGNS, STRONG
from detente.cli.words import _
from detente.ground.time import write_instant


def badge(colour: str, words: str) -> Content:
    """A sign and a word on their colour."""
    return Content.styled(f" {SIGNS[colour]} {words} ", BADGES[colour])


def clock(at: int) -> str:
    """The instant to the second."""
    return write_instant(at).replace("T", " ").replace("Z", " UTC")


def title() -> str:
    """What stands first on every screen."""
    return _("NOT AN ACCREDITED STATE CHANNEL")


def fingerprint(view: LineView) -> str:
    """The line's name, to be compared by voice."""
    return _("Line {print}", print=view.fingerprint)


def drill(view: LineView, *, is_shown: bool) -> str:
    """The words of the drill's banner; empty where none is open and the message shown is none."""
    if view.drill == "drills-only":
        return _("DRILL — DRILL — DRILL: THIS LINE IS AGREED FOR DRILLS ONLY")
    if view.drill != "none" or any(one.drill and one.entered is None for one in view.outbox):
        return _("DRILL — DRILL — DRILL: A DRILL IS OPEN ON THIS LINE")
    return _("DRILL — DRILL — DRILL: THE MESSAGE SHOWN IS A DRILL") if is_shown else ""


def urgent(view: LineView) -> tuple[str, ...]:
    """The numbers of messages at flash that no officer has read."""
    return tuple(
        one.number
        for one in view.inbox
        if one.precedence == "flash" and one.standing in UNREAD and not one.expired
    )


def banner(words: str, style: str, width: int) -> Content:
    """Words in the middle of a line that is filled from edge to edge."""
    return Content.styled(words.center(width), style) if words else Content()


def flash(view: LineView) -> str:
    """The words of the banner of unread messages at flash; empty where there is none."""
    numbers = urgent(view)
    if not numbers:
        return ""
    return _("FLASH, not read: {numbers}. Press n to open.", numbers=", ".join(numbers))


# --- the line -----------------------------------------------------------------------------------


def life(view: LineView) -> Content:
    """Whether the line lives, why it has its colour, and what to do."""
    one = view.life
    words = " ".join(_life(one)) or _("Test messages come and are confirmed.")
    return Content.assemble(badge(one.colour, sayings.colour(one.colour)), " ", words)


def _life(life: LineLife) -> Iterator[str]:
    """What to do first, then why."""
    if life.advice:
        advice = "; ".join(_advice(one) for one in life.advice)
        yield _("Do: {what}.", what=advice)
    for one in life.parties:
        if one.reasons:
            yield _party(one)
    if life.unsent:
        yield _.n(
            "This side's last {n} test message was not sent.",
            "This side's last {n} test messages were not sent.",
            life.unsent,
        )


def _party(one: PartyLife) -> str:
    reasons = "; ".join(sayings.life_reason(reason) for reason in one.reasons)
    if one.since is None:
        return _("{id}: {reasons}.", id=one.party, reasons=reasons)
    return _("{id}: {reasons}, since {at}.", id=one.party, reasons=reasons,
             at=sayings.minute(one.since))  # fmt: skip


def _advice(name: str) -> str:
    if name == "call-phone-of-last-resort":
        return _("call the phone of last resort (key w)")
    return sayings.advice(name)


# --- the node -----------------------------------------------------------------------------------


def node(view: LineView, folder: str, *, runs: bool, problem: str = "") -> Content:
    """Whether the node of this side runs, what it may do, and what is wrong."""
    shade, word, words = _node(view, folder, runs=runs)
    more = list(_more(view))
    if problem:
        shade, word, more = "red", _("DISK"), [problem, *more]
    return Content.assemble(badge(shade, word), " ", " ".join([*more, words]))


def trouble(problem: str) -> Content:
    """Why nothing can be shown of the line yet."""
    return Content.assemble(badge("red", _("DISK")), " ", problem)


def _node(view: LineView, folder: str, *, runs: bool) -> tuple[str, str, str]:
    if view.standing == "halted":
        return "red", _("HALTED"), _halted(view, folder)
    if not runs:
        words = _("Nothing is sent or received. Start it: detente line run {path}.", path=folder)
        return "red", _("NODE DOES NOT RUN"), words
    if view.standing == "open":
        return "green", _("NODE RUNS"), _("Every other party has confirmed this side’s log.")
    missing = [one.id for one in view.parties if one.id != view.me and not one.confirmed]
    words = _("Not confirmed yet by {parties}; until then nothing of this side leaves (key h).",
              parties=", ".join(missing))  # fmt: skip
    return "amber", _("NODE WAITS"), words


def _halted(view: LineView, folder: str) -> str:
    if view.halted == "own-chain-forked":
        why = _("Two entries of this side’s log cannot both stand.")
    else:
        why = _("This side’s log was continued elsewhere with its key.")
    return (
        why
        + " "
        + _(
            "Nothing is sent. Call the technical officer: detente line evidence {path}.",
            path=folder,
        )
    )


def _more(view: LineView) -> Iterator[str]:
    if view.restored:
        yield _("An older state of this disk was found; the others send what is missing.")
    for one in view.parties:
        if one.forked and one.id != view.me:
            yield _("THE LOG OF {id} FORKED: key j.", id=one.id)
    if view.irregular:
        yield _.n("{n} entry breaks a rule: key j.", "{n} entries break a rule: key j.",
                  len(view.irregular))  # fmt: skip
    if view.counts.overdue:
        yield _.n("{n} DEADLINE PAST.", "{n} DEADLINES PAST.", view.counts.overdue)


# --- keys ---------------------------------------------------------------------------------------


def keys(mode: str) -> Content:
    """The keys that do something now."""
    pairs = {
        "lists": (
            (_("Enter"), _("open it")), ("n", _("next")), (_("Tab"), _("other list")),
            ("w", _("call whom")), ("h", _("heads")), ("?", _("keys")), ("q", _("quit")),
        ),
        "message": (
            ("r", _("sign read")), ("a", _("reply")), ("l", _("language")), ("n", _("next")),
            ("w", _("call whom")), ("?", _("keys")), (_("Esc"), _("back")),
        ),
        "page": ((_("Esc"), _("back")), ("↑ ↓", _("scroll")), ("q", _("quit"))),
        "panel": (
            (_("Enter"), _("go on")), (_("Esc"), _("stop; nothing is signed or sent")),
        ),
    }[mode]  # fmt: skip
    parts: list[Content | tuple[str, str]] = []
    for key, words in pairs:
        parts += [(key, STRONG), (f" {words}  ", "")]
    return Content.assemble(*parts)
