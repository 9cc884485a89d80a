"""What a researcher does with their own figures: joins them in SQL, draws them on the map, takes tables to other programs."""

import re
import warnings

import matplotlib
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import seaborn

import nlib
from nlib.charts.chart import Chart
from nlib.charts.style import OWN
from nlib.core.catalogue import LISTED, chosen, figure
from nlib.core.errors import UnknownMunicipality, UnknownTable, WrongParameter, WrongUse

CATALOGUE = LISTED["figure"].to_dict()
MINE = pd.DataFrame({"komm_nr": ["3222", "0301"], "places": [400, 9000]})
MINE.attrs["columns"] = {"places": {"unit": "plasser", "meaning": "Barnehageplasser"}}


@pytest.fixture(autouse=True)
def at_home(own_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(own_home))


# SQL with own frames


def test_an_own_frame_stands_beside_the_tables_and_columns_keep_what_they_mean():
    answer = nlib.sql(
        "select name, places, c.out_pct, jobs as arbeid, jobs / places as per, avg(in_pct) over () as in_pct "
        "from mine join commuting c using (komm_nr) join municipalities using (komm_nr) where year = 2020 order by name",
        mine=MINE,
    )
    assert answer["places"].tolist() == [400, 9000]
    told = answer.attrs["columns"]
    assert told["out_pct"]["unit"] == "prosent" and told["arbeid"]["meaning"] == "Sysselsatte etter arbeidssted (J)"
    assert told["places"] == {"unit": "plasser", "meaning": "Barnehageplasser"}
    assert set(told) == {"name", "places", "out_pct", "arbeid"}, "what the query works out has no meaning of ours"
    assert "03321" in answer.attrs["source"] and "07459" not in answer.attrs["source"]


@pytest.mark.parametrize(
    "query",
    [
        "with c(year, out_pct) as (select year, jobs from commuting) select out_pct from c",
        "select out_pct from (select avg(in_pct) as out_pct from commuting)",
        "select out_pct from commuting as c(komm_nr, year, out_pct)",
        "select sum(out_pct) as out_pct from commuting",
    ],
)
def test_a_name_that_the_query_gives_to_something_else_means_nothing(query):
    assert "out_pct" not in nlib.sql(query).attrs["columns"]


def test_frames_of_others_are_not_seen_and_names_of_tables_are_the_editions():
    secret = MINE
    with pytest.raises(WrongUse, match="Ingen tabell heter «secret»"):
        nlib.sql("select * from secret", mine=secret)
    with pytest.raises(WrongUse, match="Utgaven har en tabell som heter Commuting"):
        nlib.sql("select * from commuting", Commuting=MINE)
    with pytest.raises(WrongParameter, match=r"mine må være en tabell \(pandas DataFrame\), ikke \[1\]"):
        nlib.sql("select * from mine", mine=[1])


def test_a_misspelt_own_frame_is_answered_with_its_name():
    with pytest.raises(UnknownTable, match=r"Ingen tabell heter «mien»\. Mente du mine\?"):
        nlib.sql("select * from mien", mine=MINE)


# whom and when


@pytest.mark.parametrize(
    ("years", "found"),
    [
        (2020, [2020]),
        ((2019, 2020), [2019, 2020]),
        ([2018, 2020], [2018, 2019, 2020]),
        (range(2018, 2021), [2018, 2019, 2020]),
        (np.int64(2020), [2020]),
        ((2021, 2040), [2021]),
    ],
)
def test_years_are_one_or_the_first_and_the_last(years, found):
    assert nlib.table("commuting", kommune="Lørenskog", years=years)["year"].tolist() == found
    assert nlib.indicator("out_pct", "Lørenskog", years=years)["year"].tolist() == found


@pytest.mark.parametrize("years", ["2020", [2020], [2018, 2019, 2020], slice(2018, 2020), (2019.5, 2020), range(0), (2020, 2018)])
def test_other_years_are_refused_with_what_may_be_asked(years):
    for asks in (nlib.table, nlib.indicator):
        with pytest.raises(WrongParameter, match=r"et år, 2020, eller det første og det siste, \(2015, 2020\)"):
            asks("commuting" if asks is nlib.table else "out_pct", kommune="Lørenskog", years=years)
    with pytest.raises(WrongParameter, match="years må være"):
        nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog", years=years)


@pytest.mark.parametrize(("years", "said"), [(1990, "1990"), ((2030, 2040), "2030–2040")])
def test_years_that_no_figure_is_of_are_refused_with_those_that_there_are(years, said):
    for asks in (nlib.table, nlib.indicator):
        with pytest.raises(WrongParameter, match=f"har tall for 2006–2021, ikke for {said}"):
            asks("commuting" if asks is nlib.table else "out_pct", kommune="Lørenskog", years=years)
    with pytest.raises(WrongParameter, match=f"commuting har tall for 2006–2021, ikke for {said}"):
        nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog", years=years)


def test_a_number_may_be_a_number_as_papermill_gives_it_and_nobody_is_no_place():
    assert nlib.table("commuting", kommune=301, years=2020)["komm_nr"].tolist() == ["0301"]
    assert nlib.indicator("out_pct", [301, "3222"], years=2020)["komm_nr"].tolist() == ["0301", "3222"]
    with pytest.raises(WrongParameter, match="ikke None"):
        nlib.table("commuting", kommune=None)


# the county and the nation beside


def test_an_indicator_has_the_county_and_the_nation_beside_as_reports_say_them():
    rows = nlib.indicator("out_pct", "Lørenskog", years=(2020, 2021), beside=True)
    assert list(rows["komm_nr"]) == ["3222", "3222", "3200", "3200", "0000", "0000"]
    assert rows["value"].iloc[-1] == rows["nation"].iloc[1]
    akershus = nlib.table("commuting").query("year == 2021 and komm_nr.str.startswith('32')")
    mean = np.average(akershus["out_pct"], weights=akershus["employed_residents"])
    assert rows["value"].iloc[3] == pytest.approx(mean)
    assert rows["rank"].iloc[2:].isna().all()


def test_a_county_is_the_sum_of_its_municipalities_where_they_are_counted():
    people = nlib.indicator("population", "Oslo", beside=True).set_index(["komm_nr", "year"])["value"]
    last = people.loc["0301"].index.max()
    assert people["0301", last] == people["0300", last] < people["0000", last]
    assert people["0000", last] == nlib.table("population").query("year == @last")["population"].sum()


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_published_indicator_is_the_same_in_its_table_beside_a_place(name):
    match, places = figure(CATALOGUE[name]), ["Lørenskog", "Oslo"]
    told = (
        nlib.indicator(name, places, beside=True).query("komm_nr not in ['3222', '0301']").set_index(["komm_nr", "year"])["value"]
    )
    table = nlib.table(match["table"], kommune=places, beside=True)
    rows = chosen(match, table).query("komm_nr not in ['3222', '0301']").set_index(["komm_nr", "year"])[match["column"]].dropna()
    if name == "per_employee_kr":  # the nation's is of accounts and of estimates, each where it is best: a row of neither
        assert rows.empty and told.loc["0000"].gt(500_000).all()
    else:
        pd.testing.assert_series_equal(rows.astype(float).sort_index(), told.sort_index(), check_names=False)


def test_commuting_beside_a_place_agrees_with_itself_and_what_cannot_be_added_up_is_missing():
    whole = nlib.table("commuting").query("year == 2021")
    nation = nlib.table("commuting", kommune="Lørenskog", years=2021, beside=True).set_index("komm_nr").loc["0000"]
    assert nation["out_commuters"] == whole["out_commuters"].sum() > 0
    assert nation["out_pct"] == pytest.approx(100 * nation["out_commuters"] / nation["employed_residents"])
    income = nlib.table("income", kommune="Lørenskog", years=2021, beside=True).set_index("komm_nr")
    assert income["median_income_kr"].isna().tolist() == [False, True] == income["median_after_tax_kr"].isna().tolist()
    assert len(nlib.table("income").query("year == 2021")) < 357 and "0000" not in income.index, "nothing is known of the nation"
    models = nlib.table("attractiveness", kommune="Lørenskog", years=2021, beside=True)
    assert set(models["komm_nr"]) == {"3222"} and models.attrs["beside"] == {}


def test_a_region_is_asked_of_as_a_municipality_is():
    region = nlib.region(["3222", "Lillestrøm", "3224"], name="Nedre Romerike")
    own = region.rows("commuting").query("year == 2021")
    assert nlib.table("commuting", kommune=region, years=(2021, 2021)).equals(own.reset_index(drop=True))
    told = nlib.indicator("out_pct", region, years=(2021, 2021), beside=True)
    assert told["komm_nr"].tolist() == ["3200", "32", "0000"]
    assert told["value"].iloc[0] == own["out_pct"].iloc[0] < told["value"].iloc[1]


def test_beside_nobody_is_refused():
    for ask in (lambda: nlib.table("commuting", beside=True), lambda: nlib.indicator("out_pct", beside=True)):
        with pytest.raises(WrongParameter, match="Si hvilken kommune"):
            ask()
    with pytest.raises(WrongParameter, match="har ingen år"):
        nlib.table("municipalities", years=(2020, 2021))


# the map


def test_the_map_has_every_municipality_with_its_value_and_a_projection():
    values = pd.Series({"Lørenskog": 1.5, "0301": 2.5, "1580": 3.5}, name="andel")
    drawn = nlib.map(values)
    assert len(drawn) == drawn["komm_nr"].nunique() == len(nlib.table("municipalities"))
    assert drawn.crs.to_epsg() == 25833
    assert not drawn.geometry.is_empty.any() and drawn.geometry.is_valid.all()
    assert drawn.dropna(subset="andel").set_index("komm_nr")["andel"].to_dict() == {"0301": 2.5, "1580": 3.5, "3222": 1.5}
    assert drawn.set_index("komm_nr").loc["3222", "outline"] == "3222"
    alike = drawn[drawn.geometry.to_wkb().duplicated(keep=False)]
    assert set(alike["outline"]) == set(drawn.shared) == {"1508"}, "no two have the same outline without its being said"


def test_a_map_is_a_picture_with_a_scale_and_those_without_a_value_in_it():
    figure = nlib.map(pd.Series({"Lørenskog": 1.5, "Oslo": 2.5}, name="andel")).figure()
    assert len(figure.axes) == 2 and figure.axes[1].get_ylabel() == "andel"
    assert figure.get_supxlabel() == (
        "Skravert: Ålesund og Haram har ett omriss i kartet, som er fra før delingen. Fargen gjelder Ålesund."
    )
    assert [drawn.get_hatch() for drawn in figure.axes[0].collections if drawn.get_hatch()] == ["/////"]
    alone = nlib.map(pd.Series({"Haram": 1.5}, name="andel"))
    assert alone.shared["1508"].endswith("Fargen gjelder Haram.")
    colours = [drawn.get_array() for drawn in alone.figure().axes[0].collections if drawn.get_array() is not None]
    assert [len(values) for values in colours] == [1], "it is seen though it has no outline of its own"
    kinds = nlib.map(pd.Series({"Lørenskog": "a", "Oslo": "b"})).figure()
    assert {text.get_text() for text in kinds.axes[0].get_legend().get_texts()} >= {"a", "b"}


@pytest.mark.parametrize(
    ("values", "error", "told"),
    [
        (pd.Series({"0230": 1}), UnknownMunicipality, "nlib.to_today"),
        (pd.Series({"Lørenskg": 1}), UnknownMunicipality, r"Mente du Lørenskog \(3222\)"),
        (pd.Series([1, 2], index=["3222", "Lørenskog"]), WrongParameter, "mer enn én verdi"),
        (MINE, WrongParameter, "values må være en pandas Series, ikke en tabell"),
        (pd.Series({"Oslo": None}), WrongParameter, "Series med kommunen som indeks"),
    ],
)
def test_values_that_are_not_one_for_each_of_todays_municipalities_are_refused(values, error, told):
    with pytest.raises(error, match=told):
        nlib.map(values)


# to other programs


@pytest.fixture
def some():
    frame = nlib.table("commuting", kommune=["Lørenskog", "Oslo"])
    return frame.assign(jobs=frame["jobs"].where(frame["year"] > 2010))


def test_stata_has_labels_with_units_and_missing_stays_missing(some, tmp_path):
    with pd.io.stata.StataReader(nlib.save(some, tmp_path / "a" / "x.dta")) as file:
        assert file.variable_labels()["out_pct"] == "Andel av de sysselsatte som pendler ut, 1 − T/R (prosent)"
        assert "Pendling" in file.data_label
        read = file.read()
    assert read["komm_nr"].tolist() == some["komm_nr"].tolist()
    assert read["jobs"].isna().tolist() == some["jobs"].isna().tolist() and some["jobs"].isna().any()
    assert read["out_pct"].tolist() == some["out_pct"].tolist()
    assert set(read["comparable"]) == {"ja"}


def test_a_name_that_stata_does_not_take_is_another_there_and_keeps_its_label(tmp_path):
    frame = pd.DataFrame({"local": [1.5], "Andel, prosent": [2], "år": [2020], "1x": [True]})
    frame.attrs["columns"] = {"local": {"meaning": "Lokal vekst", "unit": "personer"}}
    with pytest.warns(UserWarning, match="local heter _local, Andel, prosent heter Andel__prosent, 1x heter _1x i filen") as told:
        path = nlib.save(frame, tmp_path / "x.dta")
    assert len(told) == 1 and told[0].filename == __file__
    with pd.io.stata.StataReader(path) as file:
        named = {"_local": "Lokal vekst (personer)", "Andel__prosent": "Andel, prosent", "år": "", "_1x": "1x"}
        assert file.variable_labels() == named
        assert file.read()["_1x"].tolist() == ["ja"]


@pytest.mark.parametrize(("ending", "read"), [("dta", pd.read_stata), ("xlsx", pd.read_excel), ("parquet", pd.read_parquet)])
def test_a_frame_without_rows_is_saved_with_its_columns(some, tmp_path, ending, read):
    with warnings.catch_warnings(action="ignore"):
        assert list(read(nlib.save(some.head(0), tmp_path / f"x.{ending}"))) == list(some)


@pytest.mark.slow
def test_every_table_is_saved_whole_or_refused_by_name(tmp_path):
    readers = {"dta": pd.read_stata, "xlsx": pd.read_excel, "parquet": pd.read_parquet}
    refused = set()
    for name in nlib.tables().index:
        table = nlib.table(name)
        few = table.head(0 if len(name) % 2 else 20).copy()
        few.attrs = table.attrs
        for ending, read in readers.items():
            try:
                with warnings.catch_warnings(action="ignore"):
                    assert len(read(nlib.save(few, tmp_path / f"x.{ending}"))) == len(few)
            except WrongUse:
                refused.add(name)
    assert refused == {"boundaries"}


def test_excel_has_the_figures_first_and_what_the_columns_are_beside(some, tmp_path):
    book = pd.read_excel(nlib.save(some, tmp_path / "x.xlsx"), sheet_name=None, engine="calamine", dtype={"komm_nr": "str"})
    assert list(book) == ["Tall", "Kolonner"]
    assert book["Tall"]["komm_nr"].tolist() == some["komm_nr"].tolist()
    assert book["Tall"]["jobs"].isna().tolist() == some["jobs"].isna().tolist()
    told = [str(cell) for cell in book["Kolonner"].to_numpy().ravel()]
    assert "prosent" in told and any("03321" in cell for cell in told)


def test_parquet_has_meaning_and_unit_in_its_fields_and_reads_back_whole(some, tmp_path):
    path = nlib.save(some, tmp_path / "x.parquet")
    assert pq.read_schema(path).field("out_pct").metadata[b"unit"] == b"prosent"
    read = pd.read_parquet(path)
    assert read.equals(some) and read.attrs["columns"] == some.attrs["columns"]


@pytest.mark.parametrize(("ending", "read"), [("dta", pd.read_stata), ("xlsx", pd.read_excel), ("parquet", pd.read_parquet)])
def test_the_names_of_rows_are_columns_of_the_file(some, tmp_path, ending, read):
    wide = some.pivot_table(index=["komm_nr", "year"], values="jobs")
    with warnings.catch_warnings(action="ignore"):
        assert list(read(nlib.save(wide, tmp_path / f"x.{ending}"))) == ["komm_nr", "year", "jobs"]
        assert list(read(nlib.save(some[some["year"] == 2020], tmp_path / f"y.{ending}"))) == list(some), "numbers only count rows"
    nameless = pd.DataFrame({"a": [1]}, index=["0301"])
    for frame, why in ((nameless, "ingen overskrift"), (wide.assign(year=1), "både en kolonne og radenes navn")):
        with pytest.raises(WrongUse, match=why):
            nlib.save(frame, tmp_path / f"z.{ending}")


@pytest.mark.parametrize("ending", ["dta", "xlsx"])
def test_what_a_kind_of_file_has_no_room_for_is_one_error(tmp_path, ending):
    times = pd.DataFrame({"tid": pd.to_datetime(["2020-01-01"], utc=True)})
    for frame, why in ((times, rf"\.{ending} har ikke plass"), (pd.DataFrame([[1, 2]], columns=["a", "a"]), "To kolonner heter a")):
        with pytest.raises(WrongUse, match=why):
            nlib.save(frame, tmp_path / f"x.{ending}")
    assert not list(tmp_path.glob("x.*"))


def test_what_a_file_cannot_hold_is_refused(some, tmp_path):
    with pytest.raises(WrongUse, match=r"\.dta, \.xlsx eller \.parquet"):
        nlib.save(some, tmp_path / "x.csv")
    with pytest.raises(WrongUse, match="geometry er omriss"):
        nlib.save(nlib.table("boundaries"), tmp_path / "x.dta")
    with pytest.raises(WrongUse, match="geometry er omriss"):
        nlib.save(nlib.map(pd.Series({"Oslo": 1})), tmp_path / "x.parquet")
    with pytest.raises(WrongUse, match="over 32 tegn"):
        nlib.save(some.rename(columns={"jobs": "x" * 33}), tmp_path / "x.dta")
    with pytest.raises(WrongUse, match="Kolonnen deler har lister"):
        nlib.save(some.assign(deler=[["a", "b"]] * len(some)), tmp_path / "x.parquet")
    with pytest.raises(WrongUse, match=r"frame må være en tabell \(pandas DataFrame\), ikke \["):
        nlib.save([some], tmp_path / "x.xlsx")
    assert not list(tmp_path.glob("x.*"))


# own plots


def test_the_theme_is_for_own_plots_and_changes_no_figure_of_ours():
    chart = nlib.view("Lørenskog").figure("pendling.trend")
    before = chart._repr_html_()
    try:
        nlib.theme()
        axis = seaborn.lineplot(x=[1, 2], y=[1, 2], ax=matplotlib.pyplot.figure().subplots())
        assert matplotlib.colors.to_hex(axis.lines[0].get_color()) == OWN
        assert not axis.spines["top"].get_visible()
        assert chart._repr_html_() == before
    finally:
        matplotlib.pyplot.close("all")
        seaborn.reset_orig()


@pytest.mark.parametrize(
    ("frame", "name", "said"),
    [
        (pd.DataFrame({"a": np.zeros(1_048_576)}), "x.xlsx", "Excel tar 1048575 rader og 16384 kolonner"),
        (pd.DataFrame({"a": ["x" * 40_000]}), "x.xlsx", "Kolonnen a har en tekst på over 32767 tegn"),
        (pd.DataFrame({"a": [1]}), "/proc/x.dta", "/proc/x.dta kan ikke skrives"),
    ],
)
def test_what_a_file_has_no_room_for_is_refused_and_not_cut(tmp_path, frame, name, said):
    with pytest.raises(WrongUse, match=re.escape(said)):
        nlib.save(frame, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_map_is_drawn_of_yes_and_no_and_not_of_what_is_no_number():
    of = nlib.indicator("out_pct").drop_duplicates("komm_nr", keep="last").set_index("komm_nr")["value"].astype(float)
    assert nlib.map(of > 50).figure().axes
    for odd in (of.where(of != of.max(), np.inf), of.astype("str")):
        with pytest.raises(WrongParameter, match="tar tall, ikke uendelig"):
            nlib.map(odd)


def test_figures_take_numbers_for_numbers_and_the_last_year_of_the_flows_that_are_given():
    view = nlib.view("Lørenskog")
    with pytest.raises(WrongParameter, match="har ikke tall i kolonnen year"):
        view.figure("pendling.trend", commuting=view.table("commuting").astype({"year": "str"}))
    with pytest.raises(WrongUse, match="Kolonnen komm_nr er ikke tall"):
        nlib.compare(view.table("commuting"), "komm_nr", "Lørenskog")
    for years, last in (("year <= 2019", "2019"), ("year in (2017, 2050)", "2017")):
        drawn = view.figure("pendling.partners", commuting_flows=view.table("commuting_flows").query(years))
        assert isinstance(drawn, Chart) and f"4. kvartal {last}" in drawn.source.replace("\N{NO-BREAK SPACE}", " ")
