"""The acts of the demonstration up to the healed link."""

from __future__ import annotations

from functools import partial

from detente.channel.keys import fingerprint
from detente.channel.view import message_view
from detente.cli.line import sayings
from detente.cli.line.demo import people
from detente.cli.line.demo.narrator import Narrator
from detente.cli.line.demo.stage import NAMES, Stage
from detente.cli.line.message_screen import passages
from detente.cli.words import _
from detente.ground.forms.read_back import critical, spoken
from detente.ground.forms.render import render
from detente.ground.time import write_minute

ASKS, GIVES = "AAA-2026-0001", "BBB-2026-0001"


async def agreed(stage: Stage, told: Narrator) -> None:
    """Two parties have a line; their nodes confirm each other's logs."""
    await told.act(_("Two parties agree a line"))
    clock = _clock(stage)
    await told.tell(
        clock,
        _(
            "Arland (AAA) and Borland (BBB) are invented. Each has made its own "
            "keys, and each keeps the whole record."
        ),
    )
    await told.tell(
        clock,
        _(
            "Both read the line’s fingerprint aloud, and it is the same: {print}",
            print=fingerprint(stage.agreement.line),
        ),
    )
    for party in stage.homes:
        await stage.until(f"{party} open", partial(_is_open, stage, party))
    await told.tell(
        _clock(stage),
        _("Both nodes run. Each has confirmed the other’s log; only now may they write."),
    )
    await stage.until_tested("AAA", at="BBB")
    await told.tell(
        _clock(stage),
        _(
            "Proof of life: one side sends a test message on even hours, "
            "the other on odd ones. Arland’s has arrived."
        ),
    )


async def asks(stage: Stage, told: Narrator) -> None:
    """Arland asks; Borland reads the same form in Russian."""
    await told.act(_("Arland asks about an incident"))
    stage.clock.forward_to("2026-11-28 02:58Z")
    message = people.form("asks")
    await told.tell(_clock(stage), _("The duty officer has filled in a form, in English:"))
    await told.paper(render(message, "en").splitlines())
    await _read_back(stage, told)
    count = people.release(stage, "AAA", message)
    await told.tell(
        _clock(stage),
        _(
            "All {n} values fit. IMMEDIATE needs two officers: Amber and "
            "Birch release it, each with their own key.",
            n=count,
        ),
    )
    await stage.until_stands(ASKS, "stored")
    await told.tell(
        _clock(stage), _("Receipt *stored*: it is on Borland’s disk, and not only on its way.")
    )
    stage.clock.forward_to("2026-11-28 03:01Z")
    shown = people.open_message(stage, "BBB", ASKS)
    await told.tell(
        _clock(stage),
        _("Borland’s duty officer opens it, in Russian. Only free text stays in English:"),
    )
    await told.paper(render(shown, "ru").splitlines())
    await stage.until_stands(ASKS, "shown")
    stage.clock.forward_to("2026-11-28 03:06Z")
    people.read_message(stage, "BBB", ASKS)
    await stage.until_stands(ASKS, "read")
    await told.tell(
        _clock(stage),
        _(
            "Officer Cedar of Borland says the numbers again and signs "
            "*read*. On Arland’s screen now:"
        ),
    )
    await told.paper(_passages(stage, "AAA", ASKS))


async def _read_back(stage: Stage, told: Narrator) -> None:
    """A slip of the tongue is caught before anything is sent."""
    message = people.form("asks")
    position = next(one for one in critical(message) if one.id == "position")
    await told.tell(
        _clock(stage),
        _("Read-back before release: numbers, times and positions are said and typed again."),
    )
    await told.tell(
        "", _("On the phone the position is said: {words}", words=spoken(position, "en"))
    )
    wrong = "58 21.4000N 019 45.2500E"
    found = people.slip_of_tongue(message, "position", wrong)
    assert len(found) == 1
    await told.tell(
        "",
        _(
            "Typed by mistake: {wrong}. Refused: the form has {right}. Nothing was "
            "sent. Typed anew.",
            wrong=wrong,
            right=position.written("en"),
        ),
    )


async def cut(stage: Stage, told: Narrator) -> None:
    """The link is cut; the answer waits, and the line's colour says so."""
    await told.act(_("The link is cut"))
    await stage.until_tested("BBB", at="AAA")
    stage.clock.forward_to("2026-11-28 03:18Z")
    stage.cut()
    await stage.until("cut", lambda: not any(_connected(stage, party) for party in stage.homes))
    await told.tell(_clock(stage), _("The link is cut."))
    stage.clock.forward_to("2026-11-28 03:20Z")
    people.release(stage, "BBB", people.form("gives"))
    await stage.until("sent", lambda: _holds(stage, "BBB", GIVES))
    await told.tell(
        _clock(stage),
        _(
            "Borland answers, in Russian. Two officers release it; it is "
            "in Borland’s log and waits for the link."
        ),
    )
    await told.tell(_clock(stage), _("At Arland: {what}", what=_at(stage, "AAA", GIVES)))
    stage.clock.forward_to("2026-11-28 04:02Z")
    await stage.until_tested("AAA", at="AAA")
    stage.clock.forward_to("2026-11-28 05:20Z")
    await stage.until_tested("BBB", at="BBB")
    await told.tell(
        _clock(stage),
        _(
            "Two hours later. Arland’s test message of 04:00 has not "
            "arrived. Each side’s screen says:"
        ),
    )
    await told.paper(_life(stage))


async def healed(stage: Stage, told: Narrator) -> None:
    """The link heals; what waited arrives once, and is read and receipted."""
    await told.act(_("The link heals"))
    stage.clock.forward_to("2026-11-28 05:31Z")
    stage.heal()
    await stage.until_stands(GIVES, "stored")
    await told.tell(_clock(stage), _("The link is back. The answer arrives, once, and is stored."))
    stage.clock.forward_to("2026-11-28 05:33Z")
    shown = people.open_message(stage, "AAA", GIVES)
    await told.tell(
        _clock(stage),
        _(
            "Arland’s duty officer opens it, in English. Fixed phrases "
            "are translated by the form; free text is left to a "
            "person:"
        ),
    )
    await told.paper(render(shown, "en").splitlines())
    people.read_message(stage, "AAA", GIVES)
    await stage.until_stands(GIVES, "read")
    await stage.until_stands(ASKS, "answered")
    await told.tell(
        _clock(stage),
        _(
            "Officer Amber of Arland reads it back and signs. The "
            "question is answered; on Arland’s screen:"
        ),
    )
    await told.paper(_passages(stage, "AAA", ASKS))


# --- what is seen -------------------------------------------------------------------------------


def _clock(stage: Stage) -> str:
    return write_minute(stage.clock.moment().at)[-6:]


def _is_open(stage: Stage, party: str) -> bool:
    with stage.line(party) as line:
        return line.standing.standing == "open"


def _connected(stage: Stage, party: str) -> bool:
    with stage.line(party) as line:
        return bool(line.standing.connected)


def _holds(stage: Stage, party: str, number: str) -> bool:
    with stage.line(party) as line:
        return number in line.node.record.by_number


def _at(stage: Stage, party: str, number: str) -> str:
    if _holds(stage, party, number):
        return _("{number} is there", number=number)
    return _("nothing of it yet", number=number)


def _passages(stage: Stage, party: str, number: str) -> list[str]:
    with stage.line(party) as line:
        place = line.node.record.by_number[number]
        view = message_view(line.node, place, line.at)
        first = _("{number} from {sender}", number=number, sender=view.sender)
        rows = [row for row in passages(view) if not row.startswith("    ")]
    return [first, *rows]


def _life(stage: Stage) -> list[str]:
    rows = []
    for party in stage.homes:
        with stage.line(party) as line:
            life = line.view(line.at).life
        reasons = "; ".join(sayings.life_reason(one) for one in life.reasons)
        do = "; ".join(sayings.advice(one) for one in life.advice)
        rows.append(f"{NAMES[party]:<8} {sayings.colour(life.colour)}: {reasons}")
        rows.append(f"{'':<8} " + _("Do: {what}", what=do))
    return rows
