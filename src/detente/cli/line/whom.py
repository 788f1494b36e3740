"""`detente line whom`: whom to call now, from the newest roster of the other side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON
from detente.cli.line.heading import head, wrapped
from detente.cli.line.options import AT, FOLDER, instant
from detente.cli.line.sayings import call_reason, minute
from detente.cli.show import print_json, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.channel.keys import Party
    from detente.ground.contacts import Call, Roster


@click.command(
    short_help=_("Whom to call now, on one screen."),
    help=_(
        "Whom to call now at PARTY, or at every other party: first who is on duty and shares a "
        "language, then the others, each with the phone of last resort. The answer comes from the "
        "newest roster that the party signed, and works while the line is down."
    ),
    epilog=_("Example: detente line whom arland BBB --language en --language ru"),
)
@FOLDER
@click.argument("party", required=False)
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=("en", "ru"),
    help=_("A language that you speak, best first; en and ru by default."),
)
@AT
@AS_JSON
def whom(
    folder: Path, party: str | None, *, languages: tuple[str, ...], at: str | None, as_json: bool
) -> None:
    """Print the order of calling."""
    from detente.cli.line.place import opened, others
    from detente.ground.contacts import whom_to_call

    with opened(folder) as line:
        when = instant(at, line.at)
        found = []
        for one in others(line, party):
            roster = line.roster(one.id)
            calls = whom_to_call(roster, when, languages) if roster else ()
            found.append((one, roster, calls))
    if as_json:
        print_json("line-whom", {"at": when, "parties": [_told(*each) for each in found]})
        return
    head()
    for each in found:
        _print(*each, when)


def _told(party: Party, roster: Roster | None, calls: tuple[Call, ...]) -> dict[str, Any]:
    held = roster and {"edition": roster.edition, "expires": roster.expires}
    return {"party": party.id, "roster": held, "calls": calls}


def _print(party: Party, roster: Roster | None, calls: tuple[Call, ...], at: int) -> None:
    say("")
    say(_("Whom to call at {id}, {name}, at {at}", id=party.id, name=party.name, at=minute(at)))
    if roster is None:
        words = _("{id} has put no roster on this line. Use the wallet card.", id=party.id)
        say("\n".join(wrapped(words)))
        return
    if at >= roster.expires:
        say(_("THIS ROSTER EXPIRED at {at}; its numbers may be old.", at=minute(roster.expires)))
    say("")
    for place, call in enumerate(calls, start=1):
        for words in _lines(place, call):
            say(words)
    say(
        _(
            "Roster edition {edition}, good until {until}. Phones are as {id} wrote them.",
            edition=roster.edition,
            until=minute(roster.expires),
            id=party.id,
        )
    )


def _lines(place: int, call: Call) -> Iterator[str]:
    from detente.report.wallet_card import role_words

    contact = call.contact
    who = f"{contact.name}, {role_words(contact.role, _)}, {' '.join(contact.languages)}"
    yield f"{place:>2}. {contact.phone:<20} {who}"
    if call.on_duty and call.until is not None:
        until = _("until {at}", at=minute(call.until))
    elif not call.on_duty and call.next_begin is not None:
        until = _("next on duty {at}", at=minute(call.next_begin))
    else:
        until = ""
    said = [call_reason(reason) for reason in call.reasons]
    yield "    " + "; ".join([*said, *([until] if until else [])])
    for way in contact.other_ways:
        yield f"    {way}"
    yield ""
