"""Everything that `detente elicit rank` tells of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from detente.cli.elicit.files import Reader
from detente.cli.files import waiting
from detente.cli.words import _
from detente.elicitation.agreement import kendall_w
from detente.elicitation.comparisons import Comparisons, Unranked
from detente.elicitation.foreign.pairs import ComparisonTable, Values, read_comparisons
from detente.elicitation.partition import PERMUTATION, Contrast, Test, contrast, permutation, tree
from detente.elicitation.worths import chance_among_first, rank_intervals, worths
from detente.ground.chance import stream
from detente.ground.errors import UsageError

FIRST = 3


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    by: str | None
    tree: bool
    alpha: float
    unranked: Unranked
    seed: int


def rank_file(path: Path, wanted: Wanted) -> dict[str, Any]:
    """Worths, ranks, agreement, contrast and tree of the comparisons in a file."""
    with waiting(_("reading")):
        reader = Reader()
        table = reader.read(path, partial(read_comparisons, unranked=wanted.unranked))
        reader.done()
        assert table is not None
    with waiting(_("ranking")):
        return {
            "layout": table.layout,
            "basis": table.comparisons.basis,
            **_worths(table.comparisons, wanted),
            "concordance": _concordance(table),
            "contrast": _contrast(table, wanted),
            "tree": _tree(table, wanted) if wanted.tree else None,
        }


def _worths(compared: Comparisons, wanted: Wanted) -> dict[str, Any]:
    fit = worths(compared, alpha=wanted.alpha)
    intervals, first = fit.interval(), min(FIRST, len(fit.items))
    ranks = rank_intervals(fit, rng=stream(wanted.seed, "ranks"))
    chances = chance_among_first(fit, first, rng=stream(wanted.seed, "first"))
    return {
        "people": fit.people,
        "errors": fit.errors,
        "log_likelihood": fit.log_likelihood,
        "items": [
            {
                "item": fit.items[place],
                "worth": fit.worth[place],
                "log_worth": {
                    "low": intervals[place, 0],
                    "mid": fit.log_worth[place],
                    "high": intervals[place, 1],
                },
                "rank_low": int(ranks[place, 0]),
                "rank_high": int(ranks[place, 1]),
                "in_first": float(chances[place]),
            }
            for place in np.argsort(-fit.log_worth, kind="stable")
        ],
    }


def _concordance(table: ComparisonTable) -> dict[str, Any] | None:
    """Kendall's W of those who ranked every item; None for other layouts, or too few people."""
    if table.layout != "rankings":
        return None
    compared = table.comparisons
    m = len(compared.items)
    met = (compared.wins + compared.wins.swapaxes(1, 2) + compared.ties) > 0
    whole = met.sum(axis=(1, 2)) == m * (m - 1)
    lost = (compared.wins.sum(axis=1) + compared.ties.sum(axis=1) / 2)[whole]
    if len(lost) < 2 or not lost.std(axis=1).any():
        return None
    found = kendall_w(lost)
    return {"w": found.w, "people": found.judges, "p": found.p_f, "statistic": found.f}


def _contrast(table: ComparisonTable, wanted: Wanted) -> dict[str, Any] | None:
    if wanted.by is not None and wanted.by not in table.covariates:
        known = ", ".join(table.covariates) or "–"
        raise UsageError(
            _("No column {by} tells of people. There are: {known}.", by=wanted.by, known=known)
        )
    by = wanted.by or ("group" if "group" in table.covariates else None)
    if by is None:
        return None
    names = _names(table.covariates[by])
    named = [place for place, name in enumerate(names) if name]
    groups, some = [names[place] for place in named], table.comparisons.of(named)
    if len(set(groups)) < 2 and wanted.by is None:
        return None
    found = contrast(some, groups, alpha=wanted.alpha)
    test = _test(found, some, groups, wanted)
    return {
        "by": by,
        "groups": [
            {"group": name, "people": fit.people}
            for name, fit in zip(found.groups, found.fits, strict=True)
        ],
        "test": test.name,
        "statistic": test.statistic,
        "freedom": test.freedom,
        "within": test.within,
        "p": test.p,
        "differences": found.differences,
    }


def _test(found: Contrast, some: Comparisons, groups: Sequence[str], wanted: Wanted) -> Test:
    """The test that holds for these comparisons."""
    if found.used == PERMUTATION:
        rng = stream(wanted.seed, "permutation")
        return permutation(some, groups, rng=rng, alpha=wanted.alpha)
    if found.used == found.likelihood_ratio.name or found.wald is None:
        return found.likelihood_ratio
    return found.wald


def _names(values: Values) -> list[str]:
    return [
        value if isinstance(value, str) else ("" if np.isnan(value) else f"{value:g}")
        for value in values
    ]


def _tree(table: ComparisonTable, wanted: Wanted) -> list[str]:
    if not table.covariates:
        raise UsageError(_("The table says nothing of people by which they could be parted."))
    return list(tree(table.comparisons, table.covariates, alpha=wanted.alpha).lines())
