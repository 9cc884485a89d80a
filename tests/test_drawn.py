"""Every figure of the synthetic edition as it is drawn: no text is cut or lies on another or has letters that a page does not hold,
and fills that touch differ."""

import itertools
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nlib.charts import style
from nlib.charts.chart import Chart
from nlib.desk.view import View, figures
from tests.editions import NOTEBOOKS, ONCE
from tests.pages import chart
from tests.test_style import contrast

SHARP = 4  # times the pixels of a screen: letters that are fitted to larger ones are wider than those of an SVG
HELD = set(map(chr, TTFont(Path(style.__file__).parents[1] / "core/resources/letters_400.woff2").getBestCmap())) | {"\n"}


def faults(chart, narrow: bool) -> list[str]:
    """What cannot be read or told apart in a drawing, at the size of a screen."""
    figure = style.canvas(chart, narrow)
    figure.set_dpi(96 * SHARP)
    canvas = FigureCanvasAgg(figure)
    with style.grammar():
        figure.draw_without_rendering()  # everything is placed, and no pixel is painted
    pen = canvas.get_renderer()
    beyond = _beyond(figure)
    texts = [(text.get_text(), text.get_window_extent(pen)) for text in figure.findobj(Text) if _shown(text, pen, beyond)]
    whole = figure.bbox.padded(0.5 * SHARP)  # as much as an edge is smoothed
    found = [f"«{text}» is cut" for text, box in texts if not (whole.contains(*box.min) and whole.contains(*box.max))]
    found += [
        f"«{a}» and «{b}»" for (a, one), (b, other) in itertools.combinations(texts, 2) if min(_shared(one, other)) > 3 * SHARP
    ]
    found += [f"«{text}» has letters that the page does not: {letters}" for text, _ in texts if (letters := sorted({*text} - HELD))]
    for axis in figure.axes:
        solid = [bar for bar in axis.patches if isinstance(bar, Rectangle) and not bar.get_hatch() and bar.get_width()]
        bars = [
            bar for bar in solid if not (bar.get_edgecolor()[:3] == (1, 1, 1) and bar.get_linewidth() >= 0.5)
        ]  # white parts them
        for one, other in itertools.combinations(bars, 2):
            fills = one.get_facecolor(), other.get_facecolor()
            near = min(_shared(one.get_window_extent(pen), other.get_window_extent(pen))) > -0.6 * SHARP
            if near and fills[0] != fills[1] and contrast(fills[0][:3], fills[1][:3]) < 3:
                found.append(f"fills that touch: {contrast(fills[0][:3], fills[1][:3]):.1f}:1")
    return list(dict.fromkeys(found))


def _shared(one, other):
    """How far two boxes lie over each other, across and up; less than nothing is the room between them."""
    return min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)


def _shown(text, pen, beyond):
    """Whether a text is seen: not the mark of synthetic figures, nor a label that is beyond the axis."""
    if not text.get_visible() or not text.get_text().strip() or text in beyond or (text.get_alpha() or 1) < 0.5:
        return False
    return not hasattr(text, "_check_xy") or text._check_xy(pen)


def _beyond(figure):
    """The names of ticks that lie outside what their axis shows."""
    beyond = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = [
            tick for tick in axis.get_major_ticks() + axis.get_minor_ticks() if not low - 1e-9 <= tick.get_loc() <= high + 1e-9
        ]
        beyond |= {label for tick in ticks for label in (tick.label1, tick.label2)}
    return beyond


@pytest.mark.parametrize("theme", [*NOTEBOOKS, *ONCE])
def test_every_text_of_a_figure_is_whole_and_alone_and_fills_that_touch_differ(demo_edition, monkeypatch, theme):
    monkeypatch.setenv("NLIB_HOME", str(demo_edition.root))
    view = View("3222", "demo")
    drawn = {name: view.figure(f"{theme}.{name}") for name in figures(theme)}
    found = {
        f"{name} {'narrow' if narrow else 'wide'}": told
        for name, section in drawn.items()
        for narrow in (False, True)
        if isinstance(section, Chart) and (told := faults(section, narrow))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"x": 0.98, "s": "Lillestrøm"}, ["«Lillestrøm» is cut"]),
        ({"x": 0.5, "s": "Oslo"}, ["«Våler» and «Oslo»"]),
        ({"x": 0.75, "s": "Осло"}, ["«Осло» has letters that the page does not: ['О', 'л', 'о', 'с']"]),
        ({"x": 0.75, "s": "Oslo"}, []),
    ],
)
def test_a_text_that_is_cut_or_covered_is_found(more, fault):
    def draw(figure, narrow):
        for told in ({"x": 0.5, "s": "Våler"}, more):
            figure.text(y=0.5, ha="center" if told["x"] < 0.9 else "left", **told)

    assert faults(chart(draw=draw), False) == fault


@pytest.mark.parametrize(("colour", "count"), [(style.GROUP, 1), (style.FILL, 0)])
def test_fills_that_touch_and_are_alike_are_found(colour, count):
    def draw(figure, narrow):
        axis = style.axes(figure, 0.6, 0.3, 0.3, 0.3)
        axis.bar([0, 0], [1, 2], bottom=[0, 1], color=[style.OWN, colour])

    assert len(faults(chart(draw=draw), False)) == count
