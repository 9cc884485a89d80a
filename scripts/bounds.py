"""Tries the lowest versions that pyproject.toml allows, of all libraries together, in an environment that is thrown away.

    make bounds

Makes the edition demo, a page, a workbook, a figure of matplotlib and a query with them, and loads what tests and JupyterLab need.
Exit code 1 where one of these fails. Needs `uv` on the path and a Python 3.11; asks a registry of packages, no producer of figures.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LANGUAGE = "3.11"  # the lowest Python that is claimed
DESK = """
import sys
import nlib
view = nlib.view("Lørenskog", edition="demo")
view.figure("pendling.trend").figure().savefig(sys.argv[1])
view.figure("pendling.flow_map").figure().savefig(sys.argv[1])
assert nlib.sql("select count(*) as n from commuting where komm_nr = '3222'")["n"].item() > 0
"""
OTHERS = """
import ipywidgets, jupyterlab, distributed, papermill, nbconvert, seaborn
import axe_playwright_python, html5lib, hypothesis, playwright.sync_api, pypdf, pytest, xdist
import mypy.api, nbstripout, pre_commit
"""
VERSIONS = """
import sys
from importlib.metadata import version
print(*(f"{name}=={version(name)}" for name in sys.argv[1:]))
"""


def main() -> None:
    """Installs, tries, and tells which versions were tried."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        shutil.copytree(ROOT / "notebooks", home / "notebooks")
        python = Path(folder, "venv", "bin", "python")
        environment = os.environ | {"NLIB_HOME": str(home), "MPLBACKEND": "agg"}
        run(["uv", "venv", "--quiet", "--python", LANGUAGE, Path(folder, "venv")])
        run(["uv", "pip", "install", "--quiet", "--python", python, "--resolution", "lowest-direct", f"{ROOT}[dev]"])
        print("\n".join(tried(python)), flush=True)
        nlib = [python, "-m", "nlib.cli"]
        for words in (
            [*nlib, "demo"],
            [*nlib, "build", "--edition", "demo"],
            [*nlib, "report", "Lørenskog", "--edition", "demo", "--files"],
            [*nlib, "report", "Lørenskog", "--edition", "demo", "--notebook", "pendling", "--engine", "kernel"],
            [*nlib, "export", "Lørenskog", "--edition", "demo"],
            [python, "-c", DESK, Path(folder, "figure.png")],
            [python, "-c", OTHERS],
            [python, "-m", "ruff", "--version"],
        ):
            run(words, environment)
    print("De laveste versjonene virker sammen.")


def run(words: list, environment: dict[str, str] | None = None) -> None:
    """One command; the first that fails ends the trial with what it wrote."""
    done = subprocess.run(
        words, env=environment, cwd=ROOT.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        print(done.stdout)
        sys.exit(f"Feilet med de laveste versjonene: {' '.join(map(str, words))[:200]}")


def tried(python: Path) -> list[str]:
    """Every library that pyproject.toml names, with the version that was installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    names = sorted({re.split(r"[\[<>=]", requirement)[0] for requirement in named} - {"nlib"})
    done = subprocess.run([python, "-c", VERSIONS, *names], text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.split()


if __name__ == "__main__":
    main()
