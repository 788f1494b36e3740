"""Cases and names that all tests of drawings share."""

from __future__ import annotations

import pytest
from tests.case.mini import mini, write

from detente.case.read import read_case
from detente.report.language import phrases
from detente.report.names import Names


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small case of all tests."""
    return read_case(write(tmp_path_factory.mktemp("mini"), mini()))


@pytest.fixture(scope="session")
def names(small):
    return Names(small, phrases("en"))


@pytest.fixture(scope="session", params=["training", "euro-atlantic"])
def shipped(request, root):
    """Each case that is delivered."""
    return read_case(root / "cases" / request.param)
