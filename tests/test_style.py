"""The frame of every figure: sizes, source, the mark of synthetic figures, and the same bytes each time."""

import hashlib
import itertools
import re

import matplotlib
import pytest
from matplotlib.colors import to_rgb

from nlib.charts import drawing, style
from nlib.press.render import resource
from tests.pages import chart

COLOURS = {"OWN": style.OWN, "OTHER": style.OTHER, "GROUP": style.GROUP, "NATION": style.NATION}


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour, ground="white"):
    light, dark = sorted([luminance(colour), luminance(ground)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def deuteranope(colour):
    """Viénot, Brettel and Mollon (1999): what is left of a colour without the green cones."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    red, green, blue = linear
    return (0.29275 * red + 0.70725 * green, 0.29275 * red + 0.70725 * green, -0.02234 * red + 0.02234 * green + blue)


def texts(figure):
    return [text.get_text().replace("\n", " ") for text in figure.texts]


def test_contrast_is_measured_as_wcag_says():
    assert contrast("black") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_stands_out_from_white(name):
    assert contrast(COLOURS[name]) >= 4.5


def test_text_can_be_read():
    assert contrast(style.INK) >= 7
    assert contrast(style.SOFT) >= 4.5


@pytest.mark.parametrize("ground", [style.FILL, style.GRID])
@pytest.mark.parametrize("name", [*COLOURS, "INK"])
def test_what_is_drawn_on_a_field_stands_out_from_it(name, ground):
    assert contrast(getattr(style, name), ground) >= 3


def test_the_warning_can_be_read_on_white():
    assert contrast(style.WARNING) >= 4.5


@pytest.mark.parametrize("sheet", ["page.css", "index.css"])
def test_text_of_a_page_can_be_read_on_every_ground_it_has(sheet):
    css = resource("page.css") + resource(sheet)
    named = dict(re.findall(r"--(\w+): (#\w+);", css))
    inks = {named.get(name, name) for pair in re.findall(r"[ {;]color: (?:var\(--(\w+)\)|(#\w+))", css) for name in pair if name}
    grounds = {named.get(name, name) for pair in re.findall(r"background: (?:var\(--(\w+)\)|(#\w+))", css) for name in pair if name}
    assert {named["soft"], named["own"]} <= inks and {"#fff", named["tint"]} <= grounds
    assert [(ink, ground) for ink in inks for ground in grounds if contrast(ink, ground) < 4.5] == []


def test_the_map_of_the_index_stands_out_from_white():
    assert contrast(re.search(r"#kart path, #kart circle { fill: (#\w+)", resource("index.css"))[1]) >= 3


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(["OWN", "GROUP", "NATION"], 2)))
def test_colours_differ_without_green_cones(one, other):
    assert sum((a - b) ** 2 for a, b in zip(deuteranope(COLOURS[one]), deuteranope(COLOURS[other]), strict=True)) ** 0.5 > 0.1


@pytest.mark.parametrize(("narrow", "width"), [(False, 7.2), (True, 3.5)])
def test_a_figure_is_drawn_wide_and_narrow_with_its_source_on_it(narrow, width):
    figure = drawing.canvas(chart(height=(3.6, 3.0)), narrow)
    assert tuple(figure.get_size_inches()) == (width, 3.0 if narrow else 3.6)
    assert "SSB, tabell 03321, oppdatert 1. juni 2022" in texts(figure)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_synthetic_figure_says_so_and_a_real_one_does_not(narrow):
    assert style.SYNTHETIC in texts(drawing.canvas(chart(synthetic=True), narrow))
    assert style.SYNTHETIC not in texts(drawing.canvas(chart(), narrow))


def test_a_long_source_is_broken_between_words_and_stays_inside():
    source = "SSB, tabell 03321, og Kartverket, kommunegrenser 2020; Arbeidsmarkedsområdeinndelingen"
    lines = drawing.wrapped(source, style.NARROW, 6.2).split("\n")
    assert " ".join(lines) == source
    assert len(lines) > 1


def test_drawing_changes_nothing_for_the_next():
    before = dict(matplotlib.rcParams)
    drawing.svg(chart())
    assert dict(matplotlib.rcParams) == before


def test_the_same_chart_gives_the_same_bytes_and_another_width_others():
    assert drawing.svg(chart()) == drawing.svg(chart())
    assert hashlib.sha256(drawing.svg(chart())).digest() != hashlib.sha256(drawing.svg(chart(), narrow=True)).digest()


def test_an_svg_has_no_date_or_maker():
    assert b"<dc:date" not in drawing.svg(chart())
    assert b"matplotlib" not in drawing.svg(chart()).lower()


def test_what_a_user_has_set_does_not_change_a_figure():
    plain = drawing.svg(chart())
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.facecolor": "pink", "lines.linewidth": 9}):
        assert drawing.svg(chart()) == plain
