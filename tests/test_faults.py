"""The yearly run killed at random moments, and then run again: a small share of what `benchmarks/faults.py` does."""

import random

import pytest

from benchmarks import faults
from nlib.press import fork

pytestmark = pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")


@pytest.mark.slow
def test_a_yearly_run_killed_at_random_moments_is_finished_by_the_next_with_the_same_bytes_and_no_stray_files(tmp_path):
    trials, chance = faults.Trials(tmp_path, ("utdanning",), (faults.EMPTY,)), random.Random(9)
    numbers = iter(range(12))
    for already, victim in enumerate([faults.RUN, faults.PARENT, faults.WORKER]):
        while trials.tried.total() == already:  # a kill that came too late is tried again
            assert trials.try_one(next(numbers), victim, chance) == []
    assert trials.tried == trials.survived
