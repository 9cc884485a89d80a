"""A drawing as SVG that can stand in a page: text is text, and how it looks is written in attributes, which a page's policy allows.

matplotlib writes it. What it says in styles is written in attributes, names are made its own, and what nobody sees is left out.
"""

import io
import re
from typing import Any

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from nlib.charts.style import FAMILY, MORE, NBSP

SILENT = dict.fromkeys(("Creator", "Date", "Format", "Type"))
USED = re.compile(r'(?:url\(|href=")#(\w+)')
TAG = re.compile(r"<(/?)(\w+)([^>]*?)(/?)>([^<]*)")
ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
LONG, LINE = re.compile(r"(\.\d\d)\d+"), re.compile(r"(\.\d)\d+")  # a tenth of a point is finer than a line is wide
STEP = re.compile(r" ?([MLQCz]) ?")
DOTS = 108  # an inch, of what is painted (maps and clouds of marks): about the size that a page shows it in


class _Renderer(RendererSVG):
    """matplotlib's own, without a sheet of style."""

    writer: Any

    def _write_default_style(self):
        """`written` says it in the first element."""


def drawn(figure: Figure, prefix: str) -> str:
    """The figure as SVG, without date or maker; names in it begin with `prefix`, so that several can stand in one page."""
    buffer = io.StringIO()
    width, height = figure.get_size_inches()
    figure.dpi, before = 72, figure.dpi
    renderer = _Renderer(72 * width, 72 * height, buffer, image_dpi=DOTS, metadata=SILENT)
    mixed: Any = MixedModeRenderer(figure, width, height, DOTS, renderer)
    figure.draw(mixed)
    renderer.finalize()
    figure.dpi = before
    size = f'width="{96 * width:.0f}" height="{96 * height:.0f}" viewBox="0 0 {72 * width:.6g} {72 * height:.6g}"'
    look = f'font-family="{FAMILY}" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look}>{"".join(_written(buffer.getvalue(), prefix))}</svg>'


def _written(svg: str, prefix: str):
    """What stands inside the first element, without groups that say nothing."""
    names = {name: f"{prefix}{number}" for number, name in enumerate(dict.fromkeys(USED.findall(svg)))}
    plain: list[bool] = []  # whether each open group says nothing
    for end, tag, attributes, alone, text in TAG.findall(svg):
        if tag == "svg" or (end and tag == "g" and plain.pop()):
            continue
        kept = "".join([_attribute(name, value, names) for name, value in ATTRIBUTE.findall(attributes)])
        if tag == "g" and not end:
            if alone:
                continue
            plain.append(not kept)
            if not kept:
                continue
        yield f"<{end}{tag}{kept}{alone}>{'' if end or tag not in ('text', 'tspan') else MORE.sub(NBSP, text)}"


def _attribute(name: str, value: str, names: dict[str, str]) -> str:
    if name == "style":
        pairs = [pair.split(": ", 1) for pair in value.split("; ")]
        return "".join([_attribute(key, kept, names) for key, kept in pairs if key != "font-family"])
    if name == "id":
        return f' id="{names[value]}"' if value in names else ""
    if (name, value) == ("text-anchor", "start") or value.startswith("rotate(-0 "):  # as it is anyway
        return ""
    if name == "transform":
        return f' transform="{value}"'
    if name == "xlink:href":
        return f' href="#{names[value[1:]]}"' if value[0] == "#" else f' href="{"".join(value.split())}"'
    if value.startswith("url(#"):
        return f' {name}="url(#{names[value[5:-1]]})"'
    if name == "d":
        value = LINE.sub(r"\1", STEP.sub(r"\1", " ".join(value.split())))
    value = LONG.sub(r"\1", value).removesuffix("px")
    return f' {name}="{value}"'
