"""A case, or a lone ladder.yaml, of the command line: its ladders made ready, belief by belief."""

from __future__ import annotations

from pathlib import Path

from detente.case.case import Case
from detente.case.model import Parameter
from detente.case.read import read_case, read_ladder
from detente.cli.files import waiting
from detente.cli.show import say
from detente.cli.words import _
from detente.elicitation.results import QuantityBelief
from detente.escalation.prepare import POINTS, Prepared, prepared
from detente.escalation.uncertainty import BASE, Belief
from detente.ground.errors import UsageError
from detente.report.names import Names


def read(path: Path) -> Case:
    """The case in a folder, that of a ladder.yaml inside of one, or a case of a file alone."""
    with waiting(_("reading")):
        if path.is_dir():
            return read_case(path)
        if path.name == "ladder.yaml" and (path.parent / "case.yaml").is_file():
            return read_case(path.parent)
        return read_ladder(path)


def complete(path: Path) -> Case:
    """As `read`, with everything that the numbers of the ladders are taken from.

    Raises
    ------
    UsageError
        Where a ladder.yaml stands alone, and takes numbers from what only a case has.

    """
    case = read(path)
    alone = path.is_file() and not (path.parent / "case.yaml").is_file()
    elsewhere = [one.id for one in _numbers(case) if one.from_elsewhere]
    if alone and elsewhere:
        raise UsageError(
            _(
                "{path} takes {names} from counts or answers, which only its case has: name the "
                "case folder.",
                path=path,
                names=", ".join(dict.fromkeys(elsewhere)),
            )
        )
    return case


def _numbers(case: Case) -> list[Parameter]:
    beside = (number for belief in case.ladder.beliefs for number in belief.numbers)
    return [*case.ladder.parameters, *beside]


def answers_of(case: Case) -> tuple[QuantityBelief, ...]:
    """What groups believe of quantities, where a number of the ladders is taken from answers."""
    acts = [act for measure in case.measures for act in measure.acts]
    acts += [act for belief in case.ladder.beliefs for act in belief.acts]
    if not any(one.elicited for one in (*_numbers(case), *(act.value for act in acts))):
        return ()
    from detente.elicitation.assess import assess_elicitation

    return assess_elicitation(case).quantities


def made_ready(path: Path, *, points: int = POINTS) -> Prepared:
    """The ladders of a case, ready to be asked.

    Raises
    ------
    UsageError
        Where the case has no ladders.

    """
    case = complete(path)
    if not case.ladder.ladders:
        raise UsageError(_("{path} has no ladders.", path=path))
    with waiting(_("preparing")):
        return prepared(case, points=points, answers=answers_of(case))


def asked(made: Prepared, belief: str | None) -> tuple[Belief, ...]:
    """The beliefs that are asked for, the case's own by default.

    Raises
    ------
    UsageError
        Where there is no such belief.

    """
    if belief == "all":
        return made.held
    wanted = belief or BASE
    found = [one for one in made.held if one.id == wanted]
    if not found:
        names = ", ".join(one.id for one in made.held)
        raise UsageError(_("No belief `{name}`; there are: {names}.", name=wanted, names=names))
    return tuple(found)


def chosen(made: Prepared, belief: str | None) -> tuple[Belief, ...]:
    """As `asked`, of those that refuse no number.

    Raises
    ------
    UsageError
        Where there is no such belief, or it refuses numbers, so that only bounds can be told.

    """
    found = tuple(one for one in asked(made, belief) if one in made.telling)
    if not found:
        raise UsageError(
            _(
                "Belief `{name}` refuses a number that the ladders rest on: only bounds are told, "
                "by `detente ladder solve`.",
                name=belief or BASE,
            )
        )
    return found


def names_of(made: Prepared) -> Names:
    """What things of the case are called."""
    return Names(made.case, _)


def print_belief(names: Names, belief: Belief) -> None:
    """Whose numbers the tables below rest on."""
    say(_("Numbers of: {belief}", belief=names.belief(belief.id)))
    say("")
