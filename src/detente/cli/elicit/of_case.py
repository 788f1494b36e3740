"""What every verb tells of a case before its tables: its people, and who is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.cli.show import say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.elicitation.results import ElicitationResults
    from detente.report.names import Names


def names_of(case: Case) -> Names:
    """What things of the case are called."""
    from detente.report.names import Names

    return Names(case, _)


def head(results: ElicitationResults) -> dict[str, Any]:
    """The people, the groups that are shown and those that are not, for JSON."""
    return {
        "people": results.people,
        "groups": results.groups,
        "withheld": results.withheld,
    }


def print_head(names: Names, results: ElicitationResults) -> None:
    """The same in a few lines."""
    say(names.text(names.case.about.title))
    people = _.n("{n} person consulted", "{n} people consulted", results.people)
    shown = [f"{names.group(one.id)} ({one.people})" for one in results.groups]
    say(_("{people}; shown: {groups}", people=people, groups=_.list(shown) if shown else "–"))
    if results.withheld:
        hidden = [
            _("{group}: {why}", group=names.group(one.group), why=_why(one.reason))
            for one in results.withheld
        ]
        say(_("withheld: {groups}", groups="; ".join(hidden)))
    say("")


def _why(reason: str) -> str:
    return {
        "too-few": _("too few people"),
        "not-released": _("not released under its own name"),
        "complementary": _("another group could be worked out"),
    }[reason]
