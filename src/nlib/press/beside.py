"""What lies beside a page for who wants more than the page: its figures as SVG and PNG and their numbers in one Excel workbook, in
`figurer/<page>/`; the researchers' edition, with the code and the notebook itself, in `forskning/`; and the notebook as it was run,
with its parameters and all that its cells showed, by the name of the page.

A page and what lies beside it come from one run of the notebook and travel as one archive. A page has links to what lies beside it.
"""

import base64
import io
import re
import textwrap
import zipfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from nlib import __version__
from nlib.charts.files import KIND
from nlib.charts.html import anchor
from nlib.charts.style import SYNTHETIC
from nlib.core.errors import NotebookFailed
from nlib.core.translations import _

if TYPE_CHECKING:
    import nbformat

FILES, CODE = "figurer", "forskning"  # what may be asked for, and the folders it lies in
KEPT = "notatbok"  # what may be asked for besides, which lies by the page itself
NAME = re.compile(rf"(?:{FILES}/[\w-][\w.-]*/|{CODE}/)?[\w-][\w.-]*\.(?:html|svg|png|xlsx|ipynb)")
BLOCK = re.compile(r'(<figure id="([\w-]+)" class="chart".*?)(</figcaption>)', re.DOTALL)
SHEET = 31  # characters in the name of a sheet


def lying(page: Path) -> dict[str, list[Path]]:
    """The files that lie beside a page now, by kind."""
    research = [page.parent / CODE / page.name, (page.parent / CODE / page.name).with_suffix(".ipynb")]
    figures = sorted((page.parent / FILES / page.stem).glob("*.*"))
    return {FILES: figures, CODE: [path for path in research if path.is_file()], KEPT: [*page.parent.glob(f"{page.stem}.ipynb")]}


def packed(files: dict[str, bytes]) -> bytes:
    """Files by name as one archive. NotebookFailed where a name is not one that a page or what lies beside it may have."""
    _check(files)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, body_of in files.items():
            archive.writestr(zipfile.ZipInfo(name), body_of)
    return body.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of an archive by name; what `packed` refuses is refused here too, for who made it ran a notebook."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        _check(files.namelist())
        return {name: files.read(name) for name in files.namelist()}


def _check(names) -> None:
    if wrong := [name for name in names if not NAME.fullmatch(name)]:
        raise NotebookFailed(f"Et filnavn er ikke lov: {wrong[0]!r}. Bruk bokstaver, tall og bindestrek.")


def sections(notebook: "nbformat.NotebookNode") -> list[dict]:
    """The figures and listings that a notebook shows, in order, as they were bundled."""
    shown = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    return [data[KIND] for data in shown if KIND in data]


def figure_files(notebook: "nbformat.NotebookNode", page: str, place: str, about: dict) -> dict[str, bytes]:
    """The drawings and the workbook of a page, by name as the page sees them; none where it has no figures.

    page: the name of the page without `.html`; about: its `title` and the edition's `facts`.
    """
    folder, found, files = f"{FILES}/{page}", sections(notebook), {}
    for section in found:
        name = anchor(section["id"])
        if "svg" in section:
            files[f"{folder}/{name}.svg"] = section["svg"].encode()
            files[f"{folder}/{name}.png"] = base64.b64decode(section["png"])
    if found:
        files[f"{folder}/{page}.xlsx"] = workbook(found, place, about)
    return files


def workbook(found: list[dict], place: str, about: dict) -> bytes:
    """An Excel workbook of a page: a sheet on the sources, and one of numbers a figure; numbers are numbers."""
    import openpyxl

    from nlib.charts import excel

    facts, book = about["facts"], openpyxl.Workbook(write_only=True)
    called = [re.sub(r"[\[\]:*?/\\'\s]+", " ", section["title"]) for section in found]
    names = [textwrap.shorten(f"{number} {title}", SHEET, placeholder="…") for number, title in enumerate(called, 1)]
    made = f"{_('Utgave')} {facts['edition']}. {_('Laget med')} nlib {__version__}."
    above = [[f"{place}: {about['title']}"], [made], *([[facts["real"] or SYNTHETIC]] if facts["synthetic"] else []), [excel.NOTE]]
    sources = book.create_sheet(_("Kilder"))
    contents = [(name, s["title"], s["source"], s["uncertainty"]) for name, s in zip(names, found, strict=True)]
    headings = [_("Ark"), _("Figur"), _("Kilde"), _("Usikkert")]
    excel.fill(sources, headings, contents, widths=(30, 70, 60, 90), above=above)
    for row in [(), (_("Kilde"), _("Lenke"), _("Lisens"), _("Dato")), *facts["sources"]]:
        text, *rest = row or ("",)
        sources.append([excel.cell(value) for value in ("", text, *rest)])
    for name, section in zip(names, found, strict=True):
        titles, formats = zip(*section["columns"], strict=True)
        widths = [max(14, min(40, len(heading) + 2)) for heading in titles]
        lines = [[section["title"]], [section["source"]], *([[SYNTHETIC]] if section["synthetic"] else [])]
        excel.fill(book.create_sheet(name), titles, section["rows"], widths, lines, formats)
    return excel.saved(book)


def with_links(blocks: list[str], files) -> list[str]:
    """The blocks of a page with links under each figure to its files, where it has any among these."""
    addresses = {(Path(name).stem, Path(name).suffix[1:]): name for name in files if name.startswith(f"{FILES}/")}

    def add(found):
        links = [
            f'<a href="{escape(addresses[found[2], kind])}" download>{kind.upper()}</a>'
            for kind in ("svg", "png")
            if (found[2], kind) in addresses
        ]
        return f'{found[1]}<p class="files">{_("Last ned figuren:")} {" ".join(links)}</p>\n{found[3]}' if links else found[0]

    return [BLOCK.sub(add, block) for block in blocks]
