"""`detente line law`: what to ask a lawyer, and what to know, before there is a line."""

from __future__ import annotations

from collections.abc import Iterator

import click

from detente.cli.line.heading import wrapped
from detente.cli.words import _


@click.command(
    short_help=_("Law, sanctions and safety: read it before anything else."),
    help=_(
        "The page on law, sanctions and the safety of people. `detente line init` prints it too, "
        "and makes no keys before it was read."
    ),
    epilog=_("Example: detente line law"),
)
def law() -> None:
    """Print the page."""
    click.echo(page())


def page() -> str:
    """The page on law and sanctions, for a terminal."""
    return "\n".join(line for part in _parts() for line in (*part, ""))


def _parts() -> Iterator[tuple[str, ...]]:
    """Headings with their sentences, wrapped."""
    for heading, sentences in (
        (_("not an accredited state channel"), _purpose()),
        (_("What is sent cannot be denied later"), _record()),
        (_("People can be punished for taking part"), _people()),
        (_("Encryption and sanctions: ask a lawyer first"), _export()),
    ):
        yield (heading, *wrapped(" ".join(sentences)))
    yield tuple(line for act in _acts() for line in wrapped(act, first="  - ", then="    "))
    yield tuple(wrapped(_doubt()))


def _purpose() -> tuple[str, ...]:
    return (
        _("This line is not accredited by any state."),
        _("Its first use is exercises, and drills of track 1.5 dialogues."),
        _("Put no classified text on it."),
        _("A message here is no treaty notice by itself: give that notice by its own way, too."),
        _("In danger to life, use the phone and the radio first."),
    )


def _record() -> tuple[str, ...]:
    return (
        _("The record is attributable on purpose, and it lasts."),
        _("Each message bears the signature of named officers."),
        _("Any party can show it to anybody, and nobody can take it back."),
        _("It holds names, phones, duty hours and times of reading: that is personal data."),
        _("Settle by which law you hold it, for how long, and who may ask for it."),
        _("Use pseudonyms where you can."),
    )


def _people() -> tuple[str, ...]:
    return (
        _(
            "On some sides, contact or common work with a foreign body can be an offence, for "
            "example with one that Russia lists as an “undesirable” organisation."
        ),
        _("Chatham House has been on that list since 8 April 2022."),
        _("Keys, a log, a roster or this program on a disk can serve as evidence."),
        _("Let each person decide, with advice from their own side, before they are named."),
    )


def _export() -> tuple[str, ...]:
    return (
        _("Giving encryption software, or help with it, across a border can need a licence."),
        _("To a party under sanctions it can be forbidden."),
        _("Ask about these kinds of acts, for your state and for the other one:"),
    )


def _acts() -> tuple[str, ...]:
    return (
        _("EU: Regulation 2021/821 (dual use; category 5, part 2)"),
        _("EU: Regulation 833/2014 and its annexes (measures concerning Russia)"),
        _("US: Export Administration Regulations, 15 CFR 730–774; programmes of OFAC"),
        _("Russia: rules on import, export and use of means of encryption; counter-sanctions"),
        _("Wassenaar Arrangement, and the national lists that follow it"),
        _("Data protection: EU Regulation 2016/679 and its like elsewhere"),
    )


def _doubt() -> str:
    return " ".join(
        (
            _("This list is from memory, may be out of date, and is no legal advice."),
            _("It is here so that the right questions are asked."),
        )
    )
