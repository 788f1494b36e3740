"""What `detente screen` takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, FILE
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.encounters.rules.metrics import Profile
    from detente.encounters.tracks import Domain

PROFILES = ("treaty", "guidance", "practice", "analyst")


@dataclass(frozen=True)
class Given:
    """The arguments and options, by their names on the command line."""

    tracks: tuple[Path, ...]
    mapping: Path | None
    domain: Domain | None
    window: tuple[str, str] | None
    gap_seconds: float
    gate_knots: float | None
    gate_times: int
    lone: bool
    sides: Path | None
    register: tuple[Path, ...]
    zones: tuple[tuple[str, Path], ...]
    horizontal: str | None
    vertical: str | None
    limits: Path | None
    across: bool
    moving: bool
    unseen_minutes: float
    rules: Path | None
    lint: bool
    profile: tuple[Profile, ...]
    judge: int
    what_if: Path | None
    dossier: str | None
    account: tuple[Path, ...]
    shown_to: str
    delay_hours: float
    coarsen_km: float | None
    evidence: Path | None
    by: str
    most: int
    work: Path | None
    workers: int | None
    scheduler: str | None
    lang: str
    out: Path | None
    as_json: bool


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("tracks", nargs=-1, type=FILE, metavar="TRACKS..."),
    click.option("--mapping", type=FILE, help=_("YAML that tells what the columns mean.")),
    click.option(
        "--domain",
        type=click.Choice(("sea", "air", "land")),
        help=_("Where the craft move, if a file does not tell."),
    ),
    click.option(
        "--window",
        nargs=2,
        metavar="FROM TO",
        help=_("Only fixes from one instant to before another, as 2026-01-31T12:00Z."),
    ),
    click.option(
        "--gap-seconds",
        type=click.FloatRange(min=0, min_open=True),
        default=600.0,
        show_default=True,
        help=_("Nothing is assumed of a craft between fixes further apart than that."),
    ),
    click.option(
        "--gate-knots",
        type=click.FloatRange(min=0, min_open=True),
        help=_(
            "Fixes that demand more speed are left out; by default 60 at sea, 1500 in the air, 150 "
            "on land."
        ),
    ),
    click.option(
        "--gate-times",
        type=click.IntRange(0, 10),
        default=2,
        show_default=True,
        help=_("How often that is done."),
    ),
    click.option(
        "--lone",
        is_flag=True,
        help=_("Also fixes that stand alone, to which no way leads and which no gate can check."),
    ),
    click.option("--sides", type=FILE, help=_("YAML that tells which craft belong to which side.")),
    click.option(
        "--register", type=FILE, multiple=True, help=_("CSV of aircraft by 24-bit address.")
    ),
    click.option(
        "--zones",
        nargs=2,
        type=(str, FILE),
        multiple=True,
        metavar="KIND FILE",
        help=_("GeoJSON of zones of a kind that rules name, such as territorial-sea."),
    ),
    click.option("--horizontal", help=_("How near is close, for all: 5nm, 300m, 1000yd.")),
    click.option("--vertical", help=_("Likewise of height, where one is an aircraft; or any.")),
    click.option("--limits", type=FILE, help=_("YAML of limits by pairs of domains.")),
    click.option("--across", is_flag=True, help=_("Only pairs of two sides.")),
    click.option("--moving", is_flag=True, help=_("Leave out pairs of which both lay still.")),
    click.option(
        "--unseen-minutes",
        type=click.FloatRange(min=0),
        default=0.0,
        show_default=True,
        help=_("Also who could have met in a gap of up to that; 0 for none."),
    ),
    click.option("--rules", type=FILE, help=_("Your own table of rules.")),
    click.option("--lint", is_flag=True, help=_("Only check the table of rules.")),
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        multiple=True,
        help=_("Whose thresholds are taken, in this order; all by default."),
    ),
    click.option(
        "--judge",
        type=click.IntRange(min=0),
        default=200,
        help=_(
            "How many of the closest are held against rules besides those of two sides and of "
            "state craft; 200 by default."
        ),
    ),
    click.option("--what-if", type=FILE, help=_("YAML of proposed rules: what they would touch.")),
    click.option("--dossier", help=_("Write the dossier of one encounter, by its number or id.")),
    click.option(
        "--account",
        type=FILE,
        multiple=True,
        help=_("For the dossier: an account of it, ours first, then theirs."),
    ),
    click.option(
        "--for",
        "shown_to",
        type=click.Choice(("own-side", "other-side", "mediator", "public")),
        default="own-side",
        show_default=True,
        help=_("Who will see the dossier."),
    ),
    click.option(
        "--delay-hours",
        type=click.FloatRange(min=0),
        default=0.0,
        help=_("Of the last hours before the end of the tracks nothing is told in the dossier."),
    ),
    click.option(
        "--coarsen-km",
        type=click.FloatRange(0, 1000, min_open=True),
        help=_("Tell places in the dossier to a grid of that width."),
    ),
    click.option(
        "--evidence",
        type=click.Path(path_type=Path),
        help=_("Write rows for a case, as incidents.csv, and counts.csv beside it."),
    ),
    click.option("--by", default="", help=_("Who made the evidence.")),
    click.option(
        "--most",
        type=click.IntRange(min=1),
        default=20,
        show_default=True,
        help=_("Rows of a printed table; files and JSON have all."),
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help=_("Folder for results.json and tables/; an earlier one is replaced."),
    ),
    click.option(
        "--work",
        type=click.Path(path_type=Path),
        help=_("Folder of a large run, cut into parts; a run that was ended goes on from there."),
    ),
    click.option(
        "--workers", type=click.IntRange(min=1), help=_("Processes; as many as cores by default.")
    ),
    click.option("--scheduler", help=_("Compute on the Dask cluster at tcp://HOST:PORT.")),
    click.option("--lang", default="en", show_default=True, help=_("Language of the dossier.")),
    AS_JSON,
)


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that takes all of it."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
