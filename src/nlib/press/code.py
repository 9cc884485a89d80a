"""For researchers: a page with its code and tables, the notebook to run again, and the notebook as it was run."""

import functools
import re
from typing import ClassVar

import nbformat
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.style import Style
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, Token

from nlib.charts import files, shown
from nlib.charts.style import GROUP, INK, NATION, OWN, SOFT
from nlib.core.errors import NotebookFailed
from nlib.core.translations import _
from nlib.press import render
from nlib.press.beside import CODE

GROUND = "#f2f5f7"  # what code stands on, page.css's --tint
PARAMETERS, INJECTED = "parameters", "injected-parameters"  # the tags of the cell that declares them, and of papermill's own


class Colours(Style):
    """The colours of code, each at least 4.5:1 against the ground; weight and slant say the same."""

    background_color = GROUND
    styles: ClassVar = {
        Token: INK,
        Comment: f"italic {SOFT}",
        Keyword: f"bold {OWN}",
        Operator.Word: f"bold {OWN}",
        Name.Builtin: OWN,
        Name.Function: f"bold {INK}",
        String: NATION,
        Literal: NATION,
        Number: GROUP,
    }


def research_files(
    run: nbformat.NotebookNode, page: str, place: str, about: dict, tables: list[tuple[str, str]]
) -> dict[str, bytes]:
    """The researchers' edition of a page and the notebook to run again, by name as the page sees them.

    page: the name of the page without `.html`, and of its notebook; about: its `title` and the edition's `facts`; tables: what it
    is made from, by name and title.
    """
    book = with_parameters(run)
    html = render.page(
        [*render.blocks(book, code_html), tables_html(tables, "../..")],
        title=f"{about['title']} – {_('forskerutgaven')}",
        place=place,
        edition_facts=about["facts"],
        index="../../index.html",
        beside=[(_("Siden uten koden"), f"../{page}.html"), (_("Notatboken (Jupyter)"), f"{page}.ipynb")],
        style=css(),
    )
    return {f"{CODE}/{page}.html": html.encode(), f"{CODE}/{page}.ipynb": to_run(book)}


def css() -> str:
    """The style of highlighted code, for a page's own."""
    return _formatter().get_style_defs(".code") + "\n.code { background: none; }\n"


def code_html(source: str) -> str:
    """A cell's code, highlighted; everything in it is text. Lines that IPython alone understands are shown as they are."""
    return f'<pre><code class="code">{highlight(source, PythonLexer(stripnl=False), _formatter()).rstrip()}</code></pre>'


@functools.cache
def _formatter():
    return HtmlFormatter(style=Colours, nowrap=True)


def _bare(run: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook as papermill ran it, without what tells when and how long it ran."""
    book = nbformat.from_dict(run)
    book.metadata = {name: value for name, value in book.metadata.items() if name in ("kernelspec", "nlib")}
    for cell in book.cells:
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    return nbformat.from_dict(book)


def _written(book: nbformat.NotebookNode) -> bytes:
    return f"{nbformat.writes(book, indent=1, sort_keys=True)}\n".encode()


def with_parameters(run: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook as papermill ran it, with the parameters it was run with in the cell that declares them, and no trace of the run.

    NotebookFailed where it has no cell of parameters.
    """
    book = _bare(run)
    given = [cell for cell in book.cells if INJECTED in cell.metadata.get("tags", [])]
    book.cells = [cell for cell in book.cells if cell not in given]
    declared = [cell for cell in book.cells if PARAMETERS in cell.metadata.get("tags", [])]
    if len(declared) != 1:
        raise NotebookFailed("Notatboken har ikke én celle merket «parameters»")
    if given:
        declared[0].source = re.sub(r"\A# Parameters\n", "", given[0].source)
    return book


def as_run(run: nbformat.NotebookNode, facts: dict) -> bytes:
    """A notebook as it was run: its cells with what they showed, the parameters, the edition and the code. The same run gives the
    same bytes: no clock is in it, nor what was made for the page alone.

    facts: the edition's, and nlib's version and commit.
    """
    book = _bare(run)
    book.metadata["papermill"] = {"parameters": run.metadata.get("papermill", {}).get("parameters", {})}
    book.metadata["run"] = {name: facts[name] for name in ("edition", "nlib_version", "commit")}
    for cell in book.cells:
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = {kind: content for kind, content in output.data.items() if kind not in (files.KIND, shown.KIND)}
    return _written(book)


def to_run(book: nbformat.NotebookNode) -> bytes:
    """The notebook as a file to run again: without outputs, the same bytes each time."""
    bare = nbformat.from_dict(book)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return _written(bare)


def tables_html(tables: list[tuple[str, str]], reports: str) -> str:
    """What a page is made from, by name and title, with links to what each is and to its CSV, which are in `reports`."""
    return render.template("tabellene.html.j2").render(tables=tables, reports=reports)
