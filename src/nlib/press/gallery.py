"""The gallery of an edition: every figure of every theme for one municipality, small, with the id that it is asked for by."""

import base64
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from nlib.charts.chart import Chart
from nlib.charts.html import anchor
from nlib.core.store import Edition, write
from nlib.desk.view import View, figures, themes
from nlib.press.local import about_of
from nlib.press.real import real_of
from nlib.press.render import made_by, page

DOTS = 45  # an inch
NAME = "galleri.html"


def gallery_html(view: View, only: Sequence[str] = ()) -> str:
    """The page, whole and checked: figures as small pictures, sections in words by their titles, and why a figure is missing."""
    parts = [
        '<p class="lead">Alle figurene, tema for tema. I en notatbok gir <code>nlib.view("kommunen").figure("navnet")</code> '
        "figuren slik rapporten har den, og <code>.figure()</code> på den igjen en matplotlib-figur å endre videre.</p>"
    ]
    for theme in only or themes():
        shown = "\n".join(_shown(view.figure(f"{theme}.{name}")) for name in figures(theme))
        parts.append(f"<h2>{escape(_title(view.edition.root / 'notebooks', theme))}</h2>\n<div class='gallery'>{shown}</div>")
    told = {
        "edition": view.edition.name,
        "synthetic": view.synthetic,
        "real": real_of(view.edition),
        "figures_date": "",
        "sources": [],
        "warnings": [],
        "accepted": "",
    } | made_by()
    return page(parts, title="Alle figurene", place=view.name, edition_facts=told, index="index.html")


def make(edition: Edition, kommune: str) -> Path:
    """Write the gallery among the edition's reports, where the index links to it the next time it is made."""
    path = edition.reports / NAME
    write(path, gallery_html(View(kommune, edition.name)).encode())
    return path


def _shown(section) -> str:
    """A figure's picture, id and title."""
    told = f"<figcaption><p><code>{escape(section.id)}</code></p><p>{escape(section.title)}</p></figcaption>"
    if isinstance(section, Chart):
        drawn = section.figure()
        width, height = (round(DOTS * inches) for inches in drawn.get_size_inches())
        source = base64.b64encode(_picture(drawn)).decode()
        seen = f'<img src="data:image/webp;base64,{source}" width="{width}" height="{height}" alt="{escape(section.alt)}">'
    else:
        seen = f"<p class='note'>{escape(getattr(section, 'reason', 'En tabell i ord.'))}</p>"
    return f'<figure id="{anchor(section.id)}">{seen}{told}</figure>'


def _picture(drawn: Figure) -> bytes:
    """The drawing as a small WebP, a third of the size of a PNG."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="webp", dpi=DOTS, pil_kwargs={"quality": 60, "method": 6})
    return buffer.getvalue()


def _title(notebooks: Path, theme: str) -> str:
    """What the report of a theme is called."""
    notebook = notebooks / f"{theme}.ipynb"
    return about_of(notebook)["title"] if notebook.is_file() else theme.capitalize()
