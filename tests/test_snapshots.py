"""Each form of drawing as it looked when it was last approved, on invented countries; small pictures in tests/snapshots.

`NLIB_SNAPSHOTS=renew pytest tests/test_snapshots.py` draws them anew: look at the difference before it is committed.
"""

import functools
import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from nlib.charts import drawing, style
from nlib.charts.style import GROUP, OTHER, OWN
from nlib.themes.naeringspuls import figures as naeringspuls
from nlib.themes.scenarioer import figures as scenarioer
from tests import pages
from tests import survey_wave as wave
from tests import test_figures_attraktivitet as attractiveness
from tests import test_figures_befolkning as people
from tests import test_figures_naeringslivsindeks as index
from tests import test_figures_naeringspuls as survey
from tests import test_figures_pendling as commuting

KEPT = Path(__file__).parent / "snapshots"
RENEW = os.environ.get("NLIB_SNAPSHOTS") == "renew"
DPI = {False: 50, True: 80}  # wide and narrow: 360 and 280 px across
NEAR, LIMIT = 70, 8  # of 255 in any colour; pixels


def reasons():
    tables = survey.built(wave.synthetic(2024, 5, only=("etablere_for",)), invited=wave.frame(2024))
    return naeringspuls.reasons(tables["survey_results"], tables["survey_response"], people.NAMES, "3222")


def courses():
    years = np.arange(2026, 2051)
    ahead = years - years[0]
    told = {
        "komm_nr": "3222",
        "year": years,
        "low": 560 + 2.0 * ahead,
        "high": 560 + 18.0 * ahead,
        "population": 560 + 10.0 * ahead,
        "births": 5.0,
        "deaths": 3.0,
        "jobs": np.nan,
        **dict.fromkeys(["dwellings", "jobs_counted", "dwellings_counted"], np.nan),
    }
    record = {"usual": True, "tried": 10, "held": 9, "usual_low_pct": -5.0, "usual_high_pct": 15.0}
    each = {"neutral": 0, "high": 4, "low": -4, "trend": 2}
    rows = [
        pd.DataFrame(told).assign(course=name, population=560 + (10.0 + more) * ahead, leads=name == "trend", **record)
        for name, more in each.items()
    ]
    return scenarioer.people(pd.concat(rows), people.country.people(), people.country.projection(), people.NAMES, "3222")


WIDE, NARROW = "bred", "smal"
FORMS = {  # one figure of each form of drawing, at the width that is hardest on it
    ("pendling-utvikling", WIDE): lambda: commuting.charts("3222")["trend"],  # lines, with a year that is missing
    ("befolkning-vekst", WIDE): lambda: people.charts("3222")["yearly_growth"],  # columns, stacked to both sides of zero
    ("indeks-omraader", NARROW): lambda: index.drawn("areas", "0001"),  # bars and a mark beside each
    ("attraktivitet-vekst", NARROW): lambda: attractiveness.charts("3222")["growth"],  # bars that begin where others end
    ("naeringspuls-grunner", WIDE): reasons,  # a strip of two marks with intervals
    ("attraktivitet-spredning", NARROW): lambda: attractiveness.charts("3222")["scatter"],
    ("scenarioer-folketall", WIDE): courses,  # a fan
    ("pendling-kart", WIDE): lambda: commuting.charts("3222")["flow_map"],  # flows on a map
}


def picture(chart, narrow=False) -> np.ndarray:
    """A figure as rows of pixels, of red, green and blue."""
    figure = drawing.canvas(chart, narrow)
    figure.set_dpi(DPI[narrow])
    canvas = FigureCanvasAgg(figure)
    with style.grammar():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def unlike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The pixels that are clearly not of the same colour: more than smoothing of edges, or a palette, makes of it."""
    return np.abs(one.astype(int) - other).max(axis=2) > NEAR


def compared(expected: np.ndarray, drawn: np.ndarray, folder: Path) -> None:
    """AssertionError that names `folder` with both pictures and their difference, where they are not alike."""
    if expected.shape == drawn.shape and (count := np.count_nonzero(unlike(expected, drawn))) <= LIMIT:
        return
    shown = {"godkjent": expected, "tegnet": drawn}
    told = f"{drawn.shape[1]} x {drawn.shape[0]} pixels, not {expected.shape[1]} x {expected.shape[0]}"
    if expected.shape == drawn.shape:
        shown["forskjell"] = np.where(unlike(expected, drawn), 0, 255).astype(np.uint8)
        told = f"{count} pixels, limit {LIMIT}"
    for name, pixels in shown.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    raise AssertionError(f"the figure does not look as approved ({told}): see {folder}")


def png(pixels: np.ndarray) -> bytes:
    """A small file: no more than 64 colours, which is enough for lines, letters and a few fills."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


@pytest.mark.parametrize(("name", "width"), FORMS)
def test_a_form_of_drawing_looks_as_it_was_approved(name, width, tmp_path):
    kept, drawn = KEPT / f"{name}-{width}.png", picture(FORMS[name, width](), width == NARROW)
    if RENEW:
        kept.write_bytes(png(drawn))
    compared(np.asarray(Image.open(kept).convert("RGB")), drawn, tmp_path)


def test_every_kept_picture_is_of_a_form_and_small():
    pictures = sorted(KEPT.iterdir())
    assert [path.name for path in pictures] == sorted(f"{name}-{width}.png" for name, width in FORMS)
    assert max(path.stat().st_size for path in pictures) < 20_000


# -- the comparison itself


def plain(label=(0.0, 0.0), colour=GROUP, size=7, source="SSB, tabell 03321", **bars):
    """A scatter of two with a label at a place (pixels of the screen, 96 an inch, off where it was)."""

    def draw(figure, narrow):
        axis = pages.axes(figure, left=0.6, right=0.3, top=0.3, bottom=0.3)
        axis.barh([0, 1], [60, 40], color=OTHER, **bars)
        axis.plot([20], [0.5], ls="", marker="o", ms=6, color=colour)
        offset = {"xytext": tuple(0.75 * pixels for pixels in label), "textcoords": "offset points"}
        axis.annotate("Oslo", (45, 0.5), size=size, color=OWN, **offset)

    return pages.chart(draw=draw, source=source)


@functools.cache
def drawn_plain(narrow) -> np.ndarray:
    return picture(plain(), narrow)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    "changed",
    [
        {"label": (10, 0)},
        {"label": (0, -10)},
        {"colour": OWN},
        {"colour": "white"},
        {"size": 9.5},
        {"height": 0.9},
        {"hatch": "////", "edgecolor": "white"},
        {"source": "SSB, tabell 11618"},
    ],
    ids=str,
)
def test_what_a_reader_would_see_is_a_difference(changed, narrow, tmp_path):
    with pytest.raises(AssertionError, match="not look as approved") as error:
        compared(drawn_plain(narrow), picture(plain(**changed), narrow), tmp_path)
    assert str(tmp_path) in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["forskjell.png", "godkjent.png", "tegnet.png"]


@pytest.mark.parametrize("narrow", [False, True])
def test_fewer_colours_and_a_shade_are_no_difference(narrow, tmp_path):
    drawn = drawn_plain(narrow)
    compared(np.asarray(Image.open(io.BytesIO(png(drawn))).convert("RGB")), drawn, tmp_path)
    compared(drawn // 4 * 3 + 63, drawn, tmp_path)


def test_a_figure_of_another_size_is_a_difference(tmp_path):
    with pytest.raises(AssertionError, match="360 x 180 pixels, not 280 x 288"):
        compared(drawn_plain(True), drawn_plain(False), tmp_path)
