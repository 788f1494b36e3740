"""Times in every form, against the standard library's own reading of them."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.encounters.readers.instants import Unreadable, recognised

MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1))  # noqa: DTZ001


def seconds(texts, hint=None):
    times = pl.Series(texts)
    return recognised(times, hint).seconds(times).to_list()


@given(MOMENTS, st.sampled_from(["", "Z", "+00:00", "+02:00", "-0330", " UTC"]), st.booleans())
def test_iso_as_the_library_reads_it(moment, zone, blank):
    text = moment.isoformat(" " if blank else "T") + zone
    known = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    known = known if known.tzinfo else known.replace(tzinfo=UTC)
    assert seconds([text])[0] == pytest.approx(known.timestamp(), abs=2e-6)


@given(MOMENTS)
def test_other_forms_as_the_library_writes_them(moment):
    known = moment.replace(microsecond=0, tzinfo=UTC).timestamp()
    assert seconds([moment.strftime("%Y%m%d_%H%M%S")]) == [known]
    assert seconds([moment.strftime("%Y%m%d%H%M%S")]) == [known]
    assert seconds([moment.strftime("%d/%m/%Y %H:%M:%S")], "day-first") == [known]
    assert seconds([moment.strftime("%m/%d/%Y %H:%M:%S")], "month-first") == [known]


def test_days_and_months_are_told_by_one_date_over_twelve():
    assert seconds(["01/02/2022 00:00:00", "13/02/2022 00:00:00"])[0] == 1643673600  # 1 February
    assert seconds(["01/02/2022 00:00:00", "02/13/2022 00:00:00"])[0] == 1641081600  # 2 January
    with pytest.raises(Unreadable, match="days from months"):
        seconds(["01/02/2022 00:00:00", "03/04/2022 00:00:00"])
    with pytest.raises(Unreadable, match="days from months"):
        seconds(["13/02/2022 00:00:00", "02/13/2022 00:00:00"])


def test_forms_may_be_mixed_within_iso():
    texts = ["2022-01-03T00:00:01", "2022-01-03 00:00:01", "2022-01-03T01:00:01+01:00", "x", None]
    assert seconds(texts) == [1641168001.0] * 3 + [None] * 2


def test_minutes_alone_are_whole():
    assert seconds(["2022-01-03T00:01", "2022-01-03T00:02"]) == [1641168060.0, 1641168120.0]


def test_small_numbers_are_no_time():
    with pytest.raises(Unreadable, match="too small"):
        seconds([0.0, 1.0, 2.0])
    assert seconds([0.0, 1.5], "relative") == [0.0, 1.5]
