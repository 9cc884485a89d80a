"""The benchmark of changed files: the readers of files that come by hand are in it, and its first inputs are read or refused."""

import pytest

from benchmarks import fuzz
from nlib.data.readers import kinds


@pytest.fixture(scope="module")
def readers():
    return fuzz.readers()


def test_every_kind_of_file_has_inputs(readers):
    without = {name for name in kinds.kinds() if not any(reader.split(",")[0] == name for reader in readers)}
    assert without == {"indikatorer", "naeringsgrupper"}, "small files of one's own choices, of which there is no sample"


def test_a_changed_file_is_read_or_refused_by_name_and_its_counts_add_up(readers):
    for name, reader in readers.items():
        count, failed = fuzz.tried(name, 25, 7, reader)
        assert failed == [], name
        assert count.total() == 25 and count["avvist"], name
