"""What tests of readers share."""

import pytest

from detente.encounters.readers.gather import Options
from detente.encounters.readers.read import read_tracks
from detente.ground.errors import CaseError


@pytest.fixture
def read(tmp_path):
    """Read a text or bytes under a name; the fixes and the account of the rows."""

    def reader(content, name="tracks.csv", limits=None, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_tracks(path, Options(**options), limits)

    return reader


@pytest.fixture
def findings(read):
    """The findings of a file that cannot be read."""

    def finder(content, name="tracks.csv", limits=None, **options):
        with pytest.raises(CaseError) as caught:
            read(content, name, limits, **options)
        return caught.value.findings

    return finder
