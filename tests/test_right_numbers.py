"""The page «Er tallene riktige?»: as its command writes it, and what the command says where the real figures are not."""

import os
from pathlib import Path

import pytest

from benchmarks import projections, right_numbers, telemarksforsking


@pytest.mark.skipif("NLIB_REAL_DATA" not in os.environ, reason="NLIB_REAL_DATA, the folder of real figures, is not set")
def test_the_page_is_as_its_command_writes_it():
    made = right_numbers.page(Path(os.environ["NLIB_REAL_DATA"]))
    assert made == right_numbers.PAGE.read_text(encoding="utf-8"), "run python -m benchmarks.right_numbers"


@pytest.mark.parametrize("command", [right_numbers, projections, telemarksforsking])
def test_without_the_real_figures_the_command_says_what_is_missing(command, monkeypatch):
    monkeypatch.delenv("NLIB_REAL_DATA", raising=False)
    with pytest.raises(SystemExit, match="NLIB_REAL_DATA er ikke satt"):
        command.main()
