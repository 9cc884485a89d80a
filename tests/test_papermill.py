"""The page on plain papermill: its commands are papermill's, a notebook runs by them alone, and what comes out is the evidence."""

import json
import re
import shlex
from pathlib import Path

import click
import papermill.cli
import pytest
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
COMMANDS = [
    shlex.split(line)[1:]
    for line in re.findall(r"^    (papermill .*)$", (ROOT / "docs" / "papermill.md").read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_the_page_is_one_of_papermills(words):
    papermill.cli.papermill.make_context("papermill", list(words), parent=click.Context(papermill.cli.papermill))


@pytest.mark.parametrize("engine", [pytest.param("kernel", marks=pytest.mark.slow), "nlib"])
def test_a_notebook_runs_by_papermill_alone_and_keeps_its_parameters_and_results(engine, demo_home, tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    monkeypatch.chdir(ROOT)
    words = next(words for words in COMMANDS if ("nlib" if engine == "nlib" else "-r") in words and "-y" not in words)
    out = tmp_path / words[1]
    done = CliRunner().invoke(papermill.cli.papermill, [words[0], str(out), *words[2:], "--no-progress-bar"])
    assert done.exit_code == 0, done.output
    notebook = json.loads(out.read_text(encoding="utf-8"))
    told = notebook["metadata"]["papermill"]
    assert told["parameters"]["kommune"] == words[-1] and told["exception"] is None and told["start_time"] < told["end_time"]
    shown = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    assert any("text/html" in output.get("data", {}) for output in shown)
