"""A drawing in a page: text that is text, as wide as where it was laid out, and otherwise what matplotlib draws, pixel by pixel."""

import io
import re
import xml.etree.ElementTree as xml
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import TextToPath

from nlib.charts.style import grammar
from nlib.charts.svg import drawn
from nlib.core.letters import WEIGHTS, faces

RESOURCES = Path(__file__).parents[1] / "src/nlib/core/resources"
TEXTS = ["Lørenskog og Ávjovárri", "AVATAR Ty fi 1 234,5 % −7", "Folketall i alt, 1. januar 2025", "Šuoššjávri – Đeatnu, Ŋ ŧ ž"]
WITHOUT = {"Creator": None, "Date": None, "Format": None, "Type": None}


def drawing():
    figure = Figure(figsize=(5, 3))
    axis = figure.add_axes((0.15, 0.2, 0.8, 0.7))
    axis.plot([2017, 2018, 2021], [69.34, 12.5, 71.0], marker="D", clip_on=True, alpha=0.5, ls=":")
    axis.scatter([2018, 2020], [30, 40])
    axis.scatter([2018, 2020], [50, 60], rasterized=True)
    axis.bar([2019], [20], hatch="////", edgecolor="black")
    axis.imshow(np.arange(12.0).reshape(3, 4), extent=(2019, 2020, 50, 60), aspect="auto")
    axis.set_title("Lørenskog:   æøå − 1 234,5 %", weight="bold", alpha=0.8)
    axis.set_xlabel("to\nlinjer")
    axis.annotate("R² & $R^2$ <1> «æ»", (2018, 60), rotation=30, color="#b4500f")
    return figure


def ours(prefix="a-"):
    with grammar():
        return drawn(drawing(), prefix)


def matplotlibs():
    buffer = io.StringIO()
    with grammar():
        figure = drawing()
        FigureCanvasSVG(figure).print_svg(buffer, metadata=WITHOUT)
    return buffer.getvalue()


def seen(svg, browser):
    page = browser.new_page(viewport={"width": 500, "height": 320})
    held = f"<style>body{{margin:0}} text{{white-space:pre}} {faces()}</style>{svg[svg.index('<svg') :]}"
    page.set_content(f'<!DOCTYPE html><meta charset="utf-8">{held}')
    page.evaluate("document.fonts.ready")
    pixels = matplotlib.image.imread(io.BytesIO(page.screenshot()))[..., :3]
    page.close()
    return pixels


@pytest.mark.browser
def test_a_drawing_looks_as_matplotlib_draws_it(browser):
    theirs = seen(matplotlibs(), browser)
    assert theirs.std() > 0.05, "something is drawn"
    assert np.abs(theirs - seen(ours(), browser)).mean() < 0.002


@pytest.mark.browser
def test_a_text_is_as_wide_in_the_browser_as_where_it_was_laid_out(browser):
    page = browser.new_page()
    page.set_content(f"<style>{faces()}</style><svg font-size='100' font-family='DejaVu Sans'></svg>")
    for weight in WEIGHTS:
        for text in TEXTS:
            measured = page.evaluate(
                """async ([text, weight]) => {
                    await document.fonts.load(`${weight} 100px "DejaVu Sans"`, text);
                    const shown = document.createElementNS("http://www.w3.org/2000/svg", "text");
                    shown.setAttribute("font-weight", weight);
                    shown.textContent = text;
                    document.querySelector("svg").append(shown);
                    return shown.getComputedTextLength();
                }""",
                [text, weight],
            )
            laid, _, _ = TextToPath().get_text_width_height_descent(text, _prop(weight), False)
            assert measured == pytest.approx(laid, rel=0.005), (text, weight)
    page.close()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_letters_of_a_page_are_those_that_figures_are_laid_out_in(weight):
    whole, held = TTFont(findfont(_prop(weight))), TTFont(RESOURCES / f"letters_{weight}.woff2")
    assert held["head"].unitsPerEm == whole["head"].unitsPerEm
    assert set("ÆØÅæøåáčđŋšŧžÁČĐŊŠŦŽ0123456789−–…«» \u00a0\u2009") <= {chr(code) for code in held.getBestCmap()}
    for code, name in held.getBestCmap().items():
        assert held["hmtx"][name] == whole["hmtx"][whole.getBestCmap()[code]], chr(code)
    assert "Permission is hereby granted" in held["name"].getDebugName(13)


def test_the_letters_take_less_than_45_kilobytes_of_a_page():
    assert len(faces()) < 45_000
    assert faces().count("@font-face") == len(WEIGHTS)


def _prop(weight):
    return FontProperties(family="DejaVu Sans", weight=weight, size=100)


def test_a_drawing_is_well_under_the_size_of_matplotlibs_and_the_same_each_time():
    assert len(ours()) < 0.75 * len(matplotlibs())
    assert ours() == ours()


def test_everything_that_is_referred_to_is_there_by_a_name_of_its_own_and_nothing_else_has_a_name():
    names = re.findall(r' id="([^"]+)"', ours("pendling-kart-"))
    assert sorted(names) == sorted(set(re.findall(r'(?:href="|url\()#([^")]+)', ours("pendling-kart-"))))
    assert len(names) > 3
    assert all(name.startswith("pendling-kart-") for name in names)


def test_how_a_drawing_looks_is_said_in_attributes_that_a_page_s_policy_allows():
    elements = list(xml.fromstring(ours()).iter())
    assert not [element.tag for element in elements if element.get("style") or element.tag.endswith("style")]
    assert "xlink" not in ours()
    assert {element.get("font-weight") for element in elements} == {None, "700"}


def test_every_line_of_text_is_a_text_with_spaces_that_a_browser_does_not_take_for_one():
    told = ["".join(element.itertext()) for element in xml.fromstring(ours()).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Lørenskog:\u00a0\u00a0 æøå − 1 234,5 %", "to", "linjer"} <= set(told)
