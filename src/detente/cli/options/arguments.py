"""What the verbs of `detente options` take, and which of it holds for which kind of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.files import FILE, given
from detente.cli.show import print_table
from detente.cli.words import _
from detente.ground.errors import UsageError

if TYPE_CHECKING:
    from detente.report.names import Names

Kind = Literal["case", "drugis", "genius", "tables"]

FILES = click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
DISAGREEMENT = click.option(
    "--disagreement",
    type=click.Choice(("reservation", "worst")),
    help=_("Of GENIUS: what a party has without agreement; its reservation value by default."),
)
UNITS = click.option(
    "--units",
    type=click.Choice(("raw", "normalised")),
    help=_("Of GENIUS: utilities as they stand, the default, or divided as GENIUS does."),
)
SEED = click.option("--seed", type=click.IntRange(min=0), help=_("Of the draws; 1 by default."))

_KINDS: dict[str, Kind] = {
    ".json": "drugis",
    ".xml": "genius",
    ".csv": "tables",
    ".tsv": "tables",
    ".txt": "tables",
    ".xlsx": "tables",
}


def kind_of(files: Sequence[Path]) -> Kind:
    """What the files are, by their names; all must be of one kind, and a case stands alone."""
    if any(path.is_dir() for path in files):
        if len(files) > 1:
            raise UsageError(_("Name one case, or files; not both."))
        return "case"
    kinds = {_KINDS.get(path.suffix.lower()) for path in files}
    if None in kinds:
        known = ", ".join(_KINDS)
        raise UsageError(_("A file ends in one of {known}, or is a case folder.", known=known))
    if len(kinds) > 1:
        raise UsageError(_("Name files of one kind: tables, GENIUS XML or drugis JSON."))
    return next(kind for kind in kinds if kind is not None)


def print_measures(names: Names, measures: Iterable[str]) -> None:
    """What the measures of a case are called, where tables have room for their ids alone."""
    every = set(measures)
    print_table(
        _("Measures"),
        (_("id"), _("title")),
        ((one.id, names.measure_title(one.id)) for one in names.case.measures if one.id in every),
    )


def for_kind(kind: Kind, wanted: Kind, **options: object) -> None:
    """Refuse options that hold for another kind of files."""
    if kind != wanted and given(**options):
        named = ", ".join(given(**options))
        known = {"case": _("a case"), "drugis": _("drugis JSON")}
        known |= {"genius": _("GENIUS XML"), "tables": _("tables")}
        raise UsageError(_("{options}: for {kind} only.", options=named, kind=known[wanted]))


def not_for_case(kind: Kind, **options: object) -> None:
    """Refuse options that hold for files only."""
    if kind == "case" and given(**options):
        named = ", ".join(given(**options))
        raise UsageError(_("{options}: for files only; a case is told by its own.", options=named))
