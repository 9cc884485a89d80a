"""The small SVG is the same drawing as the large one, seen pixel by pixel in the browser that readers use."""

import io
import re
import shutil
import subprocess

import matplotlib.image
import numpy as np
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from nlib.charts.compact import Canvas, _path

TEXTS = [("Lørenskog", "bold"), ("Lørenskog", "normal"), ("1 234,5 %\nto linjer", "normal"), ("$R^2$", "normal"), ("", "normal")]
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update"]


def drawing(canvas=Canvas):
    figure = Figure(figsize=(5, 3))
    canvas(figure)
    axis = figure.add_axes((0.15, 0.2, 0.8, 0.7))
    axis.plot([2017, 2018, 2021], [69.34, 12.5, 71.0], marker="D", clip_on=True)
    axis.scatter([2018, 2020], [30, 40])
    axis.bar([2019], [20], hatch="////", edgecolor="black")
    axis.imshow(np.arange(12.0).reshape(3, 4), extent=(2019, 2020, 50, 60), aspect="auto")
    axis.set_title("Lørenskog: æøå − 1 234,5 %", weight="bold", alpha=0.8)
    axis.annotate("R² og $R^2$ < 1 & «q\u0304»", (2018, 60), rotation=30, color="#b4500f")
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "salt"}):
        figure.savefig(buffer, format="svg", **({} if canvas is Canvas else {"metadata": {"Date": None}}))
    return buffer.getvalue()


def seen(svg, folder, name):
    (folder / f"{name}.svg").write_bytes(svg)
    target = folder / f"{name}.png"
    flags = [f"--user-data-dir={folder / name}", "--window-size=500,320", f"--screenshot={target}", f"file://{folder / name}.svg"]
    subprocess.run(["chromium", *CHROMIUM, *flags], check=True, capture_output=True, timeout=120)
    return matplotlib.image.imread(target)[..., :3]


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed")
def test_the_small_drawing_looks_like_the_large_one(tmp_path):
    large, small = seen(drawing(FigureCanvasSVG), tmp_path, "large"), seen(drawing(), tmp_path, "small")
    assert large.std() > 0.05, "something is drawn"
    assert np.abs(large - small).mean() < 0.002


def test_it_is_well_under_the_size_and_the_same_each_time():
    small = drawing()
    assert len(small) < 0.75 * len(drawing(FigureCanvasSVG))
    assert small == drawing()
    assert b"xlink" not in small


def test_everything_that_is_referred_to_is_there_and_nothing_else_has_a_name():
    small = drawing().decode()
    names = re.findall(r' id="([^"]+)"', small)
    assert sorted(names) == sorted(set(re.findall(r'(?:href="|url\()#([^")]+)', small)))


def test_text_takes_the_room_that_matplotlib_gives_it():
    def extents(canvas):
        figure = Figure(figsize=(5, 3))
        canvas(figure)
        texts = [figure.text(0.1, 0.1 * n, text, size=7 + n, weight=w) for n, (text, w) in enumerate(TEXTS)]
        return [text.get_window_extent().bounds for text in texts]

    assert extents(Canvas) == extents(FigureCanvasSVG)


def test_a_path_of_whole_numbers_is_written_in_steps():
    assert _path("M 10 20 L 30 20 Q 30 40 10 40 z M 5 5 L 6 5") == "m10,20l20,0q0,20-20,20zm-5-15l1,0"


def test_a_path_of_decimals_keeps_hundredths():
    assert _path("M 1.23456 2 L 3.5 4.009") == "M1.23,2L3.5,4.00"
