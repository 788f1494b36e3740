"""How far judges agree: Kendall's W for orders, Krippendorff's alpha for any codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, fdtrc

from detente.ground.errors import UsageError

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True)
class Concordance:
    """Kendall's W of n judges over m items, from 0 to 1, and two tests against no agreement.

    ``mean_spearman`` is the mean rank correlation of two judges. ``freedom`` is of chi-square.
    """

    w: float
    mean_spearman: float
    chi_square: float
    freedom: int
    p_chi_square: float
    f: float
    p_f: float
    judges: int
    items: int


def kendall_w(scores: ArrayLike) -> Concordance:
    """Kendall's coefficient of concordance, corrected for ties, of ``scores`` (n judges, m items).

    Each judge's scores are read as an order, equal ones with the mean of their ranks. With S the
    sum of squared deviations of the items' rank sums and T the sum over judges and their ties of
    t^3 - t, W = 12 S / (n^2 (m^3 - m) - n T). chi^2 = n (m - 1) W with m - 1 degrees of freedom;
    F = (n - 1) W / (1 - W) with a = m - 1 - 2 / n and (n - 1) a, closer for few judges or items.
    The mean Spearman correlation of two judges is (n W - 1) / (n - 1), exact without ties.

    Raises
    ------
    UsageError
        Where there are fewer than two judges or items, a score is missing, or every judge put all
        items level.

    References
    ----------
    Kendall & Babington Smith (1939), Annals of Mathematical Statistics 10(3):275-287. Legendre
    (2005), Journal of Agricultural, Biological, and Environmental Statistics 10(2):226-245.

    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.all(np.isfinite(table)):
        raise UsageError(
            "W needs the scores of two or more judges for two or more items, all there."
        )
    n, m = table.shape
    equal = table[:, :, None] == table[:, None, :]
    ranks = (table[:, :, None] > table[:, None, :]).sum(axis=2) + (equal.sum(axis=2) + 1) / 2
    tied = float(np.sum(equal.sum(axis=2) ** 2 - 1))  # each of t tied items adds t^2 - 1
    most = n**2 * (m**3 - m) - n * tied
    if most <= 0:
        raise UsageError("Every judge put all items level: there is no order to agree on.")
    spread = float(np.sum((ranks.sum(axis=0) - n * (m + 1) / 2) ** 2))
    w = 12 * spread / most
    chi_square = n * (m - 1) * w
    above = m - 1 - 2 / n
    f = (n - 1) * w / (1 - w) if w < 1 else float("inf")
    return Concordance(
        w=w,
        mean_spearman=(n * w - 1) / (n - 1),
        chi_square=chi_square,
        freedom=m - 1,
        p_chi_square=float(chdtrc(m - 1, chi_square)),
        f=f,
        p_f=_f_tail(above, (n - 1) * above, f),
        judges=n,
        items=m,
    )


def _f_tail(above: float, below: float, f: float) -> float:
    """NaN for two judges and two items, where the F has no degrees of freedom."""
    if above <= 0:
        return float("nan")
    return float(fdtrc(above, below, f)) if np.isfinite(f) else 0.0


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha with its bootstrap interval; ``units`` have two or more codes."""

    level: Level
    alpha: float
    low: float
    high: float
    coverage: float
    units: int
    codes: int


def krippendorff_alpha(
    codes: ArrayLike,
    level: Level,
    *,
    rng: np.random.Generator,
    coverage: float = 0.9,
    count: int = 2_000,
) -> Alpha:
    """Krippendorff's alpha of ``codes`` (coders, units), NaN where a coder skipped a unit.

    alpha = 1 - D_o / D_e, D_o = sum_ck o_ck d_ck / n, D_e = sum_ck n_c n_k d_ck / (n (n - 1)), with
    o the coincidences of values within units, each pair of a unit of m codes weighted 1 / (m - 1),
    n_c their margins and n their sum. d is 1 for any difference (nominal), (c - k)^2 (interval), or
    (n_c / 2 + those between + n_k / 2)^2 (ordinal). Units with one code count for nothing.

    The interval is the percentile interval over ``count`` resamples of whole units, without those
    in which all codes are equal; margins and ordinal distances are those of the resample.

    Raises
    ------
    UsageError
        Where no unit has two codes, or all codes are equal: no disagreement can be expected then.

    References
    ----------
    Krippendorff (2004), "Content Analysis", 2nd edition, chapter 11; Hayes & Krippendorff (2007),
    Communication Methods and Measures 1(1):77-89.

    """
    if level not in ("nominal", "ordinal", "interval"):
        raise UsageError(f"`{level}` is no level: take nominal, ordinal or interval.")
    if not 0 < coverage < 1 or count < 100:
        raise UsageError("A bootstrap needs a coverage between 0 and 1 and at least 100 resamples.")
    table = np.asarray(codes, dtype=np.float64)
    if table.ndim != 2 or np.any(np.isinf(table)):
        raise UsageError("Codes are a table of coders by units, with finite numbers or NaN.")
    table = table[:, np.sum(~np.isnan(table), axis=0) >= 2]
    values = np.unique(table[~np.isnan(table)])
    if len(values) < 2:
        raise UsageError("Alpha needs units with two or more codes, and codes that differ at all.")
    each = _coincidences(table, values)
    units = len(each)
    estimate = _alpha(each.sum(axis=0), values, level)
    times = rng.multinomial(units, np.full(units, 1 / units), size=count).astype(np.float64)
    resampled = np.array([_alpha(np.tensordot(t, each, 1), values, level) for t in times])
    resampled = resampled[~np.isnan(resampled)]
    low, high = np.quantile(resampled, [(1 - coverage) / 2, (1 + coverage) / 2])
    filled = int(np.sum(~np.isnan(table)))
    return Alpha(level, estimate, float(low), float(high), coverage, units, filled)


def _coincidences(table: Floats, values: Floats) -> Floats:
    """The coincidence matrix of each unit (units, values, values)."""
    held = (table[:, :, None] == values).sum(axis=0).astype(np.float64)
    pairs = held[:, :, None] * held[:, None, :]
    diagonal = np.arange(len(values))
    pairs[:, diagonal, diagonal] -= held
    return np.asarray(pairs / (held.sum(axis=1) - 1)[:, None, None])


def _alpha(together: Floats, values: Floats, level: Level) -> float:
    """NaN where all codes are equal."""
    margins = together.sum(axis=1)
    apart = _distances(margins, values, level)
    n = margins.sum()
    expected = margins @ apart @ margins / (n - 1)
    return float(1 - np.sum(together * apart) / expected) if expected > 0 else float("nan")


def _distances(margins: Floats, values: Floats, level: Level) -> Floats:
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "interval":
        return np.asarray((values[:, None] - values[None, :]) ** 2)
    middle = np.cumsum(margins) - margins / 2  # n_c / 2 + those between + n_k / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)
