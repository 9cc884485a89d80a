"""Every figure of the synthetic edition as it is drawn: its title is short, no text is cut or lies on another or has letters that
a page does not hold, and fills that touch differ."""

import itertools
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nlib.charts import drawing, legible, style
from nlib.charts.chart import Chart
from nlib.charts.others import brief
from nlib.charts.svg import drawn
from nlib.core.language import short_name
from nlib.desk.view import View, figures
from tests.editions import NOTEBOOKS, ONCE
from tests.pages import axes, chart
from tests.test_style import contrast

LONG = {"3338": "Nore og Uvdal", "4219": "Evje og Hornnes"}  # no other has a name that leaves a title less room
HELD = set(map(chr, TTFont(Path(style.__file__).parents[1] / "core/resources/letters_400.woff2").getBestCmap())) | {"\n"}


def faults(chart, narrow: bool) -> list[str]:
    """What cannot be read or told apart in a drawing, at the size of a screen."""
    figure = drawing.canvas(chart, narrow)
    with style.grammar():
        found = legible.faults(drawn(figure, ""))
    texts = {text.get_text() for text in figure.findobj(Text)}
    found += [f"«{text}» has letters that the page does not: {letters}" for text in texts if (letters := sorted({*text} - HELD))]
    pen = FigureCanvasAgg(figure).get_renderer()
    for axis in figure.axes:
        solid = [bar for bar in axis.patches if isinstance(bar, Rectangle) and not bar.get_hatch() and bar.get_width()]
        bars = [
            bar for bar in solid if not (bar.get_edgecolor()[:3] == (1, 1, 1) and bar.get_linewidth() >= 0.5)
        ]  # white parts them
        for one, other in itertools.combinations(bars, 2):
            fills = one.get_facecolor(), other.get_facecolor()
            near = min(_shared(one.get_window_extent(pen), other.get_window_extent(pen))) > -0.6
            if near and fills[0] != fills[1] and contrast(fills[0][:3], fills[1][:3]) < 3:
                found.append(f"fills that touch: {contrast(fills[0][:3], fills[1][:3]):.1f}:1")
    return list(dict.fromkeys(found))


def _shared(one, other):
    """How far two boxes lie over each other, across and up; less than nothing is the room between them."""
    return min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)


@pytest.mark.parametrize("komm_nr", ["3222", "1151", "1580", *(pytest.param(number, marks=pytest.mark.slow) for number in LONG)])
def test_a_title_is_of_twelve_words_at_most(demo_edition, monkeypatch, komm_nr):
    monkeypatch.setenv("NLIB_HOME", str(demo_edition.root))
    view = View(komm_nr, "demo")
    shown = [view.figure(f"{theme}.{name}") for theme in [*NOTEBOOKS, *ONCE] for name in figures(theme)]
    titles = [section.title for section in shown]  # a figure that is missing has a title too
    assert len(titles) > 30
    assert [title for title in titles if len(title.split(" ")) > 12] == []  # a number is one word, with its unit


def test_no_other_municipality_has_a_longer_name_than_those_whose_titles_are_counted(demo_edition):
    names = demo_edition.table("municipalities").set_index("komm_nr")["name"].map(short_name).map(brief)
    assert len(names) == 357
    assert names[names.str.count(" ") > 1].to_dict() == LONG


@pytest.mark.slow
@pytest.mark.parametrize("theme", [*NOTEBOOKS, *ONCE])
def test_every_text_of_a_figure_is_whole_and_alone_and_fills_that_touch_differ(demo_edition, monkeypatch, theme):
    monkeypatch.setenv("NLIB_HOME", str(demo_edition.root))
    view = View("3222", "demo")
    shown = {name: view.figure(f"{theme}.{name}") for name in figures(theme)}
    found = {
        f"{name} {'narrow' if narrow else 'wide'}": told
        for name, section in shown.items()
        for narrow in (False, True)
        if isinstance(section, Chart) and (told := faults(section, narrow))
    }
    assert found == {}


@pytest.mark.parametrize("komm_nr", ["3222", pytest.param("1580", marks=pytest.mark.slow)])
def test_a_page_has_what_matplotlib_draws_where_it_draws_it(demo_edition, monkeypatch, komm_nr):
    monkeypatch.setenv("NLIB_HOME", str(demo_edition.root))
    view, tried, found = View(komm_nr, "demo"), 0, []
    for section in (view.figure(f"{theme}.{name}") for theme in [*NOTEBOOKS, *ONCE] for name in figures(theme)):
        for narrow in (False, True) if isinstance(section, Chart) else ():
            with style.grammar():
                theirs = drawn(drawing.canvas(section, narrow, sourced=False), "")
            ours = drawing.svg(section, narrow, sourced=False).decode()
            tried += 1
            far = _apart(_texts(ours), _texts(theirs)) or _away(_marks(ours), _marks(theirs))
            found += [(section.id, narrow, far)] if far else []
            found += [(section.id, narrow, fault) for fault in legible.faults(ours)]
    assert tried > 50
    assert found == []


def _texts(svg: str):
    """Each text of a drawing with its look, by the text, and its box."""
    every = [(unescape(text), dict(legible.ATTRIBUTE.findall(look))) for look, text in legible.TEXT.findall(svg) if text.strip()]
    looks = [(text, look.get("fill"), look.get("font-weight") in ("700", "bold"), "opacity" in look) for text, look in every]
    boxes = [legible._box(text, float(look.get("font-size", 9)), look) for text, look in every]
    return sorted(zip(looks, boxes, strict=True))


def _apart(ours, theirs):
    """The first of two texts that differ: in what they are, or in where they stand by more than the type is thin."""
    pairs = zip(ours, theirs, strict=True) if len(ours) == len(theirs) else [(len(ours), len(theirs))]
    return next(((one, two) for one, two in pairs if one[0] != two[0] or np.abs(np.subtract(one[1], two[1])).max() > 2.2), None)


def _marks(svg: str):
    """Where each mark of a drawing stands; matplotlib writes an area as one, at the left edge."""
    places = re.findall(r'<use [^>]*?x="([-\d.]+)" y="([-\d.]+)"', svg) + re.findall(r"M([-\d.]+) ([-\d.]+)h0", svg)
    return np.array([(float(x), float(y)) for x, y in places if float(x)]).reshape(-1, 2)


def _away(ours, theirs):
    """The counts, or a mark of the one drawing that the other has not within a fifth of a point."""
    if len(ours) != len(theirs):
        return len(ours), len(theirs)
    far = np.abs(ours[:, None] - theirs[None]).max(axis=2) if len(ours) else np.zeros((0, 0))
    return next((tuple(mark) for mark, near in zip(ours, far, strict=True) if near.min() > 0.2), None)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"x": 0.98, "s": "Lillestrøm"}, ["utenfor figuren: «Lillestrøm»"]),
        ({"x": 0.5, "s": "Oslo"}, ["over hverandre: «Våler» og «Oslo»"]),
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
        axis = axes(figure, 0.6, 0.3, 0.3, 0.3)
        axis.bar([0, 0], [1, 2], bottom=[0, 1], color=[style.OWN, colour])

    assert len(faults(chart(draw=draw), False)) == count
