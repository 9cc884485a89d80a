"""Whether what is written in a drawing can be read: large enough, inside it, and not over another text."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from nlib.charts.style import SYNTHETIC, TYPE, WIDE

DOTS = 288  # an inch, so many that letters are as wide as they are
SLACK = 4.0  # of these that texts may share: the extent of a line has room above its letters
ALMOST = 0.85  # of a line's height, in which letters are


def faults(figure: Figure) -> list[str]:
    """What cannot be read in a drawing, a line each: text that is too small, that runs out of it, or that lies over another."""
    least = TYPE[figure.get_size_inches()[0] < WIDE]
    before, figure.dpi = figure.dpi, DOTS
    try:
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw_without_rendering()
        width, height = figure.bbox.size
        written = [(text, text.get_window_extent(renderer)) for text in _texts(figure)]
    finally:
        figure.dpi = before
    found = [
        f"liten skrift ({text.get_fontsize():.1f} pt): {_short(text)}"
        for text, _ in written
        if float(text.get_fontsize()) < least - 0.05
    ]
    found += [
        f"utenfor figuren: {_short(text)}"
        for text, box in written
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    for (one, first), (other, second) in combinations(written, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        up = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > SLACK and up > SLACK + (1 - ALMOST) * min(first.height, second.height):
            found.append(f"over hverandre: {_short(one)} og {_short(other)}")
    return found


def _texts(figure: Figure) -> Iterator[Text]:
    """The texts that are seen, but for the mark of invented figures, which lies under them all."""
    hidden = set()
    for axis in figure.axes:
        ticks: Any
        for ticks in (axis.xaxis, axis.yaxis):
            if not axis.axison:
                hidden |= set(ticks.findobj(Text))
                continue
            seen = set(ticks._update_ticks())  # those inside the limits
            hidden |= {label for tick in ticks.get_major_ticks() if tick not in seen for label in (tick.label1, tick.label2)}
    for text in figure.findobj(Text):
        shown = text.get_visible() and text.get_alpha() != 0
        if shown and text.get_text().strip() and text not in hidden and text.get_text() != SYNTHETIC:
            yield text


def _short(text: Text) -> str:
    return f"«{' '.join(text.get_text().split())[:40]}»"
