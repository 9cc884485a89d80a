"""The docs: examples that run, commands that can be called, links that lead somewhere, and pages that say what is declared."""

import importlib
import importlib.util
import inspect
import re
import runpy
import shlex
import sys
from pathlib import Path

import click
import nbformat
import pandas as pd
import pytest
import yaml

import nlib
from nlib import cli
from nlib.build import pipeline
from nlib.charts.chart import Chart
from nlib.core import errors
from nlib.desk.view import View
from nlib.press.gallery import gallery_html

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS]
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MODULE = re.compile(r"# (src/nlib/[\w/]+\.py)\n")
WRITTEN = runpy.run_path(str(ROOT / "scripts" / "docs.py"))["PAGES"]


def text(path):
    return path.read_text(encoding="utf-8")


def blocks(path, language):
    return [body for kind, body in FENCED.findall(text(path)) if kind == language]


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@pytest.mark.slow
@named([path for path in PAGES if blocks(path, "python") and path.stem != "fylkesanalytiker"])  # test_county_week
def test_the_python_of_a_page_runs_in_order(path, own_home, small_statbank, tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(own_home))
    monkeypatch.setenv("NLIB_API", small_statbank[0])
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, body in enumerate(blocks(path, "python"), 1):
        if told := MODULE.match(body):
            names |= saved(tmp_path / told[1], body, monkeypatch)
        else:
            exec(compile(body, f"{path.name}, example {number}", "exec"), names)
    for test in [value for name, value in names.items() if name.startswith("test_")]:
        test()


def test_the_example_of_own_figures_gives_the_table_that_stands_below_it(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    page, names = ROOT / "docs" / "egne-tall.md", {"nlib": nlib}
    exec(next(body for body in blocks(page, "python") if "to_today" in body), names)
    heading, _, *below = [line.strip("|").split("|") for line in text(page).splitlines() if line.startswith("|")]
    shown = pd.DataFrame([[cell.strip() for cell in row] for row in below], columns=[cell.strip() for cell in heading])
    assert shown.equals(names["idag"].astype("str").astype(shown.dtypes))


def saved(path, body, monkeypatch):
    """The module that an example tells to save, as if it were saved there; its names, as in a notebook that has them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    root = next(folder for folder in path.parents if folder.name == "src")
    names = path.relative_to(root).with_suffix("").parts
    for depth in range(1, len(names)):
        package, folder = ".".join(names[:depth]), root.joinpath(*names[:depth])
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and not spec.origin.startswith(str(root)):  # a package of the house
            held = importlib.import_module(package)
            monkeypatch.setattr(held, "__path__", [*held.__path__, str(folder)])
        else:  # a new one
            (folder / "__init__.py").touch()
            _forgotten(package, monkeypatch)
    name = ".".join(names)
    _forgotten(name, monkeypatch)
    return {key: value for key, value in vars(importlib.import_module(name)).items() if not key.startswith("__")}


def _forgotten(name, monkeypatch):
    """See to it that what importing this module sets is taken away again."""
    package, _, own = name.rpartition(".")
    if package in sys.modules:
        monkeypatch.setattr(sys.modules[package], own, None, raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    del sys.modules[name]


@named([path for path in PAGES if re.search(r"^    nlib ", text(path), re.MULTILINE)])
def test_every_command_of_a_page_can_be_called_so(path, tmp_path, monkeypatch):
    (tmp_path / "FIL").touch()
    (tmp_path / "SVAR.csv").touch()
    monkeypatch.chdir(tmp_path)
    for line in re.findall(r"^    nlib (.*)$", text(path), re.MULTILINE):
        if "[VALG]" in line or "." in line.split()[0]:  # how a command is written, or Python
            continue
        words = shlex.split(
            re.sub(r"\s\.\.\.|kommuner\|.*", lambda seen: "kommuner" if seen[0][0] == "k" else "", line), comments=True
        )
        command, context = cli.main, click.Context(cli.main, info_name="nlib")
        while isinstance(command, click.Group):
            command, words = command.commands[words[0]], words[1:]
        command.make_context(command.name, words, parent=context)


@named(PAGES)
def test_every_link_leads_to_a_file_or_a_heading(path):
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(FENCED, "", text(path))):
        if link.startswith("https://"):
            continue
        place, _, heading = link.partition("#")
        target = (path.parent / place) if place else path
        if not target.exists() or (heading and heading not in headings(target)):
            dead.append(link)
    assert dead == []


def headings(path):
    """The headings of a page as they are linked to."""
    return {
        re.sub(r"[^\w\s-]", "", line.casefold()).strip().replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text(path), re.M)
    }


def test_every_page_is_in_the_index():
    listed = re.findall(r"\]\(([\w-]+\.md)\)", text(ROOT / "docs" / "README.md"))
    assert {path.name for path in DOCS} - {"README.md"} <= set(listed)


@pytest.mark.parametrize("name", WRITTEN)
def test_commands_and_tables_are_as_they_are_declared(name):
    assert text(ROOT / "docs" / name) == WRITTEN[name](), "make docs writes it anew"


def test_every_table_has_its_page_and_every_column_its_meaning():
    told = text(ROOT / "docs" / "tabeller.md")
    for name, dataset in pipeline.datasets().items():
        section = told.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert [column for column in dataset.columns()["column"] if f"| `{column}` |" not in section] == []


def test_what_is_seen_and_what_is_inferred_is_said_of_every_source():
    page = text(ROOT / "docs" / "kilder.md")
    assert [name for name in pipeline.raws() if f"`{name}`" not in page] == []


def test_every_error_is_explained():
    named = {name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.NlibError)}
    assert {f"### `{name}`" for name in named} == set(re.findall(r"^### `\w+`$", text(ROOT / "docs" / "feilsoeking.md"), re.M))


@pytest.mark.parametrize("number", [28, 13, 30])
def test_what_the_machine_refuses_is_explained_in_the_same_words(number):
    said = cli._plain(OSError(number, "?", "/et/sted/fil")).partition(": ")[2].partition(" Ingenting av")[0]
    assert said in text(ROOT / "docs" / "feilsoeking.md")


def test_a_notebook_that_is_shown_whole_is_one_that_can_be_run():
    page = text(ROOT / "docs" / "ny-notatbok.md")
    (body,) = re.findall(r"<!-- fil: notebooks/\w+\.ipynb -->\n```json\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    notebook = nbformat.reads(body, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata["nlib"]) == {"title", "tables"}
    assert set(notebook.metadata["nlib"]["tables"]) <= set(pipeline.datasets())
    assert [cell.id for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])] == ["parametere"]


def test_every_module_and_test_that_the_methods_name_is_there():
    told = re.findall(r"`([\w/]+\.py)`", text(ROOT / "docs" / "metoder.md"))
    assert len(told) > 50
    there = [str(path) for room in ("src", "tests", "benchmarks", "scripts") for path in (ROOT / room).rglob("*.py")]
    assert [name for name in told if not any(path.endswith(name) for path in there)] == []


def test_the_citation_is_of_this_version():
    cited = yaml.safe_load(text(ROOT / "CITATION.cff"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert cited["version"] == nlib.__version__
    assert f"## [{nlib.__version__}]" in text(ROOT / "CHANGELOG.md")


@pytest.mark.slow
def test_the_gallery_shows_every_figure_small_with_the_name_it_is_asked_for_by(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    view = View("Lørenskog", "demo")
    page = gallery_html(view, ("maal", "pendling"))
    shown = re.findall(r"<figcaption><p><code>([\w.]+)</code>", page)
    assert shown == [id for id in view.figures if id.startswith(("maal.", "pendling."))]
    charts = [id for id in shown if isinstance(view.figure(id), Chart)]
    assert page.count("data:image/webp;base64,") == len(charts) > 4
    assert len(page.encode()) < 1_000_000


def test_only_what_gives_a_section_of_a_page_is_a_figure(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    ids = set(View("Lørenskog", "demo").figures)
    assert "pendling.trend" in ids
    assert not ids & {"scenarioer.courses_of", "verdiskaping.best_of", "befolkning.reforms"}
