"""The figures and the first page on our Kommune-NM: what they say, what they hold, and when there is none."""

import re

import numpy as np
import pandas as pd
import pytest
from composite_country import NAMES, NUMBERS, PEOPLE, tables, values
from small_facts import built

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.core.catalogue import CATALOGUE
from nlib.data.sources import own_indicators
from nlib.desk.view import figures
from nlib.indicators import kommune_nm as scores_module
from nlib.indicators import kommune_nm_areas, kommune_nm_indicators
from nlib.themes.composites import over_sentence
from nlib.themes.kommune_nm import figures as kommune_nm
from nlib.themes.kommune_nm import text as findings

LISTED = kommune_nm_indicators.DATASET.check(kommune_nm_indicators.build(own_indicators.DATASET.empty())).sort_values("position")
AREAS = dict(zip(LISTED["indicator"], LISTED["area"], strict=True))
NEEDS = ("kommune_nm_areas", "kommune_nm", "kommune_nm_indicators", "population", "compare")


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def given(cells, size=100.0):
    told = values(cells, AREAS, years=(2023, 2024, 2025))
    told = told.merge(LISTED[["indicator", "direction", "weight", "area_weight"]], on="indicator").assign(size=size)
    scores, areas = tables(told, scores_module, kommune_nm_areas)
    return {
        "kommune_nm_areas": areas,
        "kommune_nm": scores,
        "kommune_nm_indicators": LISTED,
        "population": PEOPLE,
        "compare": ["0002", "0003"],
    }


def cell(nr, year, at):
    """0001 and 0002 change places every year; the others stand still, 0005 on top; 0003 has nothing of the economy."""
    if nr == "0003" and list(AREAS.values())[at] == "kommunal økonomi":
        return np.nan
    place = int(nr) if nr > "0002" or year % 2 else 3 - int(nr)
    return float(place * (LISTED["direction"].iloc[at] or 1))


TABLES = given(cell)
EMPTY = given(lambda *_: np.nan) | {"compare": []}


def drawn(figure, number, told=TABLES):
    from inspect import signature

    function = getattr(kommune_nm, figure)
    needs = [need for need in NEEDS if need in signature(function).parameters]
    return function(**{need: told[need] for need in needs}, names=NAMES, komm_nr=number)


def front(number, told=TABLES):
    facts = built(kommune_nm_areas=told["kommune_nm_areas"])
    needs = {need: told[need] for need in NEEDS if need != "compare"}
    return findings.front(
        facts=facts, **needs, names=NAMES, komm_nr=number, figure=lambda id: drawn(id.partition(".")[2], number, told)
    )


def test_the_title_names_the_index_as_it_is_written():
    chart = drawn("development", "0005")
    assert plain(chart.title) == "Delt har om lag samme poengsum i 2025 som i 2023"
    assert "Plassen var 1 i 2023 og er 1 av 5 i 2025 (1 er høyest)." in plain(chart.reading)
    assert "den Kommune-NM-lignende indeksen" in drawn("areas", "0005", EMPTY).reason


def test_a_change_is_between_years_of_the_same_indicators_and_one_indicator_is_no_area():
    area = list(AREAS.values())
    counts = [at for at, way in enumerate(LISTED["direction"]) if way and area[at] == area[0]]

    def fewer(nr, year, at, since=2024):  # of the first area only one indicator is left
        return np.nan if year >= since and at in counts[1:] else cell(nr, year, at)

    told = given(fewer)
    chart = drawn("development", "0001", told)
    scores = told["kommune_nm_areas"].query("komm_nr == '0001' and area == 'samlet'").set_index("year")["score"]
    assert f"{scores[2025] - scores[2024]:+.1f}".replace(".", ",").replace("-", "−") in chart.title
    assert chart.title.endswith("siden 2024") and "2023 og er" not in chart.reading
    assert re.search(r"\(\d+ i 2023, \d+ i 2025\): endringer er bare regnet mellom år", chart.uncertainty)
    assert f"flyttet {area[0]} seg mest" not in chart.reading
    areas = drawn("areas", "0001", told)
    assert area[0] not in areas.title
    assert f"Bare en av indikatorene finnes i {area[0]}," in areas.uncertainty
    alone = drawn("development", "0001", given(lambda *one: fewer(*one, since=2025)))
    assert alone.title.endswith("poeng i 2025, av andre indikatorer enn før") and "Plassen var" not in alone.reading


def test_none_is_told_as_not_any():
    assert over_sentence("Haram", 0, 4, 2024) == "Haram er ikke over snittet i noen av fire indikatorer (2024)"
    assert over_sentence("Haram", 2, 4, 2024) == "Haram er over snittet i to av fire indikatorer (2024)"


def test_all_indicators_stand_in_one_table_with_direction_weight_and_figure_also_those_that_do_not_count():
    table = drawn("indicators", "0001").table
    assert list(table["Indikator"]) == list(LISTED["indicator"])
    assert set(table["Retning"]) == {"høyt er bra", "lavt er bra", "teller ikke"}
    assert {"Vekt", "Områdevekt", "Verdi", "Poeng", "Plass", "N", "Tall", "Nevner", "Begrunnelse"} <= set(table.columns)
    assert table.loc[table["Retning"] == "teller ikke", "Poeng"].isna().all()


def test_a_place_is_by_value_as_everywhere_else_whichever_way_is_good():
    shown = drawn("indicators", "0005").table.set_index("Indikator")
    lowest_best = LISTED.loc[LISTED["direction"] == -1, "indicator"]
    assert shown.loc[lowest_best, "Plass"].eq(shown.loc[lowest_best, "N"]).all(), "it has the lowest value, and the most points"
    highest_best = LISTED.loc[LISTED["direction"] == 1, "indicator"]
    assert (shown.loc[highest_best, "Plass"] == 1).all()
    alike = lambda nr, year, at: 1.0 if nr < "0003" else 2.0  # noqa: E731
    same, few = given(alike), given(alike, size=49.0)
    assert plain(drawn("indicators", "0001", same).alt).count("(4–5)") == len(lowest_best) + len(highest_best)
    assert "delt plass 4–5 av 5" in plain(drawn("areas", "0001", same).alt)
    assert not re.search(r"\(\d", drawn("indicators", "0001", few).alt), "none is told where few lie under"
    assert re.search(r"\(\d", drawn("indicators", "0001", same).alt)


def test_places_are_those_of_the_facts(demo_edition):
    facts, listed = demo_edition.table("facts"), LISTED.set_index("indicator")["figure"]
    scores = demo_edition.table("kommune_nm")
    ranked = scores[scores["score"].notna() & (scores["year"] == scores["year"].max())]
    called = listed.map(CATALOGUE.set_index("figure")["indicator"]).dropna()
    both = ranked.assign(fact=ranked["indicator"].map(called)).merge(
        facts, left_on=["fact", "komm_nr", "year"], right_on=["indicator", "komm_nr", "year"], suffixes=("", "_fact")
    )
    assert len(both) > 3000 and both["indicator"].nunique() > 9
    both = both[both["rank_fact"].notna()]
    assert both["place"].eq(both["rank_fact"]).all() and both["tied"].eq(both["tied_fact"]).all()


def test_the_table_can_be_imported_again_as_a_list():
    table = drawn("indicators", "0001").table
    body = table.to_csv(sep=";", decimal=",", index=False).encode("utf-8-sig")
    again = own_indicators.DATASET.check(own_indicators.build(own_indicators.IMPORTED.read(body)))
    pd.testing.assert_frame_equal(again, LISTED.sort_values("indicator", ignore_index=True))


def test_what_is_missing_is_said_and_what_does_not_count_is_not_missed():
    said = drawn("areas", "0003").uncertainty
    assert "netto driftsresultat" in said
    assert "frie inntekter" not in said


def test_it_is_said_how_many_indicators_count():
    assert findings.uncounted(LISTED) == (
        "Indeksen har 19 indikatorer som teller, og tre er vist uten å telle fordi retningen er uklar."
    )


@pytest.mark.parametrize("figure", figures("kommune_nm"))
@pytest.mark.parametrize("number", NUMBERS)
def test_every_figure_is_drawn_or_says_why_not(figure, number):
    chart = drawn(figure, number)
    assert isinstance(chart, Chart)
    assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
    assert chart.id == f"kommune_nm.{figure}"
    assert "nan" not in f"{chart.title}{chart.reading}{chart.uncertainty}".lower().replace("finan", "")


@pytest.mark.parametrize("figure", figures("kommune_nm"))
def test_an_edition_without_figures_says_what_is_missing(figure):
    bare = {name: TABLES[name].head(0) for name in ("kommune_nm_areas", "kommune_nm")}
    for told in (EMPTY, EMPTY | bare):
        chart = drawn(figure, "0001", told)
        assert isinstance(chart, Missing)
        assert "kommunal økonomi" in chart.reason and "nlib" not in chart.reason


def test_the_first_page_says_what_the_index_is_not():
    page = front("0001")
    assert "ikke NHOs Kommune-NM" in page.lead
    assert len(page.key_figures) == 1
    assert len(page.findings) == 3
    empty = front("0001", EMPTY)
    assert not empty.findings and not empty.key_figures
    assert "kommunal økonomi er ikke hentet" in empty.lead
