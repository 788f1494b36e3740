"""Where nothing was seen, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from detente.encounters.coverage import covered, gaps, seen
from detente.encounters.fixes import fixes, joined
from detente.encounters.tracks import Craft
from detente.ground.errors import UsageError

HOUR = 3600.0


def part(rows, *, domain="sea", name="a", source="s"):
    seconds, lat, lon = np.array(rows, float).T
    columns = {"track": np.zeros(len(rows), int), "seconds": seconds, "lat": lat, "lon": lon}
    return fixes([Craft(name, domain)], source, columns)


def test_shares_by_hand_at_the_equator():
    # four cells of a degree around 0, 0, all of one size; three hours
    found = part([(0, 0.5, 0.5), (10, 0.6, 0.6), (HOUR, -0.5, 0.5), (HOUR, 5.5, 0.5)])
    out = covered(seen(found, cell_deg=1.0), "sea", box(-1, -1, 1, 1), 0, 3 * HOUR)
    assert (out.cells, out.bins) == (4, 3)
    assert out.share == pytest.approx(2 / 12)
    assert out.area_share == pytest.approx(2 / 4)
    assert out.time_share == pytest.approx(2 / 3)
    assert out.silent == ((2 * HOUR, 3 * HOUR),)


def test_cells_weigh_by_their_area():
    # from 0 to 90 degrees north half of the area lies south of 30 degrees (sin 30 = 1/2)
    found = part([(0, lat, 0.5) for lat in np.arange(0.5, 30)])
    out = covered(seen(found, cell_deg=1.0), "sea", box(0, 0, 1, 90), 0, HOUR)
    assert out.area_share == pytest.approx(0.5)


def test_domains_and_sources_are_apart():
    found = joined(
        [
            part([(0, 0.5, 0.5)], source="x"),
            part([(0, 0.5, 1.5)], source="y"),
            part([(0, 0.5, 2.5)], source="y", domain="air"),
        ]
    )
    known, area = seen(found, cell_deg=1.0), box(0, 0, 4, 1)
    assert covered(known, "sea", area, 0, HOUR).share == pytest.approx(2 / 4)
    assert covered(known, "sea", area, 0, HOUR, source="x").share == pytest.approx(1 / 4)
    assert covered(known, "air", area, 0, HOUR).share == pytest.approx(1 / 4)
    nothing = covered(known, "land", area, 0, 2 * HOUR)
    assert (nothing.share, nothing.silent) == (0, ((0, 2 * HOUR),))


def test_areas_of_any_shape_count_the_middles_of_cells():
    triangle = Polygon([(0, 0), (4, 0), (0, 4)])
    found = part([(0, lat, lon) for lat in (0.5, 1.5, 3.5) for lon in (0.5, 3.5)])
    out = covered(seen(found, cell_deg=1.0), "sea", triangle, 0, HOUR)
    assert out.cells == 6  # 3 + 2 + 1; the hypotenuse runs through the middles of four
    assert 0 < out.share < 1


@given(st.floats(-90, 90), st.floats(-180, 179.999), st.sampled_from([0.5, 0.72, 1.0, 7.5]))
def test_every_place_lies_in_a_cell_of_the_whole_earth(lat, lon, size):
    known = seen(part([(0, lat, lon)]), cell_deg=size)
    out = covered(known, "sea", box(-180, -90, 180.5, 90.5), 0, HOUR)
    assert out.time_share == 1
    assert 0 < out.share <= 1


def test_gaps_of_each_craft():
    found = joined(
        [part([(0, 55, 12), (100, 55, 12), (5000, 56, 12)]), part([(50, 1, 1)], name="b")]
    )
    (gap,) = gaps(found, 600)
    assert (gap.craft, gap.start, gap.end) == ("a", 100, 5000)
    assert (gap.before, gap.after) == ((55, 12), (56, 12))
    assert gap.metres == pytest.approx(111_195, abs=1)
    assert gaps(found, 5000) == ()


@pytest.mark.parametrize(
    ("area", "start", "end"),
    [
        (box(0.1, 0.1, 0.2, 0.2), 0, HOUR),
        (Polygon(), 0, HOUR),
        (box(0, 0, 1, 1), 10, 20),
        (box(-180, -90, 180, 90), 0, HOUR),
    ],
)
def test_what_cannot_be_counted_is_said(area, start, end):
    size = 0.01 if area.area > 1 else 1.0
    with pytest.raises(UsageError):
        covered(seen(part([(0, 0, 0)]), cell_deg=size), "sea", area, start, end)


@pytest.mark.parametrize("size", [0, -1, 7, 100, np.nan])
def test_cells_cut_the_earth_evenly(size):
    with pytest.raises(UsageError):
        seen(part([(0, 0, 0)]), cell_deg=size)


@pytest.mark.conformance
def test_a_day_over_switzerland(shared_data):
    from detente.encounters.readers.read import read_tracks

    path = shared_data / "tracks" / "traffic-samples" / "switzerland.json.gz"
    found, _ = read_tracks(path)
    known = seen(found)
    start = 1533081600.0  # 2018-08-01T00:00:00Z
    area = box(6.5, 46.0, 9.5, 47.5)
    day = covered(known, "air", area, start, start + 24 * HOUR)
    assert day.silent[0] == (start, start + 5 * HOUR)  # the sample begins at 05:00
    assert day.silent[-1][1] == start + 24 * HOUR
    inside = (found.lat > 46) & (found.lat < 47.5) & (found.lon > 6.5) & (found.lon < 9.5)
    hours = np.unique((found.seconds[inside] - start) // HOUR)
    assert day.time_share == pytest.approx(len(hours) / 24)
