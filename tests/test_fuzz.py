"""The benchmark of changed files: the readers of files that come by hand are in it, and its first inputs are read or refused."""

import pytest

from benchmarks import fuzz
from nlib.data.readers import kinds

READERS = fuzz.readers()


def test_every_kind_of_file_has_inputs():
    without = {name for name in kinds.kinds() if not any(reader.split(",")[0] == name for reader in READERS)}
    assert without == {"indikatorer", "naeringsgrupper"}, "small files of one's own choices, of which there is no sample"


@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_refused_by_name_and_its_counts_add_up(name):
    count, failed = fuzz.tried(name, 25, 7, READERS[name])
    assert failed == []
    assert count.total() == 25 and count["avvist"]
