"""What runs in the processes that make pages: one notebook after another, each to a page and what lies beside it, as bytes."""

import functools
import importlib
import json
import string
import tempfile
from pathlib import Path

import pandas as pd

from nlib import store
from nlib.figures.chart import Chart
from nlib.figures.files import asked
from nlib.reports.beside import CODE, FILES, figure_files, packed
from nlib.reports.book import Book
from nlib.reports.render import blocks, know, render, template
from nlib.run.local import IN_PROCESS, Job, at_home, execute
from nlib.translations import tr
from nlib.view import View

LETTERS = string.digits + string.ascii_letters + "ÆØÅæøå.,:;–\N{MINUS SIGN}+%()/«»"  # whose outlines every page needs


def made_of(job: Job, engine: str, books: dict[Path, Book]) -> bytes:
    """Run one notebook and give an archive of its page, whole and checked, and of what is to lie beside it; nothing is written."""
    edition = store.edition(job.parameters["edition"], _home(job.page))
    with asked(FILES in job.beside):
        run = execute(job.notebook, job.parameters, edition.root, engine)
    book = books[job.notebook]
    know(book.prose)
    about = {"title": book.title, "facts": book.facts}
    places = edition.kept("municipalities").set_index("komm_nr")["name"]
    place = places[job.parameters["kommune"]]
    name, stem = job.page.name, job.page.stem
    files = figure_files(run, stem, place, about) if FILES in job.beside else {}
    if CODE in job.beside:
        from nlib.reports.code import research_files

        files |= research_files(run, stem, place, about, book.tables)
    links = {f"{FILES}/{stem}/{stem}.xlsx": tr("Tallene i figurene (Excel)"), f"{CODE}/{name}": tr("Forskerutgaven, med koden")}
    html = render(
        run,
        title=book.title,
        municipality=place,
        edition_facts=book.facts,
        theme=job.notebook.stem,
        files=files,
        beside=[(text, to) for to, text in links.items() if to in files],
    )
    return packed({name: html.encode()} | files)


def _home(page: Path) -> Path:
    """The home that a page is to lie in: the folder above reports/."""
    return next(folder.parent for folder in page.parents if folder.name == "reports")


@functools.cache
def libraries() -> None:
    """Load what every page uses, whatever edition it is of: libraries, fonts and templates."""
    Chart("klar", "Klar", "", "1", "", "", pd.DataFrame({"År": ["2026"], "Tall": [1.0]}), _sample)._repr_html_()
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / "klar.ipynb"
        code = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "kommune = ''", "outputs": []}
        cells = [code | {"execution_count": None}]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        blank.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}), encoding="utf-8")
        blocks(execute(blank, {"kommune": ""}, Path(folder), IN_PROCESS))
    template("page.html.j2")


def ready(edition: store.Edition, books: dict[Path, Book], beside: frozenset[str] = frozenset()) -> None:
    """Load what the pages of these notebooks use, so that no process forked from this one need do it: what `libraries` loads,
    tables and outlines. No notebook is run."""
    libraries()
    for kind, module in ((FILES, "nlib.reports.excel"), (CODE, "nlib.reports.code")):
        if kind in beside:
            importlib.import_module(module)
    with at_home(edition.root):
        _ = View(edition.kept("municipalities")["komm_nr"].iloc[0], edition.name).outlines
    for book in books.values():
        for table, _ in book.tables:
            edition.kept(table)


def _sample(figure, narrow):
    axis = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    axis.plot([1, 2], [1, 2], marker="o")
    axis.set_title(LETTERS, weight="bold")
    axis.set_xlabel(LETTERS)
