"""Published figures against ours: hits, misses and reasons, and the page that tells them."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest

from nlib.build import pipeline
from nlib.charts import drawing
from nlib.charts.chart import Missing
from nlib.charts.legible import faults
from nlib.core.municipalities import resource
from nlib.desk.view import figures
from nlib.indicators import validation
from nlib.themes.validering import figures as validering
from nlib.themes.validering import text as findings

NAMES = {"3222": "Lørenskog", "3205": "Lillestrøm", "1151": "Utsira"}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def empty():
    return {name: pipeline.datasets()[name].empty() for name in validation.DATASET.needs}


def built(**tables):
    return validation.DATASET.check(validation.build(**(empty() | tables)))


def commuting(**changed):
    row = {
        "komm_nr": "3222",
        "year": 2017,
        "jobs": 20720,
        "employed_residents": 20000,
        "in_commuters": 14653,
        "out_commuters": 13865,
    }
    row |= {"in_pct": 70.719, "out_pct": 69.326, "comparable": True} | changed
    return pd.DataFrame([row]).astype({"jobs": "Int64", "in_commuters": "Int64", "out_commuters": "Int64"})


def people(*rows):
    return pd.DataFrame(rows, columns=["komm_nr", "year", "population", "comparable"]).astype({"population": "Int64"})


def created():
    """Value creation of Lørenskog in 2016 as it was published: of accounts, and an estimate that is not held against it."""
    columns = ["komm_nr", "year", "source", "per_employee_kr", "nation_per_employee_kr", "mix_kr", "within_kr"]
    rows = [("3222", 2016, "regnskap", 600_200.0, 677_700.0, -17_600.0, -59_900.0), ("3222", 2016, "beregnet", 9e5, 8e5, 0.0, 1e5)]
    return pd.DataFrame(rows, columns=columns)


def told(table, measure):
    return table.set_index(["komm_nr", "measure"]).loc[("3222", measure)]


def test_every_published_figure_has_a_source_and_a_measure_that_is_worked_out():
    rows = resource("published_figures.csv")
    assert set(rows["measure"]) <= set(validation.OURS) <= set(validering.MEASURES)
    assert rows[["source", "differs", "unit"]].notna().all(axis=None)
    assert len(rows) >= 14


def test_a_figure_that_rounds_to_the_published_one_is_a_hit():
    table = built(commuting=commuting())
    assert told(table, "jobs")["hit"]
    assert told(table, "in_pct")["hit"]  # 70.719 rounds to 70.7
    assert told(table, "in_pct")["reason"] == ""


def test_a_miss_has_a_reason_and_a_large_one_another():
    near, far = (told(built(commuting=commuting(jobs=jobs)), "jobs") for jobs in (20721, 30000))
    assert not near["hit"]
    assert near["reason"] == "SSB kan ha rettet tallet siden"
    assert far["reason"] == validation.FAR


def test_what_cannot_be_tried_says_why():
    nothing = built()
    assert nothing["hit"].isna().all()
    assert told(nothing, "jobs")["reason"] == "Utgaven har ikke tall for pendling"
    assert told(built(commuting=commuting(year=2018)), "jobs")["reason"] == "Utgaven har ikke tall for pendling i 2017"
    assert told(built(commuting=commuting(komm_nr="1151")), "jobs")["reason"] == "Kommunen har ikke tall for pendling i 2017"
    assert told(built(commuting=commuting(comparable=False)), "jobs")["reason"] == validation.SPLIT
    assert told(built(commuting=commuting(jobs=None)), "jobs")["reason"] == "Tallet er skjult eller mangler"


def test_population_and_its_change_are_those_of_1_january():
    table = built(population=people(("3222", 2017, 37000, True), ("3222", 2018, 38264, True), ("3222", 2019, 40106, True)))
    assert told(table, "population")["hit"]
    assert told(table, "population_change")["ours"] == 1264


def test_value_creation_and_its_parts_are_held_against_the_published_ones():
    table = built(value_creation=created())
    for measure in ("productivity", "productivity_nation", "gap_mix", "gap_within"):
        assert told(table, measure)["hit"], measure
    hidden = created().assign(per_employee_kr=float("nan"), mix_kr=float("nan"), within_kr=float("nan"))
    assert told(built(value_creation=hidden), "productivity")["reason"] == "Tallet er skjult eller mangler"


@pytest.mark.parametrize(("unit", "value"), [("kr", 650_000.0), ("ikke oppgitt", 650.0)])
def test_imported_amounts_are_told_in_kr_whatever_the_file_says(unit, value):
    theirs = pd.DataFrame({"komm_nr": ["3205"], "year": 2020, "indicator": "productivity", "unit": unit, "value": value})
    ours = pd.DataFrame({"komm_nr": ["3205"], "year": 2020, "indicator": "productivity", "value": [650_000.2]})
    table = built(telemarksforsking=theirs, business_indicators=ours)
    row = table[table["kind"] == "importert"].iloc[0]
    assert (row["published"], row["hit"]) == (650_000, True)


# -- the page


def validated(hits):
    """Published figures of Lørenskog with these outcomes, and imported ones of twenty places."""
    rows = [
        {
            "komm_nr": "3222",
            "year": 2000 + at,
            "measure": "jobs",
            "kind": "publisert",
            "published": 100.0,
            "decimals": 0,
            "hit": hit,
        }
        | {"ours": np.nan if hit is None else 100.0 if hit else 90.0, "unit": "personer", "source": "en plan", "reason": ""}
        for at, hit in enumerate(hits)
    ]
    bought = [
        {"komm_nr": f"{1000 + at}", "year": 2024, "measure": measure, "kind": "importert", "published": float(at), "decimals": 1}
        | {"ours": float(at * turn), "unit": "%", "source": "fil", "reason": "", "hit": False}
        for at in range(20)
        for measure, turn in (("size", 1), ("job_growth", -1))
    ]
    return validation.DATASET.check(pd.DataFrame(rows + bought).astype({"hit": "boolean"}))


@pytest.mark.parametrize(
    ("hits", "values"),
    [([True, True], "2 av 2"), ([True, False, None], "1 av 2"), ([None, None], "..")],
)
def test_hits_are_counted_of_those_that_can_be_tried(hits, values):
    assert findings.front(validated(hits), NAMES).key_figures[0].value == values


def test_the_order_of_municipalities_is_held_against_telemarksforskings():
    chart = validering.imported(validated([True]))
    assert chart.table["Rangkorrelasjon"].tolist() == pytest.approx([1, -1])
    assert "mest lik Telemarksforskings i private jobber per 100 (1,00), minst i jobbvekst (−1,00)" in plain(chart.title)


def test_the_order_in_one_measure_is_told_as_it_is_and_stands_on_a_scale_with_its_ends():
    chart = validering.imported(validated([True]).query("measure != 'job_growth'"))
    assert plain(chart.title) == "Rangkorrelasjonen med Telemarksforskings tall er 1,00 i private jobber per 100"
    written = re.findall(r"<text[^>]*>([^<]+)</text>", drawing.svg(chart, False).decode())
    assert {"0,0", "0,5", "1,0"} <= set(written)


def test_the_page_finds_both_figures():
    assert set(figures("validering")) == {"every", "imported"}


@pytest.mark.parametrize("figure", ["every", "imported"])
@pytest.mark.parametrize("hits", [[True, False, None], [None, None], [True] * 16])
def test_every_figure_can_be_read_and_an_empty_table_says_so(figure, hits):
    function = getattr(validering, figure)
    others = {"names": NAMES} if "names" in inspect.signature(function).parameters else {}
    chart = function(validated(hits), **others)
    assert [faults(drawing.svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
    missing = function(validation.DATASET.empty(), **others)
    assert isinstance(missing, Missing) and "nlib" not in missing.reason


def test_the_table_has_the_deviation_the_outcome_and_both_figures():
    table = validering.every(validated([True, False, None]), NAMES).table
    assert table["Avvik, prosent"].round(6).tolist()[:2] == [0, -10]
    assert table["Utfall"].tolist() == ["treff", "bom", "ikke prøvd"]
    assert [plain(text) for text in table["Vårt"]] == ["100 personer", "90 personer", ".."]
    table = validering.every(validated([True]).assign(unit="1 000 kr"), NAMES).table
    assert plain(table["Publisert"][0]) == "100 (1 000 kr)"


def test_the_first_page_counts_and_says_what_a_hit_is():
    page = findings.front(validated([True, False, None]), NAMES)
    assert [figure.value for figure in page.key_figures][:2] == ["1 av 2", "5,0\N{NO-BREAK SPACE}%"]
    assert page.findings[0].sentence == "Vi treffer ett av to publiserte tall; ett kan ikke prøves."
    assert "Det prøver regningen, ikke om kilden har rett." in page.lead
    empty_page = findings.front(validation.DATASET.empty(), NAMES)
    assert {figure.value for figure in empty_page.key_figures} == {".."}


def test_on_ssbs_own_figures_all_published_ones_that_can_be_tried_are_hit(real_edition):
    rows = real_edition.table("validation")
    tried = rows[rows["hit"].notna() & (rows["kind"] == "publisert")]
    assert len(tried) >= 8
    assert tried["hit"].all()
