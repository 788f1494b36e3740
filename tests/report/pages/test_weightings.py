"""Where measures rank under the weights that fit: words, pictures and tables from the numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from detente.assessment.assess import assess
from detente.assessment.results import (
    RankedMeasure,
    RankedPair,
    SharedRelation,
    Weightings,
    WeightingShare,
)
from detente.report.charts import picture
from detente.report.document import Chart, Heading, Link, Listing, Paragraph
from detente.report.pages.weightings import weightings_page


def share(x: float) -> WeightingShare:
    return WeightingShare(max(x - 0.01, 0.0), x, min(x + 0.01, 1.0))


def ranked(measure="M01", first=0.5, party="ALD", **changes) -> RankedMeasure:
    one = RankedMeasure(
        party=party, measure=measure, first=share(first), among_first=share(min(1, first + 0.2)),
        mean_rank=2 - first, confidence=share(first) if first else None, necessarily_as=(),
        never_as=(),
    )  # fmt: skip
    return replace(one, **changes)


def pair(measure="M01", other="M02", before=0.7, told=True, party="ALD") -> RankedPair:
    return RankedPair(party, measure, other, share(before), told)


@pytest.fixture
def page(assessed, names):
    def made(*measures, pairs=(), parties=(), shared=()):
        found = Weightings(4096, 0.9, measures, pairs, parties, shared)
        return weightings_page(replace(assessed, weightings=found), names)

    return made


def plain(blocks) -> str:
    """The running text, with the words of its links."""
    lines = [block.content for block in blocks if isinstance(block, Paragraph)]
    lines += [item for block in blocks if isinstance(block, Listing) for item in block.items]
    return "\n".join(
        "".join(part.text if isinstance(part, Link) else part for part in line) for line in lines
    )


def targets(blocks) -> set[str]:
    lines = [block.content for block in blocks if isinstance(block, Paragraph)]
    lines += [item for block in blocks if isinstance(block, Listing) for item in block.items]
    return {part.target for line in lines for part in line if isinstance(part, Link)}


def test_where_no_party_stated_weights_there_is_no_page(assessed, names):
    assert weightings_page(replace(assessed, weightings=None), names) == []


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.6, 0.4, 0.0), "Aldren – ranks first, by share of weightings: M01 60% and M02 40%."),
        ((0.05, 0.9, 0.05), "Aldren – ranks first, by share of weightings: M02 90%."),
        ((0.004, 0.996, 0.0), "Aldren – ranks first, by share of weightings: M02 over 99%."),
        ((1.0, 0.0, 0.0), "Aldren – ranks first, by share of weightings: M01 100%."),
        ((0.09, 0.08, 0.07), "Aldren – ranks first, by share of weightings: M01 9%."),
    ],
)
def test_a_party_is_told_in_one_sentence(page, shares, said):
    measures = [ranked(f"M0{k}", x) for k, x in enumerate(shares, start=1)]
    assert said in plain(page(*measures))


def test_pairs_that_cannot_be_told_apart_are_named(page, frames_of):
    measures = [ranked("M01", 0.6), ranked("M02", 0.3), ranked("M03", 0.1)]
    pairs = (pair(), pair("M01", "M03", 0.505, told=False), pair("M02", "M03", 0.49, told=False))
    blocks = page(*measures, pairs=pairs)
    assert "; not distinguishable: M01 from M03 and M02 from M03." in plain(blocks)
    assert "#weighting-pairs" in targets(blocks)
    rows = frames_of(blocks)["weighting-pairs"].rows
    assert [row[-1] for row in rows] == ["yes", "not distinguishable", "not distinguishable"]
    assert rows[1][3:6] == pytest.approx((50.5, 49.5, 51.5))


def test_of_pairs_that_are_told_apart_neighbours_alone_stand_in_the_table(page, frames_of):
    measures = [ranked("M01", 0.6), ranked("M02", 0.3), ranked("M03", 0.1)]
    pairs = (pair(), pair("M01", "M03", 0.9), pair("M02", "M03", 0.8))
    blocks = page(*measures, pairs=pairs)
    assert "not distinguishable:" not in plain(blocks)
    rows = frames_of(blocks)["weighting-pairs"].rows
    assert [(str(row[1])[:3], row[2]) for row in rows] == [("M01", "M02"), ("M02", "M03")]


def test_a_party_with_one_measure_has_no_pairs(page, frames_of):
    assert list(frames_of(page(ranked(first=1.0)))) == ["weightings"]


def test_what_is_necessary_for_all_is_told_over_the_parties_that_it_is_of(page, frames_of):
    shared = (
        SharedRelation("necessary-for-all", "M07", ("M11", "M12")),
        SharedRelation("necessary-for-some-possible-for-all", "M01", ("M02",)),
        SharedRelation("necessary-for-some-impossible-for-others", "M09", ("M01",)),
        SharedRelation("possible-for-all", "M02", ("M07",)),
        SharedRelation("impossible-for-all", "M11", ("M07",)),
    )
    blocks = page(ranked(), ranked(party="COR"), parties=("ALD", "COR"), shared=shared)
    assert (
        "Whatever they weigh, for Aldren and Corvane alike: "
        "M07 is at least as good as M11 and M12. All relations" in plain(blocks)
    )
    rows = frames_of(blocks)["weightings-settled"].rows
    assert [row[0] for row in rows] == [
        "necessary for all",
        "necessary for some, possible for all",
        "necessary for some, impossible for others",
    ]
    assert rows[0][2] == "M11, M12"


def test_where_nothing_is_necessary_for_all_it_is_said(page, frames_of):
    shared = (SharedRelation("possible-for-all", "M01", ("M02",)),)
    blocks = page(ranked(), ranked(party="COR"), parties=("ALD", "COR"), shared=shared)
    assert (
        "No measure is at least as good as another for Aldren and Corvane alike, whatever they "
        "weigh." in plain(blocks)
    )
    assert "weightings-settled" not in frames_of(blocks)
    some = (SharedRelation("necessary-for-some-possible-for-all", "M01", ("M02",)),)
    blocks = page(ranked(), ranked(party="COR"), parties=("ALD", "COR"), shared=some)
    assert "No measure is at least as good" in plain(blocks)
    assert "weightings-settled" in frames_of(blocks)


def test_of_one_party_nothing_is_said_to_be_shared(page):
    assert "alike" not in plain(page(ranked()))


def test_weights_without_room_are_said_so(assessed, names):
    said = plain(weightings_page(assessed, names))
    assert "No room for other weights is left by what was stated for Aldren:" in said
    free = tuple(replace(one, high=one.high + 0.1) for one in assessed.weights)
    said = plain(weightings_page(replace(assessed, weights=free), names))
    assert "No room for other weights" not in said


# --- the training case ----------------------------------------------------------------------------


def test_a_row_for_each_measure_of_each_party(assessed, names, frames_of):
    rows = frames_of(weightings_page(assessed, names))["weightings"].rows
    assert len(rows) == len(assessed.weightings.measures)
    numbers = [cell for row in rows for cell in row if isinstance(cell, float)]
    assert all(math.isfinite(number) for number in numbers)
    for row in rows:
        assert row[3] <= row[2] <= row[4]
        assert row[6] <= row[5] <= row[7]


def test_every_link_leads_to_a_block_of_the_page(assessed, names):
    blocks = weightings_page(assessed, names)
    anchors = [anchor for block in blocks if (anchor := getattr(block, "anchor", ""))]
    assert len(anchors) == len(set(anchors))
    found = targets(blocks)
    assert found == {"#weightings-chart", "#weighting-pairs", "#settled-table"}
    assert {target[1:] for target in found} <= set(anchors)


def test_the_picture_has_a_panel_for_each_party(assessed, names):
    (chart,) = [one for one in weightings_page(assessed, names) if isinstance(one, Chart)]
    parties = {one.party for one in assessed.weightings.measures}
    assert len(chart.spec["concat"]) == len(parties)
    drawn = picture(chart)
    assert all(names.party(one) in drawn for one in parties)
    assert "second or third" in drawn


def test_headings_stand_one_below_the_page(assessed, names):
    blocks = weightings_page(assessed, names)
    assert [one.level for one in blocks if isinstance(one, Heading)] == [1, 2, 2]


def test_a_party_that_released_nothing_is_nowhere(assessed, names):
    said = str(weightings_page(assessed, names))
    assert "BRE" not in said
    assert names.party("BRE") not in said


def test_the_page_goes_when_all_releases_are_withdrawn(training, names):
    tracks = tuple(one.model_copy(update={"released": ()}) for one in training.about.tracks)
    closed = replace(training, about=training.about.model_copy(update={"tracks": tracks}))
    results = assess(closed, points=2**4)
    assert results.weightings is None
    assert weightings_page(results, names) == []


def test_a_share_of_weightings_is_never_called_acceptability(assessed, names):
    said = str(weightings_page(assessed, names)).lower()
    assert "acceptab" not in said
    assert "does not say that the party would agree" in said
