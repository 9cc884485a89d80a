"""The long-term page: what its titles say, what its figures hold, the arithmetic of the targets, and when there is none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.html import figure_html
from nlib.charts.legible import faults
from nlib.core.errors import WrongUse
from nlib.core.language import MINUS, short_name
from nlib.themes.perspektiv import figures as perspektiv
from nlib.themes.perspektiv import text as findings
from nlib.themes.perspektiv.figures import (
    base_of,
    base_sentence,
    dwellings_sentence,
    pace_sentence,
    per_person_sentence,
    result_sentence,
    standing_sentence,
    way_sentence,
    way_to,
)

TABLES = ("facts", "dwellings", "dwelling_rates", "economy_outlook", "emissions", "emission_totals")
GOALS = {"klimanoytral": 2030, "kutt_prosent": 50.0}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.fixture(scope="module")
def tables(demo_edition):
    names = demo_edition.table("municipalities").set_index("komm_nr")["name"].map(short_name).to_dict()
    return {name: demo_edition.table(name) for name in (*TABLES, "comparison_groups")} | {"names": names}


def drawn(tables, komm_nr, **goals):
    groups = tables["comparison_groups"]
    compare = groups.loc[groups["komm_nr"] == komm_nr, "compare_nr"].tolist()
    names, economy = tables["names"], tables["economy_outlook"]
    return {
        "dwellings": perspektiv.dwellings(tables["dwellings"], tables["dwelling_rates"], names, komm_nr),
        "economy": perspektiv.economy(economy, names, compare, komm_nr),
        "emissions": perspektiv.emissions(tables["emissions"], names, komm_nr),
        "targets": perspektiv.targets(tables["emission_totals"], names, komm_nr, **goals),
    }


def front(tables, komm_nr="3222", **goals):
    charts = {chart.id: chart for chart in drawn(tables, komm_nr, **goals).values()}
    return findings.front(tables["facts"], tables["names"], komm_nr, lambda id, **__: charts[id], **goals)


def series_of(years_, tonnes, comparable=True):
    frame = pd.DataFrame({"komm_nr": "3222", "year": years_, "emissions_t": pd.array(tonnes, dtype="Int64")})
    return frame.assign(per_inhabitant_t=np.nan, comparable=comparable)


def aimed(tables, totals, **goals):
    return perspektiv.targets(totals, tables["names"], "3222", **goals)


@pytest.mark.parametrize("komm_nr", ["3222", "1151", "0301", "1580", "1508"])
def test_every_figure_is_drawn_wide_and_narrow_with_numbers_in_its_alt(tables, komm_nr):
    for name, chart in drawn(tables, komm_nr).items():
        assert isinstance(chart, Chart), name
        assert chart.id == f"perspektiv.{name}"
        assert any(letter.isdigit() for letter in chart.alt)
        assert chart.uncertainty
        assert "nan" not in (chart.title + chart.reading + chart.alt + chart.uncertainty).lower()
        assert figure_html(chart)
        assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []], name


def test_without_figures_the_reason_is_told(tables):
    bare = {name: table if name == "names" else table.head(0) for name, table in tables.items()}
    charts = drawn(bare, "3222")
    assert all(isinstance(chart, Missing) and chart.reason for chart in charts.values())
    told = front(bare)
    assert told.key_figures == told.findings == ()


def test_a_name_is_text_and_not_html(tables):
    names = dict.fromkeys(tables["names"], "<b>Øy</b>")
    assert all("<b>Øy" not in figure_html(chart) for chart in drawn(tables | {"names": names}, "3222").values())


def test_the_front_has_five_key_figures_and_findings_that_link(tables):
    told = front(tables)
    assert [figure.label for figure in told.key_figures][-1] == "Klimagassutslipp per innbygger" and len(told.key_figures) == 5
    assert [finding.chart for finding in told.findings] == [
        "perspektiv.dwellings",
        "perspektiv.economy",
        "perspektiv.targets",
    ]
    assert "ned " in front(tables, klimanoytral=2040).findings[-1].sentence


# hidden and missing


def test_a_hidden_type_of_dwelling_is_not_shown_and_no_zero(tables):
    homes = tables["dwellings"]
    last = homes["year"].max()
    hide = (homes["komm_nr"] == "3222") & (homes["type"] == "blokk") & (homes["year"] == last)
    chart = perspektiv.dwellings(
        homes.assign(dwellings=homes["dwellings"].mask(hide)),
        tables["dwelling_rates"].assign(dwellings=pd.NA, growth_10_pct=np.nan),
        tables["names"],
        "3222",
    )
    row = chart.table.set_index("Type").loc["Blokk"]
    assert pd.isna(row[str(last)])
    assert "skjult eller mangler" in chart.reading
    assert "Blokk: 2025 vises ikke, 2015 5 862;" in plain(chart.alt)
    assert plain(chart.title) == "Boligene i Lørenskog etter type"
    assert figure_html(chart)


def test_a_year_without_accounts_is_a_gap_and_said(tables):
    economy = tables["economy_outlook"]
    gone = economy[~((economy["komm_nr"] == "3222") & (economy["year"] == 2022))]
    chart = perspektiv.economy(gone, tables["names"], [], "3222")
    assert chart.table.set_index("År")["Netto driftsresultat: Her, prosent"].isna()["2022"]
    assert "regnskapet mangler" in chart.uncertainty
    assert "«gruppen»" not in chart.reading
    assert figure_html(chart)


def test_a_split_municipality_has_no_growth_and_says_so(tables):
    chart = drawn(tables, "1580")["dwellings"]
    assert "Endring" not in chart.table
    assert "berørt av en deling" in chart.uncertainty


def test_accounts_say_that_there_is_no_limit_and_where_the_advice_is_from(tables):
    reading = drawn(tables, "3222")["economy"].reading
    assert "ingen offisiell grense" in reading and "TBU" in reading and "1,75" in reading


def test_what_no_sector_has_is_told_where_the_file_has_a_total(tables):
    rows = [("veitrafikk", 600), ("i alt", 1000), ("sjøfart", None)]
    frame = pd.DataFrame([("3222", 2023, *row, True) for row in rows], columns=["komm_nr", "year", "sector", "emissions_t", "c"])
    frame = frame.astype({"emissions_t": "Int64"}).rename(columns={"c": "comparable"})
    chart = perspektiv.emissions(frame, tables["names"], "3222")
    assert plain(chart.title) == "Mest klimagass i Lørenskog: veitrafikk (60 %)"
    assert "400 av 1 000 tonn er ikke fordelt" in plain(chart.reading)
    whole = perspektiv.emissions(frame[frame["sector"] != "i alt"], tables["names"], "3222")
    assert plain(whole.title).endswith("(600 tonn)"), "a share of what is not known is not told"
    assert figure_html(whole)


# the way to the targets


def test_the_pace_is_the_distance_over_the_years_that_are_left():
    zero = way_to("", "bli klimanøytral", 2024, 1200.0, 2030, 0.0)
    assert zero.t == 200
    assert way_to("", "", 2024, 1000.0, 2026, 250.0).t == 375


@settings(max_examples=40)
@given(st.floats(1, 1e7), st.floats(0.001, 0.999), st.integers(1, 60))
def test_the_pace_ends_at_the_target(now, share, left):
    way = way_to("", "", 2024, now, 2024 + left, share * now)
    assert now - left * way.t == pytest.approx(share * now, rel=1e-6)


def test_a_target_that_is_reached_takes_nothing_and_one_whose_year_is_past_has_no_pace():
    assert way_to("", "", 2024, 900.0, 2020, 1000.0).t == 0
    assert np.isnan(way_to("", "", 2024, 900.0, 2024, 100.0).t)


def test_the_cut_is_from_what_is_given_else_the_year_asked_for_else_the_first_there_is():
    told = pd.Series({2009: 100.0, 2011: 90.0})
    assert base_of(told, 1991, 250.0) == (1991, 250.0)
    assert base_of(told, 2011, None) == (2011, 90.0)
    assert base_of(told, 1991, None) == (2009, 100.0)
    assert base_of(told.iloc[:0], 1991, None) == (None, None)


def test_a_base_year_before_the_series_is_said_to_be_another_target():
    other = base_sentence(2009, 1e4, 1991, None)
    assert plain(other) == (
        "Kuttet er målt fra 10 000 tonn i 2009, for serien har ikke 1991; det er et annet mål enn et kutt fra 1991."
    )
    assert "oppgitt for hånd" in base_sentence(1991, 1e4, 1991, 1e4)
    assert plain(base_sentence(2009, 1e4, 2009, None)) == "Kuttet er målt fra 10 000 tonn i 2009."


def test_a_given_base_changes_the_target_and_is_told(tables):
    totals = series_of([2009, 2011, 2024], [1000, None, 800])
    chart = aimed(tables, totals, **GOALS | {"kutt_aar": 2034}, basis_tonn=2000.0)
    assert "er nådd" in chart.reading, "800 is under the half of 2 000"
    assert "oppgitt for hånd" in chart.uncertainty
    without = aimed(tables, totals, **GOALS)
    assert "50,0 tonn mindre hvert år" in plain(without.reading).replace("50 tonn", "50,0 tonn"), "800 to 500 in six years"
    assert without.table["År"].iloc[-1] == "2030" and without.table["-50 % fra 2009".replace("-", MINUS)].iloc[-1] == 500
    assert "et annet mål enn et kutt fra 1991" in without.uncertainty


def test_without_goals_of_its_own_no_target_is_drawn_or_told(tables):
    chart = aimed(tables, series_of([2009, 2024], [1000, 850]))
    assert plain(chart.title) == "Utslippene i Lørenskog har falt 10 tonn årlig siden 2009"
    assert "er ikke oppgitt" in chart.reading and "klimanøytral" not in (chart.title + chart.reading + chart.uncertainty)
    assert list(chart.table.columns) == ["År", "Utslipp", "Sammenlignbar"]


def test_years_that_are_not_there_are_marked_and_not_drawn_over(tables):
    chart = aimed(tables, series_of([2009, 2011, 2012], [1000, None, 900]))
    assert all(f"{year} mangler" in drawing.svg(chart).decode() for year in (2010, 2011))
    assert "2011" not in chart.table["År"].tolist()
    assert figure_html(chart)


def test_shared_figures_give_no_base_and_no_pace_so_far(tables):
    chart = aimed(tables, series_of([2019, 2022], [1000, 900], comparable=False), **GOALS)
    assert "Klimanøytral" in chart.table and not any("fra" in column for column in chart.table)
    assert "kan kuttet ikke regnes" in chart.uncertainty
    assert "hittil" not in chart.title
    assert figure_html(chart)


def test_emissions_that_are_hidden_are_not_said_to_be_missing_a_file(tables):
    assert "kan ikke regnes" in aimed(tables, series_of([2020], [None])).reason
    only = pd.DataFrame({"komm_nr": ["3222"], "year": [2020], "sector": ["i alt"], "comparable": [True]})
    only["emissions_t"] = pd.array([9], dtype="Int64")
    assert "ingen tall etter sektor" in perspektiv.emissions(only, tables["names"], "3222").reason
    assert "er ikke tatt inn for Oslo" in perspektiv.emissions(only, tables["names"], "0301").reason


@pytest.mark.parametrize("tonnes", [[0], [7], [7, 0]])
def test_the_smallest_emissions_are_drawn(tables, tonnes):
    chart = aimed(tables, series_of(range(2020, 2020 + len(tonnes)), tonnes))
    assert figure_html(chart)
    assert "nan" not in (chart.title + chart.reading).lower()


@pytest.mark.parametrize(
    "goals",
    [
        {"klimanoytral": "2030"},
        {"klimanoytral": True},
        {"kutt_prosent": 0},
        {"kutt_prosent": 101.0},
        {"kutt_aar": 2030.5},
        {"basis_aar": 2031, "kutt_prosent": 50.0},
        {"basis_tonn": 0},
        {"basis_tonn": float("nan")},
        {"basis_tonn": float("inf")},
        {"basis_tonn": "mange"},
    ],
)
def test_a_target_that_cannot_be_is_refused_by_its_name(tables, goals):
    with pytest.raises(WrongUse, match=next(iter(goals))):
        aimed(tables, series_of([2020, 2021], [9, 8]), **goals)


# sentences


def test_titles_tell_the_finding():
    assert dwellings_sentence(100, 12.2, -3.0, "Øy") == (
        "Boligtallet i Øy: +12\N{NO-BREAK SPACE}% på ti år (folketallet −3\N{NO-BREAK SPACE}%)"
    )
    assert dwellings_sentence(100, 0.4, np.nan, "Øy") == "Boligtallet i Øy: 0\N{NO-BREAK SPACE}% på ti år"
    assert dwellings_sentence(100, np.nan, 2.0, "Øy") == "Det er 100 boliger i Øy"
    near = pd.DataFrame({"own": [480.0], "nation": [482.0]})
    said = "Øy har 480 boliger per 1 000 innbyggere (medianen av kommunene 482). "
    assert plain(per_person_sentence(480.0, 482.0, "Øy")) == said
    assert per_person_sentence(np.nan, 482.0, "Øy") == ""
    assert standing_sentence(near, "Øy", "Gjeld") == "Gjeld i Øy er 480,0 prosent av inntektene (medianen av kommunene 482,0)"
    assert standing_sentence(near.assign(nation=np.nan), "Øy", "Gjeld") == "Gjeld i Øy er 480,0 prosent av inntektene"


def test_the_advice_is_held_against_years_of_the_same_law_and_not_a_single_one():
    own = pd.Series({2018: -9.0, 2019: -9.0, 2020: 2.0, 2021: 3.0, 2022: 2.0, 2023: 3.0})
    assert result_sentence(own, "Øy") == "Netto driftsresultat i Øy: 2,5\N{NO-BREAK SPACE}% i snitt 2020–2023 (anbefalt 1,75)"
    longer = pd.concat([own, pd.Series({2024: 3.0, 2025: 4.0})])
    assert "3,0\N{NO-BREAK SPACE}% i snitt 2021–2025" in result_sentence(longer, "Øy"), "five years, as the report says"
    assert result_sentence(own.iloc[:4], "Øy") == "Netto driftsresultat i Øy var 3,0 prosent i 2021"


def test_the_pace_is_told_beside_the_pace_so_far():
    zero = way_to("", "bli klimanøytral", 2024, 1200.0, 2030, 0.0)
    assert pace_sentence([zero], 50.0, 2009, "Øy") == "Utslippene i Øy må ned 200 tonn i året, hittil 50"
    assert pace_sentence([zero], -1.0, 2009, "Øy").endswith("men har ikke gått ned")
    assert pace_sentence([zero], np.nan, None, "Øy").endswith("200 tonn i året")
    past = way_to("", "bli klimanøytral", 2024, 1200.0, 2020, 0.0)
    assert pace_sentence([past], 5.0, 2009, "Øy") == "Målåret 2020 er passert uten at Øy har nådd målet"
    reached = way_to("", "kutte", 2024, 0.0, 2030, 0.0)
    assert pace_sentence([reached], 5.0, 2009, "Øy") == "Utslippene i Øy er innenfor de oppgitte målene"
    assert plain(way_sentence(zero, 1200.0)) == "Å bli klimanøytral innen 2030 er 200 tonn mindre hvert år, 16,7 % av utslippet nå."
    assert way_sentence(past, 1200.0) == "Målåret 2020 for å bli klimanøytral er passert."
