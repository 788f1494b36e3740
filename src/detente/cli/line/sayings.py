"""The words of a line's states and events, in the language of the command line."""

from __future__ import annotations

from detente.cli.words import _
from detente.ground.time import span, write_minute


def minute(at: int | None) -> str:
    """An instant to the minute, in UTC; a dash where there is none."""
    return "–" if at is None else write_minute(at)


def how_long(seconds: int) -> str:
    """A span as its two greatest units."""
    return span(seconds)


def colour(name: str) -> str:
    """The colour of a line's life; said in capitals, as a screen may have no colours."""
    return {
        "green": _("GREEN"),
        "grey": _("GREY"),
        "amber": _("AMBER"),
        "red": _("RED"),
    }[name]


def life_reason(name: str) -> str:
    """Why a line has its colour."""
    return {
        "not-heard-yet": _("no test message of theirs has come yet"),
        "test-missed": _("their test messages that were due have not come"),
        "own-test-not-receipted": _("they did not confirm storing ours"),
        "own-test-not-sent": _("this side sent none when it was its turn"),
        "clocks-differ": _("the two clocks differ"),
    }[name]


def advice(name: str) -> str:
    """What to do about it."""
    return {
        "watch": _("keep watching"),
        "call-phone-of-last-resort": _("call the phone of last resort: detente line whom"),
        "check-own-node": _("check that this side's node runs"),
        "compare-clocks": _("compare clocks by voice"),
    }[name]


def node_standing(name: str) -> str:
    """What a node may do after its start."""
    return {
        "starting": _("WAITING: the other parties have not confirmed this side's log yet"),
        "open": _("OPEN: every other party has confirmed this side's log"),
        "halted": _("HALTED: this side's log was continued elsewhere; nothing is sent"),
    }.get(name, name)


def standing(name: str) -> str:
    """Where a message stands."""
    return {
        "waiting": _("draft, waiting"),
        "sent": _("sent"),
        "stored": _("stored"),
        "shown": _("shown"),
        "read": _("read"),
        "answered": _("answered"),
    }[name]


def wait_reason(name: str) -> str:
    """Why a draft waits."""
    return {
        "not-confirmed": _("leaves once the others have confirmed this side's log"),
        "halted": _("does not leave: this node is halted"),
        "next": _("leaves next"),
    }[name]


def precedence(name: str) -> str:
    """How urgent a message is."""
    return {
        "routine": _("ROUTINE"),
        "priority": _("PRIORITY"),
        "immediate": _("IMMEDIATE"),
        "flash": _("FLASH"),
    }[name]


def due_act(name: str) -> str:
    """What is due."""
    return {"reply": _("reply"), "meeting": _("meeting")}.get(name, name)


def due_state(name: str) -> str:
    """How a deadline stands."""
    return {
        "not-begun": _("not begun: they have not stored it yet"),
        "open": _("not over yet"),
        "met": _("met in time"),
        "late": _("done late"),
        "overdue": _("OVERDUE"),
        "not-told": _("the record does not tell"),
    }[name]


def key_state(name: str) -> str:
    """How a certificate stands."""
    return {
        "valid": _("valid"),
        "expiring": _("EXPIRING"),
        "expired": _("EXPIRED"),
        "not-yet-valid": _("not yet valid"),
        "revoked": _("REVOKED"),
    }[name]


def call_reason(name: str) -> str:
    """Why a contact stands where it does."""
    return {
        "contact-expired": _("CONTACT EXPIRED"),
        "roster-expired": _("ROSTER EXPIRED"),
        "roster-not-yet-valid": _("roster not yet valid"),
        "always-on-duty": _("always on duty"),
        "on-duty": _("on duty"),
        "off-duty": _("off duty"),
        "shared-language": _("shares a language"),
        "no-shared-language": _("shares no language"),
    }[name]


def event(kind: str) -> str:
    """What happened, in a line of a node's report."""
    return {**_of_messages(), **_of_logs(), **_of_carriers()}.get(kind, kind)


def _of_messages() -> dict[str, str]:
    return {
        "message": _("a message came and is on the disk"),
        "sent": _("a draft entered this side's log"),
        "stored": _("their disk holds our message"),
        "shown": _("our message stood on their screen"),
        "read": _("a named officer of theirs read our message"),
        "draft refused": _("something in the queue was refused"),
        "read-back differs": _("numbers said again differ from those sent"),
        "unreadable": _("a message does not open; its text is asked for again"),
        "text back": _("a text that was lost came again"),
        "irregular": _("an entry is kept but breaks a rule"),
    }


def _of_logs() -> dict[str, str]:
    return {
        "confirmed": _("a party confirmed this side's log"),
        "open": _("all have confirmed: this side may write"),
        "damaged": _("entries on the disk had changed and were dropped"),
        "restored": _("an older state of this side's disk was found"),
        "healed": _("an entry of this side came back from another party"),
        "gap": _("entries before those that came are missing"),
        "fork": _("FORK: two entries that cannot both stand; the proof is kept"),
        "split": _("a party holds other entries than this side does"),
        "key used elsewhere": _("this side's log was continued elsewhere with its key"),
        "refused": _("a bundle or an entry was not taken"),
        "log missing": _("the log was missing; it is asked for from the others"),
        "log set aside": _("the log was damaged and set aside; it is asked for from the others"),
        "not written": _("THE DISK DID NOT TAKE IT; nothing was confirmed, it is tried again"),
        "written again": _("the disk takes it again"),
        "illegible": _("a line of the journal cannot be read"),
    }


def _of_carriers() -> dict[str, str]:
    return {
        "carrier failed": _("a carrier failed; it is tried again"),
        "connected": _("connected"),
        "disconnected": _("disconnected"),
        "listening": _("listening"),
        "file refused": _("a file was not taken"),
    }
