"""The figure grammar: sizes, type, colours and the frame that every figure is drawn in.

Everything is drawn on matplotlib Figure objects inside a context of its own: nothing here or in a figure changes what
pyplot or the next figure sees. The layout is fixed in inches; nothing is measured and moved afterwards. matplotlib is loaded when
something is drawn: tables and the index, which are made of the same colours and words, have no use for it.
"""

from __future__ import annotations

import contextlib
import functools
import re
from typing import TYPE_CHECKING

from nlib.core.translations import _

if TYPE_CHECKING:
    pass

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
FAMILY = "DejaVu Sans, Verdana, sans-serif"  # Verdana's letters are about as wide
MORE, NBSP = re.compile(" (?= )"), "\N{NO-BREAK SPACE}"  # of several spaces a browser shows one


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


def anchor(id: str) -> str:
    """A figure's id as an address within the page, and as the name of a file: letters, digits and hyphens."""
    return re.sub(r"[^\w-]|_", "-", id)
