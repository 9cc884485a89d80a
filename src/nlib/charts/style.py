"""The figure grammar: sizes, type, colours and the frame that every figure is drawn in.

Everything is drawn on matplotlib Figure objects inside a context of its own: nothing here or in a figure changes what
pyplot or the next figure sees. The layout is fixed in inches; nothing is measured and moved afterwards. matplotlib is loaded when
something is drawn: tables and the index, which are made of the same colours and words, have no use for it.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import textwrap
from typing import TYPE_CHECKING

from nlib.core.translations import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDE, NARROW = 7.2, 3.5  # inches
OWN, OTHER, GROUP, NATION = "#0b3c6f", "#6b7785", "#b4500f", "#00755e"  # each at least 4.5:1 against white
INK, SOFT, GRID, FILL = "#1c2329", "#4d5965", "#dfe4e8", "#e9edf0"
WARNING = "#b00020"
SYNTHETIC = _("Demodata – ikke virkelige tall")

TYPE = {False: 8.6, True: 7.0}  # points of what is read in a figure, wide and narrow: 11 and 9 px on a page, and more

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a name is a name, whatever stands in it
    "axes.labelcolor": SOFT,
    "axes.labelsize": TYPE[False],
    "axes.edgecolor": OTHER,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": TYPE[False],
    "ytick.labelsize": TYPE[False],
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "lines.linewidth": 1.8,
    "svg.fonttype": "none",
    "svg.hashsalt": "nlib",
    "figure.dpi": 100,
}
FOOT = 0.42  # inches at the bottom of a figure for its source, of two lines
LETTER = 0.56  # how wide a letter of the type is, of its size


def theme() -> None:
    """Let seaborn and matplotlib draw one's own plots as nlib's figures are drawn: type, colours and axes.

    >>> nlib.theme()

    nlib's own figures are drawn alike before and after; `seaborn.reset_orig()` takes it back.
    """
    import seaborn

    look = {"figure.figsize": (WIDE, 3.6), "axes.grid": True, "axes.grid.axis": "y", "savefig.bbox": "tight"}
    seaborn.set_theme(style="white", palette=[OWN, GROUP, NATION, OTHER, SOFT], rc=RC | look)


@functools.cache
def _settings() -> dict:
    """matplotlib as it comes with the settings of the grammar on top, checked once."""
    import matplotlib

    came = {key: matplotlib.rcParamsDefault._get(key) for key in matplotlib.rcParamsDefault if key != "backend"}
    return came | dict(matplotlib.RcParams(RC))


@contextlib.contextmanager
def grammar():
    """The settings of the grammar, whatever a notebook has set; what it set comes back."""
    import matplotlib

    settings = _settings()
    before = {
        key: dict.__getitem__(matplotlib.rcParams, key) for key in settings
    }  # as they are: they were checked when they were set
    try:
        dict.update(matplotlib.rcParams, settings)
        yield
    finally:
        dict.update(matplotlib.rcParams, before)


def canvas(chart, narrow: bool = False, sourced: bool = True) -> Figure:
    """The chart drawn, 7.2 inches wide or 3.5, with its source (which a page has under it instead), and a plain mark where the
    figures are synthetic."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with grammar():
        width = NARROW if narrow else WIDE
        text, look = _foot(chart, width, TYPE[narrow])
        foot = max(FOOT, 0.14 + (text.count("\n") + 1) * TYPE[narrow] * 1.2 / 72) if sourced else 0.06
        height = chart.height[narrow] + (foot - FOOT)
        figure = Figure(figsize=(width, height))
        figure.foot = foot  # type: ignore[attr-defined]  # what a form stays above
        FigureCanvasSVG(figure)  # what measures a text while it is drawn
        chart.draw(figure, narrow)
        for axis in (axis for drawn in figure.axes for axis in (drawn.xaxis, drawn.yaxis) if not axis.label.get_text()):
            axis.set_label_coords(0, 0)  # or matplotlib measures every tick's label to find a place for no text
        if sourced:
            figure.text(0.08 / width, 0.08 / height, text, **look)
        if chart.synthetic:
            mark = {
                "size": min(13 if narrow else 24, 9 * height),
                "color": WARNING,
                "alpha": 0.14,
                "weight": "bold",
                "rotation": 18,
            }
            figure.text(0.5, 0.55, SYNTHETIC, ha="center", va="center", **mark)
    return figure


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


def anchor(id: str) -> str:
    """A figure's id as an address within the page, and as the name of a file: letters, digits and hyphens."""
    return re.sub(r"[^\w-]|_", "-", id)


def svg(chart, narrow: bool = False, sourced: bool = True) -> bytes:
    """The drawing as SVG, whose names begin with the chart's id and the width: the same chart gives the same bytes. sourced: as for
    `canvas`."""
    from nlib.charts.svg import drawn

    figure = canvas(chart, narrow, sourced)
    with grammar():
        return drawn(figure, f"{anchor(chart.id)}-{'smal' if narrow else 'bred'}-").encode()


def png(chart) -> bytes:
    """The wide drawing as PNG at 200 dots an inch: the same chart gives the same bytes, without date or maker."""
    figure = canvas(chart)
    buffer = io.BytesIO()
    with grammar():
        figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    return buffer.getvalue()
