"""Drawing a figure: as a matplotlib Figure, as SVG for a page, as PNG; with its source under it and what is invented marked."""

from __future__ import annotations

import io
import math
import textwrap
from types import SimpleNamespace
from typing import TYPE_CHECKING

from nlib.charts.sheet import Sheet
from nlib.charts.style import FOOT, LETTER, NARROW, SOFT, SYNTHETIC, TYPE, WARNING, WIDE, anchor, grammar

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def canvas(chart, narrow: bool = False, sourced: bool = True) -> Figure:
    """The chart drawn, 7.2 inches wide or 3.5, with its source (which a page has under it instead), and a plain mark where the
    figures are synthetic."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with grammar():
        return _drawn(chart, narrow, sourced, lambda width, height: FigureCanvasSVG(Figure(figsize=(width, height))).figure)


def titled(chart, narrow: bool = False) -> Figure:
    """The chart drawn with its finding above, as one that stands alone has it: the figure is so much higher, and what is drawn is
    as large as without."""
    figure, size = canvas(chart, narrow), TYPE[narrow] + 1.5
    width, height = figure.get_size_inches()
    text = wrapped(chart.title, width, size)
    whole = height + 0.14 + (text.count("\n") + 1) * size * 1.25 / 72
    for axis in figure.axes:
        left, bottom, wide, high = axis.get_position(original=True).bounds
        axis.set_position((left, bottom * height / whole, wide, high * height / whole))
    for each in figure.texts:
        each.set_y(each.get_position()[1] * height / whole)
    figure.set_size_inches(width, whole)
    with grammar():
        figure.text(0.08 / width, 1 - 0.08 / whole, text, size=size, weight="bold", va="top", linespacing=1.2)
    return figure


def _drawn(chart, narrow: bool, sourced: bool, empty):
    """The chart drawn on what `empty(width, height)` gives, in inches: a Figure, or a `Sheet` that becomes SVG."""
    width = NARROW if narrow else WIDE
    text, look = _foot(chart, width, TYPE[narrow])
    foot = max(FOOT, 0.14 + (text.count("\n") + 1) * TYPE[narrow] * 1.2 / 72) if sourced else 0.06
    height = chart.height[narrow] + (foot - FOOT)
    figure = empty(width, height)
    figure.foot = foot  # what a form stays above
    chart.draw(figure, narrow)
    if sourced:
        figure.text(0.08 / width, 0.08 / height, text, **look)
    if chart.synthetic:
        _mark(figure, narrow)
    return figure


def _mark(figure, narrow: bool) -> None:
    """That the figures are invented, from corner to corner of the axes: not over the names of rows."""
    places = [axis.get_position() for axis in figure.axes] or [SimpleNamespace(x0=0.0, y1=1.0, width=1.0, height=1.0)]
    left, right = min(place.x0 for place in places), max(place.x0 + place.width for place in places)
    low, high = min(place.y1 - place.height for place in places), max(place.y1 for place in places)
    across, up = 72 * figure.get_size_inches() * (right - left, high - low)
    turned = math.degrees(math.atan2(up, across))  # from corner to corner
    size = min(13 if narrow else 24, 0.85 * math.hypot(across, up) / (0.7 * len(SYNTHETIC)))
    look = {"color": WARNING, "alpha": 0.14, "weight": "bold", "rotation": turned, "ha": "center", "va": "center"}
    figure.text((left + right) / 2, (low + high) / 2, SYNTHETIC, size=size, **look)


def _foot(chart, width: float, size: float) -> tuple[str, dict]:
    """The line of sources under a drawing, broken, and its look; invented figures are called so before it."""
    invented = chart.synthetic
    text = wrapped(f"{SYNTHETIC}. {chart.source}" if invented else chart.source, width, size, 0.62 if invented else LETTER)
    look = {"color": WARNING if invented else SOFT, "weight": "bold" if invented else "normal"}
    return text, look | {"size": size, "va": "bottom", "linespacing": 1.15}


def wrapped(text: str, width: float, size: float, letter: float = 0.56) -> str:
    """Text broken between words so that a line of type of this size (points) fits in `width` inches; `letter` is one's width."""
    room = max(12, int((width - 0.16) * 72 / (letter * size)))
    return "\n".join(textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False))


def svg(chart, narrow: bool = False, sourced: bool = True) -> bytes:
    """The drawing as SVG, whose names begin with the chart's id and the width: the same chart gives the same bytes. sourced: as for
    `canvas`."""
    prefix = f"{anchor(chart.id)}-{'smal' if narrow else 'bred'}-"
    if chart.formed:
        return _drawn(chart, narrow, sourced, lambda width, height: Sheet(width, height, prefix)).svg().encode()
    from nlib.charts.svg import drawn

    figure = canvas(chart, narrow, sourced)
    with grammar():
        return drawn(figure, prefix).encode()


def png(chart) -> bytes:
    """The wide drawing as PNG at 200 dots an inch: the same chart gives the same bytes, without date or maker."""
    figure = canvas(chart)
    buffer = io.BytesIO()
    with grammar():
        figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    return buffer.getvalue()
