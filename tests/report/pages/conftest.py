"""What the tests of pages share: the training case, assessed once, and ways to read blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from detente.assessment.assess import assess
from detente.assessment.results import AssessmentResults
from detente.case.read import read_case
from detente.report.document import Block, Chart, Frame, Listing, Paragraph, Table
from detente.report.language import phrases
from detente.report.names import Names


@pytest.fixture(scope="session")
def training(root):
    return read_case(root / "cases" / "training")


@pytest.fixture(scope="session")
def assessed(training) -> AssessmentResults:
    return assess(training, points=2**6)


@pytest.fixture(scope="session")
def names(training) -> Names:
    return Names(training, phrases("en"))


@pytest.fixture
def having(assessed):
    """The results of the training case with some of what the ladders said put in its place."""

    def made(**changes) -> AssessmentResults:
        return replace(assessed, escalation=replace(assessed.escalation, **changes))

    return made


@pytest.fixture
def without_ladders(having) -> AssessmentResults:
    """As of a case that has no ladder: nothing but what others published."""
    nothing = (
        *("beliefs", "frequencies", "effects", "numbers", "flips", "bounds", "ways", "way_counts"),
        *("areas", "interactions", "orders", "preferred", "packages", "drivers", "learning"),
        *("observations", "beside"),
    )
    return having(**dict.fromkeys(nothing, ()))


@pytest.fixture
def bounds_only(having, assessed) -> AssessmentResults:
    """As of a case whose own numbers are refused, with no other belief."""
    base = replace(assessed.escalation.beliefs[0], bounds_only=True)
    told = ("frequencies", "flips", "ways", "way_counts", "areas", "interactions", "orders")
    more = ("preferred", "packages", "drivers", "learning", "observations", "beside")
    effects = tuple(
        replace(one, ratio=None, lower=None, verdict="unknown")
        for one in assessed.escalation.effects
        if one.belief == "base"
    )
    bounds = tuple(replace(one, belief="base") for one in assessed.escalation.bounds)
    return having(
        beliefs=(base,), effects=effects, bounds=bounds, **dict.fromkeys((*told, *more), ())
    )


def _frames(blocks: Iterable[Block]) -> dict[str, Frame]:
    return {block.frame.name: block.frame for block in blocks if isinstance(block, Table | Chart)}


def _words(blocks: Iterable[Block]) -> str:
    texts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            texts.append("".join(map(str, block.content)))
        elif isinstance(block, Listing):
            texts += ["".join(map(str, item)) for item in block.items]
    return "\n".join(texts)


@pytest.fixture(scope="session")
def frames_of():
    """Frames by name."""
    return _frames


@pytest.fixture(scope="session")
def words_of():
    """The running text."""
    return _words
