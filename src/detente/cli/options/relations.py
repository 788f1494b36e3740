"""`detente options relations`: what holds whatever weights and scores fit what was stated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.files import AS_JSON, findings_told, waiting
from detente.cli.options.arguments import FILES, kind_of
from detente.cli.show import print_json, print_table, say
from detente.cli.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detente.assessment.relations import Relations
    from detente.assessment.results import SharedKind
    from detente.cli.options.views import CaseGains
    from detente.report.names import Names

COVERAGE = 0.9


@click.command(
    short_help=_("What holds whatever weights fit: necessary, possible."),
    help=_(
        "Which option is at least as good as which: necessarily, where no weights that fit what "
        "was stated and no scores within their intervals say otherwise; possibly, where some do. "
        "Of several parties also what they have in common. FILE: as of `detente options accept`."
    ),
    epilog=_(
        "Example: detente options relations scores.csv north.csv south.csv. Example: detente "
        "options relations cases/training"
    ),
)
@FILES
@click.option(
    "--coverage",
    type=click.FloatRange(0, 1, max_open=True),
    default=COVERAGE,
    show_default=True,
    help=_("The share of belief within the interval of a score; 0 leaves its median."),
)
@AS_JSON
def relations(files: tuple[Path, ...], *, coverage: float, as_json: bool) -> None:
    """Print the relations of each party, and of all."""
    kind = kind_of(files)
    names: Names | None = None
    gains: CaseGains | None = None
    with findings_told("options-relations", as_json=as_json):
        from detente.cli.options.settled import common, in_case, in_views
        from detente.cli.options.views import case_gains, print_case, read_views

        if kind == "case":
            from detente.report.names import Names

            gains = case_gains(files[0], points=None)
            names = Names(gains.case, _)
            with waiting(_("comparing")):
                found = in_case(gains.case, gains.told, coverage)
        else:
            views = read_views(files, kind)
            with waiting(_("comparing")):
                found = in_views(views, coverage)
        pairs = common(found)
    if as_json:
        told: dict[str, Any] = {
            "coverage": coverage,
            "parties": [{"party": one.party, **one.told()} for one in found],
            "in_common": [
                {"option": option, "as": other, "holds": kind}
                for option, other, kind in pairs or ()
            ],
        }
        print_json("options-relations", told | (gains.left_out() if gains else {}))
        return
    if names is not None and gains is not None:
        print_case(names, gains)
    for each in found:
        _print(each.relations, names.party(each.party) if names else each.party)
    if pairs is not None:
        _print_group(pairs)


def _print(found: Relations, party: str) -> None:
    places = range(len(found.options))
    rows = []
    for a in places:
        others = [b for b in places if b != a]
        strictly = [b for b in others if found.necessary[a, b]]
        perhaps = [b for b in others if found.possible[a, b] and not found.necessary[a, b]]
        never = [b for b in others if not found.possible[a, b]]
        cells = (
            ", ".join(found.options[b] for b in some) or "–" for some in (strictly, perhaps, never)
        )
        rows.append((found.options[a], *cells))
    print_table(
        _("{party}: which option is at least as good as which", party=party),
        (_("option"), _("necessarily as"), _("possibly as"), _("never as")),
        rows,
    )


def _print_group(pairs: Iterable[tuple[str, str, SharedKind]]) -> None:
    names: dict[SharedKind, str] = {
        "necessary-for-all": _("necessary for all"),
        "necessary-for-some-possible-for-all": _("necessary for some, possible for all"),
        "necessary-for-some-impossible-for-others": _("necessary for some, impossible for others"),
    }
    held: dict[tuple[SharedKind, str], list[str]] = {}
    for option, other, kind in pairs:
        held.setdefault((kind, option), []).append(other)
    rows = [
        (name, option, ", ".join(others))
        for kind, name in names.items()
        for (own, option), others in held.items()
        if own == kind
    ]
    if not rows:
        say(_("No option is necessarily at least as good as another for any party."))
    print_table(
        _("What the parties have in common"),
        (_("it is"), _("that this option"), _("is at least as good as")),
        rows,
        note=_("What is impossible for others is where the parties part, whatever they weigh."),
    )
