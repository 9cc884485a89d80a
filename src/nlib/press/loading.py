"""What a process that makes pages has loaded before it is forked: what every page uses, and what those of an edition do.

It is imported by the functions that load it, in an order that takes the least time: a page that is asked for alone waits for it.
"""

import functools
import importlib
import json
import string
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlib.core.store import Edition
    from nlib.press.book import Book

LETTERS = (
    string.ascii_letters + string.digits + string.punctuation + " æøåÆØÅéöäüá–−«»…×·◆●○▲┃\N{NO-BREAK SPACE}"
)  # how wide they are is known before


@functools.cache
def libraries() -> None:
    """Load what every page uses, whatever edition it is of: libraries, fonts and templates."""
    import pandas as pd

    from nlib.charts.legible import advance
    from nlib.charts.lines import Lines
    from nlib.press.local import IN_PROCESS, execute
    from nlib.press.render import blocks, template

    form = Lines(rows=pd.DataFrame({"own": [1.0, 2.0]}, index=[2025, 2026]), lines={"own": ("klar", "own")})
    form.chart("Klar", "", "", "")._repr_html_()
    for sign in LETTERS:
        advance(sign), advance(sign, bold=True)
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / "klar.ipynb"
        code = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "kommune = ''", "outputs": []}
        cells = [code | {"execution_count": None}]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        blank.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}), encoding="utf-8")
        blocks(execute(blank, {"kommune": ""}, Path(folder), IN_PROCESS))
    importlib.import_module("nlib.press.consistency")
    template("page.html.j2")


def ready(edition: "Edition", books: "dict[Path, Book]", beside: frozenset[str] = frozenset()) -> None:
    """Load what the pages of these notebooks use, so that no process forked from this one need do it: what `libraries` loads,
    figures' code, tables and outlines. No notebook is run."""
    libraries()
    from nlib.desk.view import View, needs
    from nlib.press.beside import CODE, FILES, KEPT
    from nlib.press.local import at_home

    for kind, module in (
        (FILES, "nlib.charts.excel"),
        (FILES, "matplotlib.figure"),
        (CODE, "nlib.press.code"),
        (KEPT, "nlib.press.code"),
    ):
        if kind in beside:
            importlib.import_module(module)
    with at_home(edition.root):
        _ = View(edition.kept("municipalities")["komm_nr"].iloc[0], edition.name).outlines
    for book in books.values():
        for theme in book.themes:
            needs(theme)
        for table, _ in book.tables:
            edition.kept(table, real=edition.synthetic)
