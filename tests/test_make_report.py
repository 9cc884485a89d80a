"""What `make report` does before it makes anything: no figures for a place that is none, nor instead of those asked for."""

import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from nlib.core import store

SCRIPT = Path(__file__).parents[1] / "scripts" / "report.py"


@pytest.fixture
def script(tmp_path, monkeypatch):
    """The script as its names are, where no service answers."""
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    monkeypatch.delenv("NLIB_API", raising=False)
    names = runpy.run_path(str(SCRIPT))["main"].callback.__globals__
    names["answers"] = lambda api: False
    return names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Lørenskob"], "Mente du Lørenskog (3222)"),
        (["Oslo", "9999"], "Ingen kommune har nummeret 9999"),
        (["Lørenskog", "--edition", "2026"], "utgaven 2026 er ikke hentet før"),
    ],
)
def test_what_cannot_be_made_is_told_before_anything_is(words, said, script):
    done = CliRunner().invoke(script["main"], words)
    assert done.exit_code == 1 and said in done.output + str(done.exception)
    assert store.editions() == []


@pytest.mark.parametrize("place", ["3222", "Akershus", "Våler (Østfold)", "0230"])
def test_places_that_the_demo_edition_will_have_are_known_before_it_is_made(place, script):
    called = []
    script["call"] = lambda *words: called.append(words)
    assert CliRunner().invoke(script["main"], [place]).exit_code == 0
    assert called == [("demo",), ("build", "--edition", "demo"), ("report", place, "--edition", "demo")]
