"""A rate from the counts of a case: incidents by calendar year, or published totals by period."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterable

import numpy as np
from scipy.special import betainc, betaincinv

from detente.case import model
from detente.case.case import Case
from detente.escalation.evidence.rates import (
    Counts,
    Rate,
    as_estimate,
    clustered,
    counted,
    unreported,
)
from detente.ground.basis import Basis, Estimate, Provenance, Status
from detente.ground.errors import UsageError

DAYS = 365.25  # of a year
COVERAGE = 0.9
_MOST = 40.0  # the log of a + b of the sharpest beta number
_STATUSES = (Status.VERIFIED, Status.SECOND_HAND, Status.UNVERIFIED)


def counted_rate(case: Case, stated: model.Counted) -> Estimate:
    """The yearly rate of what is counted, as three quantiles; its basis is ``computed``.

    Parameters
    ----------
    case
        The case that holds the incidents or the counts.
    stated
        What is counted, over which time, and which share is reported.

    Notes
    -----
    Events may come in clusters: the rate of each year is the long-run rate times a multiplier
    (`evidence.rates.clustered`). Where a share is reported, the true rate is the reported one
    divided by it (`evidence.rates.unreported`), with the share a beta number of the stated ends.

    """
    counts = incident_counts(case, stated) if stated.incidents else published_counts(case, stated)
    rate: Rate = clustered(counts).rate()
    words = _words(case, stated, counts)
    if stated.reported is not None:
        return _corrected(rate, stated.reported, words)
    return as_estimate(rate, source=words.source, date=words.date, status=words.status)


def _corrected(reported: Rate, share: model.Number, words: Provenance) -> Estimate:
    if share.value is not None:
        found = as_estimate(reported, source=words.source, date=words.date, status=words.status)
        low, mid, high = (end / share.value for end in (found.low, found.mid, found.high))
        return Estimate(low, mid, high, found.coverage, found.provenance)
    assert share.low is not None
    assert share.high is not None
    a, b = beta_of(share.low, share.high, coverage=share.ci / 100)
    true = unreported(reported, a=a, b=b)
    return as_estimate(true, source=words.source, date=words.date, status=words.status)


def beta_of(low: float, high: float, *, coverage: float) -> tuple[float, float]:
    """The beta distribution whose central interval of a coverage has the given ends.

    Raises
    ------
    UsageError
        Where the ends are no interval inside (0, 1).

    """
    if not 0 < low < high < 1:
        raise UsageError(f"{low:g} to {high:g} is no interval of a share.")
    from scipy.optimize import root

    tails = np.array([(1 - coverage) / 2, (1 + coverage) / 2])
    wanted = np.log([low, high]) - np.log1p([-low, -high])

    def misses(logs: np.ndarray) -> np.ndarray:
        ends = betaincinv(*np.exp(np.clip(logs, -20, 30)), tails)
        ends = np.clip(ends, 1e-300, 1 - 1e-16)
        return np.asarray(np.log(ends) - np.log1p(-ends) - wanted)

    width = (wanted[1] - wanted[0]) / 3.3  # about one standard deviation of the log-odds
    mean = 1 / (1 + np.exp(-wanted.mean()))
    size = max(0.5, 1 / (width**2 * mean * (1 - mean)))
    found = root(misses, np.log([size * mean, size * (1 - mean)]))
    if not found.success:
        return _bracketed(low, high, tail=float(tails[0]))
    a, b = np.exp(found.x)
    return float(a), float(b)


def _bracketed(low: float, high: float, *, tail: float) -> tuple[float, float]:
    """As `beta_of`, slowly and surely: for each a + b the mean that puts a tail below ``low``.

    The larger a + b, the more lies below ``high`` then: from one tail up to all.
    """
    from scipy.optimize import brentq

    def shape(size: float) -> tuple[float, float]:
        def misses(log_odds: float) -> float:
            return float(betainc(*_shape(size, log_odds), low)) - tail

        return _shape(size, brentq(misses, -60.0, 60.0, xtol=1e-14))

    def too_much(log_size: float) -> float:
        return float(betainc(*shape(math.exp(log_size)), high)) - (1 - tail)

    most = 0.0
    while too_much(most) < 0:
        most += 2.0
        if most > _MOST:  # a share that is known to a millionth of itself or better
            return shape(math.exp(_MOST))
    return shape(math.exp(brentq(too_much, -20.0, most, xtol=1e-14)))


def _shape(size: float, log_odds: float) -> tuple[float, float]:
    return size / (1 + math.exp(-log_odds)), size / (1 + math.exp(log_odds))


def incident_counts(case: Case, stated: model.Counted) -> Counts:
    """The incidents that initiate a ladder, by calendar year; years without one count as well.

    One whose day or month is not known counts where any of its days may lie in the time.
    """
    assert stated.start is not None
    assert stated.end is not None
    start, end = first_day(stated.start), last_day(stated.end)
    days = [
        max(first_day(row.date), start) if last_day(row.date) >= start else first_day(row.date)
        for row in case.incidents
        if row.initiates == stated.incidents
    ]
    events, years = [], []
    for year in range(start.year, end.year + 1):
        begin = max(start, dt.date(year, 1, 1))
        stop = min(end, dt.date(year, 12, 31))
        events.append(sum(begin <= day <= stop for day in days))
        years.append(((stop - begin).days + 1) / DAYS)
    return counted(events, years)


def published_counts(case: Case, stated: model.Counted) -> Counts:
    """The named rows of counts.csv, a period each."""
    rows = [row for row in case.counts if row.id in stated.counts]
    days = [(last_day(row.end) - first_day(row.start)).days + 1 for row in rows]
    return counted([row.count for row in rows], [one / DAYS for one in days])


def first_day(date: str) -> dt.date:
    """The first day of a date of which the day, or the month, may be missing."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return dt.date(year, month, day)


def last_day(date: str) -> dt.date:
    """The last day of a date of which the day, or the month, may be missing."""
    parts = [int(part) for part in date.split("-")]
    year, month = (*parts, 12)[:2]
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return dt.date(year, month, day)


def _words(case: Case, stated: model.Counted, counts: Counts) -> Provenance:
    """Where the rate comes from, in words, and the least checked of its rows."""
    number, years = int(counts.events.sum()), float(counts.years.sum())
    share = _share(stated.reported) if stated.reported else "all of them"
    what = f"incidents that initiate {stated.incidents}" if stated.incidents else _named(stated)
    source = f"computed from {number} {what} in {years:.3g} years, {share} reported"
    rows: Iterable[model.Incident | model.Count] = (
        [row for row in case.incidents if row.initiates == stated.incidents]
        if stated.incidents
        else [row for row in case.counts if row.id in stated.counts]
    )
    status = max((row.status for row in rows), key=_STATUSES.index, default=Status.UNVERIFIED)
    date = stated.end or max(row.end for row in case.counts if row.id in stated.counts)
    return Provenance(Basis.COMPUTED, source, date, status)


def _named(stated: model.Counted) -> str:
    return f"events of counts {', '.join(stated.counts)}"


def _share(share: model.Number) -> str:
    if share.value is not None:
        return f"{100 * share.value:.3g} %"
    assert share.low is not None
    assert share.high is not None
    return f"{100 * share.low:.3g} to {100 * share.high:.3g} %"
