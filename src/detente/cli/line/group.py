"""`detente line`: a line between rival parties, of which each keeps the whole record."""

from __future__ import annotations

import click

from detente.cli.line.agree import agree
from detente.cli.line.card import card
from detente.cli.line.certify import certify, revoke
from detente.cli.line.demo.verb import demo
from detente.cli.line.evidence import evidence
from detente.cli.line.export import export
from detente.cli.line.forms import forms
from detente.cli.line.heads import confirm, heads
from detente.cli.line.inbox import inbox
from detente.cli.line.init import init
from detente.cli.line.law import law
from detente.cli.line.roster import roster
from detente.cli.line.run import run
from detente.cli.line.screen.verb import screen
from detente.cli.line.send import send
from detente.cli.line.sheet import sheet
from detente.cli.line.show import read, show
from detente.cli.line.status import status
from detente.cli.line.verify import verify
from detente.cli.line.whom import whom
from detente.cli.line.witness import witness
from detente.cli.words import _


@click.group(
    help=_(
        "A line between rival parties that neither controls: typed messages with read-back, signed "
        "receipts, and two logs that can be proved to agree. It is not an accredited state "
        "channel; it is for exercises and for drills of track 1.5 dialogues. A message here is no "
        "treaty notice by itself."
    ),
    epilog=_("Start with: detente line law; detente line demo; detente line init --help"),
)
def line() -> None:
    """The group of the verbs of a line."""


for verb in (
    law,
    demo,
    init,
    agree,
    run,
    status,
    screen,
    forms,
    send,
    inbox,
    show,
    read,
    whom,
    roster,
    card,
    certify,
    revoke,
    heads,
    confirm,
    sheet,
    export,
    verify,
    evidence,
    witness,
):
    line.add_command(verb)
