"""The six forms of figures: the table, the alt text and the decimals follow from the rows, and what is written can be read."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.path import Path

from nlib.charts import drawing, style
from nlib.charts.bars import Bars
from nlib.charts.form import Box, Panels, spread
from nlib.charts.legible import faults
from nlib.charts.lines import Fan, Lines
from nlib.charts.maps import Map
from nlib.charts.scatter import Scatter
from nlib.charts.strip import Strip
from nlib.charts.svg import drawn

YEARS = pd.RangeIndex(2012, 2025, name="year")
PLACES = pd.Index(["Lørenskog", "Lillestrøm", "Nordre Follo", "Indre Østfold og en til"], name="Kommune")


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def lines(**more):
    rows = pd.DataFrame({"own": np.linspace(60, 72, 13), "nation": np.linspace(61, 66, 13), "comparable": True}, index=YEARS)
    rows.loc[2019, ["own", "nation"]] = np.nan
    rows.loc[2013, "comparable"] = False
    given = {"heading": "Andel, prosent", "rows": rows, "lines": {"own": ("her", "own"), "nation": ("landet", "nation")}}
    return Lines(**given | {"unit": "%", "decimals": 1, "broken": True} | more)


def fan():
    rows = pd.DataFrame({"past": [100.0] * 13 + [np.nan] * 12, "main": [np.nan] * 12 + list(np.linspace(100, 130, 13))})
    rows = rows.assign(low=0.9 * rows["main"], high=1.1 * rows["main"]).set_axis(pd.RangeIndex(2012, 2037, name="year"))
    shown = {"past": ("folketall", "total"), "main": ("forventet", "own")}
    return Fan(rows=rows, lines=shown, band=("low", "high"), since=2024)


def bars(**more):
    rows = pd.DataFrame({"jobs": [1200, 640, -80, 15], "before": [1000, 600, 20, 15]}, index=PLACES)
    return Bars(**{"heading": "Arbeidsplasser", "rows": rows, "parts": {"jobs": ("nå", "own")}, "own": "Lørenskog"} | more)


def stacked():
    rows = pd.DataFrame({"born": 5.0, "dead": -3.0, "moved": [4.0, -4.0] * 6 + [2.0]}, index=YEARS)
    parts = {"born": ("fødte", "own"), "dead": ("døde", "against"), "moved": ("flyttet", "second")}
    return Bars(rows=rows.assign(sum=rows.sum(axis=1)), parts=parts, marks={"sum": ("vekst", "total")}, upright=True, sign=True)


def sides():
    rows = pd.DataFrame(
        {"over": [58, 31], "under": [19, 42], "told": ["58 % (50–65)", "31 % (24–38)"]}, index=["Kompetanse", "Grønt"]
    )
    parts = {"over": ("enig", "own"), "under": ("uenig", "against")}
    return Bars(rows=rows.rename_axis("Område"), parts=parts, below=("under",), texts="told", unit="%")


def strip(**more):
    rows = pd.DataFrame({"own": [1.5, -0.2, 0.4, 3.25], "group": [1.0, 0.1, np.nan, 2.0], "low": -1.0, "high": 4.0}, index=PLACES)
    shown = {"own": ("her", "own"), "group": ("gruppen", "group")}
    return Strip(**{"rows": rows, "marks": shown, "interval": ("low", "high"), "decimals": 1, "sign": True, "level": 0} | more)


def scatter():
    draws = np.random.default_rng(4).normal(size=(2, 60))
    rows = pd.DataFrame(
        {"name": [f"Sted {nr}" for nr in range(60)], "x": draws[0], "y": draws[1]}, index=[str(nr) for nr in range(60)]
    )
    return Scatter(
        rows=rows, x=("x", "Næring, prosent"), y=("y", "Bosted, prosent"), own="3", chosen=["5", "9"], decimals=2, zero=True
    )


def square(x, y, size=20_000.0):
    return Path([(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)], closed=True)


def flows():
    outlines = {"1": square(0, 0), "2": square(40_000, 0), "3": square(0, 50_000), "4": square(300_000, 300_000)}
    rows = pd.DataFrame({"name": ["Oslo", "Rælingen", "Tromsø"], "both": [900, 300, 20]}, index=["2", "3", "4"])
    return Map(outlines=outlines, own="1", name="Lørenskog", rows=rows, value=("both", "Begge veier"))


FORMS = {
    "lines": lines,
    "fan": fan,
    "bars": bars,
    "bars with marks": lambda: bars(marks={"before": ("før", "nation")}),
    "sides": sides,
    "waterfall": lambda: bars(from_end=True),
    "stacked": stacked,
    "strip": strip,
    "scale": lambda: strip(limits=(0, 100), ends=("lavest", "midten", "høyest"), level=None),
    "parted": lambda: strip(rows=strip().rows.assign(area=list("aabb")), by="area", own=PLACES[-1]),
    "scatter": scatter,
    "flows": flows,
    "panels": lambda: Panels(forms=[lines(), bars()]),
}


def chart(form):
    return form.chart("Et funn", "Slik leses det.", "Usikkert.", "SSB, tabell 03321, 2012–2024")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_written_in_every_form_can_be_read(name, narrow):
    assert faults(drawing.svg(chart(FORMS[name]()), narrow).decode()) == []


@pytest.mark.parametrize("name", FORMS)
def test_every_form_has_a_table_an_alt_text_with_numbers_and_the_same_bytes_twice(name):
    drawn = chart(FORMS[name]())
    assert any(sign.isdigit() for sign in drawn.alt) and "nan" not in drawn.alt
    assert set(drawn.decimals) <= set(drawn.table.columns) and len(drawn.table)
    assert drawing.svg(drawn) == drawing.svg(chart(FORMS[name]()))


def test_a_line_is_told_by_its_first_and_last_value():
    assert plain(lines().seen()) == "2012–2024. her 60,0 % i 2012, 72,0 % i 2024; landet 61,0 % i 2012, 66,0 % i 2024."


def test_the_table_of_lines_has_years_units_and_what_can_be_compared():
    table = lines().table()
    assert list(table.columns) == ["År", "Her, prosent", "Landet, prosent", "Sammenlignbar"]
    assert table["År"].tolist()[:2] == ["2012", "2013"] and table["Sammenlignbar"].tolist()[:2] == ["ja", "nei"]


def test_a_fan_names_the_lines_that_reach_its_end_and_the_ends_of_its_band():
    form = dataclasses.replace(fan(), band_names=("Nedre", "Øvre"))
    box = Box(Figure(), 0, 0, 7.2, 3.3, narrow=False)
    assert [text for _, _, text, _ in form._ends(form.every, form.shown, box)] == ["forventet 130"]
    assert list(form.table().columns) == ["År", "Folketall", "Forventet", "Nedre", "Øvre"]
    assert list(form.places()) == ["Folketall", "Forventet", "Nedre", "Øvre"]


def test_bars_of_a_waterfall_end_at_their_sum():
    form = bars(rows=pd.DataFrame({"jobs": [3.0, -1.0, 2.0]}, index=["en", "to", "i alt"]), from_end=True)
    (values,), (starts,) = form._stacks()
    assert (starts + values).tolist() == [3.0, 2.0, 2.0]


def test_a_part_below_is_drawn_on_the_other_side_of_zero_and_told_as_it_is():
    form = sides()
    (over, under), _ = form._stacks()
    assert over.tolist() == [58, 31] and under.tolist() == [-19, -42]
    assert form.table()["Uenig, prosent"].tolist() == [19, 42]
    assert form.seen().startswith("Kompetanse: enig 58")


def test_what_is_negative_is_stacked_on_the_other_side_of_zero():
    values, starts = stacked()._stacks()
    ends = [start + value for start, value in zip(starts, values, strict=True)]
    assert ends[1][0] == -3.0 and ends[2][0] == 9.0 and ends[2][1] == -7.0


def test_panels_of_the_same_years_stand_beside_each_other_and_others_under():
    same = Panels(forms=[lines(heading="En"), lines(heading="To")]).table()
    assert list(same.columns)[:2] == ["År", "En: Her, prosent"] and list(same.columns)[-1] == "To: Landet, prosent"
    assert list(same.columns).count("Sammenlignbar") == 1
    under = Panels(forms=[bars(heading="Ut"), bars(heading="Inn", rows=bars().rows.head(2))]).table()
    assert under["Hva"].tolist() == ["Ut"] * 4 + ["Inn"] * 2


def test_a_level_of_zero_is_inside_the_axis():
    low, high = drawing.canvas(chart(lines(level=0))).axes[0].get_ylim()
    assert low <= 0 <= high


def axis_of(form):
    return drawing.canvas(chart(form)).axes[0]


def written_in(form) -> list[str]:
    canvas = drawing.canvas(chart(form))
    return [text.get_text() for text in [*canvas.texts, *(text for axis in canvas.axes for text in axis.texts)]]


def strokes(form) -> list:
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in axis_of(form).lines]


def test_a_value_with_none_beside_it_is_seen_as_a_short_stroke():
    rows = pd.DataFrame({"own": [1.0, 3.0, 4.0], "nation": [2.0, np.nan, 2.5]}, index=pd.RangeIndex(2022, 2025, name="year"))
    drawn = strokes(lines(rows=rows))
    assert any(y[:3] == [2.0, 2.0, 2.0] and x[0] < 2022 < x[2] < 2023 and y[-3:] == [2.5, 2.5, 2.5] for x, y in drawn)
    assert ([2022, 2023, 2024], [1.0, 3.0, 4.0]) in drawn, "a line of values beside each other is as it is"
    cut = strokes(lines(rows=rows, broken=2023))
    assert any(y[:3] == [1.0, 1.0, 1.0] and x[0] < 2022 < x[2] < 2022.5 for x, y in cut), "nor is it joined over a break"


def test_a_name_over_a_small_panel_has_the_sign_of_its_line_or_of_its_marks():
    told = written_in(Panels(forms=[lines()] * 3, across=3))
    assert "◆ her" in told and "— landet" in told
    assert "— her" in written_in(Panels(forms=[lines(marked=False)] * 3, across=3))


def test_the_years_of_panels_are_the_same_whatever_is_written_beside_them():
    wide = lines(rows=10_000 * lines().rows[["own", "nation"]])
    axes = drawing.canvas(chart(Panels(forms=[lines(), wide, lines()], across=3))).axes
    years = [[text.get_text() for text in axis.texts if text.get_text() in map(str, YEARS)] for axis in axes]
    assert years[0] == years[1] == years[2] and len(years[0]) > 1


def test_hollow_marks_are_explained_where_there_are_any():
    note = "hule merker: ikke sammenlignbare år"
    assert any(note in plain(text) for text in written_in(lines()))
    same = lines().rows.assign(comparable=True)
    assert not any(note in text for text in written_in(lines(rows=same)) + written_in(lines(marked=False)) + written_in(stacked()))
    some = stacked().rows.assign(comparable=stacked().rows.index != 2014)
    assert any(note in plain(text) for text in written_in(dataclasses.replace(stacked(), rows=some)))


@pytest.mark.parametrize(("way", "where"), [(1, "top"), (-1, "bottom")])
def test_what_happened_is_written_where_no_line_goes(way, where):
    """Early on the line is low where it rises, and high where it falls."""
    rows = pd.DataFrame({"own": 100 + way * np.linspace(0, 100, 20)}, index=pd.RangeIndex(2006, 2026, name="year"))
    axis = axis_of(Panels(forms=[lines(rows=rows, broken=False, events=((2012, "nytt nummer"),)), lines()]))
    (told,) = (text for text in axis.texts if "nytt nummer" in text.get_text())
    assert (told.get_text(), told.get_va()) == ("nytt nummer 2012", where)


def test_a_number_is_not_broken_from_the_word_before_it():
    told = written_in(Panels(forms=[lines(more="prosent av inntektene; TBU: minst 1,75")] * 3, across=3))
    assert any("minst 1,75" in plain(text) for text in told)


def test_what_is_not_known_yet_is_written_with_three_figures():
    form = dataclasses.replace(fan(), rows=1234.5 * fan().rows)
    told = [plain(text) for text in written_in(form)]
    assert "forventet 160 000" in told or any("160 000" in text for text in told)
    assert "folketall 123 450 i 2012, 123 450 i 2024" in plain(chart(form).alt), "what is known is told as it is"


def test_levels_of_an_axis_have_no_decimals_that_they_do_not_need():
    rows = pd.DataFrame({"own": [60.0, 72.0]}, index=pd.Index([2023, 2024], name="year"))

    def written(rows) -> list[str]:
        """What stands before the axis."""
        return [text.get_text() for text in axis_of(lines(rows=rows)).texts if text.get_ha() == "right"]

    told, close = written(rows), written(rows / 100)
    assert told and not any("," in text for text in told)
    assert close and len(set(close)) == len(close)


def test_what_is_written_at_bars_with_marks_stands_in_one_column():
    axis = axis_of(bars(marks={"before": ("før", "nation")}))
    after = [text for text in axis.texts if text.get_ha() == "left"]  # those before the axis end there
    assert {text.xy[0] for text in after} == {axis.get_xlim()[1]}


def test_the_alt_text_says_that_a_bar_is_not_shown_and_leaves_out_a_mark_that_is_not_there():
    form = bars(marks={"before": ("før", "nation")})
    rows = form.rows.astype(float)
    rows.loc["Lørenskog", "jobs"] = rows.loc["Lillestrøm", "before"] = np.nan
    told = plain(dataclasses.replace(form, rows=rows).seen())
    assert told.startswith("Lørenskog: nå vises ikke, før 1 000; Lillestrøm: nå 640;")


def test_the_alt_text_has_an_interval_after_the_mark_that_it_is_around():
    rows = pd.DataFrame({"own": [5.0], "told": [4.0], "low": [3.0], "high": [6.0]}, index=["A"])
    form = Strip(rows=rows, marks={"own": ("målt", "own"), "told": ("ventet", "nation")}, interval=("low", "high"))
    assert form.seen() == "A: målt 5 (3 til 6), ventet 4."
    assert dataclasses.replace(form, around="told").seen() == "A: målt 5, ventet 4 (3 til 6)."


def test_a_form_without_any_figure_is_drawn_empty():
    drawn = chart(lines(rows=lines().rows.assign(own=np.nan, nation=np.nan)))
    assert drawing.svg(drawn) and drawn.alt == "Linjefigur. Ingen tall."


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0.1, 5))
def test_names_at_the_ends_of_lines_keep_apart_and_in_order(levels, gap):
    moved = spread(sorted(levels), [gap] * len(levels), 100.0)
    assert all(after - before >= gap - 1e-9 for before, after in pairwise(moved))
    assert max(moved) <= 100


def test_small_type_text_outside_and_text_over_text_are_found():
    figure = drawing.canvas(chart(bars()))
    figure.text(0.5, 0.5, "for liten", size=5)
    figure.text(0.97, 0.2, "utenfor figuren", size=10)
    figure.text(0.3, 0.9, "en tekst", size=10)
    figure.text(0.3, 0.9, "en annen", size=10)
    with style.grammar():
        found = " ".join(faults(drawn(figure, "")))
    assert "liten skrift (5.0 pt): «for liten»" in found and "utenfor figuren: «utenfor figuren»" in found
    assert "over hverandre: «en tekst» og «en annen»" in found
