"""The house itself: what imports what, what a module must declare, notebooks kept clean, one list of dependencies."""

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml

from nlib import pipeline

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "nlib"
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))

# what each room may import of the house, besides errors, aside, language and translations, which stand alone
ROOMS = {
    "errors": set(),
    "aside": set(),
    "translations": set(),
    "language": {"translations"},
    "tables": set(),
    "municipalities": set(),
    "boundaries": {"municipalities"},
    "synthetic": {"boundaries", "municipalities"},
    "survey": set(),
    "readers": {"tables", "survey"},
    "statbank": {"tables", "municipalities", "readers"},
    "sources": {"tables", "municipalities", "readers", "boundaries", "statbank", "survey"},
    "attractiveness": {"municipalities"},
    "projection": {"attractiveness"},
    "composite": set(),
    "value_creation": {"attractiveness"},
    "indicators": {"tables", "municipalities", "sources", "attractiveness", "composite", "projection", "survey", "value_creation"},
    "fetch": {"tables", "readers"},
    "figures": {"boundaries", "composite", "municipalities", "projection", "survey"},
    "findings": {"composite", "figures", "municipalities"},
    "store": {"tables"},
    "checks": set(),
    "pipeline": {"checks", "store", "tables", "sources", "indicators", "fetch", "synthetic"},
    "view": {"store", "municipalities", "boundaries", "figures", "findings"},
    "run": {"store"},
    "reports": {"store", "tables", "pipeline", "run", "municipalities", "figures", "boundaries", "view"},
    "imports": {"pipeline", "store", "tables", "readers", "sources"},
    "update": {"store", "pipeline", "fetch", "reports"},
    "cli": {"store", "pipeline", "fetch", "imports", "reports", "run", "update"},
    "desk": {"store", "pipeline", "view", "municipalities", "figures", "fetch", "readers", "statbank"},
    "completion": {"desk", "pipeline", "view"},
    "__init__": {"desk"},
}


def room(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "nlib":
            names = [node.module] if node.module != "nlib" else [f"nlib.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("nlib.")]
        yield from (name.split(".")[1] for name in names if not name.split(".")[1].startswith("__"))


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_run_one_way(path):
    allowed = ROOMS[room(path)] | {room(path), "errors", "aside", "language", "translations"}
    assert set(imported(path)) <= allowed


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
from nlib.view import needs, themes
for theme in themes():
    needs(theme)
held = {"scipy", "statsmodels", "nlib.pipeline"} & set(sys.modules)
assert not held, held
from nlib import pipeline
pipeline.datasets()
held = {"igraph", "scipy.stats", "statsmodels"} & set(sys.modules)  # nor who asks what tables there are
assert not held, held
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=120)


def test_every_module_of_sources_and_indicators_declares_a_table():
    modules = [p for folder in ("sources", "indicators") for p in (SOURCE / folder).glob("*.py") if p.stem != "__init__"]
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


def test_conda_has_the_same_names_and_bounds_as_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {*project["dependencies"], *project["optional-dependencies"]["dev"]}
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    listed = {item for item in conda if isinstance(item, str)} | set(next(d for d in conda if isinstance(d, dict))["pip"])
    assert listed - {"python=3.13", "pip", "-e ."} == declared


def test_the_lock_is_exact_hashed_and_names_no_index():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "://" not in lock
    assert "--index" not in lock
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.M))
    wanted = {re.match(r"[a-zA-Z0-9-]+", d)[0] for d in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    assert wanted <= pinned
    requirements = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_no_figures_are_tracked_by_git():
    tracked = subprocess.run(["git", "ls-files", "data", "reports"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    assert all(name.endswith(".gitkeep") for name in tracked.stdout.split())


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda p: p.stem)
def test_scripts_can_be_loaded(path):
    runpy.run_path(str(path), run_name="prøve")
