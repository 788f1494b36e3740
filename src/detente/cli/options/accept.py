"""`detente options accept`: under which weightings an option ranks where, for each party."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, findings_told
from detente.cli.options.arguments import FILES, SEED, kind_of, not_for_case
from detente.cli.show import number, print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from detente.assessment.smaa.intervals import Shares
    from detente.cli.options.shares import Accepted
    from detente.cli.options.views import CaseGains
    from detente.report.names import Names

Call = Callable[[str], str]

MOST_RANKS = 4  # of many options, that are printed
MOST_PAIRED = 6  # options up to which all pairs are printed


@click.command(
    short_help=_("Under what share of weightings an option ranks where."),
    help=_(
        "SMAA-2, for each party: scores and the weights that fit what was stated are drawn, and it "
        "is counted how often each option ranks where, before which other, under which weights on "
        "average it is first, and how surely then. FILE: drugis JSON, one a party; a table of "
        "scores (option, criterion, low, mid, high or mean, sd) with a table of weights "
        "(criterion, worst, best; points, rank, or low, high) for each party; or a case folder "
        "with criteria.yaml and scores.csv. Intervals are Wilson's, 95 %. A share of weightings "
        "never says that a party accepts an option."
    ),
    epilog=_(
        "Example: detente options accept scores.csv north.csv south.csv. Example: detente options "
        "accept cases/training"
    ),
)
@FILES
@click.option(
    "--half-width",
    type=click.FloatRange(0, 0.5, max_open=True),
    help=_("Of files: draw until half of every interval is at most this; 0.005."),
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    help=_("At most so many draws, a million; of a case its points, a power of two, 4096."),
)
@SEED
@AS_JSON
def accept(
    files: tuple[Path, ...],
    *,
    half_width: float | None,
    samples: int | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Print the indices, party by party."""
    kind = kind_of(files)
    names: Names | None = None
    gains: CaseGains | None = None
    not_for_case(kind, half_width=half_width, seed=seed)
    with findings_told("options-accept", as_json=as_json):
        from detente.cli.options.shares import counted, drawn
        from detente.cli.options.views import case_gains, print_case, read_views

        if kind == "case":
            from detente.report.names import Names

            gains = case_gains(files[0], points=samples)
            names = Names(gains.case, _)
            found = tuple(counted(one) for one in gains.told)
        else:
            from detente.assessment.smaa.intervals import Stop

            views = read_views(files, kind)
            stop = Stop(0.005 if half_width is None else half_width, samples or 1_000_000)
            found = drawn(views, stop=stop, seed=1 if seed is None else seed)
    if as_json:
        told: dict[str, Any] = {"parties": [one.told() for one in found]}
        print_json("options-accept", told | (gains.left_out() if gains else {}))
        return
    if names is not None and gains is not None:
        print_case(names, gains)
    party: Call = names.party if names else str
    for each in found:
        _print(each, party)
    if len(found) > 1:
        _print_together(found, party)


def _print(found: Accepted, party: Call) -> None:
    samples = _.n("{n} weighting", "{n} weightings", found.samples)
    say(_("{party}: {samples}", party=party(found.party), samples=samples))
    say("")
    _print_ranks(found)
    _print_central(found)
    _print_pairs(found)


def _print_ranks(found: Accepted) -> None:
    many = len(found.options)
    shown = range(many if many <= MOST_RANKS + 1 else MOST_RANKS)
    note = _("By mean rank, with 95 % intervals; confidence: first under its own central weights.")
    if len(shown) < many:
        note += " " + _("--json has all ranks.")
    print_table(
        _("Share of weightings by rank"),
        (_("option"), *(_("rank {k}", k=k + 1) for k in shown), _("confidence")),
        (
            (
                found.options[place],
                *(_share(found.acceptability, (place, k)) for k in shown),
                _share(found.confidence, (place,)),
            )
            for place in found.order
        ),
        note=note,
    )


def _share(shares: Shares, place: tuple[int, ...]) -> str:
    from detente.cli.options.shares import share

    told = share(shares, place)
    if told["share"] != told["share"]:  # not a number: nothing was counted
        return "–"
    low, high = _.number(100 * told["low"], 1), _.number(100 * told["high"], 1)
    return f"{_.percent(told['share'], 1)} ({low}–{high})"


def _print_central(found: Accepted) -> None:
    rows = [place for place in found.order if found.acceptability.share[place, 0] > 0]
    print_table(
        _("Central weights: the mean of those under which an option is first"),
        (_("option"), *found.criteria),
        (
            (found.options[place], *(number(x, 3) for x in found.central_weights[place]))
            for place in rows
        ),
        note=_("Options that are never first have none.") if len(rows) < len(found.order) else "",
    )


def _print_pairs(found: Accepted) -> None:
    order = found.order
    every = len(order) <= MOST_PAIRED
    if every:
        pairs = [(a, b) for row, a in enumerate(order) for b in order[row + 1 :]]
    else:
        pairs = list(pairwise(order))
    note = _("Not distinguishable: neither interval lies above one half.")
    if not every:
        note += " " + _("Neighbours by mean rank alone; --json has all pairs.")
    print_table(
        _("Which ranks before which"),
        (_("option"), _("ranks before"), _("share of weightings"), ""),
        (
            (
                found.options[a],
                found.options[b],
                _share(found.pairwise, (a, b)),
                _("not distinguishable") if found.undecided[a, b] else "",
            )
            for a, b in pairs
        ),
        note=note,
    )


def _print_together(found: Sequence[Accepted], party: Call) -> None:
    """The first ranks of all parties side by side; nothing is averaged over parties."""
    from detente.cli.options.shares import share

    options = list(dict.fromkeys(name for one in found for name in one.options))
    rows = []
    for name in options:
        cells = [
            _.percent(share(one.acceptability, (one.options.index(name), 0))["share"], 1)
            if name in one.options
            else "–"
            for one in found
        ]
        rows.append((name, *cells))
    print_table(
        _("First ranks of all parties"),
        (_("option"), *(party(one.party) for one in found)),
        rows,
        note=_("Side by side, never averaged."),
    )
