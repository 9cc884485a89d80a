"""The house itself: what imports what, what a module must declare, notebooks kept clean, one list of dependencies."""

import ast
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml

from nlib.build import pipeline
from tests import architecture

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "nlib"
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))


def test_imports_run_one_way_from_floor_to_floor(capsys):
    with capsys.disabled():
        print("\n" + architecture.printed())
    assert architecture.wrong(architecture.arrows()) == []


def test_no_module_imports_itself_by_way_of_others():
    assert architecture.circles(architecture.arrows()) == []


def test_only_the_command_line_stands_loose_at_the_top():
    assert sorted(path.name for path in SOURCE.glob("*.py")) == ["__init__.py", "cli.py"]


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("core/upward.py", "from nlib.press import update", "nlib.core.upward imports nlib.press.update: core"),
        ("core/named.py", 'WHERE = "nlib.desk.view"', "nlib.core.named imports nlib.desk.view: core"),
        ("charts/beside.py", "import nlib.indicators", "nlib.charts.beside imports nlib.indicators: charts"),
        (
            "themes/reading.py",
            "from nlib.data.readers import sheets",
            "nlib.themes.reading imports nlib.data.readers.sheets: themes",
        ),
    ],
)
def test_an_import_back_up_is_named_also_by_name_in_a_text(tmp_path, module, text, fault):
    house = tmp_path / "nlib"
    shutil.copytree(SOURCE, house, ignore=shutil.ignore_patterns("__pycache__"))
    (house / module).write_text(text, encoding="utf-8")
    (told,) = architecture.wrong(architecture.arrows(house))
    assert told.startswith(fault)


def test_a_circle_is_found(tmp_path):
    house = tmp_path / "nlib"
    house.mkdir()
    for here, there in (("one", "two"), ("two", "three"), ("three", "one"), ("outside", "one")):
        (house / f"{here}.py").write_text(f"import nlib.{there}", encoding="utf-8")
    assert architecture.circles(architecture.arrows(house)) == ["nlib.one", "nlib.three", "nlib.two"]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_what_windows_does_not_have_is_imported_where_it_is_used(path):
    """`deploy/` starts the yearly run on Windows too, where pages are made in kernels."""
    posix = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
    body = ast.parse(path.read_text(encoding="utf-8")).body
    named = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in body if isinstance(node, ast.ImportFrom) and node.level == 0}
    assert not named & posix


def test_pages_load_nothing_that_estimates():
    """A page shows what is estimated once for the country: scipy and statsmodels take longer to load than most pages to make."""
    code = """
import sys
from nlib.desk.view import needs, themes
for theme in themes():
    needs(theme)
held = {"scipy", "statsmodels", "nlib.build.pipeline"} & set(sys.modules)
assert not held, held
from nlib.build import pipeline

pipeline.datasets()
held = {"dask", "igraph", "scipy.stats", "statsmodels"} & set(sys.modules)  # nor who asks what tables there are
assert not held, held
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=120)


def test_every_module_of_sources_and_indicators_declares_a_table():
    modules = [p for folder in ("data/sources", "indicators") for p in (SOURCE / folder).glob("*.py") if p.stem != "__init__"]
    assert len(modules) >= 8
    assert len(pipeline.datasets()) == len(modules)


@pytest.mark.parametrize("dataset", pipeline.datasets().values(), ids=lambda d: d.name)
def test_every_column_says_what_it_means_and_every_key_is_a_column(dataset):
    columns = dataset.columns()
    assert (columns["meaning"] != "").all()
    assert set(dataset.key) <= set(columns["column"])
    assert dataset.build.__doc__, "the definition belongs in build's docstring"


@pytest.mark.parametrize("raw", pipeline.raws().values(), ids=lambda r: r.name)
def test_every_source_says_where_it_comes_from(raw):
    assert raw.producer
    assert raw.licence
    assert raw.page.startswith("https://")


def test_an_empty_table_breaks_no_contract_but_a_wrong_one_does():
    for dataset in pipeline.datasets().values():
        with pytest.raises(Exception, match="feil"):
            dataset.check(pd.DataFrame({"nonsense": [1]}))


def test_there_are_notebooks():
    assert (ROOT / "notebooks" / "pendling.ipynb") in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin_and_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1
    for cell in notebook.cells:
        assert re.fullmatch(r"[a-z][a-z-]+", cell.id), "cell ids are words"
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
            assert len(cell.source.splitlines()) < 10
            words = {type(node) for node in ast.walk(ast.parse(cell.source))}
            assert not words & {ast.FunctionDef, ast.For, ast.While, ast.Try, ast.Lambda}
            assert "read_" not in cell.source


PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILDS = PYPROJECT["build-system"]["requires"]
EXTRAS = {name: needs for name, needs in PYPROJECT["project"]["optional-dependencies"].items() if name != "dev"}
ON_CONDA = {"brotli": "brotli-python", "igraph": "python-igraph", "pandera[pandas]": "pandera-pandas"}  # by other names there


def library(requirement):
    return re.match(r"[a-zA-Z0-9_.-]+(\[\w+\])?", requirement)[0]


GROUPS = {"report": [*PYPROJECT["project"]["dependencies"], *BUILDS], **EXTRAS, **PYPROJECT["dependency-groups"]}


def locked(name):
    """The requirements of a lock, each with its marker and hashes."""
    return re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").strip())


def test_conda_has_the_same_libraries_and_bounds_as_pyproject_with_all_its_extras():
    declared = {*PYPROJECT["project"]["dependencies"], *BUILDS, *(need for needs in EXTRAS.values() for need in needs)}
    named = {ON_CONDA.get(library(each), library(each)) + each.removeprefix(library(each)) for each in declared}
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    listed = {item for item in conda if isinstance(item, str)} | set(next(d for d in conda if isinstance(d, dict))["pip"])
    assert listed - {"python=3.13", "pip", "-e ."} == named


def test_who_develops_has_all_the_extras():
    assert PYPROJECT["project"]["optional-dependencies"]["dev"] == [f"nlib[{','.join(EXTRAS)}]"]


def test_every_group_has_a_lock_and_every_lock_a_group():
    assert {path.stem for path in (ROOT / "requirements").glob("*.lock")} == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_a_lock_is_exact_hashed_names_no_index_and_has_what_its_group_asks_for(group):
    requirements = locked(group)
    assert all("--hash=sha256:" in each and "://" not in each and "--index" not in each for each in requirements)
    pinned = {each.split("==")[0] for each in requirements}
    assert {library(each).split("[")[0] for each in GROUPS[group]} <= pinned


def test_a_report_needs_neither_jupyterlab_nor_a_cluster_nor_what_tests_and_lints():
    pinned = {each.split("==")[0] for each in locked("report")}
    assert not pinned & {library(each) for needs in EXTRAS.values() for each in needs} | pinned & {"dask", "jupyter-server"}


def test_a_library_has_one_version_in_all_the_locks_for_the_same_python():
    pins = {}
    for group in GROUPS:
        for each in locked(group):
            pins.setdefault(each.split("==")[0], {}).setdefault(each.split()[0], set()).add(group)
    for versions in pins.values():
        assert len(versions) == 1 or len({frozenset(groups) for groups in versions.values()}) == 1, versions


def test_no_figures_are_tracked_by_git():
    tracked = subprocess.run(["git", "ls-files", "data", "reports"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    assert all(name.endswith(".gitkeep") for name in tracked.stdout.split())


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda p: p.stem)
def test_scripts_can_be_loaded(path):
    runpy.run_path(str(path), run_name="prøve")
