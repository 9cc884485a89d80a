"""The figures and the first page on the business index: what they say, what they hold, and when there is none."""

import numpy as np
import pandas as pd
import pytest
from composite_country import NAMES, PEOPLE, tables, values
from small_facts import built

from nlib.charts import drawing
from nlib.charts.chart import Missing
from nlib.charts.legible import faults
from nlib.indicators import business_index, business_index_areas
from nlib.indicators.business_indicators import AREAS
from nlib.methods.composite import TOTAL
from nlib.themes import composites
from nlib.themes.naeringslivsindeks import figures as naeringslivsindeks
from nlib.themes.naeringslivsindeks import text as findings

NEEDS = ("business_index_areas", "business_index", "population", "compare")
FIGURES = {"areas": NEEDS, "indicators": NEEDS[:3], "weights": NEEDS[:3], "development": NEEDS}
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
    return {"business_index": scores, "business_index_areas": areas, "population": PEOPLE, "compare": ["0002", "0003", "0005"]}


TABLES = given()
EMPTY = given(lambda *_: np.nan) | {"compare": []}


def drawn(figure, number, told=TABLES):
    return getattr(naeringslivsindeks, figure)(**{need: told[need] for need in FIGURES[figure]}, names=NAMES, komm_nr=number)


def front(number, told=TABLES):
    facts = built(business_index_areas=told["business_index_areas"])
    tables = {name: table for name, table in told.items() if name != "compare"}
    return findings.front(
        facts=facts, **tables, names=NAMES, komm_nr=number, figure=lambda id: drawn(id.partition(".")[2], number, told)
    )


def test_every_figure_of_the_theme_is_tested_here():
    from nlib.desk.view import figures

    assert set(figures("naeringslivsindeks")) == set(FIGURES)


def test_the_title_tells_strongest_and_weakest_and_the_table_the_place():
    chart = drawn("areas", "0001")
    assert plain(chart.title) == "Vik: sterkest i jobbvekst (86), svakest i nyetablering (22)"
    assert chart.table.set_index("Område").loc["Samlet", ["Plass", "Kommuner"]].tolist() == [4, 4]


def test_areas_of_too_few_are_neither_strongest_nor_ranked_and_a_total_of_them_has_no_weights():
    areas = TABLES["business_index_areas"]
    hidden = areas["area"].isin(["jobbvekst", TOTAL]) & (areas["komm_nr"] == "0001")
    told = TABLES | {"business_index_areas": areas.assign(rank=areas["rank"].mask(hidden), size=areas["size"].mask(hidden, 13.0))}
    assert "jobbvekst" not in drawn("areas", "0001", told).title
    assert plain(drawn("weights", "0001", told).reason) == "I Vik er det for få foretak eller folk (13) til å rangere."
    assert "Plassen" not in drawn("development", "0001", told).reading
    alone = areas.assign(rank=areas["rank"].mask(areas["komm_nr"] == "0001"))
    said = drawn("areas", "0001", TABLES | {"business_index_areas": alone})
    assert said.title == "Vik har for få foretak til å sammenligne områdene"


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
    reason = "Næringslivsindeksen gis ikke med færre enn fire områder, og i 2024 mangler Delt lønnsomhet og produktivitet."
    assert missing.reason == f"{reason} Kommunen er berørt av en deling eller en flyttet grense, og har for få år med egne tall."
    whole = TABLES | {"population": PEOPLE.assign(comparable=True)}
    assert drawn("weights", "0005", whole).reason == drawn("areas", "0005", whole).uncertainty == reason


def test_names_with_commas_have_semicolons_between_them():
    gone = given(lambda nr, year, at: np.nan if list(AREAS)[at].startswith("job_growth") else cell(nr, year, at))
    said = drawn("indicators", "0001", gone).uncertainty
    assert "Mangler i 2024: jobbvekst; jobbvekst, justert; positiv egenkapital." in said


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
    assert plain(chart.title) == "Næringslivsindeksen for Vik: +12,9 poeng siden 2023"
    assert "Plassen var 4 i 2023 og er 4 av 4 i 2024 (1 er høyest)." in chart.reading
    assert plain(chart.reading).endswith("Fra 2023 til 2024 flyttet jobbvekst seg mest (+64,7 poeng).")
    whole = pd.DataFrame({"score": [60.0, 50.0], "rank": [2, 5], "n": 9}, index=[2020, 2024])
    assert plain(composites.development_sentence(whole, "indeksen", "Vik")).endswith("−10,0 poeng siden 2020")
    assert composites.places_sentence(whole) == " Plassen var 2 i 2020 og er 5 av 9 i 2024 (1 er høyest)."


def test_the_area_that_changed_most_is_told_of_a_year_that_follows_the_one_before():
    scores = pd.DataFrame({"jobbvekst": [50.0, 48.0], "størrelse": [50.0, 51.0]}, index=[2023, 2024])
    assert plain(composites.most_moved(scores)) == " Fra 2023 til 2024 flyttet jobbvekst seg mest (−2,0 poeng)."
    assert composites.most_moved(scores.set_axis([2022, 2024])) == ""
    assert composites.most_moved(scores * 0 + 50) == ""


def test_a_median_is_told_of_three_or_more_and_fewer_each_by_itself():
    chart = drawn("areas", "0001", TABLES | {"compare": ["0002", "0003", "0004"]})
    areas = TABLES["business_index_areas"].query("area == 'samlet' and year == 2024").set_index("komm_nr")["score"]
    told = chart.table.set_index("Område").loc["Samlet"]
    assert told["Medianen av de andre, poeng"] == pytest.approx(areas[["0002", "0003", "0004"]].median(), abs=0.0005)
    assert "Ringer: Nes, Lund og <b>Ås & Co</b>." in chart.reading
    few = drawn("areas", "0001", TABLES | {"compare": ["0002", "0003"]})
    assert list(few.table)[2:4] == ["Nes, poeng", "Lund, poeng"] and "Medianen av de andre, poeng" not in few.table


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("number", NAMES)
def test_every_figure_is_drawn_or_says_why_not(figure, number):
    chart = drawn(figure, number)
    if isinstance(chart, Missing):
        assert chart.reason.endswith(".")
        return
    assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
    assert chart.id == f"naeringslivsindeks.{figure}"
    assert any(letter.isdigit() for letter in chart.alt)
    assert "nan" not in f"{chart.title}{chart.reading}{chart.alt}{chart.uncertainty}".lower()


@pytest.mark.parametrize("figure", FIGURES)
def test_an_edition_without_figures_says_what_is_missing(figure):
    chart = drawn(figure, "0001", EMPTY)
    assert isinstance(chart, Missing)
    assert "virksomheter" in chart.reason and "nlib" not in chart.reason
    bare = {name: table.head(0) if name.startswith("business") else table for name, table in EMPTY.items()}
    assert isinstance(drawn(figure, "0001", bare), Missing)


def test_the_first_page_has_the_index_as_a_fact_and_three_findings():
    page = front("0001")
    assert [plain(figure.value) for figure in page.key_figures] == ["35,2 poeng"]
    assert [finding.chart.split(".")[1] for finding in page.findings] == ["areas", "weights", "development"]
    assert page.lead.endswith("Plassen avhenger av vektene, og ingen vekter er riktige.")


def test_the_first_page_says_what_is_missing():
    page = front("0001", EMPTY)
    assert not page.findings and not page.key_figures
    assert "Utgaven mangler tallene" in page.lead


def test_a_first_page_without_a_total_says_why():
    page = front("0005")
    assert "færre enn fire" in page.lead and "berørt av en deling" in page.lead
    assert not page.key_figures and not page.findings
