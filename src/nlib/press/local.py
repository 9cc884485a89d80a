"""Runs report notebooks on this machine: papermill with parameters, in a kernel or in a forked process (`nlib.press.fork`)."""

import ast
import contextlib
import functools
import json
import logging
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlib.core.errors import NlibError, NotebookFailed, UnknownNotebook, WrongParameter

if TYPE_CHECKING:
    import nbformat

CELL_SECONDS = 300  # that a cell may take in a kernel; a forked process has its own bound (`nlib.press.fork`)
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=ERROR", "--InteractiveShellApp.extra_extensions=nlib.charts.shown"]
ADDRESSES = ("rfc3986_validator", "rfc3987_syntax")  # what jsonschema knows addresses by, where it is there
KERNEL, IN_PROCESS = "nbclient", "nlib"  # papermill's names of engines
DENIED = "PermissionError"
CLOSED = "En notatbok som blir til en side, leser bare utgaven sin og skriver ingenting: ta filen inn med nlib import"
EXPLORING = "forsker-figur"  # the tag of cells that run where a researcher looks at what they show, and not for a page
RESEARCH = frozenset({"forsker", EXPLORING})  # the tags of cells that a page leaves out


@dataclass(frozen=True)
class Job:
    """One page to make: a notebook, its parameters, where the page goes, and the kinds of files to make beside it."""

    notebook: Path
    parameters: dict
    page: Path
    beside: tuple[str, ...] = ()


def notebooks(folder: Path) -> dict[str, Path]:
    """The report notebooks there are, by name; those in folders below (utforsk/) are for exploring."""
    return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}


def read(notebook: Path) -> dict:
    """A notebook as it is written, each cell's source as one text. `UnknownNotebook` where there is none, `NotebookFailed` where it
    cannot be read."""
    if not notebook.is_file():
        raise UnknownNotebook(f"Notatboken {notebook} finnes ikke. Se nlib list notebooks.")
    try:
        book = json.loads(notebook.read_bytes())
        if book["nbformat"] != 4:
            raise ValueError(f"nbformat {book['nbformat']}; åpne og lagre den i JupyterLab")
        cells = [{"metadata": {}} | cell | {"source": "".join(cell["source"])} for cell in book["cells"]]
        return {"metadata": {}} | book | {"cells": cells}
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookFailed(f"{notebook} er ikke en notatbok som kan leses: {error}") from error


def declared(notebook: Path) -> list[str]:
    """The parameters of a report notebook, from its one cell tagged `parameters`.

    `UnknownNotebook` where there is no such file, `NotebookFailed` where it has no such cell or more than one: papermill
    would run its default for every municipality.
    """
    tagged = [cell["source"] for cell in read(notebook)["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise NotebookFailed(
            f"{notebook.name} har {len(tagged)} celler merket «parameters», men skal ha nøyaktig én: "
            "merk én celle i JupyterLab (tannhjulet til høyre, Cell Tags)."
        )
    try:
        names = [node for node in ast.walk(ast.parse(tagged[0])) if isinstance(node, ast.Name)]
    except SyntaxError as error:
        raise NotebookFailed(f"{notebook.name}: cellen med parametere kan ikke leses: {error}") from error
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def about_of(notebook: Path) -> dict:
    """What a report notebook says of itself in its metadata: `title` and the `tables` its figures come from."""
    about = read(notebook)["metadata"].get("nlib", {})
    if missing := {"title", "tables"} - set(about):
        raise NotebookFailed(
            f"{notebook.name} mangler {', '.join(sorted(missing))} under «nlib» i metadata (Edit, Edit Notebook Metadata)"
        )
    return about


def check_parameters(notebook: Path, parameters: dict) -> None:
    """`WrongParameter` where a parameter is not one of the notebook's: papermill would only warn."""
    known = declared(notebook)
    if unknown := set(parameters) - set(known):
        raise WrongParameter(f"{notebook.name} har ikke parameteren {', '.join(sorted(unknown))}. Den har: {', '.join(known)}")


@contextlib.contextmanager
def at_home(home: Path):
    """The environment that a notebook's kernel is born into: its figures come from this home."""
    before = os.environ.get("NLIB_HOME")
    os.environ["NLIB_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["NLIB_HOME"]
        else:
            os.environ["NLIB_HOME"] = before


@functools.cache
def _papermill():
    """papermill. nbformat, which it has with it, checks notebooks by jsonschema; that would build a grammar of every address there
    is, for a second or two, if it has what it needs, as it has with JupyterLab. No rule for notebooks asks for an address."""
    loaded: dict[str, Any] = sys.modules
    absent = [] if "jsonschema" in loaded else [name for name in ADDRESSES if loaded.setdefault(name, None) is None]
    try:
        import papermill
    finally:
        for name in absent:
            del sys.modules[name]
    return papermill


def _as_it_is(path: Path) -> str:
    """A path for papermill, which puts parameters in where a path has braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _without_exploring(notebook: Path, folder: Path) -> Path:
    """The notebook without the cells that a page has no use for, written in a folder; itself where it has none."""
    book = read(notebook)
    kept = [cell for cell in book["cells"] if EXPLORING not in cell["metadata"].get("tags", [])]
    if len(kept) == len(book["cells"]):
        return notebook
    written = folder / "uten" / notebook.name
    written.parent.mkdir()
    written.write_text(json.dumps(book | {"cells": kept}), encoding="utf-8")
    return written


def execute(notebook: Path, parameters: dict, home: Path, engine: str = KERNEL, exploring: bool = True) -> "nbformat.NotebookNode":
    """The notebook run with the parameters, on the figures of `home`; `NotebookFailed` names the cell and what went wrong.

    engine: papermill's name of what runs the cells: `KERNEL`, a Jupyter kernel of its own, or `IN_PROCESS` (`nlib.press.shell`).
    exploring: whether the cells tagged so are run too; a page has no use for them.
    """
    check_parameters(notebook, parameters)
    papermill = _papermill()
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, at_home(home):
        try:
            return papermill.execute_notebook(
                _as_it_is(notebook if exploring else _without_exploring(notebook, Path(folder))),
                _as_it_is(Path(folder) / notebook.name) if engine == KERNEL else None,
                parameters=parameters,
                engine_name=engine,
                progress_bar=False,
                log_output=False,
                kernel_name="python3",
                cwd=folder,
                execution_timeout=CELL_SECONDS,
                **({"extra_arguments": KERNEL_ARGUMENTS} if engine == KERNEL else {"plain": exploring}),
            )
        except papermill.exceptions.PapermillExecutionError as error:
            why = f"{error.ename}: {error.evalue}" + (f". {CLOSED}" if engine == IN_PROCESS and error.ename == DENIED else "")
            raise NotebookFailed(f"{notebook.name}, celle {error.exec_count}: {why}") from error
        except (NlibError, MemoryError):
            raise
        except Exception as error:
            raise NotebookFailed(f"{notebook.name} kunne ikke kjøres: {type(error).__name__}: {error}") from error


def each(jobs: list[Job], work, workers: int):
    """Run `work(job)` for every job, `workers` at a time in spawned processes; yields (job, its bytes or its error) when done."""
    if workers == 1 or len(jobs) == 1:
        for job in jobs:
            yield job, _outcome(work, job)
        return
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_outcome, work, job): job for job in jobs}
        for done in as_completed(running):
            yield running[done], done.result()


def _outcome(work, job):
    try:
        return work(job)
    except NlibError as error:
        return error
