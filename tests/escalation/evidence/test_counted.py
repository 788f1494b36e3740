"""Rates from the counts of a case: calendar years, published periods, and shares reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from detente.case import model
from detente.escalation.evidence import rates
from detente.escalation.evidence.counted import (
    beta_of,
    counted_rate,
    first_day,
    incident_counts,
    last_day,
    published_counts,
)
from detente.ground.basis import Basis, Status
from detente.ground.errors import UsageError

U = np.array([0.05, 0.5, 0.95])


def incident(date: str, initiates: str | None = "air", status: str = "verified") -> Any:
    return model.Incident(
        id=f"I-{date}", date=date, place="x", domain="air", actor_a="A", actor_b="B",
        activity="close-approach", injury="none", initiates=initiates, reported_by="A",
        status=status,
    )  # fmt: skip


def count(name: str, start: str, end: str, number: float, status: str = "verified") -> Any:
    return model.Count(id=name, start=start, end=end, what="x", count=number, by="A", status=status)


def counted(**stated) -> Any:
    return model.Counted.model_validate(stated)


@pytest.fixture
def case(make_case) -> Any:
    """A case with incidents and counts in the place of its own."""

    def made(*, incidents=(), counts=()):
        return replace(make_case(), incidents=tuple(incidents), counts=tuple(counts))

    return made


def ends(one) -> list[float]:
    return [one.low, one.mid, one.high]


# --- what is counted -------------------------------------------------------------------------


def test_incidents_are_counted_by_calendar_year_with_partial_years_and_none_left_out(case):
    dates = ["2018-06-30", "2018-07-01", "2018-12-31", "2020-01-01", "2021-03-31", "2021-04-01"]
    held = case(incidents=[*map(incident, dates), incident("2020-05-05", "sea")])
    stated = counted(incidents="air", start="2018-07-01", end="2021-03-31")
    found = incident_counts(held, stated)
    assert found.events.tolist() == [2, 0, 1, 1]
    assert found.years * 365.25 == pytest.approx([184, 365, 366, 90])


def test_a_year_or_a_month_alone_means_all_of_it(case):
    held = case(incidents=[incident("2020-02"), incident("2019"), incident("2021-02-28")])
    found = incident_counts(held, counted(incidents="air", start="2019", end="2021-02"))
    assert found.events.tolist() == [1, 1, 1]
    assert found.years * 365.25 == pytest.approx([365, 366, 59])
    assert [str(first_day(one)) for one in ("2020", "2020-02", "2020-02-03")] == [
        "2020-01-01", "2020-02-01", "2020-02-03",
    ]  # fmt: skip
    assert [str(last_day(one)) for one in ("2020", "2020-02", "2020-02-03")] == [
        "2020-12-31", "2020-02-29", "2020-02-03",
    ]  # fmt: skip


def test_counts_are_periods_of_their_own_length(case):
    rows = [count("N1", "2014-03", "2014-10", 40), count("N2", "2015", "2016", 0)]
    held = case(counts=[*rows, count("N3", "2017", "2017", 7)])
    found = published_counts(held, counted(counts=["N1", "N2"]))
    assert found.events.tolist() == [40, 0]
    assert found.years * 365.25 == pytest.approx([245, 731])


def test_a_rate_is_that_of_clustered_counts(case):
    held = case(incidents=[incident(f"{year}-05-05") for year in (2016, 2016, 2018, 2019)])
    found = counted_rate(held, counted(incidents="air", start="2016", end="2020"))
    years = np.array([366, 365, 365, 365, 366]) / 365.25
    expected = rates.clustered(rates.counted([2, 0, 1, 1, 0], years)).rate().quantile(U)
    assert ends(found) == pytest.approx(expected.tolist())
    assert found.coverage == 0.9


def test_a_rate_says_where_it_comes_from_and_how_far_the_least_checked_row_was(case):
    held = case(incidents=[incident("2020-05-05"), incident("2020-06-06", status="second-hand")])
    found = counted_rate(held, counted(incidents="air", start="2020", end="2020")).provenance
    assert (found.basis, found.date, found.status) == (Basis.COMPUTED, "2020", Status.SECOND_HAND)
    assert found.source == (
        "computed from 2 incidents that initiate air in 1 years, all of them reported"
    )
    rows = [count("N1", "2019", "2019", 3), count("N2", "2020", "2020-06", 4, "unverified")]
    share = {"low": 0.25, "high": 0.5}
    told = counted_rate(case(counts=rows), counted(counts=["N1", "N2"], reported=share)).provenance
    assert (told.date, told.status) == ("2020-06", Status.UNVERIFIED)
    assert told.source == (
        "computed from 7 events of counts N1, N2 in 1.5 years, 25 to 50 % reported"
    )


# --- long quiet spans ------------------------------------------------------------------------


def test_a_quiet_span_counts_the_same_in_one_row_or_in_twenty(case):
    busy = count("B", "2019", "2019", 5)
    whole = [busy, count("Q", "1999", "2018", 0)]
    parts = [busy, *(count(f"Q{year}", str(year), str(year), 0) for year in range(1999, 2019))]
    one, many = (
        counted_rate(case(counts=rows), counted(counts=[row.id for row in rows]))
        for rows in (whole, parts)
    )
    assert ends(one) == pytest.approx(ends(many), rel=1e-9)


def test_a_longer_quiet_span_lowers_the_rate_in_proportion(case):
    def after(years):
        rows = [count("Q", str(2020 - years), "2019", 0)]
        return counted_rate(case(counts=rows), counted(counts=["Q"]))

    short, long = after(10), after(200)
    ratios = np.array(ends(short)) / ends(long)
    assert ratios[1] == pytest.approx(20, rel=0.1)
    assert (ratios > 10).all()


def test_no_event_has_a_median_near_that_of_jeffreys(case):
    # clustering only widens Gamma(1/2, T); over many years little
    rows = [count("Q", "1820", "2019", 0)]
    found = counted_rate(case(counts=rows), counted(counts=["Q"]))
    jeffreys = stats.gamma(0.5, scale=1 / 200).ppf([0.5, 0.95])
    assert [found.mid, found.high] == pytest.approx(jeffreys.tolist(), rel=0.02)


# --- shares reported -------------------------------------------------------------------------


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), st.sampled_from([0.5, 0.8, 0.9, 0.99]))
def test_the_share_has_exactly_the_stated_ends(one, other, coverage):
    low, high = sorted((one, other))
    assume(high - low > 1e-4)
    a, b = beta_of(low, high, coverage=coverage)
    tails = [(1 - coverage) / 2, (1 + coverage) / 2]
    assert stats.beta(a, b).ppf(tails) == pytest.approx([low, high], rel=1e-6)


@pytest.mark.parametrize("coverage", [0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.0625, 0.999),
        (1e-15, 2e-15),
        (1e-15, 0.9),
        (1e-12, 1 - 1e-12),
        (0.5, 0.5 + 1e-7),
        (0.5, 0.5 + 1e-12),
        (0.3, 1 - 1e-12),
    ],
)
def test_the_most_extreme_shares_have_a_beta_too(low, high, coverage):
    a, b = beta_of(low, high, coverage=coverage)
    tails = [(1 - coverage) / 2, (1 + coverage) / 2]
    assert stats.beta(a, b).ppf(tails) == pytest.approx([low, high], rel=1e-6)


def test_the_beta_of_known_ends():
    for a, b in ((2.0, 5.0), (0.5, 0.5), (30.0, 1.0), (400.0, 80.0), (1.0, 1.0)):
        low, high = stats.beta(a, b).ppf([0.05, 0.95])
        assert beta_of(low, high, coverage=0.9) == pytest.approx((a, b), rel=1e-6)


@pytest.mark.parametrize(("low", "high"), [(0, 0.5), (0.5, 0.5), (0.6, 0.5), (0.5, 1), (-1, 2)])
def test_what_is_no_interval_of_a_share_is_refused(low, high):
    with pytest.raises(UsageError, match="no interval of a share"):
        beta_of(low, high, coverage=0.9)


def test_a_known_share_divides_the_rate(case):
    held = case(counts=[count("N", "2015", "2019", 12)])
    plain, half = (
        counted_rate(held, counted(counts=["N"], **more))
        for more in ({}, {"reported": {"value": 0.5}})
    )
    assert ends(half) == pytest.approx([2 * end for end in ends(plain)], rel=1e-12)
    assert half.provenance.source.endswith("50 % reported")


def test_an_uncertain_share_divides_and_widens_as_plain_sampling_does(case):
    held = case(counts=[count("N", "2015", "2019", 12)])
    share = {"low": 0.2, "high": 0.6}
    found = counted_rate(held, counted(counts=["N"], reported=share))
    rng = np.random.default_rng(8)
    reported = rates.clustered(published_counts(held, counted(counts=["N"]))).rate()
    a, b = beta_of(0.2, 0.6, coverage=0.9)
    drawn = reported.quantile(rng.random(200_000)) / rng.beta(a, b, 200_000)
    assert ends(found) == pytest.approx(np.quantile(drawn, U).tolist(), rel=0.02)


# --- calibration on simulated truth ----------------------------------------------------------

SHARE = (0.4, 0.8)


def covered(case, rng, *, truth: float, spread: float, years: int, share) -> bool:
    """Whether the stated interval holds the true rate of clustered, thinned yearly events."""
    k = 1 / spread**2
    multipliers = rng.gamma(k, 1 / k, years)
    happened = rng.poisson(truth * multipliers)
    stated = {}
    if share:
        a, b = beta_of(*share, coverage=0.9)
        happened = rng.binomial(happened, rng.beta(a, b))
        stated = {"reported": {"low": share[0], "high": share[1]}}
    rows = [count(f"N{i}", str(2000 + i), str(2000 + i), float(n)) for i, n in enumerate(happened)]
    names = [row.id for row in rows]
    found = counted_rate(case(counts=rows), counted(counts=names, **stated))
    return bool(found.low <= truth <= found.high)


@pytest.mark.parametrize("share", [None, SHARE])
def test_intervals_hold_the_truth_after_clustering_and_thinning(case, share):
    rng = np.random.default_rng(11)
    held = [covered(case, rng, truth=8.0, spread=0.6, years=10, share=share) for _ in range(120)]
    low, high = stats.binom(120, 0.9).ppf([0.001, 0.999])
    assert low <= sum(held) <= high


@pytest.mark.long
@pytest.mark.parametrize("share", [None, SHARE, (0.05, 0.3)])
@pytest.mark.parametrize(
    ("truth", "spread", "years"), [(2.0, 0.5, 12), (10.0, 0.8, 8), (40.0, 0.3, 6), (0.5, 0.6, 20)]
)
def test_intervals_hold_the_truth_for_many_settings(case, truth, spread, years, share):
    rng = np.random.default_rng(12)
    held = [
        covered(case, rng, truth=truth, spread=spread, years=years, share=share)
        for _ in range(1_000)
    ]
    assert 0.86 <= np.mean(held) <= 0.97  # few events: a little wide
