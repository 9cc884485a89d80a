"""The figures of the commuting page: what their titles say, what they hold, and when there is none."""

import os
from pathlib import Path

import commuting_country as country
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path as Outline

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import own_years, span
from nlib.charts.legible import faults
from nlib.charts.outlines import edge, middle, window
from nlib.core.language import short_name
from nlib.themes.pendling import figures as pendling

FLOWS = country.flows()
COMMUTING = country.measures(FLOWS)
NAMES = {nr: short_name(name) for nr, name in country.municipalities().set_index("komm_nr")["name"].items()}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def charts(number, flows=FLOWS):
    """Every figure of a municipality, by the last part of its id."""
    commuting = country.measures(flows)
    areas, figures = country.areas(flows)
    drawn = [
        pendling.trend(commuting, NAMES, number),
        pendling.partners(commuting, flows, NAMES, number),
        pendling.flow_map(commuting, flows, NAMES, country.outlines(), number),
        pendling.area(commuting, areas, figures, NAMES, number),
    ]
    return {chart.id.split(".")[1]: chart for chart in drawn}


# -- titles


def test_the_trend_has_the_latest_shares_in_its_title_and_leaves_their_changes_to_the_key_figures():
    # 3222 out: 700 of 1000 to 750 of 1030; in: 300 of 600 to 280 of 560
    chart = charts("3222")["trend"]
    assert plain(chart.title) == "Utpendlingen fra Lørenskog er 72,8 prosent, innpendlingen 50,0 i 2021"
    assert "siden" not in chart.reading


def test_years_that_cannot_be_compared_give_a_level_and_no_change():
    chart = charts("1580")["trend"]
    assert chart.title == "Utpendlingen fra Haram er 18,4 prosent, innpendlingen 7,0 i 2021"
    assert "fordelt etter folketall" in chart.uncertainty
    assert not {"økt", "gått ned", "uendret"} & {word for word in ("økt", "gått ned", "uendret") if word in chart.reading}


def test_no_change_is_told_across_the_break_of_2015():
    rows = pd.DataFrame({"year": [2013, 2015, 2016], "out_pct": [10.0, 20.0, 21.0], "in_pct": [5.0, 9.0, 9.0], "comparable": True})
    assert span(rows, "out_pct") == (2015, 2016)
    assert span(rows[rows["year"] < 2016], "out_pct") is None


def test_partners_are_counted_of_all_who_commute_the_way_that_more_do():
    assert charts("3222")["partners"].title == "Av 750 utpendlere fra Lørenskog arbeider 650 i Oslo"
    assert charts("0301")["partners"].title.endswith("innpendlere til Oslo bor 650 i Lørenskog")
    assert charts("3419")["partners"].title == "Alle 10 utpendlere fra Våler (Innlandet) arbeider i Oslo"


def test_both_ways_stand_in_one_figure_with_shares_of_residents_and_of_jobs():
    table = charts("3222")["partners"].table
    ways = table.groupby("Hva", sort=False)["Personer"].sum()
    assert [plain(way) for way in ways.index] == ["Arbeider i: 750 utpendlere", "Bor i: 280 innpendlere"]
    assert ways.tolist() == [750, 280]
    oslo = table[table["Kommune"] == "Oslo"].iloc[0]
    assert oslo["Prosent av sysselsatte innbyggere"] == pytest.approx(100 * 650 / 1030)


def test_both_ways_are_drawn_on_one_scale():
    figure = charts("3222")["partners"].figure()
    assert len({axis.get_xlim() for axis in figure.axes}) == 1


def test_people_who_are_shared_after_a_split_are_not_counted_beside_those_of_the_other_table():
    trend = charts("1580")["trend"].table
    assert trend["Arbeidsplasser"].isna().all() and trend["Innpendling, prosent"].notna().any()
    register = COMMUTING[["komm_nr", "year", "jobs"]].assign(jobs=7)
    area = pendling.area(COMMUTING, *country.areas(FLOWS), NAMES, "3222", employed_register=register)
    assert set(area.table["Arbeidsplasser"].dropna()) == {7}


def test_the_area_says_whether_the_municipality_is_in_one_leads_one_or_is_one():
    titles = [plain(charts(number)["area"].title) for number in ("3222", "0301", "1151")]
    assert titles[0] == "Lørenskog hører til arbeidsmarkedsområdet Oslo, med fem kommuner"
    assert titles[1] == "Oslo er tyngdepunktet i et arbeidsmarkedsområde på fem kommuner"
    assert titles[2] == "Utsira er sitt eget arbeidsmarkedsområde: 100 % både bor og arbeider der"


def test_the_other_method_is_told_in_words():
    doubt = charts("3222")["area"].uncertainty
    assert "Med en annen metode (Leiden) har det fire kommuner, ikke fem" in doubt
    assert pendling._community_sentence({"3222"}, {"3222"}).endswith("blir det det samme.")


def test_no_area_is_told_of_a_municipality_whose_flows_to_its_other_part_are_not_known():
    assert charts("1580")["area"].reason.endswith("pendlingen mellom delene av en delt kommune er ikke kjent.")


def test_an_area_that_is_too_small_or_open_says_so():
    said = {number: "mindre eller mer åpent" in charts(number)["area"].uncertainty for number in ("1151", "3222")}
    assert said == {"1151": True, "3222": False}


# -- numbers


def test_the_eleventh_partner_stands_by_name_where_it_is_the_last():
    partners = [f"{n:04}" for n in range(5001, 5012)]
    rows = {"home_nr": "3222", "work_nr": ["3222", *partners], "year": 2021, "employed": range(100, 112)}
    flows = pd.DataFrame(rows).astype({"home_nr": "str", "work_nr": "str", "employed": "Int64"})
    table = pendling.partners(country.measures(flows), flows, NAMES, "3222").table
    assert table["Kommune"].tolist() == partners[::-1]


def test_the_rest_and_the_ten_largest_add_up_to_all_commuters():
    partners = [f"{n:04}" for n in range(5001, 5016)]
    rows = {"home_nr": "3222", "work_nr": ["3222", *partners], "year": 2021, "employed": range(100, 116)}
    flows = pd.DataFrame(rows).astype({"home_nr": "str", "work_nr": "str", "employed": "Int64"})
    table = pendling.partners(country.measures(flows), flows, NAMES, "3222").table
    assert len(table) == 11
    assert table["Kommune"].iloc[-1] == "5 andre"
    assert table["Personer"].sum() == sum(range(101, 116))
    assert table["Prosent av sysselsatte innbyggere"].sum() == pytest.approx(100 * sum(range(101, 116)) / sum(range(100, 116)))


def test_a_hidden_flow_is_told_and_is_not_zero():
    hidden = FLOWS.assign(employed=FLOWS["employed"].mask((FLOWS["home_nr"] == "3222") & (FLOWS["work_nr"] == "3205")))
    found = charts("3222", hidden)
    assert "skjult" in found["partners"].uncertainty
    out = found["partners"].table.query("Hva.str.startswith('Arbeider')")
    assert "Lillestrøm" not in out["Kommune"].tolist()
    assert "Lillestrøm" not in found["flow_map"].table["Kommune"].tolist()


def test_the_map_adds_both_ways():
    table = charts("3222")["flow_map"].table.set_index("Kommune")
    assert table.loc["Oslo"].tolist() == [750, 650, 100]
    assert table.loc["Lillestrøm"].tolist() == [280, 100, 180]


def test_a_missing_year_is_a_gap_that_is_told():
    found = charts("3222")["trend"]
    assert "2019 mangler" in found.reading
    figure = drawing.canvas(found)
    texts = [text.get_text() for axis in figure.axes for text in axis.texts]
    assert "2019 mangler" in texts
    line = next(line for line in figure.axes[0].lines if len(line.get_xdata()) == 5)
    assert np.isnan(np.asarray(line.get_ydata(), dtype=float)[2])


def test_a_year_that_is_not_comparable_has_hollow_marks():
    shares = drawing.canvas(charts("1580")["trend"]).axes[0]
    faces = {line.get_markerfacecolor() for line in shares.lines if line.get_marker() == "D" and len(line.get_xdata())}
    assert faces == {"white"}


def test_few_people_are_told_of():
    last = own_years(COMMUTING, "3419", "out_pct").iloc[-1]
    assert (
        plain(pendling.one_person(last))
        == "Tallene er små: én person utgjør 1,0 prosentpoeng av utpendlingen og 1,1 prosentpoeng av innpendlingen."
    )
    assert pendling.one_person(own_years(COMMUTING, "3222", "out_pct").iloc[-1]) == ""


def test_a_municipality_drawn_with_another_says_so():
    found = charts("1580")["flow_map"]
    assert "Haram er tegnet sammen med Ålesund" in found.uncertainty
    assert found.table["Kommune"].tolist() == ["Ålesund"]


# -- the edges


@pytest.mark.parametrize("number", country.NAMES)
@pytest.mark.parametrize("years", [(2017, 2018, 2020, 2021), (2020, 2021), (2021,)], ids=str)
def test_every_figure_draws_wide_and_narrow_or_says_why_not(number, years):
    for chart in charts(number, country.flows(years)).values():
        if isinstance(chart, Missing):
            assert chart.reason
            continue
        assert chart.title
        assert "nan" not in f"{chart.title}{chart.reading}{chart.alt}{chart.uncertainty}"
        assert any(letter.isdigit() for letter in chart.alt)
        assert len(chart.table)
        for narrow in (False, True):
            drawing.canvas(chart, narrow)


def test_nobody_who_commutes_is_a_missing_figure_with_its_reason():
    found = charts("1151")
    why = "Ingen pendler ut fra eller inn til Utsira i 4. kvartal 2021."
    assert found["partners"] == Missing("pendling.partners", "Hvor folk pendler", why)
    assert isinstance(found["flow_map"], Missing)


def test_a_municipality_without_flows_has_no_figures_at_all():
    found = charts("1151", FLOWS[FLOWS["home_nr"] != "1151"])
    assert {type(chart) for chart in found.values()} == {Missing}


def test_without_an_outline_there_is_no_map():
    shapes = {number: shape for number, shape in country.outlines().items() if number != "3222"}
    assert isinstance(pendling.flow_map(COMMUTING, FLOWS, NAMES, shapes, "3222"), Missing)


def test_residents_who_all_work_elsewhere_have_a_share_out_but_none_in():
    flows = pd.concat([FLOWS[FLOWS["home_nr"] != "1151"], FLOWS[FLOWS["home_nr"] == "1151"].assign(work_nr="0301")])
    found = charts("1151", flows)
    assert found["partners"].title == "Den eneste som pendler ut fra Utsira, arbeider i Oslo"
    for chart in found.values():
        if isinstance(chart, Chart):
            drawing.canvas(chart)


def test_the_same_figures_give_the_same_bytes_and_leave_their_tables_alone():
    before = FLOWS.copy(deep=True), COMMUTING.copy(deep=True)
    assert drawing.svg(charts("3222")["area"]) == drawing.svg(charts("3222")["area"])
    assert drawing.svg(charts("3222")["flow_map"], narrow=True) == drawing.svg(charts("3222")["flow_map"], narrow=True)
    pd.testing.assert_frame_equal(before[0], FLOWS)
    pd.testing.assert_frame_equal(before[1], COMMUTING)


@pytest.mark.parametrize("number", ["3222", "0301", "1151", "1580"])
@pytest.mark.parametrize("narrow", [False, True])
def test_what_is_written_in_every_figure_can_be_read(number, narrow):
    found = {name: chart for name, chart in charts(number).items() if isinstance(chart, Chart)}
    assert {name: faults(drawing.svg(chart, narrow).decode()) for name, chart in found.items()} == {name: [] for name in found}


# -- what the drawings stand on


def test_the_middle_is_the_centroid_of_the_largest_part():
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]) + 1e6
    islet = square / 100
    both = Outline.make_compound_path(Outline(islet, closed=True), Outline(square, closed=True))
    assert middle(both) == pytest.approx([1e6 + 2, 1e6 + 2])


@given(st.integers(-1_000_000, 1_000_000), st.integers(-1_000_000, 1_000_000))
def test_a_line_that_leaves_the_map_ends_inside_it(x, y):
    box = np.array([[-10.0, -10.0], [10.0, 10.0]])
    end = edge(np.zeros(2), np.array([x, y]), box)
    assert (np.abs(end) <= 9.4 + 1e-9).all() or (np.abs([x, y]) <= 10).all()


def test_the_window_has_the_figures_shape_and_holds_what_is_near():
    own = country.outlines()["3222"]
    ends = middle(own) + np.array([[30_000, 0], [900_000, 0]])
    box = window(own, ends, np.array([90.0, 10.0]), 1.5)
    (width, height), inside = box[1] - box[0], (ends > box[0]) & (ends < box[1])
    assert width / height == pytest.approx(1.5)
    assert inside.all(axis=1).tolist() == [True, False]


# -- real figures


def test_known_figures_of_lørenskog_and_lillestrøm():
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    from nlib.core.municipalities import resource
    from nlib.data.sources import ssb_03321
    from nlib.indicators import commuting

    codes, changes = resource("municipalities.csv"), resource("municipality_changes.csv")
    raw = pd.read_csv(Path(data) / "statbank" / "03321.csv.gz", dtype="str")
    raw = raw.assign(value=raw["value"].astype(float), status=pd.NA)
    flows = ssb_03321.build(raw, codes, changes)
    table = commuting.build(flows, codes, changes)
    names = codes[codes["valid_to"].isna()].set_index("komm_nr")["name"].map(short_name).to_dict()
    trend = pendling.trend(table, names, "3222").table.set_index("År")
    assert trend.loc["2017", "Arbeidsplasser"] == 20_720
    assert trend.loc["2017", ["Utpendling, prosent", "Innpendling, prosent"]].astype(float).round(1).tolist() == [69.3, 70.7]
    assert (
        plain(pendling.partners(table, flows, names, "3205").title) == "Av 29 436 utpendlere fra Lillestrøm arbeider 17 430 i Oslo"
    )


@pytest.mark.parametrize(("more", "told"), [(12, "12 sysselsatte innbyggere til i"), (1, "Én sysselsatt innbygger til i"), (0, "")])
def test_the_trend_tells_how_many_more_residents_the_other_table_has(more, told):
    table = COMMUTING
    register = table[["komm_nr", "year", "employed_residents"]].assign(employed_residents=table["employed_residents"] + more)
    doubt = pendling.trend(table, NAMES, "3222", register).uncertainty
    assert ("11618" in doubt, told in plain(doubt)) == (more > 0, True)
