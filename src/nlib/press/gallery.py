"""The gallery of an edition: every figure of every theme for one municipality, small, with the id that it is asked for by."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from nlib.charts.chart import Chart
from nlib.charts.drawing import canvas
from nlib.core.store import Edition, write
from nlib.desk.view import View, figures, themes
from nlib.press.local import about_of
from nlib.press.real import facts_of
from nlib.press.render import page, template

DOTS = 45  # an inch
NAME = "galleri.html"


def gallery_html(view: View, only: Sequence[str] = ()) -> str:
    """The page, whole and checked: figures as small pictures, sections in words by their titles, and why a figure is missing."""
    notebooks = view.edition.root / "notebooks"
    shown = [
        (_title(notebooks, theme), [_shown(view.figure(f"{theme}.{name}")) for name in figures(theme)])
        for theme in only or themes()
    ]
    body = template("galleri.html.j2").render(themes=shown)
    return page([body], title="Alle figurene", place=view.name, edition_facts=facts_of(view.edition), index="index.html")


def make(edition: Edition, kommune: str) -> Path:
    """Write the gallery among the edition's reports, where the index links to it the next time it is made."""
    path = edition.reports / NAME
    write(path, gallery_html(View(kommune, edition.name)).encode())
    return path


def _shown(section) -> dict:
    """A figure's picture, or what it says in place of one, with its id and title."""
    shown = {"id": section.id, "title": section.title}
    if not isinstance(section, Chart):
        return shown | {"words": getattr(section, "reason", "En tabell i ord.")}
    drawn = canvas(section)
    width, height = (round(DOTS * inches) for inches in drawn.get_size_inches())
    picture = base64.b64encode(_picture(drawn)).decode()
    return shown | {"picture": picture, "width": width, "height": height, "alt": section.alt}


def _picture(drawn: Figure) -> bytes:
    """The drawing as a small WebP, a third of the size of a PNG."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="webp", dpi=DOTS, pil_kwargs={"quality": 60, "method": 6})
    return buffer.getvalue()


def _title(notebooks: Path, theme: str) -> str:
    """What the report of a theme is called."""
    notebook = notebooks / f"{theme}.ipynb"
    return about_of(notebook)["title"] if notebook.is_file() else theme.capitalize()
