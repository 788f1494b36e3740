"""Packages in words: by which rule, within what is proven, and what stands against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from detente.cli.options.problems import Choice
from detente.cli.show import number, say
from detente.cli.words import _


def rule(solution: str) -> str:
    """The rule by which a package is chosen."""
    return {
        "nash": _("Nash product"),
        "leximin": _("leximin"),
        "kalai-smorodinsky": _("Kalai-Smorodinsky"),
        "utilitarian": _("weighted sum"),
    }[solution]


def proven(status: str, gap: float | None) -> str:
    """How far the objective may be from the best."""
    if gap is None:
        return "–"
    within = number(gap, 2) if gap >= 1e-9 else _("exact")
    return within if status == "optimal" else _("{gap}, the limit", gap=within)


def constraint(choice: Choice, group: str) -> str:
    """A group of constraints, as the library names it, in words."""
    whole: dict[str, str] = {
        "needs": _("what measures need"),
        "exclusions": _("measures that exclude each other"),
        "required": _("required measures"),
        "windows": _("the steps in which measures may begin"),
        "balance": _("the balance between the sides"),
        "measures a step": _("how many measures may begin in a step"),
    }
    if group in whole:
        return whole[group]
    of: dict[str, Callable[[str], str]] = {
        "budget ": lambda name: _("budget: {name}", name=choice.budget(name)),
        "count ": lambda name: _("how many of: {name}", name=choice.group(name)),
        "red lines of ": lambda name: _("red lines of {party}", party=choice.party(name)),
        "gain of ": lambda name: _("no loss for {party}", party=choice.party(name)),
        "scenarios of ": lambda name: _(
            "no loss for {party} in enough samples", party=choice.party(name)
        ),
        "walking away of ": lambda name: _(
            "no step from which {party} walks away", party=choice.party(name)
        ),
    }
    for start, words in of.items():
        if group.startswith(start):
            return words(group.removeprefix(start))
    return group


def print_conflict(choice: Choice, conflict: Iterable[str]) -> None:
    """That nothing is acceptable, and which constraints stand against each other."""
    say(_("No package is acceptable: what is asked cannot hold together."))
    for group in conflict:
        say(f"  - {constraint(choice, group)}")
    say(_("Without any one of these there would be a package."))


def changes(joins: Sequence[str], leaves: Sequence[str]) -> str:
    """What joins a package and what leaves it, with plus and minus."""
    parts = [f"+\N{NO-BREAK SPACE}{name}" for name in joins] + [
        f"−\N{NO-BREAK SPACE}{name}" for name in leaves
    ]
    return ", ".join(parts) if parts else _("stands")
