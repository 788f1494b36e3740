"""`detente elicit`: the methods of elicitation, each on a file of its own or on a case."""

from __future__ import annotations

import click

from detente.cli.elicit.cooke import cooke
from detente.cli.elicit.groups import groups
from detente.cli.elicit.plan import plan
from detente.cli.elicit.pool import pool
from detente.cli.elicit.rank import rank
from detente.cli.elicit.statements import statements
from detente.cli.elicit.template import template
from detente.cli.words import _


@click.group(
    help=_(
        "Plan what people are asked, and analyse what they said: on a case, or on a file of "
        "another program."
    ),
    epilog=_("Start with: detente elicit template pool answers.xlsx; detente elicit pool --help"),
)
def elicit() -> None:
    """The group of the verbs of elicitation."""


for verb in (plan, template, pool, cooke, rank, groups, statements):
    elicit.add_command(verb)
