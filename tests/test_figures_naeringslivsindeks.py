"""The figures and the first page on the business index: what they say, what they hold, and when there is none."""

import numpy as np
import pandas as pd
import pytest
from composite_country import NAMES, tables, values

from nlib.charts import style
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.indicators import business_index, business_index_areas
from nlib.indicators.business_indicators import AREAS
from nlib.themes import composites
from nlib.themes.naeringslivsindeks import figures as naeringslivsindeks
from nlib.themes.naeringslivsindeks import text as findings

FIGURES = {
    "areas": ("business_index_areas", "business_index", "compare"),
    "indicators": ("business_index_areas", "business_index"),
    "weights": ("business_index_areas",),
    "development": ("business_index_areas", "compare"),
    "moved": ("business_index_areas", "business_index"),
}
HEIGHT = {"0001": 1, "0002": 2, "0003": 3, "0004": 4, "0005": 5}  # the order in every indicator in 2023


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def cell(nr, year, at):
    """0001 is last in all of 2023 and first in job growth in 2024; equity is missing, and 0005 lacks productivity and profit."""
    name = list(AREAS)[at]
    if name == "positive_equity" or (nr == "0005" and AREAS[name] in ("produktivitet", "lønnsomhet")):
        return np.nan
    return 9.0 if (nr, year) == ("0001", 2024) and AREAS[name] == "jobbvekst" else float(HEIGHT[nr])


def given(cells=cell):
    scores, areas = tables(values(cells, AREAS), business_index, business_index_areas)
    return {"business_index": scores, "business_index_areas": areas, "compare": ["0002", "0003", "0005"]}


TABLES = given()
EMPTY = given(lambda *_: np.nan) | {"compare": []}


def drawn(figure, number, told=TABLES):
    return getattr(naeringslivsindeks, figure)(**{need: told[need] for need in FIGURES[figure]}, names=NAMES, komm_nr=number)


def front(number, told=TABLES):
    return findings.front(**told, names=NAMES, komm_nr=number)


def test_every_figure_of_the_theme_is_tested_here():
    from nlib.desk.view import figures

    assert set(figures("naeringslivsindeks")) == set(FIGURES)


def test_the_title_tells_strongest_and_weakest_and_the_reading_the_place():
    chart = drawn("areas", "0001")
    assert plain(chart.title) == "Vik er sterkest i jobbvekst (86 poeng), svakest i nyetablering (22)"
    assert "Vik er på plass 4 av 4 (1 er høyest) i næringslivsindeksen." in plain(chart.reading)


def test_scale_and_missing_indicators_are_said():
    chart = drawn("areas", "0001")
    assert "ikke dårligst og best i landet" in chart.reading.replace("\n", " ")
    assert "Mangler i 2024: positiv egenkapital." in chart.uncertainty
    assert "ikke nødvendigvis tilbakegang" in chart.uncertainty


def test_too_few_areas_are_said_and_what_there_is_is_shown():
    chart = drawn("areas", "0005")
    assert plain(chart.title) == "For få tall til næringslivsindeksen for Delt i 2024"
    assert chart.table.set_index("Område").loc[["Produktivitet", "Samlet"], "Delt, poeng"].isna().all()
    missing = drawn("weights", "0005")
    assert isinstance(missing, Missing)
    assert (
        missing.reason
        == "Næringslivsindeksen gis ikke med færre enn fire områder, og i 2024 mangler Delt lønnsomhet og produktivitet."
    )


def test_what_moved_the_index_adds_up_in_the_table():
    chart = drawn("moved", "0001")
    areas = TABLES["business_index_areas"]
    whole = areas[(areas["komm_nr"] == "0001") & (areas["area"] == "samlet")].set_index("year")["score"]
    assert plain(chart.title) == "Vik steg 12,9 poeng i 2024, mest på jobbvekst"
    told = chart.table.set_index("Indikator")["Flyttet indeksen"]
    assert told.drop("I alt").sum() == pytest.approx(told["I alt"]) == pytest.approx(whole[2024] - whole[2023])
    assert (chart.table["Kommunens egen del"] + chart.table["De andre"]).to_numpy() == pytest.approx(told.to_numpy())


@pytest.mark.parametrize(
    ("change", "end"),
    [
        (3.0, "steg 3,0 poeng i 2024, mest på jobbvekst"),
        (-3.0, "falt 3,0 poeng i 2024, mest på nye foretak"),
        (0.2, "har om lag samme poengsum i 2024 som i 2023"),
    ],
)
def test_the_sentence_of_what_moved_names_what_pulled_the_same_way(change, end):
    parts = pd.DataFrame({"name": ["Jobbvekst", "Nye foretak"], "change": [4.0, -3.5]})
    asked = composites.Asked("t", "indeksen", "0001", NAMES, {}, "", "", "")
    assert plain(composites.moved_sentence(parts, change, asked, 2024)) == f"Vik {end}"


def test_a_constant_indicator_is_said_and_scores_50():
    told = given(lambda nr, year, at: 7.0 if at == 11 else cell(nr, year, at))
    chart = drawn("indicators", "0001", told)
    assert "Alle kommuner har samme verdi i private jobber per 100, og dermed 50 poeng der." in chart.uncertainty
    assert chart.table.set_index("Indikator").at["Private jobber per 100", "Poeng"] == 50


def test_the_band_is_told_with_the_place():
    row = pd.Series({"rank": 5, "n": 12, "rank_low": 2, "rank_high": 9})
    assert plain(composites.weights_sentence(row, "Vik")) == "Vik er på plass 5 av 12; andre vekter gir 2–9"
    row["rank_low"] = row["rank_high"] = 5
    assert composites.weights_sentence(row, "Vik").endswith("uansett hvordan områdene vektes")


def test_development_tells_first_and_last_place():
    chart = drawn("development", "0001")
    assert plain(chart.title) == "Næringslivsindeksen for Vik har steget 12,9 poeng siden 2023"
    assert chart.reading.endswith("Plassen er 4 av 4 i 2024, som i 2023 (1 er høyest).")
    whole = pd.DataFrame({"score": [60.0, 50.0], "rank": [2, 5], "n": 9}, index=[2020, 2024])
    assert plain(composites.development_sentence(whole, "indeksen", "Vik")).endswith("gått ned 10,0 poeng siden 2020")
    assert composites.places_sentence(whole) == " Plassen har gått fra 2 i 2020 til 5 av 9 i 2024 (1 er høyest)."


def test_a_median_is_told_of_three_or_more_and_fewer_each_by_itself():
    chart = drawn("areas", "0001", TABLES | {"compare": ["0002", "0003", "0004"]})
    areas = TABLES["business_index_areas"].query("area == 'samlet' and year == 2024").set_index("komm_nr")["score"]
    told = chart.table.set_index("Område").loc["Samlet"]
    assert told["Midten av dem, poeng"] == pytest.approx(areas[["0002", "0003", "0004"]].median(), abs=0.0005)
    assert "Ringene er Nes, Lund og <b>Ås & Co</b>;" in chart.reading
    few = drawn("areas", "0001", TABLES | {"compare": ["0002", "0003"]})
    assert list(few.table)[2:4] == ["Nes, poeng", "Lund, poeng"] and "Midten av dem, poeng" not in few.table


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("number", NAMES)
def test_every_figure_is_drawn_or_says_why_not(figure, number):
    chart = drawn(figure, number)
    if isinstance(chart, Missing):
        assert chart.reason.endswith(".")
        return
    assert [faults(style.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
    assert chart.id == f"naeringslivsindeks.{figure}"
    assert any(letter.isdigit() for letter in chart.alt)
    assert "nan" not in f"{chart.title}{chart.reading}{chart.alt}{chart.uncertainty}".lower()


@pytest.mark.parametrize("figure", FIGURES)
def test_an_edition_without_figures_says_what_is_missing(figure):
    chart = drawn(figure, "0001", EMPTY)
    assert isinstance(chart, Missing)
    assert "virksomheter" in chart.reason and "nlib" not in chart.reason
    bare = {name: table.head(0) if name != "compare" else table for name, table in EMPTY.items()}
    assert isinstance(drawn(figure, "0001", bare), Missing)


def test_the_first_page_has_four_key_figures_and_three_findings():
    page = front("0001")
    assert [figure.value for figure in page.key_figures[:1]] == ["35,2"]
    assert [figure.period for figure in page.key_figures[2:]] == ["poeng, jobbvekst 2024", "poeng, nyetablering 2024"]
    assert len(page.findings) == 3
    assert all(isinstance(drawn(finding.chart.split(".")[1], "0001"), Chart) for finding in page.findings)
    assert "Den måler plass, ikke framgang." in page.lead


def test_the_first_page_says_what_is_missing():
    page = front("0001", EMPTY)
    assert len(page.findings) == 1
    assert "Utgaven mangler tallene" in page.findings[0].sentence
    assert {figure.value for figure in page.key_figures} == {".."}
    assert "færre enn fire" in front("0005").lead
